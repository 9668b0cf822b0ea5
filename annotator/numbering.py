"""The numbers that people see beside paragraphs, and say to each other: "¶ 2"."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Final

from annotator.model import Article

_UNNUMBERED: Final = frozenset(
    {"headline", "subhead", "byline", "caption", "boilerplate", "section_heading"}
)


class Numbering:
    """Numbers the running text: headings, captions and empty lines have no number."""

    __slots__ = ("_numbers", "_starts")

    def __init__(self, article: Article) -> None:
        lines = article.text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]
        counted = [1 if line and not line.isspace() else 0 for line in lines]
        for zone in article.zones:
            if zone.zone in _UNNUMBERED:
                for number in range(self.line(zone.start), self.line(zone.end - 1) + 1):
                    counted[number] = 0
        self._numbers = [0, *accumulate(counted)]

    def line(self, position: int) -> int:
        """Return the index of the line around *position*, counting from 0, empty ones too."""
        last = len(self._starts) - 2
        return min(max(bisect_right(self._starts, position) - 1, 0), last)

    def number(self, position: int) -> int | None:
        """Return the number of the paragraph around *position*; None where it has none."""
        line = self.line(position)
        number = self._numbers[line + 1]
        return None if number == self._numbers[line] else number
