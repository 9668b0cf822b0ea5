"""The right dock of the real window for tests, asked in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from annotator.gui.rows import KEY, ROW, Row, Rows
from annotator.model import Span
from tests.gui.conftest import see
from tests.gui.seat import Seat


@dataclass
class Side(Seat):
    """The window with the sample, and its right dock."""

    def spans(self, label: str = "", words: str = "") -> list[Span]:
        """Return the author's spans with this label that begin with these words."""
        layer = self.workspace.layer.id
        found = self.workspace.desk.annotated.spans_of(layer)
        return [s for s in found if label in ("", s.label) and s.text[0].startswith(words)]

    def select(self, *spans: Span) -> None:
        """Select spans, as Tab and clicks do."""
        self.workspace.select(tuple(span.id for span in spans))
        see()

    def now(self, span: Span) -> Span:
        """Return a span as it is by now."""
        return self.workspace.desk.annotated.spans[span.id]


def press(widget: QWidget, key: Qt.Key, *, shift: bool = False, ctrl: bool = False) -> None:
    """Press a key in a widget."""
    held = Qt.KeyboardModifier.NoModifier
    if shift:
        held |= Qt.KeyboardModifier.ShiftModifier
    if ctrl:
        held |= Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(widget, key, held)
    see()


def click(widget: QWidget, place: QPoint | None = None) -> None:
    """Click on a widget, in its middle."""
    where = widget.rect().center() if place is None else place
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    see()


def come_up(dialog: QWidget) -> None:
    """Show a dialog, with the keyboard in it."""
    dialog.show()
    dialog.activateWindow()
    see()


def button(root: QWidget, name: str) -> QAbstractButton:
    """Return the button with this object name; the one in sight, where there are several."""
    found = root.findChildren(QAbstractButton, name)
    assert found, name
    return next((each for each in found if each.isVisible()), found[0])


def shown_rows(rows: Rows) -> list[Row]:
    """Return what the rows of a list show."""
    model = rows.rows
    return [model.data(model.index(n), ROW) for n in range(model.rowCount())]


def key_of(rows: Rows, text: str) -> str:
    """Return the key of the row with this text."""
    model = rows.rows
    for number in range(model.rowCount()):
        if model.data(model.index(number), ROW).text == text:
            return str(model.data(model.index(number), KEY))
    raise AssertionError(text)
