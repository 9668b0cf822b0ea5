"""One variant of a case: its number, who has it, its words with what differs, its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.gui import fonts
from annotator.gui.article.line_parts import x_of
from annotator.gui.article.review_marks import DIFFERENCE
from annotator.gui.details.intents import title, value_text
from annotator.gui.leftwards import is_leftwards
from annotator.gui.parts import Avatar, Elided, Hairline, KeyCap, Themed, label, px, scale
from annotator.gui.theme import Theme, mix
from annotator.review.differing import Difference, Run
from annotator.translation import tr

AVATARS = 3
"""People in the head of a card, whose names all follow."""
ONE_LINE = 18
"""Letters of a name and its value that stand beside each other in a narrow card."""
LONGEST = 180
"""Letters of words that all variants share; more are left out in the middle."""


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    differs: bool = False
    gap: bool = False


def _parts(runs: Sequence[Run]) -> list[_Part]:
    """Return the words to be shown: long shared ones are shortened."""
    found = []
    for run in runs:
        text = " ".join(run.text.split())
        text = text if not run.text[:1].isspace() else f" {text}"
        text = text if not run.text[-1:].isspace() else f"{text} "
        if run.gap:
            found.append(_Part(" … ", gap=True))
        elif not run.differs and len(text) > LONGEST:
            half = LONGEST // 2
            found.append(_Part(f"{text[:half].rstrip()} … {text[-half:].lstrip()}"))
        else:
            found.append(_Part(text, run.differs))
    return found


class Words(Themed, QWidget):
    """The words of a variant, set like a quotation; what differs has the tint of differences."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._parts: list[_Part] = []
        self._stops = False
        self._layout = QTextLayout()
        self._laid: tuple[object, ...] = ()
        """What the words were last laid out for."""
        self._heights: dict[tuple[object, ...], float] = {}
        """Heights that were asked for: a grid asks for several widths again and again."""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_runs(self, runs: Sequence[Run], *, stops: bool) -> None:
        """Show *runs*; with *stops* a stroke stands where other variants go on."""
        self._parts = _parts(runs)
        self._stops = stops
        self._heights, self._laid = {}, ()
        self.setAccessibleName("".join(part.text for part in self._parts))
        self.updateGeometry()
        self.update()

    def _font(self) -> QFont:
        return fonts.serif(max(10, round(14 * scale())))

    def _wanted(self, width: float) -> tuple[object, ...]:
        """Return all that the lines of a width depend on."""
        return (width, scale(), id(self.theme), tuple(self._parts), self._stops)

    def _lay_out(self, width: float) -> float:
        """Set the words in lines of a width; return the height of all."""
        laid = self._wanted(width)
        if laid == self._laid:
            return self._heights[laid]
        self._laid = laid
        text = "".join(part.text for part in self._parts)
        layout = self._layout = QTextLayout(text, self._font())
        leftwards = is_leftwards(text)
        option = QTextOption(
            Qt.AlignmentFlag.AlignRight if leftwards else Qt.AlignmentFlag.AlignLeft
        )
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if leftwards else Qt.LayoutDirection.LeftToRight
        )
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._inks())
        step, y = px(22), 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width - 4, 10))
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            y += step
        layout.endLayout()
        self._heights[laid] = y
        return y

    def _inks(self) -> list[QTextLayout.FormatRange]:
        """Return what is muted: the words that all share, where others differ; and gaps."""
        theme = self.theme
        contrast = self._stops or any(part.differs for part in self._parts)
        found, at = [], 0
        for part in self._parts:
            muted = part.gap or (contrast and not part.differs)
            found.append(_ink(at, len(part.text), theme.muted if muted else theme.ink))
            at += len(part.text)
        return found

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        height = self._heights.get(self._wanted(width))
        return round(self._lay_out(width) if height is None else height) + 2

    def sizeHint(self) -> QSize:
        return QSize(px(120), self.heightForWidth(px(120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        self._lay_out(self.width())
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            at = 0
            for part in self._parts:
                if part.differs:
                    blanks = len(part.text) - len(part.text.lstrip())
                    self._paint_tint(painter, at + blanks, at + len(part.text.rstrip()))
                at += len(part.text)
            painter.setPen(theme.ink)
            self._layout.draw(painter, QPointF(0, 0))
            if self._stops:
                self._paint_stop(painter, at)
        finally:
            painter.end()

    def _paint_tint(self, painter: QPainter, start: int, end: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(self.theme.accent, self.theme.raised, DIFFERENCE))
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            left = max(start, line.textStart())
            right = min(end, line.textStart() + line.textLength())
            if left < right:
                x0, x1 = sorted((x_of(line, left), x_of(line, right)))
                rect = QRectF(x0 - 1, line.y() - 1, x1 - x0 + 2, line.height() + 2)
                painter.drawRoundedRect(rect, 3, 3)

    def _paint_stop(self, painter: QPainter, end: int) -> None:
        last = self._layout.lineAt(max(0, self._layout.lineCount() - 1))
        if last.isValid():
            x = x_of(last, end) + 1
            painter.fillRect(QRectF(x, last.y() - 1, 2, last.height() + 2), self.theme.accent)


def _ink(start: int, length: int, colour: QColor) -> QTextLayout.FormatRange:
    part = QTextLayout.FormatRange()
    part.start, part.length = start, length
    part.format = QTextCharFormat()
    part.format.setForeground(QBrush(colour))
    return part


class VariantCard(Themed, QFrame):
    """A variant beside the others. None of them looks chosen; a click takes one."""

    taken = Signal(int)
    """Its number, from 1."""

    def __init__(
        self, theme: Theme, key: str, people: Mapping[str, str], found: Difference
    ) -> None:
        super().__init__()
        self.theme = theme
        self.number = 0
        """Which variant of its case it is, from 1."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._shape = _shape(people, found)
        self.words = Words(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head(len(people)))
        column.addWidget(Hairline(theme))
        body = QVBoxLayout()
        body.setContentsMargins(10, 8, 10, 10)
        body.addWidget(self.words)
        self._more = [Words(theme) for _ in found.more]
        for more in self._more:
            body.addWidget(more)
        column.addLayout(body)
        column.addStretch(1)
        self._values: list[tuple[QLabel, QLabel]] = []
        rows = _values(found)
        if rows:
            column.addWidget(Hairline(theme))
            column.addLayout(self._grid(rows))
        self._fill(key, people, found)

    def show_variant(self, key: str, people: Mapping[str, str], found: Difference) -> bool:
        """Stand for another variant; False where that needs other parts than there are."""
        if self._shape != _shape(people, found):
            return False
        self._fill(key, people, found)
        return True

    def show_number(self, number: int) -> None:
        """Stand for the variant with this *number*, from 1."""
        self.number = number
        self.setObjectName(f"card.variant.{number}")

    def _head(self, people: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(8)
        self._cap = KeyCap(self.theme, "", self)
        row.addWidget(self._cap)
        self._avatars = [Avatar(self.theme, "") for _ in range(min(people, AVATARS))]
        for avatar in self._avatars:
            row.addWidget(avatar)
        self._names = Elided("", 13)
        row.addWidget(self._names, 1)
        return row

    def _grid(self, rows: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(10, 6, 10, 6)
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for name, value in rows:
            named = label("", 12, tone="muted")
            named.setMinimumWidth(1)
            said = label("", 12, 600)
            said.setWordWrap(True)
            said.setMinimumWidth(1)
            self._values.append((named, said))
            at = grid.rowCount()
            if _is_long(name, value):
                grid.addWidget(named, at, 0, 1, 2)
                grid.addWidget(said, at + 1, 0, 1, 2)
            else:
                said.setAlignment(Qt.AlignmentFlag.AlignRight)
                grid.addWidget(named, at, 0)
                grid.addWidget(said, at, 1)
        return grid

    def _fill(self, key: str, people: Mapping[str, str], found: Difference) -> None:
        self._cap.set_key(key)
        self._cap.setVisible(bool(key))
        for avatar, (name, initials) in zip(self._avatars, people.items(), strict=False):
            avatar.show_name(name, initials)
        self._names.setText(", ".join(people))
        for more, span in zip(self._more, found.more, strict=True):
            more.show_runs([Run(span.fragments[0], " … ".join(span.text), True)], stops=False)
        for (named, said), (name, value) in zip(self._values, _values(found), strict=True):
            named.setText(name)
            said.setText(value)
            said.setAccessibleName(f"{name}: {value}")
        words = "".join(run.text for run in found.runs)
        self.setAccessibleName(
            tr("Variant {key}, {people}: {words}", key=key, people=", ".join(people), words=words)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.taken.emit(self.number)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.taken.emit(self.number)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self.theme.mark if self.underMouse() else self.theme.frame, 1))
            painter.setBrush(self.theme.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        finally:
            painter.end()


def _values(found: Difference) -> list[tuple[str, str]]:
    """Return what a variant says besides its words, each with its name."""
    rows = [] if found.label is None else [(tr("Label"), found.label)]
    rows += [(title(name), value_text(value) or tr("not set")) for name, value in found.attributes]
    if found.entity is not None:
        rows.append((tr("Person or place"), found.entity or tr("nobody")))
    return rows


def _is_long(name: str, value: str) -> bool:
    return len(name) + len(value) > ONE_LINE


def _shape(people: Mapping[str, str], found: Difference) -> tuple[object, ...]:
    """Return what decides which parts a card has."""
    long = tuple(_is_long(name, value) for name, value in _values(found))
    return (min(len(people), AVATARS), len(found.more), long)
