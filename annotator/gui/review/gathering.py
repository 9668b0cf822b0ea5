"""All articles under review read and laid over each other, away from the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from annotator.gui.review.ahead import Looked, Part
from annotator.gui.review.naming import Naming
from annotator.gui.review.waiting import RARE, Order, waiting

if TYPE_CHECKING:
    from annotator.project import Project
    from annotator.scheme import Scheme

ALL_SHOWN: Final = 40
"""Articles whose cases are told to the queue together."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All articles that are under review, in an order of the queue."""

    articles: tuple[str, ...]
    order: Order


def _all(project: Project, sort: str) -> Gathered:
    """Return the articles that are under review, in their order."""
    from annotator.project import ReviewQuery

    reviewing = project.reviewing
    found = reviewing.article_ids(ReviewQuery(state=None, sort=sort))
    order = Order(sort, reviewing.label_numbers() if sort == RARE else {})
    return Gathered(tuple(found), order)


def gather(
    ids: Sequence[str] | None,
    sort: str,
    apart: str,
    scheme: Scheme,
    naming: Naming,
    project: Project,
    progress: Any,
    tell: Callable[[object], None],
) -> Gathered | None:
    """Lay the readers of articles over each other, but for one *apart*; tell the cases in batches.

    Returns the order of all articles, where all were asked for.
    """
    from annotator.exchange import Step

    every = _all(project, sort) if ids is None else None
    wanted = every.articles if every is not None else tuple(ids or ())
    batch: Part = {}
    for number, article_id in enumerate(wanted):
        progress(Step("counting", number, len(wanted), article_id))
        if article_id == apart:
            continue
        revision = project.newest_revision(article_id)  # first: what is read is no older
        found = naming.look(project.annotated(article_id), scheme)
        batch[article_id] = Looked(waiting(found, naming), found, revision)
        if len(batch) == ALL_SHOWN:
            tell(batch)
            batch = {}
    tell(batch)
    return every
