"""Lists in which headings stand over rows that can be chosen: the palette, the keys, a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.gui.article_model import ROOT, Index
from annotator.gui.parts import (
    key_cap_size,
    key_text,
    paint_key_cap,
    paint_row,
    px,
    row_height,
    type_font,
)
from annotator.gui.theme import Theme

ITEM: Final = int(Qt.ItemDataRole.UserRole)
"""Role under which the model gives an :class:`Item`."""


class Item(Protocol):
    """A row, or a heading over rows."""

    @property
    def text(self) -> str:
        """What stands there."""

    @property
    def is_heading(self) -> bool:
        """Whether it only names what is below it, and cannot be chosen."""

    @property
    def caps(self) -> Sequence[str]:
        """Keys that stand at the right, a cap for each."""

    @property
    def spoken(self) -> str:
        """What a screen reader says."""


AnyItem = TypeVar("AnyItem", bound=Item)


class HeadedModel(QAbstractListModel, Generic[AnyItem]):
    """The rows and headings of one list."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: list[AnyItem] = []

    def show_items(self, items: list[AnyItem]) -> None:
        """Show *items* in place of others."""
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self.items):
            return None
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.items[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Lengths of one list in pixels; heights are those at a text size of 100 %."""

    least_width: int = 200
    row: int
    heading: int
    """What a heading has above and below its words, together."""
    above: int
    """By how much the words of a heading stand below the middle, twice."""
    left: int
    """Where words begin."""
    inset: tuple[int, int]
    """From the edges of the list to the ground of a row."""


class HeadedRows(QStyledItemDelegate):
    """Paints headings, the ground of the current row, and in a row its words and its keys."""

    def __init__(self, theme: Theme, measures: Measures, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.measures = measures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item: Item | None = index.data(ITEM)
        measures = self.measures
        heading = item is not None and item.is_heading
        height = px(16) + measures.heading if heading else row_height(measures.row)
        return QSize(px(measures.least_width), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item | None = index.data(ITEM)
        if item is None:
            return
        rect: QRect = option.rect
        state = option.state
        painter.save()
        if item.is_heading:
            painter.setFont(type_font(11, 600))
            painter.setPen(self.theme.muted)
            place = rect.adjusted(self.measures.left, self.measures.above, -12, 0)
            paint_line(painter, place, item.text)
        else:
            left, right = self.measures.inset
            current = bool(state & QStyle.StateFlag.State_Selected)
            paint_row(
                painter,
                rect.adjusted(left, 0, -right, 0),
                self.theme,
                current=current,
                hovered=bool(state & QStyle.StateFlag.State_MouseOver),
                focused=self.is_focused(option),
            )
            self.paint_item(painter, rect, item, current=current)
        painter.restore()

    def is_focused(self, option: QStyleOptionViewItem) -> bool:
        """Whether the current row shows that keys go to it; they do, from the field as well."""
        return True

    def paint_item(self, painter: QPainter, rect: QRect, item: Any, *, current: bool) -> None:
        """Draw what stands on the ground of a row."""
        right = self.paint_caps(painter, rect, rect.right() - 16, item.caps)
        left = rect.left() + self.measures.left
        painter.setFont(type_font(13))
        painter.setPen(self.theme.ink)
        room = right - left - 8
        paint_line(painter, QRect(left, rect.top(), room, rect.height()), item.text)

    def paint_caps(self, painter: QPainter, rect: QRect, right: int, caps: Sequence[str]) -> int:
        """Draw *caps*, the last one ending at *right*; return where the room beside them ends."""
        for key in reversed(caps):
            text = key_text(key)
            size = key_cap_size(text)
            right -= size.width()
            top = rect.center().y() - size.height() / 2 + 1
            paint_key_cap(
                painter, QRectF(right, top, size.width(), size.height()), text, self.theme
            )
            right -= 6
        return right


def paint_line(painter: QPainter, place: QRect, text: str) -> None:
    """Draw *text* in the middle of *place*, shortened to its width."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
