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
from annotator.errors import UserError
from annotator.exchange.adoption import Adoption, Part, Report
from annotator.formats import Problem
from annotator.model import Annotated, Entity, edit
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
    texts: list[Path] = []
    for found in articles.discover(paths):
        path = found.path if isinstance(found, articles.Skipped) else found
        form = formats.for_path(path)
        if form is not None and path.is_file():
            if progress is not None:
                progress(path)
            _bring_in_labelled(project, form, path, report, overwrite, author)
        elif isinstance(found, articles.Skipped):
            report.failed.append(found.reason)
        else:
            texts.append(found)
    if texts:
        stream = _texts(texts, encoding, language, report, progress)
        added = project.add_articles(stream)
        report.articles += [article.id for article in added.added]
        report.known += len(added.duplicates)
        report.present += [same.article_id for same in added.duplicates]
    return report


def _texts(
    paths: Iterable[Path],
    encoding: str | None,
    language: str | None,
    report: Report,
    progress: Progress | None,
) -> Iterator[Imported]:
    from annotator.formats import articles

    for path in paths:
        if progress is not None:
            progress(path)
        try:
            found = articles.read(path, encoding=encoding)
        except UserError as error:
            report.failed.append(str(error))
            continue
        report.notes += [f"{path}: {item.note}" for item in found if item.note]
        for item in found:
            yield item if item.language or not language else replace(item, language=language)


def _bring_in_labelled(
    project: Project,
    form: formats.Format,
    path: Path,
    report: Report,
    overwrite: bool,
    author: str,
) -> None:
    adoption = Adoption(project, report, overwrite=overwrite)
    batch: list[Annotated] = []
    try:
        for item in form.read(path):
            if isinstance(item, Problem):
                report.failed.append(f"{path}, {item}")
                continue
            batch.append(item)
            if len(batch) == _BATCH:
                adoption.take(batch)
                batch.clear()
    except UserError as error:
        report.failed.append(str(error))
        return
    adoption.take(batch)
    if adoption.changes:
        saved = edit("import", adoption.changes, detail=path.name)
        project.perform(replace(saved, author=author))
    adoption.count()


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
    return formats.by_name(form).write(found, target, project.scheme.reference)


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
