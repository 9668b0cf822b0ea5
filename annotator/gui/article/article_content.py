"""What is shown: one article with the layers that are to be seen, found by where they lie."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from unicodedata import bidirectional

from annotator.annotated import Annotated
from annotator.gui.article.display_map import DisplayMap
from annotator.model import Article, LayerKind, Span
from annotator.numbering import Numbering

_SHIFT: Final = 10
"""Spans are kept in buckets of 2 ** 10 code points."""
_AROUND: Final = 8_000
"""Code points around what is asked for that are looked at together."""
_WIDE: Final = 256
"""Fragments over more buckets than this are kept apart: there are few."""


class SpanIndex:
    """Spans by where their fragments lie.

    Nothing is sorted in when it is made, so that opening an article costs what is on the screen:
    :meth:`between` looks through what waits once for a wide stretch, and remembers that, until
    :meth:`sort_in` has taken everything, bit by bit.
    """

    __slots__ = ("_buckets", "_gone", "_near", "_waiting", "_wide")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._waiting: list[Span] = list(spans)
        self._gone: set[str] = set()
        """Ids of waiting spans that are out of date."""
        self._buckets: dict[int, list[Span]] = {}
        self._wide: list[Span] = []
        self._near: tuple[int, int, SpanIndex] | None = None

    @property
    def complete(self) -> bool:
        """Whether all spans are sorted in."""
        return not self._waiting

    def sort_in(self, most: int | None = None) -> None:
        """Sort in *most* of the spans that wait, or all of them."""
        most = len(self._waiting) if most is None else min(most, len(self._waiting))
        buckets = self._buckets
        for _ in range(most):
            span = self._waiting.pop()
            if span.id in self._gone:
                continue
            start, end = span.fragments[0]
            first = start >> _SHIFT
            if len(span.fragments) > 1 or first != (end - 1) >> _SHIFT:
                self.add(span)
            elif first in buckets:
                buckets[first].append(span)
            else:
                buckets[first] = [span]
        if not self._waiting:
            self._near = None

    def add(self, span: Span) -> None:
        """Put a span where its fragments lie."""
        for place in self._places(span):
            place.append(span)

    def discard(self, span: Span) -> None:
        """Take a span out, if it is there."""
        if self._waiting:
            self._gone.add(span.id)
        for place in self._places(span):
            place[:] = [other for other in place if other.id != span.id]

    def between(self, start: int, end: int) -> list[Span]:
        """Return the spans with a fragment in the code points from *start* up to *end*."""
        found: dict[str, Span] = {}
        if self._waiting:
            waiting = self._nearby(start, end).between(start, end)
            found = {span.id: span for span in waiting if span.id not in self._gone}
        near = [self._buckets.get(n, ()) for n in range(start >> _SHIFT, (end >> _SHIFT) + 1)]
        for place in (*near, self._wide):
            for span in place:
                for fragment in span.fragments:
                    if fragment[0] < end and start < fragment[1]:
                        found[span.id] = span
                        break
        return list(found.values())

    def _nearby(self, start: int, end: int) -> SpanIndex:
        """Return an index of the waiting spans in a wide stretch around *start* and *end*."""
        if self._near is None or start < self._near[0] or self._near[1] < end:
            low, high = max(0, start - _AROUND), end + _AROUND
            index = SpanIndex(
                span
                for span in self._waiting
                if span.fragments[0][0] < high and span.fragments[-1][1] > low
            )
            index.sort_in()
            self._near = (low, high, index)
        return self._near[2]

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
    folded: bool = False
    """Shown as a bar in a low lane, without its name: there is nothing to be said about it."""
    solid: bool = False
    """The chip is filled: this is settled."""
    tinted: bool = True
    """Whether the words may have a tint."""


class ArticleContent:
    """An article, its layers to be shown, and the map between stored and displayed text."""

    def __init__(
        self, annotated: Annotated, layer_id: str, other_layers: tuple[str, ...] = ()
    ) -> None:
        self.annotated, self.layer_id, self.other_layers = annotated, layer_id, other_layers
        self.map = DisplayMap(annotated.article.text)
        self.ranks: dict[str, Rank] = {layer_id: Rank()}
        others = 0
        for layer_id in other_layers:
            layer = annotated.layers.get(layer_id)
            ghost = layer is not None and layer.kind in (LayerKind.SUGGESTER, LayerKind.IMPORT)
            others += not ghost
            name = "" if layer is None or ghost else layer.author.strip()
            rank = Rank(ghost, name[:1].upper(), 0 if ghost else others)
            self.ranks.setdefault(layer_id, rank)
        self.index = SpanIndex(self._shown(annotated.spans.values()))
        zones = sorted(annotated.article.zones, key=lambda zone: (zone.start, -zone.end))
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

    @cached_property
    def right_to_left(self) -> bool:
        """Whether most letters at the beginning are of a script that is written leftwards."""
        ways = Counter(map(bidirectional, self.article.text[:_AROUND]))
        return ways["R"] + ways["AL"] > ways["L"]

    def rank_of(self, span: Span) -> Rank:
        """Return how one of the shown spans is shown."""
        return self.ranks[span.layer_id]

    def shows(self, span: Span) -> bool:
        """Whether a span is to be seen."""
        return span.layer_id in self.ranks

    def again(self) -> ArticleContent:
        """Return the same content, found anew in its article."""
        return ArticleContent(self.annotated, self.layer_id, self.other_layers)

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
            rank = self.rank_of(span)
            return (rank.order * 2 + rank.ghost, not inside, span.end - span.start, span.id)

        return sorted(touching, key=order)

    def change(self, before: Span | None, after: Span | None) -> None:
        """Keep the index in step with one changed span."""
        if before is not None and self.shows(before):
            self.index.discard(before)
        if after is not None and self.shows(after):
            self.index.add(after)

    def _shown(self, spans: Iterable[Span]) -> list[Span]:
        return [span for span in spans if self.shows(span)]
