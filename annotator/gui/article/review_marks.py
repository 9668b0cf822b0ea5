"""What a reviewer sees around the words: conflicts in the margin, what was checked, differences."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from annotator.gui.icons import pixmap
from annotator.gui.theme import mix

if TYPE_CHECKING:
    from annotator.gui.article.article_painter import ArticlePainter, Sight
    from annotator.gui.article.text_layout import ArticleLayout

DIFFERENCE: Final = 0.16
"""Share of the accent in the tint of words that only some variants cover."""
_BAR: Final = 3.0
_BAR_GAP: Final = 95.0
_ICON_GAP: Final = 76.0
"""Distances from the text at its usual size."""


def paint_differences(
    painter: QPainter, artist: ArticlePainter, layout: ArticleLayout, sight: Sight
) -> None:
    """Tint the words that only some of the variants cover."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(artist.theme.accent, artist.theme.page, DIFFERENCE))
    for fragment in artist.state.differences:
        for _, rect in artist.stretch_rects(layout, sight, fragment):
            painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 2), 3, 3)


def paint_gutter(
    painter: QPainter, artist: ArticlePainter, layout: ArticleLayout, sight: Sight
) -> None:
    """Draw the bar of what was checked, and the marks of the conflicts that begin here."""
    laid, state = sight.laid, artist.state
    if laid.blank or not laid.lines:
        return
    if state.checked is not None:
        done = any(piece.start <= laid.start and laid.end <= piece.end for piece in state.checked)
        top = sight.top + laid.lines[0].text_top
        bottom = sight.top + laid.lines[-1].y + laid.lines[-1].height
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(artist.theme.accent if done else artist.theme.frame)
        left = _beside(artist, layout, _BAR_GAP, _BAR)
        painter.drawRoundedRect(QRectF(left, top, _BAR, bottom - top), 1.5, 1.5)
    _paint_conflicts(painter, artist, layout, sight)


def _paint_conflicts(
    painter: QPainter, artist: ArticlePainter, layout: ArticleLayout, sight: Sight
) -> None:
    laid, gutter = sight.laid, artist.state.gutter
    scale, theme = artist.sizes.scale, artist.theme
    side = round(16 * scale)
    found: dict[int, tuple[str, bool]] = {}
    for position, name, current in gutter[bisect_left(gutter, (laid.start,)) :]:
        if position >= max(laid.end, laid.start + 1):
            break
        shown = layout.content.map.to_shown(position) - sight.block.position()
        number = laid.line_at(shown).number
        if current or number not in found:
            found[number] = (name, current)
    for line in sight.lines:
        if line.number in found:
            name, current = found[line.number]
            picture = pixmap(name, theme.accent if current else theme.muted, side)
            left = _beside(artist, layout, _ICON_GAP, side)
            top = sight.top + line.text_top + (line.text_height - side) / 2
            painter.drawPixmap(round(left), round(top), picture)


def _beside(artist: ArticlePainter, layout: ArticleLayout, gap: float, width: float) -> float:
    """Return the left edge of what stands *gap* before the beginnings of lines."""
    left = layout.column_left
    if not layout.content.right_to_left:
        return max(4.0, left - min(gap * artist.sizes.scale, left - 4.0 - (gap < _BAR_GAP) * 12))
    end = left + layout.column_width
    room = layout.documentSize().width() - end
    return end + min(gap * artist.sizes.scale, room - 4.0) - width
