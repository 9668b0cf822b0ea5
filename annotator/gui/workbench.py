"""What a window has once a project was opened: bars, docks, and the page of the article.

It is built after the first paint, because half of the program's modules are needed for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolBar, QWidget

from annotator.gui.article_list import ArticleList
from annotator.gui.article_page import ArticlePage
from annotator.gui.details.right_dock import RightDock
from annotator.gui.exchange.export_flow import ExportFlow
from annotator.gui.exchange.import_flow import ImportFlow
from annotator.gui.label_bar import LabelBar
from annotator.gui.parts import dress
from annotator.gui.review.inbox_items import InboxItems
from annotator.gui.side_panels import SidePanels, Sides
from annotator.gui.status_bar import StatusBar
from annotator.gui.theme import Theme
from annotator.gui.tool_bar import ToolBar
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow
    from annotator.gui.review.permission import Permission
    from annotator.gui.review.place import ReviewPlace
    from annotator.gui.stepping import LargeStep

STATE_VERSION = 1
"""Version of the layout of docks and bars; another one is not restored."""
_PART = {"board": "review", "phrases": "review", "batches": "review", "assignment": "review",
         "inbox": ""}  # fmt: skip
"""The part of the program to which a page of its own belongs; the inbox to where one came from."""
SIDES = Sides("articles", "details", width=328, least=296)


class Workbench(QObject):
    """The parts of a window with a project, put together."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        workspace, commands, theme = window.workspace, window.commands, window.theme
        self.labels = LabelBar(workspace, commands, theme)
        self.imports = ImportFlow(window)
        self.exports = ExportFlow(window)
        self.tools = ToolBar(workspace, commands, theme)
        self._top = self.add_bar("toolbar.tools", self.tools, Qt.ToolBarArea.TopToolBarArea)
        self._bottom = self.add_bar("toolbar.labels", self.labels, Qt.ToolBarArea.BottomToolBarArea)
        self.status = StatusBar(workspace, commands, theme)
        window.setStatusBar(self.status)
        self.articles = ArticleList(workspace, commands, theme)
        self.page = ArticlePage(window, self.labels)
        self.page.setObjectName("page.annotate")
        self.page.setAccessibleName(tr("Annotate"))
        window.pages.addWidget(self.page)
        self.details = RightDock(workspace, commands, theme)
        self._panels = SidePanels(window, self.articles, self.details, SIDES)
        self.home = "annotate"
        """Where the article was shown last: ``annotate`` or ``review``."""
        self._review: ReviewPlace | None = None
        self._permission: Permission | None = None
        self.feedback = InboxItems(workspace, self)
        self.feedback.changed.connect(lambda: self.tools.show_feedback(self.feedback.open))
        self._connect()
        self._restore_docks()

    @property
    def review(self) -> ReviewPlace:
        """What Review has, built when it is wanted first."""
        if self._review is None:
            from annotator.gui.review.place import ReviewPlace

            self._review = ReviewPlace(self._window)
            self._review.counted.connect(self.tools.show_cases)
            self._review.panels.restore(self._window.settings.window)
        return self._review

    @property
    def permission(self) -> Permission:
        """Whether one may decide here, on own labels too; who was asked once is not asked again."""
        if self._permission is None:
            from annotator.gui.review.permission import Permission

            self._permission = Permission(self._window)
        return self._permission

    @property
    def panels(self) -> SidePanels:
        """The docks of the place that is shown."""
        if self._review is not None and self._review.shown:
            return self._review.panels
        return self._panels

    def add_bar(self, name: str, widget: QWidget, area: Qt.ToolBarArea) -> QToolBar:
        """Put *widget* at an edge of the window."""
        bar = QToolBar(tr("Tools"), self._window)
        bar.setObjectName(name)
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.setContentsMargins(0, 0, 0, 0)
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        bar.addWidget(widget)
        self._window.addToolBar(area, bar)
        return bar

    def _connect(self) -> None:
        window, workspace = self._window, self._window.workspace
        self.page.connect_details(self.details)
        workspace.failed.connect(self._on_failed)
        workspace.stepping.connect(self._on_stepping)
        self.imports.finished.connect(self.articles.refresh)
        self.imports.opened.connect(window.open_article)
        self.articles.asked_open.connect(window.open_article)
        self.articles.left.connect(window.focus_text)
        self.tools.project_menu_wanted.connect(
            lambda menu: window.projects.fill_menu(menu, window.commands.run)
        )
        self.status.asked_retry.connect(window.projects.try_to_write)
        self.status.asked_copy.connect(window.projects.ask_backup)

    # -- the project -------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the project that was just opened."""
        self.take_scheme()
        self.tools.refresh()
        self.labels.refresh()
        self.status.refresh()
        self.status.show_zoom(self._window.settings.text_size)
        self.articles.clear_filter()
        self.exports.begin()

    def take_scheme(self) -> None:
        """Have an action, with its key, for each label and relation."""
        self._window.commands.set_scheme(self._window.workspace.scheme)

    def _on_failed(self, reason: str) -> None:
        self.status.show_reason(reason)
        self.status.say(reason)

    def _on_stepping(self, step: LargeStep) -> None:
        """Say how far a large undo or redo is; afterwards other articles may be there."""
        from annotator.gui.step_box import StepBox

        StepBox(step, self._window)
        step.done.connect(lambda _saved: self.articles.refresh())

    # -- what is shown -----------------------------------------------------------------------

    def show_place(self, place: str) -> None:
        """Show the bars and docks of a place; none of them for the welcome page."""
        self._top.setVisible(place != "welcome")
        self.status.setVisible(place != "welcome")
        self._bottom.setVisible(place == "annotate")
        if self._review is not None:
            self._review.show(place == "review")
        self._panels.show_docks(place == "annotate")
        if place in ("annotate", "review"):
            self.home = place
        self.tools.places.choose(_PART.get(place, place) or self.home)
        self._window.commands.show_place(place)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in *theme* and at the present text size."""
        side = theme.qt_palette()
        side.setColor(QPalette.ColorRole.Window, theme.side)
        self.articles.setPalette(side)
        self.articles.setAutoFillBackground(True)
        page = theme.qt_palette()
        page.setColor(QPalette.ColorRole.Window, theme.page)
        self.page.setPalette(page)
        self.page.setAutoFillBackground(True)
        self.details.set_theme(theme)
        self.page.set_look()
        self._panels.arrange()
        if self._review is not None:
            self._review.set_theme(theme)
        self.status.show_zoom(self._window.settings.text_size)

    # -- moving between the parts ----------------------------------------------------------------

    def next_pane(self, by: int) -> None:
        """Bring the focus to the next part of the window, or the one before."""
        if self._review is not None and self._review.shown:
            self._review.next_pane(by)
            return
        panes: list[QWidget] = [] if self.panels.left_folds else [self.articles.rows]
        panes.append(self.page.view)
        guide = self._window.findChild(QWidget, "panel.guide")
        if guide is not None and guide.isVisible():
            panes.append(guide)
        if self.details.isVisible():
            panes.append(self.details)
        panes.append(self.labels)
        focus = QApplication.focusWidget()
        here = next(
            (
                n
                for n, pane in enumerate(panes)
                if focus is not None and (pane is focus or pane.isAncestorOf(focus))
            ),
            0,
        )
        target = panes[(here + by) % len(panes)]
        if target is self.labels and self.labels.buttons:
            target = next(iter(self.labels.buttons.values()))
        elif target is self.details:
            self.details.focus_first()
            return
        elif target is guide:
            target = guide.focusProxy() or guide
        target.setFocus(Qt.FocusReason.TabFocusReason)

    # -- layout, remembered ------------------------------------------------------------------

    def _restore_docks(self) -> None:
        kept = self._window.settings.window
        state = QByteArray.fromBase64(kept.get("docks", "").encode())
        if not state.isEmpty() and self._window.restoreState(state, STATE_VERSION):
            self._panels.take_layout_as_given()
        self._panels.restore(kept)

    def keep_layout(self, place: str) -> None:
        """Put the layout of the docks into the settings."""
        kept = self._window.settings.window
        self.panels.close_overlays()
        if not self.panels.left_folds and place == "annotate":
            state = self._window.saveState(STATE_VERSION)
            kept["docks"] = bytes(state.toBase64().data()).decode()
        self._panels.keep(kept)
        if self._review is not None:
            self._review.panels.keep(kept)


def build(window: MainWindow) -> Workbench:
    """Build the parts of *window* and dress them in its theme."""
    bench = Workbench(window)
    dress(window, window.theme)
    bench.set_theme(window.theme)
    return bench
