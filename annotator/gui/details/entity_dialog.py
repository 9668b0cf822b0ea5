"""One entity: name, aliases, identifiers, what its kind asks for, coordinates, a note.

Merging, splitting and deleting start here; all of it is one undoable edit each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator import editing
from annotator.errors import UserError
from annotator.gui.details.desks import desks_of
from annotator.gui.details.entity_pages import MergePage, SplitPage
from annotator.gui.details.intents import attribute_title, title, value_text
from annotator.gui.dialogs import Complaint, Form, PlainDialog, line, lines, typed_lines
from annotator.gui.parts import dress, label, px, set_type
from annotator.gui.theme import Theme
from annotator.model import Edit, Entity, Span, new_id
from annotator.scheme import Attribute
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

_TRUTH = {"": None, "true": True, "false": False}


def degrees(text: str, most: int) -> float | None:
    """Read an angle in degrees, with a point or a comma; None for nothing.

    Raises ValueError for what is no number between -*most* and *most*.
    """
    if not text.strip():
        return None
    value = float(text.strip().replace(",", ".").removesuffix("°"))
    if not math.isfinite(value) or abs(value) > most:
        raise ValueError(text)
    return value


def pair(text: str) -> tuple[str, str] | None:
    """Take a pasted pair of coordinates apart: ``60.39, 5.32``; None where it is none."""
    parts = text.replace(";", " ").replace(", ", " ").split()
    if len(parts) == 1 and text.count(",") == 1 and "." in text:
        parts = text.split(",")
    return (parts[0].strip(","), parts[1]) if len(parts) == 2 else None


def identifiers(texts: list[str]) -> dict[str, str]:
    """Read lines such as ``geonames 3161732`` or ``wikidata: Q26793``."""
    found = {}
    for text in texts:
        name, _, value = text.replace(":", " ", 1).partition(" ")
        found[name.strip()] = value.strip()
    return found


class EntityDialog(PlainDialog):
    """Changes an entity that there is, or makes a new one of a kind."""

    def __init__(
        self, workspace: Workspace, theme: Theme, entity: Entity, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "dialog.entity", entity.name or title(entity.kind), parent)
        self._workspace = workspace
        self._entity = entity
        self._is_new = entity.id not in workspace.entities
        self._kind = workspace.scheme.entity_kind(entity.kind)
        self._attributes: dict[str, QComboBox | QLineEdit] = {}
        self.merging: MergePage | None = None
        self.splitting: SplitPage | None = None
        self._build()
        dress(self, theme)
        self.resize(px(540), px(600))

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self._build_form())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        kind = title(self._entity.kind)
        heading = tr("New: {kind}", kind=kind) if self._is_new else kind
        self.heading = label(heading, 15, 600)
        self.heading.setContentsMargins(4, 0, 4, 0)
        column.addWidget(self.heading)
        column.addWidget(self.pages, 1)
        self._foot = QWidget()
        self._foot.setLayout(self._build_buttons())
        column.addWidget(self._foot)

    def _build_form(self) -> QWidget:
        inner = QWidget()
        self._form = Form(inner)
        entity = self._entity
        self.name = line(entity.name)
        self._form.add(tr("Name"), self.name, "field.name")
        self._wrong_name = Complaint("error.name")
        self._form.addRow("", self._wrong_name)
        self.aliases = lines(self.theme, "\n".join(entity.aliases), tr("One name a line"))
        self._form.add(tr("Other names"), self.aliases, "field.aliases")
        for attribute in self._kind.attributes if self._kind is not None else ():
            self._add_attribute(attribute)
        told = "\n".join(f"{name} {value}" for name, value in entity.identifiers.items())
        self.identifiers = lines(self.theme, told, tr("One a line, such as wikidata Q26793"), 2)
        self._form.add(tr("Identifiers"), self.identifiers, "field.identifiers")
        if self._kind is not None and self._kind.coordinates:
            self._add_coordinates()
        self.note = lines(self.theme, entity.note, rows=2)
        self._form.add(tr("Note"), self.note, "field.entity_note")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(4, 4, 4, 4)  # the ring of focus stands outside the fields
        column.addWidget(inner)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(page)
        return area

    def _add_attribute(self, attribute: Attribute) -> None:
        value = self._entity.attributes.get(attribute.name, attribute.default)
        field: QComboBox | QLineEdit
        if attribute.kind == "text":
            field = line(value_text(value))
        else:
            field = QComboBox()
            set_type(field)
            truth = attribute.kind == "boolean"
            values = ["true", "false"] if truth else [*attribute.values]
            if attribute.default is None:
                field.addItem("", "")
            for item in values:
                field.addItem(value_text(_TRUTH[item]) if truth else item, item)
            shown = str(value).lower() if truth else value
            field.setCurrentIndex(max(field.findData(shown or ""), 0))
        self._attributes[attribute.name] = field
        name = attribute_title(attribute, self._entity.kind)
        self._form.add(name, field, f"field.{attribute.name}")

    def _add_coordinates(self) -> None:
        entity = self._entity
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        self.latitude = line("" if entity.latitude is None else str(entity.latitude), tr("north"))
        self.longitude = line("" if entity.longitude is None else str(entity.longitude), tr("east"))
        self.latitude.textChanged.connect(self._take_pair)
        row.addWidget(self.latitude)
        row.addWidget(self.longitude)
        self._form.add(tr("Coordinates"), holder, "field.coordinates")
        for field, name, spoken in (
            (self.latitude, "field.latitude", tr("Degrees north")),
            (self.longitude, "field.longitude", tr("Degrees east")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(spoken)
        self._wrong_place = Complaint("error.coordinates")
        self._form.addRow("", self._wrong_place)

    def _build_buttons(self) -> QHBoxLayout:
        self.buttons.setContentsMargins(4, 0, 4, 0)
        if not self._is_new:
            self.button(tr("Merge"), "button.merge", self.show_merge)
            self.button(tr("Split"), "button.split", self.show_split)
            self.button(tr("Delete"), "button.delete", self.delete)
        self.buttons.addStretch(1)
        self.button(tr("Cancel"), "button.cancel", self.reject)
        self.button(tr("Save"), "button.save", self.save, default=True)
        return self.buttons

    # -- what was typed ----------------------------------------------------------------------

    def _take_pair(self, text: str) -> None:
        """A pair of coordinates pasted into the first field fills both."""
        found = pair(text)
        if found is not None:
            self.latitude.setText(found[0])
            self.longitude.setText(found[1])

    def _typed(self) -> Entity | None:
        """Return the entity as it was typed; None, with the reason on screen, where it is wrong."""
        place = self._typed_place()
        self._wrong_name.say("", self.name)
        if not self.name.text().strip():
            self._wrong_name.say(tr("Please give it a name."), self.name)
            self.name.setFocus()
            return None
        if place is None:
            return None
        return replace(
            self._entity,
            name=self.name.text().strip(),
            aliases=tuple(dict.fromkeys(typed_lines(self.aliases))),
            identifiers=identifiers(typed_lines(self.identifiers)),
            latitude=place[0],
            longitude=place[1],
            attributes=self._typed_attributes(),
            note=self.note.toPlainText().strip(),
        )

    def _typed_place(self) -> tuple[float | None, float | None] | None:
        if self._kind is None or not self._kind.coordinates:
            return self._entity.latitude, self._entity.longitude
        found = []
        self._wrong_place.say("", self.longitude)
        self._wrong_place.say("", self.latitude)
        for field, most, text in (
            (self.latitude, 90, tr("Degrees north lie between -90 and 90, such as 60.39.")),
            (self.longitude, 180, tr("Degrees east lie between -180 and 180, such as 5.32.")),
        ):
            try:
                found.append(degrees(field.text(), most))
            except ValueError:
                self._wrong_place.say(text, field)
                field.setFocus()
                return None
        if (found[0] is None) != (found[1] is None):
            text = tr("A place needs both: degrees north and degrees east.")
            self._wrong_place.say(text, self.longitude if found[1] is None else self.latitude)
            return None
        return found[0], found[1]

    def _typed_attributes(self) -> dict[str, Any]:
        found = dict(self._entity.attributes)
        for attribute in self._kind.attributes if self._kind is not None else ():
            field = self._attributes[attribute.name]
            value: Any = field.text().strip() if isinstance(field, QLineEdit) else None
            if isinstance(field, QComboBox):
                value = field.currentData()
                value = _TRUTH[value] if attribute.kind == "boolean" else value
            shown = self._entity.attributes.get(attribute.name, attribute.default)
            if value == shown or (not value and shown in (None, "")):
                continue
            if value in (None, "", attribute.default):
                found.pop(attribute.name, None)
            else:
                found[attribute.name] = value
        return found

    # -- edits -------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep what was typed, as one edit."""
        after = self._typed()
        if after is None:
            return
        if after == self._entity:
            self.accept()
        elif self._is_new:
            self._perform(
                lambda: editing.create_entity(after), tr("Added {name}.", name=after.name)
            )
        else:
            told = tr("Changed {name}.", name=after.name)
            renamed = after.name != self._entity.name
            self._workspace.flush()
            spans = self._workspace.project.entity_spans(after.id) if renamed else []
            self._perform(lambda: editing.update_entity(self._entity, after), told, spans)

    def delete(self) -> None:
        """Delete the entity; labels stand for nobody then, and undo brings all of it back."""
        self._workspace.flush()
        project, key = self._workspace.project, self._entity.id
        spans, ties = project.entity_spans(key), project.entity_relations(key)
        told = tr_n(
            len(spans),
            "Deleted {name}, for which {n} label stood.",
            "Deleted {name}, for which {n} labels stood.",
            name=self._entity.name,
        )
        self._perform(lambda: editing.delete_entity(self._entity, spans, ties), told)

    def show_merge(self) -> None:
        """Ask with which others of its kind it is to be merged."""
        if self.merging is None:
            self.merging = MergePage(self._workspace, self.theme, self._entity)
            self.merging.confirmed.connect(self._merge)
            self._add_page(self.merging)
        self._show_page(self.merging)

    def show_split(self) -> None:
        """Ask which of its labels stand for somebody else."""
        if self.splitting is None:
            self.splitting = SplitPage(self._workspace, self.theme, self._entity)
            self.splitting.confirmed.connect(self._split)
            self._add_page(self.splitting)
        self._show_page(self.splitting)

    def _add_page(self, page: MergePage | SplitPage) -> None:
        self.pages.addWidget(page)
        page.cancelled.connect(self.show_form)
        dress(page, self.theme)

    def _show_page(self, page: MergePage | SplitPage) -> None:
        self._workspace.flush()
        page.refresh()
        self.pages.setCurrentWidget(page)
        self._foot.hide()
        page.field.setFocus()

    def show_form(self) -> None:
        """Come back from merging or splitting."""
        self.pages.setCurrentIndex(0)
        self._foot.show()
        self.name.setFocus()

    def _merge(self, others: list[Entity]) -> None:
        project = self._workspace.project
        spans = [span for other in others for span in project.entity_spans(other.id)]
        ties = [tie for other in others for tie in project.entity_relations(other.id)]
        ties += project.entity_relations(self._entity.id)
        told = tr_n(
            len(others),
            "Merged {n} other into {name}.",
            "Merged {n} others into {name}.",
            name=self._entity.name,
        )
        self._perform(lambda: editing.merge_entities(self._entity, others, spans, ties), told)

    def _split(self, name: str, span_ids: list[str]) -> None:
        wanted = set(span_ids)
        spans = [
            span
            for span in self._workspace.project.entity_spans(self._entity.id)
            if span.id in wanted
        ]
        new = Entity(id=new_id(), kind=self._entity.kind, name=name)
        self._perform(
            lambda: editing.split_entity(self._entity, new, spans),
            tr_n(
                len(spans),
                "{n} label is split off {name}.",
                "{n} labels are split off {name}.",
                name=self._entity.name,
            ),
        )

    def _perform(self, make: Callable[[], Edit], told: str, spans: Sequence[Span] = ()) -> None:
        """Perform an edit, with the filled values that follow from it in every article."""
        workspace = self._workspace
        try:
            edit = make()
            articles = editing.unsettled(edit, workspace.entities, spans)
            edit = editing.settled(edit, desks_of(workspace, articles))
        except UserError as error:
            self._wrong_name.say(reason(error))
            return
        if self._workspace.perform(edit):
            self._workspace.note(told)
            self.accept()
