"""The mouse cursor while a label is armed: the usual beam with the label's bracket beside it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QPainter, QPen, QPixmap

from annotator.gui.parts import paint_bracket

_SIZE = 32
_BEAM = 8
"""Where the beam stands, in logical pixels from the left."""


def armed_cursor(bracket: QColor, ink: QColor, ground: QColor) -> QCursor:
    """Return a text cursor in *ink*, seen on any ground, with a bracket in the label's colour."""
    application = QGuiApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    picture = QPixmap(round(_SIZE * ratio), round(_SIZE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        beam = (
            QLineF(_BEAM, 8, _BEAM, 24),
            QLineF(_BEAM - 3, 8, _BEAM + 3, 8),
            QLineF(_BEAM - 3, 24, _BEAM + 3, 24),
        )
        for colour, width in ((ground, 3.5), (ink, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawLines(list(beam))
        paint_bracket(painter, _BEAM + 6, 22, bracket)
    finally:
        painter.end()
    return QCursor(picture, _BEAM, _SIZE // 2)
