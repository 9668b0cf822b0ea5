from dataclasses import replace

import pytest

from annotator.annotated import Annotated
from annotator.model import Entity, Fragment
from annotator.rules import TEMPLATES, Finding, findings
from annotator.scheme import Scheme
from tests.notation import LAYER, annotated, desk, news_scheme

TIED = ("#2>attributed_to>#1", "#2>cued_by>#3")
OSLO = Entity(id="o", kind="place", name="Oslo")


def found(article: Annotated, scheme: Scheme | None = None) -> list[Finding]:
    """Return what is wrong with the layer of *article*."""
    place = desk(article, scheme)
    return findings(article, LAYER, place.scheme, place.structure)


def codes(article: Annotated, scheme: Scheme | None = None) -> list[str]:
    """Return the codes of what is wrong, in walking order."""
    return [finding.code for finding in found(article, scheme)]


def test_a_complete_attribution_has_nothing_to_correct() -> None:
    article = annotated(
        "[Ada|Speaker#1] [said|Cue#3] [it rains in [Oslo|Location@o]|Claim#2].",
        *TIED,
        entities=[OSLO],
    )
    assert found(article) == []


def test_every_finding_is_a_sentence_with_the_words_and_the_place() -> None:
    article = annotated("She said that [it rains|Claim#2].")
    (finding,) = found(article)
    assert finding.message == "Claim “it rains” has no Speaker."
    assert (finding.code, finding.severity) == ("missing", "error")
    assert (finding.record_ids, finding.place) == (("2",), Fragment(14, 22))


@pytest.mark.parametrize("status", ["implied", "unnamed", "author"])
def test_a_claim_needs_no_speaker_where_the_source_has_no_words(status: str) -> None:
    assert codes(annotated(f"[It rains|Claim#2 source_status={status}].")) == []


def test_a_claim_may_be_tied_to_an_entity_in_place_of_a_speaker() -> None:
    ada = Entity(id="ada", kind="actor", name="Ada")
    assert codes(annotated("[It rains|Claim#2]", "#2>attributed_to>@ada", entities=[ada])) == []
    assert codes(annotated("[It rains|Claim#2]", "#2>attributed_to>@ada")) == ["loose-end"]
    assert codes(annotated("[It rains|Claim#2]", "#2>attributed_to>@o", entities=[OSLO])) == [
        "illegal-end"
    ]


def test_speakers_and_cues_without_a_claim_are_idle() -> None:
    article = annotated("[Ada|Speaker#1] [said|Cue#2] nothing.")
    assert [(f.code, f.severity) for f in found(article)] == [
        ("idle", "warning"),
        ("idle", "error"),
    ]


def test_claims_may_nest_and_must_not_cross() -> None:
    spared = "source_status=author"
    nested = annotated(f"[one [two|Claim#2 {spared}]|Claim#1 {spared}] three")
    assert codes(nested) == []
    crossing = replace(nested.spans["2"], fragments=(Fragment(4, 13),), text=("two three",))
    nested.spans["2"] = crossing
    (finding,) = found(nested)
    assert finding.message == (
        "Claim “one two” and “two three” cross: one has to contain the other."
    )
    assert finding.record_ids == ("1", "2")


def test_claims_in_the_gap_of_another_do_not_cross_it() -> None:
    spared = "source_status=author"
    article = annotated(f"[one|Claim#1 {spared}] [two|Claim#2 {spared}] [three|Claim#1]")
    assert codes(article) == []


def test_the_same_label_twice_on_the_same_words_is_found_once() -> None:
    article = annotated("[[Oslo|Location#1@o]|Location#2@o]", entities=[OSLO])
    assert codes(article) == ["twice"]


def test_a_place_needs_an_entity_or_a_reason() -> None:
    assert codes(annotated("[Oslo|Location]")) == ["no-entity"]
    assert codes(annotated("[Oslo|Location nil_reason=ambiguous]")) == []
    assert codes(annotated("[Oslo|Location@o]")) == ["unknown-entity"]
    actor = Entity(id="o", kind="actor", name="Oslo")
    assert codes(annotated("[Oslo|Location@o]", entities=[actor])) == ["entity-kind"]


def test_attributes_and_values_outside_the_scheme_are_found() -> None:
    article = annotated("[x|Claim source_status=author polarity=maybe tone=loud hedged=true]")
    assert sorted(codes(article)) == ["unknown-attribute", "value"]


def test_a_required_attribute_must_be_filled_unless_it_has_a_default() -> None:
    scheme = news_scheme()

    def require(name: str) -> Scheme:
        labels = tuple(
            replace(
                label,
                attributes=tuple(replace(a, required=a.name == name) for a in label.attributes),
            )
            for label in scheme.labels
        )
        return replace(scheme, labels=labels)

    article = annotated("[x|Claim source_status=author]")
    assert codes(article, require("checkworthy")) == ["required"]
    assert codes(article, require("polarity")) == []


