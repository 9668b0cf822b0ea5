"""The shape of both dialogs: a list at the left, a page beside it, progress and buttons below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.article.over_scroll import OverScroll
from annotator.gui.dialogs import PlainDialog
from annotator.gui.exchange.format_list import EntryList, list_width
from annotator.gui.exchange.panels import Progress
from annotator.gui.parts import Hairline, label, px, scale
from annotator.gui.theme import Theme

LARGEST = QSize(1040, 680)
LEAST = QSize(700, 480)


class SidedDialog(PlainDialog):
    """A dialog with a list, a page and a foot; while it works, Esc stops the work."""

    cancel_wanted = Signal()
    """The work that goes on is to stop."""
    left = Signal()
    """The dialog is closed without what it is for."""

    def __init__(
        self, theme: Theme, names: tuple[str, str], list_names: tuple[str, str], parent: QWidget
    ) -> None:
        super().__init__(theme, names[0], names[1], parent)
        self.is_working = False
        self.setModal(True)
        self.entries = EntryList(theme, *list_names)
        self.heading = label(size=15, weight=600)
        self.heading.setWordWrap(True)
        self.subtitle = label(tone="muted")
        self.subtitle.setWordWrap(True)
        self.page = QVBoxLayout()
        self.page.setContentsMargins(24, 16, 24, 16)
        self.page.setSpacing(8)
        self._edge = Hairline(theme, vertical=True)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._side = self._build_side()
        self._body.addWidget(self._side)
        self._body.addWidget(self._edge)
        self._area = self._build_area()
        self._body.addWidget(self._area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._body, 1)
        column.addWidget(Hairline(theme))
        column.addLayout(self._build_foot())
        self.setMinimumSize(LEAST.boundedTo(parent.size()))
        room = parent.size() - QSize(32, 32)
        self.resize((LARGEST * min(scale(), 1.5)).boundedTo(room).expandedTo(LEAST))

    # -- building --------------------------------------------------------------------------------

    def _build_side(self) -> QWidget:
        side = QWidget()
        side.setAutoFillBackground(True)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(self.entries)
        return side

    def _build_area(self) -> QScrollArea:
        inner = QWidget()
        inner.setLayout(self.page)
        self.page.addWidget(self.heading)
        self.page.addWidget(self.subtitle)
        self.page.addSpacing(8)
        area = QScrollArea()
        area.setObjectName("area.page")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        OverScroll(area)
        return area

    def _build_foot(self) -> QHBoxLayout:
        self.progress = Progress(self.theme, "progress.exchange")
        self.progress.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(16)
        self.foot_left = QHBoxLayout()
        foot.addLayout(self.foot_left)
        foot.addWidget(self.progress, 1)
        foot.addStretch(0)
        foot.addLayout(self.buttons)
        return foot

    def add_buttons(self, cancel: str, act: str, act_name: str) -> QPushButton:
        """Add the button that leaves, and return the one that does what the dialog is for."""
        self.cancel_button = self.button(cancel, "button.cancel", self.reject)
        self.cancel_button.setAutoDefault(True)
        self.act_button = self.button(act, act_name, self.accept_choices, default=True)
        self.act_button.setProperty("primary", True)
        self.act_button.setProperty("tone", "on_accent")
        return self.act_button

    def caption(self, text: str) -> tuple[QHBoxLayout, QLabel]:
        """Return a row with the heading of a block, and the label at its right end."""
        right = label(size=12, tone="muted")
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(label(text, 12, 600, "muted"))
        row.addStretch(1)
        row.addWidget(right)
        return row, right

    # -- work ------------------------------------------------------------------------------------

    def accept_choices(self) -> None:
        """Do what the dialog is for."""
        raise NotImplementedError

    def work(self, on: bool, locked: Sequence[QWidget] = ()) -> None:
        """Show that the work goes on, or is over; while it does, nothing can be chosen."""
        self.is_working = on
        for widget in (self._side, self._area, self.act_button, *locked):
            widget.setEnabled(not on)
        if on:
            self.cancel_button.setFocus()
        self.progress.setVisible(on)

    def reject(self) -> None:
        if self.is_working:
            self.cancel_wanted.emit()
            return
        self.left.emit()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_working:
            event.ignore()
            self.cancel_wanted.emit()
            return
        super().closeEvent(event)

    # -- look ------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for widget, ground in ((self._side, theme.side), (self._area, theme.page)):
            palette = theme.qt_palette()
            palette.setColor(QPalette.ColorRole.Window, ground)
            widget.setPalette(palette)
        self._area.viewport().setAutoFillBackground(True)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put the list at the left, or above where there is no room beside it."""
        narrow = self.width() < px(640)
        direction = QBoxLayout.Direction
        self._body.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        across = max(self.height() // 4, 64)
        self._side.setFixedSize(16_777_215, 16_777_215)
        self._side.setMinimumSize(0, 0)
        self._edge.setVisible(not narrow)
        if narrow:
            self._side.setFixedHeight(across)
        else:
            self._side.setFixedWidth(list_width(self))
