"""The rules of a scheme, checked on one layer: what to correct before an article is submitted.

Errors break the scheme or the data; warnings are what a reviewer would ask about. Every finding
names its records and its place, so that a person can walk through them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Protocol

from annotator.annotated import Annotated
from annotator.model import Fragment, Relation, Span, reading_order
from annotator.scheme import NIL_REASON, Label, RelationLabel, Scheme
from annotator.spans import contains, covered, crosses, hull, normalise, overlap

ERROR: Final = "error"
WARNING: Final = "warning"

TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "outside": "{label} “{words}” reaches out of the text.",
        "other-text": "{label} says “{words}”, but the article has “{found}” there.",
        "untidy": "The pieces of {label} “{words}” are empty, overlap, or are out of order.",
        "unknown-label": "“{words}” is marked as {label}, which is not in the scheme.",
        "pieces": "{label} “{words}” is in {count} pieces; the scheme allows {most}.",
        "twice": "“{words}” is marked as {label} twice.",
        "crossing": "{label} “{words}” and “{other}” cross: one has to contain the other.",
        "unknown-attribute": "{label} “{words}” has {name}, which is not in the scheme.",
        "value": "{label} “{words}” has {value} for {name}, which is none of its values.",
        "required": "{label} “{words}” needs a value for {name}.",
        "unknown-entity": "{label} “{words}” stands for an entity that is not in the project.",
        "entity-kind": "{label} “{words}” stands for {name}, which is of another kind.",
        "no-entity": "Nobody has said yet what {label} “{words}” is, or why it stays open.",
        "outer-marks": "{label} “{words}” includes its outer quotation marks.",
        "last-mark": "{label} “{words}” includes the mark at its end.",
        "unknown-relation": "{label} “{words}” has the relation {relation}, not in the scheme.",
        "loose-end": "{relation} of “{words}” leads to something that is not there.",
        "illegal-end": "{relation} does not lead from {label} “{words}” to {other}.",
        "tied-twice": "{relation} of {label} “{words}” leads to “{other}” twice.",
        "not-inside": "{label} “{words}” does not lie inside “{other}”, as {relation} says.",
        "circle": "{relation} leads from {label} “{words}” back to itself.",
        "too-many": "{label} “{words}” has {count} times {slot}; {most} at most.",
        "missing": "{label} “{words}” has no {slot}.",
        "idle": "{label} “{words}” belongs to no {source}.",
        "own-words": "{label} “{words}” overlaps “{other}” of the same attribution.",
    }
)
"""The sentences by their codes, before the words are filled in: what translations go by."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: ``code`` is stable, ``place`` is where, ``record_ids`` is what."""

    code: str
    severity: str
    """``error`` or ``warning``."""
    record_ids: tuple[str, ...]
    place: Fragment | None
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The sentence before the words are filled in."""
        return TEMPLATES[self.code]

    @property
    def message(self) -> str:
        """A plain sentence with the words concerned."""
        return self.template.format(**self.values)


class _Quotation(Protocol):
    @property
    def outer(self) -> Fragment: ...


class Quotations(Protocol):
    """What the rules ask of the structure of a text."""

    def quotation_at(self, position: int, /) -> _Quotation | None: ...


def findings(
    annotated: Annotated,
    layer_id: str,
    scheme: Scheme,
    structure: Quotations | None = None,
) -> list[Finding]:
    """Return what is to be corrected in a layer, in reading order; errors first at one place.

    Without *structure*, quotation marks are not looked at.
    """
    parts = checking(annotated, layer_id, scheme, structure)
    return in_order(finding for part in parts for finding in part)


def checking(
    annotated: Annotated,
    layer_id: str,
    scheme: Scheme,
    structure: Quotations | None = None,
) -> Iterator[tuple[Finding, ...]]:
    """Yield what is to be corrected, record by record, for who has other things to do between.

    The article must not change meanwhile.
    """
    check = _Check(annotated, layer_id, scheme, structure)
    for span in annotated.spans.values():
        if span.layer_id == layer_id:
            yield tuple(check.span(span))
    for tie in annotated.relations.values():
        if tie.layer_id == layer_id:
            yield tuple(check.tie(tie))


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Return findings in reading order; errors first at one place."""
    return sorted(found, key=_walking_order)


def _walking_order(finding: Finding) -> tuple[Any, ...]:
    place = finding.place or Fragment(0, 0)
    return (place, finding.severity != ERROR, finding.code, finding.record_ids)


