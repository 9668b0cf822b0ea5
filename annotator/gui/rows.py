"""Lists of the right dock: one kind of row, one painter, one way with the keyboard.

A list holds keys of records, never the records: a :class:`Row` is made when it is painted. Up and
Down move, Enter does what the list is for, Esc goes back to the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from annotator.gui.article.over_scroll import OverScroll
from annotator.gui.icons import pixmap
from annotator.gui.parts import (
    Themed,
    key_cap_size,
    paint_box,
    paint_bracket,
    paint_key_cap,
    px,
    scale,
    type_font,
)
from annotator.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW: Final = int(Qt.ItemDataRole.UserRole) + 1
"""Role under which a model gives a :class:`Row`."""
KEY: Final = int(Qt.ItemDataRole.UserRole) + 2
"""Role under which a model gives the key of the record."""

MARGIN: Final = 16
_MARKS: Final = {"unsure": ("flag", "muted"), "note": ("note", "muted")}


@dataclass(frozen=True, slots=True)
class Row:
    """What one row shows."""

    text: str
    right: str = ""
    second: str = ""
    """A second, muted line, in lists whose rows have two."""
    colour: str | None = None
    """Colour of the bracket before the text."""
    icon: str = ""
    """Icon before the text, where there is no bracket."""
    tone: str = "muted"
    """Role of the icon's colour."""
    marks: tuple[str, ...] = ()
    """``unsure``, ``note``."""
    key: str = ""
    """A key that chooses this row."""
    checked: bool | None = None
    """State of the tick box before everything else; None for none."""
    heading: bool = False
    """Whether it heads the rows below and cannot be chosen."""
    foreign: bool = False
    """Whether what heads rows is a claim or the name of an article: as large as they are."""
    strong: tuple[int, int] | None = None
    """The part of the text, from and to, that the row is about."""

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join(filter(None, (self.text, self.second, self.right, *self.marks)))


