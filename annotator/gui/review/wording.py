"""How conflicts are called and asked about, and which icon stands for each kind of them."""

from __future__ import annotations

from typing import Final

from annotator.gui.details.intents import title
from annotator.review.cases import About, Case, Choice, Group, Standing, group_of
from annotator.review.conflicts import ENTITY, Kind
from annotator.scheme import Scheme
from annotator.translation import inside, later, shown, tr, tr_n

GROUPS: Final[dict[Group, tuple[str, str]]] = {
    Group.TEXT_VERSION: (later("Another text"), "document"),
    Group.SCHEME_VERSION: (later("Another scheme"), "tag"),
    Group.BOUNDARY: (later("Boundary"), "boundary"),
    Group.LABEL: (later("Other label"), "swap"),
    Group.BOUNDARY_AND_LABEL: (later("Boundary and label"), "boundary"),
    Group.MISSING: (later("Somebody lacks it"), "minus"),
    Group.SINGLE: (later("Only one has it"), "plus"),
    Group.SPLIT: (later("Split or merged"), "split"),
    Group.FRAGMENTS: (later("Fragments"), "fragments"),
    Group.NESTING: (later("Inner or outer"), "nesting"),
    Group.DUPLICATE: (later("Marked twice"), "copy"),
    Group.ATTRIBUTE: (later("Attribute"), "tag"),
    Group.RELATION: (later("Link"), "link"),
    Group.IDENTITY: (later("Person or place"), "person"),
    Group.COMMENT: (later("Open comment"), "note"),
    Group.OUTDATED: (later("Changed since decided"), "history"),
    Group.UNAUDITED: (later("Accepted in bulk, to be audited"), "eye"),
    Group.CONTESTED: (later("Contested"), "flag"),
    Group.UNREVIEWED: (later("Not yet reviewed"), "help"),
    Group.AGREED: (later("Agreed"), "check"),
}
"""What each group of the queue is called, and its icon."""

DECISIONS: Final[dict[str, str]] = {
    "accepted": later("accepted"),
    "corrected": later("corrected"),
    "rejected": later("rejected"),
    "escalated": later("left to somebody else"),
    "skipped": later("skipped"),
}


def group_title(group: Group) -> str:
    """Return what a group of the queue is called."""
    return shown(GROUPS[group][0])


def group_icon(group: Group) -> str:
    """Return the icon of a group."""
    return GROUPS[group][1]


def decision_title(decision: str) -> str:
    """Return a decision in words; one of another program as it is."""
    return shown(DECISIONS[decision]) if decision in DECISIONS else decision


def question(case: Case) -> str:
    """Return what has to be decided, as a question."""
    what = inside(case.label)
    match case.kind:
        case Kind.BOUNDARY:
            return _boundary(case, what)
        case Kind.LABEL | Kind.BOUNDARY_AND_LABEL:
            return tr("Which label is it?")
        case Kind.SPLIT:
            return tr("One {label}, or several?", label=what)
        case Kind.FRAGMENTS:
            return tr("Which words belong to the {label}?", label=what)
        case Kind.NESTING:
            return tr("The inner or the outer {label}?", label=what)
        case Kind.DUPLICATE:
            return tr("Is the {label} marked once or twice?", label=what)
        case Kind.RELATION_TYPE:
            return tr("Which link is it?")
        case Kind.DIRECTION:
            return tr("Which way does the link go?")
        case Kind.ENDPOINT:
            return tr("Where does the link lead?")
        case Kind.CONTESTED:
            return tr("Contested: was the decision right?")
        case Kind.OUTDATED:
            return tr("It was changed since. Does the decision still hold?")
        case Kind.TEXT_VERSION | Kind.SCHEME_VERSION:
            return tr("Does this still hold for the article as it is now?")
        case Kind.COMMENT:
            return tr("What is the answer?")
    return _whether(case, what)


def _whether(case: Case, what: str) -> str:
    main = case.conflicts[0]
    if main.name == ENTITY or group_of(case) == Group.IDENTITY:
        return tr("Who or where is meant?")
    if group_of(case) == Group.ATTRIBUTE:
        return tr("{attribute}: which value?", attribute=title(main.name))
    if case.about == About.RELATION:
        return tr("Is there a link?")
    if case.kind == Kind.SAME:
        return tr("All agree on the {label}.", label=what)
    return tr("Is this a {label}?", label=what)


