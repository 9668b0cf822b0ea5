"""What one article adds to the sums of the panel: its layers compared, pair by pair."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import astuple, replace
from itertools import combinations, pairwise
from typing import Final

from annotator.agreement import coding, gamma, identity, unitizing
from annotator.agreement.matching import Counts, Pair, Scenario, in_scenarios
from annotator.agreement.measures import (
    ALL,
    ALPHA_U,
    BY_ENTITY,
    CHARACTERS,
    FORMULAS,
    GAMMA_K,
    GIVEN,
    GIVEN_BY_ENTITY,
    About,
    Measure,
    Numbers,
)
from annotator.annotated import Annotated
from annotator.model import Fragment, Layer, Relation, Span
from annotator.review.aligning import align_spans
from annotator.review.conflicts import value_of
from annotator.scheme import Scheme
from annotator.spans import hull, intersection, length

AuthorPair = tuple[str, str]


class Compared:
    """The layers of one article, laid over each other; *labels*, if any, are all that counts."""

    def __init__(
        self,
        item: Annotated,
        layers: Sequence[Layer],
        scheme: Scheme,
        labels: Collection[str] = (),
    ) -> None:
        self._item = _restricted(item, labels) if labels else item
        self._scheme = scheme
        self._authors = [layer.author for layer in layers]
        self._layer_ids = [layer.id for layer in layers]
        self._own = [self._item.spans_of(layer_id) for layer_id in self._layer_ids]
        self._variants = align_spans(self._own)
        self._firsts = [
            tuple([spans[0] if spans else None for spans in own]) for own in self._variants
        ]
        self._pairs = list(combinations(range(len(layers)), 2))
        self._place_of = {
            span.id: number
            for number, variants in enumerate(self._variants)
            for own in variants
            for span in own
        }

    def _names(self, one: int, other: int) -> AuthorPair:
        return (self._authors[one], self._authors[other])

    def pair_counts(
        self, scenarios: Sequence[Scenario]
    ) -> Iterator[tuple[AuthorPair, list[Counts]]]:
        """Yield for each pair of annotators what became of their spans in each scenario."""
        for one, other in self._pairs:
            pairs: list[Pair] = []
            for variants in self._variants:
                first, second = variants[one], variants[other]
                if len(first) == len(second) == 1:
                    pairs.append((first[0], second[0]))
                    continue
                for at in range(max(len(first), len(second))):
                    mine = first[at] if at < len(first) else None
                    pairs.append((mine, second[at] if at < len(second) else None))
            yield self._names(one, other), in_scenarios(pairs, scenarios)

    def numbers(self, measures: Collection[Measure], seed: int) -> Iterator[Numbers]:
        """Yield what the article adds to the figures of *measures*."""
        wanted = {name for name, (measure, _) in FORMULAS.items() if measure in measures}
        every = (*self._labels(), *self._attributes(wanted), *self._relations())
        yield from (numbers for numbers in every if numbers.figure in wanted)
        stands = [
            identity.stands_for([own[layer] for own in self._variants], self._item.entities)
            for layer in range(len(self._own))
        ]
        yield from identity.numbers(self._authors, stands, wanted)
        if Measure.GAMMA in measures:
            yield from self._gamma(f"{seed} {self._item.article.id}")
        if Measure.ALPHA_U in measures:
            yield from self._alpha_u()

    # Labels

    def _labels(self) -> Iterator[Numbers]:
        own = self._own
        numbers = [Counter(span.label for span in spans) for spans in own]
        said = [Counter((s.label, s.fragments) for s in spans) for spans in own]
        found = sum(numbers, Counter())
        strict: dict[str, _Sums] = defaultdict(_Sums)
        overlap: dict[str, _Sums] = defaultdict(_Sums)
        shared: dict[str, _Sums] = defaultdict(_Sums)
        for one, other in self._pairs:
            pair = self._names(one, other)
            together = numbers[one] + numbers[other]
            same: Counter[str] = Counter()
            for (label, _), count in (said[one] & said[other]).items():
                same[label] += count
            met: Counter[str] = Counter()
            parts: Counter[str] = Counter()
            for firsts in self._firsts:
                first, second = firsts[one], firsts[other]
                if first is not None and second is not None and first.label == second.label:
                    met[first.label] += 1
                    parts[first.label] += round(_FINE * _shared(first, second))
            for label, count in together.items():
                for name in (label, ALL):
                    strict[name].add(pair, 2 * same[label], count)
                    # Two layers that say the same may stand across each other in a tie.
                    overlap[name].add(pair, 2 * max(met[label], same[label]), count)
                    most = max(parts[label], _FINE * same[label])
                    shared[name].add(pair, 2 * most, _FINE * count)
        figures = (("F1 strict", strict), ("F1 overlap", overlap), (CHARACTERS, shared))
        for figure, tables in figures:
            for name, sums in tables.items():
                number = found.total() if name == ALL else found[name]
                yield Numbers(About.LABELS, name, figure, sums.sums(), number, number)

    def _gamma(self, seed: str) -> Iterator[Numbers]:
        own = self._own
        number = sum(map(len, own))
        whole = [[gamma.Unit(*hull(s.fragments), s.label) for s in spans] for spans in own]
        pieces = [
            [gamma.Unit(*piece, s.label) for s in spans for piece in s.fragments] for spans in own
        ]
        drawn = gamma.drawn(whole, seed=seed)
        together = astuple(drawn.whole)
        apart = together if pieces == whole else astuple(gamma.gamma(pieces, seed=seed))
        figures = (("gamma", together), ("gamma_cat", together), ("gamma of pieces", apart))
        for figure, values in figures:
            sums = tuple(((_TOGETHER, at), value) for at, value in enumerate(values))
            yield Numbers(About.LABELS, ALL, figure, sums, number, number)
        found = Counter(span.label for spans in own for span in spans)
        for label, count in found.items():
            values = drawn.by_label.get(label, ())
            sums = tuple(((_TOGETHER, at), value) for at, value in enumerate(values))
            yield Numbers(About.LABELS, label, GAMMA_K, sums, drawn.paired.get(label, 0), count)

    def _alpha_u(self) -> Iterator[Numbers]:
        """Yield alpha of 2004 for each label, of which no layer may mark a character twice.

        The disagreements are in squared code points, so that those of several articles add up.
        """
        text = Fragment(0, len(self._item.article.text))
        for label in sorted({span.label for spans in self._own for span in spans}):
            marked = [[s for s in spans if s.label == label] for spans in self._own]
            number = sum(map(len, marked))
            stretches = [sorted(piece for s in spans for piece in s.fragments) for spans in marked]
            if any(one.end > two.start for own in stretches for one, two in pairwise(own)):
                yield Numbers(About.LABELS, label, ALPHA_U, (), 0, number)
                continue
            one = unitizing.unitizing(stretches, text)
            sums = (
                ((_TOGETHER, 0), one.observed * text.end**2),
                ((_TOGETHER, 1), one.expected * text.end**2),
            )
            yield Numbers(About.LABELS, label, ALPHA_U, sums, number, number)

    # Attributes

    def _attributes(self, wanted: Set[str]) -> Iterator[Numbers]:
        units: dict[tuple[str, str], list[dict[int, Hashable]]] = defaultdict(list)
        found: Counter[str] = Counter()
        if not wanted & {"alpha", "percent", "kappa", "pi"}:
            return
        for firsts in self._firsts:
            by_label: dict[str, dict[int, Span]] = defaultdict(dict)
            for layer, span in enumerate(firsts):
                if span is not None:
                    by_label[span.label][layer] = span
            for label, spans in by_label.items():
                found[label] += 1
                for name in self._attribute_names(label) if len(spans) > 1 else ():
                    values = {n: value_of(span, name, self._scheme) for n, span in spans.items()}
                    units[label, name].append(values)
        for (label, name), given in units.items():
            for figure, sums in self._of_units(given, wanted):
                full = f"{label}.{name}"
                yield Numbers(About.ATTRIBUTES, full, figure, sums, len(given), found[label])

    def _attribute_names(self, label: str) -> list[str]:
        known = self._scheme.label(label)
        if known is None:
            return []
        every = self._scheme.attributes_of(known)
        return [attribute.name for attribute in every if attribute.kind != "text"]

    def _of_units(
        self, units: Sequence[Mapping[int, Hashable]], wanted: Collection[str]
    ) -> Iterator[tuple[str, tuple[tuple[Hashable, float], ...]]]:
        values = [tuple(unit.values()) for unit in units]
        if "alpha" in wanted:
            yield "alpha", tuple(coding.coincidences(values).items())
        if "percent" in wanted:
            same = sum(sum(n * (n - 1) for n in Counter(unit).values()) for unit in values)
            pairs = sum(len(unit) * (len(unit) - 1) for unit in values)
            yield "percent", (((_TOGETHER, 0), float(same)), ((_TOGETHER, 1), float(pairs)))
        if {"kappa", "pi"} & set(wanted):
            table: Counter[Hashable] = Counter(
                (self._names(one, other), (unit[one], unit[other]))
                for unit in units
                for one, other in self._pairs
                if one in unit and other in unit
            )
            for figure in ("kappa", "pi"):
                yield figure, tuple((key, float(count)) for key, count in table.items())

    # Relations

    def _relations(self) -> Iterator[Numbers]:
        ties = [self._item.relations_of(layer_id) for layer_id in self._layer_ids]
        found = Counter(tie.label for own in ties for tie in own)
        tables: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
        used: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one, other in self._pairs:
            pair = self._names(one, other)
            given = [
                [tie for tie in ties[n] if self._has_ends(tie, one, other)] for n in (one, other)
            ]
            every = [ties[one], ties[other]]
            for figure, own in (
                ("F1", every),
                (BY_ENTITY, every),
                (GIVEN, given),
                (GIVEN_BY_ENTITY, given),
            ):
                by_entity = figure in (BY_ENTITY, GIVEN_BY_ENTITY)
                same = self._same(own[0], own[1], by_entity=by_entity)
                for label, count in Counter(tie.label for side in own for tie in side).items():
                    for name in (label, ALL):
                        tables[figure, name].add(pair, 2 * same[label], count)
                for tie in (*own[0], *own[1]):
                    used[figure, tie.label].add(tie.id)
                    used[figure, ALL].add(tie.id)
        for (figure, name), sums in tables.items():
            number = found.total() if name == ALL else found[name]
            compared = len(used[figure, name])
            yield Numbers(About.RELATIONS, name, figure, sums.sums(), compared, number)
        yield from self._kinds_of_ties(ties)

    def _kinds_of_ties(self, ties: Sequence[Sequence[Relation]]) -> Iterator[Numbers]:
        """Yield how far people agree on which relation it is, where they tie the same places."""
        at: dict[tuple[int, Hashable], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for layer, own in enumerate(ties):
            for tie in own:
                label, source, target = self._said(tie)
                at[source, target][layer].add(label)
        units = [
            {n: frozenset(own) if len(own) > 1 else next(iter(own)) for n, own in by_layer.items()}
            for by_layer in at.values()
            if len(by_layer) > 1
        ]
        if units:
            for figure, sums in self._of_units(units, {"alpha", "percent"}):
                yield Numbers(About.RELATIONS, ALL, figure, sums, len(units), len(at))

    def _has_ends(self, tie: Relation, one: int, other: int) -> bool:
        """Tell whether two annotators have marked both ends of *tie*."""
        ends = [end for end in (tie.source, tie.target) if end is not None]
        places = [self._variants[self._place_of[end]] for end in ends]
        return all(own[one] and own[other] for own in places)

    def _same(
        self, own: Sequence[Relation], others: Sequence[Relation], *, by_entity: bool
    ) -> Counter[str]:
        """Return by label how many relations tie the same places.

        With *by_entity* a relation to another span of the same entity is the same, too.
        """
        first, second = (Counter(map(self._said, side)) for side in (own, others))
        common = first & second
        found = Counter(label for label, *_ in common.elements())
        if by_entity:
            left = [
                Counter(self._entity_said(tie) for tie in self._beyond(side, common))
                for side in (own, others)
            ]
            found.update(label for label, _, entity in (left[0] & left[1]).elements() if entity)
        return found

    def _beyond(
        self, ties: Sequence[Relation], common: Counter[tuple[str, int, Hashable]]
    ) -> list[Relation]:
        rest, found = Counter(common), []
        for tie in ties:
            said = self._said(tie)
            if rest[said]:
                rest[said] -= 1
            else:
                found.append(tie)
        return found

    def _said(self, tie: Relation) -> tuple[str, int, Hashable]:
        target = tie.target_entity if tie.target is None else self._place_of[tie.target]
        return (tie.label, self._place_of[tie.source], target)

    def _entity_said(self, tie: Relation) -> tuple[str, int, str | None]:
        entity = tie.target_entity
        if tie.target is not None:
            entity = self._item.spans[tie.target].entity_id
        return (tie.label, self._place_of[tie.source], entity)


_TOGETHER: Final = "all"
_FINE: Final = 1_000_000
"""Parts of a label that shares some of its characters: sums of whole numbers are drawn faster."""


class _Sums:
    """Twice what two annotators have in common, and what both have, by pairs of annotators."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, float] = defaultdict(float)

    def add(self, pair: AuthorPair, common: float, together: float) -> None:
        self._numbers[pair, 0] += common
        self._numbers[pair, 1] += together

    def sums(self) -> tuple[tuple[Hashable, float], ...]:
        return tuple(self._numbers.items())


def _shared(one: Span, other: Span) -> float:
    """Return the share of the characters of two spans that both have (Jaccard), 0 to 1."""
    if one.fragments == other.fragments:
        return 1.0
    common = length(intersection(one.fragments, other.fragments))
    return common / (length(one.fragments) + length(other.fragments) - common)


def _restricted(item: Annotated, labels: Collection[str]) -> Annotated:
    spans = {key: span for key, span in item.spans.items() if span.label in labels}
    ties = {
        key: tie
        for key, tie in item.relations.items()
        if tie.source in spans and (tie.target is None or tie.target in spans)
    }
    return replace(item.copy(), spans=spans, relations=ties)
