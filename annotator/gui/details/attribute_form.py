"""The attributes of the selected spans: a digit key, a name, and the values to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from annotator.gui.controls import Segment
from annotator.gui.details.intents import attribute_title, filled_text, value_text
from annotator.gui.parts import KeyCap, Themed, label, plain, px, set_type, type_font
from annotator.gui.theme import Theme
from annotator.model import Span
from annotator.scheme import Attribute, Label
from annotator.translation import tr

SEGMENTS = 3
"""Most values that stand side by side; more of them are in a list that opens."""
ROOM = 176
"""Width up to which they do, at a text size of 100 %."""
ROWS_AT_ONCE = 3
"""Rows that are built between two events."""
_TRUTH = {"false": False, "true": True}


class AutoButton(Themed, QAbstractButton):
    """The word "auto" in a dashed frame: shows what the program filled, to be overruled."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setText(tr("auto"))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Change what was filled in"))
        self.setToolTip(plain(tr("Change what was filled in")))

    def sizeHint(self) -> QSize:
        self.setFont(type_font(11, 500))
        width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width + px(12), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self.theme.frame, 1, Qt.PenStyle.DashLine))
            if self.isChecked():
                painter.setBrush(self.theme.accent_tint)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
            painter.setFont(type_font(11, 500))
            painter.setPen(self.theme.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        finally:
            painter.end()


class AttributeForm(Themed, QWidget):
    """One row for each attribute of one label; shows the values of any spans with it."""

    changed = Signal(str, object)
    """Name of an attribute, and the value that a person gave it; None takes it away."""
    left = Signal()

    def __init__(self, item: Label, attributes: Sequence[Attribute], theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("form.attributes")
        self.setAccessibleName(tr("Attributes"))
        self._label = item
        self._attributes = tuple(attributes)
        self.editors: dict[str, Segment | QComboBox | QLineEdit] = {}
        self._auto_rows: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 10, 16, 10)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)

    def build_rows(self) -> Iterator[None]:
        """Build the rows, some at a time: all of them would take longer than a frame."""
        for digit, attribute in enumerate(self._attributes, start=1):
            self._build_row(digit, attribute)
            if digit % ROWS_AT_ONCE == 0:
                yield
        self._build_filled()

    def _build_filled(self) -> None:
        self.filled = label(size=13)
        self.filled.setObjectName("text.filled_in")
        self.filled.setWordWrap(True)
        self.auto = AutoButton(self.theme)
        self.auto.setObjectName("button.filled_in")
        self.auto.toggled.connect(self._show_auto_rows)
        if self._auto_rows:
            row = self._grid.rowCount()
            name = label(tr("Filled in"), tone="muted")
            self._grid.addWidget(name, row, 1)
            self._grid.addWidget(self.filled, row, 2)
            self._grid.addWidget(self.auto, row, 3, Qt.AlignmentFlag.AlignRight)
            self._grid.setRowMinimumHeight(row, max(32, px(20) + 8) - 4)
        else:
            self.filled.setParent(self)
            self.auto.setParent(self)
            self.filled.hide()
            self.auto.hide()
        self._show_auto_rows(False)

    def _build_row(self, digit: int, attribute: Attribute) -> None:
        row = self._grid.rowCount()
        cap = KeyCap(self.theme, str(digit) if digit < 10 else "", self)
        name = label(attribute_title(attribute, self._label.name), tone="muted")
        name.setToolTip(plain(" ".join(attribute.definition.split())))
        editor = self._editor(attribute)
        editor.setObjectName(f"attribute.{attribute.name}")
        editor.setAccessibleName(attribute_title(attribute, self._label.name))
        self.editors[attribute.name] = editor
        self._grid.addWidget(cap, row, 0)
        self._grid.addWidget(name, row, 1)
        stretched = isinstance(editor, QComboBox | QLineEdit)
        align = Qt.AlignmentFlag(0) if stretched else Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(editor, row, 2, 1, 2, align)
        if attribute.auto is not None:
            self._auto_rows += [cap, name, editor]

    def _editor(self, attribute: Attribute) -> Segment | QComboBox | QLineEdit:
        name = attribute.name
        if attribute.kind == "text":
            line = QLineEdit()
            line.editingFinished.connect(lambda: self._on_text(name, line))
            line.installEventFilter(self)
            set_type(line)
            return line
        options = _options(attribute)
        if len(options) <= SEGMENTS:
            segment = Segment(self.theme, options, places=False)
            if segment.sizeHint().width() <= px(ROOM):
                segment.chosen.connect(lambda key: self._on_segment(attribute, key))
                return segment
            segment.deleteLater()
        box = QComboBox()
        if attribute.default is None:
            box.addItem("", None)
        for key, text in options:
            box.addItem(text, _TRUTH[key] if attribute.kind == "boolean" else key)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(6)
        box.activated.connect(lambda _n: self.changed.emit(name, box.currentData()))
        set_type(box)
        return box

    def _show_auto_rows(self, on: bool) -> None:
        for widget in self._auto_rows:
            widget.setVisible(on)

    # -- values ------------------------------------------------------------------------------

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Show what *spans* carry; where they differ, nothing is chosen."""
        merged = {item.name: self._common(item, spans) for item in self._attributes}
        for attribute in self._attributes:
            self._show(self.editors[attribute.name], attribute, merged[attribute.name])
        self.filled.setText(filled_text(self._label, merged))

    def _common(self, attribute: Attribute, spans: Sequence[Span]) -> Any:
        values = [span.attributes.get(attribute.name, attribute.default) for span in spans]
        same = all(value == values[0] for value in values)
        return values[0] if values and same else None

    def _show(
        self, editor: Segment | QComboBox | QLineEdit, attribute: Attribute, value: Any
    ) -> None:
        if isinstance(editor, Segment):
            editor.choose(None if value is None else _key(value))
        elif isinstance(editor, QComboBox):
            row = editor.findData(value)
            if row < 0 and value is not None:
                editor.addItem(value_text(value), value)
                row = editor.count() - 1
            with QSignalBlocker(editor):
                editor.setCurrentIndex(row)
        elif not editor.hasFocus() or not editor.isModified():
            editor.setText(value_text(value))
        editor.setProperty("shown", value)

    def _on_segment(self, attribute: Attribute, key: str) -> None:
        editor = self.editors[attribute.name]
        value = _TRUTH[key] if attribute.kind == "boolean" else key
        again = editor.property("shown") == value and attribute.default is None
        self.changed.emit(attribute.name, None if again else value)

    def keep(self) -> None:
        """Hand over what is being typed, because other spans are shown next."""
        for name, editor in self.editors.items():
            if isinstance(editor, QLineEdit):
                self._on_text(name, editor)

    def _on_text(self, name: str, line: QLineEdit) -> None:
        if line.isModified():
            line.setModified(False)
            self.changed.emit(name, line.text().strip() or None)

    def type(self, name: str) -> bool:
        """Put the keyboard into the editor of an attribute; return whether there is one."""
        editor = self.editors.get(name)
        if editor is None:
            return False
        if any(editor is widget for widget in self._auto_rows):
            self.auto.setChecked(True)
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in a line of text keeps it and goes back to the article; Esc forgets it."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QLineEdit):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            watched.setText(value_text(watched.property("shown")))
            self.left.emit()
            return True
        return False


def _options(attribute: Attribute) -> list[tuple[str, str]]:
    if attribute.kind == "boolean":
        return [("false", tr("no")), ("true", tr("yes"))]
    return [(value, value) for value in attribute.values]


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
