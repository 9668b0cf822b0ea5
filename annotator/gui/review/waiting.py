"""A case as the queue shows it: everything that its row, its filters and its order need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from annotator.gui.review.naming import Naming
from annotator.review import wording
from annotator.review.case import made_at, score_of
from annotator.review.cases import Case, Group, Review, Standing, group_of
from annotator.review.sampling import drawn_cases
from annotator.review.verdicts import Decision

RANK: Final = {group: rank for rank, group in enumerate(Group)}
"""Where the groups stand in the queue."""


class Shelf(StrEnum):
    """Where a case lies in the queue. Put aside is a state, and neither open nor decided."""

    OPEN = "open"
    DECIDED = "decided"
    AGREED = "agreed"
    SKIPPED = "skipped"
    ESCALATED = "escalated"


_PUT_ASIDE: Final[dict[str, Shelf]] = {
    Decision.SKIPPED: Shelf.SKIPPED,
    Decision.ESCALATED: Shelf.ESCALATED,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case as the queue shows it."""

    key: str
    article_id: str
    group: Group
    start: int
    words: str
    label: str
    initials: str
    """Who has something there, by the letters on the chips."""
    people: tuple[str, ...]
    """Who has something there, as they may be called."""
    standing: Standing
    decision: str
    since: str = ""
    """When it came up, ISO 8601; empty where nobody knows."""
    score: float | None = None
    """How sure a model was, 0 to 1, where one was at work."""
    shelf: Shelf = Shelf.OPEN
    """Where it lies."""
    drawn: bool = False
    """Whether it was drawn at random, for an error rate."""
    why: str = ""
    """Why it is in the queue; empty in the open article, where :meth:`Sitting.why` says it."""

    @property
    def order(self) -> tuple[int, int, str]:
        """Where it stands among the cases of its article."""
        return (RANK[self.group], self.start, self.key)


def waiting(
    found: Review, naming: Naming, cases: Iterable[Case] | None = None
) -> tuple[Waiting, ...]:
    """Return the cases of an article as the queue shows them, in its order.

    With *cases* only these, and without the words that say why: they are needed where somebody
    points, and are said then.
    """
    names, initials = naming.names(found), naming.initials(found)
    drawn = drawn_cases(found.gold.layer)
    rows = []
    for case in found.cases if cases is None else cases:
        if case.standing == Standing.WAITING:
            continue
        ids = [one.layer_id for one in case.variants if one.records]
        rows.append(
            Waiting(
                case.key,
                case.article_id,
                group_of(case),
                case.place.start,
                case.words,
                case.label,
                " ".join(initials[key] for key in ids),
                tuple(names[key] for key in ids),
                case.standing,
                decision_of(case),
                made_at(case),
                score_of(case),
                shelf_of(case),
                case.key in drawn,
                wording.why(case, names) if cases is None else "",
            )
        )
    return tuple(sorted(rows, key=lambda row: row.order))


def shelf_of(case: Case) -> Shelf:
    """Return where a case lies in the queue."""
    if case.standing != Standing.DECIDED:
        return Shelf.AGREED if case.standing == Standing.AGREED else Shelf.OPEN
    return _PUT_ASIDE.get(decision_of(case), Shelf.DECIDED)


def decision_of(case: Case) -> str:
    """Return what became of a case: accepted where anybody's label was taken as it is."""
    taken = {one.decision for one in case.verdicts}
    return Decision.ACCEPTED if Decision.ACCEPTED in taken else case.decision
