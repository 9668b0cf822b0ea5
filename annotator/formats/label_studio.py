"""Label Studio JSON: a task for each article, an annotation for each reading of it.

Layers of suggesters are predictions. Parts of a span in several fragments are regions with a
common ``group`` in their ``meta``; attributes are choices or text areas of a region, notes and the
flag "unsure" likewise, so that people see and change them in Label Studio. What it has no place
for (entities, relations to them, facts of the article) stands under a key of our own in ``meta``
and ``data``, which Label Studio keeps; tried with 1.23.2, whose editor writes ``meta`` back whole.

Offsets are code points in 1.23, and were UTF-16 units in old exports. Every region repeats its
words, so the unit is found by comparing them (line breaks may stand there as ``\\n`` in two
letters). The labelling configuration is written beside the tasks, as ``NAME.config.xml``: a
project needs it before the tasks are imported.

Both directions stream: one task is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Group, Problem, Reading, Sample, Writing, carried, json_text
from annotator.formats.json_array import elements
from annotator.formats.jsonl import external_ids
from annotator.formats.label_studio_config import (
    LABELS,
    NOTE,
    TEXT,
    UNSURE,
    Controls,
    control,
    shown,
)
from annotator.formats.label_studio_task import KEPT, read_task
from annotator.formats.losses import NO_REMARKS, Loss, announced
from annotator.formats.replacing import replacing
from annotator.model import JsonObject, Layer, LayerKind, Span
from annotator.translation import later

name: Final = "label-studio"
title: Final = "Label Studio JSON"
purpose: Final = later("tasks with annotations and predictions for Label Studio")
group: Final = Group.TOOLS
suffixes: Final = (".json",)

FATES: Final = NO_REMARKS
_READINGS: Final = frozenset({"annotations", "predictions", "completions"})


def recognises(sample: Sample) -> bool:
    """Tell whether the first record is a task, or one of Label Studio's short form."""
    if not isinstance(sample.json, dict):
        return False
    if isinstance(sample.json.get("data"), dict):
        return bool(_READINGS & sample.keys) or len(sample.keys) == 1
    return {"annotation_id", "annotator"} <= sample.keys


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file, and what cannot be taken over."""
    seen: set[str] = set()
    numbers = 0
    for line, value in elements(path):
        if isinstance(value, Problem):
            yield value
            continue
        if isinstance(value, dict) and isinstance(value.get("predictions"), list):
            full = [item for item in value["predictions"] if not isinstance(item, int)]
            numbers += len(value["predictions"]) - len(full)
            value["predictions"] = full
        yield from read_task(line, value, path.stem, reading, seen)
    if numbers:
        yield Problem(
            0,
            "predictions",
            f"{numbers} stand there by number only. To have them, let Label Studio make a snapshot "
            "with the option “Include predictions”.",
        )


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles."""
    return announced(articles, FATES)


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write tasks and, beside them, the configuration; return the number of tasks."""
    count = 0
    controls = Controls(writing.scheme)
    with replacing(target) as file, replacing(config_path(target)) as config:
        file.write(b"[")
        for item in articles:
            controls.use(item)
            file.write(b",\n" if count else b"\n")
            file.write(json_text.line(_Task(item, controls).json()).rstrip(b"\n"))
            count += 1
        file.write(b"\n]\n")
        config.write(controls.xml())
    return count


def config_path(target: Path) -> Path:
    """Return where the labelling configuration of *target* lies."""
    return target.with_name(f"{target.stem}.config.xml")


class _Task:
    """Makes the task of one article."""

    def __init__(self, item: Annotated, controls: Controls) -> None:
        self._item = item
        self._controls = controls
        by_author = sorted(item.layers.values(), key=lambda one: (one.author, one.kind, one.id))
        self._machines = [one for one in by_author if one.kind == LayerKind.SUGGESTER]
        self._people = [one for one in by_author if one.kind != LayerKind.SUGGESTER]

    def json(self) -> JsonObject:
        """Return the task."""
        article = self._item.article
        return {
            "data": {
                "text": article.text,
                "id": article.id,
                "title": article.title,
                KEPT: self._kept(),
            },
            "annotations": [
                {
                    "id": number,
                    "ground_truth": layer.kind == LayerKind.GOLD,
                    "was_cancelled": False,
                    "result": self._results(layer),
                }
                for number, layer in enumerate(self._people, 1)
            ],
            "predictions": [
                {"model_version": layer.author, "result": self._results(layer)}
                for layer in self._machines
            ],
        }

    def _kept(self) -> JsonObject:
        entities = self._item.entities
        return {
            "article": carried.article_facts(self._item.article),
            "layers": [carried.layer_facts(layer) for layer in self._people],
            "suggesters": [carried.layer_facts(layer) for layer in self._machines],
            "entities": [carried.entity_facts(entities[key]) for key in sorted(entities)],
        }

    def _results(self, layer: Layer) -> list[JsonObject]:
        spans = self._item.spans_of(layer.id)
        ids = external_ids(spans)
        result = [region for span in spans for region in self._regions(span, ids)]
        ties = [tie for tie in self._item.relations_of(layer.id) if tie.target is not None]
        for tie in ties:
            ends = {"from_id": ids[tie.source], "to_id": ids[tie.target or ""]}
            result.append({"type": "relation", "direction": "right", "labels": [tie.label], **ends})
        return result

    def _regions(self, span: Span, ids: Mapping[str, str]) -> Iterator[JsonObject]:
        """Yield the results of a span: a region for each fragment, the values at the first."""
        id_ = ids[span.id]
        kept = self._kept_of(span, ids)
        for number, (place, words) in enumerate(zip(span.fragments, span.text, strict=True), 1):
            value: JsonObject = {"start": place.start, "end": place.end, "text": words}
            region: JsonObject = {
                "id": id_ if number == 1 else f"{id_}~{number}",
                "from_name": LABELS,
                "to_name": TEXT,
                "type": "labels",
                "value": {**value, "labels": [span.label]},
            }
            if len(span.fragments) > 1:
                region["meta"] = {"group": id_}
            if kept and number == 1:
                region["meta"] = {**region.get("meta", {}), KEPT: kept}
            yield region
            if number == 1:
                yield from self._values(span, {**region, "value": value})

    def _values(self, span: Span, region: JsonObject) -> Iterator[JsonObject]:
        for key in sorted(span.attributes):
            words = shown(span.attributes[key])
            choice = self._controls.is_choice(span.label, key)
            yield _value(region, control(span.label, key), words, choice=choice)
        if span.unsure:
            yield _value(region, UNSURE, UNSURE, choice=True)
        if span.note:
            yield _value(region, NOTE, span.note, choice=False)

    def _kept_of(self, span: Span, ids: Mapping[str, str]) -> JsonObject:
        """Return what of a span Label Studio has no place for."""
        ties = self._item.relations_from(span.id)
        facts: dict[str, Any] = {
            "attributes": carried.ordered(
                {key: value for key, value in span.attributes.items() if not isinstance(value, str)}
            ),
            "entity": span.entity_id,
            "relations": [
                {
                    "label": tie.label,
                    **(
                        {"entity": tie.target_entity}
                        if tie.target is None
                        else {"target": ids[tie.target]}
                    ),
                    "attributes": carried.ordered(tie.attributes),
                }
                for tie in ties
                if tie.target is None or tie.attributes
            ],
        }
        return {key: value for key, value in facts.items() if value}


def _value(region: JsonObject, name: str, words: str, *, choice: bool) -> JsonObject:
    """Return the result that gives a region one value of a control."""
    result = {key: value for key, value in region.items() if key != "meta"}
    value = region["value"]
    if choice:
        return {
            **result,
            "from_name": name,
            "type": "choices",
            "value": {**value, "choices": [words]},
        }
    return {**result, "from_name": name, "type": "textarea", "value": {**value, "text": [words]}}
