"""The left dock: the articles, search as you type, filters, and how far the work is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.actions import Actions
from annotator.gui.article_model import ArticleModel
from annotator.gui.article_rows import ArticleRowsView
from annotator.gui.controls import Field, FilterButton, Flow, IconButton, WordButton
from annotator.gui.list_foot import ListFoot
from annotator.gui.parts import (
    label,
)
from annotator.gui.side_panels import FoldingPanel
from annotator.gui.theme import Theme
from annotator.model import Edit, LayerState
from annotator.translation import number, tr

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.project import ArticleQuery

SEARCH_MILLISECONDS = 120
"""Pause in typing after which the list is searched."""


class ArticleList(FoldingPanel):
    """Search field, filters, rows, progress; or, folded, a strip of dots."""

    asked_open = Signal(str)
    """Id of an article that the person wants to see."""
    left = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("panel.articles")
        self.setAccessibleName(tr("Articles"))
        self._workspace = workspace
        self._actions = actions
        self._state: str | None = None
        self._label: str | None = None
        self._author: str | None = None
        self._sort, self._descending = "imported", False
        self._stale = False
        self.model = ArticleModel(self)
        self.rows = ArticleRowsView(self.model, theme, folded=False)
        self.rows.setObjectName("list.articles")
        self.rows.setAccessibleName(tr("Articles"))
        self.strip: ArticleRowsView = ArticleRowsView(self.model, theme, folded=True)
        self.strip.setObjectName("strip.articles")
        self.strip.setAccessibleName(tr("Articles, folded"))
        self.strip.setSelectionModel(self.rows.selectionModel())
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_MILLISECONDS)
        self._pause.timeout.connect(self.refresh)
        self._build()
        self._connect()

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.field = Field(
            self.theme,
            tr("Find an article"),
            icon_name="search",
            key=self._actions.key("article.find"),
        )
        self.field.setObjectName("field.find_article")
        self.field.setClearButtonEnabled(False)
        self.field.installEventFilter(self)
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 4)
        top.setSpacing(8)
        top.addWidget(self.field)
        top.addLayout(self._build_filters())
        self._pages = QStackedWidget()
        self._pages.addWidget(self.rows)
        self._pages.addWidget(self._build_empty())
        self._stack_up(top, self._pages, self._build_foot())
        self.set_folded(False)

    def _build_filters(self) -> QHBoxLayout:
        self.filters = {
            "all": FilterButton(self.theme, tr("All")),
            "to do": FilterButton(self.theme, tr("To do")),
            "returned": FilterButton(self.theme, tr("Returned")),
        }
        words = Flow(gap=2)
        for key, button in self.filters.items():
            button.setObjectName(f"filter.{key.replace(' ', '_')}")
            button.setAutoExclusive(True)
            button.clicked.connect(lambda _=False, key=key: self._filter(key))
            words.addWidget(button)
        self.filters["all"].setChecked(True)
        self.order = IconButton("sort", tr("Sort and filter"))
        self.order.setObjectName("button.sort")
        self.order.clicked.connect(self._show_order)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self.order, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _build_empty(self) -> QWidget:
        page = QWidget()
        page.setObjectName("page.no_articles")
        self._empty = label(tone="muted")
        self._empty.setWordWrap(True)
        self.clear = WordButton(tr("Clear the filter"))
        self.clear.setObjectName("button.clear_filter")
        self.clear.clicked.connect(self.clear_filter)
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self._empty)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _build_foot(self) -> QWidget:
        foot = ListFoot(self.theme)
        self._done, self._share, self.progress = foot.done, foot.rest, foot.progress
        self._done.setObjectName("text.progress")
        self.progress.setObjectName("progress.articles")
        self.progress.setAccessibleName(tr("Submitted articles"))
        return foot

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self._pause.start())
        for view in (self.rows, self.strip):
            view.opened.connect(self._open)
            view.left.connect(self.left)
        self._workspace.project_opened.connect(self.clear_filter)
        self._workspace.project_closed.connect(self.refresh)
        self._workspace.article_opened.connect(self._follow_open)
        self._workspace.changed.connect(self._follow)
        self._workspace.saving.connect(self._on_saving)
        self._actions.keys_changed.connect(
            lambda: self.field.set_key(self._actions.key("article.find"))
        )

    # -- what is shown -----------------------------------------------------------------------

    def focus_first(self) -> None:
        """Put the keyboard into the search field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for view in (self.rows, self.strip):
            view.rows.theme = theme
            view.doItemsLayout()

    @property
    def query(self) -> ArticleQuery:
        """What the list is asked for."""
        from annotator.project import ArticleQuery

        return ArticleQuery(
            text=self.field.text().strip(),
            state=self._state,
            label=self._label,
            author=self._author,
            sort=self._sort,
            descending=self._descending,
        )

    def refresh(self) -> None:
        """Ask the project again, and keep the place in the list."""
        self._pause.stop()
        self._stale = False
        if not self._workspace.is_open:
            self.model.show_articles(None, None)
            return
        project, query = self._workspace.project, self.query
        self.model.show_articles(project, query)
        if self.model.ids:
            self._pages.setCurrentWidget(self.rows)
        else:
            self._pages.setCurrentIndex(1)
            filtered = bool(query.text or query.state or query.label or query.author)
            self._empty.setText(
                tr("No article matches.")
                if filtered
                else tr("No articles yet. Drop files or a folder here, or press Ctrl I.")
            )
            self.clear.setVisible(filtered)
        self._count(query)
        self._follow_open()

    def _count(self, query: ArticleQuery) -> None:
        project = self._workspace.project
        base = replace(query, state=None)
        progress = project.progress()
        if base.text or base.label or base.author:
            counts = {
                "all": project.count(base),
                "to do": project.count(replace(base, state="to do")),
                "returned": project.count(replace(base, state=LayerState.RETURNED)),
            }
        else:
            by_state = progress.by_state
            finished = sum(by_state.get(state, 0) for state in FINISHED)
            counts = {
                "all": progress.total,
                "to do": progress.total - finished,
                "returned": by_state.get(LayerState.RETURNED, 0),
            }
        for key, button in self.filters.items():
            button.set_count(number(counts[key]))
        done = sum(progress.by_state.get(state, 0) for state in FINISHED)
        share = done / progress.total if progress.total else 0.0
        self._done.setText(
            tr("{done} of {total} submitted", done=number(done), total=number(progress.total))
        )
        self._share.setText(f"{int(share * 100)} %")
        self.progress.set_share(share)

    # -- filters -----------------------------------------------------------------------------

    def clear_filter(self) -> None:
        """Show all articles again."""
        self.field.clear()
        self._label = self._author = None
        self.filters["all"].setChecked(True)
        self._filter("all")

    def _filter(self, key: str) -> None:
        self._state = {"all": None, "to do": "to do", "returned": LayerState.RETURNED}[key]
        self.refresh()

    def _show_order(self) -> None:
        menu = self.order_menu()
        menu.exec(self.order.mapToGlobal(self.order.rect().bottomLeft()))
        menu.deleteLater()

    def order_menu(self) -> QMenu:
        """Make the menu of orders and further filters."""
        menu = QMenu(self)
        menu.setObjectName("menu.sort")
        sorts = (
            ("imported", tr("As they came in")),
            ("title", tr("By title")),
            ("state", tr("By how far they are")),
            ("published", tr("By day of publication")),
            ("unsure", tr("Unsure first")),
        )
        group = QActionGroup(menu)
        for key, text in sorts:
            action = self._option(menu, text, self._sort == key)
            group.addAction(action)
            action.triggered.connect(lambda _=False, key=key: self._order(key, self._descending))
        menu.addSeparator()
        turned = self._option(menu, tr("The other way round"), self._descending)
        turned.triggered.connect(lambda on: self._order(self._sort, on))
        if self._workspace.is_open:
            names = [item.name for item in self._workspace.scheme.labels]
            labels = menu.addMenu(tr("With a label"))
            self._choices(labels, names, self._label, self._choose_label)
            people = menu.addMenu(tr("Begun by"))
            authors = self._workspace.project.authors()
            self._choices(people, authors, self._author, self._choose_author)
        return menu

    def _choices(self, menu: QMenu, names: list[str], chosen: str | None, choose: object) -> None:
        for name in (None, *names):
            text = tr("Any") if name is None else name
            action = self._option(menu, text, chosen == name)
            action.triggered.connect(lambda _=False, name=name: choose(name))  # type: ignore[operator]

    def _option(self, menu: QMenu, text: str, on: bool) -> QAction:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(on)
        return action

    def _order(self, sort: str, descending: bool) -> None:
        self._sort, self._descending = sort, descending
        self.refresh()

    def _choose_label(self, name: str | None) -> None:
        self._label = name
        self.refresh()

    def _choose_author(self, name: str | None) -> None:
        self._author = name
        self.refresh()

    # -- following ---------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Ask for the article after the open one, or before it."""
        ids = self.model.ids
        annotated = self._workspace.annotated
        row = None if annotated is None else self.model.row_of(annotated.article.id)
        wanted = (0 if by > 0 else len(ids) - 1) if row is None else row + by
        if 0 <= wanted < len(ids):
            self.asked_open.emit(ids[wanted])
        else:
            last = tr("This is the last article of the list.")
            self._workspace.note(last if by > 0 else tr("This is the first article of the list."))

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.asked_open.emit(self.model.ids[index.row()])

    def _follow_open(self) -> None:
        annotated = self._workspace.annotated
        article_id = None if annotated is None else annotated.article.id
        self.rows.rows.open_id = self.strip.rows.open_id = article_id
        row = None if article_id is None else self.model.row_of(article_id)
        if row is not None:
            self.rows.setCurrentIndex(self.model.index(row))
            self.rows.scrollTo(self.model.index(row))
        self.rows.viewport().update()
        self.strip.viewport().update()

    def _follow(self, edit: Edit) -> None:
        from annotator.model import Article, Layer

        self.model.follow(edit, self._workspace.project.author)
        self._stale = self._stale or any(
            isinstance(change.record, Article | Layer)
            or (change.before is None and change.after is None)
            for change in edit.changes
        )

    def _on_saving(self, state: str) -> None:
        if state != "saved" or not self._workspace.is_open:
            return
        if self._stale:
            self.refresh()
        else:
            self.model.forget_touched()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field: down goes to the rows, Enter opens the first one, Esc leaves."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        match event.key():
            case Qt.Key.Key_Down:
                self.rows.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.refresh()
                if self.model.ids:
                    self.asked_open.emit(self.model.ids[0])
                return True
            case Qt.Key.Key_Escape:
                if self.field.text():
                    self.clear_filter()
                else:
                    self.left.emit()
                return True
        return False


FINISHED = (LayerState.SUBMITTED, LayerState.IN_REVIEW, LayerState.APPROVED)