class RowModel(QAbstractListModel):
    """Keys in order, and a row for each; subclasses say what a row shows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.keys: list[str] = []

    def row_of(self, key: str) -> int | None:
        """Return where *key* stands, or None."""
        try:
            return self.keys.index(key)
        except ValueError:
            return None

    def row(self, key: str) -> Row | None:
        """Return what the row of *key* shows; None while its record is going."""
        raise NotImplementedError

    def show_keys(self, keys: Sequence[str]) -> None:
        """Show these keys in place of others."""
        self.beginResetModel()
        self.keys = list(keys)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.keys)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.keys):
            return None
        key = self.keys[index.row()]
        if role == KEY:
            return key
        row = self.row(key)
        if row is None or role == ROW:
            return row
        if role == int(Qt.ItemDataRole.DisplayRole):
            return row.text
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        if role == int(Qt.ItemDataRole.CheckStateRole) and row.checked is not None:
            return Qt.CheckState.Checked if row.checked else Qt.CheckState.Unchecked
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.data(index, ROW)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        if row.heading and row.checked is None:
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if row.checked is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags


class RowDelegate(QStyledItemDelegate):
    """Paints a row: tick box, bracket or icon, words, marks, and what stands at the right."""

    def __init__(self, theme: Theme, parent: QObject, *, lines: int = 1) -> None:
        super().__init__(parent)
        self.theme = theme
        self._lines = lines

    @property
    def row_height(self) -> int:
        """Height of a row, which grows with the text."""
        return max(28, px(20) + 8) if self._lines == 1 else max(44, px(36) + 8)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(120), self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None:
            return
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._paint_ground(painter, option)
        left = rect.left() + MARGIN
        middle = rect.center().y() + 1
        first = middle if self._lines == 1 or row.heading else rect.top() + 4 + px(10)
        if row.checked is not None:
            paint_box(painter, self.theme, left, first, row.checked)
            left += px(16) + 8
        left = self._paint_mark(painter, row, left, first)
        right = self._paint_right(painter, row, rect, first)
        words = QRect(left, rect.top(), right - left, rect.height())
        self._paint_text(painter, row, words, rect, first)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, rect = self.theme, option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if selected and not theme.high_contrast:
            painter.fillRect(rect, theme.selected_row)
        elif state & QStyle.StateFlag.State_MouseOver and not theme.high_contrast:
            painter.fillRect(rect, theme.hovered_row)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if focused or (selected and theme.high_contrast):
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 1, -3, -1), 5, 5)

    def _paint_mark(self, painter: QPainter, row: Row, left: int, middle: float) -> int:
        if row.colour is not None:
            paint_bracket(painter, left, middle, self.theme.label(row.colour).base)
            return left + round(12 * min(scale(), 1.5)) + 8
        if row.icon:
            side = px(16)
            picture = pixmap(row.icon, getattr(self.theme, row.tone), side)
            painter.drawPixmap(left, round(middle - side / 2), picture)
            return left + side + 8
        return left

    def _paint_right(self, painter: QPainter, row: Row, rect: QRect, middle: float) -> int:
        """Paint from the right edge inwards; return where the words have to end."""
        right = rect.right() + 1 - MARGIN
        if row.key:
            cap = key_cap_size(row.key)
            place = QRectF(right - cap.width(), middle - cap.height() / 2, *cap.toTuple())
            paint_key_cap(painter, place, row.key, self.theme)
            right -= cap.width() + 8
        if row.right:
            painter.setFont(type_font(11, 500))
            painter.setPen(self.theme.muted)
            width = painter.fontMetrics().horizontalAdvance(row.right) + 1
            place = QRectF(right - width, middle - px(10), width, px(20))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, row.right)
            right -= width + 8
        side = px(14)
        for mark in reversed(row.marks):
            name, tone = _MARKS[mark]
            picture = pixmap(name, getattr(self.theme, tone), side)
            painter.drawPixmap(right - side, round(middle - side / 2), picture)
            right -= side + 4
        return right

    def _paint_text(
        self, painter: QPainter, row: Row, room: QRect, whole: QRect, middle: float
    ) -> None:
        """Paint the words into *room*; the second line has the *whole* width."""
        theme = self.theme
        elide = Qt.TextElideMode.ElideRight
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if row.heading:
            painter.setFont(type_font(13 if row.foreign else 11, 600))
            painter.setPen(theme.ink if row.foreign else theme.muted)
        else:
            painter.setFont(type_font(13))
            painter.setPen(theme.ink)
        line = QRectF(room.left(), middle - px(10), room.width(), px(20))
        if row.strong is not None:
            self._paint_strong(painter, row.text, row.strong, line)
        else:
            text = painter.fontMetrics().elidedText(row.text, elide, room.width())
            painter.drawText(line, flags, text)
        if row.second and not row.heading:
            painter.setFont(type_font(12))
            painter.setPen(theme.muted)
            width = whole.right() + 1 - MARGIN - room.left()
            text = painter.fontMetrics().elidedText(row.second, elide, width)
            line = QRectF(room.left(), middle + px(9), width, px(18))
            painter.drawText(line, flags, text)

    def _paint_strong(
        self, painter: QPainter, text: str, strong: tuple[int, int], line: QRectF
    ) -> None:
        """Paint a line around its strong part, which stays in sight."""
        start, end = strong
        heavy, light = type_font(13, 600), type_font(13)
        middle = QFontMetrics(heavy).horizontalAdvance(text[start:end])
        before = QFontMetrics(light).elidedText(
            text[:start], Qt.TextElideMode.ElideLeft, int(max(line.width() - middle, 0) // 2)
        )
        if before != text[:start]:
            before = _from_a_word(before)
        after = line.left()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for part, font, tone in (
            (before, light, self.theme.muted),
            (text[start:end], heavy, self.theme.ink),
            (text[end:], light, self.theme.muted),
        ):
            metrics = QFontMetrics(font)
            room = max(int(line.right() - after), 0)
            shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(tone)
            painter.drawText(QRectF(after, line.top(), room, line.height()), flags, shown)
            after += metrics.horizontalAdvance(shown)


def _from_a_word(cut: str) -> str:
    """Return words that were cut at their beginning without the rest of the first one."""
    _, blank, words = cut.partition(" ")
    return f"… {words}" if blank and words else cut


class Rows(Themed, QTableView):
    """A list one can walk: Enter or a double click chooses, Del removes, Esc leaves."""

    chosen = Signal(str)
    """Key of the row that Enter, or a double click, asks for."""
    removed = Signal(list)
    """Keys of the rows that Del asks to remove."""
    ticked = Signal(str)
    """Key of the row whose tick box Space or a click turns."""
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        model: RowModel,
        *,
        lines: int = 1,
        empty: str = "",
        fills_page: bool = False,
    ) -> None:
        """Say *empty* where there are no rows: in the middle, where the list *fills a page*."""
        super().__init__()
        self._fills_page = fills_page
        self.theme = theme
        self.rows = model
        self._empty = empty
        self.setModel(model)
        self._delegate = RowDelegate(theme, self, lines=lines)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._size_rows()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        OverScroll(self)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.data(KEY)))

    def set_empty(self, text: str) -> None:
        """Say *text* where there are no rows: what is not, then what to do."""
        self._empty = text
        self.setAccessibleDescription(text)
        self.viewport().update()

    @property
    def empty(self) -> str:
        """What is said while there are no rows."""
        return self._empty

    def set_theme(self, theme: Theme) -> None:
        self._delegate.theme = theme
        super().set_theme(theme)
        self._size_rows()
        self.viewport().update()

    def _size_rows(self) -> None:
        # A table keeps its rows where they are when one comes in; a list view lays out all anew.
        height = self._delegate.row_height
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    @property
    def row_height(self) -> int:
        """Height of each row in logical pixels."""
        return self._delegate.row_height

    @property
    def current_key(self) -> str | None:
        """Key of the row that the keyboard is on."""
        index = self.currentIndex()
        return index.data(KEY) if index.isValid() else None

    def selected_keys(self) -> list[str]:
        """Keys of the rows that are selected, in their order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self.rows.keys[row] for row in rows]

    def go_to(self, key: str) -> None:
        """Put the keyboard on the row of *key*, where there is one."""
        row = self.rows.row_of(key)
        if row is not None:
            self.setCurrentIndex(self.rows.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self.current_key
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if key is not None:
                self.chosen.emit(key)
            case Qt.Key.Key_Space if key is not None and self._is_ticked(key) is not None:
                self.ticked.emit(key)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if key is not None:
                self.removed.emit(self.selected_keys() or [key])
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def _is_ticked(self, key: str) -> bool | None:
        row = self.rows.row(key)
        return None if row is None else row.checked

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        key = index.data(KEY) if index.isValid() else None
        if key is not None and self._is_ticked(key) is not None:
            self.ticked.emit(key)
        super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.selectionModel().hasSelection():
            self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.rows.keys or not self._empty:
            return
        painter = QPainter(self.viewport())
        try:
            painter.setFont(type_font(15 if self._fills_page else 13))
            painter.setPen(self.theme.muted)
            side = 48 if self._fills_page else MARGIN
            room = QRectF(self.viewport().rect()).adjusted(side, 12, -side, -12)
            flags = int(Qt.TextFlag.TextWordWrap)
            if self._fills_page:
                flags |= int(Qt.AlignmentFlag.AlignCenter)
            painter.drawText(room, flags, self._empty)
        finally:
            painter.end()
