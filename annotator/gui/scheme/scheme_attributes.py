"""The attributes of a label or of a kind of entity, in the forms of the scheme editor."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from annotator.gui.controls import IconButton, WordButton
from annotator.gui.parts import dress, set_icon
from annotator.gui.scheme.scheme_faults import Fault
from annotator.gui.scheme.scheme_rows import GrowingList, Sheet
from annotator.gui.theme import Theme
from annotator.scheme import AUTO_RULES, Attribute
from annotator.translation import tr


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
        rules = [(None, tr("A person")), *((rule, _auto_in_words(rule)) for rule in AUTO_RULES)]
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


def _auto_in_words(rule: str) -> str:
    """Return what a rule that fills an attribute goes by."""
    return {
        "mention_form": tr("The program: name, noun or pronoun"),
        "quotation_form": tr("The program: by quotation marks"),
        "source_status": tr("The program: by the speaker it is linked to"),
        "place_form": tr("The program: name, adjective or demonym"),
    }.get(rule, rule)


class AttributeList(GrowingList):
    """The attributes of a label or of a kind of entity."""

    changed = Signal(tuple, tuple)
    """The attributes, and the names that they have in the project's scheme."""

    def __init__(
        self,
        theme: Theme,
        attributes: tuple[Attribute, ...],
        origins: tuple[str | None, ...],
    ) -> None:
        super().__init__(theme, tr("Add an attribute"), "add_attribute", between=0, above=4)
        self._attributes = list(attributes)
        self._origins = list(origins)
        self.blocks: list[AttributeBlock] = []
        self.add.clicked.connect(self._add)
        self._fill(())

    def _fill(self, unfolded: tuple[int, ...]) -> None:
        self._clear()
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
            self._show(block)
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
