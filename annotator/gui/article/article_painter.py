"""Draws an article: words, bars, chips, margins. Window, print and pictures share this painter."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QTextBlock,
    QTextCharFormat,
    QTextLayout,
)

from annotator.gui.article.article_look import Look, Sizes
from annotator.gui.article.hint_painter import paint_hints
from annotator.gui.article.line_parts import LaidBlock, LaidLine, Piece, may_be_bidi, x_stretches
from annotator.gui.article.margin import Margin
from annotator.gui.article.relation_lines import RelationLines
from annotator.gui.article.review_marks import paint_differences
from annotator.gui.article.text_layout import ArticleLayout
from annotator.gui.article.view_state import ViewState
from annotator.gui.article.whole_lines import draw_lines
from annotator.gui.theme import mix
from annotator.model import Fragment, Span

DIMMED_INK: Final = 0.7
DIMMED_LABEL: Final = 0.4
_NEAR: Final = 8.0
"""Pixels beyond the clip from which something may reach into it."""
_ROUNDING: Final = 0.01
"""Pixels by which sums of heights may differ."""


@dataclass(frozen=True, slots=True)
class LabelInk:
    """Colours of one label in one state."""

    base: QColor
    tint: QColor
    hover_tint: QColor
    strong_tint: QColor
    on_base: QColor


@dataclass(frozen=True, slots=True)
class Sight:
    """One paragraph that is being drawn, and where."""

    block: QTextBlock
    laid: LaidBlock
    top: float
    lines: tuple[LaidLine, ...]
    """Those of its lines that are to be drawn."""


class ArticlePainter:
    """Draws stretches of an :class:`ArticleLayout` as ``state`` says; ``meta`` stands on top.

    With *stamps* chips are put down as pictures where pixels are whole: for the screen only. With
    *paged* only the lines that begin in a clip are drawn: each line is on one page.
    """

    def __init__(
        self,
        sizes: Sizes,
        state: ViewState,
        meta: str = "",
        *,
        stamps: bool = False,
        paged: bool = False,
    ) -> None:
        self._paged = paged
        self.state = state
        self.meta = meta
        self._stamps_wanted = stamps
        self._stamp_ratio = 0
        """Device pixels to a pixel while chips can be put down as pictures; 0 when they cannot."""
        self.set_sizes(sizes)

    def set_sizes(self, sizes: Sizes) -> None:
        """Use other sizes and colours from now on."""
        self.sizes = sizes
        self.look: Look = sizes.look
        self.theme = sizes.look.theme
        self._inks: dict[tuple[str, bool], LabelInk] = {}
        self._stamps: dict[tuple[str, int, int], QPixmap] = {}
        self._meta_metrics = QFontMetricsF(sizes.meta_font)
        metrics = QFontMetricsF(sizes.chip_font)
        self._chip_baseline = (sizes.chip_height + metrics.ascent() - metrics.descent()) / 2
        self._relations = RelationLines(self)
        self._margin = Margin(self)

    def paint(self, painter: QPainter, layout: ArticleLayout, clip: QRectF) -> None:
        """Draw what *clip* shows, in the coordinates of the article."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        scale = painter.deviceTransform().m11()
        self._stamp_ratio = int(scale) if self._stamps_wanted and scale == int(scale) else 0
        near = 0.0 if self._paged else _NEAR
        lines_in = _lines_beginning_in if self._paged else _lines_in
        sights = [
            Sight(block, laid, top, lines_in(laid, top, clip))
            for block, laid, top in layout.in_sight(clip.top() - near, clip.bottom() + near)
        ]
        if clip.top() < layout.header:
            self._paint_meta(painter, layout)
        beside = clip.left() < layout.column_left or (
            clip.right() > layout.column_left + layout.column_width
        )
        left, right = clip.left() - layout.column_left, clip.right() - layout.column_left
        for sight in sights:
            self._paint_grounds(painter, layout, sight)
            self._paint_text(painter, layout, sight, clip)
            if beside:
                self._margin.paint(painter, layout, sight)
            for line in sight.lines:
                for piece in line.pieces:
                    if piece.outer_left - 4 < right and left < piece.outer_right + 4:
                        self._paint_piece(painter, layout, sight, line, piece)
        self._relations.paint(painter, layout, sights)
        if self.look.compact or self.look.review:
            self._paint_captions(painter, layout, sights)
        if self.state.hints:
            paint_hints(painter, self, layout, sights)
        if self.state.caret is not None:
            self._paint_caret(painter, layout, self.state.caret)

    # Where things are

    def lane_top(self, layout: ArticleLayout, sight: Sight, line: LaidLine, lane: int) -> float:
        """Return the y of the bar in a lane of a line."""
        return sight.top + layout.lane_y(line, lane)

    def caption_rect(
        self, layout: ArticleLayout, sight: Sight, line: LaidLine, piece: Piece
    ) -> QRectF:
        """Return the rectangle of the chip, or of the caption without one."""
        top = self.lane_top(layout, sight, line, piece.lane) + self.sizes.bar
        left = layout.column_left + piece.caption_left
        folded = self.look.compact or piece.rank.folded
        if folded and not self._is_strong(piece.span):
            return QRectF(layout.column_left + piece.left, top, min(40.0, piece.width), 0)
        return QRectF(left, top, piece.caption_width, self.sizes.chip_height)

    def stretch_rects(
        self, layout: ArticleLayout, sight: Sight, fragment: Fragment
    ) -> Iterator[tuple[LaidLine, QRectF]]:
        """Yield where the words of *fragment* are in one paragraph, from line to line."""
        laid = sight.laid
        if fragment.end < laid.start or fragment.start > laid.end:
            return
        start = sight.block.position()
        to_shown = layout.content.map.to_shown
        a = to_shown(max(fragment.start, laid.start)) - start
        b = to_shown(min(fragment.end, laid.end), end=True) - start
        bidi = laid.right_to_left or may_be_bidi(laid.text)
        for line in sight.lines:
            left, right = max(a, line.start), min(b, line.end)
            if left >= right:
                continue
            text_line = sight.block.layout().lineAt(line.number)
            for x0, x1 in x_stretches(text_line, left, right, bidi):
                top = sight.top + line.text_top
                yield line, QRectF(layout.column_left + x0, top, x1 - x0, line.text_height)

    def ink(self, label: str, dimmed: bool = False) -> LabelInk:
        """Return the colours of a label; remembered."""
        found = self._inks.get((label, dimmed))
        if found is None:
            found = self._inks[label, dimmed] = self._make_ink(label, dimmed)
        return found

    def _make_ink(self, label: str, dimmed: bool) -> LabelInk:
        colours, page = self.look.colours(label), self.theme.page
        if dimmed:
            base = mix(colours.base, page, DIMMED_LABEL)
            tint = mix(colours.tint, page, DIMMED_LABEL)
            return LabelInk(base, tint, tint, tint, page)
        middle = mix(colours.strong_tint, colours.tint, 0.5)
        return LabelInk(colours.base, colours.tint, middle, colours.strong_tint, colours.on_base)

    # Behind the words

    def _paint_grounds(self, painter: QPainter, layout: ArticleLayout, sight: Sight) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        strong: list[tuple[LaidLine, Piece]] = []
        for line in sight.lines:
            for piece in line.pieces:
                if self._is_strong(piece.span) and not piece.rank.ghost:
                    strong.append((line, piece))
                elif self._is_tinted(piece):
                    self._paint_tint(painter, layout, sight, line, piece)
        for line, piece in strong:
            self._paint_tint(painter, layout, sight, line, piece)
        self._paint_stretches(painter, layout, sight)

    def _is_tinted(self, piece: Piece) -> bool:
        """Say whether there is a tint behind the words: never two on top of each other."""
        if piece.rank.ghost:
            return False
        undimmed = self.state.undimmed
        if undimmed is not None:
            return piece.span.id in undimmed
        return piece.rank.tinted and piece.lane == 0

    def _is_strong(self, span: Span) -> bool:
        state = self.state
        return span.id in state.selected or span.id in (state.hovered, state.glowing)

    def _paint_tint(
        self, painter: QPainter, layout: ArticleLayout, sight: Sight, line: LaidLine, piece: Piece
    ) -> None:
        ink = self.ink(piece.span.label)
        if piece.span.id in self.state.selected or piece.span.id == self.state.glowing:
            painter.setBrush(ink.strong_tint)
        elif piece.span.id == self.state.hovered:
            painter.setBrush(ink.hover_tint)
        else:
            painter.setBrush(ink.tint)
        top = sight.top + line.text_top
        for bar in piece.bars:
            left = layout.column_left + bar.left - 1
            rect = QRectF(left, top, bar.right - bar.left + 2, line.text_height + 3)
            painter.drawRoundedRect(rect, 2, 2)

    def _paint_stretches(self, painter: QPainter, layout: ArticleLayout, sight: Sight) -> None:
        state, theme = self.state, self.theme
        if state.differences:
            paint_differences(painter, self, layout, sight)
        for hit in self._hits_in(sight.laid):
            current = hit == state.current_hit
            painter.setBrush(mix(theme.warning, theme.page, 0.42 if current else 0.2))
            painter.setPen(QPen(theme.warning, 1.5) if current else Qt.PenStyle.NoPen)
            for _, rect in self.stretch_rects(layout, sight, hit):
                painter.drawRoundedRect(rect.adjusted(-1, 1, 1, 1), 2, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        for fragment in state.pending:
            for _, rect in self.stretch_rects(layout, sight, fragment):
                painter.fillRect(rect, theme.selection)
                stroke = QRectF(rect.left(), rect.bottom() - 1, rect.width(), 2)
                painter.fillRect(stroke, theme.accent)
        if state.selection is not None:
            for line, rect in self.stretch_rects(layout, sight, state.selection):
                painter.fillRect(rect.adjusted(0, -1, 0, 2), theme.selection)
                if self._goes_on_below(layout, sight, line, state.selection):
                    edge = QRectF(rect.right(), rect.top() - 1, 4, rect.height() + 3)
                    painter.fillRect(edge, theme.selection)

    def _goes_on_below(
        self, layout: ArticleLayout, sight: Sight, line: LaidLine, selection: Fragment
    ) -> bool:
        end = layout.content.map.to_stored(sight.block.position() + line.end)
        return selection.end > end

    def _hits_in(self, laid: LaidBlock) -> Iterable[Fragment]:
        state = self.state
        if not state.hits:
            return ()
        first = max(0, bisect_left(state.hit_starts, laid.start) - 1)
        last = bisect_left(state.hit_starts, laid.end + 1)
        return state.hits[first:last]

    # The words

    def _paint_text(
        self, painter: QPainter, layout: ArticleLayout, sight: Sight, clip: QRectF
    ) -> None:
        if sight.laid.blank:
            return
        colour = sight.laid.style.colour
        formats: list[QTextLayout.FormatRange] = []
        if self.state.undimmed is not None:
            formats = self._lit_words(layout, sight)
            colour = mix(colour, self.theme.page, DIMMED_INK)
        elif colour != self.theme.ink:
            formats = self._lit_words(layout, sight)
        painter.setPen(colour)
        if self._paged and len(sight.lines) < len(sight.laid.lines):
            draw_lines(
                painter, sight.block.layout(), (line.number for line in sight.lines), formats
            )
        else:
            sight.block.layout().draw(painter, QPointF(0, 0), formats, clip)

    def _lit_words(self, layout: ArticleLayout, sight: Sight) -> list[QTextLayout.FormatRange]:
        """Return the words that are drawn in full ink though the text around them is not."""
        dimming = self.state.undimmed is not None
        laid, to_shown = sight.laid, layout.content.map.to_shown
        lit: dict[str, Span] = {
            piece.span.id: piece.span
            for line in laid.lines
            for piece in line.pieces
            if (not self.state.is_dimmed(piece.span.id) if dimming else self._is_strong(piece.span))
        }
        found: list[QTextLayout.FormatRange] = []
        for span in lit.values():
            for start, end in span.fragments:
                if end <= laid.start or start >= laid.end:
                    continue
                part = QTextLayout.FormatRange()
                part.start = to_shown(max(start, laid.start)) - sight.block.position()
                shown_end = to_shown(min(end, laid.end), end=True) - sight.block.position()
                part.length = shown_end - part.start
                part.format = QTextCharFormat()
                part.format.setForeground(QBrush(self.theme.ink))
                found.append(part)
        return found

    # Under the words

    def _paint_piece(
        self, painter: QPainter, layout: ArticleLayout, sight: Sight, line: LaidLine, piece: Piece
    ) -> None:
        span, sizes = piece.span, self.sizes
        ink = self.ink(span.label, self.state.is_dimmed(span.id))
        selected = span.id in self.state.selected
        y = self.lane_top(layout, sight, line, piece.lane)
        weighty = selected or span.id in self.state.at_issue
        thick = sizes.selected_bar if weighty else sizes.bar
        tick = sizes.first_tick if piece.lane == 0 else sizes.tick
        for bar in piece.bars:
            left, right = layout.column_left + bar.left, layout.column_left + bar.right
            if piece.rank.ghost:
                self._paint_dots(painter, left, right, y + thick / 2, ink.base)
            else:
                painter.fillRect(QRectF(left, y, right - left, thick), ink.base)
            if bar.left_tick:
                painter.fillRect(QRectF(left, y - tick, sizes.bar, tick + thick), ink.base)
            if bar.right_tick:
                edge = right - sizes.bar
                painter.fillRect(QRectF(edge, y - tick, sizes.bar, tick + thick), ink.base)
        for left, right in piece.gaps:
            self._paint_dashes(painter, layout.column_left + left, right - left, y, ink.base)
        hinted = piece.chip and span.id in self.state.hints_by_span
        if not self.look.compact and not piece.rank.folded and not hinted:
            self._paint_caption(painter, layout, sight, line, piece)

    def _paint_dots(
        self, painter: QPainter, left: float, right: float, y: float, colour: QColor
    ) -> None:
        pen = QPen(colour, self.sizes.bar)
        pen.setDashPattern([1.0, 1.2])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(left, y), QPointF(right, y))

    def _paint_dashes(
        self, painter: QPainter, left: float, width: float, y: float, colour: QColor
    ) -> None:
        pen = QPen(colour, 1.5)
        pen.setDashPattern([2.0, 1.6])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        middle = y + self.sizes.bar / 2
        painter.drawLine(QPointF(left + 3, middle), QPointF(left + width - 2, middle))

    def _paint_caption(
        self, painter: QPainter, layout: ArticleLayout, sight: Sight, line: LaidLine, piece: Piece
    ) -> None:
        rect = self.caption_rect(layout, sight, line, piece)
        ink = self.ink(piece.span.label, self.state.is_dimmed(piece.span.id))
        selected = piece.span.id in self.state.selected
        baseline = rect.top() + self._chip_baseline
        if not piece.chip:
            painter.setFont(self.sizes.chip_font)
            painter.setPen(ink.base)
            painter.drawText(QPointF(rect.left(), baseline), piece.caption)
            return
        filled = (selected or piece.rank.solid) and not piece.rank.ghost
        if self._stamp_ratio and not filled and not piece.rank.ghost:
            painter.drawPixmap(rect.topLeft(), self._stamp(piece, ink, rect))
            return
        text_colour = ink.base
        if filled:
            rect.setTop(rect.top() - self.sizes.bar)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.base)
            text_colour = ink.on_base
        elif piece.rank.ghost:
            pen = QPen(ink.base, 1)
            pen.setDashPattern([3.0, 2.0])
            painter.setPen(pen)
            painter.setBrush(self.theme.page)
            rect.adjust(0.5, 1, -0.5, 0)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.tint)
        painter.drawRoundedRect(rect, 3, 3)
        if selected and self.state.focused:
            painter.setPen(QPen(self.theme.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), 4, 4)
        painter.setFont(self.sizes.chip_font)
        painter.setPen(text_colour)
        left = layout.column_left + piece.caption_left + self.sizes.chip_pad
        painter.drawText(QPointF(left, baseline), piece.caption)

    def _stamp(self, piece: Piece, ink: LabelInk, rect: QRectF) -> QPixmap:
        """Return the picture of an ordinary chip; there are few, and they are drawn often."""
        key = (piece.caption, ink.base.rgb(), self._stamp_ratio)
        found = self._stamps.get(key)
        if found is None:
            found = QPixmap(rect.size().toSize() * self._stamp_ratio)
            found.setDevicePixelRatio(self._stamp_ratio)
            found.fill(self.theme.page)
            painter = QPainter(found)
            try:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink.tint)
                painter.drawRoundedRect(QRectF(QPointF(0, 0), rect.size()), 3, 3)
                painter.setFont(self.sizes.chip_font)
                painter.setPen(ink.base)
                place = QPointF(self.sizes.chip_pad, self._chip_baseline)
                painter.drawText(place, piece.caption)
            finally:
                painter.end()
            self._stamps[key] = found
        return found

    def _paint_captions(
        self, painter: QPainter, layout: ArticleLayout, sights: list[Sight]
    ) -> None:
        """Where there are bars only, name what is hovered or selected, over what is below."""
        for sight in sights:
            for line in sight.laid.lines:
                for piece in line.pieces:
                    folded = self.look.compact or piece.rank.folded
                    if folded and piece.chip and self._is_strong(piece.span):
                        rect = self.caption_rect(layout, sight, line, piece)
                        painter.fillRect(rect, self.theme.page)
                        self._paint_caption(painter, layout, sight, line, piece)

    def _paint_meta(self, painter: QPainter, layout: ArticleLayout) -> None:
        if not self.meta:
            return
        painter.setFont(self.sizes.meta_font)
        painter.setPen(self.theme.muted)
        metrics = self._meta_metrics
        text = metrics.elidedText(self.meta, Qt.TextElideMode.ElideRight, layout.column_width)
        baseline = layout.header * 0.53 + (metrics.ascent() - metrics.descent()) / 2
        x = layout.column_left
        if layout.content.right_to_left:
            x += layout.column_width - metrics.horizontalAdvance(text)
        painter.drawText(QPointF(x, baseline), text)

    def _paint_caret(self, painter: QPainter, layout: ArticleLayout, shown: int) -> None:
        place = layout.place(shown)
        x = round(place.left()) - 1
        painter.fillRect(QRectF(x, place.top() - 1, 2, place.height() + 2), self.theme.ink)


def _lines_in(laid: LaidBlock, top: float, clip: QRectF) -> tuple[LaidLine, ...]:
    """Return the lines of a paragraph, beginning at *top*, of which something lies in *clip*."""
    low, high = clip.top() - _NEAR - top, clip.bottom() + _NEAR - top
    if laid.lines and laid.lines[0].y >= low and laid.height <= high:
        return laid.lines
    return tuple(line for line in laid.lines if line.y + line.height >= low and line.y <= high)


def _lines_beginning_in(laid: LaidBlock, top: float, clip: QRectF) -> tuple[LaidLine, ...]:
    """Return the lines of a paragraph, beginning at *top*, that begin in *clip*."""
    low, high = clip.top() - top - _ROUNDING, clip.bottom() - top - _ROUNDING
    return tuple(line for line in laid.lines if low <= line.y < high)
