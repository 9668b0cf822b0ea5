"""The page in the middle: the article, the search above it, and the keys that work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from annotator.gui.armed_cursor import armed_cursor
from annotator.gui.article.article_look import Look
from annotator.gui.article.text_view import ArticleView
from annotator.gui.find_bar import FindBar
from annotator.gui.marking import Marking
from annotator.gui.parts import label
from annotator.gui.text_menu import TextMenu
from annotator.model import Comment, Layer, LayerKind, LayerState
from annotator.review import remarks
from annotator.review.rounds import SECOND_ROUND
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.details.right_dock import RightDock
    from annotator.gui.label_bar import LabelBar
    from annotator.gui.main_window import MainWindow
    from annotator.gui.modes import Prompt
    from annotator.model import Edit, Fragment


class ArticlePage(QWidget):
    """Shows the open article of the workspace, and keeps the view in step with it."""

    def __init__(self, window: MainWindow, labels: LabelBar) -> None:
        super().__init__()
        self._labels = labels
        self._window = window
        self._workspace = window.workspace
        self._all_relations = False
        self.view = ArticleView(self._look())
        self.view.setObjectName("view.article")
        self.view.setAccessibleName(tr("Article"))
        window.commands.attach_text(self.view)
        self.marking = Marking(self._workspace, self.view, window.commands, window.settings, self)
        self.search = FindBar(self._workspace, window.commands, self.view, window.theme)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._build_empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.search)
        column.addWidget(self._pages, 1)
        self._connect()

    def _build_empty(self) -> QWidget:
        page = QWidget()
        page.setObjectName("page.no_article")
        text = label(
            tr("No articles yet. Drop files or a folder here, or press Ctrl I."), 15, tone="muted"
        )
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(page)
        column.setContentsMargins(64, 64, 64, 64)
        column.addWidget(text)
        return page

    def _connect(self) -> None:
        workspace, window = self._workspace, self._window
        workspace.article_opened.connect(self.show_article)
        workspace.project_opened.connect(self._on_project)
        workspace.project_closed.connect(self._on_closed)
        workspace.changed.connect(self._on_changed)
        workspace.scheme_changed.connect(self.set_look)
        workspace.selection_changed.connect(self._on_selection)
        workspace.placed.connect(self.go_to)
        self.view.files_dropped.connect(window.import_paths)
        self.marking.prompt_changed.connect(self._labels.show_prompt)
        self.marking.prompt_changed.connect(self._show_armed)
        self.search.hits_changed.connect(self.marking.set_hits)
        self.search.project_search_wanted.connect(window.search_project)
        commands = window.commands
        commands.on("find", self.search.open)
        commands.on("find.next", lambda: self.search.step(1))
        commands.on("find.previous", lambda: self.search.step(-1))
        commands.on("density", self.toggle_density)
        commands.on("relation.all", self.toggle_relations)
        commands.on("snap", self.toggle_snap)
        self.view.copyAvailable.connect(self._show_copying)
        self._show_copying(False)

    def _show_copying(self, possible: bool) -> None:
        self._window.commands.enable("copy", possible, tr("Select words first."))

    def connect_details(self, details: RightDock) -> None:
        """Let the right dock answer what the keys in the article ask for."""
        marking = self.marking
        for wanted in (
            marking.entity_wanted,
            marking.note_wanted,
            marking.comment_wanted,
            marking.attribute_wanted,
            marking.occurrences_wanted,
        ):
            wanted.connect(self._want_details)
        marking.entity_wanted.connect(details.pick_entity)
        marking.note_wanted.connect(details.focus_note)
        marking.comment_wanted.connect(details.write_comment)
        marking.attribute_wanted.connect(details.focus_attribute)
        marking.occurrences_wanted.connect(details.show_occurrences)
        TextMenu(self._workspace, self._window.commands, self.view, marking, details.change_entity)
        details.left.connect(self._window.focus_text)
        details.warned.connect(self.view.set_warned)

    def _want_details(self, *_arguments: object) -> None:
        self._window.panels.open_right()

    # -- the article -------------------------------------------------------------------------

    def _on_project(self) -> None:
        self.set_look()
        if self._workspace.annotated is None:
            self.view.show_article(None, None, "")
            self._pages.setCurrentIndex(1)

    def _on_closed(self) -> None:
        self.view.show_article(None, None, "")
        self.search.hide()

    def show_article(self) -> None:
        """Show the article that was opened, with the machine's suggestions beside the own layer."""
        annotated = self._workspace.annotated
        if annotated is None:
            return
        self._tell_round(annotated)
        self._pages.setCurrentIndex(0)
        others = tuple(
            layer.id for layer in annotated.layers.values() if layer.kind == LayerKind.SUGGESTER
        )
        self.view.show_article(
            annotated, self._workspace.structure, self._workspace.layer.id, others
        )
        self.view.set_selected(self._workspace.selected)
        self._show_commented(annotated)

    def _show_commented(self, annotated: Annotated) -> None:
        author = self._workspace.project.author
        self.view.set_commented(remarks.unresolved_at(annotated, author))

    def _tell_round(self, annotated: Annotated) -> None:
        """Say where somebody marks an article again, who would miss the first labels."""
        own = annotated.layer_of(self._workspace.project.author)
        if own is not None and SECOND_ROUND in own.extra and own.state == LayerState.NOT_STARTED:
            self._workspace.note(
                tr(
                    "You are asked to mark this article a second time. "
                    "What you marked first is kept, and hidden until you submit this."
                )
            )

    def _on_changed(self, edit: Edit) -> None:
        self.view.refresh(edit)
        annotated = self._workspace.annotated
        told = any(isinstance(change.record, Comment | Layer) for change in edit.changes)
        if annotated is not None and told:
            self._show_commented(annotated)

    def _on_selection(self) -> None:
        self.view.set_selected(self._workspace.selected)

    def go_to(self, place: Fragment) -> None:
        """Put the caret at *place* and bring it to sight."""
        self.view.set_caret(place.start)
        self.view.reveal(place)

    # -- look --------------------------------------------------------------------------------

    def _show_armed(self, prompt: Prompt | None) -> None:
        """Let the mouse cursor show which label is armed."""
        armed = None
        if prompt is not None and prompt.kind == "armed":
            armed = self._workspace.scheme.label(prompt.label)
        if armed is None:
            self.view.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        else:
            theme = self._window.theme
            colour = theme.label(armed.colour).base
            self.view.viewport().setCursor(armed_cursor(colour, theme.ink, theme.page))

    def set_look(self) -> None:
        """Show the article as the settings want it."""
        if not self._workspace.is_open:
            return
        self.view.set_look(self._look())

    def _look(self) -> Look:
        window = self._window
        return Look(
            window.theme,
            self._workspace.scheme,
            window.article_px,
            window.settings.density,
            self._all_relations,
        )

    def toggle_density(self) -> None:
        """Captions, or bars only."""
        settings = self._window.settings
        settings.density = "captions" if settings.density == "compact" else "compact"
        self.set_look()

    def toggle_relations(self) -> None:
        """Show the links of all labels, or those of the selected one only."""
        self._all_relations = not self._all_relations
        self.set_look()

    def toggle_snap(self) -> None:
        """Grow selections to whole words, or take them as they are."""
        settings = self._window.settings
        settings.snap = not settings.snap
        words = tr("Selections grow to whole words.")
        self._workspace.note(words if settings.snap else tr("Selections stay as they are."))
