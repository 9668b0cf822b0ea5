"""What cannot be right in one article, by the records themselves and by the scheme.

Rules that hold only once an article is complete (a claim needs a speaker) are no business of this
module: half-done work is sound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from annotator.annotated import Annotated
from annotator.model import (
    Change,
    Entity,
    Fragment,
    LayerKind,
    LayerState,
    Record,
    Relation,
    Span,
    text_hash,
)
from annotator.scheme import Attribute, RelationLabel, Scheme
from annotator.spans import contains, covered, normalise
from annotator.store.values import Inconsistency

ORPHAN = "orphan-entity"
"""Code of what is said of an entity that nothing stands for."""
KINDS = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)


def unsound(
    annotated: Annotated, scheme: Scheme, known_entities: Collection[str]
) -> Iterator[Inconsistency]:
    """Yield what is wrong in an article; repairs come as changes with it."""
    yield from _article(annotated)
    yield from _layers(annotated)
    for span in annotated.spans.values():
        yield from _span(annotated, span, scheme, known_entities)
    for tie in annotated.relations.values():
        yield from _relation(annotated, tie, scheme, known_entities)
    yield from _cardinalities(annotated, scheme)
    yield from _circles(annotated, scheme)
    yield from _remarks(annotated)


def _found(
    code: str,
    record: Record,
    message: str,
    *,
    severity: str = "error",
    place: Fragment | None = None,
    change: Change | None = None,
) -> Inconsistency:
    return Inconsistency(
        code=code,
        message=message,
        severity=severity,
        article_id=record.article_id,
        record_ids=(record.id,),
        place=place,
        repair="" if change is None else "edit",
        changes=() if change is None else (change,),
    )


def _article(annotated: Annotated) -> Iterator[Inconsistency]:
    article = annotated.article
    if text_hash(article.text) != article.sha256:
        yield _found(
            "text-changed",
            article,
            f"The text of {article.title!r} is not the one that was imported: its SHA-256 differs.",
        )
    length = len(article.text)
    sound = tuple(zone for zone in article.zones if 0 <= zone.start < zone.end <= length)
    if sound != article.zones:
        yield _found(
            "zone-outside",
            article,
            f"{article.title!r} has a zone that lies outside its text.",
            change=Change(article, replace(article, zones=sound)),
        )


def _layers(annotated: Annotated) -> Iterator[Inconsistency]:
    seen: dict[tuple[str, str], str] = {}
    for layer in sorted(annotated.layers.values(), key=lambda item: item.id):
        if layer.state not in LayerState.ALL:
            yield _found(
                "unknown-state",
                layer,
                f"The layer of {layer.author!r} is in the unknown state {layer.state!r}.",
                change=Change(layer, replace(layer, state=LayerState.IN_PROGRESS)),
            )
        if layer.kind not in KINDS:
            message = f"The layer of {layer.author!r} is of the unknown kind {layer.kind!r}."
            yield _found("unknown-layer-kind", layer, message, severity="warning")
        if layer.kind == LayerKind.PERSON:
            key = (layer.author, layer.kind)
            if key in seen:
                yield _found(
                    "second-layer",
                    layer,
                    f"{layer.author!r} has more than one layer of the same article; lists show "
                    "the first.",
                    severity="warning",
                )
            seen.setdefault(key, layer.id)


def _span(
    annotated: Annotated, span: Span, scheme: Scheme, known_entities: Collection[str]
) -> Iterator[Inconsistency]:
    yield from _extent(annotated, span)
    place = _place(annotated, span)
    label = scheme.label(span.label)
    if span.layer_id not in annotated.layers:
        message = f"{_named(span)} belongs to a layer that is not there."
        yield _found("dangling-layer", span, message, place=place)
    if span.entity_id is not None and span.entity_id not in known_entities:
        yield _found(
            "dangling-entity",
            span,
            f"{_named(span)} stands for an entity that is not there.",
            place=place,
            change=Change(span, replace(span, entity_id=None)),
        )
    if label is None:
        message = f"{_named(span)} has the label {span.label!r}, which the scheme does not know."
        yield _found("unknown-label", span, message, place=place)
        return
    if label.max_fragments is not None and len(span.fragments) > label.max_fragments:
        message = f"{_named(span)} has more pieces than the {label.max_fragments} allowed."
        yield _found("too-many-fragments", span, message, severity="warning", place=place)
    entity = annotated.entities.get(span.entity_id or "")
    if entity is not None and label.entity != entity.kind:
        message = (
            f"{_named(span)} stands for {entity.name!r}, which is of the kind {entity.kind!r}; "
            f"{span.label!r} does not stand for those."
        )
        yield _found("wrong-entity-kind", span, message, place=place)
    for message in _attribute_faults(span.attributes, label.attributes):
        text = f"{_named(span)}: {message}"
        yield _found("attribute", span, text, severity="warning", place=place)


def _extent(annotated: Annotated, span: Span) -> Iterator[Inconsistency]:
    """Yield what is wrong with the extent of a span; one change mends all of it."""
    text = annotated.article.text
    length = len(text)
    inside = normalise(Fragment(max(0, a), min(b, length)) for a, b in span.fragments)
    if inside:
        mended = replace(span, fragments=inside, text=covered(text, inside))
        change = Change(span, mended)
    elif annotated.ties(span.id):
        change = None
    else:
        change = Change(span, None)
    place = _place(annotated, span)
    faults: list[tuple[str, str]] = []
    if not span.fragments or any(a >= b for a, b in span.fragments):
        faults.append(("empty-fragment", "has an empty piece"))
    if any(a < 0 or b > length for a, b in span.fragments):
        faults.append(("outside-text", f"lies outside the text, which has {length} characters"))
    if any(one.end >= other.start for one, other in pairwise(span.fragments)):
        faults.append(("fragment-order", "has pieces that overlap, touch or are out of order"))
    if not faults and span.text != covered(text, span.fragments):
        faults.append(("text-differs", "does not stand where it was marked: the words differ"))
    for code, message in faults:
        yield _found(code, span, f"{_named(span)} {message}.", place=place, change=change)


def _relation(
    annotated: Annotated, tie: Relation, scheme: Scheme, known_entities: Collection[str]
) -> Iterator[Inconsistency]:
    removal = Change(tie, None)
    source = annotated.spans.get(tie.source)
    target = annotated.spans.get(tie.target or "")
    place = None if source is None else _place(annotated, source)
    entity_missing = tie.target_entity is not None and tie.target_entity not in known_entities
    if source is None or (tie.target is not None and target is None) or entity_missing:
        message = f"The relation {tie.label!r} has an end that is not there."
        yield _found("dangling-relation", tie, message, place=place, change=removal)
        return
    if tie.target is None and tie.target_entity is None:
        message = f"The relation {tie.label!r} ends nowhere."
        yield _found("dangling-relation", tie, message, place=place, change=removal)
        return
    if tie.target == tie.source:
        message = f"The relation {tie.label!r} of {_named(source)} ends where it begins."
        yield _found("relation-to-itself", tie, message, place=place, change=removal)
        return
    ends = [source] if target is None else [source, target]
    if any(end.layer_id != tie.layer_id for end in ends):
        message = f"The relation {tie.label!r} of {_named(source)} leaves its layer."
        yield _found("relation-across-layers", tie, message, place=place)
    rule = scheme.relation(tie.label)
    if rule is None:
        message = f"The relation {tie.label!r} is not known to the scheme."
        yield _found("unknown-relation", tie, message, place=place)
        return
    yield from _illegal_ends(annotated, tie, rule, source, target)


def _illegal_ends(
    annotated: Annotated, tie: Relation, rule: RelationLabel, source: Span, target: Span | None
) -> Iterator[Inconsistency]:
    place = _place(annotated, source)
    legal = source.label == rule.source
    if target is not None:
        legal = legal and target.label in rule.targets
    if tie.target_entity is not None:
        entity = annotated.entities.get(tie.target_entity)
        legal = legal and entity is not None and entity.kind == rule.target_entity
    if not legal:
        ends = source.label if target is None else f"{source.label} and {target.label}"
        message = f"The relation {tie.label!r} may not tie {ends} ({_named(source)})."
        yield _found("illegal-relation", tie, message, place=place)
    elif rule.inside and target is not None and not contains(target.fragments, source.fragments):
        message = f"{_named(source)} does not lie inside the span that {tie.label!r} names."
        yield _found("not-inside", tie, message, severity="warning", place=place)


def _cardinalities(annotated: Annotated, scheme: Scheme) -> Iterator[Inconsistency]:
    for rule in scheme.relations:
        if rule.max is None:
            continue
        by_source: dict[str, list[Relation]] = {}
        for tie in annotated.relations.values():
            if tie.label == rule.name:
                by_source.setdefault(tie.source, []).append(tie)
        for source, ties in by_source.items():
            span = annotated.spans.get(source)
            if len(ties) > rule.max and span is not None:
                yield _found(
                    "too-many-relations",
                    span,
                    f"{_named(span)} has {len(ties)} relations {rule.name!r}; {rule.max} may be.",
                    place=_place(annotated, span),
                )


def _circles(annotated: Annotated, scheme: Scheme) -> Iterator[Inconsistency]:
    for rule in scheme.relations:
        if not rule.inside:
            continue
        upwards = {
            tie.source: tie.target
            for tie in annotated.relations.values()
            if tie.label == rule.name and tie.target is not None
        }
        told: set[str] = set()
        for begin in sorted(upwards):
            way: list[str] = []
            at: str | None = begin
            while at is not None and at not in way and at not in told:
                way.append(at)
                at = upwards.get(at)
            if at in way and at in annotated.spans:
                span = annotated.spans[at]
                message = f"{_named(span)} lies inside itself by the relation {rule.name!r}."
                yield _found("circle", span, message, place=_place(annotated, span))
            told.update(way)


def _remarks(annotated: Annotated) -> Iterator[Inconsistency]:
    here = {annotated.article.id, *annotated.layers, *annotated.spans, *annotated.relations}
    for verdict in annotated.verdicts.values():
        if verdict.record_id not in here:
            message = f"A verdict by {verdict.author!r} is about a record that was deleted."
            yield _found("dangling-verdict", verdict, message, severity="info")
    for comment in annotated.comments.values():
        if comment.record_id not in here:
            message = f"A remark by {comment.author!r} is about a record that was deleted."
            yield _found("dangling-comment", comment, message, severity="info")
        if comment.reply_to is not None and comment.reply_to not in annotated.comments:
            yield _found(
                "dangling-reply",
                comment,
                f"A remark by {comment.author!r} answers one that is not there.",
                severity="warning",
                change=Change(comment, replace(comment, reply_to=None)),
            )


def unsound_entity(entity: Entity, scheme: Scheme, spans: int) -> Iterator[Inconsistency]:
    """Yield what is wrong with an entity that *spans* spans and relations refer to."""
    kind = scheme.entity_kind(entity.kind)
    name = f"The entity {entity.name!r}"
    if kind is None:
        message = f"{name} is of the kind {entity.kind!r}, which the scheme does not know."
        yield _found("unknown-entity-kind", entity, message)
    else:
        for fault in _attribute_faults(entity.attributes, kind.attributes):
            yield _found("attribute", entity, f"{name}: {fault}", severity="warning")
    if (entity.latitude is None) != (entity.longitude is None):
        message = f"{name} has only one of latitude and longitude."
        yield _found("half-coordinates", entity, message, severity="warning")
    if not entity.name.strip():
        yield _found("no-name", entity, "An entity has no name.", severity="warning")
    if spans == 0:
        yield _found(ORPHAN, entity, f"{name} is not used anywhere.", severity="info")


def _attribute_faults(attributes: Mapping[str, Any], known: tuple[Attribute, ...]) -> Iterator[str]:
    by_name = {attribute.name: attribute for attribute in known}
    for name, value in attributes.items():
        attribute = by_name.get(name)
        if attribute is None:
            yield f"the attribute {name!r} is not known to the scheme."
        elif attribute.kind == "choice" and value is not None and value not in attribute.values:
            yield f"the attribute {name!r} has the value {value!r}, which is not on its list."
        elif attribute.kind == "boolean" and not isinstance(value, bool | None):
            yield f"the attribute {name!r} should be true or false, and is {value!r}."


def _named(span: Span) -> str:
    words = " … ".join(span.text)
    shown = words if len(words) <= 40 else f"{words[:39]}…"
    return f"The {span.label} {shown!r}"


def _place(annotated: Annotated, span: Span) -> Fragment | None:
    length = len(annotated.article.text)
    inside = [(a, b) for a, b in span.fragments if 0 <= a < b <= length]
    return Fragment(inside[0][0], inside[-1][1]) if inside else None
