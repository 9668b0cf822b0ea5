"""Earlier states from the saved edits: what changed between two points, and the way back.

A state is told by the revision after which it was. The way back is one edit like any other, so
that it can be taken back itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from annotator.model import (
    Article,
    Change,
    Edit,
    Entity,
    Layer,
    Record,
    Relation,
    Span,
    edit,
    type_name,
)

RESTORED: Final = (Article, Layer, Span, Relation)
"""What goes back to an earlier state; remarks and verdicts stay as they are."""

Wanted = Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Restoring:
    """The edit that brings a state back; None where nothing has changed since."""

    edit: Edit | None
    left: int = 0
    """Records that stay as they are, because what they belong to is not there any more."""


def net_changes(edits: Iterable[Edit], wanted: Wanted) -> list[Change]:
    """Return what *edits*, oldest first, come to: each record as it was and as it became.

    Records that end as they began are left out.
    """
    firsts: dict[tuple[str, str], Change] = {}
    lasts: dict[tuple[str, str], Change] = {}
    for one in edits:
        for change in one.changes:
            if wanted(change.record):
                key = (type_name(change.record), change.record.id)
                firsts.setdefault(key, change)
                lasts[key] = change
    found = []
    for key, first in firsts.items():
        before, after = first.before, lasts[key].after
        if before != after and (before is not None or after is not None):
            found.append(Change(before, after))
    return found


def of_article(article_id: str) -> Wanted:
    """Take the records of one article."""
    return lambda record: record.article_id == article_id and isinstance(record, RESTORED)


def of_label(span_id: str) -> Wanted:
    """Take one span, and the relations that begin or end at it."""

    def wanted(record: Record) -> bool:
        if isinstance(record, Relation):
            return span_id in (record.source, record.target)
        return isinstance(record, Span) and record.id == span_id

    return wanted


def of_records(ids: Collection[str]) -> Wanted:
    """Take spans, relations and layers with these ids."""
    return lambda record: record.id in ids and isinstance(record, Layer | Span | Relation)


def restored(
    changes: Iterable[Change],
    *,
    here: Mapping[str, Record],
    lost: Mapping[str, Entity],
    detail: str = "",
    article_id: str | None = None,
) -> Restoring:
    """Return the edit that takes *changes* back, which is what they came to since a state.

    *here* are the records that there are now, by id: spans need their layer, relations their ends.
    *lost* are the entities that were removed since; those that a span stood for come back, too.
    """
    known = {id_ for id_, record in here.items() if not isinstance(record, Entity)}
    entities = {id_ for id_, record in here.items() if isinstance(record, Entity)}
    back: list[Change] = []
    left = 0
    order = {name: at for at, name in enumerate(("article", "layer", "span", "relation"))}
    for change in sorted(changes, key=lambda one: order.get(type_name(one.record), 9)):
        then = change.before
        if then is None:
            known.discard(change.record.id)
            back.append(change.inverse)
            continue
        if not _has_home(then, known):
            left += 1
            continue
        then, revived = _with_entity(then, entities, lost)
        back += revived
        entities |= {one.record.id for one in revived}
        if then != change.after:
            back.append(Change(change.after, then))
        known.add(then.id)
    if not back:
        return Restoring(None, left)
    return Restoring(edit("restore", back, detail=detail, article_id=article_id), left)


def _has_home(record: Record, known: Collection[str]) -> bool:
    match record:
        case Span():
            return record.layer_id in known
        case Relation():
            ends = {record.layer_id, record.source, record.target} - {None}
            return all(end in known for end in ends)
    return True


def _with_entity(
    record: Record, entities: Collection[str], lost: Mapping[str, Entity]
) -> tuple[Record, list[Change]]:
    wanted = None
    if isinstance(record, Span):
        wanted = record.entity_id
    elif isinstance(record, Relation):
        wanted = record.target_entity
    if wanted is None or wanted in entities:
        return record, []
    if wanted in lost:
        return record, [Change(None, lost[wanted])]
    return (replace(record, entity_id=None) if isinstance(record, Span) else record), []
