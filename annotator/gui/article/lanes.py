"""Packing the labels of one visual line into lanes under it; plain numbers, no Qt.

The shortest span lies nearest to the text, so that what is inside another stands above it. A span
takes the first lane in which its bar and its chip have room.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

MOST_LANES: Final = 8
"""Lanes of one line; what finds no room is only counted, in the margin."""
NO_LANE: Final = -1
_AIR: Final = 3.0
"""Least distance, in pixels, between neighbours in one lane."""


class Lanes:
    """The lanes of one line, filled one occupant after the other."""

    __slots__ = ("_lanes", "first", "overfull")

    def __init__(self) -> None:
        self._lanes: list[list[tuple[float, float]]] = []
        self.first = 0
        """Lanes before this one are closed: they belong to another layer."""
        self.overfull = 0
        """How many found no room."""

    @property
    def count(self) -> int:
        """How many lanes are in use."""
        return len(self._lanes)

    def close(self) -> None:
        """Let the next occupants begin in lanes of their own, below all others."""
        self.first = len(self._lanes)

    def place(self, left: float, right: float) -> int:
        """Take the stretch from *left* to *right* in the first lane with room; return the lane.

        Returns :data:`NO_LANE` and counts it where all lanes are full.
        """
        for number in range(self.first, len(self._lanes)):
            if _put(self._lanes[number], left, right):
                return number
        if len(self._lanes) >= MOST_LANES:
            self.overfull += 1
            return NO_LANE
        self._lanes.append([(left, right)])
        return len(self._lanes) - 1


def _put(lane: list[tuple[float, float]], left: float, right: float) -> bool:
    """Insert a stretch into a lane that is sorted by its lefts, unless it would touch another."""
    at = bisect_left(lane, (left, right))
    if at and lane[at - 1][1] + _AIR > left:
        return False
    if at < len(lane) and lane[at][0] - _AIR < right:
        return False
    lane.insert(at, (left, right))
    return True


def pack(stretches: Sequence[tuple[float, float]]) -> list[int]:
    """Return the lane of each stretch, in the order given (shortest span first)."""
    lanes = Lanes()
    return [lanes.place(left, right) for left, right in stretches]
