"""Backups that nobody has to think of, going back to one, and what to do about a damaged project.

Backups are made in the writer's turn, after a project was opened and from time to time, where
something was saved since the last one. A backup is looked at before it counts, so this is also
where damage comes to light that nobody has met yet.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import UserError
from annotator.gui.dialogs import PlainDialog
from annotator.gui.jobs import Job
from annotator.gui.parts import dress, label, px, row_height
from annotator.gui.theme import Theme
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow
    from annotator.gui.writer import Work
    from annotator.project import Project
    from annotator.recovery import Difference, Salvaged

FIRST_MILLISECONDS: Final = 10_000
EVERY_MILLISECONDS: Final = 30 * 60_000


class Recovering(QObject):
    """Keeps backups of the open project, and brings one back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._ask = window.ask
        self._work: Work | None = None
        self._job: Job | None = None
        self._location = ""
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self.back_up)
        self._workspace.project_opened.connect(lambda: self._clock.start(FIRST_MILLISECONDS))
        self._workspace.project_closed.connect(self._clock.stop)
        window.projects.damaged.connect(self._on_damaged)

    @property
    def running(self) -> bool:
        """Whether a backup is being made or looked for."""
        return self._work is not None or self._job is not None

    # -- by itself ---------------------------------------------------------------------------

    def back_up(self) -> None:
        """Make a backup where something was saved since the last one."""
        from annotator import recovery

        self._clock.start(EVERY_MILLISECONDS)
        if not self._workspace.is_open or self._workspace.read_only or self.running:
            return

        def make(project: Project) -> str:
            try:
                recovery.back_up_if_due(project)
            except recovery.Damaged as error:
                return str(error)
            return ""

        self._work = self._workspace.look(make)
        self._work.done.connect(self._on_backed_up)
        self._work.failed.connect(self._on_not_backed_up)

    def _on_backed_up(self, damage: str) -> None:
        self._work = None
        if damage and self._workspace.is_open:
            self._on_damaged(str(self._workspace.project.location), damage)

    def _on_not_backed_up(self, reason: str) -> None:
        self._work = None
        self._workspace.note(tr("No backup could be made: {reason}", reason=reason))

    # -- damage ------------------------------------------------------------------------------

    def _on_damaged(self, location: str, message: str) -> None:
        """Say what is wrong with a project, and offer what can be done."""
        if self._workspace.is_open and self._workspace.project.location == location:
            # Nothing more is to be written into what is damaged.
            self._workspace.close()
        is_there = Path(location).exists()
        choices = [(tr("Go back to a backup"), self._look_for_backups)]
        text = tr("{project} is not there any more.", project=Path(location).name)
        if is_there:
            text = tr("{project} is damaged.", project=Path(location).name)
            choices += [
                (tr("Save what can be read"), self._salvage),
                (tr("Only look at what can be read"), self._look),
            ]
        answer = self._ask.choose(
            self._window, f"{text}\n\n{message}", [words for words, _ in choices]
        )
        if answer is not None:
            choices[answer][1](location)
        elif is_there:
            self._look(location)

    def _look(self, location: str) -> None:
        """Show all that can be read, in a copy that cannot be written."""
        from annotator import recovery

        self._location = location
        self._workspace.note(tr("Looking for what can be read …"))
        author = self._window.settings.author_of(location)
        self._start(
            Job(partial(recovery.open_readable, location, author=author), parent=self),
            self._on_readable,
        )

    @Slot(object)
    def _on_readable(self, project: Project) -> None:
        self._job = None
        self._workspace.open_project(project)
        self._window.projects.opened.emit()
        self._workspace.note(
            tr(
                "{project} is damaged: this is what can be read of it, and cannot be changed.",
                project=Path(self._location).name,
            )
        )

    def _original(self) -> str:
        """Return where the project lies that is open, or of which the readable part is."""
        from annotator import recovery

        location = str(self._workspace.project.location)
        shown = self._location and str(recovery.readable_copy(self._location)) == location
        return self._location if shown else location

    def _salvage(self, location: str) -> None:
        from annotator import recovery

        source = Path(location)
        kinds = tr("Projects ({pattern})", pattern="*.annotator")
        name = str(source.with_name(tr("{project} saved", project=source.stem) + source.suffix))
        target = self._ask.save_file(self._window, tr("Save what can be read"), kinds, name)
        if target is None:
            return
        self._start(Job(recovery.salvage, source, target, parent=self), self._on_salvaged)

    @Slot(object)
    def _on_salvaged(self, found: Salvaged) -> None:
        self._job = None
        told = [
            tr_n(
                found.saved.get("articles", 0),
                "{n} article could be read",
                "{n} articles could be read",
            ),
            tr_n(found.saved.get("spans", 0), "{n} label", "{n} labels"),
        ]
        lost = sum(found.gaps.values())
        detail = [", ".join(told) + "."]
        if lost:
            detail.append(
                tr_n(lost, "One place could not be read.", "{n} places could not be read.")
            )
        if found.recalled:
            detail.append(
                tr_n(
                    found.recalled,
                    "{n} record was taken from the history instead.",
                    "{n} records were taken from the history instead.",
                )
            )
        if found.dropped:
            detail.append(
                tr_n(
                    found.dropped,
                    "{n} record was left out, because what it stood on is lost.",
                    "{n} records were left out, because what they stood on is lost.",
                )
            )
        if not found.history:
            detail.append(tr("The history could not be read."))
        self._ask.tell(
            self._window, tr("Saved to {path}", path=str(found.target)), " ".join(detail)
        )
        self._window.projects.open(str(found.target))

    # -- going back --------------------------------------------------------------------------

    def ask_restore(self) -> None:
        """Show the backups of the open project, and go back to the one that is chosen."""
        if self._workspace.is_open and not self.running:
            self._workspace.flush()
            self._look_for_backups(self._original())

    def _look_for_backups(self, location: str) -> None:
        self._location = location
        self._start(Job(_differences, location, parent=self), self._on_looked)

    def _start(self, job: Job, done: Callable[[Any], None]) -> None:
        self._job = job
        job.done.connect(done)
        job.failed.connect(self._on_failed)
        job.start()

    @Slot(str)
    def _on_failed(self, reason: str) -> None:
        self._job = None
        self._ask.warn(self._window, tr("This could not be done. Nothing was changed."), reason)

    @Slot(object)
    def _on_looked(self, found: list[Difference]) -> None:
        self._job = None
        if not found:
            self._ask.tell(
                self._window,
                tr("There is no backup of this project yet."),
                tr("One is made by itself while you work; Back up the project makes one now."),
            )
            return
        dialog = ChooseBackup(found, self._window.theme, self._window)
        dress(dialog, self._window.theme)
        chosen = dialog.chosen if dialog.exec() else None
        dialog.deleteLater()
        if chosen is not None:
            self._restore(self._location, chosen)

    def _restore(self, location: str, chosen: Difference) -> None:
        from annotator import recovery

        if self._workspace.is_open:
            self._workspace.close()
        job = Job(recovery.restore, location, chosen.backup.path, parent=self)
        self._start(job, self._on_restored)
        # Whatever came of it, the project is opened again.
        job.failed.connect(lambda _reason: self._window.projects.open(location))

    @Slot(object)
    def _on_restored(self, aside: Path | None) -> None:
        self._job = None
        if self._window.projects.open(self._location) and aside is not None:
            self._workspace.note(tr("What was there before is in {path}", path=str(aside)))


