"""The parts of spans on the lines of one paragraph: bars, gaps, captions, and their lanes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from PySide6.QtGui import QTextBlock, QTextLayout, QTextLine

from annotator.annotated import Annotated
from annotator.gui.article.article_content import ArticleContent, Rank
from annotator.gui.article.article_look import Sizes, ZoneStyle
from annotator.gui.article.lanes import NO_LANE, Lanes
from annotator.model import Span, reading_order

if TYPE_CHECKING:
    from annotator.gui.article.text_layout import ArticleLayout

_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc]"
)
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_ASTRAL_RIGHT_TO_LEFT: Final = re.compile("[\U00010800-\U00010fff\U0001e800-\U0001efff]")


class Bar(NamedTuple):
    """A straight part of a span under a line; x from the left edge of the column."""

    left: float
    right: float
    left_tick: bool
    """Whether the fragment truly begins or ends here."""
    right_tick: bool


@dataclass(slots=True, eq=False)
class Piece:
    """What one span has on one visual line."""

    span: Span
    rank: Rank
    bars: tuple[Bar, ...]
    gaps: tuple[tuple[float, float], ...]
    """Connectors between fragments, dashed."""
    caption: str
    chip: bool
    """Whether the caption stands on a chip: the span begins on this line."""
    caption_left: float
    caption_width: float
    lane: int = 0
    left: float = field(init=False)
    """Leftmost end of bars and gaps."""
    right: float = field(init=False)
    """Rightmost end of bars and gaps."""
    outer_left: float = field(init=False)
    """Left end with the caption."""
    outer_right: float = field(init=False)
    """Right end with the caption."""

    def __post_init__(self) -> None:
        self.left, self.right = self.bars[0][:2]
        for part in (*self.bars[1:], *self.gaps):
            self.left, self.right = min(self.left, part[0]), max(self.right, part[1])
        self.outer_left = min(self.left, self.caption_left)
        self.outer_right = max(self.right, self.caption_left + self.caption_width)

    @property
    def width(self) -> float:
        """From the leftmost to the rightmost end."""
        return self.right - self.left


@dataclass(slots=True, eq=False)
class LaidLine:
    """One visual line of a paragraph; positions in UTF-16 units, y from the paragraph's top."""

    number: int
    start: int
    end: int
    text_height: float
    y: float = 0.0
    above: float = 0.0
    height: float = 0.0
    pieces: list[Piece] = field(default_factory=list)
    hidden: int = 0
    """Pieces that found no lane."""
    lane_tops: tuple[int, ...] = ()
    """Where the bars of the lanes are, from the first place for one."""
    lanes_height: int = 0
    """Pixels that all lanes take."""

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return len(self.lane_tops)

    def lane_height(self, lane: int) -> int:
        """Return the pixels from one bar to where the next one would be."""
        tops = (*self.lane_tops, self.lanes_height)
        return tops[lane + 1] - tops[lane]

    @property
    def text_top(self) -> float:
        """Top of the text, from the paragraph's top."""
        return self.y + self.above

    @property
    def text_bottom(self) -> float:
        """Bottom of the text, from the paragraph's top."""
        return self.y + self.above + self.text_height


@dataclass(slots=True, eq=False)
class LaidBlock:
    """The lines of one paragraph; ``start`` and ``end`` are stored positions, code points."""

    number: int
    start: int
    end: int
    text: str
    """As displayed, indexed by UTF-16 units (see :func:`in_units`)."""
    style: ZoneStyle
    right_to_left: bool
    blank: bool
    goes_on: bool
    """Whether it continues a paragraph that is only displayed in parts."""
    lines: tuple[LaidLine, ...]
    height: float = 0.0
    room_above: float = 0.0
    room_below: float = 0.0

    def line_at(self, relative: int) -> LaidLine:
        """Return the line that holds a position within the paragraph."""
        at = bisect_right(self.lines, relative, key=lambda line: line.start) - 1
        return self.lines[max(0, at)]

    def lines_in(self, start: int, end: int) -> Iterator[LaidLine]:
        """Yield the lines that have, or touch, a position from *start* to *end*."""
        for line in self.lines[bisect_left(self.lines, start, key=lambda line: line.end) :]:
            if line.start > end:
                return
            yield line

    def line_at_y(self, y: float) -> LaidLine:
        """Return the line at a height within the paragraph, the nearest outside."""
        at = bisect_right(self.lines, y, key=lambda line: line.y) - 1
        return self.lines[max(0, at)]


