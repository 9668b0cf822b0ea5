"""Work that changes hands in bulk: given to somebody else, or sent back to who did it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from annotator.model import Change, Comment, Fragment, Layer, LayerState, new_id
from annotator.review.assigning import ASSIGNED, DAYS, SINCE, assignment_of
from annotator.review.blinding import is_own, refusal, shown_names
from annotator.review.cases import About, Case, Review, Variant
from annotator.review.merging import Batch, Item, Preview
from annotator.review.rounds import SECOND_ROUND, is_first
from annotator.review.settling import send_back
from annotator.review.verdicts import RETURNED as SENT_BACK
from annotator.review.verdicts import Decision
from annotator.translation import later

BEGUN: Final = later("It is begun, and not given up.")
HAS_IT: Final = later("This person has the article already.")
REVIEWS_IT: Final = later("This person reviews or adjudicates the article.")
OWN_ROUND: Final = later("It is marked a second time, which only the same person can do.")
FIRST_KEPT: Final = later("It is marked a second time: the first round is kept as it is.")
NOTHING_OPEN: Final = later("Nothing in it is to be looked at again.")
RETURNED: Final = later("It was returned already.")
NOBODYS: Final = later("Nobody has marked anything here.")


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
    if SECOND_ROUND in layer.extra:
        return OWN_ROUND
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


def sent_back(review: Review, batch: Batch, author: str, why: str = "") -> Preview:
    """Return what *author* handed in, with everything that was not accepted as it was.

    A comment at each label says that it was sent back, and *why* in the reviewer's words.
    """
    faults = {
        one.record_id
        for case in review.cases
        for one in case.verdicts
        if one.decision != Decision.ACCEPTED
    }
    found = _sent(review, batch, review.cases, [author], faults, why)
    own = [layer for layer in review.layers if layer.author == author]
    if found.done or found.refused or not own:
        return found
    (layer, title) = (own[0], review.annotated.article.title)
    none = Item(review.article_id, layer.id, author, title, Fragment(0, 0), NOTHING_OPEN)
    return replace(found, refused=(none,))


def sent_back_cases(review: Review, batch: Batch, cases: Iterable[Case], why: str = "") -> Preview:
    """Return to their authors just the labels of *cases*, to be looked at again, and say *why*."""
    wanted = list(cases)
    people = {layer.author for layer in review.layers}
    found = _sent(review, batch, wanted, people, None, why)
    nobodys = [_item(case, "", NOBODYS) for case in wanted if not _variants(case)]
    return replace(found, refused=(*found.refused, *nobodys))


def _sent(
    review: Review,
    batch: Batch,
    cases: Iterable[Case],
    people: Collection[str],
    records: Collection[str] | None,
    said: str,
) -> Preview:
    """Return what *people* have in *cases*; of it only *records*, where they are given."""
    names, layers = shown_names(review), {layer.id: layer for layer in review.layers}
    done: list[Item] = []
    refused: list[Item] = []
    opened: dict[str, set[str]] = {}
    for case in cases:
        why = refusal(review, batch.signed.author, case)
        for variant in _variants(case):
            layer = layers[variant.layer_id]
            own = {one.id for one in variant.records if records is None or one.id in records}
            if layer.author not in people or not own:
                continue
            reason = why or (RETURNED if layer.state == LayerState.RETURNED else "")
            reason = reason or (FIRST_KEPT if is_first(layer) else "")
            (refused if reason else done).append(_item(case, layer.id, reason, names[layer.id]))
            if not reason:
                opened.setdefault(layer.id, set()).update(own)
    changes = [
        change
        for key, own in opened.items()
        for change in send_back(review, key, sorted(own)).changes
    ]
    changes += [
        Change(None, _told(batch, layers[key], record_id, said))
        for key, own in opened.items()
        for record_id in sorted(own)
    ]
    asked = (review.article_id,) if changes and is_own(review, batch.signed.author) else ()
    return Preview(batch, tuple(done), tuple(refused), tuple(changes), asked)


def _told(batch: Batch, layer: Layer, record_id: str, said: str) -> Comment:
    """Return what stands at a label that was sent back."""
    return Comment(
        id=new_id(),
        article_id=layer.article_id,
        layer_id=layer.id,
        record_id=record_id,
        text=said.strip(),
        author=batch.signed.author,
        time=batch.signed.time,
        extra={SENT_BACK: batch.id},
    )


def _variants(case: Case) -> list[Variant]:
    """Return what people have marked in a case; of an article as a whole, nothing."""
    return [one for one in case.variants if one.records and case.about != About.ARTICLE]


def _item(case: Case, layer_id: str, why: str, whom: str = "") -> Item:
    key = f"{case.key}/{layer_id}"
    return Item(case.article_id, key, case.label, case.words, case.place, why, whom=whom)
