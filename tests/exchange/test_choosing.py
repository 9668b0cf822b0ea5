"""Whose labels, which labels, under which names, with or without quotation marks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange import Choice, Names, Selection, selected
from annotator.exchange.quoting import quoting_labels, with_marks
from annotator.formats.contradictions import contradictions
from annotator.model import Fragment, LayerKind, LayerState
from annotator.scheme import Scheme
from tests.formats.round_trip import LABELS, marked_articles
from tests.notation import annotated, news_scheme

STATES = (LayerState.IN_PROGRESS, LayerState.SUBMITTED, LayerState.APPROVED)


@st.composite
def read_articles(draw: st.DrawFn) -> Annotated:
    """Make an article whose layers are in any state and of any kind."""
    item = draw(marked_articles(layers=3))
    for key, layer in item.layers.items():
        state = draw(st.sampled_from(STATES))
        kind = draw(st.sampled_from((LayerKind.PERSON, LayerKind.PERSON, LayerKind.GOLD)))
        item.layers[key] = replace(layer, state=state, kind=kind)
    return item


selections = st.builds(
    Selection,
    choice=st.sampled_from([one for one in Choice if one is not Choice.ONE]),
    approved=st.booleans(),
    labels=st.none() | st.lists(st.sampled_from(LABELS), unique=True).map(tuple),
) | st.builds(Selection, choice=st.just(Choice.ONE), authors=st.just(("ada",)))


@given(item=read_articles(), selection=selections)
def test_whatever_is_selected_fits_together_and_comes_from_the_article(
    item: Annotated, selection: Selection
) -> None:
    before = item.copy()
    found = selected(item, selection)
    assert item == before
    if found is None:
        return
    assert list(contradictions(found)) == []
    assert found.spans.keys() <= item.spans.keys()
    assert found.relations.keys() <= item.relations.keys()
    if selection.labels is not None:
        assert {span.label for span in found.spans.values()} <= set(selection.labels)
    if selection.choice is not Choice.EVERYTHING:
        assert len(found.layers) == 1


@given(item=read_articles())
def test_what_is_agreed_is_what_every_reader_has_handed_in(item: Annotated) -> None:
    readers = [
        layer.id
        for layer in item.layers.values()
        if layer.kind == LayerKind.PERSON and layer.state != LayerState.IN_PROGRESS
    ]
    found = selected(item, Selection(choice=Choice.AGREED))
    if len(readers) < 2:
        assert found is None
        return
    assert found is not None
    said = [
        Counter((s.label, s.fragments) for s in item.spans.values() if s.layer_id == key)
        for key in readers
    ]
    expected = said[0]
    for one in said[1:]:
        expected &= one
    assert Counter((s.label, s.fragments) for s in found.spans.values()) == expected


def two_readers() -> Annotated:
    """Return an article that ada and bob have read alike, but for a value and a span."""
    text = "[Ada|Speaker#1] said [it rains|Claim#2 form=indirect sure=yes] in [Oslo|Location#3]."
    item = annotated(text, "#2>attributed_to>#1")
    item.layers["layer-ada"] = replace(item.layers["layer-ada"], state=LayerState.SUBMITTED)
    item.layers["b"] = replace(item.layers["layer-ada"], id="b", author="bob")
    for key in ("1", "2"):
        own = item.spans[key]
        item.spans[f"b{key}"] = replace(own, id=f"b{key}", layer_id="b")
    item.spans["b2"] = replace(item.spans["b2"], attributes={"form": "indirect", "sure": "no"})
    tie = item.relations["r1"]
    item.relations["rb"] = replace(tie, id="rb", layer_id="b", source="b2", target="b1")
    return item


def test_agreed_spans_keep_the_values_and_relations_that_all_gave_alike() -> None:
    found = selected(two_readers(), Selection(choice=Choice.AGREED))
    assert found is not None
    assert sorted(span.label for span in found.spans.values()) == ["Claim", "Speaker"]
    assert found.spans["2"].attributes == {"form": "indirect"}
    assert [(tie.source, tie.target) for tie in found.relations.values()] == [("2", "1")]


def test_an_article_is_not_agreed_on_while_the_second_reader_is_still_at_it() -> None:
    item = two_readers()
    item.layers["b"] = replace(item.layers["b"], state=LayerState.IN_PROGRESS)
    assert selected(item, Selection(choice=Choice.AGREED)) is None


def test_gold_goes_before_what_is_agreed() -> None:
    item = two_readers()
    item.layers["g"] = replace(item.layers["b"], id="g", author="eve", kind=LayerKind.GOLD)
    item.spans["g1"] = replace(item.spans["1"], id="g1", layer_id="g", label="Location")
    found = selected(item, Selection(choice=Choice.GOLD_ELSE_AGREED))
    assert found is not None
    assert list(found.spans) == ["g1"]


@given(item=marked_articles())
def test_names_change_names_and_nothing_else(item: Annotated) -> None:
    names = Names(
        labels={"Claim": "CLM", "Speaker": ""},
        relations={"attributed_to": "by"},
        attributes={"hedged": "soft"},
    )
    found = names.applied(item)
    kept = {key: span for key, span in item.spans.items() if span.label != "Speaker"}
    assert found.spans.keys() == kept.keys()
    for key, span in found.spans.items():
        old = kept[key]
        assert span.label == {"Claim": "CLM"}.get(old.label, old.label)
        assert span.fragments == old.fragments
        assert list(span.attributes.values()) == list(old.attributes.values())
        assert "hedged" not in span.attributes
    assert {tie.label for tie in found.relations.values()} <= {"by"}
    assert list(contradictions(found)) == []


def test_two_attributes_never_become_one_in_silence() -> None:
    item = annotated("[it rains|Claim#1 form=direct kind=x]")
    with pytest.raises(UserError, match="one of them would be lost"):
        Names(attributes={"form": "kind"}).applied(item)


def test_a_map_is_read_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text(
        '[labels]\nSpeaker = "PER"\nCue = ""\n[relations]\nattributed_to = "by"\n'
        '[attributes]\nform = "quote"\n[attributes.Claim]\nclaim_type = ""\n',
        encoding="utf-8",
    )
    assert Names.load(path) == Names(
        labels={"Speaker": "PER", "Cue": ""},
        relations={"attributed_to": "by"},
        attributes={"form": "quote"},
        label_attributes={"Claim": {"claim_type": ""}},
    )


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("[label]\nA = 'B'", "unknown entry 'label'"),
        ("[labels]\nA = 1", "new name of 'A'"),
        ("labels = 3", "has to be a table"),
        ("[labels", "not valid TOML"),
    ],
)
def test_a_map_that_is_wrong_is_refused_by_name(tmp_path: Path, toml: str, reason: str) -> None:
    path = tmp_path / "names.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(UserError, match=reason) as refused:
        Names.load(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "grown"),
    [
        ("“[It rains|Claim#1],” she said.", ["“It rains,”"]),
        ('"[It rains|Claim#1]", she said.', ['"It rains"']),
        ("« [Il pleut|Claim#1] », dit-elle.", ["« Il pleut »"]),
        ("“[It|Claim#1],” she said, “[rains|Claim#1].”", ["“It,”", "“rains.”"]),
        ("“[It rains|Claim#1] and it is cold,” she said.", ["It rains"]),
        ("She said [it rains|Claim#1].", ["it rains"]),
        ("“[Oslo|Location#1],” she said.", ["Oslo"]),
        ("“He said: ‘[It rains|Claim#1].’ Now.”", ["‘It rains.’"]),
    ],
)
def test_direct_claims_grow_over_the_marks_directly_around_them(
    text: str, grown: list[str]
) -> None:
    found = with_marks(annotated(text), quoting_labels(news_scheme()))
    assert list(found.spans["1"].text) == grown


@given(item=marked_articles())
def test_growing_over_marks_only_adds_and_fits_the_text(item: Annotated) -> None:
    found = with_marks(item, frozenset(LABELS))
    assert list(contradictions(found)) == []
    for key, span in item.spans.items():
        for old in span.fragments:
            assert any(new.start <= old.start and old.end <= new.end for new in _of(found, key))


def _of(item: Annotated, key: str) -> tuple[Fragment, ...]:
    return item.spans[key].fragments


def test_a_scheme_without_quotations_has_no_marks_to_take_in() -> None:
    with pytest.raises(UserError, match="with the marks outside"):
        quoting_labels(Scheme(id="x", title="X"))