def _differences(location: str) -> list[Difference]:
    """Return what each backup that can be read lacks, newest first."""
    from annotator import recovery

    found = []
    for path in recovery.backups_of(location):
        try:
            found.append(recovery.difference(location, path))
        except UserError:
            continue
    return found


class ChooseBackup(PlainDialog):
    """The backups of a project, and what would be gone with each."""

    def __init__(self, found: list[Difference], theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "dialog.restore", tr("Go back to a backup"), parent)
        self._found = found
        told = label(
            tr("The project as it is now is kept beside it under another name."), 12, tone="muted"
        )
        told.setWordWrap(True)
        self._build_rows()
        self.gone = label(size=13, weight=600)
        self.gone.setObjectName("text.gone")
        self.gone.setWordWrap(True)
        self.later = QPlainTextEdit()
        self.later.setObjectName("text.later")
        self.later.setAccessibleName(tr("Changes that this backup lacks"))
        self.later.setReadOnly(True)
        self.later.setTabChangesFocus(True)
        self.buttons.addStretch(1)
        self.button(tr("Cancel"), "button.cancel", self.reject)
        self.button(tr("Go back to it"), "button.restore", self.accept, default=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for widget, stretch in ((told, 0), (self.rows, 2), (self.gone, 0), (self.later, 1)):
            column.addWidget(widget, stretch)
        column.addLayout(self.buttons)
        self.rows.currentCellChanged.connect(lambda *_cells: self._show())
        self.rows.selectRow(0)
        self.rows.setFocus()
        self.resize(min(px(720), parent.width() - 40), min(px(560), parent.height() - 40))

    def _build_rows(self) -> None:
        from annotator.gui.history import time_in_words

        self.rows = QTableWidget(len(self._found), 4)
        self.rows.setObjectName("table.backups")
        self.rows.setAccessibleName(tr("Backups, newest first"))
        headings = (tr("As it was on"), tr("Articles"), tr("Labels"), tr("Changes since"))
        self.rows.setHorizontalHeaderLabels(headings)
        self.rows.verticalHeader().hide()
        self.rows.verticalHeader().setDefaultSectionSize(row_height(28))
        self.rows.setShowGrid(False)
        self.rows.setTabKeyNavigation(False)
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.rows.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, 4):
            width = header.fontMetrics().horizontalAdvance(headings[column])
            header.resizeSection(column, width + px(32))
        for row, difference in enumerate(self._found):
            counts = difference.backup.counts
            lost = number(difference.later_count) if difference.present else "?"
            cells = (
                time_in_words(difference.backup.saved),
                number(counts["articles"]),
                number(counts["spans"]),
                lost,
            )
            for column, text in enumerate(cells):
                self.rows.setItem(row, column, QTableWidgetItem(text))

    @property
    def chosen(self) -> Difference:
        """The backup that is selected."""
        return self._found[max(0, self.rows.currentRow())]

    def _show(self) -> None:
        from annotator.gui.history import time_in_words, what_in_words

        found = self.chosen
        if found.present is None:
            self.gone.setText(tr("The project as it is now cannot be read."))
        elif found.later_count:
            self.gone.setText(
                tr_n(
                    found.later_count,
                    "{n} change would be gone:",
                    "{n} changes would be gone:",
                )
            )
        elif found.forked:
            self.gone.setText(tr("This backup was worked on by itself."))
        else:
            self.gone.setText(tr("This backup holds everything that is in the project."))
        self.later.setPlainText(
            "\n".join(
                f"{time_in_words(saved.edit.time)}   {saved.edit.author}   {what_in_words(saved)}"
                for saved in found.later
            )
        )
        self.later.setVisible(bool(found.later))
