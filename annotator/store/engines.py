"""Connections to a project: how SQLite and PostgreSQL are set up.

A file has two engines. The writing one begins every transaction with ``BEGIN IMMEDIATE``, so that
it never has to give up half-way; the reading one cannot write at all. The rollback journal makes a
plain copy of the file a whole project, and ``synchronous=EXTRA`` makes a commit survive power loss.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

from annotator.errors import StorageError, UserError
from annotator.store import addresses
from annotator.store.schema import POSTGRES_SCHEMA

OLDEST_SQLITE: Final = (3, 37, 0)
"""STRICT tables."""

BUSY_SECONDS: Final = 5.0
CACHE_KIBIBYTES: Final = 64_000
"""Up to here a transaction locks nobody out before it commits."""


def is_url(location: Path | str) -> bool:
    """Return whether *location* names a PostgreSQL server rather than a file."""
    return str(location).startswith(("postgresql:", "postgresql+psycopg:", "postgres:"))


def sqlite_engine(path: Path, *, writing: bool, references: bool = True) -> Engine:
    """Return an engine for the file at *path*, which must exist.

    Without *references* foreign keys are not watched: while tables are made anew they cannot hold.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise UserError(
            f"This Python brings SQLite {sqlite3.sqlite_version}; Annotator needs 3.37 or newer. "
            "Install a newer Python."
        )

    known: list[tuple[int, int]] = []

    def connect() -> sqlite3.Connection:
        # A reader opens the file for writing as well, because it may have to roll back what a
        # killed program left; query_only keeps it from anything else.
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        pragmas = [*_PRAGMAS, f"foreign_keys = {int(references)}"]
        pragmas += _WRITING if writing else ("query_only = ON",)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        found = path.stat()
        known.append((found.st_dev, found.st_ino))
        if known[-1] != known[0]:
            connection.close()
            raise StorageError(
                f"Another file was put in the place of {path} while it was open. Put the old file "
                "back, or save a copy elsewhere."
            )
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute(begin)

    return engine


_PRAGMAS: Final = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    f"cache_size = -{CACHE_KIBIBYTES}",
)

_WRITING: Final = ("journal_mode = DELETE", "synchronous = EXTRA")


def postgres_engine(url: str, *, writing: bool) -> Engine:
    """Return an engine for the database at *url*; readers see one state per transaction."""
    address = addresses.read(url)
    try:
        import psycopg
    except ImportError as error:
        raise UserError(
            "Projects on a PostgreSQL server need the extra 'postgres' of Annotator: "
            "install annotator-desktop[postgres]."
        ) from error
    del psycopg
    arguments: dict[str, Any] = {
        **address.settings,
        "options": f"-csearch_path={POSTGRES_SCHEMA}",
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "application_name": "annotator",
    }
    return create_engine(
        address.url,
        connect_args=arguments,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED" if writing else "REPEATABLE READ",
    )


def shown(url: str) -> str:
    """Return *url* as it may stand in a message: without a password."""
    return make_url(url).render_as_string(hide_password=True)
