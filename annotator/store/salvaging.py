"""What can still be read of a damaged project file, put into a new one.

The damaged file is never opened: a copy is, so that nothing in it changes, not even by what SQLite
does to a file whose last writer was killed. Rows are read one after another; where SQLite refuses
one, the next that can be read is looked for at growing distances. What was saved is then made
consistent by the repairs of :mod:`annotator.store.doctor`; what hangs on a lost text goes.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from annotator import schemes
from annotator.errors import StorageError, UserError
from annotator.model import new_id, now
from annotator.scheme import SchemeError, from_toml, to_record
from annotator.store import doctor, engines, mending, schema
from annotator.store.backup import verify
from annotator.store.columns import from_json
from annotator.store.faults import Unreadable, decoding
from annotator.store.logged import from_log
from annotator.store.places import settle, temporary_beside
from annotator.store.recalling import recall
from annotator.store.store import Store, identity

_SKIP_AT_MOST: Final = 1 << 20
_LOG: Final = (schema.edits, schema.changes, schema.edit_articles, schema.cursors)
_LEFT_OUT: Final = (*_LOG, schema.leases, schema.label_counts, schema.migration)
"""The log is read apart, because half a log is worse than none; the others are made anew."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came out of a damaged project."""

    target: Path
    saved: dict[str, int]
    """Rows by table that are in the new project."""
    gaps: dict[str, int]
    """Places by table at which something could not be read; how many rows lay there is unknown."""
    dropped: int
    """Rows that could be read, but stood on something that could not."""
    history: bool
    """Whether the history of edits could be read whole; where it could not, it is left out."""
    recalled: int = 0
    """Records whose place could not be read, and which the history had."""


def salvage(damaged: Path | str, target: Path) -> Salvaged:
    """Put what can be read of the file *damaged* into a new project at *target*.

    Raises UserError where nothing of a project can be read, or *target* exists or cannot be
    written; then nothing is left there.
    """
    if engines.is_url(damaged):
        raise UserError("Only a project in a file can be salvaged. Ask who runs the server.")
    source = Path(damaged).expanduser().absolute()
    target = target.expanduser().absolute()
    if target.exists() or target.is_symlink():
        raise UserError(f"{target} exists already. Choose another name for what is salvaged.")
    temporary = temporary_beside(target)
    try:
        with tempfile.TemporaryDirectory() as folder:
            copy = _copied(source, Path(folder))
            found = _pour(copy, temporary, source.stem)
        more = _mend(temporary)
        verify(temporary)
        settle(temporary, target)
    except OSError as error:
        raise StorageError(
            f"What can be read of {source} cannot be put into {target}: "
            f"{(error.strerror or str(error)).lower()}. Nothing was changed."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return Salvaged(
        target, found.saved, found.gaps, found.dropped + more, found.history, found.recalled
    )


def _copied(source: Path, folder: Path) -> Path:
    copy = folder / "damaged"
    shutil.copyfile(source, copy)
    journal = source.with_name(f"{source.name}-journal")
    if journal.exists():
        shutil.copyfile(journal, folder / "damaged-journal")
    return copy


class Poured(NamedTuple):
    """What came through, and what did not; see :class:`Salvaged`."""

    saved: dict[str, int]
    gaps: dict[str, int]
    dropped: int
    history: bool
    recalled: int


def _pour(copy: Path, temporary: Path, title: str) -> Poured:
    """Make a project at *temporary* with the rows of *copy*."""
    temporary.touch(exist_ok=False)
    engine = engines.sqlite_engine(temporary, writing=True)
    try:
        with engine.begin() as connection:
            schema.create_tables(connection)
    finally:
        engine.dispose()
    mending.mend_header(copy)
    found = _pour_rows(copy, temporary, title)
    if found is None:
        mending.take_schema(copy, temporary)
        found = _pour_rows(copy, temporary, title)
    if found is None:
        raise UserError(f"Nothing of a project can be read in this file ({title}).")
    return found


def _pour_rows(copy: Path, temporary: Path, title: str) -> Poured | None:
    """Take over the rows that can be read; None where there are none that make a project."""
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(temporary)) as new:
        pouring = _Pouring(source, new)
        for table in schema.metadata.sorted_tables:
            if table not in _LEFT_OUT:
                pouring.table(table)
        if not pouring.saved.get("articles") and not pouring.saved.get("entities"):
            return None
        history = pouring.log()
        if history:
            pouring.recalled = recall(new)
        pouring.complete(title)
        new.commit()
    return Poured(pouring.saved, pouring.gaps, pouring.dropped, history, pouring.recalled)


