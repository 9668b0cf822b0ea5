"""CSV tables: a row a span, cells that no spreadsheet runs, ids that tie the tables together."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.annotated import Annotated
from annotator.formats import Writing, spans_csv
from tests.formats.articles import small
from tests.formats.foreign import DATA
from tests.formats.round_trip import WRITING

TABLES = ("articles", "spans", "relations", "entities")


def rows(
    folder: Path, table: str, *items: Annotated, writing: Writing = WRITING
) -> list[dict[str, str]]:
    spans_csv.write(iter(items), folder / "out", writing)
    with (folder / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("table", TABLES)
def test_a_small_article_is_written_as_the_golden_files_say(table: str, tmp_path: Path) -> None:
    rows(tmp_path, table, small())
    golden = (DATA / "spans_csv" / f"{table}.csv").read_bytes()
    assert (tmp_path / "out" / f"{table}.csv").read_bytes() == golden


def test_a_span_is_a_row_with_its_offsets_and_words(tmp_path: Path) -> None:
    claim, _, place = rows(tmp_path, "spans", small())
    text = small().article.text
    starts = [part.split("..") for part in claim["fragments"].split()]
    assert [text[int(a) : int(b)] for a, b in starts] == ["The quay", "will not move"]
    assert (claim["text"], claim["form"]) == ("The quay … will not move", "direct")
    assert (place["entity_name"], place["unsure"]) == ("Oslo", "true")


def test_relations_say_what_they_tie(tmp_path: Path) -> None:
    (tie,) = rows(tmp_path, "relations", small())
    assert (tie["source_text"], tie["target_text"]) == ("The quay … will not move", "Marta Ilves")


def test_an_entity_of_many_articles_has_one_row(tmp_path: Path) -> None:
    found = rows(tmp_path, "entities", small(), small())
    assert [entity["name"] for entity in found] == ["Marta Ilves", "Oslo"]


@pytest.mark.parametrize("note", ['=HYPERLINK("http://x.example")', "@SUM(A1)", "\t=1", "+49 4 Öl"])
def test_a_cell_that_a_spreadsheet_would_run_is_shown_instead(note: str, tmp_path: Path) -> None:
    item = small()
    item.spans["s3"] = replace(item.spans["s3"], note=note)
    assert rows(tmp_path, "spans", item)[2]["note"] == f"'{note}"
    raw = Writing(scheme=WRITING.scheme, raw_cells=True)
    assert rows(tmp_path, "spans", item, writing=raw)[2]["note"] == note


def test_excel_is_told_that_the_files_are_utf_8(tmp_path: Path) -> None:
    rows(tmp_path, "spans", small())
    for table in TABLES:
        assert (tmp_path / "out" / f"{table}.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_attributes_that_the_scheme_does_not_know_are_json(tmp_path: Path) -> None:
    item = small()
    item.spans["s3"] = replace(item.spans["s3"], attributes={"größe": 3, "usage": "literal"})
    place = rows(tmp_path, "spans", item)[2]
    assert (place["usage"], place["attributes"]) == ("literal", '{"größe": 3}')


def test_the_texts_are_announced_as_left_out() -> None:
    losses = spans_csv.cannot_carry([small(), small()], WRITING)
    assert [(loss.feature, loss.count) for loss in losses] == [
        ("texts", 2),
        ("zones", 4),
        ("layer_facts", 2),
    ]
