"""Which labels a reviewer sees, and in which lane: gold, what all agree on, and each reader's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from annotator.gui.article.article_content import Rank
from annotator.gui.review.naming import Naming
from annotator.review.aligning import Alignment
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
        self._cases: dict[str, Case] = {}
        """The cases about spans that are in the ranks, by key."""
        self._at_hand = ""
        self._quiet: set[str] = set()
        """Records on which all agree, and from which gold was taken as it was."""
        self._hidden: set[str] = set()
        """Records on which somebody decides once more, without seeing what was decided."""
        self._gold: frozenset[str] = frozenset()

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
            self._ranks, self._cases, self._gold = {}, {}, frozenset()
            self._quiet, self._hidden = set(), set()
            self._alignment, self._basis = review.alignment, basis
        touched = self._take_cases(review, key)
        touched.update(self._take_gold(review))
        return self._ranks, None if anew else touched

    def _take_cases(self, review: Review, at_hand: str) -> set[str]:
        known, hands = self._cases, {self._at_hand, at_hand}
        self._at_hand = at_hand
        touched: set[str] = set()
        for case in review.cases:
            if known.get(case.key) is case and case.key not in hands:
                continue
            if case.about is About.SPAN:
                known[case.key] = case
                touched.update(self._take_case(case, at_hand))
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

    def _take_gold(self, review: Review) -> Iterable[str]:
        """Show gold; what was taken from labels on which all agree stays as quiet as they are."""
        ranks, lane, layer_id = self._ranks, _lane(tr("Gold"), GOLD), review.gold.layer.id
        known = self._gold
        for key in known:
            ranks.pop(key, None)
        found = [span for span in review.annotated.spans.values() if span.layer_id == layer_id]
        self._gold = frozenset(span.id for span in found)
        for span in found:
            origins = sources(span)
            if origins & self._hidden:
                continue
            if not (origins and origins <= self._quiet):
                ranks[span.id] = lane
            elif not self._basis[1]:
                ranks[span.id] = AGREED
        return known | self._gold


@lru_cache(maxsize=64)
def _lane(initial: str, order: int) -> Rank:
    """Return the lane of gold or of a reader: always the same object, to be compared quickly."""
    return Rank(initial=initial, order=order, solid=order == GOLD, tinted=False)


def _is_open(case: Case) -> bool:
    return case.standing is Standing.OPEN or case.decision in (
        Decision.SKIPPED,
        Decision.ESCALATED,
    )
