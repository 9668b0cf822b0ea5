"""The orders of articles that depend on their cases: nobody can tell them from the store alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from annotator.gui.review.waiting import APART, DOUBTFUL, Waiting, least_sure
from annotator.review.case import most_apart_first

if TYPE_CHECKING:
    from annotator.review.cases import Review

Rows = tuple[Waiting, ...]


class ArticleOrder:
    """Knows how much the readers of each article differ, and puts the articles in order."""

    def __init__(self) -> None:
        self._disagreement: dict[str, tuple[float, int]] = {}

    def see(self, found: Review) -> None:
        """Take in how much the readers of an article differ."""
        self._disagreement[found.article_id] = found.disagreement

    def forget(self) -> None:
        """Know nothing any more."""
        self._disagreement.clear()

    def arranged(self, articles: Mapping[str, Rows], sort: str) -> dict[str, Rows]:
        """Return *articles* in an order; among equals, and in other orders, they stay as they are.

        One of which nothing is known yet comes last.
        """
        order = list(articles)
        if sort == DOUBTFUL:
            order.sort(key=lambda key: least_sure(articles[key]))
        elif sort == APART:
            known = self._disagreement
            order.sort(key=lambda key: most_apart_first(known.get(key, (-1.0, 0))))
        return {key: articles[key] for key in order}
