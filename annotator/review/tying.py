"""Relations of several layers laid over each other, once their spans are.

The ends of a relation are places, not spans: two annotators who tie the same places say the same,
whatever the exact borders are. What is left after that is paired by the ends or the label that two
relations share, at the least cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.model import Relation, Span
from annotator.review.conflicts import Conflict, Kind, value_conflict
from annotator.review.grouping import grouped, near_each_other

_TURNED: Final = 0.25
_OTHER_TYPE: Final = 0.5
_SOFT: Final = 0.1
_OTHER_END: Final = 0.75
_ALONE: Final = 0.5
"""What a relation costs for each layer that has none there; the pairs above cost less than two."""

_End = tuple[str, int | str]
"""A place by its number, or an entity by its id."""


@dataclass(frozen=True, slots=True)
class TieGroup:
    """What layers say about how the same places are tied."""

    variants: tuple[Relation | None, ...]
    """For each layer, in the order asked for."""
    conflicts: tuple[Conflict, ...]
    """In order of their kinds; one ``same`` where all layers say the same."""

    @property
    def agrees(self) -> bool:
        """Whether all layers say the same."""
        return self.conflicts[0].kind == Kind.SAME

    @property
    def follows(self) -> bool:
        """Whether it needs no decision of its own: who lacks it, lacks an end of it."""
        return all(one.kind in (Kind.SAME, Kind.DANGLING) for one in self.conflicts)


@dataclass(frozen=True, slots=True)
class _Tie:
    layer: int
    relation: Relation
    source: _End
    target: _End
    entity: str | None
    """Whom the target stands for."""


def tie_groups(
    layers: Sequence[Sequence[Relation]],
    place_of: Mapping[str, int],
    variants: Sequence[Sequence[Sequence[Span]]],
) -> tuple[TieGroup, ...]:
    """Return the relations of *layers* in groups, each in exactly one.

    *place_of* has the place of each span by its id, *variants* what each layer has at a place.
    """
    spans = {span.id: span for own in variants for one in own for span in one}
    ties = [
        _tie(number, relation, place_of, spans)
        for number, own in enumerate(layers)
        for relation in own
    ]
    order = [_contents(tie) for tie in ties]
    count = len(layers)

    def cost(size: int, pairs: float) -> float:
        return pairs + _ALONE * size * (count - size)

    groups = grouped(
        [tie.layer for tie in ties], order, near_each_other(len(ties), _pairs(ties)), cost
    )
    groups.sort(key=lambda group: sorted(order[item] for item in group))
    return tuple(_group([ties[item] for item in group], variants, count) for group in groups)


def _tie(
    layer: int, relation: Relation, place_of: Mapping[str, int], spans: Mapping[str, Span]
) -> _Tie:
    target: _End = ("entity", relation.target_entity or "")
    entity = relation.target_entity
    if relation.target is not None:
        target = ("place", place_of[relation.target])
        entity = spans[relation.target].entity_id
    return _Tie(layer, relation, ("place", place_of[relation.source]), target, entity)


def _contents(tie: _Tie) -> tuple[object, ...]:
    said = sorted((name, str(value)) for name, value in tie.relation.attributes.items())
    target = (tie.target[0], str(tie.target[1]).zfill(9))
    return (tie.source[1], target, tie.relation.label, said, tie.relation.id)


def _pairs(ties: Sequence[_Tie]) -> dict[tuple[int, int], float]:
    at: dict[_End, list[int]] = defaultdict(list)
    for item, tie in enumerate(ties):
        for end in {tie.source, tie.target}:
            at[end].append(item)
    found = {}
    for items in at.values():
        for number, one in enumerate(items):
            for other in items[number + 1 :]:
                cost = _cost(ties[one], ties[other])
                if cost is not None and ties[one].layer != ties[other].layer:
                    found[min(one, other), max(one, other)] = cost
    return found


def _cost(one: _Tie, other: _Tie) -> float | None:
    same_label = one.relation.label == other.relation.label
    if (one.source, one.target) == (other.source, other.target):
        return 0.0 if same_label else _OTHER_TYPE
    if not same_label:
        return None
    if (one.source, one.target) == (other.target, other.source):
        return _TURNED
    if one.source == other.source:
        return _SOFT if _is_same_entity(one, other) else _OTHER_END
    return _OTHER_END if one.target == other.target else None


def _is_same_entity(one: _Tie, other: _Tie) -> bool:
    return one.entity is not None and one.entity == other.entity


def _group(
    ties: Sequence[_Tie], variants: Sequence[Sequence[Sequence[Span]]], count: int
) -> TieGroup:
    own: list[Relation | None] = [None] * count
    for tie in ties:
        own[tie.layer] = tie.relation
    found = set()
    if len({tie.relation.label for tie in ties}) > 1:
        found.add(Conflict(Kind.RELATION_TYPE))
    for number, one in enumerate(ties):
        for other in ties[number + 1 :]:
            if (one.source, one.target) == (other.target, other.source) != (one.target, one.source):
                found.add(Conflict(Kind.DIRECTION))
            elif (one.source, one.target) != (other.source, other.target):
                found.add(Conflict(Kind.ENDPOINT, soft=_is_same_entity(one, other)))
    for name in sorted({name for tie in ties for name in tie.relation.attributes}):
        kind = value_conflict([tie.relation.attributes.get(name) for tie in ties])
        if kind is not None:
            found.add(Conflict(kind, name))
    absent = [layer for layer in range(count) if own[layer] is None]
    if absent:
        found.add(Conflict(_absence(ties[0], absent, variants, len(ties))))
    return TieGroup(tuple(own), tuple(sorted(found)) or (Conflict(Kind.SAME),))


def _absence(
    tie: _Tie, absent: Sequence[int], variants: Sequence[Sequence[Sequence[Span]]], have: int
) -> Kind:
    """Return why layers lack a relation: none of them may have what could be tied."""
    places = [end for kind, end in (tie.source, tie.target) if kind == "place"]
    if all(any(not variants[int(at)][layer] for at in places) for layer in absent):
        return Kind.DANGLING
    return Kind.SINGLE if have == 1 else Kind.MISSING
