"""How an import is to be done: everything that a person chooses in the dialog or by options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from annotator.exchange.naming import Names

Unknown = Literal["add", "leave-out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices for an import; what is not chosen is found out file by file."""

    form: str | None = None
    """Name of the format of all the files; None finds it out by their contents."""
    offsets: str = "auto"
    """What offsets count: ``codepoint``, ``utf16``, ``byte``, or ``auto`` to find out."""
    anchoring: bool = False
    """Whether labels that are not where their offsets say go where their words stand, if once."""
    layer: str = ""
    """Whose labels they become; empty for whose the files say they are."""
    names: Names = field(default_factory=Names)
    columns: Mapping[str, str] = field(default_factory=dict)
    """For tables: our field by the name of the column."""
    unknown: Unknown = "add"
    """Whether labels, relations and attributes that the scheme does not know are added to it, or
    stay out."""
    encoding: str | None = None
    """Of files that do not say and are not UTF-8."""
    language: str | None = None
    """Of articles that do not say."""
    overwrite: bool = False
    """Whether what is in the project already becomes as the files have it."""
    author: str = ""
    """Who makes the edit; empty for the project's author."""
