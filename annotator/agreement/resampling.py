"""How sure a figure is: intervals by resampling articles, and of shares by Wilson's formula.

Labels of one article are not independent of each other, so whole articles are drawn, with every
annotator's reading of them. A figure is a function of sums over articles: a draw is only sums, and
all figures are computed from the same draws, so that differences of two of them are paired.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from math import ceil, floor, sqrt
from operator import itemgetter
from statistics import NormalDist
from sys import byteorder
from typing import Final, NamedTuple

DRAWS: Final = 2000
FEWEST: Final = 10
"""Articles below which there is no interval: too few to tell how articles differ."""
_CORRECTED: Final = 50
"""Articles from which on the interval is corrected for bias and skewness."""
LEVEL: Final = 0.95
_OFTEN: Final = 50
"""Draws between two calls that tell that the work goes on."""

Sums = tuple[float, ...]
Figure = Callable[[Sums], float | None]
"""A figure by the sums over articles; None where it is undefined."""


class Interval(NamedTuple):
    """Lower and upper end, in the unit of the figure."""

    low: float
    high: float


class Draws:
    """Articles drawn with replacement, as many as there are, over and over; repeatable by seed."""

    def __init__(self, articles: int, *, seed: int, draws: int = DRAWS) -> None:
        rng = random.Random(seed)
        self.articles = articles
        every = range(articles)
        self._chosen = (
            [itemgetter(*rng.choices(every, k=articles)) for _ in range(draws)]
            if articles >= FEWEST
            else []
        )

    def _sums(self, by_article: Sequence[Sums]) -> Iterator[Sums]:
        """Yield the sums of each draw.

        Whole numbers are put side by side into one large number an article, so that a draw is one
        addition an article whatever the number of columns.
        """
        if not _are_whole(by_article):
            columns = list(zip(*by_article, strict=True))
            for chosen in self._chosen:
                yield tuple([sum(chosen(column)) for column in columns])
            return
        most = max(max(own, default=0) for own in by_article) * len(by_article)
        code = "i" if most < 2**31 else "q"
        rows = [array(code, map(int, own)) for own in by_article]
        size = rows[0].itemsize * len(rows[0])
        packed = [int.from_bytes(row.tobytes(), byteorder) for row in rows]
        for chosen in self._chosen:
            total = array(code)
            total.frombytes(sum(chosen(packed)).to_bytes(size, byteorder))
            yield tuple(total)

    def interval(self, by_article: Sequence[Sums], figure: Figure) -> Interval | None:
        """Return the 95 % interval of *figure* over the sums of each article.

        The percentile interval; from 50 articles on the one that is corrected for bias and
        acceleration (BCa; Efron 1987, "Better Bootstrap Confidence Intervals"). Both are expanded
        for the number of articles (see :func:`_expanded`). None where there are fewer than ten
        articles, or where the figure is undefined in one draw of twenty.
        """
        return self.intervals([(by_article, figure)])[0]

    def intervals(
        self,
        asked: Sequence[tuple[Sequence[Sums], Figure]],
        going_on: Callable[[], None] = lambda: None,
    ) -> list[Interval | None]:
        """Return the interval of each of several figures, as :meth:`interval` does, in one go.

        Figures of whole numbers share their draws: a draw costs the same for one as for all.
        *going_on* is called now and then, and may raise to stop.
        """
        if not self._chosen:
            return [None] * len(asked)
        whole = [at for at, (by_article, _) in enumerate(asked) if _are_whole(by_article)]
        found: dict[int, list[float]] = {}
        for together in (whole, *([at] for at in range(len(asked)) if at not in set(whole))):
            if together:
                found.update(self._drawn(asked, together, going_on))
        return [
            self._interval(sorted(found[at]), by_article, figure)
            for at, (by_article, figure) in enumerate(asked)
        ]

    def _drawn(
        self,
        asked: Sequence[tuple[Sequence[Sums], Figure]],
        together: Sequence[int],
        going_on: Callable[[], None],
    ) -> dict[int, list[float]]:
        """Return what figures are in the draws where they are defined, by their places."""
        ends: list[int] = []
        for at in together:
            ends.append((ends[-1] if ends else 0) + len(asked[at][0][0]))
        parts = list(zip(together, [0, *ends[:-1]], ends, strict=True))
        rows = [
            tuple(chain.from_iterable(asked[at][0][number] for at in together))
            for number in range(self.articles)
        ]
        found: dict[int, list[float]] = {at: [] for at in together}
        for number, sums in enumerate(self._sums(rows)):
            if number % _OFTEN == 0:
                going_on()
            for at, begin, end in parts:
                value = asked[at][1](sums[begin:end])
                if value is not None:
                    found[at].append(value)
        return found

    def _interval(
        self, found: Sequence[float], by_article: Sequence[Sums], figure: Figure
    ) -> Interval | None:
        if len(found) < LEVEL * len(self._chosen):
            return None
        tails = _expanded(self.articles)
        if self.articles >= _CORRECTED:
            tails = _corrected(found, by_article, figure, tails)
        return Interval(_quantile(found, tails[0]), _quantile(found, tails[1]))

    def difference(
        self,
        first: tuple[Sequence[Sums], Figure],
        second: tuple[Sequence[Sums], Figure],
    ) -> Interval | None:
        """Return the 95 % percentile interval of the difference of two figures, first less second.

        Both are taken in the same draws, so that what makes an article hard for both does not
        widen the interval. None where :meth:`interval` would be None.
        """
        if not self._chosen:
            return None
        found = []
        for sums, others in zip(self._sums(first[0]), self._sums(second[0]), strict=True):
            one, other = first[1](sums), second[1](others)
            if one is not None and other is not None:
                found.append(one - other)
        if len(found) < LEVEL * len(self._chosen):
            return None
        found.sort()
        low, high = _expanded(self.articles)
        return Interval(_quantile(found, low), _quantile(found, high))

    def below(
        self, by_article: Sequence[Sums], figure: Figure, minima: Sequence[float]
    ) -> list[float] | None:
        """Return the probability that *figure* fails each minimum: the share of draws below it.

        As Krippendorff, "Content Analysis" (2004, section 11.4.2), asks of alpha: a value above
        the minimum is not enough where it might as well have been below. None where
        :meth:`interval` would be None.
        """
        found = (
            [value for sums in self._sums(by_article) if (value := figure(sums)) is not None]
            if self._chosen
            else []
        )
        if not found or len(found) < LEVEL * len(self._chosen):
            return None
        return [sum(value < minimum for value in found) / len(found) for minimum in minima]


def _are_whole(by_article: Sequence[Sums]) -> bool:
    return all(value >= 0 and value == int(value) for own in by_article for value in own)


def _expanded(articles: int) -> tuple[float, float]:
    """Return the shares of draws below the ends of an interval of 95 %.

    Percentiles of draws are too narrow where there are few articles: draws vary less than samples
    do, by the root of (n - 1) / n, and what is estimated from few varies as t does, not as the
    normal distribution. The expanded percentile interval makes up for both (Hesterberg 2015, "What
    Teachers Should Know About the Bootstrap", The American Statistician 69:4, section 5.3).
    """
    freedom = articles - 1
    reach = sqrt(articles / freedom) * _student(NormalDist().inv_cdf((1 + LEVEL) / 2), freedom)
    share = NormalDist().cdf(-reach)
    return share, 1 - share


def _student(z: float, freedom: int) -> float:
    """Return the quantile of Student's t that belongs to *z* of the normal distribution.

    The expansion of Cornish and Fisher (Abramowitz and Stegun 1964, 26.7.5); from nine degrees of
    freedom on right to three digits.
    """
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    first, second, third = terms
    return z + (first + (second + third / freedom) / freedom) / freedom


def _corrected(
    found: Sequence[float],
    by_article: Sequence[Sums],
    figure: Figure,
    tails: tuple[float, float],
) -> tuple[float, float]:
    """Return the shares below the ends, corrected for bias and acceleration (Efron 1987)."""
    totals = tuple(map(sum, zip(*by_article, strict=True)))
    whole = figure(totals)
    if whole is None or found[0] == found[-1]:
        return tails
    # Half of those that equal the figure lie below it: it is often one of few possible values.
    below = sum((value < whole) + 0.5 * (value == whole) for value in found) / len(found)
    if not 0 < below < 1:
        return tails
    normal = NormalDist()
    bias = normal.inv_cdf(below)
    speed = _acceleration(by_article, totals, figure)

    def shifted(share: float) -> float:
        z = bias + normal.inv_cdf(share)
        return normal.cdf(bias + z / (1 - speed * z))

    return shifted(tails[0]), shifted(tails[1])


def _acceleration(by_article: Sequence[Sums], totals: Sums, figure: Figure) -> float:
    """Return the skewness of the figure when one article after another is left out, over six."""
    left = [
        value
        for own in by_article
        if (value := figure(tuple(t - x for t, x in zip(totals, own, strict=True)))) is not None
    ]
    mean = sum(left) / len(left) if left else 0.0
    apart = [mean - value for value in left]
    spread = sum(x * x for x in apart)
    return sum(x**3 for x in apart) / (6 * spread**1.5) if spread > 0 else 0.0


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    low, high = ordered[floor(at)], ordered[ceil(at)]
    return low + (high - low) * (at - floor(at))


def wilson(hits: int, number: int) -> Interval | None:
    """Return the 95 % interval of a share, *hits* of *number*; None for none (Wilson 1927)."""
    if not number:
        return None
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    share = hits / number
    middle = share + z * z / (2 * number)
    half = z * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    whole = 1 + z * z / number
    return Interval(max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole))
