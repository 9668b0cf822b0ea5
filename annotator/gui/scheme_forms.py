"""The forms of the scheme editor: a label, a relation, a kind of entity, the scheme itself.

A form shows one part of the scheme and says in ``changed`` what has become of it; it keeps
everything that it does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from annotator.gui import theme as themes
from annotator.gui.attribute_editor import AttributeEditor
from annotator.gui.controls import Flow
from annotator.gui.dialogs import Form, line, lines, typed_lines
from annotator.gui.parts import Themed, label, px, set_type
from annotator.gui.theme import Theme
from annotator.scheme import EntityKind, Example, Label, RelationLabel, Scheme
from annotator.translation import tr

_WARM = frozenset({"red", "orange", "amber"})


def choice(options: Sequence[tuple[str, Any]], value: Any) -> QComboBox:
    """Return a list of which one holds."""
    made = QComboBox()
    for text, data in options:
        made.addItem(text, data)
    row = next((n for n, (_, data) in enumerate(options) if data == value), -1)
    made.setCurrentIndex(row)
    set_type(made)
    return made


def tick(text: str, on: bool) -> QCheckBox:
    """Return a tick box with its sentence."""
    made = QCheckBox(text.replace("&", "&&"))
    made.setChecked(on)
    set_type(made)
    return made


def examples_text(examples: Sequence[Example]) -> str:
    """Return examples as lines: ``+ right | why``, ``- wrong | why``."""
    rows = []
    for item in examples:
        why = f" | {' '.join(item.why.split())}" if item.why else ""
        rows.append(f"{'+' if item.right else '-'} {' '.join(item.text.split())}{why}")
    return "\n".join(rows)


def examples_of(texts: Sequence[str]) -> tuple[Example, ...]:
    """Read the lines of :func:`examples_text`; a line without a sign is a right example."""
    found = []
    for text in texts:
        right = not text.startswith(("-", "–"))
        body = text[1:] if text[:1] in "+-–" else text
        shown, _, why = body.partition(" | ")
        found.append(Example(text=shown.strip(), right=right, why=why.strip()))
    return tuple(found)


class SchemeForm(Themed, QWidget):
    """What all forms have in common."""

    changed = Signal(object)
    """What the part of the scheme has become."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(name)
        self.form = Form(self)
        self.form.setContentsMargins(16, 4, 16, 16)

    def add(self, name: str, field: QWidget, object_name: str) -> None:
        """Add a field whose changes are told."""
        self.form.add(name, field, object_name)
        self._watch(field)

    def add_tick(self, box: QCheckBox, object_name: str) -> None:
        """Add a tick box, which says itself what it is about."""
        box.setObjectName(object_name)
        self.form.addRow("", box)
        self._watch(box)

    def _watch(self, field: QWidget) -> None:
        tell = self.tell
        if isinstance(field, QLineEdit):
            field.textEdited.connect(lambda _text: tell())
        elif isinstance(field, QPlainTextEdit):
            field.textChanged.connect(tell)
        elif isinstance(field, QComboBox):
            field.activated.connect(lambda _n: tell())
            if field.isEditable():
                field.editTextChanged.connect(lambda _text: tell())
        elif isinstance(field, QCheckBox):
            field.toggled.connect(lambda _on: tell())

    def value(self) -> object:
        """Return the part of the scheme as it is typed now."""
        raise NotImplementedError

    def tell(self) -> None:
        """Say what the part has become."""
        self.changed.emit(self.value())


class TitleForm(SchemeForm):
    """Name and description of the scheme."""

    def __init__(self, scheme: Scheme, theme: Theme) -> None:
        super().__init__(theme, "form.scheme")
        self._scheme = scheme
        self.title = line(scheme.title)
        self.add(tr("Name"), self.title, "scheme.title")
        self.id = line(scheme.id)
        self.add(tr("Short name in exports"), self.id, "scheme.id")
        self.description = lines(theme, " ".join(scheme.description.split()), rows=5)
        self.add(tr("Description"), self.description, "scheme.description")

    def value(self) -> Scheme:
        return replace(
            self._scheme,
            title=self.title.text().strip(),
            id=self.id.text().strip(),
            description=self.description.toPlainText().strip(),
        )


