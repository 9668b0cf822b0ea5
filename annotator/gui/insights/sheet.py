"""Tables of figures: plain cells, cells of a matrix, intervals and stacked bars.

A cell may open what is behind it: Enter, Space or a click says so. Rows do not scroll by
themselves: a sheet is as high as what it shows, unless it is told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

from annotator.gui.parts import Themed, plain, px, row_height, type_font
from annotator.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
CELL: Final = int(Qt.ItemDataRole.UserRole)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one cell, and what it opens."""

    text: str = ""
    second: str = ""
    """Words after the text, muted."""
    right: bool = False
    centred: bool = False
    shows_ends: bool = False
    """Whether what does not fit is left out in the middle, so that both borders can be seen."""
    weight: int = 400
    muted: bool = False
    colour: str = ""
    """Name of a label's colour, whose bracket stands before the text."""
    icon: str = ""
    share: float | None = None
    """Of a matrix: how much of the accent is in its ground."""
    interval: tuple[float, float, float] | None = None
    """Lower end, figure and upper end; drawn on :attr:`axis`."""
    axis: tuple[float, float] | None = None
    """What the left and right edge of the column stand for; alone, the ticks are written."""
    parts: tuple[float, ...] = ()
    """Of a stacked bar: the lengths of its parts, in shares of the column."""
    hint: str = ""
    """What a tool tip and a screen reader say beyond the text."""
    opens: object = None


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; *width* at 100 %, 0 for what the contents need."""

    text: str
    right: bool = False
    width: int = 0
    stretch: bool = False
    centred: bool = False
    minor: bool = False
    """Whether it goes where there is no room for all; the file of the table has it anyway."""
    short: str = ""
    """What the head says where there is no room for all heads as they are."""


class RowsOnDemand(Sequence[tuple[Cell, ...]]):
    """Rows that are put together when they are looked at: for lists of any length."""

    def __init__(self, items: Sequence[Any], row: Callable[[Any], tuple[Cell, ...]]) -> None:
        self._items = items
        self._row = row

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> tuple[Cell, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> list[tuple[Cell, ...]]: ...
    def __getitem__(self, at: int | slice) -> tuple[Cell, ...] | list[tuple[Cell, ...]]:
        if isinstance(at, slice):
            return [self._row(item) for item in self._items[at]]
        return self._row(self._items[at])


class SheetModel(QAbstractTableModel):
    """The cells of a sheet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.rows: Sequence[tuple[Cell, ...]] = []
        self.is_short = False
        """Whether heads say what is shorter, where they can."""

    def head(self, column: Column) -> str:
        """Return what the head of a column says on the screen."""
        return (column.short if self.is_short else "") or column.text

    def show_rows(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Show these in place of others."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.rows = rows if isinstance(rows, RowsOnDemand) else [tuple(row) for row in rows]
        self.endResetModel()

    def add_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show these below the others."""
        if rows:
            at = len(self.rows)
            self.beginInsertRows(ROOT, at, at + len(rows) - 1)
            self.rows = [*self.rows, *(tuple(row) for row in rows)]
            self.endInsertRows()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, index: Index) -> Cell:
        """Return the cell at *index*; an empty one where a row is short."""
        row = self.rows[index.row()]
        return row[index.column()] if index.column() < len(row) else Cell()

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.head(column)
        if role == Qt.ItemDataRole.ToolTipRole and self.head(column) != column.text:
            return plain(column.text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _MIDDLE if column.centred else _RIGHT if column.right else _LEFT
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        cell = self.cell(index)
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(cell.hint) if cell.hint else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index, cell)
        return None

    def _spoken(self, index: Index, cell: Cell) -> str:
        first = self.rows[index.row()][0].text if index.column() else ""
        head = self.columns[index.column()].text
        words = [
            first,
            head,
            " ".join(word for word in (cell.text, cell.second) if word),
            cell.hint,
        ]
        return ", ".join(word for word in words if word)


class Heads(QHeaderView):
    """The heads of columns: on the page, as the rows are, with a line under them."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(Qt.Orientation.Horizontal, sheet)
        self._sheet = sheet

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803
        theme = self._sheet.theme
        painter.save()
        painter.fillRect(rect, theme.page)
        painter.setPen(theme.hairline)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(self.font())
        painter.setPen(theme.muted)
        column = self._sheet.sheet.columns[logicalIndex]
        place = rect.adjusted(px(8), 0, -px(8), 0)
        words = painter.fontMetrics().elidedText(
            self._sheet.sheet.head(column), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(
            place, _MIDDLE if column.centred else _RIGHT if column.right else _LEFT, words
        )
        painter.restore()


class Sheet(Themed, QTableView):
    """A table of figures."""

    opened = Signal(object)
    """What the cell opens on which somebody pressed Enter, or which was clicked."""

    def __init__(self, theme: Theme, name: str, spoken: str, *, height: int = 28) -> None:
        from annotator.gui.insights.cell_painter import CellPainter

        super().__init__()
        self.theme = theme
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._height = height
        self._fitted = True
        self.opens_by_click = True
        """Else by a double click, because a click chooses."""
        self.sheet = SheetModel(self)
        self.setModel(self.sheet)
        self._painter = CellPainter(self)
        self.setItemDelegate(self._painter)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = Heads(self)
        self.setHorizontalHeader(header)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(px(20))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def scroll_by_itself(self, least: int = 160) -> None:
        """Take the room there is, *least* pixels at 100 %, and scroll in it: for long lists."""
        self._fitted = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setMinimumHeight(px(least))

    def show_rows(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Show these in place of others; the current cell stays where it was."""
        at = self.currentIndex()
        place = (at.row(), at.column()) if at.isValid() else (0, 0)
        self.sheet.show_rows(columns, rows)
        self.horizontalHeader().setVisible(any(column.text for column in columns))
        self._arrange()
        if rows:
            row = min(place[0], len(rows) - 1)
            self.setCurrentIndex(self.sheet.index(row, min(place[1], len(columns) - 1)))

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        palette = theme.qt_palette()
        palette.setColor(palette.ColorRole.Base, theme.page)
        self.setPalette(palette)
        self.horizontalHeader().setFont(type_font(12))
        self._arrange()
        self.viewport().update()

    # -- sizes -------------------------------------------------------------------------------

    def _arrange(self) -> None:
        height = row_height(self._height)
        self.verticalHeader().setDefaultSectionSize(height)
        columns = self.sheet.columns
        self.sheet.is_short = False
        widths = [self._width_of(number, column) for number, column in enumerate(columns)]
        if any(column.short for column in columns) and self._lacks_room(widths):
            self.sheet.is_short = True
            widths = [self._width_of(number, column) for number, column in enumerate(columns)]
        hidden = self._left_out(widths)
        for number in range(len(columns)):
            self.setColumnHidden(number, number in hidden)
        for number in hidden:
            widths[number] = 0
        spare = self.viewport().width() - sum(widths)
        stretched = [number for number, column in enumerate(columns) if column.stretch]
        if spare > 0 and stretched:
            for number in stretched:
                widths[number] += spare // len(stretched)
            widths[stretched[-1]] += spare % len(stretched)
        elif spare < 0 and stretched:
            # What stretches also gives, down to a few words; then the sheet scrolls sideways.
            for number in stretched:
                least = px(96) if columns[number].centred else self._least(number)
                widths[number] = max(widths[number] + spare // len(stretched), least)
        header = self.horizontalHeader()
        for number, width in enumerate(widths):
            if number not in hidden:
                header.resizeSection(number, width)
        if self._fitted:
            head = header.sizeHint().height() if header.isVisibleTo(self) else 0
            scrolls = sum(widths) > self.viewport().width() > 0
            bar = self.horizontalScrollBar().sizeHint().height() if scrolls else 0
            self.setFixedHeight(head + height * max(len(self.sheet.rows), 1) + bar + 2)

    def _at_least(self, widths: Sequence[int]) -> list[int]:
        """Return the widths of columns when those that stretch have given what they can."""
        return [
            min(width, self._least(number)) if self.sheet.columns[number].stretch else width
            for number, width in enumerate(widths)
        ]

    def _lacks_room(self, widths: Sequence[int]) -> bool:
        return sum(self._at_least(widths)) > self.viewport().width() > 0

    def _left_out(self, widths: Sequence[int]) -> set[int]:
        """Return which minor columns there is no room for, the rightmost first."""
        columns, room = self.sheet.columns, self.viewport().width()
        least = self._at_least(widths)
        found: set[int] = set()
        for number in reversed(range(len(columns))):
            if columns[number].minor and room > 0 and sum(least) > room:
                found.add(number)
                least[number] = 0
        return found

    def _least(self, number: int) -> int:
        """Return the width in which the names of rows can be told apart."""
        most = min(px(150), max(self.viewport().width() // 2, px(72)))
        return min(self._needed(number, self.sheet.columns[number]), most)

    def _width_of(self, number: int, column: Column) -> int:
        return px(column.width) if column.width else self._needed(number, column)

    def _needed(self, number: int, column: Column) -> int:
        head = QFontMetrics(type_font(12, 600)).horizontalAdvance(self.sheet.head(column)) + px(16)
        cells = [row[number] for row in self.sheet.rows[:200] if number < len(row)]
        most = max((self._painter.width_of(cell) for cell in cells), default=0)
        return min(max(head, most), px(320))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._arrange()

    # -- opening -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self.open_cell(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and self.opens_by_click:
            self.open_cell(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self.opens_by_click:
            self.open_cell(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        opens = index.isValid() and self.sheet.cell(index).opens is not None
        shape = Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def open_cell(self, index: Index) -> None:
        """Open what is behind a cell; nothing where there is nothing."""
        cell = self.sheet.cell(index)
        if cell.opens is not None:
            self.opened.emit(cell.opens)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.sheet.rows:
            self.setCurrentIndex(self.sheet.index(0, 0))

    def sizeHintForRow(self, row: int) -> int:  # noqa: N802
        return row_height(self._height)

    # -- taking away -------------------------------------------------------------------------

    def as_table(self) -> list[list[str]]:
        """Return the heads and cells as texts, to be written to a file."""
        heads = [[column.text for column in self.sheet.columns]]
        return heads + [[_written(cell) for cell in row] for row in self.sheet.rows]


def _written(cell: Cell) -> str:
    if cell.interval is not None:
        return " – ".join(f"{end:.3f}" for end in (cell.interval[0], cell.interval[2]))
    return " ".join(part for part in (cell.text, cell.second) if part)
