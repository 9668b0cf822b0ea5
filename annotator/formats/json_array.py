"""The elements of a JSON array, one in memory at a time, however long the file is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from annotator.errors import UserError
from annotator.formats import Problem, json_text

_CHUNK: Final = 1024**2
# Whole strings and what is no mark of structure: inside an element, and between elements.
_INSIDE: Final = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_BETWEEN: Final = re.compile(rb'(?:[^"\[\]{},]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
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
            if scan.waiting or file.read(_CHUNK).strip():
                reason = "More stands after the end of the list; it is left out."
                yield scan.reached, Problem(scan.reached, "", reason)
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
        """Bytes of what is being read, blanks before it aside."""
        return len(self._buffer.lstrip())

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the elements that end in *data*."""
        self._buffer += data
        begin = 0
        at = self._from
        while True:
            passing = _INSIDE if self._depth > 1 else _BETWEEN
            found = passing.match(self._buffer, at)
            assert found is not None
            at = found.end()
            mark = self._buffer[at : at + 1]
            if mark in (b"", b'"'):  # nothing yet, or a string whose end is not there yet
                break
            at += 1
            outermost = self._depth == 1
            self._depth += (mark in b"[{") - (mark in b"]}")
            if outermost and mark in b",]}":  # a brace there is wrong: the element shall tell
                yield from self._element(begin, at if mark == b"}" else at - 1)
            if self._depth == 0:
                self.closed = True
                self._buffer = self._buffer[at:]
                return
            if self._depth == 1 and mark in b",[":
                self._line += 0 if outermost else self._buffer[:at].count(b"\n")
                begin = at
        self._buffer = self._buffer[begin:]
        self._from = at - begin

    def _element(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        piece = self._buffer[start:end]
        blank = len(piece) - len(piece.lstrip())
        line = self._line + piece[:blank].count(b"\n")
        self._line += piece.count(b"\n")
        if piece.strip():
            yield line, piece
