"""The variants of one case below each other, with only the differing parts marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.agreement.cases import JOINT, Variant
from annotator.gui.parts import Themed, px, type_font
from annotator.gui.theme import Theme, mix
from annotator.model import Fragment
from annotator.spans import Utf16Map, intersection, subtract
from annotator.translation import tr

Stretch = tuple[int, int]


def differing(variant: Variant, others: Sequence[Variant]) -> list[Stretch]:
    """Return the stretches of the words of *variant* that are not in all of *others*.

    In code points of ``variant.words``. Those who have nothing at the place do not count.
    """
    shared: tuple[Fragment, ...] = variant.fragments
    for other in others:
        if other.fragments:
            shared = intersection(shared, other.fragments)
    found: list[Stretch] = []
    at = 0
    for piece in variant.fragments:
        own: tuple[Fragment, ...] = (piece,)
        for common in intersection(own, shared):
            own = subtract(own, common)
        for part in own:
            begin, end = at + part.start - piece.start, at + part.end - piece.start
            if begin < len(variant.words):
                found.append((begin, min(end, len(variant.words))))
        at += piece.end - piece.start + len(JOINT)
    return found


class Variants(Themed, QWidget):
    """Who says what at a place; not more than a few lines for each."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("view.variants")
        self.setAccessibleName(tr("Variants"))
        self._variants: tuple[Variant, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_variants(self, variants: tuple[Variant, ...]) -> None:
        """Show these variants."""
        self._variants = variants
        said = [f"{one.author}: {one.words or tr('nothing')}" for one in variants]
        self.setAccessibleDescription("; ".join(said))
        self.setVisible(bool(variants))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(sum(high for _, _, high in self._laid(width))) + px(8)

    def sizeHint(self) -> QSize:
        return QSize(px(300), self.heightForWidth(max(self.width(), px(300))))

    def _laid(self, width: int) -> list[tuple[Variant, QTextLayout, float]]:
        found = []
        for one in self._variants:
            layout = QTextLayout(one.words.replace("\n", " ") or tr("nothing"), type_font(14))
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WordWrap)
            layout.setTextOption(option)
            high = 0.0
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(width - px(_NAMES) - px(16), px(80)))
                line.setPosition(QPointF(0, high))
                high += line.height()
            layout.endLayout()
            found.append((one, layout, max(high, px(20)) + px(6)))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        try:
            y = float(px(4))
            for one, layout, high in self._laid(self.width()):
                painter.setFont(type_font(12))
                painter.setPen(theme.muted)
                name = painter.fontMetrics().elidedText(
                    one.author, Qt.TextElideMode.ElideRight, px(_NAMES) - px(8)
                )
                painter.drawText(QPointF(px(8), y + painter.fontMetrics().ascent()), name)
                painter.setPen(theme.ink if one.words else theme.muted)
                layout.draw(painter, QPointF(px(_NAMES), y), self._marks(one))
                y += high
        finally:
            painter.end()

    def _marks(self, variant: Variant) -> list[QTextLayout.FormatRange]:
        theme, others = self.theme, [one for one in self._variants if one is not variant]
        offsets = Utf16Map(variant.words)
        found = []
        for begin, end in differing(variant, others):
            mark = QTextLayout.FormatRange()
            mark.start = offsets.to_utf16(begin)
            mark.length = offsets.to_utf16(end) - mark.start
            mark.format = QTextCharFormat()
            mark.format.setBackground(mix(theme.accent, theme.page, 0.34 if theme.dark else 0.16))
            found.append(mark)
        return found


_NAMES = 96
"""Width of the names at 100 %."""
