"""Errors that nobody caught, brought to the person: once each, on the thread of the window.

What is the world's fault, and nobody caught where it happened, is only told. The reports are those
of :mod:`annotator.crashes`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal

from annotator.crashes import Crash, Crashes
from annotator.errors import UserError


class CrashReports(QObject):
    """Catches what nobody caught, for as long as it is installed."""

    _met = Signal(object)

    def __init__(
        self,
        crashes: Crashes,
        tell: Callable[[Crash], None],
        refused: Callable[[UserError], None],
    ) -> None:
        super().__init__()
        self._crashes = crashes
        self.tell = tell
        self.refused = refused
        self._telling = False
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        # In its own turn: a dialog in the middle of painting would paint again.
        self._met.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch errors from now on, those in threads and in C++ included."""
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable
        self._crashes.begin()

    def remove(self) -> None:
        """Leave errors to who caught them before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        self._crashes.end()

    def _on_error(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        if not isinstance(error, UserError):
            self._before[0](kind, error, trace)
        self._take(error)

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._before[1](arguments)
            self._take(arguments.exc_value)

    def _on_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        self._before[2](arguments)
        if arguments.exc_value is not None:
            self._take(arguments.exc_value)

    def _take(self, error: BaseException) -> None:
        """Write it down here and now, and tell it in the window's turn."""
        found = error if isinstance(error, UserError) else self._crashes.met(error)
        if QThread.currentThread() is self.thread() and not self.thread().loopLevel():
            # Nothing waits for turns: the program is beginning or ending.
            self._say(found)
        else:
            self._met.emit(found)

    def _say(self, found: Any) -> None:
        if self._telling:
            return
        self._telling = True
        try:
            if isinstance(found, Crash):
                self.tell(found)
            else:
                self.refused(found)
        finally:
            self._telling = False
