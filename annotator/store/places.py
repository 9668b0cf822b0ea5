"""Where drafts and backups lie, away from the project's own folder, and how to write safely."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import Final

from annotator.model import new_id

MOUNTS: Final = Path("/proc/self/mounts")
"""What is mounted where, on Linux (see proc(5))."""

_NETWORKS: Final = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "fuse.sshfs", "fuse.rclone", "davfs")
_CLOUDS: Final = ("Dropbox", "OneDrive", "Google Drive", "iCloud", "Nextcloud", "ownCloud")


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


def network_of(path: Path, mounts: Path = MOUNTS) -> str:
    """Return what makes the folder of *path* one that other machines share; empty where nothing.

    That is the kind of its file system, or the name of a folder that a program sends to a cloud.
    Locks may not work there, and copies of the same file may come to differ.
    """
    for folder in path.parents:
        if folder.name.startswith(_CLOUDS):
            return folder.name
    try:
        lines = mounts.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    found = ("", "")
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = re.sub(r"\\([0-7]{3})", lambda digits: chr(int(digits[1], 8)), parts[1])
        if path.is_relative_to(place) and len(place) >= len(found[0]):
            found = (place, parts[2])
    kind = found[1]
    return kind if kind.startswith(_NETWORKS) else ""
