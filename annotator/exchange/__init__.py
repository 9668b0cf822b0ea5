"""Files into a project and out of it: articles, and articles with labels.

What is imported twice is there once: an article is known by its id or its text, a layer, a span or
an entity by the id that files call it by (see :mod:`annotator.formats.jsonl`). Nothing that is in
the project is changed by an import unless that is asked for; what differs is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator import formats
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.adoption import Adoption, Part, Report
from annotator.formats import Problem
from annotator.model import Entity, edit
from annotator.project import Imported, Project

__all__ = ["Report", "bring_in", "only", "refuse_strangers", "take_out"]

Progress = Callable[[Path], None]
"""Told of each file before it is read."""

_BATCH: Final = 100
"""Articles for which the project is asked at once whether it has them."""


def bring_in(
    project: Project,
    paths: Iterable[Path],
    *,
    encoding: str | None = None,
    language: str | None = None,
    overwrite: bool = False,
    author: str = "",
    progress: Progress | None = None,
) -> Report:
    """Import files and folders, and report what became of each; a bad file stops no other.

    The articles without labels are one edit, and each file with labels is one. *encoding* and
    *language* hold where a file does not say; with *overwrite* what is in the project already
    becomes as the files have it. *author* owns the edits, else the project's.
    """
    from annotator.formats import articles

    report = Report()
    reading = formats.Reading(encoding=encoding, language=language)
    texts: list[Imported] = []
    named = set(paths := tuple(paths))
    for found in articles.discover(paths):
        if isinstance(found, articles.Skipped):
            report.failed.append(found.reason)
            continue
        if progress is not None:
            progress(found)
        form = formats.recognise(found) if found.is_file() else None
        if form is None and found not in named:
            report.failed.append(f"{found} is in no format that can be read.")
            continue
        adoption = Adoption(project, report, overwrite=overwrite)
        batch: list[Annotated] = []
        try:
            for item in articles.read(found, reading, form):
                if isinstance(item, Problem):
                    report.failed.append(f"{found}, {item}")
                elif isinstance(item, Annotated):
                    batch.append(item)
                    if len(batch) == _BATCH:
                        adoption.take(batch)
                        batch.clear()
                else:
                    report.notes += [f"{found}: {item.note}"] if item.note else []
                    stated = item.language or not language
                    texts.append(item if stated else replace(item, language=language))
        except UserError as error:
            report.failed.append(str(error))
            continue
        adoption.take(batch)
        if adoption.changes:
            saved = edit("import", adoption.changes, detail=found.name)
            project.perform(replace(saved, author=author))
        adoption.count()
    if texts:
        added = project.add_articles(texts)
        report.articles += [article.id for article in added.added]
        report.known += len(added.duplicates)
        report.present += [same.article_id for same in added.duplicates]
    return report


def take_out(
    project: Project,
    target: Path,
    *,
    form: str = "jsonl",
    authors: Iterable[str] = (),
    article_ids: Iterable[str] | None = None,
    renumber: bool = False,
    progress: Callable[[str], None] | None = None,
) -> int:
    """Export articles with their labels to *target*, and return how many there are.

    With *authors* only the layers of these. Entities that nothing refers to go with the first
    article when everything is exported. All of it is one state of the project; the same state
    gives the same bytes, and with *renumber* so do the same labels in another project (see
    :mod:`annotator.formats.numbered`). *progress* is told the title of each article. Raises
    UserError for an unknown author and where the file cannot be written, which then stays as it
    was.
    """
    wanted = frozenset(authors)
    refuse_strangers(project, wanted)
    found = project.each_annotated(article_ids)
    if article_ids is None and not wanted:
        found = _with_idle_entities(found, project.idle_entities())
    if wanted:
        found = (only(item, wanted) for item in found)
    if renumber:
        from annotator.formats.numbered import Numbers

        found = map(Numbers().numbered, found)
    if progress is not None:
        found = _told(found, progress)
    writing = formats.Writing(scheme=project.scheme)
    return formats.writer(form).write(found, target, writing)


def _with_idle_entities(found: Iterable[Annotated], idle: Iterable[Entity]) -> Iterator[Annotated]:
    left = {entity.id: entity for entity in idle}
    for item in found:
        item.entities.update(left)
        left.clear()
        yield item


def _told(found: Iterable[Annotated], progress: Callable[[str], None]) -> Iterator[Annotated]:
    for item in found:
        progress(item.article.title)
        yield item


def refuse_strangers(project: Project, authors: Iterable[str]) -> None:
    """Raise UserError for an author who has no part in the project."""
    known = project.authors()
    for author in authors:
        if author not in known:
            names = ", ".join(known) or "nobody"
            raise UserError(f"Nobody called {author!r} works in this project; there is {names}.")


def only(annotated: Annotated, authors: frozenset[str]) -> Annotated:
    """Return *annotated* with the layers of *authors* and what belongs to them."""
    layers = {key: item for key, item in annotated.layers.items() if item.author in authors}
    result = Annotated(annotated.article, layers=layers)
    for name in ("spans", "relations", "verdicts", "comments"):
        table: Mapping[str, Part] = getattr(annotated, name)
        getattr(result, name).update((k, v) for k, v in table.items() if v.layer_id in layers)
    used = {span.entity_id for span in result.spans.values()}
    used |= {relation.target_entity for relation in result.relations.values()}
    result.entities = {key: item for key, item in annotated.entities.items() if key in used}
    return result
