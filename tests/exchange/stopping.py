"""Stopping an import or an export at every step in turn."""

from __future__ import annotations

from collections.abc import Callable

from annotator.exchange import Cancelled, Progress, Step


def assert_each_stop(work: Callable[[Progress], object], check: Callable[[], None]) -> None:
    """Stop *work* at its first step, its second …, *check* each time, and let it end at last."""
    steps = 0
    while True:
        seen = 0

        def until(step: Step, last: int = steps) -> None:
            nonlocal seen
            seen += 1
            if seen > last:
                raise Cancelled("Stopped.")

        if _ends(work, until):
            break
        check()
        steps += 1
    assert steps > 3, "There was hardly anything to stop."


def _ends(work: Callable[[Progress], object], until: Progress) -> bool:
    try:
        work(until)
    except Cancelled:
        return False
    return True