def test_words_that_the_article_does_not_have_there_are_found() -> None:
    article = annotated("[Oslo|Location#1@o] is far", entities=[OSLO])
    sound = article.spans["1"]
    article.spans["1"] = replace(sound, text=("Bergen",))
    (finding,) = found(article)
    assert finding.message == "Location says “Bergen”, but the article has “Oslo” there."
    article.spans["1"] = replace(sound, fragments=(Fragment(0, 99),))
    assert codes(article) == ["outside"]
    article.spans["1"] = replace(
        sound, fragments=(Fragment(2, 4), Fragment(0, 2)), text=("lo", "Os")
    )
    assert codes(article) == ["untidy"]
    article.spans["1"] = replace(sound, fragments=(), text=())
    assert codes(article) == ["untidy"]


def test_a_location_in_pieces_is_found() -> None:
    article = annotated("[Oslo|Location#1@o] and [Bergen|Location#1]", entities=[OSLO])
    (finding,) = found(article)
    assert finding.message == "Location “Oslo … Bergen” is in 2 pieces; the scheme allows 1."


def test_labels_and_relations_outside_the_scheme_are_found() -> None:
    article = annotated(
        "[x|Hearer#1] [y|Speaker#2] [z|Claim#3]", "#3>tells>#1", "#3>attributed_to>#2"
    )
    assert codes(article) == ["unknown-label", "unknown-relation"]


def test_relations_with_a_wrong_or_missing_end_are_found() -> None:
    article = annotated("[x|Claim#1 source_status=author] [Oslo|Location#2@o]",
                        "#1>attributed_to>#2", "#1>cued_by>#9", entities=[OSLO])  # fmt: skip
    assert sorted(codes(article)) == ["illegal-end", "loose-end"]
    article.relations["r1"] = replace(article.relations["r1"], source="8", target="1")
    article = article.copy()
    assert codes(article).count("loose-end") == 2


def test_one_cue_at_most_and_no_tie_twice() -> None:
    article = annotated("[Ada|Speaker#1] [said|Cue#3] and [added|Cue#4] [x|Claim#2]",
                        *TIED, "#2>cued_by>#4", "#2>attributed_to>#1")  # fmt: skip
    assert codes(article) == ["tied-twice", "too-many"]


def test_nesting_lies_inside_and_goes_in_no_circle() -> None:
    apart = annotated("[a|Claim#1 source_status=author] [b|Claim#2 source_status=author]",
                      "#1>nested_in>#2")  # fmt: skip
    assert codes(apart) == ["not-inside"]
    circle = annotated("[a|Claim#1 source_status=author] [b|Claim#2 source_status=author]",
                       "#1>nested_in>#2", "#2>nested_in>#1")  # fmt: skip
    assert codes(circle) == ["circle", "circle"]


def test_the_parts_of_an_attribution_lie_apart() -> None:
    article = annotated("[[Ada|Speaker#1] said|Cue#3] [it rains|Claim#2]", *TIED)
    (finding,) = found(article)
    assert (finding.code, finding.severity) == ("own-words", "warning")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[“It rains”|Claim source_status=author]", ["outer-marks"]),
        ("“[It rains,|Claim source_status=author]”", ["last-mark"]),
        ("[“It” rains “hard”|Claim source_status=author]", []),
        ("[He left the U.S.|Claim source_status=author]", []),
        ('["It rains"|Claim source_status=author]', ["outer-marks"]),
    ],
)
def test_outer_quotation_marks_and_the_last_mark_stay_out_of_a_claim(
    text: str, wrong: list[str]
) -> None:
    assert codes(annotated(text)) == wrong


def test_only_the_own_layer_is_checked() -> None:
    article = annotated("[x|Claim#1]")
    article.spans["1"] = replace(article.spans["1"], layer_id="somebody else's")
    assert found(article) == []


def test_findings_are_walked_in_reading_order() -> None:
    article = annotated("[a|Claim] [Oslo|Location] [b|Claim] [Ada|Speaker]")
    places = [finding.place for finding in found(article)]
    assert len(places) == 4
    assert places == sorted(places, key=lambda place: place or Fragment(0, 0))


def test_a_long_claim_is_quoted_by_its_beginning() -> None:
    (finding,) = found(annotated("[" + "very " * 40 + "long|Claim]"))
    assert len(finding.message) < 100


def test_every_sentence_has_a_code_and_names_its_words() -> None:
    assert all("{words}" in template for template in TEMPLATES.values())
