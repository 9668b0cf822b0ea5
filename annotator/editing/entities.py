"""Entities of the project: make, change, merge, split, delete; and which one is meant.

These edits reach over all articles: who calls them passes the spans and relations that refer to
the entities, which only the store can find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from annotator.editing.desk import Impossible, NothingToDo
from annotator.model import Change, Edit, Entity, Relation, Span, edit, name_key
from annotator.scheme import Label


def create_entity(entity: Entity) -> Edit:
    """Make an entity. Impossible without a name."""
    return edit("entity", [Change(None, _named(entity))], detail=entity.name)


def update_entity(before: Entity, after: Entity) -> Edit:
    """Change an entity: its name, aliases, identifiers, coordinates, attributes, note."""
    if before == after:
        raise NothingToDo("That is so already.")
    _check_coordinates(after)
    return edit("entity", [Change(before, _named(after))], detail=after.name)


def _named(entity: Entity) -> Entity:
    if not entity.name.strip():
        raise Impossible("Please give it a name.")
    return entity


def _check_coordinates(entity: Entity) -> None:
    if (entity.latitude is None) != (entity.longitude is None):
        raise Impossible("Coordinates need both a latitude and a longitude.")
    if entity.latitude is None or entity.longitude is None:
        return
    if not (-90 <= entity.latitude <= 90 and -180 <= entity.longitude <= 180):
        raise Impossible(
            "Latitude lies between -90 and 90 degrees, longitude between -180 and 180."
        )


def merge_entities(
    keep: Entity,
    others: Sequence[Entity],
    spans: Iterable[Span],
    relations: Iterable[Relation],
) -> Edit:
    """Make one entity of several that are the same in the world.

    *keep* gains the names of the others as aliases, and their identifiers, coordinates and
    attributes where it has none; *spans* and *relations* that refer to the others refer to it.
    """
    gone = {other.id: other for other in others if other.id != keep.id}
    if not gone:
        raise NothingToDo("Choose at least two to merge.")
    if any(other.kind != keep.kind for other in gone.values()):
        raise Impossible("Only entities of the same kind can be merged.")
    ties = list(relations)
    changes = [Change(keep, _merged(keep, list(gone.values())))]
    changes = [change for change in changes if change.before != change.after]
    changes += [
        Change(span, replace(span, entity_id=keep.id)) for span in spans if span.entity_id in gone
    ]
    changes += _redirected(ties, gone, keep.id)
    changes += [Change(other, None) for other in gone.values()]
    return edit("merge", changes, detail=keep.name)


def _merged(keep: Entity, others: Sequence[Entity]) -> Entity:
    for other in others:
        names = dict.fromkeys((*keep.aliases, other.name, *other.aliases))
        names.pop(keep.name, None)
        located = keep if keep.latitude is not None else other
        keep = replace(
            keep,
            aliases=tuple(names),
            identifiers={**other.identifiers, **keep.identifiers},
            latitude=located.latitude,
            longitude=located.longitude,
            attributes={**other.attributes, **keep.attributes},
            note="\n".join(filter(None, dict.fromkeys((keep.note, other.note)))),
            extra={**other.extra, **keep.extra},
        )
    return keep


def _redirected(ties: Sequence[Relation], gone: Mapping[str, Entity], keep: str) -> list[Change]:
    """Let relations end at *keep*; those that would then say the same twice go."""
    present = {(t.source, t.label) for t in ties if t.target_entity == keep}
    changed: list[Change] = []
    dropped: list[Change] = []
    for tie in ties:
        if tie.target_entity not in gone:
            continue
        if (tie.source, tie.label) in present:
            dropped.append(Change(tie, None))
        else:
            present.add((tie.source, tie.label))
            changed.append(Change(tie, replace(tie, target_entity=keep)))
    return changed + dropped


def split_entity(
    entity: Entity, new: Entity, spans: Iterable[Span], relations: Iterable[Relation] = ()
) -> Edit:
    """Give *new* to some *spans* and *relations* of an entity that stood for two things."""
    moved: list[Change] = [
        Change(span, replace(span, entity_id=new.id))
        for span in spans
        if span.entity_id == entity.id
    ]
    moved += [
        Change(tie, replace(tie, target_entity=new.id))
        for tie in relations
        if tie.target_entity == entity.id
    ]
    if not moved:
        raise NothingToDo("Choose the places where somebody or something else is meant.")
    return edit("split", [Change(None, _named(new)), *moved], detail=entity.name)


def delete_entity(entity: Entity, spans: Iterable[Span], relations: Iterable[Relation]) -> Edit:
    """Delete an entity: *spans* stand for none then, *relations* that end at it go."""
    loosened = [
        Change(span, replace(span, entity_id=None)) for span in spans if span.entity_id == entity.id
    ]
    dropped = [Change(tie, None) for tie in relations if tie.target_entity == entity.id]
    return edit("delete entity", [*loosened, *dropped, Change(entity, None)], detail=entity.name)


_EQUAL, _STARTS, _WORDS, _PART, _CLOSE, _OTHER = range(6)
_ALIKE: Final = 80.0
"""Similarity from which two spellings count as close, of 100 (weighted Levenshtein ratio)."""


def rank_entities(
    span_text: str | Sequence[str],
    label: Label,
    entities: Iterable[Entity],
    *,
    recent: Sequence[str] = (),
    query: str = "",
) -> list[Entity]:
    """Return the entities that a span with this label may stand for, best first.

    Without *query*, all of the label's kind: those named like the span, then those used last
    (*recent*, ids with the newest first), then by name. With it, those that fit what was typed.
    """
    words = span_text if isinstance(span_text, str) else " ".join(span_text)
    places = {key: place for place, key in enumerate(recent)}
    ranked = []
    for entity in entities:
        if entity.kind != label.entity:
            continue
        asked = _best(_fit, query, entity) if query.strip() else _EQUAL
        if asked == _OTHER:
            continue
        like = _best(_likeness, words, entity)
        used = places.get(entity.id, len(places))
        ranked.append((asked, like, used, name_key(entity.name), entity.id, entity))
    return [item[-1] for item in sorted(ranked, key=lambda item: item[:-1])]


def _best(measure: Callable[[str, str], int], words: str, entity: Entity) -> int:
    """Return how well *words* go with the best name of *entity*; ``_OTHER`` is not at all."""
    wanted = name_key(words)
    return min(measure(wanted, name_key(name)) for name in (entity.name, *entity.aliases))


def _likeness(words: str, name: str) -> int:
    """Say how well words of an article go with a name: by whole words that they share."""
    if words == name:
        return _EQUAL
    said, parts = set(words.split()), name.split()
    if said and (said <= set(parts) or set(parts) <= said):
        return _WORDS
    return _PART if parts[-1:] and parts[-1] in said else _OTHER


def _fit(typed: str, name: str) -> int:
    """Say how well what was typed so far goes with a name: by beginnings, then by likeness."""
    if typed == name:
        return _EQUAL
    if name.startswith(typed):
        return _STARTS
    parts = name.split()
    if all(any(part.startswith(word) for part in parts) for word in typed.split()):
        return _WORDS
    if typed in name:
        return _PART
    return _CLOSE if _is_close(typed, name) else _OTHER


def _is_close(wanted: str, name: str) -> bool:
    from rapidfuzz import fuzz

    return len(wanted) > 2 and fuzz.ratio(wanted, name) >= _ALIKE
