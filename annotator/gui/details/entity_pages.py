"""Merging entities that are the same, and splitting one that stands for two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from annotator.gui.controls import Field
from annotator.gui.details.entity_list import EntityModel, MentionModel
from annotator.gui.dialogs import line
from annotator.gui.parts import Themed, label, set_type
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Entity
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace


class Ticks(RowModel):
    """Rows of another model, with tick boxes."""

    def __init__(self, base: RowModel) -> None:
        super().__init__(base)
        self._base = base
        self.ticked: set[str] = set()

    def row(self, key: str) -> Row | None:
        row = self._base.row(key)
        return None if row is None else replace(row, checked=key in self.ticked)

    def take(self) -> None:
        """Show the rows of the other model as they are now."""
        self.show_keys(self._base.keys)

    def turn(self, key: str) -> None:
        """Tick a row, or take the tick back."""
        self.ticked ^= {key}
        row = self.row_of(key)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))


class TickPage(Themed, QWidget):
    """A sentence, something to type, rows to tick, and a button that says what will happen."""

    cancelled = Signal()
    turned = Signal()
    """Other rows are ticked than before."""

    def __init__(self, theme: Theme, name: str, text: str, model: Ticks, *, lines: int) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(name)
        self.model = model
        self._text = label(text, tone="muted")
        self._text.setWordWrap(True)
        self.rows = Rows(theme, model, lines=lines)
        self.rows.setObjectName(f"{name}.rows")
        self.rows.setAccessibleName(text)
        self.rows.ticked.connect(self._turn)
        self.rows.chosen.connect(self._turn)
        self.rows.left.connect(self.cancelled)
        self.confirm = QPushButton()
        self.confirm.setObjectName(f"{name}.confirm")
        self.confirm.setAutoDefault(False)
        self.cancel = QPushButton(tr("Back"))
        self.cancel.setObjectName(f"{name}.cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.cancelled)
        for button in (self.confirm, self.cancel):
            set_type(button, 13, 500)

    def _arrange(self, field: QWidget) -> None:
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(self._text)
        column.addWidget(field)
        column.addWidget(self.rows, 1)
        column.addLayout(foot)

    def _turn(self, key: str) -> None:
        self.model.turn(key)
        self.turned.emit()


class _Others(EntityModel):
    """Entities of one kind without one of them."""

    def __init__(self, workspace: Workspace, entity: Entity) -> None:
        super().__init__(workspace)
        self._entity = entity

    def read(self, kind: str | None, query: str) -> None:
        super().read(kind, query)
        self.show_keys([key for key in self.keys if key != self._entity.id])


class MergePage(TickPage):
    """Which others are the same as this entity."""

    confirmed = Signal(list)

    def __init__(self, workspace: Workspace, theme: Theme, entity: Entity) -> None:
        self._base = _Others(workspace, entity)
        text = tr("Which of these are {name} as well? Their names are kept.", name=entity.name)
        super().__init__(theme, "page.merge", text, Ticks(self._base), lines=1)
        self._base.setParent(self)
        self._workspace = workspace
        self._entity = entity
        self.field = Field(theme, tr("Type a name"), icon_name="search")
        self.field.setObjectName("page.merge.field")
        self.field.textChanged.connect(self.refresh)
        self.turned.connect(self._say)
        self.confirm.clicked.connect(self._confirm)
        self._arrange(self.field)
        self._say()

    def refresh(self) -> None:
        """Show the others whose names hold what is typed."""
        self._base.counts = self._workspace.project.entity_counts()
        self._base.read(self._entity.kind, self.field.text())
        self.model.take()

    def _say(self) -> None:
        count = len(self.model.ticked)
        self.confirm.setEnabled(count > 0)
        self.confirm.setText(tr_n(count, "Merge {n} other", "Merge {n} others"))

    def _confirm(self) -> None:
        entities = self._workspace.entities
        self.confirmed.emit([entities[key] for key in sorted(self.model.ticked)])


class SplitPage(TickPage):
    """Which labels stand for somebody or something else."""

    confirmed = Signal(str, list)

    def __init__(self, workspace: Workspace, theme: Theme, entity: Entity) -> None:
        self._base = MentionModel(workspace)
        text = tr("Which of these labels are not {name}?", name=entity.name)
        super().__init__(theme, "page.split", text, Ticks(self._base), lines=2)
        self._base.setParent(self)
        self._entity = entity
        self.field = line(hint=tr("Name of the other one"))
        self.field.setObjectName("page.split.field")
        self.field.setAccessibleName(tr("Name of the other one"))
        self.field.textChanged.connect(lambda _text: self._say())
        self.turned.connect(self._say)
        self.confirm.clicked.connect(self._confirm)
        self._arrange(self.field)
        self._say()

    def refresh(self) -> None:
        """Show the labels that stand for the entity."""
        self._base.read(self._entity.id)
        self.model.take()

    def _say(self) -> None:
        count = len(self.model.ticked)
        self.confirm.setEnabled(count > 0 and bool(self.field.text().strip()))
        self.confirm.setText(tr_n(count, "Split {n} label off", "Split {n} labels off"))

    def _confirm(self) -> None:
        self.confirmed.emit(self.field.text().strip(), sorted(self.model.ticked))
