"""doccano JSONL: one article a line, labels as triples or as objects with relations.

What doccano keeps of a line was tried with 1.8.4: the text, labels with their offsets, relations,
and every key that it does not know, which it shows as metadata and writes back unchanged. Ids of
labels it gives anew, so what its labels have no room for (several fragments, attributes, notes,
entities) travels under one such key and names its labels by place. A label that somebody moved
or deleted in doccano no longer has what was said of it; that is told when the file is read.

Offsets: doccano stores what it is given, and its window counts UTF-16 units, or graphemes (a CRLF
is one) where the project says so. We write UTF-16 units and say so. A file that does not say it
repeats no words either, so the unit that cuts the fewest words is taken.

Read are the shapes of 0.x to 1.8: ``label``, ``labels`` or ``annotations`` with triples or objects,
``entities`` and ``relations``, ``meta`` as an object or as keys of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import Group, Problem, Reading, Sample, Writing, carried, json_text
from annotator.formats.doccano_line import KEPT, UNIT, read_line
from annotator.formats.losses import NO_REMARKS, Loss, announced
from annotator.formats.offsets import Ruler
from annotator.formats.replacing import replacing
from annotator.model import Fragment, JsonObject, Layer, Relation, Span
from annotator.translation import later

name: Final = "doccano"
title: Final = "doccano JSONL"
purpose: Final = later("labels and relations for doccano (project with overlapping spans)")
group: Final = Group.TOOLS
suffixes: Final = (".jsonl", ".json")
several_layers: Final = False

FATES: Final = NO_REMARKS
_LABELS: Final = ("label", "labels", "entities", "annotations")


def recognises(sample: Sample) -> bool:
    """Tell whether the first line has a text with labels in one of doccano's shapes."""
    line = sample.json
    if not isinstance(line, dict) or not isinstance(line.get("text", line.get("data")), str):
        return False
    if "Comments" in line or "annotation_approver" in line:
        return True
    found = [line[key] for key in _LABELS if isinstance(line.get(key), list)]
    labels = [label for item in found for label in item]
    return (
        bool(found)
        and not {"tokens", "spans"} & line.keys()
        and all(
            (isinstance(one, list) and len(one) == 3)
            or (isinstance(one, dict) and "start_offset" in one)
            for one in labels
        )
    )


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file, and what cannot be taken over."""
    seen: set[str] = set()
    for number, value in json_text.lines(path):
        if isinstance(value, Problem):
            yield value
        else:
            yield from read_line(number, value, path.stem, reading, seen)


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles."""
    return announced(articles, FATES)


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a line for each layer of each article, and return the number of articles."""
    count = 0
    with replacing(target) as file:
        for item in articles:
            for layer in sorted(item.layers.values(), key=_by_author) or (None,):
                file.write(json_text.line(_line(item, layer)))
            count += 1
    return count


def _by_author(layer: Layer) -> tuple[str, str, str]:
    return (layer.author, layer.kind, layer.id)


def _line(item: Annotated, layer: Layer | None) -> JsonObject:
    article = item.article
    ruler = Ruler(article.text)
    spans = [] if layer is None else item.spans_of(layer.id)
    ties = [] if layer is None else item.relations_of(layer.id)
    numbers: dict[str, list[int]] = {}
    labels: list[JsonObject] = []
    for span in spans:
        for fragment in span.fragments:
            numbers.setdefault(span.id, []).append(len(labels) + 1)
            start, end = _places(ruler, fragment)
            label = {"label": span.label, "start_offset": start, "end_offset": end}
            labels.append({"id": len(labels) + 1, **label})
    between = [tie for tie in ties if tie.target is not None]
    return {
        "id": article.id,
        "text": article.text,
        "title": article.title,
        "entities": labels,
        "relations": [
            {
                "id": number,
                "from_id": numbers[tie.source][0],
                "to_id": numbers[tie.target or ""][0],
                "type": tie.label,
            }
            for number, tie in enumerate(between, 1)
        ],
        KEPT: _kept(item, layer, _Numbered(ruler, spans, ties, numbers)),
    }


class _Numbered:
    """The labels of a line with the numbers that they have in it."""

    def __init__(
        self, ruler: Ruler, spans: list[Span], ties: list[Relation], numbers: dict[str, list[int]]
    ) -> None:
        self._ruler = ruler
        self._numbers = numbers
        self._ties = [tie for tie in ties if tie.target is None or tie.attributes]
        ends = {end for tie in self._ties for end in (tie.source, tie.target)}
        self._spans = [span for span in spans if span.id in ends or _says_more(span)]

    def spans(self) -> list[JsonObject]:
        """Return the labels of which doccano cannot hold everything."""
        return [
            {
                "label": span.label,
                "fragments": [_places(self._ruler, fragment) for fragment in span.fragments],
                "ids": self._numbers[span.id],
                **_details(span),
            }
            for span in self._spans
        ]

    def ties(self) -> list[JsonObject]:
        """Return the relations of which doccano cannot hold everything, by places in spans."""
        places = {span.id: place for place, span in enumerate(self._spans)}
        result: list[JsonObject] = []
        for tie in self._ties:
            end = (
                {"entity": tie.target_entity}
                if tie.target is None
                else {"target": places[tie.target]}
            )
            facts: JsonObject = (
                {"attributes": carried.ordered(tie.attributes)} if tie.attributes else {}
            )
            result.append({"label": tie.label, "source": places[tie.source], **end, **facts})
        return result


def _kept(item: Annotated, layer: Layer | None, numbered: _Numbered) -> JsonObject:
    """Return what doccano passes on; one key that is always there, or its tables get holes."""
    entities = sorted(item.entities.values(), key=lambda entity: entity.id)
    return {
        "offsets": UNIT,
        "article": carried.article_facts(item.article),
        "layer": {} if layer is None else carried.layer_facts(layer),
        "entities": [carried.entity_facts(entity) for entity in entities],
        "spans": numbered.spans(),
        "relations": numbered.ties(),
    }


def _says_more(span: Span) -> bool:
    return len(span.fragments) > 1 or bool(_details(span))


def _details(span: Span) -> JsonObject:
    facts = {
        "attributes": carried.ordered(span.attributes),
        "entity": span.entity_id,
        "unsure": span.unsure,
        "note": span.note,
    }
    return {key: value for key, value in facts.items() if value}


def _places(ruler: Ruler, fragment: Fragment) -> tuple[int, int]:
    return ruler.position(fragment.start, UNIT), ruler.position(fragment.end, UNIT)