class LabelForm(SchemeForm):
    """A label: name, key, colour, meaning, what it may carry."""

    def __init__(self, item: Label, scheme: Scheme, theme: Theme) -> None:
        super().__init__(theme, "form.label")
        self._item = item
        self._scheme = scheme
        self.name = line(item.name)
        self.key = line(item.key)
        self.key.setMaxLength(1)
        self.colour = self._build_colour(item.colour)
        self.contrast = label(size=12, tone="muted")
        self.contrast.setObjectName("text.contrast")
        self.contrast.setWordWrap(True)
        self.definition = lines(theme, " ".join(item.definition.split()), rows=2)
        self.guideline = lines(theme, item.guideline, rows=5)
        self.examples = lines(theme, examples_text(item.examples), rows=4)
        self.examples.setPlaceholderText(tr("+ right example | why, or - wrong example | why"))
        kinds = [(tr("nothing"), None), *((kind.name, kind.name) for kind in scheme.entities)]
        self.entity = choice(kinds, item.entity)
        pieces = [(tr("any number"), None), (tr("one only"), 1)]
        if item.max_fragments not in (None, 1):
            pieces.append((str(item.max_fragments), item.max_fragments))
        self.pieces = choice(pieces, item.max_fragments)
        self.cross = tick(tr("Two of them may overlap without one in the other"), item.may_cross)
        self.enabled = tick(tr("In use"), item.enabled)
        self.attributes = AttributeEditor(item.attributes, theme)
        self.attributes.changed.connect(self.tell)
        self._lay_out()
        self._show_contrast()

    def _lay_out(self) -> None:
        self.add(tr("Name"), self.name, "label.name")
        self.add_tick(self.enabled, "label.enabled")
        self.add(tr("Key"), self.key, "label.key")
        self.add(tr("Colour"), self.colour, "label.colour")
        self.form.addRow("", self.contrast)
        self.add(tr("Definition"), self.definition, "label.definition")
        self.add(tr("Stands for"), self.entity, "label.entity")
        self.add(tr("Pieces"), self.pieces, "label.pieces")
        self.add_tick(self.cross, "label.may_cross")
        self.form.add(tr("Attributes"), self.attributes, "label.attributes")
        self.add(tr("Guideline"), self.guideline, "label.guideline")
        self.add(tr("Examples"), self.examples, "label.examples")

    def _build_colour(self, colour: str) -> QComboBox:
        made = QComboBox()
        made.setEditable(True)
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for name in self.theme.palette:
            made.addItem(self._swatch(name), name, name)
        made.setCurrentText(colour)
        made.setIconSize(QSize(px(16), px(16)))
        set_type(made)
        return made

    def _swatch(self, colour: str) -> QIcon:
        picture = QPixmap(px(16), px(16))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.label(colour).base)
            painter.drawRoundedRect(QRectF(picture.rect()), 3, 3)
        finally:
            painter.end()
        return QIcon(picture)

    def _show_contrast(self) -> None:
        """Say how well the chip can be read in each theme, and what some people cannot tell."""
        colour = self.colour.currentText().strip() or "grey"
        told = []
        for name in themes.NAMES:
            theme = themes.load(name)
            found = theme.label(colour)
            ratio = themes.contrast(found.base, found.tint)
            told.append(tr("{theme} {ratio} : 1", theme=theme.title, ratio=f"{ratio:.1f}"))
        text = tr("Contrast of the chip: {ratios}.", ratios=", ".join(told))
        colours = {item.colour for item in self._scheme.labels if item.name != self._item.name}
        colours.add(colour)
        if "location" in colours and colours & _WARM:
            text += " " + tr("Green beside a warm colour is hard to tell apart for some people.")
        self.contrast.setText(text)

    def tell(self) -> None:
        self._show_contrast()
        super().tell()

    def value(self) -> Label:
        self._item = replace(
            self._item,
            name=self.name.text().strip(),
            key=self.key.text().strip().upper(),
            colour=self.colour.currentText().strip() or "grey",
            definition=self.definition.toPlainText().strip(),
            guideline=_kept(self.guideline, self._item.guideline),
            examples=examples_of(typed_lines(self.examples)),
            attributes=self.attributes.attributes,
            entity=self.entity.currentData(),
            max_fragments=self.pieces.currentData(),
            may_cross=self.cross.isChecked(),
            enabled=self.enabled.isChecked(),
        )
        return self._item


