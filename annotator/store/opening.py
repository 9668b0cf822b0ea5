"""Making and opening projects: what lies at a location is looked at before anything is written."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, inspect, select, update
from sqlalchemy.exc import DBAPIError

from annotator.errors import StorageError, UserError
from annotator.model import SchemeVersion, new_id, now
from annotator.store import engines, journals, schema
from annotator.store.faults import Damaged, fault_of, is_damage, reason, told
from annotator.store.members import member_of
from annotator.store.store import Store, identity

SUFFIX: Final = ".annotator"


class NotAProject(UserError):
    """What lies there is something else; it was not touched."""


class NewerProject(UserError):
    """A newer Annotator made it; it was not touched."""


class OlderProject(UserError):
    """An older Annotator made it: it has to be upgraded before it can be used."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a project says about itself before it is opened."""

    version: int
    min_reader: int


def create(location: Path | str, scheme: SchemeVersion, title: str) -> Store:
    """Make an empty project. Raises UserError where something lies at *location* already."""
    if engines.is_url(location):
        return _create_on_server(str(location), scheme, title)
    path = Path(location).expanduser().absolute()
    if path.exists() or path.is_symlink():
        raise UserError(
            f"{path} exists already. Open it, or choose another name for the new project."
        )
    try:
        # Exclusive: of two programs that make the same project, one has to lose.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    except OSError as error:
        raise StorageError(
            f"The project {path} cannot be made: {_os_reason(error)}. Choose another folder."
        ) from error
    with contextlib.ExitStack() as if_it_fails:
        if_it_fails.callback(path.unlink, missing_ok=True)
        writer = engines.sqlite_engine(path, writing=True)
        if_it_fails.callback(writer.dispose)
        _fill(writer, str(path), scheme, title or path.stem)
        if_it_fails.pop_all()
    reader = engines.sqlite_engine(path, writing=False)
    return Store(str(path), str(path), reader, writer, path, identity(path))


def _create_on_server(url: str, scheme: SchemeVersion, title: str) -> Store:
    writer = engines.postgres_engine(url, writing=True)
    shown = engines.shown(url)
    with contextlib.ExitStack() as if_it_fails:
        if_it_fails.callback(writer.dispose)
        with told(shown):
            if _has_tables(writer):
                raise UserError(f"There is a project at {shown} already. Open it instead.")
        _fill(writer, shown, scheme, title or str(writer.url.database))
        if_it_fails.pop_all()
    return Store(url, shown, engines.postgres_engine(url, writing=False), writer)


def _fill(writer: Engine, location: str, scheme: SchemeVersion, title: str) -> None:
    with told(location), writer.begin() as connection:
        schema.create_tables(connection)
        connection.execute(
            schema.project.insert(),
            {
                "one": 1,
                "id": new_id(),
                "title": title,
                "created": now(),
                "revision": 0,
                "schema": schema.SCHEMA_VERSION,
                "min_reader": schema.SCHEMA_VERSION,
                "min_writer": schema.SCHEMA_VERSION,
            },
        )
        row = {"id": scheme.id, "number": scheme.number, "toml": scheme.toml}
        connection.execute(schema.scheme.insert(), row)


def open_store(location: Path | str, *, read_only: bool = False, older: bool = False) -> Store:
    """Open a project. Raises UserError that says what lies there where it is none.

    *older* takes a file of an older version as well: for looking into backups and copying them.
    """
    if engines.is_url(location):
        return _open_on_server(str(location), read_only=read_only)
    path = checked_path(location)
    reader = engines.sqlite_engine(path, writing=False)
    with contextlib.ExitStack() as if_it_fails:
        if_it_fails.callback(reader.dispose)
        header = file_header(reader, path)
        if not older or header.version > schema.SCHEMA_VERSION:
            check_version(header, str(path), read_only=read_only)
        if not read_only:
            refuse_foreign_parts(reader, path)
        if_it_fails.pop_all()
    writer = None if read_only else engines.sqlite_engine(path, writing=True)
    return Store(str(path), str(path), reader, writer, path, identity(path))


def refuse_stale_journal(location: Path | str) -> None:
    """Raise StorageError where opening a file would take back what was saved in it."""
    if not engines.is_url(location):
        journals.refuse_stale(checked_path(location))


