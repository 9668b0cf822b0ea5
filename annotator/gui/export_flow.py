"""Taking labels out as JSON Lines, and articles as PDF, picture or print."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from annotator.errors import UserError
from annotator.gui.ask import Ask
from annotator.gui.jobs import Cancelled, Job
from annotator.settings import Settings
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.theme import Theme
    from annotator.gui.workspace import Workspace
    from annotator.project import Project


class ExportFlow(QObject):
    """Asks where to, and writes."""

    def __init__(self, window: QWidget, workspace: Workspace, settings: Settings, ask: Ask) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._settings = settings
        self._ask = ask
        self._job: Job | None = None
        self._reader: Project | None = None
        self._stop = threading.Event()

    def ask_export(self) -> None:
        """Ask for a file and export every article with its labels."""
        if self._job is not None:
            return
        kinds = tr("Annotator JSON Lines ({pattern})", pattern="*.jsonl")
        name = f"{self._workspace.project.title}.jsonl"
        target = self._ask.save_file(self._window, tr("Export labels"), kinds, name)
        if target is None:
            return
        self._workspace.flush()
        self._reader = self._workspace.project.reader()
        self._stop.clear()
        self._job = Job(self._export, self._reader, target, parent=self)
        self._job.done.connect(lambda count: self._on_done(count, target))
        self._job.failed.connect(self._on_failed)
        self._job.start()

    def wait(self) -> None:
        """Wait until what is being written is written."""
        if self._job is not None:
            self._job.wait()
            self._end()

    def stop(self) -> None:
        """Give up what is being written: the file stays as it was."""
        self._stop.set()
        self.wait()

    def _export(self, project: Project, target: Path) -> int:
        """Write, on the thread of the job."""
        from annotator import exchange

        def go_on(_step: exchange.Step) -> None:
            if self._stop.is_set():
                raise Cancelled

        return exchange.take_out(project, target, progress=go_on).articles

    def _end(self) -> None:
        if self._job is not None:
            self._job.wait()
            self._job.deleteLater()
            self._job = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _on_done(self, count: int, target: Path) -> None:
        self._end()
        self._workspace.note(
            tr_n(count, "{n} article written to {path}", "{n} articles written to {path}",
                 path=target)
        )  # fmt: skip

    def _on_failed(self, reason: str) -> None:
        self._end()
        self._ask.warn(self._window, tr("The labels could not be exported."), reason)

    # -- the article as it looks -----------------------------------------------------------------

    def ask_render(self, theme: Theme) -> None:
        """Ask for a file and save the open article as it looks."""
        annotated = self._workspace.annotated
        if annotated is None:
            return
        kinds = ";;".join(
            (
                tr("PDF ({pattern})", pattern="*.pdf"),
                tr("Picture ({pattern})", pattern="*.png"),
                tr("Vector picture ({pattern})", pattern="*.svg"),
            )
        )
        name = f"{annotated.article.title[:60].replace('/', '-')}.pdf"
        target = self._ask.save_file(self._window, tr("Save the article"), kinds, name)
        if target is None:
            return
        from annotator.gui.article import rendering

        try:
            rendering.render(
                annotated,
                [self._workspace.layer.id],
                self._workspace.scheme,
                theme,
                target,
                density=self._settings.density,
            )
        except UserError as error:
            self._ask.warn(self._window, tr("The article could not be saved."), str(error))
            return
        self._workspace.note(tr("Saved as {path}", path=target))

    def ask_print(self, theme: Theme) -> None:
        """Ask for a printer and print the open article as it looks, dark on white."""
        annotated = self._workspace.annotated
        if annotated is None:
            return
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        from annotator.gui import theme as themes
        from annotator.gui.article import rendering
        from annotator.gui.article.article_look import Look

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._window)
        if dialog.exec():
            light = themes.load("high-contrast-light" if theme.high_contrast else "light")
            look = Look(light, self._workspace.scheme, density=self._settings.density)
            rendering.print_article(printer, annotated, [self._workspace.layer.id], look)
        dialog.deleteLater()
