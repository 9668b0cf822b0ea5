"""A disk that fails when it is told to, between SQLite and the real one.

SQLite reaches files through a table of functions (its "VFS", https://sqlite.org/vfs.html). Here
the one that Python uses is changed in place, by ctypes, so that every write, sync, truncation and
deletion passes a :class:`Disk`, which counts them, notes them, and lets the n-th fail. No compiler
and no root is needed; what the program runs is the real SQLite on real files.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

IOERR_WRITE: Final = 778
IOERR_FSYNC: Final = 1034
FULL: Final = 13

_Method = CFUNCTYPE(c_int, c_void_p)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Number = CFUNCTYPE(c_int, c_void_p, c_int)
_Answer = CFUNCTYPE(c_int, c_void_p, POINTER(c_int))
# Names are passed on as they are: SQLite keeps more behind their end.
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)


class _Methods(Structure):
    """``sqlite3_io_methods``, version 1: what a rollback journal needs."""

    _fields_ = (
        ("version", c_int),
        ("close", _Method),
        ("read", c_void_p),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Number),
        ("size", c_void_p),
        ("lock", _Number),
        ("unlock", _Number),
        ("reserved", _Answer),
        ("control", c_void_p),
        ("sector", c_void_p),
        ("characteristics", c_void_p),
    )


class _File(Structure):
    _fields_ = (("methods", POINTER(_Methods)),)


class _Vfs(Structure):
    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("path_size", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _Open),
        ("delete", _Delete),
    )


@dataclass(frozen=True, slots=True)
class Op:
    """Something that was done to a file, as the disk saw it."""

    kind: str
    """``write``, ``truncate``, ``sync``, ``delete``, or ``lost`` for a sync that failed."""
    path: str
    offset: int = 0
    data: bytes = b""
    durable: bool = False
    """Of a deletion: whether the folder was synced after it."""


@dataclass
class Disk:
    """Counts what passes, and lets some of it fail."""

    fails: str = ""
    """Kind of what is to fail."""
    at: int = 0
    """Which of that kind fails, from 1; 0 is none."""
    forever: bool = False
    code: int = IOERR_WRITE
    short: bool = False
    """Whether half of a failing write reaches the disk."""
    locks: bool = True
    """Whether locks work; on some network folders they are granted to everybody."""
    seen: dict[str, int] = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)
    failed: int = 0

    def refuses(self, kind: str) -> bool:
        """Count one of *kind*, and return whether it is to fail."""
        number = self.seen[kind] = self.seen.get(kind, 0) + 1
        if kind != self.fails or not self.at:
            return False
        fails = number == self.at or (self.forever and number > self.at)
        self.failed += fails
        return fails


def library() -> ctypes.CDLL | None:
    """Return the SQLite that Python uses, where it is a library of its own."""
    import _sqlite3

    ours = Path(_sqlite3.__file__)
    for name in (ctypes.util.find_library("sqlite3"), str(ours)):
        if name is None:
            continue
        found = ctypes.CDLL(name)
        if hasattr(found, "sqlite3_vfs_find") and _is_ours(found):
            return found
    return None


def _is_ours(found: ctypes.CDLL) -> bool:
    import sqlite3

    found.sqlite3_libversion.restype = c_char_p
    version: bytes = found.sqlite3_libversion()
    return version.decode() == sqlite3.sqlite_version


@contextmanager
def mounted(disk: Disk) -> Iterator[Disk]:
    """Put *disk* between SQLite and the files that are opened inside."""
    found = library()
    assert found is not None
    found.sqlite3_vfs_find.restype = POINTER(_Vfs)
    found.sqlite3_vfs_find.argtypes = [c_char_p]
    vfs = found.sqlite3_vfs_find(None).contents
    layer = _Layer(disk, vfs)
    try:
        yield disk
    finally:
        layer.remove()


_KEPT: Final[list[Any]] = []
"""Functions that files may still call that were opened while a disk was mounted."""


class _Layer:
    """The changed functions of one disk."""

    def __init__(self, disk: Disk, vfs: _Vfs) -> None:
        self._disk = disk
        self._vfs = vfs
        self._open = _copy(_Open, vfs.open)
        self._delete = _copy(_Delete, vfs.delete)
        self._paths: dict[int, str] = {}
        self._real: dict[int, Any] = {}
        self._tables: dict[int, _Methods] = {}
        vfs.open = _Open(self._on_open)
        vfs.delete = _Delete(self._on_delete)
        _KEPT.append((self, vfs.open, vfs.delete))

    def remove(self) -> None:
        self._vfs.open = self._open
        self._vfs.delete = self._delete

    def _on_open(self, vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        code: int = self._open(vfs, name, file, flags, out)
        opened = ctypes.cast(file, POINTER(_File)).contents
        if code == 0 and opened.methods:
            self._paths[file] = "" if name is None else _text(name)
            at = ctypes.addressof(opened.methods.contents)
            if at not in self._tables:
                self._tables[at] = self._table(opened.methods.contents)
            opened.methods = ctypes.pointer(self._tables[at])
        return code

    def _on_delete(self, vfs: int, name: int, durable: int) -> int:
        if self._disk.refuses("delete"):
            return self._disk.code
        self._disk.ops.append(Op("delete", _text(name), durable=bool(durable)))
        return int(self._delete(vfs, name, durable))

    def _table(self, real: _Methods) -> _Methods:
        """Return the functions *real* with ours in front of some of them."""
        table = _Methods.from_buffer_copy(real)
        table.version = 1
        write, truncate = _copy(_Write, real.write), _copy(_Truncate, real.truncate)
        sync, lock = _copy(_Number, real.sync), _copy(_Number, real.lock)
        unlock, reserved = _copy(_Number, real.unlock), _copy(_Answer, real.reserved)
        disk, paths = self._disk, self._paths

        def on_write(file: int, data: int, length: int, offset: int) -> int:
            content = ctypes.string_at(data, length)
            if disk.refuses("write"):
                if disk.short:
                    write(file, data, length // 2, offset)
                return disk.code
            disk.ops.append(Op("write", paths[file], offset, content))
            return int(write(file, data, length, offset))

        def on_truncate(file: int, size: int) -> int:
            if disk.refuses("truncate"):
                return disk.code
            disk.ops.append(Op("truncate", paths[file], size))
            return int(truncate(file, size))

        def on_sync(file: int, flags: int) -> int:
            if disk.refuses("sync"):
                disk.ops.append(Op("lost", paths[file]))
                return disk.code
            disk.ops.append(Op("sync", paths[file]))
            return int(sync(file, flags))

        def on_reserved(file: int, answer: Any) -> int:
            if disk.locks:
                return int(reserved(file, answer))
            answer[0] = 0
            return 0

        table.write, table.truncate = _Write(on_write), _Truncate(on_truncate)
        table.sync = _Number(on_sync)
        table.lock = _Number(lambda file, how: int(lock(file, how)) if disk.locks else 0)
        table.unlock = _Number(lambda file, how: int(unlock(file, how)) if disk.locks else 0)
        table.reserved = _Answer(on_reserved)
        _KEPT.append((table, write, truncate, sync, lock, unlock, reserved))
        return table


def _text(name: int) -> str:
    return ctypes.string_at(name).decode()


def _copy(kind: Any, function: Any) -> Callable[..., Any]:
    """Return *function* as one of its own, which does not change when the table does."""
    made: Callable[..., Any] = kind(ctypes.cast(function, c_void_p).value)
    return made


def after_power_loss(
    before: dict[str, bytes], ops: list[Op], cut: int, chance: random.Random
) -> dict[str, bytes]:
    """Return what files may hold when the power goes after *cut* of *ops*.

    What was written since the last sync of a file is there or not, each write for itself, and may
    be torn at a sector of 512 bytes; a deletion whose folder was not synced may not have happened.
    After a sync that failed none of that is written any more, whatever a later one says: so do
    systems that take what they could not write for clean (https://wiki.postgresql.org/wiki/Fsync_Errors).
    """
    files = {path: bytearray(data) for path, data in before.items()}
    synced = {path: bytearray(data) for path, data in before.items()}
    waiting: dict[str, list[Op]] = {}
    deleted: dict[str, bytes] = {}
    for op in ops[:cut]:
        if op.kind in ("sync", "lost"):
            late = waiting.pop(op.path, [])
            arrived = late if op.kind == "sync" else _some(late, chance)
            _apply_all(synced.setdefault(op.path, bytearray()), arrived)
        elif op.kind == "delete":
            gone = files.pop(op.path, None)
            synced.pop(op.path, None)
            waiting.pop(op.path, None)
            deleted.pop(op.path, None)
            if gone is not None and not op.durable:
                deleted[op.path] = bytes(gone)
        else:
            _apply(files.setdefault(op.path, bytearray()), op)
            waiting.setdefault(op.path, []).append(op)
    result = {path: bytearray(data) for path, data in synced.items()}
    for path, late in waiting.items():
        if arrived := _some(late, chance):
            _apply_all(result.setdefault(path, bytearray()), arrived)
    for path, data in deleted.items():
        if chance.random() < 0.5:
            result.setdefault(path, bytearray(data))
    return {path: bytes(data) for path, data in result.items()}


def _some(ops: list[Op], chance: random.Random) -> list[Op]:
    """Return what reached the disk of what was not synced."""
    return [_torn(op, chance) for op in ops if chance.random() < 0.5]


def _apply_all(content: bytearray, ops: list[Op]) -> None:
    for op in ops:
        _apply(content, op)


def _apply(content: bytearray, op: Op) -> None:
    if op.kind == "truncate":
        del content[op.offset :]
        return
    end = op.offset + len(op.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[op.offset : end] = op.data


def _torn(op: Op, chance: random.Random) -> Op:
    if op.kind != "write" or len(op.data) <= 512 or chance.random() < 0.7:
        return op
    return Op(op.kind, op.path, op.offset, op.data[: 512 * chance.randint(1, len(op.data) // 512)])
