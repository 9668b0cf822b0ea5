"""schema.org: a claim for each group, with its speakers and the articles it appears in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.annotated import Annotated
from annotator.formats import claimreview
from annotator.model import Entity
from tests.formats.articles import small
from tests.formats.foreign import DATA
from tests.formats.round_trip import WRITING, with_id


def nodes(folder: Path, *items: Annotated) -> list[Any]:
    claimreview.write(iter(items), folder / "out.jsonld", WRITING)
    value = json.loads((folder / "out.jsonld").read_text("utf-8"))
    assert value["@context"] == "https://schema.org"
    return list(value["@graph"])


def of_type(found: list[Any], kind: str) -> list[Any]:
    return [node for node in found if node["@type"] == kind]


def grouped(id_: str = "ferry-1", published: str | None = "2024-03-01") -> Annotated:
    """Return the small article with its claim in a group that is called in German."""
    item = small()
    group = Entity(id="g1", kind="claim_group", name="Der Kai zieht nicht um.")
    item.entities["g1"] = group
    item.spans["s1"] = replace(item.spans["s1"], entity_id="g1")
    item.article = replace(item.article, published=published)
    return with_id(item, id_)


def test_a_small_article_is_written_as_the_golden_file_says(tmp_path: Path) -> None:
    nodes(tmp_path, small())
    golden = DATA / "claimreview" / "ferry-1.jsonld"
    assert (tmp_path / "out.jsonld").read_text("utf-8") == golden.read_text("utf-8")


def test_a_claim_without_a_group_has_its_own_words_and_its_speaker(tmp_path: Path) -> None:
    (claim,) = of_type(nodes(tmp_path, small()), "Claim")
    assert claim["text"] == "The quay … will not move"
    assert claim["author"]["name"] == "Marta Ilves"
    assert claim["appearance"] == [{"@id": "#article-ferry-1"}]


def test_a_group_is_one_claim_that_first_appears_in_the_earliest_article(tmp_path: Path) -> None:
    found = nodes(tmp_path, grouped(), grouped("b", "2023-01-05"), grouped("c", None))
    (claim,) = of_type(found, "Claim")
    assert claim["text"] == "Der Kai zieht nicht um."
    assert len(claim["appearance"]) == 3
    assert claim["firstAppearance"] == {"@id": "#article-b"}
    assert len(of_type(found, "NewsArticle")) == 3


def test_organisations_are_organisations(tmp_path: Path) -> None:
    item = small()
    item.entities["a1"] = replace(item.entities["a1"], attributes={"actor_type": "government"})
    (claim,) = of_type(nodes(tmp_path, item), "Claim")
    assert claim["author"]["@type"] == "Organization"


def test_there_is_a_review_only_where_somebody_rated(tmp_path: Path) -> None:
    assert of_type(nodes(tmp_path, grouped()), "ClaimReview") == []
    item = grouped()
    item.spans["s1"] = replace(item.spans["s1"], attributes={"rating": "größtenteils falsch"})
    (review,) = of_type(nodes(tmp_path, item), "ClaimReview")
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "größtenteils falsch"}
    assert review["author"] == {"@type": "Person", "name": "ada"}
    assert review["itemReviewed"] == {"@id": "#claim-g1"}


def test_an_address_that_is_no_web_address_is_not_written(tmp_path: Path) -> None:
    item = small()
    item.article = replace(item.article, url="javascript:alert(1)")
    (article,) = of_type(nodes(tmp_path, item), "NewsArticle")
    assert "url" not in article


def test_what_is_no_claim_is_announced() -> None:
    losses = claimreview.cannot_carry([small()], WRITING)
    found = {loss.feature: loss.count for loss in losses}
    assert (found["texts"], found["other_labels"], found["unsure"]) == (1, 1, 1)
