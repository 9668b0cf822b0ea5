"""An article whose spans are as the project keeps them: for writers that only write them down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from annotator.annotated import Annotated
from annotator.model import Span

PackedSpan = tuple[int, int, str, str, str, str, str, str, str | None, int, str, str]
"""Start, minus end, label, id, layer, fragments, covered texts, attributes, entity, unsure, note,
extra: as a project keeps them, so that the smallest comes first in the text. Fragments, texts,
attributes and extra are JSON without blanks, and nothing is ``{}`` or the empty string. All but
the numbers may be written otherwise where they hold characters that no file can: only what
:attr:`Packed.unpacked` returns is sure."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An article with its layers, of which the spans were not made into records.

    To make half a million of them takes longer than to write them down.
    """

    annotated: Annotated
    """Everything but the spans; the entities are there that the spans stand for."""
    rows: Mapping[str, list[PackedSpan]]
    """The spans by layer, in no order."""
    unpacked: Callable[[PackedSpan], Span]
    """Makes a record of a span."""
