"""The usual answer to a case: what one key accepts without a look at the numbers."""

from __future__ import annotations

from typing import Final

from annotator.model import Relation, Span
from annotator.review.cases import Case, Choice, Review, said_by
from annotator.review.gold import sources

GOLD_AS_IT_IS: Final = 0
"""In place of the number of a choice: gold has what no reader has, and that stays."""


def usual_answer(review: Review, case: Case) -> int | None:
    """Return the number (from 1) of the choice that is accepted; None where nobody can say.

    That is what gold has of the case already, else what more than half of those say who have
    something there. Gold that somebody corrected is :data:`GOLD_AS_IT_IS`.
    """
    if not case.choices:
        return 1
    gold = gold_records(review, case)
    if gold:
        return _kept(review, case, gold)
    return majority_of(case)


def majority_of(case: Case) -> int | None:
    """Return the number of the choice of more than half of those who have something there."""
    readers = sum(len(choice.variants) for choice in case.choices)
    for number, choice in enumerate(case.choices, start=1):
        if 2 * len(choice.variants) > readers:
            return number
    return None


def gold_records(review: Review, case: Case) -> list[Span | Relation]:
    """Return what gold has of a case, in reading order; nothing before it was decided."""
    if not case.verdicts:
        return []
    ids = {record.id for record in case.records}
    layer, annotated = review.gold.layer.id, review.annotated
    there: list[Span | Relation] = [
        *annotated.spans_of(layer),
        *annotated.relations_of(layer),
    ]
    return [one for one in there if ids & sources(one)]


def _kept(review: Review, case: Case, gold: list[Span | Relation]) -> int:
    for number, choice in enumerate(case.choices, start=1):
        if _says(review, choice, gold):
            return number
    return GOLD_AS_IT_IS


def _says(review: Review, choice: Choice, gold: list[Span | Relation]) -> bool:
    """Say whether a choice is what gold has; of a relation, whether it was taken from it alone."""
    ties = [one for one in gold if isinstance(one, Relation)]
    if ties:
        ids = {record.id for variant in choice.variants for record in variant.records}
        return sources(ties[0]) <= ids
    stands = [said_by(one, review.scheme) for one in gold if isinstance(one, Span)]
    return any(
        stands == [said_by(one, review.scheme) for one in variant.spans]
        for variant in choice.variants
    )
