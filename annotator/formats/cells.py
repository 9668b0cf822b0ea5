"""Cells that a spreadsheet would run, written so that it shows them instead.

A cell that begins like a formula gets an apostrophe in front, which is the spreadsheets' own sign
for text; reading takes exactly those apostrophes off again. What begins like a formula follows
OWASP's page on CSV injection; blanks and signs without width in front do not make it harmless.
"""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(
    r"'*(?:[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠])"
)
_NEGATIVE: Final = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


def safe(value: str) -> str:
    """Return *value* as a cell that no spreadsheet runs; numbers below zero stay numbers."""
    return f"'{value}" if _is_formula(value) else value


def original(cell: str) -> str:
    """Return the value that :func:`safe` made *cell* of."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(value: str) -> bool:
    return _FORMULA.match(value) is not None and _NEGATIVE.fullmatch(value) is None
