"""Where an article can be cut: paragraphs, and the stretches that long paragraphs are read in.

Everything finer than a paragraph is worked out for one stretch at a time, when somebody looks at
it, so that a paragraph of a megabyte costs no more than the few thousand characters in sight.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, overload

from annotator.model import Fragment

STRETCH: Final = 4096
"""Code points after which a paragraph is cut for reading, at the next good place before."""

_INVISIBLE: Final = frozenset(
    "\u200b\u200e\u200f\u2060\ufeff"
    + "".join(map(chr, range(0x202A, 0x202F)))
    + "".join(map(chr, range(0x2066, 0x206A)))
)
_SENTENCE_END: Final = re.compile(
    r"""(?<=[^\W\d_]{4})[.!?]["”’»)]*\s+(?=["“„«(]?[^\W\d_a-z])|[。！？][」』”]*"""
)
_JOINING: Final = frozenset("\u200d\u200c\u20e3")


def is_blank(character: str) -> bool:
    """Tell whether *character* shows nothing: white space, controls, marks of direction."""
    return (
        character.isspace()
        or character in _INVISIBLE
        or character < " "
        or "\x7f" <= character <= "\x9f"
    )


class Paragraphs(Sequence[Fragment]):
    """The lines of a text, without their line feeds; empty lines count, so that numbers stay."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        lengths = (len(line) + 1 for line in text.split("\n"))
        self._starts = list(accumulate(lengths, initial=0))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> Fragment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Fragment, ...]: ...
    def __getitem__(self, index: int | slice) -> Fragment | tuple[Fragment, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return Fragment(self._starts[index], self._starts[index + 1] - 1)

    def __iter__(self) -> Iterator[Fragment]:
        return (self[i] for i in range(len(self)))

    def number_at(self, position: int) -> int:
        """Return the index of the paragraph around *position*; a line feed ends its own line."""
        found = bisect_right(self._starts, position) - 1
        return min(max(found, 0), len(self) - 1)


class Stretches:
    """The cuts of one text into stretches; a short paragraph is one stretch."""

    __slots__ = ("_edges", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._edges: dict[int, int] = {}

    def around(self, paragraph: Fragment, position: int) -> Fragment:
        """Return the stretch of *paragraph* that holds *position*."""
        start, end = paragraph
        if end - start <= STRETCH:
            return paragraph
        number = (min(max(position, start), end - 1) - start) // STRETCH
        left = self._edge(paragraph, number)
        right = self._edge(paragraph, number + 1)
        while right < end and (right <= position or right == left):
            number += 1
            left, right = right, self._edge(paragraph, number + 1)
        return Fragment(left, right)

    def within(self, paragraph: Fragment, start: int, end: int) -> Iterator[Fragment]:
        """Yield the stretches of *paragraph* that hold a position between *start* and *end*."""
        stretch = self.around(paragraph, start)
        yield stretch
        while stretch.end < min(end, paragraph.end):
            stretch = self.around(paragraph, stretch.end)
            yield stretch

    def _edge(self, paragraph: Fragment, number: int) -> int:
        """Return cut *number* of a long paragraph: after a sentence, a blank, or a grapheme."""
        start, end = paragraph
        while number > 0:
            nominal = start + number * STRETCH
            if nominal >= end:
                return end
            found = self._edges.get(nominal)
            if found is None:
                found = _best_cut(self._text, nominal - STRETCH + 1, nominal)
                self._edges[nominal] = found
            if found >= 0:
                return found
            number -= 1
        return start


def _best_cut(text: str, first: int, last: int) -> int:
    """Return the last good place to cut between *first* and *last*, or -1 where there is none."""
    cuts = [match.end() for match in _SENTENCE_END.finditer(text, first, last)]
    for cut in reversed(cuts):
        if can_cut(text, cut):
            return cut
    for cut in range(last, first - 1, -1):
        if is_blank(text[cut - 1]) and can_cut(text, cut):
            return cut
    for cut in range(last, first - 1, -1):
        if can_cut(text, cut):
            return cut
    return -1


def can_cut(text: str, position: int) -> bool:
    """Tell whether no grapheme can lie across *position*: quick, and rather too careful.

    The careful side of UAX #29, rules GB3 to GB13: anything that joins, extends or prepends is
    taken to do so.
    """
    if not 0 < position < len(text):
        return True
    before, after = text[position - 1], text[position]
    if before < "\x7f" and after < "\x7f":
        return not (before == "\r" and after == "\n")
    return not (
        before in _JOINING
        or after in _JOINING
        or unicodedata.category(after) in ("Mn", "Me", "Mc", "Sk", "Cf")
        or unicodedata.category(before) == "Cf"
        or _is_composing(before)
        or _is_composing(after)
    )


def _is_composing(character: str) -> bool:
    """Tell whether *character* may join the next: jamo, flags, emoji, viramas, prefixed signs."""
    code = ord(character)
    return (
        0x0900 <= code <= 0x0FFF
        or 0x1000 <= code <= 0x11FF
        or 0x1700 <= code <= 0x1CFF
        or 0xA800 <= code <= 0xABFF
        or 0xAC00 <= code <= 0xD7FF
        or 0xFE00 <= code <= 0xFE0F
        or 0x11000 <= code <= 0x11FFF
        or 0x1F1E6 <= code <= 0x1F3FF
        or code >= 0xE0000
    )
