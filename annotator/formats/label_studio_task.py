"""What one task of Label Studio says: annotations, predictions, and the values of their regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, carried
from annotator.formats.gathering import Gathering, article_of, text_of, whole
from annotator.formats.label_studio_config import NOTE, UNSURE, control, shown
from annotator.formats.offsets import Claimed
from annotator.model import Fragment, JsonObject, Layer, LayerKind

KEPT: Final = "from_annotator"
"""Key in ``data`` and in ``meta`` of a region for what Label Studio has no place for."""

_NOTES: Final = frozenset({NOTE, "notes", "comment", "comments"})
_OWN: Final = frozenset({"id", "title", KEPT})
_BACK: Final = "~back"


def read_task(
    line: int, value: Any, stem: str, reading: Reading, seen: set[str]
) -> Iterator[Annotated | Problem]:
    """Yield the article of a task after what is wrong with it; *seen* are ids given before."""
    if not isinstance(value, dict):
        yield Problem(line, "", "The record is not a JSON object.")
        return
    task = value if "data" in value else _from_short_form(value)
    data = _object(task.get("data"))
    key, text, reason = _text(data)
    if reason:
        yield Problem(line, "data", reason)
        return
    id_ = _id(data, task, stem, line)
    if id_ in seen:
        yield Problem(line, "data", f"A task with the id {id_!r} stands in the file before.")
        return
    seen.add(id_)
    rest = {name: item for name, item in data.items() if name not in _OWN and name != key}
    metadata = {name: item for name, item in rest.items() if item is not None}
    article = article_of(id_, text, data.get("title"), metadata=metadata)
    yield from _Task(task, Gathering(article, reading, line), reading).results()


def _id(data: JsonObject, task: JsonObject, stem: str, line: int) -> str:
    own = data.get("id")
    if isinstance(own, (str, int)) and own != "":
        return str(own)
    number = task.get("id")
    return f"{stem}-{line if number is None else number}"


def _text(data: JsonObject) -> tuple[str, str, str]:
    """Return the key and the text of a task's article, or why there is none."""
    if "text" in data:
        return ("text", *text_of(data["text"]))
    texts = [key for key, value in data.items() if isinstance(value, str) and key not in _OWN]
    if len(texts) != 1:
        return "", "", f"Which of {', '.join(sorted(data)) or 'nothing'} is the text is not said."
    return (texts[0], *text_of(data[texts[0]]))


def _from_short_form(value: JsonObject) -> JsonObject:
    """Return the task that a record of the short form (JSON-MIN) is about."""
    results: list[JsonObject] = []
    data: JsonObject = {}
    for key, item in value.items():
        regions = [one for one in item if _is_region(one)] if isinstance(item, list) else []
        for region in regions:
            kind = next(name for name in region if name.endswith("labels"))
            results.append({"type": kind, "from_name": key, "value": region})
        if not regions and key not in _BOOKKEEPING:
            data[key] = item
    own = {"completed_by": value.get("annotator"), "result": results}
    return {"id": value.get("id"), "data": data, "annotations": [own]}


_BOOKKEEPING: Final = frozenset(
    {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}
)


def _is_region(value: Any) -> bool:
    return isinstance(value, dict) and "start" in value and any(k.endswith("labels") for k in value)


def _object(value: Any) -> JsonObject:
    return dict(value) if isinstance(value, dict) else {}


@dataclass(slots=True)
class _Region:
    """One labelled stretch, with the values that other results give it."""

    place: str
    id: str
    labels: Sequence[Any]
    claimed: Claimed
    meta: JsonObject
    score: Any
    values: list[tuple[str, str, Any]] = field(default_factory=list)
    """Name of the control, type of the value, and the value."""

    @property
    def kept(self) -> JsonObject:
        """What we once gave along."""
        return _object(self.meta.get(KEPT))


