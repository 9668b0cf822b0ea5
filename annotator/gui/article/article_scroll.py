"""Scrolling an article whose heights are partly guesses, so that words stay where they were."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QEasingCurve, QObject, QPropertyAnimation, QRect, QTimer
from PySide6.QtWidgets import QStyle

if TYPE_CHECKING:
    from annotator.gui.article.text_layout import ArticleLayout
    from annotator.gui.article.text_view import ArticleView

_MARGIN_LINES: Final = 2.5
"""Lines that are kept between the caret and the upper or lower edge, while scrolling."""
_MOTION: Final = 120
"""Milliseconds of scrolling to a place that is near."""
_FAR: Final = 2
"""Screens; farther places appear at once."""
_ROUNDS: Final = 4
_SPANS_AT_ONCE: Final = 4_000
"""Spans that are sorted in while nothing else is to be done; a few milliseconds."""


class Anchor(NamedTuple):
    """Words that should stay in place: a displayed position and its distance from the top."""

    shown: int
    distance: float


class ArticleScroll(QObject):
    """Keeps scroll bar and layout of one view in step."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__(view)
        self._view_ref = weakref.ref(view)
        self.smooth = True
        """Whether near places are scrolled to in motion."""
        self._announced = 0.0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.tidy)
        self._motion = QPropertyAnimation(self)
        self._motion.setPropertyName(b"value")
        self._motion.setTargetObject(view.verticalScrollBar())
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.setDuration(_MOTION)

    @property
    def _view(self) -> ArticleView:
        view = self._view_ref()
        assert view is not None
        return view

    def _sight(self) -> tuple[float, float]:
        top = float(self._view.verticalScrollBar().value())
        return top, top + self._view.viewport().height()

    def moving(self) -> None:
        """Lay out what comes into sight; called while the scroll bar changes.

        Changes no widget: only asks for painting, and for :meth:`tidy` afterwards.
        """
        layout = self._view.article_layout
        if layout is not None:
            if layout.settle(*self._sight()):
                self._view.viewport().update()
            self._later.start()

    def tidy(self) -> None:
        """Lay out one screen above and below what is in sight, and set the scroll bar right."""
        layout = self._view.article_layout
        if layout is None:
            return
        anchor = self.anchor()
        top, bottom = self._sight()
        height = bottom - top
        index = layout.content.index
        if not index.complete:
            index.sort_in(_SPANS_AT_ONCE)
            self._later.start()
        layout.settle(max(0.0, top - height), bottom + height)
        layout.thin_out(top, bottom)
        self.announce()
        if anchor is not None:
            self.return_to(anchor)

    def start(self) -> None:
        """Begin with another article: what is not in sight is done when there is time."""
        self._announced = 0.0
        self._motion.stop()
        self._later.start()

    def announce(self) -> None:
        """Tell the scroll bar how high the article is by now."""
        layout = self._view.article_layout
        if layout is not None and layout.full_height != self._announced:
            self._announced = layout.full_height
            layout.documentSizeChanged.emit(layout.documentSize())

    def anchor(self) -> Anchor | None:
        """Return the words at the upper edge, to return to them with :meth:`return_to`."""
        layout = self._view.article_layout
        if layout is None:
            return None
        top, _ = self._sight()
        if top <= 0:
            return Anchor(0, -layout.top(0))
        for block, laid, y in layout.in_sight(top, top + 1):
            line = laid.line_at_y(top - y)
            return Anchor(block.position() + line.start, top - y - line.y)
        return None

    def return_to(self, anchor: Anchor | None) -> None:
        """Scroll so that the words of *anchor* are where they were."""
        layout = self._view.article_layout
        if layout is None or anchor is None:
            return
        bar = self._view.verticalScrollBar()
        if anchor.shown == 0 and anchor.distance <= -layout.header + 0.5:
            bar.setValue(0)
            return
        value = round(self._line_top(layout, anchor.shown) + anchor.distance)
        if value != bar.value():
            self.announce()
            bar.setValue(value)
            self._view.viewport().update()

    def prepare(self, shown: int) -> None:
        """Lay out the surroundings of a displayed position, so that its place is true."""
        layout = self._view.article_layout
        if layout is None:
            return
        top, bottom = self._sight()
        height = bottom - top
        line = self._line(layout, shown)
        if top + height / 6 < line[0] and line[1] < bottom - height / 6:
            return
        for _ in range(_ROUNDS):
            y = layout.place(shown).top()
            if not layout.settle(max(0.0, y - height), y + height):
                break
        self.announce()

    def keep_in_sight(self, shown: int) -> None:
        """Scroll so that a displayed position keeps some lines between it and the edges."""
        layout = self._view.article_layout
        if layout is None:
            return
        place = layout.place(shown)
        top, bottom = self._sight()
        margin = min(_MARGIN_LINES * place.height() * 1.5, (bottom - top) / 4)
        bar = self._view.verticalScrollBar()
        if place.top() - margin < top:
            bar.setValue(round(place.top() - margin))
        elif place.bottom() + margin > bottom:
            bar.setValue(round(place.bottom() + margin - (bottom - top)))

    def reveal(self, start: int, end: int) -> None:
        """Scroll until a stretch can be seen: in motion where it is near, else at once."""
        layout = self._view.article_layout
        if layout is None:
            return
        self.prepare(start)
        top, bottom = self._sight()
        height = bottom - top
        first, last = layout.place(start), layout.place(end)
        margin = min(2 * first.height(), height / 4)
        if first.top() - margin >= top and last.bottom() + margin <= bottom:
            return
        bar = self._view.verticalScrollBar()
        target = max(0, min(round(first.top() - height / 3), bar.maximum()))
        near = abs(target - bar.value()) < _FAR * height
        self._motion.stop()
        if near and self.smooth and self._wants_motion():
            self._motion.setStartValue(bar.value())
            self._motion.setEndValue(target)
            self._motion.start()
        else:
            bar.setValue(target)

    def caret_rect(self, position: int) -> QRect:
        """Return the pixels of the viewport in which a caret at a stored position is drawn."""
        layout = self._view.article_layout
        if layout is None:
            return QRect()
        place = layout.place(layout.content.map.to_shown(position))
        place.translate(0, -self._view.verticalScrollBar().value())
        return place.adjusted(-3, -3, 3, 3).toAlignedRect()

    def rows(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the rows of the viewport that show the stored positions, or None."""
        layout = self._view.article_layout
        if layout is None:
            return None
        top, bottom = self._sight()
        to_shown = layout.content.map.to_shown
        first, last = self._line(layout, to_shown(start)), self._line(layout, to_shown(end))
        if last[1] < top or first[0] > bottom:
            return None
        low, high = max(first[0] - 4, top) - top, min(last[1] + 4, bottom) - top
        return int(low), int(high) + 1

    def _wants_motion(self) -> bool:
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return self._view.style().styleHint(hint, None, self._view) > 0

    def _line(self, layout: ArticleLayout, shown: int) -> tuple[float, float]:
        """Return top and bottom of the line at a displayed position; guessed if out of sight."""
        block = layout.document().findBlock(shown)
        number = block.blockNumber()
        top = layout.top(number)
        laid = layout.blocks.get(number)
        if laid is None:
            return top, top + layout.heights[number]
        line = laid.line_at(shown - block.position())
        return top + line.y, top + line.y + line.height

    def _line_top(self, layout: ArticleLayout, shown: int) -> float:
        block, _, line = layout.line_at(shown)
        return layout.top(block.blockNumber()) + line.y
