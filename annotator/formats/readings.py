"""One person's reading of an article as a row of plain values, for files that hold rows.

A row has what a table or a library's free data can hold: strings, numbers, lists and objects; what
has no fixed shape (attributes, metadata) is JSON in a string. A span in several fragments is as
many entries with one id. An article that several people read has as many rows, one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from annotator import spans as algebra
from annotator.annotated import Annotated
from annotator.formats import Problem, Reading
from annotator.formats.losses import NO_REMARKS, Fate
from annotator.formats.offsets import Claimed, Misplaced, Ruler, located
from annotator.model import (
    Article,
    Entity,
    Fragment,
    JsonObject,
    Layer,
    LayerKind,
    Relation,
    Span,
    Zone,
    text_hash,
)

FATES: Final = {
    "layer_facts": Fate.LEFT_OUT,
    "idle_entities": Fate.LEFT_OUT,
    **NO_REMARKS,
}
"""What a row does not hold."""

Row = Mapping[str, Any]


def layers_of(item: Annotated) -> list[Layer | None]:
    """Return the layers of an article by author, or None alone where there are none."""
    found = sorted(item.layers.values(), key=lambda layer: (layer.author, layer.kind, layer.id))
    return [*found] or [None]


# --------------------------------------------------------------------------------------- writing


def row(item: Annotated, layer: Layer | None) -> JsonObject:
    """Return the row of one layer of an article, or of the article alone."""
    article = item.article
    spans = [] if layer is None else item.spans_of(layer.id)
    ties = [] if layer is None else item.relations_of(layer.id)
    used = {span.entity_id for span in spans} | {tie.target_entity for tie in ties}
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "source": article.source,
        "url": article.url,
        "published": article.published,
        "metadata": _json(article.metadata),
        "zones": [{"zone": z.zone, "start": z.start, "end": z.end} for z in article.zones],
        "author": None if layer is None else layer.author,
        "kind": None if layer is None else layer.kind,
        "spans": [entry for span in spans for entry in _entries(span)],
        "relations": [_tie(tie) for tie in ties],
        "entities": [
            _entity(item.entities[key]) for key in sorted(key for key in used if key is not None)
        ],
    }


def _entries(span: Span) -> Iterator[JsonObject]:
    attributes = _json(span.attributes)
    for fragment, words in zip(span.fragments, span.text, strict=True):
        yield {
            "id": span.id,
            "label": span.label,
            "start": fragment.start,
            "end": fragment.end,
            "text": words,
            "attributes": attributes,
            "entity": span.entity_id,
            "unsure": span.unsure,
            "note": span.note,
        }


def _tie(tie: Relation) -> JsonObject:
    return {
        "id": tie.id,
        "label": tie.label,
        "source": tie.source,
        "target": tie.target,
        "target_entity": tie.target_entity,
        "attributes": _json(tie.attributes),
    }


def _entity(entity: Entity) -> JsonObject:
    return {
        "id": entity.id,
        "kind": entity.kind,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "identifiers": _json(entity.identifiers),
        "latitude": entity.latitude,
        "longitude": entity.longitude,
        "attributes": _json(entity.attributes),
        "note": entity.note,
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True) if value else "{}"


# --------------------------------------------------------------------------------------- reading


def gathered(
    rows: Iterable[tuple[int, Row | Problem]], reading: Reading
) -> Iterator[Annotated | Problem]:
    """Yield the articles that numbered *rows* are readings of, and what is wrong with them.

    Rows that follow each other with one id and one text are readings of one article.
    """
    present: Annotated | None = None
    for number, found in rows:
        if isinstance(found, Problem):
            yield found
            continue
        facts = _RowReader(number, found, reading)
        if present is not None and not facts.continues(present):
            yield present
            present = None
        if present is None:
            present = Annotated(facts.article())
        facts.fill(present)
        yield from facts.problems
    if present is not None:
        yield present


class _RowReader:
    """Turns one row into records of an article, and keeps account of what is wrong."""

    def __init__(self, number: int, data: Row, reading: Reading) -> None:
        self.number = number
        self.data = data
        self.reading = reading
        self.problems: list[Problem] = []

    def fault(self, place: str, reason: str) -> None:
        """Note what cannot be taken over."""
        self.problems.append(Problem(self.number, place, reason))

    def continues(self, item: Annotated) -> bool:
        """Tell whether this is another reading of the same article."""
        same = item.article.id == self.data["id"] and item.article.text == self.data["text"]
        return same and bool(item.layers)

    def article(self) -> Article:
        """Return the article, whose ``id`` and ``text`` the row must have as strings."""
        text = self.data["text"]
        return Article(
            id=self.data["id"],
            title=self._string(self.data, "title") or "",
            text=text,
            sha256=text_hash(text),
            language=self._string(self.data, "language") or self.reading.language,
            source=self._string(self.data, "source"),
            url=self._string(self.data, "url"),
            published=self._string(self.data, "published"),
            zones=tuple(self._zones(len(text))),
            metadata=self._object(self.data, "metadata", "metadata"),
        )

    def fill(self, item: Annotated) -> None:
        """Add the layer of this row to *item*, where it has one."""
        author = self._string(self.data, "author")
        kind = self._string(self.data, "kind")
        stated = "author" in self.data and author is None and kind is None
        if stated and not self.data.get("spans"):
            return
        if author is None:
            author = self.reading.author or LayerKind.IMPORT
            kind = LayerKind.PERSON if self.reading.author else LayerKind.IMPORT
        kinds = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)
        layer = Layer(
            id=_free(f"{item.article.id}/{author}", item.layers),
            article_id=item.article.id,
            author=author,
            kind=kind if kind in kinds else LayerKind.PERSON,
        )
        item.layers[layer.id] = layer
        for number, entry in enumerate(self._list("entities")):
            self._read_entity(f"entities[{number}]", entry, item)
        names = self._read_spans(item, layer)
        for number, entry in enumerate(self._list("relations")):
            self._read_tie(f"relations[{number}]", entry, item, layer, names)

    # Parts

    def _zones(self, length: int) -> Iterator[Zone]:
        for number, entry in enumerate(self._list("zones")):
            name, start, end = entry.get("zone"), entry.get("start"), entry.get("end")
            match (name, start, end):
                case str(), int(), int() if 0 <= start <= end <= length:
                    yield Zone(name, start, end)
                case _:
                    self.fault(f"zones[{number}]", "It is not a stretch of the text.")

    def _read_entity(self, place: str, entry: Row, item: Annotated) -> None:
        id_, kind, name = (self._string(entry, key) for key in ("id", "kind", "name"))
        if not id_ or kind is None or name is None:
            self.fault(place, "An entity has an id, a kind and a name.")
            return
        stated = entry.get("aliases")
        aliases = stated if isinstance(stated, (list, tuple)) else ()
        item.entities[id_] = Entity(
            id=id_,
            kind=kind,
            name=name,
            aliases=tuple(alias for alias in aliases if isinstance(alias, str)),
            identifiers=self._object(entry, "identifiers", place),
            latitude=self._number(entry, "latitude"),
            longitude=self._number(entry, "longitude"),
            attributes=self._object(entry, "attributes", place),
            note=self._string(entry, "note") or "",
        )

    def _read_spans(self, item: Annotated, layer: Layer) -> dict[str, str]:
        """Add the spans, and return the ids that they have by those of the row."""
        ruler = Ruler(item.article.text)
        found: dict[str, list[tuple[Row, Fragment]]] = {}
        broken: set[str] = set()
        for number, entry in enumerate(self._list("spans")):
            id_ = self._string(entry, "id") or f"{self.number}.{number + 1}"
            place = self._place(f"spans[{number}]", entry, ruler)
            if place is None:
                broken.add(id_)
            else:
                found.setdefault(id_, []).append((entry, place))
        names: dict[str, str] = {}
        for id_, entries in found.items():
            if id_ not in broken:
                span = self._span(id_, entries, item, layer)
                names[id_] = span.id
                item.spans[span.id] = span
        return names

    def _place(self, where: str, entry: Row, ruler: Ruler) -> Fragment | None:
        start, end, label = entry.get("start"), entry.get("end"), entry.get("label")
        if not isinstance(start, int) or not isinstance(end, int) or not isinstance(label, str):
            self.fault(where, "A span has a start, an end and a label.")
            return None
        claimed = Claimed(start, end, self._string(entry, "text"))
        unit = "codepoint" if self.reading.offsets == "auto" else self.reading.offsets
        place = located(ruler, claimed, unit, anchoring=self.reading.anchoring)
        if isinstance(place, Misplaced):
            self.fault(where, place.reason)
            return None
        return place

    def _span(
        self, id_: str, entries: Sequence[tuple[Row, Fragment]], item: Annotated, layer: Layer
    ) -> Span:
        first = entries[0][0]
        entity = self._string(first, "entity")
        if entity is not None and entity not in item.entities:
            self.fault(f"spans, {id_!r}", f"The entity {entity!r} is described nowhere.")
            entity = None
        fragments = algebra.normalise(place for _, place in entries)
        return Span(
            id=_free(id_, item.spans),
            article_id=item.article.id,
            layer_id=layer.id,
            label=first["label"],
            fragments=fragments,
            text=algebra.covered(item.article.text, fragments),
            attributes=self._object(first, "attributes", f"spans, {id_!r}"),
            entity_id=entity,
            unsure=first.get("unsure") is True,
            note=self._string(first, "note") or "",
        )

    def _read_tie(
        self, place: str, entry: Row, item: Annotated, layer: Layer, names: Mapping[str, str]
    ) -> None:
        label = self._string(entry, "label")
        source = names.get(self._string(entry, "source") or "")
        target = names.get(self._string(entry, "target") or "")
        entity = self._string(entry, "target_entity")
        if not label or source is None or (target is None) == (entity not in item.entities):
            self.fault(place, "It does not tie a span to another span or entity that is here.")
            return
        id_ = _free(self._string(entry, "id") or f"{self.number}.{place}", item.relations)
        item.relations[id_] = Relation(
            id=id_,
            article_id=item.article.id,
            layer_id=layer.id,
            label=label,
            source=source,
            target=target,
            target_entity=entity if target is None else None,
            attributes=self._object(entry, "attributes", place),
        )

    # Values

    def _list(self, key: str) -> list[Row]:
        value = self.data.get(key)
        if value is None:
            return []
        if isinstance(value, (list, tuple)) and all(isinstance(one, Mapping) for one in value):
            return list(value)
        self.fault(key, "It is not a list of objects.")
        return []

    def _string(self, data: Row, key: str) -> str | None:
        value = data.get(key)
        if value is None or isinstance(value, str):
            return value
        self.fault(key, "It is not a string.")
        return None

    def _number(self, data: Row, key: str) -> float | None:
        value = data.get(key)
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def _object(self, data: Row, key: str, place: str) -> JsonObject:
        from annotator.formats import json_text

        value = data.get(key)
        if isinstance(value, str):
            try:
                value = json_text.loads(value)
            except ValueError as error:
                self.fault(place, f"{key}: {error}")
                return {}
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return dict(value)
        self.fault(place, f"{key}: It is not a JSON object.")
        return {}


def _free(id_: str, taken: Mapping[str, object]) -> str:
    number, wish = 2, id_
    while id_ in taken:
        id_ = f"{wish}~{number}"
        number += 1
    return id_


# ------------------------------------------------------------------------------ tokens and tags


def rebuilt(sentences: Iterable[Sequence[str]]) -> tuple[str, list[int]]:
    """Return the text of tokens of which nothing else is known, and where each begins.

    A blank stands between two tokens, a line break between two sentences.
    """
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for sentence in sentences:
        for number, word in enumerate(sentence):
            gap = " " if number else "\n" if starts else ""
            starts.append(at + len(gap))
            parts += (gap, word)
            at += len(gap) + len(word)
    return "".join(parts), starts
