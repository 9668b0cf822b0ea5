"""Krippendorff's alpha for stretches with free borders that do not overlap: the form of 2004.

Krippendorff, Content Analysis (2nd edition, 2004), section 11.6. The family of 2016 changed the
definition for more than two annotators and has an erratum; no value of it could be checked, so it
is not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.model import Fragment


@dataclass(frozen=True, slots=True)
class Unitizing:
    """Disagreement on one label: observed, and what chance would give. Both have no unit."""

    observed: float
    expected: float

    @property
    def alpha(self) -> float | None:
        """1 - observed / expected; None where nobody marked anything."""
        return alpha([self])


def alpha(labels: Sequence[Unitizing]) -> float | None:
    """Return alpha over several labels, from the sums of their disagreements."""
    expected = sum(label.expected for label in labels)
    return 1 - sum(label.observed for label in labels) / expected if expected else None


def unitizing(layers: Sequence[Sequence[Fragment]], continuum: Fragment) -> Unitizing:
    """Return the disagreement of annotators on the stretches of one label.

    *layers* has for each of two or more annotators the stretches, which do not overlap each other;
    *continuum* is the text that all of them read. Positions are in code points.
    """
    count, size = len(layers), continuum.end - continuum.start
    gaps = [_gaps(own, continuum) for own in layers]
    observed = 0.0
    for number, own in enumerate(layers):
        for other in range(count):
            if other != number:
                observed += sum(_apart(unit, layers[other]) for unit in own)
    # A stretch in a gap of another annotator counts from both sides.
    observed += sum(
        2 * (unit.end - unit.start) ** 2
        for number, own in enumerate(layers)
        for unit in own
        for other in range(count)
        if other != number and _lies_in(unit, gaps[other])
    )
    lengths = [unit.end - unit.start for own in layers for unit in own]
    every_gap = [gap.end - gap.start for own in gaps for gap in own]
    chance = sum(
        (len(lengths) - 1) / 3 * (2 * b**3 - 3 * b**2 + b)
        + b**2 * sum(gap - b + 1 for gap in every_gap if gap >= b)
        for b in lengths
    )
    whole = count * size
    ways = whole * (whole - 1) - sum(b * (b - 1) for b in lengths)
    return Unitizing(observed / (count * (count - 1) * size**2), 2 / size * chance / ways)


def _apart(unit: Fragment, others: Sequence[Fragment]) -> float:
    return sum(
        (unit.start - one.start) ** 2 + (unit.end - one.end) ** 2
        for one in others
        if unit.start < one.end and one.start < unit.end
    )


def _lies_in(unit: Fragment, gaps: Sequence[Fragment]) -> bool:
    return any(gap.start <= unit.start and unit.end <= gap.end for gap in gaps)


def _gaps(units: Sequence[Fragment], continuum: Fragment) -> list[Fragment]:
    found, at = [], continuum.start
    for unit in sorted(units):
        if unit.start > at:
            found.append(Fragment(at, unit.start))
        at = max(at, unit.end)
    if at < continuum.end:
        found.append(Fragment(at, continuum.end))
    return found


def labelled(
    layers: Sequence[Mapping[str, Sequence[Fragment]]], continuum: Fragment
) -> dict[str, Unitizing]:
    """Return the disagreement of annotators by label; *layers* has their stretches by label."""
    names = sorted({name for own in layers for name in own})
    return {name: unitizing([own.get(name, ()) for own in layers], continuum) for name in names}
