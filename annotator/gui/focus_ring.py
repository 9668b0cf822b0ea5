"""The ring around what has the keyboard focus; :mod:`annotator.gui.style` gives it its shape."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QWidget,
)


class FocusRing(QObject):
    """Puts the ring around whatever control has the keyboard focus."""

    KINDS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QSlider)

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._frame: QFocusFrame | None = None
        application.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._frame is not None:
            self._frame.destroyed.disconnect(self._forget)
            self._frame.setWidget(None)  # type: ignore[arg-type]
            self._frame.deleteLater()
            self._frame = None
        if new is None or new.property("own_ring"):
            return
        if isinstance(new, self.KINDS) or new.property("ring"):
            self._frame = QFocusFrame()
            self._frame.destroyed.connect(self._forget)
            self._frame.setWidget(new)

    def _forget(self) -> None:
        """Let go of a frame that its window took along."""
        self._frame = None
