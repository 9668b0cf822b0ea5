"""Draws relations in the chip row of a span: one trunk, a branch to each other end on the line.

The trunk crosses no words and needs no room of its own. Other ends that are elsewhere are named
at the end of the trunk, with their first words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath

from annotator.annotated import Annotated
from annotator.gui.article.line_parts import LaidLine, Piece
from annotator.gui.article.relation_pen import RelationPen
from annotator.gui.article.relation_stubs import Stub, Stubs, free_stretches
from annotator.model import Relation

if TYPE_CHECKING:
    from annotator.gui.article.article_painter import ArticlePainter, Sight
    from annotator.gui.article.text_layout import ArticleLayout

_LONGEST: Final = 28
"""Letters of the other end that are written beside an arrow."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A piece of a span that is in sight, and where its caption is."""

    sight: Sight
    line: LaidLine
    piece: Piece
    caption: QRectF


@dataclass(frozen=True, slots=True)
class _Branch:
    """The other end of a relation on the same line, seen from the trunk."""

    name: str
    spot: _Spot
    inward: bool
    """Whether the relation comes from there."""
    words: str
    """Its first words."""

    @property
    def x(self) -> float:
        """Where the branch leaves the trunk."""
        return float(self.spot.caption.center().x())

    def reached(self, lane: int, side: int) -> float:
        """Return how early a trunk in *lane* that goes to *side* meets it: level, at its edge."""
        if self.spot.piece.lane != lane:
            return side * self.x
        return float(self.spot.caption.left() if side > 0 else -self.spot.caption.right())


class RelationLines:
    """Draws the relations of what is hovered, selected, or of everything in sight."""

    def __init__(self, artist: ArticlePainter) -> None:
        self._artist = artist

    def paint(self, painter: QPainter, layout: ArticleLayout, sights: list[Sight]) -> None:
        """Draw the relations that are to be seen among *sights*."""
        state, everything = self._artist.state, self._artist.look.show_all_relations
        shown = set(state.selected) | ({state.related} if state.related else set())
        if state.hints or not (shown or everything):
            return
        spots = self._spots(layout, sights)
        annotated = layout.content.annotated
        trunks = _Trunks(self._artist, painter, layout, spots)
        drawn: set[str] = set()
        for span_id in sorted(shown & spots.keys()):
            ties = annotated.ties(span_id)
            drawn.update(tie.id for tie in ties)
            trunks.paint(span_id, ties)
        if everything:
            for span_id in spots:
                ties = [tie for tie in annotated.relations_from(span_id) if tie.id not in drawn]
                trunks.paint(span_id, ties)

    def _spots(self, layout: ArticleLayout, sights: list[Sight]) -> dict[str, list[_Spot]]:
        found: dict[str, list[_Spot]] = {}
        for sight in sights:
            for line in sight.laid.lines:
                for piece in line.pieces:
                    caption = self._artist.caption_rect(layout, sight, line, piece)
                    spot = _Spot(sight, line, piece, caption)
                    found.setdefault(piece.span.id, []).append(spot)
        return found


