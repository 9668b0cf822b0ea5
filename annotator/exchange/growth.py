"""Labels from elsewhere that the scheme of the project does not know: added to it, or left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from annotator.annotated import Annotated
from annotator.exchange.parts import drop_remarks, with_spans
from annotator.model import Change, Relation, SchemeVersion, Span
from annotator.scheme import (
    Attribute,
    EntityKind,
    Label,
    RelationLabel,
    Scheme,
    from_record,
    next_version,
    to_record,
)

Kind = Literal["label", "relation", "attribute", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A label, relation, attribute or value that the scheme of the project does not know."""

    kind: Kind
    name: str
    """Of an attribute ``Label.attribute``, of a value ``Label.attribute=value``."""
    count: int
    """Spans or relations that have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """Relations between ends that the scheme does not allow for them."""

    rule: RelationLabel
    """What the scheme says of them."""
    source: str
    """Label of the span that they begin at."""
    target: str
    """Label of the span, or kind of the entity, that they end at."""
    count: int


_MOST_VALUES: Final = 20
"""Different values from which an attribute is free text and not a choice."""
_LONGEST_VALUE: Final = 60

_COLOURS: Final = ("violet", "orange", "indigo", "red", "amber", "blue", "grey")
"""Names of palette colours that new labels get, in this order."""


class Strangers:
    """Counts what a scheme does not know in the labels that pass by."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._known_labels = {label.name: label for label in scheme.labels}
        self._allowed: dict[tuple[str, str], Attribute | None] = {}
        """Attributes of the scheme by label and name, looked up once: most spans have some."""
        self._labels: Counter[str] = Counter()
        self._relations: Counter[str] = Counter()
        self._values: defaultdict[tuple[str, str], Counter[str | bool]] = defaultdict(Counter)
        self._kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """Kinds of entities by the unknown label of the spans that stand for them."""
        self._ends: defaultdict[str, Counter[tuple[str, str, str]]] = defaultdict(Counter)
        """Of relations: label of the source, label of the target, kind of the entity."""

    def notice(self, item: Annotated) -> None:
        """Take notice of the labels of an article."""
        for span in item.spans.values():
            self._notice_span(item, span)
        for tie in item.relations.values():
            self._ends[tie.label][_ends(item, tie)] += 1
            if self._scheme.relation(tie.label) is None and tie.label.strip():
                self._relations[tie.label] += 1

    def _notice_span(self, item: Annotated, span: Span) -> None:
        label = self._known_labels.get(span.label)
        if label is None:
            if not span.label.strip():
                return
            self._labels[span.label] += 1
            entity = item.entities.get(span.entity_id or "")
            if entity is not None:
                self._kinds[span.label][entity.kind] += 1
        for name, value in span.attributes.items():
            if self._is_strange(label, name, value):
                self._values[span.label, name][value] += 1

    def _is_strange(self, label: Label | None, name: str, value: object) -> bool:
        """Tell whether a value is one that a scheme could name, and this one does not."""
        if not isinstance(value, str | bool) or not name.strip():
            return False
        known = None if label is None else self._known_attribute(label.name, name)
        return known is None or (known.kind == "choice" and not known.allows(value))

    @property
    def found(self) -> tuple[Stranger, ...]:
        """What was met so far: labels, relations, attributes, values; the most frequent first."""
        result = [Stranger(kind="label", name=n, count=c) for n, c in _ordered(self._labels)]
        result += [Stranger(kind="relation", name=n, count=c) for n, c in _ordered(self._relations)]
        for (label, name), values in sorted(self._values.items()):
            if self._known_attribute(label, name) is None:
                total = values.total()
                result.append(Stranger(kind="attribute", name=f"{label}.{name}", count=total))
            else:
                result += [
                    Stranger(kind="value", name=f"{label}.{name}={value}", count=count)
                    for value, count in _ordered(values)
                ]
        return tuple(result)

    def misfits(self, scheme: Scheme) -> Iterator[Misfit]:
        """Yield the relations that *scheme* knows, but not between such ends."""
        for name, counts in sorted(self._ends.items()):
            rule = scheme.relation(name)
            if rule is None:
                continue
            for (source, target, kind), count in _ordered(counts):
                end = target in rule.targets if target else kind == rule.target_entity
                if source != rule.source or not end:
                    yield Misfit(rule=rule, source=source, target=target or kind, count=count)

    def _known_attribute(self, label: str, name: str) -> Attribute | None:
        key = (label, name)
        if key not in self._allowed:
            known = self._known_labels.get(label)
            self._allowed[key] = None if known is None else self._scheme.attribute(known, name)
        return self._allowed[key]

    # Leaving out

    def without(self, item: Annotated) -> Annotated:
        """Return *item* without what the scheme does not know."""
        scheme = self._scheme
        kept = with_spans(item, lambda span: scheme.label(span.label) is not None)
        result = kept.copy()
        for key, span in kept.spans.items():
            label = scheme.label(span.label)
            values = {
                name: value
                for name, value in span.attributes.items()
                if not self._is_strange(label, name, value)
            }
            if len(values) < len(span.attributes):
                result.spans[key] = replace(span, attributes=values)
        for key, tie in kept.relations.items():
            if scheme.relation(tie.label) is None:
                del result.relations[key]
        drop_remarks(result, kept.relations.keys() - result.relations.keys())
        return result

    # Adding

    def growth(self, record: SchemeVersion) -> Change | None:
        """Return the change that makes the scheme know everything that was met, if anything."""
        if not (self._labels or self._relations or self._values):
            return None
        scheme = from_record(record)
        grown = self._with_labels(scheme)
        grown = replace(grown, labels=tuple(self._with_attributes(one) for one in grown.labels))
        grown = self._with_relations(grown)
        if grown == scheme:
            return None
        return Change(record, to_record(next_version(grown)))

    def _with_labels(self, scheme: Scheme) -> Scheme:
        kinds = {kind.name for kind in scheme.entities}
        labels, entities = list(scheme.labels), list(scheme.entities)
        for name, _ in _ordered(self._labels):
            used = {label.colour for label in labels}
            colour = next((one for one in _COLOURS if one not in used), _COLOURS[-1])
            kind = next((kind for kind, _ in _ordered(self._kinds[name]) if kind.strip()), None)
            if kind is not None and kind not in kinds:
                kinds.add(kind)
                entities.append(EntityKind(name=kind))
            labels.append(Label(name=name, colour=colour, entity=kind))
        return replace(scheme, labels=tuple(labels), entities=tuple(entities))

    def _with_attributes(self, label: Label) -> Label:
        attributes = {one.name: one for one in label.attributes}
        for (owner, name), values in sorted(self._values.items()):
            if owner == label.name:
                attributes[name] = _attribute(name, self._known_attribute(owner, name), values)
        return replace(label, attributes=tuple(attributes.values()))

    def _with_relations(self, scheme: Scheme) -> Scheme:
        """Add the unknown relations, beginning at the label at which most of them do."""
        relations = list(scheme.relations)
        for name, _ in _ordered(self._relations):
            ends = self._ends[name]
            source = _ordered(Counter(e[0] for e in ends.elements()))[0][0]
            targets = tuple(sorted({target for _, target, _ in ends if target}))
            kinds = _ordered(Counter(e[2] for e in ends.elements() if e[2]))
            kind = next((k for k, _ in kinds if scheme.entity_kind(k) is not None), None)
            known = all(scheme.label(end) is not None for end in (source, *targets))
            if known and (targets or kind is not None):
                relations.append(
                    RelationLabel(name=name, source=source, targets=targets, target_entity=kind)
                )
        return replace(scheme, relations=tuple(relations))


def _ends(item: Annotated, tie: Relation) -> tuple[str, str, str]:
    target = "" if tie.target is None else item.spans[tie.target].label
    entity = item.entities.get(tie.target_entity or "")
    return (item.spans[tie.source].label, target, "" if entity is None else entity.kind)


def _attribute(name: str, known: Attribute | None, values: Mapping[str | bool, int]) -> Attribute:
    texts = tuple(sorted(value for value in values if isinstance(value, str)))
    if known is not None:
        return replace(known, values=(*known.values, *texts))
    if not texts:
        return Attribute(name=name, kind="boolean")
    listed = len(texts) <= _MOST_VALUES and all(0 < len(one) <= _LONGEST_VALUE for one in texts)
    if listed and len(texts) == len(values):
        return Attribute(name=name, values=texts)
    return Attribute(name=name, kind="text")


def _ordered(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
