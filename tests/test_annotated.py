from dataclasses import replace

import pytest

from annotator.errors import ConflictError
from annotator.model import (
    Change,
    Entity,
    Fragment,
    Layer,
    Relation,
    edit,
)
from tests.notation import LAYER, annotated, find

ADA = "[Ada|Speaker#1] said [it [rains|Claim#3] in [Oslo|Location#4]|Claim#2]."


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


def test_a_relation_that_moves_is_no_longer_found_at_its_old_end() -> None:
    article = annotated(ADA, "#2>attributed_to>#1")
    tie = article.relations["r1"]
    assert article.relations_to("1") == [tie]
    moved: Relation = replace(tie, target=None, target_entity="e")
    article.apply(edit("relate", [Change(tie, moved)]))
    assert article.relations_to("1") == []
    assert article.relations_from("2", "attributed_to") == [moved]
