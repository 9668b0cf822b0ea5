"""Error rates of random samples, with intervals that hold."""

from __future__ import annotations

import random

import pytest

from annotator.agreement.auditing import Stratum, error_rate, stratified_error_rate


def test_the_error_rate_of_a_sample_has_wilsons_interval() -> None:
    found = error_rate(right=35, wrong=5)
    assert (found.wrong, found.number, found.value) == (5, 40, 0.125)
    assert found.interval == pytest.approx((0.0546, 0.2611), abs=1e-4)


def test_nothing_looked_at_says_nothing() -> None:
    assert (error_rate(0, 0).value, error_rate(0, 0).interval) == (None, None)
    unknown = stratified_error_rate([Stratum(100, 9, 1), Stratum(10, 0, 0)])
    assert (unknown.value, unknown.interval) == (None, None)
    assert stratified_error_rate([]).value is None


def test_one_stratum_is_a_simple_sample() -> None:
    one = stratified_error_rate([Stratum(1000, 35, 5)])
    simple = error_rate(35, 5)
    assert one.value == simple.value
    assert one.interval == pytest.approx(simple.interval)


def test_strata_weigh_by_their_size_and_not_by_their_samples() -> None:
    found = stratified_error_rate([Stratum(900, 45, 5), Stratum(100, 10, 40)])
    assert found.value == pytest.approx(0.9 * 0.1 + 0.1 * 0.8)
    assert found.interval is not None
    low, high = found.interval
    assert low < 0.17 < high


def test_where_nothing_is_wrong_the_interval_still_has_a_width() -> None:
    found = stratified_error_rate([Stratum(50, 20, 0), Stratum(50, 20, 0)])
    assert found.value == 0.0
    assert found.interval == pytest.approx((0.0, 0.088), abs=0.01)


def test_the_stratified_interval_holds_the_true_rate_in_95_of_100_samples() -> None:
    chance = random.Random(7)
    rates, sizes, samples = (0.05, 0.3), (800, 200), (80, 40)
    truth = sum(rate * size for rate, size in zip(rates, sizes, strict=True)) / sum(sizes)
    held = 0
    for _ in range(2000):
        strata = []
        for rate, size, number in zip(rates, sizes, samples, strict=True):
            wrong = sum(chance.random() < rate for _ in range(number))
            strata.append(Stratum(size, number - wrong, wrong))
        interval = stratified_error_rate(strata).interval
        assert interval is not None
        held += interval.low <= truth <= interval.high
    assert 0.93 <= held / 2000 <= 0.97
