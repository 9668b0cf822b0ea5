"""Garbage is collected on the thread of the window, and on no other.

Python collects cycles on whatever thread happens to allocate. Widgets that are done with often lie
in cycles, and a widget that is destroyed on another thread takes the program down with it.

To look through everything takes longer than a frame where large articles are at hand. That waits
until the window rests: until its thread has hardly worked between two looks.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

MILLISECONDS: Final = 200
"""Between two looks at how much garbage there may be."""
RESTING: Final = 0.01
"""Seconds that the thread works at most between two looks while nobody does anything."""
PATIENCE: Final = 300
"""Looks at which a window that never rests is let go on, before everything is looked through."""


class Collecting(QObject):
    """Collects in the place of Python's own turns, as soon as the same thresholds are passed."""

    def __init__(self, parent: QObject, worked: Callable[[], float] = time.thread_time) -> None:
        """*worked* tells how many seconds the thread of the window has worked by now."""
        super().__init__(parent)
        self._worked = worked
        self._known = worked()
        self._put_off = 0
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=MILLISECONDS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect again when it likes: there is no other thread any more."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    def _collect(self) -> None:
        counts, limits = gc.get_count(), gc.get_threshold()
        old_enough = [
            generation
            for generation, (count, limit) in enumerate(zip(counts, limits, strict=True))
            if limit and count > limit
        ]
        if old_enough:
            gc.collect(self._allowed(old_enough[-1]))
        self._known = self._worked()

    def _allowed(self, wanted: int) -> int:
        """Return up to which generation is collected now: the oldest waits for a rest."""
        oldest = len(gc.get_count()) - 1
        resting = self._worked() - self._known <= RESTING
        if wanted < oldest:
            return wanted
        if resting or self._put_off >= PATIENCE:
            self._put_off = 0
            return oldest
        self._put_off += 1
        return oldest - 1
