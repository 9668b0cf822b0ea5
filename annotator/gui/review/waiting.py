"""A case as the queue shows it: everything that its row, its filters and its order need."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
Place = tuple[float, int, int, str]
"""Where a case stands: what it is put first for, if anything; group, place in the text, key."""
UNSCORED: Final = 2.0
"""In place of the score of what no model has scored: it comes after everything that one has."""
DOUBTFUL: Final = "doubtful"
"""The order of articles, and of the cases in them, that begins where a model is least sure."""
RARE: Final = "rare"
"""The order of articles, and of the cases in them, that begins with the rarest labels."""
COMMON: Final = float(1 << 62)
"""In place of how often a label stands in the project, of cases that have none."""
APART: Final = "apart"
"""The order of articles that begins where their readers differ most."""


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
    """When it came up, ISO 8601; empty where nobody knows, or names are hidden."""
    score: float | None = None
    """How sure a model was, 0 to 1, where one was at work."""
    shelf: Shelf = Shelf.OPEN
    """Where it lies."""
    drawn: bool = False
    """Whether it was drawn at random, for an error rate."""
    why: str = ""
    """Why it is in the queue; empty in the open article, where :meth:`Sitting.why` says it."""
    labels: tuple[str, ...] = ()
    """All labels that somebody has there."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the queue: of articles, and of the cases in each of them."""

    sort: str = "imported"
    numbers: Mapping[str, int] = field(default_factory=dict)
    """How often each label stands in the project, where rare ones come first."""

    def place(self, row: Waiting) -> Place:
        """Return where a case stands among those of its article."""
        return (self.rank(row), RANK[row.group], row.start, row.key)

    def place_of(self, case: Case) -> Place:
        """Return where a case stands among those of its article."""
        score = score_of(case) if self.sort == DOUBTFUL else None
        rank = self._rank(score, labels_of(case) if self.sort == RARE else ())
        return (rank, RANK[group_of(case)], case.place.start, case.key)

    def rank(self, row: Waiting) -> float:
        """Return what a case is put first for: of two, that with the lower number comes first."""
        return self._rank(row.score, row.labels)

    def _rank(self, score: float | None, labels: tuple[str, ...]) -> float:
        if self.sort == DOUBTFUL:
            return UNSCORED if score is None else score
        return self.rarest(labels)[1] if self.sort == RARE else 0.0

    def rarest(self, labels: Iterable[str]) -> tuple[str, float]:
        """Return which of some labels is the rarest in the project, and how often it stands."""
        known = ((self.numbers[name], name) for name in labels if name in self.numbers)
        number, name = min(known, default=(COMMON, ""))
        return name, float(number)


def labels_of(case: Case) -> tuple[str, ...]:
    """Return the labels that readers have in a case."""
    spans = (record for one in case.variants for record in one.records)
    return tuple(dict.fromkeys(record.label for record in spans))


def with_others(
    rows: Iterable[Waiting], left: Iterable[Waiting], made: Iterable[Waiting], order: Order
) -> tuple[Waiting, ...]:
    """Return *rows*, which stand in their *order*, without those *left*, and with those *made*.

    Those *left* are among the rows. The work depends on what is exchanged: a decision changes a
    few of thousands.
    """
    found = list(rows)
    for row in left:
        del found[bisect_left(found, order.place(row), key=order.place)]
    for row in made:
        insort(found, row, key=order.place)
    return tuple(found)


def least_sure(rows: Iterable[Waiting]) -> float:
    """Return how sure a model was of the open case that it was least sure of."""
    scores = (row.score for row in rows if row.shelf == Shelf.OPEN and row.score is not None)
    return min(scores, default=UNSCORED)


def waiting(
    found: Review, naming: Naming, cases: Iterable[Case] | None = None
) -> tuple[Waiting, ...]:
    """Return the cases of an article as the queue shows them, in its order.

    With *cases* only these, and without the words that say why: they are needed where somebody
    points, and are said then.
    """
    names, initials = naming.names(found), naming.initials(found)
    drawn = drawn_cases(found.gold.layer)
    # Who labels at night, or came last, is known by the time.
    timeless = naming.is_hidden(found.annotated)
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
                "" if timeless else made_at(case),
                score_of(case),
                shelf_of(case),
                case.key in drawn,
                wording.why(case, names) if cases is None else "",
                labels_of(case),
            )
        )
    return tuple(sorted(rows, key=Order().place))


def shelf_of(case: Case) -> Shelf:
    """Return where a case lies in the queue."""
    if case.standing != Standing.DECIDED:
        return Shelf.AGREED if case.standing == Standing.AGREED else Shelf.OPEN
    return _PUT_ASIDE.get(decision_of(case), Shelf.DECIDED)


def decision_of(case: Case) -> str:
    """Return what became of a case: accepted where anybody's label was taken as it is."""
    taken = {one.decision for one in case.verdicts}
    return Decision.ACCEPTED if Decision.ACCEPTED in taken else case.decision