class _Task:
    """Reads one task into a gathering."""

    def __init__(self, task: JsonObject, gathering: Gathering, reading: Reading) -> None:
        self._task = task
        self._gathering = gathering
        self._offsets = reading.offsets
        self._kept = _object(_object(task.get("data")).get(KEPT))

    def results(self) -> Iterator[Annotated | Problem]:
        """Yield what is wrong with the task, and its article."""
        self._read_facts()
        annotations = self._listed("annotations") or self._listed("completions")
        found = [
            _Result(self._gathering, f"annotations[{index}]", item, self._person)
            for index, item in enumerate(annotations)
        ]
        found += [
            _Result(self._gathering, f"predictions[{index}]", item, self._machine)
            for index, item in enumerate(self._listed("predictions"))
        ]
        claims = [region.claimed for result in found for region in result.regions.values()]
        self._gathering.prove_unit(self._offsets, claims)
        for result in found:
            result.read()
        drafts = [item for item in self._listed("drafts") if _object(item).get("result")]
        if drafts:
            self._gathering.problem("drafts", f"{len(drafts)} drafts were never submitted.")
        return self._gathering.results()

    def _listed(self, key: str) -> list[Any]:
        value = self._task.get(key)
        if value is not None and not isinstance(value, list):
            self._gathering.problem(key, "It is not a list.")
        return value if isinstance(value, list) else []

    def _read_facts(self) -> None:
        item = self._gathering.annotated
        try:
            if "article" in self._kept:
                item.article = carried.with_facts(item.article, self._kept["article"])
            for entity in self._kept.get("entities") or ():
                self._gathering.entity(carried.entity(entity))
        except (carried.Untrue, TypeError) as error:
            self._gathering.problem(f"data.{KEPT}", str(error))

    def _person(self, annotation: JsonObject) -> Layer:
        """Return the layer of an annotation, the one that it was written from where it was."""
        number = annotation["import_id"] if "import_id" in annotation else annotation.get("id")
        known = self._kept.get("layers")
        if isinstance(known, list) and type(number) is int and 0 < number <= len(known):
            return self._known_layer(known[number - 1])
        extra = {"ground_truth": True} if annotation.get("ground_truth") is True else {}
        return self._gathering.layer(_annotator(annotation.get("completed_by")), extra=extra)

    def _machine(self, prediction: JsonObject) -> Layer:
        version = prediction.get("model_version")
        author = version if isinstance(version, str) and version else "prediction"
        known = self._kept.get("suggesters")
        for data in known if isinstance(known, list) else ():
            if _object(data).get("author") == version:
                return self._known_layer(data)
        score = prediction.get("score")
        extra = {} if score is None else {"score": score}
        return self._gathering.layer(author, kind=LayerKind.SUGGESTER, extra=extra)

    def _known_layer(self, data: Any) -> Layer:
        article_id = self._gathering.annotated.article.id
        try:
            return self._gathering.add_layer(carried.layer(article_id, data))
        except carried.Untrue as error:
            self._gathering.problem(f"data.{KEPT}.layers", str(error))
            return self._gathering.layer("")


