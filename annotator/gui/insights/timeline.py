"""Screen 6: the history of a label, an article, a person; any state of it can come back.

Two points in time are two rows that are chosen together: what was added, removed and changed
between them stands below. One row says what that edit changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from annotator.editing.correcting import touched_by
from annotator.editing.restoring import (
    Restoring,
    Wanted,
    net_changes,
    of_article,
    of_label,
    of_records,
    restored,
)
from annotator.gui.exchange.newest import Newest
from annotator.gui.exchange.pairs import Choice
from annotator.gui.history import time_in_words, what_in_words
from annotator.gui.insights.changes import MOST, change_rows
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.parts import Themed, dress, label, px, set_type
from annotator.gui.theme import Theme
from annotator.model import Change, Edit, Entity, Fragment, Record, Span
from annotator.project import SavedEdit
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.ask import Ask
    from annotator.gui.workspace import Workspace
    from annotator.project import Project

PAGE = 1000
"""Edits that are listed."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose history is shown: that of a label, an article, a person, or of everything."""

    article_id: str | None = None
    span_id: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edit changed, or what two points in time differ in."""

    changes: list[Change]
    spans: dict[str, Span]
    note: str = ""


def read_edits(project: Project, about: About) -> list[SavedEdit]:
    """Return the edits of a history, newest first."""
    found = project.history(PAGE, None, about.article_id, None, about.author)
    if about.span_id is None:
        return found
    wanted = of_label(about.span_id)
    return [
        saved
        for saved in found
        if any(wanted(one.record) for one in project.saved_edit(saved.revision).edit.changes)
    ]


def _wanted(about: About) -> Wanted:
    if about.span_id is not None:
        return of_label(about.span_id)
    if about.article_id is not None:
        return of_article(about.article_id)
    return lambda _record: True


def _edits_between(project: Project, about: About, after: int, until: int | None) -> list[Edit]:
    """Return the edits after a revision up to another, oldest first, with their changes."""
    heads = project.history(None, None, about.article_id, None, about.author)
    revisions = [
        one.revision
        for one in heads
        if one.revision > after and (until is None or one.revision <= until)
    ]
    return [project.saved_edit(revision).edit for revision in reversed(revisions)]


def read_changes(project: Project, about: About, rows: list[SavedEdit]) -> Changes:
    """Return what the one edit of *rows* changed, or what lies between the two of them."""
    if len(rows) == 1:
        edit = project.saved_edit(rows[0].revision).edit
        wanted = _wanted(about) if about.span_id is not None else lambda _record: True
        changes = [change for change in edit.changes if wanted(change.record)]
        return Changes(changes, _spans(project, changes), _touched_in_words(project, edit))
    older, newer = sorted(one.revision for one in rows)
    changes = net_changes(_edits_between(project, about, older, newer), _wanted(about))
    return Changes(changes, _spans(project, changes))


def _spans(project: Project, changes: list[Change]) -> dict[str, Span]:
    """Return the spans that are named in changes, those of their articles among them."""
    found: dict[str, Span] = {}
    articles = {one.record.article_id for one in changes[:MOST]} - {None}
    if len(articles) == 1:
        (article_id,) = articles
        assert article_id is not None
        if project.titles([article_id]):
            found.update(project.annotated(article_id).spans)
    found |= {one.record.id: one.record for one in changes if isinstance(one.record, Span)}
    return found


def _touched_in_words(project: Project, edit: Edit) -> str:
    """Say which labels a correction of the text touched."""
    if edit.action != "correct" or edit.article_id is None:
        return ""
    if not project.titles([edit.article_id]):
        return ""
    layers = project.annotated(edit.article_id).layers
    touched = touched_by(edit, {key: layer.author for key, layer in layers.items()})
    if not touched:
        return tr("The correction touched no label.")
    named = [
        tr(
            "{label} of {author}: “{words}”",
            label=one.before.label,
            author=one.author,
            words=" … ".join(one.before.text),
        )
        for one in touched
    ]
    counted = tr_n(
        len(touched), "The correction touched {n} label:", "The correction touched {n} labels:"
    )
    return f"{counted} {'; '.join(named)}"


def plan_restoring(project: Project, about: About, revision: int, detail: str) -> Restoring:
    """Return the edit that brings back the state after *revision*."""
    everybody = About(article_id=about.article_id, span_id=about.span_id)
    edits = _edits_between(project, everybody, revision, None)
    wanted = _wanted(about)
    left = 0
    if about.author is not None:
        # What somebody else has changed since is theirs, and stays.
        others = {c.record.id for e in edits if e.author != about.author for c in e.changes}
        own = {c.record.id for e in edits if e.author == about.author for c in e.changes}
        wanted = of_records(own - others)
        left = len(own & others)
    changes = net_changes(edits, wanted)
    lost = {
        change.before.id: change.before
        for edit in (
            edits if about.article_id is None else _edits_between(project, About(), revision, None)
        )
        for change in edit.changes
        if isinstance(change.before, Entity)
    }
    here: dict[str, Record] = dict(project.entities())
    for article_id in {one.record.article_id for one in changes} - {None}:
        if article_id is not None and project.titles([article_id]):
            item = project.annotated(article_id)
            for table in (item.layers, item.spans, item.relations):
                here.update(table)
    found = restored(changes, here=here, lost=lost, detail=detail, article_id=about.article_id)
    return Restoring(found.edit, found.left + left)


class TimelinePage(Themed, QWidget):
    """The edits of something, newest first, and what they changed."""

    place_wanted = Signal(str, object)

    def __init__(self, workspace: Workspace, ask: Ask, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._workspace, self._dialogs = workspace, ask
        self._edits: list[SavedEdit] = []
        self._questions: list[Newest] = []
        self.setObjectName("page.insights.history")
        self.setAccessibleName(tr("History"))
        self._build()
        workspace.project_closed.connect(self.end)
        workspace.project_opened.connect(self.end)

    def _build(self) -> None:
        self.scope = Choice()
        self.scope.setObjectName("choice.history_of")
        self.scope.setAccessibleName(tr("Whose history"))
        self.scope.setMaximumWidth(px(320))
        self.scope.activated.connect(self._read)
        self.state = label(size=12, tone="muted")
        self.sheet = Sheet(self.theme, "table.timeline", tr("Changes, newest first"))
        self.sheet.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.sheet.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.sheet.opens_by_click = False
        self.sheet.scroll_by_itself()
        self.sheet.opened.connect(self._open)
        self.sheet.selectionModel().selectionChanged.connect(lambda *_: self._on_chosen())
        self.restore = QPushButton(tr("Restore this state"))
        self.restore.setObjectName("button.restore")
        self.restore.clicked.connect(self._restore)
        set_type(self.restore, 13, 500)
        self.heading = label(size=13, weight=600)
        self.heading.setWordWrap(True)
        self.note = label(size=12, tone="muted")
        self.note.setObjectName("words.touched")
        self.note.setWordWrap(True)
        self.changes = Sheet(self.theme, "table.changes", tr("What was changed"))
        self.changes.scroll_by_itself()
        self.changes.opened.connect(self._open)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.scope)
        top.addWidget(self.state, 1)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 8, 0, 0)
        below.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.restore)
        below.addLayout(head)
        below.addWidget(self.note)
        below.addWidget(self.changes, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.sheet)
        parts.addWidget(lower)
        parts.setSizes([px(320), px(260)])
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(parts, 1)

    # -- reading -----------------------------------------------------------------------------

    def end(self) -> None:
        """Let go of the project."""
        questions, self._questions = self._questions, []
        for one in questions:
            one.end()
        self._edits = []
        self.sheet.show_rows((), ())
        self.changes.show_rows((), ())

    def _newest(self, at: int) -> Newest:
        while len(self._questions) <= at:
            made = Newest(self._workspace.project, self)
            made.failed.connect(self._on_failed)
            made.done.connect(
                (self._take_edits, self._take_changes, self._take_restoring)[len(self._questions)]
            )
            self._questions.append(made)
        return self._questions[at]

    def refresh(self) -> None:
        """Show the history as it is now."""
        self._workspace.flush()
        options = [("", tr("Everything"))]
        if self._workspace.annotated is not None:
            title = self._workspace.annotated.article.title
            options.append(("article", tr("The open article: {title}", title=title)))
        if len(self._workspace.selected) == 1:
            options.append(("label", tr("The selected label")))
        people = self._workspace.project.authors()
        options += [(f"person\n{name}", tr("What {name} did", name=name)) for name in people]
        self.scope.offer(options)
        self._read()

    @property
    def about(self) -> About:
        """Whose history is shown."""
        key = self.scope.key
        annotated = self._workspace.annotated
        article_id = None if annotated is None else annotated.article.id
        if key == "article":
            return About(article_id)
        if key == "label" and self._workspace.selected:
            return About(article_id, self._workspace.selected[0])
        if key.startswith("person\n"):
            return About(author=key.partition("\n")[2])
        return About()

    def _read(self) -> None:
        about = self.about
        self._newest(0).ask(lambda project, _progress, _tell: read_edits(project, about))

    def _take_edits(self, found: list[SavedEdit]) -> None:
        self._edits = found
        columns = [
            Column(tr("When"), width=200),
            Column(tr("Who"), width=110),
            Column(tr("What"), width=240, stretch=True),
            Column(tr("Changes"), right=True),
        ]
        rows = []
        for saved in found:
            edit = saved.edit
            opens = None if edit.article_id is None else (edit.article_id, edit.place)
            rows.append(
                [
                    Cell(text=time_in_words(edit.time), muted=True, opens=opens),
                    Cell(text=edit.author, opens=opens),
                    Cell(text=what_in_words(saved), opens=opens),
                    Cell(text=number(saved.size), right=True, muted=True, opens=opens),
                ]
            )
        self.sheet.show_rows(columns, rows)
        words = tr_n(len(found), "{n} change.", "{n} changes.")
        if len(found) == PAGE:
            words = tr("The newest {n} changes.", n=number(PAGE))
        self.state.setText(f"{words} {tr('Choose two of them to compare the states after them.')}")
        if rows:
            self.sheet.selectRow(0)
        else:
            self.changes.show_rows((), ())
        dress(self, self.theme)
        self._on_chosen()

    @property
    def chosen(self) -> list[SavedEdit]:
        """The rows that are chosen, newest first; of more than two the first and the last."""
        rows = sorted({one.row() for one in self.sheet.selectionModel().selectedIndexes()})
        found = [self._edits[row] for row in rows if row < len(self._edits)]
        return found if len(found) <= 2 else [found[0], found[-1]]

    def _on_chosen(self) -> None:
        rows, about = self.chosen, self.about
        part = about.article_id is not None or about.author is not None
        can = len(rows) == 1 and part and not self._workspace.read_only
        self.restore.setEnabled(can)
        self.restore.setToolTip(
            "" if can else tr("Choose one change of an article, a label or a person.")
        )
        if not rows:
            self.heading.setText("")
            return
        if len(rows) == 1:
            self.heading.setText(tr("What this changed"))
        else:
            newer, older = rows
            self.heading.setText(
                tr(
                    "From {first} to {last}",
                    first=time_in_words(older.edit.time),
                    last=time_in_words(newer.edit.time),
                )
            )
        self._newest(1).ask(lambda project, _progress, _tell: read_changes(project, about, rows))

    def _take_changes(self, found: Changes) -> None:
        columns, rows = change_rows(found.changes, found.spans, self._workspace.scheme)
        self.changes.show_rows(columns, rows)
        words = found.note
        if not found.changes:
            words = tr("Nothing is different.")
        elif len(found.changes) > MOST:
            words = tr("The first {n} of {total} are listed.", n=number(MOST),
                       total=number(len(found.changes)))  # fmt: skip
        self.note.setText(words)
        self.note.setVisible(bool(words))
        dress(self.changes, self.theme)

    def _on_failed(self, reason: str) -> None:
        if reason:
            self._workspace.note(reason)

    # -- doing -------------------------------------------------------------------------------

    def _open(self, place: tuple[str, Fragment | None]) -> None:
        article_id, where = place
        if self._workspace.project.titles([article_id]):
            self.place_wanted.emit(article_id, where)
        else:
            self._workspace.note(tr("This article is not in the project any more."))

    def _restore(self) -> None:
        rows, about = self.chosen, self.about
        if len(rows) != 1:
            return
        self._workspace.flush()
        saved = rows[0]
        detail = time_in_words(saved.edit.time)
        self._newest(2).ask(
            lambda project, _progress, _tell: plan_restoring(project, about, saved.revision, detail)
        )

    def _take_restoring(self, found: Restoring) -> None:
        if found.edit is None:
            self._workspace.note(tr("It is as it was then. Nothing was changed."))
            return
        size = len(found.edit.changes)
        if not self._workspace.perform(found.edit):
            return
        words = tr_n(size, "Restored: {n} change. Undo takes it back.",
                     "Restored: {n} changes. Undo takes it back.")  # fmt: skip
        if found.left:
            words += " " + tr_n(
                found.left,
                "{n} stays as it is, because somebody else has changed it, or because what it "
                "belongs to is gone.",
                "{n} stay as they are, because somebody else has changed them, or because what "
                "they belong to is gone.",
            )
        self._workspace.note(words)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
