"""Prodigy JSONL: answers of several people to one text are layers of one article."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.formats import prodigy
from tests.formats.articles import any_article, small
from tests.formats.foreign import DATA, all_said, labels, layer_of, taken, taken_lines, ties
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
)

FOLDER = DATA / "prodigy"


def task(**values: Any) -> dict[str, Any]:
    return {"text": "Eva Lund left.", "_input_hash": 1, "answer": "accept", **values}


@given(st.lists(marked_articles(), max_size=3, unique_by=lambda one: one.article.id))
@settings(deadline=None)
def test_what_was_written_comes_back(items: list[Annotated]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_comes_back(prodigy, items, Path(folder, "answers.jsonl"))


@given(any_article().filter(lambda item: bool(item.article.text)))
@settings(deadline=None)
def test_any_text_and_any_values_come_back_label_by_label(item: Annotated) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "answers.jsonl")
        prodigy.write([item], target, WRITING)
        (back,), problems = taken(prodigy, target)
    assert not problems
    assert all_said(back) == all_said(item)
    assert back.article.metadata == item.article.metadata


@given(marked_articles())
@settings(deadline=None)
def test_tokens_make_up_the_text_and_labels_begin_and_end_at_them(item: Annotated) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "answers.jsonl")
        prodigy.write([item], target, WRITING)
        lines = [json.loads(line) for line in target.read_bytes().splitlines()]
    for line in lines:
        tokens = line["tokens"]
        assert "".join(one["text"] + " " * one["ws"] for one in tokens) == item.article.text
        assert [one["id"] for one in tokens] == list(range(len(tokens)))
        for span in line["spans"]:
            assert tokens[span["token_start"]]["start"] == span["start"]
            assert tokens[span["token_end"]]["end"] == span["end"]
        for tie in line["relations"]:
            assert tokens[tie["head"]]["end"] == tie["head_span"]["end"]


def test_a_small_article_is_written_as_the_golden_file_says(tmp_path: Path) -> None:
    target = tmp_path / "answers.jsonl"
    prodigy.write([small()], target, WRITING)
    assert target.read_text("utf-8") == (FOLDER / "written.jsonl").read_text("utf-8")


def test_files_are_recognised_by_their_content(tmp_path: Path) -> None:
    for source in FOLDER.iterdir():
        copy = tmp_path / source.name
        copy.write_bytes(source.read_bytes())
        assert_is_recognised(prodigy, copy)


def test_answers_of_two_people_to_one_text_are_two_layers() -> None:
    (first, _, _), _ = taken(prodigy, FOLDER / "db-out.jsonl")
    assert labels(first, layer_of(first, "news-ada")) == [
        ("PERSON", ("Eva Lund",)),
        ("PLACE", ("Skagen",)),
    ]
    assert labels(first, layer_of(first, "news-bo")) == []
    assert first.article.source == "Coast Desk"
    assert first.article.metadata == {"page": 3}


def test_keys_of_a_span_that_nobody_knows_are_kept() -> None:
    (first, _, _), _ = taken(prodigy, FOLDER / "db-out.jsonl")
    (person,) = [span for span in first.spans.values() if span.label == "PERSON"]
    assert person.extra == {"score": 0.5}


def test_relations_lead_from_head_to_child() -> None:
    (first, _, _), _ = taken(prodigy, FOLDER / "db-out.jsonl")
    assert ties(first) == [("Eva Lund", "LEFT", "Skagen")]


def test_rejected_labels_answers_given_again_and_bare_words_are_told() -> None:
    (_, rejected, ignored), problems = taken(prodigy, FOLDER / "db-out.jsonl")
    assert problems == [
        "line 1, relations[1]: It begins or ends at words that have no label.",
        "line 4: The same person answered this text again on line 5.",
        "line 2, answer: The answer is 'reject': its 1 labels are left out.",
    ]
    assert (rejected.layers, ignored.layers) == ({}, {})


def test_answers_about_one_label_at_a_time_add_up(tmp_path: Path) -> None:
    spans = ([{"start": 0, "end": 8, "label": "A"}], [{"start": 9, "end": 13, "label": "B"}])
    lines = [task(spans=one, _view_id="ner", _session_id="ada") for one in spans]
    (item,), problems = taken_lines(prodigy, tmp_path, *lines)
    assert not problems
    assert labels(item, layer_of(item, "ada")) == [("A", ("Eva Lund",)), ("B", ("left",))]


def test_offsets_that_count_utf16_units_are_proved_by_the_tokens(tmp_path: Path) -> None:
    tokens = [{"text": "🚢", "start": 0, "end": 2, "id": 0}]
    tokens.append({"text": "Eva", "start": 3, "end": 6, "id": 1})
    spans = [{"start": 3, "end": 6, "token_start": 1, "token_end": 1, "label": "A"}]
    line = task(text="🚢 Eva.", tokens=tokens, spans=spans)
    (item,), problems = taken_lines(prodigy, tmp_path, line)
    assert not problems
    assert labels(item) == [("A", ("Eva",))]


def test_reading_a_file_twice_gives_the_same_ids() -> None:
    assert taken(prodigy, FOLDER / "db-out.jsonl") == taken(prodigy, FOLDER / "db-out.jsonl")


TOKENS = [
    {"text": "Eva", "start": 0, "end": 3, "id": 0},
    {"text": "Lund", "start": 4, "end": 8, "id": 1},
]


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ({"start": 4, "end": 99, "label": "A"}, "4-99 is not a stretch of the text"),
        ({"start": -1, "end": 3, "label": "A"}, "-1-3 is not a stretch of the text"),
        ({"start": 3, "end": 1, "label": "A"}, "3-1 is not a stretch of the text"),
        ({"start": 0, "end": 3}, "It has no label."),
        ({"start": 0, "end": 3, "label": ["A"]}, "It has no label."),
        ({"start": 0, "end": 3, "label": "A", "text": "Lund"}, "0-3 covers 'Eva', not 'Lund'."),
        ({"label": "A"}, "It has no start and end."),
        (
            {"start": 0, "end": 3, "token_start": 1, "token_end": 1, "label": "A"},
            "0-3 is not where its tokens 1 to 1 are: 4-8.",
        ),
        (
            {"start": 0, "end": 3, "token_start": 1, "token_end": 9, "label": "A"},
            "There are no tokens 1 to 9.",
        ),
        (7, "It has no start and end."),
    ],
)
def test_a_wrong_label_is_told_and_the_others_come_in(
    span: Any, reason: str, tmp_path: Path
) -> None:
    good = {"start": 4, "end": 8, "token_start": 1, "token_end": 1, "label": "B"}
    line = task(tokens=TOKENS, spans=[span, good])
    (item,), (problem,) = taken_lines(prodigy, tmp_path, line)
    assert labels(item) == [("B", ("Lund",))]
    assert problem.startswith(f"line 1, spans[0]: {reason}")


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        '{"answer": "accept"}',
        task(text=""),
        '{"text": "a", "spans": [',
        '{"text": "\\udc00"}',
    ],
)
def test_a_broken_line_is_told_and_the_next_one_comes_in(line: Any, tmp_path: Path) -> None:
    (item,), (problem,) = taken_lines(prodigy, tmp_path, line, task())
    assert item.article.text == "Eva Lund left."
    assert problem.startswith("line 1")


@pytest.mark.parametrize(
    "change",
    [
        {"spans": 5},
        {"tokens": "x"},
        {"relations": {"head": 1}},
        {"relations": [7]},
        {"from_annotator": {"layer": {"author": 5}}},
        {"from_annotator": {"entities": [5]}},
        {"from_annotator": {"relations": [{"source": "s", "entity": 4}]}},
        {"from_annotator": {"article": {"zones": 4}}},
    ],
)
def test_a_part_that_is_not_what_it_should_be_is_told(change: Any, tmp_path: Path) -> None:
    (item,), (problem,) = taken_lines(prodigy, tmp_path, task(**change))
    assert problem.startswith("line 1, ")
    assert item.article.text == "Eva Lund left."
