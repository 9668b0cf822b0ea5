"""A project that sends work orders, and people who work on them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from annotator import exchange, schemes
from annotator.model import (
    Article,
    Change,
    Comment,
    Entity,
    Fragment,
    Layer,
    LayerState,
    Record,
    Relation,
    Span,
    edit,
    new_id,
    text_hash,
)
from annotator.project import Project

TEXTS = {
    "quay": "On Tuesday Marta Ilves said the quay is safe. Bergen was told.",
    "ferry": "The ferry to Oslo is late, Jonas Berg thinks. Nobody asked him.",
}


def main_project(location: Path | str) -> Project:
    """Return a new project with two articles, where bo has marked a place already."""
    project = Project.create(
        location, schemes.load("news-default"), title="Harbour desk", author="lead"
    )
    articles = [
        Article(id=key, title=key.title(), text=text, sha256=text_hash(text), language="en")
        for key, text in TEXTS.items()
    ]
    project.perform(edit("import", [Change(None, article) for article in articles]))
    mark(project, "bo", "quay", "Bergen", "Location")
    return project


def mark(
    project: Project, author: str, article_id: str, words: str, label: str = "Speaker", **more: Any
) -> Span:
    """Mark *words* in the layer of *author*, which is made where it is missing."""
    item = project.annotated(article_id)
    layer = item.layer_of(author)
    changes: list[Change] = []
    if layer is None:
        layer = Layer(id=new_id(), article_id=article_id, author=author)
        changes.append(Change(None, layer))
    entity = None
    if name := more.pop("entity", ""):
        entity = Entity(id=new_id(), kind="actor", name=name)
        changes.append(Change(None, entity))
    start = item.article.text.index(words)
    span = Span(
        id=new_id(),
        article_id=article_id,
        layer_id=layer.id,
        label=label,
        fragments=(Fragment(start, start + len(words)),),
        text=(words,),
        entity_id=None if entity is None else entity.id,
        **more,
    )
    project.perform(edit("mark", [*changes, Change(None, span)]))
    return span


def labels(project: Project, article_id: str) -> list[tuple[str, str, str]]:
    """Return author, label and words of all spans of an article."""
    item = project.annotated(article_id)
    found = []
    for layer in sorted(item.layers.values(), key=lambda one: one.author):
        found += [
            (layer.author, span.label, " … ".join(span.text)) for span in item.spans_of(layer.id)
        ]
    return found


@dataclass
class Copy:
    """Somebody with a work order that was opened."""

    project: Project
    person: str
    order: Path
    folder: Path

    @classmethod
    def of(cls, project: Project, folder: Path, person: str, name: str) -> Self:
        """Send *person* a work order of the whole project, and open it there."""
        order = folder / f"{name}-order.zip"
        exchange.make_order(project, order, person)
        return cls(exchange.open_order(order, folder / f"{name}.annotator"), person, order, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.project.close()

    def result(self, name: str = "") -> Path:
        """Write the result of what was done so far."""
        path = self.folder / (name or f"{self.order.stem}-result.zip")
        exchange.make_result(self.project, path)
        return path

    def mark(self, article_id: str, words: str, label: str = "Speaker", **more: Any) -> Span:
        """Mark words in one's own layer."""
        return mark(self.project, self.person, article_id, words, label, **more)

    def change(self, span: Span, **values: Any) -> Span:
        """Change a span."""
        after = replace(span, **values)
        self.project.perform(edit("change", [Change(span, after)]))
        return after

    def remove(self, record: Record) -> None:
        """Remove a record."""
        self.project.perform(edit("delete", [Change(record, None)]))

    def relate(self, article_id: str, source: Span, target: Span) -> Relation:
        """Say who makes a claim."""
        tie = Relation(
            id=new_id(),
            article_id=article_id,
            layer_id=source.layer_id,
            label="attributed_to",
            source=source.id,
            target=target.id,
        )
        self.project.perform(edit("relate", [Change(None, tie)]))
        return tie

    def remark(self, article_id: str, text: str) -> Comment:
        """Write a comment on the article."""
        layer = self._layer(article_id)
        made = Comment(
            id=new_id(),
            article_id=article_id,
            layer_id=layer.id,
            record_id=article_id,
            text=text,
            author=self.person,
        )
        self.project.perform(edit("comment", [Change(None, made)]))
        return made

    def submit(self, article_id: str) -> None:
        """Submit an article."""
        layer = self._layer(article_id)
        after = replace(layer, state=LayerState.SUBMITTED)
        self.project.perform(edit("submit", [Change(layer, after)]))

    def _layer(self, article_id: str) -> Layer:
        layer = self.project.annotated(article_id).layer_of(self.person)
        assert layer is not None
        return layer
