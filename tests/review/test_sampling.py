"""Decisions that somebody makes once more without seeing them: drawn, hidden, compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator import editing
from annotator.model import Change, edit
from annotator.project import Project
from annotator.review import assigning, merging, settling
from annotator.review.answering import gold_records
from annotator.review.blinding import (
    ASKED_AGAIN,
    ONCE_MORE,
    SECOND,
    Objection,
    objection,
    refused,
    unseen,
)
from annotator.review.cases import Standing, review
from annotator.review.conflicts import Kind
from annotator.review.merging import FROZEN, Batch, batch
from annotator.review.sampling import LOOKED_AGAIN, RETEST, own_again, sampled, second_looks
from annotator.review.verdicts import AGAIN, AUDIT, SECOND_REVIEW, SEED, Reason
from tests.review.reviewing import LATER, SIGNED, Reviewer, contents, handed_in

TWO = (
    "[Ada|Speaker] said [it rains|Claim] in [Oslo|Location].",
    "[Ada|Speaker] said [it|Claim] rains in [Oslo|Location].",
)


def once_more(share: float = 1.0, seed: int = 1) -> Batch:
    return batch(RETEST, SIGNED, share=share, seed=seed)


def decided() -> Reviewer:
    """Return a reviewer who has taken one claim, left out a speaker, and accepted a place."""
    reviewer = Reviewer(handed_in(*TWO))
    reviewer.settle(settling.take, "it rains", 1, SIGNED)
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, SIGNED)
    reviewer.settle(settling.take, "Oslo", 1, SIGNED)
    return reviewer


def drawn() -> Reviewer:
    """Return the reviewer to whom all of it has been given again."""
    reviewer = decided()
    reviewer.perform(own_again(reviewer.review, once_more(), SIGNED.author).edit())
    return reviewer


def states(reviewer: Reviewer) -> dict[str, set[str]]:
    """Return by words what became of the second decisions."""
    found: dict[str, set[str]] = {}
    for verdict in reviewer.item.verdicts.values():
        words = reviewer.item.spans[verdict.record_id].text[0]
        found.setdefault(words, set()).add(verdict.extra.get(AUDIT, "left"))
    return found


def test_what_is_asked_again_is_open_as_if_nobody_had_decided_on_it() -> None:
    before = Reviewer(handed_in(*TWO))
    reviewer = drawn()
    for words in ("it rains", "Ada", "Oslo"):
        case = reviewer.case(words)
        assert (case.standing, case.verdicts, case.decision) == (Standing.OPEN, (), "")
        assert case.again == SIGNED.author
        assert gold_records(reviewer.review, case) == []
    assert reviewer.case("it rains").kind == before.case("it rains").kind
    assert reviewer.case("Ada").kind == Kind.UNREVIEWED


LINKED = (
    "[Ada|Speaker#a] said [it rains|Claim#b].",
    "[Ada|Speaker#a] said [it|Claim#b] rains.",
)
TIE = "#b>attributed_to>#a"


@pytest.mark.parametrize("ties", [([TIE], [TIE]), ([TIE], [])])
def test_a_link_tells_nothing_while_somebody_decides_on_an_end_of_it_again(
    ties: tuple[list[str], list[str]],
) -> None:
    reviewer = Reviewer(handed_in(*LINKED, ties=ties))
    before = reviewer.case("it rains → Ada").standing
    for words in ("it rains", "Ada"):
        reviewer.settle(settling.take, words, 1, SIGNED)
    if reviewer.case("it rains → Ada").standing == Standing.OPEN:
        reviewer.settle(settling.take, "it rains → Ada", 1, SIGNED)
    decided = reviewer.case("it rains → Ada")
    assert decided.standing == Standing.DECIDED
    reviewer.perform(own_again(reviewer.review, once_more(), SIGNED.author).edit())
    link = reviewer.case("it rains → Ada")
    assert (link.held, link.verdicts, link.decision) == (True, (), "")
    assert link.standing == (Standing.AGREED if before == Standing.AGREED else Standing.WAITING)
    assert {one.id for one in link.records} <= unseen(reviewer.review)
    assert link == review(reviewer.item, reviewer.scheme).case(link.key)
    why = objection(reviewer.review, "rita", link)
    assert why is not None
    assert refused(why) == "An end of it is to be decided once more first."
    for words in ("it rains", "Ada"):
        reviewer.settle(settling.take, words, 1, LATER)
    assert reviewer.case("it rains → Ada").standing == Standing.DECIDED
    assert not reviewer.case("it rains → Ada").held


def test_the_same_decision_counts_as_the_same_and_any_other_as_another() -> None:
    reviewer = drawn()
    reviewer.settle(settling.take, "it rains", 2, LATER)
    reviewer.settle(settling.reject, "Ada", Reason.OTHER, LATER)
    reviewer.settle(settling.take, "Oslo", 1, LATER)
    assert states(reviewer) == {
        "it rains": {"wrong"},
        "it": {"wrong"},
        "Ada": {"right"},
        "Oslo": {"right"},
    }
    assert reviewer.review.counts.open == 0
    assert reviewer.gold == ["Claim: it", "Location: Oslo"]


def move_its_end(reviewer: Reviewer, by: int) -> None:
    """Correct the claim: a word more belongs to it, or one less."""
    reviewer.settle(
        settling.correct,
        "it rains",
        lambda desk, key: editing.move_end(desk, key, "end", by),
        LATER,
        number=1,
    )


def test_a_correction_is_the_same_only_where_it_comes_to_the_same_words() -> None:
    for by, state in ((1, "right"), (-1, "wrong")):
        reviewer = Reviewer(handed_in(*TWO))
        move_its_end(reviewer, 1)
        assert reviewer.gold == ["Claim: it rains in"]
        reviewer.perform(own_again(reviewer.review, once_more(), "rita").edit())
        move_its_end(reviewer, by)
        assert states(reviewer)["it rains"] == {state}


def test_a_correction_made_again_in_a_second_review_is_right() -> None:
    reviewer = Reviewer(handed_in(*TWO))
    move_its_end(reviewer, 1)
    reviewer.perform(second_looks(reviewer.review, once_more()).edit())
    move_its_end(reviewer, 1)
    assert states(reviewer)["it rains"] == {"right"}


def test_a_second_correction_begins_with_what_the_readers_have_and_not_with_the_first() -> None:
    reviewer = Reviewer(handed_in(*TWO))
    move_its_end(reviewer, -1)
    assert reviewer.gold == ["Claim: it"]
    reviewer.perform(own_again(reviewer.review, once_more(), "rita").edit())
    reviewer.settle(
        settling.correct,
        "it rains",
        lambda desk, key: editing.move_end(desk, key, "end", 1),
        LATER,
    )
    assert reviewer.gold == ["Claim: it rains in"]


def test_only_the_person_asked_decides_and_nobody_does_it_for_them_in_bulk() -> None:
    reviewer = drawn()
    case = reviewer.case("it rains")
    assert objection(reviewer.review, "rita", case) is None
    refusal = objection(reviewer.review, "lena", case)
    assert refusal is not None
    assert (refusal.kind, refusal.named) == (ONCE_MORE, "rita")
    majority = merging.majority(reviewer.review, once_more())
    assert {item.reason for item in majority.refused} == {ASKED_AGAIN}
    reviewer.settle(settling.take, "it rains", 1, replace(LATER, author="lena"))
    assert states(reviewer)["it rains"] == {"left"}


def test_only_own_decisions_made_one_by_one_are_asked_again_and_each_once() -> None:
    reviewer = decided()
    assert own_again(reviewer.review, once_more(), "lena").done == ()
    reviewer.perform(own_again(reviewer.review, once_more(), "rita").edit())
    assert own_again(reviewer.review, once_more(), "rita").done == ()
    assert second_looks(reviewer.review, once_more()).done == ()
    reviewer.settle(settling.take, "Oslo", 1, LATER)
    again = own_again(reviewer.review, once_more(), "rita")
    assert [item.reason for item in again.refused] == [LOOKED_AGAIN]
    reviewer.undo()
    reviewer.undo()
    reviewer.perform(second_looks(reviewer.review, once_more()).edit())
    assert own_again(reviewer.review, once_more(), "rita").done == ()
    in_bulk = Reviewer(handed_in(*TWO))
    in_bulk.perform(merging.unanimous(in_bulk.review, batch("unanimous", SIGNED)).edit())
    assert own_again(in_bulk.review, once_more(), "rita").done == ()


def test_frozen_gold_is_not_asked_about_again() -> None:
    reviewer = decided()
    reviewer.perform(settling.finish(reviewer.review, anyway=True))
    preview = own_again(reviewer.review, once_more(), "rita")
    assert {item.reason for item in preview.refused} == {FROZEN}
    assert preview.changes == ()


def test_what_is_drawn_depends_on_the_seed_and_not_on_that_of_a_second_review() -> None:
    many = " ".join(f"[w{number}|Cue]" for number in range(60))
    reviewer = Reviewer(handed_in(many))
    for number in range(60):
        reviewer.settle(settling.take, f"w{number}", 1, SIGNED)
    keys = [
        {item.key for item in own_again(reviewer.review, once_more(0.5, seed), "rita").done}
        for seed in (1, 1, 2)
    ]
    assert keys[0] == keys[1] != keys[2]
    assert 15 <= len(keys[0]) <= 45
    second = {item.key for item in second_looks(reviewer.review, once_more(0.5)).done}
    assert second != keys[0]


def test_the_project_keeps_seed_and_person_and_counts_what_came_to_the_same(
    tmp_path: Path,
) -> None:
    item = handed_in(*TWO)
    location = tmp_path / "again.annotator"
    with Project.create(location, Reviewer(item).scheme, author="rita") as project:
        project.perform(edit("import", [Change(None, record) for record in item.records()]))

        def settle(words: str, number: int) -> None:
            found = review(project.annotated("article"), project.scheme)
            (case,) = [one for one in found.cases if one.words == words]
            project.perform(settling.take(found, case, number, SIGNED))

        settle("it rains", 1)
        settle("Oslo", 1)
        before = contents(project.annotated("article"))
        found = review(project.annotated("article"), project.scheme)
        project.perform(own_again(found, once_more(seed=7), "rita").edit())
        noted = [one.extra[AGAIN] for one in project.annotated("article").verdicts.values()]
        assert {(one["person"], one["seed"]) for one in noted} == {("rita", 7)}
        (row,) = project.reviewing.batches()
        assert (row.rule, row.author, row.cases, row.due) == (RETEST, "rita", 2, 2)
        settle("it rains", 2)
        settle("Oslo", 1)
        (row,) = project.reviewing.batches()
        assert (row.due, row.right, row.wrong) == (0, 1, 1)
        assert [one for one in project.check() if one.severity != "info"] == []
        for _ in range(3):
            project.undo()
        assert contents(project.annotated("article")) == before


TWENTY = " ".join(f"[w{number}|Cue]" for number in range(20))


@pytest.mark.parametrize(("right", "drawn"), [(5, 2), (2, 20)])
def test_of_who_was_right_less_is_drawn_and_of_a_beginner_everything(
    monkeypatch: pytest.MonkeyPatch, right: int, drawn: int
) -> None:
    reviewer = Reviewer(handed_in(TWENTY))
    assert len(sampled([reviewer.review], batch("sample", SIGNED), None).done) == 20
    monkeypatch.setattr(assigning, "FIRST_ITEMS", 5)
    for number in range(5):
        if number < right:
            reviewer.settle(settling.take, f"w{number}", 1, SIGNED)
        else:
            reviewer.settle(settling.reject, f"w{number}", Reason.GUIDELINE, SIGNED)
    assert len(sampled([reviewer.review], batch("sample", SIGNED), None).done) == drawn


def test_the_seed_of_what_is_drawn_is_kept_with_it() -> None:
    reviewer = decided()
    reviewer.perform(second_looks(reviewer.review, once_more(seed=41)).edit())
    assert {one.extra.get(SEED) for one in reviewer.item.verdicts.values()} == {41}
    reviewer.settle(settling.take, "Oslo", 1, LATER)
    assert {one.extra.get(SEED) for one in reviewer.item.verdicts.values()} == {41}


def test_who_decided_first_does_not_decide_in_the_second_review() -> None:
    reviewer = decided()
    made = merging.batch(SECOND_REVIEW, SIGNED, share=1.0)
    reviewer.perform(second_looks(reviewer.review, made).edit())
    case = reviewer.case("Oslo")
    assert objection(reviewer.review, "rita", case) == Objection(SECOND, "rita")
    assert objection(reviewer.review, "lena", case) is None
    refused = merging.these(reviewer.review, merging.batch("phrase", LATER), {case.key})
    assert [item.reason for item in refused.refused] == [
        "You have decided on it yourself: somebody else looks at it a second time."
    ]
