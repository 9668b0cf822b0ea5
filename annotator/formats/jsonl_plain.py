"""Lines of Annotator JSON Lines as this program writes them, read without a library.

Nearly every line has exactly the keys that are written, with values of the types that are
expected. To check that by hand takes a fifth of the time that a validator needs. Whatever is
otherwise, valid or not, is none of this module's business: :mod:`annotator.formats.jsonl_line`
reads it, and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats.jsonl import VERSION
from annotator.model import (
    Article,
    Entity,
    Fragment,
    JsonObject,
    Layer,
    LayerKind,
    LayerState,
    Relation,
    Span,
    Zone,
)

_MAYBE: Final = (str, type(None))

_LINE: Final[Mapping[str, tuple[type, ...]]] = {
    "annotator": (int,),
    "id": (str,),
    "title": (str,),
    "language": _MAYBE,
    "source": _MAYBE,
    "url": _MAYBE,
    "published": _MAYBE,
    "metadata": (dict,),
    "text": (str,),
    "sha256": (str,),
    "offsets": (str,),
    "zones": (list,),
    "scheme": _MAYBE,
    "entities": (list,),
    "layers": (list,),
}
_ZONE: Final = {"zone": (str,), "start": (int,), "end": (int,)}
_ENTITY: Final[Mapping[str, tuple[type, ...]]] = {
    "id": (str,),
    "kind": (str,),
    "name": (str,),
    "aliases": (list,),
    "identifiers": (dict,),
    "latitude": (float, type(None)),
    "longitude": (float, type(None)),
    "attributes": (dict,),
}
_LAYER: Final = {
    "id": (str,),
    "author": (str,),
    "kind": (str,),
    "state": (str,),
    "spans": (list,),
    "relations": (list,),
    "verdicts": (list,),
    "comments": (list,),
}
_RELATION: Final = {
    "id": (str,),
    "label": (str,),
    "source": (str,),
    "target": (str,),
    "attributes": (dict,),
}
_KINDS: Final = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)

_SPAN_KEYS: Final = (
    "id",
    "label",
    "fragments",
    "text",
    "attributes",
    "entity",
    "unsure",
    "note",
)
_span_values: Final = itemgetter(*_SPAN_KEYS)


class _Unusual(Exception):
    """The line is not as this program writes it."""


def annotated(data: JsonObject, known: Mapping[str, Entity]) -> Annotated | None:
    """Return the records of a line, or None where it is to be read with more care.

    *known* are the entities that earlier lines described.
    """
    try:
        return _annotated(data, known)
    except _Unusual:
        return None


def _annotated(data: JsonObject, known: Mapping[str, Entity]) -> Annotated:
    _check(data, _LINE)
    sha256 = data["sha256"]
    _demand(data["annotator"] == VERSION and data["offsets"] == "codepoint" and data["id"])
    _demand(len(sha256) == 64 and not sha256.strip("0123456789abcdef"))
    article = Article(
        id=data["id"],
        title=data["title"],
        text=data["text"],
        sha256=sha256,
        language=data["language"],
        source=data["source"],
        url=data["url"],
        published=data["published"],
        zones=tuple([_zone(item) for item in data["zones"]]),
        metadata=data["metadata"],
    )
    result = Annotated(article)
    for item in data["entities"]:
        entity = _entity(item)
        _demand(entity.id not in result.entities and known.get(entity.id, entity) == entity)
        result.entities[entity.id] = entity
    for item in data["layers"]:
        _read_layer(result, item)
    used = {span.entity_id for span in result.spans.values()} - result.entities.keys()
    result.entities.update((id_, known[id_]) for id_ in used if id_ is not None and id_ in known)
    return result


def _demand(fits: object) -> None:
    if not fits:
        raise _Unusual


def _check(data: Any, shape: Mapping[str, tuple[type, ...]]) -> None:
    """Raise _Unusual unless *data* is an object with these keys and types of values, no others."""
    if type(data) is not dict or data.keys() != shape.keys():
        raise _Unusual
    for key, kinds in shape.items():
        if type(data[key]) not in kinds:
            raise _Unusual


def _strings(values: Iterable[Any]) -> tuple[str, ...]:
    result = tuple(values)
    for value in result:
        if type(value) is not str:
            raise _Unusual
    return result


def _zone(item: Any) -> Zone:
    _check(item, _ZONE)
    _demand(item["start"] >= 0 and item["end"] >= 0)
    return Zone(item["zone"], item["start"], item["end"])


def _entity(item: Any) -> Entity:
    _check(item, _ENTITY)
    _strings(item["identifiers"].values())
    latitude, longitude = item["latitude"], item["longitude"]
    _demand(item["id"])
    _demand(latitude is None or -90 <= latitude <= 90)
    _demand(longitude is None or -180 <= longitude <= 180)
    return Entity(**{**item, "aliases": _strings(item["aliases"])})


def _read_layer(result: Annotated, item: Any) -> None:
    _check(item, _LAYER)
    id_, spans, article_id = item["id"], result.spans, result.article.id
    _demand(id_ and id_ not in result.layers and not item["verdicts"] and not item["comments"])
    _demand(item["kind"] in _KINDS and item["state"] in LayerState.ALL)
    result.layers[id_] = Layer(
        id=id_,
        article_id=article_id,
        author=item["author"],
        kind=item["kind"],
        state=item["state"],
    )
    for one in item["spans"]:
        span = _span(one, article_id, id_)
        _demand(span.id not in spans)
        spans[span.id] = span
    for one in item["relations"]:
        _check(one, _RELATION)
        _demand(one["id"] and one["source"] and one["target"] and one["id"] not in result.relations)
        result.relations[one["id"]] = Relation(**one, article_id=article_id, layer_id=id_)


def _span(item: Any, article_id: str, layer_id: str) -> Span:
    if type(item) is not dict or len(item) != len(_SPAN_KEYS):
        raise _Unusual
    try:
        id_, label, fragments, text, attributes, entity, unsure, note = _span_values(item)
    except KeyError:
        raise _Unusual from None
    if not (
        type(id_) is str
        and id_
        and type(label) is str
        and type(fragments) is list
        and fragments
        and type(text) is list
        and text
        and type(attributes) is dict
        and (entity is None or (type(entity) is str and entity))
        and type(unsure) is bool
        and type(note) is str
    ):
        raise _Unusual
    return Span(
        id=id_,
        article_id=article_id,
        layer_id=layer_id,
        label=label,
        fragments=tuple([_fragment(pair) for pair in fragments]),
        text=_strings(text),
        attributes=attributes,
        entity_id=entity,
        unsure=unsure,
        note=note,
    )


def _fragment(pair: Any) -> Fragment:
    if type(pair) is list and len(pair) == 2:
        start, end = pair
        if type(start) is int and type(end) is int and start >= 0 and end >= 0:
            return Fragment(start, end)
    raise _Unusual
