"""The journal beside a project file: whether it belongs to the state that the file is in.

A program that is killed leaves one, and SQLite takes back with it what was half written. It asks
neither whose journal it is nor how old: one that came with a copy or out of a backup of the
machine takes back what was saved since, or mixes two projects. What SQLite does not ask is asked
here, before it opens the file. A journal of the very last transaction of a file, put back before
anything else is written, cannot be told from that of a killed program: one edit is lost then.

The format is that of https://www.sqlite.org/fileformat2.html#the_rollback_journal.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from annotator.errors import StorageError

_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_COUNTER: Final = slice(24, 28)
"""Where page 1 counts the transactions that changed the file."""
_UNCOUNTED: Final = 0xFFFFFFFF


def refuse_stale(path: Path) -> None:
    """Raise StorageError, with nothing touched, where a journal is not about the newest state."""
    journal = path.with_name(f"{path.name}-journal")
    before = _counter_in(journal)
    if before is None:
        return
    # The program was killed before it wrote page 1, or after.
    is_ours = _counter_of(path) in (before, (before + 1) % 2**32, None)
    # Where another program works in the file, that journal is gone by now, or another one.
    if (is_ours and not _is_foreign(path, journal)) or _counter_in(journal) != before:
        return
    raise StorageError(
        f"Beside {path} lies the file {journal.name}, which is not about its newest state: with "
        "it, what was saved since would be taken back. Nothing was changed. Move that file to "
        "another folder, then open the project again."
    )


def _counter_in(journal: Path) -> int | None:
    """Return the counter that the journal would bring back; None where it brings back none."""
    page = _page_in(journal, 1)
    return None if page is None else int.from_bytes(page[_COUNTER], "big")


def _page_in(journal: Path, wanted: int) -> bytes | None:
    """Return a page as the journal would bring it back."""
    with contextlib.suppress(OSError), journal.open("rb") as file:
        for number, size in _records(file):
            if number == wanted:
                return file.read(size)
    return None


def _records(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Go to each page in a journal, and yield its number and size."""
    start = 0
    while True:
        file.seek(start)
        header = file.read(28)
        if len(header) < 28 or not header.startswith(_MAGIC):
            return
        count, _nonce, _pages, sector, size = struct.unpack(">5I", header[8:])
        if not (32 <= sector <= 1 << 16 and 512 <= size <= 1 << 16):
            return
        at = start + sector
        if count == _UNCOUNTED:
            count = (file.seek(0, os.SEEK_END) - at) // (size + 8)
        for _ in range(count):
            file.seek(at)
            number = file.read(4)
            if len(number) < 4:
                return
            yield int.from_bytes(number, "big"), size
            at += size + 8
        start = -(-at // sector) * sector


def _counter_of(path: Path) -> int | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        # SQLite will say why it cannot be opened.
        return None
    page = os.read(descriptor, 100)
    if os.name == "nt":
        os.close(descriptor)
    # Elsewhere to close it would end every lock that this program has on the file (see fcntl(2)),
    # so it stays open: one each time that a journal is found.
    return int.from_bytes(page[_COUNTER], "big")


def _is_foreign(path: Path, journal: Path) -> bool:
    """Whether the journal would bring back the head of another project."""
    with contextlib.suppress(sqlite3.Error):
        # Immutable: SQLite looks for no journal then.
        uri = f"{path.as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            asked = "SELECT rootpage FROM sqlite_schema WHERE name = 'project'"
            (root,) = connection.execute(asked).fetchone() or (0,)
            (own,) = connection.execute("SELECT id FROM project").fetchone() or ("",)
        page = _page_in(journal, root)
        return page is not None and str(own).encode("utf-8", "replace") not in page
    return False
