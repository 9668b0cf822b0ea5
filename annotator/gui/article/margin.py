"""Draws the margins of an article: paragraph numbers, marks of notes and doubts, hidden lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QPainter

from annotator.gui.article.line_parts import LaidLine
from annotator.gui.article.margin_marks import paint_mark
from annotator.gui.article.review_marks import paint_gutter

if TYPE_CHECKING:
    from annotator.gui.article.article_painter import ArticlePainter, Sight
    from annotator.gui.article.text_layout import ArticleLayout


class Margin:
    """Draws what stands beside the words, in the sizes and colours of its painter."""

    def __init__(self, artist: ArticlePainter) -> None:
        self._artist = artist
        self._sizes = artist.sizes
        self._theme = artist.theme
        self._metrics = QFontMetricsF(artist.sizes.small_font)

    def paint(self, painter: QPainter, layout: ArticleLayout, sight: Sight) -> None:
        """Draw what stands beside the lines of a paragraph."""
        laid = sight.laid
        if laid.blank or not laid.lines:
            return
        if self._artist.look.review:
            paint_gutter(painter, self._artist, layout, sight)
        if not laid.goes_on and laid.lines[0] in sight.lines:
            self._paint_number(painter, layout, sight)
        scale = self._sizes.scale
        for line in sight.lines:
            if line.hidden:
                self._paint_hidden(painter, layout, sight, line)
            comments = self._comments_on(layout, sight, line)
            wanted = (18 if comments < 2 else 28) * scale
            gap = min(24 * scale, max(2.0, self._room_beyond(layout) - wanted))
            x = self._beyond(layout, gap, 16 * scale)
            y = sight.top + line.text_top + line.text_height / 2
            for kind in self._marks_of(line, comments):
                paint_mark(painter, kind, QPointF(x, y), self._theme, scale)
                if kind == "note" and comments > 1:
                    self._paint_count(painter, comments, QPointF(x + 18 * scale, y))
                y += 17 * scale

    def _paint_hidden(
        self, painter: QPainter, layout: ArticleLayout, sight: Sight, line: LaidLine
    ) -> None:
        """Say how many lanes of a line are not drawn."""
        painter.setFont(self._sizes.small_font)
        painter.setPen(self._theme.muted)
        last = self._artist.lane_top(layout, sight, line, line.lanes - 1)
        text = f"+{line.hidden}"
        left = self._beyond(layout, 6, self._metrics.horizontalAdvance(text))
        painter.drawText(QPointF(left, last + self._sizes.lane / 2), text)

    def _comments_on(self, layout: ArticleLayout, sight: Sight, line: LaidLine) -> int:
        """Return how many open comments there are on what begins on *line*."""
        counts = self._artist.state.commented
        if not counts:
            return 0
        found = sum(counts.get(piece.span.id, 0) for piece in line.pieces if piece.chip)
        if sight.laid.number == 0 and line is sight.laid.lines[0]:
            found += counts.get(layout.content.article.id, 0)
        return found

    def _paint_count(self, painter: QPainter, count: int, left: QPointF) -> None:
        painter.setFont(self._sizes.small_font)
        painter.setPen(self._theme.muted)
        down = self._metrics.ascent() / 2 - 1
        painter.drawText(left + QPointF(0, down), str(count))

    def _room_beyond(self, layout: ArticleLayout) -> float:
        """Return the width of the margin where lines end."""
        if layout.content.right_to_left:
            return layout.column_left
        width = layout.documentSize().width()
        return float(width - layout.column_left - layout.column_width)

    def _beyond(self, layout: ArticleLayout, gap: float, width: float) -> float:
        """Return the left edge of what stands *gap* beyond the ends of lines, *width* wide."""
        if layout.content.right_to_left:
            return layout.column_left - gap - width
        return layout.column_left + layout.column_width + gap

    def _marks_of(self, line: LaidLine, comments: int) -> list[str]:
        """Return the marks of the spans that begin on *line*, each once."""
        found: set[str] = {"note"} if comments else set()
        for piece in line.pieces:
            span = piece.span
            if not piece.chip:
                continue
            if span.id in self._artist.state.warned:
                found.add("warning")
            if span.unsure:
                found.add("unsure")
            if span.note:
                found.add("note")
        return [kind for kind in ("note", "unsure", "warning") if kind in found]

    def _paint_number(self, painter: QPainter, layout: ArticleLayout, sight: Sight) -> None:
        number = layout.content.numbering.number(sight.laid.start)
        if number is None:
            return
        line = sight.laid.lines[0]
        text_line = sight.block.layout().lineAt(0)
        painter.setFont(self._sizes.small_font)
        painter.setPen(self._theme.muted)
        end = layout.column_left + layout.column_width
        leftwards = layout.content.right_to_left
        room = layout.documentSize().width() - end if leftwards else layout.column_left
        gap = min(24 * self._sizes.scale, room * 0.4)
        width = self._metrics.horizontalAdvance(str(number))
        x = end + gap if leftwards else max(2.0, layout.column_left - gap - width)
        y = sight.top + line.text_top + text_line.ascent()
        painter.drawText(QPointF(x, y), str(number))