def _boundary(case: Case, what: str) -> str:
    spans = [choice.spans[0] for choice in case.choices if choice.spans]
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    if len(starts) == 1:
        return tr("Where does the {label} end?", label=what)
    if len(ends) == 1:
        return tr("Where does the {label} begin?", label=what)
    return tr("Where does the {label} begin and end?", label=what)


def reason_for(case: Case, names: tuple[str, ...]) -> str:
    """Return why a case is in the queue, in words; *names* are those who have something there."""
    who = ", ".join(names)
    if case.standing == Standing.AGREED:
        return tr("All say the same: {names}.", names=who)
    if case.standing == Standing.DECIDED:
        return tr("Decided: {decision}.", decision=decision_title(case.decision))
    kinds = dict.fromkeys(shown(_KINDS[one.kind]) for one in case.conflicts)
    why = ", ".join(kinds)
    return tr("{why} ({names}).", why=why[:1].upper() + why[1:], names=who)


_KINDS: Final[dict[Kind, str]] = {
    Kind.SAME: later("nobody has reviewed it"),
    Kind.BOUNDARY: later("the ends differ"),
    Kind.LABEL: later("the labels differ"),
    Kind.BOUNDARY_AND_LABEL: later("ends and labels differ"),
    Kind.MISSING: later("somebody does not have it"),
    Kind.SINGLE: later("only one has it"),
    Kind.SPLIT: later("one has it in several labels"),
    Kind.FRAGMENTS: later("the pieces differ"),
    Kind.NESTING: later("the one is inside the other"),
    Kind.DUPLICATE: later("one has it twice"),
    Kind.VALUE: later("a value differs"),
    Kind.UNSET: later("somebody left a value out"),
    Kind.SUBSET: later("somebody has more values"),
    Kind.RELATION_TYPE: later("the links differ"),
    Kind.DIRECTION: later("the links go opposite ways"),
    Kind.ENDPOINT: later("the links lead elsewhere"),
    Kind.DANGLING: later("an end of the link is missing"),
    Kind.ENTITY_SPLIT: later("one person or place, or several"),
    Kind.ENTITY_MERGED: later("one person or place, or several"),
    Kind.OTHER_ENTITY: later("another person or place is meant"),
    Kind.IDENTIFIER: later("the identifiers differ"),
    Kind.TEXT_VERSION: later("the text was corrected since"),
    Kind.SCHEME_VERSION: later("the scheme was changed since"),
    Kind.COMMENT: later("a comment is not resolved"),
    Kind.OUTDATED: later("it was changed after the decision"),
    Kind.UNAUDITED: later("it was accepted in bulk"),
    Kind.CONTESTED: later("the annotator contests the decision"),
    Kind.UNREVIEWED: later("one person has it, and nobody has reviewed it"),
}


def agreeing(case: Case, scheme: Scheme) -> str:
    """Return what the variants do agree on: "Label and 5 attributes agree"."""
    differing = {one.name for one in case.conflicts if one.name}
    label = scheme.label(case.label)
    if label is None or case.about != About.SPAN or len(case.choices) < 2:
        return ""
    same = [a for a in label.attributes if a.name not in differing]
    parts = []
    if case.kind not in (Kind.LABEL, Kind.BOUNDARY_AND_LABEL):
        parts.append(tr("Label"))
    if label.entity is not None and ENTITY not in differing:
        parts.append(tr("who or where is meant"))
    if same:
        parts.append(tr_n(len(same), "{n} attribute", "{n} attributes"))
    if not parts:
        return ""
    if len(parts) == 1:
        return tr("{what}: the same", what=parts[0])
    words = tr("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])
    return tr("{what} agree", what=words)


def choice_people(choice: Choice, names: dict[str, str]) -> tuple[str, ...]:
    """Return who says so, by the names that are to be shown (by layer)."""
    return tuple(names.get(variant.layer_id, variant.author) for variant in choice.variants)
