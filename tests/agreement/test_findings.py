"""What the sums of a project tell beyond the panel, and the places behind its figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.agreement.cases import Question, cases
from annotator.agreement.findings import EXACT, OVERLAP, Side
from annotator.agreement.measures import ALL, About, Measure
from annotator.agreement.panel import Gathering, readings
from annotator.agreement.resampling import Draws, Interval, Sums
from annotator.annotated import Annotated
from annotator.model import Article, Fragment, Layer, LayerState, Span, text_hash
from annotator.scheme import Label, Scheme

SCHEME = Scheme(id="s", title="S", labels=(Label(name="Claim"), Label(name="Cue")))
TEXT = "one two three four five six seven eight nine ten " * 3
PEOPLE = ("ada", "bo", "cy")
Marks = Sequence[tuple[int, int, str]]


def article(number: int, marks: Sequence[Marks]) -> Annotated:
    home = Article(id=f"a{number}", title="", text=TEXT, sha256=text_hash(TEXT))
    item = Annotated(home)
    for author, own in zip(PEOPLE, marks, strict=False):
        layer = Layer(
            id=f"{home.id}{author}",
            article_id=home.id,
            author=author,
            state=LayerState.SUBMITTED,
        )
        item.layers[layer.id] = layer
        for at, (start, size, label) in enumerate(own):
            span = Span(
                id=f"{layer.id}{at}",
                article_id=home.id,
                layer_id=layer.id,
                label=label,
                fragments=(Fragment(start, start + size),),
                text=(TEXT[start : start + size],),
            )
            item.spans[span.id] = span
    return item


def gathered(items: Sequence[Annotated]) -> Gathering:
    made = Gathering(SCHEME, measures=(Measure.F1,))
    for item in items:
        made.add(item)
    return made


marks = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20), st.sampled_from(["Claim", "Cue"])),
    max_size=5,
    unique=True,
)
articles = st.lists(st.tuples(marks, marks, marks), min_size=1, max_size=4)


@given(articles)
def test_the_mean_of_the_pairs_is_the_figure_of_the_panel(
    given_marks: list[tuple[Marks, Marks, Marks]],
) -> None:
    gathering = gathered([article(n, own) for n, own in enumerate(given_marks)])
    figures = {(one.name, one.measure): one.value for one in gathering.panel().figures}
    findings = gathering.findings()
    for measure in (EXACT, OVERLAP):
        values = [findings.of_pair(one, other, measure) for one, other in combinations(PEOPLE, 2)]
        known = [value for value in values if value is not None]
        mean = sum(known) / len(known) if known else None
        assert figures.get((ALL, measure)) == pytest.approx(mean)


@given(articles, st.booleans())
def test_a_figure_is_one_where_nobody_differs_and_only_there(
    given_marks: list[tuple[Marks, Marks, Marks]], overlap: bool
) -> None:
    items = [article(n, own[:2]) for n, own in enumerate(given_marks)]
    findings = gathered(items).findings()
    value = findings.of_pair("ada", "bo", OVERLAP if overlap else EXACT)
    question = Question(About.LABELS, overlap=overlap, authors=("ada", "bo"))
    found = [case for item in items for case in cases(item, readings(item)[0], SCHEME, question)]
    if value is None:
        assert found == []
    elif not overlap:
        assert (value == pytest.approx(1.0)) == (not found)
    elif not found:
        assert value == pytest.approx(1.0)


whole = st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 9)), min_size=10, max_size=30)


@settings(max_examples=25, deadline=None)
@given(whole)
def test_whole_numbers_side_by_side_are_drawn_like_any_others(rows: list[Sums]) -> None:
    draws = Draws(len(rows), seed=3, draws=50)
    shifted = [(first + 0.5, second) for first, second in rows]
    fast = [tuple(sums) for sums in draws._sums(rows)]
    slow = [tuple(sums) for sums in draws._sums(shifted)]
    assert [(one - len(rows) / 2, two) for one, two in slow] == fast


def test_the_difference_of_a_figure_to_itself_is_nothing() -> None:
    items = [article(n, [[(n, 5, "Claim")], [(n, 5 + n % 2, "Claim")]]) for n in range(12)]
    found = gathered(items).findings().difference(Side("Claim"), Side("Claim"), EXACT)
    assert found.value == 0
    assert found.interval == Interval(0, 0)
    assert not found.is_clear


def test_a_pair_that_is_drawn_together_has_a_narrower_interval() -> None:
    # What makes an article hard is hard for both labels: alone each varies, their difference not.
    items = [
        article(
            n,
            [
                [(0, 5, "Claim"), (20, 5, "Cue")],
                [(0, 5 + n % 2, "Claim"), (20, 5 + n % 2, "Cue")],
            ],
        )
        for n in range(20)
    ]
    gathering = gathered(items)
    alone = next(
        one for one in gathering.panel().figures if (one.name, one.measure) == ("Claim", EXACT)
    )
    found = gathering.findings().difference(Side("Claim"), Side("Cue"), EXACT)
    assert alone.interval is not None
    assert alone.interval.high - alone.interval.low > 0.2
    assert found.interval == Interval(0, 0)


def test_periods_are_figures_of_their_own_articles() -> None:
    items = [article(n, [[(0, 5, "Claim")], [(0, 5 + n, "Claim")]]) for n in range(3)]
    found = gathered(items).findings().development({"a0": "w1", "a1": "w2", "a2": "w2"})
    assert [(one.name, one.articles, one.exact, one.overlap) for one in found] == [
        ("w1", ("a0",), 1.0, 1.0),
        ("w2", ("a1", "a2"), 0.0, 1.0),
    ]
