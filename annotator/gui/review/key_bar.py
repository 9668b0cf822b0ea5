"""The bar at the bottom of a page of the review: what can be done there, each with its key."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.gui.bar_shapes import paint_bar
from annotator.gui.controls import Flow
from annotator.gui.parts import Themed
from annotator.gui.theme import Theme


class KeyBar(Themed, QWidget):
    """Buttons in a row, or in several where there is no room, on the ground of the other bars."""

    def __init__(self, theme: Theme, buttons: Iterable[QWidget]) -> None:
        super().__init__()
        self.theme = theme
        flow = Flow(self)
        flow.setContentsMargins(16, 8, 16, 8)
        for button in buttons:
            flow.addWidget(button)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self.theme.window, self.theme.hairline)
