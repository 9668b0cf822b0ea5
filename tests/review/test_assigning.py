"""Plans give articles out evenly and fairly; blind review hides who is who."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing import Impossible, NothingToDo
from annotator.model import Layer, LayerState
from annotator.review import assigning, blinding, sight
from annotator.review.assigning import ASSIGNED, Plan, planned
from annotator.review.blinding import BLIND, OWN, Objection
from tests.review.reviewing import SIGNED, Reviewer, handed_in

PEOPLE = ("ada", "ben", "eve", "kim")


@given(
    st.integers(0, 40),
    st.integers(1, 3),
    st.floats(0, 1),
    st.integers(0, 5),
    st.integers(0, 4),
)
def test_a_plan_is_kept(articles: int, readers: int, shared: float, seed: int, limit: int) -> None:
    limits = {"ada": limit}
    plan = Plan(
        annotators=PEOPLE,
        reviewers=PEOPLE,
        adjudicators=("kim", "lea", "ada"),
        readers=readers,
        shared=shared,
        limits=limits,
        seed=seed,
    )
    ids = [f"a{number}" for number in range(articles)]
    found = planned(plan, ids)
    assert sorted([one.article_id for one in found.given] + list(found.left)) == sorted(ids)
    load: Counter[str] = Counter()
    for one in found.given:
        people = [*one.annotators, one.reviewer, one.adjudicator]
        assert len(set(people)) == len(people)
        assert len(one.annotators) in (1, readers)
        load.update(people)
    assert load["ada"] <= limit
    assert load == Counter(dict(found.load))
    assert found == planned(plan, reversed(ids))


def test_the_shared_part_is_as_large_as_planned_and_the_load_even() -> None:
    plan = Plan(annotators=PEOPLE, readers=2, shared=0.2)
    found = planned(plan, [f"a{number}" for number in range(100)])
    assert Counter(len(one.annotators) for one in found.given) == {2: 20, 1: 80}
    assert max(found.load.values()) - min(found.load.values()) <= 1
    other = planned(replace(plan, seed=2), [f"a{number}" for number in range(100)])
    assert other != found


def test_a_plan_that_nobody_could_keep_is_refused() -> None:
    with pytest.raises(Impossible, match="asks for 2 annotators an article, and names 1"):
        planned(Plan(annotators=("ada",)), ["a"])


def test_a_plan_becomes_layers_that_are_not_started_and_keeps_those_that_are() -> None:
    plan = Plan(annotators=("ada", "ben"), reviewers=("rita",))
    begun = Layer(id="old", article_id="a", author="ada", note="Half way")
    edit = assigning.assign(plan, planned(plan, ["a"]).given, [begun])
    layers = {layer.author: layer for c in edit.changes if isinstance(layer := c.after, Layer)}
    assert (layers["ada"].id, layers["ada"].note) == ("old", "Half way")
    assert layers["ben"].state == LayerState.NOT_STARTED
    noted = {"blind": True, "seed": 1, "reviewer": "rita"}
    assert {author: layer.extra[ASSIGNED] for author, layer in layers.items()} == {
        "ada": noted,
        "ben": noted,
    }


def blind_article(seed: int = 3) -> Reviewer:
    item = handed_in("[Ada|Cue] x", "Ada x", "[Ada|Cue] x")
    for key, layer in item.layers.items():
        item.layers[key] = replace(layer, extra={ASSIGNED: {"blind": True, "seed": seed}})
    return Reviewer(item)


def test_aliases_are_stable_and_the_order_of_lanes_tells_nothing() -> None:
    layers = [Layer(id=f"l{n}", article_id="", author=name) for n, name in enumerate(PEOPLE)]
    orders = set()
    for number in range(40):
        names = blinding.aliases(layers, f"article-{number}", seed=1)
        assert names == blinding.aliases(reversed(layers), f"article-{number}", seed=1)
        assert sorted(names.values()) == ["A", "B", "C", "D"]
        lanes = blinding.lane_order(layers, f"article-{number}", seed=1)
        assert [names[layer.id] for layer in lanes] == ["A", "B", "C", "D"]
        orders.add(tuple(layer.author for layer in lanes))
    assert len(orders) > 12
    first = Counter(order[0] for order in orders)
    assert set(first) == set(PEOPLE)


def test_a_blind_review_shows_letters_until_somebody_shows_the_names() -> None:
    reviewer = blind_article()
    assert sorted(blinding.shown_names(reviewer.review).values()) == ["A", "B", "C"]
    reviewer.perform(blinding.unblind(reviewer.review, SIGNED))
    assert blinding.shown_names(reviewer.review)["L0"] == "annotator-0"
    assert [layer.id for layer in blinding.lanes(reviewer.review)] == ["L0", "L1", "L2"]
    with pytest.raises(NothingToDo):
        blinding.unblind(reviewer.review, SIGNED)
    reviewer.undo()
    assert blinding.is_blind(reviewer.item)


def test_labels_of_others_are_hidden_until_the_own_ones_are_handed_in() -> None:
    item = blind_article().item
    assert sight.hidden_layers(item, "annotator-0") == frozenset()
    item.layers["L0"] = replace(item.layers["L0"], state=LayerState.IN_PROGRESS)
    assert sight.hidden_layers(item, "annotator-0") == {"L1", "L2"}
    assert sight.hidden_layers(item, "somebody else") == frozenset()


def test_who_is_still_to_label_an_article_blind_decides_nothing_in_it() -> None:
    reviewer = blind_article()
    assert blinding.objection(reviewer.review, "annotator-0") == Objection(OWN)
    layer = reviewer.item.layers["L0"]
    reviewer.item.layers["L0"] = replace(layer, state=LayerState.IN_PROGRESS)
    reviewer.look()
    why = blinding.objection(reviewer.review, "annotator-0")
    assert why == Objection(BLIND, "annotator-0")
    assert blinding.refused(why).startswith("You are to label it yourself first")
    assert blinding.objection(reviewer.review, "rita") is None


def test_nobody_reviews_the_own_layer() -> None:
    item = blind_article().item
    assert blinding.may_review(item, "rita", ["L0", "L1"])
    assert not blinding.may_review(item, "annotator-1", ["L0", "L1"])


def test_a_sample_takes_a_share_of_each_stratum() -> None:
    items = [(f"i{n}", "rare" if n < 3 else "frequent") for n in range(203)]

    def drawn(seed: int, order: Any = list) -> list[tuple[str, str]]:
        return assigning.stratified(
            order(items), 0.1, seed, key=lambda item: item[0], stratum=lambda item: item[1]
        )

    found = drawn(1)
    assert Counter(kind for _, kind in found) == {"rare": 1, "frequent": 20}
    assert found == drawn(1, reversed)
    assert found != drawn(2)


@pytest.mark.parametrize(
    ("number", "right", "share"),
    [(0, 0, 1.0), (49, 49, 1.0), (50, 50, 0.1), (100, 95, 0.25), (100, 79, 1.0)],
)
def test_a_new_annotator_is_reviewed_less_as_the_labels_are_right(
    number: int, right: int, share: float
) -> None:
    assert assigning.share_reviewed(number, right) == pytest.approx(share)
