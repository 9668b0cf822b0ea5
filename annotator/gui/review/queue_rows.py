"""The rows of the queue: how they are painted, and what the keys do in the tree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from annotator.gui.article_rows import STRIP
from annotator.gui.icons import icon
from annotator.gui.leftwards import paint_line
from annotator.gui.parts import paint_box, paint_row, px, row_height, type_font
from annotator.gui.review.ages import age_in_words
from annotator.gui.review.queue_columns import EDGE, GAP, Column, Place, placed
from annotator.gui.review.queue_model import (
    AT_ONCE,
    GROUP,
    TICKED,
    WAITING,
    Head,
    Index,
    QueueModel,
)
from annotator.gui.review.waiting import Waiting
from annotator.gui.review.wording import group_icon
from annotator.gui.theme import Theme
from annotator.review.wording import heading
from annotator.translation import number


class QueueRows(QStyledItemDelegate):
    """Paints the head of a group with its count, and a case with the initials of its readers."""

    def __init__(self, theme: Theme, parent: QObject, *, folded: bool) -> None:
        super().__init__(parent)
        self.theme = theme
        self.current = ""
        """Key of the case at hand."""
        self.ticking = False
        """Whether cases are being ticked: then every row has a box."""
        self._folded = folded
        self._asked: tuple[object, ...] = ()
        self._found: Sequence[Place] = ()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(STRIP if self._folded else px(160), row_height(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        focused = isinstance(view, QWidget) and view.hasFocus()
        state = option.state
        row: Waiting | None = index.data(WAITING)
        at_hand = row is not None and row.key == self.current
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        rect = QRect(0, option.rect.top(), option.widget.width(), option.rect.height())
        paint_row(
            painter,
            rect,
            self.theme,
            current=at_hand or (chosen and focused),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            focused=at_hand or focused,
            radius=0,
        )
        painter.save()
        if row is None:
            opened = not self._folded and bool(state & QStyle.StateFlag.State_Open)
            ticked = 0 if opened else index.data(TICKED)
            self._paint_head(painter, rect, index.data(GROUP), opened, ticked)
        elif not self._folded:
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            if self.ticking or hovered or (chosen and focused):
                on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
                paint_box(painter, self.theme, rect.left() + 16, rect.center().y() + 1, on)
            self._paint_case(painter, rect, row, at_hand)
        if chosen and focused and not self.theme.high_contrast:
            painter.setPen(self.theme.accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_head(
        self, painter: QPainter, rect: QRect, head: Head, opened: bool, ticked: int
    ) -> None:
        theme, side = self.theme, px(16)
        top = rect.top() + (rect.height() - side) // 2
        left = (STRIP - side) // 2 if self._folded else EDGE
        if not self._folded:
            name, small = "chevron-down" if opened else "chevron-right", px(12)
            spot = QRect(left, rect.top() + (rect.height() - small) // 2, small, small)
            icon(name, theme.muted, small).paint(painter, spot)
            left += small + 10
        icon(group_icon(head.group), theme.muted, side).paint(painter, QRect(left, top, side, side))
        if self._folded:
            if ticked:
                self._paint_ticked(painter, rect.adjusted(0, 0, -2, 0), ticked, box=False)
            return
        left += side + 8
        painter.setFont(type_font(13))
        painter.setPen(theme.ink)
        room = px(96) if ticked else px(48)
        place = QRect(left, rect.top(), rect.width() - left - room, rect.height())
        paint_line(painter, place, heading(head.group))
        painter.setFont(type_font(12))
        painter.setPen(theme.muted)
        right = rect.adjusted(0, 0, -16, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        count = number(len(head.rows))
        painter.drawText(right, flags, count)
        if ticked:
            room = painter.fontMetrics().horizontalAdvance(count) + GAP
            self._paint_ticked(painter, right.adjusted(0, 0, -room, 0), ticked, box=True)

    def _paint_ticked(self, painter: QPainter, rect: QRect, ticked: int, *, box: bool) -> None:
        """Say at the right of *rect* how many rows of a folded group are ticked."""
        painter.setFont(type_font(12, 600))
        painter.setPen(self.theme.accent)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(rect, flags, number(ticked))
        if box:
            left = rect.right() - painter.fontMetrics().horizontalAdvance(number(ticked)) - px(18)
            paint_box(painter, self.theme, left, rect.center().y() + 1, True)

    def _paint_case(self, painter: QPainter, rect: QRect, row: Waiting, at_hand: bool) -> None:
        words, *columns = self._places(rect.width())
        painter.setFont(type_font(12))
        painter.setPen(self.theme.muted)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for place in columns:
            box = QRect(place.left, rect.top(), place.width, rect.height())
            said = _said(row, place.column)
            metrics = painter.fontMetrics()
            said = metrics.elidedText(said, Qt.TextElideMode.ElideRight, place.width)
            painter.drawText(box, flags, said)
        painter.setFont(type_font(13, 600 if at_hand else 400))
        painter.setPen(self.theme.ink)
        box = QRect(words.left, rect.top(), words.width, rect.height())
        paint_line(painter, box, row.words)

    def _places(self, width: int) -> Sequence[Place]:
        """Return where the columns stand; found once for all rows of a width."""
        view = self.parent()
        model = view.model() if isinstance(view, QueueTree) else None
        sorting, longest = None, ""
        if isinstance(model, QueueModel):
            sorting, longest = model.sorting, model.longest
        asked = (width, sorting, longest, px(100), self.theme)
        if self._asked != asked:
            self._asked, self._found = asked, placed(width, sorting, longest)
        return self._found


def _said(row: Waiting, column: Column) -> str:
    """Return what stands in a column of a case."""
    match column:
        case Column.WHO:
            return row.initials
        case Column.AGE:
            return age_in_words(row.since) if row.since else ""
        case Column.SCORE:
            return "" if row.score is None else f"{row.score:.0%}"
        case Column.LABEL:
            return row.label
        case Column.WORDS:
            return row.words


class QueueTree(QTreeView):
    """The tree, or its strip of marks."""

    opened = Signal(QModelIndex)
    ticked = Signal(QModelIndex)
    """The box of a row is turned, by Space or by a click."""
    left = Signal()

    def __init__(self, model: QueueModel, theme: Theme, *, folded: bool) -> None:
        super().__init__()
        self.rows = QueueRows(theme, self, folded=folded)
        self.setModel(model)
        self.setItemDelegate(self.rows)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemsExpandable(not folded)
        self.setExpandsOnDoubleClick(False)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._on_box = False
        self.clicked.connect(self._on_click)
        self._queue = model
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._load_more)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._later.start())
        self.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._later.start())

    def _load_more(self) -> None:
        """Have more rows of the groups whose last known rows are in sight, or nearly."""
        model, page = self._queue, self.viewport().height()
        for at in range(model.rowCount()):
            head = model.index(at, 0)
            if not model.has_more(at) or not self.isExpanded(head):
                continue
            known = model.rowCount(head)
            last = self.visualRect(model.index(known - 1, 0, head))
            if last.bottom() >= 0 and last.top() < 2 * page:
                model.load(at, known + AT_ONCE)

    def _on_click(self, index: QModelIndex) -> None:
        if index.data(WAITING) is not None:
            self.opened.emit(index)
        elif self.itemsExpandable():
            self.setExpanded(index, not self.isExpanded(index))
        elif index.isValid():
            self.opened.emit(self.model().index(0, 0, index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._on_click(index)
        elif event.key() == Qt.Key.Key_Space and index.data(WAITING) is not None:
            self.ticked.emit(index)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.text().strip() and not event.modifiers():
            event.ignore()  # letters are keys of the review, not a search in the list
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        is_row = self.itemsExpandable() and index.data(WAITING) is not None
        self._on_box = is_row and point.x() < 16 + px(12) + 10
        if self._on_box:
            self.ticked.emit(index)
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._on_box:
            super().mouseReleaseEvent(event)
        self._on_box = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click is nothing else than the first."""
