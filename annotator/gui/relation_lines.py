"""Draws relations in the chip row of a span: one trunk, a branch to each other end on the line.

The trunk crosses no words and needs no room of its own. Other ends that are elsewhere are named
at the end of the trunk, with their first words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from annotator.gui.line_parts import LaidLine, Piece
from annotator.model import Annotated, Relation

if TYPE_CHECKING:
    from annotator.gui.article_painter import ArticlePainter, Sight
    from annotator.gui.text_layout import ArticleLayout

_LONGEST_WORDS: Final = 28
_BEND: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Spot:
    """A piece of a span that is in sight."""

    sight: Sight
    line: LaidLine
    piece: Piece


@dataclass(frozen=True, slots=True)
class _Branch:
    """The other end of a relation on the same line, seen from the trunk."""

    name: str
    spot: _Spot
    inward: bool
    """Whether the relation comes from there."""


class RelationLines:
    """Draws the relations of what is hovered, selected, or of everything in sight."""

    def __init__(self, artist: ArticlePainter) -> None:
        self._artist = artist
        self._metrics = QFontMetricsF(artist.sizes.small_font)

    def paint(self, painter: QPainter, layout: ArticleLayout, sights: list[Sight]) -> None:
        """Draw the relations that are to be seen among *sights*."""
        state = self._artist.state
        if state.hints:
            return
        everything = self._artist.look.show_all_relations
        shown = set(state.selected) | ({state.related} if state.related else set())
        if not shown and not everything:
            return
        spots = _spots(sights)
        annotated = layout.content.annotated
        for span_id in spots if everything else sorted(shown & spots.keys()):
            ties = annotated.ties(span_id)
            if everything:
                ties = [tie for tie in ties if tie.source == span_id]
            if ties:
                _Trunks(self._artist, painter, layout, spots, annotated).paint(span_id, ties)

    def words_of(self, annotated: Annotated, tie: Relation, seen_from: str) -> str:
        """Return the first words of the other end of *tie*."""
        return _other_words(annotated, tie, seen_from)


def _spots(sights: Iterable[Sight]) -> dict[str, list[_Spot]]:
    found: dict[str, list[_Spot]] = {}
    for sight in sights:
        for line in sight.laid.lines:
            for piece in line.pieces:
                found.setdefault(piece.span.id, []).append(_Spot(sight, line, piece))
    return found


def _other_words(annotated: Annotated, tie: Relation, seen_from: str) -> str:
    other = tie.target if tie.source == seen_from else tie.source
    span = annotated.spans.get(other or "")
    if span is not None:
        words = " ".join(" ".join(span.text).split())
    else:
        entity = annotated.entities.get(tie.target_entity or "")
        words = "" if entity is None else entity.name
    return words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1].rstrip() + "…"


class _Trunks:
    """The trunks of one span, one for each of its lines that needs one."""

    def __init__(
        self,
        artist: ArticlePainter,
        painter: QPainter,
        layout: ArticleLayout,
        spots: dict[str, list[_Spot]],
        annotated: Annotated,
    ) -> None:
        self._artist, self._painter, self._layout = artist, painter, layout
        self._spots, self._annotated = spots, annotated
        self._metrics = QFontMetricsF(artist.sizes.small_font)

    def paint(self, span_id: str, ties: list[Relation]) -> None:
        """Draw the trunks of a span with its relations."""
        own = self._spots[span_id]
        branches: dict[int, list[_Branch]] = {}
        elsewhere: list[tuple[str, str, bool]] = []
        for tie in ties:
            inward = tie.target == span_id
            other = tie.source if inward else tie.target
            name = tie.label.replace("_", " ")
            found = self._meeting(own, other)
            if found is None:
                words = _other_words(self._annotated, tie, span_id)
                elsewhere.append((name, words, inward))
            else:
                number, spot = found
                branches.setdefault(number, []).append(_Branch(name, spot, inward))
        chip = next((n for n, spot in enumerate(own) if spot.piece.chip), 0)
        for number, spot in enumerate(own):
            stubs = elsewhere if number == chip else []
            if branches.get(number) or stubs:
                self._trunk(spot, branches.get(number, []), stubs)

    def _meeting(self, own: list[_Spot], other: str | None) -> tuple[int, _Spot] | None:
        """Return on which own line the chip of *other* stands, and its spot there."""
        for spot in self._spots.get(other or "", ()):
            if spot.piece.chip:
                for number, mine in enumerate(own):
                    if mine.line is spot.line:
                        return number, spot
        return None

    def _trunk(
        self, spot: _Spot, branches: list[_Branch], stubs: list[tuple[str, str, bool]]
    ) -> None:
        artist, layout = self._artist, self._layout
        rect = artist.caption_rect(layout, spot.sight, spot.line, spot.piece)
        start = rect.right() + 3
        rightward = [b for b in branches if self._aim(b.spot, rect) > rect.center().x()]
        leftward = [b for b in branches if b not in rightward]
        end = layout.column_left + layout.column_width
        reach = max((self._aim(b.spot, rect) for b in rightward), default=start)
        row = rect.center().y()
        lane = [(p.left, p.right) for p in self._others(spot)]
        blocked = self._blocked(lane, start, end if stubs else reach)
        if blocked:
            row = rect.bottom() + 2 * artist.sizes.scale
        pen = QPen(artist.theme.ink, 1.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._pen = pen
        at = start
        for branch in sorted(rightward, key=lambda b: self._aim(b.spot, rect)):
            at = self._branch(branch, at, row, rect, blocked)
        at_left = rect.left() - 3
        for branch in sorted(leftward, key=lambda b: -self._aim(b.spot, rect)):
            at_left = self._branch(branch, at_left, row, rect, blocked)
        self._paint_stubs(stubs, at, end, row, rect, lane)

    def _others(self, spot: _Spot) -> list[QRectF]:
        """Return the captions of other spans in the lane of *spot*."""
        return [
            self._artist.caption_rect(self._layout, spot.sight, spot.line, piece)
            for piece in spot.line.pieces
            if piece.lane == spot.piece.lane and piece is not spot.piece
        ]

    def _blocked(self, lane: list[tuple[float, float]], left: float, right: float) -> bool:
        return False

    def _aim(self, spot: _Spot, own: QRectF) -> float:
        """Return the x at which a branch meets the other end: the middle of its chip."""
        rect = self._artist.caption_rect(self._layout, spot.sight, spot.line, spot.piece)
        return float(rect.center().x())

    def _branch(
        self, branch: _Branch, at: float, row: float, own: QRectF, blocked: bool
    ) -> float:
        return at

    def _paint_stubs(
        self,
        stubs: list[tuple[str, str, bool]],
        at: float,
        end: float,
        row: float,
        own: QRectF,
        lane: list[tuple[float, float]],
    ) -> None:
        return
