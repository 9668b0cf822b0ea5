"""Bringing files into the open project: what was dropped or chosen, away from the window.

Articles without labels that can be read as they are come in at once. Where something has to be
said about them, or labels come along, a dialog shows what they are first. An article that was
chosen by itself is opened, as every editor does with it, also where it was here already. Several
come into the list, and the one at hand stays in sight.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressDialog

from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.exchange import Options, Report, Step
    from annotator.gui.exchange.import_dialog import ImportDialog
    from annotator.gui.exchange.newest import Newest
    from annotator.gui.main_window import MainWindow
    from annotator.gui.writer import Work
    from annotator.project import Project


class ImportFlow(QObject):
    """Asks for files, has them read in the writer's turn, and reports what became of them."""

    finished = Signal()
    opened = Signal(str)
    """Id of an article that the person is to see now."""
    _progressed = Signal(str, int, int, str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._work: Work | None = None
        self._doubts: Newest | None = None
        self._box: QProgressDialog | None = None
        self._dialog: ImportDialog | None = None
        self._paths: list[Path] = []
        self._stop = threading.Event()
        self._progressed.connect(self._show_progress)

    @property
    def running(self) -> bool:
        """Whether files are being looked at or read, and nothing is asked."""
        return self._work is not None or self._doubts is not None

    @property
    def dialog(self) -> ImportDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def ask_files(self) -> None:
        """Ask for files and bring them in."""
        self.start(
            self._window.ask.open_files(self._window, tr("Import articles"), readable_files())
        )

    def ask_folder(self) -> None:
        """Ask for a folder and bring in what is in it."""
        folder = self._window.ask.open_folder(self._window, tr("Import a folder"))
        self.start([] if folder is None else [folder])

    def start(self, paths: list[Path]) -> None:
        """Bring in what is in *paths*: files, or folders of them."""
        if self.running or self._dialog is not None or not paths or not self._workspace.is_open:
            return
        from annotator.gui.exchange.newest import Newest
        from annotator.gui.exchange.prospect import doubts

        self._paths = list(paths)
        self._stop.clear()
        self._show_box()
        self._doubts = Newest(self._workspace.project, self)
        self._doubts.done.connect(self._on_doubts)
        self._doubts.failed.connect(self._on_unreadable)
        self._doubts.ask(doubts(self._paths))

    def cancel(self) -> None:
        """Have an import under way stop before its next article."""
        self._stop.set()
        if self._doubts is not None:
            self._doubts.end()
            self._doubts = None
            self._end()

    # -- with a dialog, or without ---------------------------------------------------------------

    def _end_doubts(self) -> None:
        if self._doubts is not None:
            self._doubts.close()
            self._doubts = None

    def _on_doubts(self, any_left: bool) -> None:
        self._end_doubts()
        if any_left:
            self._end()
            self._show_dialog()
        else:
            self._bring_in(None)

    def _on_unreadable(self, reason: str) -> None:
        self._end_doubts()
        self._end()
        self._window.ask.warn(self._window, tr("Nothing was imported."), reason)

    def _show_dialog(self) -> None:
        from annotator.gui.exchange.import_dialog import ImportDialog

        self._workspace.flush()
        dialog = ImportDialog(self._workspace, self._paths, self._window.theme, self._window)
        dialog.wanted.connect(self._bring_in)
        dialog.cancel_wanted.connect(self._stop.set)
        dialog.finished.connect(self._on_closed)
        self._dialog = dialog
        dialog.open()

    def _on_closed(self, _code: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _show_box(self) -> None:
        self._box = QProgressDialog(tr("Reading articles"), tr("Cancel"), 0, 0, self._window)
        self._box.setObjectName("dialog.importing")
        self._box.setWindowTitle(tr("Import articles"))
        self._box.setWindowModality(Qt.WindowModality.WindowModal)
        self._box.setMinimumDuration(400)
        self._box.setAutoClose(False)
        self._box.setAutoReset(False)
        self._box.canceled.connect(self.cancel)

    # -- reading ---------------------------------------------------------------------------------

    def _bring_in(self, options: Options | None) -> None:
        self._stop.clear()
        paths = self._paths
        self._work = self._workspace.change(lambda project: self._read(project, paths, options))
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_failed)

    def _read(self, project: Project, paths: list[Path], options: Options | None) -> Report:
        """Read and save; on the writer's thread."""
        from annotator import exchange

        last: Step | None = None

        def tell(step: Step) -> None:
            nonlocal last
            if self._stop.is_set():
                raise exchange.Cancelled(tr("Import cancelled."))
            if step != last:
                last = step
                self._progressed.emit(step.stage, step.done, step.total or 0, step.what)

        return exchange.bring_in(project, paths, options, progress=tell)

    def _show_progress(self, stage: str, count: int, total: int, what: str) -> None:
        doing = tr("Saving") if stage == "saving" else tr("Reading")
        if self._dialog is not None:
            self._dialog.show_step(doing, count, total, what)
        elif self._box is not None and stage == "reading":
            files = tr_n(count + 1, "{n} file", "{n} files")
            self._box.setLabelText(f"{files}\n{what}")

    def _end(self) -> None:
        if self._box is not None:
            self._box.canceled.disconnect()
            self._box.close()
            self._box.deleteLater()
            self._box = None
        self._work = None
        self.finished.emit()

    def _on_done(self, report: Report) -> None:
        from annotator.gui.exchange.import_report import (
            ImportReportDialog,
            summary,
            wants_reading,
        )

        if self._dialog is not None:
            self._dialog.work(False)
            self._dialog.accept()
        self._end()
        self._workspace.note(" ".join([summary(report), *report.notes[:1]]))
        found = report.articles + report.present
        single = len(self._paths) == 1 and self._paths[0].is_file() and len(found) == 1
        if found and (single or self._workspace.annotated is None):
            self.opened.emit(found[0])
        if wants_reading(report):
            dialog = ImportReportDialog(report, self._window.theme, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _on_failed(self, reason: str) -> None:
        self._end()
        cancelled = self._stop.is_set()
        if self._dialog is not None:
            said = tr("The import was cancelled. Nothing was changed.")
            self._dialog.stopped(said if cancelled else reason)
        elif cancelled:
            self._workspace.note(tr("Import cancelled."))
        else:
            text = tr("The articles could not be brought in. Nothing was changed.")
            self._window.ask.warn(self._window, text, reason)


def readable_files() -> str:
    """Return the filter of a file dialog for everything that can be read."""
    from annotator import formats

    suffixes = {
        f"*{suffix}"
        for form in formats.all_formats()
        if formats.can_read(form)
        for suffix in form.suffixes
    }
    kinds = tr("Articles and labels ({pattern})", pattern=" ".join(sorted(suffixes)))
    return f"{kinds};;{tr('All files ({pattern})', pattern='*')}"
