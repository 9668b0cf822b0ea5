"""Settling a case: each function returns the Edit that a reviewer's one key stands for.

All take the article under review (:func:`annotator.review.cases.review`), the case, and a
:class:`Signature`. They raise Impossible where gold is frozen, NothingToDo where nothing changes.
Actions have stable names: take, reject, correct, skip, escalate, reconsider, check, uncheck,
finish, reopen, return, mark (a missing label).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from annotator import editing
from annotator.editing import Desk, Impossible, NothingToDo
from annotator.editing.draft import Draft
from annotator.model import Edit, Fragment, LayerState
from annotator.review import gold as golden
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.settlement import Settlement, gold_desk, refuse_frozen
from annotator.review.verdicts import Decision, Signature
from annotator.text import Structure

OPEN_ITEMS: Final = "annotator:open_items"
"""Key in ``extra`` of a layer that was returned: ids of the records that its author looks at."""

Correcting = Callable[[Desk, str], Edit]
"""Edits one gold span at its desk, with a function of :mod:`annotator.editing`."""


def take(review: Review, case: Case, number: int, signed: Signature) -> Edit:
    """Put the choice with this *number* (from 1) into gold, with its attributes and entity.

    Relations come along as soon as both ends are in gold. Labels that say the same are accepted,
    the others corrected, and what is too much rejected.
    """
    settlement = Settlement(review, signed)
    settlement.take(case, number)
    return settlement.edit("take", detail=case.label, place=case.place)


def accept(review: Review, case: Case, signed: Signature) -> Edit:
    """Put into gold what a case has, where there is only one answer to it."""
    if len(case.choices) > 1:
        raise Impossible("There are several variants: choose one by its number.")
    return take(review, case, 1, signed)


def reject(review: Review, case: Case, reason: str, signed: Signature, words: str = "") -> Edit:
    """Leave out of gold what a case has, for a *reason* of the list, in one's own *words*."""
    settlement = Settlement(review, signed)
    settlement.reject(case, reason, words)
    return settlement.edit("reject", detail=reason or case.label, place=case.place)


def correct(
    review: Review,
    case: Case,
    change: Correcting,
    signed: Signature,
    *,
    structure: Structure | None = None,
    number: int | None = None,
    reason: str = "",
    words: str = "",
) -> Edit:
    """Put a choice into gold with a *change* that no reader has, as one edit.

    Without a *number* what gold has of the case is changed, or the first choice. Example::

        correct(review, case, lambda desk, key: editing.move_end(desk, key, "end", -1), signed)
    """
    if case.about != About.SPAN:
        raise Impossible("A relation is corrected by relating the labels in gold anew.")
    settlement = Settlement(review, signed, structure=structure)
    if number is not None or not settlement.gold_spans(case):
        settlement.take(case, number or 1)
    begun = settlement.draft.edit("take") if settlement.draft.changes() else None
    item = review.annotated.copy()
    if begun is not None:
        item.apply(begun)
    desk = replace(settlement.draft.desk, annotated=item)
    changed = change(desk, settlement.gold_spans(case)[0].id)
    for one in changed.changes:
        if one.after is not None:
            settlement.draft.put(one.after)
        elif one.before is not None:
            settlement.draft.drop(one.before)
    settlement.correct(case, reason, words)
    return settlement.edit("correct", detail=case.label, place=case.place)


def skip(review: Review, case: Case, signed: Signature) -> Edit:
    """Put a case aside: it counts as decided, and nothing of it is in gold."""
    settlement = Settlement(review, signed)
    settlement.put_off(case, Decision.SKIPPED)
    return settlement.edit("skip", detail=case.label, place=case.place)


def escalate(review: Review, case: Case, signed: Signature, words: str = "") -> Edit:
    """Leave a case to somebody who decides for the project."""
    settlement = Settlement(review, signed)
    settlement.put_off(case, Decision.ESCALATED, words)
    return settlement.edit("escalate", detail=case.label, place=case.place)


def reconsider(review: Review, case: Case, signed: Signature) -> Edit:
    """Take a decision back, whenever it was made: the case is open again."""
    settlement = Settlement(review, signed)
    settlement.forget(case)
    return settlement.edit("reconsider", detail=case.label, place=case.place)


# ------------------------------------------------------------------------------- missing labels


def mark_missing(
    review: Review,
    fragments: Iterable[Fragment],
    label: str,
    *,
    structure: Structure | None = None,
    fill: bool = True,
) -> Edit:
    """Put a label that everybody missed straight into gold."""
    refuse_frozen(review)
    return editing.mark(gold_desk(review, structure), fragments, label, fill=fill)


def check(review: Review, stretch: Fragment, *, checked: bool = True) -> Edit:
    """Note that a *stretch* of text was checked for missing labels, or that it was not."""
    refuse_frozen(review)
    draft = Draft(gold_desk(review))
    layer = golden.checked(review.gold, stretch, checked)
    if layer == review.annotated.layers.get(layer.id):
        raise NothingToDo("That is so already.")
    draft.put(layer)
    return draft.edit("check" if checked else "uncheck", place=stretch)


# ------------------------------------------------------------------------------ the whole article


def blockers(review: Review, paragraphs: Sequence[Fragment] = ()) -> tuple[int, int]:
    """Return what an article lacks to be reviewed: open cases, and *paragraphs* not checked."""
    return (
        len(review.standing(Standing.OPEN)),
        len(review.gold.unchecked(paragraphs)),
    )


def finish(review: Review, *, approve: Iterable[str] | None = None, anyway: bool = False) -> Edit:
    """Freeze gold as its version, and approve the layers (all, or those named by id).

    Impossible while cases are open, but *anyway*.
    """
    refuse_frozen(review)
    left = len(review.standing(Standing.OPEN))
    if left and not anyway:
        raise Impossible(
            "Cases are still open in this article: {count}. Decide or skip them first.", count=left
        )
    draft = Draft(gold_desk(review))
    draft.put(golden.frozen(review.gold))
    wanted = None if approve is None else set(approve)
    for layer in review.layers:
        if wanted is None or layer.id in wanted:
            draft.put(replace(layer, state=LayerState.APPROVED))
    return draft.edit("finish", detail=str(review.gold.version))


def reopen(review: Review) -> Edit:
    """Work on frozen gold again, as its next version."""
    if not review.gold.is_frozen:
        raise NothingToDo("Gold of this article is open already.")
    draft = Draft(gold_desk(review))
    layer = golden.reopened(review.gold)
    draft.put(layer)
    return draft.edit("reopen", detail=str(golden.gold_version(layer)))


def send_back(review: Review, layer_id: str, record_ids: Sequence[str] = ()) -> Edit:
    """Return a layer to its author with the records to look at: by default those not accepted."""
    layer = review.annotated.layers[layer_id]
    if not record_ids:
        record_ids = sorted(
            verdict.record_id
            for case in review.cases
            for verdict in case.verdicts
            if verdict.layer_id == layer_id and verdict.decision != Decision.ACCEPTED
        )
    extra = {**layer.extra, OPEN_ITEMS: list(record_ids)}
    draft = Draft(gold_desk(review))
    draft.put(replace(layer, state=LayerState.RETURNED, extra=extra))
    return replace(draft.edit("return", detail=layer.author), changes=tuple(draft.changes()))
