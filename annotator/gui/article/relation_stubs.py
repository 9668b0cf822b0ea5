"""The other ends of relations that are elsewhere: named at the end of the trunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from annotator.gui.article.relation_pen import RelationPen

_MOST: Final = 3
"""How many are named; of the rest it is said how many they are."""


@dataclass(frozen=True, slots=True)
class Stub:
    """The other end of a relation that is not on the same line: its first words."""

    name: str
    words: str
    inward: bool


class Stubs:
    """Draws them into the chip row of a span, as far right as *edge*."""

    def __init__(self, pen: RelationPen, edge: float) -> None:
        self._pen = pen
        self._edge = edge

    def paint(
        self, caption: QRectF, stubs: list[Stub], at: float, going_on: bool, lane: list[QRectF]
    ) -> None:
        """Name the ends that are elsewhere, in the first free stretch of the chip row."""
        scale, row = self._pen.scale, caption.center().y()
        free = free_stretches(lane, at, self._edge)
        need = min(self._width(stub) for stub in stubs)
        place = next((stretch for stretch in free if stretch[1] - stretch[0] >= need), None)
        if place is None:
            self._names_only(stubs, at, row, free)
            return
        x, end = place
        if x > at and not going_on:
            gap_row = caption.bottom() + 2 * scale
            self._pen.line(caption.center().x(), x, gap_row)
            x += 4 * scale
        for number, stub in enumerate(stubs):
            rest = len(stubs) - number
            if number == _MOST or x + self._width(stub) > end:
                if x + 24 * scale <= end:
                    self._pen.text(x, row, f"+{rest}")
                return
            x = self._draw(stub, x, row) + 12 * scale

    def _names_only(
        self, stubs: list[Stub], at: float, row: float, free: list[tuple[float, float]]
    ) -> None:
        """Write beside the arrow which relations go on elsewhere, or draw the arrow alone."""
        scale = self._pen.scale
        names = ", ".join(dict.fromkeys(stub.name for stub in stubs))
        width = self._pen.width(names) + 20 * scale
        place = next((left for left, right in free if right - left >= width), None)
        if place is not None:
            at = place
        inward = all(stub.inward for stub in stubs)
        if place is not None and not inward:
            at = self._pen.text(at, row, names) + 4 * scale
        end = at + (12 if place is not None else 8) * scale
        self._pen.line(at, end, row)
        self._pen.head(QPointF(at if inward else end, row), -1.0 if inward else 1.0, 0.0)
        if place is not None and inward:
            self._pen.text(end + 4 * scale, row, names)

    def _width(self, stub: Stub) -> float:
        words = self._pen.width(stub.name + stub.words)
        return words + 48 * self._pen.scale

    def _draw(self, stub: Stub, x: float, row: float) -> float:
        scale = self._pen.scale
        length = 14 * scale
        self._pen.line(x, x + length, row)
        if stub.inward:
            self._pen.head(QPointF(x, row), -1.0, 0.0)
        x = self._pen.text(x + length + 4 * scale, row, stub.name) + 4 * scale
        self._pen.line(x, x + length, row)
        if not stub.inward:
            self._pen.head(QPointF(x + length, row), 1.0, 0.0)
        return self._pen.text(x + length + 4 * scale, row, stub.words)


def free_stretches(rects: list[QRectF], left: float, right: float) -> list[tuple[float, float]]:
    """Return the stretches between *left* and *right* that no rectangle covers."""
    found: list[tuple[float, float]] = []
    at = left
    for rect in sorted(rects, key=lambda rect: rect.left()):
        if rect.right() <= at:
            continue
        if rect.left() > at:
            found.append((at, min(rect.left() - 4, right)))
        at = max(at, rect.right() + 4)
    if at < right:
        found.append((at, right))
    return [stretch for stretch in found if stretch[1] > stretch[0]]
