"""The window: bars, docks and pages put together, and what its actions do."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.actions import Actions
from annotator.gui.article_list import ArticleList
from annotator.gui.ask import Ask
from annotator.gui.export_flow import ExportFlow
from annotator.gui.import_flow import ImportFlow
from annotator.gui.label_bar import LabelBar
from annotator.gui.parts import dress, scale
from annotator.gui.projects import Projects
from annotator.gui.side_panels import SidePanels
from annotator.gui.status_bar import StatusBar
from annotator.gui.theme import Theme
from annotator.gui.tool_bar import ToolBar
from annotator.gui.welcome import Welcome
from annotator.settings import TEXT_SIZES, THEMES, Settings
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.marking import Marking
    from annotator.gui.text_view import ArticleView
    from annotator.gui.workspace import Workspace
    from annotator.model import Edit, Fragment

ARTICLE_PX = 17
"""Size of the article's text at a text size of 100 %."""
STATE_VERSION = 1
"""Version of the layout of docks and bars; another one is not restored."""


class MainWindow(QMainWindow):
    """One window with one project, or the welcome page."""

    theme_wanted = Signal(str)
    """Name of a theme of the settings, ``system`` included."""
    text_size_wanted = Signal(int)
    language_wanted = Signal(str)
    closing = Signal()

    def __init__(self, workspace: Workspace, settings: Settings, ask: Ask, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("window.main")
        self.workspace = workspace
        self.settings = settings
        self.ask = ask
        self.theme = theme
        self.commands = Actions(self, settings)
        self.projects = Projects(self, workspace, settings, ask)
        self.imports = ImportFlow(self, workspace, ask)
        self.exports = ExportFlow(self, workspace, settings, ask)
        self.marking: Marking | None = None
        self.view: ArticleView | None = None
        self._place = "annotate"
        self._build()
        self._connect()
        self.setAcceptDrops(True)
        self.setMinimumSize(800, 560)
        self.resize(1440, 900)
        self.setWindowTitle(tr("Annotator"))
        self.set_theme(theme)
        self._restore()
        self.show_welcome()

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.commands.build_menus(self.menuBar())
        self.menuBar().setObjectName("bar.menu")
        self.tools = ToolBar(self.workspace, self.commands, self.theme)
        self._top = self._bar("toolbar.tools", self.tools, Qt.ToolBarArea.TopToolBarArea)
        self.labels = LabelBar(self.workspace, self.commands, self.theme)
        self._bottom = self._bar("toolbar.labels", self.labels, Qt.ToolBarArea.BottomToolBarArea)
        self.status = StatusBar(self.workspace, self.commands, self.theme)
        self.setStatusBar(self.status)
        self.articles = ArticleList(self.workspace, self.commands, self.theme)
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self.welcome = Welcome(self.settings, self.commands, self.theme)
        self.pages.addWidget(self.welcome)
        self.setCentralWidget(self.pages)
        self._annotate = QWidget()
        self._annotate.setObjectName("page.annotate")
        self._annotate.setAccessibleName(tr("Annotate"))
        self._column = QVBoxLayout(self._annotate)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.pages.addWidget(self._annotate)
        self.panels: SidePanels | None = None

    def _bar(self, name: str, widget: QWidget, area: Qt.ToolBarArea) -> QToolBar:
        bar = QToolBar(tr("Tools"), self)
        bar.setObjectName(name)
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.setContentsMargins(0, 0, 0, 0)
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        bar.addWidget(widget)
        self.addToolBar(area, bar)
        return bar

    def _build_desk(self) -> None:
        """Build what only an open project needs: the article view and the right dock."""
        from annotator.gui.article_page import ArticlePage
        from annotator.gui.right_dock import RightDock

        self.article_page = ArticlePage(self)
        self._column.addWidget(self.article_page)
        self.view = self.article_page.view
        self.marking = self.article_page.marking
        self.details = RightDock(self.workspace, self.commands, self.theme)
        self.panels = SidePanels(self, self.articles, self.details)
        self.article_page.connect_details(self.details)
        self._restore_docks()
        dress(self, self.theme)

    def _connect(self) -> None:
        from annotator.gui.window_commands import connect

        connect(self)
        workspace = self.workspace
        workspace.project_opened.connect(self._on_project)
        workspace.project_closed.connect(self._on_closed)
        workspace.scheme_changed.connect(self._on_scheme)
        workspace.failed.connect(self._on_failed)
        workspace.changed.connect(self._on_changed)
        workspace.placed.connect(self._on_placed)
        self.welcome.asked_recent.connect(self.projects.open)
        self.projects.imported_wanted.connect(self.import_paths)
        self.articles.asked_open.connect(self.open_article)
        self.articles.left.connect(self.focus_text)
        self.tools.project_menu_wanted.connect(
            lambda menu: self.projects.fill_menu(menu, self.commands.run)
        )
        self.status.asked_retry.connect(workspace.retry)
        self.status.asked_copy.connect(self.projects.ask_backup)

    # -- pages -------------------------------------------------------------------------------

    def show_welcome(self) -> None:
        """Show what can be opened."""
        self._top.hide()
        self._bottom.hide()
        self.status.hide()
        if self.panels is not None:
            self.panels.show_docks(False)
        self.welcome.refresh()
        self.pages.setCurrentWidget(self.welcome)

    def show_place(self, place: str) -> None:
        """Go to one of the places: ``annotate`` or ``insights``."""
        if not self.workspace.is_open or self.panels is None:
            return
        self._place = place
        self._top.show()
        self.status.show()
        self.tools.places.choose(place)
        self._bottom.setVisible(place == "annotate")
        self.panels.show_docks(place == "annotate")
        if place == "insights":
            self._show_insights()
        else:
            self.pages.setCurrentWidget(self._annotate)
            self.focus_text()

    def _show_insights(self) -> None:
        from annotator.gui.insights import Insights

        page = self.findChild(Insights, "page.insights")
        if page is None:
            page = Insights(self.workspace, self.theme)
            self.pages.addWidget(page)
            dress(page, self.theme)
        page.refresh()
        self.pages.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def place(self) -> str:
        """Which place is shown: ``welcome``, ``annotate`` or ``insights``."""
        return "welcome" if self.pages.currentWidget() is self.welcome else self._place

    def focus_text(self) -> None:
        """Bring the focus back to the article."""
        if self.panels is not None:
            self.panels.close_overlays()
        if self.view is not None:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- the project -------------------------------------------------------------------------

    def _on_project(self) -> None:
        if self.panels is None:
            self._build_desk()
        title = self.workspace.project.title
        self.setWindowTitle(tr("{project} – Annotator", project=title))
        self._on_scheme()
        self.tools.refresh()
        self.labels.refresh()
        self.status.refresh()
        self.status.show_zoom(self.settings.text_size)
        self.show_place("annotate")
        if self.workspace.annotated is None:
            QTimer.singleShot(0, self, self._open_first)

    def _open_first(self) -> None:
        ids = self.articles.model.ids
        if self.workspace.is_open and self.workspace.annotated is None and ids:
            last = self.settings.window.get(f"article {self.workspace.project.location}", "")
            self.open_article(last if last in ids else ids[0])

    def _on_closed(self) -> None:
        self.commands.set_scheme(None)
        self.setWindowTitle(tr("Annotator"))
        self.show_welcome()

    def _on_scheme(self) -> None:
        self.commands.set_scheme(self.workspace.scheme)
        marking = self.marking
        if marking is None:
            return
        for item in self.workspace.scheme.active_labels:
            self.commands.on(f"label.{item.name}", partial(marking.label, item.name))
            self.commands.on(f"label.likely.{item.name}", partial(marking.label_likely, item.name))
        for relation in self.workspace.scheme.relations:
            self.commands.on(f"relation.{relation.name}", partial(marking.link, relation.name))

    def open_article(self, article_id: str, place: Fragment | None = None) -> None:
        """Show an article, at *place* where one is given."""
        self.workspace.open_article(article_id, place)
        key = f"article {self.workspace.project.location}"
        self.settings.window[key] = article_id
        if self.place != "annotate":
            self.show_place("annotate")
        self.focus_text()

    def import_paths(self, paths: list[Path]) -> None:
        """Bring articles in; without a project, ask for a new one that begins with them."""
        projects = [path for path in paths if path.suffix == ".annotator" and path.is_file()]
        if projects:
            self.projects.open(str(projects[0]))
        elif self.workspace.is_open:
            self.imports.start(paths)
        else:
            self.projects.ask_new(paths)

    def search_project(self, text: str) -> None:
        """Look for *text* in all articles."""
        from annotator.gui.window_commands import show_palette

        show_palette(self, text)

    def _on_failed(self, reason: str) -> None:
        self.status.show_reason(reason)
        self.status.say(reason)

    def _on_changed(self, edit: Edit) -> None:
        """After the open article is gone, show another one."""
        from annotator.model import Article

        annotated = self.workspace.annotated
        if annotated is None:
            return
        gone = any(
            change.after is None
            and isinstance(change.record, Article)
            and change.record.id == annotated.article.id
            for change in edit.changes
        )
        if gone:
            self.workspace.flush()
            self.articles.refresh()
            ids = self.articles.model.ids
            if ids:
                self.open_article(ids[0])

    def _on_placed(self, place: Fragment) -> None:
        if self.place != "annotate":
            self.show_place("annotate")

    # -- look --------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Show everything in *theme* and at the present text size."""
        self.theme = theme
        dress(self, theme)
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.side)
        self.articles.setPalette(palette)
        self.articles.setAutoFillBackground(True)
        page = theme.qt_palette()
        page.setColor(QPalette.ColorRole.Window, theme.page)
        for widget in (self.pages, self._annotate):
            widget.setPalette(page)
            widget.setAutoFillBackground(True)
        if self.panels is not None:
            self.details.set_theme(theme)
            self.article_page.set_look()
            self.panels.arrange()
        self.status.show_zoom(self.settings.text_size)

    @property
    def article_px(self) -> int:
        """Size of the article's text in pixels."""
        return round(ARTICLE_PX * scale())

    def zoom(self, by: int) -> None:
        """Make all text larger, smaller, or (0) as it was."""
        sizes = TEXT_SIZES
        if by == 0:
            self.text_size_wanted.emit(100)
            return
        now = self.settings.text_size
        wanted = [size for size in sizes if (size > now if by > 0 else size < now)]
        if wanted:
            self.text_size_wanted.emit(wanted[0] if by > 0 else wanted[-1])

    def next_theme(self) -> None:
        """Go to the next theme of the list."""
        at = THEMES.index(self.settings.theme)
        self.theme_wanted.emit(THEMES[(at + 1) % len(THEMES)])

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or come back from that."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    # -- moving between the parts ----------------------------------------------------------------

    def next_pane(self, by: int) -> None:
        """Bring the focus to the next part of the window, or the one before."""
        if self.panels is None or self.place != "annotate":
            return
        panes: list[QWidget] = []
        if not self.panels.left_folds:
            panes.append(self.articles.rows)
        if self.view is not None:
            panes.append(self.view)
        guide = self.findChild(QWidget, "panel.guide")
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
            target = _first_focus(target)
        elif target is guide:
            target = guide.focusProxy() or guide
        target.setFocus(Qt.FocusReason.TabFocusReason)

    # -- layout, remembered ------------------------------------------------------------------

    def _restore(self) -> None:
        geometry = self.settings.window.get("geometry", "")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def _restore_docks(self) -> None:
        if self.panels is None:
            return
        window = self.settings.window
        state = window.get("docks", "")
        if state and self.restoreState(QByteArray.fromBase64(state.encode()), STATE_VERSION):
            self.panels.take_layout_as_given()
        self.panels.left_folded_by_person = window.get("left") == "folded"
        self.panels.right_hidden_by_person = window.get("right") == "hidden"

    def keep_layout(self) -> None:
        """Put the layout of the window into the settings."""
        window = self.settings.window
        window["geometry"] = bytes(self.saveGeometry().toBase64().data()).decode()
        if self.panels is None:
            return
        self.panels.close_overlays()
        if not self.panels.left_folds and self.place == "annotate":
            state = self.saveState(STATE_VERSION)
            window["docks"] = bytes(state.toBase64().data()).decode()
        window["left"] = "folded" if self.panels.left_folded_by_person else ""
        window["right"] = "hidden" if self.panels.right_hidden_by_person else ""

    # -- events ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.status.fit(self.width())
        if self.panels is not None:
            self.panels.arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.import_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep_layout()
        self.closing.emit()
        super().closeEvent(event)


def _first_focus(widget: QWidget) -> QWidget:
    """Return the first widget in *widget* that takes the keyboard focus."""
    for child in widget.findChildren(QWidget):
        policy = child.focusPolicy()
        if policy & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled():
            return child
    return widget
