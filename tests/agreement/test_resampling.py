"""Intervals hold what they promise, and are the same for the same seed."""

from __future__ import annotations

import random

import pytest

from annotator.agreement.resampling import FEWEST, Draws, Figure, Sums, wilson


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


def covered(runs: int, articles: int, figure: Figure) -> float:
    """Return how often the interval holds the true value 0.8."""
    hits = 0
    for run in range(runs):
        sums = synthetic(random.Random(run), articles)
        interval = Draws(articles, seed=run).interval(sums, figure)
        assert interval is not None
        hits += interval.low <= 0.8 <= interval.high
    return hits / runs


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("articles", [40, 60])
def test_95_of_100_intervals_hold_the_true_value(articles: int) -> None:
    assert 0.93 <= covered(1000, articles, share) <= 0.97


@pytest.mark.parametrize("articles", [30, 60])
def test_nearly_all_of_a_few_intervals_hold_the_true_value(articles: int) -> None:
    assert covered(30, articles, share) >= 0.8


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


def share_of(sums: Sums) -> float | None:
    return sums[0] / sums[1] if sums[1] else None


def test_how_likely_a_minimum_is_failed_is_the_share_of_draws_below_it() -> None:
    draws = Draws(40, seed=1)
    half = [(float(number % 2), 1.0) for number in range(40)]
    assert draws.below(half, share_of, 0.0) == 0.0
    assert draws.below(half, share_of, 1.0) == 1.0
    likely = draws.below(half, share_of, 0.5)
    assert likely is not None
    # Of 40 fair coins fewer than 20 show heads in 43.7 % of cases.
    assert likely == pytest.approx(0.437, abs=0.04)
    assert draws.below(half, share_of, 0.6) == pytest.approx(0.87, abs=0.04)
    assert Draws(FEWEST - 1, seed=1).below(half[: FEWEST - 1], share_of, 0.5) is None
