"""A draft: an article as it will be, while an intent is being worked out.

Intents put records into a draft and take records out, and read from it what is there by then; at
the end it becomes the Edit that holds every record as it was and as it became, once. Attributes
that the program fills (see :mod:`annotator.editing.filling`) are settled in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

from annotator.editing.desk import Desk, NothingToDo
from annotator.model import (
    RECORD_TYPES,
    Change,
    Edit,
    Entity,
    Fragment,
    Record,
    Relation,
    Span,
    edit,
    reading_order,
    type_name,
)

_ORDER: Final = {name: rank for rank, name in enumerate(RECORD_TYPES)}

Key = tuple[str, str]


class Draft:
    """The records of a desk's article with pending changes on top."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._before: dict[Key, Record | None] = {}
        self._after: dict[Key, Record | None] = {}

    @property
    def text(self) -> str:
        """The text of the article."""
        return self.desk.annotated.article.text

    def put(self, record: Record) -> None:
        """Add *record*, or put it in the place of the one with its id."""
        key = self._key(record)
        self._after[key] = record

    def drop(self, record: Record) -> None:
        """Take *record* out; nothing happens where it is out already."""
        self._after[self._key(record)] = None

    def drop_span(self, span: Span) -> None:
        """Take *span* out with the relations that begin or end at it."""
        for tie in self.ties(span.id):
            self.drop(tie)
        self.drop(span)

    def _key(self, record: Record) -> Key:
        key = (type_name(record), record.id)
        if key not in self._before:
            self._before[key] = self.desk.annotated.get(record)
        return key

    def span(self, span_id: str | None) -> Span | None:
        """Return the span with this id as it will be."""
        if span_id is None:
            return None
        pending = self._after.get(("span", span_id))
        if isinstance(pending, Span):
            return pending
        if ("span", span_id) in self._after:
            return None
        return self.desk.annotated.spans.get(span_id)

    def entity(self, entity_id: str | None) -> Entity | None:
        """Return the entity with this id as it will be."""
        if entity_id is None:
            return None
        pending = self._after.get(("entity", entity_id))
        if isinstance(pending, Entity):
            return pending
        if ("entity", entity_id) in self._after:
            return None
        return self.desk.annotated.entities.get(entity_id)

    def spans_in(self, start: int, end: int) -> list[Span]:
        """Return the spans of the layer that reach into ``[start, end)``, in reading order."""
        near = self.desk.annotated.spans_in(self.desk.layer.id, start, end)
        found = {span.id: span for span in near if ("span", span.id) not in self._after}
        for record in self._after.values():
            if isinstance(record, Span) and record.start < end and start < record.end:
                found[record.id] = record
        return sorted(found.values(), key=reading_order)

    def ties(self, span_id: str) -> list[Relation]:
        """Return the relations that begin or end at a span, in order of their ids."""
        present = self.desk.annotated.ties(span_id)
        found = {tie.id: tie for tie in present if ("relation", tie.id) not in self._after}
        for record in self._after.values():
            if isinstance(record, Relation) and span_id in (record.source, record.target):
                found[record.id] = record
        return [found[key] for key in sorted(found)]

    def relations_from(self, span_id: str, label: str | None = None) -> list[Relation]:
        """Return the relations that begin at a span, those with *label* where it is given."""
        return [t for t in self.ties(span_id) if t.source == span_id and label in (None, t.label)]

    def relations_to(self, span_id: str, label: str | None = None) -> list[Relation]:
        """Return the relations that end at a span, those with *label* where it is given."""
        return [t for t in self.ties(span_id) if t.target == span_id and label in (None, t.label)]

    def changed_spans(self) -> list[tuple[Span | None, Span | None]]:
        """Return the spans that differ by now, as they were and as they will be."""
        return [
            (cast("Span | None", before), cast("Span | None", after))
            for before, after in self._changed("span")
        ]

    def changed_ties(self) -> list[tuple[Relation | None, Relation | None]]:
        """Return the relations that differ by now, as they were and as they will be."""
        return [
            (cast("Relation | None", before), cast("Relation | None", after))
            for before, after in self._changed("relation")
        ]

    def _changed(self, name: str) -> list[tuple[Record | None, Record | None]]:
        return [
            (self._before[key], after)
            for key, after in self._after.items()
            if key[0] == name and after != self._before[key]
        ]

    def changes(self) -> list[Change]:
        """Return what differs, so ordered that records come before those that refer to them.

        What is taken out comes last and in the opposite order.
        """
        kept: list[Change] = []
        dropped: list[Change] = []
        for key in sorted(self._after, key=lambda key: _ORDER[key[0]]):
            before, after = self._before[key], self._after[key]
            if after is not None and before != after:
                kept.append(Change(before, after))
            elif before != after:
                dropped.append(Change(before, None))
        return kept + dropped[::-1]

    def edit(self, action: str, *, detail: str = "", place: Fragment | None = None) -> Edit:
        """Return the edit that makes the draft real, with the layer where it is new.

        NothingToDo where nothing differs.
        """
        changes = self.changes()
        if not changes:
            raise NothingToDo("That is so already.")
        return compose(action, [(self.desk, changes)], detail=detail, place=place)


def compose(
    action: str,
    parts: Iterable[tuple[Desk, list[Change]]],
    *,
    detail: str = "",
    place: Fragment | None = None,
) -> Edit:
    """Make one edit of changes at several desks; layers that are new begin it.

    It is about the article of the first desk.
    """
    parts = list(parts)
    layers: dict[str, Change] = {}
    changes: list[Change] = []
    for desk, own in parts:
        layer = desk.layer
        known = layer.id in desk.annotated.layers
        if not known and all(change.record.id != layer.id for change in own):
            layers[layer.id] = Change(None, layer)
        changes += own
    return edit(
        action,
        (*layers.values(), *changes),
        detail=detail,
        article_id=parts[0][0].annotated.article.id,
        place=place,
    )
