"""The tables of a project, version 1.

The tables of records have the columns of the records of :mod:`annotator.model`, in the same order,
so that a row becomes a record and back without a mapping of names; what is derived stands behind.
Texts lie in a table of their own under their SHA-256 and are never removed: the log of edits names
them by it, and so does not repeat them.

There are no triggers: FTS5 may not be used by one under ``trusted_schema=OFF``, so the store keeps
the full-text index in step itself, and any trigger or view that is not ours is foreign.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from annotator.store.columns import Exact, Flag, Fragments, Name, Object, Real, Strings, Zones

SCHEMA_VERSION: Final = 1
"""Stands in the project, and as ``user_version`` in the header of a file."""

REVISION: Final = "0001"
"""The same as Alembic calls it."""

APPLICATION_ID: Final = 0x414E4E4F
"""``ANNO``, in the header of every project file."""

POSTGRES_SCHEMA: Final = "annotator"
"""Where the tables lie on a server: other people's tables of the same name are left alone."""

INDEXED_CHARACTERS: Final = 200_000
"""How much of a text PostgreSQL indexes: a tsvector holds less than 1 MB."""

metadata = MetaData()


def _table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


def _reference(target: str) -> ForeignKey:
    # Deferred: the records of an edit may come in any order.
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


def _layer_reference() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["layer_id", "article_id"],
        ["layers.id", "layers.article_id"],
        deferrable=True,
        initially="DEFERRED",
    )


def _column(name: str, kind: Any, *parts: Any, **options: Any) -> Column[Any]:
    options.setdefault("nullable", False)
    return Column(name, kind, *parts, **options)


project = _table(
    "project",
    _column("one", Integer, CheckConstraint("one = 1"), primary_key=True),
    _column("id", Name),
    _column("title", Exact),
    _column("created", Name),
    _column("revision", Integer),
    _column("schema", Integer),
    _column("min_reader", Integer),
    _column("min_writer", Integer),
)

texts = _table(
    "texts",
    _column("sha256", Name, primary_key=True),
    _column("text", Exact),
    _column("length", Integer),
    _column("original", LargeBinary, nullable=True),
    _column("encoding", Name, nullable=True),
)

articles = _table(
    "articles",
    _column("id", Name, unique=True),
    _column("title", Exact),
    _column("sha256", Name, ForeignKey("texts.sha256")),
    _column("language", Name, nullable=True),
    _column("source", Exact, nullable=True),
    _column("url", Exact, nullable=True),
    _column("published", Name, nullable=True),
    _column("zones", Zones),
    _column("metadata", Object),
    _column("extra", Object),
    _column("number", Integer, primary_key=True, autoincrement=False),
    _column("title_key", Name),
    _column("search_key", Name),
    Index("articles_by_sha256", "sha256"),
    Index("articles_by_title", "title_key", "number"),
    Index("articles_by_day", "published", "number"),
)

retired = _table(
    "retired",
    _column("article_id", Name, primary_key=True),
    _column("number", Integer),
)
"""Numbers of deleted articles, so that undo brings them back to their places in the list."""

layers = _table(
    "layers",
    _column("id", Name, primary_key=True),
    _column("article_id", Name, _reference("articles.id")),
    _column("author", Name),
    _column("kind", Name),
    _column("state", Name),
    _column("note", Exact),
    _column("unsure", Flag),
    _column("extra", Object),
    UniqueConstraint("id", "article_id"),
    CheckConstraint("unsure IN (0, 1)"),
    Index("layers_by_article", "article_id", "author", "kind", "id", "state"),
    Index("layers_by_author", "author", "kind", "state"),
)

entities = _table(
    "entities",
    _column("id", Name, primary_key=True),
    _column("kind", Name),
    _column("name", Exact),
    _column("aliases", Strings),
    _column("identifiers", Object),
    _column("latitude", Real, nullable=True),
    _column("longitude", Real, nullable=True),
    _column("attributes", Object),
    _column("note", Exact),
    _column("extra", Object),
    _column("used", Integer, default=0),
    CheckConstraint("latitude BETWEEN -90 AND 90"),
    CheckConstraint("longitude BETWEEN -180 AND 180"),
)
"""``used`` is the last revision at which a span came to stand for the entity."""

