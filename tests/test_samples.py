"""The sample project: every label stands where it says, breaks no rule, and shows its trait."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from annotator import exchange, resources, rules, samples, schemes
from annotator.annotated import Annotated
from annotator.formats import Reading, jsonl
from annotator.model import LayerState, Span
from annotator.spans import overlap
from annotator.text import Structure

IDS = ("harbour-1-quay", "harbour-2-ferry", "harbour-3-wells")


@pytest.fixture(scope="module")
def articles() -> dict[str, Annotated]:
    found = list(jsonl.read(resources.path("samples/harbour.jsonl"), Reading()))
    assert all(isinstance(item, Annotated) for item in found), found
    return {item.article.id: item for item in found if isinstance(item, Annotated)}


def layer_of(item: Annotated, author: str) -> str:
    layer = item.layer_of(author)
    assert layer is not None
    return layer.id


def spans(articles: dict[str, Annotated], label: str) -> list[tuple[Annotated, Span]]:
    return [
        (item, span)
        for item in articles.values()
        for span in item.spans_of(layer_of(item, "annotator-1"))
        if span.label == label
    ]


def claims(articles: dict[str, Annotated], **attributes: object) -> list[tuple[Annotated, Span]]:
    return [
        (item, span)
        for item, span in spans(articles, "Claim")
        if all(span.attributes.get(name) == value for name, value in attributes.items())
    ]


def test_every_offset_is_proven_by_the_words_it_covers(articles: dict[str, Annotated]) -> None:
    assert tuple(articles) == IDS
    for item in articles.values():
        for span in item.spans.values():
            assert span.text == tuple(item.article.text[a:b] for a, b in span.fragments)


def test_the_texts_and_their_table_are_those_of_the_labels(
    articles: dict[str, Annotated],
) -> None:
    table = tomllib.loads(resources.text("samples/harbour/articles.toml"))["articles"]
    for entry in table:
        article = articles[entry["id"]].article
        assert resources.text(f"samples/harbour/{entry['file']}") == article.text
        assert [tuple(zone) for zone in entry["zones"]] == list(article.zones)
        assert (entry["title"], entry["published"]) == (article.title, article.published)
        assert 300 <= len(article.text.split()) <= 450


@pytest.mark.parametrize("author", ["annotator-1", "annotator-2"])
def test_both_authors_keep_the_rules_of_the_scheme(
    author: str, articles: dict[str, Annotated]
) -> None:
    scheme = schemes.load("news-default")
    for item in articles.values():
        structure = Structure(item.article.text, item.article.language)
        found = rules.findings(item, layer_of(item, author), scheme, structure)
        assert [str(one) for one in found if one.severity == rules.ERROR] == []


def test_the_first_author_leaves_nothing_to_ask_about(articles: dict[str, Annotated]) -> None:
    scheme = schemes.load("news-default")
    for item in articles.values():
        structure = Structure(item.article.text, item.article.language)
        assert rules.findings(item, layer_of(item, "annotator-1"), scheme, structure) == []


def test_the_second_author_differs_in_some_labels_and_agrees_in_most(
    articles: dict[str, Annotated],
) -> None:
    same = total = 0
    for item in articles.values():
        marks = [
            {
                (span.label, span.fragments, tuple(sorted(span.attributes.items())), span.entity_id)
                for span in item.spans_of(layer_of(item, author))
            }
            for author in ("annotator-1", "annotator-2")
        ]
        same += len(marks[0] & marks[1])
        total += len(marks[0])
    assert 0.75 < same / total < 0.92


def test_all_three_forms_of_claims_occur(articles: dict[str, Annotated]) -> None:
    for form in ("direct", "indirect", "mixed"):
        assert claims(articles, form=form), form


def test_the_form_of_every_claim_is_what_the_quotation_marks_say(
    articles: dict[str, Annotated],
) -> None:
    forms = {"all": "direct", "none": "indirect", "part": "mixed"}
    for item, span in claims(articles):
        share = Structure(item.article.text, "en").quoted_share(span.fragments)
        assert span.attributes["form"] == forms[share], span.text


def test_interrupted_quotations_are_one_claim_in_two_pieces(
    articles: dict[str, Annotated],
) -> None:
    assert {span.text for _, span in claims(articles) if len(span.fragments) == 2} >= {
        ("The wall", "will not move an inch"),
        ("The ships", "are not for sale"),
        ("In Klaipėda", "the beer is better anyway"),
    }


def test_a_place_that_speaks_is_speaker_and_location_on_the_same_words(
    articles: dict[str, Annotated],
) -> None:
    places = {(item.article.id, one.fragments): one for item, one in spans(articles, "Location")}
    speaking = [
        (span, places[item.article.id, span.fragments])
        for item, span in spans(articles, "Speaker")
        if (item.article.id, span.fragments) in places
    ]
    assert speaking
    for speaker, place in speaking:
        assert place.attributes["usage"] == "metonymic"
        assert speaker.entity_id != place.entity_id


def test_datelines_captions_bylines_and_headings_are_known(
    articles: dict[str, Annotated],
) -> None:
    for item in articles.values():
        zones = {zone.zone: zone for zone in item.article.zones}
        assert {"headline", "byline", "dateline", "caption", "section_heading"} <= set(zones)
        dateline = zones["dateline"]
        inside = [
            one
            for one in item.spans_of(layer_of(item, "annotator-1"))
            if dateline.start <= one.start and one.end <= dateline.end
        ]
        assert inside
        assert {one.label for one in inside} == {"Location"}


def test_each_article_of_the_sample_holds_a_report_inside_a_report(
    articles: dict[str, Annotated],
) -> None:
    for item in articles.values():
        own = item.relations_of(layer_of(item, "annotator-1"))
        nested = [tie for tie in own if tie.label == "nested_in"]
        assert nested, item.article.id
        for tie in nested:
            inner, outer = item.spans[tie.source], item.spans[tie.target or ""]
            assert all(overlap(outer.fragments, [piece]) for piece in inner.fragments)
            assert item.relations_from(inner.id, "cued_by")


@pytest.mark.parametrize(
    ("status", "speakers", "entities"),
    [("implied", 0, 1), ("unnamed", 0, 0), ("continued", 1, 0), ("explicit", 1, 0)],
)
def test_every_kind_of_source_occurs_with_what_it_is_tied_to(
    status: str, speakers: int, entities: int, articles: dict[str, Annotated]
) -> None:
    found = claims(articles, source_status=status)
    assert found
    for item, span in found:
        ties = item.relations_from(span.id, "attributed_to")
        assert len([tie for tie in ties if tie.target]) == speakers
        assert len([tie for tie in ties if tie.target_entity]) == entities


def test_a_quotation_goes_on_over_a_paragraph(articles: dict[str, Annotated]) -> None:
    item = articles["harbour-1-quay"]
    structure = Structure(item.article.text, "en")
    carried = [
        span
        for _, span in claims(articles, source_status="continued")
        for tie in item.relations_from(span.id, "attributed_to")
        if tie.target
        and structure.paragraph_number(item.spans[tie.target].start)
        < structure.paragraph_number(span.start)
    ]
    assert len(carried) == 2


def test_hedges_denials_and_pronouns_occur(articles: dict[str, Annotated]) -> None:
    assert claims(articles, hedged=True)
    assert claims(articles, polarity="negated")
    cues = [span.text for _, span in spans(articles, "Cue")]
    assert ("did not say",) in cues
    assert any(one.attributes["mention_form"] == "pronoun" for _, one in spans(articles, "Speaker"))


def test_places_occur_in_every_form_and_usage(articles: dict[str, Annotated]) -> None:
    found = [span.attributes for _, span in spans(articles, "Location")]
    assert {item["form"] for item in found} == {"name", "adjectival", "demonym"}
    usages = {item.get("usage", "literal") for item in found}
    assert usages == {"literal", "associative", "metonymic", "mixed"}


def test_every_place_has_its_coordinates_or_a_reason_to_have_none(
    articles: dict[str, Annotated],
) -> None:
    for item, span in spans(articles, "Location"):
        if span.entity_id is None:
            assert span.attributes["nil_reason"]
        else:
            place = item.entities[span.entity_id]
            assert place.latitude is not None
            assert place.longitude is not None


def test_a_joint_source_is_a_group(articles: dict[str, Annotated]) -> None:
    joint = [
        item.entities[span.entity_id].attributes["actor_type"]
        for item, span in spans(articles, "Speaker")
        if span.entity_id and " and the " in span.text[0]
    ]
    assert joint == ["group"]


def test_a_claim_made_twice_is_one_group(articles: dict[str, Annotated]) -> None:
    groups = [span.entity_id for _, span in claims(articles) if span.entity_id]
    assert groups.count("claim-safe") == 2
    assert groups.count("claim-drink") == 2


def test_the_sample_project_is_sound_and_waits_with_nothing_to_undo(store_url: str) -> None:
    with samples.create(store_url) as project:
        assert project.author == "annotator-1"
        assert project.steps_to_undo == 0
        assert [item for item in project.check() if item.severity != "info"] == []
        states = project.progress().by_state
        assert states[LayerState.SUBMITTED] == 2
        assert states[LayerState.IN_PROGRESS] == 1
        assert project.article_ids() == list(IDS)


def test_the_sample_project_gives_back_the_file_it_was_made_from(
    store_url: str, tmp_path: Path
) -> None:
    with samples.create(store_url) as project:
        exchange.take_out(project, tmp_path / "out.jsonl")
    shipped = resources.path("samples/harbour.jsonl").read_bytes()
    assert (tmp_path / "out.jsonl").read_bytes() == shipped
