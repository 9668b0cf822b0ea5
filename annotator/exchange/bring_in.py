"""Into a project: files become one edit, which undo takes back at once.

Articles pass through piece by piece, so that memory does not grow with the corpus, and stand in
one transaction, so that all of them come in or none. It begins with the first piece: until then,
and so for all of a small import, nobody else has to wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator import formats
from annotator.annotated import Annotated
from annotator.collecting import rarely_collected
from annotator.errors import NoRoom, UserError
from annotator.exchange.adoption import Adoption, Report
from annotator.exchange.growth import Misfit, Strangers
from annotator.exchange.options import Options
from annotator.exchange.progress import Cancelled, Progress, Step, silent
from annotator.exchange.sources import Source, items, sources
from annotator.formats import Group, Problem
from annotator.formats.articles import Skipped
from annotator.formats.imported import ImportedArticle
from annotator.model import Change, SchemeVersion, edit
from annotator.project import LargeEdit, Original, Project
from annotator.scheme import from_record
from annotator.translation import tr_n

Item = Annotated | ImportedArticle

_PIECE: Final = 5_000
"""Weight of what is taken over, and saved, at once: of about a hundred articles."""

_SMALL: Final = 16 * 1024**2
"""Bytes of a file that is read to its end before anything of it is taken over."""


def bring_in(
    project: Project,
    paths: Iterable[Path],
    options: Options | None = None,
    *,
    progress: Progress = silent,
    dry_run: bool = False,
) -> Report:
    """Import files and folders as one edit, and report what became of each.

    A bad file stops no other, and nothing of it comes in; only where a file of more than 16 MB
    breaks off in the middle, when its beginning was taken over already, the whole import is given
    up. With *dry_run* everything is done but the edit, so that the report says what would happen;
    for several files that takes memory for what would be new. Raises Cancelled where *progress*
    says so, and UserError where the project cannot be written; nothing is then changed.
    """
    paths = tuple(paths)
    with rarely_collected():
        try:
            return _Import(project, options or Options(), progress, dry_run=dry_run).run(paths)
        except NoRoom as error:
            raise NoRoom(f"{error} {_shortage(project, paths)}") from error


def _shortage(project: Project, paths: Iterable[Path]) -> str:
    """Say how much room an import wants, and how much there is."""
    wanted = sum(
        file.stat().st_size
        for path in paths
        for file in (path.rglob("*") if path.is_dir() else (path,))
        if file.is_file()
    )
    free = "" if project.room is None else f", and {_megabytes(project.room)} are free there"
    return (
        f"Nothing was imported. The files have {_megabytes(wanted)}{free}; a project takes up more "
        "than the files that come into it."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB"


class _Import:
    """One import under way."""

    def __init__(
        self, project: Project, options: Options, progress: Progress, *, dry_run: bool
    ) -> None:
        self._project = project
        self._options = options
        self._progress = progress
        self._scheme = project.scheme
        self._report = Report()
        self._adoption = Adoption(
            project, self._report, overwrite=options.overwrite, saving=not dry_run
        )
        self._strangers = Strangers(self._scheme)
        self._dry_run = dry_run
        self._weight = 0
        """Of what was taken over and is not saved yet."""

    def run(self, paths: Iterable[Path]) -> Report:
        """Read everything and save it as one edit."""
        found = sources(paths, self._options, self._progress)
        with ExitStack() as until_the_end:
            pieces = self._pieces([source.path for source in found], until_the_end)
            for number, source in enumerate(found):
                step = Step("reading", number, len(found), source.path.name)
                self._progress(step)
                if isinstance(source, Skipped):
                    self._report.failed.append(source.reason)
                else:
                    self._take(source, step, pieces, last=number == len(found) - 1)
            self._progress(Step("saving", 0, None, ""))
            self._hand_over(pieces)
            self._finish(pieces)
        return self._report

    def _pieces(self, paths: list[Path], until_the_end: ExitStack) -> _Pieces | None:
        if self._dry_run:
            return None
        begun = edit("import", (), detail=_detail(paths))
        begun = replace(begun, author=self._options.author)
        return _Pieces(lambda: until_the_end.enter_context(self._project.large_edit(begun)))

    def _take(self, source: Source, step: Step, pieces: _Pieces | None, *, last: bool) -> None:
        """Take over a file."""
        problems: list[str] = []
        found = self._read(source, step, problems)
        if _is_small(source.path):
            stream = self._unbroken(found, problems)
        else:
            stream = self._streamed(source, found)
        self._adoption.begin_file(
            lossless=source.form.group is Group.LOSSLESS,
            last=last,
            documents=formats.is_folder(source.form),
        )
        for batch in _batches(stream):
            self._adoption.take([item for item in batch if isinstance(item, Annotated)])
            for item in batch:
                if isinstance(item, ImportedArticle):
                    self._take_text(source, item)
            self._weight += sum(map(_weight, batch))
            if self._weight >= _PIECE:
                self._hand_over(pieces)
        self._report.failed += problems

    def _take_text(self, source: Source, item: ImportedArticle) -> None:
        if item.note:
            self._report.notes.append(f"{source.path}: {item.note}")
        self._adoption.take_text(item)

    def _unbroken(self, found: Iterator[Item], problems: list[str]) -> Iterator[Item]:
        """Yield what is in a file when all of it was read: half of a bad one never comes in."""
        try:
            read = list(found)
        except Cancelled:
            raise
        except UserError as error:
            problems.clear()
            self._report.failed.append(str(error))
            return
        yield from read

    def _streamed(self, source: Source, found: Iterator[Item]) -> Iterator[Item]:
        """Yield what is in a large file. Raises UserError where it breaks off in the middle."""
        begun = False
        try:
            for item in found:
                begun = True
                yield item
        except Cancelled:
            raise
        except UserError as error:
            if begun:
                raise UserError(
                    f"{error} {source.path} breaks off when a part of it was taken over already, "
                    "so the whole import was given up, and nothing was changed. Repair the file "
                    "or leave it out, and import again."
                ) from error
            self._report.failed.append(str(error))

    def _read(self, source: Source, step: Step, problems: list[str]) -> Iterator[Item]:
        for item in items(source, self._options, self._scheme):
            self._progress(step)
            if isinstance(item, Problem):
                problems.append(item.told(source.path))
            elif isinstance(item, Annotated) and self._options.unknown == "leave-out":
                self._strangers.notice(item)
                yield self._strangers.without(item)
            else:
                yield item

    def _hand_over(self, pieces: _Pieces | None) -> None:
        """Save what was taken over up to here."""
        changes, originals = self._adoption.hand_over()
        self._weight = 0
        if pieces is not None:
            pieces.add(changes, originals)

    def _finish(self, pieces: _Pieces | None) -> None:
        """Let the scheme learn what it did not know; the edit is then complete."""
        adoption, report = self._adoption, self._report
        report.left_out += self._strangers.found
        record = self._project.scheme_record
        growth = adoption.strangers.growth(record)
        grown = record if growth is None else growth.after
        assert isinstance(grown, SchemeVersion)
        report.notes += map(_told, adoption.strangers.misfits(from_record(grown)))
        if growth is not None:
            report.added += adoption.strangers.found
            if pieces is not None:
                pieces.add([growth], {})


def _told(misfit: Misfit) -> str:
    """Return what somebody has to know of relations that do not fit the scheme."""
    rule = misfit.rule
    ends = (*rule.targets, *((rule.target_entity,) if rule.target_entity else ()))
    return tr_n(
        misfit.count,
        "{n} relation “{name}” leads from {source} to {target}; the scheme has it lead from "
        "{begin} to {ends}. It came in as it is, and a check of the project will name it. Import "
        "with other names for the labels, or change the scheme.",
        "{n} relations “{name}” lead from {source} to {target}; the scheme has them lead from "
        "{begin} to {ends}. They came in as they are, and a check of the project will name them. "
        "Import with other names for the labels, or change the scheme.",
        name=rule.name,
        source=misfit.source,
        target=misfit.target,
        begin=rule.source,
        ends=", ".join(ends),
    )


class _Pieces:
    """The edit of an import, begun when there is something to save."""

    def __init__(self, begin: Callable[[], LargeEdit]) -> None:
        self._begin = begin
        self._made: LargeEdit | None = None

    def add(self, changes: list[Change], originals: Mapping[str, Original]) -> None:
        """Save some more."""
        if changes:
            self._made = self._made or self._begin()
            self._made.add(changes, originals)


def _is_small(path: Path) -> bool:
    return not path.is_file() or path.stat().st_size <= _SMALL


def _batches(found: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items some at a time: for each batch the project is asked once what it has of it."""
    batch: list[Item] = []
    weight = 0
    for item in found:
        batch.append(item)
        weight += _weight(item)
        if weight >= _PIECE:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _weight(item: Item) -> int:
    """Return how much room an item takes, in records; some hundred characters weigh as much."""
    if isinstance(item, ImportedArticle):
        return 1 + (len(item.text) + len(item.original)) // 200
    return 1 + len(item.spans) + len(item.relations) + len(item.article.text) // 200


def _detail(paths: list[Path]) -> str:
    """Return what the history calls an import: a file, or how many."""
    if len(paths) == 1:
        return paths[0].name
    return str(len(paths))
