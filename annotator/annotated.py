"""An article with its layers, in memory, kept in step with the edits performed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

from annotator.errors import ConflictError
from annotator.intervals import Intervals
from annotator.model import (
    Article,
    Change,
    Comment,
    Edit,
    Entity,
    Layer,
    LayerKind,
    Record,
    Relation,
    Span,
    Verdict,
    name_key,
    reading_order,
    type_name,
)


@dataclass(slots=True)
class Annotated:
    """An article with its layers, in memory: what views show and formats read and write.

    Mutable, unlike the records in it: :meth:`apply` keeps it in step with the edits performed.
    ``entities`` holds at least the entities that its spans and relations refer to.
    """

    article: Article
    layers: dict[str, Layer] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    gone: bool = False
    """Whether an edit has taken the article out of the project; undo brings it back."""
    _ties: dict[str, set[str]] | None = field(default=None, compare=False, repr=False)
    _places: dict[str, Intervals] | None = field(default=None, compare=False, repr=False)
    _names: dict[str, set[str]] | None = field(default=None, compare=False, repr=False)

    def layer_of(self, author: str, kind: str = LayerKind.PERSON) -> Layer | None:
        """Return the layer of *author*, or None while there is none."""
        own = (x for x in self.layers.values() if x.author == author and x.kind == kind)
        return min(own, key=lambda layer: layer.id, default=None)

    def spans_of(self, layer_id: str) -> list[Span]:
        """Return the spans of a layer in reading order, outer before inner."""
        return sorted(self.spans_unsorted(layer_id), key=reading_order)

    def spans_unsorted(self, layer_id: str) -> list[Span]:
        """Return the spans of a layer in no order: of an open article, without a look at others."""
        if self._places is None:
            return [span for span in self.spans.values() if span.layer_id == layer_id]
        places = self._places.get(layer_id)
        return [] if places is None else [self.spans[key] for key in places]

    def spans_in(self, layer_id: str, start: int, end: int) -> list[Span]:
        """Return the spans of a layer that reach into ``[start, end)``, in reading order.

        A gap counts as part of a span here. The work depends on what is near, not on the article.
        """
        self.index_places()
        assert self._places is not None
        places = self._places.get(layer_id)
        keys = [] if places is None else places.overlapping(start, max(end, start + 1))
        return sorted((self.spans[key] for key in keys), key=reading_order)

    def index_places(self) -> None:
        """Make :meth:`spans_in` ready, so that in a huge article no key has to wait for it."""
        if self._places is None:
            self._places = {}
            for span in self.spans.values():
                self._index_place(span)

    def entities_named(self, name: str) -> list[Entity]:
        """Return the entities with this name or alias (see :func:`name_key`), by their ids."""
        if self._names is None:
            self._names = {}
            for entity in self.entities.values():
                self._index_names(entity)
        return [self.entities[key] for key in sorted(self._names.get(name_key(name), ()))]

    def relations_of(self, layer_id: str) -> list[Relation]:
        """Return the relations of a layer, by their sources in reading order."""
        own = (tie for tie in self.relations.values() if tie.layer_id == layer_id)
        return sorted(own, key=lambda tie: (reading_order(self.spans[tie.source]), tie.id))

    def ties(self, span_id: str) -> list[Relation]:
        """Return the relations that begin or end at a span, in order of their ids."""
        if self._ties is None:
            self._ties = {}
            for tie in self.relations.values():
                self._index_tie(tie)
        return [self.relations[key] for key in sorted(self._ties.get(span_id, ()))]

    def relations_from(self, span_id: str, label: str | None = None) -> list[Relation]:
        """Return the relations that begin at a span, those with *label* where it is given."""
        return [
            tie
            for tie in self.ties(span_id)
            if tie.source == span_id and label in (None, tie.label)
        ]

    def relations_to(self, span_id: str, label: str | None = None) -> list[Relation]:
        """Return the relations that end at a span, those with *label* where it is given."""
        return [
            tie
            for tie in self.ties(span_id)
            if tie.target == span_id and label in (None, tie.label)
        ]

    def get(self, record: Record) -> Record | None:
        """Return the present state of *record* (same type and id), or None."""
        if isinstance(record, Article):
            return self.article if record.id == self.article.id and not self.gone else None
        table = self._table(record)
        return None if table is None else table.get(record.id)

    def apply(self, edit: Edit) -> None:
        """Take over what *edit* changes in this article and in entities.

        Raises ConflictError, with nothing applied, where a *before* is not what is here.
        Compares contents, so that an edit and its inverse can follow each other without end.
        """
        mine = [change for change in edit.changes if self._concerns(change.record)]
        seen: dict[tuple[str, str], Record | None] = {}
        for change in mine:
            record = change.record
            key = (type_name(record), record.id)
            present = seen[key] if key in seen else self.get(record)
            unknown_entity = isinstance(record, Entity) and present is None
            if present != change.before and not unknown_entity:
                raise ConflictError(present, change)
            seen[key] = change.after
        for change in mine:
            self._put(change)

    def _concerns(self, record: Record) -> bool:
        if isinstance(record, Entity):
            return True
        return record.article_id == self.article.id

    def _table(self, record: Record) -> dict[str, Any] | None:
        match record:
            case Layer():
                return self.layers
            case Span():
                return self.spans
            case Relation():
                return self.relations
            case Entity():
                return self.entities
            case Verdict():
                return self.verdicts
            case Comment():
                return self.comments
        return None

    def _put(self, change: Change) -> None:
        record = change.record
        if isinstance(record, Article):
            self.article = record
            self.gone = change.after is None
            return
        table = self._table(record)
        assert table is not None
        self._reindex(change)
        if change.after is None:
            table.pop(record.id, None)
        else:
            table[record.id] = change.after

    def _reindex(self, change: Change) -> None:
        match change.before:
            case Relation() as tie if self._ties is not None:
                for end in (tie.source, tie.target):
                    self._ties.get(end or "", set()).discard(tie.id)
            case Span() as span if self._places is not None:
                self._places.get(span.layer_id, Intervals()).discard(span.id)
            case Entity() as entity if self._names is not None:
                for name in (entity.name, *entity.aliases):
                    self._names.get(name_key(name), set()).discard(entity.id)
        match change.after:
            case Relation() as tie if self._ties is not None:
                self._index_tie(tie)
            case Span() as span if self._places is not None:
                self._index_place(span)
            case Entity() as entity if self._names is not None:
                self._index_names(entity)

    def _index_tie(self, tie: Relation) -> None:
        assert self._ties is not None
        for end in (tie.source, tie.target):
            if end is not None:
                self._ties.setdefault(end, set()).add(tie.id)

    def _index_place(self, span: Span) -> None:
        assert self._places is not None
        if span.fragments:
            places = self._places.setdefault(span.layer_id, Intervals())
            places.add(span.id, span.start, span.end)

    def _index_names(self, entity: Entity) -> None:
        assert self._names is not None
        for name in (entity.name, *entity.aliases):
            self._names.setdefault(name_key(name), set()).add(entity.id)

    def records(self) -> Iterator[Record]:
        """Yield every record, those referred to before those that refer to them."""
        yield self.article
        for table in (self.layers, self.entities, self.spans, self.relations):
            yield from table.values()
        yield from self.verdicts.values()
        yield from self.comments.values()

    def copy(self) -> Self:
        """Return an independent copy; the records themselves are shared."""
        return replace(
            self,
            layers=dict(self.layers),
            spans=dict(self.spans),
            relations=dict(self.relations),
            entities=dict(self.entities),
            verdicts=dict(self.verdicts),
            comments=dict(self.comments),
            _ties=None,
            _places=None,
            _names=None,
        )
