"""Files of other programs, read: what came in, and what was told about the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotator.annotated import Annotated
from annotator.formats import Problem, Reader, Reading
from annotator.model import Layer

DATA = Path(__file__).parent / "data"


def taken(
    form: Any, path: Path, reading: Reading | None = None
) -> tuple[list[Annotated], list[str]]:
    """Return the articles of a file and the problems as sentences."""
    reader: Reader = form
    found = list(reader.read(path, reading or Reading()))
    problems = [str(item) for item in found if isinstance(item, Problem)]
    return [item for item in found if isinstance(item, Annotated)], problems


def taken_lines(
    form: Any, folder: Path, *lines: Any, reading: Reading | None = None
) -> tuple[list[Annotated], list[str]]:
    """Read a file of these JSON values, or texts that stand for themselves, one a line."""
    path = folder / "in.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_bytes(("\n".join(texts) + "\n").encode("utf-8", "surrogatepass"))
    return taken(form, path, reading)


def labels(item: Annotated, layer: Layer | None = None) -> list[tuple[str, tuple[str, ...]]]:
    """Return label and words of the spans of an article, or of one layer, in reading order."""
    layers = item.layers.values() if layer is None else [layer]
    return [(span.label, span.text) for one in layers for span in item.spans_of(one.id)]


def ties(item: Annotated) -> list[tuple[str, str, str]]:
    """Return source, label and target of the relations, as words."""
    return sorted(
        (
            " ".join(item.spans[tie.source].text),
            tie.label,
            " ".join(item.spans[tie.target].text)
            if tie.target is not None
            else item.entities[tie.target_entity or ""].name,
        )
        for tie in item.relations.values()
    )


def layer_of(item: Annotated, author: str) -> Layer:
    """Return the only layer of an author."""
    (layer,) = [one for one in item.layers.values() if one.author == author]
    return layer


def all_said(item: Annotated) -> list[str]:
    """Return everything that the spans of an article say, as lines in an order of their own."""
    return sorted(
        json.dumps(
            [
                item.layers[span.layer_id].author,
                *(span.label, span.fragments, span.text, span.attributes),
                *(span.entity_id, span.unsure, span.note),
            ],
            sort_keys=True,
        )
        for span in item.spans.values()
    )
