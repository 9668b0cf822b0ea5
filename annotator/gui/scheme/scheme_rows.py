"""Rows of the forms in the scheme editor: a title, a field, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.controls import IconButton, WordButton
from annotator.gui.parts import dress, label, px, set_icon
from annotator.gui.scheme.scheme_faults import Fault
from annotator.gui.scheme.scheme_fields import FaultLine, Lines
from annotator.gui.theme import Theme
from annotator.scheme import AUTO_RULES, Attribute, Example
from annotator.translation import tr

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


class AttributeBlock(QWidget):
    """One attribute: a line that says what it is, and unfolded its fields."""

    changed = Signal(object)
    """The attribute as it is now."""

    def __init__(self, theme: Theme, attribute: Attribute, number: int) -> None:
        super().__init__()
        self._theme = theme
        self._number = number
        self.attribute = attribute
        self.sheet: Sheet | None = None
        self.head = WordButton("", tone="ink")
        self.head.setObjectName(f"button.attribute.{number}")
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.clicked.connect(lambda: self.unfold(self.sheet is None))
        self.up = self._button("arrow-up", tr("Move up"), "up")
        self.down = self._button("arrow-down", tr("Move down"), "down")
        self.remove = self._button("trash", tr("Remove the attribute"), "remove")
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.head)
        row.addStretch(1)
        for button in (self.up, self.down, self.remove):
            row.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(row)
        self._show_head()

    def _button(self, icon_name: str, name: str, what: str) -> IconButton:
        button = IconButton(icon_name, name)
        button.setObjectName(f"button.attribute.{self._number}.{what}")
        return button

    def _show_head(self) -> None:
        item = self.attribute
        kinds = {"boolean": tr("yes or no"), "text": tr("free text")}
        told = kinds.get(item.kind) or ", ".join(item.values)
        told = told if len(told) <= 48 else told[:47].rstrip(", ") + "…"
        name = item.name or tr("Without a name")
        self.head.setText((f"{name}: {told}" if told else name).replace("&", "&&"))
        folded = "chevron-right" if self.sheet is None else "chevron-down"
        set_icon(self.head, folded, "muted", 12)
        dress(self.head, self._theme)

    def unfold(self, on: bool) -> None:
        """Show the fields, or hide them."""
        if on == (self.sheet is not None):
            return
        if self.sheet is not None:
            self.sheet.hide()
            self._column.removeWidget(self.sheet)
            self.sheet.deleteLater()
            self.sheet = None
        else:
            self.sheet = self._build()
            self._column.addWidget(self.sheet)
            dress(self.sheet, self._theme)
        self._show_head()

    def _build(self) -> Sheet:
        item = self.attribute
        sheet = Sheet(self._theme, f"attribute.{self._number}.")
        sheet.setContentsMargins(16, 0, 0, 12)
        sheet.line("name", tr("Name"), item.name, lambda text: self._set(name=text.strip()))
        kinds = (
            ("choice", tr("One of several values")),
            ("boolean", tr("Yes or no")),
            ("text", tr("Free text")),
        )
        sheet.choice("kind", tr("Kind"), kinds, item.kind, self._set_kind)
        if item.kind == "choice":
            sheet.lines(
                "values",
                tr("Values"),
                "\n".join(item.values),
                self._set_values,
                tr("One value a line; their order is the order of the digit keys."),
                rows=5,
            )
        self._build_default(sheet)
        sheet.tick(
            "required",
            tr("Needed before an article is submitted"),
            item.required,
            lambda on: self._set(required=on),
        )
        rules = [(None, tr("A person")), *((rule, auto_in_words(rule)) for rule in AUTO_RULES)]
        sheet.choice("auto", tr("Filled by"), rules, item.auto, lambda key: self._set(auto=key))
        sheet.line(
            "definition",
            tr("Meaning"),
            item.definition,
            lambda text: self._set(definition=text.strip()),
        )
        sheet.lines(
            "guideline",
            tr("Guideline"),
            item.guideline,
            lambda text: self._set(guideline=text),
        )
        return sheet

    def _build_default(self, sheet: Sheet) -> None:
        item = self.attribute
        title, hint = tr("Default"), tr("Holds where nothing is set.")
        if item.kind == "text":
            text = item.default if isinstance(item.default, str) else ""
            sheet.line("default", title, text, lambda t: self._set(default=t or None), hint)
            return
        options: list[tuple[object, str]] = [(None, tr("None"))]
        if item.kind == "boolean":
            options += [(True, tr("Yes")), (False, tr("No"))]
        else:
            options += [(value, value) for value in item.values]
        sheet.choice(
            "default", title, options, item.default, lambda key: self._set(default=key), hint
        )

    def _set(self, **values: object) -> None:
        self.attribute = replace(self.attribute, **values)  # type: ignore[arg-type]
        self._show_head()
        self.changed.emit(self.attribute)

    def _set_kind(self, kind: object) -> None:
        if kind != self.attribute.kind:
            values = self.attribute.values if kind == "choice" else ()
            self._set(kind=kind, values=values, default=None)
            self.unfold(False)
            self.unfold(True)
            assert self.sheet is not None
            self.sheet.fields[f"attribute.{self._number}.kind"].setFocus()

    def _set_values(self, text: str) -> None:
        values = tuple(line.strip() for line in text.split("\n") if line.strip())
        default = self.attribute.default if self.attribute.default in values else None
        self._set(values=values, default=default)
        assert self.sheet is not None
        box = self.sheet.fields[f"attribute.{self._number}.default"]
        assert isinstance(box, QComboBox)
        while box.count() > 1:
            box.removeItem(1)
        box.addItems(list(values))
        box.setCurrentIndex(1 + values.index(str(default)) if default is not None else 0)
        box.activated.disconnect()
        box.activated.connect(lambda at: self._set(default=(None, *values)[at]))


def auto_in_words(rule: str) -> str:
    """Return what a rule that fills an attribute goes by."""
    return {
        "mention_form": tr("The program: name, noun or pronoun"),
        "quotation_form": tr("The program: by quotation marks"),
        "source_status": tr("The program: by the speaker it is linked to"),
        "place_form": tr("The program: name, adjective or demonym"),
    }.get(rule, rule)


class AttributeList(QWidget):
    """The attributes of a label or of a kind of entity."""

    changed = Signal(tuple, tuple)
    """The attributes, and the names that they have in the project's scheme."""

    def __init__(
        self,
        theme: Theme,
        attributes: tuple[Attribute, ...],
        origins: tuple[str | None, ...],
    ) -> None:
        super().__init__()
        self._theme = theme
        self._attributes = list(attributes)
        self._origins = list(origins)
        self.blocks: list[AttributeBlock] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.add = QPushButton(tr("Add an attribute"))
        self.add.setObjectName("button.add_attribute")
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._rows)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._fill(())

    def _fill(self, unfolded: tuple[int, ...]) -> None:
        for block in self.blocks:
            self._rows.removeWidget(block)
            block.hide()
            block.deleteLater()
        self.blocks = []
        last = len(self._attributes) - 1
        for at, attribute in enumerate(self._attributes):
            block = AttributeBlock(self._theme, attribute, at + 1)
            block.changed.connect(lambda item, at=at: self._take(at, item))
            block.up.clicked.connect(lambda _=False, at=at: self._move(at, -1))
            block.down.clicked.connect(lambda _=False, at=at: self._move(at, 1))
            block.remove.clicked.connect(lambda _=False, at=at: self._remove(at))
            block.up.setEnabled(at > 0)
            block.down.setEnabled(at < last)
            self.blocks.append(block)
            self._rows.addWidget(block)
            dress(block, self._theme)
            block.unfold(at in unfolded)

    def _unfolded(self) -> tuple[int, ...]:
        return tuple(at for at, block in enumerate(self.blocks) if block.sheet is not None)

    def _take(self, at: int, item: Attribute) -> None:
        self._attributes[at] = item
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(tuple(self._attributes), tuple(self._origins))

    def _add(self) -> None:
        self._attributes.append(Attribute(name="", kind="choice"))
        self._origins.append(None)
        at = len(self._attributes) - 1
        self._fill((*self._unfolded(), at))
        self._tell()
        sheet = self.blocks[at].sheet
        assert sheet is not None
        sheet.fields[f"attribute.{at + 1}.name"].setFocus()

    def _move(self, at: int, by: int) -> None:
        places = list(range(len(self._attributes)))
        places[at], places[at + by] = places[at + by], places[at]
        unfolded = tuple(places.index(old) for old in self._unfolded())
        self._attributes = [self._attributes[old] for old in places]
        self._origins = [self._origins[old] for old in places]
        self._fill(unfolded)
        self._tell()
        block = self.blocks[at + by]
        first, second = (block.up, block.down) if by < 0 else (block.down, block.up)
        (first if first.isEnabled() else second).setFocus()

    def _remove(self, at: int) -> None:
        unfolded = tuple(old - (old > at) for old in self._unfolded() if old != at)
        del self._attributes[at], self._origins[at]
        self._fill(unfolded)
        self._tell()
        left = min(at, len(self.blocks) - 1)
        (self.blocks[left].head if self.blocks else self.add).setFocus()

    def show_faults(self, faults: list[Fault]) -> None:
        """Say under each field what is wrong; a folded attribute with a fault unfolds."""
        for at, block in enumerate(self.blocks):
            mine = [fault for fault in faults if fault.field.startswith(f"attribute.{at + 1}.")]
            if mine:
                block.unfold(True)
            if block.sheet is not None:
                block.sheet.show_faults(mine)

    def field(self, name: str) -> QWidget | None:
        """Return the field called *name*, unfolding its attribute."""
        for at, block in enumerate(self.blocks):
            if name.startswith(f"attribute.{at + 1}."):
                block.unfold(True)
                assert block.sheet is not None
                return block.sheet.fields.get(name)
        return None


