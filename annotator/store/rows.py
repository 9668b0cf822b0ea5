"""Records as rows, and changes as they stand in the log.

Tables of records begin with the columns of the record, so both ways are loops over names. In the
log a change is ``[type, before, after]`` with defaults left out; an article's text stands there as
its SHA-256 only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, Final

from sqlalchemy import Table

from annotator.model import (
    RECORD_TYPES,
    Article,
    Change,
    Entity,
    Record,
    Span,
    record_from_json,
    type_name,
)
from annotator.store import schema
from annotator.store.columns import escape

TABLES: Final[Mapping[str, Table]] = {
    "article": schema.articles,
    "layer": schema.layers,
    "entity": schema.entities,
    "span": schema.spans,
    "relation": schema.relations,
    "verdict": schema.verdicts,
    "comment": schema.comments,
    "scheme": schema.scheme,
}

_Defaults = tuple[tuple[str, Any], ...]


@cache
def _fields(name: str) -> _Defaults:
    """Return the names of the fields with their defaults; MISSING where there is none."""
    return tuple(
        (spec.name, {} if spec.default_factory is dict else spec.default)
        for spec in fields(RECORD_TYPES[name])
    )


@cache
def columns(name: str) -> tuple[str, ...]:
    """Return the columns that hold the fields of the record called *name*."""
    return tuple(field for field, _ in _fields(name) if name != "article" or field != "text")


def row_of(record: Record) -> dict[str, Any]:
    """Return the columns of *record*, those that are derived included."""
    names = columns(type_name(record))
    row = {name: getattr(record, name) for name in names}
    if isinstance(record, Span):
        row["start"], row["stop"] = record.start, record.end
    elif isinstance(record, Article):
        row["title_key"] = title_key(record.title)
        row["search_key"] = search_key(record)
    elif isinstance(record, Entity):
        row["used"] = 0
    return row


def title_key(title: str) -> str:
    """Return what titles are sorted by."""
    return escape(title.casefold())


def search_key(article: Article) -> str:
    """Return what the filter of the article list looks into."""
    parts = (article.title, article.source, article.published, article.url)
    return escape("\n".join(part for part in parts if part).casefold())


def records_of(name: str, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """Return the records of rows that hold :func:`columns` in their order."""
    cls: Callable[..., Any] = RECORD_TYPES[name]
    names = columns(name)
    return [cls(**dict(zip(names, row, strict=False))) for row in rows]


def log_entry(change: Change) -> list[Any]:
    """Return *change* as it stands in the log."""
    return [type_name(change.record), _logged(change.before), _logged(change.after)]


def _logged(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    result = {}
    for name, default in _fields(type_name(record)):
        value = getattr(record, name)
        if default is MISSING or value != default:
            result[name] = value
    if isinstance(record, Article):
        del result["text"]
    return result


def texts_named(entry: Sequence[Any]) -> set[str]:
    """Return the SHA-256 of the texts that a change in the log names."""
    if entry[0] != "article":
        return set()
    return {record["sha256"] for record in entry[1:] if record is not None}


def from_log(entry: Sequence[Any], texts: Mapping[str, str]) -> Change:
    """Return the change that :func:`log_entry` wrote; *texts* holds the texts it names."""
    name, before, after = entry
    return Change(_record(name, before, texts), _record(name, after, texts))


def _record(name: str, data: dict[str, Any] | None, texts: Mapping[str, str]) -> Record | None:
    if data is None:
        return None
    if name == "article":
        data = {**data, "text": texts[data["sha256"]]}
    return record_from_json(name, data)