def is_writable(store: Store) -> bool:
    """Return whether the file takes a transaction: medium, permissions and folder all matter.

    Raises NoRoom where the disk is full, and Damaged where the file is not whole.
    """
    if store.path is None or store.writer is None:
        return store.writer is not None
    folder = store.path.parent
    # The journal lies beside the file; without it no commit is possible.
    if not (os.access(store.path, os.W_OK) and os.access(folder, os.W_OK)):
        return False
    try:
        with store.writer.connect() as connection:
            transaction = connection.begin()
            connection.execute(update(schema.project).values(one=1))
            transaction.rollback()
    except DBAPIError as error:
        name = getattr(error.orig, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
            return False
        message = f"The project {store.location} cannot be changed: {reason(error)}."
        raise fault_of(error.orig)(message) from error
    return True


def checked_path(location: Path | str) -> Path:
    """Return the real path of a file that may be a project."""
    path = Path(location).expanduser().absolute()
    try:
        found = path.stat()
    except OSError as error:
        hint = ""
        if isinstance(error, FileNotFoundError):
            hint = " Was it moved or renamed, or is its disk not connected?"
        raise UserError(
            f"The project {path} cannot be opened: {_os_reason(error)}.{hint}"
        ) from error
    if path.is_dir():
        raise NotAProject(f"{path} is a folder, not a project file (NAME{SUFFIX}).")
    if not path.is_file():
        raise NotAProject(f"{path} is not an ordinary file, so it cannot be a project.")
    if found.st_size == 0:
        raise NotAProject(
            f"{path} is empty, so it is no project. If it was one, go back to a backup."
        )
    return path.resolve()


def _os_reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def file_header(reader: Engine, path: Path) -> Header:
    """Return what the file at *path* says it is. Raises NotAProject for everything foreign."""
    try:
        with reader.connect() as connection:
            application = _pragma(connection, "application_id")
            version = _pragma(connection, "user_version")
            if application != schema.APPLICATION_ID:
                raise NotAProject(
                    f"{path} is a database of another program, not an Annotator project."
                )
            row = connection.exec_driver_sql("SELECT min_reader FROM project").first()
    except UnicodeDecodeError as error:
        raise Damaged(f"The project {path} is damaged. Go back to a backup.") from error
    except DBAPIError as error:
        cause = error.orig
        name = getattr(cause, "sqlite_errorname", "") or ""
        if name == "SQLITE_NOTADB":
            raise NotAProject(f"{path} is not an Annotator project.") from error
        if isinstance(cause, sqlite3.Error) and name == "SQLITE_ERROR":
            raise NotAProject(
                f"{path} lacks the tables of a project, so it is damaged. Go back to a backup."
            ) from error
        fault = Damaged if is_damage(cause) else StorageError
        raise fault(f"The project {path} cannot be opened: {reason(error)}.") from error
    if row is not None and not isinstance(row[0], int):
        raise Damaged(
            f"The project {path} is damaged: it does not say which Annotator can read it. "
            "Go back to a backup."
        )
    return Header(version, version if row is None else row[0])


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())


def check_version(header: Header, location: str, *, read_only: bool) -> None:
    """Raise NewerProject or OlderProject where this program must not go on."""
    if header.version > schema.SCHEMA_VERSION:
        if read_only and header.min_reader <= schema.SCHEMA_VERSION:
            return
        raise NewerProject(
            f"{location} was made by a newer Annotator (format {header.version}; this one knows "
            f"{schema.SCHEMA_VERSION}). It was not changed. Install the newer Annotator."
        )
    if header.version < schema.SCHEMA_VERSION:
        raise OlderProject(
            f"{location} was made by an older Annotator (format {header.version}). "
            "Upgrade it first: annotator upgrade PROJECT makes a backup and keeps everything."
        )


def foreign_parts(connection: Connection) -> list[str]:
    """Return the triggers, views, tables and indexes of a file that a project does not have."""
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema").all()
    return [f"{kind} {name}" for kind, name, sql in rows if not _is_ours(kind, name, sql)]


def _is_ours(kind: str, name: str, sql: str | None) -> bool:
    if kind == "index":
        return sql is None or _PLAIN_INDEX.fullmatch(sql) is not None
    if kind == "view" or name == "fulltext":
        return sql in schema.SQLITE_SEARCH
    known = name in schema.metadata.tables or name in _BESIDE
    return kind == "table" and known and not _ACTING.search(str(sql))


_BESIDE: Final = {
    "sqlite_sequence",
    "sqlite_stat1",
    "sqlite_stat4",
    *(f"fulltext_{part}" for part in ("data", "idx", "docsize", "config")),
}
"""Tables that SQLite makes by itself."""

_PLAIN_INDEX: Final = re.compile(
    r'CREATE (UNIQUE )?INDEX "?\w+"? ON "?\w+"? \(\w+(, \w+)*\)( WHERE \w+ IS NOT NULL)?'
)
"""An index over columns; one over an expression runs it at every change."""

_ACTING: Final = re.compile(r"\b(VIRTUAL|AS|CONFLICT|CASCADE|SET)\b", re.IGNORECASE)
"""What makes a table change by itself: modules, generated columns, what keys and checks do."""


def refuse_foreign_parts(reader: Engine, path: Path) -> None:
    """Raise StorageError where something in the file would run when it is written."""
    with told(str(path)), reader.connect() as connection:
        found = foreign_parts(connection)
    if found:
        raise StorageError(
            f"{path} holds parts that no project has ({', '.join(found[:3])}). They could change "
            "data behind your back, so it is not opened for writing. Open it for reading only, "
            "or go back to a backup."
        )


def _open_on_server(url: str, *, read_only: bool) -> Store:
    reader = engines.postgres_engine(url, writing=False)
    shown = engines.shown(url)
    with contextlib.ExitStack() as if_it_fails, told(shown):
        if_it_fails.callback(reader.dispose)
        if not _has_tables(reader):
            raise NotAProject(f"There is no Annotator project at {shown}.")
        check_version(server_header(reader), shown, read_only=read_only)
        with reader.connect() as connection:
            member = member_of(connection)
        if_it_fails.pop_all()
    writer = None if read_only else engines.postgres_engine(url, writing=True)
    return Store(url, shown, reader, writer, member=member)


def server_header(engine: Engine) -> Header:
    """Return what the project on a server says it is."""
    table = schema.project
    with engine.connect() as connection:
        row = connection.execute(select(table.c.schema, table.c.min_reader)).one()
    return Header(int(row[0]), int(row[1]))


def _has_tables(engine: Engine) -> bool:
    with engine.connect() as connection:
        return inspect(connection).has_table("project", schema=schema.POSTGRES_SCHEMA)


def table_counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows of every table of a project."""
    tables: Sequence[Any] = schema.metadata.sorted_tables
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in tables
    }
