"""What one article adds to the figures about entities: for whom the same places stand.

A place is where spans of several annotators lie over each other; a cluster is the set of the places
that stand for one entity. Clusters are those of one article: nobody is the same in another one by
the measures here, though entities are known to the whole project.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import combinations, permutations
from typing import Final

from annotator.agreement import clusters
from annotator.agreement.measures import ALL, MATCHED, SINGLE, SPLIT, About, Numbers
from annotator.model import Entity, Span

Place = tuple[int, int]
"""The number of a group of aligned spans, and of a span of an annotator within it."""
Stands = Mapping[Place, tuple[str, str]]
"""Kind and id of the entity for which a place stands, in the eyes of one annotator."""


@dataclass(frozen=True, slots=True)
class Torn:
    """An entity of one annotator whose places another takes for several."""

    layer: int
    entity: str
    places: tuple[Place, ...]
    """Those that stand for something in both layers, in reading order."""
    other_layer: int
    others: tuple[str, ...]
    """Ids of the entities of the other, in reading order."""


def stands_for(variants: Sequence[Sequence[Span]], entities: Mapping[str, Entity]) -> Stands:
    """Return what stands for whom in one layer; *variants* is what it has at each place."""
    found = {}
    for place, own in enumerate(variants):
        for number, span in enumerate(own):
            if span.entity_id is not None:
                entity = entities.get(span.entity_id)
                found[place, number] = (entity.kind if entity else "", span.entity_id)
    return found


def torn(stands: Sequence[Stands], kind: str = ALL) -> Iterator[Torn]:
    """Yield the entities that one layer has as one and another as several."""
    for one, other in permutations(range(len(stands)), 2):
        for entity, places in sorted(_places(stands[one], kind).items()):
            common = [place for place in places if place in stands[other]]
            others = tuple(dict.fromkeys(stands[other][place][1] for place in common))
            if len(others) > 1:
                yield Torn(one, entity, tuple(common), other, others)


def alone(stands: Stands, kind: str = ALL) -> list[Place]:
    """Return the places that are the only one of their entity."""
    return sorted(own[0] for own in _places(stands, kind).values() if len(own) == 1)


def numbers(
    authors: Sequence[str], stands: Sequence[Stands], wanted: Collection[str]
) -> Iterator[Numbers]:
    """Yield what an article adds to those figures about entities that are *wanted*."""
    names = (ALL, *sorted({kind for own in stands for kind, _ in own.values()}))
    figures = [figure for figure in _FIGURES if figure in wanted]
    if figures:
        yield from _compared(authors, stands, names, figures)
    if SINGLE in wanted:
        for name in names:
            yield from _single(authors, stands, name)
    if SPLIT in wanted:
        for name in names:
            yield from _split(authors, stands, name)


def _compared(
    authors: Sequence[str], stands: Sequence[Stands], names: Sequence[str], figures: Sequence[str]
) -> Iterator[Numbers]:
    tables: dict[tuple[str, str], list[tuple[Hashable, float]]] = defaultdict(list)
    used: dict[tuple[str, str], set[tuple[int, Place]]] = defaultdict(set)
    for one, other in combinations(range(len(stands)), 2):
        pair = (authors[one], authors[other])
        common = stands[one].keys() & stands[other].keys()
        for name in names:
            for end, only in (("", None), (MATCHED, common)):
                key, response = (_clusters(stands[n], name, only) for n in (one, other))
                if not key and not response:
                    continue
                counted = {
                    (n, place)
                    for n in (one, other)
                    for place, (kind, _) in stands[n].items()
                    if name in (kind, ALL) and (only is None or place in only)
                }
                for figure in figures:
                    values = _FIGURES[figure](key, response)
                    tables[name, figure + end] += [
                        ((pair, at), value) for at, value in enumerate(values)
                    ]
                    used[name, figure + end] |= counted
    for (name, figure), sums in tables.items():
        found = sum(1 for own in stands for kind, _ in own.values() if name in (kind, ALL))
        yield Numbers(About.ENTITIES, name, figure, tuple(sums), len(used[name, figure]), found)


def _single(authors: Sequence[str], stands: Sequence[Stands], name: str) -> Iterator[Numbers]:
    sums: list[tuple[Hashable, float]] = []
    total = 0
    for author, own in zip(authors, stands, strict=True):
        every = len(_places(own, name))
        total += every
        sums += [((author, 0), float(len(alone(own, name)))), ((author, 1), float(every))]
    if total:
        yield Numbers(About.ENTITIES, name, SINGLE, tuple(sums), total, total)


def _split(authors: Sequence[str], stands: Sequence[Stands], name: str) -> Iterator[Numbers]:
    """Yield how many of the entities of which another has at least two places are torn."""
    counts: dict[Hashable, float] = defaultdict(float)
    used = found = 0
    for one, other in permutations(range(len(stands)), 2):
        every = _places(stands[one], name).values()
        found += len(every)
        could = sum(1 for own in every if sum(place in stands[other] for place in own) > 1)
        used += could
        counts[tuple(sorted((authors[one], authors[other]))), 1] += could
    for own in torn(stands, name):
        counts[tuple(sorted((authors[own.layer], authors[own.other_layer]))), 0] += 1
    if found:
        yield Numbers(About.ENTITIES, name, SPLIT, tuple(counts.items()), used, found)


def _places(
    stands: Stands, kind: str, only: Collection[Place] | None = None
) -> dict[str, list[Place]]:
    """Return the places of each entity of a kind, in reading order."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place, (own, entity) in sorted(stands.items()):
        if kind in (own, ALL) and (only is None or place in only):
            found[entity].append(place)
    return found


def _clusters(stands: Stands, kind: str, only: Collection[Place] | None) -> list[clusters.Cluster]:
    return [frozenset(places) for _, places in sorted(_places(stands, kind, only).items())]


def _ratios(
    *measures: Callable[[clusters.Clusters, clusters.Clusters], clusters.Ratios],
) -> Callable[[clusters.Clusters, clusters.Clusters], tuple[float, ...]]:
    def every(key: clusters.Clusters, response: clusters.Clusters) -> tuple[float, ...]:
        return tuple(number for measure in measures for number in astuple(measure(key, response)))

    return every


def _links(key: clusters.Clusters, response: clusters.Clusters) -> tuple[float, ...]:
    return tuple(map(float, astuple(clusters.blanc(key, response))))


_FIGURES: Final = {
    "MUC": _ratios(clusters.muc),
    "B3": _ratios(clusters.b_cubed),
    "CEAF-e": _ratios(clusters.ceaf_e),
    "CoNLL": _ratios(clusters.muc, clusters.b_cubed, clusters.ceaf_e),
    "LEA": _ratios(clusters.lea),
    "BLANC": _links,
}
