"""What a TEI document means to us: its header, the elements in its text, what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading
from annotator.formats.gathering import Gathering
from annotator.formats.tei_header import Header, below
from annotator.formats.tei_text import XML_ID, Placed, Walk
from annotator.formats.tei_values import content, coordinates, features, layer_facts
from annotator.formats.tei_writing import APPLICATION
from annotator.formats.xml_text import local
from annotator.model import Entity, Fragment, Layer, LayerKind, Zone
from annotator.spans import normalise

if TYPE_CHECKING:
    from lxml import etree

_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "said": ("Claim", "Quotation"),
    "q": ("Claim", "Quotation"),
    "quote": ("Claim", "Quotation"),
    "placeName": ("Location", "Place", "LOC"),
    "geogName": ("Location", "Place", "LOC"),
    "country": ("Location", "Place", "LOC"),
    "region": ("Location", "Place", "LOC"),
    "settlement": ("Location", "Place", "LOC"),
    "persName": ("PER",),
    "orgName": ("ORG",),
    "name": (),
    "rs": (),
    "seg": (),
}
"""Elements that are labels, and what ours are called that mean the same where a scheme has them."""
_TYPED: Final = frozenset({"name", "rs", "seg"})
"""Elements whose type says more than their name."""
_USED: Final = frozenset(
    {XML_ID, "n", "next", "prev", "part", "ana", "resp", "cert", "who", "ref", "key", "corresp"}
)
_PLACES: Final = frozenset({"placeName", "geogName", "country", "region", "settlement"})
_KINDS: Final = {"person": "actor", "org": "actor", "place": "place", "personGrp": "actor"}
_NAMES: Final = frozenset({"persName", "orgName", "placeName", "name"})
_PERSONS: Final = (
    LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD
)  # fmt: skip


class Meaning:
    """Makes an article of one ``TEI`` element."""

    def __init__(self, root: etree._Element, article_id: str, reading: Reading) -> None:
        self._root = root
        self._reading = reading
        programs = below(root, "teiHeader", "application")
        self._exact = any(item.get("ident") == APPLICATION for item in programs)
        body = next((child for child in root if local(child) == "text"), None)
        self._walk = None if body is None else Walk(body, exact=self._exact)
        self._by_id = {key: item for item in root.iter("{*}*") if (key := item.get(XML_ID))}
        text = "" if self._walk is None else self._walk.text
        described = Header(root, exact=self._exact).article(text, article_id, reading)
        self._gathering = Gathering(described, reading, root.sourceline or 0)
        self._layers: dict[str, Layer] = {}
        """By the pointers that lead to them; those of nobody by an empty one."""
        self._spans: dict[str, str] = {}
        """Our ids of the spans by the ``xml:id`` of their elements."""
        self._entities: dict[str, str] = {}
        """Our ids of the entities by the pointers that lead to them."""
        self._speakers: list[tuple[etree._Element, str, int, str]] = []
        """Elements with what they became, and pointers to those who say it, with their number."""

    def results(self) -> Iterator[Annotated | Problem]:
        """Yield what is wrong with the document, and its article."""
        if not self._gathering.annotated.article.text:
            yield Problem(self._root.sourceline or 0, "", "There is no text in it.")
            return
        self._read_layers()
        self._read_entities()
        self._read_zones()
        self._read_elements()
        self._read_standoff()
        self._read_relations()
        self._read_notes()
        assert self._walk is not None
        if self._walk.left_out:
            told = ", ".join(f"{n:,} {name}" for name, n in sorted(self._walk.left_out.items()))
            self._gathering.line = 0
            self._gathering.problem("text", f"No part of the running text, left out: {told}.")
        yield from self._gathering.results()

    def _at(self, element: etree._Element) -> str:
        """Note where in the file something stands, and return what messages call it."""
        self._gathering.line = element.sourceline or 0
        key = element.get(XML_ID)
        return f"{local(element)} {key}" if key else local(element)

    def _pointed(self, element: etree._Element, name: str) -> list[str]:
        return [pointer.removeprefix("#") for pointer in (element.get(name) or "").split()]

    # ------------------------------------------------------------------------------------ header

    def _read_layers(self) -> None:
        for item in below(self._root, "teiHeader", "titleStmt", "respStmt"):
            key = item.get(XML_ID)
            kinds = [content(child) for child in item if local(child) == "resp"]
            if not key or not (self._exact or self._is_responsible(key)):
                continue
            names = [content(one, exact=self._exact) for one in item if local(one) in _NAMES]
            layer = Layer(
                id=item.get("n") or key,
                article_id=self._gathering.annotated.article.id,
                author=names[0] if names else "",
                kind=kinds[0] if kinds and kinds[0] in _PERSONS else LayerKind.PERSON,
                **layer_facts(item),
            )
            self._layers[key] = self._gathering.add_layer(layer)

    def _is_responsible(self, key: str) -> bool:
        assert self._walk is not None
        return any(key in self._pointed(place.element, "resp") for place in self._walk.places)

    def _layer(self, element: etree._Element) -> Layer:
        """Return the layer of whoever is responsible for an element."""
        found = [key for key in self._pointed(element, "resp") if key in self._layers]
        key = found[0] if found else ""
        if key not in self._layers:
            self._layers[key] = self._gathering.layer("")
        return self._layers[key]

    # ---------------------------------------------------------------------------------- entities

    def _read_entities(self) -> None:
        for item in self._root.iter("{*}person", "{*}personGrp", "{*}org", "{*}place", "{*}item"):
            key = item.get(XML_ID)
            above = item.getparent()
            listed = local(item) == "item"
            beside = above is not None and local(above.getparent()) == "standOff"
            if key and (not listed or (self._exact and beside)):
                kind = _KINDS.get(local(item)) or str(above.get("type") or "")
                entity = self._entity(item, item.get("n", key) if self._exact else key, kind)
                self._entities[key] = entity.id
                self._gathering.entity(entity)

    def _entity(self, item: etree._Element, id_: str, kind: str) -> Entity:
        names = [child for child in item if local(child) in _NAMES]
        texts = [content(child, exact=self._exact) for child in names]
        notes = [child for child in item if local(child) == "note"]
        latitude, longitude = coordinates(item, notes)
        return Entity(
            id=id_,
            kind=kind,
            name=texts[0] if texts else id_,
            aliases=tuple(texts[1:]),
            identifiers={
                child.get("type") or "idno": content(child, exact=self._exact)
                for child in item
                if local(child) == "idno"
            },
            latitude=latitude,
            longitude=longitude,
            attributes=self._structure(item),
            note=" ".join(
                content(note, exact=self._exact) for note in notes if note.get("type") != "geo"
            ),
        )

    def _found_entity(self, pointer: str, kind: str, words: str) -> str:
        """Return the id of the entity that *pointer* leads to; one that is not here is named."""
        if pointer not in self._entities:
            outside = ":" in pointer
            entity = Entity(
                id=pointer,
                kind=kind,
                name=words if outside else pointer,
                identifiers={"uri": pointer} if outside else {},
            )
            self._gathering.entity(entity)
            self._entities[pointer] = entity.id
        return self._entities[pointer]

    # ------------------------------------------------------------------------------------- spans

    def _read_zones(self) -> None:
        zones: list[Zone] = []
        for item in self._spans_beside():
            above = item.getparent()
            if self._exact and above is not None and above.get("type") == "zones":
                place = self._between(item)
                if place is None:
                    self._gathering.problem(self._at(item), "It does not lead to a stretch.")
                else:
                    zones.append(Zone(item.get("type") or "", *place))
        if zones:
            item = self._gathering.annotated
            item.article = replace(item.article, zones=tuple(zones))

    def _read_elements(self) -> None:
        assert self._walk is not None
        places = [one for one in self._walk.places if local(one.element) in _LABELS]
        places = [one for one in places if self._is_label(one.element)]
        following = self._following(places)
        later = {id(one) for one in following.values()}
        done: set[int] = set()
        numbered = list(enumerate(places, 1))
        beginnings = [pair for pair in numbered if id(pair[1]) not in later]
        for number, place in (*beginnings, *numbered):  # those in a circle have no beginning
            chain: list[Placed] = []
            piece: Placed | None = place
            while piece is not None and id(piece) not in done:
                done.add(id(piece))
                chain.append(piece)
                piece = following.get(id(piece))
            if chain:
                self._read_chain(chain, number)

    def _following(self, places: list[Placed]) -> dict[int, Placed]:
        """Return the piece that ``next`` or ``prev`` joins to each that has one behind it."""
        known = {key: one for one in places if (key := one.element.get(XML_ID))}
        result: dict[int, Placed] = {}
        for place in places:
            for key in self._pointed(place.element, "prev"):
                if key in known:
                    result[id(known[key])] = place
        for place in places:
            for key in self._pointed(place.element, "next"):
                if key in known:
                    result[id(place)] = known[key]
        return result

    def _is_label(self, element: etree._Element) -> bool:
        name = local(element)
        return name not in _TYPED or bool(element.get("ana" if self._exact else "type"))

    def _read_chain(self, chain: list[Placed], number: int) -> None:
        first = chain[0].element
        where = self._at(first)
        if not any(place.has_words for place in chain):
            self._gathering.problem(where, "It has no words in it.")
            return
        fragments = normalise(Fragment(one.start, one.end) for one in chain if one.has_words)
        key = first.get(XML_ID)
        own = first.get("n") if self._exact else None
        words = self._gathering.annotated.article.text[fragments[0].start : fragments[-1].end]
        span = self._gathering.span(
            self._layer(first),
            self._label(first),
            fragments,
            place=where,
            id_=own or key or f"{local(first)}-{number}",
            attributes=self._attributes(first),
            entity_id=self._referred(first, words),
            unsure=first.get("cert") == "low",
        )
        if span is not None:
            for place in chain:
                if piece := place.element.get(XML_ID):
                    self._spans[piece] = span.id
            if not self._exact:
                self._spans[span.id] = span.id
                self._said_by(first, span.id)

    def _label(self, element: etree._Element) -> str:
        if self._exact:
            for key in self._pointed(element, "ana"):
                category = self._by_id.get(key)
                if category is not None and local(category) == "category":
                    return "".join(item.text or "" for item in category if local(item) == "gloss")
        name = local(element)
        kind = element.get("type")
        if name in _TYPED and kind:
            return str(kind)
        scheme = self._reading.scheme
        same = (label for label in _LABELS[name] if scheme is not None and scheme.label(label))
        return next(same, name)

    def _attributes(self, element: etree._Element) -> dict[str, Any]:
        if self._exact:
            return self._structure(element)
        kept = {"type"} if local(element) in _TYPED else set()
        return {
            key: value
            for key, value in element.attrib.items()
            if key not in _USED | kept and not key.startswith("{")
        }

    def _referred(self, element: etree._Element, words: str) -> str | None:
        for name in ("ref", "corresp", "key"):
            for pointer in self._pointed(element, name):
                if pointer in self._entities or (name != "corresp" and not self._exact):
                    kind = "place" if local(element) in _PLACES else "actor"
                    return self._found_entity(pointer, kind, words)
        return None

    # --------------------------------------------------------------------------------- beside it

    def _spans_beside(self) -> list[etree._Element]:
        return [
            item for item in self._root.iter("{*}span") if item.get("from") or item.get("target")
        ]

    def _between(self, item: etree._Element) -> Fragment | None:
        """Return the stretch between what ``from`` and ``to`` lead to."""
        assert self._walk is not None
        ends = [self._pointed(item, name)[:1] for name in ("from", "to")]
        first, last = (self._walk.by_id.get(end[0]) if end else None for end in ends)
        if first is None or (last is None and ends[1]):
            return None
        end = (first if last is None else last).end
        return Fragment(first.start, end) if 0 <= first.start <= end else None

    def _read_standoff(self) -> None:
        """Read the spans beside a text of others: ``span`` with a type, or with words for one."""
        assert self._walk is not None
        for number, item in enumerate(() if self._exact else self._spans_beside(), 1):
            where = self._at(item)
            above = item.getparent()
            group = None if above is None else above.get("type")
            label = item.get("type") or content(item) or group
            targets = [self._walk.by_id.get(key) for key in self._pointed(item, "target")]
            places = [one and Fragment(one.start, one.end) for one in targets]
            places = places or [self._between(item)]
            found = normalise(place for place in places if place)
            if not found or None in places:
                self._gathering.problem(where, "It does not lead to words of the text.")
                continue
            key = item.get(XML_ID) or f"span-{number}"
            layer = self._layer(item)
            span = self._gathering.span(layer, label, found, place=where, id_=key)
            if span is not None:
                self._spans[key] = span.id

    def _said_by(self, element: etree._Element, source: str) -> None:
        """Tie what is said to whom it is ascribed to."""
        for number, pointer in enumerate(self._pointed(element, "who"), 1):
            self._speakers.append((element, source, number, pointer))

    def _read_relations(self) -> None:
        for element, source, number, pointer in self._speakers:
            id_ = f"{source}.who.{number}"
            if pointer in self._spans:
                end = {"target": self._spans[pointer]}
            else:
                end = {"target_entity": self._found_entity(pointer, "actor", pointer)}
            self._relate(element, id_, "attributed_to", source, end)
        for item in self._root.iter("{*}relation"):
            active, passive = (self._pointed(item, name)[:1] for name in ("active", "passive"))
            source = self._spans.get(active[0] if active else "", "")
            pointer = passive[0] if passive else ""
            if not source and not self._exact:
                continue  # a tie between persons or places, which is none between words
            if pointer in self._spans:
                end = {"target": self._spans[pointer]}
            else:
                end = {"target_entity": self._entities.get(pointer, pointer)}
            id_ = item.get("n") or item.get(XML_ID) or f"relation-{item.sourceline}"
            self._relate(item, id_, item.get("name"), source, end)

    def _relate(
        self, item: etree._Element, id_: str, label: str | None, source: str, end: dict[str, str]
    ) -> None:
        where = self._at(item)
        spans = self._gathering.annotated.spans
        if source not in spans:
            self._gathering.problem(where, "It begins at none of the labels here.")
            return
        target = spans.get(end.get("target", ""))
        layer = self._gathering.annotated.layers[spans[source].layer_id]
        if target is not None and target.layer_id != layer.id:
            self._gathering.problem(where, "It leads into another person’s labels.")
            return
        self._gathering.relation(
            layer, label, source, place=where, id_=id_, attributes=self._structure(item), **end
        )

    def _read_notes(self) -> None:
        spans = self._gathering.annotated.spans
        for item in self._root.iter("{*}annotation"):
            words = [content(one, exact=self._exact) for one in item if local(one) == "note"]
            for pointer in self._pointed(item, "target"):
                id_ = self._spans.get(pointer)
                if id_ is not None and words:
                    note = "\n".join(filter(None, (spans[id_].note, *words)))
                    spans[id_] = replace(spans[id_], note=note)

    def _structure(self, element: etree._Element) -> dict[str, Any]:
        """Return the values of the feature structure that an element refers to."""
        for key in self._pointed(element, "ana") if self._exact else ():
            found = self._by_id.get(key)
            if found is not None and local(found) == "fs":
                value = features(found)
                return value if isinstance(value, dict) else {}
        return {}
