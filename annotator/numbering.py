"""The numbers that people see beside paragraphs, and say to each other: "¶ 2"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

from annotator.model import Article

_UNNUMBERED: Final = frozenset(
    {"headline", "subhead", "byline", "caption", "boilerplate", "section_heading"}
)


class Numbering:
    """Numbers the running text: headings, captions and empty lines have no number.

    Reads the article as far as it is asked about.
    """

    __slots__ = ("_numbers", "_starts", "_text", "_unnumbered")

    def __init__(self, article: Article) -> None:
        self._text = article.text
        zones = (zone for zone in article.zones if zone.zone in _UNNUMBERED)
        self._unnumbered = sorted((zone.start, zone.end) for zone in zones)
        self._starts = [0]
        """Where the lines begin that were read so far, and where the next one does."""
        self._numbers = [0]
        """The highest number before each of them."""

    def line(self, position: int) -> int:
        """Return the index of the line around *position*, counting from 0, empty ones too."""
        position = min(max(position, 0), len(self._text))
        while self._starts[-1] <= position:
            self._read_on()
        return bisect_right(self._starts, position) - 1

    def number(self, position: int) -> int | None:
        """Return the number of the paragraph around *position*; None where it has none."""
        line = self.line(position)
        number = self._numbers[line + 1]
        return None if number == self._numbers[line] else number

    def _read_on(self) -> None:
        start = self._starts[-1]
        feed = self._text.find("\n", start)
        end = len(self._text) if feed < 0 else feed
        words = self._text[start:end]
        counts = bool(words) and not words.isspace() and not self._is_unnumbered(start, end)
        self._starts.append(end + 1)
        self._numbers.append(self._numbers[-1] + counts)

    def _is_unnumbered(self, start: int, end: int) -> bool:
        at = bisect_left(self._unnumbered, (end, 0)) - 1
        return at >= 0 and self._unnumbered[at][1] > start
