"""Which labels a reviewer sees, and in which lane: gold, what all agree on, and each reader's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from typing import Final

from annotator.gui.article.article_content import Rank
from annotator.gui.review.naming import Naming
from annotator.model import Span
from annotator.review.aligning import Alignment
from annotator.review.case import exchanged
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.gold import sources
from annotator.review.verdicts import Decision
from annotator.translation import tr

AGREED: Final = Rank(folded=True)
GOLD: Final = 1
FIRST_READER: Final = 2
"""Order of the lane of the first reader; before it come what all agree on, and gold."""


class Ranking:
    """The spans of one article in sight; after a decision only what it changed is looked at."""

    def __init__(self) -> None:
        self._ranks: dict[str, Rank] = {}
        """Of all spans in sight."""
        self._alignment: Alignment | None = None
        self._basis: tuple[dict[str, Rank], bool] = ({}, False)
        """The lanes, and whether only differences are shown."""
        self._seen: Sequence[Case] = ()
        """The cases that are in the ranks."""
        self._cases: dict[str, Case] = {}
        """Those about spans, by key."""
        self._at_hand = ""
        self._quiet: set[str] = set()
        """Records on which all agree, and from which gold was taken as it was."""
        self._hidden: set[str] = set()
        """Records on which somebody decides once more, without seeing what was decided."""
        self._gold: dict[str, Span] = {}
        """The gold spans that are in the ranks, by id."""
        self._taken: dict[str, set[str]] = {}
        """Which gold spans were taken from a record, by its id."""

    def follow(
        self, review: Review, naming: Naming, at_hand: Case | None, *, differences_only: bool
    ) -> tuple[Mapping[str, Rank], Iterable[str] | None]:
        """Return the lanes of the spans in sight, and which spans may have others than before.

        Of the latter there are none where everything is to be looked at.
        """
        if naming.is_kept_from(review.annotated):
            self._alignment = None
            return {}, None
        initials = naming.initials(review)
        lanes = {
            layer.id: _lane(initials[layer.id], FIRST_READER + at)
            for at, layer in enumerate(review.layers)
        }
        key = "" if at_hand is None else at_hand.key
        basis = (lanes, differences_only)
        anew = self._alignment is not review.alignment or self._basis != basis
        if anew:
            self._ranks, self._seen, self._cases = {}, (), {}
            self._gold, self._taken = {}, {}
            self._quiet, self._hidden = set(), set()
            self._alignment, self._basis = review.alignment, basis
        touched = self._take_cases(review, key)
        touched |= self._take_gold(review, touched)
        return self._ranks, None if anew else touched

    def _take_cases(self, review: Review, at_hand: str) -> set[str]:
        known, hands = self._cases, {self._at_hand, at_hand}
        _, made = exchanged(self._seen, review.cases)
        self._seen, self._at_hand = review.cases, at_hand
        fresh = {case.key: case for case in made if case.about is About.SPAN}
        known.update(fresh)
        touched: set[str] = set()
        for key in fresh.keys() | (hands & known.keys()):
            touched.update(self._take_case(known[key], at_hand))
        return touched

    def _take_case(self, case: Case, at_hand: str) -> list[str]:
        ids = [record.id for record in case.records]
        lanes, differences_only = self._basis
        ranks = self._ranks
        for key in ids:
            ranks.pop(key, None)
        is_quiet = case.standing is Standing.AGREED or (case.agrees and bool(case.decision))
        for known, belongs in ((self._quiet, is_quiet), (self._hidden, bool(case.again))):
            (known.update if belongs else known.difference_update)(ids)
        if case.standing is Standing.AGREED:
            if not differences_only:
                ranks.update((span.id, AGREED) for span in case.choices[0].spans)
        elif case.key == at_hand or _is_open(case):
            for variant in case.variants:
                ranks.update((span.id, lanes[variant.layer_id]) for span in variant.spans)
        return ids

    def _take_gold(self, review: Review, touched: Set[str]) -> set[str]:
        """Show gold; what was taken from labels on which all agree stays as quiet as they are.

        Other gold than before is looked at, and what was taken from records that were *touched*.
        """
        known = self._gold
        spans = review.annotated.spans_unsorted(review.gold.layer.id)
        gold = self._gold = {span.id: span for span in spans}
        changed = {key for key, span in gold.items() if known.get(key) is not span}
        changed |= known.keys() - gold.keys()
        for key in changed:
            for origin in sources(known[key]) if key in known else ():
                self._taken[origin].discard(key)
            for origin in sources(gold[key]) if key in gold else ():
                self._taken.setdefault(origin, set()).add(key)
        for origin in touched & self._taken.keys():
            changed |= self._taken[origin]
        for key in changed:
            self._ranks.pop(key, None)
            rank = self._rank_of_gold(gold[key]) if key in gold else None
            if rank is not None:
                self._ranks[key] = rank
        return changed

    def _rank_of_gold(self, span: Span) -> Rank | None:
        origins = sources(span)
        if origins & self._hidden:
            return None
        if not (origins and origins <= self._quiet):
            return _lane(tr("Gold"), GOLD)
        return None if self._basis[1] else AGREED


@lru_cache(maxsize=64)
def _lane(initial: str, order: int) -> Rank:
    """Return the lane of gold or of a reader: always the same object, to be compared quickly."""
    return Rank(initial=initial, order=order, solid=order == GOLD, tinted=False)


def _is_open(case: Case) -> bool:
    return case.standing is Standing.OPEN or case.decision in (
        Decision.SKIPPED,
        Decision.ESCALATED,
    )
