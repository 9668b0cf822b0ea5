"""Marks in the right margin: a flag for unsure, a bubble for notes, a triangle for warnings."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from annotator.gui.theme import Theme


def paint_mark(painter: QPainter, kind: str, left: QPointF, theme: Theme, scale: float) -> None:
    """Draw the mark *kind* (``note``, ``unsure``, ``warning``), 16 px wide times *scale*.

    *left* is the middle of its left edge. The shapes differ, not only the colours.
    """
    colour = theme.warning if kind == "warning" else theme.muted
    painter.save()
    try:
        painter.translate(left.x(), left.y() - 8 * scale)
        painter.scale(scale, scale)
        pen = QPen(colour, 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_PATHS[kind]())
    finally:
        painter.restore()


def _note() -> QPainterPath:
    path = QPainterPath(QPointF(2.5, 3.5))
    for x, y in ((13.5, 3.5), (13.5, 10.5), (8.5, 10.5), (6, 13), (6, 10.5), (2.5, 10.5)):
        path.lineTo(x, y)
    path.closeSubpath()
    return path


def _unsure() -> QPainterPath:
    path = QPainterPath(QPointF(4, 14))
    path.lineTo(4, 2.5)
    path.lineTo(12.5, 2.5)
    path.lineTo(10.5, 5.5)
    path.lineTo(12.5, 8.5)
    path.lineTo(4, 8.5)
    return path


def _warning() -> QPainterPath:
    path = QPainterPath(QPointF(8, 2.5))
    path.lineTo(14, 13)
    path.lineTo(2, 13)
    path.closeSubpath()
    path.moveTo(8, 6.5)
    path.lineTo(8, 9)
    path.moveTo(8, 11)
    path.lineTo(8, 11.05)
    return path


_PATHS = {"note": _note, "unsure": _unsure, "warning": _warning}
