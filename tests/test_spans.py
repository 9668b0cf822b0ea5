from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.model import Fragment
from annotator.spans import (
    Utf16Map,
    add,
    contains,
    covered,
    crosses,
    gap,
    hull,
    intersection,
    length,
    normalise,
    overlap,
    subtract,
)

pieces = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Fragment(*pair))
sets = st.lists(pieces, max_size=6)
texts = st.text(st.sampled_from("aé’\u00a0\u0301😀👩\u200d\U0001f600\n"), max_size=40)


def points(fragments: object) -> set[int]:
    """Return the code points of fragments, the slow and sure way."""
    return {i for start, end in fragments for i in range(start, end)}  # type: ignore[attr-defined]


@given(sets)
def test_the_normal_form_covers_the_same_and_is_sorted_with_gaps(fragments: list[Fragment]) -> None:
    found = normalise(fragments)
    assert points(found) == points(fragments)
    assert all(a.end < b.start for a, b in pairwise(found))
    assert all(start < end for start, end in found)
    assert normalise(found) == found


@given(sets, pieces)
def test_adding_and_subtracting_are_union_and_difference(
    fragments: list[Fragment], piece: Fragment
) -> None:
    added, left = add(fragments, piece), subtract(normalise(fragments), piece)
    assert points(added) == points(fragments) | points([piece])
    assert points(left) == points(fragments) - points([piece])
    assert normalise(left) == left


@given(sets, sets)
def test_relations_of_stretches_are_those_of_sets(one: list[Fragment], two: list[Fragment]) -> None:
    a, b = normalise(one), normalise(two)
    shared = points(a) & points(b)
    assert points(intersection(a, b)) == shared
    assert overlap(a, b) == bool(shared)
    assert contains(a, b) == (points(b) <= points(a))
    assert crosses(a, b) == (bool(shared) and bool(points(a) - shared) and bool(points(b) - shared))
    assert length(a) == len(points(a))


def test_words_in_a_gap_do_not_lie_in_the_span() -> None:
    interrupted = (Fragment(0, 5), Fragment(10, 15))
    assert not overlap(interrupted, (Fragment(6, 8),))
    assert hull(interrupted) == Fragment(0, 15)


def test_covered_text_is_one_string_a_fragment() -> None:
    assert covered("one two three", (Fragment(0, 3), Fragment(8, 13))) == ("one", "three")


def test_the_gap_between_touching_stretches_is_nothing() -> None:
    assert gap(Fragment(0, 3), Fragment(3, 5)) == 0
    assert gap(Fragment(7, 9), Fragment(3, 5)) == 2


@given(texts)
def test_positions_agree_with_the_lengths_of_utf16_texts(text: str) -> None:
    positions = Utf16Map(text)
    for index in range(len(text) + 1):
        units = len(text[:index].encode("utf-16-le")) // 2
        assert positions.to_utf16(index) == units
        assert positions.to_codepoint(units) == index


def test_between_two_halves_of_an_emoji_it_is_before_the_emoji() -> None:
    assert Utf16Map("a😀b").to_codepoint(2) == 1