def lay_lanes(
    layout: ArticleLayout, block: QTextBlock, laid: LaidBlock, lines: Sequence[LaidLine]
) -> None:
    """Find the pieces of the spans on *lines* of *laid*, and pack them into lanes."""
    for line in lines:
        line.pieces, line.hidden, line.lane_tops, line.lanes_height = [], 0, (), 0
    content = layout.content
    spans = _spans_on(content, block, laid, lines)
    if not spans:
        return
    rank_of = content.rank_of
    spans.sort(key=lambda s: (rank_of(s).order, s.end - s.start, reading_order(s)))
    maker = _PieceMaker(layout, block, laid, {line.number for line in lines})
    for span in spans:
        maker.add(span)
    for line in lines:
        _pack(line, layout.sizes)


def _spans_on(
    content: ArticleContent, block: QTextBlock, laid: LaidBlock, lines: Sequence[LaidLine]
) -> list[Span]:
    """Return the spans that reach into *lines*; a few others do no harm."""
    if len(lines) == len(laid.lines):
        return content.index.between(laid.start, max(laid.end, laid.start + 1))
    found: dict[str, Span] = {}
    to_stored = content.map.to_stored
    for line in lines:
        start = to_stored(block.position() + line.start)
        end = to_stored(block.position() + line.end)
        for span in content.index.between(start, max(end, start + 1)):
            found[span.id] = span
    return list(found.values())


def _pack(line: LaidLine, sizes: Sizes) -> None:
    lanes = Lanes()
    order = 0
    compact = sizes.look.compact
    heights: list[int] = []
    for piece in line.pieces:
        if piece.rank.order != order:
            lanes.close()
            order = piece.rank.order
        left, right = piece.left, piece.right
        if not compact and not piece.rank.folded:
            left, right = piece.outer_left, piece.outer_right
        piece.lane = lanes.place(left, right)
        if piece.lane != NO_LANE:
            heights += [sizes.folded_lane] * (lanes.count - len(heights))
            if not piece.rank.folded:
                heights[piece.lane] = sizes.lane
    line.pieces = [piece for piece in line.pieces if piece.lane != NO_LANE]
    line.hidden = lanes.overfull
    if heights:
        *tops, bottom = accumulate(heights, initial=sizes.lane_gap)
        line.lane_tops, line.lanes_height = tuple(tops), bottom


