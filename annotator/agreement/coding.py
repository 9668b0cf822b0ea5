"""Agreement on values that are given to the same things: attributes of aligned spans, labels.

A *unit* is one such thing with the values that annotators gave it; who gave none is left out. All
measures are 1 for full agreement and 0 for what chance alone would do, and have no unit. Where
nothing varies they are undefined, which is None: never 1, 0 or NaN.

Sources: Krippendorff, Content Analysis (2004), chapter 11; Cohen (1960); Scott (1955); Fleiss
(1971); Artstein and Poesio, "Inter-Coder Agreement for Computational Linguistics" (2008).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Final

Value = Hashable
Distance = Callable[[Value, Value], float]
"""How far two values are from each other: 0 for the same."""
Coincidences = Mapping[tuple[Value, Value], float]
"""How often two annotators gave two values to the same unit, over all ordered pairs."""

_NONE: Final = 1e-12


def nominal(one: Value, other: Value) -> float:
    """Return 0 for the same value and 1 for another: values without order."""
    return 0.0 if one == other else 1.0


def interval(one: Value, other: Value) -> float:
    """Return the square of the difference of two numbers (Krippendorff 2004, 11.4.3)."""
    assert isinstance(one, int | float)
    assert isinstance(other, int | float)
    return float((one - other) ** 2)


def masi(one: Value, other: Value) -> float:
    """Return the distance 1 - J*M of two sets: 0 for the same, 1 for sets that share nothing.

    J is the share of common members (Jaccard); M is 1 for equal sets, 2/3 where one contains the
    other, 1/3 where they cross, 0 where they share nothing (Passonneau 2006, "Measuring Agreement
    on Set-valued Items"). Two empty sets are the same. Other programs call (1 - J)(1 - M) by this
    name: {A} against {A, B} is 2/3 here, and 1/6 there.
    """
    assert isinstance(one, frozenset)
    assert isinstance(other, frozenset)
    common, together = one & other, one | other
    if one == other:
        return 0.0
    if not common:
        return 1.0
    monotonic = 2 / 3 if common in (one, other) else 1 / 3
    return 1 - len(common) / len(together) * monotonic


def coincidences(units: Iterable[Sequence[Value]]) -> dict[tuple[Value, Value], float]:
    """Return the coincidences of *units*, in fractions where more than two gave values.

    Each ordered pair of values of a unit counts 1 / (number of its values - 1), so that every value
    counts once (Krippendorff 2004, 11.3). Sums of these of several articles are those of all.
    """
    found: defaultdict[tuple[Value, Value], float] = defaultdict(float)
    for values in units:
        counts = Counter(values)
        pairable = len(values) - 1
        if pairable < 1:
            continue
        for one, count in counts.items():
            for other, others in counts.items():
                pairs = count * (others - (one == other))
                if pairs:
                    found[one, other] += pairs / pairable
    return dict(found)


def disagreement(table: Coincidences, distance: Distance = nominal) -> tuple[float, float]:
    """Return the observed disagreement and the one that chance would give; both at least 0."""
    totals: defaultdict[Value, float] = defaultdict(float)
    for (one, _), count in table.items():
        totals[one] += count
    number = sum(totals.values())
    if number <= 1:
        return (0.0, 0.0)
    observed = sum(count * distance(*pair) for pair, count in table.items()) / number
    expected = sum(
        totals[one] * totals[other] * distance(one, other) for one in totals for other in totals
    )
    return (observed, expected / (number * (number - 1)))


def alpha(table: Coincidences, distance: Distance = nominal) -> float | None:
    """Return Krippendorff's alpha, 1 - observed / expected disagreement; None without variation.

    For any number of annotators, and with values missing (Krippendorff 2004, 11.3).
    """
    observed, expected = disagreement(table, distance)
    return None if expected < _NONE else 1 - observed / expected


def percent(units: Iterable[Sequence[Value]]) -> float | None:
    """Return the share of pairs of annotators who gave a unit the same value; None for no pairs."""
    same = pairs = 0
    for values in units:
        same += sum(count * (count - 1) for count in Counter(values).values())
        pairs += len(values) * (len(values) - 1)
    return same / pairs if pairs else None


Contingency = Mapping[tuple[Value, Value], float]
"""How often the first annotator gave one value and the second another to the same unit."""


def cohen_kappa(table: Contingency, distance: Distance = nominal) -> float | None:
    """Return Cohen's kappa of two annotators, each with habits of their own.

    With another *distance* than :func:`nominal`, the weighted kappa of Cohen (1968): 1 - observed /
    expected disagreement. None without variation.
    """
    firsts, seconds = _margins(table)
    number = sum(firsts.values())
    expected = sum(
        firsts[one] * seconds[other] * distance(one, other) for one in firsts for other in seconds
    )
    return _corrected(table, distance, number, expected / number**2 if number else 0.0)


def scott_pi(table: Contingency, distance: Distance = nominal) -> float | None:
    """Return Scott's pi of two annotators, who share their habits; None without variation."""
    firsts, seconds = _margins(table)
    both = {value: firsts[value] + seconds[value] for value in firsts}
    number = sum(firsts.values())
    expected = sum(both[one] * both[other] * distance(one, other) for one in both for other in both)
    return _corrected(table, distance, number, expected / (2 * number) ** 2 if number else 0.0)


def bennett_s(table: Contingency) -> float | None:
    """Return the S of Bennett, Alpert and Goldstein (1954): chance gives all values alike."""
    firsts, _ = _margins(table)
    number, values = sum(firsts.values()), len(firsts)
    return _corrected(table, nominal, number, 1 - 1 / values if values else 0.0)


def _margins(table: Contingency) -> tuple[dict[Value, float], dict[Value, float]]:
    values = dict.fromkeys((value for pair in table for value in pair), 0.0)
    firsts, seconds = dict(values), dict(values)
    for (one, other), count in table.items():
        firsts[one] += count
        seconds[other] += count
    return firsts, seconds


def _corrected(
    table: Contingency, distance: Distance, number: float, expected: float
) -> float | None:
    if expected < _NONE:
        return None
    observed = sum(count * distance(*pair) for pair, count in table.items()) / number
    return 1 - observed / expected


def fleiss_kappa(units: Sequence[Sequence[Value]]) -> float | None:
    """Return the kappa of Fleiss (1971), Scott's pi for any fixed number of annotators.

    Units to which fewer gave a value than to others are left out. None without variation.
    """
    most = max(map(len, units), default=0)
    whole = [Counter(values) for values in units if len(values) == most]
    if most < 2:
        return None
    totals = sum(whole, Counter())
    number = totals.total()
    expected = 1 - sum((count / number) ** 2 for count in totals.values())
    same = sum(count * (count - 1) for counts in whole for count in counts.values())
    observed = 1 - same / (len(whole) * most * (most - 1))
    return None if expected < _NONE else 1 - observed / expected
