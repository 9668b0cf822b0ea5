"""A field for several lines in the shape of our other fields."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from annotator.gui.parts import Themed, set_type
from annotator.gui.theme import Theme


class TextBox(Themed, QPlainTextEdit):
    """Plain text with a rounded frame; Tab leaves it."""

    ground = "raised"
    """Role of the colour behind the text."""

    def __init__(self, theme: Theme, text: str = "", hint: str = "") -> None:
        super().__init__(text)
        self.theme = theme
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(7)
        set_type(self)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.PlaceholderText, theme.muted)
        self.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self.theme.frame, 1))
            painter.setBrush(getattr(self.theme, self.ground))
            box = QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, 6, 6)
        finally:
            painter.end()
        super().paintEvent(event)