class _PieceMaker:
    """Cuts spans into pieces along the lines of one paragraph; puts those on *wanted* lines."""

    def __init__(
        self, layout: ArticleLayout, block: QTextBlock, laid: LaidBlock, wanted: Set[int]
    ) -> None:
        self._layout = layout
        self._wanted = wanted
        self._content: ArticleContent = layout.content
        self._laid = laid
        self._block_start = block.position()
        text_layout = block.layout()
        self._text_lines = [text_layout.lineAt(line.number) for line in laid.lines]
        self._starts = [line.start for line in laid.lines]
        self._bidi = laid.right_to_left or may_be_bidi(laid.text)

    def add(self, span: Span) -> None:
        """Add the pieces of *span* to the lines that it touches."""
        bars: dict[int, list[Bar]] = {}
        gaps: dict[int, list[tuple[float, float]]] = {}
        last = len(span.fragments) - 1
        for index, (start, end) in enumerate(span.fragments):
            if end <= self._laid.start or start > self._laid.end:
                continue
            first_line, last_line = self._fragment(start, end, bars)
            if first_line is None or last_line is None:
                continue
            if index and bars[first_line]:
                self._gap_before(span.fragments[index - 1].end, first_line, bars, gaps)
            if index < last and span.fragments[index + 1].start > self._end_of(last_line):
                right = self._text_lines[last_line].naturalTextWidth()
                edge = max(bar.right for bar in bars[last_line])
                if right > edge + 1 and not self._bidi:
                    gaps.setdefault(last_line, []).append((edge, right))
        for number, parts in bars.items():
            if number in self._wanted:
                self._piece(span, number, parts, gaps.get(number, []))

    def _fragment(
        self, start: int, end: int, bars: dict[int, list[Bar]]
    ) -> tuple[int | None, int | None]:
        """Add the bars of one fragment; return its first and last line in this paragraph."""
        laid, to_shown = self._laid, self._content.map.to_shown
        begins, ends = start >= laid.start, end <= laid.end
        a = to_shown(max(start, laid.start)) - self._block_start
        b = to_shown(min(end, laid.end), end=True) - self._block_start
        first: int | None = None
        final: int | None = None
        for line in laid.lines[max(0, bisect_right(self._starts, a) - 1) :]:
            if line.start >= b:
                break
            left, right = max(a, line.start), min(b, line.end)
            right = _without_blanks(laid.text, left, right)
            if right <= left:
                continue
            opens = begins and left == a
            closes = ends and b <= line.end
            bars.setdefault(line.number, []).extend(self._bars(line, left, right, opens, closes))
            first = line.number if first is None else first
            final = line.number
        return first, final

    def _bars(self, line: LaidLine, left: int, right: int, opens: bool, closes: bool) -> list[Bar]:
        text_line = self._text_lines[line.number]
        stretches = x_stretches(text_line, left, right, self._bidi)
        if len(stretches) == 1 and not self._bidi:
            return [Bar(*stretches[0], opens, closes)]
        if _runs_right_to_left(text_line, left, right):
            opens, closes = closes, opens
        final = len(stretches) - 1
        return [
            Bar(x0, x1, opens and index == 0, closes and index == final)
            for index, (x0, x1) in enumerate(stretches)
        ]

    def _gap_before(
        self,
        previous_end: int,
        number: int,
        bars: dict[int, list[Bar]],
        gaps: dict[int, list[tuple[float, float]]],
    ) -> None:
        own_left = bars[number][-1].left
        earlier = [bar.right for bar in bars[number] if bar.right <= own_left]
        line_start = self._content.map.to_stored(self._block_start + self._laid.lines[number].start)
        if earlier:
            gaps.setdefault(number, []).append((max(earlier), own_left))
        elif previous_end <= line_start and own_left > 1 and not self._bidi:
            gaps.setdefault(number, []).append((0.0, own_left))

    def _piece(
        self, span: Span, number: int, bars: list[Bar], gaps: list[tuple[float, float]]
    ) -> None:
        layout, laid = self._layout, self._laid
        line, sizes = laid.lines[number], layout.sizes
        rank = self._content.rank_of(span)
        first = self._content.map.to_shown(span.start) - self._block_start
        chip = line.start <= first < max(line.end, line.start + 1)
        caption = caption_of(self._content.annotated, span, rank, chip)
        width = sizes.chip_text_width(caption) + (2 * sizes.chip_pad if chip else 0)
        left = min(bar.left for bar in bars)
        if laid.right_to_left:
            left = max(bar.right for bar in bars) - width
        left = max(0.0, min(left, layout.column_width - width))
        line.pieces.append(Piece(span, rank, tuple(bars), tuple(gaps), caption, chip, left, width))

    def _end_of(self, number: int) -> int:
        return self._content.map.to_stored(self._block_start + self._laid.lines[number].end) - 1


