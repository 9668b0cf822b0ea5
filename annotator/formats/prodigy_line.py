"""What the answers to one text say: an article with a layer for each person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, carried
from annotator.formats.gathering import Gathering, article_of, whole
from annotator.formats.offsets import Claimed
from annotator.formats.prodigy_lines import KEPT, Answer
from annotator.model import Fragment, JsonObject, Layer

__all__ = ["KEPT", "read_answers"]

_OWN: Final = frozenset(
    {"text", "meta", "tokens", "spans", "relations", "answer", "label", "options", "config", KEPT}
)
_SPAN: Final = frozenset(
    {
        *("start", "end", "token_start", "token_end", "label", "text", "id", "group"),
        *("attributes", "entity", "unsure", "note", "color", "ws", "type"),
    }
)
_ONE_BY_ONE: Final = frozenset({"ner", "spans", "classification"})
"""Views that ask about one label at a time: their answers add up."""


def read_answers(answers: list[Answer], reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield what is wrong with *answers* to one text, and the article that they make."""
    first = answers[0].data
    kept = _object(first.get(KEPT))
    meta = _object(first.get("meta"))
    rest = {key: first[key] for key in first.keys() - _OWN if not key.startswith("_")}
    title = kept.get("title", meta.get("title"))
    metadata = {key: rest[key] for key in sorted(rest)}
    source = meta.get("source")
    if "id" not in kept:
        metadata = {**{key: meta[key] for key in meta if key != "source"}, **metadata}
    article = article_of(
        answers[0].article_id,
        first["text"],
        title,
        source=source if isinstance(source, str) else None,
        metadata=metadata,
    )
    gathering = Gathering(article, reading, answers[0].line)
    try:
        if "article" in kept:
            gathering.annotated.article = carried.with_facts(article, kept["article"])
    except carried.Untrue as error:
        gathering.problem(f"{KEPT}.article", str(error))
    for answer in _counting(answers, gathering):
        _Answer(answer, gathering, reading).read()
    yield from gathering.results()


def _object(value: Any) -> JsonObject:
    return dict(value) if isinstance(value, dict) else {}


def _author(data: JsonObject) -> str:
    for key in ("_annotator_id", "_session_id"):
        if isinstance(data.get(key), str) and data[key]:
            return str(data[key])
    return ""


def _place_of(span: Mapping[str, Any]) -> str:
    """Return where a span stands, and its label, whatever the file has for them."""
    return repr((span.get("start"), span.get("end"), span.get("label")))


def _counting(answers: list[Answer], gathering: Gathering) -> Iterator[Answer]:
    """Yield the answers that count: the last one of a person who answered a text as a whole."""
    last = {_asked(answer): answer.line for answer in answers}
    for answer in answers:
        gathering.line = answer.line
        line = last[_asked(answer)]
        if line == answer.line or str(answer.data.get("_view_id")) in _ONE_BY_ONE:
            yield answer
        else:
            gathering.problem("", f"The same person answered this text again on line {line}.")


def _asked(answer: Answer) -> tuple[str, str]:
    layer = _object(_object(answer.data.get(KEPT)).get("layer"))
    return (_author(answer.data), str(layer.get("id", "")))


