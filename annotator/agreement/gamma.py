"""Gamma: agreement on spans that may overlap, nest and have any borders, corrected for chance.

Mathet, Widlöcher and Métivier, "The Unified and Holistic Method Gamma (γ) for Inter-Annotator
Agreement Measure and Alignment" (Computational Linguistics 41:3, 2015); gamma_cat, agreement on
labels alone, and gamma_k, the same of one label, as in Mathet (2017), "The Agreement Measure γcat".
With α = β = Δ∅ = 1 unless told otherwise. Gamma is 1 for full agreement, 0 for chance, and has no
unit.

The disorder of two annotators is exact. For more it is that of the best alignment that
:mod:`annotator.review.grouping` finds, at least that of the best there is. What chance would give
is an estimate from random continua, the same for the same seed.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from statistics import fmean
from typing import Final, NamedTuple

from annotator.review.grouping import grouped, near_each_other

SAMPLES: Final = 30
"""Random continua for what chance would give, as in the paper."""


class Unit(NamedTuple):
    """A stretch with a label; positions in code points, or in any unit."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, slots=True)
class Weights:
    """How much position (α), label (β) and having nothing (Δ∅) count."""

    position: float = 1.0
    label: float = 1.0
    empty: float = 1.0


Continuum = Sequence[Sequence[Unit]]
"""The units of each annotator."""


def positional(one: Unit, other: Unit) -> float:
    """Return the dissimilarity of two positions: ((|Δstart| + |Δend|) / sum of lengths)²."""
    apart = abs(one.start - other.start) + abs(one.end - other.end)
    return (apart / ((one.end - one.start) + (other.end - other.start))) ** 2


def dissimilarity(one: Unit, other: Unit, weights: Weights) -> float:
    """Return the combined dissimilarity of two units: α positional + β categorical, times Δ∅."""
    categorical = float(one.label != other.label)
    combined = weights.position * positional(one, other) + weights.label * categorical
    return combined * weights.empty


@dataclass(frozen=True, slots=True)
class Aligned:
    """The alignment of a continuum."""

    groups: tuple[tuple[Unit, ...], ...]
    """Unitary alignments: at most one unit of each annotator."""
    total: float
    """Sum of the disorders of the unitary alignments."""
    units: float
    """Mean number of units of an annotator."""

    @property
    def disorder(self) -> float:
        """Disorder by unit; 0 where all annotators say the same, and where there are no units."""
        return self.total / self.units if self.units else 0.0


def best_alignment(continuum: Continuum, weights: Weights | None = None) -> Aligned:
    """Return the alignment of least disorder; for more than two annotators see above."""
    weights = weights or Weights()
    count = len(continuum)
    units = [(layer, unit) for layer, own in enumerate(continuum) for unit in sorted(own)]
    ways = comb(count, 2)

    def cost(size: int, pairs: float) -> float:
        return (pairs + (ways - comb(size, 2)) * weights.empty) / ways

    found: dict[tuple[int, int], float] = {}
    # Two units alone cost 2 Δ∅; together at least this, whatever else is in their group.
    most = (ways + 1) * weights.empty
    for at, (layer, unit) in enumerate(units):
        for other in range(at + 1, len(units)):
            if units[other][0] != layer:
                value = dissimilarity(unit, units[other][1], weights)
                if value < most:
                    found[at, other] = value
    order = [(unit, number) for number, (_, unit) in enumerate(units)]
    groups = grouped([layer for layer, _ in units], order, near_each_other(len(units), found), cost)
    total = 0.0
    for group in groups:
        pairs = sum(
            found[min(a, b), max(a, b)] for n, a in enumerate(group) for b in group[n + 1 :]
        )
        total += cost(len(group), pairs)
    aligned = tuple(tuple(units[item][1] for item in sorted(group)) for group in groups)
    return Aligned(aligned, total, len(units) / count if count else 0.0)


class Disorder(NamedTuple):
    """Numerator and denominator of a disorder of labels."""

    differ: float = 0.0
    sure: float = 0.0

    def __bool__(self) -> bool:
        return self.sure > 0


def categorical_disorders(
    aligned: Aligned, weights: Weights | None = None
) -> dict[str | None, Disorder]:
    """Return the disorder of labels alone: of all under None, and of each label by its name.

    Each pair of aligned units counts by how well it agrees on the position, max(0, 1 - α
    positional), divided by the units of its group less one (Mathet 2017, section 3). To a label
    belong the pairs in which at least one unit has it (section 5).
    """
    weights = weights or Weights()
    found: dict[str | None, Disorder] = {None: Disorder()}
    for group in aligned.groups:
        for number, one in enumerate(group):
            for other in group[number + 1 :]:
                sure = max(0.0, 1 - weights.position * positional(one, other)) / (len(group) - 1)
                apart = sure * (one.label != other.label)
                for name in {None, one.label, other.label}:
                    differ, total = found.get(name, Disorder())
                    found[name] = Disorder(differ + apart, total + sure)
    return found


