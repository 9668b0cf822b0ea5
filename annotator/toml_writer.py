"""Writes TOML 1.0: the standard library reads it only.

Texts of several lines stay readable, lists of tables become ``[[tables]]``, other tables are
inline. What is written is read back equal by :mod:`tomllib`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL: Final = re.compile(r'[\x00-\x08\x0a-\x1f\x7f"\\]')
_CONTROL_BUT_QUOTES: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\\]")
_SHORT: Final = {"\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def dumps(table: Mapping[str, Any]) -> str:
    """Return *table* as TOML. Its values are str, bool, int, float, lists and mappings."""
    return "\n".join(_lines(table, ())).lstrip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    nested = {key: value for key, value in table.items() if _is_tables(value)}
    for key, value in table.items():
        if key not in nested:
            yield f"{_key(key)} = {_value(value)}"
    for key, tables in nested.items():
        name = ".".join(map(_key, (*path, key)))
        for item in tables:
            yield ""
            yield f"[[{name}]]"
            yield from _lines(item, (*path, key))


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        pairs = (f"{_key(key)} = {_inline(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if not isinstance(value, str):
        raise TypeError(f"TOML has no {type(value).__name__}.")
    # A reader may turn CR LF into LF, but not where they are escaped.
    return _lines_of_text(value) if "\n" in value and "\r" not in value else _string(value)


def _inline(value: object) -> str:
    return _string(value) if isinstance(value, str) else _value(value)


def _string(text: str) -> str:
    return '"' + _CONTROL.sub(_escaped, text) + '"'


def _lines_of_text(text: str) -> str:
    """Return a string over several lines; quotation marks are escaped only where three meet."""
    lines = "\n".join(_CONTROL_BUT_QUOTES.sub(_escaped, line) for line in text.split("\n"))
    lines = lines.replace('""', '\\"\\"')
    return '"""\n' + (lines[:-1] + '\\"' if lines.endswith('"') else lines) + '"""'


def _escaped(match: re.Match[str]) -> str:
    letter = match.group()
    return _SHORT.get(letter, f"\\u{ord(letter):04x}")
