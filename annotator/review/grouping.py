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

Near = Sequence[Mapping[int, float]]
"""For each item those that may be in one group with it, with the costs of the pairs."""
GroupCost = Callable[[int, float], float]
"""Cost of a group by the number of its items and the sum of the costs of its pairs."""

_FORBIDDEN: Final = 1e9
_LEAST: Final = 1e-9
"""A gain below this is rounding."""
_MOST_CELLS: Final = 60_000
"""Size of a table that is still assigned while somebody waits; above, the cheapest pairs stand."""


def grouped(
    layers: Sequence[int], order: Sequence[Any], near: Near, cost: GroupCost
) -> list[tuple[int, ...]]:
    """Return the groups of items, each item in exactly one.

    *layers* has the layer of each item, *order* sorts items by their contents.
    """
    return [
        group
        for part in _components(near)
        for group in (
            [part]
            if _is_one(part, layers, near)
            else _Part(part, layers, order, near, cost).solved()
        )
    ]


def near_each_other(count: int, pairs: Mapping[tuple[int, int], float]) -> Near:
    """Return the costs of *pairs* of items as :func:`grouped` takes them."""
    near: list[dict[int, float]] = [{} for _ in range(count)]
    for (one, other), cost in pairs.items():
        near[one][other] = near[other][one] = cost
    return near


def _components(near: Near) -> list[tuple[int, ...]]:
    """Return the items that hang together, over any number of pairs."""
    found = []
    seen = [False] * len(near)
    for item in range(len(near)):
        if seen[item]:
            continue
        seen[item] = True
        part = [item]
        for one in part:
            for other in near[one]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        found.append(tuple(part))
    return found


def _is_one(part: Sequence[int], layers: Sequence[int], near: Near) -> bool:
    """Say whether the items of *part* all say the same, each in a layer of its own."""
    if len({layers[item] for item in part}) < len(part):
        return False
    others = len(part) - 1
    return all(len(near[item]) == others and not any(near[item].values()) for item in part)


_Group = tuple[tuple[int, ...], float]
"""Items, and the sum of the costs of their pairs."""


class _Part:
    """Items that hang together by pairs that are possible."""

    def __init__(
        self,
        items: Sequence[int],
        layers: Sequence[int],
        order: Sequence[Any],
        near: Near,
        cost: GroupCost,
    ) -> None:
        self._items = sorted(items, key=lambda item: order[item])
        self._layers = layers
        self._order = order
        self._near = near
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
        near = [
            (cost, at, rank[other])
            for at, one in enumerate(self._items)
            for other, cost in self._near[one].items()
            if at < rank[other]
        ]
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
        between = sum(self._more(other[0], item) for item in one[0])
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
        layers = self._layers
        for item in group[0]:
            if layers[item] == layer:
                rest = tuple(one for one in group[0] if one != item)
                return rest, group[1] - self._more(rest, item)
        return group

    def _more(self, group: Sequence[int], item: int) -> float:
        costs = self._near[item]
        total = 0.0
        for one in group:
            total += costs.get(one, _FORBIDDEN)
        return total

    def _total(self, groups: Iterable[_Group]) -> float:
        return sum(self._cost(len(items), pairs) for items, pairs in groups)
