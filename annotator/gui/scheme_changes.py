"""What a changed scheme means for the labels there are: which records, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from annotator import editing
from annotator.model import Edit, Relation, Span
from annotator.scheme import Label, RelationLabel, Scheme, to_record
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.project import Project


@dataclass(slots=True)
class Draft:
    """A scheme being changed, and what its labels and relations were called before."""

    before: Scheme
    scheme: Scheme
    labels: dict[str, str] = field(default_factory=dict)
    """Present names of labels by the names that they had."""
    relations: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scheme: Scheme) -> Draft:
        """Begin to change *scheme*."""
        draft = cls(scheme, scheme)
        draft.take(scheme)
        return draft

    def take(self, scheme: Scheme) -> None:
        """Go on with another scheme; what is called the same counts as the same."""
        self.scheme = replace(scheme, version=self.before.version)
        names = {item.name for item in scheme.labels}
        self.labels = {item.name: item.name for item in self.before.labels if item.name in names}
        ties = {item.name for item in scheme.relations}
        self.relations = {
            item.name: item.name for item in self.before.relations if item.name in ties
        }

    def put_label(self, number: int, after: Label) -> None:
        """Change a label; relations and rules follow its name."""
        before = self.scheme.labels[number]
        labels = list(self.scheme.labels)
        labels[number] = after
        scheme = replace(self.scheme, labels=tuple(labels))
        if after.name != before.name:
            names = {before.name: after.name}
            scheme = _renamed(scheme, names)
            self.labels = _followed(self.labels, names)
        self.scheme = scheme

    def put_relation(self, number: int, after: RelationLabel) -> None:
        """Change a relation."""
        before = self.scheme.relations[number]
        relations = list(self.scheme.relations)
        relations[number] = after
        self.scheme = replace(self.scheme, relations=tuple(relations))
        if after.name != before.name:
            self.relations = _followed(self.relations, {before.name: after.name})

    def remove_label(self, number: int) -> None:
        """Take a label out, with the relations that begin at it or could only end at it."""
        name = self.scheme.labels[number].name
        labels = tuple(item for item in self.scheme.labels if item.name != name)
        relations = [
            replace(item, targets=tuple(end for end in item.targets if end != name))
            for item in self.scheme.relations
            if item.source != name
        ]
        kept = tuple(item for item in relations if item.targets or item.target_entity)
        rules = tuple(
            replace(rule, labels=tuple(item for item in rule.labels if item != name))
            for rule in self.scheme.rules
        )
        self.scheme = replace(self.scheme, labels=labels, relations=kept, rules=rules)
        self.labels = {old: new for old, new in self.labels.items() if new != name}
        present = {item.name for item in kept}
        self.relations = {old: new for old, new in self.relations.items() if new in present}

    def remove_relation(self, number: int) -> None:
        """Take a relation out."""
        name = self.scheme.relations[number].name
        relations = tuple(item for item in self.scheme.relations if item.name != name)
        self.scheme = replace(self.scheme, relations=relations)
        self.relations = {old: new for old, new in self.relations.items() if new != name}

    # -- what it comes to --------------------------------------------------------------------

    def edit(self, project: Project) -> Edit:
        """Return the one edit that makes this the scheme of *project*.

        Raises UserError where the scheme contradicts itself or is unchanged.
        """
        labels, ties = self._touched()
        spans = [span for name in labels for span in project.spans_with_label(name)]
        relations = [tie for name in ties for tie in project.relations_with_label(name)]
        return editing.change_scheme(
            to_record(self.before),
            self.scheme,
            spans,
            relations,
            renamed_labels={old: new for old, new in self.labels.items() if old != new},
            renamed_relations={old: new for old, new in self.relations.items() if old != new},
        )

    def _touched(self) -> tuple[list[str], list[str]]:
        """Return the former names of labels and relations whose records may have to change."""
        labels = {item.name for item in self.before.labels if self._label_differs(item)}
        ties = {
            item.name
            for item in self.before.relations
            if self._relation_differs(item) or labels & {item.source, *item.targets}
        }
        for item in self.before.relations:
            if item.name in ties and self._relation_differs(item):
                labels |= {item.source, *item.targets}
        return sorted(labels), sorted(ties)

    def _label_differs(self, item: Label) -> bool:
        after = self.scheme.label(self.labels.get(item.name, ""))
        return after is None or (after.name, after.attributes, after.entity) != (
            item.name,
            item.attributes,
            item.entity,
        )

    def _relation_differs(self, item: RelationLabel) -> bool:
        after = self.scheme.relation(self.relations.get(item.name, ""))
        if after is None or after.name != item.name:
            return True
        ends = (self.labels.get(item.source), {self.labels.get(end) for end in item.targets})
        return ends != (after.source, set(after.targets))


def _followed(names: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    return {old: renamed.get(new, new) for old, new in names.items()}


def _renamed(scheme: Scheme, names: Mapping[str, str]) -> Scheme:
    """Return *scheme* with the labels called otherwise in relations and rules."""
    relations = tuple(
        replace(
            item,
            source=names.get(item.source, item.source),
            targets=tuple(names.get(end, end) for end in item.targets),
        )
        for item in scheme.relations
    )
    rules = tuple(
        replace(rule, labels=tuple(names.get(item, item) for item in rule.labels))
        for rule in scheme.rules
    )
    return replace(scheme, relations=relations, rules=rules)


def consequences(edit: Edit) -> str:
    """Say what *edit* takes away: "Removes 32 Claims in 12 articles and 40 links; …"."""
    gone = editing.taken_out(edit)
    spans = [record for record in gone if isinstance(record, Span)]
    ties = [record for record in gone if isinstance(record, Relation)]
    parts = []
    for name in dict.fromkeys(span.label for span in spans):
        own = [span for span in spans if span.label == name]
        where = len({span.article_id for span in own})
        articles = tr_n(where, "{n} article", "{n} articles")
        text = tr_n(
            len(own), "{n} {label} in {articles}", "{n} × {label} in {articles}",
            label=name, articles=articles,
        )  # fmt: skip
        parts.append(text)
    if ties:
        parts.append(tr_n(len(ties), "{n} link", "{n} links"))
    poorer = sum(_loses_values(change.before, change.after) for change in edit.changes)
    if poorer:
        parts.append(tr_n(poorer, "values of {n} label", "values of {n} labels"))
    if not parts:
        return ""
    return tr("Removes {what}; can be undone.", what=", ".join(parts))


def _loses_values(before: object, after: object) -> bool:
    if not isinstance(before, Span) or not isinstance(after, Span):
        return False
    return bool(set(before.attributes) - set(after.attributes))
