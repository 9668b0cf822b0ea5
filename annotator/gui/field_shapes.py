"""The shapes of what people press and fill in: a frame with round corners, and what is in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QWidget,
)

from annotator.gui.parts import px, round_pen, scale
from annotator.gui.theme import Theme, mix

RADIUS: Final = 6
"""Of the corners of fields and buttons."""
ARROW: Final = 22
"""Room for the arrow of a list of options, or the two of a number, at 100 %."""
State = QStyle.StateFlag


def outline(option: QStyleOption) -> QRectF:
    """Return where a line of one pixel runs around a widget."""
    return QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)


def line_edit(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """Paint a field for words; one that is wrong has the frame of mistakes."""
    if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
        return
    wrong = widget is not None and bool(widget.property("wrong"))
    painter.setPen(QPen(theme.error if wrong else theme.frame, 1))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(outline(option), RADIUS, RADIUS)


def frame(theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """Paint the frame alone."""
    painter.setPen(QPen(theme.frame, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(outline(option), RADIUS, RADIUS)


def push_button(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """Paint a button with words; the one that the Enter key presses has the accent."""
    ground, frame = theme.raised, theme.frame
    if isinstance(option, QStyleOptionButton):
        default = QStyleOptionButton.ButtonFeature.DefaultButton
        if default in option.features:
            frame = theme.accent
    pressed = bool(option.state & State.State_Sunken or option.state & State.State_On)
    if widget is not None and widget.property("primary"):
        if not option.state & State.State_Enabled:
            painter.setOpacity(0.4)
        frame = ground = mix(theme.ink, theme.accent, 0.15) if pressed else theme.accent
    elif pressed:
        ground = mix(theme.ink, theme.hovered_row, 0.06)
    elif option.state & State.State_MouseOver and option.state & State.State_Enabled:
        ground = theme.hovered_row
    painter.setPen(QPen(frame, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(outline(option), RADIUS, RADIUS)


def tool_button(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """Paint a button with an icon: flat until it is hovered, pressed or on."""
    state = option.state
    if not state & State.State_Enabled:
        return
    ground: QColor | None = None
    if state & State.State_Sunken:
        ground = mix(theme.ink, theme.hovered_row, 0.06)
    elif state & State.State_On:
        ground = theme.accent_tint
    elif state & State.State_MouseOver:
        ground = theme.hovered_row
    if ground is None and state & State.State_AutoRaise:
        return
    raised = not state & State.State_AutoRaise
    painter.setPen(QPen(theme.frame, 1) if raised else Qt.PenStyle.NoPen)
    if theme.high_contrast and ground is not None:
        painter.setPen(QPen(theme.accent, 2 if state & State.State_On else 1))
        ground = theme.page
    painter.setBrush(ground or theme.raised)
    painter.drawRoundedRect(outline(option), RADIUS, RADIUS)


def check_box(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """Paint a box with a tick, a dash for some of several, or nothing."""
    state = option.state
    box = outline(option).adjusted(0.5, 0.5, -0.5, -0.5)
    on = bool(state & State.State_On)
    some = bool(state & State.State_NoChange)
    if not state & State.State_Enabled:
        painter.setOpacity(0.4)
    painter.setPen(QPen(theme.accent if on or some else theme.mark, 1.5))
    painter.setBrush(theme.accent if on or some else theme.raised)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(round_pen(theme.on_accent, 2))
    if on:
        centre, unit = box.center(), box.width() / 2
        painter.drawPolyline(
            [
                centre + QPointF(-0.5, 0.05) * unit,
                centre + QPointF(-0.1, 0.45) * unit,
                centre + QPointF(0.55, -0.4) * unit,
            ]
        )
    elif some:
        painter.drawLine(
            QPointF(box.left() + 4, box.center().y()), QPointF(box.right() - 4, box.center().y())
        )


def chevron(theme: Theme, centre: QPointF, painter: QPainter) -> None:
    """Draw the mark of what opens downwards, as large as the text is."""
    grown = scale()
    painter.setPen(round_pen(theme.muted, 1.5 * grown))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    corners = (QPointF(-3.5, -2), QPointF(0, 1.5), QPointF(3.5, -2))
    painter.drawPolyline(QPolygonF([centre + corner * grown for corner in corners]))


def arrow_down(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    """Paint the mark on a button that opens a menu."""
    rect: QRect = option.rect
    chevron(theme, QPointF(rect.center()), painter)


def combo(theme: Theme, option: QStyleOptionComboBox, painter: QPainter) -> None:
    """Paint a list of options: its field, and the arrow."""
    state = option.state
    hovered = state & State.State_MouseOver and state & State.State_Enabled
    if not state & State.State_Enabled:
        painter.setOpacity(0.4)
    painter.setPen(QPen(theme.frame, 1))
    painter.setBrush(theme.hovered_row if hovered else theme.raised)
    painter.drawRoundedRect(outline(option), RADIUS, RADIUS)
    rect: QRect = option.rect
    inset = px(13)
    centre = QPointF(rect.right() - inset, rect.center().y() + 1)
    if option.direction == Qt.LayoutDirection.RightToLeft:
        centre.setX(rect.left() + inset)
    chevron(theme, centre, painter)


def beside_arrow(words: QRect, option: QStyleOption) -> QRect:
    """Return the place for the words of a list of options, without what its arrow takes."""
    whole: QRect = option.rect
    if option.direction == Qt.LayoutDirection.RightToLeft:
        words.setLeft(max(words.left(), whole.left() + px(ARROW)))
    else:
        words.setRight(min(words.right(), whole.right() - px(ARROW)))
    return words
