"""Labels that cross each other, as elements that nest: some are cut into pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.model import Fragment, Span

_BLOCK: Final = re.compile(r"\n*[^\n]+\n*|\n+")


@dataclass(slots=True)
class Piece:
    """A stretch of a span that is one element; ``number`` counts the pieces of the span from 0."""

    span: Span
    number: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a piece begins or ends."""

    position: int
    opens: bool
    piece: Piece


def blocks(text: str) -> list[Fragment]:
    """Return the paragraphs of *text*: lines, each with the line breaks behind it."""
    return [Fragment(*match.span()) for match in _BLOCK.finditer(text)]


def edges(block: Fragment, spans: Sequence[Span], counts: dict[str, int]) -> Iterator[Edge]:
    """Yield where elements begin and end in *block* so that all of them nest.

    Where two spans cross, the one that is closed too early is opened again. *counts* has the
    number of pieces of each span so far, and is kept up to date.
    """
    parts = [
        (max(start, block.start), min(end, block.end), span)
        for span in spans
        for start, end in span.fragments
        if start < block.end and end > block.start
    ]
    opening: dict[int, list[tuple[int, Span]]] = {}
    for start, end, span in parts:
        opening.setdefault(start, []).append((end, span))
    stack: list[tuple[int, Piece]] = []
    for position in sorted({place for start, end, _ in parts for place in (start, end)}):
        again: list[tuple[int, Span]] = []
        while any(end == position for end, _ in stack):
            end, piece = stack.pop()
            yield Edge(position, False, piece)
            if end > position:
                again.append((end, piece.span))
        new = [*again, *opening.get(position, ())]
        for end, span in sorted(new, key=lambda item: (-item[0], item[1].label, item[1].id)):
            piece = Piece(span, counts.get(span.id, 0))
            counts[span.id] = piece.number + 1
            stack.append((end, piece))
            yield Edge(position, True, piece)
