"""One article as a TEI document; what stands where is told in :mod:`annotator.formats.tei`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats.carried import ordered
from annotator.formats.tei_nesting import Edge, blocks, edges
from annotator.formats.xml_writing import DECLARATION, Identifiers, element, text
from annotator.model import Article, Entity, Layer, LayerState, Relation, Span, reading_order
from annotator.scheme import Scheme

NAMESPACE: Final = "http://www.tei-c.org/ns/1.0"
APPLICATION: Final = "annotator"
"""Identifier of the program in the header of its own files, whose blanks are to be believed."""
JSON: Final = "json"
"""Type of a feature structure whose one feature holds JSON: values without a shape of TEI's."""

_WORD: Final = re.compile(r"[\w:.\-]+")
_DAY: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_BY_KIND: Final[Mapping[str | None, str]] = {"place": "placeName", "actor": "rs"}
_BY_LABEL: Final[Mapping[str, str]] = {
    "PER": "persName",
    "ORG": "orgName",
    "LOC": "placeName",
    "Location": "placeName",
    "Place": "placeName",
    "Speaker": "rs",
    "Claim": "said",
    "Quotation": "said",
}
_ORGANISATIONS: Final = frozenset({"organisation", "government", "group"})
_DIRECT: Final = {"direct": "true", "indirect": "false"}


