"""The heads of the columns of the queue: pressed, they sort the rows of every group."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from annotator.gui.icons import icon
from annotator.gui.parts import Themed, paint_row, plain, px, row_height, type_font
from annotator.gui.review.queue_columns import ARROW, Column, Place, Sorting, placed, turned
from annotator.gui.theme import Theme
from annotator.translation import tr


class HeadButton(Themed, QAbstractButton):
    """The name of a column; an arrow beside it says which way it sorts."""

    def __init__(self, theme: Theme, column: Column, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.column = column
        self._sorting: Sorting | None = None
        self.setObjectName(f"head.{column.value}")
        self.setText(column.heading)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_sorting(None)

    def show_sorting(self, sorting: Sorting | None) -> None:
        """Show which way the rows are sorted by this column; None for not at all."""
        self._sorting = sorting
        said = tr("in the order of the articles") if sorting is None else sorting.words
        self.setAccessibleName(self.column.heading)
        self.setAccessibleDescription("" if sorting is None else sorting.words)
        self.setToolTip(plain(tr("Sort by {column}: {order}", column=self.text(), order=said)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(40), row_height(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, sorting = self.theme, self._sorting
        painter = QPainter(self)
        try:
            if self.underMouse() or self.hasFocus():
                paint_row(painter, self.rect(), theme, current=False, hovered=True)
            painter.setFont(type_font(12, 400 if sorting is None else 600))
            painter.setPen(theme.muted if sorting is None else theme.accent)
            words = self.rect()
            if sorting is not None:
                side = px(ARROW)
                top = (self.height() - side) // 2
                name = "arrow-down" if sorting.down else "arrow-up"
                spot = QRect(self.width() - side, top, side, side)
                if self.column == Column.WORDS:
                    text = painter.fontMetrics().horizontalAdvance(self.text())
                    spot.moveLeft(min(text + 4, spot.left()))
                icon(name, theme.accent, side).paint(painter, spot)
                words = words.adjusted(0, 0, -side - 2, 0)
            left = self.column == Column.WORDS
            side_flag = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | side_flag, self.text())
        finally:
            painter.end()


class QueueHead(Themed, QWidget):
    """A line of heads above the tree, each over its column."""

    sorted_by = Signal(object)
    """The Sorting that is wanted; None for the order of the articles."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("head.queue")
        self.setAccessibleName(tr("Columns of the queue"))
        self.sorting: Sorting | None = None
        self._longest = ""
        self.buttons = {column: HeadButton(theme, column, self) for column in Column}
        for column, button in self.buttons.items():
            button.clicked.connect(lambda _=False, which=column: self.press(which))
        self._arrange()

    def press(self, column: Column) -> None:
        """Sort by a column; pressed again the other way, then no more."""
        self.sorted_by.emit(turned(self.sorting, column))

    def show_sorting(self, sorting: Sorting | None, longest: str) -> None:
        """Show by what the rows are sorted, over columns with such initials."""
        self.sorting, self._longest = sorting, longest
        for column, button in self.buttons.items():
            own = sorting is not None and sorting.column == column
            button.show_sorting(sorting if own else None)
        self._arrange()

    def places(self) -> tuple[Place, ...]:
        """Return where the columns stand."""
        return tuple(placed(self.width(), self.sorting, self._longest))

    def fill(self, menu: QMenu) -> None:
        """Offer every column in a menu: also those for which there is no room."""
        nothing = menu.addAction(tr("In the order of the articles"))
        nothing.setCheckable(True)
        nothing.setChecked(self.sorting is None)
        nothing.triggered.connect(lambda: self.sorted_by.emit(None))
        for column in Column:
            own = self.sorting if self.sorting and self.sorting.column == column else None
            said = column.heading if own is None else f"{column.heading}, {own.words}"
            action = menu.addAction(said)
            action.setCheckable(True)
            action.setChecked(own is not None)
            action.triggered.connect(lambda _=False, which=column: self.press(which))

    def _arrange(self) -> None:
        shown = {place.column: place for place in self.places()}
        for column, button in self.buttons.items():
            place = shown.get(column)
            button.setVisible(place is not None)
            if place is not None:
                button.setGeometry(place.left, 0, place.width, self.height())

    def sizeHint(self) -> QSize:
        return QSize(px(160), row_height(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, row_height(24))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        Themed.set_theme(self, theme)
        self.setFixedHeight(row_height(24))
        self._arrange()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self.fill(menu)
        menu.popup(event.globalPos())
