"""A button that shows its key: how a decision is offered, by key and by mouse alike."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from annotator.gui.parts import Themed, key_cap_size, key_text, paint_key_cap, px, type_font
from annotator.gui.theme import Theme, mix


class KeyButton(Themed, QAbstractButton):
    """A framed button: the cap of its key, then what it does."""

    def __init__(self, theme: Theme, text: str, key: str, name: str) -> None:
        super().__init__()
        self.theme = theme
        self._cap = key_text(key)
        self.setObjectName(name)
        self.setAccessibleDescription(self._cap)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(text)

    def say(self, text: str) -> None:
        """Offer *text* from now on."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key from now on."""
        self._cap = key_text(key)
        self.setAccessibleDescription(self._cap)
        self.updateGeometry()
        self.update()

    def _cap_width(self) -> int:
        return key_cap_size(self._cap).width() + 8 if self._cap else 0

    def sizeHint(self) -> QSize:
        words = QFontMetrics(type_font(13, 500)).horizontalAdvance(self.text())
        return QSize(words + self._cap_width() + 24, max(32, px(20) + 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            self._paint_frame(painter)
            if self._cap:
                size = key_cap_size(self._cap)
                top = (self.height() - size.height()) / 2
                cap = QRectF(8, top, size.width(), size.height())
                paint_key_cap(painter, cap, self._cap, self.theme)
            painter.setFont(type_font(13, 500))
            painter.setPen(self.theme.ink)
            room = QRect(9 + self._cap_width(), 0, self.width(), self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())
        finally:
            painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        hovered = self.underMouse() and self.isEnabled()
        ground = self.theme.hovered_row if hovered else self.theme.raised
        if self.isDown():
            ground = mix(self.theme.ink, ground, 0.06)
        painter.setPen(QPen(self.theme.frame, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
