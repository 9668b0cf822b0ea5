"""What saving a scheme takes out of the project, told at the foot of the editor."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QVBoxLayout

from annotator.gui.parts import Themed, label
from annotator.gui.theme import Theme
from annotator.translation import tr


class Losses(Themed, QFrame):
    """What saving takes out of the project, said before."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.text = label(size=13)
        self.text.setObjectName("text.losses")
        self.text.setWordWrap(True)
        self.heading = label(tr("What saving takes out"), 12, 600, "warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 24, 10)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.text)
        self.setAutoFillBackground(True)
        self.hide()

    def say(self, sentences: list[str]) -> None:
        """Show *sentences*; without any there is nothing to see."""
        shown = [*sentences, tr("Undo brings all of it back.")] if sentences else []
        self.text.setText(" ".join(shown))
        self.setVisible(bool(sentences))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.warning_ground)
        self.setPalette(palette)
