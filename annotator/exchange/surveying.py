"""What an export would hold, told before it is made: counts, parts, losses, first lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.exchange.plan import Plan
from annotator.exchange.progress import Progress, silent
from annotator.formats.losses import Loss
from annotator.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How much there is in some articles; labels by the names that they get."""

    articles: int = 0
    layers: int = 0
    spans: Mapping[str, int] = field(default_factory=dict)
    """By label."""
    relations: Mapping[str, int] = field(default_factory=dict)
    """By label."""
    attributes: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    """By label of the span, attribute and value."""
    authors: Mapping[str, int] = field(default_factory=dict)
    """Spans by author."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What an export would hold, in one state of the project."""

    revision: int
    tally: Tally
    parts: Mapping[str, Tally] = field(default_factory=dict)
    """By the name of the part, where there is a split."""
    left_out: int = 0
    """Articles of the project that the selection has nothing of."""
    reason: str = ""
    """Why, in a sentence, where any are left out."""
    losses: tuple[Loss, ...] = ()
    near_duplicates: int = 0
    """Articles that are kept in one part with another that is nearly the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first lines of an export, really written."""

    name: str
    """Name of the file that they are of, such as ``train.jsonl``."""
    lines: tuple[str, ...]
    """Foreign text; cut to :data:`LINE` characters. None for a file that is not text."""
    is_text: bool


def survey(project: Project, plan: Plan, progress: Progress = silent) -> Survey:
    """Return what an export would hold; looks at every article once or twice, writes nothing.

    Raises UserError where the plan cannot be carried out: ChoiceNeeded where the format holds one
    reading and articles have several.
    """
    raise NotImplementedError


def preview(project: Project, plan: Plan, lines: int = 8) -> Preview:
    """Return the first lines of what an export would write, from the first articles alone."""
    raise NotImplementedError
