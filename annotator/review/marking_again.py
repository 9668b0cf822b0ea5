"""Having somebody mark articles a second time, unseen: how stable are a person's own labels?

A random share of what somebody has handed in is asked for again. It is one edit: what was marked
first becomes the first round (see :mod:`annotator.review.rounds`), and the person gets a layer that
is not started. Until that is handed in, its author sees nothing of the first round, of gold or of
anybody's labels there. Sources have the share of what is drawn that they have of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotator.annotated import Annotated
from annotator.model import Change, Fragment, Layer, LayerState, new_id
from annotator.review.assigning import ASSIGNED, DAYS, SINCE, assignment_of, number_drawn
from annotator.review.controls import CONTROL, is_control
from annotator.review.gold import gold_of
from annotator.review.merging import Batch, Item, Preview
from annotator.review.rounds import (
    FIRST_ROUND,
    ROUND,
    SECOND_ROUND,
    first_of,
    name_of_first,
)
from annotator.translation import later

MARKED_AGAIN: Final = "second round"
"""The rule of a batch of articles that somebody marks a second time without seeing the first."""

NOT_HANDED_IN: Final = later("It is not handed in.")
SECOND_THERE: Final = later("There is a second round already.")
SENT_BACK: Final = later("It was sent back, and its author is at it.")
IN_REVIEW: Final = later("It is being reviewed right now.")
KNOWN: Final = later("It was given out because gold is known.")
NAME_TAKEN: Final = later("There is a layer of that name already.")


def unfit(annotated: Annotated, layer: Layer) -> str:
    """Return why the article of a person's *layer* cannot be marked again, or nothing."""
    if first_of(annotated, layer.author) is not None:
        return SECOND_THERE
    if layer.state in LayerState.UNFINISHED:
        return NOT_HANDED_IN
    if layer.state == LayerState.RETURNED:
        return SENT_BACK
    if layer.state == LayerState.IN_REVIEW and not gold_of(annotated).is_frozen:
        return IN_REVIEW
    if is_control(layer):
        return KNOWN
    taken = annotated.layer_of(name_of_first(layer.author))
    return NAME_TAKEN if taken is not None else ""


@dataclass(frozen=True, slots=True)
class _Fit:
    """An article that can be marked again."""

    annotated: Annotated
    layer: Layer

    def order(self, seed: int) -> tuple[str, float, str]:
        """Return its place among others: by source, in which the order is drawn."""
        article = self.annotated.article
        drawn = number_drawn(f"{MARKED_AGAIN}/{article.id}/{self.layer.author}", seed)
        return (article.source or "", drawn, article.id)


def marked_again(articles: Iterable[Annotated], batch: Batch, person: str) -> Preview:
    """Have *person* mark a random share of the own articles a second time.

    *articles* are those that are looked at. The share is of those that can be marked again; all
    others that the person has are refused, with the reason.
    """
    fit: list[_Fit] = []
    refused: list[Item] = []
    for annotated in articles:
        layer = annotated.layer_of(person)
        if layer is None:
            continue
        why = unfit(annotated, layer)
        if why:
            refused.append(_item(annotated, person, why))
        else:
            fit.append(_Fit(annotated, layer))
    drawn = _drawn(fit, batch.share, batch.seed)
    done = tuple(_item(one.annotated, person) for one in drawn)
    changes = tuple(change for one in drawn for change in _changes(one.layer, batch))
    return Preview(batch, done, tuple(refused), changes)


def _drawn(fit: Sequence[_Fit], share: float, seed: int) -> list[_Fit]:
    """Return a random *share* of the articles, one at least, spread evenly over their sources.

    Every n-th of the articles in the order of their sources, at random within each (systematic
    sampling): with a share for each source many small ones would make it more than was asked for.
    """
    order = sorted(fit, key=lambda one: one.order(seed))
    number = min(len(order), max(1, round(share * len(order)))) if share > 0 else 0
    start = number_drawn(MARKED_AGAIN, seed)
    places = [int((at + start) * len(order) / number) for at in range(number)]
    chosen = {order[at].annotated.article.id for at in places}
    return [one for one in fit if one.annotated.article.id in chosen]


def _changes(layer: Layer, batch: Batch) -> Iterator[Change]:
    """Yield what makes a layer a first round, and the layer of the second."""
    signed = batch.signed
    second = new_id()
    noted = {"person": layer.author, "second": second, "by": signed.author, "time": signed.time}
    first = replace(
        layer,
        author=name_of_first(layer.author),
        extra={**layer.extra, FIRST_ROUND: noted},
    )
    yield Change(layer, first)
    # Who reviews is as planned: the second round changes no review.
    gone = (SINCE, DAYS, CONTROL)
    given = {key: value for key, value in assignment_of(layer).items() if key not in gone}
    again = Layer(
        id=second,
        article_id=layer.article_id,
        author=layer.author,
        state=LayerState.NOT_STARTED,
        extra={
            ASSIGNED: {**given, "blind": True, ROUND: 2},
            SECOND_ROUND: {"first": layer.id, "seed": batch.seed},
        },
    )
    yield Change(None, again)


def _item(annotated: Annotated, person: str, why: str = "") -> Item:
    article = annotated.article
    key = f"{article.id}/{person}"
    return Item(article.id, key, person, article.title, Fragment(0, 0), why, whom=person)
