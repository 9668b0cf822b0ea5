"""What follows a decision without a look at everything is what is found anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.editing import Impossible, NothingToDo
from annotator.gui.review.naming import Naming
from annotator.gui.review.ranking import Ranking
from annotator.gui.review.signs import Signs
from annotator.model import Change, Edit, edit
from annotator.review import settling
from annotator.review.case import exchanged
from annotator.review.cases import Case
from annotator.review.verdicts import AGAIN, AUDIT
from tests.review.reviewing import SIGNED, Reviewer, handed_in

NOTATIONS = (
    (
        "[Marta Ilves|Speaker] said [the quay was safe|Claim]. "
        "[Håkon|Speaker] hopes so. [Bergen|Location] waits [today|Claim]."
    ),
    (
        "[Marta Ilves|Speaker] said [the quay was safe|Claim]. "
        "[Håkon hopes|Speaker] so. [Bergen|Location] waits today."
    ),
    (
        "[Marta Ilves|Speaker] said the [quay was safe|Claim]. "
        "Håkon hopes so. [Bergen|Location] waits [today|Location]."
    ),
)


def taken(number: int) -> Callable[[Reviewer, Case], Edit]:
    return lambda rita, case: settling.take(rita.review, case, number, SIGNED)


def asked_again(_rita: Reviewer, case: Case) -> Edit:
    if not case.verdicts:
        raise NothingToDo("Nothing was decided on it.")
    noted = {AUDIT: "due", AGAIN: {"person": "rita"}}
    return edit("audit", [Change(one, replace(one, extra=noted)) for one in case.verdicts])


STEPS: dict[str, Callable[[Reviewer, Case], Edit]] = {
    "take the first": taken(1),
    "take the second": taken(2),
    "reject": lambda rita, case: settling.reject(rita.review, case, "", SIGNED),
    "skip": lambda rita, case: settling.skip(rita.review, case, SIGNED),
    "ask again": asked_again,
    "finish": lambda rita, _case: settling.finish(rita.review),
    "reopen": lambda rita, _case: settling.reopen(rita.review),
}


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*STEPS, "undo"]), st.integers(0, 20), st.integers(0, 20), st.booleans()
        ),
        max_size=10,
    )
)
@example([("take the first", 1, 0, False), ("ask again", 1, 0, False)])
def test_lanes_and_signs_after_decisions_are_those_found_anew(
    steps: list[tuple[str, int, int, bool]],
) -> None:
    rita, naming = Reviewer(handed_in(*NOTATIONS)), Naming()
    ranking, signs = Ranking(), Signs()
    for step, about, at_hand, only in steps:
        before = rita.review.cases
        do(rita, step, rita.review.cases[about % len(before)])
        cases = rita.review.cases
        gone, made = exchanged(before, cases)
        assert {*map(id, before)} - {*map(id, gone)} == {*map(id, cases)} - {*map(id, made)}
        here = None if at_hand == 0 else cases[at_hand % len(cases)]
        shown, _ = ranking.follow(rita.review, naming, here, differences_only=only)
        anew, _ = Ranking().follow(rita.review, naming, here, differences_only=only)
        assert shown == anew
        assert signs.follow(cases, here) == Signs().follow(cases, here)


def do(rita: Reviewer, step: str, case: Case) -> None:
    """Take a step where it can be taken."""
    if step == "undo":
        if rita.done:
            rita.undo()
        return
    try:
        rita.perform(STEPS[step](rita, case))
    except (Impossible, NothingToDo):
        return


@pytest.mark.parametrize("put", [0, 2])
def test_a_case_more_leaves_the_others_the_very_same(put: int) -> None:
    cases = list(Reviewer(handed_in(*NOTATIONS)).review.cases)
    other = cases.pop()
    assert exchanged(cases, [*cases[:put], other, *cases[put:]]) == ([], [other])
    assert exchanged([*cases[:put], other, *cases[put:]], cases) == ([other], [])
