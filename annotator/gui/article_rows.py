"""The rows of the list of articles: a dot that says how far an article is, and two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.gui.article_model import SUMMARY, ArticleModel, Index, second_line
from annotator.gui.parts import paint_row, px, round_pen, row_height, scale, type_font
from annotator.gui.theme import Theme
from annotator.model import LayerState
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.project import Summary

STRIP = 48
"""Width of the folded list."""


def paint_dot(painter: QPainter, centre: QPointF, state: str, theme: Theme) -> None:
    """Draw how far an article is: the shape says it, the colour only helps."""
    radius = 5.0 * min(scale(), 1.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    circle = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    if state == LayerState.IN_PROGRESS:
        painter.setPen(QPen(theme.accent, 1.5))
        painter.drawEllipse(circle)
        painter.setBrush(theme.accent)
        painter.setPen(Qt.PenStyle.NoPen)
        half = circle.adjusted(2.2, 2.2, -2.2, -2.2)
        painter.drawPie(half, 90 * 16, -180 * 16)
    elif state == LayerState.RETURNED:
        painter.setPen(QPen(theme.error, 1.5))
        painter.drawEllipse(circle)
        painter.drawLine(centre + QPointF(0, -radius * 0.5), centre + QPointF(0, radius * 0.1))
        painter.drawPoint(centre + QPointF(0, radius * 0.5))
    elif state in (LayerState.SUBMITTED, LayerState.IN_REVIEW, LayerState.APPROVED):
        solid = theme.accent if state == LayerState.APPROVED else theme.muted
        painter.setPen(QPen(solid, 1.5))
        painter.setBrush(solid)
        painter.drawEllipse(circle)
        painter.setPen(round_pen(theme.side, 1.5))
        painter.drawPolyline(
            [
                centre + QPointF(-0.45, 0.05) * radius,
                centre + QPointF(-0.1, 0.4) * radius,
                centre + QPointF(0.5, -0.35) * radius,
            ]
        )
    else:
        painter.setPen(QPen(theme.mark, 1.5))
        painter.drawEllipse(circle)
    painter.restore()


class ArticleRows(QStyledItemDelegate):
    """Paints an article in two lines, or as its dot alone where the list is folded."""

    def __init__(self, theme: Theme, parent: QObject, *, folded: bool) -> None:
        super().__init__(parent)
        self.theme = theme
        self.open_id: str | None = None
        self._folded = folded

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(STRIP if self._folded else px(200), row_height(48))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        summary: Summary | None = index.data(SUMMARY)
        if summary is None:
            return
        theme = self.theme
        rect: QRect = option.rect
        state = option.state
        view = self.parent()
        focused = isinstance(view, QWidget) and view.hasFocus()
        is_open = summary.id == self.open_id
        paint_row(
            painter,
            rect.adjusted(4, 1, -4, -1),
            theme,
            current=is_open or (focused and bool(state & QStyle.StateFlag.State_Selected)),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            focused=is_open or focused,
        )
        painter.save()
        middle = rect.center().y() + 1
        if self._folded:
            paint_dot(painter, QPointF(rect.center().x() + 1, middle), summary.state, theme)
        else:
            paint_dot(painter, QPointF(rect.left() + px(23), middle), summary.state, theme)
            self._paint_text(painter, rect, summary, is_open)
        if focused and state & QStyle.StateFlag.State_Selected:
            painter.setPen(theme.accent)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.drawRoundedRect(rect.adjusted(5, 2, -6, -3), 6, 6)
        painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRect, summary: Summary, is_open: bool) -> None:
        theme = self.theme
        title = " ".join(summary.title.split())
        left = rect.left() + px(43)
        room = rect.right() - left - 12
        top = rect.center().y() - px(18)
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(type_font(13, 600 if is_open else 400))
        painter.setPen(theme.ink)
        text = painter.fontMetrics().elidedText(title or tr("Without a title"), elide, room)
        line = QRect(left, top, room, px(20))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(type_font(12))
        returned = summary.state == LayerState.RETURNED
        painter.setPen(theme.error if returned else theme.muted)
        text = painter.fontMetrics().elidedText(second_line(summary), elide, room)
        line = QRect(left, top + px(20), room, px(16))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)


class ArticleRowsView(QListView):
    """The list itself; Enter and a click open an article."""

    opened = Signal(QModelIndex)
    left = Signal()
    """Esc: back to the text."""

    def __init__(self, model: ArticleModel, theme: Theme, *, folded: bool) -> None:
        super().__init__()
        self.setModel(model)
        self.rows = ArticleRows(theme, self, folded=folded)
        self.setItemDelegate(self.rows)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
