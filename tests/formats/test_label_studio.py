"""Label Studio JSON: tasks, annotations and predictions, and the configuration they need."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, label_studio
from annotator.formats.json_array import elements
from annotator.model import LayerKind
from tests.formats.articles import any_article, small
from tests.formats.foreign import DATA, all_said, labels, layer_of, taken, taken_lines, ties
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
)

FOLDER = DATA / "label_studio"


def export() -> tuple[Annotated, list[str]]:
    (item,), problems = taken(label_studio, FOLDER / "export.json")
    return item, problems


def task(**values: Any) -> dict[str, Any]:
    """Return a task about one sentence, with one annotation of these results."""
    result = values.pop("result", [])
    annotation = {"id": 1, "completed_by": 1, "result": result, **values}
    return {"id": 1, "data": {"text": "🚢🚢 Eva Lund said Eva left."}, "annotations": [annotation]}


def region(start: Any, end: Any, text: Any, id_: str = "a") -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text, "labels": ["Speaker"]}
    return {"id": id_, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


@given(st.lists(marked_articles(), max_size=3, unique_by=lambda one: one.article.id))
@settings(deadline=None)
def test_what_was_written_comes_back(items: list[Annotated]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_comes_back(label_studio, items, Path(folder, "tasks.json"))


@given(any_article().filter(lambda item: bool(item.article.text)))
@settings(deadline=None)
def test_any_text_and_any_values_come_back_label_by_label(item: Annotated) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "tasks.json")
        label_studio.write([item], target, WRITING)
        (back,), problems = taken(label_studio, target)
    assert not problems
    assert all_said(back) == all_said(item)
    assert back.article.metadata == item.article.metadata


def test_a_small_article_is_written_as_the_golden_files_say(tmp_path: Path) -> None:
    target = tmp_path / "written.json"
    label_studio.write([small()], target, WRITING)
    assert target.read_text("utf-8") == (FOLDER / "written.json").read_text("utf-8")
    config = tmp_path / "written.config.xml"
    assert config.read_text("utf-8") == (FOLDER / "written.config.xml").read_text("utf-8")


def test_every_shape_of_a_file_is_recognised_by_its_content(tmp_path: Path) -> None:
    for source in FOLDER.glob("*.json"):
        copy = tmp_path / source.name
        copy.write_bytes(source.read_bytes())
        assert_is_recognised(label_studio, copy)


def test_the_configuration_names_every_label_that_the_tasks_use(tmp_path: Path) -> None:
    item = small()
    (span, *_) = item.spans_of("l1")
    item.spans[span.id] = type(span)(
        **{
            **{key: getattr(span, key) for key in span.__slots__},
            "label": 'Tom & "Jerry" <b>\x01',
            "attributes": {"mood": "glad"},
        }
    )
    label_studio.write([item], tmp_path / "tasks.json", WRITING)
    view = etree.fromstring((tmp_path / "tasks.config.xml").read_bytes())
    assert 'Tom & "Jerry" <b>\ufffd' in [one.get("value") for one in view.iter("Label")]
    assert view.find(".//TextArea[@name='note']") is not None
    assert any("mood" in (one.get("name") or "") for one in view.iter("TextArea"))


def test_annotators_become_layers_and_predictions_layers_of_suggesters() -> None:
    item, _ = export()
    assert sorted((one.author, one.kind) for one in item.layers.values()) == [
        ("annotator 3", LayerKind.PERSON),
        ("eva@example.org", LayerKind.PERSON),
        ("ner-2", LayerKind.SUGGESTER),
    ]
    assert labels(item, layer_of(item, "ner-2")) == [("Place", ("Skagen",))]
    assert layer_of(item, "ner-2").extra == {"score": 0.75}
    assert labels(item, layer_of(item, "annotator 3")) == []


def test_values_of_a_region_become_attributes_and_notes() -> None:
    item, _ = export()
    spans = {span.label: span for span in item.spans.values()}
    assert spans["Speaker"].note == "which Eva?"
    assert spans["Claim"].note == "see p. 2"
    assert spans["Claim"].attributes == {"sure": 4, "form": "indirect"}


def test_a_region_with_two_labels_is_two_spans_on_the_same_words() -> None:
    item, _ = export()
    spans = {span.label: span.fragments for span in item.spans.values()}
    assert spans["Claim"] == spans["News"]


def test_relations_keep_their_direction() -> None:
    item, _ = export()
    said = "said\n🚢 the pier in Skagen is safe"
    assert ties(item) == [
        ("Eva Lund", "related", said),
        (said, "related", "Eva Lund"),
        (said, "said_by", "Eva Lund"),
    ]


def test_what_cannot_come_in_is_told_with_its_place() -> None:
    item, problems = export()
    about_all, skipped = problems
    assert about_all.startswith("line 2, annotations[0].result[7]: 'topic' is about the whole")
    assert skipped == "line 2, annotations[2]: The task was skipped: 1 labels are left out."
    assert item.article.title == "Pier"
    assert item.article.metadata == {"desk": 4}


def test_regions_of_a_page_come_in_by_their_place_in_the_whole_page() -> None:
    (item,), problems = taken(label_studio, FOLDER / "page.json")
    assert labels(item) == [("Speaker", ("Lund",))]
    (problem,) = problems
    assert problem.startswith("line 1, annotations[0].result[1]: A region of type 'paragraphlabels")


def test_the_short_form_comes_in() -> None:
    (item,), problems = taken(label_studio, FOLDER / "short.json")
    assert not problems
    assert labels(item, layer_of(item, "annotator 1")) == [("Speaker", ("Eva Lund",))]
    assert item.article.metadata == {"desk": "north"}


@pytest.mark.parametrize("start", [3, 5])
def test_the_unit_of_offsets_is_proved_by_the_words(start: int, tmp_path: Path) -> None:
    line = task(result=[region(start, start + 8, "Eva Lund")])
    (item,), problems = taken_lines(label_studio, tmp_path, line)
    assert not problems
    assert labels(item) == [("Speaker", ("Eva Lund",))]


def test_a_label_whose_words_are_elsewhere_is_told_and_found_again_where_asked(
    tmp_path: Path,
) -> None:
    line = task(result=[region(3, 11, "Eva Lund"), region(6, 9, "left", "b")])
    (item,), (problem,) = taken_lines(label_studio, tmp_path, line)
    assert labels(item) == [("Speaker", ("Eva Lund",))]
    assert problem == (
        "line 1, annotations[0].result[1]: 6-9 covers ' Lu', not 'left'. "
        "Those words stand at 21-25."
    )
    (item,), problems = taken_lines(label_studio, tmp_path, line, reading=Reading(anchoring=True))
    assert not problems
    assert labels(item)[1] == ("Speaker", ("left",))


def test_a_layer_is_the_same_after_label_studio_gave_new_ids(tmp_path: Path) -> None:
    (line,) = json.loads((FOLDER / "written.json").read_bytes())
    line["id"] = 77
    line["annotations"][0] |= {"id": 900, "import_id": 1, "completed_by": 5}
    line["annotations"].append({"id": 1, "import_id": None, "completed_by": 5, "result": []})
    (item,), problems = taken_lines(label_studio, tmp_path, line)
    assert not problems
    assert item.article.id == "ferry-1"
    assert len(item.spans_of(layer_of(item, "ada").id)) == 3
    assert item.spans_of(layer_of(item, "annotator 5").id) == []


def test_predictions_that_stand_there_by_number_are_told_once(tmp_path: Path) -> None:
    lines = [{**task(), "predictions": [number]} for number in (4, 5)]
    lines[1]["id"] = 2
    items, problems = taken_lines(label_studio, tmp_path, *lines)
    assert len(items) == 2
    assert [problem[:15] for problem in problems] == ["predictions: 2 "]


def test_reading_a_file_twice_gives_the_same_ids() -> None:
    assert export() == export()


HOSTILE_RESULTS: list[Any] = [
    region(0, 99, "x"),
    region(5, 2, "x", "b"),
    region(-1, 3, None, "c"),
    region(0, True, None, "d"),
    {"type": "labels"},
    {"type": "relation", "from_id": "nobody", "to_id": "x"},
    {"type": "choices", "id": 5},
    "nonsense",
    None,
]


@pytest.mark.parametrize("result", HOSTILE_RESULTS)
def test_a_wrong_result_is_told_and_the_others_come_in(result: Any, tmp_path: Path) -> None:
    line = task(result=[result, region(3, 11, "Eva Lund", "good")])
    (item,), (problem,) = taken_lines(label_studio, tmp_path, line)
    assert labels(item) == [("Speaker", ("Eva Lund",))]
    assert problem.startswith("line 1, annotations[0].result[0]: ")


@pytest.mark.parametrize(
    "change",
    [
        {"annotations": 5},
        {"annotations": [7]},
        {"annotations": [{"result": {}}]},
        {"drafts": [{"result": [1]}]},
        {"data": 5},
        {"data": {"text": 5}},
        {"data": {"one": "a", "two": "b"}},
        {"data": {"text": "a", "from_annotator": {"article": 5}}},
        {"data": {"text": "a", "from_annotator": {"entities": 5}}},
    ],
)
def test_a_broken_task_is_told_and_the_next_one_comes_in(change: Any, tmp_path: Path) -> None:
    good = {**task(result=[region(3, 11, "Eva Lund")]), "id": 2}
    items, problems = taken_lines(label_studio, tmp_path, {**task(), **change}, good)
    assert labels(items[-1]) == [("Speaker", ("Eva Lund",))]
    assert len(problems) == 1
    assert problems[0].startswith("line 1")


# -------------------------------------------------------------------------------- the array


def values(path: Path) -> list[Any]:
    return [value for _, value in elements(path)]


@given(st.lists(st.recursive(st.text() | st.integers(), st.lists, max_leaves=5)), st.booleans())
def test_an_array_is_cut_into_the_values_that_json_has_in_it(items: list[Any], lean: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.json")
        path.write_text(json.dumps(items, indent=None if lean else 2), encoding="utf-8")
        assert values(path) == items


def test_an_array_that_breaks_off_gives_what_was_whole_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"a": 1},\n {"b": "\\"')
    first, last = elements(path)
    assert first == (1, {"a": 1})
    assert last == (2, Problem(2, "", "The file ends in the middle of a record."))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('[{"a": 1}]\n[{"a": 2}]', 2, "More stands after the end of the list"),
        ('[\n{"a": 1},\n}', 3, "Not JSON"),
        ('[{"a": 1]}, {"a": 2}]', 1, "Not JSON"),
    ],
)
def test_brackets_that_do_not_fit_are_told(
    text: str, line: int, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    problems = [value for _, value in elements(path) if isinstance(value, Problem)]
    assert problems[0].line == line
    assert reason in problems[0].reason


def test_one_whole_task_and_lines_of_tasks_are_read_like_an_array(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{\n "a": 1\n}\n')
    assert values(path) == [{"a": 1}]
    path.write_text('{"a": 1}\n{"a": 2}\n')
    assert values(path) == [{"a": 1}, {"a": 2}]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.json could not be read"):
        list(elements(tmp_path / "gone.json"))


def test_memory_does_not_grow_with_the_number_of_elements(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"text": "a\\" * 50_000}] * 120))
    tracemalloc.start()
    count = sum(1 for _ in elements(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 120
    assert path.stat().st_size > 16 * 1024**2
    assert peak < 8 * 1024**2
