"""ZIP files from elsewhere, opened with distrust; and our own, the same bytes for the same parts.

Nothing is unpacked to the disk: members are read one at a time into memory, within limits, so that
no name in the archive can reach a file.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from annotator.errors import UserError

MOST_MEMBERS: Final = 100_000
LARGEST_MEMBER: Final = 512 * 1024**2
"""Bytes of one member, unpacked."""
LARGEST: Final = 4 * 1024**3
"""Bytes of all members, unpacked."""
HIGHEST_RATIO: Final = 200
"""Of unpacked to packed size, above :data:`_SMALL` bytes: real text packs to a tenth."""
_SMALL: Final = 1024**2
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10)}
)


class Archive:
    """The members of a ZIP file that passed all checks."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path = path
        self._file = file
        self._members = {item.filename: item for item in file.infolist() if not item.is_dir()}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, in order."""
        return tuple(sorted(self._members))

    def read(self, name: str) -> bytes:
        """Return the contents of a member. Raises UserError where it is missing or damaged."""
        item = self._members.get(name)
        if item is None:
            raise UserError(f"{self._path} has no {name!r} in it.")
        try:
            with self._file.open(item) as member:
                data = member.read(item.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise UserError(f"{self._path}: {name!r} is damaged: {error}.") from error
        if len(data) != item.file_size:
            raise UserError(f"{self._path}: {name!r} is not as large as it says.")
        return data


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open the ZIP file at *path*. Raises UserError where it is none or must not be trusted."""
    try:
        with zipfile.ZipFile(path) as file:
            for reason in _suspicions(file.infolist()):
                raise UserError(f"{path} is not opened: {reason}")
            yield Archive(path, file)
    except zipfile.BadZipFile as error:
        raise UserError(f"{path} is not a ZIP file that can be read: {error}.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error


def _suspicions(items: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(items) > MOST_MEMBERS:
        yield f"it has {len(items):,} members, more than {MOST_MEMBERS:,}."
    seen: dict[str, str] = {}
    total = 0
    for item in items:
        reason = _bad_name(item.orig_filename) or _bad_kind(item)
        if reason:
            yield f"{item.orig_filename!r} {reason}."
        same = seen.setdefault(item.filename.casefold(), item.filename)
        if same is not item.filename:
            yield f"{item.filename!r} is in it twice, or differs from {same!r} in case only."
        total += item.file_size
        if item.file_size > LARGEST_MEMBER or total > LARGEST:
            yield f"unpacked it has more than {LARGEST_MEMBER // 1024**2} MB at {item.filename!r}."
        if item.file_size > _SMALL and item.file_size > HIGHEST_RATIO * item.compress_size:
            size = item.file_size / 1024**2
            yield f"{item.filename!r} would become {size:,.0f} MB when unpacked."


def _bad_name(name: str) -> str:
    parts = PurePosixPath(name).parts
    if "\0" in name or "\\" in name:
        return "has a name that is not allowed"
    if name.startswith("/") or (parts and ":" in parts[0]) or ".." in parts:
        return "would lie outside the archive"
    if any(part.partition(".")[0].strip().casefold() in _RESERVED for part in parts):
        return "has a name that Windows keeps for devices"
    if name.casefold().endswith(".zip"):
        return "is an archive inside the archive"
    return ""


def _bad_kind(item: zipfile.ZipInfo) -> str:
    mode = item.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        return "is a link or a device"
    return "is encrypted" if item.flag_bits & 1 else ""


def write(file: BinaryIO, members: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write members as a ZIP file, in the order given: the same parts give the same bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, pieces in members:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            with archive.open(info, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)
