"""Selecting with the mouse: by character, after a double click by token, then by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication

from annotator.model import Fragment

if TYPE_CHECKING:
    from annotator.text import Structure

_SCROLL_EVERY = 40
"""Milliseconds between steps while the mouse is held beyond an edge."""


class MouseSelection(QObject):
    """One drag: where it began, in which units it selects, whether it adds a fragment."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.active = False
        self.adds = False
        self.unit = "character"
        self.point = QPoint()
        self._origin = Fragment(0, 0)
        self._clicked = QPoint()
        self._clicks = 0
        self._since_click = QTimer(self)
        self._since_click.setSingleShot(True)
        self._since_click.timeout.connect(self._forget_clicks)
        self.scroll_timer = QTimer(self)
        self.scroll_timer.setInterval(_SCROLL_EVERY)

    def press(self, point: QPoint, *, double: bool, adds: bool) -> str:
        """Note a press; return the unit it selects: character, token or sentence."""
        near = (point - self._clicked).manhattanLength() <= 8
        self._clicks = self._clicks + 1 if near and self._clicks else 1
        if double:
            self._clicks = 2
        self._clicked = point
        self._since_click.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
        self.unit = ("character", "character", "token", "sentence")[min(self._clicks, 3)]
        self.active, self.adds, self.point = True, adds, point
        return self.unit

    def begin_at(self, origin: Fragment) -> None:
        """Remember what the drag began with; it stays selected."""
        self._origin = origin

    def reach(self, position: int, structure: Structure | None) -> tuple[int, int]:
        """Return anchor and caret for a drag that has come to *position*."""
        here = unit_at(structure, position, self.unit)
        if here.start < self._origin.start:
            return self._origin.end, here.start
        return self._origin.start, max(here.end, self._origin.end)

    def release(self) -> None:
        """End the drag."""
        self.active = False
        self.scroll_timer.stop()

    def _forget_clicks(self) -> None:
        self._clicks = 0


def unit_at(structure: Structure | None, position: int, unit: str) -> Fragment:
    """Return the cleaned token or sentence at *position*; nothing but the place else."""
    found = None
    if structure is not None and unit == "token":
        found = structure.token_at(position)
    elif structure is not None and unit == "sentence":
        found = structure.sentence_at(position)
    if found is None or structure is None:
        return Fragment(position, position)
    return structure.clean(*found) or found
