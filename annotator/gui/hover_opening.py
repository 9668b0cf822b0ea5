"""Opening a panel while the mouse rests on its strip, and closing it when the mouse has gone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

OPEN_MILLISECONDS = 200
"""Shorter stays are a mouse on its way to somewhere else."""
CLOSE_MILLISECONDS = 300


class HoverOpening(QObject):
    """Watches the strip of a panel, and the panel where it stands over the page."""

    wanted = Signal()
    unwanted = Signal()

    def __init__(self, strip: QWidget, panel: QWidget) -> None:
        super().__init__(panel)
        self._strip = strip
        self._panel = panel
        self._spent = False
        self._open = QTimer(self, singleShot=True, interval=OPEN_MILLISECONDS)
        self._open.timeout.connect(self._on_rested)
        self._close = QTimer(self, singleShot=True, interval=CLOSE_MILLISECONDS)
        self._close.timeout.connect(self._on_gone)
        strip.installEventFilter(self)
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse in and out."""
        match event.type():
            case QEvent.Type.Enter:
                self._close.stop()
                if watched is self._strip and not self._spent:
                    self._open.start()
            case QEvent.Type.Leave:
                self._open.stop()
                if self._panel.isVisible():
                    self._close.start()
                elif not _holds_mouse(self._strip):
                    self._spent = False
            case QEvent.Type.Hide if watched is self._panel:
                # Closed under the mouse, by a choice: it does not open again before the mouse left.
                self._close.stop()
                self._spent = _holds_mouse(self._panel)
        return False

    def _on_rested(self) -> None:
        if self._strip.isVisible():
            self.wanted.emit()

    def _on_gone(self) -> None:
        """Close, unless somebody types there, has a menu of it open, or the mouse is back."""
        focus = QApplication.focusWidget()
        used = focus is not None and self._panel.isAncestorOf(focus)
        if not used and QApplication.activePopupWidget() is None and not _holds_mouse(self._panel):
            self.unwanted.emit()


def _holds_mouse(widget: QWidget) -> bool:
    return widget.rect().contains(widget.mapFromGlobal(QCursor.pos()))
