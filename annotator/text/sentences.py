"""Sentences of one stretch of an article, by sentencex and by what news adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from annotator.model import Fragment
from annotator.text.datelines import dateline_end
from annotator.text.quotations import Quotation

_QUOTED_ENDS: Final = frozenset(".!?…。！？")


def sentence_edges(
    text: str, stretch: Fragment, language: str, quotations: Sequence[Quotation] = ()
) -> tuple[int, ...]:
    """Return the places in *stretch* where sentences begin, and its end.

    A quotation of several sentences is cut between them as well, because each makes a claim of
    its own; a dateline is a sentence of its own.
    """
    edges = set(_segment(text, stretch, language))
    for quotation in quotations:
        inner = Fragment(
            max(quotation.inner.start, stretch.start), min(quotation.inner.end, stretch.end)
        )
        if quotation.depth == 0 and inner.start < inner.end:
            found = _segment(text, inner, language)[1:-1]
            edges.update(edge for edge in found if _ends(text, inner.start, edge))
    dateline = dateline_end(text, stretch)
    if dateline is not None:
        edges = {edge for edge in edges if not stretch.start < edge < dateline} | {dateline}
    return tuple(sorted(edges | {stretch.start, stretch.end}))


def _ends(text: str, start: int, edge: int) -> bool:
    """Tell whether the words before *edge* end as a sentence does."""
    return text[start:edge].rstrip()[-1:] in _QUOTED_ENDS


def _segment(text: str, stretch: Fragment, language: str) -> list[int]:
    """Return the edges that sentencex sees; one sentence where its pieces are not the text."""
    import sentencex

    start, end = stretch
    piece = text[start:end]
    parts = sentencex.segment(language, piece)
    if "".join(parts) != piece:
        return [start, end]
    return list(accumulate(map(len, parts), initial=start))