def caption_of(annotated: Annotated, span: Span, rank: Rank, chip: bool) -> str:
    """Return what stands on the chip of *span*, or under a line in which it goes on."""
    name = f"{rank.initial} {span.label}" if rank.initial else span.label
    if not chip:
        return f"... {name}"
    count = relation_count(annotated, span.id)
    return f"{name}  {count}" if count > 1 else name


def relation_count(annotated: Annotated, span_id: str) -> int:
    """Return how many relations of one label end at a span, or begin there; the larger."""
    ties = annotated.ties(span_id)
    if len(ties) < 2:
        return len(ties)
    ends = Counter((tie.label, tie.source == span_id) for tie in ties)
    return max(ends.values())


def x_of(line: QTextLine, position: int) -> float:
    """Return the x of a position of the paragraph on one of its lines."""
    # Qt hands back the position too, in case it had to be moved into the line.
    x, _ = cast("tuple[float, int]", line.cursorToX(position))
    return x


def position_at(layout: QTextLayout, laid: LaidBlock, line: LaidLine, x: float) -> int:
    """Return the position on a line that is nearest to *x*, within its paragraph."""
    text_line = layout.lineAt(line.number)
    # Qt's xToCursor is off by some letters where blanks or letters without width are on the line;
    # its cursorToX is right. So its answer is only where the search begins.
    # The end of a wrapped line is the start of the next one.
    last = line.end if line is laid.lines[-1] else line.end - 1

    def distance(position: int) -> float:
        return abs(x_of(text_line, position) - x)

    def elsewhere(position: int, following: Callable[[int], int]) -> int:
        """Return the next position that is drawn at another place: blanks hang at a line's end."""
        here = position
        while line.start <= here <= last and distance(here) == distance(position):
            before, here = here, following(here)
            if here == before:
                break
        return here

    found = min(max(int(text_line.xToCursor(x)), line.start), max(last, line.start))
    while True:
        ways = (layout.previousCursorPosition, layout.nextCursorPosition)
        neighbours = [elsewhere(found, way) for way in ways]
        near = [n for n in neighbours if line.start <= n <= last]
        nearest = min((found, *near), key=distance)
        if distance(nearest) >= distance(found):
            return found
        found = nearest


def x_stretches(line: QTextLine, left: int, right: int, bidi: bool) -> list[tuple[float, float]]:
    """Return where the positions from *left* to *right* are on a line, from left to right.

    With right-to-left text in it a stretch of text can lie in several places.
    """
    if not bidi:
        x0, x1 = x_of(line, left), x_of(line, right)
        return [(round(x0), max(round(x1), round(x0) + 2))]
    rects = [run.boundingRect() for run in line.glyphRuns(left, right - left)]
    found: list[tuple[float, float]] = []
    for x0, x1 in sorted((rect.left(), rect.right()) for rect in rects if rect.width() > 0):
        if found and x0 <= found[-1][1] + 1.5:
            found[-1] = (found[-1][0], max(found[-1][1], x1))
        else:
            found.append((x0, x1))
    if not found:
        x0, x1 = sorted((x_of(line, left), x_of(line, right)))
        found = [(x0, x1)]
    return [(round(x0), max(round(x1), round(x0) + 2)) for x0, x1 in found]


def may_be_bidi(text: str) -> bool:
    """Say whether *text* may hold right-to-left characters (Hebrew, Arabic and beyond)."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def in_units(text: str) -> str:
    """Return *text* with two placeholders for each character beyond the BMP.

    Its indices are then UTF-16 units. Blanks and the direction of writing stay visible.
    """
    if text.isascii():
        return text
    return _ASTRAL.sub(
        lambda m: "\u05d0\u05d0" if _ASTRAL_RIGHT_TO_LEFT.match(m[0]) else "\ue000\ue000", text
    )


def _runs_right_to_left(line: QTextLine, left: int, right: int) -> bool:
    return x_of(line, left) > x_of(line, right)


def _without_blanks(text: str, left: int, right: int) -> int:
    while right > left and text[right - 1 : right].isspace():
        right -= 1
    return right
