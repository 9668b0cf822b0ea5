"""Train, dev and test parts of an export, by article.

Every part gets its share of the articles and of each label, as nearly as whole articles allow:
groups of near-duplicates are dealt out one by one, the heaviest first, each to the part where the
deviation from all the shares becomes smallest (after Sechidis, Tsoumakas and Vlahavas 2011, "On the
stratification of multi-label data", with counts in the place of yes and no), and then moved or
exchanged as long as that makes the deviation smaller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from annotator.errors import UserError
from annotator.exchange.likeness import Sketch, groups

PARTS: Final = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Split:
    """How many articles of a hundred go to each of :data:`PARTS`, and which of the many ways.

    The same articles, shares and seed give the same parts, in whatever order or under whatever ids
    a project keeps them.
    """

    shares: tuple[int, int, int] = (80, 10, 10)
    """Percentages of train, dev and test; a part with 0 is not made."""
    seed: int = 1

    def __post_init__(self) -> None:
        if min(self.shares) < 0 or sum(self.shares) != 100:
            shares = "/".join(map(str, self.shares))
            raise UserError(
                f"A split of {shares} is not possible: three percentages for train, dev and test "
                "have to make 100, such as 80/10/10, or 80/0/20 for no dev part."
            )

    @classmethod
    def parse(cls, text: str, seed: int = 1) -> Split:
        """Read shares such as ``80/10/10``. Raises UserError for anything else."""
        numbers = text.split("/")
        if len(numbers) != len(PARTS) or not all(n.isascii() and n.isdigit() for n in numbers):
            raise UserError(
                f"{text!r} is not a split. Write the percentages of train, dev and test, such as "
                "80/10/10."
            )
        train, dev, test = map(int, numbers)
        return cls((train, dev, test), seed)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are made."""
        return tuple(name for name, share in zip(PARTS, self.shares, strict=True) if share)


@dataclass(frozen=True, slots=True)
class Features:
    """What a split looks at in an article."""

    id: str
    key: str
    """SHA-256 of the text: the same in every project that has the article."""
    spans: Mapping[str, int]
    """How many it has, by label."""
    relations: Mapping[str, int]
    """How many it has, by label."""
    sketch: Sketch
    """See :func:`annotator.exchange.likeness.sketch`."""


@dataclass(frozen=True, slots=True)
class Division:
    """The part of each article."""

    parts: Mapping[str, str]
    """Name of the part by id of the article."""
    near_duplicates: int
    """Articles that share their part with another because the two are nearly the same."""


def divided(found: Iterable[Features], split: Split) -> Division:
    """Deal articles out to parts; near-duplicates are in one part.

    Raises UserError where there are fewer articles, near-duplicates counted as one, than parts.
    """
    articles: dict[str, list[Features]] = {}
    for features in found:
        articles.setdefault(features.key, []).append(features)
    alike = groups({key: same[0].sketch for key, same in articles.items()})
    together = [[one for key in group for one in articles[key]] for group in alike]
    if len(together) < len(split.parts):
        raise UserError(
            f"{len(together)} articles, those that are nearly the same counted as one, cannot be "
            f"split into {len(split.parts)} parts. Export more articles, or without a split."
        )
    dealt = _Dealing([_weights(group) for group in together], split).dealt([g[0] for g in alike])
    return Division(
        {
            one.id: split.parts[part]
            for part, group in zip(dealt, together, strict=True)
            for one in group
        },
        sum(len(group) for group in together if len(group) > 1),
    )


_Name = tuple[str, str]
"""What is shared out: ``span`` or ``relation`` with a label, or articles themselves."""

_ARTICLES: Final = ("article", "")

_Weights = Mapping[_Name, float]


def _weights(group: Sequence[Features]) -> _Weights:
    counts: Counter[_Name] = Counter({_ARTICLES: len(group)})
    for features in group:
        counts.update({("span", label): n for label, n in features.spans.items()})
        counts.update({("relation", label): n for label, n in features.relations.items()})
    # Sorted, because sums of floats depend on their order.
    return {name: counts[name] for name in sorted(counts) if counts[name]}


