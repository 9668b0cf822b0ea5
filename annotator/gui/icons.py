"""One family of icons: 16 px box, 1.5 px stroke, tinted before they are drawn.

QSvg draws ``currentColor`` black, so the colour is put into the text of the drawing first.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap

from annotator import resources

BOX = 16
"""Side of the box in which every icon is drawn, in units of the drawing."""
FAINT = 0.4
"""Opacity of the icon of something that cannot be used now."""


def icon(name: str, colour: QColor, size: int = BOX) -> QIcon:
    """Return the icon *name* in *colour*, *size* logical pixels wide."""
    result = QIcon(pixmap(name, colour, size))
    result.addPixmap(_faint(name, colour.rgba(), size, _ratio()), QIcon.Mode.Disabled)
    return result


@lru_cache(maxsize=512)
def _faint(name: str, rgba: int, size: int, ratio: float) -> QPixmap:
    """Return an icon more transparent: far quicker than rendering the drawing once more."""
    drawn = _pixmap(name, rgba, size, ratio)
    picture = QPixmap(drawn.size())
    picture.setDevicePixelRatio(drawn.devicePixelRatio())
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        painter.setOpacity(FAINT)
        painter.drawPixmap(0, 0, drawn)
    finally:
        painter.end()
    return picture


def pixmap(name: str, colour: QColor, size: int = BOX) -> QPixmap:
    """Return the icon *name* as a picture, sharp on the densest screen there is."""
    return _pixmap(name, colour.rgba(), size, _ratio())


def _ratio() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


@lru_cache(maxsize=512)
def _pixmap(name: str, rgba: int, size: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    colour = QColor.fromRgba(rgba)
    drawing = _drawing(name).replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        painter.setOpacity(colour.alphaF())
        renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    finally:
        painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def _drawing(name: str) -> str:
    return resources.text(f"icons/{name}.svg")
