from hypothesis import given
from hypothesis import strategies as st

from annotator.intervals import Intervals

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
