"""Words above a list, one for each label or kind in it: the chosen one is all that is shown."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.gui.controls import FilterButton, Flow
from annotator.gui.parts import Themed, dress, paint_row, px, type_font
from annotator.gui.theme import Theme
from annotator.translation import number, tr


class FilterWord(FilterButton):
    """A word to filter by, small enough for a row of them in a narrow dock."""

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(type_font(12, 600))
        count = QFontMetrics(type_font(11, 500)).horizontalAdvance(self.accessibleDescription())
        width = wide.horizontalAdvance(self.text()) + count + px(3)
        ring = 8 if self.theme.high_contrast else 0
        return QSize(width + 10 + ring, max(24, px(16) + 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, chosen = self.theme, self.isChecked()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            paint_row(painter, self.rect(), theme, current=False, hovered=self.underMouse())
            if chosen and theme.high_contrast:
                paint_row(painter, self.rect(), theme, current=True)
            elif chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.accent_tint)
                painter.drawRoundedRect(self.rect(), 6, 6)
            painter.setPen(theme.accent if chosen else theme.muted)
            painter.setFont(type_font(12, 600 if chosen else 400))
            metrics = painter.fontMetrics()
            left = 9 if theme.high_contrast else 5
            base = (self.height() + metrics.ascent() - metrics.descent()) // 2
            painter.drawText(left, base, self.text())
            left += metrics.horizontalAdvance(self.text()) + px(4)
            painter.setFont(type_font(11, 500))
            painter.drawText(left, base, self.accessibleDescription())
        finally:
            painter.end()


class FilterRow(Themed, QWidget):
    """The words in a row that breaks where the dock is narrow, "All" before the others."""

    chosen = Signal(object)
    """The name that is to be shown; None for all."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.buttons: dict[str | None, FilterWord] = {}
        self._name = name
        self._flow = Flow(self, gap=0)

    def show_counts(
        self, titles: Mapping[str, str], counts: Mapping[str, int], chosen: str | None
    ) -> None:
        """Show a word for each name in *titles* with its count; nothing where none is needed."""
        wanted: list[tuple[str | None, str]] = []
        if titles or chosen is not None:
            wanted = [(None, tr("All")), *titles.items()]
        if list(self.buttons) != [name for name, _ in wanted]:
            self._build(wanted)
        for name, button in self.buttons.items():
            button.set_count(number(sum(counts.values()) if name is None else counts.get(name, 0)))
            button.setChecked(name == chosen)

    def _build(self, wanted: list[tuple[str | None, str]]) -> None:
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for name, text in wanted:
            button = FilterWord(self.theme, text)
            button.setObjectName(f"filter.{self._name}.{name or 'all'}")
            button.setAutoExclusive(True)
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            dress(button, self.theme)
            self.buttons[name] = button
            self._flow.addWidget(button)
            button.show()
