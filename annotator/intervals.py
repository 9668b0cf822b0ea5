"""An index of stretches by where they lie, for questions such as "which spans are near here?"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_BUCKET: Final = 512
"""Code points that share a bucket: some lines of text."""

_LONG: Final = 64
"""Stretches over more buckets than this are kept apart, so that adding one stays cheap."""


class Intervals:
    """Keys by their stretches ``[start, end)``; adding and discarding cost nothing noticeable."""

    __slots__ = ("_buckets", "_extents", "_long")

    def __init__(self) -> None:
        self._extents: dict[str, tuple[int, int]] = {}
        self._buckets: dict[int, set[str]] = {}
        self._long: set[str] = set()

    def add(self, key: str, start: int, end: int) -> None:
        """Put *key* at a stretch; one that is already there moves."""
        self.discard(key)
        self._extents[key] = (start, end)
        for bucket in self._cells(key, start, end):
            bucket.add(key)

    def discard(self, key: str) -> None:
        """Forget *key*, if it is there."""
        extent = self._extents.pop(key, None)
        if extent is not None:
            for bucket in self._cells(key, *extent):
                bucket.discard(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._extents)

    def overlapping(self, start: int, end: int) -> list[str]:
        """Return the keys whose stretches share a position with ``[start, end)``, unordered."""
        found = set(self._long)
        for number in range(start // _BUCKET, (end - 1) // _BUCKET + 1):
            found |= self._buckets.get(number, set())
        return [key for key in found if self._meets(key, start, end)]

    def _meets(self, key: str, start: int, end: int) -> bool:
        own_start, own_end = self._extents[key]
        return own_start < end and start < own_end

    def _cells(self, key: str, start: int, end: int) -> Iterator[set[str]]:
        first, last = start // _BUCKET, (end - 1) // _BUCKET
        if last - first >= _LONG:
            yield self._long
            return
        for number in range(first, last + 1):
            yield self._buckets.setdefault(number, set())
