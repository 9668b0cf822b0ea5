"""The layers of one article laid over each other: what each says about the same place.

Spans are aligned at the least cost (see :mod:`annotator.review.grouping`) with the dissimilarity of
Mathet, Widlöcher and Métivier, "The Unified and Holistic Method Gamma" (Computational Linguistics
41:3, 2015, section 4.2): position plus label. Spans that share no character are never aligned.

What layers have beside each other at one place, where another has less (the two halves of a span,
an inner and an outer choice, the same label twice), belongs to the same case. Every label of every
layer is in exactly one group, and neither storage nor the order of layers makes a difference.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.model import Fragment, Span
from annotator.review.conflicts import (
    ENTITY,
    Conflict,
    Kind,
    identity_conflict,
    span_conflicts,
)
from annotator.review.grouping import grouped
from annotator.review.tying import TieGroup, tie_groups
from annotator.scheme import Scheme
from annotator.spans import intersection, length

ALONE: Final = 0.625
"""Cost of a span for each layer that has nothing there. A pair costs less than two of them where
the labels are the same, or where the spans share more than half of what they cover (Dice)."""

OTHER_LABEL: Final = 1.0
"""Cost of two labels in a pair; two positions cost from 0 (the same) to 1 (no character shared)."""

Variants = tuple[tuple[Span, ...], ...]
"""For each layer, in the order asked for, what it has at one place."""


@dataclass(frozen=True, slots=True)
class SpanGroup:
    """A place in an article, with what each layer says about it."""

    variants: Variants
    conflicts: tuple[Conflict, ...]
    """In order of their kinds; one ``same`` where all layers say the same."""

    @property
    def agrees(self) -> bool:
        """Whether all layers say the same here, in everything."""
        return self.conflicts[0].kind == Kind.SAME

    @property
    def firsts(self) -> tuple[Span | None, ...]:
        """For each layer the span that is aligned with those of the others."""
        return tuple(spans[0] if spans else None for spans in self.variants)

    @property
    def place(self) -> Fragment:
        """The stretch around all that is here."""
        spans = [span for own in self.variants for span in own]
        return Fragment(min(span.start for span in spans), max(span.end for span in spans))


@dataclass(frozen=True, slots=True)
class Alignment:
    """Layers of one article laid over each other."""

    layer_ids: tuple[str, ...]
    spans: tuple[SpanGroup, ...]
    """In reading order."""
    relations: tuple[TieGroup, ...]
    place_of: Mapping[str, int]
    """The number of the group in :attr:`spans` in which each span is, by the span's id."""


def align(
    annotated: Annotated, layer_ids: Sequence[str], scheme: Scheme | None = None
) -> Alignment:
    """Return the layers with *layer_ids* aligned; with a *scheme*, defaults count as values."""
    variants = align_spans([annotated.spans_of(layer_id) for layer_id in layer_ids])
    clusters = _clusters(variants)
    groups = tuple(
        SpanGroup(own, _named(own, number, clusters, annotated, scheme))
        for number, own in enumerate(variants)
    )
    ties = [annotated.relations_of(layer_id) for layer_id in layer_ids]
    place_of = {
        span.id: number for number, own in enumerate(variants) for one in own for span in one
    }
    return Alignment(tuple(layer_ids), groups, tie_groups(ties, place_of, variants), place_of)


def align_spans(layers: Sequence[Sequence[Span]]) -> list[Variants]:
    """Return for each place what each of *layers* has there, in reading order."""
    spans = [(number, span) for number, layer in enumerate(layers) for span in layer]
    order = [_contents(span) for _, span in spans]
    costs = _pair_costs([span for _, span in spans])
    found = _possible_pairs(spans, costs)
    count = len(layers)

    def cost(size: int, pairs: float) -> float:
        return pairs + ALONE * size * (count - size)

    groups = grouped([number for number, _ in spans], order, found, cost)
    groups = _Surplus(groups, spans, order, costs).joined()
    result = []
    for group in groups:
        own: list[list[Span]] = [[] for _ in layers]
        for item in group:
            number, span = spans[item]
            own[number].append(span)
        result.append(tuple(map(tuple, own)))
    return result


def _contents(span: Span) -> tuple[Any, ...]:
    """Return the key by which spans are sorted: what they say, and their id only in the end."""
    said = json.dumps(dict(span.attributes), sort_keys=True) if span.attributes else ""
    return (span.start, -span.end, span.fragments, span.label, said, span.entity_id or "", span.id)


_Said = tuple[tuple[Fragment, ...], str]


def _pair_costs(spans: Sequence[Span]) -> dict[_Said, dict[_Said, float]]:
    """Return what pairs cost that may be aligned, by what they say; found in one sweep."""
    found: dict[_Said, dict[_Said, float]] = defaultdict(dict)
    here: list[_Said] = []
    for said in sorted({(span.fragments, span.label) for span in spans}):
        start = said[0][0].start
        here = [other for other in here if other[0][-1].end > start]
        for other in here:
            cost = _dissimilarity(other, said)
            if cost < 2 * ALONE:
                found[other][said] = found[said][other] = cost
        found[said][said] = 0.0
        here.append(said)
    return found


