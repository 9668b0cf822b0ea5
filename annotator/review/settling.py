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
from annotator.model import Change, Edit, Fragment, LayerState, edit
from annotator.review import gold as golden
from annotator.review.answering import GOLD_AS_IT_IS, usual_answer
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.conflicts import Kind
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
    """Give a case its usual answer (:func:`annotator.review.answering.usual_answer`).

    A comment on what is decided is marked as resolved. Impossible where no answer has a majority.
    """
    if case.kind == Kind.COMMENT:
        return _settled_comments(case)
    number = usual_answer(review, case)
    if number is None:
        raise Impossible("No variant has a majority. Choose one by its number.")
    if number != GOLD_AS_IT_IS:
        return take(review, case, number, signed)
    settlement = Settlement(review, signed)
    settlement.correct(case, "", "")
    return settlement.edit("take", detail=case.label, place=case.place)


def _settled_comments(case: Case) -> Edit:
    changes = [Change(one, replace(one, resolved=True)) for one in case.comments]
    first = case.comments[0]
    return edit("resolve", changes, detail=first.text, article_id=case.article_id, place=case.place)


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

    Without a *number* what gold has of the case is changed, or the first choice. Of a relation, the
    change is given the gold span that it begins at, to be related anew. Example::

        correct(review, case, lambda desk, key: editing.move_end(desk, key, "end", -1), signed)
    """
    settlement = Settlement(review, signed, structure=structure)
    begins = number is not None or bool(case.again) or not settlement.gold_spans(case)
    if case.about == About.SPAN and begins:
        settlement.take(case, number or 1)
    key = _edited(settlement, case)
    begun = settlement.draft.edit("take") if settlement.draft.changes() else None
    item = review.annotated.copy()
    if begun is not None:
        item.apply(begun)
    changed = change(replace(settlement.draft.desk, annotated=item), key)
    settlement.take_over(case, changed)
    settlement.correct(case, reason, words)
    return settlement.edit("correct", detail=case.label, place=case.place)


def _edited(settlement: Settlement, case: Case) -> str:
    """Return the gold span that a correction begins at: of a relation, where it leads from."""
    if case.about == About.SPAN:
        return settlement.gold_spans(case)[0].id
    ties = [choice.relation for choice in case.choices if choice.relation is not None]
    sources = [settlement.gold_of(tie.source) for tie in ties]
    found = next((span for span in sources if span is not None), None)
    if found is None:
        raise Impossible("Decide on the label first that this relation begins at.")
    return found.id


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