class Document:
    """Puts the document of one article together."""

    def __init__(self, item: Annotated, scheme: Scheme) -> None:
        self._item = item
        self._scheme = scheme
        self._ids = Identifiers()
        self._names: dict[tuple[str, str], str] = {}
        """``xml:id`` by kind of thing and our id, or name, of it."""
        self._structures: list[str] = []
        """Feature structures that elements refer to."""
        for label in sorted({span.label for span in item.spans.values()}):
            self._name("label", label)
        for layer in self._layers():
            self._name("layer", layer.id)
        for key in sorted(item.entities):
            self._name("entity", key)
        for span in self._spans():
            self._name("span", span.id)
        self._pieces: dict[str, list[str]] = {}
        self._anchors = {place for zone in item.article.zones for place in zone[1:]}

    def render(self) -> bytes:
        """Return the document."""
        body = self._body()
        standoff = self._standoff()
        header = self._header()
        language = self._item.article.language or None
        root = element(
            "TEI",
            {"xmlns": NAMESPACE, "xml:lang": language},
            f"\n{header}\n",
            element("text", {}, "\n", body, "\n"),
            f"\n{standoff}\n" if standoff else "\n",
        )
        return f"{DECLARATION}{root}\n".encode()

    def _name(self, kind: str, key: str) -> str:
        if (kind, key) not in self._names:
            self._names[kind, key] = self._ids.new(key, kind[0])
        return self._names[kind, key]

    def _to(self, kind: str, key: str) -> str:
        return f"#{self._name(kind, key)}"

    def _named(self, kind: str, key: str) -> dict[str, str | None]:
        """Return the attributes that name a thing; ``n`` keeps an id that XML does not allow."""
        name = self._name(kind, key)
        return {"xml:id": name, "n": None if name == key else key}

    def _layers(self) -> list[Layer]:
        layers = self._item.layers.values()
        return sorted(layers, key=lambda layer: (layer.author, layer.kind, layer.id))

    def _spans(self) -> list[Span]:
        return sorted(self._item.spans.values(), key=reading_order)

    # ------------------------------------------------------------------------------------ header

    def _header(self) -> str:
        article = self._item.article
        about = element("title", {}, text(article.title))
        title = element("titleStmt", {}, about, *map(self._responsibility, self._layers()))
        paragraph = element("p", {}, "Written by Annotator.")
        description = element(
            "fileDesc",
            {},
            title,
            "\n",
            element("publicationStmt", {}, paragraph),
            "\n",
            element("sourceDesc", {}, _bibliography(article)),
        )
        parts = [description, self._encoding()]
        if article.language is not None:
            language = element("language", {"ident": article.language})
            parts.append(element("profileDesc", {}, element("langUsage", {}, language)))
        if article.metadata:
            parts.append(element("xenoData", {}, text(_json(article.metadata))))
        return element("teiHeader", {}, "\n", "\n".join(parts), "\n")

    def _responsibility(self, layer: Layer) -> str:
        parts = [element("resp", {}, text(layer.kind)), element("name", {}, text(layer.author))]
        if layer.state != LayerState.IN_PROGRESS:
            parts.append(element("note", {"type": "state"}, text(layer.state)))
        if layer.note:
            parts.append(element("note", {}, text(layer.note)))
        if layer.unsure:
            parts.append(element("note", {"type": "unsure"}))
        return "\n" + element("respStmt", self._named("layer", layer.id), *parts)

    def _encoding(self) -> str:
        said = element("label", {}, "Annotator")
        program = element("application", {"ident": APPLICATION, "version": "1"}, said)
        parts = [element("appInfo", {}, program)]
        labels = sorted({span.label for span in self._item.spans.values()})
        if labels:
            parts.append(self._taxonomy(labels))
        return element("encodingDesc", {}, *parts)

    def _taxonomy(self, labels: list[str]) -> str:
        categories = []
        for name in labels:
            known = self._scheme.label(name)
            parts = [element("gloss", {}, text(name))]
            if known is not None and known.definition:
                parts.append(element("desc", {}, text(known.definition)))
            identifier = {"xml:id": self._name("label", name)}
            categories.append("\n" + element("category", identifier, *parts))
        return element("classDecl", {}, element("taxonomy", {}, *categories, "\n"))

    # -------------------------------------------------------------------------------------- body

    def _body(self) -> str:
        words = self._item.article.text
        spans = self._spans()
        counts: dict[str, int] = {}
        found = [(block, list(edges(block, spans, counts))) for block in blocks(words)]
        for span in spans:
            first = self._name("span", span.id)
            further = range(2, counts[span.id] + 1)
            self._pieces[span.id] = [first, *(self._ids.new(f"{first}.{n}", "x") for n in further)]
        anchors = {place: self._name("c", f"c{place}") for place in sorted(self._anchors)}
        paragraphs: list[str] = []
        for block, marks in found:
            inside = {at: name for at, name in anchors.items() if block.start <= at < block.end}
            if block.end == len(words) and block.end in anchors:
                inside[block.end] = anchors[block.end]
            paragraphs.append("\n" + self._paragraph(block.start, block.end, marks, inside))
        return element("body", {"xml:space": "preserve"}, *paragraphs, "\n")

    def _paragraph(self, start: int, end: int, marks: list[Edge], anchors: dict[int, str]) -> str:
        words = self._item.article.text
        parts: list[str] = []
        at = start
        waiting = sorted(anchors)
        for mark in marks:
            while waiting and waiting[0] <= mark.position:
                place = waiting.pop(0)
                parts += (text(words[at:place]), element("anchor", {"xml:id": anchors[place]}))
                at = place
            parts += (text(words[at : mark.position]), self._tag(mark))
            at = mark.position
        for place in waiting:
            parts += (text(words[at:place]), element("anchor", {"xml:id": anchors[place]}))
            at = place
        return element("p", {}, *parts, text(words[at:end]))

    def _tag(self, mark: Edge) -> str:
        span, number = mark.piece.span, mark.piece.number
        name = self._element(span)
        if not mark.opens:
            return f"</{name}>"
        names = self._pieces[span.id]
        follower = names[number + 1] if number + 1 < len(names) else None
        own = self._name("span", span.id)
        attributes = {
            "xml:id": names[number],
            "n": span.id if number == 0 and own != span.id else None,
            "next": None if follower is None else f"#{follower}",
            "prev": f"#{names[number - 1]}" if number else None,
            "ana": self._analysis(span, number == 0),
            "resp": self._to("layer", span.layer_id),
            "cert": "low" if span.unsure else None,
            **self._reference(span, name),
        }
        return element(name, attributes, "|").removesuffix(f"|</{name}>")

    def _element(self, span: Span) -> str:
        label = self._scheme.label(span.label)
        kind = None if label is None else label.entity
        return _BY_LABEL.get(span.label) or _BY_KIND.get(kind, "seg")

    def _analysis(self, span: Span, first: bool) -> str:
        label = self._to("label", span.label)
        if not (first and span.attributes):
            return label
        return f"{label} {self._structure(span.attributes)}"

    def _reference(self, span: Span, name: str) -> dict[str, str | None]:
        entity = None if span.entity_id is None else self._to("entity", span.entity_id)
        if name != "said":
            return {"corresp" if name == "seg" else "ref": entity}
        who = dict.fromkeys(
            self._speaker(tie)
            for tie in self._item.relations_from(span.id)
            if tie.label == "attributed_to"
        )
        direct = _DIRECT.get(str(span.attributes.get("form")), "unknown")
        return {"who": " ".join(who) or None, "direct": direct, "corresp": entity}

    def _speaker(self, tie: Relation) -> str:
        """Return whom words are ascribed to: an entity, or the words that name it."""
        target = None if tie.target is None else self._item.spans[tie.target]
        entity = tie.target_entity if target is None else target.entity_id
        if entity is not None:
            return self._to("entity", entity)
        assert target is not None
        return self._to("span", target.id)

    # ---------------------------------------------------------------------------------- standoff

    def _standoff(self) -> str:
        parts = [
            *self._entities(),
            *self._relations(),
            *self._zones(),
            *self._notes(),
            *self._structures,
        ]
        return element("standOff", {}, "\n", "\n".join(parts), "\n") if parts else ""

    def _entities(self) -> Iterable[str]:
        groups: dict[tuple[str, str], list[str]] = {}
        for _, entity in sorted(self._item.entities.items()):
            outer, inner, name = _shape(entity)
            kind = entity.kind if outer == "list" else ""
            groups.setdefault((outer, kind), []).append(self._entity(entity, inner, name))
        for (outer, kind), found in sorted(groups.items()):
            yield element(outer, {"type": kind if outer == "list" else None}, *found)

    def _entity(self, entity: Entity, inner: str, name: str) -> str:
        parts = [element(name, {}, text(entity.name))]
        parts += [element(name, {"type": "alias"}, text(alias)) for alias in entity.aliases]
        if entity.latitude is not None or entity.longitude is not None:
            place = f"{_number(entity.latitude)} {_number(entity.longitude)}"
            whole = entity.kind == "place" and "?" not in place
            geo = element("location", {}, element("geo", {}, place))
            parts.append(geo if whole else element("note", {"type": "geo"}, place))
        if entity.note:
            parts.append(element("note", {}, text(entity.note)))
        parts += [
            element("idno", {"type": key}, text(str(value)))
            for key, value in sorted(entity.identifiers.items())
        ]
        structure = self._structure(entity.attributes) if entity.attributes else None
        attributes = {**self._named("entity", entity.id), "ana": structure}
        return element(inner, attributes, *parts)

    def _relations(self) -> Iterable[str]:
        found: list[str] = []
        for layer in self._layers():
            for tie in self._item.relations_of(layer.id):
                end = (
                    self._to("entity", tie.target_entity or "")
                    if tie.target is None
                    else self._to("span", tie.target)
                )
                attributes = {
                    **self._named("relation", tie.id),
                    "name": tie.label,
                    "active": self._to("span", tie.source),
                    "passive": end,
                    "resp": self._to("layer", layer.id),
                    "ana": self._structure(tie.attributes) if tie.attributes else None,
                }
                found.append("\n" + element("relation", attributes))
        return [element("listRelation", {}, *found, "\n")] if found else []

    def _zones(self) -> Iterable[str]:
        found = [
            element(
                "span",
                {
                    "type": zone.zone,
                    "from": self._to("c", f"c{zone.start}"),
                    "to": self._to("c", f"c{zone.end}"),
                },
            )
            for zone in self._item.article.zones
        ]
        return [element("spanGrp", {"type": "zones"}, *found)] if found else []

    def _notes(self) -> Iterable[str]:
        found = [
            element(
                "annotation",
                {
                    "xml:id": self._name("note", f"{span.id}.note"),
                    "motivation": "commenting",
                    "target": self._to("span", span.id),
                },
                element("note", {}, text(span.note)),
            )
            for span in self._spans()
            if span.note
        ]
        return [element("listAnnotation", {}, *found)] if found else []

    def _structure(self, values: Mapping[str, Any]) -> str:
        """Keep *values* as a feature structure, and return the pointer to it."""
        name = self._ids.new("", "fs")
        named = all(_WORD.fullmatch(key) for key in values)
        features = [_feature(key, values[key]) for key in sorted(values)] if named else []
        if named:
            self._structures.append(element("fs", {"xml:id": name}, *features))
        else:
            self._structures.append(_json_structure(values, name))
        return f"#{name}"


