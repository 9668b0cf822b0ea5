"""Draws relations in the chip row of a span: one trunk, a branch to each other end on the line.

The trunk crosses no words and needs no room of its own. Other ends that are elsewhere are named
at the end of the trunk, with their first words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from annotator.annotated import Annotated
from annotator.gui.article.line_parts import LaidLine, Piece
from annotator.model import Relation

if TYPE_CHECKING:
    from annotator.gui.article.article_painter import ArticlePainter, Sight
    from annotator.gui.article.text_layout import ArticleLayout

_LONGEST: Final = 28
"""Letters of the other end that are written beside an arrow."""
_MOST_STUBS: Final = 3


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

    @property
    def x(self) -> float:
        """Where the branch leaves the trunk."""
        return float(self.spot.caption.center().x())


@dataclass(frozen=True, slots=True)
class _Stub:
    """The other end of a relation that is not on the same line: its first words."""

    name: str
    words: str
    inward: bool


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
        self._painter, self._layout, self._spots = painter, layout, spots
        self._theme, self._sizes = artist.theme, artist.sizes
        self._metrics = QFontMetricsF(artist.sizes.small_font)
        self._pen = QPen(artist.theme.ink, 1.2 * artist.sizes.scale)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)

    def paint(self, span_id: str, ties: list[Relation]) -> None:
        """Draw the trunks of a span with its relations."""
        if not ties:
            return
        own = self._spots[span_id]
        branches: dict[int, list[_Branch]] = {}
        stubs: list[_Stub] = []
        for tie in ties:
            inward = tie.target == span_id
            name = tie.label.replace("_", " ")
            found = self._meeting(own, tie.source if inward else tie.target)
            if found is None:
                words = _words(self._layout.content.annotated, tie, inward)
                stubs.append(_Stub(name, words, inward))
            else:
                number, spot = found
                branches.setdefault(number, []).append(_Branch(name, spot, inward))
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

    def _trunk(self, spot: _Spot, branches: list[_Branch], stubs: list[_Stub]) -> None:
        middle, scale = spot.caption.center().x(), self._sizes.scale
        right = sorted((b for b in branches if b.x > middle), key=lambda b: b.x)
        left = sorted((b for b in branches if b.x <= middle), key=lambda b: -b.x)
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
            if _meets(barred, start, side[-1].x):
                own_row = gap_row
                start = spot.caption.center().x()
            for branch in side:
                low = own_row == gap_row
                if low:
                    self._name_above(branch, start, row, [rect for _, rect in lane])
                start = self._branch(branch, start, own_row, spot, low=low)
            if side is right:
                at = max(at, side[-1].spot.caption.right() + 6 * scale if lane else start)
                at = max(at, start + 8 * scale)
        if stubs:
            self._paint_stubs(spot, stubs, at, bool(right), [rect for _, rect in lane])

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

    def _branch(self, branch: _Branch, start: float, row: float, own: _Spot, *, low: bool) -> float:
        """Draw the trunk from *start* to a branch, with its name, and the branch itself."""
        scale = self._sizes.scale
        target, right = branch.spot.caption, branch.x > start
        side = 1.0 if right else -1.0
        level = branch.spot.piece.lane == own.piece.lane
        if level and not low:
            end = target.left() - 2 * scale if right else target.right() + 2 * scale
            self._named_line(branch.name, start, end, row)
            self._arrow(branch, QPointF(end, row), QPointF(start, row), side, 0.0)
            return float(target.right() + 3 * scale if right else target.left() - 3 * scale)
        bend = min(5.0 * scale, abs(branch.x - start) / 2)
        above = branch.spot.piece.lane <= own.piece.lane
        tip = target.bottom() + 1 if above else target.top() - self._sizes.bar - 2
        if low and not above and tip < row + 6 * scale:
            return self._side_branch(target, start, row, right=right)
        if not low:
            self._named_line(branch.name, start, branch.x - side * bend, row)
        else:
            self._line(start, branch.x - side * bend, row)
        turn = -1.0 if above else 1.0
        path = QPainterPath(QPointF(branch.x - side * bend, row))
        path.quadTo(QPointF(branch.x, row), QPointF(branch.x, row + turn * min(bend, 4 * scale)))
        path.lineTo(branch.x, tip)
        self._stroke(path)
        self._head(QPointF(branch.x, tip), 0.0, turn)
        return branch.x + side * 2 * scale

    def _side_branch(self, target: QRectF, start: float, row: float, *, right: bool) -> float:
        """Lead a trunk in the gap to the near side of a chip right under it: no room for a tip."""
        scale = self._sizes.scale
        side = 1.0 if right else -1.0
        tip = target.left() - 2 * scale if right else target.right() + 2 * scale
        x, middle, bend = tip - side * 8 * scale, target.center().y(), 4 * scale
        forked = start - side * 2 * scale
        if abs(forked - x) < 10 * scale and (tip - forked) * side > 1:
            x = forked  # beside the branch before it there is no room: fork from that
            bend = min(bend, abs(tip - x))
            path = QPainterPath(QPointF(x, row + bend))
        else:
            self._line(start, x - side * bend, row)
            path = QPainterPath(QPointF(x - side * bend, row))
            path.quadTo(QPointF(x, row), QPointF(x, row + bend))
        path.lineTo(x, middle - bend)
        path.quadTo(QPointF(x, middle), QPointF(x + side * bend, middle))
        path.lineTo(tip, middle)
        self._stroke(path)
        self._head(QPointF(tip, middle), side, 0.0)
        return x

    def _arrow(
        self, branch: _Branch, end: QPointF, start: QPointF, side: float, down: float
    ) -> None:
        if branch.inward:
            self._head(start, -side, down)
        else:
            self._head(end, side, down)

    def _named_line(self, name: str, start: float, end: float, row: float) -> None:
        """Draw a level line with its name in the middle, where there is room for one."""
        scale = self._sizes.scale
        width = self._metrics.horizontalAdvance(name) + 8 * scale
        room = abs(end - start)
        if room < width + 6 * scale:
            self._line(start, end, row)
            return
        left, right = min(start, end), max(start, end)
        x = (left + right - width) / 2
        self._line(left, x, row)
        self._line(x + width, right, row)
        self._text(x + 4 * scale, row, name)

    def _name_above(self, branch: _Branch, start: float, row: float, lane: list[QRectF]) -> None:
        """Name a branch of a trunk that runs in the gap, where the chip row above it is free."""
        width = self._metrics.horizontalAdvance(branch.name)
        free = _free(lane, min(start, branch.x), max(start, branch.x))
        fitting = [(left, right) for left, right in free if right - left >= width + 4]
        if fitting:
            left, right = min(fitting, key=lambda stretch: abs(sum(stretch) / 2 - branch.x))
            self._text((left + right - width) / 2, row, branch.name)

    def _paint_stubs(
        self, spot: _Spot, stubs: list[_Stub], at: float, going_on: bool, lane: list[QRectF]
    ) -> None:
        """Name the ends that are elsewhere, in the first free stretch of the chip row."""
        scale, row = self._sizes.scale, spot.caption.center().y()
        edge = self._layout.column_left + self._layout.column_width + 30 * scale
        edge = min(edge, self._layout.documentSize().width() - 4)
        free = _free(lane, at, edge)
        need = min(self._stub_width(stub) for stub in stubs)
        place = next((stretch for stretch in free if stretch[1] - stretch[0] >= need), None)
        if place is None:
            self._line(at, at + 8 * scale, row)
            self._head(QPointF(at + 8 * scale, row), 1.0, 0.0)
            return
        x, end = place
        if x > at and not going_on:
            gap_row = spot.caption.bottom() + 2 * scale
            self._line(spot.caption.center().x(), x, gap_row)
            x += 4 * scale
        for number, stub in enumerate(stubs):
            rest = len(stubs) - number
            if number == _MOST_STUBS or x + self._stub_width(stub) > end:
                if x + 24 * scale <= end:
                    self._text(x, row, f"+{rest}")
                return
            x = self._stub(stub, x, row) + 12 * scale

    def _stub_width(self, stub: _Stub) -> float:
        words = self._metrics.horizontalAdvance(stub.name + stub.words)
        return words + 48 * self._sizes.scale

    def _stub(self, stub: _Stub, x: float, row: float) -> float:
        scale = self._sizes.scale
        length = 14 * scale
        self._line(x, x + length, row)
        if stub.inward:
            self._head(QPointF(x, row), -1.0, 0.0)
        x = self._text(x + length + 4 * scale, row, stub.name) + 4 * scale
        self._line(x, x + length, row)
        if not stub.inward:
            self._head(QPointF(x + length, row), 1.0, 0.0)
        return self._text(x + length + 4 * scale, row, stub.words)

    # Strokes

    def _line(self, x0: float, x1: float, row: float) -> None:
        path = QPainterPath(QPointF(x0, row))
        path.lineTo(x1, row)
        self._stroke(path)

    def _head(self, tip: QPointF, x: float, y: float) -> None:
        """Draw the head of an arrow that points along (x, y), one of them 0."""
        size = 3.5 * self._sizes.scale
        back = tip - QPointF(x, y) * size
        across = QPointF(y, x) * size
        path = QPainterPath(back + across)
        path.lineTo(tip)
        path.lineTo(back - across)
        self._stroke(path)

    def _stroke(self, path: QPainterPath) -> None:
        # A halo in the colour of the page keeps the line apart from the dashes it crosses.
        halo = QPen(self._theme.page, self._pen.widthF() + 2)
        halo.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(halo)
        self._painter.drawPath(path)
        self._painter.setPen(self._pen)
        self._painter.drawPath(path)

    def _text(self, x: float, row: float, text: str) -> float:
        """Write *text* in the row; return where it ends."""
        width = self._metrics.horizontalAdvance(text)
        height = self._sizes.chip_height - 1
        ground = QRectF(x - 2, row - height / 2 + 1, width + 4, height)
        self._painter.fillRect(ground, self._theme.page)
        self._painter.setFont(self._sizes.small_font)
        self._painter.setPen(self._theme.ink)
        baseline = row + (self._metrics.ascent() - self._metrics.descent()) / 2
        self._painter.drawText(QPointF(x, baseline), text)
        return float(x + width)


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


def _free(rects: list[QRectF], left: float, right: float) -> list[tuple[float, float]]:
    """Return the stretches between *left* and *right* that no rectangle covers."""
    found: list[tuple[float, float]] = []
    at = left
    for rect in sorted(rects, key=lambda rect: rect.left()):
        if rect.right() <= at:
            continue
        if rect.left() > at:
            found.append((at, min(rect.left() - 4, right)))
        at = max(at, rect.right() + 4)
    if at < right:
        found.append((at, right))
    return [stretch for stretch in found if stretch[1] > stretch[0]]
