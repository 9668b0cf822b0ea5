"""Draws the letters to type: in place of a chip, or as a small key below a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from annotator.gui.article.view_state import Hint

if TYPE_CHECKING:
    from annotator.gui.article.article_painter import ArticlePainter, Sight
    from annotator.gui.article.text_layout import ArticleLayout


def paint_hints(
    painter: QPainter, artist: ArticlePainter, layout: ArticleLayout, sights: list[Sight]
) -> None:
    """Draw the hints whose places are among *sights*; no letter of the article is covered."""
    state = artist.state
    keys = _Keys(painter, artist)
    of_words = [hint for hint in state.hints if hint.span_id is None and state.hint_shown(hint)]
    for sight in sights:
        for line in sight.laid.lines:
            for piece in line.pieces:
                hint = state.hints_by_span.get(piece.span.id)
                if hint is not None and piece.chip and state.hint_shown(hint):
                    rect = artist.caption_rect(layout, sight, line, piece)
                    keys.draw(hint, rect.topLeft() + QPointF(-1, 1), small=False)
        _paint_of_words(keys, artist, layout, sight, of_words)


def _paint_of_words(
    keys: _Keys, artist: ArticlePainter, layout: ArticleLayout, sight: Sight, hints: list[Hint]
) -> None:
    """Draw a small key below each word; on one line none covers another."""
    taken: dict[int, float] = {}
    for hint in sorted(hints, key=lambda hint: hint.place):
        if not sight.laid.start <= hint.place.start <= sight.laid.end:
            continue
        for line, rect in artist.stretch_rects(layout, sight, hint.place):
            x = max(rect.left(), taken.get(line.number, 0.0))
            taken[line.number] = keys.draw(hint, QPointF(x, rect.bottom()), small=True) + 1
            break


class _Keys:
    """Key caps with letters in them."""

    def __init__(self, painter: QPainter, artist: ArticlePainter) -> None:
        self._painter, self._theme = painter, artist.theme
        self._scale = artist.sizes.scale
        self._typed = len(artist.state.typed)
        self._large = QFont(artist.sizes.small_font)
        self._large.setWeight(QFont.Weight.DemiBold)
        self._small = QFont(self._large)
        self._small.setPixelSize(max(9, round(10 * self._scale)))

    def draw(self, hint: Hint, corner: QPointF, *, small: bool) -> float:
        """Draw the key of *hint* with its upper left *corner* given; return its right edge."""
        painter, theme, scale = self._painter, self._theme, self._scale
        font = self._small if small else self._large
        metrics = QFontMetricsF(font)
        text, typed = hint.text.upper(), hint.text.upper()[: self._typed]
        height = round((12 if small else 17) * scale)
        sign = round(14 * scale) if hint.primary else 0
        least = (12 if small else 24) * scale
        pad = (3 if small else 7) * scale
        width = max(least, metrics.horizontalAdvance(text) + 2 * pad + sign)
        rect = QRectF(corner.x(), corner.y(), round(width), height)
        stroke = 1.0 if small else 1.5
        painter.setPen(QPen(theme.accent, stroke))
        painter.setBrush(theme.accent if hint.primary else theme.page)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        colour = theme.on_accent if hint.primary else theme.accent
        painter.setFont(font)
        x = rect.left() + (rect.width() - sign - metrics.horizontalAdvance(text)) / 2
        baseline = rect.top() + (height + metrics.ascent() - metrics.descent()) / 2
        painter.setPen(theme.muted if typed and not hint.primary else colour)
        painter.drawText(QPointF(x, baseline), typed)
        painter.setPen(colour)
        rest = x + metrics.horizontalAdvance(typed)
        painter.drawText(QPointF(rest, baseline), text[len(typed) :])
        if sign:
            self._enter_sign(QPointF(x + metrics.horizontalAdvance(text) + 4, rect.center().y()))
        return float(rect.right())

    def _enter_sign(self, left: QPointF) -> None:
        painter, s = self._painter, self._scale
        pen = QPen(self._theme.on_accent, 1.4 * s)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = left.x(), left.y() + 1 * s
        painter.drawPolyline(
            [QPointF(x + 9 * s, y - 4 * s), QPointF(x + 9 * s, y), QPointF(x + 1, y)]
        )
        painter.drawPolyline(
            [QPointF(x + 4 * s, y - 3 * s), QPointF(x + 1, y), QPointF(x + 4 * s, y + 3 * s)]
        )
