"""Checking that every *before* still holds, and writing what becomes of the records.

All of it happens inside one transaction, which the caller begins and ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from annotator.errors import ConflictError, NotAllowed
from annotator.model import (
    RECORD_TYPES,
    Article,
    Change,
    Layer,
    Record,
    Relation,
    Span,
    text_hash,
    type_name,
)
from annotator.store import schema, search
from annotator.store.columns import escape
from annotator.store.rows import (
    Row,
    codec,
    columns,
    driver_rows,
    id_list,
    inserted,
    sql,
    updated,
)

CHUNK: Final = 500
"""How many ids one question asks for."""


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes that a text was read from, as they came."""

    data: bytes
    encoding: str


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Yield *items* in pieces of at most *size*."""
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]


@dataclass(slots=True)
class Net:
    """What an edit comes to for each record of one type, however often it is changed."""

    created: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    deleted: list[Change] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Sort *change* by what it does."""
        if change.before is None:
            self.created.append(change)
        elif change.after is None:
            self.deleted.append(change)
        else:
            self.changed.append(change)


def net_of(changes: Iterable[Change]) -> dict[str, Net]:
    """Return the net changes by type of record, in the order in which these refer to each other.

    Raises ConflictError where a chain is broken.
    """
    last: dict[str, dict[str, Change]] = {}
    for change in changes:
        record = change.record
        name = type_name(record)
        of_type = last.get(name)
        if of_type is None:
            of_type = last[name] = {}
        known = of_type.setdefault(record.id, change)
        if known is change:
            continue
        if known.after != change.before:
            raise ConflictError(known.after, change)
        if known.before is None and change.after is None:
            del of_type[record.id]
        else:
            of_type[record.id] = Change(known.before, change.after)
    result: dict[str, Net] = {}
    for name in RECORD_TYPES:
        if name in last:
            net = result[name] = Net()
            for change in last[name].values():
                net.add(change)
    return result


def check(connection: Connection, nets: Mapping[str, Net]) -> None:
    """Raise ConflictError where a *before* is not what the project holds.

    Contents are compared. Deleted records leave here, for they are read as they go. That nothing
    stands in the place of a created record is left to the unique ids of the tables.
    """
    # What refers to others leaves before them: a server asks the layer who may change its spans.
    for name, net in reversed(list(nets.items())):
        statements = sql(name, connection.dialect.name)
        _compare(connection, name, net.changed, statements.find)
        # An article is needed until the full-text index has forgotten it.
        leaving = statements.find if name == "article" else statements.take
        _compare(connection, name, net.deleted, leaving)


def _compare(connection: Connection, name: str, expected: Sequence[Change], statement: str) -> None:
    how = codec(name)
    for part in chunks(expected):
        rows = _rows(connection, statement, [change.record.id for change in part])
        for change in part:
            before = change.before
            assert before is not None
            row = rows.get(before.id)
            if row is None:
                _refuse_if_there(connection, name, before.id)
                raise ConflictError(None, change)
            if how.row(before) != row and not _same(name, row, before):
                if isinstance(before, Article):
                    raise ConflictError(
                        present_records(connection, name, [before.id])[before.id], change
                    )
                raise ConflictError(how.record(row), change)


def _refuse_if_there(connection: Connection, name: str, id_: str) -> None:
    """Raise NotAllowed where a record is there, but did not leave: row security says no so."""
    if _rows(connection, sql(name, connection.dialect.name).find, [id_]):
        raise NotAllowed(NOT_YOURS)


NOT_YOURS: Final = (
    "You do not have the right to change this: it is somebody else's, or it was handed in blind. "
    "Nothing was changed. Ask the owner of the project."
)


def _rows(connection: Connection, statement: str, ids: Sequence[str]) -> dict[str, Row]:
    return {row[0]: row for row in driver_rows(connection, statement, id_list(connection, ids))}


def _same(name: str, row: Row, expected: Record) -> bool:
    """Return whether a row holds *expected*, though not letter for letter.

    Keys may stand in another order; what a form or a plug-in made may hold tuples where JSON has
    lists. An article's text is compared by its SHA-256.
    """
    more = {"text": expected.text} if isinstance(expected, Article) else {}
    how = codec(name)
    return bool(how.record(row, **more) == how.record(how.row(expected), **more))


def present_records(connection: Connection, name: str, ids: Sequence[str]) -> dict[str, Record]:
    """Return the records called *name* with these ids that are there."""
    found: dict[str, Record] = {}
    for part in chunks(ids):
        if name == "article":
            records: list[Any] = articles_with(connection, schema.articles.c.id.in_(part))
        else:
            how = codec(name)
            statement = sql(name, connection.dialect.name).find
            records = [how.record(row) for row in _rows(connection, statement, part).values()]
        found.update((record.id, record) for record in records)
    return found


