"""Spans are found where they lie, however many of them are sorted in by now."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.gui.article.article_content import SpanIndex
from annotator.model import Article, Fragment, Span, Zone
from annotator.numbering import Numbering

fragments = st.lists(
    st.tuples(st.integers(0, 400_000), st.integers(1, 3000)).map(lambda f: (f[0], f[0] + f[1])),
    min_size=1,
    max_size=3,
)


def _span(number: int, places: list[tuple[int, int]]) -> Span:
    ordered = tuple(Fragment(*place) for place in sorted(places))
    return Span(
        id=f"s{number}",
        article_id="a",
        layer_id="l",
        label="Claim",
        fragments=ordered,
        text=("",) * len(ordered),
    )


@given(
    st.lists(fragments, max_size=30),
    st.lists(st.one_of(st.integers(0, 29), fragments), max_size=10),
    st.integers(0, 400_000),
    st.integers(1, 20_000),
    st.integers(0, 40),
)
def test_the_index_finds_what_looking_at_every_span_finds(
    places: list[list[tuple[int, int]]],
    changes: list[int | list[tuple[int, int]]],
    start: int,
    length: int,
    sorted_in: int,
) -> None:
    spans = {f"s{n}": _span(n, place) for n, place in enumerate(places)}
    index = SpanIndex(spans.values())
    index.between(start, start + length)
    index.sort_in(sorted_in)
    for number, change in enumerate(changes):
        key = f"s{change if isinstance(change, int) else number}"
        if (before := spans.pop(key, None)) is not None:
            index.discard(before)
        if not isinstance(change, int):
            spans[key] = _span(number, change)
            index.add(spans[key])
    end = start + length
    expected = {
        span.id: span
        for span in spans.values()
        if any(f.start < end and start < f.end for f in span.fragments)
    }
    assert {span.id: span for span in index.between(start, end)} == expected


def test_running_text_is_numbered_and_headings_are_not() -> None:
    text = "Headline\n\nFirst.\n\n \nHeading\nSecond."
    zones = (Zone("headline", 0, 8), Zone("section_heading", 20, 27), Zone("body", 28, 35))
    numbering = Numbering(Article(id="a", title="", text=text, sha256="", zones=zones))
    assert [numbering.number(text.index(w)) for w in ("Second", "Head", "Heading", "First")] == [
        2,
        None,
        None,
        1,
    ]
    assert numbering.number(len(text)) == 2
