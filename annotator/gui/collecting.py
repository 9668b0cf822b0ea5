"""Garbage is collected on the thread of the window, and on no other.

Python collects cycles on whatever thread happens to allocate. Widgets that are done with often lie
in cycles, and a widget that is destroyed on another thread takes the program down with it.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

MILLISECONDS: Final = 200
"""Between two looks at how much garbage there may be."""


class Collecting(QObject):
    """Collects in the place of Python's own turns, as soon as the same thresholds are passed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
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
            gc.collect(old_enough[-1])
