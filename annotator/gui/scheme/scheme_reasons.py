"""Why a reviewer may reject a label: the reasons in the order of their digit keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from annotator.gui.controls import Flow, IconButton
from annotator.gui.parts import KeyCap, dress, label, px
from annotator.gui.theme import Theme
from annotator.review.verdicts import Reason, reason_shown
from annotator.translation import tr, tr_n

WITH_KEYS = 9
"""Reasons that a digit stands for."""


@dataclass(slots=True)
class Line:
    """A reason, and what it was called in the project's scheme; None where it is new."""

    name: str
    origin: str | None = None


class ReasonField(QLineEdit):
    """A reason; Alt with an arrow moves it."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in ways:
            self.moved.emit(ways[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class ReasonList(QWidget):
    """A line for each reason, with how many decisions give it."""

    changed = Signal(tuple, tuple)
    """The reasons (none for the usual ones), and their names in the project's scheme."""

    def __init__(
        self,
        theme: Theme,
        reasons: tuple[str, ...],
        origins: tuple[str | None, ...],
        used: Mapping[str, int],
    ) -> None:
        super().__init__()
        self._theme = theme
        self._used = used
        self._lines = [Line(*pair) for pair in zip(reasons or Reason.ALL, origins, strict=True)]
        self.fields: list[ReasonField] = []
        self._held: list[QWidget] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self.add = QPushButton(tr("Add a reason"))
        self.add.setObjectName("button.add_reason")
        self.add.clicked.connect(self._add)
        self.usual = QPushButton(tr("The usual reasons"))
        self.usual.setObjectName("button.usual_reasons")
        self.usual.clicked.connect(self._take_usual)
        buttons = Flow(gap=8)
        for button in (self.add, self.usual):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._column)
        outer.addLayout(buttons)
        self._show_lines()

    def _show_lines(self) -> None:
        for row in self._held:
            row.hide()
            row.deleteLater()
        self._held, self.fields = [], []
        for at in range(len(self._lines)):
            row = self._build_line(at)
            self._held.append(row)
            self._column.addWidget(row)
            dress(row, self._theme)
        self.setFocusProxy(self.fields[0])
        self.usual.setVisible(self.reasons != Reason.ALL)

    def _build_line(self, at: int) -> QWidget:
        line, last = self._lines[at], len(self._lines) - 1
        shown = reason_shown(line.name)
        field = ReasonField(shown)
        field.setObjectName(f"field.reason.{at + 1}")
        field.setAccessibleName(tr("Reason {n}", n=at + 1))
        field.textChanged.connect(lambda text, at=at: self._rename(at, text))
        field.moved.connect(lambda by, at=at: self._move(at, by))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        cap = KeyCap(self._theme, str(at + 1) if at < WITH_KEYS else "", row)
        cap.setFixedWidth(px(24))
        layout.addWidget(cap)
        layout.addWidget(field, 1)
        count = self._used.get(line.origin or "", 0)
        if count:
            said = tr_n(count, "in {n} decision", "in {n} decisions")
            field.setAccessibleDescription(said)
            layout.addWidget(label(said, 12, tone="muted"))
        for name, icon_name, text, on, by in (
            ("up", "arrow-up", tr("Move “{name}” up", name=shown), at > 0, -1),
            ("down", "arrow-down", tr("Move “{name}” down", name=shown), at < last, 1),
            ("remove", "trash", tr("Remove “{name}”", name=shown), last > 0, 0),
        ):
            button = IconButton(icon_name, text)
            button.setObjectName(f"button.reason.{at + 1}.{name}")
            button.setEnabled(on)
            button.clicked.connect(lambda _=False, by=by: self._press(at, by))
            layout.addWidget(button)
        self.fields.append(field)
        return row

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons, by the names that verdicts keep."""
        return tuple(line.name for line in self._lines)

    # -- changing ----------------------------------------------------------------------------

    def _tell(self) -> None:
        usual = self.reasons == Reason.ALL
        self.usual.setVisible(not usual)
        origins = tuple(line.origin for line in self._lines)
        self.changed.emit(() if usual else self.reasons, origins)

    def _rename(self, at: int, text: str) -> None:
        # What is one of the usual reasons in somebody's language is that one.
        text = text.strip()
        known = (name for name in Reason.ALL if reason_shown(name) == text)
        self._lines[at].name = next(known, text)
        self._tell()

    def _press(self, at: int, by: int) -> None:
        if by:
            self._move(at, by)
            return
        del self._lines[at]
        self._changed_order(min(at, len(self._lines) - 1))

    def _move(self, at: int, by: int) -> None:
        if 0 <= at + by < len(self._lines):
            self._lines.insert(at + by, self._lines.pop(at))
            self._changed_order(at + by)

    def _add(self) -> None:
        self._lines.append(Line(""))
        self._changed_order(len(self._lines) - 1)

    def _take_usual(self) -> None:
        origins = {line.origin: line.origin for line in self._lines}
        self._lines = [Line(name, origins.get(name)) for name in Reason.ALL]
        self._changed_order(0)

    def _changed_order(self, at: int) -> None:
        self._show_lines()
        self._tell()
        self.fields[at].setFocus(Qt.FocusReason.OtherFocusReason)
