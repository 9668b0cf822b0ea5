"""Taking labels out: the dialog, the writing away from the window, and what is said afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from annotator.gui.exchange.newest import Newest
from annotator.gui.jobs import Job
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.exchange import Exported, Step
    from annotator.gui.exchange.export_dialog import ExportDialog
    from annotator.gui.exchange.outlook import Outlook
    from annotator.gui.main_window import MainWindow
    from annotator.project import Project


AHEAD_MILLISECONDS: Final = 1500
"""After a project was opened, until the formats are loaded that its dialogs list."""


class ExportFlow(QObject):
    """Asks what to export, and writes it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: ExportDialog | None = None
        self._job: Job | None = None
        self._reader: Project | None = None
        self._ahead: Job | None = None
        self._pause = QTimer(self, singleShot=True, interval=AHEAD_MILLISECONDS)
        self._pause.timeout.connect(self._load_ahead)

    def begin(self) -> None:
        """Load the formats soon, away from the window: the first dialog would wait for them."""
        if self._ahead is None:
            self._pause.start()

    def _load_ahead(self) -> None:
        from annotator import formats

        self._ahead = Job(formats.all_formats, parent=self)
        self._ahead.start()

    @property
    def dialog(self) -> ExportDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def ask_export(self) -> None:
        """Ask what is to be exported and where to, and export it."""
        if self._dialog is not None:
            return
        from annotator.gui.exchange.export_dialog import ExportDialog

        window = self._window
        dialog = ExportDialog(window.workspace, window.settings, window.ask, window.theme, window)
        dialog.wanted.connect(self._start)
        dialog.cancel_wanted.connect(self._cancel)
        dialog.finished.connect(self._on_closed)
        self._dialog = dialog
        dialog.open()
        dialog.begin(list(window.articles.model.ids))

    def wait(self) -> None:
        """Wait until what is being written is written; nothing is looked at any more."""
        self._pause.stop()
        if self._ahead is not None:
            self._ahead.wait()
        if self._job is not None:
            self._job.wait()
            self._end()
        for questions in self._window.findChildren(Newest):
            questions.end()

    def stop(self) -> None:
        """Give up what is being written: the files stay as they were."""
        self._cancel()
        self.wait()

    def _start(self, outlook: Outlook, target: Path) -> None:
        reader = self._window.workspace.project.reader()
        job = Job(lambda: _write(reader, outlook, target, job), parent=self)
        job.progressed.connect(self._on_progress)
        job.done.connect(lambda exported: self._on_done(exported, target))
        job.failed.connect(self._on_failed)
        job.cancelled.connect(
            lambda: self._on_failed(tr("The export was cancelled. Nothing was written."))
        )
        self._reader, self._job = reader, job
        job.start()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end(self) -> None:
        if self._job is not None:
            self._job.wait()
            self._job.deleteLater()
            self._job = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _on_progress(self, count: int, total: int, what: str) -> None:
        if self._dialog is not None:
            self._dialog.show_step(count, total, what)

    def _on_done(self, exported: Exported, target: Path) -> None:
        from annotator.gui.exchange.export_dialog import losses_in_words

        self._end()
        written = tr_n(
            exported.articles,
            "{n} article written to {path}.",
            "{n} articles written to {path}.",
            path=target,
        )
        lost = losses_in_words(exported.survey)
        self._window.workspace.note(f"{written} {lost}".rstrip())
        if self._dialog is not None:
            self._dialog.work(False)
            self._dialog.accept()

    def _on_failed(self, reason: str) -> None:
        self._end()
        if self._dialog is not None:
            self._dialog.stopped(reason)

    def _on_closed(self, _code: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None


def _write(project: Project, outlook: Outlook, target: Path, job: Job) -> Any:
    """Write, on the thread of *job*."""
    from annotator import exchange

    def advance(step: Step) -> None:
        job.progress(step.done, step.total or 0, step.what)

    return exchange.take_out(project, target, outlook.plan, survey=outlook.survey, progress=advance)
