"""A page that takes the middle of the window: Esc leads back to the article."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.gui.parts import Themed
from annotator.gui.theme import Theme


class FullPage(Themed, QWidget):
    """The ground of a page, and the way out of it."""

    left = Signal()
    """The keyboard wants to go back to the article."""

    def __init__(self, theme: Theme, name: str, spoken: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(name)
        self.setAccessibleName(spoken)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), self.theme.page)
        finally:
            painter.end()
