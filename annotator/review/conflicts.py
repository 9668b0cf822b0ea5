"""The names of conflicts, and what they are found by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from annotator.model import Span
from annotator.scheme import Scheme
from annotator.spans import overlap


class Kind(StrEnum):
    """What layers do not say alike; a reviewer settles one kind after another."""

    SAME = "same"
    BOUNDARY = "boundary"
    LABEL = "label"
    BOUNDARY_AND_LABEL = "boundary+label"
    MISSING = "missing"
    SINGLE = "single"
    SPLIT = "split/merge"
    FRAGMENTS = "fragments"
    NESTING = "nesting"
    DUPLICATE = "duplicate"
    VALUE = "value"
    UNSET = "unset"
    SUBSET = "subset"
    RELATION_TYPE = "relation type"
    DIRECTION = "direction"
    ENDPOINT = "endpoint"
    DANGLING = "dangling"
    ENTITY_SPLIT = "entity split"
    ENTITY_MERGED = "entity merged"
    OTHER_ENTITY = "other entity"
    IDENTIFIER = "other identifier"
    TEXT_VERSION = "text version"
    SCHEME_VERSION = "scheme version"
    COMMENT = "comment"
    OUTDATED = "verdict outdated"
    UNAUDITED = "unaudited"
    CONTESTED = "contested"
    UNREVIEWED = "unreviewed"


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """One thing that layers do not say alike."""

    kind: Kind
    name: str = ""
    """The attribute it is about, where it is about one; ``entity`` for who a span stands for."""
    soft: bool = False
    """Whether it makes no difference: another span of the same entity."""


ENTITY: Final = "entity"


def span_conflicts(variants: Sequence[Sequence[Span]], scheme: Scheme | None) -> list[Conflict]:
    """Return what layers say differently about one place, without entities.

    *variants* has for each layer what it has there: nothing, one span, or more where one of
    another layer stands against several.
    """
    found = [Conflict(kind) for kind in (_extent(variants), _presence(variants)) if kind]
    surplus = {kind for own in variants if (kind := _surplus(variants, own)) is not None}
    found += [Conflict(kind) for kind in sorted(surplus)]
    firsts = [spans[0] for spans in variants if spans]
    names = sorted({name for span in firsts for name in span.attributes})
    for name in names:
        kind = value_conflict([value_of(span, name, scheme) for span in firsts])
        if kind is not None:
            found.append(Conflict(kind, name))
    return found


def _extent(variants: Sequence[Sequence[Span]]) -> Kind | None:
    firsts = [spans[0] for spans in variants if spans]
    labels = {span.label for span in firsts}
    extents = {span.fragments for span in firsts}
    if len(extents) > 1 and len(labels) > 1:
        return Kind.BOUNDARY_AND_LABEL
    if len(labels) > 1:
        return Kind.LABEL
    if len(extents) > 1 and any(len(extent) > 1 for extent in extents):
        return Kind.FRAGMENTS
    return Kind.BOUNDARY if len(extents) > 1 else None


def _presence(variants: Sequence[Sequence[Span]]) -> Kind | None:
    have = sum(1 for spans in variants if spans)
    if have == len(variants):
        return None
    return Kind.SINGLE if have == 1 else Kind.MISSING


def _surplus(variants: Sequence[Sequence[Span]], own: Sequence[Span]) -> Kind | None:
    """Return why a layer has several spans where others have fewer, or None."""
    if len(own) < 2 or all(len(spans) >= len(own) for spans in variants):
        return None
    first, *others = own
    if any(one.label == first.label and one.fragments == first.fragments for one in others):
        return Kind.DUPLICATE
    if any(overlap(first.fragments, one.fragments) for one in others):
        return Kind.NESTING
    return Kind.SPLIT


def value_of(span: Span, name: str, scheme: Scheme | None) -> Any:
    """Return the value of an attribute, its default where nothing is set; None where unset."""
    value: Any = span.attributes.get(name)
    if value is None and scheme is not None:
        label = scheme.label(span.label)
        attribute = None if label is None else scheme.attribute(label, name)
        value = None if attribute is None else attribute.default
    return frozenset(map(str, value)) if isinstance(value, list | tuple) else value


def value_conflict(values: Sequence[Any]) -> Kind | None:
    """Return how the values of an attribute differ, or None where all are the same."""
    # True == 1 in Python, but not for a person who reads the two.
    kinds = {(type(value), value) for value in values}
    if len(kinds) < 2:
        return None
    said = [value for _, value in kinds if value is not None]
    if len(said) == 1:
        return Kind.UNSET
    sets = [value for value in said if isinstance(value, frozenset)]
    chained = sorted(sets, key=len)
    if len(sets) == len(kinds) and all(one < other for one, other in pairwise(chained)):
        return Kind.SUBSET
    return Kind.VALUE


def identity_conflict(
    clusters: Sequence[frozenset[int] | None], identifiers: Sequence[Mapping[str, str]]
) -> Kind | None:
    """Return how layers differ in whom a span stands for, or None.

    *clusters* has for each layer with the span the places that stand for the same entity there, of
    those that all of them have; None where it has no entity. *identifiers* are those of the
    entities (knowledge base: id).
    """
    said = [cluster for cluster in clusters if cluster is not None]
    if not said:
        return None
    if len(said) < len(clusters):
        return Kind.UNSET
    for base in {base for one in identifiers for base in one}:
        if len({one[base] for one in identifiers if base in one}) > 1:
            return Kind.IDENTIFIER
    sizes = sorted(set(said), key=len)
    if len(sizes) == 1:
        return None
    if not all(one < other for one, other in pairwise(sizes)):
        return Kind.OTHER_ENTITY
    largest = said.count(sizes[-1])
    return Kind.ENTITY_MERGED if 2 * largest < len(said) else Kind.ENTITY_SPLIT
