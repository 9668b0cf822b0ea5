"""Labels under a line never overlap, and inner ones stand above outer ones."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.gui.article.heights import Heights
from annotator.gui.article.lanes import MOST_LANES, NO_LANE, Lanes, pack

stretches = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 200)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=40,
)


@given(stretches)
def test_neighbours_in_a_lane_never_touch(bars: list[tuple[int, int]]) -> None:
    lanes = pack(bars)
    for i, (a0, a1) in enumerate(bars):
        for j, (b0, b1) in enumerate(bars[:i]):
            if lanes[i] == lanes[j] != NO_LANE:
                assert a1 < b0 or b1 < a0


@given(stretches)
def test_a_bar_takes_the_first_lane_with_room(bars: list[tuple[int, int]]) -> None:
    lanes = pack(bars)
    for i, ((a0, a1), lane) in enumerate(zip(bars, lanes, strict=True)):
        for upper in range(lane if lane != NO_LANE else MOST_LANES):
            taken = [bar for bar, other in zip(bars[:i], lanes, strict=False) if other == upper]
            assert any(a0 - 3 < b1 and b0 < a1 + 3 for b0, b1 in taken)


def test_what_comes_first_stands_nearest_to_the_text() -> None:
    assert pack([(10, 20), (0, 100), (30, 40)]) == [0, 1, 0]


def test_the_ninth_bar_in_one_place_is_only_counted() -> None:
    lanes = Lanes()
    assert [lanes.place(0, 10) for _ in range(10)] == [*range(8), NO_LANE, NO_LANE]
    assert (lanes.count, lanes.overfull) == (8, 2)


def test_another_layer_has_lanes_of_its_own() -> None:
    lanes = Lanes()
    lanes.place(0, 10)
    lanes.close()
    assert lanes.place(50, 60) == 1


@given(
    st.lists(st.integers(0, 90), min_size=1, max_size=900),
    st.lists(st.tuples(st.integers(0, 899), st.integers(0, 90)), max_size=20),
    st.integers(-10, 90_000),
)
def test_tops_are_the_sums_of_the_heights_above(
    heights: list[int], changes: list[tuple[int, int]], at: int
) -> None:
    kept = Heights(heights)
    for number, height in changes:
        number %= len(heights)
        heights[number] = height
        kept[number] = height
    assert kept.total == sum(heights)
    assert [kept.top(n) for n in range(0, len(heights), 97)] == [
        sum(heights[:n]) for n in range(0, len(heights), 97)
    ]
    found = kept.find(at)
    if 0 <= at < sum(heights):
        assert sum(heights[:found]) <= at < sum(heights[: found + 1])
    else:
        assert 0 <= found < len(heights)
