import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import ConflictError
from annotator.intervals import Intervals
from annotator.model import (
    Change,
    Entity,
    Fragment,
    Layer,
    Relation,
    edit,
    edit_from_json,
    edit_to_json,
    new_id,
    reading_order,
    record_from_json,
    record_to_json,
    type_name,
)
from tests.notation import LAYER, annotated, find, span_of

ADA = "[Ada|Speaker#1] said [it [rains|Claim#3] in [Oslo|Location#4]|Claim#2]."


def test_ids_are_uuids_of_version_7_that_grow_with_time() -> None:
    made = [new_id() for _ in range(50)]
    assert {uuid.UUID(text).version for text in made} == {7}
    assert sorted(text[:13] for text in made) == [text[:13] for text in made]
    assert len(set(made)) == 50


def test_an_edit_and_its_inverse_leave_the_article_as_it_was() -> None:
    article = annotated(ADA, "#2>attributed_to>#1")
    before = article.copy()
    span, tie = article.spans["1"], article.relations["r1"]
    change = edit("delete", [Change(tie, None), Change(span, None)])
    article.apply(change)
    assert "1" not in article.spans
    assert article.ties("2") == []
    article.apply(change.inverse)
    assert article == before


def test_looking_something_up_does_not_make_two_articles_differ() -> None:
    one, two = annotated(ADA), annotated(ADA)
    one.ties("1")
    one.spans_in(LAYER, 0, 5)
    one.entities_named("x")
    assert one == two


def test_a_before_that_is_no_longer_true_is_refused_and_nothing_is_applied() -> None:
    article = annotated(ADA)
    before = article.copy()
    stale = replace(article.spans["1"], note="old")
    with pytest.raises(ConflictError) as refused:
        article.apply(edit("note", [Change(None, Layer(id="x", article_id="article", author="b")),
                                    Change(stale, None)]))  # fmt: skip
    assert refused.value.present == article.spans["1"]
    assert article == before


def test_an_edit_may_change_a_record_that_it_made_itself() -> None:
    article = annotated("x")
    first = Entity(id="e", kind="actor", name="Ada")
    second = replace(first, name="Ada Lovelace")
    article.apply(edit("entity", [Change(None, first), Change(first, second)]))
    assert article.entities["e"] == second


def test_records_of_other_articles_are_left_alone() -> None:
    article = annotated(ADA)
    other = replace(article.spans["1"], article_id="another", id="9")
    article.apply(edit("mark", [Change(None, other)]))
    assert "9" not in article.spans


def test_spans_near_a_place_come_in_reading_order_outer_first() -> None:
    article = annotated(ADA)
    at = find(article, "rains")
    assert [s.id for s in article.spans_in(LAYER, *at)] == ["2", "3"]
    assert article.spans_in("another layer", *at) == []


def test_the_index_of_places_follows_edits() -> None:
    article = annotated(ADA)
    oslo = article.spans["4"]
    at = Fragment(oslo.start, oslo.start)
    assert oslo in article.spans_in(LAYER, *at)
    moved = replace(oslo, fragments=(Fragment(0, 3),), text=("Ada",))
    article.apply(edit("reshape", [Change(oslo, moved)]))
    assert "4" not in {s.id for s in article.spans_in(LAYER, *at)}
    assert moved in article.spans_in(LAYER, 0, 1)
    article.apply(edit("delete", [Change(moved, None)]))
    assert "4" not in {s.id for s in article.spans_in(LAYER, 0, 1)}


def test_entities_are_found_by_any_name_without_case_and_after_a_change() -> None:
    oslo = Entity(id="o", kind="place", name="Oslo", aliases=("Christiania",))
    article = annotated("x", entities=[oslo])
    assert article.entities_named("  CHRISTIANIA ") == [oslo]
    renamed = replace(oslo, aliases=("Kristiania",))
    article.apply(edit("entity", [Change(oslo, renamed)]))
    assert article.entities_named("Christiania") == []
    assert article.entities_named("kristiania") == [renamed]


def test_relations_are_listed_by_their_sources_in_reading_order() -> None:
    article = annotated(ADA, "#3>nested_in>#2", "#2>attributed_to>#1")
    assert [tie.id for tie in article.relations_of(LAYER)] == ["r2", "r1"]


def test_records_and_edits_survive_json() -> None:
    ada = Entity(id="e", kind="actor", name="A", aliases=("B",))
    notation = "[Ada|Speaker@e unsure a=b] [x|Claim#1] said [y|Claim#1]"
    article = annotated(notation, "#1>r>@e", entities=[ada])
    records = list(article.records())
    for record in records:
        assert record_from_json(type_name(record), record_to_json(record)) == record
    whole = edit("import", [Change(None, record) for record in records], place=Fragment(1, 2))
    assert edit_from_json(edit_to_json(whole)) == whole


def test_a_change_is_about_one_record() -> None:
    one = Entity(id="a", kind="actor", name="A")
    with pytest.raises(ValueError, match="about one record"):
        Change(one, replace(one, id="b"))
    with pytest.raises(ValueError, match="needs a record"):
        Change(None, None)


def test_a_relation_that_moves_is_no_longer_found_at_its_old_end() -> None:
    article = annotated(ADA, "#2>attributed_to>#1")
    tie = article.relations["r1"]
    assert article.relations_to("1") == [tie]
    moved: Relation = replace(tie, target=None, target_entity="e")
    article.apply(edit("relate", [Change(tie, moved)]))
    assert article.relations_to("1") == []
    assert article.relations_from("2", "attributed_to") == [moved]


stretches = st.tuples(st.integers(0, 200_000), st.integers(1, 60_000)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


@given(st.dictionaries(st.text(max_size=2), stretches, max_size=12), stretches, st.data())
def test_the_index_answers_as_a_walk_over_everything_would(
    places: dict[str, tuple[int, int]], asked: tuple[int, int], data: st.DataObject
) -> None:
    index = Intervals()
    for key, (start, end) in places.items():
        index.add(key, start, end)
    gone = (
        set(data.draw(st.lists(st.sampled_from(sorted(places)), max_size=3))) if places else set()
    )
    for key in gone:
        index.discard(key)
    expected = {
        key
        for key, (start, end) in places.items()
        if key not in gone and start < asked[1] and asked[0] < end
    }
    assert set(index.overlapping(*asked)) == expected


def test_reading_order_puts_what_contains_before_what_is_contained() -> None:
    article = annotated(ADA)
    rains, whole = span_of(article, "rains"), article.spans["2"]
    assert sorted([rains, whole], key=reading_order) == [whole, rains]
