"""Records as rows of the tables, and the SQL that writes and finds them.

Tables of records begin with the columns of the record, so both ways are loops over names. Writing
goes to the driver with SQL that is put together once per table: an edit of a thousand records
spends its time in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Column, Connection, Table
from sqlalchemy.types import TypeEngine

from annotator.model import RECORD_TYPES, Article, Entity, Record, Span, type_name
from annotator.store import schema
from annotator.store.columns import (
    Exact,
    Flag,
    Fragments,
    Object,
    Strings,
    Zones,
    escape,
    flat_json,
    strings_json,
    to_json,
    unescape,
    zones_of,
)
from annotator.store.faults import decoding
from annotator.store.span_rows import (
    fragments_in,
    fragments_out,
    object_out,
    span_of_row,
    span_row,
    strings_out,
)

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

Row = tuple[Any, ...]
"""The columns of a record as the driver takes and gives them."""


@cache
def columns(name: str) -> tuple[str, ...]:
    """Return the columns that hold the fields of the record called *name*, in their order."""
    names = (spec.name for spec in fields(RECORD_TYPES[name]))
    return tuple(field for field in names if name != "article" or field != "text")


Conversion = tuple[Callable[..., Any], Callable[..., Any]]

_CONVERSIONS: Final[Mapping[type[TypeEngine[Any]], Conversion]] = {
    Exact: (escape, unescape),
    Flag: (int, bool),
    Object: (flat_json, object_out),
    Strings: (strings_json, strings_out),
    Fragments: (fragments_in, fragments_out),
    Zones: (to_json, zones_of),
}


@dataclass(frozen=True, slots=True)
class Codec:
    """How one type of record is read and written."""

    name: str
    columns: tuple[str, ...]
    """Those of the record itself."""
    derived: tuple[str, ...]
    values: Callable[[Record], tuple[Any, ...]]
    encoders: tuple[tuple[int, Callable[..., Any]], ...]
    decoders: tuple[tuple[int, Callable[..., Any]], ...]

    def row(self, record: Record) -> Row:
        """Return the columns of *record*, without those that are derived."""
        if isinstance(record, Span):
            return span_row(record)
        row = list(self.values(record))
        for at, encode in self.encoders:
            if row[at] is not None:
                row[at] = encode(row[at])
        return tuple(row)

    def record(self, row: Sequence[Any], **more: Any) -> Any:
        """Return the record of a row, which may have more columns at its end."""
        if self.name == "span":
            return span_of_row(row)
        values = dict(zip(self.columns, row, strict=False))
        for at, decode in self.decoders:
            if row[at] is not None:
                values[self.columns[at]] = decode(row[at])
        return RECORD_TYPES[self.name](**values, **more)

    @property
    def select(self) -> str:
        """SQL of the record's columns."""
        return ", ".join(f'"{column}"' for column in self.columns)


@cache
def codec(name: str) -> Codec:
    """Return how records called *name* are read and written."""
    table = TABLES[name]
    own = columns(name)
    derived = tuple(column.name for column in table.c if column.name not in own)
    kinds = [_conversion(table.c[column]) for column in own]
    return Codec(
        name=name,
        columns=own,
        derived=derived,
        values=attrgetter(*own),
        encoders=tuple((at, pair[0]) for at, pair in enumerate(kinds) if pair is not None),
        decoders=tuple((at, pair[1]) for at, pair in enumerate(kinds) if pair is not None),
    )


def _conversion(column: Column[Any]) -> Conversion | None:
    return _CONVERSIONS.get(type(column.type))


def inserted(record: Record, number: int = 0) -> Row:
    """Return all columns of a new record; *number* is an article's place in the list."""
    if isinstance(record, Span):
        fragments = record.fragments
        return (*span_row(record), fragments[0][0], fragments[-1][1])
    return (*codec(type_name(record)).row(record), *derived(record, number))


def derived(record: Record, number: int = 0) -> tuple[Any, ...]:
    """Return the derived columns of *record*; *number* is an article's place in the list."""
    match record:
        case Span():
            return (record.start, record.end)
        case Article():
            return (number, title_key(record.title), search_key(record))
        case Entity():
            return (0,)
    return ()


def title_key(title: str) -> str:
    """Return what titles are sorted by."""
    return escape(title.casefold())


def search_key(article: Article) -> str:
    """Return what the filter of the article list looks into."""
    parts = (article.title, article.source, article.published, article.url)
    return escape("\n".join(part for part in parts if part).casefold())


@dataclass(frozen=True, slots=True)
class Sql:
    """The statements that read and write one table, in the driver's own form."""

    insert: str
    update: str
    """Takes the columns without those that stay, then the id."""
    find: str
    """Takes :func:`id_list`."""
    take: str
    """The same, and the rows are gone afterwards."""


_STAYS: Final = ("number", "used")
"""Derived columns that an update leaves alone."""


@cache
def sql(name: str, dialect: str) -> Sql:
    """Return the statements for records called *name*."""
    how = codec(name)
    mark = "?" if dialect == "sqlite" else "%s"
    table = TABLES[name].name
    every = (*how.columns, *how.derived)
    names = ", ".join(f'"{column}"' for column in every)
    changed = (*how.columns, *(column for column in how.derived if column not in _STAYS))
    changing = ", ".join(f'"{column}" = {mark}' for column in changed)
    among = "IN (SELECT value FROM json_each(?))" if dialect == "sqlite" else "= ANY(%s)"
    return Sql(
        insert=f"INSERT INTO {table} ({names}) VALUES ({', '.join([mark] * len(every))})",
        update=f"UPDATE {table} SET {changing} WHERE id = {mark}",
        find=f"SELECT {how.select} FROM {table} WHERE id {among}",
        take=f"DELETE FROM {table} WHERE id {among} RETURNING {how.select}",
    )


def updated(record: Record) -> tuple[Any, ...]:
    """Return the parameters of :attr:`Sql.update`."""
    how = codec(type_name(record))
    more = zip(how.derived, derived(record), strict=True)
    changing = [value for name, value in more if name not in _STAYS]
    return (*how.row(record), *changing, record.id)


def id_list(connection: Connection, ids: Iterable[str]) -> tuple[Any]:
    """Return *ids* as the one parameter of :attr:`Sql.find`."""
    if connection.dialect.name == "sqlite":
        return (to_json(list(ids)),)
    return (list(ids),)


def driver_rows(connection: Connection, statement: str, parameters: tuple[Any, ...]) -> list[Row]:
    """Return the driver's own rows: half a million of them pass through for a large export."""
    cursor = connection.exec_driver_sql(statement, parameters).cursor
    assert cursor is not None
    return list(cursor.fetchall())


def among(connection: Connection, ids: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """Return SQL that stands behind a column to ask for some *ids*, and its parameters."""
    if connection.dialect.name == "sqlite":
        return f"IN ({', '.join('?' * len(ids))})", tuple(ids)
    return "= ANY(%s)", (list(ids),)


def records_of(name: str, rows: Iterable[Sequence[Any]]) -> list[Any]:
    """Return the records of rows that hold :func:`columns`, decoded by their types."""
    cls: Callable[..., Any] = RECORD_TYPES[name]
    names = columns(name)
    with decoding(f"A record of the kind {name}"):
        return [cls(**dict(zip(names, row, strict=False))) for row in rows]
