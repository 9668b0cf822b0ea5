"""Out of a project: a plan becomes files, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annotator.exchange.plan import Plan
from annotator.exchange.progress import Progress, silent
from annotator.exchange.surveying import Survey
from annotator.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote."""

    survey: Survey
    """What is in it, with the losses."""
    files: tuple[Path, ...]
    """The files, or for formats that are folders the folders."""
    card: Path | None
    """The data card, where one was asked for."""


def take_out(
    project: Project,
    target: Path,
    plan: Plan | None = None,
    *,
    survey: Survey | None = None,
    progress: Progress = silent,
) -> Exported:
    """Export what *plan* says to *target*: a file, or a folder where there are several.

    Without a split *target* is the file (the folder, for formats that are folders), and the data
    card stands beside it as ``TARGET.card.md``, or as ``README.md`` in the folder. With a split
    *target* is a folder with ``train``, ``dev`` and ``test`` in it. All of it is one state of the
    project: a *survey* made before is used where the project is still what it was. Raises
    UserError where that cannot be, or where the files cannot be written, and Cancelled where
    *progress* says so; what was at *target* is then as it was.
    """
    raise NotImplementedError
