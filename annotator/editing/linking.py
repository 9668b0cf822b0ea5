"""Relations: tying spans to spans or to entities, and what they may be tied to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from annotator.editing.attributes import settle
from annotator.editing.desk import Desk, Impossible, NothingToDo
from annotator.editing.draft import Draft
from annotator.editing.likely import likely_target, outermost_quotation
from annotator.editing.noting import add_entity
from annotator.model import Edit, Entity, Fragment, Relation, Span, new_id
from annotator.scheme import RelationLabel
from annotator.spans import contains, gap, hull, overlap

_SIGHT: Final = 20_000
"""Code points around a span in which targets are offered first: many screens of text."""


def relate(
    desk: Desk,
    span_ids: Sequence[str],
    relation: str,
    *,
    target: str | None = None,
    target_entity: Entity | str | None = None,
    add: bool = False,
) -> Edit:
    """Tie spans to one target: a span, or an entity that has no words here.

    What stood in the slot is replaced; with *add*, the target joins it as far as the relation
    allows. A new entity is made in the same edit. Impossible where the scheme does not allow the
    tie, NothingToDo where every span has it already.
    """
    draft = Draft(desk)
    spec = desk.relation(relation)
    spans = desk.spans(span_ids)
    if (target is None) == (target_entity is None):
        raise ValueError("A relation ends at a span or at an entity.")
    entity_id = target_entity
    if isinstance(target_entity, Entity):
        add_entity(draft, target_entity)
        entity_id = target_entity.id
    for span in spans:
        if target is not None:
            _refuse_target(draft, span, spec, target)
        else:
            _refuse_entity(draft, span, spec, entity_id)
        wanted = Relation(
            id=new_id(),
            article_id=span.article_id,
            layer_id=span.layer_id,
            label=relation,
            source=span.id,
            target=target,
            target_entity=entity_id if isinstance(entity_id, str) else None,
        )
        _put_in_slot(draft, spec, wanted, add=add)
    settle(draft)
    if not draft.changed_ties():
        raise NothingToDo("This is tied so already.")
    return draft.edit("relate", detail=relation, place=spans[0].fragments[0])


def _refuse_target(draft: Draft, span: Span, relation: RelationLabel, target_id: str) -> None:
    target = draft.span(target_id)
    if target is None or target.layer_id != span.layer_id:
        raise Impossible("That label is not here any more. Please select again.")
    if is_legal(draft, span, relation, target):
        return
    if relation.inside and target.label in relation.targets and span.id != target.id:
        raise Impossible(
            "{relation} needs a {label} that lies around the selected one.",
            relation=relation.name,
            label=target.label,
        )
    raise Impossible(
        "{relation} does not lead from {source} to {target}.",
        relation=relation.name,
        source=span.label,
        target=target.label,
    )


def _refuse_entity(
    draft: Draft, span: Span, relation: RelationLabel, entity_id: Entity | str | None
) -> None:
    entity = draft.entity(entity_id) if isinstance(entity_id, str) else None
    if entity is None:
        raise Impossible("That entity is not in the project any more.")
    if span.label != relation.source or entity.kind != relation.target_entity:
        raise Impossible(
            "{relation} does not lead from {source} to {target}.",
            relation=relation.name,
            source=span.label,
            target=entity.name,
        )


def _put_in_slot(draft: Draft, relation: RelationLabel, wanted: Relation, *, add: bool) -> None:
    present = draft.relations_from(wanted.source, relation.name)
    same = [
        t for t in present if (t.target, t.target_entity) == (wanted.target, wanted.target_entity)
    ]
    if add:
        if same:
            return
        if relation.max is not None and len(present) >= relation.max:
            raise Impossible(
                "{relation} takes {most} at most. Replace what is there, or remove it first.",
                relation=relation.name,
                most=relation.max,
            )
        draft.put(wanted)
        return
    kept = (same or present)[:1]
    for tie in present:
        if tie not in kept:
            draft.drop(tie)
    if kept:
        wanted = replace(kept[0], target=wanted.target, target_entity=wanted.target_entity)
    draft.put(wanted)


def unrelate(desk: Desk, relation_ids: Sequence[str]) -> Edit:
    """Take relations out."""
    draft = Draft(desk)
    ties = [
        tie
        for key in dict.fromkeys(relation_ids)
        if (tie := desk.annotated.relations.get(key)) is not None
    ]
    if not ties or any(tie.layer_id != desk.layer.id for tie in ties):
        raise NothingToDo("There is no relation to remove.")
    for tie in ties:
        draft.drop(tie)
    settle(draft)
    place = desk.annotated.spans[ties[0].source].fragments[0]
    return draft.edit("unrelate", detail=ties[0].label, place=place)


def is_legal(draft: Draft, span: Span, relation: RelationLabel, target: Span) -> bool:
    """Say whether the scheme lets *relation* lead from *span* to *target*."""
    if span.id == target.id or span.label != relation.source:
        return False
    if target.label not in relation.targets or target.layer_id != span.layer_id:
        return False
    if not relation.inside:
        return True
    around = contains(target.fragments, span.fragments)
    return around and not leads_to(draft, target, span, relation.name)


def leads_to(draft: Draft, start: Span, goal: Span, relation: str) -> bool:
    """Say whether relations with this name lead from *start* to *goal* over any number of steps."""
    seen: set[str] = set()
    waiting = [start.id]
    while waiting:
        key = waiting.pop()
        if key == goal.id:
            return True
        if key not in seen:
            seen.add(key)
            waiting += [tie.target for tie in draft.relations_from(key, relation) if tie.target]
    return False


def legal_targets(desk: Desk, span_ids: Sequence[str], relation: str) -> list[Span]:
    """Return the spans that may fill the slot of all these spans, likeliest first.

    After the likeliest come those outside the quotation that the spans stand in, the nearest
    first, then the others. Where something legal is near, what is far away is left out.
    """
    draft = Draft(desk)
    spec = desk.relation(relation)
    spans = [span for span in desk.spans(span_ids) if span.label == spec.source]
    if not spans:
        return []
    first = min(spans, key=lambda span: span.start)
    whole = Fragment(first.start, max(span.end for span in spans))
    near = draft.spans_in(max(0, whole.start - _SIGHT), whole.end + _SIGHT)
    found = _legal(draft, spans, spec, near)
    if not found:
        found = _legal(draft, spans, spec, desk.annotated.spans_of(desk.layer.id))
    likely = likely_target(draft, first, spec)
    quotation = outermost_quotation(desk.structure, first.start)

    def rank(target: Span) -> tuple[bool, bool, int, bool, str]:
        own = outermost_quotation(desk.structure, target.start)
        level = own is not None or overlap(target.fragments, first.fragments)
        if quotation is None:
            level = overlap(target.fragments, first.fragments)
        distance = gap(whole, hull(target.fragments))
        is_likely = likely is not None and likely.id == target.id
        return (not is_likely, level, distance, target.start > whole.start, target.id)

    return sorted(found, key=rank)


def legal_sources(desk: Desk, span_id: str, relation: str) -> list[Span]:
    """Return the spans whose slot this span may fill: empty slots first, then the nearest."""
    draft = Draft(desk)
    spec = desk.relation(relation)
    (target,) = desk.spans((span_id,))
    near = draft.spans_in(max(0, target.start - _SIGHT), target.end + _SIGHT)
    found = [span for span in near if is_legal(draft, span, spec, target)]

    def rank(span: Span) -> tuple[bool, int, int, str]:
        filled = bool(draft.relations_from(span.id, relation))
        return (filled, gap(hull(span.fragments), hull(target.fragments)), span.start, span.id)

    return sorted(found, key=rank)


def _legal(
    draft: Draft, spans: Sequence[Span], relation: RelationLabel, targets: Sequence[Span]
) -> list[Span]:
    return [
        target
        for target in targets
        if target.label in relation.targets
        and all(is_legal(draft, span, relation, target) for span in spans)
    ]


def likely_relation(desk: Desk, span_id: str) -> str | None:
    """Return the relation whose slot a person most likely wants to fill next, or None.

    Slots that must be filled and are empty come first, then other empty ones, then the first.
    """
    draft = Draft(desk)
    (span,) = desk.spans((span_id,))
    slots = desk.scheme.relations_from(span.label)
    empty = [slot for slot in slots if not draft.relations_from(span.id, slot.name)]
    required = [slot for slot in empty if slot.min > 0]
    return next((slot.name for slot in (*required, *empty, *slots)), None)
