"""Whether records are as the history left them: damage that SQLite cannot see shows here.

Every record stands twice in a project, in its table and in the log. The log is followed from its
beginning, and a change whose *before* is not what the change before it made, or a record that is
not what the last change made of it, was altered by something that is no edit. A repair begins with
what it finds, so nothing is said of what one has mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from annotator.store import schema
from annotator.store.columns import from_json, to_json
from annotator.store.faults import decoding
from annotator.store.logged import logged_row
from annotator.store.rows import TABLES, codec
from annotator.store.values import Inconsistency

Key = tuple[str, str]
"""Type and id of a record."""

REPAIR: Final = "repair"
"""Name of the action of an edit that begins with what it finds."""
_GONE: Final = 0
_REALS: Final = ("latitude", "longitude")


def strayed(connection: Connection) -> Iterator[Inconsistency]:
    """Yield records that are not as the history left them."""
    state: dict[Key, int] = {}
    broken: set[Key] = set()
    edits = schema.edits
    query = select(edits.c.revision, edits.c.kind, edits.c.target, edits.c.action)
    for revision, kind, target, action in connection.execute(
        query.order_by(edits.c.revision)
    ).all():
        for key, begins_there in _made(connection, state, target or revision, back=kind == "undo"):
            if action == REPAIR:
                broken.discard(key)
            elif not begins_there:
                broken.add(key)
    for key in sorted(broken):
        yield _told(key, "was changed in the history in a way that no edit does")
    for name in TABLES:
        for id_, mark in _stored(connection, name):
            known = state.pop((name, id_), mark)
            if known != mark and (name, id_) not in broken:
                yield _told((name, id_), "is not as the history left it")
    for key, mark in sorted(state.items()):
        if mark != _GONE and key not in broken:
            yield _told(key, "is not there, although the history does not say it was deleted")


def _told(key: Key, what: str) -> Inconsistency:
    name, id_ = key
    message = f"The {name} {id_} {what}. Compare it with a backup."
    return Inconsistency("strayed", message, severity="warning", record_ids=(id_,))


def _made(
    connection: Connection, state: dict[Key, int], revision: int, *, back: bool
) -> Iterator[tuple[Key, bool]]:
    """Make the changes of one revision in *state*; *back* is the way of an undo.

    Yields each key, and whether the change begins with what the one before it made.
    """
    table = schema.changes
    order = table.c.chunk.desc() if back else table.c.chunk
    query = select(table.c.body).where(table.c.revision == revision).order_by(order)
    for body in connection.execute(query).scalars():
        with decoding(f"Revision {revision} of the history"):
            entries = from_json(body)
            for name, *sides in reversed(entries) if back else entries:
                before, after = reversed(sides) if back else sides
                key = (name, (before or after)["id"])
                known = state.get(key)
                state[key] = _mark(after)
                yield key, known is None or known == _mark(before)


def _stored(connection: Connection, name: str) -> Iterator[tuple[str, int]]:
    """Yield id and mark of every record in a table."""
    how = codec(name)
    rows = connection.exec_driver_sql(f"SELECT {how.select} FROM {TABLES[name].name}")
    with decoding(f"A record of the kind {name}"):
        for row in rows:
            logged = logged_row(name, row)
            yield logged["id"], _mark(logged)


def _mark(record: Mapping[str, Any] | None) -> int:
    """Return a number for what is in a record as the log has it."""
    if record is None:
        return _GONE
    # A whole number is the same coordinate, and reads otherwise.
    reals = {name: float(record[name]) for name in _REALS if record.get(name) is not None}
    return hash(to_json({**record, **reals})) or 1
