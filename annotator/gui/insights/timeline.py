"""Screen 6: the history of a label, an article, a person; any state of it can come back.

Two points in time are two rows that are chosen together: what was added, removed and changed
between them stands below. One row says what that edit changed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from annotator.editing.restoring import Restoring
from annotator.gui.exchange.newest import Newest
from annotator.gui.exchange.pairs import Choice
from annotator.gui.history import time_in_words, what_in_words
from annotator.gui.insights.changes import MOST, change_rows
from annotator.gui.insights.history_reading import (
    About,
    Changes,
    Part,
    plan_restoring,
    read_changes,
    read_edits,
)
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.page_keys import PageKeys
from annotator.gui.parts import Themed, dress, label, px
from annotator.gui.review.key_button import KeyButton
from annotator.gui.theme import Theme
from annotator.model import Fragment
from annotator.project import SavedEdit
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.ask import Ask
    from annotator.gui.workspace import Workspace


class TimelinePage(Themed, QWidget):
    """The edits of something, newest first, and what they changed."""

    place_wanted = Signal(str, object)
    left = Signal()
    """The keyboard wants to go back to the article."""

    def __init__(self, workspace: Workspace, ask: Ask, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._workspace, self._dialogs = workspace, ask
        self._edits: list[SavedEdit] = []
        self._rest: int | None = None
        """The revision before which there are older edits to read."""
        self._questions: list[Newest] = []
        self._kept_back = False
        """Whether edits are left out that tell what others marked where one labels blind."""
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
        self.scope.setMinimumWidth(px(180))
        self.scope.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.scope.activated.connect(self._read)
        self.state = label(size=12, tone="muted")
        self.state.setWordWrap(True)
        self.sheet = Sheet(self.theme, "table.timeline", tr("Changes, newest first"))
        self.sheet.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.sheet.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.sheet.opens_by_click = False
        self.sheet.scroll_by_itself(least=84)
        self.sheet.opened.connect(self._open)
        self.sheet.verticalScrollBar().valueChanged.connect(lambda _value: self._read_on())
        self.sheet.selectionModel().selectionChanged.connect(lambda *_: self._on_chosen())
        self.restore = KeyButton(self.theme, tr("Restore this state"), "", "button.restore")
        self.restore.clicked.connect(self._restore)
        self.heading = label(size=13, weight=600)
        self.heading.setWordWrap(True)
        self.note = label(size=12, tone="muted")
        self.note.setObjectName("words.touched")
        self.note.setWordWrap(True)
        self.changes = Sheet(self.theme, "table.changes", tr("What was changed"))
        self.changes.scroll_by_itself(least=56)
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

    def attach(self, commands: Actions) -> None:
        """Take the keys of this page from the table of actions."""
        keys = PageKeys(commands, self, "history")
        keys.on("restore", self._restore)
        self.restore.set_key(keys.key("restore"))
        commands.keys_changed.connect(lambda: self.restore.set_key(keys.key("restore")))

    # -- reading -----------------------------------------------------------------------------

    def end(self) -> None:
        """Let go of the project."""
        questions, self._questions = self._questions, []
        for one in questions:
            one.end()
        self._edits, self._rest = [], None
        self.sheet.show_rows((), ())
        self._show_no_changes()

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

    def show_whose(self, key: str) -> None:
        """Show the history of ``label``, ``article`` or, with the empty key, of everything."""
        self.scope.choose(key)
        self._read()
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        about = self.about
        self._rest = None
        self.state.setText(tr("Reading …"))
        self._ask(about, None)

    def _read_on(self) -> None:
        """Read older edits, where the end of those that are there comes into sight."""
        bar = self.sheet.verticalScrollBar()
        if self._rest is None or bar.value() < bar.maximum() - bar.pageStep():
            return
        about, before, self._rest = self.about, self._rest, None
        self._ask(about, before)

    def _ask(self, about: About, before: int | None) -> None:
        self._newest(0).ask(
            lambda project, _, tell: read_edits(project, about, before, partial(tell, None))
        )

    def _take_edits(self, found: Part) -> None:
        self._rest = found.rest
        rows = [
            _row(saved, _instead(found, saved.revision), sized=saved.revision not in found.unsized)
            for saved in found.edits
        ]
        self._kept_back = found.kept_back or (found.after is not None and self._kept_back)
        if found.after is None:
            self._edits = found.edits
            self.sheet.show_rows(_columns(), rows)
        else:
            self._edits += found.edits
            self.sheet.sheet.add_rows(rows)
        self._say()
        if found.after is None:
            if rows:
                self.sheet.selectRow(0)
            dress(self, self.theme)
            self._on_chosen()
        self._read_on()

    def _say(self) -> None:
        count = len(self._edits)
        words = tr_n(count, "{n} change.", "{n} changes.")
        if self._rest is not None:
            words = tr_n(
                count,
                "The newest {n} change; older ones come as you scroll.",
                "The newest {n} changes; older ones come as you scroll.",
            )
        if not count:
            words = "" if self._kept_back else tr("Nothing was changed yet.")
        steps = self._workspace.steps_to_undo
        undo = tr_n(steps, "{n} step to undo.", "{n} steps to undo.")
        compare = tr("Choose two of them to compare the states after them.") if count > 1 else ""
        kept = kept_back_in_words() if self._kept_back else ""
        self.state.setText(" ".join(filter(None, (words, kept, undo, compare))))

    @property
    def chosen(self) -> list[SavedEdit]:
        """The rows that are chosen, newest first; of more than two the first and the last."""
        rows = sorted({one.row() for one in self.sheet.selectionModel().selectedIndexes()})
        found = [self._edits[row] for row in rows if row < len(self._edits)]
        return found if len(found) <= 2 else [found[0], found[-1]]

    def _on_chosen(self) -> None:
        rows, about = self.chosen, self.about
        can = self._restorable is not None and not self._workspace.read_only
        self.restore.setEnabled(can)
        self.restore.setToolTip(
            "" if can else tr("Choose one change of an article, a label or a person.")
        )
        if not rows:
            self._show_no_changes()
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

    def _show_no_changes(self) -> None:
        self.changes.show_rows((), ())
        self.heading.setText("")
        self.note.setVisible(False)

    def _take_changes(self, found: Changes) -> None:
        columns, rows = change_rows(found.changes, found.spans, self._workspace.scheme)
        self.changes.show_rows(columns, rows)
        words = found.note
        if found.hidden:
            words = tr_n(
                found.hidden,
                "{n} change is hidden until the case is decided again.",
                "{n} changes are hidden until the cases are decided again.",
            )
        elif not found.changes and not found.kept_back:
            words = tr("Nothing is different.")
        elif len(found.changes) > MOST:
            words = tr("The first {n} of {total} are listed.", n=number(MOST),
                       total=number(len(found.changes)))  # fmt: skip
        if found.kept_back:
            words = " ".join(filter(None, (words, kept_back_in_words())))
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

    @property
    def _restorable(self) -> About | None:
        """Of what the state after the chosen edit can come back: in all edits, of its article."""
        rows, about = self.chosen, self.about
        if len(rows) != 1:
            return None
        if about != About():
            return about
        article_id = rows[0].edit.article_id
        return None if article_id is None else About(article_id)

    def _restore(self) -> None:
        about = self._restorable
        if about is None or self._workspace.read_only:
            return
        self._workspace.flush()
        saved = self.chosen[0]
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

    # -- looks and keys ----------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _columns() -> list[Column]:
    return [
        Column(tr("When"), width=184),
        Column(tr("Who"), width=96),
        Column(tr("What"), width=240, stretch=True),
        Column(tr("Changes"), right=True),
    ]


def kept_back_in_words() -> str:
    """Say why what others did is not shown, and until when."""
    return tr("What others have marked here is hidden until you hand in your own labels.")


def _instead(found: Part, revision: int) -> str:
    """Return what is said in place of what an edit did; nothing where that may be told."""
    if revision in found.masked:
        return tr("Changed several articles. What, is hidden until you hand in your own labels")
    if revision in found.hidden:
        return tr("Decided on a case. What, is hidden until it is decided again")
    return ""


def _row(saved: SavedEdit, instead: str, *, sized: bool) -> list[Cell]:
    edit, what = saved.edit, instead or what_in_words(saved)
    opens = None if edit.article_id is None else (edit.article_id, edit.place)
    return [
        Cell(text=time_in_words(edit.time), muted=True, opens=opens),
        Cell(text=edit.author, opens=opens),
        Cell(text=what, opens=opens, hint=what),
        Cell(
            text="–" if instead or not sized else number(saved.size),
            right=True,
            muted=True,
            opens=opens,
        ),
    ]
