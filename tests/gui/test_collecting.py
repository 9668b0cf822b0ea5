"""Garbage and threads: what lies in cycles goes on the thread of the window."""

from __future__ import annotations

import threading

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
