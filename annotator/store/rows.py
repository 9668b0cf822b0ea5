"""Records as rows, and changes as they stand in the log.

Tables of records begin with the columns of the record, so both ways are loops over names. Writing
goes to the driver with SQL that is put together once per table: an edit of a thousand records
spends its time in the database. In the log a change is ``[type, before, after]`` with defaults
left out; an article's text stands there as its SHA-256 only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Column, Connection, Table
from sqlalchemy.types import TypeEngine

from annotator.model import (
    RECORD_TYPES,
    Article,
    Change,
    Entity,
    Fragment,
    Record,
    Span,
    Zone,
    type_name,
)
from annotator.packed import PackedSpan
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
    from_json,
    string_json,
    strings_json,
    to_json,
    unescape,
)
from annotator.store.faults import decoding

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


def _object_out(value: str) -> Any:
    # A copy, so that no record has a part of another; what it holds is never changed.
    return {} if value == "{}" else dict(_object(value))


@lru_cache(maxsize=1024)
def _object(value: str) -> Any:
    """Return the object that a column holds: most spans have the attributes of many others."""
    return from_json(value)


def _strings_out(value: str) -> Any:
    if "\\" in value or value[:2] != '["' or value[-2:] != '"]':
        return tuple(from_json(value))
    return tuple(unescape(value[2:-2]).split('","'))


def _fragments_in(value: tuple[Fragment, ...]) -> str:
    if len(value) == 1:
        return f"[[{value[0][0]},{value[0][1]}]]"
    return to_json(value)


def _fragments_out(value: str) -> Any:
    if value.count(",") == 1 and value[:2] == "[[" and value[-2:] == "]]":
        start, end = value[2:-2].split(",")
        return (_fragment((int(start), int(end))),)
    return tuple([Fragment(start, end) for start, end in from_json(value)])


_fragment: Final = partial(tuple.__new__, Fragment)


def _zones_out(value: str) -> Any:
    return tuple([Zone(*item) for item in from_json(value)])


Conversion = tuple[Callable[..., Any], Callable[..., Any]]

_CONVERSIONS: Final[Mapping[type[TypeEngine[Any]], Conversion]] = {
    Exact: (escape, unescape),
    Flag: (int, bool),
    Object: (flat_json, _object_out),
    Strings: (strings_json, _strings_out),
    Fragments: (_fragments_in, _fragments_out),
    Zones: (to_json, _zones_out),
}


def _span_row(span: Span) -> Row:
    """Return the columns of a span: what the loop of :class:`Codec` does, written out.

    There are a hundred spans for every other record.
    """
    return (
        span.id,
        span.article_id,
        span.layer_id,
        span.label,
        _fragments_in(span.fragments),
        strings_json(span.text),
        flat_json(span.attributes),
        span.entity_id,
        int(span.unsure),
        escape(span.note) if span.note else "",
        flat_json(span.extra),
    )


(
    _set_id,
    _set_article_id,
    _set_layer_id,
    _set_label,
    _set_fragments,
    _set_text,
    _set_attributes,
    _set_entity_id,
    _set_unsure,
    _set_note,
    _set_extra,
) = (Span.__dict__[spec.name].__set__ for spec in fields(Span))


_set_before, _set_after = (Change.__dict__[spec.name].__set__ for spec in fields(Change))


def _span(row: Sequence[Any]) -> Span:
    """Return the span of a row: the way back from :func:`_span_row`.

    Its slots are filled as its own ``__init__`` fills them, in half the time: that one looks each
    of them up by name.
    """
    span = object.__new__(Span)
    _set_id(span, row[0])
    _set_article_id(span, row[1])
    _set_layer_id(span, row[2])
    _set_label(span, row[3])
    _set_fragments(span, _fragments_out(row[4]))
    _set_text(span, _strings_out(row[5]))
    _set_attributes(span, _object_out(row[6]))
    _set_entity_id(span, row[7])
    _set_unsure(span, bool(row[8]))
    _set_note(span, unescape(row[9]))
    _set_extra(span, _object_out(row[10]))
    return span


PACKED: Final = (
    "start, -stop, label, id, layer_id, fragments, text, attributes, entity_id, unsure, note, extra"
)
"""SQL of the columns of a :data:`PackedSpan`."""


def unpacked(article_id: str, row: PackedSpan) -> Span:
    """Return the span of an article that *row* holds."""
    return _span((row[3], article_id, row[4], row[2], *row[5:]))


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
            return _span_row(record)
        row = list(self.values(record))
        for at, encode in self.encoders:
            if row[at] is not None:
                row[at] = encode(row[at])
        return tuple(row)

    def record(self, row: Sequence[Any], **more: Any) -> Any:
        """Return the record of a row, which may have more columns at its end."""
        if self.name == "span":
            return _span(row)
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
        return (*_span_row(record), fragments[0][0], fragments[-1][1])
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
    return [name, _logged(name, change.before), _logged(name, change.after)]


def _logged(name: str, record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    if isinstance(record, Span):
        return _logged_span(record)
    return _logged_values(name, _logged_fields(name)[1](record))


def _logged_values(name: str, values: Iterable[Any]) -> dict[str, Any]:
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
    return _logged_values(name, values)


def _logged_span(span: Span) -> dict[str, Any]:
    """Return what the loop of :func:`_logged` returns, written out as :func:`_span_row` is."""
    entry: dict[str, Any] = {
        "id": span.id,
        "article_id": span.article_id,
        "layer_id": span.layer_id,
        "label": span.label,
        "fragments": span.fragments,
        "text": span.text,
    }
    if span.attributes:
        entry["attributes"] = span.attributes
    if span.entity_id is not None:
        entry["entity_id"] = span.entity_id
    if span.unsure:
        entry["unsure"] = True
    if span.note:
        entry["note"] = span.note
    if span.extra:
        entry["extra"] = span.extra
    return entry


def log_text(change: Change, row: Row | None = None) -> str:
    """Return :func:`log_entry` as JSON; *row* holds the columns of a new record, if at hand.

    Those of a span are JSON already, and what is made of them is the same, letter for letter.
    """
    if row is None or change.before is not None or not isinstance(change.after, Span):
        return to_json(log_entry(change))
    return _created_span(*row[:_SPAN_COLUMNS])


_SPAN_COLUMNS: Final = len(fields(Span))

_shared_json: Final = lru_cache(maxsize=1024)(string_json)
"""The same for what many spans in a row have in common."""


def _created_span(
    id_: str,
    article_id: str,
    layer_id: str,
    label: str,
    fragments: str,
    text: str,
    attributes: str,
    entity_id: str | None,
    unsure: int,
    note: str,
    extra: str,
) -> str:
    entry = (
        f'["span",null,{{"id":{string_json(id_)},"article_id":{_shared_json(article_id)},'
        f'"layer_id":{_shared_json(layer_id)},"label":{_shared_json(label)},'
        f'"fragments":{fragments},"text":{text}'
    )
    if attributes != "{}":
        entry += f',"attributes":{attributes}'
    if entity_id is not None:
        entry += f',"entity_id":{string_json(entity_id)}'
    if unsure:
        entry += ',"unsure":true'
    if note:
        entry += f',"note":{string_json(unescape(note))}'
    if extra != "{}":
        entry += f',"extra":{extra}'
    return entry + "}]"


def _span_of_log(data: Mapping[str, Any]) -> Span:
    """Return the span that :func:`_logged_span` wrote, its slots filled as :func:`_span` does."""
    span = object.__new__(Span)
    _set_id(span, data["id"])
    _set_article_id(span, data["article_id"])
    _set_layer_id(span, data["layer_id"])
    _set_label(span, data["label"])
    _set_fragments(span, tuple(map(_fragment, data["fragments"])))
    _set_text(span, tuple(data["text"]))
    _set_attributes(span, data.get("attributes", {}))
    _set_entity_id(span, data.get("entity_id"))
    _set_unsure(span, data.get("unsure", False))
    _set_note(span, data.get("note", ""))
    _set_extra(span, data.get("extra", {}))
    return span


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
        _set_before(change, None if before is None else _span_of_log(before))
        _set_after(change, None if after is None else _span_of_log(after))
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
