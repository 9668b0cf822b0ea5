"""The forms of the scheme editor: one for each kind of thing in a scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from annotator.gui.ask import Ask
from annotator.gui.details.intents import title
from annotator.gui.parts import label
from annotator.gui.scheme.scheme_attributes import AttributeList
from annotator.gui.scheme.scheme_draft import Entry, Item, SchemeDraft
from annotator.gui.scheme.scheme_examples import ExampleList
from annotator.gui.scheme.scheme_faults import Fault
from annotator.gui.scheme.scheme_fields import ColourField, KeyField, Ticks
from annotator.gui.scheme.scheme_reasons import ReasonList
from annotator.gui.scheme.scheme_rows import Sheet
from annotator.gui.theme import Theme
from annotator.scheme import (
    Attribute,
    EntityKind,
    Example,
    Guideline,
    Label,
    RelationLabel,
    Scheme,
)
from annotator.translation import tr

MOST = 99
"""The largest number that can be asked of a link."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every form needs."""

    theme: Theme
    ask: Ask
    draft: SchemeDraft
    reasons_given: Mapping[str, int]
    """How many decisions of the project give each reason."""


def phrase_kinds() -> list[tuple[str, str]]:
    """Return the kinds of stretches that can be proposed for a label, with their names."""
    return [
        ("speaker", tr("Speakers")),
        ("claim", tr("Clauses and quotations")),
        ("cue", tr("Verbs of saying")),
        ("name", tr("Names")),
        ("place", tr("Places")),
    ]


class Form(QWidget):
    """The fields of one entry; every change is told at once."""

    changed = Signal()
    rebuild_wanted = Signal(str)
    """The form has to be built anew; carries the field to go back to."""

    def __init__(self, setting: Setting, entry: Entry) -> None:
        super().__init__()
        self.setting = setting
        self.entry = entry
        self.item: Item = entry.item
        self.origins = entry.attributes
        self.sheet = Sheet(setting.theme)
        self.attributes: AttributeList | None = None
        self.examples: ExampleList | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 16, 24, 24)
        self._column.setSpacing(16)
        self._column.addWidget(self.sheet)
        self._build()
        self._column.addStretch(1)

    def _build(self) -> None:
        """Add the fields."""
        raise NotImplementedError

    @property
    def first(self) -> QWidget:
        """The field that a person comes to first."""
        return next(iter(self.sheet.fields.values()))

    def field(self, name: str) -> QWidget | None:
        """Return the field called *name*."""
        found = self.sheet.fields.get(name)
        if found is None and self.attributes is not None:
            found = self.attributes.field(name)
        return found

    def show_faults(self, faults: list[Fault]) -> None:
        """Say under each field what is wrong with it."""
        self.sheet.show_faults(faults)
        if self.attributes is not None:
            self.attributes.show_faults(faults)

    def set(self, **values: object) -> None:
        """Change the item."""
        self.item = replace(self.item, **values)  # type: ignore[arg-type]
        self.changed.emit()

    def _heading(self, text: str) -> None:
        self._column.addWidget(label(text, 11, 600, "muted"))

    def _add_attributes(self, attributes: tuple[Attribute, ...]) -> None:
        self._heading(tr("Attributes"))
        self.attributes = AttributeList(self.setting.theme, attributes, self.origins)
        self.attributes.changed.connect(self._take_attributes)
        self._column.addWidget(self.attributes)

    def _take_attributes(
        self, attributes: tuple[Attribute, ...], origins: tuple[str | None, ...]
    ) -> None:
        self.origins = origins
        self.set(attributes=attributes)

    def _add_examples(self, examples: tuple[Example, ...]) -> None:
        self._heading(tr("Examples"))
        self.examples = ExampleList(self.setting.theme, examples)
        self.examples.changed.connect(lambda kept: self.set(examples=kept))
        self._column.addWidget(self.examples)

    def _kinds(self) -> list[tuple[object, str]]:
        names = self.setting.draft.names("entity")
        return [(None, tr("Nothing")), *((key, title(name)) for key, name in names.items())]


