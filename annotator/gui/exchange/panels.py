"""Quiet boxes of the two dialogs: what is lost or does not fit, the first lines, the progress."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontDatabase,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.icons import icon
from annotator.gui.parts import Elided, ProgressLine, Themed, dress, label, px, set_type
from annotator.gui.text_box import TextBox
from annotator.gui.theme import Theme
from annotator.translation import number, tr

_RADIUS: Final = 6


class Mark(Themed, QWidget):
    """An icon that is only looked at."""

    def __init__(self, theme: Theme, name: str, tone: str) -> None:
        super().__init__()
        self.theme = theme
        self._name, self._tone = name, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(16), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            side = px(16)
            place = QRect(0, (self.height() - side) // 2, side, side)
            icon(self._name, getattr(self.theme, self._tone), side).paint(painter, place)
        finally:
            painter.end()


@dataclass(frozen=True, slots=True)
class Remark:
    """A line of a panel: an icon, a sentence, and a word at the right. Foreign text."""

    text: str
    right: str = ""
    icon: str = "warning"


class RemarkPanel(Themed, QFrame):
    """Sentences on the ground of warnings under a heading; nothing to see without any."""

    def __init__(self, theme: Theme, object_name: str, heading: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(object_name)
        self.setAccessibleName(heading)
        self._remarks: tuple[Remark, ...] = ()
        self._heading = label(heading, 12, 600)
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self._heading)
        column.addWidget(self._rows)
        self.hide()

    @property
    def texts(self) -> list[str]:
        """What the sentences say."""
        return [remark.text for remark in self._remarks]

    def say(self, remarks: Sequence[Remark]) -> None:
        """Show *remarks* in place of others."""
        if tuple(remarks) == self._remarks:
            return
        self._remarks = tuple(remarks)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for row, remark in enumerate(remarks):
            self._add(row, remark)
        spoken = "; ".join(
            f"{one.text} ({one.right})" if one.right else one.text for one in remarks
        )
        self.setAccessibleDescription(spoken)
        dress(self, self.theme)
        self.setVisible(bool(remarks))

    def _add(self, row: int, remark: Remark) -> None:
        sentence = label(remark.text)
        sentence.setWordWrap(True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(Mark(self.theme, remark.icon, "warning"), row, 0, top)
        self._grid.addWidget(sentence, row, 1)
        if remark.right:
            self._grid.addWidget(label(remark.right, 12, tone="muted"), row, 2, top)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            edge = QPen(self.theme.frame, 1) if self.theme.high_contrast else Qt.PenStyle.NoPen
            painter.setPen(edge)
            painter.setBrush(self.theme.warning_ground)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        finally:
            painter.end()


class _JsonKeys(QSyntaxHighlighter):
    """Puts the keys of JSON objects in the accent, so that an eye finds its way in a long line."""

    _KEY: Final = re.compile(r'"(?:[^"\\]|\\.)*"(?=\s*:)')

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.shape = QTextCharFormat()

    def highlightBlock(self, text: str) -> None:
        if text.lstrip()[:1] not in ("{", "[", '"'):
            return
        for found in self._KEY.finditer(text):
            self.setFormat(found.start(), found.end() - found.start(), self.shape)


class FixedText(TextBox):
    """Foreign text to look at, in a face of fixed width."""

    ground = "side"

    def __init__(self, theme: Theme, object_name: str, name: str, rows: int) -> None:
        super().__init__(theme)
        self._row_count = rows
        self._keys = _JsonKeys(self.document())
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(10)
        set_type(self, 12)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        face = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        face.setPixelSize(px(12))
        self.setFont(face)
        self._keys.shape.setForeground(theme.accent)
        self._keys.rehighlight()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, theme.ink)
        self.setPalette(palette)
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._row_count + 20 + bar)

    def show_text(self, text: str) -> None:
        """Show *text* from its beginning."""
        self.setPlainText(text)


class Progress(Themed, QWidget):
    """How far something is that goes on: a line, numbers, and what is at hand."""

    def __init__(self, theme: Theme, object_name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(object_name)
        self.line = ProgressLine(theme, 4)
        self.line.setAccessibleName(tr("Progress"))
        self.text = Elided("", 12)
        set_type(self.text, 12, 400, "muted")
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addWidget(self.line)

    def show_step(self, doing: str, count: int, total: int, what: str) -> None:
        """Show *count* of *total* (0 where that is not known), and what is at hand."""
        self.line.set_share(count / total if total else 0.0)
        if total:
            how_far = tr("{n} of {total}", n=number(count), total=number(total))
            doing = f"{doing} {how_far}"
        self.text.setText(f"{doing}  ·  {what}" if what else doing)
