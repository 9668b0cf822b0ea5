"""Text whose lines were broken at a width: mail, wire services, old archives.

A paragraph is a line everywhere in this program: in the view, for zones, sentences and quotations.
So a file in which a paragraph has a line every 72 characters is mended before its text is frozen:
each line feed that a program set becomes a blank. Nothing else changes, and the length does not, so
an offset into the file (labels that another tool made) says the same place in the article. The
bytes of the file are kept beside the article in any case.

Lines that were broken at a width show it: the first word of the next line would not have fit.
Verse, lists, addresses and headlines above each other do not, and stay as they are.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

_BLOCK: Final = re.compile(r"[^\n]+(?:\n[^\n]+)+")
"""Lines without an empty one between them."""
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_WIDTHS: Final = range(40, 101)
"""Code points of the longest line; longer ones are paragraphs, shorter ones are columns."""
_FEWEST: Final = 5
"""Broken lines below which a file is left alone."""
_SHARE: Final = 0.8
"""Of the lines that are followed by another one at once, how many must be broken at the width."""
_WORDS: Final = 4
"""Words a line on average; scripts that set no blanks would get them in the midst of words."""


def unwrapped(text: str) -> str:
    """Return *text*, as long as it was, with blanks for the line feeds inside its paragraphs.

    The text itself where it is not broken at a width.
    """
    lines = text.split("\n")
    width = max(len(line.rstrip()) for line in lines)
    if width not in _WIDTHS or _BLANK_LINE.search(text.strip()) is None:
        return text
    parts = [match.span() for match in _BLOCK.finditer(text)]
    parts = [(start, end) for start, end in parts if text[start:end].strip()]
    inner = sum(text.count("\n", *part) for part in parts)
    broken = [(start, end) for start, end in parts if _is_broken(text[start:end], width)]
    count = sum(text.count("\n", *part) for part in broken)
    words = sum(len(text[start:end].split()) for start, end in broken)
    if count < _FEWEST or count < _SHARE * inner or words < _WORDS * count:
        return text
    pieces: list[str] = []
    last = 0
    for start, end in broken:
        pieces += [text[last:start], text[start:end].replace("\n", " ")]
        last = end
    return "".join(pieces) + text[last:]


def _is_broken(block: str, width: int) -> bool:
    """Tell whether no line of *block* had room for the first word of the next one."""
    lines = [line.rstrip() for line in block.split("\n")]
    for line, following in pairwise(lines):
        first = following.split(maxsplit=1)[:1]
        if not first or not line or len(line) + 1 + len(first[0]) <= width:
            return False
    return True
