"""Where drafts and backups lie, away from the project's own folder, and how to write safely."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from annotator.model import new_id


def data_folder() -> Path:
    """Return the person's folder for data of this program (``ANNOTATOR_HOME`` overrides it)."""
    home = os.environ.get("ANNOTATOR_HOME")
    if home:
        return Path(home) / "data"
    import platformdirs

    return Path(platformdirs.user_data_dir("annotator", appauthor=False))


def project_folder(kind: str, project_id: str) -> Path:
    """Return the folder of this program for the ``drafts`` or ``backups`` of one project."""
    # The id comes out of a file that anybody may have made: no path in it gets through.
    safe = "".join(c for c in project_id if c.isalnum() or c in "-_")[:64] or "unnamed"
    return data_folder() / kind / safe


def temporary_beside(target: Path) -> Path:
    """Return a free path on the same disk as *target*, for writing before it is renamed."""
    return target.with_name(f".{target.name}.{new_id()[-12:]}.part")


def settle(temporary: Path, target: Path) -> None:
    """Put *temporary* in the place of *target* so that a power cut leaves one of both."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make what was renamed in *folder* durable, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_durably(target: Path, data: bytes) -> None:
    """Write a whole file, or leave what was there. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_beside(target)
    try:
        temporary.write_bytes(data)
        settle(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
