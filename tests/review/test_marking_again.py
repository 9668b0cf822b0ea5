"""Articles that somebody marks a second time: what stays, what is hidden, and what is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement.panel import Gathering
from annotator.agreement.stability import EXACT, OVERLAP, Stability, stability
from annotator.annotated import Annotated
from annotator.exchange.agreeing import readers as agreeing
from annotator.exchange.selecting import Choice, Selection, readings, selected
from annotator.model import Fragment, Layer, LayerState, Span
from annotator.review import marking_again, settling
from annotator.review.assigning import ASSIGNED, Assignment, Plan, assign, assignment_of
from annotator.review.blinding import OWN, is_blind, lanes_to_be, objection
from annotator.review.cases import Case, readers, review
from annotator.review.controls import CONTROL
from annotator.review.feedback import feedback_of
from annotator.review.handing import FIRST_KEPT, OWN_ROUND, reassigned, sent_back
from annotator.review.marking_again import MARKED_AGAIN, marked_again
from annotator.review.merging import CHANGED_SINCE, Batch, Preview, batch
from annotator.review.reverting import reverted
from annotator.review.rounds import first_of, second_of
from annotator.review.sight import hidden_layers
from annotator.review.verdicts import Signature
from tests.notation import news_scheme
from tests.review.reviewing import SIGNED, Reviewer, contents, handed_in

ADA, BEN = "annotator-0", "annotator-1"
FIRST = "annotator-0 (first round)"
ONE = "[Ada|Speaker] said [it rains|Claim] in [Oslo|Location]."
OTHER = "[Ada|Speaker] said [it|Claim] rains in [Oslo|Location]."


def asking(share: float = 1.0, seed: int = 1) -> Batch:
    return batch(MARKED_AGAIN, SIGNED, share=share, seed=seed)


def asked(item: Annotated, person: str = ADA) -> Preview:
    """Have a person mark an article again."""
    found = marked_again([item], asking(), person)
    item.apply(found.edit())
    return found


def second(item: Annotated, person: str = ADA) -> Layer:
    found = second_of(item, person)
    assert found is not None
    return found


def hand_in(item: Annotated, *spans: Span, person: str = ADA) -> None:
    """Mark *spans* in the second round of a person as they were marked first, and hand it in."""
    layer = second(item, person)
    for span in spans:
        made = replace(span, id=f"{span.id}-again", layer_id=layer.id)
        item.spans[made.id] = made
    item.layers[layer.id] = replace(layer, state=LayerState.SUBMITTED)


def own_spans(item: Annotated) -> list[Span]:
    return item.spans_of("L0")


def test_what_was_marked_first_stays_with_its_ids_and_its_author_begins_anew() -> None:
    item = handed_in(ONE, OTHER)
    before = item.copy()
    found = asked(item)
    assert [one.article_id for one in found.done] == [item.article.id]
    first = item.layers["L0"]
    assert (first.author, first.state) == (FIRST, LayerState.SUBMITTED)
    assert item.spans == before.spans
    own = item.layer_of(ADA)
    assert own is not None
    assert (own.state, item.spans_of(own.id)) == (LayerState.NOT_STARTED, [])
    assert assignment_of(own) == {"blind": True, "round": 2}
    item.apply(found.edit().inverse)
    assert item == before


def said(case: Case) -> tuple[object, ...]:
    records = [one.records for one in case.variants]
    return (case.key, case.kind, case.standing, case.verdicts, records)


def test_cases_and_gold_are_as_they_were_in_both_rounds() -> None:
    reviewer = Reviewer(handed_in(ONE, OTHER))
    reviewer.settle(settling.take, "it rains", 1, SIGNED)
    reviewer.perform(settling.finish(reviewer.review))
    before = [said(case) for case in reviewer.review.cases]
    gold = reviewer.gold
    asked(reviewer.item)
    reviewer.look()
    assert [said(case) for case in reviewer.review.cases] == before
    hand_in(reviewer.item, *own_spans(reviewer.item)[:1])
    reviewer.look()
    assert [said(case) for case in reviewer.review.cases] == before
    assert reviewer.gold == gold
    assert [reviewer.item.layers[key].author for key in readers(reviewer.item)] == [FIRST, BEN]


def test_the_lanes_of_a_blind_review_stand_and_are_called_as_before() -> None:
    item = handed_in(ONE, OTHER, ONE)
    for key, layer in item.layers.items():
        item.layers[key] = replace(layer, extra={ASSIGNED: {"blind": True, "seed": 3}})
    before = lanes_to_be(item, blind=True)
    asked(item)
    assert lanes_to_be(item, blind=True) == before
    assert is_blind(item)


def test_a_review_that_shows_names_goes_on_showing_them() -> None:
    item = handed_in(ONE, OTHER)
    asked(item)
    assert not is_blind(item)


def test_the_first_round_and_all_of_others_are_hidden_until_the_second_is_handed_in() -> None:
    reviewer = Reviewer(handed_in(ONE, OTHER))
    reviewer.settle(settling.take, "it rains", 1, SIGNED)
    reviewer.perform(settling.finish(reviewer.review))
    item = reviewer.item
    gold = reviewer.review.gold.layer.id
    assert hidden_layers(item, ADA) == frozenset()
    asked(item)
    assert hidden_layers(item, ADA) == {"L0", "L1", gold}
    assert hidden_layers(item, BEN) == frozenset()
    hand_in(item)
    assert hidden_layers(item, ADA) == frozenset()


def test_the_first_round_is_hidden_from_others_who_are_to_mark_the_article_blind() -> None:
    item = handed_in(ONE, OTHER)
    blind = {ASSIGNED: {"blind": True, "seed": 1}}
    item.layers["L1"] = replace(item.layers["L1"], state=LayerState.IN_PROGRESS, extra=blind)
    asked(item)
    assert hidden_layers(item, BEN) == {"L0", second(item).id}


def test_nobody_reviews_the_own_first_round() -> None:
    item = handed_in(ONE, OTHER)
    asked(item)
    hand_in(item)
    found = objection(review(item, news_scheme()), ADA)
    assert found is not None
    assert found.kind == OWN


def test_what_was_decided_on_the_first_round_is_told_once_the_second_is_handed_in() -> None:
    reviewer = Reviewer(handed_in(ONE, OTHER))
    reviewer.settle(settling.take, "it rains", 2, SIGNED)
    reviewer.perform(settling.finish(reviewer.review))
    item = reviewer.item
    told = feedback_of(item, ADA)
    assert told
    asked(item)
    assert feedback_of(item, ADA) == ()
    hand_in(item)
    assert feedback_of(item, ADA) == told


def with_state(state: str) -> Callable[[Annotated], None]:
    def change(item: Annotated) -> None:
        item.layers["L0"] = replace(item.layers["L0"], state=state)

    return change


def as_control(item: Annotated) -> None:
    item.layers["L0"] = replace(item.layers["L0"], extra={ASSIGNED: {CONTROL: True}})


def under_that_name(item: Annotated) -> None:
    item.layers["L1"] = replace(item.layers["L1"], author=FIRST)


def asked_before(item: Annotated) -> None:
    asked(item)
    hand_in(item)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (with_state(LayerState.IN_PROGRESS), marking_again.NOT_HANDED_IN),
        (with_state(LayerState.NOT_STARTED), marking_again.NOT_HANDED_IN),
        (with_state(LayerState.RETURNED), marking_again.SENT_BACK),
        (with_state(LayerState.IN_REVIEW), marking_again.IN_REVIEW),
        (as_control, marking_again.KNOWN),
        (under_that_name, marking_again.NAME_TAKEN),
        (asked_before, marking_again.SECOND_THERE),
    ],
)
def test_an_article_is_refused_with_the_reason(
    spoil: Callable[[Annotated], None], why: str
) -> None:
    item = handed_in(ONE, OTHER)
    spoil(item)
    found = marked_again([item], asking(), ADA)
    assert [one.reason for one in found.refused] == [why]
    assert (found.done, found.changes) == ((), ())


def test_articles_of_others_alone_are_no_part_of_it() -> None:
    found = marked_again([handed_in(ONE)], asking(), BEN)
    assert (found.done, found.refused) == ((), ())


def test_a_layer_in_review_is_taken_once_its_gold_is_finished() -> None:
    reviewer = Reviewer(handed_in(ONE, OTHER))
    reviewer.settle(settling.take, "it rains", 1, SIGNED)
    assert not marked_again([reviewer.item], asking(), ADA).done
    reviewer.perform(settling.finish(reviewer.review, approve=[]))
    assert reviewer.item.layers["L0"].state == LayerState.IN_REVIEW
    assert marked_again([reviewer.item], asking(), ADA).done


def named(item: Annotated, number: int, source: str = "") -> Annotated:
    """Return an article under another id, as the one of *source*."""
    made = item.copy()
    key = f"a{number:03}"
    made.article = replace(item.article, id=key, source=source)
    made.layers = {name: replace(one, article_id=key) for name, one in item.layers.items()}
    made.spans = {name: replace(one, article_id=key) for name, one in item.spans.items()}
    return made


@given(
    sources=st.lists(st.sampled_from(["Post", "Times", "Echo"]), min_size=1, max_size=40),
    share=st.floats(0.01, 1),
    seed=st.integers(1, 50),
)
def test_so_many_are_drawn_as_the_share_says_and_evenly_over_the_sources(
    sources: list[str], share: float, seed: int
) -> None:
    item = handed_in("[Ada|Speaker] spoke.")
    items = [named(item, number, source) for number, source in enumerate(sources)]
    done = marked_again(items, asking(share, seed), ADA).done
    number = max(1, round(share * len(items)))
    assert len({one.article_id for one in done}) == len(done) == number
    source_of = {one.article.id: one.article.source for one in items}
    drawn = Counter(source_of[one.article_id] for one in done)
    for source, there in Counter(sources).items():
        assert abs(drawn[source] - number * there / len(items)) < 1
    again = marked_again(reversed(items), asking(share, seed), ADA)
    assert {one.article_id for one in again.done} == {one.article_id for one in done}


@given(
    states=st.lists(st.sampled_from(LayerState.ALL), min_size=2, max_size=2),
    blind=st.booleans(),
    noted=st.dictionaries(st.sampled_from(["a", "b"]), st.integers(), max_size=2),
)
def test_undo_brings_back_exactly_what_was(
    states: list[str], blind: bool, noted: dict[str, int]
) -> None:
    item = handed_in(ONE, OTHER)
    for key, state in zip(("L0", "L1"), states, strict=True):
        extra = {**noted, **({ASSIGNED: {"blind": True, "seed": 2}} if blind else {})}
        item.layers[key] = replace(item.layers[key], state=state, extra=extra)
    before = contents(item.copy())
    found = marked_again([item], asking(), ADA)
    if found.changes:
        made = found.edit()
        item.apply(made)
        assert contents(item) != before
        item.apply(made.inverse)
    assert contents(item) == before


def panel_of(item: Annotated, *authors: str) -> tuple[object, ...]:
    gathering = Gathering(news_scheme(), authors=authors)
    gathering.add(item)
    panel = gathering.panel()
    return (panel.annotators, panel.figures, panel.pairs)


def test_agreement_between_people_is_of_the_first_round() -> None:
    item = handed_in(ONE, OTHER)
    before, of_both = panel_of(item), panel_of(item, ADA, BEN)
    asked(item)
    assert (panel_of(item), panel_of(item, ADA, BEN)) == (before, of_both)
    hand_in(item, *own_spans(item)[:1])
    assert (panel_of(item), panel_of(item, ADA, BEN)) == (before, of_both)
    assert panel_of(item, ADA, FIRST)[0] == (ADA, FIRST)


def stable(item: Annotated) -> list[tuple[str, int, int, float | None, float | None]]:
    def value(one: Stability, measure: str) -> float | None:
        found = one.figure(measure)
        return None if found is None or found.value is None else round(found.value, 6)

    return [
        (one.person, one.given, one.used, value(one, EXACT), value(one, OVERLAP))
        for one in stability([item], news_scheme())
    ]


def test_both_rounds_are_compared_once_the_second_is_handed_in() -> None:
    item = handed_in(ONE, OTHER)
    assert stable(item) == []
    asked(item)
    assert stable(item) == [(ADA, 1, 0, None, None)]
    speaker, claim, place = own_spans(item)
    shorter = Fragment(claim.start, claim.start + 2)
    hand_in(item, speaker, replace(claim, fragments=(shorter,), text=("it",)), place)
    assert stable(item) == [(ADA, 1, 1, round(2 / 3, 6), 1.0)]


def test_what_all_say_alike_and_what_is_written_of_one_is_of_the_first_round() -> None:
    item = handed_in(ONE, OTHER)
    asked(item)
    hand_in(item, *own_spans(item)[:1])
    assert [one.id for one in agreeing(item)] == ["L0", "L1"]
    one = selected(item, Selection(choice=Choice.ONE, authors=(ADA,)))
    assert one is not None
    assert list(one.layers) == ["L0"]
    of_ada = selected(item, Selection(authors=(ADA,)))
    assert of_ada is not None
    assert set(of_ada.layers) == {"L0", second(item).id}


def test_a_format_of_one_reading_takes_the_first_round_of_the_only_reader() -> None:
    item = handed_in(ONE)
    asked(item)
    hand_in(item, *own_spans(item)[:1])
    assert list(readings(item).layers) == ["L0"]


def test_nobody_else_is_given_a_second_round() -> None:
    item = handed_in(ONE, OTHER)
    asked(item)
    found = reassigned([second(item)], batch("reassign", SIGNED), ADA, "eve", {})
    assert [one.reason for one in found.refused] == [OWN_ROUND]


def test_a_first_round_is_not_sent_back() -> None:
    reviewer = Reviewer(handed_in(ONE, OTHER))
    asked(reviewer.item)
    reviewer.look()
    reviewer.settle(settling.take, "it rains", 2, SIGNED)
    found = sent_back(reviewer.review, batch("send back", SIGNED), FIRST)
    assert {one.reason for one in found.refused} == {FIRST_KEPT}
    assert found.done == ()


def test_a_new_plan_leaves_a_second_round_blind() -> None:
    item = handed_in(ONE, OTHER)
    asked(item)
    plan = Plan(annotators=(ADA,), readers=1, blind=False)
    given_out = [Assignment(item.article.id, (ADA,))]
    item.apply(assign(plan, given_out, [second(item)]))
    assert "L0" in hidden_layers(item, ADA)
    assert assignment_of(second(item))["round"] == 2


@pytest.mark.parametrize("begun", [False, True])
def test_a_batch_is_reverted_as_a_whole_or_stays_where_somebody_has_begun(begun: bool) -> None:
    item = handed_in(ONE, OTHER)
    before = item.copy()
    made = asked(item).edit()
    if begun:
        layer = second(item)
        item.layers[layer.id] = replace(layer, state=LayerState.IN_PROGRESS)
    here = item.copy()
    back = reverted(item, made.changes, batch("revert", Signature("rita"), share=0))
    if begun:
        assert {one.reason for one in back.refused} == {CHANGED_SINCE}
        assert (back.done, item) == ((), here)
    else:
        item.apply(back.edit())
        assert item == before
        assert first_of(item, ADA) is None
