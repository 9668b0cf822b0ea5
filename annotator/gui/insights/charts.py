"""Charts that are painted: how far the work is, names with numbers, figures over time."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.gui.insights.words import figure, state_in_words
from annotator.gui.parts import Themed, paint_bracket, px, row_height, type_font
from annotator.gui.theme import Theme, mix
from annotator.model import LayerState
from annotator.translation import number, tr

STATES = (
    (LayerState.APPROVED, 1.0),
    (LayerState.IN_REVIEW, 0.8),
    (LayerState.SUBMITTED, 0.6),
    (LayerState.RETURNED, 0.42),
    (LayerState.IN_PROGRESS, 0.28),
)


class Stages(Themed, QWidget):
    """One line for all articles, cut by how far they are, with its key above."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("chart.progress")
        self._total = 0
        self._parts: list[tuple[str, int, float]] = []
        self._title = self._end = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_progress(self, total: int, by_state: dict[str, int]) -> None:
        """Show *total* articles, cut by state."""
        self._total = total
        self._parts = [(s, by_state.get(s, 0), share) for s, share in STATES if by_state.get(s)]
        words = [f"{state_in_words(state)} {count}" for state, count, _ in self._parts]
        self.setAccessibleName(tr("How far the articles are"))
        self.setAccessibleDescription(", ".join(words))
        self._changed()

    def show_title(self, title: str) -> None:
        """Say how many articles there are, before the key."""
        self._title = title
        self._changed()

    def show_end(self, words: str) -> None:
        """Say when all will be done, at the right end."""
        self._end = words
        self._changed()

    def _changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _key(self, width: int) -> tuple[list[tuple[int, int, str, int, float]], int, bool]:
        """Return the parts of the key with their places, the rows, and whether the end fits in."""
        waiting = self._total - sum(count for _, count, _ in self._parts)
        words, numbers = QFontMetrics(type_font(13)), QFontMetrics(type_font(13, 600))
        x = QFontMetrics(type_font(15, 600)).horizontalAdvance(self._title) + 28
        row, found = 0, []
        for state, count, share in [*self._parts, (LayerState.NOT_STARTED, waiting, 0.0)]:
            if count:
                wide = px(10) + 16 + words.horizontalAdvance(state_in_words(state))
                wide += numbers.horizontalAdvance(number(count))
                if x + wide > width and x:
                    x, row = 0, row + 1
                found.append((x, row, state, count, share))
                x += wide + 28
        fits = x + words.horizontalAdvance(self._end) <= width
        return found, row + 1 + (bool(self._end) and not fits), fits

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._key(width)[1] * px(24) + 10 + px(8) + 2

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(max(self.width(), 400)))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, high = self.theme, px(24)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(theme.ink)
            painter.setFont(type_font(15, 600))
            painter.drawText(QRect(0, 0, self.width(), high), _LEFT, self._title)
            parts, rows, fits = self._key(self.width())
            for x, row, state, count, share in parts:
                self._paint_key(painter, QRect(x, row * high, px(400), high), state, count, share)
            painter.setFont(type_font(12))
            painter.setPen(theme.muted)
            top = 0 if fits else (rows - 1) * high
            side = _RIGHT if fits else _LEFT
            painter.drawText(QRect(0, top, self.width(), high), side, self._end)
            self._paint_line(painter, rows * high + 8)
        finally:
            painter.end()

    def _paint_key(
        self, painter: QPainter, area: QRect, state: str, count: int, share: float
    ) -> None:
        theme, side = self.theme, px(10)
        painter.setPen(theme.mark if not share else Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme.accent, theme.page, share) if share else theme.page)
        top = area.top() + (area.height() - side) / 2
        painter.drawRoundedRect(QRectF(area.left() + 0.5, top, side, side), 2, 2)
        painter.setPen(theme.muted)
        painter.setFont(type_font(13))
        word = state_in_words(state)
        area = area.adjusted(side + 8, 0, 0, 0)
        painter.drawText(area, _LEFT, word)
        area = area.adjusted(painter.fontMetrics().horizontalAdvance(word) + 8, 0, 0, 0)
        painter.setPen(theme.ink)
        painter.setFont(type_font(13, 600))
        painter.drawText(area, _LEFT, number(count))

    def _paint_line(self, painter: QPainter, top: int) -> None:
        theme, thick = self.theme, px(8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.hairline)
        painter.drawRoundedRect(QRectF(0, top, self.width(), thick), 4, 4)
        x = 0.0
        for _state, count, share in self._parts:
            width = self.width() * count / max(self._total, 1)
            painter.setBrush(mix(theme.accent, theme.page, share))
            painter.drawRoundedRect(QRectF(x, top, max(width - 1, 2), thick), 4, 4)
            x += width


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class Bars(Themed, QWidget):
    """A table of names, numbers and bars."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(name)
        self._rows: list[tuple[str, int, str]] = []
        self._mark = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: list[tuple[str, int, str]], *, brackets: bool = False) -> None:
        """Show rows of name, number and colour; *brackets* puts the label's mark before."""
        self._rows, self._mark = rows, brackets
        self.setAccessibleDescription(", ".join(f"{name} {count}" for name, count, _ in rows))
        self.updateGeometry()
        self.update()

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """What is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(px(320), max(len(self._rows), 1) * row_height(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        height = row_height(28)
        most = max((count for _, count, _ in self._rows), default=1) or 1
        names = min(px(200), self.width() // 2)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setFont(type_font(13))
            if not self._rows:
                painter.setPen(theme.muted)
                painter.drawText(QRect(0, 0, self.width(), height), _LEFT, tr("None yet"))
            for row, (name, count, colour) in enumerate(self._rows):
                top = row * height
                left = 0
                if self._mark:
                    paint_bracket(painter, 0, top + height / 2, theme.label(colour).base)
                    left = px(20)
                painter.setPen(theme.ink)
                text = painter.fontMetrics().elidedText(
                    name, Qt.TextElideMode.ElideRight, names - left - 8
                )
                painter.drawText(QRect(left, top, names - left, height), _LEFT, text)
                place = QRect(names, top, px(56), height)
                painter.drawText(place, _RIGHT, number(count))
                x = names + px(56) + 16
                width = max((self.width() - x - 8) * count / most, 2) if count else 0
                painter.setPen(Qt.PenStyle.NoPen)
                base = theme.label(colour).base if self._mark else theme.accent
                painter.setBrush(base)
                thick = px(8)
                bar = QRectF(x, top + (height - thick) / 2, width, thick)
                painter.drawRoundedRect(bar, 2, 2)
        finally:
            painter.end()


class Lines(Themed, QWidget):
    """Two figures between 0 and 1 over time: overlap and exact, with a point a week."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(name)
        self.setAccessibleName(tr("Agreement over time"))
        self._points: list[tuple[str, float | None, float | None]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_points(self, points: list[tuple[str, float | None, float | None]]) -> None:
        """Show name, overlap and exact of each period."""
        self._points = points
        said = [f"{name}: {figure(over)}, {figure(exact)}" for name, over, exact in points]
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(180))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            area = QRectF(px(36), px(10), self.width() - px(100), self.height() - px(40))
            self._paint_frame(painter, area)
            ends = [self._paint_line(painter, area, at) for at in (1, 2)]
            self._paint_names(painter, ends[0], ends[1])
        finally:
            painter.end()

    def _x(self, area: QRectF, number_of: int) -> float:
        last = max(len(self._points) - 1, 1)
        if len(self._points) == 1:
            return area.center().x()
        return area.left() + px(8) + (area.width() - px(16)) * number_of / last

    def _paint_frame(self, painter: QPainter, area: QRectF) -> None:
        theme = self.theme
        painter.setFont(type_font(12))
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(theme.hairline)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.muted)
            place = QRectF(0, y - px(10), area.left() - px(6), px(20))
            painter.drawText(place, _RIGHT, figure(share))
        painter.setPen(theme.muted)
        free = 0.0
        for at, (name, _, _) in enumerate(self._points):
            wide = painter.fontMetrics().horizontalAdvance(name) + 4
            left = min(max(self._x(area, at) - wide / 2, 0.0), self.width() - wide)
            if left >= free:
                painter.drawText(QRectF(left, area.bottom() + px(6), wide, px(20)), _LEFT, name)
                free = left + wide + px(12)

    def _paint_line(self, painter: QPainter, area: QRectF, at: int) -> QPointF | None:
        """Paint overlap or exact, and return where the line ends."""
        theme = self.theme
        strong = at == 2
        colour = theme.accent if strong else mix(theme.accent, theme.page, 0.6)
        line = QPen(colour, 2, Qt.PenStyle.SolidLine if strong else Qt.PenStyle.DashLine)
        before: QPointF | None = None
        for number_of, point in enumerate(self._points):
            value = point[at]
            if not isinstance(value, float):
                before = None
                continue
            here = QPointF(self._x(area, number_of), area.bottom() - value * area.height())
            painter.setPen(line)
            if before is not None:
                painter.drawLine(before, here)
            painter.setPen(QPen(theme.page, 1))
            painter.setBrush(colour)
            painter.drawEllipse(here, px(4), px(4))
            before = here
        return before

    def _paint_names(
        self, painter: QPainter, overlap: QPointF | None, exact: QPointF | None
    ) -> None:
        """Write the names of the lines at their ends, the upper one above the lower."""
        apart = px(16)
        if overlap is not None and exact is not None:
            low = max(exact.y() - overlap.y(), 0.0)
            if low < apart:
                middle = (overlap.y() + exact.y()) / 2
                overlap = QPointF(overlap.x(), middle - apart / 2)
                exact = QPointF(exact.x(), middle + apart / 2)
        for end, words in ((overlap, tr("Overlap")), (exact, tr("Exact"))):
            if end is not None:
                strong = end is exact
                painter.setFont(type_font(12, 600 if strong else 400))
                painter.setPen(self.theme.ink if strong else self.theme.muted)
                place = QRectF(end.x() + px(8), end.y() - px(10), px(80), px(20))
                painter.drawText(place, _LEFT, words)
