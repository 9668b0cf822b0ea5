"""Between the stored text of an article and what the widget holds: the one boundary of offsets.

The widget counts UTF-16 units, takes some characters for ends of paragraphs, and chokes on very
long ones. So the displayed text differs from the stored one: a few characters are replaced one
by one, and long paragraphs are cut by line feeds that are not in the article. Everything else in
the window speaks code points of the stored text; only :class:`DisplayMap` knows the difference.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final

LONGEST_BLOCK: Final = 4_000
"""Code points of one displayed paragraph; Qt lays out longer ones far too slowly."""

_LOOK_BACK: Final = 200
"""How far before the limit a blank is looked for, to cut a long paragraph there."""

_REPLACED: Final = {
    0x00: "\u2400",  # NUL: shown as its picture, Qt draws nothing
    0x0D: "\u240d",  # lone CR: Qt begins a paragraph
    0x202D: "\u25b8",  # overrides turn the letters that follow: shown, and without effect
    0x202E: "\u25c2",
    0x2060: "\u2423",  # word joiner, and a byte order mark inside of a text: not seen otherwise
    0xFEFF: "\u2423",
    0x2029: "\u2028",  # paragraph separator: Qt begins a paragraph
    0xFDD0: "\ufffd",  # Qt's own marks for the beginning and end of frames
    0xFDD1: "\ufffd",
    0xFFFC: "\ufffd",  # object replacement: Qt looks for an embedded object
}
_UNSEEN_BLANK: Final = re.compile(
    "(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])"
)
"""A blank of no width, except where it parts words as Thai, Lao, Burmese and Khmer write them."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_STICKY: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903"
    "\u093a-\u094f\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
    "\ufe20-\ufe2f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
"""Characters that belong to the one before them; a long paragraph is not cut there."""


class DisplayMap:
    """The displayed form of a text, and both ways between its positions and the stored ones.

    ``shown`` is what the widget gets. A map without astral characters and cuts costs nothing.
    """

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self._cuts = _cuts(text)
        self._cuts_set = frozenset(self._cuts)
        steps = [m.end() for m in _ASTRAL.finditer(text)] if _has_astral(text) else []
        if self._cuts:
            steps = sorted(steps + self._cuts)
        self._steps = steps
        """Stored positions from which on the displayed one is one further."""
        self._display = [step + count for count, step in enumerate(steps, 1)]
        """The displayed position just after each step."""
        self.identical = not steps
        self.shown = "\n".join(_pieces(_replaced(text), self._cuts))

    @property
    def cuts(self) -> tuple[int, ...]:
        """The code points at which long paragraphs are cut, in order."""
        return tuple(self._cuts)

    @cached_property
    def lengths(self) -> list[int]:
        """Lengths of the displayed paragraphs, in code points."""
        feeds = [match.start() for match in re.finditer("\n", self.shown)]
        starts = [-1, *feeds]
        return [
            feed - start - 1 for start, feed in zip(starts, [*feeds, len(self.shown)], strict=True)
        ]

    def to_shown(self, position: int, *, end: bool = False) -> int:
        """Return where the code point *position* is displayed, in UTF-16 units.

        Where a long paragraph is cut there, this is after the cut, or with *end* before it.
        """
        if self.identical:
            return position
        shown = position + bisect_right(self._steps, position)
        return shown - 1 if end and position in self._cuts_set else shown

    def to_stored(self, shown: int) -> int:
        """Return the code point that stands at the displayed position *shown*.

        The middle of a surrogate pair counts as after it.
        """
        if self.identical:
            return shown
        return shown - bisect_right(self._display, shown)

    def is_cut(self, position: int) -> bool:
        """Say whether a long paragraph is cut at the code point *position*."""
        return position in self._cuts_set


def _has_astral(text: str) -> bool:
    if text.isascii():
        return False
    return len(text.encode("utf-16-le", "surrogatepass")) != 2 * len(text)


def _replaced(text: str) -> str:
    if any(chr(code) in text for code in _REPLACED):
        text = text.translate(_REPLACED)
    if "\u200b" in text:
        text = _UNSEEN_BLANK.sub("\u2423", text)
    if not text.isascii() and _SURROGATES.search(text):
        text = _SURROGATES.sub("\ufffd", text)
    return text


def _pieces(text: str, cuts: list[int]) -> Iterator[str]:
    start = 0
    for cut in cuts:
        yield text[start:cut]
        start = cut
    yield text[start:]


def _cuts(text: str) -> list[int]:
    """Return where paragraphs are cut; hops over the text by whole limits, not by paragraphs."""
    cuts: list[int] = []
    start, length = 0, len(text)
    while length - start > LONGEST_BLOCK:
        feed = text.rfind("\n", start, start + LONGEST_BLOCK + 1)
        if feed < 0:
            start = _cut_near(text, start + LONGEST_BLOCK)
            cuts.append(start)
        else:
            start = feed + 1
    return cuts


def _cut_near(text: str, limit: int) -> int:
    blank = text.rfind(" ", limit - _LOOK_BACK, limit)
    if blank >= 0:
        return blank + 1
    for cut in range(limit, limit - _LOOK_BACK, -1):
        if not _STICKY.match(text, cut) and text[cut - 1] != "\u200d":
            return cut
    return limit
