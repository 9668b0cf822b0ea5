"""Laying out the blocks of a marked-up file as the plain text of an article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.model import Zone


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of text with the zone that its markup tells, or None where it tells none.

    A ``close`` piece follows another close one without an empty line, as items of a list do.
    """

    text: str
    zone: str | None = None
    close: bool = False


def lay_out(pieces: Iterable[Piece]) -> tuple[str, tuple[Zone, ...]]:
    """Return the text of *pieces*, an empty line between them, and a zone for each known line."""
    parts: list[str] = []
    zones: list[Zone] = []
    position = 0
    before: Piece | None = None
    for piece in pieces:
        if not piece.text.strip():
            continue
        if before is not None:
            parts.append("\n" if piece.close and before.close else "\n\n")
            position += len(parts[-1])
        if piece.zone is not None:
            start = position
            for line in piece.text.split("\n"):
                if line.strip():
                    zones.append(Zone(piece.zone, start, start + len(line)))
                start += len(line) + 1
        parts.append(piece.text)
        position += len(piece.text)
        before = piece
    return "".join(parts), tuple(zones)
