"""Articles whose gold is known: how much of a control is as gold has it, and where that counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from annotator.annotated import Annotated
from annotator.model import LayerState
from annotator.review import controls, settling
from annotator.review.assigning import ASSIGNED
from annotator.review.controls import CONTROL, ControlCount, control_counts
from annotator.review.merging import batch
from annotator.review.sampling import sampled
from tests.notation import news_scheme
from tests.review.reviewing import SIGNED, Reviewer, handed_in

ADA = "[Ada|Speaker] said [it rains|Claim] in [Oslo|Location]."
BEN = "[Ada|Speaker] said [it|Claim] rains in [Oslo|Location]."
NONE = ControlCount("annotator-2", 1, 0, 0, 0)


def with_control(marked: str, state: str = LayerState.SUBMITTED) -> Reviewer:
    """Return an article with finished gold ("it rains", and what both agree on) and a control."""
    item = handed_in(ADA, BEN, marked)
    given = {ASSIGNED: {"blind": True, "seed": 1, CONTROL: True}}
    control = replace(item.layers["L2"], state=LayerState.NOT_STARTED, extra=given)
    item.layers["L2"] = control
    reviewer = Reviewer(item)
    reviewer.settle(settling.take, "it rains", 1, SIGNED)
    reviewer.perform(settling.finish(reviewer.review))
    item.layers["L2"] = replace(control, state=state)
    reviewer.look()
    return reviewer


def counted(item: Annotated) -> list[ControlCount]:
    return control_counts([item], news_scheme())


@pytest.mark.parametrize(
    ("marked", "right", "number"),
    [
        (ADA, 3, 3),
        (BEN, 2, 3),
        ("[Ada|Speaker] said [it rains|Claim] in Oslo.", 2, 3),
        ("[Ada|Speaker] [said|Cue] [it rains|Claim] in [Oslo|Location].", 3, 4),
        ("[Ada|Location] said [it rains|Claim] in [Oslo|Location].", 2, 3),
    ],
)
def test_a_control_is_compared_with_what_was_decided_and_what_all_agreed_on(
    marked: str, right: int, number: int
) -> None:
    reviewer = with_control(marked)
    before = reviewer.item.copy()
    assert counted(reviewer.item) == [ControlCount("annotator-2", 1, 1, right, number)]
    assert reviewer.item == before


def reopen(reviewer: Reviewer) -> None:
    reviewer.perform(settling.reopen(reviewer.review))


def take_from_control(reviewer: Reviewer) -> None:
    """Let gold have from the control what only the control has."""
    reopen(reviewer)
    reviewer.settle(settling.take, "said", 1, SIGNED)
    reviewer.perform(settling.finish(reviewer.review, anyway=True))


@pytest.mark.parametrize("spoil", [reopen, take_from_control])
def test_a_control_is_not_used_where_gold_is_not_known_without_it(
    spoil: Callable[[Reviewer], None],
) -> None:
    reviewer = with_control("[Ada|Speaker] [said|Cue] [it rains|Claim] in [Oslo|Location].")
    assert counted(reviewer.item)[0].used == 1
    spoil(reviewer)
    assert counted(reviewer.item) == [NONE]


def test_a_control_that_nobody_has_handed_in_is_not_used() -> None:
    assert counted(with_control(ADA, LayerState.IN_PROGRESS).item) == [NONE]


def test_who_was_given_no_control_has_no_row() -> None:
    assert counted(handed_in(ADA, BEN)) == []


def test_the_counts_of_all_people_are_sums() -> None:
    counts = [ControlCount("ada", 2, 1, 3, 4), ControlCount("ben", 1, 1, 2, 2)]
    assert controls.together(counts, "all") == ControlCount("all", 3, 2, 5, 6)


def test_labels_of_a_control_are_in_no_random_sample() -> None:
    reviewer = with_control(ADA)
    reopen(reviewer)
    drawn = sampled([reviewer.review], batch("sample", SIGNED, seed=1), 1.0)
    assert len(reviewer.review.layers) == 3
    assert {item.key.partition("/")[0] for item in drawn.done} == {"L0", "L1"}
