"""What the review reader shows of an article: gold, what all agree on, and each reader's lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.annotated import Annotated
from annotator.gui.article.article_content import ArticleContent, Rank
from annotator.gui.review.ranking import Ranking
from annotator.model import Fragment, Span
from annotator.review.cases import Case, Review


class ReviewContent(ArticleContent):
    """An article with those spans of its layers that a reviewer looks at, each in its lane."""

    def __init__(
        self, annotated: Annotated, shown: Mapping[str, Rank], ranking: Ranking | None = None
    ) -> None:
        self.ranking = ranking or Ranking()
        """What finds the lanes; it goes with what is shown here."""
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

    def take(self, shown: Mapping[str, Rank], near: Iterable[str] | None = None) -> list[Fragment]:
        """Show other spans; return what is packed anew.

        Only the spans *near* may be others than before, where that is known.
        """
        found: set[Fragment] = set()
        known, ranks, spans = self._shown_spans, self._shown_ranks, self.annotated.spans
        for key in {*known, *shown} if near is None else near:
            before, was, rank = known.get(key), ranks.get(key), shown.get(key)
            after = None if rank is None else spans.get(key)
            # Identity first: thousands are compared, and most are the very same.
            if before is after and was is rank:
                continue
            _put(known, key, after)
            _put(ranks, key, rank)
            if before == after and was == rank:
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


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


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
