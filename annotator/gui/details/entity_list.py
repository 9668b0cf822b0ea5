"""The people, places and groups of the project; Enter shows where an entity is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from annotator.gui.controls import Field, IconButton, WordButton
from annotator.gui.details.filter_row import FilterRow
from annotator.gui.details.intents import colour_of, entity_icon, entity_line, kind_title, words
from annotator.gui.parts import Elided, Themed
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, Entity, Span, name_key
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace


class EntityModel(RowModel):
    """Ids of entities by name, with the number of labels that stand for each."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.counts: dict[str, int] = {}

    def row(self, key: str) -> Row | None:
        entity = self._workspace.entities.get(key)
        if entity is None:
            return None
        scheme = self._workspace.scheme
        return Row(
            text=entity_line(entity, scheme),
            right=number(self.counts.get(key, 0)),
            icon=entity_icon(scheme, entity.kind),
        )

    def read(self, kind: str | None, query: str) -> None:
        """Show the entities of *kind* (None for all) with every word of *query* in a name."""
        asked = name_key(query).split()
        found = []
        for entity in self._workspace.entities.values():
            if kind is not None and entity.kind != kind:
                continue
            names = " ".join(name_key(name) for name in (entity.name, *entity.aliases))
            if all(word in names for word in asked):
                found.append((name_key(entity.name), entity.id))
        self.show_keys([key for _, key in sorted(found)])


