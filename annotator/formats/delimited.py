"""Tables of articles as text: cells between commas, semicolons or tabs, as RFC 4180 quotes them.

Read as spreadsheets make them: any of four separators, a first line ``sep=;``, UTF-8 with or
without a byte order mark, UTF-16, or an encoding that the person names. Read and written row by
row, so that memory does not grow with their number.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Column, Problem, Reading, Sample, Writing, decoding, json_text
from annotator.formats.article_rows import TABLE_FATES as FATES
from annotator.formats.article_rows import (
    Columns,
    Rows,
    are_articles,
    described,
    distinct,
    fields_of,
    losses,
    spooled,
)
from annotator.formats.cells import original, safe
from annotator.formats.imported import ImportedArticle
from annotator.formats.losses import Loss
from annotator.formats.replacing import replacing

__all__ = ["FATES"]

LONGEST_CELL: Final = 64 * 1024**2
"""Characters of one cell; a quotation mark that is never closed ends here."""

_SEPARATORS: Final = ",;\t|"
_HEAD: Final = 64 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_Table = Iterator[tuple[int, list[str] | Problem]]


@dataclass(frozen=True, slots=True)
class _Dialect:
    separator: str
    stated: bool
    """Whether a line ``sep=`` before the names of the columns says it."""


def is_table(sample: Sample, separators: str = _SEPARATORS) -> bool:
    """Tell whether a file begins with the names of columns of articles, two or more of them."""
    first = sample.text.partition("\n")[0]
    if not any(one in first for one in separators) and first[:4].casefold() != "sep=":
        return False
    lines = sample.text.splitlines()
    dialect = _dialect(lines[:2], ())
    if dialect.separator not in separators:
        return False
    names = _names(lines[dialect.stated : dialect.stated + 1], dialect)
    return len(names) > 1 and len(fields_of(names)) > 1 and are_articles(names)


def _dialect(lines: list[str], asked: Iterable[str]) -> _Dialect:
    """Return how the cells are parted: as the file says, else as its names of columns tell."""
    first = lines[0] if lines else ""
    if first.casefold().startswith("sep=") and len(first.strip("\r\n")) == 5:
        return _Dialect(first[4], True)
    wanted = set(asked)

    def merits(separator: str) -> tuple[int, int, int]:
        names = _names([first], _Dialect(separator, False))
        return len(wanted & set(names)), len(fields_of(names)), len(names)

    return _Dialect(max(_SEPARATORS, key=merits), False)


def _names(lines: Iterable[str], dialect: _Dialect) -> list[str]:
    """Return the names of the columns, each once."""
    try:
        return distinct(next(_parsed(lines, dialect), []))
    except csv.Error:
        return []


def _parsed(lines: Iterable[str], dialect: _Dialect) -> Iterator[list[str]]:
    # The limit holds for the whole process; there is no other door to it.
    csv.field_size_limit(max(LONGEST_CELL, csv.field_size_limit()))
    return csv.reader(lines, delimiter=dialect.separator, strict=True)


# ---------------------------------------------------------------------------------------- reading


def read(path: Path, reading: Reading) -> Iterator[Annotated | ImportedArticle | Problem]:
    """Yield the articles of a table; those that have ids go by them. And what is wrong with rows.

    Raises UserError where no column is the text, UndecidedEncodingError among others.
    """
    with _opened(path, reading) as (names, table):
        columns = Columns.of(names, reading, path)
        rows = Rows(path)
        for number, cells in table:
            if isinstance(cells, Problem):
                yield cells
            elif len(cells) > len(names) and any(cells[len(names) :]):
                told = f"{len(cells)} cells, but there are {len(names)} columns"
                yield Problem(number, "", f"The row has {told}; it is left out.")
            else:
                row = dict(zip(names, map(original, cells), strict=False))
                yield from rows.article(number, row, columns, json_text.line(row))


def table_columns(path: Path) -> tuple[Column, ...]:
    """Return the columns of a table. Raises UserError where it cannot be read."""
    with _opened(path, Reading()) as (names, table):
        rows = (cells for _, cells in table if not isinstance(cells, Problem))
        return described(names, (list(map(original, cells)) for cells in rows))


@contextmanager
def _opened(path: Path, reading: Reading) -> Iterator[tuple[list[str], _Table]]:
    """Yield the names of the columns, and line and cells of the rows."""
    encoding = ""
    try:
        encoding = _encoding(path, reading.encoding)
        with path.open("r", encoding=encoding, newline="") as file:
            head = [file.readline(LONGEST_CELL), file.readline(LONGEST_CELL)]
            dialect = _dialect(head, reading.columns)
            lines = _Counted(chain(head[dialect.stated :], file), first=1 + dialect.stated)
            yield _names(lines, dialect), _rows(lines, dialect)
    except UnicodeError as error:
        raise UserError(f"{path} cannot be read as {encoding}: {error}.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error


class _Counted:
    """Lines, with the number of the one that came last."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self._lines = iter(lines)
        self.number = first - 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line


def _rows(lines: _Counted, dialect: _Dialect) -> _Table:
    """Yield the line on which each row begins, and its cells; rows of nothing are passed over."""
    parsed = _parsed(lines, dialect)
    while True:
        number = lines.number + 1
        try:
            cells = next(parsed, None)
        except csv.Error as error:
            reason = f"The quotation marks of its cells do not match ({error}); the rest is unread."
            yield number, Problem(number, "", reason)
            return
        if cells is None:
            return
        if any(cells):
            yield number, cells


def _encoding(path: Path, asked: str | None) -> str:
    """Return the encoding of a file, decided as :mod:`annotator.formats.decoding` does.

    The file is read through once, line by line. Raises UserError, UndecidedEncodingError among
    them.
    """
    with path.open("rb") as file:
        head = b"".join(file.readlines(_HEAD))
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        file.seek(0)
        lines = iter(lambda: file.readline(LONGEST_CELL), b"")
        odd = next((line for line in lines if not _is_utf8(line)), b"")
    return decoding.decode(head + odd, asked=asked).encoding


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# ---------------------------------------------------------------------------------------- writing


def write_rows(
    articles: Iterable[Annotated], target: Path, writing: Writing, *, separator: str, mark: bool
) -> int:
    """Write a row for each article, and return their number.

    *mark* puts a byte order mark first, without which spreadsheets take UTF-8 for something else.
    """
    cell: Callable[[str], str] = str if writing.raw_cells else safe
    with spooled(articles) as spool, replacing(target) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig" if mark else "utf-8", newline="")
        table = csv.writer(text, delimiter=separator, lineterminator="\r\n")
        table.writerow([cell(name) for name in spool.names])
        for row in spool.rows():
            table.writerow([cell(row.get(name, "")) for name in spool.names])
        text.flush()
        text.detach()
    return spool.count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles: labels and zones."""
    return losses(articles, FATES)