spans = _table(
    "spans",
    _column("id", Name, primary_key=True),
    _column("article_id", Name),
    _column("layer_id", Name),
    _column("label", Name),
    _column("fragments", Fragments),
    _column("text", Strings),
    _column("attributes", Object),
    _column("entity_id", Name, _reference("entities.id"), nullable=True),
    _column("unsure", Flag),
    _column("note", Exact),
    _column("extra", Object),
    _column("start", Integer),
    _column("stop", Integer),
    _layer_reference(),
    CheckConstraint("start >= 0 AND start < stop"),
    CheckConstraint("unsure IN (0, 1)"),
    Index("spans_by_layer", "layer_id"),
    Index(
        "spans_by_entity",
        "entity_id",
        sqlite_where=text("entity_id IS NOT NULL"),
        postgresql_where=text("entity_id IS NOT NULL"),
    ),
)

relations = _table(
    "relations",
    _column("id", Name, primary_key=True),
    _column("article_id", Name),
    _column("layer_id", Name),
    _column("label", Name),
    _column("source", Name, _reference("spans.id")),
    _column("target", Name, _reference("spans.id"), nullable=True),
    _column("target_entity", Name, _reference("entities.id"), nullable=True),
    _column("attributes", Object),
    _column("extra", Object),
    _layer_reference(),
    CheckConstraint("target IS NOT NULL OR target_entity IS NOT NULL"),
    Index("relations_by_layer", "layer_id"),
    Index("relations_by_source", "source"),
    Index("relations_by_target", "target"),
    Index(
        "relations_by_entity",
        "target_entity",
        sqlite_where=text("target_entity IS NOT NULL"),
        postgresql_where=text("target_entity IS NOT NULL"),
    ),
)

verdicts = _table(
    "verdicts",
    _column("id", Name, primary_key=True),
    _column("article_id", Name, _reference("articles.id")),
    _column("layer_id", Name),
    _column("record_id", Name),
    _column("revision", Integer),
    _column("decision", Name),
    _column("reason", Exact),
    _column("author", Name),
    _column("time", Name),
    _column("extra", Object),
    Index("verdicts_by_article", "article_id"),
)

comments = _table(
    "comments",
    _column("id", Name, primary_key=True),
    _column("article_id", Name, _reference("articles.id")),
    _column("layer_id", Name),
    _column("record_id", Name),
    _column("text", Exact),
    _column("author", Name),
    _column("time", Name),
    _column("reply_to", Name, nullable=True),
    _column("resolved", Flag),
    _column("extra", Object),
    Index("comments_by_article", "article_id"),
)

scheme = _table(
    "scheme",
    _column("id", Name, primary_key=True),
    _column("number", Integer),
    _column("toml", Exact),
)

label_counts = _table(
    "label_counts",
    _column("layer_id", Name, primary_key=True),
    _column("label", Name, primary_key=True),
    _column("spans", Integer),
    _column("unsure", Integer),
    Index("label_counts_by_label", "label", "layer_id"),
    sqlite_with_rowid=False,
)
"""How many spans a layer has with each label: lists and filters count these, never the spans."""

edits = _table(
    "edits",
    _column("revision", Integer, primary_key=True, autoincrement=False),
    _column("id", Name, unique=True),
    _column("author", Name),
    _column("time", Name),
    _column("action", Name),
    _column("detail", Exact),
    _column("article_id", Name, nullable=True),
    _column("place_start", Integer, nullable=True),
    _column("place_end", Integer, nullable=True),
    _column("kind", Name),
    _column("target", Integer, nullable=True),
    _column("parent", Integer, nullable=True),
    _column("depth", Integer),
    _column("size", Integer),
    CheckConstraint("kind IN ('do', 'undo', 'redo')"),
)
"""The log. The changes of an undo or redo are those of its target, and are not written again.

``parent`` links an author's stack: for an edit that was done, the edit below it on the undo stack;
for an undo, the undo below it on the redo stack. ``depth`` is the height of that stack.
"""

