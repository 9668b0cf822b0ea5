"""When the work will be finished, if it goes on as it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Final

FEWEST: Final = 5
"""Articles handed in below which nothing is foretold."""
_FAR: Final = 3650


@dataclass(frozen=True, slots=True)
class Pace:
    """Articles a day, and when all will be handed in."""

    a_day: float
    finished: date
    earliest: date
    latest: date | None
    """None where it may take longer than ten years."""


def pace(days: Sequence[date], left: int, today: date) -> Pace | None:
    """Return the pace of articles handed in on *days*, with *left* still to come.

    The interval is the 95 % one of a rate of independent events (Poisson), by the square root:
    (√n ± 0.98)² in the same time. None where fewer than five articles were handed in, where nothing
    is left, or where all came on one day.
    """
    if len(days) < FEWEST or left <= 0:
        return None
    whole = (today - min(days)).days + 1
    if whole < 2:
        return None
    number = len(days)
    rates = [(sqrt(number) + half) ** 2 / whole for half in (0.98, 0.0, -0.98)]
    fast, usual, slow = (ceil(left / rate) for rate in rates)
    if usual > _FAR:
        return None
    return Pace(
        number / whole,
        today + timedelta(days=usual),
        today + timedelta(days=fast),
        today + timedelta(days=slow) if slow <= _FAR else None,
    )
