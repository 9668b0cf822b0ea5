"""The links of the open article, with the words at both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QVBoxLayout, QWidget

from annotator import editing
from annotator.gui.details.intents import Places, colour_of, do, title, words
from annotator.gui.parts import Themed
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, Entity, Relation, Span
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace


class RelationModel(RowModel):
    """Ids of the relations of the author's layer, by their sources in reading order."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._places = Places()

    def read(self) -> None:
        """Read the open article anew."""
        annotated = self._workspace.annotated
        layer = None if annotated is None else self._workspace.layer.id
        ties = [] if annotated is None or layer is None else annotated.relations_of(layer)
        self.show_keys([tie.id for tie in ties])

    def row(self, key: str) -> Row | None:
        annotated = self._workspace.annotated
        tie = None if annotated is None else annotated.relations.get(key)
        source = None if annotated is None or tie is None else annotated.spans.get(tie.source)
        if annotated is None or tie is None or source is None:
            return None
        scheme = self._workspace.scheme
        relation = scheme.relation(tie.label)
        slot = title(tie.label if relation is None else relation.prompt or relation.name)
        target = annotated.spans.get(tie.target or "")
        entity = self._workspace.entities.get(tie.target_entity or "")
        end = "" if entity is None else entity.name
        if target is not None:
            end = words(target)
        return Row(
            text=words(source),
            second=tr("{slot}: {words}", slot=slot, words=end),
            right=self._places.paragraph(annotated.article, source.start),
            colour=colour_of(scheme, source.label),
        )


class RelationList(Themed, QWidget):
    """The links; Enter goes to the two ends, Del removes."""

    counted = Signal(int)
    comment_wanted = Signal(str)
    """Id of a link that somebody wants to say something about; its source is selected."""
    left = Signal()

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("page.links")
        self.setAccessibleName(tr("Links in the article"))
        self._workspace = workspace
        self._stale = True
        self.model = RelationModel(workspace)
        empty = tr("Nothing is linked in this article yet. Select a claim and press R.")
        self.rows = Rows(theme, self.model, lines=2, empty=empty)
        self.rows.setObjectName("list.links")
        self.rows.setAccessibleName(tr("Links in the article"))
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.rows.left.connect(self.left)
        self.rows.chosen.connect(self._choose)
        self.rows.removed.connect(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.rows)
        workspace.article_opened.connect(self._later)
        workspace.project_closed.connect(self.refresh)
        workspace.scheme_changed.connect(self.refresh)
        workspace.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Read the open article anew; while nobody looks, only their number."""
        self._stale = not self.isVisible()
        if not self._stale:
            current = self.rows.current_key
            self.model.read()
            if current is not None:
                self.rows.go_to(current)
        self.counted.emit(self._count())

    def _later(self) -> None:
        self._workspace.afterwards.show(self, self.refresh)

    def _count(self) -> int:
        annotated = self._workspace.annotated
        if annotated is None:
            return 0
        layer = self._workspace.layer.id
        return sum(1 for tie in annotated.relations.values() if tie.layer_id == layer)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._stale:
            self.refresh()

    def _on_changed(self, edit: Edit) -> None:
        ties = [change for change in edit.changes if isinstance(change.record, Relation)]
        if ties:
            self.refresh()
        elif any(isinstance(change.record, Span | Entity) for change in edit.changes):
            self.rows.viewport().update()

    def _choose(self, key: str) -> None:
        tie = self._workspace.desk.annotated.relations.get(key)
        if tie is None:
            return
        self._workspace.select((tie.source,))
        source = self._workspace.desk.annotated.spans[tie.source]
        self._workspace.placed.emit(source.fragments[0])
        self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Make the menu of the link that the keyboard is on."""
        menu = QMenu(self)
        menu.setObjectName("menu.link")
        key = self.rows.current_key
        if key is not None:
            comment = menu.addAction(tr("Write a comment on the link"))
            comment.triggered.connect(lambda: self._comment(key))
            remove = menu.addAction(tr("Remove the link"))
            remove.triggered.connect(lambda: self._remove([key]))
        return menu

    def _comment(self, key: str) -> None:
        tie = self._workspace.desk.annotated.relations.get(key)
        if tie is not None:
            self._workspace.select((tie.source,))
            self.comment_wanted.emit(key)

    def _remove(self, keys: list[str]) -> None:
        do(self._workspace, lambda: editing.unrelate(self._workspace.desk, keys))
