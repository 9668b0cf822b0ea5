"""Backups and damage: what there is to go back to, and what can be saved of a broken project."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Final

from annotator.errors import UserError
from annotator.project import Project, is_url
from annotator.store import backup
from annotator.store.faults import Damaged
from annotator.store.places import data_folder
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
    "open_readable",
    "open_sound",
    "readable_copy",
    "restore",
    "salvage",
]


LOOKED_OVER: Final = 16 << 20
"""Bytes of a project file that are looked over while somebody waits for it to open."""


def open_sound(location: Path | str, *, author: str) -> Project:
    """Open a project as :meth:`Project.open` does, and look the file over where it is small.

    Raises Damaged, with nothing written, where it is not whole. Larger files show it when they
    are backed up.
    """
    path = None if is_url(location) else Path(location).expanduser()
    if path is not None and path.is_file() and path.stat().st_size <= LOOKED_OVER:
        with Project.open(path, author=author, read_only=True) as project:
            project.look_over()
    return Project.open(location, author=author)


def open_readable(damaged: Path | str, *, author: str) -> Project:
    """Open what can be read of a damaged project, for reading only; the file is not touched.

    Raises UserError where nothing of it can be read.
    """
    target = readable_copy(damaged)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    salvage(damaged, target)
    return Project.open(target, author=author, read_only=True)


def readable_copy(damaged: Path | str) -> Path:
    """Return where the copy lies that shows what can be read of a damaged project."""
    place = hashlib.sha256(str(damaged).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return data_folder() / "readable" / place / Path(damaged).name


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
