"""Agreement on where spans are, by the counts of the message understanding conferences.

Spans that nobody marked cannot be counted, so a measure with negatives (kappa) is impossible; the
mean F1 of pairs equals the positive specific agreement (Hripcsak and Rothschild 2005, "Agreement,
the F-Measure, and Reliability in Information Retrieval", JAMIA 12:296).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.model import Span


class Scenario(StrEnum):
    """What has to be right for a span to be right (SemEval-2013, task 9.1)."""

    STRICT = "strict"
    """The borders and the label."""
    EXACT = "exact"
    """The borders, whatever the label."""
    PARTIAL = "partial"
    """Some of the characters, whatever the label; counts half where the borders differ."""
    TYPE = "type"
    """The label, and some of the characters."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the spans of one annotator beside those of another, in numbers of spans."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missing: int = 0
    """Spans that only the first has."""
    spurious: int = 0
    """Spans that only the second has."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.correct + other.correct,
            self.incorrect + other.incorrect,
            self.partial + other.partial,
            self.missing + other.missing,
            self.spurious + other.spurious,
        )

    @property
    def possible(self) -> int:
        """Spans of the first annotator."""
        return self.correct + self.incorrect + self.partial + self.missing

    @property
    def actual(self) -> int:
        """Spans of the second annotator."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def precision(self) -> float | None:
        """The share of what the second has that is right; a partial one counts half."""
        return self._right / self.actual if self.actual else None

    @property
    def recall(self) -> float | None:
        """The share of what the first has that the second has too; a partial one counts half."""
        return self._right / self.possible if self.possible else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both, the same whoever is the first; None where there is no span."""
        together = self.possible + self.actual
        return 2 * self._right / together if together else None

    @property
    def _right(self) -> float:
        return self.correct + 0.5 * self.partial


Pair = tuple[Span | None, Span | None]
"""What two annotators have at one place, of which at least one has something."""


def counted(pairs: Iterable[Pair], scenario: Scenario) -> Counts:
    """Count aligned spans of two annotators (COR, INC, PAR, MIS, SPU of nervaluate and SemEval)."""
    return in_scenarios(pairs, (scenario,))[0]


def in_scenarios(pairs: Iterable[Pair], scenarios: Sequence[Scenario]) -> list[Counts]:
    """Count aligned spans of two annotators in several scenarios, looking at each pair once."""
    kinds = Counter(map(_kind, pairs))
    found = []
    for scenario in scenarios:
        outcomes: Counter[str] = Counter()
        for kind, count in kinds.items():
            outcomes[_outcome_of(kind, scenario)] += count
        found.append(Counts(**outcomes))
    return found


_Kind = tuple[bool, bool] | str
"""Whether borders and labels are the same; or what becomes of a span alone."""


def _kind(pair: Pair) -> _Kind:
    one, other = pair
    if one is None or other is None:
        return "spurious" if one is None else "missing"
    return one.fragments == other.fragments, one.label == other.label


def _outcome_of(kind: _Kind, scenario: Scenario) -> str:
    if isinstance(kind, str):
        return kind
    same_borders, same_label = kind
    match scenario:
        case Scenario.STRICT:
            right = same_borders and same_label
        case Scenario.EXACT:
            right = same_borders
        case Scenario.TYPE:
            right = same_label
        case Scenario.PARTIAL:
            return "correct" if same_borders else "partial"
    return "correct" if right else "incorrect"


def outcome(one: Span | None, other: Span | None, scenario: Scenario) -> str:
    """Return what became of a span beside another: a field of :class:`Counts`."""
    return _outcome_of(_kind((one, other)), scenario)


def specific_agreement(first: Sequence[object], second: Sequence[object]) -> float | None:
    """Return 2a / (2a + b + c): a things that both have, b and c that only one has.

    None where nobody has anything. It is what F1 is for things that both have or not.
    """
    both = (Counter(first) & Counter(second)).total()
    together = len(first) + len(second)
    return 2 * both / together if together else None
