"""What of a variant differs from the others: the only parts that a reviewer has to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.model import Fragment, Relation, Span
from annotator.review.cases import Case, Choice, Review
from annotator.review.conflicts import ENTITY, value_of
from annotator.spans import Fragments, hull, intersection, subtract


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a variant in a row that all are shared, or all differ."""

    place: Fragment
    text: str
    differs: bool
    gap: bool = False
    """Whether the span leaves these words out: what lies between its pieces."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A choice of a case, with what of it the other choices do not say."""

    choice: Choice
    runs: tuple[Run, ...]
    """The words of its first span; of a relation, those of its target."""
    label: str | None
    """The label or relation, where the choices have different ones."""
    attributes: tuple[tuple[str, Any], ...]
    """Names and values of the attributes that differ; None where a choice has no value."""
    entity: str | None
    """The entity's name where the choices stand for different ones; empty for none."""
    more: tuple[Span, ...]
    """Spans that it has beside the first."""
    agreeing: int
    """How many attributes all choices have alike."""


def differences(review: Review, case: Case) -> tuple[Difference, ...]:
    """Return each choice of *case*, in their order, with what differs between them."""
    if not case.choices:
        return ()
    extents = [_extent(review, choice) for choice in case.choices]
    shared = extents[0]
    for extent in extents[1:]:
        shared = intersection(shared, extent)
    values = [_values(review, choice) for choice in case.choices]
    names = sorted({name for own in values for name in own})
    unlike = [name for name in names if len({repr(own.get(name)) for own in values}) > 1]
    labels = [_record(choice).label for choice in case.choices]
    entities = [_entity(review, choice) for choice in case.choices]
    about_entity = any(
        one.name == ENTITY or "entity" in one.kind.value or "identifier" in one.kind.value
        for one in case.conflicts
    )
    return tuple(
        Difference(
            choice=choice,
            runs=runs(review.annotated.article.text, extent, shared),
            label=label if len(set(labels)) > 1 else None,
            attributes=tuple((name, own.get(name)) for name in unlike),
            entity=entity if about_entity else None,
            more=choice.spans[1:],
            agreeing=len(names) - len(unlike),
        )
        for choice, extent, own, label, entity in zip(
            case.choices, extents, values, labels, entities, strict=True
        )
    )


def _record(choice: Choice) -> Span | Relation:
    return choice.variants[0].records[0]


def _extent(review: Review, choice: Choice) -> Fragments:
    if choice.relation is None:
        return choice.spans[0].fragments
    target = review.annotated.spans.get(choice.relation.target or "")
    return () if target is None else target.fragments


def _values(review: Review, choice: Choice) -> Mapping[str, Any]:
    record = _record(choice)
    if isinstance(record, Relation):
        return record.attributes
    label = review.scheme.label(record.label)
    names = set(record.attributes)
    names |= {one.name for one in (() if label is None else review.scheme.attributes_of(label))}
    found = {name: value_of(record, name, review.scheme) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _entity(review: Review, choice: Choice) -> str:
    record = _record(choice)
    key = record.target_entity if isinstance(record, Relation) else record.entity_id
    entity = review.annotated.entities.get(key or "")
    return "" if entity is None else entity.name


def runs(text: str, extent: Fragments, shared: Sequence[Fragment]) -> tuple[Run, ...]:
    """Return the words from the first to the last of *extent*, cut where they begin to differ."""
    if not extent:
        return ()
    own: Fragments = extent
    for piece in shared:
        own = subtract(own, piece)
    gaps: Fragments = (hull(extent),)
    for piece in extent:
        gaps = subtract(gaps, piece)
    pieces = [(piece, True, False) for piece in own]
    pieces += [(piece, False, False) for piece in intersection(extent, shared)]
    pieces += [(piece, False, True) for piece in gaps]
    return tuple(
        Run(piece, text[piece.start : piece.end], differs, gap)
        for piece, differs, gap in sorted(pieces)
    )
