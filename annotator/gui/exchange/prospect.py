"""What an import is going to bring, found out away from the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotator.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.annotated import Annotated
    from annotator.exchange import Look, Options, Progress
    from annotator.formats import Column
    from annotator.formats.imported import ImportedArticle
    from annotator.gui.exchange.newest import Question, Tell
    from annotator.project import Project

_TABLES: Final = 20
"""Tables whose columns are looked at."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an import would bring in, and the columns of its tables."""

    look: Look
    columns: tuple[Column, ...]
    authors: tuple[str, ...]
    """Everybody who works in the project."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The first article of a file; None where there is none."""

    path: Path
    first: Annotated | ImportedArticle | None


def doubts(paths: Sequence[Path]) -> Question:
    """Return the question whether somebody has to say how the files are to be read."""

    def answer(_project: Project, progress: Progress, _tell: Tell) -> bool:
        from annotator import exchange

        return exchange.leaves_questions(paths, progress)

    return answer


def prospect(paths: Sequence[Path], options: Options) -> Question:
    """Return the question what importing the files would bring in."""

    def answer(project: Project, progress: Progress, _tell: Tell) -> Prospect:
        from annotator import exchange

        found = exchange.look(project, paths, options, progress=progress)
        return Prospect(found, _columns(found), tuple(project.authors()))

    return answer


def _columns(look: Look) -> tuple[Column, ...]:
    """Return the columns of the tables that were found, each name once."""
    from annotator import formats

    found: dict[str, Column] = {}
    for file in [file for file in look.files if file.form][:_TABLES]:
        try:
            columns = formats.table_columns(formats.by_name(file.form), file.path)
        except UserError:
            continue  # the look says what is wrong with it
        for column in columns:
            found.setdefault(column.name, column)
    return tuple(found.values())


def glance(path: Path, options: Options) -> Question:
    """Return the question what the first article of a file is."""

    def answer(project: Project, progress: Progress, _tell: Tell) -> Glance:
        from annotator import exchange

        found = exchange.look(project, [path], options, limit=1, progress=progress)
        return Glance(path, found.first[0] if found.first else None)

    return answer
