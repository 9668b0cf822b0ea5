"""What an export is to be: everything that a person chooses in the dialog or by options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from annotator.exchange.naming import Names
from annotator.exchange.selecting import Selection
from annotator.exchange.splitting import Split

Marks = Literal["inside", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An export that can be surveyed, shown in part, and made."""

    form: str = "jsonl"
    """Name of the format."""
    selection: Selection = field(default_factory=Selection)
    names: Names = field(default_factory=Names)
    quotes: Marks = "outside"
    """``inside`` lets the fragments of quoting labels grow over the quotation marks directly
    around them, as many corpora have it; ``outside`` leaves them as they are marked."""
    split: Split | None = None
    """Train, dev and test parts; without it everything is one file (or folder)."""
    tokens: str = ""
    """Name of the tokeniser, for formats that have tokens; empty for that of the format."""
    tags: str = "IOB2"
    """How columns of tags tell where a label begins and ends."""
    raw_cells: bool = False
    """Whether cells that a spreadsheet would run are left as they are."""
    renumber: bool = False
    """Ids by place instead of by birth (see :mod:`annotator.formats.numbered`)."""
    card: bool = True
    """Whether the data card is written beside the files."""
