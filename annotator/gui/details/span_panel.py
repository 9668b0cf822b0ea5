"""Attributes and slots of the selected spans; built once for each label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.gui.details.attribute_form import AttributeForm
from annotator.gui.details.intents import colour_of, entity_icon, entity_line, title, words
from annotator.gui.details.slots import Filling, SlotGroup
from annotator.gui.parts import Hairline, Themed
from annotator.gui.theme import Theme
from annotator.model import Relation, Span
from annotator.scheme import Label, RelationLabel
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace


class SpanPanel(Themed, QWidget):
    """Attributes and slots of spans with one label; ``seldom`` holds the slots seldom filled."""

    attribute_changed = Signal(str, object)
    asked_relation = Signal(str)
    asked_entity = Signal()
    cleared_relations = Signal(list)
    cleared_entity = Signal()
    dropped = Signal(str, str)
    """Name of a relation, id of the span that was dropped into its slot."""
    left = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, item: Label, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.label = item
        self._workspace = workspace
        self._actions = actions
        self.form = AttributeForm(item, item.numbered_attributes, theme)
        self.form.changed.connect(self.attribute_changed)
        self.form.left.connect(self.left)
        self.groups: dict[str, SlotGroup] = {}
        self.entity: SlotGroup | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if item.attributes:
            column.addWidget(self.form)
            column.addWidget(Hairline(theme))
        else:
            self.form.setParent(self)
            self.form.hide()
        self._slots = QVBoxLayout()
        self._slots.setContentsMargins(0, 10, 0, 2)
        self._slots.setSpacing(8)
        column.addLayout(self._slots)
        self.seldom = QWidget()
        self.seldom.setObjectName("panel.seldom")
        self._seldom = QVBoxLayout(self.seldom)
        self._seldom.setContentsMargins(0, 0, 0, 6)
        self._seldom.setSpacing(2)

    def build(self) -> Iterator[None]:
        """Build attributes and slots, a part at a time; the panel is of use after the last."""
        yield from self.form.build_rows()
        yield
        self._build_slots()

    def _build_slots(self) -> None:
        relations = self._workspace.scheme.relations_from(self.label.name)
        for relation in relations:
            name = title(relation.prompt or relation.name)
            key = self._actions.key(f"relation.{relation.name}")
            group = SlotGroup(self.theme, name, key, secondary=relation.inside)
            group.heading.setToolTip("")
            group.asked.connect(lambda name=relation.name: self.asked_relation.emit(name))
            group.dropped.connect(lambda key, name=relation.name: self.dropped.emit(name, key))
            group.cleared.connect(self.cleared_relations)
            self.groups[relation.name] = group
            (self._seldom if relation.inside else self._slots).addWidget(group)
        if self.label.entity is not None:
            key = self._actions.key("entity.attach")
            name = title(self.label.entity)
            self.entity = SlotGroup(self.theme, name, key, secondary=bool(relations))
            self.entity.asked.connect(self.asked_entity)
            self.entity.cleared.connect(lambda _keys: self.cleared_entity.emit())
            (self._seldom if relations else self._slots).addWidget(self.entity)

    def refresh_keys(self) -> None:
        """Show the keys that the slots have now."""
        for name, group in self.groups.items():
            group.set_key(self._actions.key(f"relation.{name}"))
        if self.entity is not None:
            self.entity.set_key(self._actions.key("entity.attach"))

    def show_spans(self, spans: list[Span]) -> None:
        """Show what *spans* carry, all of which have this panel's label."""
        self.form.show_spans(spans)
        for name, group in self.groups.items():
            relation = self._workspace.scheme.relation(name)
            if relation is not None:
                per_span = [self._fillings(span, relation) for span in spans]
                group.show_fillings(per_span, waiting=self._workspace.linking == name)
        if self.entity is not None:
            self.entity.show_fillings([self._entity(span) for span in spans])

    def _fillings(self, span: Span, relation: RelationLabel) -> list[Filling]:
        annotated = self._workspace.desk.annotated
        found = []
        for tie in annotated.relations_from(span.id, relation.name):
            target = annotated.spans.get(tie.target or "")
            if target is not None:
                found.append((target.start, self._to_span(tie, target)))
            elif tie.target_entity is not None:
                found.append((len(annotated.article.text), self._to_entity(tie)))
        return [filling for _, filling in sorted(found, key=lambda item: item[0])]

    def _to_span(self, tie: Relation, target: Span) -> Filling:
        scheme = self._workspace.scheme
        entity = self._workspace.entities.get(target.entity_id or "")
        second = "" if entity is None else entity_line(entity, scheme)
        text = words(target)
        return Filling(
            tie.id, text, "" if second == text else second, colour_of(scheme, target.label)
        )

    def _to_entity(self, tie: Relation) -> Filling:
        entity = self._workspace.entities.get(tie.target_entity or "")
        name = tr("Not in the project any more") if entity is None else entity.name
        picture = "person" if entity is None else entity_icon(self._workspace.scheme, entity.kind)
        return Filling(tie.id, name, tr("without words in the text"), icon=picture)

    def _entity(self, span: Span) -> list[Filling]:
        entity = self._workspace.entities.get(span.entity_id or "")
        if entity is None:
            return []
        line = entity_line(entity, self._workspace.scheme)
        told = line.removeprefix(entity.name).removeprefix(", ")
        picture = entity_icon(self._workspace.scheme, entity.kind)
        return [Filling(entity.id, entity.name, told, icon=picture)]
