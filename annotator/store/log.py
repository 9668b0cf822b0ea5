"""The log of edits and each author's undo stack.

An author has two stacks, linked through the log by ``parent``: edits to undo and undos to redo.
Only their tops are kept in ``cursors``, so that undo costs the same however long the log is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, literal, select, text

from annotator.model import Change, Edit, Fragment
from annotator.store import schema
from annotator.store.columns import from_json
from annotator.store.faults import decoding
from annotator.store.logged import from_log, log_text, texts_named
from annotator.store.values import SavedEdit
from annotator.store.writing import chunks

CHUNK: Final = 500
"""Changes a row of the log."""

ROWS: Final = 10
"""Rows of the log that are read at once."""

SMALL: Final = 1_000
"""Changes of an edit that is undone as a whole; a larger one passes through in pieces."""


@dataclass(frozen=True, slots=True)
class Stacks:
    """The tops of an author's stacks and their heights."""

    done: int | None = None
    undone: int | None = None
    steps_to_undo: int = 0
    steps_to_redo: int = 0


def stacks(connection: Connection, author: str) -> Stacks:
    """Return where *author* is in the history."""
    row = connection.execute(_STACKS, {"whose": author}).first()
    return Stacks() if row is None else Stacks(row[0], row[1], row[2] or 0, row[3] or 0)


def _stacks() -> Select[Any]:
    table = schema.cursors
    done, undone = schema.edits.alias("top_done"), schema.edits.alias("top_undone")
    return (
        select(table.c.done, table.c.undone, done.c.depth, undone.c.depth)
        .select_from(table)
        .outerjoin(done, done.c.revision == table.c.done)
        .outerjoin(undone, undone.c.revision == table.c.undone)
        .where(table.c.author == bindparam("whose"))
    )


# Put together once: making a statement takes longer than running it.
_STACKS: Final = _stacks()
_ENTRY: Final = select(schema.edits).where(schema.edits.c.revision == bindparam("wanted"))
_BY_ID: Final = select(schema.edits).where(schema.edits.c.id == bindparam("wanted"))
_BODIES: Final = (
    select(schema.changes.c.body)
    .where(schema.changes.c.revision == bindparam("wanted"))
    .where(schema.changes.c.chunk.between(bindparam("first"), bindparam("last")))
    .order_by(schema.changes.c.chunk)
)
_LAST: Final = select(func.max(schema.changes.c.chunk)).where(
    schema.changes.c.revision == bindparam("wanted")
)
_SET_STACKS: Final = text(
    "INSERT INTO cursors (author, done, undone) VALUES (:author, :done, :undone)"
    " ON CONFLICT (author) DO UPDATE SET done = excluded.done, undone = excluded.undone"
)


def set_stacks(connection: Connection, author: str, done: int | None, undone: int | None) -> None:
    """Put *author* at a place in the history."""
    connection.execute(_SET_STACKS, {"author": author, "done": done, "undone": undone})


def write_entry(connection: Connection, saved: SavedEdit, parent: int | None, depth: int) -> None:
    """Add an edit to the log; an undo or redo is about the changes and articles of its target."""
    write_head(connection, saved, parent, depth)
    if saved.target is not None:
        _repeat_articles(connection, saved.revision, saved.target)
        return
    write_changes(connection, saved.revision, saved.edit.changes)
    articles = saved.edit.articles
    if saved.edit.article_id is not None:
        articles |= {saved.edit.article_id}
    write_articles(connection, saved.revision, articles)


def write_head(connection: Connection, saved: SavedEdit, parent: int | None, depth: int) -> None:
    """Add an edit to the log without what it changes."""
    edit = saved.edit
    start, end = (None, None) if edit.place is None else edit.place
    connection.execute(
        schema.edits.insert(),
        {
            "revision": saved.revision,
            "id": edit.id,
            "author": edit.author,
            "time": edit.time,
            "action": edit.action,
            "detail": edit.detail,
            "article_id": edit.article_id,
            "place_start": start,
            "place_end": end,
            "kind": saved.kind,
            "target": saved.target,
            "parent": parent,
            "depth": depth,
            "size": saved.size,
        },
    )


def write_changes(
    connection: Connection,
    revision: int,
    changes: Sequence[Change],
    first: int = 0,
    rows: Mapping[int, Any] | None = None,
) -> int:
    """Write changes to the log from row *first* on, and return the number of the next row.

    *rows* holds the columns that new records were written with, as :func:`writing.write` says.
    """
    rows = rows or {}
    for part in chunks(changes, CHUNK):
        body = "[" + ",".join([log_text(change, rows.get(id(change))) for change in part]) + "]"
        connection.execute(
            schema.changes.insert(), {"revision": revision, "chunk": first, "body": body}
        )
        first += 1
    return first


def write_articles(connection: Connection, revision: int, articles: Iterable[str]) -> None:
    """Note which articles an edit is about."""
    rows = [{"article_id": id_, "revision": revision} for id_ in sorted(articles)]
    if rows:
        connection.execute(schema.edit_articles.insert(), rows)


def _repeat_articles(connection: Connection, revision: int, target: int) -> None:
    table = schema.edit_articles
    same = select(table.c.article_id, literal(revision)).where(table.c.revision == target)
    connection.execute(insert(table).from_select(["article_id", "revision"], same))


