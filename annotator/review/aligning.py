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
from annotator.review.grouping import Near, grouped
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
    spans = [span for layer in layers for span in layer]
    layer_of = [number for number, layer in enumerate(layers) for _ in layer]
    order = [_contents(span) for span in spans]
    saying = _Saying(spans)
    count = len(layers)

    def cost(size: int, pairs: float) -> float:
        return pairs + ALONE * size * (count - size)

    groups = grouped(layer_of, order, saying.near(layer_of), cost)
    groups = _Surplus(groups, layer_of, order, saying).joined()
    result = []
    for group in groups:
        own: list[list[Span]] = [[] for _ in layers]
        for item in group:
            own[layer_of[item]].append(spans[item])
        result.append(tuple(map(tuple, own)))
    return result


def _contents(span: Span) -> tuple[Any, ...]:
    """Return the key by which spans are sorted: what they say, and their id only in the end."""
    said = json.dumps(dict(span.attributes), sort_keys=True) if span.attributes else ""
    return (span.start, -span.end, span.fragments, span.label, said, span.entity_id or "", span.id)


_Said = tuple[tuple[Fragment, ...], str]


class _Saying:
    """What spans say, each different thing with a number: many spans of several layers say one."""

    def __init__(self, spans: Sequence[Span]) -> None:
        every = sorted({(span.fragments, span.label) for span in spans})
        numbers = {said: number for number, said in enumerate(every)}
        self.of = [numbers[span.fragments, span.label] for span in spans]
        """For each span the number of what it says."""
        self.labels = [label for _, label in every]
        self.costs = _pair_costs(every)
        """For each thing that is said, what may be aligned with it, and what that costs."""

    def near(self, layer_of: Sequence[int]) -> Near:
        """Return the pairs of spans that may be aligned: never two of one layer."""
        items: list[list[int]] = [[] for _ in self.costs]
        for item, number in enumerate(self.of):
            items[number].append(item)
        return [
            {
                other: cost
                for near, cost in self.costs[number].items()
                for other in items[near]
                if layer_of[other] != layer
            }
            for number, layer in zip(self.of, layer_of, strict=True)
        ]


def _pair_costs(every: Sequence[_Said]) -> list[dict[int, float]]:
    """Return what pairs cost that may be aligned; *every* is sorted, and swept once."""
    found: list[dict[int, float]] = [{number: 0.0} for number in range(len(every))]
    here: list[tuple[int, int, _Said]] = []
    for number, said in enumerate(every):
        start = said[0][0].start
        here = [one for one in here if one[0] > start]
        for _, other, own in here:
            cost = _dissimilarity(own, said)
            if cost < 2 * ALONE:
                found[other][number] = found[number][other] = cost
        here.append((said[0][-1].end, number, said))
    return found


def _dissimilarity(one: _Said, other: _Said) -> float:
    """Return the dissimilarity of two spans: 0 where they say the same, 2 at most.

    The positional part is ((|start - start'| + |end - end'|) / (length + length'))² in the paper.
    For spans that overlap, the number above is that of the characters which only one of them
    covers; said so, it holds for discontinuous spans as well.
    """
    (own, label), (others, other_label) = one, other
    if len(own) == len(others) == 1:
        (start, end), (begin, stop) = own[0], others[0]
        both = min(end, stop) - max(start, begin)
        total = end - start + stop - begin
    else:
        both = length(intersection(own, others))
        total = length(own) + length(others)
    if both <= 0:
        return 2 * ALONE
    position = ((total - 2 * both) / total) ** 2
    return position + (OTHER_LABEL if label != other_label else 0.0)


class _Surplus:
    """Finds the case to which belongs what some layers have beside what all of them have."""

    def __init__(
        self,
        groups: Sequence[tuple[int, ...]],
        layer_of: Sequence[int],
        order: Sequence[tuple[Any, ...]],
        saying: _Saying,
    ) -> None:
        self._layer_of = layer_of
        self._said = saying.of
        self._labels = saying.labels
        self._costs = saying.costs
        self._groups = sorted(groups, key=lambda group: sorted(order[item] for item in group))
        self._layers = [frozenset(layer_of[item] for item in group) for group in self._groups]
        self._with: list[set[int]] = [set() for _ in saying.costs]
        for number, group in enumerate(self._groups):
            for item in group:
                self._with[self._said[item]].add(number)

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
        choices = [
            (cost, other)
            for said in {self._said[item] for item in self._groups[number]}
            for near, cost in self._costs[said].items()
            if self._labels[near] == self._labels[said]
            for other in self._with[near]
            if other != number and self._is_case(number, other, near, cost, layers)
        ]
        return min(choices, default=(0.0, number))[1]

    def _is_case(
        self, number: int, other: int, near: int, cost: float, layers: frozenset[int]
    ) -> bool:
        """Tell whether group *other* has *near*, and all that the layers need to be in it."""
        if cost == 0.0 and len(layers) == 1 and layers == self._layers[other]:
            return other < number
        if not layers < self._layers[other]:
            return False
        group = self._groups[other]
        if cost > 0.0 and all(self._layer_of[x] in layers for x in group if self._said[x] == near):
            return False
        labels = {self._layer_of[item]: self._labels[self._said[item]] for item in group}
        return all(labels[layer] == self._labels[near] for layer in layers)


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