def _bibliography(article: Article) -> str:
    parts = [element("title", {}, text(article.title))]
    if article.source is not None:
        parts.append(element("publisher", {}, text(article.source)))
    if article.published is not None:
        when = article.published if _DAY.fullmatch(article.published) else None
        parts.append(element("date", {"when": when}, text(article.published)))
    if article.url is not None:
        parts.append(element("ptr", {"target": article.url}))
    parts.append(element("idno", {"type": APPLICATION}, text(article.id)))
    return element("bibl", {}, *parts)


def _shape(entity: Entity) -> tuple[str, str, str]:
    """Return the elements for a list of such entities, for one, and for its name."""
    if entity.kind == "place":
        return "listPlace", "place", "placeName"
    if entity.kind != "actor":
        return "list", "item", "name"
    if entity.attributes.get("actor_type") in _ORGANISATIONS:
        return "listOrg", "org", "orgName"
    return "listPerson", "person", "persName"


def _feature(name: str, value: Any) -> str:
    if isinstance(value, bool):
        inner = element("binary", {"value": "true" if value else "false"})
    elif isinstance(value, str):
        inner = element("string", {}, text(value))
    else:
        inner = _json_structure(value, None)
    return element("f", {"name": name}, inner)


def _json_structure(value: Any, name: str | None) -> str:
    inner = element("string", {}, text(_json(value)))
    return element("fs", {"xml:id": name, "type": JSON}, element("f", {"name": JSON}, inner))


def _json(value: Any) -> str:
    return json.dumps(ordered(value), ensure_ascii=False)


def _number(value: float | None) -> str:
    return "?" if value is None else repr(value)
