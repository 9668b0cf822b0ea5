"""The elements of a JSON array, one in memory at a time, however long the file is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from annotator.errors import UserError
from annotator.formats import Problem, json_text

_CHUNK: Final = 1024**2
# A string, with the mark that ends it if that is there yet; or a mark of structure.
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+("?)|[\[\]{},]', re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"


def elements(path: Path) -> Iterator[tuple[int, Any | Problem]]:
    """Yield line and value of each element of the array in a file, or the problem it has.

    A file that is no array is read as JSON Lines; one whole object is an array of one. Raises
    UserError where the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_CHUNK).removeprefix(_BOM).lstrip()
            file.seek(0)
            if start.startswith(b"["):
                for line, raw in _raw_elements(file):
                    yield line, _value(line, raw)
                return
            whole = start.startswith(b"{") and not _is_lines(start)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"{path} could not be read: {reason}. Nothing was imported.") from error
    if whole:
        yield 1, json_text.load(path)
    else:
        yield from json_text.lines(path)


def _is_lines(start: bytes) -> bool:
    """Tell whether the first line is a value of its own."""
    line, end, _ = start.partition(b"\n")
    if not end:
        return True
    try:
        json_text.loads(line)
    except ValueError:
        return False
    return True


def _value(line: int, raw: bytes | Problem) -> Any | Problem:
    if isinstance(raw, Problem):
        return raw
    try:
        return json_text.loads(raw)
    except ValueError as error:
        return Problem(line, "", str(error))


def _raw_elements(file: BinaryIO) -> Iterator[tuple[int, bytes | Problem]]:
    """Yield the line and the bytes of each element of the array that *file* begins with."""
    scan = _Scan()
    while data := file.read(max(_CHUNK, scan.waiting)):
        yield from scan.feed(data)
        if scan.closed:
            return
        if scan.waiting > json_text.LONGEST_LINE:
            size = json_text.LONGEST_LINE // 1024**2
            yield scan.reached, Problem(scan.reached, "", f"The record is longer than {size} MB.")
            return
    yield scan.reached, Problem(scan.reached, "", "The file ends in the middle of a record.")


class _Scan:
    """Cuts a growing stretch of bytes at the commas of the outermost array."""

    def __init__(self) -> None:
        self.closed = False
        self._buffer = b""
        self._from = 0
        self._depth = 0
        self._line = 1
        """Where the buffer begins."""

    @property
    def reached(self) -> int:
        """The line on which the element begins that is being read."""
        blank = len(self._buffer) - len(self._buffer.lstrip())
        return self._line + self._buffer[:blank].count(b"\n")

    @property
    def waiting(self) -> int:
        """Bytes of the element that is being read."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the elements that end in *data*."""
        self._buffer += data
        begin = 0
        while token := _TOKEN.search(self._buffer, self._from):
            mark = self._buffer[token.start() : token.start() + 1]
            if mark == b'"' and not token[1]:
                self._from = token.start()
                break
            self._from = token.end()
            if mark in b"[{":
                self._depth += 1
                if self._depth == 1:
                    begin = token.end()
            elif mark in b"]}":
                self._depth -= 1
            if self._depth > 1 or mark not in b",]":
                continue
            if self._depth == 1 and mark == b"]":
                continue
            yield from self._element(begin, token.start())
            begin = token.end()
            if self._depth == 0:
                self.closed = True
                return
        else:
            self._from = len(self._buffer)
        self._buffer = self._buffer[begin:]
        self._from -= begin

    def _element(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        piece = self._buffer[start:end]
        blank = len(piece) - len(piece.lstrip())
        line = self._line + piece[:blank].count(b"\n")
        self._line += piece.count(b"\n")
        if piece.strip():
            yield line, piece
