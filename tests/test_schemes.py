"""The schemes that ship: complete, sound, and the same after a round trip."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator import resources, schemes
from annotator.scheme import SchemeError, from_toml, to_toml

RESERVED_KEYS = frozenset("REOJWFNADX")
"""Letters that mean something else in the text (next to the labels' own)."""


@pytest.mark.parametrize("name", schemes.names())
def test_a_shipped_scheme_survives_being_written_and_read(name: str) -> None:
    scheme = schemes.load(name)
    assert from_toml(to_toml(scheme)) == scheme
    assert scheme.id == name


@pytest.mark.parametrize("name", schemes.names())
def test_a_shipped_scheme_takes_no_key_that_means_something_else(name: str) -> None:
    keys = {label.key for label in schemes.load(name).labels}
    assert not keys & RESERVED_KEYS
    assert all(re.fullmatch("[A-Z]", key) for key in keys)


@pytest.mark.parametrize("name", schemes.names())
def test_every_label_of_a_shipped_scheme_says_what_it_means(name: str) -> None:
    scheme = schemes.load(name)
    assert scheme.labels
    assert scheme.description
    for label in scheme.labels:
        assert label.definition.strip(), label.name
    if name != "blank":
        for label in scheme.labels:
            assert label.guideline, label.name
            assert label.examples, label.name


def test_the_usual_scheme_comes_first_and_blank_last() -> None:
    names = schemes.names()
    assert (names[0], names[-1]) == ("news-default", "blank")
    assert {"quotations", "places", "named-entities"} < set(names)


def test_the_news_scheme_has_the_labels_attributes_and_values_of_its_design() -> None:
    scheme = schemes.load("news-default")
    found = {
        (label.name, item.name): (item.values, item.default)
        for label in scheme.labels
        for item in label.attributes
    }
    assert [label.name for label in scheme.labels] == ["Speaker", "Location", "Claim", "Cue"]
    assert found == {
        ("Speaker", "mention_form"): (("named", "nominal", "pronoun"), None),
        ("Claim", "form"): (("direct", "indirect", "mixed"), None),
        ("Claim", "claim_type"): (
            ("factual", "evaluative", "predictive", "normative", "intention"),
            "factual",
        ),
        ("Claim", "checkworthy"): (("yes", "no", "unsure"), None),
        ("Claim", "polarity"): (("affirmed", "negated"), "affirmed"),
        ("Claim", "hedged"): ((), False),
        ("Claim", "source_status"): (
            ("explicit", "continued", "implied", "unnamed", "author"),
            "explicit",
        ),
        ("Location", "form"): (("name", "adjectival", "demonym"), None),
        ("Location", "usage"): (("literal", "associative", "metonymic", "mixed"), "literal"),
        ("Location", "nil_reason"): (("not in gazetteer", "fictional", "ambiguous"), None),
    }


def test_a_claim_of_the_news_scheme_needs_a_speaker_unless_there_is_none() -> None:
    attribution = schemes.load("news-default").relation("attributed_to")
    assert attribution is not None
    assert (attribution.min, attribution.max, attribution.target_entity) == (1, None, "actor")
    assert attribution.unless == {"source_status": ("implied", "unnamed", "author")}


def test_the_news_scheme_has_a_rule_for_each_edge_case_with_examples() -> None:
    scheme = schemes.load("news-default")
    assert [rule.title.partition(".")[0] for rule in scheme.rules] == [
        str(number) for number in range(1, 33)
    ]
    names = {label.name for label in scheme.labels}
    for rule in scheme.rules:
        assert rule.examples, rule.title
        assert rule.labels, rule.title
        assert set(rule.labels) <= names, rule.title


@pytest.mark.parametrize("name", schemes.names())
def test_examples_mark_words_in_square_brackets(name: str) -> None:
    scheme = schemes.load(name)
    examples = [item for label in scheme.labels for item in label.examples]
    examples += [item for rule in scheme.rules for item in rule.examples]
    for example in examples:
        assert re.search(r"\[[^\[\]]+\]", example.text), example.text
        assert example.text.count("[") == example.text.count("]"), example.text


def test_nil_reasons_of_the_attribute_are_those_of_the_entity_kind() -> None:
    for name in ("news-default", "places"):
        scheme = schemes.load(name)
        location, place = scheme.label("Location"), scheme.entity_kind("place")
        assert location is not None
        assert place is not None
        reason = location.attribute("nil_reason")
        assert reason is not None
        assert reason.values == place.nil_reasons


def test_a_scheme_in_a_file_is_loaded_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(resources.text("schemes/blank.toml").replace('"blank"', '"mine"'), "utf-8")
    assert schemes.load(str(path)).id == "mine"


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"title = 'x'", "There is no 'id'"),
        (b"id = [", "not valid TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b'id = "a"\ntitle = "b"\ncolor = 1', "Unknown entry 'color'"),
    ],
)
def test_a_scheme_file_that_is_wrong_is_named_with_the_reason(
    contents: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(contents)
    with pytest.raises(SchemeError, match=reason) as caught:
        schemes.load(str(path))
    assert str(path) in str(caught.value)


def test_an_unknown_scheme_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(SchemeError, match="quotations"):
        schemes.load("newz")
