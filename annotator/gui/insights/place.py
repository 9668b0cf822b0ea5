"""The place "Insights": its pages, what they count, and the lists behind their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from annotator.agreement.cases import Question
from annotator.errors import UserError
from annotator.gui.insights.agreement_page import AgreementPage
from annotator.gui.insights.browser import Browser, title_of
from annotator.gui.insights.content import ClaimsOf, MentionsOf, SpansLabelled
from annotator.gui.insights.count_pages import (
    LabelsPage,
    Overview,
    PlacesPage,
    ProgressPage,
    SpeakersPage,
)
from annotator.gui.insights.pages import Page
from annotator.gui.insights.reading import (
    CaseList,
    Reading,
    Spot,
    read_cases,
    speaking_relation,
    spots,
)
from annotator.gui.insights.side_bar import SideBar
from annotator.gui.insights.table_files import write_tables
from annotator.gui.insights.timeline import TimelinePage
from annotator.gui.parts import Hairline, Themed, dress, label
from annotator.gui.theme import Theme
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.gui.ask import Ask
    from annotator.gui.workspace import Workspace
    from annotator.project import Project


class Insights(Themed, QWidget):
    """Figures of the project, on seven pages."""

    place_wanted = Signal(str, object)
    """An article, and where to look in it."""

    def __init__(self, workspace: Workspace, ask: Ask, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._workspace, self._dialogs = workspace, ask
        self.setObjectName("page.insights")
        self.setAccessibleName(tr("Insights"))
        self.reading = Reading(workspace, self)
        self.side = SideBar(theme)
        self.browser = Browser(theme)
        self.agreement = AgreementPage(workspace, self.reading, theme)
        self.overview = Overview(workspace, self.reading, theme)
        self.history = TimelinePage(workspace, ask, theme)
        self.pages: dict[str, QWidget] = {
            "overview": self.overview,
            "progress": ProgressPage(workspace, self.reading, theme),
            "agreement": self.agreement,
            "labels": LabelsPage(workspace, self.reading, theme),
            "speakers": SpeakersPage(workspace, self.reading, theme),
            "places": PlacesPage(workspace, self.reading, theme),
            "history": self.history,
        }
        self._page = "overview"
        self._stack = QStackedWidget()
        for page in (*self.pages.values(), self.browser):
            self._stack.addWidget(page)
            if isinstance(page, Page):
                page.list_wanted.connect(self.open_list)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(Hairline(theme, vertical=True))
        self.kept_back = label(size=12, tone="muted")
        self.kept_back.setObjectName("words.kept_back")
        self.kept_back.setWordWrap(True)
        self.kept_back.setContentsMargins(24, 12, 24, 0)
        self.kept_back.hide()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.kept_back)
        column.addWidget(self._stack, 1)
        row.addLayout(column, 1)
        self._connect()

    def _connect(self) -> None:
        self.side.page_chosen.connect(self.show_page)
        self.side.scope_changed.connect(self._on_scope)
        self.side.save_wanted.connect(self._save)
        self.browser.place_wanted.connect(self.place_wanted)
        self.browser.back_wanted.connect(lambda: self.show_page(self._page))
        self.history.place_wanted.connect(self.place_wanted)
        self.reading.progressed.connect(self._on_progress)
        self.reading.counted_anew.connect(self._on_counted)
        self.reading.failed.connect(self._workspace.note)
        self._workspace.project_opened.connect(self._on_project)

    # -- what is shown -----------------------------------------------------------------------

    @property
    def page(self) -> str:
        """Which page is open, or was before a list was opened."""
        return self._page

    def show_page(self, name: str) -> None:
        """Open a page."""
        self.reading.cancel("list")
        self._page = name
        self.side.choose(name)
        self._stack.setCurrentWidget(self.pages[name])
        self.refresh()

    def compare(self, names: Sequence[str]) -> None:
        """Show how far these agree, and nobody else."""
        self._page = "agreement"
        self.side.state.choose("in")
        self.side.since.choose("ever")
        self.side.people.choose(names)

    def refresh(self) -> None:
        """Read what the open page shows anew."""
        if not self._workspace.is_open:
            return
        self._workspace.flush()
        self._say_kept_back()
        page = self.pages[self._page]
        if page is self.history:
            self.history.refresh()
            return
        if isinstance(page, Page):
            page.refresh()
        self.reading.count()
        if page is self.overview:
            self.overview.begin()
        elif page is self.agreement:
            self.agreement.begin()

    def _say_kept_back(self) -> None:
        """Say why what others have marked in some articles is not in here, and until when."""
        kept = len(self._workspace.project.sight.kept)
        words = tr_n(
            kept,
            "In {n} article that you label blind, what others have marked is hidden, and not "
            "counted, until you hand in your own labels.",
            "In {n} articles that you label blind, what others have marked is hidden, and not "
            "counted, until you hand in your own labels.",
        )
        self.kept_back.setText(words)
        self.kept_back.setVisible(kept > 0)

    def _on_project(self) -> None:
        self.side.forget()
        if self.isVisible():
            self.refresh()

    def _on_counted(self) -> None:
        if self.reading.counted is not None:
            self.side.people.offer(self.reading.counted.people)

    def _on_scope(self) -> None:
        self.reading.scope = self.side.scope()
        self.reading.agreement = self.reading.gamma = None
        self.reading.cancel("gamma")
        self.show_page(self._page)
        if self._page not in ("overview", "agreement"):
            self.reading.cancel("agreement")
        else:
            self.reading.compute()
        self.reading.agreed_anew.emit()

    # -- lists behind numbers ----------------------------------------------------------------

    def open_list(self, wanted: object) -> None:
        """Show what stands behind a number."""
        if isinstance(wanted, Question):
            self._open_cases(wanted)
            return
        scope, scheme = self.reading.scope, self._workspace.scheme

        def read(project: Project, _progress: object, _tell: object) -> list[Spot]:
            match wanted:
                case ClaimsOf(entity):
                    spans = project.claims_of(scope, speaking_relation(scheme), entity.id)
                case MentionsOf(entity):
                    spans = project.mentions_of(scope, entity.id)
                case SpansLabelled(name, author):
                    spans = project.spans_labelled(scope, name, author)
                case _:
                    spans = []
            return spots(project, spans)

        self._wait_for(_name_of(wanted))
        self.reading.find(read, lambda found: self.browser.show_spots(found, scheme))

    def _open_cases(self, question: Question) -> None:
        scope, scheme = self.reading.scope, self._workspace.scheme

        def take(found: CaseList) -> None:
            self.browser.show_cases(found, question, scheme)

        self._wait_for(title_of(question))
        self.reading.find(
            lambda project, progress, _tell: read_cases(project, scope, question, progress), take
        )

    def _wait_for(self, title: str) -> None:
        self.browser.wait_for(title)
        self._stack.setCurrentWidget(self.browser)
        self.browser.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_progress(self, name: str, done: int, total: int) -> None:
        if name == "list" and self._stack.currentWidget() is self.browser:
            self.browser.advance(done, total)

    # -- saving ------------------------------------------------------------------------------

    def _save(self) -> None:
        shown = self._stack.currentWidget()
        sheets = shown.sheets() if isinstance(shown, Page) else []
        if shown is self.browser:
            sheets = [self.browser.sheet]
        elif shown is self.history:
            sheets = [self.history.sheet]
        kinds = f"{tr('Table')} (*.csv *.tsv)"
        target = self._dialogs.save_file(self, tr("Save as table"), kinds, f"{self._page}.csv")
        if target is None:
            return
        path = target if target.suffix in (".csv", ".tsv") else Path(f"{target}.csv")
        tables = [(sheet.accessibleName(), sheet.as_table()) for sheet in sheets]
        try:
            write_tables(path, tables)
        except UserError as error:
            self._dialogs.warn(self, tr("The table was not saved."), str(error))
            return
        self._workspace.note(tr("Saved as {path}.", path=path))

    # -- look --------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme

    def focus(self) -> None:
        """Bring the focus to the list of pages."""
        self.side.pages.setFocus(Qt.FocusReason.OtherFocusReason)
        dress(self, self.theme)


def _name_of(wanted: object) -> str:
    match wanted:
        case ClaimsOf(entity):
            return tr("What {name} says", name=entity.name)
        case MentionsOf(entity):
            return tr("Where {name} is named", name=entity.name)
        case SpansLabelled(name, author):
            return f"{name}, {author}" if author else name
    return ""
