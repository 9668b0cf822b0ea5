"""What differs between two versions of a text, found in time that grows with its length.

Equal beginnings and ends are cut off first. In what is left, blocks that stand once in the old text
are looked up in the new one (as rsync does, Tridgell 1999); the longest run of them in order are
fixed points, and between these words are compared. A stretch that has no fixed points and is too
long to be compared word by word counts as replaced.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

_BLOCKS: Final = (256, 64, 16)
"""Sizes of the blocks that are looked up, one after the other, in code points."""

_MOST: Final = 4_000_000
"""Pairs of words that are compared at most; rapidfuzz takes some milliseconds for them."""

# Scripts that are written without blanks between words are compared sign by sign.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff"
_WORDS: Final = re.compile(rf"[^\W{_UNSPACED}]+|[^\S\n]+|.", re.DOTALL)


class Hunk(NamedTuple):
    """The stretch ``[old_start, old_end)`` of the old text became another one of the new text."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """Return what was replaced, in order; what lies between the hunks is equal in both."""
    found: list[Hunk] = []
    for hunk in _hunks(old, new, Hunk(0, len(old), 0, len(new)), 0):
        last = found[-1] if found else None
        if last is not None and last.old_end == hunk.old_start and last.new_end == hunk.new_start:
            found[-1] = Hunk(last.old_start, hunk.old_end, last.new_start, hunk.new_end)
        else:
            found.append(hunk)
    return tuple(found)


def _hunks(old: str, new: str, part: Hunk, level: int) -> Iterator[Hunk]:
    """Yield what differs in *part*, a stretch of both texts."""
    part = _bared(old, new, part)
    if part.old_start == part.old_end and part.new_start == part.new_end:
        return
    if part.old_start == part.old_end or part.new_start == part.new_end:
        yield part
        return
    for below, size in enumerate(_BLOCKS[level:], start=level + 1):
        points = _fixed_points(old, new, part, size)
        if points:
            for gap in _between(old, new, part, points, size):
                yield from _hunks(old, new, gap, below)
            return
    yield from _by_words(old, new, part)


def _bared(old: str, new: str, part: Hunk) -> Hunk:
    """Return *part* without its equal beginning and end."""
    a, b, c, d = part
    ahead = _equal_ahead(old, a, b, new, c, d)
    a, c = a + ahead, c + ahead
    behind = _equal_behind(old, a, b, new, c, d)
    return Hunk(a, b - behind, c, d - behind)


def _equal_ahead(old: str, a: int, b: int, new: str, c: int, d: int) -> int:
    """Return how many characters from *a* and *c* on are equal, up to *b* and *d*."""
    return _farthest(
        min(b - a, d - c),
        lambda at, to: old[a + at : a + to] == new[c + at : c + to],
    )


def _equal_behind(old: str, a: int, b: int, new: str, c: int, d: int) -> int:
    """Return how many characters before *b* and *d* are equal, down to *a* and *c*."""
    return _farthest(
        min(b - a, d - c),
        lambda at, to: old[b - to : b - at] == new[d - to : d - at],
    )


def _farthest(high: int, equal: Callable[[int, int], bool]) -> int:
    """Return how far, up to *high*, all stretches are *equal*, which takes begin and end of one.

    Slices are compared at once: doubling finds the place in few steps.
    """
    low, step = 0, 32
    while low < high:
        size = min(step, high - low)
        if equal(low, low + size):
            low += size
            step *= 2
        elif size == 1:
            break
        else:
            high, step = low + size, max(size // 2, 1)
    return low


def _fixed_points(old: str, new: str, part: Hunk, size: int) -> list[tuple[int, int]]:
    """Return places in both texts from which *size* characters are equal, ascending in both."""
    a, b, c, d = part
    places: dict[str, int] = {}
    for at in range(a, b - size + 1, size):
        block = old[at : at + size]
        places[block] = -1 if block in places else at
    if not places:
        return []
    pairs: list[tuple[int, int]] = []
    at = c
    while at <= d - size:
        there = places.get(new[at : at + size], -1)
        if there < 0:
            at += 1
        else:
            pairs.append((there, at))
            at += size
    return _ascending(pairs)


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of *pairs*, ordered by the second, that ascends in the first too."""
    tops: list[int] = []
    """The smallest first place with which a run of each length ends."""
    ends: list[int] = []
    before: list[int] = []
    for number, (there, _) in enumerate(pairs):
        length = bisect_left(tops, there)
        before.append(ends[length - 1] if length else -1)
        if length == len(tops):
            tops.append(there)
            ends.append(number)
        else:
            tops[length], ends[length] = there, number
    run: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _between(
    old: str, new: str, part: Hunk, points: list[tuple[int, int]], size: int
) -> Iterator[Hunk]:
    """Yield the stretches of *part* between fixed points, which are grown as far as they go."""
    a, c = part.old_start, part.new_start
    for there, here in points:
        if there < a or here < c:
            continue  # the point before has grown over this one
        yield Hunk(a, there, c, here)
        more = _equal_ahead(old, there + size, part.old_end, new, here + size, part.new_end)
        a, c = there + size + more, here + size + more
    yield Hunk(a, part.old_end, c, part.new_end)


def _by_words(old: str, new: str, part: Hunk) -> Iterator[Hunk]:
    from rapidfuzz.distance import Indel

    ours = _WORDS.findall(old, part.old_start, part.old_end)
    theirs = _WORDS.findall(new, part.new_start, part.new_end)
    if len(ours) * len(theirs) > _MOST:
        yield part
        return
    old_ends, new_ends = _ends(ours, part.old_start), _ends(theirs, part.new_start)
    pending: Hunk | None = None
    for code in Indel.opcodes(ours, theirs):
        if code.tag == "equal":
            continue
        hunk = Hunk(
            old_ends[code.src_start],
            old_ends[code.src_end],
            new_ends[code.dest_start],
            new_ends[code.dest_end],
        )
        if pending is not None and pending[1::2] == hunk[::2]:
            pending = Hunk(pending.old_start, hunk.old_end, pending.new_start, hunk.new_end)
            continue
        if pending is not None:
            yield _bared(old, new, pending)
        pending = hunk
    if pending is not None:
        yield _bared(old, new, pending)


def _ends(words: list[str], start: int) -> list[int]:
    """Return where each of *words* begins, from *start* on, and where the last one ends."""
    ends = [start]
    for word in words:
        ends.append(ends[-1] + len(word))
    return ends
