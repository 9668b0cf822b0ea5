"""Out of a project: a plan becomes files, whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import stat
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from annotator import formats
from annotator.annotated import Annotated
from annotator.collecting import rarely_collected
from annotator.exchange import data_card, surveying
from annotator.exchange.drawing import Drawing, with_idle_entities
from annotator.exchange.plan import Plan
from annotator.exchange.progress import Progress, Step, silent, told
from annotator.exchange.surveying import ProjectMoves, Survey
from annotator.formats.numbered import Numbers
from annotator.formats.replacing import (
    draft_of,
    named_as,
    refuse_unfit,
    refused,
    replacing,
    replacing_folder,
)
from annotator.packed import Packed
from annotator.project import Project

CARD: Final = "README.md"
"""Name of the data card in a folder; beside a file it is that of the file with this behind it."""
CARD_SUFFIX: Final = ".card.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote."""

    survey: Survey
    """What is in it, with the losses."""
    files: tuple[Path, ...]
    """The files, or for formats that are folders the folders."""
    card: Path | None
    """The data card, where one was asked for."""

    @property
    def articles(self) -> int:
        """How many articles there are in all files."""
        return self.survey.tally.articles


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
    plan = plan or Plan()
    for _ in range(surveying.ATTEMPTS):
        if survey is None or survey.revision != project.revision:
            survey = surveying.survey(project, plan, progress)
        try:
            with rarely_collected():
                return _Export(project, plan, survey, progress).to(target)
        except _Overtaken:
            survey = None
    raise ProjectMoves


class _Overtaken(Exception):
    """The project was changed between the survey and the end of the writing."""


class _Export:
    """One attempt to write a plan as it was surveyed."""

    def __init__(self, project: Project, plan: Plan, survey: Survey, progress: Progress) -> None:
        self._project = project
        self._plan = plan
        self._survey = survey
        self._progress = progress
        self._drawing = Drawing(project, plan)
        self._numbers = Numbers() if plan.renumber else None
        self._idle = project.idle_entities() if self._drawing.takes_everything else []
        self._written = 0

    def to(self, target: Path) -> Exported:
        """Write everything to *target*."""
        single = self._plan.split is None
        if single and not formats.is_folder(self._drawing.form):
            files, card = self._file(target)
        else:
            files, card = self._folder(target, single)
        return Exported(survey=self._survey, files=files, card=card if self._plan.card else None)

    def _file(self, target: Path) -> tuple[tuple[Path, ...], Path]:
        card = target.with_name(target.name + CARD_SUFFIX)
        refuse_unfit(target)
        if self._plan.card:
            refuse_unfit(card)
        with _drafts(target) as folder, named_as(folder, target.parent):
            self._write("", folder / target.name)
            if self._plan.card:
                self._write_card(folder / card.name, sha256_of(folder / target.name))
            self._finish()
            # The card first: it says of which bytes it speaks, the file cannot say so of the card.
            for name in (card.name, target.name) if self._plan.card else (target.name,):
                _put(folder / name, target.with_name(name))
        return (target,), card

    def _folder(self, target: Path, single: bool) -> tuple[tuple[Path, ...], Path]:
        form = self._drawing.form
        files: tuple[Path, ...] = (target,)
        with replacing_folder(target) as folder, named_as(folder, target):
            if single:
                # Formats make their folder themselves: it is made inside, and emptied into ours.
                inner = folder / ".whole"
                with named_as(inner, target):
                    self._write("", inner)
                for path in sorted(inner.iterdir()):
                    path.rename(folder / path.name)
                inner.rmdir()
            else:
                suffix = "" if formats.is_folder(form) else form.suffixes[0]
                for part in self._survey.article_ids:
                    self._write(part, folder / f"{part}{suffix}")
                files = tuple(target / f"{part}{suffix}" for part in self._survey.article_ids)
            if self._plan.card:
                self._write_card(folder / CARD)
            self._finish()
        return files, target / CARD

    def _write(self, part: str, target: Path) -> None:
        """Write the articles of a part of the survey."""
        form, ids = self._drawing.form, self._survey.article_ids[part]
        if self._drawing.takes_as_kept and formats.takes_packed(form):
            with closing(self._packed(ids)) as packed:
                form.write_packed(packed, target, self._drawing.writing)
        else:
            with closing(self._articles(ids)) as found:
                form.write(found, target, self._drawing.writing)

    def _packed(self, ids: tuple[str, ...]) -> Generator[Packed, None, None]:
        total = self._survey.tally.articles
        for number, packed in enumerate(self._project.each_packed(ids), start=self._written):
            self._progress(Step("writing", number, total, packed.annotated.article.title))
            if self._idle:
                (with_them,) = with_idle_entities([packed.annotated], self._idle)
                packed = replace(packed, annotated=with_them)
                self._idle = []
            self._written += 1
            yield packed

    def _articles(self, ids: tuple[str, ...]) -> Generator[Annotated, None, None]:
        found = self._project.each_annotated(ids)
        total = self._survey.tally.articles
        for item in told(found, self._progress, "writing", total, self._written):
            ready = self._drawing.prepared(item)
            if ready is None:
                raise _Overtaken
            if self._idle:
                (ready,) = with_idle_entities([ready], self._idle)
                self._idle = []
            self._written += 1
            yield ready if self._numbers is None else self._numbers.numbered(ready)

    def _write_card(self, target: Path, sha256: str = "") -> None:
        text = data_card.card(self._project, self._plan, self._survey, self._drawing, sha256)
        with replacing(target) as file:
            file.write(text.encode("utf-8"))

    def _finish(self) -> None:
        """Raise _Overtaken if what was written is not the state that was surveyed."""
        if self._project.revision != self._survey.revision:
            raise _Overtaken
        self._progress(Step("saving", 0, None, ""))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _drafts(target: Path) -> Iterator[Path]:
    """Yield a folder beside *target* in which files are written before they get their places."""
    folder = draft_of(target.resolve())
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise refused(target, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(draft: Path, target: Path) -> None:
    """Give a finished file its place."""
    place = target.resolve()
    try:
        if place.exists():
            draft.chmod(stat.S_IMODE(place.stat().st_mode))
        draft.replace(place)
    except OSError as error:
        raise refused(target, error) from error
