"""Intervals hold what they promise, and are the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import sqrt
from statistics import stdev

import pytest

from annotator.agreement import coding
from annotator.agreement.measures import FORMULAS
from annotator.agreement.resampling import FEWEST, Draws, Figure, Sums, wilson
from annotator.agreement.sums import Tally

Sample = tuple[list[Sums], Figure]


def share(sums: Sums) -> float | None:
    return sums[0] / sums[1] if sums[1] else None


def synthetic(rng: random.Random, articles: int) -> list[Sums]:
    """Draw articles in which labels hang together, and agree with probability 0.8 on the whole."""
    found: list[Sums] = []
    for _ in range(articles):
        number = rng.randint(5, 25)
        habit = rng.betavariate(16, 4)
        found.append((float(sum(rng.random() < habit for _ in range(number))), float(number)))
    return found


def f1_sample(rng: random.Random, articles: int) -> Sample:
    """Return the sums and the figure of F1 of two people; the true value is 0.8."""
    tally = Tally()
    for number, (same, both) in enumerate(synthetic(rng, articles)):
        tally.add(number, (("ada", "bo"), 0), same)
        tally.add(number, (("ada", "bo"), 1), both)
    formula = FORMULAS["F1 strict"][1]
    keys = formula.keys(tally)
    return tally.columns(keys, articles), formula.figure(keys)


MISTAKEN = (2, 18)
"""Of two people in an article: the beta distribution of how often each is mistaken."""


def alpha_sample(rng: random.Random, articles: int) -> Sample:
    """Return the sums and the figure of alpha: two people, two values, articles of 5 to 25."""
    tally = Tally()
    for number in range(articles):
        mistaken = rng.betavariate(*MISTAKEN)
        units = []
        for _ in range(rng.randint(5, 25)):
            truth = rng.random() < 0.7
            units.append([truth != (rng.random() < mistaken) for _ in range(2)])
        for pair, count in coding.coincidences(units).items():
            tally.add(number, pair, count)
    formula = FORMULAS["alpha"][1]
    keys = formula.keys(tally)
    return tally.columns(keys, articles), formula.figure(keys)


def true_alpha() -> float:
    """Return alpha in articles without end: 1 - observed by expected disagreement."""
    a, b = MISTAKEN
    once, twice = a / (a + b), a * (a + 1) / ((a + b) * (a + b + 1))
    observed = 2 * (once - twice)
    positive = 0.7 * (1 - once) + 0.3 * once
    return 1 - observed / (2 * positive * (1 - positive))


def covered(
    runs: int, articles: int, sample: Callable[[random.Random, int], Sample], true: float
) -> float:
    """Return how often the interval holds the true value."""
    hits = 0
    for run in range(runs):
        sums, figure = sample(random.Random(run), articles)
        interval = Draws(articles, seed=run).interval(sums, figure)
        assert interval is not None
        hits += interval.low <= true <= interval.high
    return hits / runs


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("articles", [20, 60])
@pytest.mark.parametrize(
    ("sample", "true"), [(f1_sample, 0.8), (alpha_sample, true_alpha())], ids=["f1", "alpha"]
)
def test_95_of_100_intervals_hold_the_true_value(
    sample: Callable[[random.Random, int], Sample], true: float, articles: int
) -> None:
    assert 0.93 <= covered(1000, articles, sample, true) <= 0.97


@pytest.mark.parametrize("articles", [30, 60])
def test_nearly_all_of_a_few_intervals_hold_the_true_value(articles: int) -> None:
    assert covered(30, articles, f1_sample, 0.8) >= 0.8


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    sums = synthetic(random.Random(1), 20)
    one, again, other = (Draws(20, seed=seed).interval(sums, share) for seed in (7, 7, 8))
    assert one == again
    assert one != other


def test_few_articles_have_no_interval() -> None:
    sums = synthetic(random.Random(1), FEWEST)
    assert Draws(FEWEST, seed=1).interval(sums, share) is not None
    assert Draws(FEWEST - 1, seed=1).interval(sums[1:], share) is None


def test_what_is_mostly_undefined_has_no_interval() -> None:
    sums: list[Sums] = [(1.0, 1.0), *[(0.0, 0.0)] * 11]
    assert Draws(12, seed=1).interval(sums, share) is None


def test_full_agreement_has_an_interval_without_width() -> None:
    sums: list[Sums] = [(3.0, 3.0)] * 60
    assert Draws(60, seed=1).interval(sums, share) == (1.0, 1.0)


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I.
    interval = wilson(81, 263)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) is None
    none = wilson(0, 20)
    assert none is not None
    assert (round(none.low, 4), round(none.high, 4)) == (0.0, 0.1611)


def test_how_likely_a_minimum_is_failed_is_the_share_of_draws_below_it() -> None:
    draws = Draws(40, seed=1)
    half = [(float(number % 2), 1.0) for number in range(40)]
    found = draws.below(half, share, [0.0, 1.0, 0.5, 0.6])
    assert found is not None
    never, always, likely, most = found
    assert (never, always) == (0.0, 1.0)
    # Of 40 fair coins fewer than 20 show heads in 43.7 % of cases.
    assert likely == pytest.approx(0.437, abs=0.04)
    assert most == pytest.approx(0.87, abs=0.04)
    assert Draws(FEWEST - 1, seed=1).below(half[: FEWEST - 1], share, [0.5]) is None


def test_intervals_of_few_articles_are_as_wide_as_students_t_asks() -> None:
    rng = random.Random(5)
    sums: list[Sums] = [(rng.gauss(50, 1), 1.0) for _ in range(FEWEST)]
    values = [own[0] for own in sums]
    interval = Draws(FEWEST, seed=1, draws=20000).interval(sums, share)
    assert interval is not None
    # Of a mean: 2.262 standard errors to both sides; a plain percentile would take 1.86.
    wanted = 2 * 2.262 * stdev(values) / sqrt(FEWEST)
    assert interval.high - interval.low == pytest.approx(wanted, rel=0.05)
