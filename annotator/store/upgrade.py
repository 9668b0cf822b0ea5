"""Bringing an older project up to this version, after a verified backup, all or nothing.

One transaction holds every step and the new version number, so that a project that is killed
half-way is the old one. Rows that are there before have to be there afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from annotator.errors import StorageError
from annotator.store import backup, engines, lease, opening, schema, search
from annotator.store.faults import told
from annotator.store.store import Store, identity

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Target:
    """The version to upgrade to, and where its migrations are."""

    version: int = schema.SCHEMA_VERSION
    revision: str = schema.REVISION
    folders: Sequence[Path] = (MIGRATIONS / "versions",)


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did; the backup is None where there was nothing to do."""

    before: int
    after: int
    backup: Path | None


def upgrade(
    location: Path | str, target: Target | None = None, *, take_over: bool = False
) -> Upgraded:
    """Upgrade the project at *location*.

    *take_over* ends the right of a program on another machine to write it. Raises NewerProject
    where it is newer than this program, and StorageError, with the project as it was, where a
    step fails.
    """
    target = target or Target()
    if engines.is_url(location):
        address = str(location)
        reader = engines.postgres_engine(address, writing=False)
        shown = engines.shown(address)
        with told(shown):
            header = opening.server_header(reader)
        store = Store(address, shown, reader, engines.postgres_engine(address, writing=True))
    else:
        path = opening.checked_path(location)
        opening.refuse_stale_journal(path)
        reader = engines.sqlite_engine(path, writing=False)
        header = opening.file_header(reader, path)
        writer = engines.sqlite_engine(path, writing=True, references=False)
        store = Store(str(path), str(path), reader, writer, path, identity(path))
    try:
        if header.version >= target.version:
            opening.check_version(header, store.location, read_only=False)
            return Upgraded(header.version, header.version, None)
        if store.path is not None:
            opening.refuse_foreign_parts(reader, store.path)
        return _upgrade(store, header.version, target, take_over)
    finally:
        store.close()


def _upgrade(store: Store, version: int, target: Target, take_over: bool) -> Upgraded:
    with store.reading() as connection:
        project_id, title = connection.execute(
            select(schema.project.c.id, schema.project.c.title)
        ).one()
    kept = backup.backup(store, project_id, f"{title} before upgrade", None)
    with store.writing() as connection:
        if store.identity is not None:
            token = lease.take(connection, store.location, "", store.identity, take_over=take_over)
            lease.give_back(connection, token)
        before = opening.table_counts(connection)
        schema.drop_search(connection)
        _run(connection, target)
        schema.create_search(connection)
        search.rebuild(connection)
        _check_references(connection, store)
        after = opening.table_counts(connection)
        lost = [name for name, rows in before.items() if after.get(name, rows) < rows]
        if lost:
            raise StorageError(
                f"The upgrade of {store.location} would lose rows of {', '.join(sorted(lost))}, "
                f"so it was not done. The project is as it was; a backup is at {kept}."
            )
        connection.execute(update(schema.project).values(schema=target.version))
        if store.path is not None:
            # Last of all: until then it is a project of the old version.
            connection.exec_driver_sql(f"PRAGMA user_version = {int(target.version)}")
    return Upgraded(version, target.version, kept)


def _check_references(connection: Connection, store: Store) -> None:
    if store.path is None:
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StorageError(
            f"The upgrade of {store.location} would break the references of its table "
            f"{broken[0]}, so it was not done. The project is as it was."
        )


def _run(connection: Connection, target: Target) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    places = "\n".join(str(folder) for folder in target.folders)
    config.set_main_option("version_locations", places.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target.revision)
