"""An icon of the tool bar with a number beside it; not there while there is nothing to count."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from annotator.gui.icons import icon
from annotator.gui.parts import Themed, key_text, paint_row, plain, px, type_font
from annotator.gui.theme import Theme
from annotator.translation import number


class CountButton(Themed, QAbstractButton):
    """Shows how many of something wait, and goes to them."""

    def __init__(self, theme: Theme, icon_name: str, name: str) -> None:
        super().__init__()
        self.theme = theme
        self._icon = icon_name
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_count(self, count: int, said: str, key: str) -> None:
        """Show the number, *said* in words; hide where it is none."""
        self.setText(number(count))
        self.setAccessibleName(said)
        self.setToolTip(plain(f"{said} ({key_text(key)})" if key else said))
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(type_font(12, 600)).horizontalAdvance(self.text())
        return QSize(px(16) + 6 + words + 16, max(32, px(24)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            paint_row(painter, self.rect(), self.theme, current=False, hovered=self.underMouse())
            side = px(16)
            picture = icon(self._icon, self.theme.accent, side)
            picture.paint(painter, QRect(8, (self.height() - side) // 2, side, side))
            painter.setFont(type_font(12, 600))
            painter.setPen(self.theme.accent)
            place = QRect(8 + side + 6, 0, self.width(), self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text())
        finally:
            painter.end()
