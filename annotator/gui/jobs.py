"""Background work: a pure function on a thread of its own, its result back on the GUI thread.

A function that wants to show progress or be cancelled calls :meth:`Job.progress`; a cancelled job
raises :class:`Cancelled` from there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from annotator.errors import UserError

PAUSE_SECONDS: Final = 0.05
"""Between two signals of progress: more would keep the window from its work."""


class Cancelled(Exception):
    """The person cancelled; what was begun is taken back by the work itself."""


class Job(QObject):
    """One piece of work under way. Emits exactly one of ``done``, ``failed``, ``cancelled``."""

    progressed = Signal(int, int, str)
    """How much is done, of how much (0 when not known), and what is at hand."""
    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self, work: Callable[..., Any], *arguments: Any, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._arguments = arguments
        self._stop = threading.Event()
        self._told = 0.0
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)

    def start(self) -> None:
        """Begin; the signals arrive on the thread that made the job."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def wait(self) -> None:
        """Wait for the thread to end."""
        if self._thread.is_alive():
            self._thread.join()

    def check(self) -> None:
        """Raise Cancelled when the work should stop."""
        if self._stop.is_set():
            raise Cancelled

    def progress(self, count: int, total: int = 0, what: str = "") -> None:
        """Say how far the work is. Raises Cancelled when it should stop."""
        self.check()
        now = time.monotonic()
        if now - self._told >= PAUSE_SECONDS:
            self._told = now
            self.progressed.emit(count, total, what)

    def _run(self) -> None:
        answer = partial(self.failed.emit, "")  # for a mistake of ours, which goes its own way
        try:
            answer = partial(self.done.emit, self._work(*self._arguments))
        except Cancelled:
            answer = partial(self.cancelled.emit)
        except UserError as error:
            answer = partial(self.failed.emit, str(error))
        finally:
            answer()