def write_size(connection: Connection, saved: SavedEdit) -> None:
    """Note how large an edit became, and what it was about, when the end was reached."""
    table = schema.edits
    connection.execute(
        table.update()
        .where(table.c.revision == saved.revision)
        .values(size=saved.size, detail=saved.edit.detail, article_id=saved.edit.article_id)
    )


def _entries() -> Select[Any]:
    return select(schema.edits)


def find(connection: Connection, edit_id: str) -> SavedEdit | None:
    """Return the saved edit with the id *edit_id*, or None; one that is not small bare."""
    row = connection.execute(_BY_ID, {"wanted": edit_id}).first()
    return None if row is None else _loaded(connection, row, SMALL)


def entry(
    connection: Connection, revision: int, at_most: int | None = None
) -> tuple[SavedEdit, int | None]:
    """Return the edit saved as *revision*, and its parent on the stack.

    Its changes are left out where there are more than *at_most*: :func:`pieces` yields them.
    Raises KeyError where there is no such edit.
    """
    row = connection.execute(_ENTRY, {"wanted": revision}).first()
    if row is None:
        raise KeyError(revision)
    return _loaded(connection, row, at_most), row.parent


def entries_since(connection: Connection, revision: int) -> list[SavedEdit]:
    """Return the edits saved after *revision*, oldest first, with their changes."""
    table = schema.edits
    query = _entries().where(table.c.revision > revision).order_by(table.c.revision)
    return [_loaded(connection, row) for row in connection.execute(query).all()]


def articles_since(connection: Connection, revision: int) -> set[str]:
    """Return the ids of the articles that were changed after *revision*."""
    about = schema.edit_articles
    query = select(about.c.article_id).where(about.c.revision > revision).distinct()
    return set(connection.execute(query).scalars())


def newest(connection: Connection, article_id: str) -> int:
    """Return the revision of the newest edit of an article; 0 where there is none."""
    about = schema.edit_articles
    query = select(func.max(about.c.revision)).where(about.c.article_id == article_id)
    return connection.execute(query).scalar() or 0


def history(
    connection: Connection,
    limit: int | None,
    before: int | None,
    article_id: str | None,
    action: str | None,
    author: str | None = None,
) -> list[SavedEdit]:
    """Return edits without their changes, newest first, those before a revision."""
    table = schema.edits
    query = _entries().order_by(table.c.revision.desc()).limit(limit)
    if before is not None:
        query = query.where(table.c.revision < before)
    if article_id is not None:
        about = schema.edit_articles
        query = query.join(about, about.c.revision == table.c.revision)
        query = query.where(about.c.article_id == article_id)
    if action is not None:
        query = query.where(table.c.action == action)
    if author is not None:
        query = query.where(table.c.author == author)
    return [_saved(row, ()) for row in connection.execute(query)]


def _loaded(connection: Connection, row: Row[Any], at_most: int | None = None) -> SavedEdit:
    return with_changes(connection, _saved(row, ()), at_most)


def with_changes(connection: Connection, bare: SavedEdit, at_most: int | None = None) -> SavedEdit:
    """Return an edit with what it changes; bare where that is more than *at_most* changes."""
    if at_most is not None and bare.size > at_most:
        return bare
    changes = tuple(chain.from_iterable(pieces(connection, bare)))
    return replace(bare, edit=replace(bare.edit, changes=changes))


def _saved(row: Row[Any], changes: tuple[Change, ...]) -> SavedEdit:
    place = None if row.place_start is None else Fragment(row.place_start, row.place_end)
    edit = Edit(
        id=row.id,
        action=row.action,
        changes=changes,
        detail=row.detail,
        author=row.author,
        time=row.time,
        article_id=row.article_id,
        place=place,
    )
    return SavedEdit(row.revision, edit, row.kind, row.target, row.size)


def pieces(connection: Connection, saved: SavedEdit) -> Iterator[list[Change]]:
    """Yield the changes of an edit in their order, up to some thousand at a time.

    Between two pieces the records may be changed: nothing is kept open.
    """
    of = saved.revision if saved.target is None else saved.target
    last = connection.execute(_LAST, {"wanted": of}).scalar()
    firsts = range(0, 0 if last is None else last + 1, ROWS)
    for first in reversed(firsts) if saved.kind == "undo" else firsts:
        which = {"wanted": of, "first": first, "last": first + ROWS - 1}
        yield _changes(connection, which, back=saved.kind == "undo")


def _changes(connection: Connection, which: Mapping[str, int], *, back: bool) -> list[Change]:
    """Return the changes in some rows, or *back* what takes them back, from the last one on."""
    bodies = connection.execute(_BODIES, which).scalars().all()
    with decoding(f"Revision {which['wanted']} of the history"):
        entries: list[Sequence[Any]] = []
        for body in bodies:
            entries += from_json(body)
        texts = _texts(connection, texts_named(entries))
        if back:
            entries = [(name, after, before) for name, before, after in reversed(entries)]
        return [from_log(item, texts) for item in entries]


def _texts(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    table = schema.texts
    found: dict[str, str] = {}
    for part in chunks(sorted(hashes)):
        query = select(table.c.sha256, table.c.text).where(table.c.sha256.in_(part))
        found.update((sha256, text) for sha256, text in connection.execute(query))
    return found