_LONGEST: Final = 60
"""Characters of a span that a sentence quotes."""


def _words(span: Span) -> str:
    words = " … ".join(" ".join(piece.split()) for piece in span.text)
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


class _Check:
    """The rules of one scheme over one layer; each method is about one kind of record."""

    def __init__(
        self, annotated: Annotated, layer_id: str, scheme: Scheme, structure: Quotations | None
    ) -> None:
        self._annotated = annotated
        self._layer_id = layer_id
        self._scheme = scheme
        self._structure = structure

    def span(self, span: Span) -> Iterator[Finding]:
        """Yield what is wrong with a span."""
        sound = True
        for finding in self._extent(span):
            sound = False
            yield finding
        label = self._scheme.label(span.label)
        if label is None:
            yield self._at(span, "unknown-label", ERROR)
            return
        if sound:
            yield from self._shape(span, label)
            yield from self._neighbours(span, label)
        yield from self._attributes(span, label)
        yield from self._entity(span, label)
        yield from self._slots(span)
        yield from self._uses(span)

    def _at(self, span: Span, code: str, severity: str, *others: str, **values: object) -> Finding:
        filled = {"label": span.label, "words": _words(span), **values}
        place = span.fragments[0] if span.fragments else None
        return Finding(code, severity, (span.id, *others), place, filled)

    def _extent(self, span: Span) -> Iterator[Finding]:
        text = self._annotated.article.text
        if any(not 0 <= start <= end <= len(text) for start, end in span.fragments):
            yield self._at(span, "outside", ERROR)
        elif not span.fragments or normalise(span.fragments) != span.fragments:
            yield self._at(span, "untidy", ERROR)
        elif covered(text, span.fragments) != span.text:
            found = " … ".join(covered(text, span.fragments))
            yield self._at(span, "other-text", ERROR, found=found)

    def _shape(self, span: Span, label: Label) -> Iterator[Finding]:
        count = len(span.fragments)
        if label.max_fragments is not None and count > label.max_fragments:
            yield self._at(span, "pieces", ERROR, count=count, most=label.max_fragments)
        if not any(attribute.auto == "quotation_form" for attribute in label.attributes):
            return
        if self._has_outer_marks(span):
            yield self._at(span, "outer-marks", WARNING)
        last = span.text[-1].split()[-1:]
        if last and last[0][-1] in ".,;" and "." not in last[0][:-1]:
            yield self._at(span, "last-mark", WARNING)

    def _has_outer_marks(self, span: Span) -> bool:
        quotation = None if self._structure is None else self._structure.quotation_at(span.start)
        return quotation is not None and quotation.outer == hull(span.fragments)

    def _neighbours(self, span: Span, label: Label) -> Iterator[Finding]:
        for other in self._annotated.spans_in(self._layer_id, span.start, span.end):
            if other.label != span.label or reading_order(other) <= reading_order(span):
                continue
            if other.fragments == span.fragments:
                yield self._at(span, "twice", ERROR, other.id)
            elif not label.may_cross and crosses(span.fragments, other.fragments):
                yield self._at(span, "crossing", ERROR, other.id, other=_words(other))

    def _attributes(self, span: Span, label: Label) -> Iterator[Finding]:
        for name, value in span.attributes.items():
            attribute = self._scheme.attribute(label, name)
            if attribute is None:
                yield self._at(span, "unknown-attribute", WARNING, name=name)
            elif not attribute.allows(value):
                yield self._at(span, "value", ERROR, name=name, value=value)
        for attribute in self._scheme.attributes_of(label):
            empty = attribute.default is None and span.attributes.get(attribute.name) in (None, "")
            if attribute.required and empty:
                yield self._at(span, "required", ERROR, name=attribute.name)

    def _entity(self, span: Span, label: Label) -> Iterator[Finding]:
        if span.entity_id is None:
            kind = None if label.entity is None else self._scheme.entity_kind(label.entity)
            if kind is not None and kind.nil_reasons and NIL_REASON not in span.attributes:
                yield self._at(span, "no-entity", WARNING)
            return
        entity = self._annotated.entities.get(span.entity_id)
        if entity is None:
            yield self._at(span, "unknown-entity", ERROR, span.entity_id)
        elif entity.kind != label.entity:
            yield self._at(span, "entity-kind", ERROR, entity.id, name=entity.name)

    def _slots(self, span: Span) -> Iterator[Finding]:
        """Check how many relations of each kind begin at a span."""
        for relation in self._scheme.relations_from(span.label):
            ties = self._annotated.relations_from(span.id, relation.name)
            slot = relation.prompt or relation.name
            if len(ties) < relation.min and not self._is_excused(span, relation):
                yield self._at(span, "missing", ERROR, slot=slot)
            if relation.max is not None and len(ties) > relation.max:
                ids = (tie.id for tie in ties)
                yield self._at(
                    span, "too-many", ERROR, *ids, slot=slot, count=len(ties), most=relation.max
                )
        yield from self._own_words(span)

    def _is_excused(self, span: Span, relation: RelationLabel) -> bool:
        label = self._scheme.label(span.label)
        for name, values in (relation.unless or {}).items():
            attribute = None if label is None else self._scheme.attribute(label, name)
            default = None if attribute is None else attribute.default
            if span.attributes.get(name, default) in values:
                return True
        return False

    def _own_words(self, span: Span) -> Iterator[Finding]:
        """Check that the words of one attribution (claim, cue, speaker) lie apart."""
        parts: list[tuple[str, Span]] = [("", span)]
        for tie in self._annotated.relations_from(span.id):
            relation = self._scheme.relation(tie.label)
            target = self._annotated.spans.get(tie.target or "")
            if relation is not None and not relation.inside and target is not None:
                for name, other in parts:
                    if name != tie.label and overlap(other.fragments, target.fragments):
                        yield self._at(target, "own-words", WARNING, other.id, other=_words(other))
                parts.append((tie.label, target))

    def _uses(self, span: Span) -> Iterator[Finding]:
        """Check that a span that exists for others, such as a cue or a speaker, has any."""
        for relation in self._scheme.relations:
            needed = max(relation.target_min, 1 if relation.min > 0 else 0)
            if span.label not in relation.targets or not needed:
                continue
            if len(self._annotated.relations_to(span.id, relation.name)) < needed:
                severity = ERROR if relation.target_min else WARNING
                yield self._at(span, "idle", severity, source=relation.source)

    def tie(self, tie: Relation) -> Iterator[Finding]:
        source = self._annotated.spans.get(tie.source)
        if source is None:
            place = None
            values = {"relation": tie.label, "words": "?"}
            yield Finding("loose-end", ERROR, (tie.id,), place, values)
            return
        relation = self._scheme.relation(tie.label)
        if relation is None:
            yield self._at(source, "unknown-relation", ERROR, tie.id, relation=tie.label)
        elif tie.target is not None:
            yield from self._tie_to_span(tie, source, relation)
        else:
            yield from self._tie_to_entity(tie, source, relation)

    def _tie_to_span(
        self, tie: Relation, source: Span, relation: RelationLabel
    ) -> Iterator[Finding]:
        target = self._annotated.spans.get(tie.target or "")
        name = relation.name
        if target is None or target.layer_id != source.layer_id:
            yield self._at(source, "loose-end", ERROR, tie.id, relation=name)
            return
        other = _words(target)
        if source.label != relation.source or target.label not in relation.targets:
            words = f"{target.label} “{other}”"
            yield self._at(source, "illegal-end", ERROR, tie.id, relation=name, other=words)
            return
        same = self._annotated.relations_from(source.id, name)
        if any(t.target == tie.target and t.id < tie.id for t in same):
            yield self._at(source, "tied-twice", ERROR, tie.id, relation=name, other=other)
        if not relation.inside:
            return
        if self._is_in_circle(source, name):
            yield self._at(source, "circle", ERROR, tie.id, relation=name)
        elif not contains(target.fragments, source.fragments):
            yield self._at(source, "not-inside", ERROR, tie.id, relation=name, other=other)

    def _tie_to_entity(
        self, tie: Relation, source: Span, relation: RelationLabel
    ) -> Iterator[Finding]:
        entity = self._annotated.entities.get(tie.target_entity or "")
        if entity is None:
            yield self._at(source, "loose-end", ERROR, tie.id, relation=relation.name)
        elif source.label != relation.source or entity.kind != relation.target_entity:
            yield self._at(
                source, "illegal-end", ERROR, tie.id, relation=relation.name, other=entity.name
            )

    def _is_in_circle(self, span: Span, relation: str) -> bool:
        seen: set[str] = set()
        waiting = [span.id]
        while waiting:
            for tie in self._annotated.relations_from(waiting.pop(), relation):
                if tie.target == span.id:
                    return True
                if tie.target is not None and tie.target not in seen:
                    seen.add(tie.target)
                    waiting.append(tie.target)
        return False
