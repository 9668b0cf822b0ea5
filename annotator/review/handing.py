"""Work that changes hands in bulk: given to somebody else, or sent back to who did it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from annotator.model import Change, Fragment, Layer, LayerState, new_id
from annotator.review.assigning import ASSIGNED, DAYS, SINCE, assignment_of
from annotator.review.cases import Case, Review
from annotator.review.merging import Batch, Item, Preview
from annotator.review.settling import send_back
from annotator.review.verdicts import Decision
from annotator.translation import later

BEGUN: Final = later("It is begun, and not given up.")
HAS_IT: Final = later("This person has the article already.")
REVIEWS_IT: Final = later("This person reviews or adjudicates the article.")
NOTHING_OPEN: Final = later("Nothing in it is to be looked at again.")
RETURNED: Final = later("It was returned already.")


def is_abandoned(layer: Layer, now: str) -> bool:
    """Say whether work was given out longer ago than its plan allows, and is not handed in."""
    noted = assignment_of(layer)
    days, since = noted.get(DAYS), noted.get(SINCE)
    if (
        layer.state not in LayerState.UNFINISHED
        or not isinstance(days, int)
        or not isinstance(since, str)
    ):
        return False
    return datetime.fromisoformat(now) - datetime.fromisoformat(since) > timedelta(days=days)


def reassigned(
    layers: Iterable[Layer], batch: Batch, giver: str, taker: str, titles: Mapping[str, str]
) -> Preview:
    """Give what *giver* was to label, and has not begun or has given up, to *taker*.

    With no *giver*, what anybody has given up. What somebody has marked stays with them.
    *layers* are all that people have.
    """
    every = list(layers)
    has = {layer.article_id for layer in every if layer.author == taker}
    done: list[Item] = []
    refused: list[Item] = []
    changes: list[Change] = []
    for layer in every:
        given = assignment_of(layer) and layer.state in LayerState.UNFINISHED
        lost = is_abandoned(layer, batch.signed.time)
        if not given or layer.author == taker or not (lost or layer.author == giver):
            continue
        why = _why_not(layer, taker, has, lost=lost)
        title = titles.get(layer.article_id, "")
        item = Item(layer.article_id, layer.id, layer.author, title, Fragment(0, 0), why)
        (refused if why else done).append(item)
        if not why:
            has.add(layer.article_id)
            changes += _handed_over(layer, taker, batch.signed.time)
    return Preview(batch, tuple(done), tuple(refused), tuple(changes))


def _why_not(layer: Layer, taker: str, has: Collection[str], *, lost: bool) -> str:
    noted = assignment_of(layer)
    if layer.article_id in has:
        return HAS_IT
    if taker in (noted.get("reviewer"), noted.get("adjudicator")):
        return REVIEWS_IT
    return BEGUN if layer.state != LayerState.NOT_STARTED and not lost else ""


def _handed_over(layer: Layer, taker: str, time: str) -> list[Change]:
    noted = {**assignment_of(layer), SINCE: time}
    if layer.state == LayerState.NOT_STARTED:
        extra = {**layer.extra, ASSIGNED: noted}
        return [Change(layer, replace(layer, author=taker, extra=extra))]
    kept = {key: value for key, value in layer.extra.items() if key != ASSIGNED}
    made = Layer(
        id=new_id(),
        article_id=layer.article_id,
        author=taker,
        state=LayerState.NOT_STARTED,
        extra={ASSIGNED: noted},
    )
    return [Change(layer, replace(layer, extra=kept)), Change(None, made)]


def sent_back(review: Review, batch: Batch, author: str) -> Preview:
    """Return what *author* handed in, with everything that was not accepted as it was."""
    wanted = [
        case
        for case in review.cases
        if any(one.decision != Decision.ACCEPTED for one in case.verdicts)
    ]
    return sent_back_cases(review, batch, wanted, author)


def sent_back_cases(
    review: Review, batch: Batch, cases: Iterable[Case], author: str | None = None
) -> Preview:
    """Return to their authors the labels of *cases* to be looked at again; with *author* to one."""
    wanted = list(cases)
    done: list[Item] = []
    refused: list[Item] = []
    changes: list[Change] = []
    for layer in review.layers:
        if author is not None and layer.author != author:
            continue
        own = _open_items(wanted, layer.id, own_fault=author is not None)
        why = RETURNED if layer.state == LayerState.RETURNED else "" if own else NOTHING_OPEN
        if why:
            title = review.annotated.article.title
            place = Fragment(0, 0)
            refused.append(Item(review.article_id, layer.id, layer.author, title, place, why))
            continue
        changes += send_back(review, layer.id, sorted(own)).changes
        done += [
            Item(review.article_id, f"{case.key}/{layer.id}", case.label, case.words, case.place)
            for case in {one.key: one for one in own.values()}.values()
        ]
    return Preview(batch, tuple(done), tuple(refused), tuple(changes))


def _open_items(cases: Iterable[Case], layer_id: str, *, own_fault: bool) -> dict[str, Case]:
    """Return the records of a layer in *cases* by id; with *own_fault* those not accepted."""
    faults = {
        one.record_id
        for case in cases
        for one in case.verdicts
        if one.decision != Decision.ACCEPTED
    }
    return {
        record.id: case
        for case in cases
        for variant in case.variants
        if variant.layer_id == layer_id
        for record in variant.records
        if not own_fault or record.id in faults
    }
