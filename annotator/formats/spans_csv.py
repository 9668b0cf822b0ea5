"""CSV tables of articles, spans, relations and entities, for spreadsheets and statistics.

An export is a folder with ``articles.csv``, ``spans.csv``, ``relations.csv`` and
``entities.csv``, which refer to each other by ids. The files are UTF-8 with a byte order mark:
Excel takes a CSV file without one for its old code page, and pandas and R read over it. Line ends
are CR LF (RFC 4180). A span is a row, whatever its fragments; attributes that the scheme knows have
columns of their own, any other is JSON in the last column. Offsets are code points from 0, the end
is behind the last one.

Cells that a spreadsheet would take for a formula begin with an apostrophe, unless they are wanted
raw (:mod:`annotator.formats.cells`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Group, Writing, cells
from annotator.formats.carried import ordered
from annotator.formats.losses import Fate, Loss, announced
from annotator.formats.replacing import replacing_folder
from annotator.model import Article, Entity, Relation, Span
from annotator.scheme import Scheme
from annotator.translation import later, tr_n

name: Final = "spans-csv"
title: Final = "CSV tables"
purpose: Final = later("spans, relations and entities as tables for spreadsheets")
group: Final = Group.TABLES
suffixes: Final = (".csv",)
folder: Final = True
several_layers: Final = True

_LEFT_OUT: Final = "zones layer_facts empty_layers verdicts comments extra"
FATES: Final[Mapping[str, Fate]] = MappingProxyType(dict.fromkeys(_LEFT_OUT.split(), Fate.LEFT_OUT))

_GAP: Final = " … "
"""Stands between the words of two fragments."""

_ARTICLES: Final = ("id", "title", "language", "source", "url", "published", "metadata")
_SPANS: Final = (
    "article", "title", "author", "kind", "id", "label", "start", "end", "fragments", "text",
    "entity", "entity_name", "unsure", "note",
)  # fmt: skip
_RELATIONS: Final = (
    "article", "author", "kind", "id", "label", "source", "source_label", "source_text", "target",
    "target_label", "target_text", "target_entity", "target_entity_name", "attributes",
)  # fmt: skip
_ENTITIES: Final = (
    "id", "kind", "name", "aliases", "identifiers", "latitude", "longitude", "note", "attributes",
)  # fmt: skip


class Table:
    """One file of rows."""

    def __init__(self, file: Any, columns: Iterable[str], *, raw: bool) -> None:
        self._rows = csv.writer(file)
        self._raw = raw
        self._columns = tuple(columns)
        self._rows.writerow([self._cell(column) for column in self._columns])

    def write(self, values: Mapping[str, Any]) -> None:
        """Write a row; what is missing or None is an empty cell."""
        self._rows.writerow([self._cell(values.get(column)) for column in self._columns])

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        words = value if isinstance(value, str) else json.dumps(ordered(value), ensure_ascii=False)
        return words if self._raw else cells.safe(words)


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write the tables into a new folder, and return the number of articles."""
    attributes = _attributes(writing.scheme)
    columns = {
        "articles": _ARTICLES,
        "spans": (*_SPANS, *attributes.values(), "attributes"),
        "relations": _RELATIONS,
        "entities": _ENTITIES,
    }
    count = 0
    seen: set[str] = set()
    with replacing_folder(target) as place, ExitStack() as stack:
        tables: dict[str, Table] = {}
        for key, names in columns.items():
            file = (place / f"{key}.csv").open("w", encoding="utf-8-sig", newline="")
            tables[key] = Table(stack.enter_context(file), names, raw=writing.raw_cells)
        for item in articles:
            _write_article(item, tables, attributes, seen)
            count += 1
    return count


def _write_article(
    item: Annotated, tables: Mapping[str, Table], attributes: Mapping[str, str], seen: set[str]
) -> None:
    tables["articles"].write(_article(item.article))
    layers = sorted(item.layers.values(), key=lambda one: (one.author, one.kind, one.id))
    for layer in layers:
        who = {"article": item.article.id, "author": layer.author, "kind": layer.kind}
        for span in item.spans_of(layer.id):
            tables["spans"].write({**who, **_span(item, span), **_values(span, attributes)})
        for tie in item.relations_of(layer.id):
            tables["relations"].write({**who, **_relation(item, tie)})
    for key in sorted(item.entities.keys() - seen):
        seen.add(key)
        tables["entities"].write(_entity(item.entities[key]))


def _attributes(scheme: Scheme) -> dict[str, str]:
    """Return the columns of the attributes that the scheme knows, by their names."""
    names = dict.fromkeys(
        attribute.name for label in scheme.labels for attribute in scheme.attributes_of(label)
    )
    taken = {*_SPANS, "attributes"}
    return {name: f"attribute_{name}" if name in taken else name for name in names}


def _article(article: Article) -> dict[str, Any]:
    values = {key: getattr(article, key) for key in _ARTICLES}
    return {**values, "metadata": article.metadata or None}


def _span(item: Annotated, span: Span) -> dict[str, Any]:
    entity = None if span.entity_id is None else item.entities[span.entity_id]
    return {
        "title": item.article.title,
        "id": span.id,
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "fragments": " ".join(f"{start}..{end}" for start, end in span.fragments),
        "text": _GAP.join(span.text),
        "entity": span.entity_id,
        "entity_name": None if entity is None else entity.name,
        "unsure": span.unsure,
        "note": span.note,
    }


def _values(span: Span, attributes: Mapping[str, str]) -> dict[str, Any]:
    known = {attributes[key]: value for key, value in span.attributes.items() if key in attributes}
    rest = {key: value for key, value in span.attributes.items() if key not in attributes}
    return {**known, "attributes": rest or None}


def _relation(item: Annotated, tie: Relation) -> dict[str, Any]:
    source = item.spans[tie.source]
    target = None if tie.target is None else item.spans[tie.target]
    entity = None if tie.target_entity is None else item.entities[tie.target_entity]
    return {
        "id": tie.id,
        "label": tie.label,
        "source": source.id,
        "source_label": source.label,
        "source_text": _GAP.join(source.text),
        "target": tie.target,
        "target_label": None if target is None else target.label,
        "target_text": None if target is None else _GAP.join(target.text),
        "target_entity": tie.target_entity,
        "target_entity_name": None if entity is None else entity.name,
        "attributes": tie.attributes or None,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    values = {key: getattr(entity, key) for key in _ENTITIES}
    return {
        **values,
        "aliases": list(entity.aliases) or None,
        "identifiers": entity.identifiers or None,
        "attributes": entity.attributes or None,
    }


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is in no table: the texts themselves, zones, verdicts and the like."""
    count = 0

    def counted() -> Iterator[Annotated]:
        nonlocal count
        for item in articles:
            count += 1
            yield item

    losses = announced(counted(), FATES)
    if count:
        losses.insert(0, Loss("texts", count, Fate.LEFT_OUT, _texts(count)))
    return losses


def _texts(n: int) -> str:
    return tr_n(
        n,
        "the text of {n} article, except for the words that labels cover",
        "the texts of {n} articles, except for the words that labels cover",
    )
