"""A project that an older Annotator made: what an upgrade does is said, and done on one word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from annotator.gui.jobs import Job
from annotator.gui.projects import shown_location
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow
    from annotator.project import Upgraded


class Upgrading(QObject):
    """Offers to bring an older project up to date, does it beside the window, and opens it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._location = ""
        window.projects.older.connect(self._on_older)

    @property
    def running(self) -> bool:
        """Whether a project is being upgraded."""
        return self._job is not None

    def _on_older(self, location: str) -> None:
        """Say what an upgrade does, and begin where the person wants it."""
        if self.running:
            self._window.workspace.note(tr("Another project is being upgraded."))
            return
        text = tr("{project} was made by an older Annotator.", project=_name(location))
        detail = tr(
            "It has to be upgraded before it can be opened. A backup is made and checked first, "
            "and everything in the project stays. An older Annotator cannot open it afterwards."
        )
        answer = self._window.ask.choose(
            self._window, f"{text}\n\n{detail}", (tr("Back up, upgrade and open"),)
        )
        if answer is None:
            return
        from annotator.project import upgrade

        self._location = location
        self._window.workspace.note(tr("Upgrading {project} …", project=_name(location)))
        self._job = Job(upgrade, location, parent=self)
        self._job.done.connect(self._on_upgraded)
        self._job.failed.connect(self._on_failed)
        self._job.start()

    @Slot(object)
    def _on_upgraded(self, done: Upgraded) -> None:
        self._job = None
        if self._window.projects.open(self._location) and done.backup is not None:
            self._window.workspace.note(
                tr("Upgraded. As it was before: {path}", path=str(done.backup))
            )

    @Slot(str)
    def _on_failed(self, reason: str) -> None:
        self._job = None
        text = tr(
            "{project} could not be upgraded. It is as it was.", project=_name(self._location)
        )
        self._window.ask.warn(self._window, text, reason)


def _name(location: str) -> str:
    return shown_location(location) if "://" in location else Path(location).name
