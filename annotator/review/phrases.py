"""Phrase review: all places where the same words stand, or somebody is meant, decided at once.

Decide once what the words are, look at where they stand, tick the places where it holds. Places
that nobody has marked are among them: missing labels are the commonest error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.editing import Impossible, relabel
from annotator.model import Change, Fragment, Span, new_id
from annotator.review.cases import About, Case, Review
from annotator.review.merging import DECIDED, FROZEN, Batch, Item, Preview
from annotator.review.settlement import Settlement, gold_desk
from annotator.review.verdicts import AUDIT, BATCH, CASE, RULE
from annotator.spans import covered
from annotator.text import occurrences
from annotator.translation import reason


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where the words stand, with what is said about it."""

    article_id: str
    place: Fragment
    case: Case | None
    """The case about exactly these words; None where nobody has marked them so."""
    labels: tuple[tuple[str, int], ...]
    """The labels that readers have on exactly these words, with how many readers have each."""
    gold: tuple[str, ...]
    """The labels that gold has on exactly these words."""
    around: tuple[str, str]
    """What stands before and behind, some words, in one line."""


_CONTEXT: Final = 40
"""Code points that are shown before and behind a place."""


def of_words(review: Review, words: str) -> list[Occurrence]:
    """Return the places of an article where *words* stand as whole words, in reading order."""
    if not words.strip():
        return []
    return _found(review, occurrences(review.annotated.article.text, words.strip()))


def of_entity(review: Review, entity_id: str) -> list[Occurrence]:
    """Return the places where a reader or gold has a span that stands for an entity."""
    layers = {layer.id for layer in review.layers} | {review.gold.layer.id}
    places = {
        Fragment(span.start, span.end)
        for span in review.annotated.spans.values()
        if span.entity_id == entity_id and span.layer_id in layers
    }
    return _found(review, places)


def _found(review: Review, places: Iterable[Fragment]) -> list[Occurrence]:
    wanted = set(places)
    cases: dict[Fragment, Case] = {}
    readers: dict[Fragment, dict[str, set[str]]] = {}
    for case in review.cases:
        if case.about != About.SPAN:
            continue
        for variant in case.variants:
            for span in variant.spans:
                own = Fragment(span.start, span.end)
                if own in wanted:
                    cases.setdefault(own, case)
                    marked = readers.setdefault(own, {}).setdefault(span.label, set())
                    marked.add(variant.layer_id)
    gold: dict[Fragment, list[str]] = {}
    for span in review.annotated.spans_of(review.gold.layer.id):
        gold.setdefault(Fragment(span.start, span.end), []).append(span.label)
    text = review.annotated.article.text
    return [
        Occurrence(
            review.article_id,
            place,
            cases.get(place),
            tuple(sorted((label, len(who)) for label, who in readers.get(place, {}).items())),
            tuple(gold.get(place, ())),
            _around(text, place),
        )
        for place in sorted(wanted)
    ]


def _around(text: str, place: Fragment) -> tuple[str, str]:
    before = text[max(0, place.start - _CONTEXT) : place.start]
    behind = text[place.end : place.end + _CONTEXT]
    return re.sub(r"\s+", " ", before), re.sub(r"\s+", " ", behind)


def label_all(
    review: Review,
    batch: Batch,
    ticked: Sequence[Occurrence],
    label: str,
    *,
    entity_id: str | None = None,
) -> Preview:
    """Put *label* into gold on each of the *ticked* places, for the entity where one is given.

    Where a reader has it so, that variant is taken; where nobody has, gold has it alone. Attributes
    come from the reader.
    """
    done: list[Item] = []
    refused: list[Item] = []
    if review.gold.is_frozen:
        return Preview(batch, (), tuple(_item(review, one, label, FROZEN) for one in ticked), ())
    settlement = Settlement(review, batch.signed)
    present = review.annotated.spans_of(review.gold.layer.id)
    for one in ticked:
        audited = batch.draws(_key(one))
        if _has(present, one.place, label):
            refused.append(_item(review, one, label, DECIDED))
            continue
        number = _choice(one, label, entity_id)
        if one.case is not None and number:
            noted = {BATCH: batch.id, RULE: batch.rule, CASE: one.case.key}
            settlement.take(one.case, number, {**noted, AUDIT: "due"} if audited else noted)
        else:
            audited = False
            settlement.draft.put(_made(review, one.place, label, entity_id))
        done.append(_item(review, one, label, "", audited=audited))
    changes: tuple[Change, ...] = ()
    if done:
        changes = settlement.edit(batch.rule).changes
    return Preview(batch, tuple(done), tuple(refused), changes)


def _has(spans: Iterable[Span], place: Fragment, label: str) -> bool:
    return any(span.label == label and span.fragments == (place,) for span in spans)


def _choice(one: Occurrence, label: str, entity_id: str | None) -> int:
    """Return the number of the choice that has just this label on these words; 0 for none."""
    for number, choice in enumerate(() if one.case is None else one.case.choices, start=1):
        fits = [
            span
            for span in choice.spans
            if span.label == label
            and span.fragments == (one.place,)
            and entity_id in (None, span.entity_id)
        ]
        if fits and len(choice.spans) == 1:
            return number
    return 0


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


def _key(one: Occurrence) -> str:
    return one.case.key if one.case is not None else f"{one.article_id}/{one.place.start}"


def _item(review: Review, one: Occurrence, label: str, why: str, *, audited: bool = False) -> Item:
    words = review.annotated.article.text[one.place.start : one.place.end]
    return Item(one.article_id, _key(one), label, words, one.place, why, audited)


def relabelled(
    review: Review, batch: Batch, before: str, after: str, *, span_ids: Collection[str] = ()
) -> Preview:
    """Give the gold spans with the label *before* the label *after*; all, or those with *span_ids*.

    What the scheme does not allow, such as more pieces than the label takes, is refused.
    """
    spans = [
        span
        for span in review.annotated.spans_of(review.gold.layer.id)
        if span.label == before and (not span_ids or span.id in span_ids)
    ]
    items = [
        Occurrence(review.article_id, Fragment(span.start, span.end), None, (), (), ("", ""))
        for span in spans
    ]
    if review.gold.is_frozen:
        return Preview(batch, (), tuple(_item(review, one, before, FROZEN) for one in items), ())
    able: list[str] = []
    done: list[Item] = []
    refused: list[Item] = []
    for span, one in zip(spans, items, strict=True):
        try:
            relabel(gold_desk(review), [span.id], after)
        except Impossible as error:
            refused.append(_item(review, one, before, reason(error)))
        else:
            able.append(span.id)
            done.append(_item(review, one, after, ""))
    changes = relabel(gold_desk(review), able, after).changes if able else ()
    return Preview(batch, tuple(done), tuple(refused), changes)
