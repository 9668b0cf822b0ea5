"""Icons of conflicts, and what else is said of cases on the screen of the review only."""

from __future__ import annotations

from typing import Final

from annotator.review.cases import About, Case, Group
from annotator.review.conflicts import ENTITY, Kind
from annotator.review.differing import Difference
from annotator.review.verdicts import Answer, Decision
from annotator.scheme import Scheme
from annotator.translation import later, shown, tr, tr_n

_ICONS: Final[dict[Group, str]] = {
    Group.TEXT_VERSION: "document",
    Group.SCHEME_VERSION: "tag",
    Group.BOUNDARY: "boundary",
    Group.LABEL: "swap",
    Group.BOUNDARY_AND_LABEL: "boundary",
    Group.MISSING: "minus",
    Group.SINGLE: "plus",
    Group.SPLIT: "split",
    Group.FRAGMENTS: "fragments",
    Group.NESTING: "nesting",
    Group.DUPLICATE: "copy",
    Group.ATTRIBUTE: "tag",
    Group.RELATION: "link",
    Group.IDENTITY: "person",
    Group.COMMENT: "note",
    Group.OUTDATED: "history",
    Group.UNAUDITED: "eye",
    Group.CONTESTED: "flag",
    Group.UNREVIEWED: "help",
    Group.AGREED: "check",
}
_DECISIONS: Final[dict[str, str]] = {
    Decision.ACCEPTED: later("accepted"),
    Decision.CORRECTED: later("corrected"),
    Decision.REJECTED: later("rejected"),
    Decision.ESCALATED: later("left to somebody else"),
    Decision.SKIPPED: later("skipped"),
}
_OUTCOMES: Final[dict[str, str]] = {
    Decision.ACCEPTED: later("kept"),
    Decision.CORRECTED: later("corrected"),
    Decision.REJECTED: later("left out"),
    Decision.ESCALATED: later("left to somebody else"),
    Decision.SKIPPED: later("skipped"),
}


_ANSWERS: Final[dict[str, str]] = {
    Answer.UNDERSTOOD: later("understood"),
    Answer.CONTESTED: later("contested"),
    Answer.ASKED: later("asked"),
}


def group_icon(group: Group) -> str:
    """Return the icon of a group of the queue."""
    return _ICONS[group]


def decision_title(decision: str) -> str:
    """Return a decision in words; one of another program as it is."""
    return shown(_DECISIONS[decision]) if decision in _DECISIONS else decision


def answer_title(answer: str) -> str:
    """Return what an annotator said to a decision; what another program says, as it is."""
    return shown(_ANSWERS[answer]) if answer in _ANSWERS else answer


def outcome(decision: str) -> str:
    """Return what became of a label that was decided on before."""
    return shown(_OUTCOMES[decision]) if decision in _OUTCOMES else decision


def agreeing(case: Case, found: tuple[Difference, ...], scheme: Scheme) -> str:
    """Return what the variants have alike: "Label and 5 other attributes agree"; "" for nothing."""
    label = scheme.label(case.label)
    if case.about != About.SPAN or len(found) < 2:
        return ""
    same = found[0].agreeing
    parts = []
    if found[0].label is None:
        parts.append(tr("Label"))
    differing = {one.name for one in case.conflicts}
    if label is not None and label.entity is not None and ENTITY not in differing:
        parts.append(tr("who or where is meant"))
    if same:
        parts.append(tr_n(same, "{n} attribute", "{n} attributes"))
    if not parts:
        return ""
    words = parts[0]
    if len(parts) > 1:
        words = tr("{names} and {last}", names=", ".join(parts[:-1]), last=parts[-1])
    return tr("{what}: the same for all", what=words)


def is_yes_or_no(case: Case) -> bool:
    """Whether there is one answer only, to be accepted or rejected."""
    return len(case.choices) == 1 and case.kind not in (Kind.COMMENT,)


def lacking(case: Case, names: dict[str, str]) -> str:
    """Return who has nothing here, in words; "" where all have something."""
    without = [names[one.layer_id] for one in case.variants if not one.records]
    return tr("Not marked by {people}.", people=", ".join(without)) if without else ""


def take_words(names: tuple[str, ...]) -> str:
    """Return what the button says that takes what *names* have: "Take Noor's"."""
    who = ", ".join(names)
    return tr("Take {name}’s", name=who) if len(who) < 20 else tr("Take {name}’s", name=names[0])
