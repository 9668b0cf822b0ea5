"""Rules of the window's code that a machine can check."""

from __future__ import annotations

import ast
from pathlib import Path

import annotator.gui

FOLDER = Path(annotator.gui.__file__).parent
SAFE = {"plain", "_tip"}


def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Return every call of a method called *name*, with its place."""
    return [
        (f"{path.name}:{node.lineno}", node)
        for path in sorted(FOLDER.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    ]


def is_safe(node: ast.expr) -> bool:
    """Tell whether a tool tip is written out, or made harmless."""
    if isinstance(node, ast.IfExp):
        return is_safe(node.body) and is_safe(node.orelse)
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Call):
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        return name in SAFE
    return False


def test_tool_tips_never_read_foreign_text_as_markup() -> None:
    found = calls("setToolTip")
    assert found
    assert [place for place, call in found if not is_safe(call.args[0])] == []


def test_nothing_in_the_window_is_ever_set_as_html() -> None:
    assert calls("setHtml") == []
    assert calls("appendHtml") == []
