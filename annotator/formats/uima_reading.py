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
from dataclasses import replace
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, uima, uima_facts
from annotator.formats.offsets import Claimed, Misplaced, Ruler, located
from annotator.formats.uima import Cas, FeatureStructure, Ref, View
from annotator.formats.uima_facts import Origin, json_object, truth
from annotator.formats.uima_kinds import ENDS, PLACE, Kinds
from annotator.model import Entity, Fragment, Layer, LayerKind, Relation, Span, Zone
from annotator.spans import covered, normalise

MOST_PROBLEMS: Final = 1000
"""Problems that are told one by one for a file; what is above is counted."""


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
        yield from first_problems(meaning.problems)


def first_problems(problems: list[Problem]) -> Iterator[Problem]:
    """Yield the first :data:`MOST_PROBLEMS` of *problems*, and how many more there are."""
    yield from problems[:MOST_PROBLEMS]
    more = len(problems) - MOST_PROBLEMS
    if more > 0:
        yield Problem(0, "", f"{more:,} more of its labels cannot be taken over.")


class _Meaning:
    """Makes an article of one view; keeps account of what became something and what could not."""

    def __init__(
        self, cas: Cas, view: View, source: Origin, reading: Reading, unit: str, *, alone: bool
    ) -> None:
        self._cas = cas
        self._reading = reading
        self._author = source.author or reading.author
        self._text = view.text or ""
        self._ruler = Ruler(self._text)
        here = (None, Ref(view.sofa))
        self._mine = [
            item for item in cas.structures.values() if alone or item.features.get("sofa") in here
        ]
        self._kinds = Kinds(cas, self._mine)
        self._unit = unit or self._found_unit()
        self._known: set[int] = set()
        """Structures that became something, or about which something was said."""
        self.problems: list[Problem] = []
        article = uima_facts.article(source.document, self._text, self._mine, self._zones())
        if not alone:
            article = replace(article, id=f"{article.id}#{view.name}")
        self._annotated = Annotated(article)

    def result(self) -> Annotated:
        """Return the article with its labels; fills ``problems``."""
        for item in self._mine:
            if item.type == uima.LAYER:
                layer = uima_facts.layer(item, self._annotated.article.id)
                self._annotated.layers[layer.id] = layer
            elif item.type == uima.ENTITY:
                entity = uima_facts.entity(self._cas, item)
                self._annotated.entities[entity.id] = entity
        for item in self._mine:
            if self._kinds.is_span(item):
                self._read_span(item)
        for item in self._mine:
            self._read_relations(item)
        self._count_rest()
        return self._annotated

    def _found_unit(self) -> str:
        """Return what offsets count: UTF-16 units, unless the document ends elsewhere."""
        if self._reading.offsets != "auto":
            return self._reading.offsets
        whole = {item.features.get("end") for item in self._mine if self._kinds.is_document(item)}
        if len(self._text) in whole and self._ruler.position(len(self._text), "utf16") not in whole:
            return "codepoint"
        return "utf16"

    def _located(self, item: FeatureStructure) -> Fragment | Misplaced:
        start, end = item.features.get("begin"), item.features.get("end")
        if start is None or end is None:
            return Misplaced("It has no begin or no end.")
        for offset in (start, end):
            if not isinstance(offset, int):
                return Misplaced(f"{offset!r} is no offset.")
        if start == end and self._ruler.codepoint(start, self._unit) is not None:
            return Misplaced(f"It stands at {start} and covers no words.")
        return located(self._ruler, Claimed(start, end), self._unit)

    def _zones(self) -> Iterator[Zone]:
        for item in self._mine:
            kind = item.features.get("divType")
            if item.type == uima.DIV and item.is_annotation and isinstance(kind, str):
                place = self._located(item)
                if isinstance(place, Fragment):
                    yield Zone(kind, place.start, place.end)

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
            label=self._kinds.label(item),
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
        consumed = {*PLACE, "note", "unsure", "layer", "attributes"}
        if self._kinds.is_basic(item):
            consumed.add("label")
        entity_id = self._entity_of(item)
        if entity_id is not None:
            consumed |= {"identifier", "entity", "entityKind"}
        found: dict[str, Any] = {}
        for name, value in item.features.items():
            if name in consumed or self._kinds.is_reference(value):
                continue
            elements = self._cas.elements(value)
            several = isinstance(value, (tuple, Ref))
            found[name] = list(elements) if several else self._typed(item, name, value)
        return found | json_object(item.features.get("attributes")), entity_id

    def _typed(self, item: FeatureStructure, name: str, value: Any) -> Any:
        """Return a value as the scheme wants it, where the file had it as text."""
        scheme = self._reading.scheme
        label = None if scheme is None else scheme.label(self._kinds.label(item))
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
        if self._kinds.is_relation(item):
            self._read_arc(item)
        elif item.type == uima.ENTITY_RELATION:
            self._read_entity_relation(item)
        elif self._kinds.is_chained(item):
            self._read_step(item)
        elif str(item.id) in self._annotated.spans:
            for name, value in item.features.items():
                if name not in PLACE and name != "fragments" and self._kinds.is_reference(value):
                    self._read_links(item, name, self._cas.elements(value))

    def _read_arc(self, item: FeatureStructure) -> None:
        source, target = (item.features.get(name) for name in ENDS)
        attributes = self._values(item)[0]
        self._relate(item, str(item.id), self._kinds.label(item), source, target, attributes)

    def _read_step(self, item: FeatureStructure) -> None:
        """Read the step from a link of a chain to the next."""
        if isinstance(item.features.get("next"), Ref):
            said = item.features.get("referenceRelation")
            label = said if isinstance(said, str) and said else self._kinds.label(item)
            self._relate(item, f"{item.id}.next", label, Ref(item.id), item.features["next"], {})

    def _read_links(self, item: FeatureStructure, name: str, values: tuple[Any, ...]) -> None:
        for number, value in enumerate(values, 1):
            slot = self._cas.get(value)
            if slot is None:
                if value != Ref(0):
                    self._refuse(item, f"{name} leads to {_shown(value)}, which is not there.")
            elif self._kinds.is_slot(slot):
                role = slot.features.get("role")
                label = role if isinstance(role, str) and role else name
                id_ = str(slot.id)
                if id_ in self._annotated.relations:
                    id_ = f"{item.id}.{name}.{number}"
                attributes = json_object(slot.features.get("attributes"))
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
        first, last = (
            spans.get(str(end.id)) if isinstance(end, Ref) else None for end in (source, target)
        )
        if first is None or last is None:
            gone = _shown(source if first is None else target)
            self._refuse(item, f"The relation {label!r} ends at {gone}, which is no label here.")
            return
        if first.layer_id != last.layer_id:
            self._refuse(item, f"The relation {label!r} leads into another person’s labels.")
            return
        self._known.add(item.id)
        self._annotated.relations[id_] = Relation(
            id=id_,
            article_id=self._annotated.article.id,
            layer_id=first.layer_id,
            label=label,
            source=first.id,
            target=last.id,
            attributes=attributes,
        )

    def _read_entity_relation(self, item: FeatureStructure) -> None:
        said = item.features
        source = said.get("source")
        span = self._annotated.spans.get(str(source.id)) if isinstance(source, Ref) else None
        entity = said.get("entity")
        if span is None or entity not in self._annotated.entities:
            gone = _shown(source) if span is None else repr(entity)
            self._refuse(item, f"The relation ends at {gone}, which is none of the labels.")
            return
        self._annotated.relations[str(item.id)] = Relation(
            id=str(item.id),
            article_id=self._annotated.article.id,
            layer_id=span.layer_id,
            label=str(said.get("label", "")),
            source=span.id,
            target_entity=entity,
            attributes=json_object(said.get("attributes")),
        )

    # ------------------------------------------------------------------------------------ the rest

    def _count_rest(self) -> None:
        """Say what there was besides that has no place in the text."""
        lost = (one for one in self._mine if self._kinds.is_lost(one) and one.id not in self._known)
        rest = Counter(item.type for item in lost)
        for name in sorted(rest):
            self.problems.append(
                Problem(0, name, f"Left out for want of a place in the text: {rest[name]:,}.")
            )


def _shown(value: Any) -> str:
    return str(value.id) if isinstance(value, Ref) else "nothing"