class MentionModel(RowModel):
    """Ids of the spans that stand for one entity, article by article."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.spans: dict[str, Span] = {}
        self._titles: dict[str, str] = {}

    def read(self, entity_id: str) -> None:
        """Show where this entity is meant."""
        project = self._workspace.project
        spans = project.entity_spans_seen(entity_id)
        self.spans = {span.id: span for span in spans}
        self._titles = project.titles(span.article_id for span in spans)
        self.show_keys(list(self.spans))

    def row(self, key: str) -> Row | None:
        span = self.spans[key]
        return Row(
            text=words(span),
            second=self._titles.get(span.article_id, ""),
            colour=colour_of(self._workspace.scheme, span.label),
        )


class EntityList(Themed, QWidget):
    """Search, kinds, names; and the labels of one entity."""

    counted = Signal(int)
    left = Signal()
    entity_opened = Signal(str)
    """Id of an entity that is to be changed."""
    entity_added = Signal(str)
    """Kind of which a new entity is wanted."""
    entity_removed = Signal(str)

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("page.entities")
        self.setAccessibleName(tr("People and places of the project"))
        self._workspace = workspace
        self._kind: str | None = None
        self._stale = True
        self._of: str | None = None
        self.model = EntityModel(workspace)
        self.mentions_model = MentionModel(workspace)
        self.filters = FilterRow(theme, "kind")
        self.filters.chosen.connect(self._filter)
        self._build()
        self._connect()
        self._on_project()

    def _build(self) -> None:
        self.field = Field(self.theme, tr("Find a person or place"), icon_name="search")
        self.field.setObjectName("field.find_entity")
        self.field.installEventFilter(self)
        self.add = IconButton("plus", tr("Add a person or place"))
        self.add.setObjectName("button.add_entity")
        self.add.clicked.connect(self._ask_kind)
        empty = tr("People and places appear here once a label is linked to one.")
        self.rows = Rows(self.theme, self.model, empty=empty)
        self.rows.setObjectName("list.entities")
        self.rows.setAccessibleName(tr("People and places of the project"))
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.field, 1)
        top.addWidget(self.add)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        for item, left in ((top, 16), (self.filters, 11)):
            inset = QHBoxLayout()
            inset.setContentsMargins(left, 0, 8, 0)
            if isinstance(item, QWidget):
                inset.addWidget(item)
            else:
                inset.addLayout(item)
            column.addLayout(inset)
        column.addWidget(self.rows, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(page)
        self.pages.addWidget(self._build_mentions())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)

    def _build_mentions(self) -> QWidget:
        page = QWidget()
        self.back = IconButton("chevron-left", tr("All people and places"))
        self.back.setObjectName("button.all_entities")
        self.back.clicked.connect(self.show_all)
        self.name = Elided("", 13, 600)
        self.name.setObjectName("text.entity")
        self.change = WordButton(tr("Change"))
        self.change.setObjectName("button.change_entity")
        self.change.clicked.connect(lambda: self.entity_opened.emit(self._of or ""))
        empty = tr("No label stands for it yet.")
        self.mentions = Rows(self.theme, self.mentions_model, lines=2, empty=empty)
        self.mentions.setObjectName("list.mentions")
        self.mentions.setAccessibleName(tr("Labels that stand for it"))
        self.mentions.chosen.connect(self._go_to)
        self.mentions.left.connect(self.show_all)
        top = QHBoxLayout()
        top.setContentsMargins(8, 0, 8, 0)
        top.addWidget(self.back)
        top.addWidget(self.name, 1)
        top.addWidget(self.change)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.mentions, 1)
        return page

    def _connect(self) -> None:
        self.field.textChanged.connect(self.refresh)
        self.rows.left.connect(self.left)
        self.rows.chosen.connect(self.show_mentions)
        self.rows.removed.connect(lambda keys: self.entity_removed.emit(keys[0]))
        workspace = self._workspace
        workspace.project_opened.connect(self._on_project)
        workspace.project_closed.connect(self._on_project)
        workspace.article_opened.connect(self._on_reread)
        workspace.scheme_changed.connect(self.refresh)
        workspace.changed.connect(self._on_changed)

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the entities that are searched for; while nobody looks, only their number."""
        is_open = self._workspace.is_open
        self.counted.emit(len(self._workspace.entities) if is_open else 0)
        self._stale = not self.isVisible()
        if self._stale:
            return
        current = self.rows.current_key
        self._show_kinds()
        if is_open:
            self.model.read(self._kind, self.field.text())
        else:
            self.model.show_keys(())
        if current is not None:
            self.rows.go_to(current)

    def show_all(self) -> None:
        """Go back from the labels of one entity to all entities."""
        self._of = None
        self.pages.setCurrentIndex(0)
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_mentions(self, entity_id: str) -> None:
        """Show the labels that stand for an entity."""
        entity = self._workspace.entities.get(entity_id)
        if entity is None:
            return
        self._workspace.flush()
        self._of = entity_id
        self.mentions_model.read(entity_id)
        self.name.setText(entity.name)
        count = len(self.mentions_model.keys)
        self.name.setAccessibleDescription(tr_n(count, "{n} label", "{n} labels"))
        self.pages.setCurrentIndex(1)
        if count:
            self.mentions.setCurrentIndex(self.mentions_model.index(0))
        self.mentions.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_kinds(self) -> None:
        counts: dict[str, int] = {}
        for entity in self._workspace.entities.values():
            counts[entity.kind] = counts.get(entity.kind, 0) + 1
        kinds = self._workspace.scheme.entities if self._workspace.is_open else ()
        used = [kind for kind in kinds if counts.get(kind.name)]
        titles = {kind.name: kind_title(kind) for kind in used} if len(used) > 1 else {}
        if self._kind not in titles:
            self._kind = None
        self.filters.show_counts(titles, counts, self._kind)

    def _filter(self, kind: str | None) -> None:
        self._kind = kind
        self.refresh()

    # -- following ---------------------------------------------------------------------------

    def _on_project(self) -> None:
        self._kind = None
        self.field.clear()
        self.pages.setCurrentIndex(0)
        self._read_counts()
        self.refresh()

    def _read_counts(self) -> None:
        is_open = self._workspace.is_open
        self.model.counts = self._workspace.project.entity_counts() if is_open else {}

    def _on_reread(self) -> None:
        """The article was read again: entities may have come from elsewhere."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _on_changed(self, edit: Edit) -> None:
        touched = False
        for change in edit.changes:
            if isinstance(change.record, Span):
                before = change.before.entity_id if isinstance(change.before, Span) else None
                after = change.after.entity_id if isinstance(change.after, Span) else None
                self._shift(before, -1)
                self._shift(after, 1)
            touched = touched or isinstance(change.record, Entity)
        if touched:
            self.refresh()
            self._follow_entity()
        else:
            self.rows.viewport().update()

    def _shift(self, entity_id: str | None, by: int) -> None:
        if entity_id is not None:
            self.model.counts[entity_id] = max(self.model.counts.get(entity_id, 0) + by, 0)

    def _follow_entity(self) -> None:
        if self._of is None:
            return
        entity = self._workspace.entities.get(self._of)
        if entity is None:
            self.show_all()
        else:
            self.name.setText(entity.name)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._stale:
            self.refresh()

    def _go_to(self, key: str) -> None:
        span = self.mentions_model.spans[key]
        annotated = self._workspace.annotated
        if annotated is None or annotated.article.id != span.article_id:
            self._workspace.open_article(span.article_id, span.fragments[0])
        else:
            self._workspace.placed.emit(span.fragments[0])
        if span.layer_id == self._workspace.layer.id:
            self._workspace.select((span.id,))
        self.left.emit()

    def _ask_kind(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("menu.kinds")
        for kind in self._workspace.scheme.entities if self._workspace.is_open else ():
            action = menu.addAction(kind_title(kind).replace("&", "&&"))
            action.triggered.connect(lambda _=False, name=kind.name: self.entity_added.emit(name))
        menu.exec(self.add.mapToGlobal(self.add.rect().bottomLeft()))
        menu.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field: Down goes to the rows, Enter shows the first one's labels."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        match event.key():
            case Qt.Key.Key_Down:
                if self.model.keys and not self.rows.currentIndex().isValid():
                    self.rows.setCurrentIndex(self.model.index(0))
                self.rows.setFocus(Qt.FocusReason.TabFocusReason)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.model.keys:
                self.show_mentions(self.model.keys[0])
            case Qt.Key.Key_Escape if self.field.text():
                self.field.clear()
            case _:
                return False
        return True
