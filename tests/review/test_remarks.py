"""People talk about labels in threads, and annotators read and answer what was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.editing import NothingToDo
from annotator.review import remarks, settling
from annotator.review.cases import Standing
from annotator.review.conflicts import Kind
from annotator.review.remarks import MISSED, Feedback
from annotator.review.verdicts import Answer, Decision, Reason, Signature
from tests.review.reviewing import LATER, SIGNED, Reviewer, handed_in

ADA = Signature("annotator-0", "2026-11-22T12:00:00.000+00:00", 9)
BEN = Signature("annotator-1", "2026-11-22T13:00:00.000+00:00", 9)


def own(reviewer: Reviewer, author: str = "annotator-0", **options: bool) -> list[Feedback]:
    return remarks.feedback(reviewer.item, author, **options)


def test_a_thread_holds_its_answers_until_it_is_resolved() -> None:
    item = handed_in("[Ada|Speaker#a] left.", "[Ada|Speaker#a] left.")
    item.apply(remarks.comment(item, "L0/a", "Which Ada?", ADA, guideline="Speaker"))
    (thread,) = remarks.threads(item)
    item.apply(remarks.reply(item, thread, "The mayor.", BEN))
    (thread,) = remarks.threads(item, ["L0/a"])
    assert [thread.first.text, *(one.text for one in thread.replies)] == [
        "Which Ada?",
        "The mayor.",
    ]
    assert thread.first.extra[remarks.GUIDELINE] == "Speaker"
    assert (thread.place, thread.last.author) == ((0, 3), "annotator-1")
    item.apply(remarks.resolve(item, thread))
    (thread,) = remarks.threads(item)
    assert thread.is_resolved
    item.apply(remarks.reply(item, thread, "Sure?", ADA))
    assert not remarks.threads(item)[0].is_resolved


def test_a_comment_on_the_whole_article_has_no_place_and_an_empty_one_is_none() -> None:
    item = handed_in("Ada left.", "Ada left.")
    item.apply(remarks.comment(item, "article", "A fine one.", ADA))
    (thread,) = remarks.threads(item, ["article"])
    assert (thread.record, thread.place) == (None, None)
    with pytest.raises(NothingToDo):
        remarks.comment(item, "article", "  ", ADA)


def test_taking_back_what_began_a_thread_takes_the_answers_along() -> None:
    item = handed_in("Ada left.", "Ada left.")
    item.apply(remarks.comment(item, "article", "One.", ADA))
    item.apply(remarks.reply(item, remarks.threads(item)[0], "Two.", BEN))
    item.apply(remarks.delete_comment(item, remarks.threads(item)[0].first))
    assert item.comments == {}


def test_answers_that_lead_in_a_circle_are_read_all_the_same() -> None:
    item = handed_in("Ada left.", "Ada left.")
    item.apply(remarks.comment(item, "article", "One.", ADA))
    (first,) = item.comments.values()
    item.comments["x"] = replace(first, id="x", reply_to=first.id)
    item.comments[first.id] = replace(first, reply_to="x")
    assert len(remarks.threads(item)) <= 2


def test_an_annotator_reads_what_became_of_each_label_and_why() -> None:
    reviewer = Reviewer(
        handed_in("[Ada Byron|Speaker#a] [left|Cue#b] now", "[Ada|Speaker#a] Byron left now")
    )
    reviewer.settle(settling.take, "Ada Byron", 2, SIGNED)
    reviewer.settle(settling.reject, "left", Reason.GUIDELINE, SIGNED, "Not a verb of saying.")
    changed, rejected = own(reviewer)
    assert (changed.decision, changed.reason) == (Decision.CORRECTED, Reason.BORDERS)
    assert [span.text for span in changed.gold] == [("Ada",)]
    assert (rejected.decision, rejected.reason) == (Decision.REJECTED, Reason.GUIDELINE)
    assert (rejected.words, rejected.gold, rejected.answer) == ("Not a verb of saying.", (), "")
    assert own(reviewer, "annotator-1") == []
    (accepted,) = own(reviewer, "annotator-1", accepted=True)
    assert accepted.decision == Decision.ACCEPTED


def test_a_contest_puts_the_case_back_and_a_later_decision_answers_it() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, SIGNED)
    (item,) = own(reviewer)
    assert item.verdict is not None
    reviewer.perform(
        remarks.answer(reviewer.item, item.verdict, Answer.CONTESTED, ADA, "She speaks.")
    )
    case = reviewer.case("Ada")
    assert (case.kind, case.standing) == (Kind.CONTESTED, Standing.OPEN)
    assert own(reviewer)[0].answer == Answer.CONTESTED
    reviewer.settle(settling.take, "Ada", 1, LATER)
    assert reviewer.case("Ada").standing == Standing.DECIDED
    assert all(comment.resolved for comment in reviewer.item.comments.values())


def test_what_is_understood_is_done_with() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, SIGNED)
    (item,) = own(reviewer)
    assert item.verdict is not None
    reviewer.perform(remarks.answer(reviewer.item, item.verdict, Answer.UNDERSTOOD, ADA))
    assert reviewer.case("Ada").standing == Standing.DECIDED
    assert own(reviewer)[0].answer == Answer.UNDERSTOOD


def test_a_label_that_an_annotator_missed_is_told_once_gold_is_frozen() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    assert own(reviewer, "annotator-1") == []
    reviewer.perform(settling.finish(reviewer.review))
    (missed,) = own(reviewer, "annotator-1")
    assert (missed.decision, [span.text for span in missed.gold]) == (MISSED, [("Ada",)])
    assert own(reviewer) == []


def test_reasons_are_counted_with_those_that_are_contested() -> None:
    reviewer = Reviewer(handed_in("[Ada|Cue#a] [Ben|Cue#b] [Eve|Cue#c]", "Ada Ben Eve"))
    for words, reason in (("Ada", "x"), ("Ben", Reason.OTHER), ("Eve", Reason.OTHER)):
        reviewer.settle(settling.reject, words, reason, SIGNED)
    verdict = next(v for v in reviewer.item.verdicts.values() if v.record_id == "L0/b")
    reviewer.perform(remarks.answer(reviewer.item, verdict, Answer.CONTESTED, ADA, "No."))
    rows = remarks.reason_counts(own(reviewer))
    assert [(row.reason, row.number, row.contested) for row in rows] == [
        (Reason.OTHER, 2, 1),
        ("x", 1, 0),
    ]
