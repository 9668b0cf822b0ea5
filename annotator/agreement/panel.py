"""The panel of agreement: figures by label, attribute, relation and entity, with intervals.

Agreement is a panel, never one number: where spans are, what they say, how they are tied and whom
they stand for are different questions. Figures come from sums over all articles, not from the mean
of articles, so that a short article counts for less than a long one. An article of which an
annotator has no layer says nothing about that annotator: missing is not empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from annotator.agreement.counting import Compared
from annotator.agreement.findings import Findings
from annotator.agreement.matching import Counts, Scenario
from annotator.agreement.measures import (
    ALL,
    ALPHA_U,
    FORMULAS,
    MATCHED,
    USUAL,
    About,
    Measure,
)
from annotator.agreement.resampling import DRAWS, FEWEST, Draws, Interval, Sums
from annotator.agreement.resampling import Figure as Compute
from annotator.agreement.sums import Tally
from annotator.annotated import Annotated
from annotator.model import Layer, LayerKind, LayerState
from annotator.review.cases import made_with
from annotator.review.conflicts import Kind
from annotator.review.rounds import name_in_figures, second_rounds
from annotator.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the panel; 1 is full agreement, and there is no unit."""

    about: About
    name: str
    """The label, attribute (``Label.attribute``), relation or kind of entity, or :data:`ALL`."""
    measure: str
    """A key of :data:`FORMULAS`; with ``, matched`` where only what both have marked counts."""
    value: float | None
    interval: Interval | None
    used: int
    """Things that were compared: spans, relations or places."""
    found: int
    """All such things that there are."""
    articles: int
    reason: str = ""
    """Why there is no value or no interval."""


@dataclass(frozen=True, slots=True)
class PairCounts:
    """What became of the spans of one annotator beside those of another."""

    first: str
    second: str
    articles: int
    counts: dict[str, Counts] = field(default_factory=dict)
    """By the names of scenarios."""


@dataclass(frozen=True, slots=True)
class Panel:
    """How far people agree in a project."""

    annotators: tuple[str, ...]
    articles: int
    """Articles that two or more have read."""
    alone: int
    """Articles that only one has read: they say nothing."""
    unfinished: int
    """Layers that were left out because somebody is still at them."""
    other_text: tuple[str, ...]
    """Ids of articles that were left out because their layers were made with different texts."""
    other_scheme: tuple[str, ...]
    """The same, with different schemes, or versions of one."""
    figures: tuple[Figure, ...]
    pairs: tuple[PairCounts, ...]


NO_PAIR: Final = "nothing that two people could agree on"
NO_VARIATION: Final = "undefined: there is no variation"
FEW_ARTICLES: Final = f"no interval: fewer than {FEWEST} articles"
OVERLAPPING: Final = "undefined: labels of one person lie over each other"
UNSTEADY: Final = "no interval: too few articles have any"


