"""What became of a batch: every case with its article, done or refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout

from annotator.gui.dialogs import PlainDialog
from annotator.gui.exchange.newest import Newest
from annotator.gui.history import bulk_words, time_in_words
from annotator.gui.insights.sheet import Cell, Column, RowsOnDemand, Sheet
from annotator.gui.parts import dress, label, px
from annotator.review.merging import Item
from annotator.review.result import Result, result_of
from annotator.translation import number, shown, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from annotator.gui.exchange.newest import Tell
    from annotator.gui.main_window import MainWindow
    from annotator.model import Change
    from annotator.project import Project

RECENT = 500
"""Edits among which the last batch is looked for."""


class BatchResult(PlainDialog):
    """The list; Enter or a double click on a row shows its place, Esc closes.

    It is read away from the window, and each row is put together when it is looked at: batches
    have tens of thousands of cases.
    """

    place_wanted = Signal(object)
    """The item whose place is to be shown."""

    def __init__(self, window: MainWindow, batch_id: str, revision: int) -> None:
        super().__init__(window.theme, "dialog.result", tr("What became of it"), window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        project = window.workspace.project
        made = project.history(1, revision + 1)[0].edit
        self._scheme = window.workspace.scheme
        self._titles: Mapping[str, str] = {}
        self.heading = label(bulk_words(made.action) or made.action, 15, 600)
        self.heading.setWordWrap(True)
        self.who = label(f"{made.author}, {time_in_words(made.time)}", 12, tone="muted")
        self.counts = label(tr("Reading what became of it …"), size=13, weight=600)
        self.counts.setObjectName("text.result_counts")
        self.why = label(size=12, tone="muted")
        self.why.setObjectName("text.result_reasons")
        for one in (self.counts, self.why):
            one.setWordWrap(True)
        self.sheet = Sheet(window.theme, "table.result", tr("Cases, first what was refused"))
        self.sheet.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.sheet.opens_by_click = False
        self.sheet.scroll_by_itself()
        self.sheet.opened.connect(self._open)
        self._build()
        dress(self, window.theme)
        room = window.size()
        wide = min(px(760), max(room.width() - 40, 480))
        self.resize(wide, min(px(560), max(room.height() - 40, 400)))
        self.sheet.setFocus()
        self._newest = Newest(project, self)
        self._newest.done.connect(self._show)
        self._newest.ask(partial(_read, batch_id, revision))

    def done(self, result: int) -> None:
        self._newest.end()
        super().done(result)

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(4)
        for one in (self.heading, self.who):
            head.addWidget(one)
        head.addSpacing(8)
        for one in (self.counts, self.why):
            head.addWidget(one)
        self.buttons.addStretch(1)
        self.button(tr("Show the place"), "button.show_place", self._open_current)
        self.button(tr("Close"), "button.close", self.reject, default=True)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addLayout(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 16)
        column.setSpacing(12)
        column.addLayout(head)
        inset = QHBoxLayout()
        inset.setContentsMargins(8, 0, 8, 0)
        inset.addWidget(self.sheet)
        column.addLayout(inset, 1)
        column.addStretch(0)
        column.addLayout(foot)

    def _say(self, found: Result | None) -> None:
        if found is None:
            self.counts.setText(tr("No list was kept of this batch."))
            self.why.setText(tr("It was made with an earlier version of the program."))
            return
        done = tr_n(found.done, "{n} done", "{n} done")
        refused = tr_n(found.refused, "{n} refused", "{n} refused")
        self.counts.setText(f"{done}, {refused}")
        why = "; ".join(f"{shown(reason).rstrip('.')} ({number(n)})" for reason, n in found.reasons)
        parts = [f"{why}." if why else tr("Nothing was refused.")]
        total = found.done + found.refused
        if len(found.items) < total:
            parts.append(
                tr("{n} of {total} are listed.", n=number(len(found.items)), total=number(total))
            )
        self.why.setText(" ".join(parts))

    @Slot(object)
    def _show(self, answer: tuple[Result | None, Mapping[str, str]]) -> None:
        found, self._titles = answer
        self._say(found)
        items = () if found is None else found.items
        columns = [
            Column(tr("Case"), width=220, stretch=True),
            Column(tr("Article"), width=160, stretch=True),
            Column(tr("Result"), width=220, stretch=True),
        ]
        self.sheet.show_rows(columns, RowsOnDemand(items, self._row))
        self.sheet.setVisible(bool(items))

    def _row(self, item: Item) -> tuple[Cell, ...]:
        known = self._scheme.label(item.label)
        words = " ".join(item.words.split())
        title = self._titles.get(item.article_id, "") or tr("An article that is gone")
        said = shown(item.reason) if item.reason else _done(item)
        return (
            Cell(text=words, colour="" if known is None else known.colour, opens=item, hint=words),
            Cell(text=title, muted=True, opens=item, hint=title),
            Cell(text=said, icon="close" if item.reason else "check", opens=item, hint=said),
        )

    def _open_current(self) -> None:
        if self.sheet.currentIndex().isValid():
            self.sheet.open_cell(self.sheet.currentIndex())

    def _open(self, item: object) -> None:
        self.place_wanted.emit(item)
        self.accept()


def _done(item: Item) -> str:
    if item.whom:
        return tr("Done, to {name}", name=item.whom)
    return tr("Done, to be audited") if item.audited else tr("Done")


def _read(
    batch_id: str, revision: int, project: Project, _progress: object, tell: Tell
) -> tuple[Result | None, Mapping[str, str]]:
    """Read what became of a batch, and the titles of its articles; away from the window."""

    def changes() -> Iterator[Change]:
        for at, change in enumerate(project.changes_of(revision)):
            if at % 1000 == 0:
                tell(None)
            yield change

    found = result_of(batch_id, changes())
    kept = project.sight.kept
    if found is not None and kept:
        items = tuple(item for item in found.items if item.article_id not in kept)
        found = replace(found, items=items)
    ids = {item.article_id for item in (() if found is None else found.items)}
    return found, project.titles(ids)


def show_batch(window: MainWindow, batch_id: str) -> None:
    """Show what became of a batch, as the log has it."""
    window.workspace.flush()
    revision = window.workspace.project.reviewing.batch_revision(batch_id)
    if revision is None:
        window.workspace.note(tr("The log of this batch is not in the project any more."))
        return
    dialog = BatchResult(window, batch_id, revision)
    dialog.place_wanted.connect(lambda item: _go(window, item))
    dialog.open()


def show_last(window: MainWindow) -> None:
    """Show what became of the last batch of who works here."""
    window.workspace.flush()
    batch_id = _last(window.workspace.project)
    if window.workspace.state == "failed":
        said = tr("The last batch is not saved yet. Its list is there once it is.")
        window.workspace.note(said)
    elif batch_id is None:
        window.workspace.note(tr("You have decided nothing in bulk yet."))
    else:
        show_batch(window, batch_id)


def _last(project: Project) -> str | None:
    for saved in project.history(RECENT, author=project.author):
        if saved.kind == "do" and bulk_words(saved.edit.action):
            return saved.edit.id
    return None


def _go(window: MainWindow, item: Item) -> None:
    """Show the case of an item in Review; where it is no case any more, its place."""
    if not window.workspace.project.titles([item.article_id]):
        window.workspace.note(tr("This article is not in the project any more."))
        return
    window.show_place("review")
    sitting = window.bench.review.sitting
    window.workspace.open_article(item.article_id)
    keys = (item.key, item.key.rpartition("/")[0])
    for key in keys:
        if sitting.found is not None and sitting.found.case(key) is not None:
            sitting.go(item.article_id, key)
            return
    sitting.go_to_place(item.article_id, item.place.start)