class _Dealing:
    """Groups of articles on their way into parts."""

    def __init__(self, items: Sequence[_Weights], split: Split) -> None:
        self._items = items
        self._seed = split.seed
        self._shares = [share / 100 for share in split.shares if share]
        totals: dict[_Name, float] = {}
        squares: dict[_Name, float] = {}
        for weights in items:
            for name, weight in weights.items():
                totals[name] = totals.get(name, 0) + weight
                squares[name] = squares.get(name, 0) + weight * weight
        self._wanted = [{n: share * total for n, total in totals.items()} for share in self._shares]
        # Deviations count in the size that a label typically has in an article that has it.
        self._scale = {name: totals[name] / squares[name] for name in totals}
        self._scale[_ARTICLES] *= 2
        self._held = [dict.fromkeys(totals, 0.0) for _ in self._shares]
        self._members = [0] * len(self._shares)

    def dealt(self, keys: Sequence[str]) -> list[int]:
        """Return the index of the part of each item; *keys* break ties, together with the seed."""
        order = sorted(
            range(len(keys)),
            key=lambda i: (
                -sum(self._scale[n] * w for n, w in self._items[i].items()),
                self._draw(keys[i]),
            ),
        )
        parts = [-1] * len(keys)
        for left, i in zip(range(len(order), 0, -1), order, strict=True):
            empty = [part for part, count in enumerate(self._members) if not count]
            choices = empty if left <= len(empty) else range(len(self._shares))
            parts[i] = min(choices, key=lambda part: self._cost(part, self._items[i], 1))
            self._put(parts[i], self._items[i], 1)
        shuffled = sorted(range(len(keys)), key=lambda i: self._draw(keys[i]))
        for _ in range(_ROUNDS):
            if not self._improved(parts, shuffled):
                break
        return parts

    def _draw(self, key: str) -> bytes:
        return blake2b(f"{self._seed}/{key}".encode(), digest_size=16).digest()

    def _put(self, part: int, item: _Weights, sign: int) -> None:
        self._members[part] += sign
        held = self._held[part]
        for name, weight in item.items():
            held[name] += sign * weight

    def _cost(self, part: int, item: _Weights, sign: int) -> float:
        """Return by how much the deviation grows where *item* joins *part*, or with -1 leaves."""
        held, wanted = self._held[part], self._wanted[part]
        return sum(
            self._scale[name]
            * weight
            * (weight + 2 * sign * (held[name] - wanted[name]))
            / wanted[name]
            for name, weight in item.items()
        )

    def _improved(self, parts: list[int], order: Sequence[int]) -> bool:
        """Move items, or exchange neighbours in *order*, where that helps; say whether any did."""
        better = False
        for i, j in zip(order, (*order[1:], order[0]), strict=True):
            here = parts[i]
            gain = self._cost(here, self._items[i], -1)
            if self._members[here] > 1:
                costs = [
                    (gain + self._cost(part, self._items[i], 1), part)
                    for part in range(len(self._shares))
                    if part != here
                ]
                cost, part = min(costs, default=(0.0, here))
                if cost < -_LEAST:
                    self._move(parts, i, part)
                    better = True
                    continue
            better |= self._exchanged(parts, i, j)
        return better

    def _exchanged(self, parts: list[int], i: int, j: int) -> bool:
        here, there = parts[i], parts[j]
        if here == there:
            return False
        cost = self._cost(here, self._items[i], -1) + self._cost(there, self._items[i], 1)
        self._move(parts, i, there)
        cost += self._cost(there, self._items[j], -1) + self._cost(here, self._items[j], 1)
        self._move(parts, j, here)
        if cost < -_LEAST:
            return True
        self._move(parts, j, there)
        self._move(parts, i, here)
        return False

    def _move(self, parts: list[int], i: int, part: int) -> None:
        self._put(parts[i], self._items[i], -1)
        self._put(part, self._items[i], 1)
        parts[i] = part


_ROUNDS: Final = 8
"""How often all articles are looked at again."""
_LEAST: Final = 1e-9
"""What counts as a smaller deviation, and not as the rounding of floats."""
