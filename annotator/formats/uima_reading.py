"""What the structures of a CAS mean to us, whatever its type system.

Annotations become spans labelled by the short name of their type (``custom.Span``, INCEpTION's
layer for everything, by its feature ``label``), features with plain values become attributes.
Relation layers (``Governor`` and ``Dependent``), link features, plain references from annotation to
annotation, and the steps of chains become relations. Tokens, sentences and paragraphs are passed
over, for the program finds its own, except where a relation ends at one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, json_text, uima
from annotator.formats.file_names import id_of
from annotator.formats.offsets import Claimed, Misplaced, Ruler, located
from annotator.formats.uima import Cas, FeatureStructure, Ref, View
from annotator.model import (
    Article,
    Entity,
    Fragment,
    Layer,
    LayerKind,
    LayerState,
    Relation,
    Span,
    Zone,
    text_hash,
)
from annotator.spans import covered, normalise

MOST_PROBLEMS: Final = 1000
"""Problems that are told one by one for a file; what is above is counted."""

_STRUCTURE: Final = frozenset(
    {"Token", "Sentence", "Paragraph", "Heading", "Div", "Document", "DocumentAnnotation"}
    | {"DocumentMetaData", "MetaDataStringField", "TagsetDescription", "TagDescription"}
)
"""Short names of types that describe the text, not what somebody marked in it."""
_OWN: Final = frozenset({uima.ARTICLE, uima.LAYER, uima.ENTITY, uima.ENTITY_RELATION})
_PLACE: Final = frozenset({"sofa", "begin", "end"})
_ENDS: Final = ("Governor", "Dependent")
_DOCUMENT_SUFFIXES: Final = frozenset({".txt", ".xmi", ".tsv", ".json", ".html", ".pdf", ".xml"})


@dataclass(frozen=True, slots=True)
class Origin:
    """What the path of a file says: which article, and whose labels."""

    document: str
    author: str


def origin(path: Path) -> Origin:
    """Return what *path* says. INCEpTION puts one file for each person into a folder ``x.txt``."""
    if path.parent.suffix.lower() in _DOCUMENT_SUFFIXES:
        return Origin(id_of(path.parent.name), id_of(path.stem))
    return Origin(id_of(path.stem), "")


def articles(
    cas: Cas, source: Origin, reading: Reading, unit: str = ""
) -> Iterator[Annotated | Problem]:
    """Yield an article for each text of *cas*, and what cannot be taken over.

    *unit* is what offsets count where that is known better than *reading* says.
    """
    views = [view for view in cas.views if view.text]
    if not views:
        yield Problem(0, "", "There is no text in it, so there is nothing to import.")
    for view in views:
        meaning = _Meaning(cas, view, source, reading, unit, alone=len(views) == 1)
        yield meaning.result()
        yield from meaning.problems[:MOST_PROBLEMS]
        more = len(meaning.problems) - MOST_PROBLEMS
        if more > 0:
            yield Problem(0, "", f"{more:,} more labels cannot be taken over.")


class _Meaning:
    """Makes an article of one view; keeps account of what became a span and what could not."""

    def __init__(
        self, cas: Cas, view: View, source: Origin, reading: Reading, unit: str, *, alone: bool
    ) -> None:
        self._cas = cas
        self._view = view
        self._reading = reading
        self._author = source.author or reading.author
        self._text = view.text or ""
        self._ruler = Ruler(self._text)
        self._mine = [item for item in cas.structures.values() if self._belongs(item, alone)]
        self._unit = unit or self._found_unit()
        self._chained = self._chain_types()
        self._linked = self._link_structures()
        self._known: set[int] = set()
        """Structures that became something, or about which something was said."""
        self.problems: list[Problem] = []
        self._annotated = Annotated(self._article(source, alone))

    def result(self) -> Annotated:
        """Return the article with its labels; fills ``problems``."""
        self._read_own()
        ends = self._ends()
        for item in self._mine:
            if item.is_annotation and self._is_span(item, ends):
                self._read_span(item)
        for item in self._mine:
            self._read_relations(item)
        self._count_rest()
        return self._annotated

    # ------------------------------------------------------------------------------ what is what

    def _belongs(self, item: FeatureStructure, alone: bool) -> bool:
        sofa = item.features.get("sofa")
        return sofa is None or alone or sofa == Ref(self._view.sofa)

    def _found_unit(self) -> str:
        """Return what offsets count: UTF-16 units, unless the document ends elsewhere."""
        if self._reading.offsets != "auto":
            return self._reading.offsets
        whole = {item.features.get("end") for item in self._mine if self._is_document(item)}
        if len(self._text) in whole and self._ruler.position(len(self._text), "utf16") not in whole:
            return "codepoint"
        return "utf16"

    def _is_document(self, item: FeatureStructure) -> bool:
        named = item.short_name in ("DocumentAnnotation", "DocumentMetaData")
        return named or self._cas.types.is_a(item.type, uima.DOCUMENT_ANNOTATION)

    def _chain_types(self) -> frozenset[str]:
        firsts = (self._cas.get(item.features.get("first")) for item in self._mine)
        nexts = (item for item in self._mine if isinstance(item.features.get("next"), Ref))
        return frozenset(item.type for item in (*firsts, *nexts) if item is not None)

    def _link_structures(self) -> frozenset[int]:
        """Return the structures that are no annotations and lead to one: slots of link features."""
        return frozenset(
            item.id
            for item in self._mine
            if not item.is_annotation and isinstance(item.features.get("target"), Ref)
        )

    def _is_relation(self, item: FeatureStructure) -> bool:
        return any(isinstance(item.features.get(name), Ref) for name in _ENDS)

    def _is_span(self, item: FeatureStructure, ends: set[int]) -> bool:
        if self._is_relation(item) or item.type == uima.FRAGMENT or self._is_document(item):
            return False
        custom = item.type.startswith(uima.CUSTOM)
        return custom or item.short_name not in _STRUCTURE or item.id in ends

    def _ends(self) -> set[int]:
        """Return the ids of the structures that a relation or a link begins or ends at."""
        found: set[int] = set()
        for item in self._mine:
            values: list[Any] = [item.features.get(name) for name in (*_ENDS, "target", "source")]
            if item.short_name not in _STRUCTURE:
                values += [v for name, v in item.features.items() if name not in _PLACE]
            found.update(value.id for value in values if isinstance(value, Ref))
        return found

    def label(self, item: FeatureStructure) -> str:
        """Return the label that a structure stands for."""
        named = item.features.get("label")
        if item.type in (uima.BASIC_SPAN, uima.BASIC_RELATION) and isinstance(named, str) and named:
            return named
        if item.type in self._chained:
            return item.short_name.removesuffix("Link") or item.short_name
        return item.short_name

    # -------------------------------------------------------------------------- the article itself

    def _article(self, source: Origin, alone: bool) -> Article:
        document = next((i for i in self._mine if i.short_name == "DocumentMetaData"), None)
        plain = next((i for i in self._mine if self._is_document(i)), None)
        own = next((i for i in self._mine if i.type == uima.ARTICLE), None)
        said: dict[str, Any] = {}
        for item in (plain, document):
            said |= {} if item is None else item.features
        id_ = _document_name(said.get("documentId")) or source.document
        url = said.get("documentUri")
        language = said.get("language", "x-unspecified")
        facts: dict[str, Any] = {
            "title": said.get("documentTitle") or id_,
            "language": None if language == "x-unspecified" else language,
            "url": url if isinstance(url, str) and url.startswith(("http:", "https:")) else None,
            "metadata": self._fields(),
        }
        if own is not None:
            facts = _own_facts(own)
        return Article(
            id=id_ if alone else f"{id_}#{self._view.name}",
            text=self._text,
            sha256=text_hash(self._text),
            zones=tuple(self._zones()),
            **facts,
        )

    def _fields(self) -> dict[str, Any]:
        fields = (i.features for i in self._mine if i.short_name == "MetaDataStringField")
        return {str(item.get("key")): item.get("value") for item in fields if item.get("key")}

    def _zones(self) -> Iterator[Zone]:
        for item in self._mine:
            kind = item.features.get("divType")
            if item.type == uima.DIV and item.is_annotation and isinstance(kind, str):
                place = self._located(item)
                if isinstance(place, Fragment):
                    yield Zone(kind, place.start, place.end)

    def _located(self, item: FeatureStructure) -> Fragment | Misplaced:
        start, end = item.features["begin"], item.features["end"]
        if start == end and self._ruler.codepoint(start, self._unit) is not None:
            return Misplaced(f"It stands at {start} and covers no words.")
        if not isinstance(end, int):
            return Misplaced(f"{end!r} is not an offset.")
        return located(self._ruler, Claimed(start, end), self._unit)

    def _read_own(self) -> None:
        for item in self._mine:
            said = item.features
            if item.type == uima.LAYER:
                layer = Layer(
                    id=str(said.get("id")),
                    article_id=self._annotated.article.id,
                    author=str(said.get("author", "")),
                    kind=str(said.get("kind", LayerKind.IMPORT)),
                    state=str(said.get("state", LayerState.IN_PROGRESS)),
                    note=str(said.get("note", "")),
                    unsure=truth(said.get("unsure")),
                )
                self._annotated.layers[layer.id] = layer
            elif item.type == uima.ENTITY:
                entity = _entity(self._cas, item)
                self._annotated.entities[entity.id] = entity

    def _layer(self, item: FeatureStructure) -> str:
        """Return the id of the layer that a span is in; the layer is made where it is missing."""
        layers = self._annotated.layers
        named = item.features.get("layer")
        if not isinstance(named, str):
            if layers:
                return next(iter(layers))
            named = self._author or "import"
        if named not in layers:
            layers[named] = Layer(
                id=named,
                article_id=self._annotated.article.id,
                author=self._author,
                kind=LayerKind.PERSON if self._author else LayerKind.IMPORT,
            )
        return named

    # --------------------------------------------------------------------------------------- spans

    def _refuse(self, item: FeatureStructure, reason: str) -> None:
        self._known.add(item.id)
        self.problems.append(Problem(item.line, item.place, reason))

    def _read_span(self, item: FeatureStructure) -> None:
        places = [self._located(part) for part in (item, *self._parts(item))]
        wrong = next((place for place in places if isinstance(place, Misplaced)), None)
        if wrong is not None:
            self._refuse(item, wrong.reason)
            return
        fragments = normalise(place for place in places if isinstance(place, Fragment))
        said = item.features
        attributes, entity_id = self._values(item)
        span = Span(
            id=str(item.id),
            article_id=self._annotated.article.id,
            layer_id=self._layer(item),
            label=self.label(item),
            fragments=fragments,
            text=covered(self._text, fragments),
            attributes=attributes,
            entity_id=entity_id,
            unsure=truth(said.get("unsure")),
            note=str(said.get("note", "")),
        )
        self._known.add(item.id)
        self._annotated.spans[span.id] = span

    def _parts(self, item: FeatureStructure) -> Iterator[FeatureStructure]:
        """Yield the annotations of the later fragments of a span."""
        for value in self._cas.elements(item.features.get("fragments")):
            slot = self._cas.get(value)
            part = None if slot is None else self._cas.get(slot.features.get("target"))
            if part is not None and slot is not None and part.type == uima.FRAGMENT:
                self._known |= {slot.id, part.id}
                yield part

    def _values(self, item: FeatureStructure) -> tuple[dict[str, Any], str | None]:
        """Return the attributes of a span or relation, and the id of its entity."""
        consumed = {*_PLACE, "note", "unsure", "layer", "attributes"}
        if item.type in (uima.BASIC_SPAN, uima.BASIC_RELATION):
            consumed.add("label")
        entity_id = self._entity_of(item)
        if entity_id is not None:
            consumed |= {"identifier", "entity", "entityKind"}
        found: dict[str, Any] = {}
        for name, value in item.features.items():
            if name in consumed or self._is_reference(value):
                continue
            elements = self._cas.elements(value)
            several = isinstance(value, (tuple, Ref))
            found[name] = list(elements) if several else self._typed(item, name, value)
        return found | _json_object(item.features.get("attributes")), entity_id

    def _is_reference(self, value: Any) -> bool:
        """Tell whether a value leads to other structures, not to plain values."""
        if not isinstance(value, (tuple, Ref)):
            return False
        elements = self._cas.elements(value)
        return not elements or any(isinstance(one, Ref) for one in elements)

    def _typed(self, item: FeatureStructure, name: str, value: Any) -> Any:
        """Return a value as the scheme wants it, where the file had it as text."""
        scheme = self._reading.scheme
        label = None if scheme is None else scheme.label(self.label(item))
        known = None if label is None else label.attribute(name)
        if known is not None and known.kind == "boolean" and value in ("true", "false"):
            return value == "true"
        return value

    def _entity_of(self, item: FeatureStructure) -> str | None:
        said = item.features
        id_ = said.get("identifier")
        if not isinstance(id_, str):
            return None
        if id_ not in self._annotated.entities:
            if "entityKind" not in said:
                return None
            self._annotated.entities[id_] = Entity(
                id=id_, kind=str(said["entityKind"]), name=str(said.get("entity", ""))
            )
        return id_

    # ----------------------------------------------------------------------------------- relations

    def _read_relations(self, item: FeatureStructure) -> None:
        if self._is_relation(item):
            self._read_arc(item)
        elif item.type == uima.ENTITY_RELATION:
            self._read_entity_relation(item)
        elif item.type in self._chained:
            self._read_step(item)
        elif str(item.id) in self._annotated.spans:
            for name, value in item.features.items():
                if name not in _PLACE and name != "fragments" and self._is_reference(value):
                    self._read_links(item, name, self._cas.elements(value))

    def _read_arc(self, item: FeatureStructure) -> None:
        source, target = (item.features.get(name) for name in _ENDS)
        attributes = self._values(item)[0]
        self._relate(item, str(item.id), self.label(item), source, target, attributes)

    def _read_step(self, item: FeatureStructure) -> None:
        """Read the step from a link of a chain to the next."""
        if isinstance(item.features.get("next"), Ref):
            said = item.features.get("referenceRelation")
            label = said if isinstance(said, str) and said else self.label(item)
            self._relate(item, f"{item.id}.next", label, Ref(item.id), item.features["next"], {})

    def _read_links(self, item: FeatureStructure, name: str, values: tuple[Any, ...]) -> None:
        for number, value in enumerate(values, 1):
            slot = self._cas.get(value)
            if slot is None:
                if value != Ref(0):
                    self._refuse(item, f"{name} leads to {_shown(value)}, which is not there.")
            elif slot.id in self._linked:
                role = slot.features.get("role")
                label = role if isinstance(role, str) and role else name
                id_ = str(slot.id)
                if id_ in self._annotated.relations:
                    id_ = f"{item.id}.{name}.{number}"
                attributes = _json_object(slot.features.get("attributes"))
                target = slot.features["target"]
                self._relate(slot, id_, label, Ref(item.id), target, attributes)
            elif slot.is_annotation:
                self._relate(item, f"{item.id}.{name}.{number}", name, Ref(item.id), value, {})

    def _relate(
        self,
        item: FeatureStructure,
        id_: str,
        label: str,
        source: Any,
        target: Any,
        attributes: Mapping[str, Any],
    ) -> None:
        spans = self._annotated.spans
        ends = [spans.get(str(end.id)) if isinstance(end, Ref) else None for end in (source, target)]
        if ends[0] is None or ends[1] is None:
            gone = _shown(source if ends[0] is None else target)
            self._refuse(item, f"The relation {label!r} ends at {gone}, which is not there.")
            return
        if ends[0].layer_id != ends[1].layer_id:
            self._refuse(item, f"The relation {label!r} leads into another person’s labels.")
            return
        self._known.add(item.id)
        self._annotated.relations[id_] = Relation(
            id=id_,
            article_id=self._annotated.article.id,
            layer_id=ends[0].layer_id,
            label=label,
            source=ends[0].id,
            target=ends[1].id,
            attributes=attributes,
        )

    def _read_entity_relation(self, item: FeatureStructure) -> None:
        said = item.features
        source = said.get("source")
        span = self._annotated.spans.get(str(source.id)) if isinstance(source, Ref) else None
        entity = said.get("entity")
        if span is None or entity not in self._annotated.entities:
            gone = _shown(source) if span is None else repr(entity)
            self._refuse(item, f"The relation ends at {gone}, which is not there.")
            return
        self._annotated.relations[str(item.id)] = Relation(
            id=str(item.id),
            article_id=self._annotated.article.id,
            layer_id=span.layer_id,
            label=str(said.get("label", "")),
            source=span.id,
            target_entity=entity,
            attributes=_json_object(said.get("attributes")),
        )

    # ------------------------------------------------------------------------------------ the rest

    def _count_rest(self) -> None:
        """Say what there was besides that has no place in the text."""
        rest = Counter(item.type for item in self._mine if self._is_lost(item))
        for name in sorted(rest):
            self.problems.append(
                Problem(0, name, f"{rest[name]:,} without a place in the text are left out.")
            )

    def _is_lost(self, item: FeatureStructure) -> bool:
        if item.is_annotation or item.id in self._known or item.type in _OWN:
            return False
        if uima.is_array(item.type) or "head" in item.features or "first" in item.features:
            return False
        structural = item.short_name in _STRUCTURE or item.short_name.startswith("Empty")
        return not structural and item.type != uima.SOFA


def _document_name(said: Any) -> str:
    """Return the name of a document without the folders of the computer that it came from."""
    name = said if isinstance(said, str) else ""
    if name.startswith(("file:", "/", "\\\\")) or name[1:3] in (":\\", ":/"):
        name = name.replace("\\", "/").rpartition("/")[2]
    return name


def _own_facts(own: FeatureStructure) -> dict[str, Any]:
    said = own.features
    facts: dict[str, Any] = {
        key: said.get(key) for key in ("language", "source", "url", "published")
    }
    title = str(said.get("title", ""))
    return facts | {"title": title, "metadata": _json_object(said.get("metadata"))}


def _entity(cas: Cas, item: FeatureStructure) -> Entity:
    said = item.features
    degrees = [
        float(value) if isinstance(value, (int, float)) else None
        for value in (said.get("latitude"), said.get("longitude"))
    ]
    return Entity(
        id=str(said.get("id")),
        kind=str(said.get("kind", "")),
        name=str(said.get("name", "")),
        aliases=tuple(map(str, cas.elements(said.get("aliases")))),
        identifiers={key: str(v) for key, v in _json_object(said.get("identifiers")).items()},
        latitude=degrees[0],
        longitude=degrees[1],
        attributes=_json_object(said.get("attributes")),
        note=str(said.get("note", "")),
    )


def truth(value: Any) -> bool:
    """Return a truth value that a file may have as text."""
    return value is True or value == "true"


def _json_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, str):
        return {}
    try:
        found = json_text.loads(value)
    except ValueError:
        return {"attributes": value}
    return found if isinstance(found, dict) else {"attributes": value}


def _shown(value: Any) -> str:
    return str(value.id) if isinstance(value, Ref) else "nothing"
