"""Which texts of the program a translator has to translate: read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import annotator

ONE = {"tr", "later"}
TEMPLATES = {"Impossible", "NothingToDo"}
"""Errors whose first argument is a template that the window translates."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the place where it stands; ``many`` is its plural."""

    one: str
    many: str
    place: str


def texts() -> Iterator[Text]:
    """Yield every text that is marked for translation."""
    root = Path(annotator.__file__).parent
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                place = f"{path.relative_to(root.parent)}:{node.lineno}"
                yield from _of(name, node, place)


def not_literal() -> list[str]:
    """Return the places where a text is not written out, so that nobody could find it."""
    return [text.place for text in texts() if not text.one]


def _of(name: str, node: ast.Call, place: str) -> Iterator[Text]:
    if name in ONE or (name in TEMPLATES and node.args):
        yield Text(_literal(node.args[0]), "", place)
    elif name == "tr_n":
        yield Text(_literal(node.args[1]), _literal(node.args[2]), place)


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""
