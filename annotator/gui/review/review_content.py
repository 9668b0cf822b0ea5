"""What the review reader shows of an article: gold, what all agree on, and each reader's lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from annotator.annotated import Annotated
from annotator.gui.article.article_content import ArticleContent, Rank
from annotator.gui.review.naming import Naming
from annotator.model import Fragment, Span
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.gold import sources
from annotator.review.verdicts import Decision
from annotator.translation import tr

AGREED: Final = Rank(folded=True)
GOLD: Final = 1
FIRST_READER: Final = 2
"""Order of the lane of the first reader; before it come what all agree on, and gold."""


class ReviewContent(ArticleContent):
    """An article with those spans of its layers that a reviewer looks at, each in its lane."""

    def __init__(self, annotated: Annotated, shown: Mapping[str, Rank]) -> None:
        self._shown_ranks = dict(shown)
        self.text = annotated.article.text
        """As it was when it was set: a corrected text is set anew."""
        super().__init__(annotated, "")

    def rank_of(self, span: Span) -> Rank:
        """Return how one of the shown spans is shown."""
        return self._shown_ranks[span.id]

    def shows(self, span: Span) -> bool:
        """Whether a span is to be seen."""
        return span.id in self._shown_ranks

    def again(self) -> ReviewContent:
        """Return the same content, found anew in its article."""
        return ReviewContent(self.annotated, self._shown_ranks)

    def take(self, shown: Mapping[str, Rank], known: Mapping[str, Span]) -> list[Fragment]:
        """Show other spans; *known* are the spans shown before. Return what is packed anew."""
        found: set[Fragment] = set()
        spans = self.annotated.spans
        ranks = self._shown_ranks
        for key in ranks.keys() | shown.keys():
            before, after = known.get(key), spans.get(key) if key in shown else None
            rank, now = ranks.get(key), shown.get(key)
            # Most are the very same: thousands are compared after every key.
            if (rank is now or rank == now) and (before is after or before == after):
                continue
            for span in (before, after):
                found.update(() if span is None else span.fragments)
            if before is not None:
                self.index.discard(before)
            if after is not None:
                self.index.add(after)
        self._shown_ranks = dict(shown)
        return sorted(found)

    def shown_spans(self) -> dict[str, Span]:
        """Return the spans that are shown, by their ids."""
        spans = self.annotated.spans
        return {key: spans[key] for key in self._shown_ranks if key in spans}


def ranks(
    review: Review, naming: Naming, at_hand: Case | None, *, differences_only: bool
) -> dict[str, Rank]:
    """Return the spans that are to be seen, with their lanes."""
    initials = naming.initials(review)
    lanes = {
        layer.id: _lane(initials[layer.id], FIRST_READER + at)
        for at, layer in enumerate(review.layers)
    }
    gold = _lane(tr("Gold"), GOLD)
    agreed: dict[str, Rank] = {}
    found: dict[str, Rank] = {}
    quiet: set[str] = set()
    for case in review.cases:
        if case.about != About.SPAN:
            continue
        if case.standing == Standing.AGREED or (case.agrees and case.decision):
            quiet.update(record.id for record in case.records)
        if case.standing == Standing.AGREED:
            agreed |= {span.id: AGREED for span in case.choices[0].spans}
        elif _is_open(case) or (at_hand is not None and case.key == at_hand.key):
            for variant in case.variants:
                found |= {span.id: lanes[variant.layer_id] for span in variant.spans}
    for span in review.annotated.spans_of(review.gold.layer.id):
        origins = sources(span)
        (agreed if origins and origins <= quiet else found)[span.id] = (
            AGREED if origins and origins <= quiet else gold
        )
    return found if differences_only else agreed | found


@lru_cache(maxsize=64)
def _lane(initial: str, order: int) -> Rank:
    """Return the lane of gold or of a reader: always the same object, to be compared quickly."""
    return Rank(initial=initial, order=order, solid=order == GOLD, tinted=False)


def _is_open(case: Case) -> bool:
    return case.standing == Standing.OPEN or case.decision in (
        Decision.SKIPPED,
        Decision.ESCALATED,
    )


def spans_at_issue(review: Review, case: Case) -> Iterable[str]:
    """Return the ids of the spans that a case is about; of a relation, those it ties."""
    for variant in case.variants:
        for span in variant.spans:
            yield span.id
        tie = variant.relation
        if tie is not None:
            yield tie.source
            if tie.target is not None:
                yield tie.target
