"""The slim handle of a dock: dragged to the other side of the window, the sides are exchanged.

Qt's own dragging tears a dock off into a window of its own, which some desktops cannot place and
which is of no use here: a dock belongs to one side or the other. So the handle only says where the
mouse goes, and nothing moves before the button is let go.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from annotator.gui.parts import Themed, plain
from annotator.gui.theme import Theme
from annotator.translation import tr

HEIGHT = 8
"""Pixels at the top edge of a dock that can be held; the padding of what it shows."""
GRIP_WIDTH = 28
GRIP_HEIGHT = 3
FILL = 40
"""How opaque the place is where a dock would land, of 255."""


class DockHandle(Themed, QWidget):
    """The upper edge of a dock; a grip shows there under the mouse."""

    moved = Signal(QPoint)
    """The dock is being dragged: where the mouse is on the screen."""
    dropped = Signal(QPoint)
    cancelled = Signal()

    def __init__(self, dock: QWidget, theme: Theme) -> None:
        super().__init__(dock)
        self.theme = theme
        self.setObjectName(f"handle.{dock.objectName()}")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(plain(tr("Drag to the other side of the window")))
        self._pressed: QPoint | None = None
        self._dragging = False
        self._hovered = False
        dock.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the upper edge, above what the dock shows."""
        kinds = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ChildAdded)
        dock = self.parentWidget()
        if event.type() in kinds and watched is dock:
            self.setGeometry(0, 0, dock.width(), HEIGHT)
            self.raise_()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.globalPosition().toPoint()
        if self._pressed is None:
            return
        way = (here - self._pressed).manhattanLength()
        if not self._dragging and way >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.grabKeyboard()
        if self._dragging:
            self.moved.emit(here)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged = self._dragging
        self._end()
        if dragged:
            self.dropped.emit(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._end()
            self.cancelled.emit()

    def _end(self) -> None:
        if self._dragging:
            self.releaseKeyboard()
        self._pressed, self._dragging = None, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._hovered and not self._dragging:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.muted)
            left = (self.width() - GRIP_WIDTH) / 2
            painter.drawRoundedRect(QRectF(left, 3, GRIP_WIDTH, GRIP_HEIGHT), 1.5, 1.5)
        finally:
            painter.end()


class DropPlace(Themed, QWidget):
    """Shows where a dock lands when it is let go."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self.theme = theme
        self.setObjectName("place.drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, place: QRect) -> None:
        """Show *place*, in pixels of the window."""
        self.setGeometry(place)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            fill = QColor(self.theme.accent)
            fill.setAlpha(FILL)
            painter.fillRect(self.rect(), fill)
            painter.setPen(self.theme.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        finally:
            painter.end()
