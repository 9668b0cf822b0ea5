"""A part of the window with a ground of its own, which Esc leaves for the article."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.gui.parts import Themed
from annotator.gui.theme import Theme


class Pane(Themed, QWidget):
    """The ground of a page or of what stands beside it, and the way out of it."""

    left = Signal()
    """The keyboard wants to go back to the article."""

    def __init__(self, theme: Theme, name: str, spoken: str, *, ground: str = "page") -> None:
        super().__init__()
        self.theme = theme
        self._ground = ground
        self.setObjectName(name)
        self.setAccessibleName(spoken)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colour: QColor = getattr(self.theme, self._ground)
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), colour)
        finally:
            painter.end()
