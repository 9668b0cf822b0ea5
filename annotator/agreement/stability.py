"""How stable a person's own labels are: the two rounds of the same articles, laid over each other.

The figures are those of agreement between people, with the first round as one of them. Whoever has
handed in no second round yet has a row without figures: that is not full agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from annotator.agreement.measures import ALL, About, Measure
from annotator.agreement.panel import Figure, Gathering
from annotator.annotated import Annotated
from annotator.model import LayerState
from annotator.review.rounds import is_first, name_of_first, person_of, second_of
from annotator.scheme import Scheme

EXACT: Final = "F1 strict"
OVERLAP: Final = "F1 overlap"
VALUES: Final = "alpha"


@dataclass(frozen=True, slots=True)
class Stability:
    """How far somebody said the same twice."""

    person: str
    given: int
    """Articles that are, or were, marked a second time."""
    used: int
    """Of these: both rounds are handed in, and of the same text and scheme."""
    figures: tuple[Figure, ...]
    """F1 of all labels, with the same borders and overlapping, and alpha of each attribute."""

    @property
    def first(self) -> str:
        """The name that the first round goes by: with the person's own it asks for both."""
        return name_of_first(self.person)

    def figure(self, measure: str) -> Figure | None:
        """Return the figure of all labels; None where there is nothing to compare yet."""
        found = (one for one in self.figures if (one.about, one.name) == (About.LABELS, ALL))
        return next((one for one in found if one.measure == measure), None)


class _Person:
    """Takes in the articles of one person."""

    def __init__(self, name: str, scheme: Scheme, seed: int) -> None:
        self._name = name
        self._given = 0
        self._gathering = Gathering(
            scheme,
            authors=(name, name_of_first(name)),
            measures=(Measure.F1, Measure.ALPHA),
            seed=seed,
        )

    def add(self, item: Annotated) -> None:
        self._given += 1
        second = second_of(item, self._name)
        # What both rounds need is that the second is done: the first one is in any case.
        if second is not None and second.state in LayerState.HANDED_IN:
            self._gathering.add(item)

    def found(self, going_on: Callable[[], None]) -> Stability:
        panel = self._gathering.panel(going_on)
        wanted = [
            one
            for one in panel.figures
            if (one.about, one.name) == (About.LABELS, ALL) and one.measure in (EXACT, OVERLAP)
        ]
        alphas = [one for one in panel.figures if one.measure == VALUES]
        return Stability(self._name, self._given, panel.articles, (*wanted, *alphas))


def stability(
    articles: Iterable[Annotated],
    scheme: Scheme,
    *,
    seed: int = 1,
    going_on: Callable[[], None] = lambda: None,
) -> list[Stability]:
    """Return how stable the labels of each person are who marks articles twice, by name.

    *going_on* may raise to stop it.
    """
    people: dict[str, _Person] = {}
    for item in articles:
        for layer in item.layers.values():
            name = person_of(layer)
            if is_first(layer) and second_of(item, name) is not None:
                people.setdefault(name, _Person(name, scheme, seed)).add(item)
    return [people[name].found(going_on) for name in sorted(people)]
