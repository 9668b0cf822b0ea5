"""What is said of cases on the screen: their groups, their questions, why they are in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from annotator.model import Fragment
from annotator.review.case import META, About, Case, Group
from annotator.review.conflicts import ENTITY, Kind
from annotator.scheme import Scheme
from annotator.translation import inside, later, shown, tr, tr_n

_HEADINGS: Final[Mapping[Group, str]] = MappingProxyType(
    {
        Group.TEXT_VERSION: later("Text version"),
        Group.SCHEME_VERSION: later("Scheme version"),
        Group.BOUNDARY: later("Boundary"),
        Group.LABEL: later("Label"),
        Group.BOUNDARY_AND_LABEL: later("Boundary and label"),
        Group.MISSING: later("Missing"),
        Group.SINGLE: later("Only one has it"),
        Group.SPLIT: later("Split or merged"),
        Group.FRAGMENTS: later("Fragments"),
        Group.NESTING: later("Nesting"),
        Group.DUPLICATE: later("Duplicate"),
        Group.ATTRIBUTE: later("Attribute"),
        Group.RELATION: later("Relation"),
        Group.IDENTITY: later("Person or place"),
        Group.COMMENT: later("Comment"),
        Group.OUTDATED: later("Verdict outdated"),
        Group.UNAUDITED: later("To be audited"),
        Group.CONTESTED: later("Contested"),
        Group.UNREVIEWED: later("Not reviewed yet"),
        Group.AGREED: later("Agreed"),
    }
)

_KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SAME: later("All say the same"),
        Kind.BOUNDARY: later("Boundary"),
        Kind.LABEL: later("Label"),
        Kind.BOUNDARY_AND_LABEL: later("Boundary and label"),
        Kind.MISSING: later("Missing"),
        Kind.SINGLE: later("Only one has it"),
        Kind.SPLIT: later("Split or merged"),
        Kind.FRAGMENTS: later("Fragments"),
        Kind.NESTING: later("Nesting"),
        Kind.DUPLICATE: later("Duplicate"),
        Kind.VALUE: later("Other value"),
        Kind.UNSET: later("Not set by all"),
        Kind.SUBSET: later("Some values only"),
        Kind.RELATION_TYPE: later("Other relation"),
        Kind.DIRECTION: later("Other direction"),
        Kind.ENDPOINT: later("Other end"),
        Kind.DANGLING: later("End not marked by all"),
        Kind.ENTITY_SPLIT: later("One or several"),
        Kind.ENTITY_MERGED: later("Several taken for one"),
        Kind.OTHER_ENTITY: later("Somebody or something else"),
        Kind.IDENTIFIER: later("Other identifier"),
        Kind.TEXT_VERSION: later("Text version"),
        Kind.SCHEME_VERSION: later("Scheme version"),
        Kind.COMMENT: later("Comment"),
        Kind.OUTDATED: later("Verdict outdated"),
        Kind.UNAUDITED: later("To be audited"),
        Kind.CONTESTED: later("Contested"),
        Kind.UNREVIEWED: later("Not reviewed yet"),
    }
)


def heading(group: Group) -> str:
    """Return the name of a group of the queue, in the person's language."""
    return shown(_HEADINGS[group])


def kind_name(kind: Kind) -> str:
    """Return the name of a kind of conflict, in the person's language."""
    return shown(_KINDS[kind])


