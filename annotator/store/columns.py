"""How values of the model lie in columns, alike on SQLite and PostgreSQL.

What people write may contain characters that a database cannot hold as text: PostgreSQL has no
NUL, and neither backend takes a lone surrogate. :class:`Exact` escapes those few, so that every
string comes back as it went in. JSON is kept as text, because both backends then return the very
same document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any, Final

from sqlalchemy import Dialect, Integer, Text
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, TEXT
from sqlalchemy.dialects.sqlite import REAL
from sqlalchemy.types import TypeDecorator, TypeEngine

from annotator.model import Fragment, Zone

_ESCAPE: Final = "\x1a"
_UNSTORABLE: Final = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED: Final = re.compile("\x1a([0-9a-f]{4})")


def escape(text: str) -> str:
    """Return *text* in a form that every database stores exactly."""
    if _UNSTORABLE.search(text) is None:
        return text
    return _UNSTORABLE.sub(lambda match: f"{_ESCAPE}{ord(match[0]):04x}", text)


def unescape(text: str) -> str:
    """Return what :func:`escape` was given."""
    if _ESCAPE not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be stored in a project")


_encoder: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_plain, check_circular=False
)


def to_json(value: object) -> str:
    """Return *value* as compact JSON that every database stores exactly."""
    return _storable(_encoder.encode(value))


def _storable(text: str) -> str:
    # JSON escapes control characters itself, so only surrogates can be left.
    return text if text.isascii() else escape(text)


def string_json(value: str) -> str:
    """Return what :func:`to_json` returns for a string."""
    return _storable(encode_basestring(value))


def flat_json(values: Mapping[str, Any]) -> str:
    """Return what :func:`to_json` returns, fast for an object of strings and truth values."""
    if not values:
        return "{}"
    parts = []
    for key, value in values.items():
        if type(value) is str:
            parts.append(f"{encode_basestring(key)}:{encode_basestring(value)}")
        elif value is True or value is False:
            parts.append(f"{encode_basestring(key)}:{'true' if value else 'false'}")
        else:
            return to_json(values)
    return _storable("{" + ",".join(parts) + "}")


def strings_json(values: tuple[str, ...]) -> str:
    """Return what :func:`to_json` returns, fast for a few strings."""
    if len(values) == 1:
        return _storable(f"[{encode_basestring(values[0])}]")
    return _storable("[" + ",".join([encode_basestring(value) for value in values]) + "]")


def from_json(text: str) -> Any:
    """Return the value that :func:`to_json` was given, its tuples as lists."""
    return json.loads(unescape(text))


def object_of(text: str) -> dict[str, Any]:
    """Return the object in a column. Raises ValueError where it is none."""
    value = from_json(text)
    if not isinstance(value, dict):
        raise ValueError(f"{text[:40]!r} is no object")
    return value


def strings_of(text: str) -> tuple[str, ...]:
    """Return the strings in a column. Raises ValueError where they are none."""
    value = from_json(text)
    if not isinstance(value, list) or not all(type(item) is str for item in value):
        raise ValueError(f"{text[:40]!r} is no list of texts")
    return tuple(value)


def fragments_of(text: str) -> tuple[Fragment, ...]:
    """Return the fragments in a column. Raises ValueError where they are none."""
    found = tuple([Fragment(start, end) for start, end in json.loads(text)])
    if not all(type(start) is int and type(end) is int for start, end in found):
        raise ValueError(f"{text[:40]!r} is no list of places")
    return found


def zones_of(text: str) -> tuple[Zone, ...]:
    """Return the zones in a column. Raises ValueError where they are none."""
    found = tuple([Zone(name, start, end) for name, start, end in from_json(text)])
    if not all(type(z[0]) is str and type(z[1]) is int and type(z[2]) is int for z in found):
        raise ValueError(f"{text[:40]!r} is no list of zones")
    return found


Name = Text().with_variant(TEXT(collation="C"), "postgresql")
"""Ids, authors and labels: compared and sorted by code point on both backends."""

Real: TypeEngine[float] = REAL().with_variant(DOUBLE_PRECISION(), "postgresql")


class Exact(TypeDecorator[str]):
    """Text written by people, kept exactly."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unescape(value)


class Flag(TypeDecorator[bool]):
    """A truth value as 0 or 1: STRICT tables know no BOOLEAN."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class _AsJson(TypeDecorator[Any]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else from_json(value)


class Object(_AsJson):
    """A JSON object: attributes, identifiers, metadata, unknown keys."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return to_json(value) if value else "{}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return {} if value == "{}" or value is None else object_of(value)


class Strings(_AsJson):
    """A tuple of strings: covered texts, aliases."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return () if value is None else strings_of(value)


class Fragments(_AsJson):
    """The fragments of a span as ``[[start, end], …]``."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return () if value is None else fragments_of(value)


class Zones(_AsJson):
    """The zones of an article as ``[[zone, start, end], …]``."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return () if value is None else zones_of(value)
