"""Changes of the scheme, together with what they mean for the labels that exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from annotator.editing.desk import NothingToDo
from annotator.model import Change, Edit, Record, Relation, SchemeVersion, Span, edit
from annotator.scheme import Scheme, SchemeError, from_record, inconsistencies, to_record


def change_scheme(
    before: SchemeVersion,
    after: Scheme,
    spans: Iterable[Span] = (),
    relations: Iterable[Relation] = (),
    *,
    renamed_labels: Mapping[str, str] | None = None,
    renamed_relations: Mapping[str, str] | None = None,
) -> Edit:
    """Make *after* the scheme of the project, as the version that follows *before*.

    *spans* and *relations* are those whose label changes or goes. Renamed ones are relabelled;
    spans and relations whose label is gone are taken out, and so are relations that a change of
    their ends makes illegal and values of attributes that are gone. All of it is one edit, so that
    undo brings everything back. Raises SchemeError where the scheme contradicts itself.
    """
    new = replace(after, version=before.number + 1)
    problems = inconsistencies(new)
    if problems:
        raise SchemeError("The scheme contradicts itself: " + " ".join(problems))
    if replace(new, version=before.number) == from_record(before):
        raise NothingToDo("The scheme is unchanged.")
    labels, ties = renamed_labels or {}, renamed_relations or {}
    old_spans, old_ties = list(spans), list(relations)
    present = {span.id: _span_after(span, new, labels) for span in old_spans}
    ties_after = [(tie, _relation_after(tie, new, ties, present)) for tie in old_ties]
    kept = [Change(before, to_record(new))]
    kept += [Change(s, s2) for s in old_spans if (s2 := present[s.id]) is not None and s2 != s]
    kept += [Change(t, t2) for t, t2 in ties_after if t2 is not None and t2 != t]
    gone = [Change(tie, None) for tie, left in ties_after if left is None]
    gone += [Change(span, None) for span in old_spans if present[span.id] is None]
    return edit("scheme", [*kept, *gone], detail=new.reference)


def taken_out(edit: Edit) -> tuple[Record, ...]:
    """Return the records that *edit* takes out, so that a person can be told before."""
    return tuple(
        change.before
        for change in edit.changes
        if change.after is None and change.before is not None
    )


def _span_after(span: Span, scheme: Scheme, renamed: Mapping[str, str]) -> Span | None:
    label = scheme.label(renamed.get(span.label, span.label))
    if label is None:
        return None
    kept = {
        name: value
        for name, value in span.attributes.items()
        if (attribute := scheme.attribute(label, name)) is not None and attribute.allows(value)
    }
    return replace(span, label=label.name, attributes=kept)


def _relation_after(
    tie: Relation, scheme: Scheme, renamed: Mapping[str, str], spans: Mapping[str, Span | None]
) -> Relation | None:
    relation = scheme.relation(renamed.get(tie.label, tie.label))
    if relation is None:
        return None
    source_gone = tie.source in spans and not _fits(spans[tie.source], (relation.source,))
    target_gone = tie.target is not None and (
        tie.target in spans and not _fits(spans[tie.target], relation.targets)
    )
    if source_gone or target_gone:
        return None
    return replace(tie, label=relation.name)


def _fits(span: Span | None, labels: tuple[str, ...]) -> bool:
    return span is not None and span.label in labels
