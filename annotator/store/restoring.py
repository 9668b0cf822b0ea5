"""Going back to a backup: what a project file holds, how two of them differ, and the exchange.

The file that a backup replaces is kept beside it under another name, with its journal, so that
going back can itself be taken back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from annotator.errors import StorageError, UserError
from annotator.model import now
from annotator.store import backup, engines, lease, log, opening, schema
from annotator.store.faults import Damaged
from annotator.store.places import settle, sync_folder, temporary_beside
from annotator.store.store import identity
from annotator.store.values import SavedEdit

LATEST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a project file."""

    path: Path
    project_id: str
    title: str
    revision: int
    """How many edits were saved in it."""
    saved: str
    """When the last of them was saved, ISO 8601 in UTC; empty where there was none."""
    counts: dict[str, int]
    """Numbers of articles, layers, spans, relations and entities."""
    last_edit: str | None = None
    """Id of the last edit."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a project has that a backup of it has not."""

    present: Contents | None
    """None where the project itself cannot be read."""
    backup: Contents
    later: tuple[SavedEdit, ...]
    """The edits that the backup lacks, newest first; the newest :data:`LATEST_SHOWN` of them."""
    later_count: int
    forked: bool
    """Whether the backup went on by itself, so that it has edits that the project lacks."""


def contents(path: Path) -> Contents:
    """Look into a project file. Raises UserError where it cannot be read."""
    opening.refuse_stale_journal(path)
    store = opening.open_store(path, read_only=True, older=True)
    try:
        with store.reading() as connection:
            table, edits = schema.project, schema.edits
            found = connection.execute(select(table.c.id, table.c.title, table.c.revision)).one()
            last = connection.execute(
                select(edits.c.id, edits.c.time).order_by(edits.c.revision.desc()).limit(1)
            ).first()
            counts = {
                part.name: int(connection.scalar(select(func.count()).select_from(part)) or 0)
                for part in (
                    schema.articles,
                    schema.layers,
                    schema.spans,
                    schema.relations,
                    schema.entities,
                )
            }
    finally:
        store.close()
    edit_id, saved = (None, "") if last is None else (last[0], last[1])
    return Contents(path, found[0], found[1], found[2], saved, counts, edit_id)


def difference(location: Path | str, kept: Path) -> Difference:
    """Return what would be gone, and what would come, if *kept* took the project's place."""
    then = contents(kept)
    try:
        present = contents(Path(location))
        return _compared(present, then)
    except UserError:
        return Difference(None, then, (), 0, False)


def _compared(present: Contents, then: Contents) -> Difference:
    store = opening.open_store(present.path, read_only=True, older=True)
    try:
        with store.reading() as connection:
            edits = schema.edits
            shared = connection.scalar(select(edits.c.revision).where(edits.c.id == then.last_edit))
            later = edits.c.revision > (shared or 0)
            count = connection.scalar(select(func.count()).select_from(edits).where(later))
            newest = log.history(connection, min(int(count or 0), LATEST_SHOWN), None, None, None)
    finally:
        store.close()
    forked = shared is None and then.last_edit is not None
    return Difference(present, then, tuple(newest), int(count or 0), forked)


def restore(location: Path | str, kept: Path, *, take_over: bool = False) -> Path | None:
    """Put a copy of the backup *kept* in the place of the project, and return where that is now.

    None where nothing lay there. Raises UserError, with everything as it was, where another
    program has the project open, the backup is not whole, or the disk refuses. *take_over* ends
    the right of a program on another machine to write it.
    """
    if engines.is_url(location):
        raise UserError(
            "A project on a server cannot be replaced from here, because others work in it. "
            f"Open the backup {kept} as a project of its own, or ask who runs the server."
        )
    target = Path(location).expanduser().absolute()
    if target.is_symlink():
        target = target.resolve()
    backup.verify(opening.checked_path(kept))
    if target.exists() and identity(target) == identity(kept):
        raise UserError(f"{kept} is the project itself, not a backup of it.")
    _refuse_in_use(target, take_over)
    temporary = temporary_beside(target)
    source = opening.open_store(kept, read_only=True, older=True)
    try:
        backup.write_copy(source, temporary)
        aside = _set_aside(target)
        settle(temporary, target)
    except OSError as error:
        raise StorageError(
            f"{target} cannot be replaced: {(error.strerror or str(error)).lower()}. "
            "The project is as it was."
        ) from error
    finally:
        source.close()
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return aside


def _refuse_in_use(target: Path, take_over: bool) -> None:
    """Raise ProjectInUse where another program writes it; what cannot be opened nobody writes."""
    try:
        store = opening.open_store(target)
    except UserError:
        return
    try:
        with contextlib.suppress(Damaged):
            if store.identity is not None and opening.is_writable(store):
                with store.writing() as connection:
                    token = lease.take(
                        connection, store.location, "", store.identity, take_over=take_over
                    )
                    lease.give_back(connection, token)
    finally:
        store.close()


def _set_aside(target: Path) -> Path | None:
    """Give the file at *target* a second name, and its journal with it.

    The journal is taken away from *target*: what comes there would be changed by it when it is
    opened first. Should all end in between, the two are whole under the second name.
    """
    if not target.exists():
        return None
    stamp = now().replace(":", "").replace(".", "-").partition("+")[0]
    aside = target.with_name(f"{target.stem} before {stamp}{target.suffix}")
    try:
        os.link(target, aside)
    except OSError:
        # Some file systems have no second names.
        shutil.copy2(target, aside)
    journal = target.with_name(f"{target.name}-journal")
    if journal.exists():
        shutil.copy2(journal, aside.with_name(f"{aside.name}-journal"))
        sync_folder(target.parent)
        journal.unlink()
    return aside
