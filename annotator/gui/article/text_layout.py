"""Lays out an article: only the paragraphs that are looked at, with lanes of labels under lines.

A document layout of our own for a read-only ``QTextEdit``. Qt keeps document, caret and
selection; here are line breaks, lanes, heights and hit-testing. Heights of paragraphs that nobody
has looked at are estimated. No widgets here: printing uses the same layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QPainter,
    QPainterPath,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
    QTextFrame,
    QTextLayout,
    QTextOption,
)

from annotator.gui.article.article_content import ArticleContent
from annotator.gui.article.article_look import Sizes, ZoneStyle
from annotator.gui.article.heights import Heights
from annotator.gui.article.line_parts import (
    LaidBlock,
    LaidLine,
    Piece,
    in_units,
    lay_lanes,
    position_at,
    x_of,
)

MOST_LAID_OUT: Final = 400
"""Paragraphs whose lines are kept; the farthest from sight are forgotten first."""

Point = QPointF | QPoint | QPainterPath.Element
Paint = Callable[[QPainter, "ArticleLayout", QRectF], None]


class ArticleLayout(QAbstractTextDocumentLayout):
    """Lines, lanes and places of one article in a column of a given width.

    ``paint`` draws a stretch of it; the layout itself does not know how. Displayed positions are
    UTF-16 units of the document; see :class:`~annotator.gui.article.display_map.DisplayMap`.
    """

    def __init__(
        self, document: QTextDocument, content: ArticleContent, sizes: Sizes, paint: Paint
    ) -> None:
        super().__init__(document)
        self.content = content
        self.sizes = sizes
        self.paint = paint
        self.header = self.header_height()
        self.blocks: dict[int, LaidBlock] = {}
        self.column_left, self.column_width = self._margins(document.pageSize().width())
        self._width = document.pageSize().width()
        self._quiet = False
        self.heights = Heights(self._estimates())

    # What is where

    def header_height(self) -> int:
        """Return the room above the first line, for the line with source and date."""
        return self.sizes.head

    @property
    def full_height(self) -> float:
        """Height of the whole article with the room above and below, in pixels."""
        return ceil(self.header + self.heights.total + self.sizes.foot)

    def top(self, number: int) -> float:
        """Return the y at which the paragraph *number* begins."""
        return self.header + self.heights.top(number)

    def block_at(self, y: float) -> int:
        """Return the number of the paragraph at *y*, the nearest one outside."""
        return self.heights.find(y - self.header)

    def laid(self, block: QTextBlock) -> LaidBlock:
        """Return the lines of *block*, laid out now if they are not yet."""
        number = block.blockNumber()
        found = self.blocks.get(number)
        if found is None:
            found = self.blocks[number] = self._lay_out(block)
            self.heights[number] = found.height
        return found

    def in_sight(self, top: float, bottom: float) -> Iterator[tuple[QTextBlock, LaidBlock, float]]:
        """Yield the paragraphs between two heights with their lines and their tops."""
        number = self.block_at(top)
        block = self.document().findBlockByNumber(number)
        y = self.top(number)
        while block.isValid() and y < bottom:
            laid = self.laid(block)
            self._put(block, y)
            yield block, laid, y
            y += laid.height
            block = block.next()

    def settle(self, top: float, bottom: float) -> bool:
        """Lay out everything between two heights; say whether any height was guessed wrongly."""
        before = self.heights.total
        for _ in self.in_sight(top, bottom):
            pass
        return abs(self.heights.total - before) > 0.5

    def line_at(self, shown: int) -> tuple[QTextBlock, LaidBlock, LaidLine]:
        """Return the line that holds a displayed position, with its paragraph."""
        block = self.document().findBlock(shown)
        if not block.isValid():
            block = self.document().lastBlock()
        laid = self.laid(block)
        return block, laid, laid.line_at(shown - block.position())

    def place(self, shown: int) -> QRectF:
        """Return the upright stroke at a displayed position: x, top, no width, height of text."""
        block, _, line = self.line_at(shown)
        y = self.top(block.blockNumber())
        relative = min(max(shown - block.position(), line.start), line.end)
        x = self.x_at(block, line, relative)
        return QRectF(self.column_left + x, y + line.y + line.above, 0, line.text_height)

    def x_at(self, block: QTextBlock, line: LaidLine, relative: int) -> float:
        """Return the x of a position in *block*, from the left edge of the column."""
        return x_of(block.layout().lineAt(line.number), relative)

    def stretches(self, start: int, end: int) -> Iterator[tuple[LaidBlock, LaidLine, float]]:
        """Yield the lines between two displayed positions, with the tops of their paragraphs."""
        block = self.document().findBlock(start)
        while block.isValid() and block.position() <= end:
            laid = self.laid(block)
            top = self.top(block.blockNumber())
            for line in laid.lines:
                if block.position() + line.start <= end and start <= block.position() + line.end:
                    yield laid, line, top
            block = block.next()

    def lane_y(self, line: LaidLine, lane: int) -> float:
        """Return the y of the bar in a lane of *line*, from the top of the paragraph."""
        return line.text_bottom + self.sizes.below + line.lane_tops[lane]

    def piece_at(self, point: QPointF) -> Piece | None:
        """Return the piece whose bar or caption is at *point*, in coordinates of the article."""
        block = self.document().findBlockByNumber(self.block_at(point.y()))
        laid = self.laid(block)
        y = point.y() - self.top(laid.number)
        line = laid.line_at_y(y)
        x = point.x() - self.column_left
        for piece in line.pieces:
            top = self.lane_y(line, piece.lane) - self.sizes.tick
            left = min(piece.left, piece.caption_left) - 2
            right = max(piece.right, piece.caption_left + piece.caption_width) + 2
            if top <= y < top + line.lane_height(piece.lane) and left <= x <= right:
                return piece
        return None

    # Changes

    def set_sizes(self, sizes: Sizes) -> None:
        """Set everything anew with other sizes or colours."""
        self.sizes = sizes
        self.header = self.header_height()
        self._start_again(self._width)

    def forget(self, spans: Iterable[tuple[int, int]]) -> set[int]:
        """Pack the lanes anew of the lines that lie in stretches of code points.

        Returns the numbers of the paragraphs whose height changed.
        """
        changed: set[int] = set()
        for number, lines in self._lines_in(spans).items():
            laid = self.blocks[number]
            block = self.document().findBlockByNumber(number)
            self._pack(block, laid, [laid.lines[at] for at in sorted(lines)])
            if laid.height != self.heights[number]:
                self.heights[number] = laid.height
                changed.add(number)
        return changed

    def _lines_in(self, spans: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
        """Return the numbers of the lines in stretches of code points, by their paragraphs.

        Only paragraphs that are laid out are of interest.
        """
        found: dict[int, set[int]] = {}
        for start, end in spans:
            first = self.content.map.to_shown(start)
            last = self.content.map.to_shown(end, end=True)
            block = self.document().findBlock(first)
            while block.isValid() and block.position() <= last:
                laid, at = self.blocks.get(block.blockNumber()), block.position()
                if laid is not None:
                    lines = found.setdefault(laid.number, set())
                    lines.update(one.number for one in laid.lines_in(first - at, last - at))
                block = block.next()
        return found

    def thin_out(self, top: float, bottom: float) -> None:
        """Forget the lines of paragraphs far from what is between two heights."""
        if len(self.blocks) <= MOST_LAID_OUT:
            return
        first, last = self.block_at(top), self.block_at(bottom)
        keep = MOST_LAID_OUT // 2
        far = sorted(self.blocks, key=lambda n: max(first - n, n - last, 0))[keep:]
        for number in far:
            del self.blocks[number]
            self.document().findBlockByNumber(number).clearLayout()

    # What Qt asks

    def documentChanged(self, _from: int, _removed: int, _added: int) -> None:
        """Take over another width; the text itself never changes."""
        if self._quiet or not hasattr(self, "_width"):
            return
        width = self.document().pageSize().width()
        if width != self._width and width > 0:
            self._start_again(width)

    def draw(self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext) -> None:
        """Draw what lies in the clip of *context*, or everything where it has none."""
        clip = QRectF(context.clip)
        if not clip.isValid():
            clip = QRectF(QPointF(0, 0), self.documentSize())
        self.paint(painter, self, clip)

    def hitTest(self, point: Point, accuracy: Qt.HitTestAccuracy) -> int:
        """Return the displayed position nearest to *point*; -1 beside the text if exact."""
        assert isinstance(point, QPointF)
        number = self.block_at(point.y())
        block = self.document().findBlockByNumber(number)
        laid = self.laid(block)
        self._put(block, self.top(number))
        y = point.y() - self.top(number)
        line = laid.line_at_y(y)
        x = point.x() - self.column_left
        text_line = block.layout().lineAt(line.number)
        if accuracy == Qt.HitTestAccuracy.ExactHit:
            inside = line.y + line.above <= y <= line.y + line.above + line.text_height
            if not inside or not 0 <= x - text_line.x() <= text_line.naturalTextWidth():
                return -1
        return block.position() + position_at(block.layout(), laid, line, x)

    def pageCount(self) -> int:
        """Return 1: pages are made by printing, not here."""
        return 1

    def documentSize(self) -> QSizeF:
        """Return the size of the whole article, in pixels."""
        return QSizeF(max(self._width, 1.0), self.full_height)

    def frameBoundingRect(self, _frame: QTextFrame) -> QRectF:
        """Return where everything is: there is one frame."""
        return QRectF(QPointF(0, 0), self.documentSize())

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """Return where *block* is; its lines are laid out on the way."""
        if not block.isValid():
            return QRectF()
        laid = self.laid(block)
        top = self.top(block.blockNumber())
        self._put(block, top)
        return QRectF(self.column_left, top, self.column_width, laid.height)

    # How it is done

    def _put(self, block: QTextBlock, top: float) -> None:
        """Tell Qt where the block is: screen readers and the caret take it from there."""
        block.layout().setPosition(QPointF(self.column_left, top))

    def _margins(self, width: float) -> tuple[float, float]:
        """Return left edge and width of the column; numbers stand where lines begin."""
        left, column = self.sizes.margins(width)
        return (width - left - column if self.content.right_to_left else left), column

    def _start_again(self, width: float) -> None:
        self._width = width
        self.column_left, self.column_width = self._margins(width)
        self.blocks.clear()
        self.heights = Heights(self._estimates())

    def _estimates(self) -> list[float]:
        sizes = self.sizes
        line = sizes.above + sizes.body.height + sizes.below
        letters = max(8.0, self.column_width / (sizes.look.text_px * 0.5))
        spans, length = len(self.content.annotated.spans), len(self.content.map.shown)
        line += sizes.lane * min(4.0, 1.5 * spans * letters / max(length, 1000))
        share, rest, blank = 1 / letters, line + sizes.paragraph_gap, float(sizes.blank)
        lengths = self.content.map.lengths
        return [int(n * share) * line + rest if n else blank for n in lengths]

    def _lay_out(self, block: QTextBlock) -> LaidBlock:
        content, start = self.content, block.position()
        text = in_units(block.text())
        stored = content.map.to_stored(start)
        blank = not text or text.isspace()
        style = self.sizes.style(content.zone_at(stored)) if not blank else self.sizes.body
        layout = block.layout()
        self._set_format(layout, style, block.length())
        right_to_left = block.textDirection() == Qt.LayoutDirection.RightToLeft
        option = QTextOption(
            Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
        )
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(block.textDirection())
        option.setTabStopDistance(4 * self.sizes.look.text_px)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        lines: list[LaidLine] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.column_width)
            natural = line.height()
            height = style.height if natural <= style.height + 1.5 else ceil(natural)
            begin = line.textStart()
            lines.append(LaidLine(len(lines), begin, begin + line.textLength(), height))
        layout.endLayout()
        end = content.map.to_stored(start + block.length() - 1)
        cut_before = content.map.is_cut(stored) and stored > 0
        cut_after = content.map.is_cut(end)
        laid = LaidBlock(
            number=block.blockNumber(),
            start=stored,
            end=end,
            text=text,
            style=style,
            right_to_left=right_to_left,
            blank=blank,
            goes_on=cut_before,
            lines=tuple(lines),
        )
        laid.room_above = 0.0 if cut_before or blank else style.before
        laid.room_below = 0.0 if cut_after else self.sizes.paragraph_gap + style.after
        self._pack(block, laid, laid.lines)
        return laid

    def _set_format(self, layout: QTextLayout, style: ZoneStyle, length: int) -> None:
        if style.plain and not layout.formats():
            return
        formats = []
        if not style.plain:
            piece = QTextLayout.FormatRange()
            piece.start, piece.length = 0, length
            piece.format = QTextCharFormat()
            piece.format.setFont(style.font)
            formats.append(piece)
        # Qt takes this for a change of the document and would ask us to lay it out again.
        self._quiet = True
        try:
            layout.setFormats(formats)
        finally:
            self._quiet = False

    def _pack(self, block: QTextBlock, laid: LaidBlock, lines: Sequence[LaidLine]) -> None:
        """Pack the lanes of *lines* of a block, and stack it from the first of them on."""
        sizes = self.sizes
        lay_lanes(self, block, laid, lines)
        first = lines[0].number if lines else 0
        y = laid.lines[first].y if first else laid.room_above
        layout = block.layout()
        for line in laid.lines[first:]:
            line.y = y
            line.above = 0.0 if laid.blank and not line.pieces else float(sizes.above)
            text_line = layout.lineAt(line.number)
            text_line.setPosition(QPointF(0.0, y + line.above))
            if laid.blank and not line.pieces:
                line.text_height = line.height = float(sizes.blank)
            else:
                below = sizes.below + line.lanes_height
                line.height = line.above + line.text_height + below
            y += line.height
        laid.height = y + (0.0 if laid.blank else laid.room_below)
