"""The shape of a field for a number: the frame of the other fields, and two small arrows in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSpinBox, QStyle, QStyleOptionSpinBox

from annotator.gui.field_shapes import ARROW, RADIUS, outline
from annotator.gui.parts import px, round_pen, scale
from annotator.gui.theme import Theme

STEPS: Final = (QStyle.SubControl.SC_SpinBoxUp, QStyle.SubControl.SC_SpinBoxDown)
"""The parts that :func:`paint_spin_box` wants the places of."""
_ENABLED: Final = (
    QAbstractSpinBox.StepEnabledFlag.StepUpEnabled,
    QAbstractSpinBox.StepEnabledFlag.StepDownEnabled,
)


def place_in_spin_box(option: QStyleOptionSpinBox, part: QStyle.SubControl) -> QRect | None:
    """Return where an arrow or the number stands; None for anything else, or without arrows."""
    if option.buttonSymbols == QAbstractSpinBox.ButtonSymbols.NoButtons:
        return None
    whole: QRect = option.rect
    width, half = px(ARROW), whole.height() // 2
    left = whole.right() + 1 - width
    rightwards = {
        STEPS[0]: QRect(left, whole.top() + 2, width, half - 2),
        STEPS[1]: QRect(left, whole.top() + half, width, half - 2),
        QStyle.SubControl.SC_SpinBoxEditField: whole.adjusted(5, 1, -width, -1),
    }
    place = rightwards.get(part)
    direction: Qt.LayoutDirection = option.direction
    return None if place is None else QStyle.visualRect(direction, whole, place)


def paint_spin_box(
    theme: Theme, option: QStyleOptionSpinBox, arrows: list[QRect], painter: QPainter
) -> None:
    """Paint what lies under the number; *arrows* are the places of :data:`STEPS`."""
    alive = bool(option.state & QStyle.StateFlag.State_Enabled)
    painter.setOpacity(1.0 if alive else 0.4)
    painter.setPen(QPen(theme.frame, 1))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(outline(option), RADIUS, RADIUS)
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
