"""The list of earlier decisions beside a case; each can be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from annotator.gui.leftwards import paint_line
from annotator.gui.parts import (
    Hairline,
    Themed,
    dress,
    label,
    paint_row,
    plain,
    row_height,
    type_font,
)
from annotator.gui.review.precedents import Before
from annotator.gui.theme import Theme
from annotator.translation import tr

SIDE = 16


class DecidedBefore(Themed, QWidget):
    """A heading and a row for each decision; nothing at all where there was none."""

    asked = Signal(str, int)
    """Article and place of a decision that somebody wants to see."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("list.decided_before")
        self._shown: tuple[Before, ...] = ()
        self.rows: list[BeforeRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        heading = label(tr("Decided before, same pattern"), 11, 600, "muted")
        heading.setContentsMargins(SIDE, 12, SIDE, 6)
        self._column.addWidget(Hairline(theme))
        self._column.addWidget(heading)
        self.hide()

    def show_rows(self, found: Sequence[Before]) -> None:
        """Show these decisions in place of others."""
        if tuple(found) == self._shown:
            return
        self._shown = tuple(found)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [BeforeRow(self.theme, one) for one in found]
        for row, one in zip(self.rows, found, strict=True):
            row.clicked.connect(lambda _=False, one=one: self.asked.emit(one.article_id, one.start))
            self._column.addWidget(row)
        dress(self, self.theme)
        self.setVisible(bool(found))


class BeforeRow(Themed, QAbstractButton):
    """The words that were decided on, and what became of them."""

    def __init__(self, theme: Theme, shown: Before) -> None:
        super().__init__()
        self.theme = theme
        self.shown = shown
        self.setObjectName("row.decided_before")
        self.setText(" ".join(shown.words.split()))
        said = ", ".join(filter(None, (shown.words, shown.outcome, shown.detail)))
        self.setAccessibleName(said)
        self.setToolTip(plain(said))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, row_height(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, row_height(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            paint_row(
                painter, self.rect(), self.theme, current=False, hovered=self.underMouse(), radius=0
            )
            painter.setFont(type_font(13))
            room = painter.fontMetrics().horizontalAdvance(self.shown.outcome)
            inside = self.rect().adjusted(SIDE, 0, -SIDE, 0)
            painter.setPen(self.theme.muted)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(inside, flags, self.shown.outcome)
            painter.setPen(self.theme.ink)
            place = QRect(inside.left(), 0, inside.width() - room - 12, self.height())
            paint_line(painter, place, self.text())
        finally:
            painter.end()
