"""Backups: whole project files, made from a running project and looked at before they count.

A backup of a project on a server is an ordinary project file, too: its rows are copied. Backups
lie outside the project's folder; the newest ones are kept, and one of each earlier day.
"""

from __future__ import annotations

import contextlib
import glob
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, select
from sqlalchemy.exc import DBAPIError

from annotator.errors import StorageError, UserError
from annotator.model import now
from annotator.store import engines, schema, search
from annotator.store.faults import Damaged, reason, told
from annotator.store.opening import table_counts
from annotator.store.places import project_folder, settle, temporary_beside, write_durably
from annotator.store.store import Store, identity

ORIGIN: Final = "origin.txt"
"""File in the backup folder of a project that says where the project lay."""

NEWEST_KEPT: Final = 5
DAYS_KEPT: Final = 14
_ROWS: Final = 1000
_ABANDONED_SECONDS: Final = 3600


def backup(store: Store, project_id: str, name: str, target: Path | None) -> Path:
    """Copy the project to *target*, or to its backup folder, and return the verified file.

    Raises UserError with the old backups untouched where that cannot be done.
    """
    rotating = target is None
    if target is None:
        folder = project_folder("backups", project_id)
        stamp = now().replace(":", "").replace(".", "-").partition("+")[0]
        safe = "".join(c if c.isalnum() or c in " -_" else "_" for c in name)[:80]
        target = folder / f"{safe} {stamp}.annotator"
    target = target.expanduser().absolute()
    _check_target(store, target)
    temporary = temporary_beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(target, all_of_folder=rotating)
        with told(str(target)):
            counts = write_copy(store, temporary)
        verify(temporary, counts)
        settle(temporary, target)
    except OSError as error:
        raise StorageError(
            f"The backup {target} cannot be written: {(error.strerror or str(error)).lower()}. "
            "The project and earlier backups are as they were."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            for path in (temporary, temporary.with_name(f"{temporary.name}-journal")):
                path.unlink(missing_ok=True)
    if rotating:
        with contextlib.suppress(OSError):
            write_durably(target.parent / ORIGIN, store.location.encode())
        _rotate(target.parent)
    return target


def _check_target(store: Store, target: Path) -> None:
    if target.is_dir() or (target.exists() and not target.is_file()):
        raise UserError(f"{target} is not a file. Choose a file name for the backup.")
    if target.exists() and store.path is not None and identity(target) == identity(store.path):
        raise UserError(f"{target} is the project itself. Choose another place for the backup.")


def _clear_leftovers(target: Path, *, all_of_folder: bool) -> None:
    """Remove what backups left that were killed half-way.

    In the backup folder each has its own name; there the young ones may still be at work.
    """
    pattern = ".*.part*" if all_of_folder else f".{glob.escape(target.name)}.*.part*"
    for path in target.parent.glob(pattern):
        if not all_of_folder or time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
            path.unlink(missing_ok=True)


def write_copy(store: Store, temporary: Path) -> dict[str, int]:
    """Copy the project to a new file, and return the number of rows of each table."""
    if store.path is None:
        return _copy_rows(store, temporary)
    with store.reading() as connection, closing(_connect(temporary)) as target:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        counts = table_counts(connection)
        try:
            source.backup(target)
        except sqlite3.Error as error:
            wrapped = DBAPIError("backup", None, error)
            raise StorageError(f"The backup cannot be made: {reason(wrapped)}.") from error
        target.execute("DELETE FROM leases")
    return {**counts, "leases": 0}


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    return connection


def _copy_rows(store: Store, temporary: Path) -> dict[str, int]:
    """Copy the rows of a project on a server into a new project file."""
    temporary.touch(exist_ok=False)
    engine = engines.sqlite_engine(temporary, writing=True)
    try:
        with store.reading() as source, engine.begin() as target:
            schema.create_tables(target)
            target.execute(schema.migration.delete())
            for table in schema.metadata.sorted_tables:
                if table is not schema.leases:
                    for rows in _rows(source, table):
                        target.execute(table.insert(), rows)
            search.rebuild(target)
            counts = table_counts(source)
    finally:
        engine.dispose()
    return {**counts, "leases": 0}


def _rows(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = source.execute(select(table), execution_options={"yield_per": _ROWS})
    parts: Iterator[Sequence[Row[Any]]] = result.partitions(_ROWS)
    for rows in parts:
        yield [dict(row._mapping) for row in rows]


def verify(path: Path, counts: dict[str, int] | None = None) -> None:
    """Open a copy and read all of it. Raises StorageError unless it is whole."""
    engine = engines.sqlite_engine(path, writing=False)
    try:
        with told(str(path)), engine.connect() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            found = table_counts(connection)
    finally:
        engine.dispose()
    if list(said) != ["ok"] or broken is not None:
        raise Damaged(f"The copy {path} is damaged, so it does not count as a backup.")
    if counts is not None and found != counts:
        raise StorageError(f"The copy {path} is not complete, so it does not count as a backup.")


def backups(project_id: str) -> list[Path]:
    """Return the backups of a project in its backup folder, newest first."""
    folder = project_folder("backups", project_id)
    return sorted(folder.glob("*.annotator"), key=stamp, reverse=True)


def backups_of(location: str) -> list[Path]:
    """Return the backups of what lay at *location* when they were made, newest first.

    For projects that cannot say any more which one they are.
    """
    found: list[Path] = []
    for origin in project_folder("backups", "x").parent.glob(f"*/{ORIGIN}"):
        with contextlib.suppress(OSError):
            if origin.read_bytes() == location.encode():
                found += origin.parent.glob("*.annotator")
    return sorted(found, key=stamp, reverse=True)


def stamp(path: Path) -> str:
    """Return when a backup was made, as it stands in its name."""
    return path.stem.rpartition(" ")[2]


def _rotate(folder: Path) -> None:
    """Keep the newest backups and the last one of each of the days before."""
    found = sorted(folder.glob("*.annotator"), key=stamp, reverse=True)
    days: dict[str, Path] = {}
    for path in found:
        days.setdefault(stamp(path)[:10], path)
    kept = {*found[:NEWEST_KEPT], *list(days.values())[:DAYS_KEPT]}
    for path in found:
        if path not in kept:
            path.unlink(missing_ok=True)
