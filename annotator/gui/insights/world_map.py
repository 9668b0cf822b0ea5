"""A map of the world with a circle for every place, drawn from outlines that ship with us.

Plate carrée with the standard parallel at 40°: a degree east is as wide as it is there. From 79° N
to 58° S, where people live. Land of Natural Earth (see ``resources/geo``).
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians, sqrt
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator import resources
from annotator.gui.insights.content import Mentioned, MentionsOf
from annotator.gui.parts import Themed, plain, px, type_font
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.theme import Theme

NORTH: Final = 79.0
SOUTH: Final = -58.0
WEST: Final = -180.0
EAST: Final = 180.0
_NARROW: Final = cos(radians(40.0))
LARGEST: Final = 11.0
"""Radius of the largest circle in pixels at 100 %."""


@lru_cache(maxsize=1)
def land() -> QPainterPath:
    """Return the outlines of the land, x in degrees east and y in degrees south."""
    path = QPainterPath()
    for line in resources.text("geo/land-110m.txt").splitlines():
        for number_of, pair in enumerate(line.strip("MZ").split()):
            east, north = map(float, pair.split(","))
            if number_of:
                path.lineTo(east, -north)
            else:
                path.moveTo(east, -north)
        path.closeSubpath()
    return path


class WorldMap(Themed, QWidget):
    """Places on the map of the world; arrows go from one to the next, Enter opens its mentions."""

    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("chart.map")
        self.setAccessibleName(tr("Map of the places"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._places: list[Mentioned] = []
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_places(self, places: list[Mentioned]) -> None:
        """Show these places, the one named most first."""
        self._places = places
        self._current = 0
        self._say()
        self.update()

    @property
    def places(self) -> list[Mentioned]:
        """What is on the map."""
        return self._places

    def _say(self) -> None:
        if not self._places:
            self.setAccessibleDescription("")
            return
        here = self._places[self._current]
        self.setAccessibleDescription(
            tr_n(here.mentions, "{place}: {n} mention", "{place}: {n} mentions",
                 place=here.entity.name)
        )  # fmt: skip

    # -- size --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(540), _high(px(540)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.height() != _high(self.width()):
            self.setFixedHeight(_high(self.width()))

    def _scale(self) -> tuple[float, float, float, float]:
        """Return pixels a degree east and south, and where 180° W, 79° N is."""
        wide, high = (EAST - WEST) * _NARROW, NORTH - SOUTH
        unit = min(self.width() / wide, self.height() / high)
        return unit * _NARROW, unit, (self.width() - unit * wide) / 2, 0.0

    def point(self, latitude: float, longitude: float) -> QPointF:
        """Return the pixel of a place."""
        east, south, left, top = self._scale()
        return QPointF(left + (longitude - WEST) * east, top + (NORTH - latitude) * south)

    def spot(self, place: Mentioned) -> QPointF:
        """Return the pixel of the middle of a circle."""
        assert place.entity.latitude is not None
        assert place.entity.longitude is not None
        return self.point(place.entity.latitude, place.entity.longitude)

    def radius(self, place: Mentioned) -> float:
        """Return the radius of a circle: its area grows with the count."""
        most = max(one.mentions for one in self._places)
        return max(px(LARGEST) * sqrt(place.mentions / most), px(3))

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            self._paint_land(painter)
            circles = [(one, self.spot(one), self.radius(one)) for one in self._places]
            painter.setPen(QPen(theme.page, 1))
            colour = theme.accent
            for _, middle, radius in circles:
                painter.setBrush(colour)
                painter.setOpacity(0.75)
                painter.drawEllipse(middle, radius, radius)
            painter.setOpacity(1.0)
            if self.hasFocus() and circles:
                _, middle, radius = circles[self._current]
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.ink, 2))
                painter.drawEllipse(middle, radius + 3, radius + 3)
            self._paint_names(painter, circles)
        finally:
            painter.end()

    def _paint_land(self, painter: QPainter) -> None:
        east, south, left, top = self._scale()
        painter.save()
        area = QRectF(left, top, (EAST - WEST) * east, (NORTH - SOUTH) * south)
        painter.setClipRect(area)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.land)
        way = QTransform()
        way.translate(left - WEST * east, top + NORTH * south)
        way.scale(east, south)
        painter.drawPath(way.map(land()))
        painter.restore()

    def _paint_names(
        self, painter: QPainter, circles: list[tuple[Mentioned, QPointF, float]]
    ) -> None:
        """Write names where there is room: beside the circle, then above and below it."""
        font = type_font(12)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        taken = [QRectF(middle.x() - r, middle.y() - r, 2 * r, 2 * r) for _, middle, r in circles]
        order = sorted(range(len(circles)), key=lambda at: (at != self._current, at))
        for at in order if self.hasFocus() else range(len(circles)):
            place, middle, radius = circles[at]
            words = f"{place.entity.name} {number(place.mentions)}"
            wide, high = metrics.horizontalAdvance(words), metrics.height()
            ringed = self.hasFocus() and at == self._current
            for box in _around(middle, radius + px(4) * ringed, wide, high):
                inside = QRectF(self.rect()).contains(box)
                others = (one for number_of, one in enumerate(taken) if number_of != at)
                if inside and not any(box.intersects(one) for one in others):
                    self._paint_name(painter, box, words)
                    taken.append(box)
                    break

    def _paint_name(self, painter: QPainter, box: QRectF, words: str) -> None:
        outline = QPainterPath()
        outline.addText(
            QPointF(box.left(), box.top() + painter.fontMetrics().ascent()), painter.font(), words
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.page, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(outline)
        painter.setPen(self.theme.ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)

    # -- choosing ----------------------------------------------------------------------------

    def _at(self, where: QPointF) -> int | None:
        best: tuple[float, int] | None = None
        for at, one in enumerate(self._places):
            apart = self.spot(one) - where
            distance = sqrt(apart.x() ** 2 + apart.y() ** 2)
            if distance <= self.radius(one) + px(3) and (best is None or distance < best[0]):
                best = (distance, at)
        return None if best is None else best[1]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position())
        shape = Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)
        words = ""
        if at is not None:
            one = self._places[at]
            words = f"{one.entity.name} {number(one.mentions)}"
        self.setToolTip(plain(words) if words else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(at)
            self.opened.emit(MentionsOf(self._places[at].entity))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
        }
        by = steps.get(Qt.Key(event.key()))
        if not self._places:
            super().keyPressEvent(event)
        elif by is not None:
            self._choose((self._current + by) % len(self._places))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(MentionsOf(self._places[self._current].entity))
        else:
            super().keyPressEvent(event)

    def _choose(self, at: int) -> None:
        self._current = at
        self._say()
        self.update()


def _high(width: int) -> int:
    """Return the height of a map of a width, in pixels."""
    return round(width / ((EAST - WEST) * _NARROW / (NORTH - SOUTH)))


def _around(middle: QPointF, radius: float, wide: float, high: float) -> list[QRectF]:
    x, y, gap = middle.x(), middle.y(), radius + 4
    return [
        QRectF(x + gap, y - high / 2, wide, high),
        QRectF(x - gap - wide, y - high / 2, wide, high),
        QRectF(x - wide / 2, y - gap - high, wide, high),
        QRectF(x - wide / 2, y + gap, wide, high),
    ]
