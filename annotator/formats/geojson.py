"""GeoJSON (RFC 7946) of the places that articles name, for maps.

One point for each entity with coordinates that labels stand for, in all articles together:
longitude before latitude, as section 3.1.1 of the RFC has it. Properties say how often and in how
many articles the place is named, and show some of the sentences. Entities of all labels count,
places or not, for who has coordinates has a place on a map.

Memory grows with the number of places, not of articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import Group, Writing, carried, json_text
from annotator.formats.losses import Fate, Loss
from annotator.formats.replacing import replacing
from annotator.model import Article, Entity, Fragment, JsonObject, Span
from annotator.text.sentences import sentence_edges
from annotator.translation import later, tr_n

name: Final = "geojson"
title: Final = "GeoJSON"
purpose: Final = later("places with coordinates as points, for maps")
group: Final = Group.TABLES
suffixes: Final = (".geojson",)
several_layers: Final = True

EXAMPLES: Final = 3
"""Sentences that are shown for a place, of different articles."""
_LONGEST: Final = 400
"""Characters of a sentence that is shown."""


@dataclass(slots=True)
class _Place:
    """What is known of one place so far."""

    entity: Entity
    mentions: int = 0
    articles: list[str] = field(default_factory=list)
    examples: list[JsonObject] = field(default_factory=list)


def is_on_the_map(entity: Entity) -> bool:
    """Tell whether an entity has coordinates that are on the earth."""
    latitude, longitude = entity.latitude, entity.longitude
    if latitude is None or longitude is None:
        return False
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write the places of all articles into one file, and return the number of articles."""
    places: dict[str, _Place] = {}
    count = 0
    for item in articles:
        count += 1
        for span in _mentions(item):
            _count(places, item, span)
    with replacing(target) as file:
        file.write(b'{"type": "FeatureCollection", "features": [')
        for number, key in enumerate(sorted(places)):
            file.write(
                (b",\n" if number else b"\n") + json_text.line(_feature(places[key])).strip()
            )
        file.write(b"\n]}\n")
    return count


def _mentions(item: Annotated) -> Iterator[Span]:
    """Yield the spans that stand for something on the map, each stretch of text once."""
    seen: set[tuple[object, ...]] = set()
    for layer_id in sorted(item.layers):
        for span in item.spans_of(layer_id):
            key = (span.fragments, span.entity_id)
            entity = None if span.entity_id is None else item.entities[span.entity_id]
            if entity is not None and is_on_the_map(entity) and key not in seen:
                seen.add(key)
                yield span


def _count(places: dict[str, _Place], item: Annotated, span: Span) -> None:
    entity = item.entities[span.entity_id or ""]
    place = places.setdefault(entity.id, _Place(entity))
    place.mentions += 1
    if item.article.id in place.articles[-1:]:
        return
    place.articles.append(item.article.id)
    if len(place.examples) < EXAMPLES:
        sentence = _sentence(item.article, span)
        place.examples.append({"article": item.article.id, "sentence": sentence})


def _sentence(article: Article, span: Span) -> str:
    """Return the sentence around a span, within its line, on one line."""
    text = article.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    line = Fragment(start, len(text) if end < 0 else end)
    edges = sentence_edges(text, line, article.language or "en")
    first = max((edge for edge in edges if edge <= span.start), default=line.start)
    last = min((edge for edge in edges if edge > span.start), default=line.end)
    words = " ".join(text[first:last].split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _feature(place: _Place) -> JsonObject:
    entity = place.entity
    facts = {
        "name": entity.name,
        "kind": entity.kind,
        "aliases": list(entity.aliases),
        "identifiers": carried.ordered(entity.identifiers),
        "attributes": carried.ordered(entity.attributes),
        "mentions": place.mentions,
        "article_count": len(place.articles),
        "articles": place.articles,
        "examples": place.examples,
    }
    return {
        "type": "Feature",
        "id": entity.id,
        "geometry": {"type": "Point", "coordinates": [entity.longitude, entity.latitude]},
        "properties": facts,
    }


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return how many places have no coordinates, and how many labels stand for no place."""
    lost: set[str] = set()
    others = 0
    for item in articles:
        for span in item.spans.values():
            entity = None if span.entity_id is None else item.entities[span.entity_id]
            known = None if entity is None else writing.scheme.entity_kind(entity.kind)
            is_place = entity is not None and (
                entity.kind == "place" or (known is not None and known.coordinates)
            )
            if entity is not None and is_on_the_map(entity):
                continue
            if entity is not None and is_place:
                lost.add(entity.id)
            else:
                others += 1
    found = [
        Loss("unlocated", len(lost), Fate.LEFT_OUT, _unlocated(len(lost))),
        Loss("placeless", others, Fate.LEFT_OUT, _placeless(others)),
    ]
    return [loss for loss in found if loss.count]


def _unlocated(n: int) -> str:
    return tr_n(n, "{n} place without coordinates", "{n} places without coordinates")


def _placeless(n: int) -> str:
    return tr_n(n, "{n} label that stands for no place", "{n} labels that stand for no place")
