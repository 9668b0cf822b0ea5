"""What a reviewer decides goes into gold, stays undoable, and is known to be outdated."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import editing
from annotator.annotated import Annotated
from annotator.editing import Desk, Impossible, NothingToDo
from annotator.editing.noting import HANDED_IN
from annotator.model import Edit, Fragment, LayerKind, LayerState, Relation, Span
from annotator.review import settling
from annotator.review.cases import About, Standing, review
from annotator.review.conflicts import Kind
from annotator.review.merging import all_of, batch
from annotator.review.verdicts import Decision, Reason
from tests.notation import find, news_scheme
from tests.review.reviewing import LATER, SIGNED, Reviewer, contents, handed_in, submitted
from tests.review.test_aligning import articles

SCHEME = news_scheme()


def decisions(reviewer: Reviewer) -> dict[str, str]:
    """Return the decisions on the records of an article."""
    return {one.record_id: one.decision for one in reviewer.item.verdicts.values()}


def test_a_variant_is_taken_with_its_attributes_and_entity() -> None:
    ada = "[She|Speaker#a@ada mention_form=pronoun] left."
    reviewer = Reviewer(handed_in(ada, "[She|Speaker#a@ben mention_form=nominal] left."))
    case = reviewer.case("She")
    assert [choice.authors for choice in case.choices] == [("annotator-0",), ("annotator-1",)]
    reviewer.settle(settling.take, "She", 2, SIGNED)
    (span,) = reviewer.item.spans_of(reviewer.review.gold.layer.id)
    assert (span.attributes, span.entity_id) == ({"mention_form": "nominal"}, "ben")
    assert decisions(reviewer) == {"L0/a": Decision.CORRECTED, "L1/a": Decision.ACCEPTED}
    reasons = {one.record_id: one.reason for one in reviewer.item.verdicts.values()}
    assert reasons == {"L0/a": Reason.VALUE, "L1/a": ""}
    assert reviewer.review.counts.open == 0


def test_the_first_decision_makes_the_gold_layer_and_begins_the_review() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker] left.", "Ada left."))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    (gold,) = [one for one in reviewer.item.layers.values() if one.kind == LayerKind.GOLD]
    assert (gold.author, gold.state) == ("gold", LayerState.IN_PROGRESS)
    states = {one.state for one in reviewer.item.layers.values() if one.id != gold.id}
    assert states == {LayerState.IN_REVIEW}


def test_a_relation_comes_along_once_both_ends_are_in_gold() -> None:
    text = "[Ada|Speaker#a] said [it rains|Claim#b]."
    other = "Ada said [it rains|Claim#b]."
    reviewer = Reviewer(handed_in(text, other, ties=(["#b>attributed_to>#a"], [])))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    assert reviewer.gold_ties == []
    reviewer.settle(settling.take, "it rains", 1, SIGNED)
    assert reviewer.gold_ties == ["it rains > attributed_to > Ada"]
    assert reviewer.review.counts.open == 0


def test_a_relation_goes_when_an_end_of_it_is_rejected() -> None:
    text = "[Ada|Speaker#a] said [it rains|Claim#b]."
    ties = ["#b>attributed_to>#a"]
    reviewer = Reviewer(handed_in(text, text, ties=(ties, ties)))
    for words in ("Ada", "it rains"):
        reviewer.settle(settling.take, words, 1, SIGNED)
    assert reviewer.gold_ties == ["it rains > attributed_to > Ada"]
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, LATER)
    assert (reviewer.gold, reviewer.gold_ties) == (["Claim: it rains"], [])
    assert decisions(reviewer)["L0/r1"] == Decision.REJECTED
    reviewer.settle(settling.take, "Ada", 1, LATER)
    assert reviewer.gold_ties == ["it rains > attributed_to > Ada"]


def test_a_relation_that_was_taken_first_waits_for_its_ends() -> None:
    text = "[It rains|Claim#a], [Ada|Speaker#b] told [Ben|Speaker#c]."
    ties = (["#a>attributed_to>#b"], ["#a>attributed_to>#c"])
    reviewer = Reviewer(handed_in(text, text, ties=ties))
    (case,) = reviewer.review.open_cases
    assert (case.about, case.kind, len(case.choices)) == (About.RELATION, Kind.ENDPOINT, 2)
    reviewer.perform(settling.take(reviewer.review, case, 2, SIGNED))
    assert reviewer.gold_ties == []
    for words in ("It rains", "Ada", "Ben"):
        reviewer.settle(settling.take, words, 1, SIGNED)
    assert reviewer.gold_ties == ["It rains > attributed_to > Ben"]


def test_a_relation_with_a_rejected_end_cannot_be_taken() -> None:
    text = "[It rains|Claim#a], [Ada|Speaker#b] told [Ben|Speaker#c]."
    ties = (["#a>attributed_to>#b"], ["#a>attributed_to>#c"])
    reviewer = Reviewer(handed_in(text, text, ties=ties))
    reviewer.settle(settling.reject, "It rains", "", SIGNED)
    (case,) = [one for one in reviewer.review.cases if one.about == About.RELATION]
    assert case.standing == Standing.DECIDED
    with pytest.raises(Impossible, match="An end of this relation was rejected"):
        settling.take(reviewer.review, case, 1, SIGNED)


def test_a_later_decision_takes_the_place_of_the_earlier_one() -> None:
    reviewer = Reviewer(handed_in("[Ada Byron|Speaker] left.", "[Ada|Speaker] Byron left."))
    reviewer.settle(settling.take, "Ada Byron", 1, SIGNED)
    assert reviewer.gold == ["Speaker: Ada Byron"]
    reviewer.settle(settling.take, "Ada Byron", 2, LATER)
    assert reviewer.gold == ["Speaker: Ada"]
    assert len(reviewer.item.verdicts) == 2
    reviewer.settle(settling.skip, "Ada Byron", LATER)
    assert (reviewer.gold, reviewer.review.counts.skipped) == ([], 1)
    reviewer.settle(settling.reconsider, "Ada Byron", LATER)
    assert (reviewer.item.verdicts, reviewer.review.counts.open) == ({}, 1)


def test_a_correction_is_one_edit_with_a_span_that_no_reader_has() -> None:
    reviewer = Reviewer(handed_in("[Ada Byron left|Speaker] now.", "[Ada|Speaker] Byron left now."))
    reviewer.settle(
        settling.correct,
        "Ada Byron left",
        lambda desk, key: editing.move_end(desk, key, "end", -1),
        SIGNED,
    )
    assert reviewer.gold == ["Speaker: Ada Byron"]
    assert set(decisions(reviewer).values()) == {Decision.CORRECTED}
    assert len(reviewer.done) == 1
    before = contents(reviewer.item.copy())
    reviewer.settle(
        settling.correct,
        "Ada Byron left",
        lambda desk, key: editing.move_end(desk, key, "end", -1),
        LATER,
    )
    assert reviewer.gold == ["Speaker: Ada"]
    assert decisions(reviewer)["L1/s1"] == Decision.ACCEPTED
    reviewer.undo()
    assert contents(reviewer.item) == before


def test_a_relation_is_corrected_by_relating_its_beginning_anew() -> None:
    text = "[It rains|Claim#a], [Ada|Speaker#b] told [Ben|Speaker#c] and [Eve|Speaker#d]."
    ties = (["#a>attributed_to>#b"], ["#a>attributed_to>#c"])
    reviewer = Reviewer(handed_in(text, text, ties=ties))
    (case,) = reviewer.review.open_cases

    def to_eve(desk: Desk, key: str) -> Edit:
        (eve,) = [span for span in desk.annotated.spans_of(desk.layer.id) if span.text == ("Eve",)]
        return editing.relate(desk, [key], "attributed_to", target=eve.id)

    with pytest.raises(Impossible, match="Decide on the label first"):
        settling.correct(reviewer.review, case, to_eve, SIGNED)
    for words in ("It rains", "Ada", "Ben", "Eve"):
        reviewer.settle(settling.take, words, 1, SIGNED)
    reviewer.perform(settling.correct(reviewer.review, case, to_eve, SIGNED))
    assert reviewer.gold_ties == ["It rains > attributed_to > Eve"]
    assert decisions(reviewer)["L0/r1"] == decisions(reviewer)["L1/r1"] == Decision.CORRECTED
    assert reviewer.review.counts.open == 0
    (case,) = [one for one in reviewer.review.cases if one.about == About.RELATION]
    reviewer.perform(settling.take(reviewer.review, case, 1, LATER))
    assert reviewer.gold_ties == ["It rains > attributed_to > Ada"]


def test_a_verdict_is_outdated_when_the_label_is_edited_and_not_by_a_note() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    span = reviewer.item.spans["L0/a"]
    reviewer.item.spans["L0/a"] = replace(span, note="Hm.", unsure=True)
    reviewer.look()
    assert reviewer.case("Ada").standing == Standing.DECIDED
    reviewer.item.spans["L0/a"] = replace(span, label="Location")
    reviewer.look()
    assert (reviewer.case("Ada").kind, reviewer.case("Ada").standing) == (
        Kind.OUTDATED,
        Standing.OPEN,
    )


def test_what_somebody_hands_in_later_comes_back_only_where_it_is_not_in_gold() -> None:
    both = "[Ada|Speaker] met [Ben|Speaker] and [Eve|Cue]"
    reviewer = Reviewer(handed_in(both, "[Ada|Speaker] met [Ben|Speaker] and Eve", both))
    late = reviewer.item.layers["L2"]
    reviewer.item.layers["L2"] = replace(late, state=LayerState.IN_PROGRESS)
    reviewer.look()
    for words in ("Ada", "Ben"):
        reviewer.settle(settling.take, words, 1, SIGNED)
    reviewer.settle(settling.reject, "Eve", Reason.GUIDELINE, SIGNED)
    reviewer.item.layers["L2"] = late
    reviewer.look()
    assert [case.words for case in reviewer.review.open_cases] == ["Eve"]
    assert len(reviewer.review.layers) == 3


def test_layers_of_different_texts_are_compared_once_somebody_says_so() -> None:
    item = handed_in("[Ada|Cue] x", "[Ada|Cue] x")
    for number, (key, layer) in enumerate(item.layers.items()):
        noted = {"text": str(number), "scheme": "news-default/1"}
        item.layers[key] = replace(layer, extra={HANDED_IN: noted})
    reviewer = Reviewer(item)
    (case,) = reviewer.review.open_cases
    reviewer.perform(settling.accept(reviewer.review, case, SIGNED))
    assert reviewer.review.open_cases == []
    layer = item.layers["L0"]
    noted = {"text": "2", "scheme": "news-default/1"}
    item.layers["L0"] = replace(layer, extra={HANDED_IN: noted})
    reviewer.look()
    assert [one.kind for one in reviewer.review.open_cases] == [Kind.TEXT_VERSION]


def test_a_correction_of_the_text_elsewhere_leaves_decisions_and_checked_stretches() -> None:
    reviewer = Reviewer(handed_in("It wass so. [Ada|Speaker#a] left.", "It wass so. Ada left."))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    reviewer.perform(settling.check(reviewer.review, find(reviewer.item, "Ada left.")))
    text = "It was so. Ada left."
    reviewer.perform(editing.correct_text(reviewer.item, text).edit)
    assert reviewer.case("Ada").standing == Standing.DECIDED
    assert reviewer.review.gold.checked == (find(reviewer.item, "Ada left."),)
    reviewer.perform(editing.correct_text(reviewer.item, "It was so. Eva left.").edit)
    assert [case.kind for case in reviewer.review.open_cases] == [Kind.OUTDATED]


def test_a_layer_that_was_returned_is_still_reviewed() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.reject, "Ada", "", SIGNED)
    reviewer.perform(settling.send_back(reviewer.review, "L0"))
    assert reviewer.case("Ada").standing == Standing.DECIDED
    span = reviewer.item.spans["L0/a"]
    reviewer.item.spans["L0/a"] = replace(span, label="Location")
    reviewer.look()
    assert reviewer.case("Ada").kind == Kind.OUTDATED


def test_frozen_gold_refuses_until_it_is_reopened_as_the_next_version() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker] left.", "Ada left."))
    with pytest.raises(Impossible, match="still open in this article: 1"):
        settling.finish(reviewer.review)
    reviewer.settle(settling.accept, "Ada", SIGNED)
    reviewer.perform(settling.finish(reviewer.review))
    assert {one.state for one in reviewer.item.layers.values()} == {LayerState.APPROVED}
    gold = reviewer.review.gold
    assert (gold.is_frozen, gold.version, gold.frozen_versions) == (True, 1, (1,))
    with pytest.raises(Impossible, match="version 1 of this article is frozen"):
        settling.reject(reviewer.review, reviewer.case("Ada"), "", LATER)
    reviewer.perform(settling.reopen(reviewer.review))
    assert (reviewer.review.gold.version, reviewer.review.gold.is_frozen) == (2, False)
    reviewer.settle(settling.reject, "Ada", Reason.OTHER, LATER)
    reviewer.perform(settling.finish(reviewer.review))
    assert reviewer.review.gold.frozen_versions == (1, 2)


def test_text_is_checked_for_missing_labels_stretch_by_stretch() -> None:
    reviewer = Reviewer(handed_in("Ada left. Ben stayed.", "Ada left. Ben stayed."))
    first, second = Fragment(0, 9), Fragment(10, 21)
    reviewer.perform(settling.check(reviewer.review, first))
    assert settling.blockers(reviewer.review, [first, second]) == (0, 1)
    with pytest.raises(NothingToDo):
        settling.check(reviewer.review, first)
    reviewer.perform(settling.check(reviewer.review, second))
    assert settling.blockers(reviewer.review, [first, second]) == (0, 0)
    reviewer.perform(settling.check(reviewer.review, Fragment(0, 3), checked=False))
    assert reviewer.review.gold.unchecked([first, second]) == [first]


def test_a_label_that_everybody_missed_goes_straight_into_gold() -> None:
    reviewer = Reviewer(handed_in("Ada left.", "Ada left."))
    reviewer.perform(
        settling.mark_missing(reviewer.review, [find(reviewer.item, "Ada")], "Speaker", fill=False)
    )
    assert reviewer.gold == ["Speaker: Ada"]


def test_a_layer_is_returned_with_what_was_not_accepted() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] [left|Cue#b].", "Ada [left|Cue#b]."))
    reviewer.settle(settling.reject, "Ada", Reason.GUIDELINE, SIGNED)
    reviewer.settle(settling.take, "left", 1, SIGNED)
    reviewer.perform(settling.send_back(reviewer.review, "L0"))
    layer = reviewer.item.layers["L0"]
    assert layer.state == LayerState.RETURNED
    assert layer.extra[settling.OPEN_ITEMS] == ["L0/a"]


def test_labels_of_a_single_reader_are_cases_of_their_own() -> None:
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] [left|Cue#b]."))
    assert [case.kind for case in reviewer.review.open_cases] == [Kind.UNREVIEWED] * 2
    reviewer.settle(settling.accept, "Ada", SIGNED)
    reviewer.settle(settling.reject, "left", Reason.GUIDELINE, SIGNED)
    assert (reviewer.gold, reviewer.review.counts.open) == (["Speaker: Ada"], 0)


# -------------------------------------------------------------------------------------- properties


def layer_contents(item: Annotated, layer_id: str) -> tuple[Counter[Any], Counter[Any]]:
    """Return what a layer says, without ids: its spans, and its relations by what they tie."""

    def said(key: str | None) -> Any:
        if key is None:
            return None
        span = item.spans[key]
        attributes = tuple(sorted(span.attributes.items()))
        return (span.label, span.fragments, span.text, attributes, span.entity_id)

    spans = Counter(said(span.id) for span in item.spans_of(layer_id))
    ties = Counter(
        (tie.label, said(tie.source), said(tie.target), tie.target_entity)
        for tie in item.relations_of(layer_id)
    )
    return spans, ties


@given(articles())
def test_taking_every_variant_of_one_reader_gives_exactly_that_readers_labels(
    item: Annotated,
) -> None:
    reviewer = Reviewer(submitted(item))
    for layer_id in sorted(item.layers):
        wanted = layer_contents(item, layer_id)
        made = all_of(reviewer.review, batch("all of", SIGNED), layer_id)
        assert [one.reason for one in made.refused] == []
        copy = item.copy()
        if made.changes:
            copy.apply(made.edit())
        assert layer_contents(copy, review(copy, SCHEME).gold.layer.id) == wanted


@given(articles(), st.sampled_from(["L0", "L1"]))
def test_taking_them_case_by_case_gives_the_same(item: Annotated, layer_id: str) -> None:
    reviewer = Reviewer(submitted(item))
    wanted = layer_contents(item, layer_id)
    for about in (About.SPAN, About.RELATION):
        for key in [case.key for case in reviewer.review.cases if case.about == about]:
            case = reviewer.review.case(key)
            assert case is not None
            if about == About.RELATION and case.standing == Standing.DECIDED:
                continue
            own = [
                number
                for number, choice in enumerate(case.choices, start=1)
                if layer_id in choice.layer_ids
            ]
            if own:
                reviewer.perform(settling.take(reviewer.review, case, own[0], SIGNED))
            else:
                reviewer.perform(settling.reject(reviewer.review, case, "", SIGNED))
    spans, ties = layer_contents(item, reviewer.review.gold.layer.id)

    def nameless(found: Counter[Any]) -> Counter[Any]:
        return Counter(one[:-1] for one in found.elements())

    # For whom a span stands may be said with another reader's entity where the two mean the same.
    assert nameless(spans) == nameless(wanted[0])
    assert ties.total() == wanted[1].total()
    assert all(case.standing == Standing.DECIDED for case in reviewer.review.cases)


@given(articles(), st.randoms())
def test_every_decision_is_taken_back_exactly(item: Annotated, chance: random.Random) -> None:
    reviewer = Reviewer(submitted(item))
    states = []
    for _ in range(8):
        if not reviewer.review.cases:
            break
        case = chance.choice(reviewer.review.cases)
        states.append(contents(reviewer.item.copy()))
        ways = [
            lambda case=case: settling.take(
                reviewer.review, case, chance.randint(1, len(case.choices)), SIGNED
            ),
            lambda case=case: settling.reject(reviewer.review, case, Reason.OTHER, SIGNED),
            lambda case=case: settling.skip(reviewer.review, case, SIGNED),
            lambda case=case: settling.reconsider(reviewer.review, case, SIGNED),
        ]
        try:
            reviewer.perform(chance.choice(ways)())
        except Impossible:
            states.pop()
    for before in reversed(states):
        reviewer.undo()
        assert contents(reviewer.item) == before


@given(articles(), st.randoms())
def test_what_is_found_after_each_decision_is_what_is_found_anew(
    item: Annotated, chance: random.Random
) -> None:
    reviewer = Reviewer(submitted(item))
    for _ in range(8):
        if not reviewer.review.cases:
            break
        case = chance.choice(reviewer.review.cases)
        ways = [
            lambda case=case: settling.take(reviewer.review, case, 1, SIGNED),
            lambda case=case: settling.reject(reviewer.review, case, Reason.OTHER, SIGNED),
            lambda case=case: settling.reconsider(reviewer.review, case, SIGNED),
        ]
        try:
            reviewer.perform(chance.choice(ways)())
        except Impossible:
            continue
        anew = review(reviewer.item, SCHEME)
        assert reviewer.review.cases == anew.cases
        assert reviewer.review.homes == anew.homes


@given(articles())
def test_every_label_is_in_exactly_one_case(item: Annotated) -> None:
    found = review(submitted(item), SCHEME)
    records = [record.id for case in found.cases for record in case.records]
    assert sorted(records) == sorted([*item.spans, *item.relations])
    assert len({case.key for case in found.cases}) == len(found.cases)


@given(articles(), st.randoms())
def test_names_and_storage_change_nothing_but_names(item: Annotated, chance: Any) -> None:
    order = sorted(item.layers)
    chance.shuffle(order)
    ids = list(item.spans)
    chance.shuffle(ids)
    other = submitted(item).copy()
    other.spans = {key: item.spans[key] for key in ids}
    for number, key in enumerate(order):
        other.layers[key] = replace(item.layers[key], author=f"other-{number}")

    def told(article: Annotated) -> Any:
        return {
            case.key: (case.kind, case.conflicts, case.standing, case.place, len(case.choices))
            for case in review(article, SCHEME).cases
            if case.about == About.SPAN
        }

    assert told(other) == told(item)


def test_a_link_of_the_reader_taken_is_put_though_another_one_leads_to_the_same_place() -> None:
    item = handed_in("Ada left.", "Ada left.", "[Ada|Speaker#c] left.")
    for layer, target in (("L0", "b"), ("L1", "a")):
        for key, entity in (("a", None), ("b", "e")):
            item.spans[f"{layer}-{key}"] = Span(
                id=f"{layer}-{key}",
                article_id=item.article.id,
                layer_id=layer,
                label="Speaker",
                fragments=(Fragment(0, 3),),
                text=("Ada",),
                entity_id=entity,
            )
        item.relations[f"{layer}-r"] = Relation(
            id=f"{layer}-r",
            article_id=item.article.id,
            layer_id=layer,
            label="by",
            source=f"{layer}-a",
            target=f"{layer}-{target}",
        )
    made = all_of(review(item, SCHEME), batch("all of", SIGNED), "L1")
    wanted = layer_contents(item, "L1")
    item.apply(made.edit())
    assert layer_contents(item, review(item, SCHEME).gold.layer.id) == wanted
