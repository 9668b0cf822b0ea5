"""Looking a whole project over: its file, its tables, its log, and every record in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Integer, Table, and_, func, select, type_coerce
from sqlalchemy.exc import DBAPIError

from annotator.errors import StorageError
from annotator.model import Change, Edit, Layer, LayerKind, edit, text_hash
from annotator.scheme import Scheme, SchemeError
from annotator.store import drafts, listing, opening, reading, schema, search, tracing
from annotator.store.blame import blaming
from annotator.store.faults import Damaged, Unreadable, reason
from annotator.store.soundness import ORPHAN, unsound, unsound_entity
from annotator.store.store import Store
from annotator.store.values import ArticleQuery, Inconsistency

_BATCH: Final = 50
_PARTLY: Final = (
    "Looked at is what you may see. The history, and what others mark in articles that you label "
    "blind, is looked at by the owner of the project."
)
RECOVERED: Final = "recovered"
"""Author of the layers that a repair makes for spans whose layer is gone."""


def check(store: Store) -> list[Inconsistency]:
    """Return everything that is wrong with the project, the gravest first."""
    found: list[Inconsistency] = []
    with store.reading() as connection:
        looks = [_references, _log, _counts, _texts, _records, tracing.strayed]
        if store.member:
            # Their history has gaps where others mark what is hidden.
            looks = [look for look in looks if look not in (_log, tracing.strayed)]
        if store.path is not None:
            looks.insert(0, _file)
        for look in looks:
            try:
                with blaming(connection, store.location):
                    found += look(connection)
            except (DBAPIError, StorageError, ValueError, TypeError) as error:
                found.append(_unreadable(error))
    for part in (_index, _drafts):
        try:
            found += part(store)
        except StorageError as error:
            found.append(_unreadable(error))
    if store.member:
        # Whatever stands for it may be hidden.
        found = [item for item in found if item.code != ORPHAN]
        found.append(Inconsistency("member", _PARTLY, "info"))
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda item: order[item.severity])


def look_over(store: Store) -> None:
    """Raise Damaged where SQLite finds the file not in order; a server looks after itself."""
    if store.path is None:
        return
    with store.reading() as connection:
        said = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if said != "ok":
        last = said.splitlines()[-1]
        raise Damaged(
            f"The project {store.location} is damaged (SQLite says: {last}). Go back to a backup, "
            "or save what can be read."
        )


def _structure(code: str, message: str, *, repairable: bool = False) -> Inconsistency:
    return Inconsistency(code, message, repair="structure" if repairable else "")


def _unreadable(error: Exception) -> Inconsistency:
    cause = reason(error) if isinstance(error, DBAPIError) else str(error).rstrip(".")
    return _structure("unreadable", f"A part of the project cannot be read: {cause}.")


def _file(connection: Connection) -> Iterator[Inconsistency]:
    for line in connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
        if line != "ok":
            yield _structure("damaged", f"The file is damaged: {line}. Go back to a backup.")
    for part in opening.foreign_parts(connection):
        yield _structure("foreign-part", f"The file holds a {part}, which no project has.")


def _references(connection: Connection) -> Iterator[Inconsistency]:
    """Yield rows that refer to others that are not there, by the foreign keys of the tables."""
    for table in schema.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            pairs = [(element.parent, element.column) for element in key.elements]
            there = select(pairs[0][1]).where(and_(*(mine == other for mine, other in pairs)))
            mine = [column for column, _ in pairs]
            query = select(table).where(*(c.is_not(None) for c in mine), ~there.exists())
            for row in connection.execute(query.limit(1000)).all():
                yield _dangling(connection, table, mine[0].name, row)


def _dangling(connection: Connection, table: Table, column: str, row: Any) -> Inconsistency:
    values = row._mapping
    record_id = str(values.get("id", values.get("revision", "")))
    article_id = values.get("article_id")
    changes: tuple[Change, ...] = ()
    if column == "layer_id" and _is_free(connection, values["layer_id"], article_id):
        layer = Layer(
            id=values["layer_id"],
            article_id=values["article_id"],
            author=RECOVERED,
            kind=LayerKind.IMPORT,
        )
        changes = (Change(None, layer),)
    return Inconsistency(
        code=f"dangling-{column.removesuffix('_id').replace('_', '-')}",
        message=f"A row of {table.name} ({record_id}) refers to a {column} that is not there.",
        article_id=article_id,
        record_ids=(record_id,),
        repair="edit" if changes else "",
        changes=changes,
    )


def _is_free(connection: Connection, layer_id: str, article_id: str) -> bool:
    """Return whether a layer can be made for records that lost theirs."""
    layers, articles = schema.layers, schema.articles
    taken = connection.execute(select(layers.c.id).where(layers.c.id == layer_id)).first()
    home = connection.execute(select(articles.c.id).where(articles.c.id == article_id)).first()
    return taken is None and home is not None


def _log(connection: Connection) -> Iterator[Inconsistency]:
    table, cursors = schema.edits, schema.cursors
    newest = reading.revision(connection)
    number, highest = connection.execute(
        select(func.count(), func.coalesce(func.max(table.c.revision), 0))
    ).one()
    if highest != newest:
        yield _structure(
            "revision", f"The newest revision is {newest}, but the history ends at {highest}."
        )
    if number != highest:
        yield _structure("history-gap", f"The history lacks {highest - number} of its edits.")
    stored = select(schema.changes.c.revision).where(schema.changes.c.revision == table.c.revision)
    empty = select(table.c.revision).where(table.c.kind == "do", table.c.size > 0, ~stored.exists())
    for revision in connection.execute(empty).scalars():
        yield _structure("history-empty", f"What revision {revision} changed is not recorded.")
    for column, kind in ((cursors.c.done, "do"), (cursors.c.undone, "undo")):
        query = (
            select(cursors.c.author, column)
            .outerjoin(table, table.c.revision == column)
            .where(column.is_not(None), func.coalesce(table.c.kind, "") != kind)
        )
        for author, revision in connection.execute(query):
            yield _structure(
                "undo-cursor",
                f"Undo of {author!r} points at revision {revision}, which cannot be undone.",
                repairable=True,
            )


def _actual_counts() -> Any:
    spans = schema.spans
    return select(
        spans.c.layer_id,
        spans.c.label,
        func.count().label("spans"),
        func.sum(type_coerce(spans.c.unsure, Integer)).label("unsure"),
    ).group_by(spans.c.layer_id, spans.c.label)


def _counts(connection: Connection) -> Iterator[Inconsistency]:
    table = schema.label_counts
    actual = {(a, b): (c, int(d)) for a, b, c, d in connection.execute(_actual_counts())}
    kept = {
        (row.layer_id, row.label): (row.spans, row.unsure)
        for row in connection.execute(select(table))
    }
    if actual != kept:
        wrong = len(set(actual.items()) ^ set(kept.items()))
        yield _structure(
            "counts", f"The counts of labels are out of step in {wrong} places.", repairable=True
        )


def _texts(connection: Connection) -> Iterator[Inconsistency]:
    """Yield texts whose SHA-256 is not theirs, also those that only the history needs."""
    table = schema.texts
    used = select(schema.articles.c.id).where(schema.articles.c.sha256 == table.c.sha256)
    query = select(table.c.sha256, table.c.text).where(~used.exists())
    for sha256, text in connection.execute(query, execution_options={"yield_per": _BATCH}):
        if text_hash(text) != sha256:
            yield _structure(
                "text-changed", f"A text that the history needs ({sha256[:12]}…) was changed."
            )


def _records(connection: Connection) -> Iterator[Inconsistency]:
    try:
        scheme = reading.read_scheme(connection)
    except SchemeError as error:
        yield _structure("scheme", f"The scheme of the project cannot be used: {error}")
        return
    entities = reading.entities(connection)
    used = reading.entity_counts(connection)
    ends = schema.relations.c.target_entity
    named = set(connection.execute(select(ends).where(ends.is_not(None))).scalars())
    for entity in entities.values():
        yield from unsound_entity(entity, scheme, used.get(entity.id, 0) + (entity.id in named))
    ids = listing.article_ids(connection, ArticleQuery(), "")
    for begin in range(0, len(ids), _BATCH):
        yield from _articles(connection, ids[begin : begin + _BATCH], scheme, entities)


def _articles(
    connection: Connection, ids: Sequence[str], scheme: Scheme, entities: Collection[str]
) -> Iterator[Inconsistency]:
    try:
        batch = reading.annotated_many(connection, ids)
    except Unreadable as error:
        if len(ids) > 1:
            for id_ in ids:
                yield from _articles(connection, [id_], scheme, entities)
        else:
            yield Inconsistency("unreadable", str(error), article_id=ids[0])
        return
    for annotated in batch:
        yield from unsound(annotated, scheme, entities)


def _index(store: Store) -> Iterator[Inconsistency]:
    """Yield where the full-text index is out of step; thoroughly where the file may be written."""
    if store.path is None:
        return
    message = "The full-text index is out of step with the articles."
    with store.reading() as connection:
        indexed = connection.exec_driver_sql("SELECT count(*) FROM fulltext_docsize").scalar_one()
        articles = reading.count_of(connection, schema.articles)
    in_step = indexed == articles and (store.writer is None or _index_agrees(store))
    if not in_step:
        yield _structure("index", message, repairable=True)


def _index_agrees(store: Store) -> bool:
    try:
        with store.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO fulltext (fulltext, rank) VALUES ('integrity-check', 1)"
            )
    except Damaged:
        return False
    return True


def _drafts(store: Store) -> list[Inconsistency]:
    return drafts.unreadable(store, _id_of(store))


def _id_of(store: Store) -> str:
    with store.reading() as connection:
        return reading.project_id(connection)


def repair_edit(found: Sequence[Inconsistency]) -> Edit | None:
    """Return the edit that mends what an edit can mend, for preview; None where there is none."""
    changes: dict[tuple[str, str], Change] = {}
    for item in found:
        for change in item.changes:
            record = change.record
            known = changes.get((type(record).__name__, record.id))
            # Deleting a record mends whatever else is wrong with it.
            if known is None or change.after is None:
                changes[type(record).__name__, record.id] = change
    if not changes:
        return None
    return edit(tracing.REPAIR, changes.values(), detail=str(len(changes)))


def repair_structure(store: Store) -> None:
    """Make anew what is derived: counts, the full-text index, undo positions that lead nowhere.

    Drafts that cannot be read are set aside.
    """
    table, cursors, edits = schema.label_counts, schema.cursors, schema.edits
    with store.writing() as connection:
        connection.execute(table.delete())
        columns = ["layer_id", "label", "spans", "unsure"]
        connection.execute(table.insert().from_select(columns, _actual_counts()))
        search.rebuild(connection)
        for column, kind in ((cursors.c.done, "do"), (cursors.c.undone, "undo")):
            sound = select(edits.c.revision).where(edits.c.kind == kind)
            connection.execute(
                cursors.update()
                .where(column.is_not(None), column.not_in(sound))
                .values({column.name: None})
            )
    drafts.set_aside(store, _id_of(store))
