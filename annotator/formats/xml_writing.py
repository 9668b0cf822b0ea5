"""XML put together as text, for files with words and elements between each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")


def text(value: str) -> str:
    """Return *value* as character data that every parser gives back unchanged."""
    return escape(value, {"\r": "&#13;"})


def element(name: str, attributes: Mapping[str, str | None] | None = None, *content: str) -> str:
    """Return an element; attributes that are None are left out, *content* is XML already."""
    said = "".join(
        f" {key}={quoteattr(value)}"
        for key, value in (attributes or {}).items()
        if value is not None
    )
    inner = "".join(content)
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


class Identifiers:
    """Gives out names for ``xml:id`` that differ: the wished one where it is a name and free."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def new(self, wish: str, otherwise: str) -> str:
        """Return *wish*, or *otherwise* with the next number that is free."""
        if _NAME.fullmatch(wish) and wish.isascii() and wish not in self._taken:
            self._taken.add(wish)
            return wish
        while True:
            number = self._numbers[otherwise] = self._numbers.get(otherwise, 0) + 1
            name = f"{otherwise}{number}"
            if name not in self._taken:
                self._taken.add(name)
                return name
