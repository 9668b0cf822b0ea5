"""The shape of a field for a number: the frame of the other fields, and two small arrows in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSpinBox, QStyle, QStyleOptionSpinBox

from annotator.gui.parts import round_pen, scale
from annotator.gui.theme import Theme

STEPS: Final = (QStyle.SubControl.SC_SpinBoxUp, QStyle.SubControl.SC_SpinBoxDown)
"""The parts that :func:`paint_spin_box` wants the places of."""
_ENABLED: Final = (
    QAbstractSpinBox.StepEnabledFlag.StepUpEnabled,
    QAbstractSpinBox.StepEnabledFlag.StepDownEnabled,
)


def paint_spin_box(
    theme: Theme, option: QStyleOptionSpinBox, arrows: list[QRect], radius: int, painter: QPainter
) -> None:
    """Paint what lies under the number; *arrows* are the places of :data:`STEPS`."""
    alive = bool(option.state & QStyle.StateFlag.State_Enabled)  # type: ignore[attr-defined]
    painter.setOpacity(1.0 if alive else 0.4)
    painter.setPen(QPen(theme.frame, 1))
    painter.setBrush(theme.raised)
    rect: QRect = option.rect  # type: ignore[attr-defined]
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    if option.buttonSymbols == QAbstractSpinBox.ButtonSymbols.NoButtons:
        return
    grown = scale()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for place, step, way in zip(arrows, _ENABLED, (-1, 1), strict=True):
        painter.setOpacity(1.0 if alive and option.stepEnabled & step else 0.4)
        painter.setPen(round_pen(theme.muted, 1.5 * grown))
        centre = QRectF(place).center()
        corners = (QPointF(-3, -1.5 * way), QPointF(0, 1.5 * way), QPointF(3, -1.5 * way))
        painter.drawPolyline(QPolygonF([centre + corner * grown for corner in corners]))
