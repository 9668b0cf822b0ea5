"""Foreign text in one line, from the right where its script is written leftwards."""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter


def is_leftwards(text: str) -> bool:
    """Say whether the first letter of *text* is of a script that is written leftwards."""
    ways = (bidirectional(letter) for letter in text)
    return next((way != "L" for way in ways if way in ("L", "R", "AL")), False)


def paint_line(painter: QPainter, place: QRect, text: str) -> None:
    """Draw *text* at its own beginning of *place*, shortened to the room there is."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    leftwards = is_leftwards(text)
    painter.save()
    # The direction decides at which end the dots stand.
    painter.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if leftwards else Qt.LayoutDirection.LeftToRight
    )
    side = Qt.AlignmentFlag.AlignRight if leftwards else Qt.AlignmentFlag.AlignLeft
    flags = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | side
    painter.drawText(place, flags, shown)
    painter.restore()
