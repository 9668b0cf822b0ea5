"""What the sums of a project tell beyond the panel: by pair, over time, and one beside another.

The sums are those that the panel is made of, so that a cell of a matrix, a point of a line and a
row of the panel can never contradict each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.agreement.measures import ALL, FORMULAS, MATCHED, About
from annotator.agreement.resampling import FEWEST, Draws, Figure, Interval, Sums
from annotator.agreement.sums import Tally

EXACT: Final = "F1 strict"
OVERLAP: Final = "F1 overlap"

Tallies = Mapping[tuple[About, str, str], Tally]
_Columns = tuple[list[Sums], Figure]


@dataclass(frozen=True, slots=True)
class Period:
    """Agreement on labels in the articles of one stretch of time."""

    name: str
    articles: tuple[str, ...]
    """Their ids."""
    exact: float | None
    overlap: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one figure is above another, in the unit of both."""

    first: float | None
    second: float | None
    interval: Interval | None
    """Of the difference, paired: both figures come from the same drawn articles."""
    articles: int

    @property
    def value(self) -> float | None:
        """The first less the second; None where one of them is undefined."""
        if self.first is None or self.second is None:
            return None
        return self.first - self.second

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.interval is not None and not self.interval.low <= 0 <= self.interval.high


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a label, an annotator beside all others, a stretch of time."""

    label: str = ALL
    author: str = ""
    """Everybody where it is empty."""
    articles: frozenset[str] = frozenset()
    """Ids of those that count, of a round say; all where it is empty."""


class Findings:
    """The sums of all articles by figure; *articles* are their ids in the order of the sums."""

    def __init__(self, tallies: Tallies, articles: Sequence[str], draws: Draws) -> None:
        self._tallies = tallies
        self.articles = tuple(articles)
        self._draws = draws

    def of_pair(self, one: str, other: str, measure: str, label: str = ALL) -> float | None:
        """Return the F1 of two annotators; None where they have nothing in common to read."""
        pair = frozenset((one, other))
        found = self._columns(measure, label, lambda names: frozenset(names) == pair)
        return None if found is None else found[1](_totals(found[0]))

    def development(self, period_of: Mapping[str, str]) -> list[Period]:
        """Return exact and overlap F1 by period, in the order of their names.

        *period_of* has the name of the period by the id of an article; others are left out.
        """
        members: defaultdict[str, list[int]] = defaultdict(list)
        for number, article_id in enumerate(self.articles):
            if article_id in period_of:
                members[period_of[article_id]].append(number)
        return [
            Period(
                name,
                tuple(self.articles[number] for number in members[name]),
                self._among(members[name], EXACT),
                self._among(members[name], OVERLAP),
            )
            for name in sorted(members)
        ]

    def _among(self, members: Sequence[int], measure: str) -> float | None:
        found = self._columns(measure, ALL, lambda _names: True)
        if found is None:
            return None
        by_article, figure = found
        return figure(_totals([by_article[number] for number in members]))

    def difference(self, first: Side, second: Side, measure: str) -> Difference:
        """Return how far two labels, or two annotators, are apart in *measure*.

        The interval holds the true difference in 95 of 100 cases; it is that of differences within
        the same drawn articles (paired bootstrap; Efron and Tibshirani 1993, chapter 10).
        """
        sides = [self._side(side, measure) for side in (first, second)]
        values = [None if own is None else own[1](_totals(own[0])) for own in sides]
        interval = None
        one, other = sides
        if one is not None and other is not None and len(self.articles) >= FEWEST:
            interval = self._draws.difference(one, other)
        return Difference(values[0], values[1], interval, len(self.articles))

    def _side(self, side: Side, measure: str) -> _Columns | None:
        found = self._columns(measure, side.label, _having(side.author))
        if found is None or not side.articles:
            return found
        by_article, figure = found
        nothing = (0.0,) * len(by_article[0])
        counted = [
            own if article_id in side.articles else nothing
            for article_id, own in zip(self.articles, by_article, strict=True)
        ]
        return counted, figure

    def failing(
        self, about: About, name: str, measure: str, minima: Sequence[float]
    ) -> list[float] | None:
        """Return the probability that a figure, alpha above all, is below each minimum, 0 to 1.

        None where it is undefined, and where there are too few articles to tell.
        """
        tally = self._tallies.get((about, name, measure))
        if tally is None:
            return None
        formula = FORMULAS[plain_measure(measure)[0]][1]
        keys = formula.keys(tally)
        if not keys:
            return None
        by_article = tally.columns(keys, len(self.articles))
        return self._draws.below(by_article, formula.figure(keys), minima)

    def _columns(
        self, measure: str, label: str, counts: Callable[[tuple[str, str]], bool]
    ) -> _Columns | None:
        tally = self._tallies.get((About.LABELS, label, measure))
        if tally is None:
            return None
        formula = FORMULAS[measure][1]
        keys = [key for key in formula.keys(tally) if isinstance(key, tuple) and counts(key[0])]
        if not keys:
            return None
        return tally.columns(keys, len(self.articles)), formula.figure(keys)

    def pairs(self, label: str) -> int:
        """Return how many pairs of spans with a label lie over each other, over all annotators."""
        tally = self._tallies.get((About.LABELS, label, OVERLAP))
        if tally is None:
            return 0
        keys = [key for key in tally.every_key() if isinstance(key, tuple) and key[1] == 0]
        return round(sum(_totals(tally.columns(keys, len(self.articles)))) / 2)

    def confusion(self, name: str) -> dict[tuple[Hashable, Hashable], float]:
        """Return how often two values of an attribute were given to the same span.

        By unordered pairs in the order in which they are met: (a, a) is how often people agreed on
        a. Of more than two people each pair counts for as much as makes every value count once.
        """
        tally = self._tallies.get((About.ATTRIBUTES, name, "alpha"))
        if tally is None:
            return {}
        keys = tally.every_key()
        totals = _totals(tally.columns(keys, len(self.articles)))
        found: dict[tuple[Hashable, Hashable], float] = {}
        for key, count in zip(keys, totals, strict=True):
            assert isinstance(key, tuple)
            one, other = key
            if (other, one) in found and one != other:
                continue
            found[one, other] = count / 2 if one == other else count
        return found


def _having(author: str) -> Callable[[tuple[str, str]], bool]:
    return lambda names: not author or author in names


def _totals(by_article: Sequence[Sums]) -> Sums:
    return tuple(map(sum, zip(*by_article, strict=True)))


def plain_measure(measure: str) -> tuple[str, bool]:
    """Return the name of a measure, and whether only what both have marked counts."""
    return measure.removesuffix(MATCHED), measure.endswith(MATCHED)