def articles_with(connection: Connection, condition: Any) -> list[Article]:
    """Return the articles that meet *condition*, in the order of their import."""
    table, texts = schema.articles, schema.texts
    query = (
        select(*(table.c[column] for column in columns("article")), texts.c.text)
        .join(texts, texts.c.sha256 == table.c.sha256)
        .where(condition)
        .order_by(table.c.number)
    )
    names = (*columns("article"), "text")
    return [Article(**dict(zip(names, row, strict=True))) for row in connection.execute(query)]


def write(
    connection: Connection,
    nets: Mapping[str, Net],
    revision: int,
    originals: Mapping[str, Original],
    rows: dict[int, Row] | None = None,
) -> None:
    """Write the net changes, and what is derived from them.

    The rows of new spans go into *rows* by the identity of their change, for the log to make use
    of: it says the same once more. A span that is changed again in the same piece is not there.
    """
    if "article" in nets:
        _write_articles(connection, nets["article"], originals)
    for name, net in nets.items():
        if name != "article":
            _write_rows(connection, name, net, rows=rows if name == "span" else None)
    if "span" in nets:
        _count_labels(connection, nets["span"])
        _note_use(connection, nets["span"], revision)


def _write_rows(
    connection: Connection,
    name: str,
    net: Net,
    numbers: Mapping[str, int] | None = None,
    rows: dict[int, Row] | None = None,
) -> None:
    """Write rows in pieces, so that a large edit does not stand in memory once more."""
    statements = sql(name, connection.dialect.name)
    numbers = numbers or {}
    for part in chunks(net.created):
        records = [change.record for change in part]
        new = [inserted(one, numbers.get(one.id, 0)) for one in records]
        connection.exec_driver_sql(statements.insert, new)
        if rows is not None:
            rows.update(zip(map(id, part), new, strict=True))
    for part in chunks(net.changed):
        changed = [updated(change.record) for change in part]
        # Row security leaves out what it refuses, without a word.
        if connection.exec_driver_sql(statements.update, changed).rowcount < len(changed):
            raise NotAllowed(NOT_YOURS)


def _write_articles(connection: Connection, net: Net, originals: Mapping[str, Original]) -> None:
    kept = [change.record for change in (*net.created, *net.changed)]
    for part in chunks(kept):
        _keep_texts(connection, part, originals)
    renewed = [change for change in net.changed if _text_or_title_differs(change)]
    leaving = _numbers(connection, [change.record.id for change in net.deleted])
    altered = _numbers(connection, [change.record.id for change in renewed])
    search.forget(connection, [*leaving.values(), *altered.values()])
    if leaving:
        numbers = [{"article_id": id_, "number": number} for id_, number in leaving.items()]
        connection.execute(schema.retired.insert(), numbers)
    entering = _places(connection, [change.record.id for change in net.created])
    if net.deleted:
        take = sql("article", connection.dialect.name).take
        connection.exec_driver_sql(take, id_list(connection, leaving))
    _write_rows(connection, "article", net, entering)
    search.learn(connection, [*entering.values(), *altered.values()])


def _keep_texts(
    connection: Connection, articles: Sequence[Any], originals: Mapping[str, Original]
) -> None:
    server = connection.dialect.name != "sqlite"
    rows = {}
    for article in articles:
        if text_hash(article.text) != article.sha256:
            raise ValueError(f"the SHA-256 of article {article.id!r} is not that of its text")
        original = originals.get(article.sha256)
        data, encoding = (None, None) if original is None else (original.data, original.encoding)
        text = escape(article.text)
        row = (article.sha256, text, len(article.text), data, encoding)
        rows[article.sha256] = (*row, search.indexed(text)) if server else row
    marks = ", ".join([_mark(connection)] * 5)
    names = "sha256, text, length, original, encoding"
    if server:
        names, marks = f"{names}, words", f"{marks}, {search.POSTGRES_WORDS}"
    connection.exec_driver_sql(
        f"INSERT INTO texts ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING",
        list(rows.values()),
    )


def _mark(connection: Connection) -> str:
    """Return how the driver writes a parameter."""
    return "?" if connection.dialect.name == "sqlite" else "%s"


