"""What all pages of figures have: blocks with a heading, one or two columns, empty places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.insights.sheet import Sheet
from annotator.gui.parts import Elided, Themed, dress, label, plain, px
from annotator.gui.theme import Theme

if TYPE_CHECKING:
    from annotator.gui.insights.reading import Counted, Reading
    from annotator.gui.workspace import Workspace

TWO_COLUMNS = 900
"""Width of a page from which on it has two columns: a window of 1120 less the side bar."""


class Block(QWidget):
    """A heading, what it says beside it, and what stands below."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.second = label(size=12, tone="muted")
        self.second.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.aside = label(size=12, tone="muted")
        self.note = label(size=12, tone="muted")
        self.note.setWordWrap(True)
        self.note.hide()
        head = QHBoxLayout()
        head.setSpacing(12)
        heading = Elided(title, 15, 600)
        heading.setToolTip(plain(title))
        head.addWidget(heading)
        head.addWidget(self.second, 1)
        head.addWidget(self.aside)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(12)
        self.rows.addLayout(head)
        self.rows.addWidget(self.note)

    def put(self, widget: QWidget) -> None:
        """Stand *widget* under the heading, over the note."""
        self.rows.insertWidget(self.rows.count() - 1, widget)

    def say(self, note: str) -> None:
        """Show a note under the block; none where it is empty."""
        self.note.setText(note)
        self.note.setVisible(bool(note))


class Page(Themed, QScrollArea):
    """A page of figures that scrolls."""

    list_wanted = Signal(object)
    """What stands behind a number: a question about cases, or another list."""

    def __init__(self, workspace: Workspace, reading: Reading, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.workspace, self.reading = workspace, reading
        self.setObjectName(f"page.insights.{name}")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._holder = QWidget()
        self.column = QVBoxLayout(self._holder)
        self.column.setContentsMargins(32, 24, 32, 24)
        self.column.setSpacing(28)
        self.setWidget(self._holder)
        self._pairs: list[QBoxLayout] = []

    def beside(self, left: QWidget, right: QWidget) -> None:
        """Stand two parts beside each other, or one above the other where it is narrow."""
        pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        pair.setSpacing(48)
        for part in (left, right):
            policy = part.sizePolicy()
            part.setSizePolicy(QSizePolicy.Policy.Ignored, policy.verticalPolicy())
            pair.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        self._pairs.append(pair)
        self.column.addLayout(pair)

    def refresh(self) -> None:
        """Show what was read."""

    def refresh_if_shown(self) -> None:
        """Show what was read, where anybody sees it: else it is done when the page is opened."""
        if self.isVisible():
            self.refresh()

    def sheet(self, name: str, spoken: str, *, height: int = 28) -> Sheet:
        """Make a table whose cells lead to what is behind them."""
        made = Sheet(self.theme, name, spoken, height=height)
        made.opened.connect(self.list_wanted)
        return made

    def sheets(self) -> list[Sheet]:
        """Return the tables that are shown, from the top."""
        return [one for one in self.findChildren(Sheet) if one.isVisibleTo(self)]

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.page)
        self.setPalette(palette)
        self._holder.setPalette(palette)
        self._holder.setAutoFillBackground(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= px(TWO_COLUMNS)
        side, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for pair in self._pairs:
            pair.setDirection(side if wide else below)
            pair.setSpacing(48 if wide else 28)


class CountsPage(Page):
    """A page that shows counts, anew whenever they were read."""

    def stand(self, *parts: QWidget) -> None:
        """Stand all that the page has one above the other."""
        for part in parts:
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.reading.counted_anew.connect(self.refresh_if_shown)

    def refresh(self) -> None:
        counted = self.reading.counted
        if counted is not None:
            self.show_counts(counted)
            dress(self, self.theme)

    def show_counts(self, counted: Counted) -> None:
        """Show what was counted."""


def empty(text: str) -> QLabel:
    """Return the words of an empty place."""
    made = label(text, tone="muted")
    made.setWordWrap(True)
    return made