changes = _table(
    "changes",
    _column("revision", Integer, ForeignKey("edits.revision"), primary_key=True),
    _column("chunk", Integer, primary_key=True),
    _column("body", Name),
    sqlite_with_rowid=False,
)
"""What an edit changed, some hundred records a row."""

edit_articles = _table(
    "edit_articles",
    _column("article_id", Name, primary_key=True),
    _column("revision", Integer, ForeignKey("edits.revision"), primary_key=True),
    sqlite_with_rowid=False,
)

cursors = _table(
    "cursors",
    _column("author", Name, primary_key=True),
    _column("done", Integer, ForeignKey("edits.revision"), nullable=True),
    _column("undone", Integer, ForeignKey("edits.revision"), nullable=True),
)
"""The tops of each author's two stacks: the edit to undo, and the undo to redo."""

drafts = _table(
    "drafts",
    _column("id", Name, primary_key=True),
    _column("author", Name),
    _column("time", Name),
    _column("reason", Exact),
    _column("body", Name),
)

leases = _table(
    "leases",
    _column("token", Name, primary_key=True),
    _column("host", Name),
    _column("pid", Integer),
    _column("started", Name),
    _column("author", Name),
    _column("time", Name),
    _column("file", Name),
)
"""Who has a project file open for writing; ``file`` is its device and inode."""

migration = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it."""

SEARCHABLE: Final = """\
CREATE VIEW searchable AS SELECT a.number AS number, a.title AS title, t.text AS text
FROM articles AS a JOIN texts AS t ON t.sha256 = a.sha256"""
"""The one view of a project file: what the full-text index is about."""

SQLITE_SEARCH: Final = (
    SEARCHABLE,
    """\
CREATE VIRTUAL TABLE fulltext USING fts5(title, text, content='searchable',
content_rowid='number', tokenize='unicode61 remove_diacritics 2')""",
)

POSTGRES_SEARCH: Final = (
    "ALTER TABLE texts ADD COLUMN words tsvector",
    "CREATE INDEX texts_by_words ON texts USING gin (words)",
    f"CREATE INDEX texts_long ON texts (sha256) WHERE length > {INDEXED_CHARACTERS}",
)
"""The words are cut by the store: what a server takes for a letter depends on its locale."""

SQLITE_DROP: Final = ("DROP TABLE IF EXISTS fulltext", "DROP VIEW IF EXISTS searchable")
POSTGRES_DROP: Final = (
    "DROP INDEX IF EXISTS texts_long",
    "ALTER TABLE texts DROP COLUMN IF EXISTS words",
)


def create_tables(connection: Connection, *, migrating: bool = False) -> None:
    """Make the tables, views and indexes of an empty project.

    While *migrating* the table of versions is Alembic's business.
    """
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {POSTGRES_SCHEMA}")
    tables = [table for table in metadata.sorted_tables if table is not migration]
    metadata.create_all(connection, tables, checkfirst=False)
    create_search(connection)
    if not migrating:
        migration.create(connection, checkfirst=False)
        connection.execute(migration.insert(), {"version_num": REVISION})
    if sqlite:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def create_search(connection: Connection) -> None:
    """Make the full-text index, still empty."""
    sqlite = connection.dialect.name == "sqlite"
    for statement in SQLITE_SEARCH if sqlite else POSTGRES_SEARCH:
        connection.exec_driver_sql(statement)


def drop_search(connection: Connection) -> None:
    """Remove the full-text index: migrations make tables anew, and it would stand in the way."""
    for statement in SQLITE_DROP if connection.dialect.name == "sqlite" else POSTGRES_DROP:
        connection.exec_driver_sql(statement)