class SchemeForm(Form):
    """Title and description of the scheme, and the reasons to reject a label."""

    def _build(self) -> None:
        item = cast("Scheme", self.item)
        self.sheet.line("title", tr("Name"), item.title, lambda text: self.set(title=text.strip()))
        self.sheet.lines(
            "description",
            tr("Description"),
            item.description,
            lambda text: self.set(description=text),
        )
        given = self.setting.reasons_given
        reasons = ReasonList(self.setting.theme, item.reasons, self.origins, given)
        reasons.changed.connect(self._take_reasons)
        sheet = self.sheet
        sheet.row("reasons", tr("Reasons to reject"), reasons,
                  tr("X and the digit give them in Review. A new name goes to the decisions that "
                     "give the old one; those of a reason that is removed keep it."))  # fmt: skip

    def _take_reasons(self, reasons: tuple[str, ...], origins: tuple[str | None, ...]) -> None:
        self.origins = origins
        self.set(reasons=reasons)


class LabelForm(Form):
    """Everything about one label."""

    def _build(self) -> None:
        item = cast("Label", self.item)
        sheet = self.sheet
        sheet.line("name", tr("Name"), item.name, self._rename)
        key = KeyField(item.key, combinations=False)
        key.key_changed.connect(lambda text: self.set(key=text))
        sheet.row("key", tr("Key"), key, tr("Marks while the text has the focus."))
        beside = frozenset(
            other.colour
            for token, other in self.setting.draft.labels()
            if token != self.entry.token and other.enabled
        )
        self.colour = ColourField(
            self.setting.theme, self.setting.ask, item.colour, item.name, beside
        )
        self.colour.colour_changed.connect(lambda colour: self.set(colour=colour))
        sheet.row("colour", tr("Colour"), self.colour)
        sheet.tick("enabled", tr("Switched on"), item.enabled, lambda on: self.set(enabled=on),
                   tr("Switched off, it is not offered; what is marked stays."))  # fmt: skip
        sheet.lines("definition", tr("Meaning"), item.definition,
                    lambda text: self.set(definition=text.strip()), rows=2)  # fmt: skip
        sheet.lines("guideline", tr("Guideline"), item.guideline,
                    lambda text: self.set(guideline=text), rows=5)  # fmt: skip
        sheet.choice("entity", tr("Stands for"), self._kinds(), item.entity,
                     lambda token: self.set(entity=token),
                     tr("Who or what can be attached to it."))  # fmt: skip
        sheet.tick("one_piece", tr("Always in one piece"), item.max_fragments == 1,
                   lambda on: self.set(max_fragments=1 if on else None),
                   tr("Otherwise fragments can be added."))  # fmt: skip
        sheet.tick("may_cross", tr("May cross its like"), item.may_cross,
                   lambda on: self.set(may_cross=on),
                   tr("Two of them may overlap without one holding the other."))  # fmt: skip
        phrases = Ticks("phrases", phrase_kinds(), item.phrases)
        phrases.ticked.connect(lambda kinds: self.set(phrases=self._phrases(kinds)))
        sheet.row("phrases", tr("Proposed for"), phrases)
        self._add_attributes(item.attributes)
        self._add_examples(item.examples)

    def _rename(self, text: str) -> None:
        self.colour.rename(text.strip())
        self.set(name=text.strip())

    def _phrases(self, ticked: tuple[str, ...]) -> tuple[str, ...]:
        """Return what is ticked, in the order that the scheme had; new ones come last."""
        before = cast("Label", self.item).phrases
        kept = tuple(kind for kind in before if kind in ticked)
        return (*kept, *(kind for kind in ticked if kind not in before))


