"""Garbage and threads: what lies in cycles goes on the thread of the window."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QTimer

from annotator.gui.collecting import Collecting
from annotator.gui.jobs import Job
from tests.gui.conftest import Start, until


class Knot:
    """Something in a cycle that tells on which thread it goes."""

    def __init__(self, gone: list[str]) -> None:
        self.itself = self
        self.gone = gone

    def __del__(self) -> None:
        self.gone.append(threading.current_thread().name)


def test_work_on_another_thread_never_collects_what_the_window_has_left(app: Start) -> None:
    app()
    gone: list[str] = []
    for _ in range(100):
        Knot(gone)

    kept: list[list[int]] = []
    job = Job(lambda: kept.extend([] for _ in range(200_000)))
    job.start()
    job.wait()
    until(lambda: len(gone) == 100)
    assert set(gone) == {"MainThread"}


def test_everything_is_looked_through_only_while_the_window_rests(
    app: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = app()
    worked = [0.0]
    collected: list[int] = []
    collecting = Collecting(parent, lambda: worked[0])
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 99))
    monkeypatch.setattr(gc, "collect", collected.append)
    timer = collecting.findChildren(QTimer)[0]
    for seconds in (0.15, 0.15, 0.001):
        worked[0] += seconds
        timer.timeout.emit()
    collecting.stop()
    assert collected == [1, 1, 2]
