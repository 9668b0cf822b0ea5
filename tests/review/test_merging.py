"""Deciding in bulk: a preview says exactly what happens, one edit does it, one takes it back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import editing
from annotator.annotated import Annotated
from annotator.editing import NothingToDo
from annotator.review import merging, settling
from annotator.review.cases import Standing
from annotator.review.conflicts import Kind
from annotator.review.merging import Batch, batch
from annotator.review.reverting import reverted
from annotator.review.verdicts import AUDIT, BATCH, Decision, Reason
from tests.review.reviewing import LATER, SIGNED, Reviewer, contents, handed_in, submitted
from tests.review.test_aligning import articles

THREE = (
    "[Ada|Speaker] said [it rains|Claim] in [Oslo|Location].",
    "[Ada|Speaker] said [it|Claim] rains in [Oslo|Location].",
    "[Ada|Speaker] said [it|Claim] rains in Oslo.",
)


def one(rule: str = "unanimous", share: float = 0.0) -> Batch:
    return batch(rule, SIGNED, share=share)


def test_what_all_say_is_accepted_and_the_rest_refused_with_the_reason() -> None:
    reviewer = Reviewer(handed_in(*THREE))
    preview = merging.unanimous(reviewer.review, one())
    assert [item.words for item in preview.done] == ["Ada"]
    assert {item.words: item.reason for item in preview.refused} == {
        "it rains": merging.NOT_UNANIMOUS,
        "Oslo": merging.NOT_UNANIMOUS,
    }
    reviewer.perform(preview.edit())
    assert reviewer.gold == ["Speaker: Ada"]
    again = merging.unanimous(reviewer.review, one())
    assert [item.reason for item in again.refused if item.words == "Ada"] == [merging.DECIDED]
    with pytest.raises(NothingToDo):
        again.edit()


def test_a_majority_takes_what_most_say_and_leaves_out_what_most_lack() -> None:
    reviewer = Reviewer(handed_in(*THREE, THREE[2]))
    preview = merging.majority(reviewer.review, one("majority"))
    reviewer.perform(preview.edit())
    assert reviewer.gold == ["Speaker: Ada", "Claim: it"]
    # Two have the location and two have not: that stays open.
    assert [item.words for item in preview.refused] == ["Oslo"]
    all_four = merging.majority(reviewer.review, one("majority"), at_least=2)
    assert {item.words: item.reason for item in all_four.refused}["Oslo"] == merging.NO_MAJORITY


def test_most_readers_without_a_label_are_an_answer() -> None:
    reviewer = Reviewer(handed_in("[Ada|Cue] x", "Ada x", "Ada x"))
    reviewer.perform(merging.majority(reviewer.review, one("majority")).edit())
    assert reviewer.gold == []
    assert reviewer.case("Ada").decision == Decision.REJECTED


def test_frozen_gold_is_refused_and_nothing_changes() -> None:
    reviewer = Reviewer(handed_in(*THREE))
    reviewer.perform(settling.finish(reviewer.review, anyway=True))
    preview = merging.unanimous(reviewer.review, one())
    assert {item.reason for item in preview.refused} == {merging.FROZEN}
    assert (preview.done, preview.changes) == ((), ())


def test_the_audited_share_depends_on_seed_and_case_alone() -> None:
    many = " ".join(f"[w{number}|Cue]" for number in range(200))
    reviewer = Reviewer(handed_in(many, many))
    drawn = [merging.unanimous(reviewer.review, one(share=0.1)) for _ in range(2)]
    keys = [{item.key for item in preview.done if item.audited} for preview in drawn]
    assert keys[0] == keys[1]
    assert 8 <= len(keys[0]) <= 35
    other = merging.unanimous(reviewer.review, replace(one(share=0.1), seed=2))
    assert {item.key for item in other.done if item.audited} != keys[0]
    assert merging.unanimous(reviewer.review, one(share=1.0)).audited == 200
    assert merging.unanimous(reviewer.review, one(share=0.0)).audited == 0
    assert len(drawn[0].sample(10)) == 10


def test_an_audit_says_right_where_the_decision_is_the_same_and_wrong_otherwise() -> None:
    reviewer = Reviewer(handed_in(*["[Ada|Cue] met [Ben|Cue]"] * 2))
    reviewer.perform(merging.unanimous(reviewer.review, one(share=1.0)).edit())
    assert {case.kind for case in reviewer.review.open_cases} == {Kind.UNAUDITED}
    reviewer.settle(settling.take, "Ada", 1, LATER)
    reviewer.settle(settling.reject, "Ben", Reason.GUIDELINE, LATER)
    states = {
        reviewer.item.spans[verdict.record_id].text[0]: verdict.extra[AUDIT]
        for verdict in reviewer.item.verdicts.values()
    }
    assert states == {"Ada": "right", "Ben": "wrong"}
    assert reviewer.review.counts.open == 0


def test_a_batch_is_reverted_but_for_what_somebody_has_decided_since() -> None:
    reviewer = Reviewer(handed_in(*["[Ada|Cue] met [Ben|Cue]"] * 2))
    made = one()
    edit = reviewer.perform(merging.unanimous(reviewer.review, made).edit())
    assert edit.id == made.id
    reviewer.settle(settling.reject, "Ben", Reason.OTHER, LATER)
    preview = reverted(reviewer.item, edit.changes, one("revert"))
    assert [item.words for item in preview.done] == ["Ada"]
    reviewer.perform(preview.edit())
    assert (reviewer.gold, reviewer.case("Ada").standing) == ([], Standing.AGREED)
    assert reviewer.case("Ben").decision == Decision.REJECTED


def test_a_duplicate_is_rejected_and_the_other_kept() -> None:
    reviewer = Reviewer(handed_in("[[Ada|Cue#a]|Cue#b] met [Ben|Cue]", "[Ada|Cue#a] met [Ben|Cue]"))
    preview = merging.reject_duplicates(reviewer.review, one("duplicates"))
    reviewer.perform(preview.edit())
    assert reviewer.gold == ["Cue: Ada"]
    decisions = sorted(verdict.decision for verdict in reviewer.item.verdicts.values())
    assert decisions == ["accepted", "accepted", "rejected"]


def test_a_correction_is_applied_to_identical_cases() -> None:
    own = "[Mayor Ada|Speaker] met [Mayor Ada|Speaker] and [Mayor Ben|Speaker]"
    other = "Mayor [Ada|Speaker] met Mayor [Ada|Speaker] and Mayor [Ben|Speaker]"
    reviewer = Reviewer(handed_in(own, other))
    first = reviewer.review.open_cases[0]
    reviewer.perform(
        settling.correct(
            reviewer.review,
            first,
            lambda desk, key: editing.relabel(desk, [key], "Location"),
            SIGNED,
        )
    )
    settled = reviewer.review.case(first.key)
    assert settled is not None
    gold = reviewer.item.spans_of(reviewer.review.gold.layer.id)
    preview = merging.likewise(reviewer.review, one("likewise"), settled, gold)
    assert [item.words for item in preview.done] == ["Mayor Ada"]
    reviewer.perform(preview.edit())
    assert reviewer.gold == ["Location: Mayor Ada"] * 2
    assert [case.words for case in reviewer.review.open_cases] == ["Mayor Ben"]


def test_a_taken_variant_is_taken_in_identical_cases_too() -> None:
    reviewer = Reviewer(
        handed_in(
            "[Mayor Ada|Speaker] met [Mayor Ada|Speaker]",
            "Mayor [Ada|Speaker] met Mayor [Ada|Speaker]",
        )
    )
    first = reviewer.review.open_cases[0]
    reviewer.perform(settling.take(reviewer.review, first, 2, SIGNED))
    settled = reviewer.review.case(first.key)
    assert settled is not None
    gold = reviewer.item.spans_of(reviewer.review.gold.layer.id)
    reviewer.perform(merging.likewise(reviewer.review, one("x"), settled, gold).edit())
    assert reviewer.gold == ["Speaker: Ada"] * 2
    assert all(
        v.extra.get(BATCH) for v in reviewer.item.verdicts.values() if v.record_id in {"L0/s2"}
    )


def test_the_ticked_ones_of_a_phrase_are_accepted_or_rejected_together() -> None:
    own = "[Ada|Cue] met [Ada|Cue] and [Ada|Cue]"
    reviewer = Reviewer(handed_in(own, "Ada met Ada and Ada"))
    keys = [case.key for case in reviewer.review.open_cases]
    reviewer.perform(merging.these(reviewer.review, one("phrase"), keys[:2]).edit())
    assert reviewer.gold == ["Cue: Ada", "Cue: Ada"]
    rejected = merging.these(reviewer.review, one("phrase"), keys, reject=Reason.GUIDELINE)
    reviewer.perform(rejected.edit())
    assert reviewer.gold == []


@given(articles(), st.sampled_from(["unanimous", "majority", "all of"]))
def test_a_batch_does_what_its_preview_says_and_is_reverted_exactly(
    item: Annotated, rule: str
) -> None:
    reviewer = Reviewer(submitted(item))
    made = one(rule, share=0.3)
    ways = {
        "unanimous": lambda: merging.unanimous(reviewer.review, made),
        "majority": lambda: merging.majority(reviewer.review, made),
        "all of": lambda: merging.all_of(reviewer.review, made, "L0"),
    }
    preview = ways[rule]()
    if not preview.changes:
        return
    before = contents(item.copy())
    reviewer.perform(preview.edit())
    for told in preview.done:
        case = reviewer.review.case(told.key)
        assert case is not None
        assert len(case.verdicts) == len(case.records)
        assert (case.kind == Kind.UNAUDITED) == told.audited
    back = reverted(item, reviewer.done[-1].changes, one("revert"))
    assert (len(back.done), back.refused) == (len(preview.done), ())
    copy = item.copy()
    copy.apply(back.edit())
    assert not copy.verdicts
    assert not copy.spans_of(reviewer.review.gold.layer.id)
    reviewer.undo()
    assert contents(item) == before


def test_previews_of_several_articles_become_one_edit() -> None:
    first, second = (Reviewer(handed_in(*THREE)) for _ in range(2))
    article = replace(second.item.article, id="other")
    second.item.article = article
    second.item.layers = {k: replace(v, article_id="other") for k, v in second.item.layers.items()}
    second.item.spans = {k: replace(v, article_id="other") for k, v in second.item.spans.items()}
    second.look()
    made = one()
    every = [merging.unanimous(reviewer.review, made) for reviewer in (first, second)]
    preview = merging.joined(every)
    edit = preview.edit()
    assert (len(preview.done), edit.article_id, edit.articles) == (
        2,
        None,
        frozenset({"article", "other"}),
    )
    for reviewer in (first, second):
        reviewer.perform(edit)
        assert reviewer.gold == ["Speaker: Ada"]
