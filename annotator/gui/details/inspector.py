"""What is selected: its words, attributes, slots, note, and the guideline of its label.

Nothing here is held that a record holds: the panel of a label is built once and shows whatever
spans are selected. Every change goes through ``editing`` to the workspace.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator import editing
from annotator.gui import span_menu
from annotator.gui.afterwards import lay_out
from annotator.gui.article.over_scroll import OverScroll
from annotator.gui.controls import IconButton
from annotator.gui.details.intents import (
    do,
)
from annotator.gui.details.note_field import NoteField
from annotator.gui.details.span_head import SpanHead, show_flag
from annotator.gui.details.span_panel import SpanPanel
from annotator.gui.details.span_panels import SpanPanels
from annotator.gui.parts import Themed, label, px
from annotator.gui.review.comments import Comments
from annotator.gui.theme import Theme
from annotator.model import Comment, Edit, Entity, Layer, Relation, Span
from annotator.scheme import Label
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace


class Inspector(Themed, QScrollArea):
    """The upper part of the right dock."""

    left = Signal()
    entity_wanted = Signal(object)
    """Ids of the spans whose entity is to be chosen."""
    entity_opened = Signal(str)
    """Id of an entity that is to be changed."""
    resized = Signal()
    """The room that is wanted may have changed."""
    refreshed = Signal()
    """Everything is shown and laid out anew, and not painted yet."""

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("panel.inspector")
        self.setAccessibleName(tr("Selected label"))
        self._workspace = workspace
        self._actions = actions
        self._panel: SpanPanel | None = None
        self._ids: tuple[str, ...] = ()
        self._left_behind: tuple[str, ...] = ()
        self._commenting = ""
        self._laying_out = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        OverScroll(self)
        self._build()
        self._panels = SpanPanels(self, self._body, workspace, actions, self._connect_panel)
        self._connect()
        self.refresh()

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.head = SpanHead(self._workspace, self._actions, self.theme)
        self.head.unsure_turned.connect(self._set_unsure)
        self.head.menu_wanted.connect(self._show_menu)
        self._column.addWidget(self.head)
        self._place_of_panel = self._column.count()
        self._foot = self._build_foot()
        self._column.addWidget(self._foot)
        self._column.addStretch(1)
        self.setWidget(self._body)
        self._body.installEventFilter(self)
        # A scroll area lets what it shows fill its own ground.
        self._body.setAutoFillBackground(False)

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        self.note = NoteField(self.theme, tr("Note for the reviewer"), self._actions.key("note"))
        self.note.setObjectName("field.note")
        self.note.written.connect(self._write_note)
        self.note.left.connect(self.left)
        self._article_heading = label(tr("The whole article"), 11, 600, "muted")
        self.article_note = NoteField(
            self.theme, tr("Note on the article"), self._actions.key("article.note")
        )
        self.article_note.setObjectName("field.article_note")
        self.article_note.written.connect(self._write_article_note)
        self.article_note.left.connect(self._leave_article_note)
        self.article_flag = IconButton("flag", tr("Unsure about the article"))
        self.article_flag.setObjectName("button.article_unsure")
        self.article_flag.setCheckable(True)
        self.article_flag.clicked.connect(self._toggle_article_unsure)
        article = QHBoxLayout()
        article.addWidget(self._article_heading, 1)
        article.addWidget(self.article_flag)
        self.comments = Comments(self._workspace, self.theme)
        self.comments.left.connect(self._leave_comment)
        column = QVBoxLayout(foot)
        column.setContentsMargins(16, 6, 16, 10)
        column.setSpacing(4)
        column.addWidget(self.note)
        column.addLayout(article)
        column.addWidget(self.article_note)
        column.addSpacing(4)
        column.addWidget(self.comments)
        return foot

    def _connect(self) -> None:
        workspace = self._workspace
        workspace.selection_changed.connect(self._on_selection)
        workspace.article_opened.connect(self._later)
        workspace.project_closed.connect(self._forget_panels)
        workspace.linking_changed.connect(self._later)
        workspace.scheme_changed.connect(self._forget_panels)
        workspace.project_opened.connect(self._forget_panels)
        workspace.changed.connect(self._on_changed)
        self._actions.keys_changed.connect(self._show_keys)

    # -- what is shown -----------------------------------------------------------------------

    @property
    def panel(self) -> SpanPanel | None:
        """Attributes and slots of what is selected."""
        return self._panel

    @property
    def spans(self) -> list[Span]:
        """The selected spans."""
        annotated = self._workspace.annotated
        if annotated is None:
            return []
        found = (annotated.spans.get(key) for key in self._workspace.selected)
        return [span for span in found if span is not None]

    @property
    def _label_name(self) -> str | None:
        """The label that all selected spans have."""
        labels = {span.label for span in self.spans}
        return labels.pop() if len(labels) == 1 else None

    def refresh(self) -> None:
        """Show what is selected now."""
        self._keep_typed()
        self._ids = self._workspace.selected
        spans, name = self.spans, self._label_name
        before = self._panel
        # Each widget that is shown would have all of it laid out: that is done once, afterwards.
        self._column.setEnabled(False)
        try:
            self._show_panel(name)
            self._show_head(spans, name)
            self._show_values()
            self._show_comments(spans)
        finally:
            self._column.setEnabled(True)
            self._column.update()
        if self._panel is not before:
            self.verticalScrollBar().setValue(0)
        self._lay_out()

    def _lay_out(self) -> None:
        self._laying_out = True
        lay_out()
        self._laying_out = False
        self.refreshed.emit()

    def _later(self) -> None:
        self._workspace.afterwards.show(self, self._bring_up)

    def _bring_up(self) -> None:
        """Show what is selected now; each part that is not built yet is, in a turn of its own."""
        item = self._label(self._label_name)
        if item is not None and self._panels.build_part(item):
            self._later()
        else:
            self.refresh()

    def _on_selection(self) -> None:
        self._keep_typed()
        self._later()

    def _keep_typed(self) -> None:
        """Before other labels are shown, keep what is being typed about the former ones."""
        if self._workspace.selected == self._ids:
            return
        if self._ids:
            self.note.keep()
            if self._panel is not None:
                self._panel.form.keep()
        else:
            self.article_note.keep()

    @property
    def _present(self) -> tuple[str, ...]:
        """Ids of the labels that are shown, as far as they are still there."""
        annotated = self._workspace.annotated
        spans = {} if annotated is None else annotated.spans
        return tuple(key for key in self._ids if key in spans)

    def _on_changed(self, edit: Edit) -> None:
        kinds = (Span, Relation, Entity, Layer, Comment)
        if any(isinstance(change.record, kinds) for change in edit.changes):
            self._later()

    def _show_comments(self, spans: list[Span]) -> None:
        """Show what was said about the one selected label, or about the article where none is."""
        annotated = self._workspace.annotated
        record_id = spans[0].id if len(spans) == 1 else ""
        if annotated is not None and not spans:
            record_id = annotated.article.id
        if annotated is None or not record_id:
            self.comments.show_nothing()
        else:
            layer_id = self._workspace.layer.id
            self.comments.show_record(annotated.article.id, layer_id, record_id)
        if self._commenting != record_id:
            self._commenting = ""
        self.comments.setVisible(bool(self._commenting) or self.comments.has_comments)

    def _forget_panels(self) -> None:
        """Build everything anew: there is another scheme."""
        self._show_panel(None)
        self._panels.forget()
        self._later()

    def _label(self, name: str | None) -> Label | None:
        if name is None or not self._workspace.is_open:
            return None
        return self._workspace.scheme.label(name)

    def _show_panel(self, name: str | None) -> None:
        item = self._label(name)
        wanted = None if item is None else self._panels.panel(item)
        if wanted is self._panel:
            return
        for widget in self._panels.parts_of(self._panel):
            self._column.removeWidget(widget)
            widget.hide()
        self._panel = wanted
        for place, widget in enumerate(self._panels.parts_of(wanted)):
            last = self._column.count() - 1
            self._column.insertWidget(last if place else self._place_of_panel, widget)
            widget.show()

    def first_focus(self) -> QWidget | None:
        """Let Tab go through this from top to bottom, and return where it begins."""
        self._workspace.afterwards.now(self)
        stops = [
            stop
            for stop in self._body.findChildren(QWidget)
            if stop.isVisible() and stop.isEnabled()
            if stop.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]

        def place(stop: QWidget) -> tuple[int, int]:
            corner = stop.mapTo(self._body, QPoint(0, 0))
            return corner.y() + stop.height() // 2, corner.x()

        stops.sort(key=place)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        return stops[0] if stops else None

    def _connect_panel(self, panel: SpanPanel) -> None:
        panel.attribute_changed.connect(self._set_attribute)
        panel.asked_relation.connect(lambda name: self._actions.run(f"relation.{name}"))
        panel.asked_entity.connect(lambda: self.entity_wanted.emit(self._workspace.selected))
        panel.cleared_relations.connect(self._clear_relations)
        panel.cleared_entity.connect(self._clear_entity)
        panel.dropped.connect(self._fill)
        panel.left.connect(self.left)

    def _show_head(self, spans: list[Span], name: str | None) -> None:
        some = bool(spans)
        self.head.show_spans(spans, name)
        self.note.setVisible(some)
        article_only = not some and self._workspace.annotated is not None
        for widget in (self._article_heading, self.article_flag, self.article_note):
            widget.setVisible(article_only)

    def _show_values(self) -> None:
        self._workspace.afterwards.now(self)
        spans = self.spans
        if spans:
            notes = {span.note for span in spans}
            self.note.show_text(notes.pop() if len(notes) == 1 else "")
            self.head.show_unsure(all(span.unsure for span in spans))
            if self._panel is not None:
                self._panel.show_spans(spans)
        elif self._workspace.annotated is not None:
            layer = self._workspace.desk.present_layer
            self.article_note.show_text(layer.note)
            show_flag(self.article_flag, layer.unsure, self.theme)

    def _show_keys(self) -> None:
        self.note.set_key(self._actions.key("note"))
        self.article_note.set_key(self._actions.key("article.note"))
        self.comments.set_key(self._actions.key("comment"))
        self.head.refresh_keys()
        self._panels.refresh_keys()

    # -- keyboard ----------------------------------------------------------------------------

    def write_note(self) -> None:
        """Put the keyboard into the note of the selected spans."""
        self._workspace.afterwards.now(self)
        if self.spans:
            self._come_to(self.note)

    def write_comment(self, link_id: str = "") -> None:
        """Put the keyboard into the field for a comment on the label, its link, or the article."""
        self._workspace.afterwards.now(self)
        annotated = self._workspace.annotated
        if annotated is None or len(self.spans) > 1:
            self._workspace.note(tr("Select one label, or none for the article."))
            return
        self._commenting = self.spans[0].id if self.spans else annotated.article.id
        self._show_comments(self.spans)
        if link_id:
            self.comments.begin_about(link_id)
        else:
            self.comments.write()
        self._body.updateGeometry()
        self.ensureWidgetVisible(self.comments.field)

    def _leave_comment(self) -> None:
        """Go back to the text; a field that was asked for goes where nothing was written."""
        if not self.comments.field.toPlainText().strip():
            self._commenting = ""
            self.comments.setVisible(self.comments.has_comments)
        self.left.emit()

    def write_article_note(self) -> None:
        """Put the keyboard into the note on the whole article."""
        self._left_behind = self._workspace.selected
        self._workspace.select(())
        self._workspace.afterwards.now(self)
        if self._workspace.annotated is not None:
            self._come_to(self.article_note)

    def _leave_article_note(self) -> None:
        """Go back to the text, to the spans that were selected there."""
        annotated = self._workspace.annotated
        if annotated is not None and not self._workspace.selected:
            self._workspace.select(tuple(k for k in self._left_behind if k in annotated.spans))
        self._left_behind = ()
        self.left.emit()

    def type_attribute(self, name: str) -> None:
        """Put the keyboard into the editor of an attribute."""
        self._workspace.afterwards.now(self)
        if self._panel is not None and self._panel.form.type(name):
            self.ensureWidgetVisible(self._panel.form.editors[name])

    def _come_to(self, field: NoteField) -> None:
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for other room when what is shown has grown or shrunk."""
        layout = event.type() == QEvent.Type.LayoutRequest
        if watched is self._body and layout and not self._laying_out:
            self.resized.emit()
        return super().eventFilter(watched, event)

    @property
    def natural_height(self) -> int:
        """The height at which nothing has to be scrolled."""
        self._column.activate()
        width = max(self.viewport().width(), px(296))
        layout = self._body.layout()
        assert layout is not None
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return layout.totalSizeHint().height()

    # -- edits -------------------------------------------------------------------------------

    def _set_attribute(self, name: str, value: object) -> None:
        ids = self._present
        if ids:
            desk = self._workspace.desk
            do(self._workspace, lambda: editing.set_attribute(desk, ids, name, value))
            self._show_values()

    def _write_note(self, text: str) -> None:
        ids = self._present
        if ids:
            do(self._workspace, lambda: editing.set_note(self._workspace.desk, ids, text))

    def _write_article_note(self, text: str) -> None:
        do(self._workspace, lambda: editing.set_article_note(self._workspace.desk, text))

    def _set_unsure(self, on: bool) -> None:
        ids = self._workspace.selected
        do(self._workspace, lambda: editing.set_unsure(self._workspace.desk, ids, on))
        self._show_values()

    def _toggle_article_unsure(self) -> None:
        on = self.article_flag.isChecked()
        do(self._workspace, lambda: editing.set_article_unsure(self._workspace.desk, on))
        self._show_values()

    def _clear_relations(self, ids: list[str]) -> None:
        do(self._workspace, lambda: editing.unrelate(self._workspace.desk, ids))

    def _clear_entity(self) -> None:
        ids = self._workspace.selected
        do(self._workspace, lambda: editing.attach(self._workspace.desk, ids, None))

    def _fill(self, relation: str, target: str) -> None:
        ids = self._workspace.selected
        desk = self._workspace.desk
        do(self._workspace, lambda: editing.relate(desk, ids, relation, target=target))

    # -- menu --------------------------------------------------------------------------------

    def _show_menu(self) -> None:
        menu = self.menu()
        menu.exec(self.head.below_more)
        menu.deleteLater()

    def menu(self) -> QMenu:
        """Make the menu of what can be done with the selected spans."""
        menu = QMenu(self)
        menu.setObjectName("menu.span")
        menu.setAccessibleName(self.accessibleName())
        span_menu.fill(menu, self._workspace, self._actions, self.entity_opened.emit)
        return menu
