"""An article with its labels, put together from a record of another program's file.

Labels that prove true come in one by one; each that does not is told as a problem, and so is what
referred to it. The article comes in either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading
from annotator.formats.jsonl import EXTERNAL_ID
from annotator.formats.offsets import Claimed, Misplaced, Ruler, guessed_unit, located
from annotator.model import Article, Entity, Fragment, Layer, LayerKind, Relation, Span, text_hash

NAMELESS = "import"
"""Author of labels of which nobody knows who made them."""


class Gathering:
    """Collects the records of one article, and what is wrong with others."""

    def __init__(self, article: Article, reading: Reading, line: int) -> None:
        self.annotated = Annotated(article)
        self.ruler = Ruler(article.text)
        self.unit = "codepoint"
        self._reading = reading
        self.line = line
        """Where the record stands in the file that is being read."""
        self._problems: list[Problem] = []

    def results(self) -> Iterator[Annotated | Problem]:
        """Yield the problems, and then the article."""
        yield from self._problems
        yield self.annotated

    def problem(self, place: str, reason: str) -> None:
        """Note that what stands at *place* cannot be taken over."""
        self._problems.append(Problem(self.line, place, reason))

    # ------------------------------------------------------------------------------------ layers

    def layer(self, author: str, **facts: Any) -> Layer:
        """Return a new layer of *author*, or of whom the reading says where nobody is named."""
        author = author or self._reading.author
        kind = LayerKind.PERSON if author else LayerKind.IMPORT
        article_id = self.annotated.article.id
        values = {"id": f"{article_id}/{author or NAMELESS}", "kind": kind, **facts}
        return self.add_layer(Layer(article_id=article_id, author=author or NAMELESS, **values))

    def add_layer(self, layer: Layer) -> Layer:
        """Take *layer* over, under another id where it has one that is taken."""
        free = replace(layer, id=_free(layer.id, self.annotated.layers))
        self.annotated.layers[free.id] = free
        return free

    # ------------------------------------------------------------------------------------- spans

    def prove_unit(self, wanted: str, claims: Sequence[Claimed]) -> None:
        """Take offsets in the unit *wanted*, or in the one in which *claims* cover their words."""
        text = self.ruler.text
        if wanted != "auto":
            self.unit = wanted
        elif any(text[claim.start : claim.end] != claim.covered for claim in claims):
            self.unit = guessed_unit(self.ruler, claims)

    def located(self, place: str, claimed: Claimed) -> Fragment | None:
        """Return the stretch that a label claims, or note why there is none."""
        anchoring = self._reading.anchoring
        found = located(self.ruler, claimed, self.unit, anchoring=anchoring)
        if isinstance(found, Misplaced):
            self.problem(place, found.reason)
            return None
        return found

    def span(
        self,
        layer: Layer,
        label: object,
        fragments: Sequence[Fragment],
        *,
        place: str,
        id_: str,
        **facts: Any,
    ) -> Span | None:
        """Take a label over, or note why it cannot be; *facts* are fields of the span."""
        if not isinstance(label, str) or not label:
            self.problem(place, "It has no label.")
            return None
        entity = facts.get("entity_id")
        if entity is not None and entity not in self.annotated.entities:
            self.problem(place, f"The entity {entity!r} is described nowhere; it is left out.")
            facts["entity_id"] = None
        ordered = sorted(fragments)
        if any(one.end > other.start for one, other in pairwise(ordered)):
            self.problem(place, "Its parts overlap each other.")
            return None
        text = self.annotated.article.text
        free, extra = self._named(id_, self.annotated.spans, layer, facts.pop("extra", {}))
        span = Span(
            id=free,
            article_id=layer.article_id,
            layer_id=layer.id,
            label=label,
            fragments=tuple(ordered),
            text=tuple(text[start:end] for start, end in ordered),
            extra=extra,
            **facts,
        )
        self.annotated.spans[free] = span
        return span

    # --------------------------------------------------------------------------------- relations

    def relation(
        self, layer: Layer, label: object, source: str, *, place: str, id_: str, **facts: Any
    ) -> Relation | None:
        """Take a relation over; *facts* are its ends and attributes."""
        if not isinstance(label, str) or not label:
            self.problem(place, "The relation has no label.")
            return None
        entity = facts.get("target_entity")
        if entity is not None and entity not in self.annotated.entities:
            self.problem(place, f"The entity {entity!r}, where it ends, is described nowhere.")
            return None
        free, extra = self._named(id_, self.annotated.relations, layer, facts.pop("extra", {}))
        relation = Relation(
            id=free,
            article_id=layer.article_id,
            layer_id=layer.id,
            label=label,
            source=source,
            extra=extra,
            **facts,
        )
        self.annotated.relations[free] = relation
        return relation

    def relation_of(
        self,
        layer: Layer,
        data: Mapping[str, Any],
        source: str,
        *,
        place: str,
        id_: str,
        **end: str,
    ) -> None:
        """Take over the relation that *data* labels and describes, from *source* to its *end*."""
        attributes = data.get("attributes")
        facts = {"attributes": dict(attributes) if isinstance(attributes, dict) else {}, **end}
        self.relation(layer, data.get("label"), source, place=place, id_=id_, **facts)

    def entity(self, entity: Entity) -> None:
        """Take an entity over; the first description of it counts."""
        self.annotated.entities.setdefault(entity.id, entity)

    def _named(
        self, id_: str, table: Mapping[str, Any], layer: Layer, extra: Mapping[str, Any]
    ) -> tuple[str, Mapping[str, Any]]:
        """Return a free id, and *extra* with the file's own where that one is taken."""
        if id_ not in table:
            return id_, extra
        return _free(f"{id_}@{layer.id}", table), {**extra, EXTERNAL_ID: id_}


def article_of(id_: str, text: str, title: object = None, **facts: Any) -> Article:
    """Return an article with *text*; where no *title* is known, its first words are one."""
    known = title if isinstance(title, str) else first_words(text)
    return Article(id=id_, title=known, text=text, sha256=text_hash(text), **facts)


def first_words(text: str, longest: int = 80) -> str:
    """Return the first line that is not blank, cut at a word where it is long."""
    line = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def text_of(value: Any) -> tuple[str, str]:
    """Return the text of an article, or why *value* is none."""
    if not isinstance(value, str):
        return "", "There is no text."
    if not value:
        return "", "The text is empty."
    return value, ""


def whole(value: Any) -> int | None:
    """Return *value* where it is a whole number (some programs write ``6.0`` for 6), or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value == int(value) else None


def _free(id_: str, table: Mapping[str, Any]) -> str:
    free, number = id_, 2
    while free in table:
        free, number = f"{id_}~{number}", number + 1
    return free
