"""A disk on which the n-th change fails, be it made by SQLite or by the program's own files.

What SQLite does passes :mod:`tests.store.faulty_disk`; what Python's files and the functions of
:mod:`os` do passes here. Both are counted together, and the one with the wanted number is refused.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import pytest

from tests.store.faulty_disk import FULL, IOERR_WRITE, Disk, mounted

_CHANGES: Final = ("fsync", "replace", "rename", "link", "mkdir", "sendfile", "copy_file_range")
_WRITES: Final = frozenset("wxa+")


class Fate:
    """Counts changes of the disk and refuses one of them, or all from one on."""

    def __init__(
        self, at: int = 0, *, forever: bool = False, full: bool = False, quota: bool = False
    ) -> None:
        self._at = at
        self._forever = forever
        self.code = FULL if full else IOERR_WRITE
        # SQLite tells a quota as it tells other errors of writing (seekAndWrite in its os_unix.c).
        self._errno = errno.ENOSPC if full else errno.EDQUOT if quota else errno.EIO
        self.seen = 0
        self.refused = 0
        self.active = True

    def refuses(self) -> bool:
        """Count one change, and tell whether it is to fail."""
        if not self.active:
            return False
        self.seen += 1
        fails = self.seen == self._at or (self._forever and self.seen > self._at > 0)
        self.refused += fails
        return fails

    def pass_by(self) -> None:
        """Count one change. Raises OSError where it is to fail."""
        if self.refuses():
            raise OSError(self._errno, os.strerror(self._errno))


class _SqliteDisk(Disk):
    """What SQLite does counts with the rest; the contents need not be kept."""

    fate: Fate

    def refuses(self, kind: str) -> bool:
        self.ops.clear()
        return kind != "delete" and self.fate.refuses()


class _Raw(io.FileIO):
    fate: Fate

    def write(self, data: Any) -> int:
        self.fate.pass_by()
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        self.fate.pass_by()
        return super().truncate(size)


@contextmanager
def failing(fate: Fate, folder: Path) -> Iterator[Fate]:
    """Let changes below *folder* pass *fate*."""
    disk = _SqliteDisk(code=fate.code)
    disk.fate = fate
    with mounted(disk), pytest.MonkeyPatch.context() as patch:
        real = io.open
        patch.setattr(io, "open", _opener(real, fate, folder))
        patch.setattr(builtins, "open", _opener(real, fate, folder))
        for name in _CHANGES:
            if hasattr(os, name):
                patch.setattr(os, name, _counted(getattr(os, name), fate, folder))
        yield fate


def _counted(real: Callable[..., Any], fate: Fate, folder: Path) -> Callable[..., Any]:
    def change(*arguments: Any, **more: Any) -> Any:
        places = [str(item) for item in arguments if isinstance(item, str | os.PathLike)]
        if not places or any(place.startswith(str(folder)) for place in places):
            fate.pass_by()
        return real(*arguments, **more)

    return change


def _opener(real: Callable[..., Any], fate: Fate, folder: Path) -> Callable[..., Any]:
    def opened(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **more: Any) -> Any:
        ours = isinstance(file, str | os.PathLike) and str(file).startswith(str(folder))
        if not ours or not _WRITES & set(mode):
            return real(file, mode, buffering, *rest, **more)
        fate.pass_by()
        raw = _Raw(cast("str", file), mode.replace("b", "").replace("t", ""))
        raw.fate = fate
        kind = io.BufferedRandom if "+" in mode else io.BufferedWriter
        return kind(raw) if "b" in mode else io.TextIOWrapper(kind(raw), *rest, **more)

    return opened