_QUESTIONS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.TEXT_VERSION: later(
            "These layers were made with different texts. Can they be compared?"
        ),
        Kind.SCHEME_VERSION: later(
            "These layers were made with different schemes. Can they be compared?"
        ),
        Kind.COMMENT: later("What is the answer to the comment?"),
        Kind.OUTDATED: later("This changed after the decision. Does the decision still hold?"),
        Kind.UNAUDITED: later("Was it right to accept this in bulk?"),
        Kind.CONTESTED: later("The decision is contested. Does it hold?"),
        Kind.UNREVIEWED: later("Is this {label} right?"),
        Kind.BOUNDARY_AND_LABEL: later("Which words, and which label?"),
        Kind.SPLIT: later("One {label}, or several?"),
        Kind.FRAGMENTS: later("Which pieces belong to the {label}?"),
        Kind.NESTING: later("The outer {label}, the inner one, or both?"),
        Kind.DUPLICATE: later("The {label} is marked twice. Does one go?"),
        Kind.VALUE: later("Which value has {name}?"),
        Kind.UNSET: later("Which value has {name}?"),
        Kind.SUBSET: later("Which value has {name}?"),
        Kind.SINGLE: later("Is this a {label}?"),
        Kind.MISSING: later("Is this a {label}?"),
        Kind.SAME: later("All say the same: {label}"),
        Kind.LABEL: later("Which label: {labels}?"),
        Kind.RELATION_TYPE: later("Which relation: {labels}?"),
        Kind.DIRECTION: later("Which way does {relation} lead?"),
        Kind.ENDPOINT: later("{relation}: which one?"),
    }
)
"""What a case of a kind asks; others, and relations that only some have, are asked otherwise."""


def question(case: Case, scheme: Scheme) -> str:
    """Return what the reviewer is asked, such as "Where does the claim end?"."""
    first = case.conflicts[0]
    kind = case.kind if case.kind in META else first.kind
    relation = scheme.relation(case.label)
    slot = relation.prompt if relation is not None and relation.prompt else case.label
    if first.name == ENTITY and kind == first.kind:
        return tr("Whom or what does this {label} stand for?", label=inside(case.label))
    if kind == Kind.BOUNDARY:
        return _asked_of_borders(case, inside(case.label))
    if case.about == About.RELATION and kind in (Kind.SINGLE, Kind.MISSING, Kind.DANGLING):
        return tr("{relation}: is it so?", relation=slot)
    if kind not in _QUESTIONS:
        return tr("The same, or somebody or something else?")
    labels = dict.fromkeys(r.label for one in case.variants for r in one.records[:1])
    return shown(_QUESTIONS[kind]).format(
        label=slot if case.about == About.RELATION else inside(case.label),
        labels=" / ".join(labels),
        relation=slot,
        name=first.name,
    )


def _asked_of_borders(case: Case, label: str) -> str:
    spans = [span for one in case.choices for span in one.spans[:1]]
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    if len(starts) == 1:
        return tr("Where does the {label} end?", label=label)
    if len(ends) == 1:
        return tr("Where does the {label} begin?", label=label)
    return tr("How far does the {label} reach?", label=label)


def why(case: Case, names: Mapping[str, str], paragraph: int | None = None) -> str:
    """Return why a case is in the queue: what differs, where, and between whom.

    *names* are those of the layers as they may be shown (aliases, where the review is blind).
    """
    parts = [kind_name(case.kind)]
    if case.kind not in (one.kind for one in case.conflicts) and not case.agrees:
        parts.append(kind_name(case.conflicts[0].kind))
    if paragraph is not None:
        parts.append(tr("paragraph {number}", number=paragraph))
    said = ", ".join(parts) + "."
    people = _people(case, names)
    return f"{said} {people}".strip()


def why_first(label: str, number: int) -> str:
    """Return why a case comes early, where rare labels come first."""
    return tr_n(
        number,
        "Rare labels come first: the project has {n} label {label}.",
        "Rare labels come first: the project has {n} labels {label}.",
        label=label,
    )


def _people(case: Case, names: Mapping[str, str]) -> str:
    have = [names.get(one.layer_id, one.author) for one in case.variants if one.records]
    lack = [names.get(one.layer_id, one.author) for one in case.variants if not one.records]
    if case.agrees or len(case.variants) < 2:
        return ""
    sentences = []
    if len(case.choices) > 1:
        sentences.append(tr("{people} differ.", people=_listed(have)))
    if lack and len(have) == 1:
        sentences.append(tr("{name} has it, not {others}.", name=have[0], others=_listed(lack)))
    elif lack:
        sentences.append(tr("Not marked by {people}.", people=_listed(lack)))
    return " ".join(sentences)


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def paragraph_number(place: Fragment, paragraphs: Sequence[Fragment]) -> int | None:
    """Return the number of the paragraph, from 1, in which *place* begins; None outside any."""
    for number, paragraph in enumerate(paragraphs, start=1):
        if paragraph.start <= place.start < paragraph.end:
            return number
    return None
