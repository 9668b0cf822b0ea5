"""Ids by place instead of by birth: the same labels give the same bytes in any project.

In a project every record has an id of its own, so that two people who mark the same words make
different records. For comparing files, articles become A1, A2 … and entities E1 … in the order in
which they first occur, those without words last; in each article layers become L1 …, spans S1 …,
relations R1 …, verdicts V1 … and comments C1 … in reading order. All else stays, times of verdicts
and comments included.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from annotator.annotated import Annotated
from annotator.formats.jsonl import EXTERNAL_ID
from annotator.model import (
    Article,
    Comment,
    Entity,
    Layer,
    Relation,
    Span,
    Verdict,
    reading_order,
)

R = TypeVar("R", Article, Layer, Span, Relation, Entity, Verdict, Comment)
_Order = tuple[Any, ...]


class Numbers:
    """The numbers of one file: articles and entities are counted through all of it."""

    def __init__(self) -> None:
        self._articles = 0
        self._entities: dict[str, str] = {}

    def numbered(self, annotated: Annotated) -> Annotated:
        """Return *annotated* with numbers in the place of ids."""
        self._articles += 1
        names = _Names(annotated, f"A{self._articles}", self._entities)
        return names.annotated()


class _Names:
    """New ids by letter and old id: records of different types may share one."""

    def __init__(self, annotated: Annotated, article: str, entities: dict[str, str]) -> None:
        self._old = annotated
        self._names = {"A": {annotated.article.id: article}, "E": entities}
        self._number("L", annotated.layers.values(), lambda item: (item.author, item.kind, item.id))
        self._number("S", annotated.spans.values(), self._span_order)
        self._number_entities()
        self._number("R", annotated.relations.values(), self._relation_order)
        self._number("V", annotated.verdicts.values(), _remark_order)
        self._number("C", annotated.comments.values(), _remark_order)

    def annotated(self) -> Annotated:
        """Return the article with the new ids."""
        old = self._old
        return Annotated(
            self._with(old.article),
            layers=self._table(old.layers.values()),
            spans=self._table(old.spans.values()),
            relations=self._table(old.relations.values()),
            entities=self._table(old.entities.values()),
            verdicts=self._table(old.verdicts.values()),
            comments=self._table(old.comments.values()),
        )

    def _number(self, letter: str, items: Iterable[R], order: Callable[[R], _Order]) -> None:
        ordered = enumerate(sorted(items, key=order), start=1)
        self._names[letter] = {item.id: f"{letter}{number}" for number, item in ordered}

    def _number_entities(self) -> None:
        spans = sorted(self._old.spans.values(), key=lambda span: self._count("S", span.id))
        ends = sorted(
            (self._count("S", tie.source), self._old.entities[key].name, key)
            for tie in self._old.relations.values()
            if (key := tie.target_entity) is not None
        )
        names = self._names["E"]
        idle = sorted(self._old.entities.values(), key=lambda one: (one.kind, one.name, one.id))
        used = (*(span.entity_id for span in spans), *(end[-1] for end in ends))
        for entity in (*used, *(one.id for one in idle)):
            if entity is not None:
                names.setdefault(entity, f"E{len(names) + 1}")

    def _count(self, letter: str, key: str | None) -> int:
        return 0 if key is None else int(self._names[letter][key][1:])

    def _span_order(self, span: Span) -> _Order:
        start, end, label, _ = reading_order(span)
        layer, content = self._count("L", span.layer_id), _content(span.attributes)
        return (layer, start, end, label, span.fragments, content, span.note, span.id)

    def _relation_order(self, tie: Relation) -> _Order:
        ends = (self._count("S", tie.target), self._count("E", tie.target_entity))
        source = self._count("S", tie.source)
        return (source, tie.label, *ends, _content(tie.attributes), tie.id)

    def _with(self, record: R) -> R:
        """Return *record* with every id in it replaced; ids of elsewhere stay."""
        letter = _LETTERS[type(record)]
        changes: dict[str, Any] = {"id": self._names[letter][record.id]}
        for name, letters in _REFERENCES.get(type(record), {}).items():
            changes[name] = self._name(getattr(record, name), letters)
        extra = {key: value for key, value in record.extra.items() if key != EXTERNAL_ID}
        return replace(record, extra=extra, **changes)

    def _name(self, key: str | None, letters: str) -> str | None:
        found = (self._names[letter].get(key) for letter in letters if key is not None)
        return next((name for name in found if name is not None), key)

    def _table(self, records: Iterable[R]) -> dict[str, R]:
        return {record.id: record for record in map(self._with, records)}


_LETTERS: Final[Mapping[type, str]] = MappingProxyType(
    {
        Article: "A",
        Layer: "L",
        Span: "S",
        Relation: "R",
        Entity: "E",
        Verdict: "V",
        Comment: "C",
    }
)
_REFERENCES: Final[Mapping[type, Mapping[str, str]]] = MappingProxyType(
    {
        Layer: {"article_id": "A"},
        Span: {"article_id": "A", "layer_id": "L", "entity_id": "E"},
        Relation: {
            "article_id": "A",
            "layer_id": "L",
            "source": "S",
            "target": "S",
            "target_entity": "E",
        },
        Verdict: {"article_id": "A", "layer_id": "L", "record_id": "SRCLA"},
        Comment: {"article_id": "A", "layer_id": "L", "record_id": "SRCLA", "reply_to": "C"},
    }
)
"""Where records name others by their ids, and of which kinds, the likeliest first."""


def _content(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), sort_keys=True)


def _remark_order(remark: Verdict | Comment) -> _Order:
    return (remark.time, remark.author, remark.id)