class ExampleList(QWidget):
    """Right and wrong examples: the sentence, with what is marked in [brackets], and why."""

    changed = Signal(tuple)

    def __init__(self, theme: Theme, examples: tuple[Example, ...]) -> None:
        super().__init__()
        self._theme = theme
        self._examples = list(examples)
        self.texts: list[QLineEdit] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self._holders: list[QWidget] = []
        self.add = QPushButton(tr("Add an example"))
        self.add.setObjectName("button.add_example")
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._rows)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._fill()

    def _fill(self) -> None:
        for holder in self._holders:
            self._rows.removeWidget(holder)
            holder.hide()
            holder.deleteLater()
        self._holders, self.texts = [], []
        for at, example in enumerate(self._examples):
            holder = self._row(at, example)
            self._holders.append(holder)
            self._rows.addWidget(holder)
            dress(holder, self._theme)

    def _row(self, at: int, example: Example) -> QWidget:
        number = at + 1
        text = QLineEdit(example.text)
        text.setCursorPosition(0)
        text.setObjectName(f"field.example.{number}.text")
        text.setAccessibleName(tr("Example {n}", n=number))
        text.setPlaceholderText(tr("A sentence with the words to mark in [brackets]"))
        text.textChanged.connect(lambda words, at=at: self._set(at, text=words))
        right = QComboBox()
        right.setObjectName(f"field.example.{number}.right")
        right.setAccessibleName(tr("Example {n}: right or wrong", n=number))
        right.addItems([tr("right"), tr("wrong")])
        right.setCurrentIndex(0 if example.right else 1)
        right.activated.connect(lambda index, at=at: self._set(at, right=index == 0))
        why = QLineEdit(example.why)
        why.setCursorPosition(0)
        why.setObjectName(f"field.example.{number}.why")
        why.setAccessibleName(tr("Example {n}: why", n=number))
        why.setPlaceholderText(tr("Why"))
        why.textChanged.connect(lambda words, at=at: self._set(at, why=words))
        remove = IconButton("trash", tr("Remove example {n}", n=number))
        remove.setObjectName(f"button.example.{number}.remove")
        remove.clicked.connect(lambda _=False, at=at: self._remove(at))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(text, 0, 0, 1, 2)
        grid.addWidget(remove, 0, 2)
        grid.addWidget(right, 1, 0)
        grid.addWidget(why, 1, 1)
        self.texts.append(text)
        return holder

    def _set(self, at: int, **values: object) -> None:
        self._examples[at] = replace(self._examples[at], **values)  # type: ignore[arg-type]
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(tuple(self._examples))

    def _add(self) -> None:
        self._examples.append(Example(text=""))
        self._fill()
        self._tell()
        self.texts[-1].setFocus()

    def _remove(self, at: int) -> None:
        del self._examples[at]
        self._fill()
        self._tell()
        left = min(at, len(self.texts) - 1)
        (self.texts[left] if self.texts else self.add).setFocus()
