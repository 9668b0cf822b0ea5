"""JSON of files from elsewhere, read strictly, and written so that equal values are equal bytes.

What Python's reader lets pass silently is refused: a key twice in one object, numbers that are
none, half characters, nesting without end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from annotator.errors import UserError
from annotator.formats import Problem
from annotator.model import JsonObject

LONGEST_LINE: Final = 256 * 1024**2
"""Bytes of a line; a longer one is not read into memory."""


def loads(raw: bytes | str) -> Any:
    """Return the value of a JSON text. Raises ValueError that says in plain words why not."""
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_not_a_number, parse_float=_finite
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"Not UTF-8: byte {error.start + 1} cannot be read.") from error
    except UnicodeEncodeError as error:
        raise ValueError(
            "It holds half a character (a lone surrogate), which no text file can keep."
        ) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise ValueError(f"Not JSON: {error.msg} at {where}character {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"Not usable JSON: {str(error) or 'too deeply nested'}.") from error
    return value


def _object(pairs: Sequence[tuple[str, Any]]) -> JsonObject:
    result = dict(pairs)
    if len(result) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return result


def _not_a_number(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{digits} is too large a number")
    return value


def lines(path: Path) -> Iterator[tuple[int, Any | Problem]]:
    """Yield number and value of each line of a JSON Lines file, or the problem it has.

    Empty lines are passed over; one line is in memory at a time. Raises UserError where the file
    cannot be opened.
    """
    for number, raw in raw_lines(path):
        if isinstance(raw, Problem):
            yield number, raw
            continue
        try:
            yield number, loads(raw)
        except ValueError as error:
            yield number, Problem(number, "", str(error))


def raw_lines(path: Path) -> Iterator[tuple[int, bytes | Problem]]:
    """Yield number and bytes of the lines that are not empty, without a byte order mark."""
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(LONGEST_LINE):
                number += 1
                if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                    while raw and not raw.endswith(b"\n"):
                        raw = file.readline(LONGEST_LINE)
                    size = LONGEST_LINE // 1024**2
                    yield number, Problem(number, "", f"The line is longer than {size} MB.")
                    continue
                if raw.strip():
                    yield number, raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
    except OSError as error:
        raise UserError(
            f"{path} could not be read: {error.strerror or error}. Nothing was imported."
        ) from error


def load(path: Path, largest: int = LONGEST_LINE) -> Any:
    """Return the value of a JSON file. Raises UserError that names the file and the reason."""
    from annotator.formats.imported import load as load_bytes

    data = load_bytes(path)
    if len(data) > largest:
        raise UserError(f"{path} has {len(data) / 1024**2:,.0f} MB, more than can be read at once.")
    try:
        return loads(data)
    except ValueError as error:
        raise UserError(f"{path}: {error} Nothing was imported.") from error


def line(value: Any) -> bytes:
    """Return *value* as a line of a JSON Lines file, keys in the order that they have."""
    return line_of(written(value))


written: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
"""Returns a value as JSON, as it stands in a line of a file."""


def line_of(text: str) -> bytes:
    """Return the JSON *text*, put together from what :data:`written` returns, as a line."""
    if not text.isascii():
        for separator in "\u0085\u2028\u2029":  # line ends to many readers, though not in JSON
            text = text.replace(separator, f"\\u{ord(separator):04x}")
    return text.encode("utf-8") + b"\n"


def document(value: Any) -> bytes:
    """Return *value* as a JSON file for people to read, keys in the order that they have."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    return text.encode("utf-8") + b"\n"


def first_value(text: str) -> Any:
    """Return the first value of a JSON text that may be cut off; None where there is none.

    Of an array its first element. Of an object that is cut off, the entries that are whole.
    """
    start = text.lstrip()
    if start.startswith("["):
        start = start[1:].lstrip()
    if not start.startswith("{"):
        return None
    decoder = json.JSONDecoder()
    try:
        return decoder.raw_decode(start)[0]
    except (ValueError, RecursionError):
        return _whole_entries(start, decoder)


def _whole_entries(text: str, decoder: json.JSONDecoder) -> JsonObject | None:
    found: JsonObject = {}
    at = 1
    try:
        while True:
            at = _past(text, at, ",")
            key, at = decoder.raw_decode(text, at)
            at = _past(text, at, ":")
            found[str(key)] = None
            found[str(key)], at = decoder.raw_decode(text, at)
    except (ValueError, RecursionError, IndexError):
        return found or None


def _past(text: str, at: int, separator: str) -> int:
    """Return where the next token begins, after blanks and one *separator* where there is one."""
    while text[at].isspace():
        at += 1
    if text[at] == separator:
        at += 1
    while text[at].isspace():
        at += 1
    return at
