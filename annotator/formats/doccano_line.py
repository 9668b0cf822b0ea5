"""What one line of doccano's JSONL says, in any of the shapes that its versions wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import UNITS, Problem, Reading, carried
from annotator.formats.gathering import NAMELESS, Gathering, article_of, text_of, whole
from annotator.formats.offsets import Claimed, Ruler, located
from annotator.model import Comment, Fragment, JsonObject, Layer
from annotator.text.tokens import grapheme_edges, is_token_edge

KEPT: Final = "from_annotator"
"""Key of a line under which doccano passes on what its labels have no room for."""

UNIT: Final = "utf16"
"""What offsets count that are written for doccano's window."""

_GRAPHEME: Final = "grapheme"
_TEXTS: Final = ("text", "data")
_LABELS: Final = ("label", "labels", "entities", "annotations")
_OWN: Final = frozenset(
    {"id", "title", "relations", "Comments", "comments", "meta", KEPT, *_TEXTS, *_LABELS}
)
_NOBODY: Final = frozenset({"annotation_approver"})


@dataclass(frozen=True, slots=True)
class _Label:
    """A label as the line has it; *number* is what relations call it."""

    place: str
    number: int | None
    label: Any
    claimed: Claimed


_Key = tuple[int, int, Any]


def read_line(
    line: int, value: Any, stem: str, reading: Reading, seen: set[str]
) -> Iterator[Annotated | Problem]:
    """Yield the article of a line after what is wrong with it; *seen* are ids given before."""
    if not isinstance(value, dict):
        yield Problem(line, "", "The line is not a JSON object.")
        return
    text, reason = text_of(next((value[key] for key in _TEXTS if key in value), None))
    if reason:
        yield Problem(line, "text", reason)
        return
    key = value.get("id")
    wish = key if isinstance(key, str) and key else f"{stem}-{line if key is None else key}"
    id_, number = wish, 2
    while id_ in seen:
        id_, number = f"{wish}~{number}", number + 1
    seen.add(id_)
    metadata = {**_object(value.get("meta")), **_unknown(value)}
    article = article_of(id_, text, value.get("title"), metadata=metadata)
    yield from _Line(value, Gathering(article, reading, line), reading).results()


def _object(value: Any) -> JsonObject:
    return dict(value) if isinstance(value, dict) else {}


def _unknown(value: JsonObject) -> JsonObject:
    """Return the keys that are not doccano's: it writes the metadata of a text among its own."""
    return {
        key: item
        for key, item in value.items()
        if key not in _OWN and item is not None and key not in _NOBODY
    }


