"""What is announced is what goes, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import spans as algebra
from annotator.annotated import Annotated
from annotator.formats.losses import FEATURES, Fate, announced, flat, without
from tests.formats.articles import small
from tests.formats.round_trip import marked_articles, said

EVERY = dict.fromkeys(FEATURES, Fate.LEFT_OUT)

some_fates = st.dictionaries(st.sampled_from(FEATURES), st.just(Fate.LEFT_OUT))


def test_a_small_article_is_told_feature_by_feature() -> None:
    told = announced([small()], EVERY)
    assert {loss.feature: loss.count for loss in told} == {
        "titles": 1,
        "facts": 1,
        "zones": 2,
        "authors": 1,
        "layer_facts": 1,
        "discontinuous": 1,
        "attributes": 1,
        "entities": 2,
        "entity_facts": 1,
        "unsure": 1,
        "notes": 1,
        "relations": 1,
    }
    assert "1 span in several fragments" in [loss.sentence for loss in told]


@given(marked_articles(), some_fates)
def test_what_is_left_has_nothing_more_to_lose(item: Annotated, fates: dict[str, Fate]) -> None:
    left = without(item, fates)
    kept_anyway = {"authors", "titles"} if "authors" in fates else set()
    assert [loss for loss in announced([left], fates) if loss.feature not in kept_anyway] == []


@given(marked_articles(), some_fates)
def test_what_announces_nothing_stays_as_it_is(item: Annotated, fates: dict[str, Fate]) -> None:
    told = {loss.feature for loss in announced([item], fates)}
    rest = {feature: fate for feature, fate in fates.items() if feature not in told}
    assert said(without(item, rest)) == said(item)


@given(marked_articles())
def test_spans_in_fragments_become_a_span_for_each(item: Annotated) -> None:
    split = without(item, {"discontinuous": Fate.CHANGED})
    assert all(len(span.fragments) == 1 for span in split.spans.values())
    assert sum(map(_length, split.spans.values())) == sum(map(_length, item.spans.values()))
    assert len(split.relations) == len(item.relations)


def _length(span: object) -> int:
    return algebra.length(span.fragments)  # type: ignore[attr-defined]


@given(marked_articles(layers=1, most_spans=8))
def test_flat_spans_never_overlap_and_no_longer_one_could_stay(item: Annotated) -> None:
    kept = flat(item.spans.values())
    for number, one in enumerate(kept):
        assert not any(algebra.overlap(one.fragments, other.fragments) for other in kept[:number])
    for span in item.spans.values():
        if span not in kept:
            assert any(
                algebra.overlap(span.fragments, other.fragments) and _length(other) >= _length(span)
                for other in kept
            )


def test_a_fate_of_an_unknown_feature_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="colour"):
        announced([small()], {"colour": Fate.LEFT_OUT})


def test_comments_and_verdicts_go_only_where_that_is_said() -> None:
    item = small()
    item.article = replace(item.article, extra={"x-desk": 1})
    assert without(item, {}).article.extra == {"x-desk": 1}
    assert without(item, {"extra": Fate.LEFT_OUT}).article.extra == {}


def test_what_we_note_ourselves_is_nothing_that_another_program_added() -> None:
    item = small()
    item.article = replace(item.article, extra={"annotator:id": "wire-1"})
    assert announced([item], {"extra": Fate.LEFT_OUT}) == []
    item.article = replace(item.article, extra={"annotator:id": "wire-1", "desk": 1})
    assert [loss.count for loss in announced([item], {"extra": Fate.LEFT_OUT})] == [1]