def _annotator(value: Any) -> str:
    """Return what the person is called who made an annotation."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    if isinstance(value, str):
        return value
    return f"annotator {value}" if type(value) is int else ""


class _Result:
    """Reads the results of one annotation or prediction into a layer."""

    def __init__(
        self,
        gathering: Gathering,
        place: str,
        data: Any,
        layer_of: Callable[[JsonObject], Layer],
    ) -> None:
        self._gathering = gathering
        self._place = place
        self._data = _object(data)
        self._layer_of = layer_of
        self._ties: list[tuple[str, JsonObject]] = []
        self._spans: dict[str, list[str]] = {}
        """Our ids by those of the file: a region with two labels is two spans."""
        self.regions: dict[str, _Region] = {}
        """By their ids."""
        results = self._data.get("result")
        if not isinstance(results, list):
            gathering.problem(f"{place}.result", "It is not a list.")
            results = []
        items = [(f"{place}.result[{i}]", _object(one)) for i, one in enumerate(results)]
        for where, item in items:
            self._sort(where, item)
        for where, item in items:
            self._give(where, item)

    def _sort(self, place: str, item: JsonObject) -> None:
        """Put a result where it belongs: labels make regions, relations tie them."""
        kind = str(item.get("type", ""))
        if kind == "relation":
            self._ties.append((place, item))
        elif kind.endswith("labels"):
            region = self._region(place, kind, item)
            if region is not None:
                self.regions[region.id] = region

    def _region(self, place: str, kind: str, item: JsonObject) -> _Region | None:
        value = _object(item.get("value"))
        claimed = _claimed(value)
        labels = value.get(kind, value.get("labels"))
        if claimed is None or not isinstance(labels, list):
            self._gathering.problem(
                place, f"A region of type {kind!r} without offsets into the text cannot be placed."
            )
            return None
        id_ = item.get("id")
        if not isinstance(id_, str) or not id_ or id_ in self.regions:
            id_ = f"{place}@{self._gathering.annotated.article.id}"
        score = item.get("score")
        return _Region(place, id_, labels, claimed, _object(item.get("meta")), score)

    def _give(self, place: str, item: JsonObject) -> None:
        """Give a region the value of a choice or a text area that is about it."""
        kind = str(item.get("type", ""))
        if kind == "relation" or kind.endswith("labels"):
            return
        values = _object(item.get("value"))
        region = self.regions.get(str(item.get("id")))
        name = str(item.get("from_name", kind))
        value = values.get("text" if kind == "textarea" else kind)
        if region is None:
            self._gathering.problem(
                place, f"{name!r} is about the whole article; only what is about a label comes in."
            )
        elif value is None:
            self._gathering.problem(place, f"It has no value of type {kind!r}.")
        else:
            region.values.append((name, kind, value))

    def read(self) -> None:
        """Take the layer over, unless its author skipped the task."""
        if self._data.get("was_cancelled") is True:
            if self.regions:
                reason = f"The task was skipped: {len(self.regions)} labels are left out."
                self._gathering.problem(self._place, reason)
            return
        layer = self._layer_of(self._data)
        groups: dict[str, list[_Region]] = {}
        for region in self.regions.values():
            group = region.meta.get("group")
            groups.setdefault(group if isinstance(group, str) else region.id, []).append(region)
        for id_, regions in groups.items():
            self._read_spans(layer, id_, regions)
        for place, item in self._ties:
            self._read_relation(layer, place, item)
        for region in self.regions.values():
            self._read_entity_relations(layer, region)

    def _read_spans(self, layer: Layer, id_: str, regions: list[_Region]) -> None:
        gathering = self._gathering
        found = [gathering.located(one.place, self._words(one.claimed)) for one in regions]
        fragments: list[Fragment] = [place for place in found if place is not None]
        if not fragments:
            return
        first = regions[0]
        for number, label in enumerate(first.labels, 1):
            facts = self._facts(regions, str(label))
            entity = first.kept.get("entity")
            if not isinstance(entity, str):
                entity = None
            span = gathering.span(
                layer,
                label,
                fragments,
                place=first.place,
                id_=id_ if number == 1 else f"{id_}+{number}",
                entity_id=entity,
                **facts,
            )
            if span is not None:
                for region in regions:
                    self._spans.setdefault(region.id, []).append(span.id)

    def _words(self, claimed: Claimed) -> Claimed:
        """Return *claimed* with real line breaks, where Label Studio wrote two letters for one."""
        words = claimed.covered
        if words is None or "\\n" not in words or words in self._gathering.ruler.text:
            return claimed
        return Claimed(claimed.start, claimed.end, words.replace("\\n", "\n"))

    def _facts(self, regions: Sequence[_Region], label: str) -> dict[str, Any]:
        """Return attributes, note and doubt that the results give to a span."""
        notes: list[str] = []
        attributes: JsonObject = {}
        unsure = False
        typed = _object(regions[0].kept.get("attributes"))
        for region in regions:
            meta = region.meta.get("text")
            notes += [text for text in _list(meta) if isinstance(text, str)]
            for name, kind, value in region.values:
                value = value[0] if isinstance(value, list) and len(value) == 1 else value
                if name == UNSURE and value == UNSURE:
                    unsure = True
                elif kind == "textarea" and name in _NOTES:
                    notes += [text for text in _list(value) if isinstance(text, str)]
                else:
                    key = name.removeprefix(control(label, ""))
                    same = key in typed and shown(typed[key]) == value
                    attributes[key] = typed[key] if same else value
        facts = {"attributes": attributes, "unsure": unsure, "note": "\n".join(notes)}
        score = regions[0].score
        return facts if score is None else {**facts, "extra": {"score": score}}

    # --------------------------------------------------------------------------------- relations

    def _read_relation(self, layer: Layer, place: str, item: JsonObject) -> None:
        ends = [str(item.get(key)) for key in ("from_id", "to_id")]
        direction = item.get("direction", "right")
        if any(end not in self._spans for end in ends):
            self._gathering.problem(place, "It begins or ends at a region that is not there.")
            return
        if direction == "left":
            ends.reverse()
        source, target = ends
        labels = _list(item.get("labels")) or ["related"]
        known = item.get("id")
        for number, label in enumerate(labels):
            id_ = known if isinstance(known, str) else f"{source}>{target}"
            id_ = f"{id_}/{label}" if number else id_
            attributes = self._attributes_of_tie(source, target, label)
            first, last = self._spans[source][0], self._spans[target][0]
            self._gathering.relation(
                layer, label, first, place=place, id_=id_, target=last, attributes=attributes
            )
            if direction == "bi":
                self._gathering.relation(
                    layer, label, last, place=place, id_=f"{id_}{_BACK}", target=first
                )

    def _attributes_of_tie(self, source: str, target: str, label: Any) -> JsonObject:
        region = self.regions[source]
        for tie in _list(region.kept.get("relations")):
            data = _object(tie)
            if data.get("target") == target and data.get("label") == label:
                return _object(data.get("attributes"))
        return {}

    def _read_entity_relations(self, layer: Layer, region: _Region) -> None:
        spans = self._spans.get(region.id)
        for index, tie in enumerate(_list(region.kept.get("relations"))):
            data: Mapping[str, Any] = _object(tie)
            if spans and isinstance(data.get("entity"), str):
                place = f"{region.place}.meta.{KEPT}.relations[{index}]"
                end = {"id_": f"{region.id}>{data['entity']}", "target_entity": data["entity"]}
                self._gathering.relation_of(layer, data, spans[0], place=place, **end)


def _claimed(value: JsonObject) -> Claimed | None:
    """Return what a region claims: its own offsets, or those into the whole of a page."""
    there = value if isinstance(value.get("start"), (int, float)) else value.get("globalOffsets")
    start, end = (whole(_object(there).get(key)) for key in ("start", "end"))
    text = value.get("text")
    if start is None or end is None:
        return None
    return Claimed(start, end, text if isinstance(text, str) else None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