class _Trunks:
    """The trunks of spans, one for each line of a span that needs one."""

    def __init__(
        self,
        artist: ArticlePainter,
        painter: QPainter,
        layout: ArticleLayout,
        spots: dict[str, list[_Spot]],
    ) -> None:
        self._layout, self._spots = layout, spots
        self._pen = RelationPen(artist, painter)
        self._sizes = artist.sizes
        self._everything = artist.look.show_all_relations
        edge = layout.column_left + layout.column_width + 30 * artist.sizes.scale
        self._edge = min(edge, layout.documentSize().width() - 4)
        """How far right of the column may be written."""
        self._stubs = Stubs(self._pen, self._edge)

    def paint(self, span_id: str, ties: list[Relation]) -> None:
        """Draw the trunks of a span with its relations."""
        if not ties:
            return
        own = self._spots[span_id]
        branches: dict[int, list[_Branch]] = {}
        stubs: list[Stub] = []
        for tie in ties:
            inward = tie.target == span_id
            name = tie.label.replace("_", " ")
            found = self._meeting(own, tie.source if inward else tie.target)
            words = _words(self._layout.content.annotated, tie, inward)
            if found is None:
                stubs.append(Stub(name, words, inward))
            else:
                number, spot = found
                branches.setdefault(number, []).append(_Branch(name, spot, inward, words))
        chip = next((n for n, spot in enumerate(own) if spot.piece.chip), 0)
        for number, spot in enumerate(own):
            self._trunk(spot, branches.get(number, []), stubs if number == chip else [])

    def _meeting(self, own: list[_Spot], other: str | None) -> tuple[int, _Spot] | None:
        """Return on which own line the chip of *other* stands, and its spot there."""
        for spot in self._spots.get(other or "", ()):
            if spot.piece.chip:
                for number, mine in enumerate(own):
                    if mine.line is spot.line:
                        return number, spot
        return None

    def _trunk(self, spot: _Spot, branches: list[_Branch], stubs: list[Stub]) -> None:
        middle, scale = spot.caption.center().x(), self._pen.scale
        own_lane = spot.piece.lane
        right = sorted((b for b in branches if b.x > middle), key=lambda b: b.reached(own_lane, 1))
        left = sorted((b for b in branches if b.x <= middle), key=lambda b: b.reached(own_lane, -1))
        row = spot.caption.center().y()
        gap_row = spot.caption.bottom() + 2 * scale
        lane = self._lane_captions(spot)
        at = spot.caption.right() + 3 * scale
        for side, start in ((right, at), (left, spot.caption.left() - 3 * scale)):
            if not side:
                continue
            own_row = row
            ends = {id(branch.spot.piece) for branch in side}
            barred = [rect for piece, rect in lane if id(piece) not in ends]
            crosses = _meets(barred, start, side[-1].x)
            if crosses and self._everything:
                # Among the lines of all the others one that goes around would not be followed.
                stubs = [*stubs, *(Stub(b.name, b.words, b.inward) for b in side)]
                continue
            if crosses:
                own_row = gap_row
                start = spot.caption.center().x()
            rects = [rect for _, rect in lane]
            start = self._side(spot, side, start, own_row, rects, right=side is right)
            if side is right:
                at = max(at, side[-1].spot.caption.right() + 6 * scale if lane else start)
                at = max(at, start + 8 * scale)
        if stubs:
            self._stubs.paint(spot.caption, stubs, at, bool(right), [rect for _, rect in lane])

    def _side(
        self,
        spot: _Spot,
        branches: list[_Branch],
        start: float,
        row: float,
        lane: list[QRectF],
        *,
        right: bool,
    ) -> float:
        """Draw the trunk to one side with its branches and names; return where it ends."""
        chip_row = spot.caption.center().y()
        low = row != chip_row
        unnamed: list[_Branch] = []
        stretches: list[tuple[_Branch, float, float]] = []
        for branch in branches:
            end, start_next = self._branch(branch, start, row, spot, low=low, right=right)
            if low and not self._name_above(branch, start, chip_row, lane):
                unnamed.append(branch)
            stretches.append((branch, start, end))
            start = start_next
        if not low:
            wide = [abs(b - a) >= self._named_width(branch.name) for branch, a, b in stretches]
            unnamed = [] if all(wide) else branches[wide.index(False) :]
        after = self._names_after(unnamed, start, chip_row, lane, right=right)
        if not low:
            on_trunk = stretches[: len(stretches) - len(unnamed)] if after else stretches
            for branch, left, end in on_trunk:
                self._name_on(branch.name, left, end, row)
        return start if after is None else after

    def _lane_captions(self, spot: _Spot) -> list[tuple[Piece, QRectF]]:
        """Return the captions of other spans in the lane of *spot*."""
        lane = spot.piece.lane
        return [
            (other.piece, other.caption)
            for spots in self._spots.values()
            for other in spots
            if other.line is spot.line and other.piece.lane == lane and other is not spot
        ]

    # Parts of a trunk

    def _branch(
        self, branch: _Branch, start: float, row: float, own: _Spot, *, low: bool, right: bool
    ) -> tuple[float, float]:
        """Draw the trunk from *start* to a branch, and the branch itself.

        Return where the level part of it ends, and where the trunk can go on.
        """
        scale = self._pen.scale
        target, side = branch.spot.caption, 1.0 if right else -1.0
        level = branch.spot.piece.lane == own.piece.lane
        if level and not low:
            end = target.left() - 2 * scale if right else target.right() + 2 * scale
            self._pen.line(start, end, row)
            self._arrow(branch, QPointF(end, row), (side, 0.0), QPointF(start, row), low)
            return end, target.right() + 3 * scale if right else target.left() - 3 * scale
        above = branch.spot.piece.lane <= own.piece.lane
        tip = target.bottom() + 1 if above else target.top() - self._sizes.bar - 2
        if low and not above and tip < row + 6 * scale:
            end = self._side_branch(branch, start, row, right=right)
            return end, end
        x = self._landing(branch, start, above=above, side=side)
        if x is None:
            return start, self._hook(branch, start, row, side)
        bend = min(5.0 * scale, abs(x - start) / 2)
        turn = -1.0 if above else 1.0
        self._pen.line(start, x - side * bend, row)
        path = QPainterPath(QPointF(x - side * bend, row))
        path.quadTo(QPointF(x, row), QPointF(x, row + turn * min(bend, 4 * scale)))
        path.lineTo(x, tip)
        self._pen.stroke(path)
        self._arrow(branch, QPointF(x, tip), (0.0, turn), QPointF(start, row), low)
        return x - side * bend, x + side * 2 * scale

    def _landing(self, branch: _Branch, start: float, *, above: bool, side: float) -> float | None:
        """Return where a branch meets its target without turning back; None if it cannot."""
        scale = self._pen.scale
        first = start + side * 2 * scale
        if (branch.x - first) * side >= 0:
            return branch.x
        caption, piece = branch.spot.caption, branch.spot.piece
        last = caption.right() if side > 0 else caption.left()
        if not above:
            last = caption.left() - piece.caption_left + (piece.right if side > 0 else piece.left)
        x = first + side * 2 * scale
        return x if (last - x) * side >= 3 * scale else None

    def _hook(self, branch: _Branch, start: float, row: float, side: float) -> float:
        """Lead the trunk around the far side of a target that begins before *start*."""
        scale = self._pen.scale
        target = branch.spot.caption
        tip = target.right() + 2 * scale if side > 0 else target.left() - 2 * scale
        middle, bend = target.center().y(), 4 * scale
        turn = 1.0 if middle > row else -1.0
        farther = max if side > 0 else min
        x = farther(tip + side * 8 * scale, start + side * bend)
        path = QPainterPath(QPointF(start, row))
        path.lineTo(x - side * bend, row)
        path.quadTo(QPointF(x, row), QPointF(x, row + turn * bend))
        path.lineTo(x, middle - turn * bend)
        path.quadTo(QPointF(x, middle), QPointF(x - side * bend, middle))
        path.lineTo(tip, middle)
        self._pen.stroke(path)
        self._arrow(branch, QPointF(tip, middle), (-side, 0.0), QPointF(start, row), False)
        return x + side * 2 * scale

    def _side_branch(self, branch: _Branch, start: float, row: float, *, right: bool) -> float:
        """Lead a trunk in the gap to the near side of a chip right under it: no room for a tip."""
        scale, target = self._pen.scale, branch.spot.caption
        side = 1.0 if right else -1.0
        tip = target.left() - 2 * scale if right else target.right() + 2 * scale
        x, middle, bend = tip - side * 8 * scale, target.center().y(), 4 * scale
        forked = start - side * 2 * scale
        if abs(forked - x) < 10 * scale and (tip - forked) * side > 1:
            x = forked  # beside the branch before it there is no room: fork from that
            bend = min(bend, abs(tip - x))
            path = QPainterPath(QPointF(x, row + bend))
        else:
            self._pen.line(start, x - side * bend, row)
            path = QPainterPath(QPointF(x - side * bend, row))
            path.quadTo(QPointF(x, row), QPointF(x, row + bend))
        path.lineTo(x, middle - bend)
        path.quadTo(QPointF(x, middle), QPointF(x + side * bend, middle))
        path.lineTo(tip, middle)
        self._pen.stroke(path)
        self._arrow(branch, QPointF(tip, middle), (side, 0.0), QPointF(start, row), True)
        return x

    def _arrow(
        self, branch: _Branch, tip: QPointF, toward: tuple[float, float], start: QPointF, low: bool
    ) -> None:
        """Draw the head at the *tip* of a branch, or at the trunk's start where it comes in."""
        side = 1.0 if tip.x() > start.x() else -1.0
        if not branch.inward:
            self._pen.head(tip, *toward)
        elif low:
            self._pen.head(start - QPointF(0, 1), 0.0, -1.0)
        else:
            self._pen.head(start, -side, 0.0)

    def _named_width(self, name: str) -> float:
        """Return how long a level line must be to carry *name*."""
        return self._pen.width(name) + 14 * self._pen.scale

    def _name_on(self, name: str, start: float, end: float, row: float) -> None:
        """Write the name of a branch into the middle of its line, where it has room."""
        if abs(end - start) >= self._named_width(name):
            width = self._pen.width(name)
            self._pen.text((start + end - width) / 2, row, name)

    def _names_after(
        self, branches: list[_Branch], start: float, row: float, lane: list[QRectF], *, right: bool
    ) -> float | None:
        """Name branches behind the last of them, in their order; return where the names end.

        None if there is nothing to name, or the row is not free there: with the relations of
        everything drawn, nobody knows.
        """
        if not branches or self._everything:
            return None
        scale = self._pen.scale
        words = ", ".join(branch.name for branch in branches)
        width, near = self._pen.width(words), 6 * scale
        if right:
            free = [
                f
                for f in free_stretches(lane, start + near, self._edge)
                if f[0] <= start + 2 * near
            ]
        else:
            free = free_stretches(lane, self._layout.column_left, start - near)
            free = [f for f in free if f[1] >= start - 2 * near]
        if not free or free[0][1] - free[0][0] < width:
            return None
        left = free[0][0] if right else free[0][1] - width
        ended = self._pen.text(left, row, words)
        return ended if right else left

    def _name_above(self, branch: _Branch, start: float, row: float, lane: list[QRectF]) -> bool:
        """Name a branch of a trunk that runs in the gap, where the chip row above it is free."""
        width = self._pen.width(branch.name)
        free = free_stretches(lane, min(start, branch.x), max(start, branch.x))
        fitting = [(left, right) for left, right in free if right - left >= width + 4]
        if fitting:
            left, right = min(fitting, key=lambda stretch: abs(sum(stretch) / 2 - branch.x))
            self._pen.text((left + right - width) / 2, row, branch.name)
        return bool(fitting)


def _words(annotated: Annotated, tie: Relation, inward: bool) -> str:
    """Return the first words of the other end of *tie*, or the name of its entity."""
    span = annotated.spans.get((tie.source if inward else tie.target) or "")
    if span is not None:
        words = " ".join(" ".join(span.text).split())
    else:
        entity = annotated.entities.get(tie.target_entity or "")
        words = "" if entity is None else entity.name
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


def _meets(rects: list[QRectF], x0: float, x1: float) -> bool:
    left, right = min(x0, x1), max(x0, x1)
    return any(rect.left() < right and left < rect.right() for rect in rects)
