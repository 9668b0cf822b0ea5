"""An article with its labels as a CAS that INCEpTION and other programs around UIMA understand.

Each label is a layer of its own, ``webanno.custom.Claim`` for *Claim*, with a feature for each
attribute; a label whose name cannot be the name of a type is a ``custom.Span`` with the name in the
feature ``label``. Relations are link features of the layer that they begin at, with the name of the
relation as the role, for arcs cannot lead from one layer into another there. The second and later
fragments of a span are annotations of the layer ``webanno.custom.Fragment``, which a link feature
``fragments`` leads to. What INCEpTION has no place for (entities, who made a layer) are structures
of the package ``annotator``, which it passes over and others keep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import uima
from annotator.formats.offsets import Ruler
from annotator.formats.uima import Cas, Feature, FeatureStructure, Ref, Type, TypeSystem, View
from annotator.model import Fragment, Layer, Span
from annotator.scheme import Scheme
from annotator.text import Structure

_TYPE_NAME: Final = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ][A-Za-z0-9À-ÖØ-öø-ɏ]{0,60}")
_FEATURE_NAME: Final = re.compile("[A-Za-z][A-Za-z0-9_]{0,60}")
_RESERVED: Final = frozenset(
    {"begin", "end", "sofa", "label", "note", "unsure", "layer", "identifier", "entity"}
    | {"entityKind", "attributes", "fragments", "relations", "next", "first", "head", "tail"}
    | {"Governor", "Dependent", "target", "role", "self", "type", "elements", "xmiID"}
)
"""Names that mean something else on our layers, to UIMA, or to its library for Python."""

SOFA_ID: Final = 1
_STRINGS: Final = Feature(uima.STRING)
_LARGEST: Final = 2**31


class Layers:
    """The type system of an export: grows with what the articles need, and never changes a range.

    *arrays* says whether a feature can hold several values.
    """

    def __init__(self, scheme: Scheme, *, arrays: bool = True) -> None:
        self._arrays = arrays
        self.system = TypeSystem(_standard_types())
        for label in scheme.labels:
            name = type_name(label.name)
            declared = self._layer(name)
            for attribute in scheme.attributes_of(label):
                if _is_free(attribute.name):
                    boolean = attribute.kind == "boolean"
                    declared.features[attribute.name] = (
                        Feature(uima.BOOLEAN) if boolean else _STRINGS
                    )
            for relation in scheme.relations_from(label.name):
                self.slot(name, relation.name)

    def _layer(self, name: str) -> Type:
        return self.system.types.setdefault(name, Type(name))

    def declare(self, name: str, feature: str, range_: Feature = _STRINGS) -> None:
        """See to it that a layer has one of our own features."""
        self._layer(name).features.setdefault(feature, range_)

    def holds(self, name: str, feature: str, value: Any) -> bool:
        """Tell whether an attribute can be a feature of a layer; the first value decides."""
        range_ = self._range(value)
        if range_ is None or not _is_free(feature):
            return False
        return self._layer(name).features.setdefault(feature, range_) == range_

    def _range(self, value: Any) -> Feature | None:
        match value:
            case bool():
                return Feature(uima.BOOLEAN)
            case str():
                return _STRINGS
            case int() if -_LARGEST <= value < _LARGEST:
                return Feature(uima.INTEGER)
            case float():
                return Feature(uima.DOUBLE)
            case list() | tuple() if self._arrays and value:
                if all(isinstance(item, str) for item in value):
                    return Feature(uima.STRING_ARRAY)
        return None

    def slot(self, name: str, relation: str) -> tuple[str, str]:
        """Return the link feature of a layer for a relation, and the type of its links."""
        head, *rest = re.findall("[A-Za-z0-9]+", relation) or [""]
        wish = head[:1].lower() + head[1:] + "".join(part[:1].upper() + part[1:] for part in rest)
        exact = re.fullmatch("[A-Za-z0-9_ -]+", relation) and _is_free(wish)
        feature = wish if exact else "relations"
        declared = self._layer(name).features.get(feature)
        if declared is not None and declared.range != uima.FS_ARRAY:
            feature = "relations"
        return feature, self.link(name, feature)

    def link(self, name: str, feature: str) -> str:
        """Return the type of the links of a feature, and see to it that there are both."""
        link = f"{name}{feature[:1].upper()}{feature[1:]}Link"
        known = {"role": _STRINGS, "target": Feature(uima.ANNOTATION)}
        self.system.types.setdefault(link, Type(link, uima.TOP, known))
        self.declare(name, feature, Feature(uima.FS_ARRAY, link))
        return link


def _is_free(name: str) -> bool:
    return _FEATURE_NAME.fullmatch(name) is not None and name not in _RESERVED


def type_name(label: str) -> str:
    """Return the type of the annotations of a label."""
    fits = _TYPE_NAME.fullmatch(label) and not label.endswith("Link") and label != "Fragment"
    return uima.CUSTOM + label if fits else uima.BASIC_SPAN


def _standard_types() -> list[Type]:
    def of(*names: str, **others: str) -> dict[str, Feature]:
        return dict.fromkeys(names, _STRINGS) | {k: Feature(v) for k, v in others.items()}

    meta = of("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri")
    layer = of("id", "author", "kind", "state", "note", unsure=uima.BOOLEAN)
    entity = of("id", "kind", "name", "identifiers", "attributes", "note")
    entity |= of(aliases=uima.STRING_ARRAY, latitude=uima.DOUBLE, longitude=uima.DOUBLE)
    about = of("title", "language", "source", "url", "published", "metadata")
    tie = of("label", "entity", "attributes", source=uima.ANNOTATION)
    return [
        Type(uima.TOKEN, features=of("id", order=uima.INTEGER)),
        Type(uima.SENTENCE, features=of("id")),
        Type(uima.DIV, features=of("id", "divType")),
        Type(
            uima.META_DATA,
            uima.DOCUMENT_ANNOTATION,
            meta | of(isLastSegment=uima.BOOLEAN),
        ),
        Type(uima.ARTICLE, uima.TOP, about),
        Type(uima.LAYER, uima.TOP, layer),
        Type(uima.ENTITY, uima.TOP, entity),
        Type(uima.ENTITY_RELATION, uima.TOP, tie),
    ]


def cas_of(annotated: Annotated, layers: Layers) -> Cas:
    """Return the CAS of an article; *layers* is told of what it needs."""
    writer = _Writer(annotated, layers)
    writer.add_article()
    writer.add_units()
    for layer in sorted(annotated.layers.values(), key=lambda one: one.id):
        writer.add_layer(layer)
    writer.add_entities()
    return writer.cas


class _Writer:
    """Adds the structures of one article to its CAS, in a fixed order."""

    def __init__(self, annotated: Annotated, layers: Layers) -> None:
        self._annotated = annotated
        self._layers = layers
        self._ruler = Ruler(annotated.article.text)
        self._several = len(annotated.layers) > 1
        view = View(SOFA_ID, uima.INITIAL_VIEW, annotated.article.text)
        self.cas = Cas(layers.system, [view])
        self._spans: dict[str, FeatureStructure] = {}

    def _add(self, type_: str, place: Fragment | None = None, **features: Any) -> FeatureStructure:
        """Add a structure; features without a value are left out."""
        said = {name: value for name, value in features.items() if value is not None}
        if place is not None:
            start, end = (self._ruler.position(at, "utf16") for at in place)
            said = {"sofa": Ref(SOFA_ID), "begin": start, "end": end} | said
        item = FeatureStructure(SOFA_ID + 1 + len(self.cas.structures), type_, said)
        self.cas.structures[item.id] = item
        return item

    def add_article(self) -> None:
        """Add what is known about the article."""
        article = self._annotated.article
        url = article.url if article.url and article.url.startswith(("http:", "https:")) else None
        self._add(
            uima.META_DATA,
            Fragment(0, len(article.text)),
            language=article.language or "x-unspecified",
            documentTitle=article.title,
            documentId=article.id,
            documentUri=url,
            isLastSegment=False,
        )
        self._add(
            uima.ARTICLE,
            title=article.title,
            language=article.language,
            source=article.source,
            url=article.url,
            published=article.published,
            metadata=_json(article.metadata),
        )
        for zone in article.zones:
            self._add(uima.DIV, Fragment(zone.start, zone.end), divType=zone.zone)

    def add_units(self) -> None:
        """Add sentences and tokens, without which INCEpTION shows nothing."""
        article = self._annotated.article
        structure = Structure(article.text, article.language)
        whole = Fragment(0, len(article.text))
        for sentence in structure.sentences(whole):
            self._add(uima.SENTENCE, sentence)
        for number, token in enumerate(structure.tokens(whole)):
            self._add(uima.TOKEN, token, order=number)

    def add_layer(self, layer: Layer) -> None:
        """Add a layer with its spans and relations."""
        self._add(
            uima.LAYER,
            id=layer.id,
            author=layer.author,
            kind=layer.kind,
            state=layer.state,
            note=layer.note or None,
            unsure=layer.unsure,
        )
        for span in self._annotated.spans_of(layer.id):
            self._add_span(span)
        for span in self._annotated.spans_of(layer.id):
            self._add_relations(span)

    def _add_span(self, span: Span) -> None:
        name = type_name(span.label)
        basic = name == uima.BASIC_SPAN
        entity = None if span.entity_id is None else self._annotated.entities.get(span.entity_id)
        own: dict[str, Any] = {
            "label": span.label if basic else None,
            "identifier": span.entity_id,
            "entity": None if entity is None else entity.name,
            "entityKind": None if entity is None else entity.kind,
            "note": span.note or None,
            "unsure": span.unsure or None,
            "layer": span.layer_id if self._several else None,
        }
        features: dict[str, Any] = {}
        left: dict[str, Any] = {}
        for key in sorted(span.attributes):
            value = span.attributes[key]
            fits = self._layers.holds(name, key, value)
            (features if fits else left)[key] = tuple(value) if isinstance(value, list) else value
        own["attributes"] = _json(left)
        for key, value in own.items():
            if value is not None:
                range_ = Feature(uima.BOOLEAN) if key == "unsure" else _STRINGS
                self._layers.declare(name, key, range_)
        self._spans[span.id] = item = self._add(name, span.fragments[0], **own, **features)
        self._add_fragments(item, span.fragments[1:])

    def _add_fragments(self, item: FeatureStructure, rest: tuple[Fragment, ...]) -> None:
        if not rest:
            return
        link = self._layers.link(item.type, "fragments")
        self._layers.system.types.setdefault(uima.FRAGMENT, Type(uima.FRAGMENT))
        parts = [self._add(uima.FRAGMENT, fragment) for fragment in rest]
        slots = [self._add(link, target=Ref(part.id)) for part in parts]
        item.features["fragments"] = tuple(Ref(slot.id) for slot in slots)

    def _add_relations(self, span: Span) -> None:
        source = self._spans[span.id]
        for tie in self._annotated.relations_from(span.id):
            attributes = _json(tie.attributes)
            if tie.target is None:
                self._add(
                    uima.ENTITY_RELATION,
                    label=tie.label,
                    source=Ref(source.id),
                    entity=tie.target_entity,
                    attributes=attributes,
                )
                continue
            feature, link = self._layers.slot(source.type, tie.label)
            if attributes is not None:
                self._layers.declare(link, "attributes")
            target = Ref(self._spans[tie.target].id)
            slot = self._add(link, role=tie.label, target=target, attributes=attributes)
            source.features[feature] = (*source.features.get(feature, ()), Ref(slot.id))

    def add_entities(self) -> None:
        """Add the entities that belong to the article."""
        for key in sorted(self._annotated.entities):
            entity = self._annotated.entities[key]
            self._add(
                uima.ENTITY,
                id=entity.id,
                kind=entity.kind,
                name=entity.name,
                aliases=entity.aliases or None,
                identifiers=_json(entity.identifiers),
                latitude=None if entity.latitude is None else float(entity.latitude),
                longitude=None if entity.longitude is None else float(entity.longitude),
                attributes=_json(entity.attributes),
                note=entity.note or None,
            )


def _json(values: Mapping[str, Any]) -> str | None:
    """Return a mapping as JSON, or None for an empty one."""
    if not values:
        return None
    return json.dumps(dict(values), ensure_ascii=False, allow_nan=False, sort_keys=True)
