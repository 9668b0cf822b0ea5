"""doccano JSONL: what it holds comes back, in our files and in those that doccano wrote."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from annotator.annotated import Annotated
from annotator.formats import Reading, doccano
from annotator.model import LayerKind
from tests.formats.articles import any_article, small
from tests.formats.foreign import DATA, all_said, labels, taken, taken_lines, ties
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    one_layer,
)

OURS = DATA / "doccano" / "written.jsonl"


def our_line() -> Any:
    return json.loads(OURS.read_bytes())


@given(marked_articles().map(one_layer))
@settings(deadline=None)
def test_what_was_written_comes_back(item: Annotated) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_comes_back(doccano, [item], Path(folder, "all.jsonl"))


@given(any_article().map(one_layer).filter(lambda item: bool(item.article.text)))
@settings(deadline=None)
def test_any_text_and_any_values_come_back_label_by_label(item: Annotated) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "all.jsonl")
        doccano.write([item], target, WRITING)
        (back,), problems = taken(doccano, target)
    assert not problems
    assert all_said(back) == all_said(item)
    assert back.article.metadata == item.article.metadata


def test_a_small_article_is_written_as_the_golden_file_says(tmp_path: Path) -> None:
    doccano.write([small()], tmp_path / "all.jsonl", WRITING)
    assert (tmp_path / "all.jsonl").read_text("utf-8") == OURS.read_text("utf-8")


def test_every_shape_of_a_file_is_recognised_by_its_content(tmp_path: Path) -> None:
    for source in (DATA / "doccano").iterdir():
        copy = tmp_path / source.name
        copy.write_bytes(source.read_bytes())
        assert_is_recognised(doccano, copy)


def test_triples_come_in_as_labels_and_other_keys_as_metadata() -> None:
    (first, second), problems = taken(doccano, DATA / "doccano" / "triples.jsonl")
    assert not problems
    assert labels(first) == [("SPEAKER", ("Eva Lund",)), ("PLACE", ("Skagen",))]
    assert first.article.metadata == {"desk": "north"}
    assert [comment.text for comment in first.comments.values()] == ["Which Skagen?"]
    assert labels(second) == []
    assert len(second.layers) == 1


def test_relations_and_comments_of_1_8_come_in() -> None:
    (item,), problems = taken(doccano, DATA / "doccano" / "relations.jsonl")
    assert not problems
    assert ties(item) == [("The pier <b>is</b> safe,", "said_by", "Eva Lund")]
    assert item.article.metadata == {"docid": "wire-4"}
    assert [comment.text for comment in item.comments.values()] == ["Really?"]


def test_the_shapes_of_old_versions_come_in() -> None:
    (first, second), problems = taken(doccano, DATA / "doccano" / "old.jsonl")
    assert not problems
    assert labels(first) == [("SPEAKER", ("Eva Lund",))]
    assert first.article.metadata == {"wire": "X"}
    assert labels(second) == [("3", ("Eva Lund",))]


def test_labels_of_which_nobody_is_named_belong_to_whom_the_import_names() -> None:
    path = DATA / "doccano" / "triples.jsonl"
    (item, _), _ = taken(doccano, path, Reading(author="noor"))
    assert [(one.author, one.kind) for one in item.layers.values()] == [("noor", LayerKind.PERSON)]
    (item, _), _ = taken(doccano, path)
    assert [(one.author, one.kind) for one in item.layers.values()] == [
        ("import", LayerKind.IMPORT)
    ]


@pytest.mark.parametrize(
    ("text", "start", "end", "unit"),
    [
        ("🎉🎉 Eva Lund left.", 3, 11, "code points"),
        ("🎉🎉 Eva Lund left.", 5, 13, "UTF-16 units"),
        ("One.\r\nTwo.\r\nEva Lund left.", 12, 20, "code points"),
        ("One.\r\nTwo.\r\nEva Lund left.", 10, 18, "graphemes, a CRLF being one"),
        ("👩‍👩‍👧 Eva Lund left.", 2, 10, "graphemes"),
    ],
)
def test_the_unit_that_cuts_no_word_is_taken(
    text: str, start: int, end: int, unit: str, tmp_path: Path
) -> None:
    line = {"id": 1, "text": text, "label": [[start, end, "SPEAKER"]]}
    (item,), _ = taken_lines(doccano, tmp_path, line)
    assert labels(item) == [("SPEAKER", ("Eva Lund",))], unit


def test_a_unit_that_is_chosen_is_not_guessed(tmp_path: Path) -> None:
    line = {"id": 1, "text": "🎉🎉 Eva Lund left.", "label": [[5, 13, "SPEAKER"]]}
    (item,), _ = taken_lines(doccano, tmp_path, line, reading=Reading(offsets="codepoint"))
    assert labels(item) == [("SPEAKER", ("a Lund l",))]


def test_a_label_that_was_moved_in_doccano_stays_and_what_was_said_of_it_is_told_as_gone(
    tmp_path: Path,
) -> None:
    line = our_line()
    line["entities"][3]["end_offset"] += 2
    (item,), problems = taken_lines(doccano, tmp_path, line)
    assert ("Location", ("Oslo’s",)) in labels(item)
    (place,) = [span for span in item.spans.values() if span.label == "Location"]
    assert (place.note, place.entity_id) == ("", None)
    (problem,) = problems
    assert problem.startswith("line 1, from_annotator.spans[2]: The label is no longer where it")


def test_new_ids_that_doccano_gives_do_not_part_the_fragments_of_a_label(tmp_path: Path) -> None:
    line = our_line()
    for label in line["entities"]:
        label["id"] += 500
    for tie in line["relations"]:
        tie["from_id"] += 500
        tie["to_id"] += 500
    (item,), problems = taken_lines(doccano, tmp_path, line)
    assert not problems
    assert ("Claim", ("The quay", "will not move")) in labels(item)
    assert ties(item) == [("The quay will not move", "attributed_to", "Marta Ilves")]


def test_reading_a_file_twice_gives_the_same_ids() -> None:
    path = DATA / "doccano" / "relations.jsonl"
    (first,), _ = taken(doccano, path)
    (second,), _ = taken(doccano, path)
    assert first == second


def test_a_wrong_label_is_told_and_the_others_come_in(tmp_path: Path) -> None:
    entities = [
        {"id": 1, "label": "A", "start_offset": 0, "end_offset": 3},
        {"id": 2, "label": "B", "start_offset": 9, "end_offset": 99},
        {"id": 3, "label": "C", "start_offset": 3, "end_offset": 3},
        {"id": 4, "label": "D", "start_offset": -2, "end_offset": 3},
        {"id": 5, "label": None, "start_offset": 0, "end_offset": 3},
        {"id": 6, "label": "E", "start_offset": "0", "end_offset": 3},
        "nonsense",
    ]
    relations = [{"id": 1, "from_id": 1, "to_id": 2, "type": "r"}, 7]
    line = {"id": 1, "text": "Eva spoke.", "entities": entities, "relations": relations}
    (item,), problems = taken_lines(doccano, tmp_path, line)
    assert labels(item) == [("A", ("Eva",))]
    assert problems == [
        "line 1, entities[5]: Its start or end is not a whole number.",
        "line 1, entities[6]: It is not a label with a start and an end.",
        "line 1, entities[1]: 9-99 is not a stretch of the text, which has 10 characters.",
        "line 1, entities[2]: 3-3 is not a stretch of the text, which has 10 characters.",
        "line 1, entities[3]: -2-3 is not a stretch of the text, which has 10 characters.",
        "line 1, entities[4]: It has no label.",
        "line 1, relations[0]: It begins or ends at a label that is not there.",
        "line 1, relations[1]: It begins or ends at a label that is not there.",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1, 2]", "The line is not a JSON object."),
        ('{"text": 5, "label": []}', "There is no text."),
        ('{"text": "", "label": []}', "The text is empty."),
        ('{"text": "a", "text": "b"}', "stands twice"),
        ('{"text": "a", "label": [[0, NaN, "X"]]}', "NaN"),
        ('{"text": "\\ud800", "label": []}', "half a character"),
        ('{"text": "a", "label": ' + "[" * 100_000, "Not usable JSON"),
        ('{"text": "a", "label": [[0,', "Not JSON"),
    ],
)
def test_a_line_that_is_broken_is_told_and_the_next_one_comes_in(
    line: str, reason: str, tmp_path: Path
) -> None:
    good = {"id": 9, "text": "Eva spoke.", "label": [[0, 3, "A"]]}
    (item,), (problem,) = taken_lines(doccano, tmp_path, line, good)
    assert labels(item) == [("A", ("Eva",))]
    assert problem.startswith("line 1")
    assert reason in problem


@pytest.mark.parametrize(
    "kept",
    [
        [],
        {"article": {"zones": [{"zone": "body", "start": 0, "end": 10**9}]}},
        {"layer": {"author": 5}},
        {"entities": [{"id": "p", "latitude": 999}]},
        {"spans": [{"fragments": [[0, True]], "label": []}], "relations": [{"source": -1}]},
        {"spans": 5, "relations": {}, "entities": "x", "offsets": []},
    ],
)
def test_a_forged_key_of_ours_is_checked_like_anything_foreign(kept: Any, tmp_path: Path) -> None:
    line = {**our_line(), "from_annotator": kept}
    (item,), _ = taken_lines(doccano, tmp_path, line)
    assert ("Speaker", ("Marta Ilves",)) in labels(item)
    assert all(span.entity_id is None for span in item.spans.values())
    assert not item.article.zones
