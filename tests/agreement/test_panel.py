"""The figures of the panel: what an article adds to them, and which articles say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import gamma
from annotator.agreement.cases import Only, Question, cases
from annotator.agreement.measures import (
    ALL,
    ALPHA_U,
    BY_ENTITY,
    CHARACTERS,
    GAMMA_K,
    GIVEN,
    GIVEN_BY_ENTITY,
    SINGLE,
    SPLIT,
    About,
    Measure,
)
from annotator.agreement.panel import OVERLAPPING, Figure, Gathering, Panel, readings
from annotator.annotated import Annotated
from annotator.editing.noting import HANDED_IN
from annotator.model import Article, Entity, Fragment, Layer, LayerState, Relation, Span, text_hash
from annotator.review.conflicts import Kind
from annotator.scheme import EntityKind, Label, RelationLabel, Scheme

TEXT = "one two three four five six seven eight nine ten " * 3
SCHEME = Scheme(
    id="s",
    title="S",
    labels=(Label(name="Claim"), Label(name="Cue"), Label(name="Who", entity="actor")),
    relations=(
        RelationLabel(name="said_by", source="Claim", targets=("Who",)),
        RelationLabel(name="denied_by", source="Claim", targets=("Who",)),
    ),
    entities=(EntityKind(name="actor"),),
)
PEOPLE = ("ada", "bo", "cy")
Mark = tuple[int, int, str, str]
"""Start, length, label and the entity that it stands for, if any."""
Tie = tuple[str, int, int]
"""Label and the places of both ends among the marks of the same person."""


def article(
    marks: Sequence[Sequence[Mark]], ties: Sequence[Sequence[Tie]] = (), number: int = 0
) -> Annotated:
    home = Article(id=f"a{number}", title="", text=TEXT, sha256=text_hash(TEXT))
    item = Annotated(home)
    for at, (author, own) in enumerate(zip(PEOPLE, marks, strict=False)):
        layer = Layer(
            id=f"{home.id}{author}", article_id=home.id, author=author, state=LayerState.SUBMITTED
        )
        item.layers[layer.id] = layer
        for place, (start, size, label, entity) in enumerate(own):
            span = Span(
                id=f"{layer.id}{place}",
                article_id=home.id,
                layer_id=layer.id,
                label=label,
                fragments=(Fragment(start, start + size),),
                text=(TEXT[start : start + size],),
                entity_id=entity or None,
            )
            item.spans[span.id] = span
            if entity:
                item.entities[entity] = Entity(id=entity, kind="actor", name=entity.title())
        for place, (label, source, target) in enumerate(ties[at] if ties else ()):
            tie = Relation(
                id=f"{layer.id}t{place}",
                article_id=home.id,
                layer_id=layer.id,
                label=label,
                source=f"{layer.id}{source}",
                target=f"{layer.id}{target}",
            )
            item.relations[tie.id] = tie
    return item


def panel(*items: Annotated, gold: bool = False) -> Panel:
    made = Gathering(SCHEME, measures=tuple(Measure), gold=gold)
    for item in items:
        made.add(item)
    return made.panel()


def figure(found: Panel, name: str, measure: str, about: About = About.LABELS) -> Figure:
    (one,) = (
        one for one in found.figures if (one.about, one.name, one.measure) == (about, name, measure)
    )
    return one


def listed(item: Annotated, question: Question) -> list[tuple[str, ...]]:
    """Return what each person says in the cases of a question."""
    found = cases(item, readings(item)[0], SCHEME, question)
    return [tuple(one.detail or one.words for one in case.variants) for case in found]


def test_labels_that_share_half_of_their_characters_agree_half() -> None:
    item = article([[(0, 10, "Claim", "")], [(0, 5, "Claim", "")]])
    assert figure(panel(item), "Claim", CHARACTERS).value == pytest.approx(0.5)


marks = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(1, 20), st.sampled_from(["Claim", "Cue"]), st.just("")
    ),
    max_size=5,
    unique=True,
)


@given(st.tuples(marks, marks, marks))
def test_agreement_by_characters_lies_between_exact_and_overlap(
    own: tuple[list[Mark], ...],
) -> None:
    made = Gathering(SCHEME, measures=(Measure.F1,))
    made.add(article(own))
    found = {(one.name, one.measure): one.value for one in made.panel().figures}
    for (name, measure), value in found.items():
        if measure == CHARACTERS and value is not None:
            exact, overlap = found[name, "F1 strict"], found[name, "F1 overlap"]
            assert exact is not None
            assert overlap is not None
            assert exact - 1e-6 <= value <= overlap + 1e-6


def test_gamma_of_a_label_is_about_that_label_alone() -> None:
    said = ["Claim", "Claim", "Cue", "Cue", "Who", "Who"]
    other = ["Claim", "Claim", "Who", "Who", "Cue", "Cue"]
    item = article(
        [[(20 * n, 10, label, "") for n, label in enumerate(own)] for own in (said, other)]
    )
    found = panel(item)
    assert figure(found, "Claim", GAMMA_K).value == 1.0
    assert (figure(found, "Cue", GAMMA_K).value or 0.0) < 0.0
    together = figure(found, ALL, "gamma_cat").value
    assert together is not None
    assert together < 1.0
    where = listed(item, Question(About.LABELS, "Cue", only=Only.LABEL))
    assert len(where) == 4


def test_gamma_of_all_labels_has_the_disorder_of_every_pair_once() -> None:
    layers = [
        [gamma.Unit(0, 10, "a"), gamma.Unit(20, 30, "b")],
        [gamma.Unit(0, 10, "b"), gamma.Unit(20, 30, "b")],
    ]
    found = gamma.categorical_disorders(gamma.best_alignment(layers))
    assert found == {None: (1.0, 2.0), "a": (1.0, 1.0), "b": (1.0, 2.0)}


def test_alpha_of_stretches_is_undefined_where_one_person_marks_twice() -> None:
    apart = [[(0, 10, "Claim", "")], [(2, 10, "Claim", "")]]
    value = figure(panel(article(apart)), "Claim", ALPHA_U).value
    assert value is not None
    assert 0 < value < 1
    nested = [[(0, 10, "Claim", ""), (2, 4, "Claim", "")], [(0, 10, "Claim", "")]]
    found = figure(panel(article(nested)), "Claim", ALPHA_U)
    assert (found.value, found.reason, found.used, found.found) == (None, OVERLAPPING, 0, 3)


def test_which_link_it_is_counts_where_both_tie_the_same() -> None:
    own: list[Mark] = [(0, 5, "Claim", ""), (10, 5, "Who", ""), (20, 5, "Claim", "")]
    item = article(
        [own, own],
        [
            [("said_by", 0, 1), ("said_by", 2, 1)],
            [("said_by", 0, 1), ("denied_by", 2, 1)],
        ],
    )
    found = panel(item)
    assert figure(found, ALL, "percent", About.RELATIONS).value == 0.5
    alpha = figure(found, ALL, "alpha", About.RELATIONS)
    # Values said, said, said, denied: Do = 1/2, De = 2 * 3 / (4 * 3).
    assert alpha.value == pytest.approx(0.0)
    assert (alpha.used, alpha.found) == (2, 2)
    assert len(listed(item, Question(About.RELATIONS, only=Only.LABEL))) == 1


def test_links_to_another_label_of_the_same_person_agree_by_entity_given_the_labels() -> None:
    own: list[Mark] = [(0, 5, "Claim", ""), (10, 5, "Who", "ann"), (20, 5, "Who", "ann")]
    item = article([own, own], [[("said_by", 0, 1)], [("said_by", 0, 2)]])
    found = panel(item)
    values = {
        name: figure(found, ALL, name, About.RELATIONS).value
        for name in ("F1", BY_ENTITY, GIVEN, GIVEN_BY_ENTITY)
    }
    assert values == {"F1": 0.0, BY_ENTITY: 1.0, GIVEN: 0.0, GIVEN_BY_ENTITY: 1.0}


def test_who_is_split_and_who_has_one_label_is_counted_and_listed() -> None:
    one: list[Mark] = [(0, 5, "Who", "ann"), (10, 5, "Who", "ann"), (20, 5, "Who", "ben")]
    two: list[Mark] = [(0, 5, "Who", "ann"), (10, 5, "Who", "eve"), (20, 5, "Who", "ben")]
    item = article([one, two])
    found = panel(item)
    # Ada has two entities and Bo three; Ann is one for Ada and two for Bo.
    assert figure(found, ALL, SINGLE, About.ENTITIES).value == pytest.approx((1 / 2 + 1) / 2)
    split = figure(found, ALL, SPLIT, About.ENTITIES)
    assert (split.value, split.used, split.found) == (1.0, 1, 5)
    assert listed(item, Question(About.ENTITIES, only=Only.SPLIT)) == [("Ann", "Ann + Eve")]
    assert len(listed(item, Question(About.ENTITIES, only=Only.SINGLE))) == 3


def test_an_article_that_was_read_with_two_schemes_is_left_out_and_named() -> None:
    item = article([[(0, 5, "Claim", "")], [(0, 5, "Claim", "")]])
    for author, version in (("ada", "s/1"), ("bo", "s/2")):
        layer = item.layers[f"a0{author}"]
        item.layers[layer.id] = replace(layer, extra={HANDED_IN: {"text": "x", "scheme": version}})
    other = article([[(0, 5, "Claim", "")], [(0, 5, "Claim", "")]], number=1)
    found = panel(item, other)
    assert (found.articles, found.other_scheme, found.other_text) == (1, ("a0",), ())
    layers = readings(item)[0]
    assert list(cases(item, layers, SCHEME, Question(About.LABELS, only=Only.EVERY))) == []
    (case,) = cases(item, layers, SCHEME, Question(About.LABELS, only=Only.SCHEME))
    assert case.kinds == (Kind.SCHEME_VERSION,)
    assert [(one.author, one.words) for one in case.variants] == [("ada", "s/1"), ("bo", "s/2")]


def test_what_was_counted_is_listed_alike_or_not() -> None:
    item = article(
        [
            [(0, 5, "Claim", ""), (10, 5, "Cue", "")],
            [(0, 5, "Claim", ""), (10, 5, "Claim", "")],
        ]
    )
    assert len(listed(item, Question(About.LABELS, "Claim", only=Only.EVERY))) == 2
    assert len(listed(item, Question(About.LABELS, "Claim", only=Only.PAIRS))) == 1
    assert len(listed(item, Question(About.LABELS, "Claim"))) == 1