class _Pouring:
    """Rows on their way from a damaged file into a new one."""

    def __init__(self, source: sqlite3.Connection, new: sqlite3.Connection) -> None:
        self._source = source
        self._new = new
        self._new.execute("PRAGMA foreign_keys = OFF")
        # A text that is not UTF-8 any more is a row that cannot be read.
        self._source.text_factory = lambda raw: raw.decode("utf-8")
        self.saved: dict[str, int] = {}
        self.gaps: dict[str, int] = {}
        self.dropped = 0
        self.recalled = 0
        self._read_all = False

    def table(self, table: Table) -> None:
        """Take over what can be read of *table*."""
        names = [column.name for column in table.columns]
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        insert = f'INSERT OR IGNORE INTO "{table.name}" ({columns}) VALUES ({marks})'
        kinds = [column.type for column in table.columns]
        count = 0
        for row in self._rows(table, columns):
            try:
                _look_at(row, kinds)
                count += self._new.execute(insert, row).rowcount
            except (sqlite3.Error, ValueError, TypeError, KeyError):
                # What is in the row is not what was written.
                self._gap(table)
        if count:
            self.saved[table.name] = count

    def _rows(self, table: Table, columns: str) -> Iterator[tuple[Any, ...]]:
        chosen = f'SELECT {columns} FROM "{table.name}"'
        if table.dialect_options["sqlite"]["with_rowid"] is False:
            yield from self._until_unreadable(table, chosen)
            return
        rows = f'SELECT rowid, {columns} FROM "{table.name}" WHERE rowid'
        last, skip = -1, 0
        while skip <= _SKIP_AT_MOST:
            first = True
            query = f"{rows} > {last + skip} ORDER BY rowid"
            for row in self._until_unreadable(table, query, silently=skip > 0):
                if first and skip > 1:
                    # The gap may end before this row: go back as far as it can be read.
                    back = f"{rows} > {last + skip // 2} AND rowid < {row[0]} ORDER BY rowid DESC"
                    for earlier in self._until_unreadable(table, back, silently=True):
                        yield earlier[1:]
                first = False
                last, skip = row[0], 0
                yield row[1:]
            if self._read_all:
                return
            skip = max(1, 2 * skip)

    def _until_unreadable(
        self, table: Table, query: str, *, silently: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """Yield rows up to one that cannot be read; that is a gap, if not counted already."""
        self._read_all = False
        try:
            yield from self._source.execute(query)
        except (sqlite3.Error, UnicodeDecodeError):
            if not silently:
                self._gap(table)
            return
        self._read_all = True

    def _gap(self, table: Table) -> None:
        self.gaps[table.name] = self.gaps.get(table.name, 0) + 1

    def log(self) -> bool:
        """Take over the log if all of it can be read; return whether that was so."""
        for table in _LOG:
            self.table(table)
        size = "SELECT coalesce(sum(size), 0), coalesce(max(revision), 0) FROM edits"
        made = self._new.execute(size).fetchone()
        whole = not any(table.name in self.gaps for table in _LOG) and bool(made[1])
        whole = whole and self._tells_changes()
        if not whole:
            for table in reversed(_LOG):
                self._new.execute(f'DELETE FROM "{table.name}"')
                self.saved.pop(table.name, None)
        return whole

    def _tells_changes(self) -> bool:
        """Return whether what the log holds are changes of records."""
        texts = {row[0]: "" for row in self._new.execute("SELECT sha256 FROM texts")}
        try:
            with decoding("The history"):
                for (body,) in self._new.execute("SELECT body FROM changes"):
                    for entry in from_json(body):
                        from_log(entry, texts)
        except Unreadable:
            self.gaps["changes"] = self.gaps.get("changes", 0) + 1
            return False
        return True

    def complete(self, title: str) -> None:
        """Add what every project has, and take out what stands on something that is lost."""
        if not self.saved.get("project"):
            version = schema.SCHEMA_VERSION
            row = (1, new_id(), title, now(), 0, version, version, version)
            self._new.execute("INSERT INTO project VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        latest = "SELECT coalesce(max(revision), 0) FROM edits"
        self._new.execute(f"UPDATE project SET revision = ({latest})")
        if not self._has_scheme():
            self._new.execute("DELETE FROM scheme")
            usual = to_record(schemes.load(schemes.names()[0]))
            self._new.execute(
                "INSERT INTO scheme (id, number, toml) VALUES (?, ?, ?)",
                (usual.id, usual.number, usual.toml),
            )
        for statement in _ORPHANS:
            self.dropped += self._new.execute(statement).rowcount

    def _has_scheme(self) -> bool:
        toml = self._new.execute("SELECT toml FROM scheme").fetchone()
        try:
            return toml is not None and bool(from_toml(toml[0]))
        except SchemeError:
            self.gaps["scheme"] = 1
            return False


def _look_at(row: Sequence[Any], kinds: Sequence[TypeEngine[Any]]) -> None:
    """Raise ValueError, TypeError or KeyError where a value is not what its column holds."""
    dialect = sqlite.dialect()
    for value, kind in zip(row, kinds, strict=True):
        if isinstance(kind, TypeDecorator):
            kind.process_result_value(value, dialect)


_ORPHANS: Final = (
    "DELETE FROM articles WHERE sha256 NOT IN (SELECT sha256 FROM texts)",
    "DELETE FROM layers WHERE article_id NOT IN (SELECT id FROM articles)",
    "DELETE FROM spans WHERE article_id NOT IN (SELECT id FROM articles)",
    "DELETE FROM verdicts WHERE article_id NOT IN (SELECT id FROM articles)",
    "DELETE FROM comments WHERE article_id NOT IN (SELECT id FROM articles)",
    "DELETE FROM relations WHERE source NOT IN (SELECT id FROM spans)",
    "DELETE FROM relations WHERE target NOT IN (SELECT id FROM spans)",
    "DELETE FROM relations WHERE target_entity NOT IN (SELECT id FROM entities)",
    "UPDATE spans SET entity_id = NULL WHERE entity_id NOT IN (SELECT id FROM entities)",
)
"""What stands on lost rows, in this order. Spans of a lost layer stay: they get a layer anew."""


def _mend(path: Path) -> int:
    """Let the repairs of the doctor do the rest, as an edit that can be undone.

    Returns how many rows had to go, because nothing mends what they refer to.
    """
    reader = engines.sqlite_engine(path, writing=False)
    writer = engines.sqlite_engine(path, writing=True, references=False)
    store = Store(str(path), str(path), reader, writer, path, identity(path))
    try:
        doctor.repair_structure(store)
        mended = doctor.repair_edit(doctor.check(store))
        if mended is not None:
            store.commit(mended)
        dropped = _drop_dangling(store)
        doctor.repair_structure(store)
    finally:
        store.close()
    return dropped


def _drop_dangling(store: Store) -> int:
    """Take out rows that refer to what is not there, and what then does; return how many."""
    dropped = 0
    with store.writing() as connection:
        while rows := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            gone = [(table, rowid) for table, rowid, *_ in rows if rowid is not None]
            for table, rowid in gone:
                connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))
            if not gone:
                break
            dropped += len(set(gone))
    return dropped
