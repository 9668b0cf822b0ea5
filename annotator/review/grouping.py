"""What several layers say, put into groups with at most one item of each layer, at least cost.

With two layers this is the assignment problem and solved exactly. From three layers on it is the
multi-dimensional assignment problem, which is NP-hard (Karp 1972): groups are put together by the
cheapest pairs, and then one layer after another is taken out and assigned anew, at the least cost
given the others, until nothing becomes cheaper (block coordinate descent, as of Murphey et al.
1998). What comes out is the best answer for each layer given the others.

Order comes from the contents of items alone, never from that of layers or of storage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from annotator.review.assignment import assigned

Pairs = Mapping[tuple[int, int], float]
"""Costs of the pairs of items, lower number first, that may be in one group."""
GroupCost = Callable[[int, float], float]
"""Cost of a group by the number of its items and the sum of the costs of its pairs."""

_FORBIDDEN: Final = 1e9
_LEAST: Final = 1e-9
"""A gain below this is rounding."""
_MOST_CELLS: Final = 60_000
"""Size of a table that is still assigned while somebody waits; above, the cheapest pairs stand."""


def grouped(
    layers: Sequence[int], order: Sequence[Any], pairs: Pairs, cost: GroupCost
) -> list[tuple[int, ...]]:
    """Return the groups of items, each item in exactly one.

    *layers* has the layer of each item, *order* sorts items by their contents.
    """
    return [
        group
        for part in _components(len(layers), pairs)
        for group in (_Part(part, layers, order, pairs, cost).solved() if len(part) > 1 else [part])
    ]


def _components(count: int, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    parent = list(range(count))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for one, other in pairs:
        a, b = root(one), root(other)
        if a != b:
            parent[max(a, b)] = min(a, b)
    found: dict[int, list[int]] = defaultdict(list)
    for item in range(count):
        found[root(item)].append(item)
    return [tuple(items) for items in found.values()]


_Group = tuple[tuple[int, ...], float]
"""Items, and the sum of the costs of their pairs."""


class _Part:
    """Items that hang together by pairs that are possible."""

    def __init__(
        self,
        items: Sequence[int],
        layers: Sequence[int],
        order: Sequence[Any],
        pairs: Pairs,
        cost: GroupCost,
    ) -> None:
        self._items = sorted(items, key=lambda item: order[item])
        self._layers = layers
        self._order = order
        self._pairs = pairs
        self._cost = cost

    def solved(self) -> list[tuple[int, ...]]:
        """Return the groups."""
        groups = self._by_cheapest_pairs()
        if len(groups) > 1:
            layers = self._layers_by_contents()
            total, better = self._total(groups), True
            while better:
                better = False
                for layer in layers:
                    anew = self._assigned_anew(groups, layer)
                    cheaper = self._total(anew)
                    if cheaper < total - _LEAST:
                        groups, total, better = anew, cheaper, True
        return [group for group, _ in groups]

    def _by_cheapest_pairs(self) -> list[_Group]:
        groups: dict[int, _Group] = {item: ((item,), 0.0) for item in self._items}
        rank = {item: at for at, item in enumerate(self._items)}
        near = []
        for at, one in enumerate(self._items):
            for other in self._items[at + 1 :]:
                cost = self._pair(one, other)
                if cost < _FORBIDDEN:
                    near.append((cost, rank[one], rank[other]))
        for _, first, second in sorted(near):
            a, b = groups[self._items[first]], groups[self._items[second]]
            joined = None if a is b else self._joined(a, b)
            if joined is not None:
                groups.update(dict.fromkeys(joined[0], joined))
        return list({group[0][0]: group for group in groups.values()}.values())

    def _joined(self, one: _Group, other: _Group) -> _Group | None:
        """Return two groups as one; None where that is not possible, or costs more."""
        layers = {self._layers[item] for item in one[0]}
        if any(self._layers[item] in layers for item in other[0]):
            return None
        between = sum(self._pair(a, b) for a in one[0] for b in other[0])
        joined = ((*one[0], *other[0]), one[1] + other[1] + between)
        return joined if self._total([joined]) < self._total([one, other]) - _LEAST else None

    def _layers_by_contents(self) -> list[int]:
        contents: dict[int, list[Any]] = defaultdict(list)
        for item in self._items:
            contents[self._layers[item]].append(self._order[item])
        return sorted(contents, key=lambda layer: contents[layer])

    def _assigned_anew(self, groups: list[_Group], layer: int) -> list[_Group]:
        own = [item for item in self._items if self._layers[item] == layer]
        if len(own) * (len(own) + len(groups)) > _MOST_CELLS:
            return groups
        others = [rest for group in groups if (rest := self._without(group, layer))[0]]
        before = [self._cost(len(items), pairs) for items, pairs in others]
        alone = [self._cost(1, 0.0)] * len(own)
        more = [[self._more(items, item) for items, _ in others] for item in own]
        costs = [
            [
                self._cost(len(items) + 1, pairs + extra) - cost
                for (items, pairs), extra, cost in zip(others, row, before, strict=True)
            ]
            + alone
            for row in more
        ]
        for number, column in enumerate(assigned(costs)):
            if column < len(before):
                items, pairs = others[column]
                others[column] = ((*items, own[number]), pairs + more[number][column])
            else:
                others.append(((own[number],), 0.0))
        return others

    def _without(self, group: _Group, layer: int) -> _Group:
        for item in group[0]:
            if self._layers[item] == layer:
                rest = tuple(one for one in group[0] if one != item)
                return rest, group[1] - self._more(rest, item)
        return group

    def _more(self, group: Sequence[int], item: int) -> float:
        return sum(self._pair(one, item) for one in group)

    def _pair(self, one: int, other: int) -> float:
        return self._pairs.get((one, other) if one < other else (other, one), _FORBIDDEN)

    def _total(self, groups: Iterable[_Group]) -> float:
        return sum(self._cost(len(items), pairs) for items, pairs in groups)