class _Line:
    """Reads one line into a gathering."""

    def __init__(self, value: JsonObject, gathering: Gathering, reading: Reading) -> None:
        self._value = value
        self._gathering = gathering
        self._kept = _object(value.get(KEPT))
        self._labels = list(self._found())
        self._ids: dict[int, str] = {}
        """Our ids of the labels by their numbers in the line."""
        self._details: list[str] = []
        """Our ids of the labels of which more is said, in the order of that; empty if gone."""
        self._unit = self._chosen_unit(reading.offsets)
        gathering.unit = "codepoint" if self._unit == _GRAPHEME else self._unit

    def results(self) -> Iterator[Annotated | Problem]:
        """Yield what is wrong with the line, and its article."""
        self._read_facts()
        layer = self._layer()
        if layer is not None:
            self._read_spans(layer)
            self._read_relations(layer)
            self._read_comments(layer)
        return self._gathering.results()

    # ------------------------------------------------------------------------------------ facts

    def _read_facts(self) -> None:
        gathering = self._gathering
        item = gathering.annotated
        try:
            if "article" in self._kept:
                item.article = carried.with_facts(item.article, self._kept["article"])
            for entity in self._listed(self._kept, "entities"):
                gathering.entity(carried.entity(entity))
        except carried.Untrue as error:
            gathering.problem(KEPT, str(error))

    def _layer(self) -> Layer | None:
        data = self._kept.get("layer")
        if data == {} and not self._labels:
            return None
        if isinstance(data, dict) and data:
            try:
                article_id = self._gathering.annotated.article.id
                return self._gathering.add_layer(carried.layer(article_id, data))
            except carried.Untrue as error:
                self._gathering.problem(f"{KEPT}.layer", str(error))
        return self._gathering.layer("")

    # ------------------------------------------------------------------------------------- spans

    def _found(self) -> Iterator[_Label]:
        """Yield the labels that have offsets, in whichever shape they stand there."""
        for key in _LABELS:
            for index, item in enumerate(self._listed(self._value, key)):
                place = f"{key}[{index}]"
                values = self._parts(item)
                if values is None:
                    self._gathering.problem(place, "It is not a label with a start and an end.")
                    continue
                start, end = whole(values[0]), whole(values[1])
                if start is None or end is None:
                    self._gathering.problem(place, "Its start or end is not a whole number.")
                    continue
                label = str(values[2]) if isinstance(values[2], int) else values[2]
                yield _Label(place, values[3], label, Claimed(start, end))

    @staticmethod
    def _parts(item: Any) -> tuple[Any, Any, Any, int | None] | None:
        if isinstance(item, list) and len(item) == 3:
            return (item[0], item[1], item[2], None)
        if isinstance(item, dict) and "start_offset" in item:
            return (item["start_offset"], item.get("end_offset"), item.get("label"), _id(item))
        return None

    def _read_spans(self, layer: Layer) -> None:
        free: dict[_Key, list[_Label]] = defaultdict(list)
        for label in self._labels:
            free[self._key(label)].append(label)
        for index, data in enumerate(self._listed(self._kept, "spans")):
            self._details.append(self._read_detailed(f"{KEPT}.spans[{index}]", data, layer, free))
        for label in self._labels:
            if label in free[self._key(label)]:
                self._read_span(layer, [label], label.place, {})

    @staticmethod
    def _key(label: _Label) -> _Key:
        return (label.claimed.start, label.claimed.end, str(label.label))

    def _read_detailed(
        self, place: str, data: Any, layer: Layer, free: Mapping[_Key, list[_Label]]
    ) -> str:
        """Take over a label of which more is said, if it is still where that says."""
        data = _object(data)
        wanted = [
            (part[0], part[1], str(data.get("label")))
            for part in self._listed(data, "fragments")
            if isinstance(part, list) and len(part) == 2 and all(type(x) is int for x in part)
        ]
        ids = self._listed(data, "ids")
        found: list[_Label] = []
        for index, key in enumerate(wanted):
            known = ids[index] if index < len(ids) else None
            there = [label for label in free.get(key, ()) if label not in found]
            if there:
                found.append(next((label for label in there if label.number == known), there[0]))
        if not wanted or len(found) < len(wanted):
            self._gathering.problem(
                place,
                "The label is no longer where it was when its attributes, notes and parts were "
                "noted; they are left out.",
            )
            return ""
        for label in found:
            free[self._key(label)].remove(label)
        return self._read_span(layer, found, place, data)

    def _read_span(
        self, layer: Layer, labels: list[_Label], place: str, data: Mapping[str, Any]
    ) -> str:
        gathering = self._gathering
        fragments = [gathering.located(label.place, self._claimed(label)) for label in labels]
        if None in fragments:
            return ""
        entity = data.get("entity")
        note = data.get("note")
        first = labels[0]
        span = gathering.span(
            layer,
            first.label,
            [fragment for fragment in fragments if fragment is not None],
            place=place,
            id_=f"{layer.id}/{first.place if first.number is None else first.number}",
            attributes=_object(data.get("attributes")),
            entity_id=entity if isinstance(entity, str) else None,
            unsure=data.get("unsure") is True,
            note=note if isinstance(note, str) else "",
        )
        if span is None:
            return ""
        for label in labels:
            if label.number is not None:
                self._ids[label.number] = span.id
        return span.id

    # --------------------------------------------------------------------------------- relations

    def _read_relations(self, layer: Layer) -> None:
        rest = [_object(item) for item in self._listed(self._kept, "relations")]
        for index, item in enumerate(self._listed(self._value, "relations")):
            place = f"relations[{index}]"
            data = _object(item)
            ends = [self._ids.get(whole(data.get(key)) or -1) for key in ("from_id", "to_id")]
            source, target = ends
            if source is None or target is None:
                self._gathering.problem(place, "It begins or ends at a label that is not there.")
                continue
            label = data.get("type", data.get("label"))
            more = next((one for one in rest if self._is_about(one, label, source, target)), {})
            if more:
                rest.remove(more)
            self._gathering.relation(
                layer,
                label,
                source,
                place=place,
                id_=f"{layer.id}/relation-{_id(data) or index + 1}",
                target=target,
                attributes=_object(more.get("attributes")),
            )
        for index, data in enumerate(rest):
            self._read_entity_relation(layer, index, data)

    def _is_about(self, data: JsonObject, label: Any, source: str, target: str) -> bool:
        ends = (self._detailed(data.get("source")), self._detailed(data.get("target")))
        return data.get("label") == label and ends == (source, target)

    def _detailed(self, index: Any) -> str:
        inside = type(index) is int and 0 <= index < len(self._details)
        return self._details[index] if inside else ""

    def _read_entity_relation(self, layer: Layer, index: int, data: JsonObject) -> None:
        place = f"{KEPT}.relations[{index}]"
        source = self._detailed(data.get("source"))
        entity = data.get("entity")
        if not source or not isinstance(entity, str):
            self._gathering.problem(
                place, "The relation or one of its labels is gone; its attributes are left out."
            )
            return
        id_ = f"{layer.id}/entity-{index + 1}"
        self._gathering.relation_of(layer, data, source, place=place, id_=id_, target_entity=entity)

    def _read_comments(self, layer: Layer) -> None:
        listed = self._listed(self._value, "Comments") or self._listed(self._value, "comments")
        for index, item in enumerate(listed):
            words = item.get("comment", item.get("text")) if isinstance(item, dict) else item
            if not isinstance(words, str):
                self._gathering.problem(f"Comments[{index}]", "It is not a text.")
                continue
            id_ = f"{layer.id}/comment-{index + 1}"
            article_id = layer.article_id
            self._gathering.annotated.comments[id_] = Comment(
                id=id_,
                article_id=article_id,
                layer_id=layer.id,
                record_id=article_id,
                text=words,
                author="" if layer.author == NAMELESS else layer.author,
            )

    def _listed(self, data: Mapping[str, Any], key: str) -> list[Any]:
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self._gathering.problem(key, "It is not a list.")
            return []
        return value

    # --------------------------------------------------------------------------------- offsets

    def _chosen_unit(self, wanted: str) -> str:
        if self._kept.get("offsets") in UNITS:
            return str(self._kept["offsets"])
        if wanted != "auto":
            return wanted
        return likely_unit(self._gathering.ruler, [label.claimed for label in self._labels])

    def _claimed(self, label: _Label) -> Claimed:
        if self._unit != _GRAPHEME:
            return label.claimed
        return _from_graphemes(self._gathering.ruler.text, label.claimed) or label.claimed


