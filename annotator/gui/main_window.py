"""The window: the welcome page, or a project with its workbench."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from annotator.gui.actions import Actions
from annotator.gui.bundles import Bundles
from annotator.gui.parts import dress, scale
from annotator.gui.projects import Projects
from annotator.gui.recovering import Recovering
from annotator.gui.theme import Theme
from annotator.gui.upgrading import Upgrading
from annotator.settings import TEXT_SIZES, THEMES, Settings
from annotator.translation import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent

    from annotator.gui.article.text_view import ArticleView
    from annotator.gui.article_list import ArticleList
    from annotator.gui.article_page import ArticlePage
    from annotator.gui.ask import Ask
    from annotator.gui.details.right_dock import RightDock
    from annotator.gui.exchange.export_flow import ExportFlow
    from annotator.gui.exchange.import_flow import ImportFlow
    from annotator.gui.label_bar import LabelBar
    from annotator.gui.side_panels import SidePanels
    from annotator.gui.status_bar import StatusBar
    from annotator.gui.tool_bar import ToolBar
    from annotator.gui.welcome import Welcome
    from annotator.gui.workbench import Workbench
    from annotator.gui.workspace import Workspace
    from annotator.model import Edit, Fragment

ARTICLE_PX = 17
"""Size of the article's text at a text size of 100 %."""


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
        self.bundles = Bundles(self)
        self.recovering = Recovering(self)
        self.upgrading = Upgrading(self)
        self._bench: Workbench | None = None
        self._welcome: Welcome | None = None
        self._place = "annotate"
        self.commands.build_menus(self.menuBar())
        self.menuBar().setObjectName("bar.menu")
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self.pages.addWidget(QWidget())
        self.setCentralWidget(self.pages)
        self._is_closing = False
        self._connect()
        self.setAcceptDrops(True)
        self.setMinimumSize(800, 560)
        self.resize(1440, 900)
        self.setWindowTitle(tr("Annotator"))
        self.set_theme(theme)
        self._restore()

    def _connect(self) -> None:
        from annotator.gui.window_commands import connect

        connect(self)
        workspace = self.workspace
        workspace.project_opened.connect(self._on_project)
        workspace.project_closed.connect(self._on_closed)
        workspace.scheme_changed.connect(self._on_scheme)
        workspace.changed.connect(self._on_changed)
        workspace.placed.connect(self._on_placed)
        self.projects.imported_wanted.connect(self.import_paths)

    # -- parts -------------------------------------------------------------------------------

    @property
    def has_bench(self) -> bool:
        """Whether a project was opened in this window, so that its parts are there."""
        return self._bench is not None

    @property
    def bench(self) -> Workbench:
        """Bars, docks and the page of the article; built for the first project."""
        if self._bench is None:
            from annotator.gui.workbench import build

            self._bench = build(self)
        return self._bench

    @property
    def welcome(self) -> Welcome:
        """The welcome page, built when it is wanted first."""
        if self._welcome is None:
            from annotator.gui.welcome import Welcome

            self._welcome = Welcome(self.settings, self.commands, self.theme)
            self._welcome.asked_recent.connect(self.projects.open)
            dress(self._welcome, self.theme)
            self.pages.addWidget(self._welcome)
        return self._welcome

    @property
    def tools(self) -> ToolBar:
        """The bar at the top."""
        return self.bench.tools

    @property
    def labels(self) -> LabelBar:
        """The bar of labels."""
        return self.bench.labels

    @property
    def status(self) -> StatusBar:
        """The line at the bottom."""
        return self.bench.status

    @property
    def articles(self) -> ArticleList:
        """The list of articles."""
        return self.bench.articles

    @property
    def article_page(self) -> ArticlePage:
        """The page of the article."""
        return self.bench.page

    @property
    def view(self) -> ArticleView:
        """The article itself."""
        return self.bench.page.view

    @property
    def details(self) -> RightDock:
        """What is selected, and the lists."""
        return self.bench.details

    @property
    def panels(self) -> SidePanels:
        """The docks."""
        return self.bench.panels

    @property
    def imports(self) -> ImportFlow:
        """Bringing articles in."""
        return self.bench.imports

    @property
    def exports(self) -> ExportFlow:
        """Taking labels out."""
        return self.bench.exports

    # -- pages -------------------------------------------------------------------------------

    def show_welcome(self) -> None:
        """Show what can be opened."""
        if self._bench is not None:
            self._bench.show_place("welcome")
        self.welcome.refresh()
        self.pages.setCurrentWidget(self.welcome)

    def show_place(self, place: str) -> None:
        """Go to one of the places: ``annotate``, ``review`` or ``insights``."""
        if not self.workspace.is_open:
            return
        self._place = place
        if place == "review":
            self.bench.review.begin()
        self.bench.show_place(place)
        if place == "insights":
            self._show_insights()
        elif place == "review":
            self.pages.setCurrentWidget(self.bench.review.page)
            self.focus_text()
        elif place == "annotate":
            self.pages.setCurrentWidget(self.bench.page)
            self.focus_text()
        else:
            from annotator.gui.review.screens import show_screen

            show_screen(self, place)

    def _show_insights(self) -> None:
        from annotator.gui.insights.place import Insights

        page = self.findChild(Insights, "page.insights")
        if page is None:
            page = Insights(self.workspace, self.ask, self.theme)
            page.place_wanted.connect(self.open_article)
            page.history.left.connect(lambda: self.show_place("annotate"))
            page.history.attach(self.commands)
            self.pages.addWidget(page)
            dress(page, self.theme)
        page.refresh()
        self.pages.setCurrentWidget(page)
        page.focus()

    @property
    def place(self) -> str:
        """Which place is shown: ``welcome``, ``annotate``, ``review`` or ``insights``."""
        shown = self.pages.currentWidget()
        return "welcome" if shown is self._welcome or not self.has_bench else self._place

    def focus_text(self) -> None:
        """Bring the focus back to the article."""
        self.panels.close_overlays()
        view = self.bench.review.page.view if self.place == "review" else self.view
        view.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- the project -------------------------------------------------------------------------

    def _on_project(self) -> None:
        self.setWindowTitle(tr("{project} – Annotator", project=self.workspace.project.title))
        self.bench.begin()
        self.show_place("annotate")
        if self.workspace.annotated is None:
            QTimer.singleShot(0, self, self._open_first)

    def _open_first(self) -> None:
        if not self.workspace.is_open:
            return
        ids = self.articles.model.ids
        if self.workspace.annotated is None and ids:
            last = self.settings.window.get(f"article {self.workspace.project.location}", "")
            self.open_article(last if last in ids else ids[0])

    def _on_closed(self) -> None:
        if self._is_closing:
            return
        self.commands.set_scheme(None)
        self.setWindowTitle(tr("Annotator"))
        self.show_welcome()

    def _on_scheme(self) -> None:
        if self._bench is not None:
            self._bench.take_scheme()

    def open_article(self, article_id: str, place: Fragment | None = None) -> None:
        """Show an article, at *place* where one is given."""
        self.workspace.open_article(article_id, place)
        key = f"article {self.workspace.project.location}"
        self.settings.window[key] = article_id
        if self.place not in ("annotate", "review"):
            self.show_place("annotate")
        self.focus_text()

    def import_paths(self, paths: list[Path]) -> None:
        """Bring articles in; without a project, ask for a new one that begins with them."""
        from annotator.formats.bundle import is_bundle

        projects = [path for path in paths if path.suffix == ".annotator" and path.is_file()]
        if projects:
            self.projects.open(str(projects[0]))
        elif len(paths) == 1 and is_bundle(paths[0]):
            self.bundles.take(paths[0])
        elif self.workspace.is_open:
            self.imports.start(paths)
        else:
            self.projects.ask_new(paths)

    def search_project(self, text: str) -> None:
        """Look for *text* in all articles."""
        from annotator.gui.window_commands import show_palette

        show_palette(self, text)

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

    def _on_placed(self, _place: Fragment) -> None:
        if self.place == "insights":
            self.show_place("annotate")

    # -- look --------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Show everything in *theme* and at the present text size."""
        self.theme = theme
        dress(self, theme)
        page = theme.qt_palette()
        page.setColor(QPalette.ColorRole.Window, theme.page)
        self.pages.setPalette(page)
        self.pages.setAutoFillBackground(True)
        if self._bench is not None:
            self._bench.set_theme(theme)
        if self._welcome is not None:
            self._welcome.refresh()

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

    def next_pane(self, by: int) -> None:
        """Bring the focus to the next part of the window, or the one before."""
        if self.place in ("annotate", "review"):
            self.bench.next_pane(by)

    # -- layout, remembered ------------------------------------------------------------------

    def _restore(self) -> None:
        geometry = self.settings.window.get("geometry", "")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def keep_layout(self) -> None:
        """Put the layout of the window into the settings."""
        geometry = self.saveGeometry().toBase64().data()
        self.settings.window["geometry"] = bytes(geometry).decode()
        if self._bench is not None:
            self._bench.keep_layout(self.place)

    # -- events ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._bench is not None:
            self._bench.panels.arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.import_paths(paths)

    def finish_typing(self) -> None:
        """Keep what is being typed in a field of the window, as leaving the field does."""
        focus: QWidget | None = self.focusWidget()
        if focus is not None and self.workspace.is_open:
            focus.clearFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.finish_typing()
        self.keep_layout()
        self._is_closing = True  # nobody will see another page
        self.closing.emit()
        super().closeEvent(event)
