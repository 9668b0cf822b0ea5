"""What web annotations mean to us, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final
from urllib.parse import unquote

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, carried, json_text
from annotator.formats.gathering import Gathering, article_of, whole
from annotator.formats.offsets import Claimed
from annotator.formats.w3c_writing import ATTRIBUTE, KEPT
from annotator.model import Entity, Fragment, JsonObject, Layer
from annotator.spans import normalise

_MOST: Final = 300_000
"""Annotations of one file."""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is(value: Any, name: str) -> bool:
    return isinstance(value, dict) and name in _listed(value.get("type", value.get("@type")))


def annotations_of(value: Any) -> list[JsonObject]:
    """Return the annotations in a collection, a page, a list of them, or one alone."""
    found: list[JsonObject] = []
    waiting = [value]
    while waiting and len(found) < _MOST:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting = [*one, *waiting]
        elif _is(one, "Annotation"):
            found.append(one)
        elif isinstance(one, dict):
            inner = [one.get(key) for key in ("first", "items", "@graph", "annotations")]
            waiting = [item for item in inner if isinstance(item, (dict, list))] + waiting
    return found


def kept_of(value: Any) -> JsonObject | None:
    """Return what we had put into a collection beside its annotations; None in one of others."""
    kept = value.get(KEPT) if isinstance(value, dict) else None
    return kept if isinstance(kept, dict) else None


def sources_of(annotations: Iterable[JsonObject]) -> list[str]:
    """Return the addresses of the texts that annotations are about."""
    ids = {one["id"] for one in annotations if isinstance(one.get("id"), str)}
    sources = dict.fromkeys(
        source
        for one in annotations
        for target in _targets(one)
        if (source := _source(target)) and source not in ids and not source.startswith("#")
    )
    return list(sources)


def _targets(annotation: JsonObject) -> list[Any]:
    found: list[Any] = []
    for target in _listed(annotation.get("target")):
        inner = target.get("items") if isinstance(target, dict) else None
        found += inner if isinstance(inner, list) else [target]
    return found


def _source(target: Any) -> str:
    """Return the address of what a target is in, or is."""
    if isinstance(target, dict):
        target = target.get("source", target.get("id"))
        if isinstance(target, dict):
            target = target.get("id")
    return target if isinstance(target, str) else ""


@dataclass(frozen=True, slots=True)
class _Selected:
    """What the selectors of one target say."""

    position: Claimed | None
    quote: str | None
    prefix: str = ""
    suffix: str = ""


class Collected:
    """Reads the annotations of one text; *mine* is its address where a file is about several."""

    def __init__(
        self,
        value: Any,
        annotations: Sequence[JsonObject],
        text: str,
        stem: str,
        reading: Reading,
        mine: str | None,
    ) -> None:
        self._annotations = annotations
        self._kept = kept_of(value) or {}
        self._mine = mine
        self._ids = {one["id"] for one in annotations if isinstance(one.get("id"), str)}
        label = value.get("label") if isinstance(value, dict) else None
        id_ = self._kept.get("id")
        article = article_of(
            id_ if isinstance(id_, str) and id_ else stem,
            text,
            label if self._kept else label or None,
            language=reading.language,
        )
        self._gathering = Gathering(article, reading, 0)
        self._layers: dict[str, Layer] = {}
        self._spans: dict[str, str] = {}
        """Our ids of the spans by the ids of their annotations."""
        selected = [self._selected(target) for one in annotations for target in self._words(one)]
        claims = [one.position for one in selected if one.position is not None]
        self._gathering.prove_unit(reading.offsets, claims)

    def results(self) -> Iterator[Annotated | Problem]:
        """Yield what is wrong with the annotations, and the article."""
        self._read_kept()
        linking = []
        for number, one in enumerate(self._annotations, 1):
            place = f"annotation {one.get('id') or number}"
            if self._words(one):
                self._read_span(one, place, number)
            elif self._is_link(one):
                linking.append((number, one, place))
            elif self._mine is None:
                self._gathering.problem(place, "It is not about words of the text.")
        for number, one, place in linking:
            self._read_relation(one, place, number)
        return self._gathering.results()

    # ------------------------------------------------------------------------------- what is kept

    def _read_kept(self) -> None:
        gathering = self._gathering
        try:
            if "article" in self._kept:
                item = gathering.annotated
                item.article = carried.with_facts(item.article, self._kept["article"])
            for data in _listed(self._kept.get("layers")):
                layer = carried.layer(gathering.annotated.article.id, data)
                self._layers[layer.id] = gathering.add_layer(layer)
            for data in _listed(self._kept.get("entities")):
                gathering.entity(carried.entity(data))
        except carried.Untrue as error:
            gathering.problem(KEPT, str(error))

    def _layer(self, annotation: JsonObject) -> Layer:
        """Return the layer of the creator of an annotation."""
        creators = _listed(annotation.get("creator"))
        creator = creators[0] if creators else ""
        facts = creator if isinstance(creator, dict) else {"id": creator}
        key = _own_id(str(facts.get("id") or ""), "layer")
        if key not in self._layers:
            said = [facts.get(name) for name in ("name", "nickname", "id")]
            author = next((one for one in said if isinstance(one, str) and one), "")
            known = [layer for layer in self._layers.values() if author and layer.author == author]
            self._layers[key] = known[0] if known else self._gathering.layer(author)
        return self._layers[key]

    # -------------------------------------------------------------------------------------- spans

    def _words(self, annotation: JsonObject) -> list[JsonObject]:
        """Return the targets of an annotation that are words of this text."""
        return [
            target
            for target in _targets(annotation)
            if isinstance(target, dict)
            and target.get("selector") is not None
            and (self._mine is None or _source(target) == self._mine)
        ]

    def _selected(self, target: JsonObject) -> _Selected:
        position: tuple[int, int] | None = None
        quote: JsonObject = {}
        waiting = [*_listed(target.get("selector"))]
        while waiting:
            one = waiting.pop(0)
            if not isinstance(one, dict):
                continue
            waiting += _listed(one.get("refinedBy"))
            start, end = whole(one.get("start")), whole(one.get("end"))
            if _is(one, "TextPositionSelector") and start is not None and end is not None:
                position = position or (start, end)
            elif _is(one, "TextQuoteSelector") and not quote:
                quote = one
        said = [quote.get(key) for key in ("exact", "prefix", "suffix")]
        exact, prefix, suffix = (one if isinstance(one, str) else None for one in said)
        claimed = None if position is None else Claimed(*position, exact)
        return _Selected(claimed, exact, prefix or "", suffix or "")

    def _located(self, place: str, target: JsonObject) -> Fragment | None:
        selected = self._selected(target)
        if selected.position is not None:
            return self._gathering.located(place, selected.position)
        if not selected.quote:
            self._gathering.problem(place, "It has neither a position nor a quotation.")
            return None
        found = _quoted(self._gathering.ruler.text, selected)
        if len(found) != 1:
            times = "nowhere" if not found else "more than once"
            self._gathering.problem(place, f"{selected.quote[:60]!r} stands {times} in the text.")
            return None
        return found[0]

    def _read_span(self, one: JsonObject, place: str, number: int) -> None:
        fragments = [self._located(place, target) for target in self._words(one)]
        found = [fragment for fragment in fragments if fragment is not None]
        if len(found) != len(fragments):
            return
        bodies = _Bodies(one)
        label = bodies.label()
        id_ = one.get("id")
        key = id_ if isinstance(id_, str) and id_ else f"annotation-{number}"
        span = self._gathering.span(
            self._layer(one),
            label,
            normalise(found),
            place=place,
            id_=_own_id(key, "span"),
            attributes=bodies.attributes(),
            entity_id=self._entity(bodies, "identifying"),
            unsure="unsure" in bodies.values("assessing"),
            note="\n".join(bodies.notes()),
        )
        if span is not None:
            self._spans[key] = span.id

    def _entity(self, bodies: _Bodies, purpose: str) -> str | None:
        """Return the id of the entity that a body leads to; one that is not here is made."""
        for source in bodies.sources(purpose):
            address = source.get("id")
            if not isinstance(address, str) or not address or address in self._spans:
                continue
            key = _own_id(address, "entity")
            if key not in self._gathering.annotated.entities:
                named = source.get("schema:name", source.get("label"))
                place = any(_is(source, kind) for kind in ("schema:Place", "Place"))
                entity = Entity(
                    id=key,
                    kind="place" if place else "actor",
                    name=named if isinstance(named, str) else key,
                    identifiers={"uri": address} if ":" in address else {},
                )
                self._gathering.entity(entity)
            return key
        return None

    # ---------------------------------------------------------------------------------- relations

    def _is_link(self, one: JsonObject) -> bool:
        """Tell whether an annotation is about other annotations."""
        ends = [_source(target) for target in _targets(one)]
        return bool(ends) and all(end in self._ids for end in ends)

    def _read_relation(self, one: JsonObject, place: str, number: int) -> None:
        bodies = _Bodies(one)
        ends = [_source(target) for target in _targets(one)]
        linked = [str(source.get("id")) for source in bodies.sources("linking")]
        ends += [end for end in linked if end in self._spans]
        values: dict[str, Any] = {}
        entity = self._entity(bodies, "linking") if len(ends) < 2 else None
        if entity is not None:
            values["target_entity"] = entity
        elif len(ends) == 2 and ends[1] in self._spans:
            values["target"] = self._spans[ends[1]]
        if ends[0] not in self._spans or not values:
            if self._mine is None:
                self._gathering.problem(place, "It does not tie two labels that are here.")
            return
        spans = self._gathering.annotated.spans
        source = spans[self._spans[ends[0]]]
        if "target" in values and spans[values["target"]].layer_id != source.layer_id:
            self._gathering.problem(place, "It leads into another person’s labels.")
            return
        id_ = one.get("id")
        self._gathering.relation(
            self._gathering.annotated.layers[source.layer_id],
            bodies.label() or "linking",
            source.id,
            place=place,
            id_=_own_id(id_, "relation") if isinstance(id_, str) and id_ else f"relation-{number}",
            attributes=bodies.attributes(),
            **values,
        )


class _Bodies:
    """What the bodies of an annotation say, by purpose; the motivation stands in for a purpose."""

    def __init__(self, annotation: JsonObject) -> None:
        motives = [one for one in _listed(annotation.get("motivation")) if isinstance(one, str)]
        self._motive = motives[0] if motives else ""
        found = [*_listed(annotation.get("body")), *_listed(annotation.get("bodyValue"))]
        self._bodies = [
            {"type": "TextualBody", "value": one} if isinstance(one, str) else one
            for one in found
            if isinstance(one, (str, dict))
        ]

    def _with(self, purpose: str) -> Iterator[JsonObject]:
        for body in self._bodies:
            if purpose in (_listed(body.get("purpose")) or [self._motive or "commenting"]):
                yield body

    def values(self, purpose: str) -> list[str]:
        """Return the texts of the bodies with a purpose."""
        found = [body.get("value") for body in self._with(purpose)]
        return [value for value in found if isinstance(value, str)]

    def label(self) -> str:
        """Return the first tag; a class without an attribute's name, or what the motive is."""
        classes = [
            body.get("value")
            for body in self._with("classifying")
            if ATTRIBUTE not in body and isinstance(body.get("value"), str)
        ]
        return next(iter([*self.values("tagging"), *map(str, classes), self._motive]), "")

    def attributes(self) -> dict[str, Any]:
        """Return the values of the attributes, and further tags as such."""
        result: dict[str, Any] = {}
        for body in self._with("classifying"):
            name, value = body.get(ATTRIBUTE), body.get("value")
            if isinstance(name, str) and isinstance(value, str):
                result[name] = _parsed(value) if body.get("format") else value
        if tags := self.values("tagging")[1:]:
            result["tags"] = tags
        return result

    def notes(self) -> list[str]:
        """Return what is remarked."""
        found = dict.fromkeys(
            value
            for purpose in ("commenting", "describing", "replying", "questioning")
            for value in self.values(purpose)
        )
        return list(found)

    def sources(self, purpose: str) -> Iterator[Mapping[str, Any]]:
        """Yield what the bodies with a purpose lead to."""
        purposes = (purpose, "linking") if purpose == "identifying" else (purpose,)
        for one in purposes:
            for body in self._with(one):
                source = body.get("source", body.get("id"))
                if isinstance(source, dict):
                    yield source
                elif isinstance(source, str):
                    yield {"id": source}


def _quoted(text: str, selected: _Selected) -> list[Fragment]:
    """Return where a quotation stands: first where the words around it agree as well.

    At most two places, which is one too many.
    """
    exact = selected.quote or ""
    found = []
    at = text.find(exact)
    while at >= 0:
        found.append(Fragment(at, at + len(exact)))
        at = text.find(exact, at + 1)
    around = [
        (_agreement(text[: one.start][::-1], selected.prefix[::-1])
         + _agreement(text[one.end :], selected.suffix), one)
        for one in found[:1000]
    ]  # fmt: skip
    best = max((score for score, _ in around), default=0)
    return [one for score, one in around if score == best]


def _agreement(words: str, expected: str) -> int:
    """Return how many characters of two texts agree from their beginning on."""
    pairs = zip(words[: len(expected)], expected, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _own_id(address: str, kind: str) -> str:
    """Return our id in an address that we gave; any other address is an id itself."""
    start = f"#{kind}-"
    return unquote(address.removeprefix(start)) if address.startswith(start) else address


def _parsed(value: str) -> Any:
    try:
        return json_text.loads(value)
    except ValueError:
        return value
