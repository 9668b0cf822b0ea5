"""Backups and damage: what there is to go back to, and what can be saved of a broken project."""

from __future__ import annotations

import contextlib
from pathlib import Path

from annotator.errors import UserError
from annotator.project import Project
from annotator.store import backup
from annotator.store.faults import Damaged
from annotator.store.restoring import Contents, Difference, contents, difference, restore
from annotator.store.salvaging import Salvaged, salvage

__all__ = [
    "Contents",
    "Damaged",
    "Difference",
    "Salvaged",
    "back_up_if_due",
    "backups_of",
    "contents",
    "difference",
    "restore",
    "salvage",
]


def back_up_if_due(project: Project) -> Path | None:
    """Back *project* up where something was saved since its newest backup; return the new one.

    Raises StorageError where the backup cannot be written, and Damaged where the copy shows that
    the project itself is not whole.
    """
    kept = project.backups()
    if not project.revision or (kept and _revision(kept[0]) >= project.revision):
        return None
    return project.backup()


def _revision(kept: Path) -> int:
    try:
        return contents(kept).revision
    except UserError:
        # A backup that cannot be read is none.
        return -1


def backups_of(location: Path | str) -> list[Path]:
    """Return the backups of what lies at *location*, newest first, be it readable or not."""
    place = str(location)
    if "://" not in place:
        place = str(Path(place).expanduser().resolve())
    found = set(backup.backups_of(place))
    with contextlib.suppress(UserError), Project.open(place, author="", read_only=True) as project:
        found |= set(project.backups())
    return sorted(found, key=backup.stamp, reverse=True)