def insert_into(connection: Connection, table: Table) -> Any:
    """Return an INSERT of this backend's own kind, which knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _text_or_title_differs(change: Change) -> bool:
    before, after = change.before, change.after
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    return (before.sha256, before.title) != (after.sha256, after.title)


def _numbers(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    table = schema.articles
    found: dict[str, int] = {}
    for part in chunks(ids):
        query = select(table.c.id, table.c.number).where(table.c.id.in_(part))
        found.update((id_, number) for id_, number in connection.execute(query))
    return found


def _places(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Return the number of each new article: the one it had before it was deleted, or the next."""
    table = schema.retired
    places: dict[str, int] = {}
    for part in chunks(ids):
        query = select(table.c.article_id, table.c.number).where(table.c.article_id.in_(part))
        places.update((id_, number) for id_, number in connection.execute(query))
    if places:
        statement = table.delete().where(table.c.article_id == bindparam("key"))
        connection.execute(statement, [{"key": id_} for id_ in places])
    if len(places) == len(ids):
        return places
    highest = max([0, *places.values()])
    for column in (schema.articles.c.number, table.c.number):
        highest = max(highest, connection.execute(select(func.max(column))).scalar() or 0)
    for id_ in ids:
        if id_ not in places:
            highest += 1
            places[id_] = highest
    return places


def _count_labels(connection: Connection, net: Net) -> None:
    """Take over into the counts what the edit adds and removes."""
    deltas: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    gone = [change.before for change in (*net.changed, *net.deleted)]
    there = [change.after for change in (*net.created, *net.changed)]
    for records, sign in ((gone, -1), (there, 1)):
        for record in records:
            if isinstance(record, Span):
                delta = deltas[record.layer_id, record.label]
                delta[0] += sign
                if record.unsure:
                    delta[1] += sign
    rows: list[tuple[Any, ...]] = [(*key, *delta) for key, delta in deltas.items() if any(delta)]
    if not rows:
        return
    mark = _mark(connection)
    connection.exec_driver_sql(
        "INSERT INTO label_counts (layer_id, label, spans, unsure)"
        f" VALUES ({mark}, {mark}, {mark}, {mark}) ON CONFLICT (layer_id, label) DO UPDATE SET"
        " spans = label_counts.spans + excluded.spans,"
        " unsure = label_counts.unsure + excluded.unsure",
        rows,
    )
    fewer = [(layer, label) for layer, label, spans, _ in rows if spans < 0]
    if fewer:
        connection.exec_driver_sql(
            f"DELETE FROM label_counts WHERE layer_id = {mark} AND label = {mark} AND spans = 0",
            fewer,
        )


def _note_use(connection: Connection, net: Net, revision: int) -> None:
    """Remember which entities spans came to stand for, for the list of recent ones."""
    used = {change.after.entity_id for change in net.created if isinstance(change.after, Span)}
    for change in net.changed:
        before = change.before.entity_id if isinstance(change.before, Span) else None
        after = change.after.entity_id if isinstance(change.after, Span) else None
        if after != before:
            used.add(after)
    used.discard(None)
    if used:
        mark = _mark(connection)
        connection.exec_driver_sql(
            f"UPDATE entities SET used = {mark} WHERE id = {mark}",
            [(revision, id_) for id_ in sorted(filter(None, used))],
        )


def contradiction(
    connection: Connection, pieces: Callable[[], Iterable[Sequence[Change]]]
) -> ConflictError | None:
    """Return what made the unique ids or the references of the tables refuse an edit.

    For after the transaction was rolled back: looks again what is there. *pieces* gives the
    changes, from the beginning each time.
    """
    missing: dict[tuple[str, str], Change] = {}
    removed: Change | None = None
    for changes in pieces():
        for name, net in net_of(changes).items():
            created = {change.record.id: change for change in net.created}
            for id_, record in present_records(connection, name, list(created)).items():
                return ConflictError(record, created[id_])
        _note_missing(connection, changes, missing)
        removed = removed or next((change for change in changes if change.after is None), None)
    if missing:
        for changes in pieces():
            for change in changes:
                if change.after is not None:
                    missing.pop((type_name(change.after), change.after.id), None)
    for change in missing.values():
        return ConflictError(None, change)
    return None if removed is None else ConflictError(removed.before, removed)


def _note_missing(
    connection: Connection, changes: Sequence[Change], missing: dict[tuple[str, str], Change]
) -> None:
    """Add the records that *changes* refer to and that are not there."""
    wanted: defaultdict[str, dict[str, Change]] = defaultdict(dict)
    for change in changes:
        for name, id_ in _references(change.after):
            wanted[name].setdefault(id_, change)
    for name, by_id in wanted.items():
        find = sql(name, connection.dialect.name).find
        for part in chunks(list(by_id)):
            here = _rows(connection, find, part)
            for id_ in part:
                if id_ not in here:
                    missing.setdefault((name, id_), by_id[id_])


def _references(record: Record | None) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str | None]] = []
    if isinstance(record, Layer):
        pairs = [("article", record.article_id)]
    elif isinstance(record, Span):
        pairs = [("layer", record.layer_id), ("entity", record.entity_id)]
    elif isinstance(record, Relation):
        pairs = [
            ("layer", record.layer_id),
            ("span", record.source),
            ("span", record.target),
            ("entity", record.target_entity),
        ]
    return [(name, id_) for name, id_ in pairs if id_ is not None]
