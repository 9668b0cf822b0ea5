"""How often review was wrong: error rates of samples, with intervals.

Rates are of random samples only (the audited share of a batch, or a stratified sample of an
annotator's labels): a queue that puts the likely mistakes first tells nothing about how many there
are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

from annotator.agreement.resampling import LEVEL, Interval, wilson

_Z: Final = NormalDist().inv_cdf((1 + LEVEL) / 2)


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """A share of what was wrong in a sample, 0 to 1."""

    wrong: int
    number: int
    value: float | None
    """None where nothing was looked at."""
    interval: Interval | None
    """In which the share lies in 95 of 100 samples."""


def error_rate(right: int, wrong: int) -> ErrorRate:
    """Return the error rate of a simple random sample, with the interval of Wilson (1927)."""
    number = right + wrong
    return ErrorRate(wrong, number, wrong / number if number else None, wilson(wrong, number))


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the whole that was sampled by itself."""

    size: int
    """How many there are of it, sampled or not."""
    right: int
    wrong: int

    @property
    def number(self) -> int:
        """How many were looked at."""
        return self.right + self.wrong


def stratified_error_rate(strata: Iterable[Stratum]) -> ErrorRate:
    """Return the error rate of the whole from samples of its strata, each weighed by its size.

    The interval is the stratified one of Wilson (Yan and Su 2010, "Stratified Wilson and Newcombe
    Confidence Intervals for Multiple Binomial Proportions", Statistics in Biopharmaceutical
    Research 2:3). A stratum that was not sampled at all makes the rate undefined: nothing is known
    about it.
    """
    every = [one for one in strata if one.size]
    wrong, number = sum(one.wrong for one in every), sum(one.number for one in every)
    if not every or any(not one.number for one in every):
        return ErrorRate(wrong, number, None, None)
    whole = sum(one.size for one in every)
    weights = [one.size / whole for one in every]
    value = sum(w * one.wrong / one.number for w, one in zip(weights, every, strict=True))
    z = _quantile(every, weights)
    ends = [_limits(one, z) for one in every]
    low = sum(w * end.low for w, end in zip(weights, ends, strict=True))
    high = sum(w * end.high for w, end in zip(weights, ends, strict=True))
    return ErrorRate(wrong, number, value, Interval(low, high))


def _quantile(strata: list[Stratum], weights: list[float]) -> float:
    """Return the quantile for each stratum by which all together keep to the level.

    Where all samples are all right or all wrong, their variances are taken as alike.
    """
    variances = [one.wrong * one.right / one.number**3 for one in strata]
    if not any(variances):
        variances = [1 / one.number for one in strata]
    together = sqrt(sum(w * w * v for w, v in zip(weights, variances, strict=True)))
    apart = sum(w * sqrt(v) for w, v in zip(weights, variances, strict=True))
    return _Z * together / apart


def _limits(one: Stratum, z: float) -> Interval:
    share, number = one.wrong / one.number, one.number
    middle = share + z * z / (2 * number)
    half = z * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    whole = 1 + z * z / number
    return Interval(max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole))
