"""Offsets of files: which unit they count, whether they are right, and where the words really are.

Ours are code points. Programs written in JavaScript or Java count UTF-16 units, others bytes of
UTF-8. Published corpora are wrong more often than one would think, so no offset is believed: what
a label is said to cover is compared with what the text has there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from annotator.formats import UNITS
from annotator.model import Fragment
from annotator.spans import Utf16Map


class Ruler:
    """Positions of one text in code points and in the units of files."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        self._utf16: Utf16Map | None = None
        self._bytes: list[int] | None = None

    def codepoint(self, position: int, unit: str = "codepoint") -> int | None:
        """Return the code point position of a *position* in *unit*.

        None where it lies outside the text or inside a character.
        """
        if self._ascii or unit == "codepoint":
            return position if 0 <= position <= len(self.text) else None
        found = self._guess(position, unit)
        inside = position >= 0 and 0 <= found <= len(self.text)
        return found if inside and self.position(found, unit) == position else None

    def position(self, codepoint: int, unit: str = "codepoint") -> int:
        """Return the position in *unit* before which a code point begins."""
        if self._ascii or unit == "codepoint":
            return codepoint
        if unit == "utf16":
            return self._units.to_utf16(codepoint)
        return self._starts[codepoint]

    def _guess(self, position: int, unit: str) -> int:
        from bisect import bisect_left

        if unit == "utf16":
            return self._units.to_codepoint(position)
        return bisect_left(self._starts, position)

    @property
    def _units(self) -> Utf16Map:
        if self._utf16 is None:
            self._utf16 = Utf16Map(self.text)
        return self._utf16

    @property
    def _starts(self) -> list[int]:
        """Byte before which each character begins, and the length in bytes."""
        if self._bytes is None:
            at = 0
            starts = [0]
            for character in self.text:
                at += _width(character)
                starts.append(at)
            self._bytes = starts
        return self._bytes


def _width(character: str) -> int:
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


@dataclass(frozen=True, slots=True)
class Claimed:
    """Where a file says that words stand: *start* and *end* in the file's unit."""

    start: int
    end: int
    covered: str | None = None
    """The words, where the file repeats them."""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Why a claimed place is not one."""

    reason: str


def located(
    ruler: Ruler, claimed: Claimed, unit: str = "codepoint", *, anchoring: bool = False
) -> Fragment | Misplaced:
    """Return the stretch that *claimed* means, or why there is none.

    The words that the file repeats are compared with the text, letter by letter except that any
    blank equals any other (files show line breaks as blanks). With *anchoring* words that stand
    once in the text are found there.
    """
    text = ruler.text
    start, end = ruler.codepoint(claimed.start, unit), ruler.codepoint(claimed.end, unit)
    where = f"{claimed.start}-{claimed.end}"
    if start is None or end is None or start >= end:
        size = ruler.position(len(text), unit)
        reason = f"{where} is not a stretch of the text, which has {size} {_NAMES[unit]}."
    elif claimed.covered is None or same_words(text[start:end], claimed.covered):
        return Fragment(start, end)
    else:
        reason = f"{where} covers {_short(text[start:end])}, not {_short(claimed.covered)}."
    found = only_place(text, claimed.covered) if claimed.covered else None
    if found is None:
        return Misplaced(reason)
    if anchoring:
        return found
    there = f"{ruler.position(found.start, unit)}-{ruler.position(found.end, unit)}"
    return Misplaced(f"{reason} Those words stand at {there}.")


_NAMES: Final = {"codepoint": "characters", "utf16": "UTF-16 units", "byte": "bytes"}


def only_place(text: str, words: str) -> Fragment | None:
    """Return where *words* stand in *text*, if they do so exactly once."""
    start = text.find(words)
    if not words or start < 0 or text.find(words, start + 1) >= 0:
        return None
    return Fragment(start, start + len(words))


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts are the same, any blank or line break being equal to any other."""
    if one == other:
        return True
    if len(one) != len(other):
        return False
    pairs = zip(one, other, strict=True)
    return all(a == b or (a.isspace() and b.isspace()) for a, b in pairs)


def guessed_unit(ruler: Ruler, claims: Iterable[Claimed]) -> str:
    """Return the unit in which most of *claims* cover the words that they repeat.

    Of equals the first of :data:`~annotator.formats.UNITS`: code points where nothing speaks
    against them. Claims without words count where they lie inside the text.
    """
    if ruler.text.isascii():
        return UNITS[0]
    found = list(claims)

    def right(unit: str) -> int:
        return sum(isinstance(located(ruler, item, unit), Fragment) for item in found)

    return max(UNITS, key=right)


def _short(words: str, longest: int = 60) -> str:
    return repr(words if len(words) <= longest else words[: longest - 1] + "…")