def _id(item: Mapping[str, Any]) -> int | None:
    return whole(item.get("id"))


def likely_unit(ruler: Ruler, claims: list[Claimed]) -> str:
    """Return the unit in which *claims* lie inside the text and cut the fewest words.

    Of equals the first counts: code points, UTF-16 units, graphemes.
    """
    text = ruler.text
    edges = grapheme_edges(text, 0, len(text))
    if len(edges) == len(text) + 1 and text.isascii():
        return UNITS[0]

    def clean(unit: str) -> int:
        return sum(_is_clean(ruler, claimed, unit) for claimed in claims)

    return max((UNITS[0], UNIT, _GRAPHEME), key=clean)


def _is_clean(ruler: Ruler, claimed: Claimed, unit: str) -> bool:
    if unit == _GRAPHEME:
        found = _from_graphemes(ruler.text, claimed)
        if found is None:
            return False
        claimed, unit = found, "codepoint"
    place = located(ruler, claimed, unit)
    if not isinstance(place, Fragment):
        return False
    text = ruler.text
    blank = text[place.start].isspace() or text[place.end - 1].isspace()
    return not blank and is_token_edge(text, place.start) and is_token_edge(text, place.end)


def _from_graphemes(text: str, claimed: Claimed) -> Claimed | None:
    edges = grapheme_edges(text, 0, len(text))
    if not 0 <= claimed.start < claimed.end < len(edges):
        return None
    return Claimed(edges[claimed.start], edges[claimed.end])
