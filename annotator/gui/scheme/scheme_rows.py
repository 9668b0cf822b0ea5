"""Rows of the forms in the scheme editor: a title, a field, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.parts import dress, label, px
from annotator.gui.scheme.scheme_faults import Fault
from annotator.gui.scheme.scheme_fields import FaultLine, Lines
from annotator.gui.theme import Theme

Take = Callable[[str], object]


class Sheet(QWidget):
    """Titled fields one below the other, each with room for what is wrong with it."""

    def __init__(self, theme: Theme, prefix: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._prefix = prefix
        self.fields: dict[str, QWidget] = {}
        self.faults: dict[str, FaultLine] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def row(self, name: str, title: str, field: QWidget, hint: str = "") -> None:
        """Add a field called *name* (its object name is ``field.NAME``) with a hint under it."""
        full = f"{self._prefix}{name}"
        field.setObjectName(f"field.{full}")
        field.setAccessibleName(title or field.accessibleName())
        fault = FaultLine(self._theme)
        fault.setObjectName(f"fault.{full}")
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        fixed = field.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed
        if fixed or isinstance(field, QComboBox | QCheckBox | QSpinBox):
            column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(field)
        column.addWidget(fault)
        if hint:
            said = label(hint, 12, tone="muted")
            said.setWordWrap(True)
            field.setAccessibleDescription(hint)
            column.addWidget(said)
        self.fields[full], self.faults[full] = field, fault
        named = label(title, 13, tone="muted")
        named.setMinimumWidth(px(104))
        named.setContentsMargins(0, 5, 0, 0)
        self._form.addRow(named, box)

    def line(self, name: str, title: str, text: str, take: Take, hint: str = "") -> QLineEdit:
        """Add a field of one line."""
        field = QLineEdit(text)
        field.setCursorPosition(0)
        field.textChanged.connect(take)
        self.row(name, title, field, hint)
        return field

    def lines(
        self, name: str, title: str, text: str, take: Take, hint: str = "", *, rows: int = 3
    ) -> Lines:
        """Add a field of several lines."""
        field = Lines(self._theme, text, rows=rows)
        field.textChanged.connect(lambda: take(field.text))
        self.row(name, title, field, hint)
        return field

    def tick(
        self, name: str, text: str, on: bool, take: Callable[[bool], object], hint: str = ""
    ) -> QCheckBox:
        """Add something that holds or not."""
        field = QCheckBox(text)
        field.setChecked(on)
        field.setAccessibleName(text)
        field.toggled.connect(take)
        self.row(name, "", field, hint)
        return field

    def choice(
        self,
        name: str,
        title: str,
        options: Iterable[tuple[object, str]],
        current: object,
        take: Callable[[object], object],
        hint: str = "",
    ) -> QComboBox:
        """Add a choice of one thing; *take* gets its key."""
        field = QComboBox()
        keys = []
        for key, text in options:
            keys.append(key)
            field.addItem(text)
        field.setCurrentIndex(keys.index(current) if current in keys else 0)
        field.setMinimumWidth(px(180))
        field.activated.connect(lambda at: take(keys[at]))
        self.row(name, title, field, hint)
        return field

    def show_row(self, name: str, on: bool) -> None:
        """Have the row of a field in sight, or not."""
        box = self.fields[f"{self._prefix}{name}"].parentWidget()
        assert box is not None
        self._form.setRowVisible(box, on)

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Say under each field what is wrong with it."""
        told = {fault.field: fault for fault in faults}
        for name, line in self.faults.items():
            fault = told.get(name)
            line.say(fault.text if fault else "", grave=fault.grave if fault else True)
            field = self.fields[name]
            wrong = fault is not None and fault.grave
            if bool(field.property("wrong")) != wrong:
                field.setProperty("wrong", wrong)
                field.update()


class GrowingList(QWidget):
    """Rows of one kind, one below the other, and under them a button that adds one."""

    def __init__(self, theme: Theme, add: str, name: str, *, between: int, above: int) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[QWidget] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(between)
        self.add = QPushButton(add)
        self.add.setObjectName(f"button.{name}")
        self.add.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(above)
        column.addLayout(self._rows)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def _clear(self) -> None:
        for row in self._shown:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._shown = []

    def _show(self, row: QWidget) -> None:
        self._shown.append(row)
        self._rows.addWidget(row)
        dress(row, self._theme)
