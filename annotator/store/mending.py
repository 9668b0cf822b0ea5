"""What every project file has alike, put right in a copy whose own is damaged.

Without the first hundred bytes (https://sqlite.org/fileformat.html#the_database_header) and the
pages that tell where which table lies, SQLite reads nothing of a file that is whole otherwise.
"""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

_MAGIC: Final = b"SQLite format 3\x00"
_PAGE_SIZES: Final = tuple(512 << power for power in range(7))
_USUAL_PAGE: Final = 4096


def mend_header(copy: Path) -> None:
    """Write the parts of the header that are the same in every project, or follow from the size."""
    size = copy.stat().st_size
    if size < _USUAL_PAGE:
        return
    with copy.open("r+b") as file:
        header = bytearray(file.read(100))
        page = int.from_bytes(header[16:18])
        if page not in _PAGE_SIZES or size % page:
            page = _USUAL_PAGE
        header[0:16] = _MAGIC
        header[16:18] = page.to_bytes(2)
        # Rollback journal, no reserved space, the fractions of payload that the format fixes.
        header[18:24] = bytes((1, 1, 0, 64, 32, 32))
        header[28:32] = (size // page).to_bytes(4)
        header[44:48] = (4).to_bytes(4)
        header[52:60] = bytes(4) + (1).to_bytes(4)
        header[64:68] = bytes(4)
        header[72:92] = bytes(20)
        header[92:96] = header[24:28]
        file.seek(0)
        file.write(header)


def take_schema(copy: Path, new: Path) -> None:
    """Put the pages that tell where the tables lie from a *new* project into *copy*.

    In projects that this version made the tables lie at the same places.
    """
    pages = [1]
    with closing(sqlite3.connect(new)) as connection, contextlib.suppress(sqlite3.Error):
        asked = "SELECT pageno FROM dbstat WHERE name IN ('sqlite_schema', 'sqlite_master')"
        pages = [row[0] for row in connection.execute(asked)] or pages
    fresh = new.read_bytes()
    with copy.open("r+b") as file:
        for number in pages:
            begin = (number - 1) * _USUAL_PAGE
            skipped = 100 if number == 1 else 0
            file.seek(begin + skipped)
            file.write(fresh[begin + skipped : begin + _USUAL_PAGE])
