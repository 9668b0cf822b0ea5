"""Labels in gold, put on many places or changed on many, at once: each with a preview."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from annotator.editing import Impossible, relabel
from annotator.model import Edit, Fragment, Span, new_id
from annotator.review.blinding import ASKED_AGAIN, refusal, unseen
from annotator.review.cases import About, Case, Review
from annotator.review.gold import sources
from annotator.review.merging import DECIDED, FROZEN, Batch, Item, Preview, concluded, with_origin
from annotator.review.settlement import Settlement, gold_desk
from annotator.review.verdicts import Reason, reasons
from annotator.spans import covered
from annotator.translation import reason


def label_all(
    review: Review,
    batch: Batch,
    places: Sequence[Fragment],
    label: str,
    *,
    entity_id: str | None = None,
) -> Preview:
    """Put *label* into gold on each of *places*, for the entity where one is given.

    Where a reader has it so, that variant is taken with its attributes; where nobody has, gold has
    it alone. For phrase review: the ticked places, those that nobody has marked among them.
    """
    if review.gold.is_frozen:
        return Preview(batch, (), tuple(_item(review, one, label, FROZEN) for one in places), ())
    settlement = Settlement(review, batch.signed)
    present = review.annotated.spans_of(review.gold.layer.id)
    again = [case.place for case in review.cases if case.again]
    done: list[Item] = []
    refused: list[Item] = []
    for place in dict.fromkeys(places):
        if any(one.start < place.end and place.start < one.end for one in again):
            # Whether gold has it already would tell what was decided.
            refused.append(_item(review, place, label, ASKED_AGAIN))
            continue
        if any(span.label == label and span.fragments == (place,) for span in present):
            refused.append(_item(review, place, label, DECIDED))
            continue
        found = _choice(review.cases, place, label, entity_id)
        why = refusal(review, batch.signed.author, None if found is None else found[0])
        if why:
            refused.append(_item(review, place, label, why))
            continue
        audited = found is not None and batch.draws(found[0].key)
        if found is None:
            settlement.draft.put(_made(review, place, label, entity_id))
        else:
            settlement.take(*found, batch.noted(found[0].key, audited=audited))
        done.append(_item(review, place, label, "", audited=audited))
    made = settlement.edit(batch.rule) if done else None
    rule = partial(label_all, places=places, label=label, entity_id=entity_id)
    return with_origin(concluded(review, batch, done, refused, made), review, rule)


def _choice(
    cases: Iterable[Case], place: Fragment, label: str, entity_id: str | None
) -> tuple[Case, int] | None:
    """Return the case in which a choice is just this label on these words, and its number."""
    for case in cases:
        if case.about != About.SPAN or not case.place.start <= place.start < case.place.end:
            continue
        for number, choice in enumerate(case.choices, start=1):
            said = [(span.label, span.fragments) for span in choice.spans]
            if said == [(label, (place,))] and entity_id in (None, choice.spans[0].entity_id):
                return case, number
    return None


def _made(review: Review, place: Fragment, label: str, entity_id: str | None) -> Span:
    return Span(
        id=new_id(),
        article_id=review.article_id,
        layer_id=review.gold.layer.id,
        label=label,
        fragments=(place,),
        text=covered(review.annotated.article.text, (place,)),
        entity_id=entity_id,
    )


def _item(review: Review, place: Fragment, label: str, why: str, *, audited: bool = False) -> Item:
    words = review.annotated.article.text[place.start : place.end]
    key = f"{review.article_id}/{place.start}"
    return Item(review.article_id, key, label, words, place, why, audited)


def relabelled(
    review: Review, batch: Batch, before: str, after: str, *, span_ids: Collection[str] = ()
) -> Preview:
    """Give the gold spans with the label *before* the label *after*; all, or those with *span_ids*.

    Their cases count as corrected, so that annotators are told. What the scheme does not allow,
    such as more pieces than the label takes, is refused; so is every case with that label on which
    somebody decides once more, whether it is in gold or not.
    """
    done: list[Item] = []
    refused = [
        _item(review, case.place, before, ASKED_AGAIN)
        for case in review.cases
        if case.again and any(s.label == before for v in case.variants for s in v.spans)
    ]
    able: list[Span] = []
    hidden = unseen(review)
    cases = {record.id: case for case in review.cases for record in case.records}
    for span in review.annotated.spans_of(review.gold.layer.id):
        if span.label != before or (span_ids and span.id not in span_ids):
            continue
        if sources(span) & hidden:
            continue
        place = Fragment(span.start, span.end)
        why = refusal(review, batch.signed.author) or _why_not(review, span, after)
        if why:
            refused.append(_item(review, place, before, why))
            continue
        able.append(span)
        audited = any(batch.draws(cases[key].key) for key in sources(span) if key in cases)
        done.append(_item(review, place, after, "", audited=audited))
    made = _relabelled(review, batch, able, after, cases) if able else None
    own = [span.id for span in able]
    rule = partial(relabelled, before=before, after=after, span_ids=own)
    return with_origin(concluded(review, batch, done, refused, made), review, rule)


def _why_not(review: Review, span: Span, after: str) -> str:
    if review.gold.is_frozen:
        return FROZEN
    try:
        relabel(gold_desk(review), [span.id], after)
    except Impossible as error:
        return reason(error)
    return ""


def _relabelled(
    review: Review, batch: Batch, spans: Sequence[Span], after: str, cases: Mapping[str, Case]
) -> Edit:
    changed = relabel(gold_desk(review), [span.id for span in spans], after)
    own = {cases[key].key: cases[key] for one in spans for key in sources(one) if key in cases}
    if not own:
        # The reviewer has marked all of it: there is nobody to tell.
        return changed
    settlement = Settlement(review, batch.signed)
    settlement.take_over(next(iter(own.values())), changed)
    why = Reason.LABEL if Reason.LABEL in reasons(review.scheme) else ""
    for case in own.values():
        noted = batch.noted(case.key, audited=batch.draws(case.key))
        settlement.correct(case, why, "", noted)
    return settlement.edit(batch.rule)
