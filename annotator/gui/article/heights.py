"""Heights of many paragraphs, most of them only estimated: where does each begin?"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

_CHUNK: Final = 256


class Heights:
    """A list of heights with quick sums: change one, find a top, find what lies at a height.

    Two levels: sums of 256 heights, then the heights. All steps run in C, so half a million
    paragraphs cost as little as ten.
    """

    __slots__ = ("_heights", "_sums", "_tops")

    def __init__(self, heights: Iterable[float]) -> None:
        self._heights = array("d", heights)
        self._sums = [
            sum(self._heights[at : at + _CHUNK]) for at in range(0, len(self._heights), _CHUNK)
        ]
        self._tops: list[float] | None = None

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, number: int) -> float:
        return self._heights[number]

    def __setitem__(self, number: int, height: float) -> None:
        self._sums[number // _CHUNK] += height - self._heights[number]
        self._heights[number] = height
        self._tops = None

    @property
    def total(self) -> float:
        """Sum of all heights."""
        return self._chunk_tops()[-1]

    def top(self, number: int) -> float:
        """Return the sum of the heights before *number*."""
        chunk = number // _CHUNK
        return self._chunk_tops()[chunk] + sum(self._heights[chunk * _CHUNK : number])

    def find(self, height: float) -> int:
        """Return the number of what covers *height*, the first or last where it lies outside."""
        if not self._heights:
            return 0
        tops = self._chunk_tops()
        low, high = 0, len(self._sums) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if tops[middle] <= height:
                low = middle
            else:
                high = middle - 1
        number, bottom = low * _CHUNK, tops[low]
        for own in self._heights[number : number + _CHUNK]:
            bottom += own
            if height < bottom:
                return number
            number += 1
        return len(self._heights) - 1 if number >= len(self._heights) else number

    def _chunk_tops(self) -> list[float]:
        if self._tops is None:
            self._tops = list(accumulate(self._sums, initial=0.0))
        return self._tops
