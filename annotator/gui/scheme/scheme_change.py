"""What saving a changed scheme means for the project: the edit, and its losses in plain words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator import editing
from annotator.editing import Renames
from annotator.gui.details.intents import kind_title, title
from annotator.model import Change, Edit, Entity, Relation, Span
from annotator.scheme import EntityKind, Label, RelationLabel, Scheme
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.scheme.scheme_draft import SchemeDraft
    from annotator.project import Project


@dataclass(frozen=True, slots=True)
class _Reach:
    """The labels and relations whose spans and ties a change reaches."""

    labels: tuple[str, ...]
    relations: tuple[str, ...]
    kinds: tuple[str, ...]


def edit_of(draft: SchemeDraft, project: Project) -> Edit:
    """Return the edit that makes *draft* the scheme of *project*, with what it takes along.

    NothingToDo where nothing differs, SchemeError where the scheme contradicts itself.
    """
    after, renames = draft.scheme, draft.renames
    reach = _reach(draft.base, after, renames)
    spans: dict[str, Span] = {}
    ties: dict[str, Relation] = {}
    entities = project.entities() if reach.kinds or reach.labels else {}
    for name in reach.labels:
        spans |= {span.id: span for span in project.spans_with_label(name)}
    for name in reach.relations:
        ties |= {tie.id: tie for tie in project.relations_with_label(name)}
    for entity in entities.values():
        if entity.kind in reach.kinds:
            spans |= {span.id: span for span in project.entity_spans(entity.id)}
            ties |= {tie.id: tie for tie in project.entity_relations(entity.id)}
    touched = entities.values() if reach.kinds or reach.labels else ()
    made = editing.change_scheme(
        project.scheme_record, after, spans.values(), ties.values(), touched, renames
    )
    given = (
        Change(verdict, replace(verdict, reason=new))
        for old, new in draft.reworded.items()
        for verdict in project.reviewing.verdicts_because(old)
    )
    return replace(made, changes=(*made.changes, *given))


def losing(draft: SchemeDraft) -> object:
    """Return what decides about losses: as long as it is equal, the losses are the same."""
    return _reach(draft.base, draft.scheme, draft.renames), draft.renames, _shapes(draft.scheme)


def losses(edit: Edit, base: Scheme) -> list[str]:
    """Return sentences that say exactly what *edit* takes out; none where it takes nothing."""
    spans, ties, kinds = Counter[str](), 0, Counter[str]()
    articles: dict[str, set[str]] = {}
    values, loosened = Counter[str](), Counter[str]()
    for change in edit.changes:
        before, after = change.before, change.after
        if isinstance(before, Span) and after is None:
            spans[before.label] += 1
            articles.setdefault(before.label, set()).add(before.article_id)
        elif isinstance(before, Span) and isinstance(after, Span):
            values[before.label] += len(after.attributes) < len(before.attributes)
            loosened[before.label] += before.entity_id is not None and after.entity_id is None
        elif isinstance(before, Relation) and after is None:
            ties += 1
        elif isinstance(before, Entity) and after is None:
            kinds[before.kind] += 1
    found = [
        tr(
            "Removes {labels} in {articles}.",
            labels=tr_n(n, "{n} label “{name}”", "{n} labels “{name}”", name=name),
            articles=tr_n(len(articles[name]), "{n} article", "{n} articles"),
        )
        for name, n in spans.items()
    ]
    if ties:
        found.append(tr_n(ties, "Removes {n} link.", "Removes {n} links."))
    found += [
        tr_n(
            n,
            "Removes {n} entry of the list “{name}”.",
            "Removes {n} entries of the list “{name}”.",
            name=_kind_title(base, name),
        )
        for name, n in kinds.items()
    ]
    found += [
        tr_n(
            n,
            "Takes values away from {n} label “{name}”.",
            "Takes values away from {n} labels “{name}”.",
            name=name,
        )
        for name, n in values.items()
        if n
    ]
    found += [
        tr_n(
            n,
            "{n} label “{name}” no longer says who or where is meant.",
            "{n} labels “{name}” no longer say who or where is meant.",
            name=name,
        )
        for name, n in loosened.items()
        if n
    ]
    return found


def _kind_title(scheme: Scheme, name: str) -> str:
    kind = scheme.entity_kind(name)
    return title(name) if kind is None else kind_title(kind)


def _reach(base: Scheme, after: Scheme, renames: Renames) -> _Reach:
    kinds = tuple(
        kind.name
        for kind in base.entities
        if not _same_kind(kind, after, renames.kinds.get(kind.name, kind.name))
    )
    labels = tuple(
        label.name
        for label in base.labels
        if not _same_label(base, label, after, renames.labels.get(label.name, label.name))
    )
    gone = any(not renames.labels.get(name, name) for name in labels)
    ties = tuple(
        relation.name
        for relation in base.relations
        if gone or not _same_relation(relation, after, renames)
    )
    return _Reach(labels, ties, kinds)


def _same_label(base: Scheme, label: Label, after: Scheme, name: str) -> bool:
    new = after.label(name)
    if new is None or new.name != label.name or new.entity != label.entity:
        return False
    return _shape(base, label) == _shape(after, new)


def _shape(scheme: Scheme, label: Label) -> tuple[object, ...]:
    return tuple((a.name, a.kind, a.values) for a in scheme.attributes_of(label))


def _shapes(scheme: Scheme) -> object:
    labels = tuple((item.name, item.entity, _shape(scheme, item)) for item in scheme.labels)
    ties = tuple((r.name, r.source, r.targets, r.target_entity) for r in scheme.relations)
    kinds = tuple(
        (kind.name, tuple((a.name, a.kind, a.values) for a in kind.attributes))
        for kind in scheme.entities
    )
    return labels, ties, kinds


def _same_kind(kind: EntityKind, after: Scheme, name: str) -> bool:
    new = after.entity_kind(name)
    if new is None or new.name != kind.name:
        return False
    return [(a.name, a.kind, a.values) for a in kind.attributes] == [
        (a.name, a.kind, a.values) for a in new.attributes
    ]


def _same_relation(relation: RelationLabel, after: Scheme, renames: Renames) -> bool:
    new = after.relation(renames.relations.get(relation.name, relation.name))
    if new is None or new.name != relation.name:
        return False
    ends = [renames.labels.get(end, end) for end in (relation.source, *relation.targets)]
    kind = relation.target_entity
    kind = renames.kinds.get(kind, kind) if kind is not None else None
    return ends == [new.source, *new.targets] and kind == new.target_entity