class Gathering:
    """Takes articles in one by one, and makes the panel of them.

    *authors* are those compared, all by default; *labels* those whose spans count; gamma is drawn
    with *seed*, and so are the articles of the intervals. With *gold*, gold is one of those who are
    compared.
    """

    def __init__(
        self,
        scheme: Scheme,
        *,
        authors: Collection[str] = (),
        labels: Collection[str] = (),
        measures: Collection[Measure] = USUAL,
        unfinished: bool = False,
        gold: bool = False,
        seed: int = 1,
        draws: int = DRAWS,
    ) -> None:
        self._scheme = scheme
        self._authors = frozenset(authors)
        self._labels = frozenset(labels)
        self._measures = frozenset(measures)
        self._unfinished = unfinished
        self._gold = gold
        self._seed = seed
        self._draws = draws
        self._tallies: dict[tuple[About, str, str], Tally] = {}
        self._pairs: dict[tuple[str, str], list[Counts]] = {}
        self._pair_articles: Counter[tuple[str, str]] = Counter()
        self._alone = self._left_out = 0
        self._differing: dict[Kind, list[str]] = {Kind.TEXT_VERSION: [], Kind.SCHEME_VERSION: []}
        self._ids: list[str] = []
        self._seen: set[str] = set()
        self._drawn: Draws | None = None

    def add(self, item: Annotated) -> None:
        """Take an article in, with all its layers."""
        layers, left_out = readings(
            item, self._authors, unfinished=self._unfinished, gold=self._gold
        )
        self._left_out += left_out
        if len(layers) < 2:
            self._alone += len(layers)
            return
        differing = version_difference(layers)
        if differing is not None:
            self._differing[differing].append(item.article.id)
            return
        number = len(self._ids)
        self._ids.append(item.article.id)
        self._drawn = None
        names = [layer.author for layer in layers]
        self._seen.update(names)
        compared = Compared(item, layers, self._scheme, self._labels)
        for pair, own in compared.pair_counts(tuple(Scenario)):
            present = self._pairs.get(pair, [Counts()] * len(own))
            self._pairs[pair] = [a + b for a, b in zip(present, own, strict=True)]
            self._pair_articles[pair] += 1
        for numbers in compared.numbers(self._measures, self._seed):
            key = (About(numbers.about), numbers.name, numbers.figure)
            tally = self._tallies.setdefault(key, Tally())
            tally.used += numbers.used
            tally.found += numbers.found
            for where, value in numbers.sums:
                tally.add(number, where, value)

    def _draws_of_articles(self) -> Draws:
        if self._drawn is None:
            self._drawn = Draws(len(self._ids), seed=self._seed, draws=self._draws)
        return self._drawn

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who is compared so far."""
        return tuple(sorted(self._seen))

    def findings(self) -> Findings:
        """Return what the sums of all articles so far tell beyond the panel."""
        return Findings(self._tallies, self._ids, self._draws_of_articles())

    def panel(self, going_on: Callable[[], None] = lambda: None) -> Panel:
        """Return the panel of all articles so far; *going_on* may raise to stop it."""
        keys = sorted(self._tallies, key=_panel_order)
        asked = [self._computed(*key) for key in keys]
        intervals = iter(
            self._draws_of_articles().intervals(
                [(by_article, figure) for by_article, figure, value in asked if value is not None],
                going_on,
            )
        )
        figures = [
            self._figure(key, value, None if value is None else next(intervals))
            for key, (_, _, value) in zip(keys, asked, strict=True)
        ]
        return Panel(
            annotators=self.annotators,
            articles=len(self._ids),
            alone=self._alone,
            unfinished=self._left_out,
            other_text=tuple(self._differing[Kind.TEXT_VERSION]),
            other_scheme=tuple(self._differing[Kind.SCHEME_VERSION]),
            figures=tuple(figures),
            pairs=tuple(self._pair(*pair) for pair in combinations(self.annotators, 2)),
        )

    def _computed(
        self, about: About, name: str, measure: str
    ) -> tuple[list[Sums], Compute, float | None]:
        """Return the sums of a figure by article, how it comes from sums, and what it is."""
        tally = self._tallies[about, name, measure]
        formula = FORMULAS[measure.removesuffix(MATCHED)][1]
        keys = formula.keys(tally)
        figure = formula.figure(keys)
        by_article = tally.columns(keys, len(self._ids))
        value = figure(tuple(map(sum, zip(*by_article, strict=True)))) if keys else None
        return by_article, figure, value

    def _figure(
        self, key: tuple[About, str, str], value: float | None, interval: Interval | None
    ) -> Figure:
        tally = self._tallies[key]
        reason = ""
        if value is None:
            reason = NO_VARIATION if tally.used else NO_PAIR
            if key[2] == ALPHA_U and not tally.used:
                reason = OVERLAPPING
        elif interval is None:
            reason = FEW_ARTICLES if len(self._ids) < FEWEST else UNSTEADY
        return Figure(*key, value, interval, tally.used, tally.found, tally.articles, reason)

    def _pair(self, first: str, second: str) -> PairCounts:
        own: Sequence[Counts] = self._pairs.get((first, second), ())
        counts = {scenario.value: one for scenario, one in zip(Scenario, own, strict=False)}
        return PairCounts(first, second, self._pair_articles[first, second], counts)


def readings(
    item: Annotated,
    authors: Collection[str] = (),
    *,
    unfinished: bool = False,
    gold: bool = False,
) -> tuple[list[Layer], int]:
    """Return the layers of an article that are compared, by author, and how many are left out.

    One a person, of all people and imports, or of *authors*, and *gold* where that is asked for;
    the layers that are not handed in are left out unless *unfinished* ones count. Of two rounds of
    a person the first counts; where it is named itself, both do.
    """
    kinds = (LayerKind.PERSON, LayerKind.IMPORT)
    seconds = second_rounds(item)
    found: dict[str, Layer] = {}
    left_out = 0
    for layer in sorted(item.layers.values(), key=lambda one: (one.kind in kinds[1:], one.id)):
        name = name_in_figures(layer, seconds, authors)
        chosen = name is not None and (bool(authors) or layer.kind in kinds)
        if name is None or not chosen:
            if not (gold and layer.kind == LayerKind.GOLD):
                continue
            name = layer.author
        if unfinished or layer.state in LayerState.HANDED_IN:
            own = layer if name == layer.author else replace(layer, author=name)
            found.setdefault(name, own)
        else:
            left_out += 1
    return [found[author] for author in sorted(found)], left_out


def version_difference(layers: Sequence[Layer]) -> Kind | None:
    """Tell whether layers were made with different texts or schemes; such are not compared.

    What is not known, as of imported layers, is no difference.
    """
    for kind, name in ((Kind.TEXT_VERSION, "text"), (Kind.SCHEME_VERSION, "scheme")):
        if len({made_with(layer, name) for layer in layers} - {None}) > 1:
            return kind
    return None


def _panel_order(key: tuple[About, str, str]) -> tuple[int, bool, str, int, str]:
    about, name, measure = key
    place = list(FORMULAS).index(measure.removesuffix(MATCHED))
    return (list(About).index(about), name != ALL, name, place, measure)
