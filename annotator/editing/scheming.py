"""Changes of the scheme, together with what they mean for the labels that exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from annotator.editing.desk import NothingToDo
from annotator.model import Change, Edit, Entity, Record, Relation, SchemeVersion, Span, edit
from annotator.scheme import Label, Scheme, SchemeError, from_record, inconsistencies, to_record


@dataclass(frozen=True, slots=True)
class Renames:
    """From old names to new ones; the empty name for what is gone, though its name is in use."""

    labels: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Of kinds of entities."""
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the old name of their label."""
    kind_attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the old name of their kind of entity."""


def change_scheme(
    before: SchemeVersion,
    after: Scheme,
    spans: Iterable[Span] = (),
    relations: Iterable[Relation] = (),
    entities: Iterable[Entity] = (),
    renames: Renames | None = None,
) -> Edit:
    """Make *after* the scheme of the project, as the version that follows *before*.

    *spans* and *relations* are those whose label changes or goes, *entities* all of them where a
    kind changes. Renamed ones are relabelled; spans and relations whose label is gone are taken
    out, and so are entities whose kind is gone, relations that a change of their ends makes
    illegal, values that are not allowed any more, and ties of spans to entities of another kind.
    All of it is one edit, so that undo brings everything back. Raises SchemeError where the
    scheme contradicts itself.
    """
    new = replace(after, version=before.number + 1)
    problems = inconsistencies(new)
    if problems:
        raise SchemeError("The scheme contradicts itself: " + " ".join(problems))
    old = from_record(before)
    if replace(new, version=before.number) == old:
        raise NothingToDo("The scheme is unchanged.")
    turn = _Turn(old, new, renames or Renames(), {item.id: item for item in entities})
    old_spans, old_ties = list(spans), list(relations)
    present = {span.id: turn.span(span) for span in old_spans}
    ties = [(tie, turn.relation(tie, present)) for tie in old_ties]
    things = [(entity, turn.entity(entity)) for entity in turn.entities.values()]
    kept = [Change(before, to_record(new))]
    kept += [Change(e, e2) for e, e2 in things if e2 is not None and e2 != e]
    kept += [Change(s, s2) for s in old_spans if (s2 := present[s.id]) is not None and s2 != s]
    kept += [Change(t, t2) for t, t2 in ties if t2 is not None and t2 != t]
    gone = [Change(tie, None) for tie, left in ties if left is None]
    gone += [Change(span, None) for span in old_spans if present[span.id] is None]
    gone += [Change(entity, None) for entity, left in things if left is None]
    return edit("scheme", [*kept, *gone], detail=new.reference)


def taken_out(edit: Edit) -> tuple[Record, ...]:
    """Return the records that *edit* takes out, so that a person can be told before."""
    return tuple(
        change.before
        for change in edit.changes
        if change.after is None and change.before is not None
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """From one scheme to the next: what becomes of a record."""

    old: Scheme
    new: Scheme
    renames: Renames
    entities: Mapping[str, Entity]

    def span(self, span: Span) -> Span | None:
        """Return *span* as it will be, or None where its label is gone."""
        label = self.new.label(self.renames.labels.get(span.label, span.label))
        if label is None:
            return None
        values = self._values(span, label)
        entity_id = span.entity_id
        if entity_id is not None and entity_id in self.entities:
            entity = self.entity(self.entities[entity_id])
            if entity is None or entity.kind != label.entity:
                entity_id = None
        return replace(span, label=label.name, attributes=values, entity_id=entity_id)

    def _values(self, span: Span, label: Label) -> dict[str, object]:
        names = self.renames.attributes.get(span.label, {})
        kept = {}
        for old_name, value in span.attributes.items():
            name = names.get(old_name, old_name)
            attribute = self.new.attribute(label, name)
            if attribute is not None and attribute.allows(value):
                kept[name] = value
        return kept

    def relation(self, tie: Relation, spans: Mapping[str, Span | None]) -> Relation | None:
        """Return *tie* as it will be, or None where its label or one of its ends is gone."""
        relation = self.new.relation(self.renames.relations.get(tie.label, tie.label))
        if relation is None:
            return None
        source_gone = tie.source in spans and not _fits(spans[tie.source], (relation.source,))
        target_gone = tie.target is not None and (
            tie.target in spans and not _fits(spans[tie.target], relation.targets)
        )
        if tie.target_entity is not None and tie.target_entity in self.entities:
            entity = self.entity(self.entities[tie.target_entity])
            target_gone = entity is None or entity.kind != relation.target_entity
        if source_gone or target_gone:
            return None
        return replace(tie, label=relation.name)

    def entity(self, entity: Entity) -> Entity | None:
        """Return *entity* as it will be, or None where its kind is gone.

        What the old scheme did not know was not lost by the change, and stays as it is.
        """
        old = self.old.entity_kind(entity.kind)
        new = self.new.entity_kind(self.renames.kinds.get(entity.kind, entity.kind))
        if new is None or old is None:
            return entity if old is None else None
        names = self.renames.kind_attributes.get(entity.kind, {})
        kept = {}
        for old_name, value in entity.attributes.items():
            name = names.get(old_name, old_name)
            attribute = new.attribute(name)
            known = old.attribute(old_name) is not None
            if not known or (attribute is not None and attribute.allows(value)):
                kept[name] = value
        return replace(entity, kind=new.name, attributes=kept)


def _fits(span: Span | None, labels: tuple[str, ...]) -> bool:
    return span is not None and span.label in labels
