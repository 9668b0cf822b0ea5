"""One article as a collection of web annotations, in the terms of :mod:`annotator.formats.w3c`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from annotator.annotated import Annotated
from annotator.formats import carried
from annotator.model import Entity, Fragment, JsonObject, Layer, LayerKind, Relation, Span

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
TERMS: Final = "urn:annotator:"
"""Where the terms are that the recommendation has not."""
KEPT: Final = "from_annotator"
"""Term for what the recommendation has no place for, as JSON."""
ATTRIBUTE: Final = "attribute"
"""Term for the name of the attribute that a classifying body gives a value to."""
NEAR: Final = 32
"""Characters before and behind a quotation that are repeated with it."""

_SCHEMA_TYPES: Final = {"place": "schema:Place", "actor": "schema:Thing"}


def collection(item: Annotated, source: str) -> JsonObject:
    """Return the collection of an article whose text is the file *source* beside it."""
    article = item.article
    annotations = list(_annotations(item, quote(source)))
    page = {
        "id": "#page",
        "type": "AnnotationPage",
        "partOf": "",
        "startIndex": 0,
        "items": annotations,
    }
    return {
        "@context": [
            CONTEXT,
            {
                KEPT: {"@id": f"{TERMS}kept", "@type": "@json"},
                ATTRIBUTE: f"{TERMS}attribute",
            },
        ],
        "id": "",
        "type": "AnnotationCollection",
        "label": article.title,
        "total": len(annotations),
        KEPT: {
            "offsets": "codepoint",
            "id": article.id,
            "article": carried.article_facts(article),
            "layers": [carried.layer_facts(layer) for layer in _layers(item)],
            "entities": [
                carried.entity_facts(entity) for _, entity in sorted(item.entities.items())
            ],
        },
        "first": page,
    }


def reference(kind: str, id_: str) -> str:
    """Return the address of a record inside the file of its collection."""
    return f"#{kind}-{quote(id_, safe='')}"


def _layers(item: Annotated) -> list[Layer]:
    return sorted(item.layers.values(), key=lambda one: (one.author, one.kind, one.id))


def _annotations(item: Annotated, source: str) -> Iterator[JsonObject]:
    for layer in _layers(item):
        for span in item.spans_of(layer.id):
            yield _span(item, span, layer, source)
        for tie in item.relations_of(layer.id):
            yield _relation(item, tie, layer)


def _creator(layer: Layer) -> JsonObject:
    person = layer.kind in (LayerKind.PERSON, LayerKind.GOLD)
    return {
        "id": reference("layer", layer.id),
        "type": "Person" if person else "Software",
        "name": layer.author,
    }


def _span(item: Annotated, span: Span, layer: Layer, source: str) -> JsonObject:
    text = item.article.text
    targets = [_target(text, fragment, source) for fragment in span.fragments]
    bodies = [_tag(span.label), *_classes(span.attributes)]
    if span.entity_id is not None:
        bodies.append(_link("identifying", item.entities[span.entity_id]))
    if span.unsure:
        bodies.append(_textual("assessing", "unsure"))
    if span.note:
        bodies.append(_textual("commenting", span.note))
    return {
        "id": reference("span", span.id),
        "type": "Annotation",
        "motivation": "tagging",
        "creator": _creator(layer),
        "body": bodies,
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _relation(item: Annotated, tie: Relation, layer: Layer) -> JsonObject:
    if tie.target is None:
        end = _link("linking", item.entities[tie.target_entity or ""])
    else:
        end = {
            "type": "SpecificResource",
            "purpose": "linking",
            "source": reference("span", tie.target),
        }
    return {
        "id": reference("relation", tie.id),
        "type": "Annotation",
        "motivation": "linking",
        "creator": _creator(layer),
        "body": [_tag(tie.label), *_classes(tie.attributes), end],
        "target": reference("span", tie.source),
    }


def _target(text: str, fragment: Fragment, source: str) -> JsonObject:
    start, end = fragment
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(start - NEAR, 0) : start],
                "suffix": text[end : end + NEAR],
            },
        ],
    }


def _tag(label: str) -> JsonObject:
    return _textual("tagging", label)


def _textual(purpose: str, value: str) -> JsonObject:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _classes(attributes: Mapping[str, Any]) -> list[JsonObject]:
    """Return a body for each attribute: text as it is, any other value as JSON."""
    bodies: list[JsonObject] = []
    for key in sorted(attributes):
        value = attributes[key]
        plain = isinstance(value, str)
        words = value if plain else json.dumps(carried.ordered(value), ensure_ascii=False)
        body = {**_textual("classifying", words), ATTRIBUTE: key}
        bodies.append(body if plain else {**body, "format": "application/json"})
    return bodies


def _link(purpose: str, entity: Entity) -> JsonObject:
    about = {
        "id": reference("entity", entity.id),
        "type": _SCHEMA_TYPES.get(entity.kind, "schema:Thing"),
        "schema:name": entity.name,
    }
    return {"type": "SpecificResource", "purpose": purpose, "source": about}
