"""How far an import or an export is, told while it goes on, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from annotator.annotated import Annotated
from annotator.errors import UserError

Stage = Literal["reading", "counting", "writing", "saving"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an import or an export, told before it is done."""

    stage: Stage
    """``reading`` files, ``counting`` what is there, ``writing`` files, ``saving`` the edit."""
    done: int
    """Files or articles before this one in the stage."""
    total: int | None
    """How many there are in the stage, where that is known."""
    what: str
    """The name of the file or the title of the article: foreign text."""


Progress = Callable[[Step], None]
"""Called with each step; raises :class:`Cancelled` to stop, which leaves everything as it was."""


class Cancelled(UserError):
    """Somebody stopped an import or an export. Nothing of it was saved or written."""


def silent(step: Step) -> None:
    """Take notice of nothing: the progress where nobody watches."""


def told(
    found: Iterable[Annotated], progress: Progress, stage: Stage, total: int | None, done: int = 0
) -> Iterator[Annotated]:
    """Yield articles, each after *progress* was told of it; *done* have been before."""
    for number, item in enumerate(found, start=done):
        progress(Step(stage, number, total, item.article.title))
        yield item