class RelationForm(Form):
    """Everything about one kind of link."""

    def _build(self) -> None:
        item = cast("RelationLabel", self.item)
        sheet = self.sheet
        labels = self.setting.draft.names("label")
        sheet.line("name", tr("Name"), item.name, lambda text: self.set(name=text.strip()))
        key = KeyField(item.key, combinations=True)
        key.key_changed.connect(lambda text: self.set(key=text))
        sheet.row("key", tr("Key"), key, tr("Shift and another key are possible."))
        sheet.line("prompt", tr("Slot"), item.prompt, lambda text: self.set(prompt=text.strip()),
                   tr("What the place for it is called beside the article."))  # fmt: skip
        sheet.choice("source", tr("From"), labels.items(), item.source, self._set_source)
        targets = Ticks("targets", list(labels.items()), item.targets)
        targets.ticked.connect(lambda tokens: self.set(targets=tokens))
        sheet.row("targets", tr("To"), targets)
        sheet.choice("target_entity", tr("Or to"), self._kinds(), item.target_entity,
                     lambda token: self.set(target_entity=token),
                     tr("Where the other end has no words in the article."))  # fmt: skip
        self._number("min", tr("At least"), item.min, tr("Not needed"))
        self._number("max", tr("At most"), item.max or 0, tr("Any number"))
        self._number("target_min", tr("Each end has"), item.target_min, tr("Any number"),
                     tr("How many of these links have to lead to each target."))  # fmt: skip
        self._add_unless(item)
        sheet.tick("inside", tr("Lies inside its target"), item.inside,
                   lambda on: self.set(inside=on))  # fmt: skip
        sheet.lines("definition", tr("Meaning"), item.definition,
                    lambda text: self.set(definition=text.strip()), rows=2)  # fmt: skip
        sheet.lines("guideline", tr("Guideline"), item.guideline,
                    lambda text: self.set(guideline=text))  # fmt: skip

    def _set_source(self, token: object) -> None:
        if token != cast("RelationLabel", self.item).source:
            self.set(source=token, unless=None)
            self.rebuild_wanted.emit("source")

    def _number(self, name: str, text: str, number: int, none: str, hint: str = "") -> None:
        field = QSpinBox()
        field.setRange(0, MOST)
        field.setSpecialValueText(none)
        field.setValue(number)
        field.valueChanged.connect(lambda n: self._set_number(name, n))
        self.sheet.row(name, text, field, hint)

    def _set_number(self, name: str, number: int) -> None:
        self.set(**{name: None if name == "max" and number == 0 else number})
        if name == "min" and "unless" in self.sheet.fields:
            self.sheet.show_row("unless", number > 0)

    def _add_unless(self, item: RelationLabel) -> None:
        """Add, for each closed list of the source, the values for which no link is needed."""
        source = dict(self.setting.draft.labels()).get(item.source)
        lists = () if source is None else source.attributes
        options = [
            (f"{attribute.name}={value}", f"{title(attribute.name)}: {value}")
            for attribute in lists
            if attribute.kind == "choice"
            for value in attribute.values
        ]
        if not options:
            return
        unless = item.unless or {}
        chosen = [f"{name}={value}" for name, values in unless.items() for value in values]
        ticks = Ticks("unless", options, chosen)
        ticks.ticked.connect(self._set_unless)
        self.sheet.row("unless", tr("Unless"), ticks, tr("No link is needed for these."))
        self.sheet.show_row("unless", item.min > 0)

    def _set_unless(self, ticked: tuple[str, ...]) -> None:
        unless: dict[str, tuple[str, ...]] = {}
        for key in ticked:
            name, _, value = key.partition("=")
            unless[name] = (*unless.get(name, ()), value)
        self.set(unless=unless or None)


class EntityForm(Form):
    """Everything about one kind of people, places or other things."""

    def _build(self) -> None:
        item = cast("EntityKind", self.item)
        sheet = self.sheet
        sheet.line("name", tr("Name"), item.name, lambda text: self.set(name=text.strip()))
        sheet.line("title", tr("Title of the list"), item.title,
                   lambda text: self.set(title=text.strip()))  # fmt: skip
        sheet.lines("definition", tr("Meaning"), item.definition,
                    lambda text: self.set(definition=text.strip()), rows=2)  # fmt: skip
        sheet.tick("coordinates", tr("Has a place on the map"), item.coordinates,
                   lambda on: self.set(coordinates=on))  # fmt: skip
        sheet.lines("nil_reasons", tr("Reasons for none"), "\n".join(item.nil_reasons),
                    self._set_reasons,
                    tr("Why a label stays without one on purpose. One reason a line."))  # fmt: skip
        self._add_attributes(item.attributes)

    def _set_reasons(self, text: str) -> None:
        self.set(nil_reasons=tuple(line.strip() for line in text.split("\n") if line.strip()))


class RuleForm(Form):
    """A rule for an edge case."""

    def _build(self) -> None:
        item = cast("Guideline", self.item)
        sheet = self.sheet
        sheet.line("title", tr("Title"), item.title, lambda text: self.set(title=text.strip()))
        sheet.lines("text", tr("Rule"), item.text, lambda text: self.set(text=text), rows=5)
        labels = Ticks("labels", list(self.setting.draft.names("label").items()), item.labels)
        labels.ticked.connect(lambda tokens: self.set(labels=tokens))
        sheet.row("labels", tr("Shown beside"), labels)
        self._add_examples(item.examples)


def form_for(setting: Setting, entry: Entry) -> Form:
    """Return the form for *entry*."""
    kinds: dict[str, type[Form]] = {
        "label": LabelForm,
        "relation": RelationForm,
        "entity": EntityForm,
        "rule": RuleForm,
    }
    return kinds.get(entry.section, SchemeForm)(setting, entry)
