"""How far people agree who have read the same articles: two figures for a data card."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from annotator.annotated import Annotated
from annotator.exchange.agreeing import readers
from annotator.model import Span
from annotator.spans import overlap


class Concord:
    """Mean pairwise F1 of spans, pooled over articles that two or more have handed in.

    ``exact`` counts spans that the other has with the same label on the same fragments,
    ``overlapping`` those of which the other has one with the same label that shares a character.
    F1 between two people is the share of the spans of both that the other has too (Hripcsak and
    Rothschild 2005). Exact borders alone make good work look bad, so neither stands alone.
    """

    def __init__(self) -> None:
        self.articles = 0
        """Articles with two or more readers."""
        self._spans = self._exact = self._overlapping = 0

    def add(self, item: Annotated) -> None:
        """Count an article, with all its layers."""
        layers = readers(item)
        self.articles += len(layers) > 1
        for one, other in combinations(layers, 2):
            first, second = item.spans_of(one.id), item.spans_of(other.id)
            self._spans += len(first) + len(second)
            same = Counter(map(_said, first)) & Counter(map(_said, second))
            self._exact += 2 * same.total()
            self._overlapping += sum(_is_met(item, span, other.id) for span in first)
            self._overlapping += sum(_is_met(item, span, one.id) for span in second)

    @property
    def exact(self) -> float | None:
        """F1 of exact spans; None where nobody marked anything."""
        return self._exact / self._spans if self._spans else None

    @property
    def overlapping(self) -> float | None:
        """F1 of overlapping spans; None where nobody marked anything."""
        return self._overlapping / self._spans if self._spans else None


def _said(span: Span) -> tuple[object, ...]:
    return (span.label, span.fragments)


def _is_met(item: Annotated, span: Span, layer_id: str) -> bool:
    near = item.spans_in(layer_id, span.start, span.end)
    return any(one.label == span.label and overlap(one.fragments, span.fragments) for one in near)
