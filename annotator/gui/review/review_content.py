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
        self._shown_spans = self._spans_shown()

    def rank_of(self, span: Span) -> Rank:
        """Return how one of the shown spans is shown."""
        return self._shown_ranks[span.id]

    def shows(self, span: Span) -> bool:
        """Whether a span is to be seen."""
        return span.id in self._shown_ranks

    def again(self) -> ReviewContent:
        """Return the same content, found anew in its article."""
        return ReviewContent(self.annotated, self._shown_ranks)

    def take(self, shown: Mapping[str, Rank]) -> list[Fragment]:
        """Show other spans; return what is packed anew."""
        found: set[Fragment] = set()
        known, ranks = self._shown_spans, self._shown_ranks
        self._shown_ranks = dict(shown)
        self._shown_spans = now = self._spans_shown()
        # Identity first: thousands are compared after every key, and most are the very same.
        changed = [
            key
            for key, span in now.items()
            if known.get(key) is not span or ranks.get(key) is not shown[key]
        ]
        changed += [key for key in known if key not in now]
        for key in changed:
            before, after = known.get(key), now.get(key)
            if before == after and ranks.get(key) == shown.get(key):
                continue
            for span in (before, after):
                found.update(() if span is None else span.fragments)
            if before is not None:
                self.index.discard(before)
            if after is not None:
                self.index.add(after)
        return sorted(found)

    def _spans_shown(self) -> dict[str, Span]:
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
    hidden = {record.id for case in review.cases if case.again for record in case.records}
    for span in review.annotated.spans_of(review.gold.layer.id):
        origins = sources(span)
        if origins & hidden:
            continue
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
