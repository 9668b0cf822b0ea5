"""Drawing some lines of a paragraph, and no others: for pages.

``QTextLayout.draw`` takes a clip, and draws the last line above it as well. On a screen nobody sees
that; in a PDF the words would stand on two pages, for whoever searches it or copies from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextLine


def draw_lines(
    painter: QPainter,
    layout: QTextLayout,
    numbers: Iterable[int],
    formats: Sequence[QTextLayout.FormatRange],
) -> None:
    """Draw the lines with these numbers, and in the ink of *formats* the words that these name."""
    for number in numbers:
        line = layout.lineAt(number)
        line.draw(painter, layout.position())
        for part in formats:
            place = _place(line, part.start, part.start + part.length)
            if place is None:
                continue
            painter.save()
            painter.setClipRect(place.translated(layout.position()), Qt.ClipOperation.IntersectClip)
            painter.setPen(part.format.foreground().color())
            line.draw(painter, layout.position())
            painter.restore()


def _place(line: QTextLine, start: int, end: int) -> QRectF | None:
    """Return where the text from *start* to *end* stands in a line; None where nothing of it."""
    low = max(start, line.textStart())
    high = min(end, line.textStart() + line.textLength())
    if low >= high:
        return None
    left, right = (cast("tuple[float, int]", line.cursorToX(at))[0] for at in (low, high))
    whole = line.rect()
    return QRectF(min(left, right), whole.top(), abs(right - left), whole.height())