@dataclass(frozen=True, slots=True)
class Gamma:
    """Disorders of one article, observed and by chance, as sums that add up over articles."""

    observed: float = 0.0
    expected: float = 0.0
    differ: float = 0.0
    differ_by_chance: float = 0.0

    def __add__(self, other: Gamma) -> Gamma:
        return Gamma(
            self.observed + other.observed,
            self.expected + other.expected,
            self.differ + other.differ,
            self.differ_by_chance + other.differ_by_chance,
        )

    @property
    def gamma(self) -> float | None:
        """1 - observed / expected disorder; None where chance could not disagree either."""
        return 1 - self.observed / self.expected if self.expected else None

    @property
    def gamma_cat(self) -> float | None:
        """Gamma of labels alone; None where chance could not disagree, as with one label."""
        return 1 - self.differ / self.differ_by_chance if self.differ_by_chance else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Disorders of one article, of all labels and of each."""

    whole: Gamma
    by_label: Mapping[str, tuple[float, float]]
    """Disorder of a label, observed and by chance, as sums that add up over articles."""
    paired: Mapping[str, int]
    """By label, how many units stand beside one of another annotator."""


def gamma(
    continuum: Continuum,
    *,
    seed: int | str,
    samples: int = SAMPLES,
    weights: Weights | None = None,
) -> Gamma:
    """Return observed and expected disorder of one article; *seed* makes chance repeatable.

    Sums are in units of one annotator, so that long articles count for more than short ones where
    several are added up.
    """
    return drawn(continuum, seed=seed, samples=samples, weights=weights).whole


def drawn(
    continuum: Continuum,
    *,
    seed: int | str,
    samples: int = SAMPLES,
    weights: Weights | None = None,
) -> Drawn:
    """Return the disorders that gamma, gamma_cat and gamma_k come from, with one set of samples."""
    weights = weights or Weights()
    # Who is the first annotator makes no difference to what is drawn.
    continuum = sorted(map(sorted, continuum))
    observed = best_alignment(continuum, weights)
    if not observed.units:
        return Drawn(Gamma(), {}, {})
    seen = categorical_disorders(observed, weights)
    rng = random.Random(seed)
    expected = 0.0
    shares: dict[str | None, list[float]] = defaultdict(list)
    for _ in range(samples):
        random_one = best_alignment(shuffled(continuum, rng), weights)
        expected += random_one.disorder
        for name, disorder in categorical_disorders(random_one, weights).items():
            if disorder:
                shares[name].append(disorder.differ / disorder.sure)
    # Samples in which nothing lies over anything say nothing about labels.
    chance = {name: fmean(own) for name, own in shares.items()}
    by_label = {
        name: (disorder.differ, chance.get(name, 0.0) * disorder.sure)
        for name, disorder in seen.items()
    }
    whole = Gamma(observed.total, expected / samples * observed.units, *by_label[None])
    paired = Counter(unit.label for group in observed.groups if len(group) > 1 for unit in group)
    return Drawn(whole, {name: own for name, own in by_label.items() if name is not None}, paired)


def shuffled(continuum: Continuum, rng: random.Random) -> list[list[Unit]]:
    """Return a continuum of chance: for each annotator the units of a random one, turned around.

    The text is bent to a ring and cut open at a random place, at least half the mean length of a
    unit away from the other cuts where there is room (Mathet et al. 2015, section 5.2).
    """
    every = [unit for own in continuum for unit in own]
    low, high = min(unit.start for unit in every), max(unit.end for unit in every)
    apart = sum(unit.end - unit.start for unit in every) / len(every) / 2
    size = high - low
    cuts: list[float] = []
    for _ in continuum:
        cut = rng.random() * size
        for _ in range(20):
            if all(min(abs(cut - one), size - abs(cut - one)) >= apart for one in cuts):
                break
            cut = rng.random() * size
        cuts.append(cut)
    result = []
    for cut in cuts:
        own = []
        for start, end, label in rng.choice(list(continuum)):
            turned = low + (start - low + cut) % size
            own.append(Unit(turned, turned + end - start, label))
        result.append(own)
    return result
