"""The pen that relations are drawn with: lines, heads of arrows, and words in the chip row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

if TYPE_CHECKING:
    from annotator.gui.article.article_painter import ArticlePainter


class RelationPen:
    """Draws on the page of one article, as large as its text is."""

    def __init__(self, artist: ArticlePainter, painter: QPainter) -> None:
        self._painter, self._theme, self._sizes = painter, artist.theme, artist.sizes
        self.scale = artist.sizes.scale
        self._metrics = QFontMetricsF(artist.sizes.small_font)
        self._pen = QPen(artist.theme.ink, 1.2 * self.scale)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)

    def width(self, text: str) -> float:
        """Return how wide *text* is."""
        return self._metrics.horizontalAdvance(text)

    def line(self, x0: float, x1: float, row: float) -> None:
        """Draw a level line."""
        path = QPainterPath(QPointF(x0, row))
        path.lineTo(x1, row)
        self.stroke(path)

    def head(self, tip: QPointF, x: float, y: float) -> None:
        """Draw the head of an arrow that points along (x, y), one of them 0."""
        size = 3.5 * self.scale
        back = tip - QPointF(x, y) * size
        across = QPointF(y, x) * size
        path = QPainterPath(back + across)
        path.lineTo(tip)
        path.lineTo(back - across)
        self.stroke(path)

    def stroke(self, path: QPainterPath) -> None:
        """Draw *path* with a halo of the page, which keeps it apart from the dashes it crosses."""
        halo = QPen(self._theme.page, self._pen.widthF() + 2)
        halo.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(halo)
        self._painter.drawPath(path)
        self._painter.setPen(self._pen)
        self._painter.drawPath(path)

    def text(self, x: float, row: float, text: str) -> float:
        """Write *text* in the row; return where it ends."""
        width = self.width(text)
        height = self._sizes.chip_height - 1
        air = 4 * self.scale
        ground = QRectF(x - air, row - height / 2 + 1, width + 2 * air, height)
        self._painter.fillRect(ground, self._theme.page)
        self._painter.setFont(self._sizes.small_font)
        self._painter.setPen(self._theme.ink)
        baseline = row + (self._metrics.ascent() - self._metrics.descent()) / 2
        self._painter.drawText(QPointF(x, baseline), text)
        return float(x + width)
