"""What an import would bring in, told before anything is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from annotator.annotated import Annotated
from annotator.exchange.options import Options
from annotator.exchange.progress import Progress, silent
from annotator.formats import Problem
from annotator.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file that would be read."""

    path: Path
    form: str
    """Name of its format; empty where none recognises it."""
    articles: int = 0
    spans: int = 0
    relations: int = 0
    authors: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    """The first of them."""
    problem_count: int = 0
    refused: str = ""
    """Why it cannot be read at all, in a sentence; empty where it can."""
    unit: str = ""
    """What its offsets were found to count, where the format says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A label, relation or attribute that the scheme of the project does not know."""

    kind: str
    """``label``, ``relation``, ``attribute`` or ``value``."""
    name: str
    """Of an attribute ``Label.attribute``, of a value ``Label.attribute=value``."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an import would bring in."""

    files: tuple[Found, ...]
    first: tuple[Annotated, ...]
    """The first articles as they would come in, for a preview."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Spans by label, as the map names them."""
    relations: Mapping[str, int] = field(default_factory=dict)
    strangers: tuple[Stranger, ...] = ()
    whole: bool = True
    """False where only the beginning was looked at."""


def look(
    project: Project,
    paths: Iterable[Path],
    options: Options | None = None,
    *,
    limit: int | None = None,
    progress: Progress = silent,
) -> Look:
    """Return what importing *paths* would bring in; with *limit* look at so many articles only."""
    raise NotImplementedError
