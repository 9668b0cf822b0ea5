"""The attributes of a label or of a kind of entity: add, change, reorder, remove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from annotator.gui.controls import IconButton
from annotator.gui.dialogs import Form, line
from annotator.gui.intents import value_text
from annotator.gui.parts import Themed, px, set_type
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.scheme import AUTO_RULES, Attribute
from annotator.translation import tr

_TRUTH = {"true": True, "false": False}


class _AttributeModel(RowModel):
    def __init__(self, attributes: Sequence[Attribute]) -> None:
        super().__init__()
        self.attributes = list(attributes)
        self.renew()

    def renew(self) -> None:
        """Show the attributes as they are now."""
        self.show_keys([str(number) for number in range(len(self.attributes))])

    def row(self, key: str) -> Row | None:
        item = self.attributes[int(key)]
        kinds = {"boolean": tr("yes or no"), "text": tr("free text")}
        return Row(text=item.name, right=kinds.get(item.kind, ", ".join(item.values))[:40])


class AttributeEditor(Themed, QWidget):
    """The list of attributes, and the fields of the current one below it."""

    changed = Signal()

    def __init__(self, attributes: Sequence[Attribute], theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.model = _AttributeModel(attributes)
        self.model.setParent(self)
        self.rows = Rows(theme, self.model, empty=tr("No attributes."))
        self.rows.setObjectName("list.attributes")
        self.rows.setAccessibleName(tr("Attributes"))
        self.rows.setFixedHeight(px(28) * min(max(len(attributes), 2), 6) + 4)
        self.rows.selectionModel().currentChanged.connect(lambda _new, _old: self._show())
        self.rows.removed.connect(lambda _keys: self.remove())
        self._build()
        self._show()

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes as they are typed now."""
        return tuple(self.model.attributes)

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(0)
        self._tools: list[IconButton] = []
        for icon_name, text, name, act in (
            ("plus", tr("Add an attribute"), "button.attribute_add", self.add),
            ("trash", tr("Remove the attribute"), "button.attribute_remove", self.remove),
            ("arrow-up", tr("Further up"), "button.attribute_up", lambda: self.move_by(-1)),
            ("arrow-down", tr("Further down"), "button.attribute_down", lambda: self.move_by(1)),
        ):
            button = IconButton(icon_name, text)
            button.setObjectName(name)
            button.clicked.connect(act)
            self._tools.append(button)
            bar.addWidget(button)
        bar.addStretch(1)
        self._fields = QWidget()
        form = Form(self._fields)
        self.name = line()
        self.kind = QComboBox()
        for text, key in (
            (tr("one of these values"), "choice"),
            (tr("yes or no"), "boolean"),
            (tr("free text"), "text"),
        ):
            self.kind.addItem(text, key)
        self.values = line(hint=tr("Values, with commas between them"))
        self.default = QComboBox()
        self.auto = QComboBox()
        self.required = QCheckBox(tr("Needed before an article is submitted"))
        self.definition = line()
        for name, field, object_name in (
            (tr("Name"), self.name, "attribute.name"),
            (tr("Kind"), self.kind, "attribute.kind"),
            (tr("Values"), self.values, "attribute.values"),
            (tr("By default"), self.default, "attribute.default"),
            (tr("Filled in by"), self.auto, "attribute.auto"),
            (tr("Meaning"), self.definition, "attribute.definition"),
        ):
            form.add(name, field, object_name)
        self.required.setObjectName("attribute.required")
        form.addRow("", self.required)
        for widget in (self.kind, self.default, self.auto, self.required):
            set_type(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.rows)
        column.addLayout(bar)
        column.addWidget(self._fields)
        self._connect()

    def _connect(self) -> None:
        for field in (self.name, self.values, self.definition):
            field.textEdited.connect(lambda _text: self._take())
        for box in (self.kind, self.default, self.auto):
            box.activated.connect(lambda _n: self._take())
        self.required.clicked.connect(lambda _on: self._take())

    # -- the current one ---------------------------------------------------------------------

    @property
    def _number(self) -> int:
        return self.rows.currentIndex().row()

    def _show(self) -> None:
        number = self._number
        some = 0 <= number < len(self.model.attributes)
        self._fields.setVisible(some)
        for button in self._tools[1:]:
            button.setEnabled(some)
        if not some:
            return
        item = self.model.attributes[number]
        if self.name.text() != item.name:
            self.name.setText(item.name)
        self.kind.setCurrentIndex(self.kind.findData(item.kind))
        self.values.setEnabled(item.kind == "choice")
        if self._typed_values() != item.values:
            self.values.setText(", ".join(item.values))
        self.definition.setText(" ".join(item.definition.split()))
        self.required.setChecked(item.required)
        self._fill(self.auto, [("", None), *((rule, rule) for rule in AUTO_RULES)], item.auto)
        options: list[tuple[str, Any]] = [("", None)]
        if item.kind == "boolean":
            options += [(value_text(False), "false"), (value_text(True), "true")]
        else:
            options += [(value, value) for value in item.values]
        default = str(item.default).lower() if isinstance(item.default, bool) else item.default
        self._fill(self.default, options, default)
        self.default.setEnabled(item.kind != "text")

    def _fill(self, box: QComboBox, options: list[tuple[str, Any]], value: Any) -> None:
        with QSignalBlocker(box):
            box.clear()
            for text, data in options:
                box.addItem(text, data)
            box.setCurrentIndex(max(box.findData(value), 0) if value is not None else 0)

    def _typed_values(self) -> tuple[str, ...]:
        parts = (part.strip() for part in self.values.text().split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def _take(self) -> None:
        number = self._number
        if not 0 <= number < len(self.model.attributes):
            return
        kind = self.kind.currentData()
        values = self._typed_values() if kind == "choice" else ()
        default = self.default.currentData()
        if kind == "boolean":
            default = _TRUTH.get(default)
        elif default not in values:
            default = None
        self.model.attributes[number] = replace(
            self.model.attributes[number],
            name=self.name.text().strip(),
            kind=kind,
            values=values,
            default=default,
            auto=self.auto.currentData(),
            required=self.required.isChecked(),
            definition=self.definition.text().strip(),
        )
        index = self.model.index(number)
        self.model.dataChanged.emit(index, index)
        self._show()
        self.changed.emit()

    # -- the list ----------------------------------------------------------------------------

    def add(self) -> None:
        """Add an attribute, to be named and filled."""
        taken = {item.name for item in self.model.attributes}
        number = len(taken) + 1
        while f"attribute_{number}" in taken:
            number += 1
        name = f"attribute_{number}"
        self.model.attributes.append(Attribute(name=name, kind="boolean", default=False))
        self._renew(len(self.model.attributes) - 1)
        self.name.setFocus()
        self.name.selectAll()

    def remove(self) -> None:
        """Remove the current attribute."""
        number = self._number
        if 0 <= number < len(self.model.attributes):
            del self.model.attributes[number]
            self._renew(min(number, len(self.model.attributes) - 1))

    def move_by(self, by: int) -> None:
        """Move the current attribute up or down."""
        old = self._number
        new = old + by
        if old >= 0 and 0 <= new < len(self.model.attributes):
            self.model.attributes.insert(new, self.model.attributes.pop(old))
            self._renew(new)

    def _renew(self, number: int) -> None:
        self.model.renew()
        if number >= 0:
            self.rows.setCurrentIndex(self.model.index(number))
        self._show()
        self.changed.emit()