class _Answer:
    """Reads one answer into a gathering."""

    def __init__(self, answer: Answer, gathering: Gathering, reading: Reading) -> None:
        self._data = answer.data
        self._kept = _object(answer.data.get(KEPT))
        self._gathering = gathering
        self._tokens = [_object(token) for token in self._listed("tokens")]
        self._spans: dict[str, str] = {}
        """Our ids by those of the file."""
        self._places: dict[str, str] = {}
        """Our ids by start, end and label in the file."""
        self._ends: dict[int, str] = {}
        """Our ids by the last token."""
        found = (_claimed(token) for token in self._tokens)
        gathering.prove_unit(reading.offsets, [claim for claim in found if claim is not None])

    def read(self) -> None:
        """Take over the layer, if the answer is yes."""
        spans = self._listed("spans")
        answer = self._data.get("answer", "accept")
        if answer != "accept":
            if spans:
                self._gathering.problem(
                    "answer", f"The answer is {answer!r}: its {len(spans)} labels are left out."
                )
            return
        self._read_entities()
        layer = self._layer()
        if layer is None:
            return
        groups: dict[str, list[tuple[str, JsonObject]]] = {}
        for index, item in enumerate(spans):
            data = _object(item)
            group = data.get("group") if self._kept else None
            key = group if isinstance(group, str) else f"{layer.id}/{index}"
            groups.setdefault(key, []).append((f"spans[{index}]", data))
        for key, parts in groups.items():
            self._read_span(layer, key, parts)
        for index, item in enumerate(self._listed("relations")):
            self._read_relation(layer, index, _object(item))
        ties = self._kept.get("relations")
        for index, item in enumerate(ties if isinstance(ties, list) else ()):
            self._read_entity_relation(layer, index, _object(item))

    def _listed(self, key: str) -> list[Any]:
        value = self._data.get(key)
        if value is not None and not isinstance(value, list):
            self._gathering.problem(key, "It is not a list.")
        return value if isinstance(value, list) else []

    def _read_entities(self) -> None:
        listed = self._kept.get("entities")
        for index, data in enumerate(listed if isinstance(listed, list) else ()):
            try:
                self._gathering.entity(carried.entity(data))
            except carried.Untrue as error:
                self._gathering.problem(f"{KEPT}.entities[{index}]", str(error))

    def _layer(self) -> Layer | None:
        """Return the layer that the answer belongs to; a text without an answer has none."""
        data = self._kept.get("layer")
        item = self._gathering.annotated
        if data == {} and "answer" not in self._data:
            return None
        if isinstance(data, dict) and data:
            try:
                return self._gathering.add_layer(carried.layer(item.article.id, data))
            except carried.Untrue as error:
                self._gathering.problem(f"{KEPT}.layer", str(error))
        author = _author(self._data)
        if str(self._data.get("_view_id")) in _ONE_BY_ONE:
            known = item.layer_of(author) if author else None
            if known is not None:
                return known
        return self._gathering.layer(author)

    # ------------------------------------------------------------------------------------- spans

    def _read_span(self, layer: Layer, id_: str, parts: list[tuple[str, JsonObject]]) -> None:
        gathering = self._gathering
        fragments: list[Fragment] = []
        for place, data in parts:
            claimed = _claimed(data)
            if claimed is None:
                gathering.problem(place, "It has no start and end.")
            elif self._agrees_with_tokens(place, data):
                found = gathering.located(place, claimed)
                if found is not None:
                    fragments.append(found)
        if not fragments:
            return
        place, data = parts[0]
        own, entity, note = data.get("id"), data.get("entity"), data.get("note")
        span = gathering.span(
            layer,
            data.get("label"),
            fragments,
            place=place,
            id_=own if isinstance(own, str) and own else id_,
            attributes=_object(data.get("attributes")),
            entity_id=entity if isinstance(entity, str) else None,
            unsure=data.get("unsure") is True,
            note=note if isinstance(note, str) else "",
            extra={key: data[key] for key in sorted(data.keys() - _SPAN)},
        )
        if span is None:
            return
        for _, part in parts:
            self._spans[str(part.get("id"))] = span.id
            self._places.setdefault(_place_of(part), span.id)
            if type(part.get("token_end")) is int:
                self._ends.setdefault(part["token_end"], span.id)

    def _agrees_with_tokens(self, place: str, data: JsonObject) -> bool:
        """Tell whether characters and tokens of a label are the same place, or note that not."""
        first, last = data.get("token_start"), data.get("token_end")
        if type(first) is not int or type(last) is not int or not self._tokens:
            return True
        if not 0 <= first <= last < len(self._tokens):
            self._gathering.problem(place, f"There are no tokens {first} to {last}.")
            return False
        there = (self._tokens[first].get("start"), self._tokens[last].get("end"))
        if there == (data.get("start"), data.get("end")):
            return True
        self._gathering.problem(
            place,
            f"{data.get('start')}-{data.get('end')} is not where its tokens {first} to {last} "
            f"are: {there[0]}-{there[1]}.",
        )
        return False

    # --------------------------------------------------------------------------------- relations

    def _read_relation(self, layer: Layer, index: int, data: JsonObject) -> None:
        place = f"relations[{index}]"
        source, target = self._end(data, "head"), self._end(data, "child")
        if source is None or target is None:
            self._gathering.problem(place, "It begins or ends at words that have no label.")
            return
        id_ = f"{layer.id}/{place}"
        self._gathering.relation_of(layer, data, source, place=place, id_=id_, target=target)

    def _end(self, data: JsonObject, name: str) -> str | None:
        """Return the span at one end of a relation: by id, by place, or by its last token."""
        span = _object(data.get(f"{name}_span"))
        if isinstance(span.get("id"), str) and span["id"] in self._spans:
            return self._spans[span["id"]]
        place = _place_of(span)
        if place in self._places:
            return self._places[place]
        token = data.get(name)
        return None if span or type(token) is not int else self._ends.get(token)

    def _read_entity_relation(self, layer: Layer, index: int, data: Mapping[str, Any]) -> None:
        place = f"{KEPT}.relations[{index}]"
        source, entity = self._spans.get(str(data.get("source"))), data.get("entity")
        if source is None or not isinstance(entity, str):
            self._gathering.problem(place, "It begins at a label that is not there.")
            return
        id_ = f"{layer.id}/entity-{index}"
        self._gathering.relation_of(layer, data, source, place=place, id_=id_, target_entity=entity)


def _claimed(data: JsonObject) -> Claimed | None:
    start, end = whole(data.get("start")), whole(data.get("end"))
    if start is None or end is None:
        return None
    text = data.get("text")
    return Claimed(start, end, text if isinstance(text, str) else None)
