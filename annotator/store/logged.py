"""Changes as they stand in the log: ``[type, before, after]`` with defaults left out.

An article's text stands there as its SHA-256 only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from operator import attrgetter
from typing import Any

from annotator.model import RECORD_TYPES, Change, Record, Span, Zone, type_name
from annotator.store.columns import to_json
from annotator.store.rows import Row, codec, columns
from annotator.store.span_rows import created_span, span_entry, span_of_entry


@cache
def _logged_fields(name: str) -> tuple[tuple[str, ...], Callable[..., Any], tuple[Any, ...]]:
    """Return names, getter and defaults of the fields that stand in the log."""
    specs = [spec for spec in fields(RECORD_TYPES[name]) if spec.name in columns(name)]
    defaults: list[Any] = [{} if spec.default_factory is dict else spec.default for spec in specs]
    names = tuple(spec.name for spec in specs)
    return names, attrgetter(*names), tuple(defaults)


def log_entry(change: Change) -> list[Any]:
    """Return *change* as it stands in the log."""
    name = type_name(change.record)
    return [name, _entry(name, change.before), _entry(name, change.after)]


def _entry(name: str, record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    if isinstance(record, Span):
        return span_entry(record)
    return _entry_of(name, _logged_fields(name)[1](record))


def _entry_of(name: str, values: Iterable[Any]) -> dict[str, Any]:
    names, _, defaults = _logged_fields(name)
    return {
        field: value
        for field, value, default in zip(names, values, defaults, strict=True)
        # Most of what is left out is empty; what is not empty need not be compared.
        if value or default is MISSING or value != default
    }


def logged_row(name: str, row: Sequence[Any]) -> dict[str, Any]:
    """Return what the log would hold of the record in a row."""
    values = list(row)
    for at, decode in codec(name).decoders:
        if values[at] is not None:
            values[at] = decode(values[at])
    return _entry_of(name, values)


def log_text(change: Change, row: Row | None = None) -> str:
    """Return :func:`log_entry` as JSON; *row* holds the columns of a new record, if at hand.

    Those of a span are JSON already, and what is made of them is the same, letter for letter.
    """
    if row is None or change.before is not None or not isinstance(change.after, Span):
        return to_json(log_entry(change))
    return created_span(*row[: len(columns("span"))])


_set_before, _set_after = (Change.__dict__[spec.name].__set__ for spec in fields(Change))


def texts_named(entries: Iterable[Sequence[Any]]) -> set[str]:
    """Return the SHA-256 of the texts that changes in the log name."""
    articles = (entry for entry in entries if entry[0] == "article")
    return {record["sha256"] for entry in articles for record in entry[1:] if record is not None}


def from_log(entry: Sequence[Any], texts: Mapping[str, str]) -> Change:
    """Return the change that :func:`log_entry` wrote; *texts* holds the texts it names."""
    name, before, after = entry
    if name == "span":
        # Most of a large edit; what the log holds has been a change once.
        change = object.__new__(Change)
        _set_before(change, None if before is None else span_of_entry(before))
        _set_after(change, None if after is None else span_of_entry(after))
        return change
    return Change(_record(name, before, texts), _record(name, after, texts))


def _record(name: str, data: dict[str, Any] | None, texts: Mapping[str, str]) -> Record | None:
    if data is None:
        return None
    match name:
        case "article":
            data["text"] = texts[data["sha256"]]
            if "zones" in data:
                data["zones"] = tuple([Zone(*item) for item in data["zones"]])
        case "entity" if "aliases" in data:
            data["aliases"] = tuple(data["aliases"])
    return RECORD_TYPES[name](**data)
