"""Into a project: files become one edit, which undo takes back at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.adoption import Adoption, Report
from annotator.exchange.growth import Strangers
from annotator.exchange.options import Options
from annotator.exchange.progress import Cancelled, Progress, Step, silent
from annotator.exchange.sources import Source, items, sources
from annotator.formats import Group, Problem
from annotator.formats.articles import Skipped
from annotator.formats.imported import ImportedArticle
from annotator.model import edit
from annotator.project import Project

_BATCH: Final = 100
"""Articles for which the project is asked at once whether it has them."""


def bring_in(
    project: Project,
    paths: Iterable[Path],
    options: Options | None = None,
    *,
    progress: Progress = silent,
    dry_run: bool = False,
) -> Report:
    """Import files and folders as one edit, and report what became of each.

    A bad file stops no other, and nothing of it comes in. With *dry_run* everything is done but
    the edit, so that the report says what would happen. Raises Cancelled where *progress* says
    so, and UserError where the project cannot be written; nothing is then changed.
    """
    return _Import(project, options or Options(), progress).run(paths, dry_run=dry_run)


class _Import:
    """One import under way."""

    def __init__(self, project: Project, options: Options, progress: Progress) -> None:
        self._project = project
        self._options = options
        self._progress = progress
        self._scheme = project.scheme
        self._report = Report()
        self._adoption = Adoption(project, self._report, overwrite=options.overwrite)
        self._strangers = Strangers(self._scheme)

    def run(self, paths: Iterable[Path], *, dry_run: bool) -> Report:
        """Read everything and save it as one edit."""
        found = sources(paths, self._options)
        for number, source in enumerate(found):
            step = Step("reading", number, len(found), source.path.name)
            self._progress(step)
            if isinstance(source, Skipped):
                self._report.failed.append(source.reason)
            else:
                self._take(source, step)
        self._progress(Step("saving", 0, None, ""))
        self._save([source.path for source in found], dry_run=dry_run)
        return self._report

    def _take(self, source: Source, step: Step) -> None:
        """Take over a file. All of it is read before, so that half of a bad one never comes in."""
        problems: list[str] = []
        try:
            read = list(self._read(source, step, problems))
        except Cancelled:
            raise
        except UserError as error:
            self._report.failed.append(str(error))
            return
        self._report.failed += problems
        self._adoption.begin_file(lossless=source.form.group is Group.LOSSLESS)
        stream = iter(read)
        while batch := list(islice(stream, _BATCH)):
            self._adoption.take([item for item in batch if isinstance(item, Annotated)])
            for item in batch:
                if isinstance(item, ImportedArticle):
                    self._take_text(source, item)

    def _take_text(self, source: Source, item: ImportedArticle) -> None:
        if item.note:
            self._report.notes.append(f"{source.path}: {item.note}")
        self._adoption.take_text(item)

    def _read(
        self, source: Source, step: Step, problems: list[str]
    ) -> Iterator[Annotated | ImportedArticle]:
        for item in items(source, self._options, self._scheme):
            self._progress(step)
            if isinstance(item, Problem):
                problems.append(f"{source.path}, {item}")
            elif isinstance(item, Annotated) and self._options.unknown == "leave-out":
                self._strangers.notice(item)
                yield self._strangers.without(item)
            else:
                yield item

    def _save(self, paths: list[Path], *, dry_run: bool) -> None:
        adoption, report = self._adoption, self._report
        adoption.count()
        report.left_out += self._strangers.found
        growth = adoption.strangers.growth(self._project.scheme_record)
        if growth is not None:
            report.added += adoption.strangers.found
        changes = adoption.changes if growth is None else [growth, *adoption.changes]
        if not changes or dry_run:
            return
        articles = report.articles
        saved = edit(
            "import",
            changes,
            detail=_detail(paths),
            article_id=articles[0] if len(articles) == 1 else None,
        )
        self._project.perform(replace(saved, author=self._options.author), adoption.originals)


def _detail(paths: list[Path]) -> str:
    """Return what the history calls an import: a file, or how many."""
    if len(paths) == 1:
        return paths[0].name
    return str(len(paths))
