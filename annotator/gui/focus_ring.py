"""The ring around what has the keyboard focus; :mod:`annotator.gui.style` gives it its shape.

Qt lays out the whole window anew when a child of it comes into sight or goes out of it. So a ring
that is not wanted stays where it is and paints nothing, and the next one in the same window, or in
the same area that scrolls, is the same ring.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QToolBar,
    QWidget,
)
from shiboken6 import isValid


class Ring(QFocusFrame):
    """The ring of a window, or of an area that scrolls; it rests while the focus is elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.resting = False

    def rest(self, on: bool) -> None:
        """Paint nothing, or the ring again."""
        if self.resting != on:
            self.resting = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.resting:
            super().paintEvent(event)


class FocusRing(QObject):
    """Puts the ring around whatever control has the keyboard focus."""

    KINDS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QSlider)

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._ring: Ring | None = None
        application.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        # A ring that its window took along is gone.
        before = self._ring if self._ring is not None and isValid(self._ring) else None
        self._ring = None if new is None or not self._has_ring(new) else _ring_near(new)
        if before is not None and before is not self._ring:
            before.rest(True)
        if self._ring is not None and new is not None:
            self._ring.setWidget(new)
            self._ring.rest(False)

    def _has_ring(self, widget: QWidget) -> bool:
        if widget.property("own_ring") or widget.isWindow():
            return False
        return isinstance(widget, self.KINDS) or bool(widget.property("ring"))


def _ring_near(widget: QWidget) -> Ring:
    """Return the ring of the window, or of the area that scrolls, in which *widget* is."""
    above = widget.parentWidget()
    while above is not None:
        rings = above.findChildren(Ring, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if rings:
            return rings[0]
        if above.isWindow() or isinstance(above, QToolBar | QAbstractScrollArea):
            break  # where Qt, too, ends its search for a parent of the ring
        above = above.parentWidget()
    return Ring()
