"""What stands under a list: how far the work is, in words and as a line."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.gui.parts import Hairline, ProgressLine, label
from annotator.gui.theme import Theme


class ListFoot(QWidget):
    """How much is done, what is left, and the share of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.done = label(size=13, weight=500)
        self.rest = label(size=12, tone="muted")
        self.progress = ProgressLine(theme)
        words = QHBoxLayout()
        words.addWidget(self.done, 1)
        words.addWidget(self.rest)
        column = QVBoxLayout()
        column.setContentsMargins(16, 10, 16, 16)
        column.setSpacing(8)
        column.addLayout(words)
        column.addWidget(self.progress)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(Hairline(theme))
        whole.addLayout(column)
