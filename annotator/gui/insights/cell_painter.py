"""Paints the cells of a table of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.gui.icons import pixmap
from annotator.gui.insights.sheet import Cell, Index, Sheet
from annotator.gui.insights.words import figure
from annotator.gui.parts import paint_bracket, paint_row, px, row_height, type_font
from annotator.gui.theme import mix

if TYPE_CHECKING:
    from annotator.gui.theme import Theme

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
STEPS: Final = (1.0, 0.72, 0.5, 0.32, 0.18)
"""How much of the accent is in the parts of a stacked bar, one after the other."""


def step(number: int) -> float:
    """Return how much of the accent is in part *number*; they begin anew after the last."""
    return STEPS[number % len(STEPS)]


class CellPainter(QStyledItemDelegate):
    """Paints what a :class:`Cell` says."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet

    def width_of(self, cell: Cell) -> int:
        """Return the pixels that a cell needs."""
        width = QFontMetrics(type_font(13, max(cell.weight, 500))).horizontalAdvance(cell.text)
        if cell.second:
            width += px(8) + QFontMetrics(type_font(12)).horizontalAdvance(cell.second)
        if cell.colour or cell.icon:
            width += px(22)
        if cell.interval is not None or cell.axis is not None or cell.parts:
            width = max(width, px(150))
        return width + px(18)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self.width_of(self._sheet.sheet.cell(index)), row_height(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, cell = self._sheet.theme, self._sheet.sheet.cell(index)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        focused = self._sheet.hasFocus()
        current = index == self._sheet.currentIndex()
        by_row = self._sheet.selectionBehavior() == self._sheet.SelectionBehavior.SelectRows
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if cell.share is not None:
            self._paint_ground(painter, area, cell.share, theme)
        chosen = bool(state & QStyle.StateFlag.State_Selected) if by_row else current and focused
        hovered = bool(state & QStyle.StateFlag.State_MouseOver) and cell.opens is not None
        if by_row and chosen:
            painter.fillRect(area, theme.selected_row if focused else theme.hovered_row)
        elif cell.share is None and (chosen or hovered):
            place = area.adjusted(1, 1, -1, -1)
            paint_row(painter, place, theme, current=chosen, hovered=hovered, focused=focused)
        if cell.interval is not None and cell.axis is not None:
            self._paint_interval(painter, area, cell, theme)
        elif cell.axis is not None:
            self._paint_axis(painter, area, cell.axis, theme)
        elif cell.parts:
            self._paint_parts(painter, area, cell.parts, theme)
        else:
            self._paint_words(painter, area, cell, theme)
        if current and focused and (cell.share is not None or cell.opens is not None):
            painter.setPen(QPen(theme.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(area).adjusted(2, 2, -2, -2), 4, 4)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, share: float, theme: Theme) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme.accent, theme.page, 0.05 + 0.3 * min(max(share, 0.0), 1.0)))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_words(self, painter: QPainter, area: QRect, cell: Cell, theme: Theme) -> None:
        inner = area.adjusted(px(8), 0, -px(8), 0)
        if cell.share is not None:
            painter.setFont(type_font(13, cell.weight))
            painter.setPen(theme.ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, cell.text)
            return
        if cell.colour:
            middle = area.center().y() + 0.5
            paint_bracket(painter, inner.left(), middle, theme.label(cell.colour).base)
            inner.setLeft(inner.left() + px(20))
        elif cell.icon:
            side = px(14)
            mark = pixmap(cell.icon, theme.muted, side)
            painter.drawPixmap(inner.left(), area.center().y() - side // 2, mark)
            inner.setLeft(inner.left() + px(20))
        painter.setFont(type_font(13, cell.weight))
        painter.setPen(theme.muted if cell.muted else theme.ink)
        mode = Qt.TextElideMode.ElideMiddle if cell.shows_ends else Qt.TextElideMode.ElideRight
        words = painter.fontMetrics().elidedText(" ".join(cell.text.split()), mode, inner.width())
        side = _RIGHT if cell.right else _LEFT
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter if cell.centred else side, words)
        used = painter.fontMetrics().horizontalAdvance(words) + px(8)
        if cell.second and used < inner.width():
            painter.setFont(type_font(12))
            painter.setPen(theme.muted)
            rest = inner.adjusted(used, 0, 0, 0)
            words = painter.fontMetrics().elidedText(
                " ".join(cell.second.split()), Qt.TextElideMode.ElideRight, rest.width()
            )
            painter.drawText(rest, _LEFT, words)

    def _track(self, area: QRect) -> tuple[float, float]:
        return area.left() + px(10), area.right() - px(14)

    def _paint_interval(self, painter: QPainter, area: QRect, cell: Cell, theme: Theme) -> None:
        assert cell.interval is not None
        assert cell.axis is not None
        left, right = self._track(area)
        low, high = cell.axis
        y = area.center().y() + 0.5

        def at(value: float) -> float:
            return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

        painter.setPen(QPen(theme.hairline, 1))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        begin, middle, end = map(at, cell.interval)
        painter.setPen(QPen(theme.accent, 1.5))
        if end - begin > 1:
            painter.drawLine(QPointF(begin, y), QPointF(end, y))
            for x in (begin, end):
                painter.drawLine(QPointF(x, y - px(3)), QPointF(x, y + px(3)))
        painter.setPen(QPen(theme.page, 1))
        painter.setBrush(theme.accent)
        painter.drawEllipse(QPointF(middle, y), px(3.5), px(3.5))

    def _paint_axis(
        self, painter: QPainter, area: QRect, axis: tuple[float, float], theme: Theme
    ) -> None:
        left, right = self._track(area)
        painter.setFont(type_font(12))
        painter.setPen(theme.muted)
        for share in (0.0, 0.5, 1.0):
            words = figure(axis[0] + share * (axis[1] - axis[0]))
            wide = painter.fontMetrics().horizontalAdvance(words)
            x = left + share * (right - left) - wide / 2
            x = min(max(x, area.left()), area.right() - wide)
            place = QRectF(x, area.top(), wide + 2, area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_parts(
        self, painter: QPainter, area: QRect, parts: tuple[float, ...], theme: Theme
    ) -> None:
        left, right = area.left() + px(8), area.right() - px(8)
        thick = px(11)
        top = area.center().y() - thick / 2 + 0.5
        x = float(left)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, length in enumerate(parts):
            width = (right - left) * length
            if width <= 0:
                continue
            painter.setBrush(mix(theme.accent, theme.page, step(number)))
            painter.drawRect(QRectF(x, top, max(width - 1, 1), thick))
            x += width
