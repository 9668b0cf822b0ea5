"""The shapes of what lies around the pages: tabs, heads, menu bar, scroll bars, edges of docks."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyleOption,
    QStyleOptionHeader,
    QStyleOptionMenuItem,
    QStyleOptionSlider,
    QStyleOptionTab,
    QWidget,
)

from annotator.gui.field_shapes import RADIUS
from annotator.gui.parts import type_font
from annotator.gui.theme import Theme

State = QStyle.StateFlag


def separator(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """Paint the edge of a dock: a hairline towards the dock, page on the side of the page."""
    rect: QRect = option.rect
    painter.fillRect(rect, theme.page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.hairline)
    window = widget.window() if widget is not None else None
    if rect.width() > rect.height():
        painter.drawLine(rect.topLeft(), rect.topRight())
    elif window is not None and rect.center().x() > window.width() // 2:
        painter.drawLine(rect.topRight(), rect.bottomRight())
    else:
        painter.drawLine(rect.topLeft(), rect.bottomLeft())


def tab_base(theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """Paint the line under a row of tabs."""
    rect: QRect = option.rect
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.hairline)
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def tab(theme: Theme, option: QStyleOptionTab, painter: QPainter) -> None:
    """Paint what lies under the chosen tab."""
    rect: QRect = option.rect
    if option.state & State.State_Selected:
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), theme.accent)


def tab_text(theme: Theme, option: QStyleOptionTab, painter: QPainter) -> None:
    """Write the name of a tab."""
    chosen = bool(option.state & State.State_Selected)
    painter.save()
    painter.setFont(type_font(13, 600 if chosen else 500))
    painter.setPen(theme.ink if chosen else theme.muted)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
    painter.drawText(option.rect, flags, option.text)
    painter.restore()


def header(theme: Theme, rect: QRect, painter: QPainter) -> None:
    """Paint the ground of the head of a table."""
    painter.fillRect(rect, theme.raised)
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.hairline)


def header_text(theme: Theme, option: QStyleOptionHeader, painter: QPainter) -> None:
    """Write the name of a column."""
    painter.save()
    painter.setFont(type_font(12))
    painter.setPen(theme.muted)
    asked = option.textAlignment & (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignHCenter)
    side = asked or Qt.AlignmentFlag.AlignLeft
    place = option.rect.adjusted(6, 0, -6, 0)
    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, option.text)
    painter.restore()


def menu_title(theme: Theme, option: QStyleOptionMenuItem, painter: QPainter) -> None:
    """Paint the name of a menu in the menu bar."""
    state = option.state
    rect: QRect = option.rect
    painter.save()
    painter.fillRect(rect, theme.window)
    if state & (State.State_Selected | State.State_Sunken):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(theme.accent, 1) if theme.high_contrast else Qt.PenStyle.NoPen)
        painter.setBrush(theme.hovered_row)
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 2, -1, -2), RADIUS, RADIUS)
    painter.setPen(theme.ink)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
    painter.drawText(rect, flags, option.text)
    painter.restore()


def scroll_bar(theme: Theme, option: QStyleOptionSlider, slider: QRect, painter: QPainter) -> None:
    """Paint the handle of a scroll bar, where there is something to scroll."""
    if option.maximum <= option.minimum:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    state = option.state
    hovered = bool(state & State.State_MouseOver) or theme.high_contrast
    painter.setBrush(theme.mark if hovered else theme.frame)
    handle = QRectF(slider).adjusted(3, 1, -3, -1)
    if option.orientation == Qt.Orientation.Horizontal:
        handle = QRectF(slider).adjusted(1, 3, -1, -3)
    painter.drawRoundedRect(handle, 3, 3)
    painter.restore()


def paint_bar(bar: QWidget, ground: QColor, edge: QColor, *, below: bool = False) -> None:
    """Paint the ground of a bar of ours, with a line along its upper edge or *below* it."""
    painter = QPainter(bar)
    try:
        painter.fillRect(bar.rect(), ground)
        painter.fillRect(0, bar.height() - 1 if below else 0, bar.width(), 1, edge)
    finally:
        painter.end()
