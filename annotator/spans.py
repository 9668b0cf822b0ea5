"""Algebra of fragments, and the way between code points and UTF-16 units.

A set of code points is written as a tuple of fragments in *normal form*: sorted, none empty, no
two overlapping or touching. Everything that stores fragments stores the normal form; the relations
between spans (overlap, containment, crossing) are those of the sets, so that words which lie in the
gap of a discontinuous span do not lie in the span.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from annotator.model import Fragment

Fragments = tuple[Fragment, ...]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def normalise(fragments: Iterable[Fragment]) -> Fragments:
    """Return the normal form: sorted, overlapping and touching ones merged, empty ones dropped."""
    merged: list[Fragment] = []
    for start, end in sorted(fragments):
        if start >= end:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Fragment(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Fragment(start, end))
    return tuple(merged)


def covered(text: str, fragments: Iterable[Fragment]) -> tuple[str, ...]:
    """Return what each fragment covers in *text*."""
    return tuple(text[start:end] for start, end in fragments)


def hull(fragments: Sequence[Fragment]) -> Fragment:
    """Return the smallest stretch around fragments in normal form, gaps included."""
    return Fragment(fragments[0].start, fragments[-1].end)


def length(fragments: Iterable[Fragment]) -> int:
    """Return the number of code points that fragments in normal form cover."""
    return sum(end - start for start, end in fragments)


def intersection(a: Sequence[Fragment], b: Sequence[Fragment]) -> Fragments:
    """Return the code points that lie in both, in normal form."""
    found: list[Fragment] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i].start, b[j].start), min(a[i].end, b[j].end)
        if start < end:
            found.append(Fragment(start, end))
        if a[i].end <= b[j].end:
            i += 1
        else:
            j += 1
    return tuple(found)


def overlap(a: Sequence[Fragment], b: Sequence[Fragment]) -> bool:
    """Say whether there is a code point in both."""
    return bool(intersection(a, b))


def contains(outer: Sequence[Fragment], inner: Sequence[Fragment]) -> bool:
    """Say whether every code point of *inner* lies in *outer*; equal ones contain each other."""
    return length(intersection(outer, inner)) == length(inner)


def crosses(a: Sequence[Fragment], b: Sequence[Fragment]) -> bool:
    """Say whether the two overlap and neither contains the other."""
    shared = length(intersection(a, b))
    return 0 < shared < min(length(a), length(b))


def add(fragments: Iterable[Fragment], fragment: Fragment) -> Fragments:
    """Return the normal form of *fragments* with *fragment* added."""
    return normalise((*fragments, fragment))


def subtract(fragments: Iterable[Fragment], fragment: Fragment) -> Fragments:
    """Return the normal form of *fragments* without the code points of *fragment*."""
    if fragment.start >= fragment.end:
        return normalise(fragments)
    left: list[Fragment] = []
    for start, end in fragments:
        left.append(Fragment(start, min(end, fragment.start)))
        left.append(Fragment(max(start, fragment.end), end))
    return normalise(left)


def gap(a: Fragment, b: Fragment) -> int:
    """Return the number of code points between two stretches, 0 where they touch or overlap."""
    return max(0, b.start - a.end, a.start - b.end)


class Utf16Map:
    """Positions of one text in code points (ours) and in UTF-16 units (Qt's).

    They differ only after characters beyond U+FFFF, which take two units: the map keeps where
    those stand and searches by bisection, so that it costs nothing for other texts.
    """

    __slots__ = ("_points", "_units")

    def __init__(self, text: str) -> None:
        self._points = [] if text.isascii() else [m.start() for m in _ASTRAL.finditer(text)]
        self._units = [point + before for before, point in enumerate(self._points)]

    def to_utf16(self, position: int) -> int:
        """Return the UTF-16 position before which code point *position* begins."""
        if not self._points:
            return position
        return position + bisect_left(self._points, position)

    def to_codepoint(self, position: int) -> int:
        """Return the code point position of a UTF-16 *position*.

        Between the two halves of a character it is the beginning of that character.
        """
        if not self._units:
            return position
        return position - bisect_left(self._units, position)
