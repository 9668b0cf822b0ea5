"""When the program itself is wrong: a report in a file, and plain words on the screen.

What is the world's fault, and nobody caught where it happened, is only told.

The report holds types and places of errors, never their messages: these could quote an article.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from annotator import __version__
from annotator.errors import UserError


class CrashReports:
    """Catches what nobody caught, for as long as it is installed."""

    def __init__(
        self,
        folder: Path,
        tell: Callable[[Path | None], None],
        refused: Callable[[UserError], None],
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._refused = refused
        self._faults: IO[str] | None = None
        self._telling = False
        self._before = (sys.excepthook, threading.excepthook)

    def install(self) -> None:
        """Catch errors from now on, those in threads and in C++ included."""
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._faults = (self._folder / "faults.txt").open("a", encoding="utf-8")
        except OSError:
            return
        faulthandler.enable(self._faults)

    def remove(self) -> None:
        """Leave errors to who caught them before."""
        sys.excepthook, threading.excepthook = self._before
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()
            self._faults = None

    def _on_error(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        if isinstance(error, UserError):
            self._say(self._refused, error)
            return
        self._before[0](kind, error, trace)
        self._say(self._tell, self.write(error))

    def _say(self, tell: Callable[[Any], None], what: Any) -> None:
        """Tell the person, once at a time, and only where there is a window to do it."""
        if not self._telling and threading.current_thread() is threading.main_thread():
            self._telling = True
            try:
                tell(what)
            finally:
                self._telling = False

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._before[1](arguments)
            self.write(arguments.exc_value)

    def write(self, error: BaseException) -> Path | None:
        """Write a report of *error* and return its path; None where the disk refuses."""
        import platform
        from datetime import UTC, datetime

        lines = [
            f"Annotator {__version__}, Python {platform.python_version()}, {platform.platform()}",
            datetime.now(UTC).isoformat(timespec="seconds"),
            *_places(error),
        ]
        path = self._folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError:
            return None
        return path


def _places(error: BaseException) -> list[str]:
    import traceback

    lines: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        lines.append(f"{type(now).__module__}.{type(now).__qualname__}")
        frames = traceback.extract_tb(now.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        now = now.__cause__ or now.__context__
    return lines
