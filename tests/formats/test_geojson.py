"""GeoJSON: places with coordinates become points, and the others are told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.annotated import Annotated
from annotator.formats import geojson
from annotator.model import Entity, text_hash
from tests.formats.articles import add_span, small
from tests.formats.foreign import DATA
from tests.formats.round_trip import WRITING, with_id


def written(folder: Path, *items: Annotated) -> list[Any]:
    geojson.write(iter(items), folder / "out.geojson", WRITING)
    value = json.loads((folder / "out.geojson").read_text("utf-8"))
    assert value["type"] == "FeatureCollection"
    return list(value["features"])


def german() -> Annotated:
    """Return an article in German that names a place twice in two sentences."""
    item = small()
    text = "Die Fähre fährt nach Ærøskøbing. In Oslo wartet man. Oslo wartet lange."
    item.article = replace(
        item.article, id="fähre-2", text=text, sha256=text_hash(text), language="de", zones=()
    )
    item.spans.clear()
    item.relations.clear()
    add_span(item, "s1", "Location", "Oslo", entity_id="p1")
    add_span(item, "s2", "Location", "Ærøskøbing", entity_id="p2")
    item.entities["p2"] = Entity(id="p2", kind="place", name="Ærøskøbing")
    return with_id(item, "fähre-2")


def test_a_small_article_is_written_as_the_golden_file_says(tmp_path: Path) -> None:
    written(tmp_path, small())
    golden = DATA / "geojson" / "ferry-1.geojson"
    assert (tmp_path / "out.geojson").read_text("utf-8") == golden.read_text("utf-8")


def test_longitude_comes_before_latitude(tmp_path: Path) -> None:
    (oslo,) = written(tmp_path, small())
    assert oslo["geometry"] == {"type": "Point", "coordinates": [10.75, 59.91]}


def test_a_place_is_counted_over_all_articles_with_a_sentence_of_each(tmp_path: Path) -> None:
    (oslo,) = written(tmp_path, small(), german())
    facts = oslo["properties"]
    assert (facts["mentions"], facts["articles"]) == (2, ["ferry-1", "fähre-2"])
    assert facts["examples"][1] == {"article": "fähre-2", "sentence": "In Oslo wartet man."}


def test_two_readers_of_one_article_name_a_place_once(tmp_path: Path) -> None:
    item = small()
    item.layers["l2"] = replace(item.layers["l1"], id="l2", author="ben")
    item.spans["t3"] = replace(item.spans["s3"], id="t3", layer_id="l2")
    assert written(tmp_path, item)[0]["properties"]["mentions"] == 1


def test_places_without_coordinates_are_a_loss_of_their_own(tmp_path: Path) -> None:
    item = german()
    item.entities["p1"] = replace(item.entities["p1"], latitude=91.0)
    losses = geojson.cannot_carry([item, small()], WRITING)
    assert [(loss.feature, loss.count) for loss in losses] == [("unlocated", 2), ("placeless", 2)]
    assert losses[0].sentence == "2 places without coordinates"
    assert written(tmp_path, item) == []
