"""A sentence with the labels of the scheme in work, as they will look under an article."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.gui import fonts
from annotator.gui.parts import Themed, px, type_font
from annotator.gui.theme import Theme
from annotator.scheme import Label, Scheme
from annotator.translation import tr

SENTENCE = "“The quay is sinking,” said the mayor of Veldhaven."
STRETCHES = (
    ("claim", 1, 20),
    ("cue", 23, 27),
    ("speaker", 28, 50),
    ("place", 41, 50),
    ("name", 41, 50),
    ("", 5, 9),
    ("", 32, 37),
    ("", 13, 20),
)
"""Where labels can stand in the sentence: the kind of stretch, first letter and end."""
LANE = 19
"""Height of a lane at a text size of 100 %."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A label in the sentence."""

    label: Label
    start: int
    end: int
    lane: int = 0


def placed(scheme: Scheme, current: str) -> list[tuple[Label, int, int]]:
    """Return which labels stand where, the one called *current* in any case."""
    free = list(STRETCHES)
    found = []
    order = sorted(scheme.active_labels, key=lambda label: label.name != current)
    for with_kind in (True, False):
        for label in order:
            if bool(label.phrases) != with_kind or not free:
                continue
            fitting = (s for kind in label.phrases for s in free if s[0] == kind)
            chosen = next(fitting, free[-1])
            free.remove(chosen)
            found.append((label, chosen[1], chosen[2]))
    return found


class SchemePreview(Themed, QWidget):
    """The sentence; the label in work is drawn as a selected one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("preview.scheme")
        self.setAccessibleName(tr("A sentence with its labels"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._labels: list[tuple[Label, int, int]] = []
        self._current = ""

    def show_scheme(self, scheme: Scheme, current: str) -> None:
        """Show the labels of *scheme*; the one called *current* is in work."""
        self._labels = placed(scheme, current)
        self._current = current
        self.setAccessibleDescription(", ".join(label.name for label, _, _ in self._labels))
        self.updateGeometry()
        self.update()

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """Name, colour and words of each label in the sentence."""
        return [(label.name, label.colour, SENTENCE[a:b]) for label, a, b in self._labels]

    def _font(self) -> QFont:
        wanted = px(18)
        room = max(self.width() - 48, 80)
        wide = QFontMetrics(fonts.serif(wanted)).horizontalAdvance(SENTENCE)
        return fonts.serif(wanted if wide <= room else max(wanted * room / wide, 8))

    def _lanes(self, font: QFont) -> list[Placed]:
        """Put the shortest next to the text, each in the first lane that has room."""
        metrics, chips = QFontMetrics(font), QFontMetrics(type_font(10.5, 600))
        taken: list[list[tuple[float, float]]] = []
        result = []
        for label, start, end in sorted(self._labels, key=lambda item: item[2] - item[1]):
            left = metrics.horizontalAdvance(SENTENCE[:start])
            right = metrics.horizontalAdvance(SENTENCE[:end])
            right = max(right, left + chips.horizontalAdvance(label.name) + 8) + 4
            lane = 0
            while lane < len(taken) and any(a < right and left < b for a, b in taken[lane]):
                lane += 1
            if lane == len(taken):
                taken.append([])
            taken[lane].append((left, right))
            result.append(Placed(label, start, end, lane))
        return result

    def sizeHint(self) -> QSize:
        lanes = max((item.lane for item in self._lanes(self._font())), default=0) + 1
        return QSize(px(200), 16 + px(28) + max(lanes, 2) * px(LANE) + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        font = self._font()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.fillRect(self.rect(), self.theme.page)
            painter.setPen(self.theme.hairline)
            painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
            painter.translate(24, 16)
            for item in self._lanes(font):
                self._paint_label(painter, QFontMetrics(font), item)
            painter.setFont(font)
            painter.setPen(self.theme.ink)
            place = QRectF(0, 0, self.width() - 24, px(28))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, SENTENCE)
        finally:
            painter.end()

    def _paint_label(self, painter: QPainter, metrics: QFontMetrics, item: Placed) -> None:
        colours = self.theme.label(item.label.colour)
        selected = item.label.name == self._current
        left = metrics.horizontalAdvance(SENTENCE[: item.start])
        right = metrics.horizontalAdvance(SENTENCE[: item.end])
        line = px(28)
        if item.lane == 0 or selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.strong_tint if selected else colours.tint)
            painter.drawRoundedRect(QRectF(left, 0, right - left, line), 2, 2)
        top = line + 4 + item.lane * px(LANE)
        painter.setPen(QPen(colours.base, 3 if selected else 2))
        painter.drawLine(left + 1, top, right - 1, top)
        painter.drawLine(left + 1, top - 3, left + 1, top)
        painter.drawLine(right - 1, top - 3, right - 1, top)
        painter.setFont(type_font(10.5, 600))
        chip = painter.fontMetrics().horizontalAdvance(item.label.name) + 8
        box = QRectF(left, top + 1, chip, px(13))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.base if selected else colours.tint)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(colours.on_base if selected else colours.base)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, item.label.name)
