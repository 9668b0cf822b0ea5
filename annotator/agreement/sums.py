"""Sums by article: what figures are computed from, so that a resample is only sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from annotator.agreement import clusters, coding, gamma
from annotator.agreement.resampling import Figure, Sums

Ratio = Callable[[Sums], float | None]


class Tally:
    """Numbers of one figure by article; each has a key, such as a pair of annotators."""

    def __init__(self) -> None:
        self._numbers: dict[int, dict[Hashable, float]] = {}
        self.used = self.found = 0
        """Things that the figure could use, and all there are."""

    def add(self, article: int, key: Hashable, number: float) -> None:
        """Add *number* to what an article has under *key*."""
        own = self._numbers.setdefault(article, defaultdict(float))
        own[key] += number

    @property
    def articles(self) -> int:
        """Articles that say something."""
        return len(self._numbers)

    def every_key(self) -> list[Hashable]:
        """Return the keys, in an order that is always the same."""
        return sorted({key for own in self._numbers.values() for key in own}, key=_stable)

    def columns(self, keys: Sequence[Hashable], articles: int) -> list[Sums]:
        """Return the numbers of each of all *articles*, 0 where one says nothing."""
        nothing: dict[Hashable, float] = {}
        return [
            tuple(own.get(key, 0.0) for key in keys)
            for own in (self._numbers.get(article, nothing) for article in range(articles))
        ]


def _stable(key: Hashable) -> str:
    """Return *key* as a text that is the same in every run, as that of a set is not."""
    if isinstance(key, frozenset):
        return repr(sorted(map(repr, key)))
    if isinstance(key, tuple):
        return repr([_stable(part) for part in key])
    return repr(key)


@dataclass(frozen=True, slots=True)
class Paired:
    """A figure of two annotators, from *width* sums; of more, the mean over their pairs."""

    width: int
    ratio: Ratio

    def keys(self, tally: Tally) -> list[Hashable]:
        """Return the keys of the sums, those of one pair beside each other."""
        pairs = sorted({key[0] for key in tally.every_key() if isinstance(key, tuple)}, key=_stable)
        return [(pair, number) for pair in pairs for number in range(self.width)]

    def figure(self, keys: Sequence[Hashable]) -> Figure:
        """Return the figure of sums in the order of *keys*."""
        starts = range(0, len(keys), self.width)

        def mean(sums: Sums) -> float | None:
            return clusters.mean_of([self.ratio(sums[at : at + self.width]) for at in starts])

        return mean


@dataclass(frozen=True, slots=True)
class Coincident:
    """Krippendorff's alpha, from coincidences of values; with sets among them, that of MASI."""

    def keys(self, tally: Tally) -> list[Hashable]:
        """Return the pairs of values."""
        return tally.every_key()

    def figure(self, keys: Sequence[Hashable]) -> Figure:
        """Return the figure of sums in the order of *keys*."""
        pairs = [key for key in keys if isinstance(key, tuple)]
        values = {value for pair in pairs for value in pair}
        sets = any(isinstance(value, frozenset) for value in values)
        distance = _between_sets if sets else coding.nominal

        def alpha(sums: Sums) -> float | None:
            return coding.alpha(dict(zip(pairs, sums, strict=True)), distance)

        return alpha


@dataclass(frozen=True, slots=True)
class ByTable:
    """Cohen's kappa or Scott's pi of each pair of annotators from their contingency, as a mean."""

    measure: Callable[[coding.Contingency], float | None]

    def keys(self, tally: Tally) -> list[Hashable]:
        """Return the pairs of annotators, each with a pair of values."""
        return tally.every_key()

    def figure(self, keys: Sequence[Hashable]) -> Figure:
        """Return the figure of sums in the order of *keys*."""
        at: dict[Hashable, list[tuple[int, tuple[Hashable, Hashable]]]] = defaultdict(list)
        for number, key in enumerate(keys):
            assert isinstance(key, tuple)
            at[key[0]].append((number, key[1]))

        def mean(sums: Sums) -> float | None:
            tables = ({values: sums[n] for n, values in own} for own in at.values())
            return clusters.mean_of([self.measure(table) for table in tables])

        return mean


Formula = Paired | Coincident | ByTable


def _between_sets(one: Hashable, other: Hashable) -> float:
    return coding.masi(_as_set(one), _as_set(other))


def _as_set(value: Hashable) -> frozenset[Hashable]:
    if isinstance(value, frozenset):
        return value
    return frozenset() if value is None else frozenset([value])


def share(sums: Sums) -> float | None:
    """Return the first sum by the second; None for nothing."""
    return sums[0] / sums[1] if sums[1] else None


def beyond_chance(sums: Sums) -> float | None:
    """Return 1 less observed by expected disagreement; None where chance could not disagree."""
    return 1 - sums[0] / sums[1] if sums[1] else None


def ratios_f1(sums: Sums) -> float | None:
    """Return F1 of the four sums of :class:`clusters.Ratios`, as its own ``f1`` does.

    Without making a value of each draw: this runs some hundred thousand times a panel.
    """
    recalled, to_recall, right, given = sums
    if not to_recall and not given:
        return None
    recall = recalled / to_recall if to_recall else 0.0
    precision = right / given if given else 0.0
    together = recall + precision
    return 2 * recall * precision / together if together else 0.0


def conll_f1(sums: Sums) -> float | None:
    """Return the mean F1 of three times four sums: MUC, B³ and CEAF-e."""
    return clusters.mean_of([ratios_f1(sums[at : at + 4]) for at in (0, 4, 8)])


def links_f1(sums: Sums) -> float | None:
    """Return F1 of the six sums of :class:`clusters.Links`."""
    return clusters.Links(*map(round, sums)).f1


def gamma_of(name: str) -> Ratio:
    """Return gamma or gamma_cat (by *name*) of the four sums of :class:`gamma.Gamma`."""
    figure: Callable[[gamma.Gamma], float | None] = attrgetter(name)
    return lambda sums: figure(gamma.Gamma(*sums))
