"""People talk about labels in threads, and annotators read and answer what was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.annotated import Annotated
from annotator.editing import Impossible, NothingToDo
from annotator.model import LayerState
from annotator.review import remarks, settling
from annotator.review.cases import Standing
from annotator.review.conflicts import Kind
from annotator.review.feedback import Feedback, State, by_reason, compared, feedback_of, missed
from annotator.review.remarks import Passage
from annotator.review.verdicts import Answer, Decision, Reason
from annotator.schemes import load
from tests.review.reviewing import LATER, SIGNED, Reviewer, handed_in

ADA, BEN = "annotator-0", "annotator-1"


def own(reviewer: Reviewer, author: str = ADA) -> list[Feedback]:
    return sorted(feedback_of(reviewer.item, author), key=lambda one: one.verdict.record_id)


def commented() -> Annotated:
    item = handed_in("[Ada|Speaker#a] left.", "[Ada|Speaker#a] left.")
    item.apply(remarks.write(item, "L0/a", "Which Ada?", ADA))
    return item


def test_a_thread_holds_its_answers_until_it_is_resolved() -> None:
    item = commented()
    (thread,) = remarks.threads(item, "L0/a")
    item.apply(remarks.reply(item, thread.first.id, "The mayor.", BEN))
    (thread,) = remarks.threads(item, "L0/a")
    assert [one.text for one in thread.comments] == ["Which Ada?", "The mayor."]
    item.apply(remarks.resolve(item, thread.first.id))
    assert remarks.unresolved(item) == {}
    item.apply(remarks.reply(item, thread.first.id, "Sure?", ADA))
    assert remarks.unresolved(item) == {"L0/a": 1}


def test_a_comment_names_the_passage_of_the_guideline_that_it_is_about() -> None:
    item = handed_in("[Ada|Speaker#a] left.", "Ada left.")
    passage = remarks.passages(load("news-default"), "Speaker")[0]
    item.apply(remarks.write(item, "L0/a", "As it says here.", ADA, passage=passage))
    (thread,) = remarks.threads(item, "L0/a")
    assert remarks.passage_of(thread.first) == passage


def test_a_long_rule_can_be_quoted_by_the_sentence() -> None:
    found = [one.text for one in remarks.passages(load("news-default"), "Claim")]
    assert max(map(len, found)) < 400
    assert any(one.endswith(".") for one in found)


@pytest.mark.parametrize("noted", [None, 3, {"label": 1}, [1, 2], {"text": None}])
def test_a_passage_of_another_program_is_left(noted: object) -> None:
    item = commented()
    (first,) = item.comments.values()
    odd = replace(first, extra={remarks.PASSAGE: noted})
    found = remarks.passage_of(odd)
    assert found is None or found == Passage("", "", "")


def test_a_comment_on_the_whole_article_belongs_to_a_layer_and_an_empty_one_is_none() -> None:
    item = handed_in("Ada left.", "Ada left.")
    item.apply(remarks.write(item, "article", "A fine one.", ADA))
    (thread,) = remarks.threads(item, "article")
    assert thread.first.layer_id in item.layers
    with pytest.raises(NothingToDo):
        remarks.write(item, "article", "  ", ADA)


def test_replies_stay_when_the_first_comment_goes_and_undo_brings_it_back() -> None:
    item = commented()
    (thread,) = remarks.threads(item, "L0/a")
    for text in ("Two.", "Three."):
        item.apply(remarks.reply(item, thread.first.id, text, BEN))
    before = dict(item.comments)
    made = remarks.remove(item, thread.first.id, ADA)
    item.apply(made)
    (left,) = remarks.threads(item, "L0/a")
    assert {one.text for one in left.comments} == {"Two.", "Three."}
    item.apply(made.inverse)
    assert item.comments == before


def test_only_who_wrote_a_comment_changes_or_removes_it() -> None:
    item = commented()
    (first,) = item.comments.values()
    with pytest.raises(Impossible, match="annotator-0"):
        remarks.remove(item, first.id, BEN)
    with pytest.raises(Impossible, match="annotator-0"):
        remarks.rewrite(item, first.id, "x", BEN)


def test_replies_that_lead_in_a_circle_are_read_all_the_same() -> None:
    item = commented()
    (first,) = item.comments.values()
    item.comments["x"] = replace(first, id="x", reply_to=first.id)
    item.comments[first.id] = replace(first, reply_to="x")
    assert sum(len(thread.comments) for thread in remarks.threads(item, "L0/a")) == 2


def test_an_annotator_reads_what_became_of_each_label_and_why() -> None:
    reviewer = Reviewer(
        handed_in("[Ada Byron|Speaker#a] [left|Cue#b] now", "[Ada|Speaker#a] Byron left now")
    )
    reviewer.settle(settling.take, "Ada Byron", 2, SIGNED)
    reviewer.settle(settling.reject, "left", Reason.GUIDELINE, SIGNED, "Not a verb of saying.")
    changed, rejected = own(reviewer)
    assert (changed.verdict.decision, changed.verdict.reason) == (
        Decision.CORRECTED,
        Reason.BORDERS,
    )
    found = compared(reviewer.item, changed.verdict, reviewer.scheme)
    assert found is not None
    assert [(run.text, run.differs) for run in found.before] == [("Ada", False), (" Byron", True)]
    assert [(run.text, run.differs) for run in found.after] == [("Ada", False)]
    assert rejected.verdict.reason == Reason.GUIDELINE
    gone = compared(reviewer.item, rejected.verdict, reviewer.scheme)
    assert gone is not None
    assert gone.after == ()
    assert own(reviewer, BEN) == []


def test_another_label_in_gold_is_told_as_a_fact() -> None:
    reviewer = Reviewer(handed_in("[Ada|Cue#a] left", "[Ada|Speaker#a] left"))
    reviewer.settle(settling.take, "Ada", 2, SIGNED)
    (item,) = own(reviewer)
    found = compared(reviewer.item, item.verdict, reviewer.scheme)
    assert found is not None
    assert ("label", "Cue", "Speaker") in [(f.name, f.before, f.after) for f in found.facts]


def test_a_contest_puts_the_case_back_and_a_later_decision_answers_it() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, SIGNED)
    (item,) = own(reviewer)
    assert item.state == State.OPEN
    made = remarks.answer(reviewer.item, item.verdict, Answer.CONTESTED, "She speaks.", ADA)
    reviewer.perform(made)
    case = reviewer.case("Ada")
    assert (case.kind, case.standing) == (Kind.CONTESTED, Standing.OPEN)
    assert own(reviewer)[0].state == State.WAITING
    reviewer.settle(settling.take, "Ada", 1, LATER)
    assert reviewer.case("Ada").standing == Standing.DECIDED
    assert all(comment.resolved for comment in reviewer.item.comments.values())
    (item,) = own(reviewer)
    assert (item.state, item.decided_again) == (State.OPEN, True)


def test_a_contest_without_words_is_refused() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, SIGNED)
    (item,) = own(reviewer)
    with pytest.raises(Impossible):
        remarks.answer(reviewer.item, item.verdict, Answer.CONTESTED, " ", ADA)


def test_what_is_understood_is_done_with() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, SIGNED)
    (item,) = own(reviewer)
    reviewer.perform(remarks.answer(reviewer.item, item.verdict, Answer.UNDERSTOOD, "", ADA))
    assert reviewer.case("Ada").standing == Standing.DECIDED
    assert own(reviewer)[0].state == State.DONE


def test_a_label_that_an_annotator_missed_is_known_once_gold_is_frozen() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    assert missed(reviewer.item, BEN) == []
    reviewer.perform(settling.finish(reviewer.review))
    assert [span.text for span in missed(reviewer.item, BEN)] == [("Ada",)]
    assert missed(reviewer.item, ADA) == []


def test_an_article_that_was_not_handed_in_has_nothing_missed() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    reviewer.perform(settling.finish(reviewer.review))
    for key, layer in reviewer.item.layers.items():
        if layer.author == BEN:
            reviewer.item.layers[key] = replace(layer, state=LayerState.IN_PROGRESS)
    assert missed(reviewer.item, BEN) == []


def test_reasons_are_counted_the_commonest_first() -> None:
    reviewer = Reviewer(handed_in("[Ada|Cue#a] [Ben|Cue#b] [Eve|Cue#c]", "Ada Ben Eve"))
    for words, reason in (("Ada", "x"), ("Ben", Reason.OTHER), ("Eve", Reason.OTHER)):
        reviewer.settle(settling.reject, words, reason, SIGNED)
    assert by_reason(own(reviewer)) == [(Reason.OTHER, 2), ("x", 1)]
