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
        self._rows: list[BeforeRow] = []
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
        if any(row.hasFocus() for row in self._rows):
            for row in self._rows:
                row.hide()  # the keyboard leaves: Enter pressed twice would go to two places
        for row, one in zip(self._rows, found, strict=False):
            row.show_decision(one)
        for one in found[len(self._rows) :]:
            self._add_row(one)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(found))
        self.setVisible(bool(found))

    @property
    def rows(self) -> list[BeforeRow]:
        """The rows that are shown."""
        return self._rows[: len(self._shown)]

    def _add_row(self, shown: Before) -> None:
        row = BeforeRow(self.theme, shown)
        row.clicked.connect(lambda: self.asked.emit(row.shown.article_id, row.shown.start))
        self._rows.append(row)
        self._column.addWidget(row)
        dress(self, self.theme)


class BeforeRow(Themed, QAbstractButton):
    """The words that were decided on, and what became of them."""

    def __init__(self, theme: Theme, shown: Before) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("row.decided_before")
        self.show_decision(shown)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_decision(self, shown: Before) -> None:
        """Show another decision."""
        self.shown = shown
        self.setText(" ".join(shown.words.split()))
        said = ", ".join(filter(None, (shown.words, shown.outcome, shown.detail)))
        self.setAccessibleName(said)
        self.setToolTip(plain(said))

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
