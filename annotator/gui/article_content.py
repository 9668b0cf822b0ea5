"""What is shown: one article with the layers that are to be seen, found by where they lie."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from annotator.gui.display_map import DisplayMap
from annotator.model import Annotated, Article, LayerKind, Span
from annotator.numbering import Numbering

_SHIFT: Final = 10
"""Spans are kept in buckets of 2 ** 10 code points."""
_WIDE: Final = 256
"""Fragments over more buckets than this are kept apart: there are few."""


class SpanIndex:
    """Spans by where their fragments lie; made in one pass over them."""

    __slots__ = ("_buckets", "_wide")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._buckets: dict[int, list[Span]] = {}
        self._wide: list[Span] = []
        buckets = self._buckets
        for span in spans:
            fragments = span.fragments
            if len(fragments) == 1:
                start, end = fragments[0]
                first = start >> _SHIFT
                if first == (end - 1) >> _SHIFT:
                    if first in buckets:
                        buckets[first].append(span)
                    else:
                        buckets[first] = [span]
                    continue
            self.add(span)

    def add(self, span: Span) -> None:
        """Put a span where its fragments lie."""
        for place in self._places(span):
            place.append(span)

    def discard(self, span: Span) -> None:
        """Take a span out, if it is there."""
        for place in self._places(span):
            place[:] = [other for other in place if other.id != span.id]

    def between(self, start: int, end: int) -> list[Span]:
        """Return the spans with a fragment in the code points from *start* up to *end*."""
        found: dict[str, Span] = {}
        near = [self._buckets.get(n, ()) for n in range(start >> _SHIFT, (end >> _SHIFT) + 1)]
        for place in (*near, self._wide):
            for span in place:
                for fragment in span.fragments:
                    if fragment[0] < end and start < fragment[1]:
                        found[span.id] = span
                        break
        return list(found.values())

    def _places(self, span: Span) -> list[list[Span]]:
        numbers: set[int] = set()
        for start, end in span.fragments:
            first, last = start >> _SHIFT, max(start, end - 1) >> _SHIFT
            if last - first > _WIDE:
                return [self._wide]
            numbers.update(range(first, last + 1))
        return [self._buckets.setdefault(number, []) for number in sorted(numbers)]


@dataclass(slots=True)
class Rank:
    """How the spans of one layer are shown."""

    ghost: bool = False
    """Made by a machine or an import: hollow, waiting to be accepted."""
    initial: str = ""
    """First letter of another person's name; empty for one's own layer."""
    order: int = 0
    """Other persons' layers have lanes of their own, in this order below 0, one's own."""


@dataclass
class ArticleContent:
    """An article, its layers to be shown, and the map between stored and displayed text."""

    annotated: Annotated
    layer_id: str
    other_layers: tuple[str, ...] = ()
    ranks: dict[str, Rank] = field(init=False)

    def __post_init__(self) -> None:
        self.map = DisplayMap(self.annotated.article.text)
        self.ranks = {self.layer_id: Rank()}
        others = 0
        for layer_id in self.other_layers:
            layer = self.annotated.layers.get(layer_id)
            ghost = layer is not None and layer.kind in (LayerKind.SUGGESTER, LayerKind.IMPORT)
            others += not ghost
            name = "" if layer is None or ghost else layer.author.strip()
            rank = Rank(ghost, name[:1].upper(), 0 if ghost else others)
            self.ranks.setdefault(layer_id, rank)
        self.index = SpanIndex(self._shown(self.annotated.spans.values()))
        zones = sorted(self.annotated.article.zones, key=lambda zone: (zone.start, -zone.end))
        self._zones = [z for z in zones if z.zone not in ("body", "lead", "dateline")]
        self._zone_starts = [zone.start for zone in self._zones]

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.annotated.article

    @cached_property
    def numbering(self) -> Numbering:
        """The numbers beside the paragraphs."""
        return Numbering(self.article)

    def zone_at(self, position: int) -> str:
        """Return the zone whose style the paragraph at *position* has."""
        at = bisect_right(self._zone_starts, position) - 1
        if at >= 0 and position < self._zones[at].end:
            return self._zones[at].zone
        return "body"

    def spans_at(self, position: int) -> list[Span]:
        """Return the spans that cover or touch *position*, innermost first, own ones before."""
        near = self.index.between(max(0, position - 1), position + 1)
        touching = [s for s in near if any(f[0] <= position <= f[1] for f in s.fragments)]

        def order(span: Span) -> tuple[int, bool, int, str]:
            inside = any(f[0] <= position < f[1] for f in span.fragments)
            rank = self.ranks[span.layer_id]
            return (rank.order * 2 + rank.ghost, not inside, span.end - span.start, span.id)

        return sorted(touching, key=order)

    def change(self, before: Span | None, after: Span | None) -> None:
        """Keep the index in step with one changed span."""
        if before is not None and before.layer_id in self.ranks:
            self.index.discard(before)
        if after is not None and after.layer_id in self.ranks:
            self.index.add(after)

    def _shown(self, spans: Iterable[Span]) -> Iterable[Span]:
        ranks = self.ranks
        return (span for span in spans if span.layer_id in ranks)