def _dissimilarity(one: _Said, other: _Said) -> float:
    """Return the dissimilarity of two spans: 0 where they say the same, 2 at most.

    The positional part is ((|start - start'| + |end - end'|) / (length + length'))² in the paper.
    For spans that overlap, the number above is that of the characters which only one of them
    covers; said so, it holds for discontinuous spans as well.
    """
    both = length(intersection(one[0], other[0]))
    if not both:
        return 2 * ALONE
    total = length(one[0]) + length(other[0])
    position = ((total - 2 * both) / total) ** 2
    return position + (OTHER_LABEL if one[1] != other[1] else 0.0)


def _possible_pairs(
    spans: Sequence[tuple[int, Span]], costs: Mapping[_Said, Mapping[_Said, float]]
) -> dict[tuple[int, int], float]:
    by_said: dict[_Said, list[int]] = defaultdict(list)
    for item, (_, span) in enumerate(spans):
        by_said[span.fragments, span.label].append(item)
    return {
        (item, other): cost
        for said, items in by_said.items()
        for near, cost in costs[said].items()
        for item in items
        for other in by_said[near]
        if item < other and spans[item][0] != spans[other][0]
    }


class _Surplus:
    """Finds the case to which belongs what some layers have beside what all of them have."""

    def __init__(
        self,
        groups: Sequence[tuple[int, ...]],
        spans: Sequence[tuple[int, Span]],
        order: Sequence[tuple[Any, ...]],
        costs: Mapping[_Said, Mapping[_Said, float]],
    ) -> None:
        self._spans = spans
        self._costs = costs
        self._groups = sorted(groups, key=lambda group: sorted(order[item] for item in group))
        self._layers = [frozenset(spans[item][0] for item in group) for group in self._groups]
        self._with: dict[_Said, set[int]] = defaultdict(set)
        for number, group in enumerate(self._groups):
            for item in group:
                self._with[self._said(item)].add(number)

    def joined(self) -> list[tuple[int, ...]]:
        """Return the groups, with what is too much at the end of the group where it belongs."""
        found: dict[int, list[int]] = {}
        target = [self._case_of(number) for number in range(len(self._groups))]
        for number, group in enumerate(self._groups):
            at = number
            while target[at] != at:
                at = target[at]
            own = found.setdefault(at, list(self._groups[at]))
            if at != number:
                own += group
        return [tuple(found[number]) for number in sorted(found)]

    def _case_of(self, number: int) -> int:
        layers = self._layers[number]
        choices = []
        for item in self._groups[number]:
            said = self._said(item)
            for near, cost in self._costs[said].items():
                if near[1] == said[1]:
                    choices += [
                        (cost, other)
                        for other in self._with[near]
                        if self._is_case(number, other, near, cost, layers)
                    ]
        return min(choices, default=(0.0, number))[1]

    def _is_case(
        self, number: int, other: int, near: _Said, cost: float, layers: frozenset[int]
    ) -> bool:
        """Tell whether group *other* has *near*, and all that the layers need to be in it."""
        if cost == 0.0 and len(layers) == 1 and layers == self._layers[other]:
            return other < number
        if not layers < self._layers[other]:
            return False
        group = self._groups[other]
        if cost > 0.0 and all(self._spans[x][0] in layers for x in group if self._said(x) == near):
            return False
        labels = {self._spans[item][0]: self._spans[item][1].label for item in group}
        return all(labels[layer] == near[1] for layer in layers)

    def _said(self, item: int) -> _Said:
        span = self._spans[item][1]
        return (span.fragments, span.label)


# ---------------------------------------------------------------------------------- who spans are


def _clusters(variants: Sequence[Variants]) -> list[dict[str, frozenset[int]]]:
    """Return for each layer, by entity, the places that it says stand for the entity.

    Only places count where every layer has a span that stands for somebody: what one layer lacks
    is a missing label, and no other entity.
    """
    layers = len(variants[0]) if variants else 0
    found: list[dict[str, set[int]]] = [defaultdict(set) for _ in range(layers)]
    for number, own in enumerate(variants):
        entities = [spans[0].entity_id if spans else None for spans in own]
        for known, entity in zip(found, entities, strict=True):
            if entity is not None and None not in entities:
                known[entity].add(number)
    return [{key: frozenset(places) for key, places in known.items()} for known in found]


def _named(
    variants: Variants,
    number: int,
    clusters: Sequence[Mapping[str, frozenset[int]]],
    annotated: Annotated,
    scheme: Scheme | None,
) -> tuple[Conflict, ...]:
    found = span_conflicts(variants, scheme)
    entities = [(layer, spans[0].entity_id) for layer, spans in enumerate(variants) if spans]
    if len({entity for _, entity in entities}) > 1:
        own = [
            None if entity is None else clusters[layer].get(entity, frozenset()) | {number}
            for layer, entity in entities
        ]
        known = [annotated.entities.get(entity or "") for _, entity in entities]
        identifiers = [one.identifiers for one in known if one is not None]
        kind = identity_conflict(own, identifiers)
        if kind is not None:
            found.append(Conflict(kind, ENTITY))
    return tuple(sorted(found)) or (Conflict(Kind.SAME),)
