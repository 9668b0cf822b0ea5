"""Bringing articles into the open project: what was dropped or chosen, away from the window.

An article that was chosen by itself is opened, as every editor does with it, also where it was here
already. Several come into the list, and the one at hand stays in sight.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QPlainTextEdit,
    QProgressDialog,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.ask import Ask
from annotator.gui.dialogs import closing
from annotator.gui.parts import label, px
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.exchange import Report
    from annotator.gui.workspace import Workspace
    from annotator.gui.writer import Work
    from annotator.project import Project

PATTERN = "*.txt *.text *.md *.markdown *.html *.htm *.xhtml *.jsonl"


class ImportFlow(QObject):
    """Asks for files, has them read in the writer's turn, and reports what became of them."""

    finished = Signal()
    opened = Signal(str)
    """Id of an article that the person is to see now."""
    _progressed = Signal(int, str)

    def __init__(self, window: QWidget, workspace: Workspace, ask: Ask) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._ask = ask
        self._work: Work | None = None
        self._box: QProgressDialog | None = None
        self._stop = threading.Event()
        self._single = False
        self._progressed.connect(self._show_progress)

    @property
    def running(self) -> bool:
        """Whether an import is under way."""
        return self._work is not None

    def ask_files(self) -> None:
        """Ask for articles and bring them in."""
        kinds = tr("Articles ({pattern})", pattern=PATTERN)
        paths = self._ask.open_files(self._window, tr("Import articles"), kinds)
        if paths:
            self.start(paths)

    def start(self, paths: list[Path]) -> None:
        """Bring the articles in *paths* in: files, or folders of them."""
        if self._work is not None or not self._workspace.is_open:
            return
        self._stop.clear()
        self._single = len(paths) == 1 and paths[0].is_file()
        self._box = QProgressDialog(tr("Reading articles"), tr("Cancel"), 0, 0, self._window)
        self._box.setObjectName("dialog.importing")
        self._box.setWindowTitle(tr("Import articles"))
        self._box.setWindowModality(Qt.WindowModality.WindowModal)
        self._box.setMinimumDuration(400)
        self._box.setAutoClose(False)
        self._box.setAutoReset(False)
        self._box.canceled.connect(self._stop.set)
        self._work = self._workspace.change(lambda project: self._bring_in(project, paths))
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_failed)

    def cancel(self) -> None:
        """Have an import under way stop before its next file."""
        self._stop.set()

    def _bring_in(self, project: Project, paths: list[Path]) -> Report:
        """Read and save; on the writer's thread."""
        from annotator import exchange

        last: exchange.Step | None = None

        def tell(step: exchange.Step) -> None:
            nonlocal last
            if self._stop.is_set():
                raise exchange.Cancelled(tr("Import cancelled."))
            if step.stage == "reading" and step != last:
                last = step
                self._progressed.emit(step.done + 1, step.what)

        return exchange.bring_in(project, paths, progress=tell)

    def _show_progress(self, count: int, what: str) -> None:
        if self._box is not None:
            files = tr_n(count, "{n} file", "{n} files")
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
        self._end()
        self._workspace.note(" ".join([summary(report), *report.notes[:1]]))
        found = report.articles + report.present
        single = self._single and len(found) == 1
        if found and (single or self._workspace.annotated is None):
            self.opened.emit(found[0])
        if report.failed or report.differing:
            dialog = ImportReportDialog(report, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _on_failed(self, reason: str) -> None:
        self._end()
        if self._stop.is_set():
            self._workspace.note(tr("Import cancelled."))
            return
        text = tr("The articles could not be brought in. Nothing was changed.")
        self._ask.warn(self._window, text, reason)


def summary(report: Report) -> str:
    """Say in one line what became of an import."""
    parts = [tr_n(len(report.articles), "{n} article came in", "{n} articles came in")]
    if report.spans:
        parts.append(tr_n(report.spans, "{n} label", "{n} labels"))
    if report.known:
        parts.append(tr_n(report.known, "{n} was there already", "{n} were there already"))
    if report.failed:
        parts.append(tr_n(len(report.failed), "{n} could not be read", "{n} could not be read"))
    return ", ".join(parts) + "."


class ImportReportDialog(QDialog):
    """What could not be taken in, and why."""

    def __init__(self, report: Report, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.import_report")
        self.setWindowTitle(tr("Import articles"))
        self.resize(min(px(640), parent.width() - 40), min(px(360), parent.height() - 40))
        head = label(summary(report), 15, 600)
        head.setWordWrap(True)
        self.text = QPlainTextEdit("\n\n".join([*report.failed, *report.differing, *report.notes]))
        self.text.setObjectName("text.import_report")
        self.text.setAccessibleName(tr("What was left out, and why"))
        self.text.setReadOnly(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(head)
        column.addWidget(label(tr("What was left out, and why:"), 13, tone="muted"))
        column.addWidget(self.text, 1)
        column.addWidget(closing(self))
