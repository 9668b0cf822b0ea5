"""Edits of entities reach into articles: filled attributes follow there, in the same edit.

Whether words name a source is told by the name of its entity, and whether a source is implied by
the relations that end at an entity. So when entities are merged, split, renamed or deleted, values
may change in articles that nobody has open. :func:`unsettled` says in which, so that only those
are read; :func:`settled` completes the edit with what they need, and undo takes back all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from annotator.editing.attributes import settle
from annotator.editing.desk import Desk
from annotator.editing.draft import Draft
from annotator.model import Change, Edit, Entity, Relation, Span, name_key


def unsettled(
    edit: Edit, entities: Mapping[str, Entity], spans: Iterable[Span] = ()
) -> frozenset[str]:
    """Return the articles in which filled values may follow from what *edit* does to entities.

    *entities* are those before the edit; *spans* those that refer to an entity which the edit
    changes and are not in it themselves.
    """
    names = {name_key(name) for name in _names(edit, entities)}
    touched = [*spans, *(c.record for c in edit.changes if isinstance(c.record, Span))]
    named = {span.article_id for span in touched if name_key(" ".join(span.text)) in names}
    ties = (c.record for c in edit.changes if isinstance(c.record, Relation))
    return frozenset(named | {tie.article_id for tie in ties})


def _names(edit: Edit, entities: Mapping[str, Entity]) -> Iterable[str]:
    for change in edit.changes:
        for record in (change.before, change.after):
            if isinstance(record, Entity):
                yield record.name
            elif isinstance(record, Span) and record.entity_id is not None:
                known = entities.get(record.entity_id)
                yield "" if known is None else known.name


def settled(edit: Edit, desks: Iterable[Desk]) -> Edit:
    """Return *edit* with the filled attributes of the desks' articles brought up to date.

    A desk stands for its whole article here: entities are everybody's, so all layers follow.
    """
    changes = list(edit.changes)
    place = {(type(c.record), c.record.id): number for number, c in enumerate(changes)}
    added: list[Change] = []
    for desk in desks:
        for change in _following(edit, desk):
            number = place.get((Span, change.record.id))
            if number is None:
                added.append(change)
            else:
                changes[number] = change
    if not added and tuple(changes) == edit.changes:
        return edit
    return replace(edit, changes=tuple(added + changes))


def _following(edit: Edit, desk: Desk) -> list[Change]:
    """Return the changes of spans at a desk, as the edit and the rules together make them."""
    draft = Draft(desk)
    renamed: set[str] = set()
    for change in edit.changes:
        record = change.record
        if not isinstance(record, Entity) and record.article_id != desk.annotated.article.id:
            continue
        if change.after is None:
            draft.drop(record)
        else:
            draft.put(record)
        if isinstance(record, Entity) and change.before is not None:
            renamed.add(record.id)
    spans = [span for span in desk.annotated.spans.values() if span.entity_id in renamed]
    settle(draft, spans)
    return [change for change in draft.changes() if isinstance(change.record, Span)]
