"""What our records say, as plain JSON that other programs pass on without understanding it.

Tools keep keys that they do not know. What a format of theirs has no place for travels under such
keys, and is believed only after it has been checked like any other part of a foreign file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import Field, StrictStr, ValidationError

from annotator.formats.jsonl_line import EntityLine, LayerLine, Part, ZoneLine
from annotator.model import Article, Entity, JsonObject, Layer, Zone, record_to_json

_LAYER: Final = ("id", "author", "kind", "state", "note", "unsure")


class Untrue(ValueError):
    """What another program passed on is not what we once gave it; says why, in plain words."""


class _Facts(Part):
    language: StrictStr | None = None
    source: StrictStr | None = None
    url: StrictStr | None = None
    published: StrictStr | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    zones: list[ZoneLine] = Field(default_factory=list)


def article_facts(article: Article) -> JsonObject:
    """Return what is known of an article besides its id, title and text."""
    facts = {key: getattr(article, key) for key in _Facts.model_fields}
    facts["zones"] = [zone._asdict() for zone in article.zones]
    return _said(facts)


def layer_facts(layer: Layer) -> JsonObject:
    """Return whose reading a layer is, and how far it has come."""
    data = record_to_json(layer)
    return _said({key: data[key] for key in _LAYER})


def entity_facts(entity: Entity) -> JsonObject:
    """Return what is known of an entity."""
    data = record_to_json(entity)
    return _said({key: data[key] for key in EntityLine.model_fields})


def with_facts(article: Article, data: Any) -> Article:
    """Return *article* with the facts that :func:`article_facts` gave. Raises Untrue."""
    facts = _checked(_Facts, data)
    zones = tuple(Zone(item.zone, item.start, item.end) for item in facts.zones)
    for zone in zones:
        if not zone.start <= zone.end <= len(article.text):
            raise Untrue(f"The zone {zone.zone} {zone.start}-{zone.end} lies outside the text.")
    values = {key: getattr(facts, key) for key in ("language", "source", "url", "published")}
    return replace(article, metadata=facts.metadata, zones=zones, **values)


def layer(article_id: str, data: Any) -> Layer:
    """Return the layer that :func:`layer_facts` described. Raises Untrue."""
    line = _checked(LayerLine, data)
    return Layer(article_id=article_id, **{key: getattr(line, key) for key in _LAYER})


def entity(data: Any) -> Entity:
    """Return the entity that :func:`entity_facts` described. Raises Untrue."""
    line = _checked(EntityLine, data)
    values = {key: getattr(line, key) for key in EntityLine.model_fields}
    return Entity(**{**values, "aliases": tuple(line.aliases), "extra": line.unknown})


def ordered(value: Any) -> Any:
    """Return a JSON value with the keys of its objects in order: equal values, equal bytes."""
    if isinstance(value, Mapping):
        return {key: ordered(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [ordered(item) for item in value]
    return value


def _said(data: JsonObject) -> JsonObject:
    """Return *data* without what holds where nothing is said."""
    return {
        key: ordered(value) if isinstance(value, Mapping) else value
        for key, value in data.items()
        if not (
            value is None or value is False or value in ([], {}) or (key, value) == ("note", "")
        )
    }


def _checked(shape: type[Any], data: Any) -> Any:
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Untrue(f"{where}: {first['msg']}." if where else f"{first['msg']}.") from error
