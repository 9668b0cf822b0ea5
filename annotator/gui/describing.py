"""What is said about the selected spans: values of attributes, doubts, who or where they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from annotator import editing
from annotator.gui.details.intents import do
from annotator.model import Entity, new_id
from annotator.scheme import Attribute
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.walking import Walking
    from annotator.gui.workspace import Workspace


class Describing(QObject):
    """Turns the keys for attributes and entities into edits of the selected spans."""

    entity_wanted = Signal(object)
    """Ids of the spans for which somebody is to be chosen."""
    attribute_wanted = Signal(str)
    """Name of a free-text attribute that is to be typed."""

    def __init__(self, workspace: Workspace, walking: Walking, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._walking = walking

    def turn_attribute(self, number: int, by: int = 1) -> None:
        """Give the attribute with this digit its next value, or with -1 the one before."""
        ids = self._walking.needed()
        if not ids:
            return
        span = self._workspace.desk.annotated.spans[ids[0]]
        label = self._workspace.scheme.label(span.label)
        attributes = () if label is None else label.numbered_attributes
        if number > len(attributes):
            count = len(attributes)
            self._workspace.note(
                tr_n(count, "This label has {n} attribute.", "This label has {n} attributes.")
            )
            return
        attribute = attributes[number - 1]
        if attribute.kind == "text":
            self.attribute_wanted.emit(attribute.name)
            return
        following = next_value(
            attribute, span.attributes.get(attribute.name, attribute.default), by
        )
        do(
            self._workspace,
            lambda: editing.set_attribute(self._workspace.desk, ids, attribute.name, following),
        )

    def toggle_unsure(self) -> None:
        """Flag the selected spans, or else the article, as unsure; or take the flag back."""
        spans = self._walking.selected()
        desk = self._workspace.desk
        if spans:
            ids = tuple(span.id for span in spans)
            do(self._workspace, lambda: editing.set_unsure(desk, ids, not spans[0].unsure))
            return
        unsure = not desk.layer.unsure
        if do(self._workspace, lambda: editing.set_article_unsure(desk, unsure)) is not None:
            flagged = tr("The article is flagged as unsure.")
            self._workspace.note(
                flagged if unsure else tr("The article is not flagged as unsure any more.")
            )

    def attach(self) -> None:
        """Offer the people and places that the selected spans can stand for."""
        ids = self._walking.needed()
        if ids:
            self.entity_wanted.emit(ids)

    def attach_new(self) -> None:
        """Make an entity named as the selected span's words, and attach it."""
        ids = self._walking.needed()
        if not ids:
            return
        span = self._workspace.desk.annotated.spans[ids[0]]
        label = self._workspace.scheme.label(span.label)
        if label is None or label.entity is None:
            self._workspace.note(tr("{label} stands for no person or place.", label=span.label))
            return
        language = self._workspace.structure.language
        name = editing.new_name(label, span.text, language)
        entity = Entity(id=new_id(), kind=label.entity, name=name)
        do(self._workspace, lambda: editing.attach(self._workspace.desk, ids, entity))

    def attach_likely(self) -> None:
        """Attach who or where the selected spans most likely mean: "he" is who spoke before."""
        ids = self._walking.needed()
        if not ids:
            return
        desk = self._workspace.desk
        entity = editing.likely_entity(desk, ids[0])
        if entity is None:
            self._workspace.note(tr("Nobody and nowhere fits yet."))
        elif do(self._workspace, lambda: editing.attach(desk, ids, entity)) is not None:
            self._workspace.note(tr("This is {name}.", name=entity.name))


def next_value(attribute: Attribute, now: Any, by: int) -> Any:
    """Return the value after *now* in the circle of the attribute's values, or the one before."""
    values: list[Any] = [False, True] if attribute.kind == "boolean" else [*attribute.values]
    if attribute.default is None:
        values.insert(0, None)
    return values[(values.index(now) + by) % len(values)] if now in values else values[0]