class RelationForm(SchemeForm):
    """A relation: what it leads from and to, how many there may be."""

    def __init__(self, item: RelationLabel, scheme: Scheme, theme: Theme) -> None:
        super().__init__(theme, "form.relation")
        self._item = item
        names = [(entry.name, entry.name) for entry in scheme.labels]
        self.name = line(item.name)
        self.prompt = line(item.prompt)
        self.key = line(item.key, tr("such as R or Shift+R"))
        self.source = choice(names, item.source)
        self.targets = {name: tick(name, name in item.targets) for name, _ in names}
        kinds = [(tr("nothing"), None), *((kind.name, kind.name) for kind in scheme.entities)]
        self.entity = choice(kinds, item.target_entity)
        self.least = choice([(tr("may be empty"), 0), (tr("one at least"), 1)], min(item.min, 1))
        most = [(tr("any number"), None), (tr("one"), 1)]
        if item.max not in (None, 1):
            most.append((str(item.max), item.max))
        self.most = choice(most, item.max)
        excused = "\n".join(
            f"{name} = {', '.join(values)}" for name, values in (item.unless or {}).items()
        )
        self.unless = lines(theme, excused, tr("such as source_status = implied, unnamed"), 2)
        self.idle = tick(tr("Each target must have one"), item.target_min > 0)
        self.inside = tick(tr("Must lie inside its target"), item.inside)
        self.definition = lines(theme, " ".join(item.definition.split()), rows=2)
        self.guideline = lines(theme, item.guideline, rows=4)
        self._lay_out()

    def _lay_out(self) -> None:
        holder = QWidget()
        flow = Flow(holder, gap=12)
        for name, box in self.targets.items():
            box.setObjectName(f"relation.target.{name}")
            self._watch(box)
            flow.addWidget(box)
        self.add(tr("Name"), self.name, "relation.name")
        self.add(tr("Name of the slot"), self.prompt, "relation.prompt")
        self.add(tr("Key"), self.key, "relation.key")
        self.add(tr("Leads from"), self.source, "relation.source")
        self.form.add(tr("Leads to"), holder, "relation.targets")
        self.add(tr("Or to an entity"), self.entity, "relation.entity")
        self.add(tr("Needed"), self.least, "relation.min")
        self.add(tr("At most"), self.most, "relation.max")
        self.add(tr("Not needed where"), self.unless, "relation.unless")
        self.add_tick(self.idle, "relation.target_min")
        self.add_tick(self.inside, "relation.inside")
        self.add(tr("Definition"), self.definition, "relation.definition")
        self.add(tr("Guideline"), self.guideline, "relation.guideline")

    def value(self) -> RelationLabel:
        item = self._item
        self._item = replace(
            item,
            name=self.name.text().strip(),
            prompt=self.prompt.text().strip(),
            key=self.key.text().strip(),
            source=self.source.currentData() or "",
            targets=tuple(name for name, box in self.targets.items() if box.isChecked()),
            target_entity=self.entity.currentData(),
            min=max(item.min, 1) if self.least.currentData() else 0,
            max=self.most.currentData(),
            unless=_conditions(typed_lines(self.unless)),
            target_min=max(item.target_min, 1) if self.idle.isChecked() else 0,
            inside=self.inside.isChecked(),
            definition=self.definition.toPlainText().strip(),
            guideline=_kept(self.guideline, item.guideline),
        )
        return self._item


class KindForm(SchemeForm):
    """A kind of entity: its name, what it carries, whether it lies somewhere."""

    def __init__(self, item: EntityKind, used: int, theme: Theme, why: Callable[[], str]) -> None:
        super().__init__(theme, "form.kind")
        self._item = item
        self.name = line(item.name)
        self.name.setEnabled(used == 0)
        self.title = line(item.title)
        self.definition = lines(theme, " ".join(item.definition.split()), rows=3)
        self.coordinates = tick(tr("Lies somewhere on the map"), item.coordinates)
        self.reasons = lines(theme, "\n".join(item.nil_reasons), tr("One reason a line"), 3)
        self.attributes = AttributeEditor(item.attributes, theme)
        self.attributes.changed.connect(self.tell)
        self.add(tr("Name"), self.name, "kind.name")
        if used:
            told = label(why(), 12, tone="muted")
            told.setWordWrap(True)
            self.form.addRow("", told)
        self.add(tr("Name of the list"), self.title, "kind.title")
        self.add(tr("Definition"), self.definition, "kind.definition")
        self.add_tick(self.coordinates, "kind.coordinates")
        self.add(tr("May stay open because"), self.reasons, "kind.reasons")
        self.form.add(tr("Attributes"), self.attributes, "kind.attributes")

    def value(self) -> EntityKind:
        self._item = replace(
            self._item,
            name=self.name.text().strip(),
            title=self.title.text().strip(),
            definition=self.definition.toPlainText().strip(),
            coordinates=self.coordinates.isChecked(),
            nil_reasons=tuple(typed_lines(self.reasons)),
            attributes=self.attributes.attributes,
        )
        return self._item


def _kept(field: QPlainTextEdit, before: str) -> str:
    """Return what is typed; a text that only differs in blanks at its ends stays as it was."""
    typed = field.toPlainText()
    return before if typed.strip() == before.strip() else typed.strip()


def _conditions(texts: Sequence[str]) -> dict[str, tuple[str, ...]] | None:
    found = {}
    for text in texts:
        name, _, values = text.partition("=")
        found[name.strip()] = tuple(item.strip() for item in values.split(",") if item.strip())
    return found or None
