"""What a bench measured: ratios to a bare baseline of the same run, with their ceilings."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from tests.matrix import where_and_when


@dataclass(frozen=True, slots=True)
class Ratio:
    """A row of the table; a ceiling of None only informs."""

    row: str
    ratio: float
    ceiling: float | None
    note: str = ""

    @property
    def verdict(self) -> str:
        """``ok`` or ``over``, blank where there is no ceiling."""
        if self.ceiling is None:
            return ""
        return "ok" if self.ratio <= self.ceiling else "over"

    def as_json(self) -> dict[str, object]:
        """Return the row for other programs."""
        found: dict[str, object] = asdict(self)
        return found | {"verdict": self.verdict}


def table(ratios: Iterable[Ratio]) -> list[str]:
    """Return the lines of the table, the first a heading."""
    lines = [f"{'action':<58} {'ratio':>7} {'ceiling':>8}  verdict"]
    for item in ratios:
        ceiling = "" if item.ceiling is None else f"{item.ceiling:.1f}"
        note = f"  ({item.note})" if item.note else ""
        lines.append(f"{item.row:<58} {item.ratio:>7.2f} {ceiling:>8}  {item.verdict}{note}")
    return lines


def markdown(ratios: Iterable[Ratio]) -> list[str]:
    """Return the part of the page of what the program stands."""
    lines = ["`python3 tests -m bench --bench-table=FILE` writes this part:"]
    lines += [f"{where_and_when()}.", "", "## Speed", ""]
    lines += ["A ratio is to a bare baseline that does the same with nothing of ours in it.", ""]
    lines += [
        "| action | ratio | ceiling | verdict | measured |",
        "| --- | --: | --: | --- | --- |",
    ]
    for item in ratios:
        ceiling = "" if item.ceiling is None else f"{item.ceiling:g}"
        cells = (item.row, f"{item.ratio:.2f}", ceiling, item.verdict, item.note)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def compared(
    ours: Callable[[], object],
    bare: Callable[[], object],
    *,
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, str]:
    """Run both in turns; return the ratio of their median times, and both in milliseconds.

    In turns, so that whatever else the machine does falls on both alike; and by the time of the
    processor, of which it is no part. Where the disk is waited for, the *clock* has to be another.
    """
    mine, theirs = [], []
    ours()
    bare()
    gc.collect()
    for _ in range(rounds):
        theirs.append(seconds(bare, clock))
        mine.append(seconds(ours, clock))
    own, other = statistics.median(mine), statistics.median(theirs)
    return own / other, f"{own * 1000:.2f} ms / {other * 1000:.2f} ms"


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return how long an action takes on a clock."""
    begin = clock()
    action()
    return clock() - begin
