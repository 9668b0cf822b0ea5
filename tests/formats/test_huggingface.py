"""Rows for Hugging Face: what ``datasets`` itself reads, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tqdm.auto import tqdm

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, huggingface, huggingface_jsonl
from tests.formats.articles import add_span, small
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    with_id,
)

BOTH = pytest.mark.parametrize("form", [huggingface, huggingface_jsonl], ids=["parquet", "jsonl"])
CLASSES = [
    *("O", "B-Speaker", "I-Speaker", "B-Location", "I-Location"),
    *("B-Claim", "I-Claim", "B-Cue", "I-Cue"),
]
HERE = Path(__file__).parent / "data" / "huggingface"


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(tqdm, "monitor_interval", 0)  # else it leaves a thread behind
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def opened(path: Path) -> Any:
    if path.is_dir():
        return datasets.load_dataset(str(path), split="train")
    return datasets.load_dataset("parquet", data_files=str(path), split="train")


def read(form: ModuleType, path: Path, reading: Reading | None = None) -> list[Any]:
    return list(form.read(path, reading or Reading()))


@BOTH
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(items=st.lists(marked_articles(), max_size=3))
def test_articles_come_back_without_what_was_announced(
    tmp_path_factory: pytest.TempPathFactory, form: ModuleType, items: list[Annotated]
) -> None:
    path = tmp_path_factory.mktemp("round") / "out"
    assert_comes_back(form, [with_id(item, f"a{n}") for n, item in enumerate(items)], path)


@BOTH
def test_datasets_opens_it_with_the_names_of_the_classes(tmp_path: Path, form: ModuleType) -> None:
    item = small()
    add_span(item, "s4", "Speaker", "Ilves said")
    form.write([item], tmp_path / "out", WRITING)
    found = opened(tmp_path / "out")
    classes = found.features["ner_tags"].feature
    assert isinstance(classes, datasets.ClassLabel)
    assert classes.names == CLASSES
    row = found[0]
    tags = [classes.int2str(number) for number in row["ner_tags"]]
    marked = [(word, tag) for word, tag in zip(row["tokens"], tags, strict=True) if tag != "O"]
    assert marked == [
        *[("The", "B-Claim"), ("quay", "I-Claim"), ("Marta", "B-Speaker"), ("Ilves", "I-Speaker")],
        *[("will", "B-Claim"), ("not", "I-Claim"), ("move", "I-Claim"), ("Oslo", "B-Location")],
    ]
    assert [span["text"] for span in row["spans"] if span["id"] == "s4"] == ["Ilves said"]


@BOTH
def test_labels_that_the_scheme_lacks_become_classes_too(tmp_path: Path, form: ModuleType) -> None:
    item = small()
    add_span(item, "s4", 'Fähre: "a"\n\u2028🚢', "Ferry")
    form.write([small(), with_id(item, "ferry-2")], tmp_path / "out", WRITING)
    found = opened(tmp_path / "out")
    classes = found.features["ner_tags"].feature
    assert classes.names[:-2] == CLASSES
    assert classes.int2str(found[1]["ner_tags"][0]) == 'B-Fähre:%20;"a"%0A;%2028;🚢'
    assert len(read(form, tmp_path / "out")) == 2


@BOTH
def test_what_only_the_tags_lack_is_announced_as_well(form: ModuleType) -> None:
    item = small()
    add_span(item, "s4", "Speaker", "Ilves")
    add_span(item, "s5", "Speaker", "art")
    add_span(item, "s6", "Speaker", " ")
    told = [(loss.feature, loss.count) for loss in form.cannot_carry([item], WRITING)]
    assert told == [("token_edges", 1), ("no_tokens", 1), ("flat_tags", 2), ("layer_facts", 1)]


@BOTH
def test_equal_articles_give_equal_bytes(tmp_path: Path, form: ModuleType) -> None:
    for name in ("one", "two"):
        form.write([small()], tmp_path / name, WRITING)
    files = [sorted(p.rglob("*")) if (p := tmp_path / n).is_dir() else [p] for n in ("one", "two")]
    assert [f.read_bytes() for f in files[0]] == [f.read_bytes() for f in files[1]]


def test_lines_and_card_look_as_they_should(tmp_path: Path) -> None:
    huggingface_jsonl.write([small()], tmp_path / "out", WRITING)
    for name in ("data.jsonl", "README.md"):
        assert (tmp_path / "out" / name).read_text("utf-8") == (HERE / name).read_text("utf-8")


def test_parquet_holds_the_rows_that_the_lines_show(tmp_path: Path) -> None:
    huggingface.write([small()], tmp_path / "out.parquet", WRITING)
    (row,) = pq.read_table(tmp_path / "out.parquet").to_pylist()
    golden = json.loads((HERE / "data.jsonl").read_text("utf-8"))
    golden["ner_tags"] = [CLASSES.index(tag) for tag in golden["ner_tags"]]
    assert row == golden


def test_both_are_recognised_by_content(tmp_path: Path) -> None:
    huggingface.write([small()], tmp_path / "out.parquet", WRITING)
    huggingface_jsonl.write([small()], tmp_path / "out", WRITING)
    assert_is_recognised(huggingface, tmp_path / "out.parquet")
    assert_is_recognised(huggingface_jsonl, tmp_path / "out" / "data.jsonl")


# ------------------------------------------------------------------------------------- strangers

WORDS = ["Ana", "Ilves", "left", "Oslo", "."]
NUMBERS = [1, 2, 0, 3, 0]
NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def said(item: Annotated) -> list[tuple[str, str]]:
    return [(span.label, span.text[0]) for span in item.spans.values()]


def test_a_data_set_of_strangers_comes_in_by_its_classes(tmp_path: Path) -> None:
    features = datasets.Features(
        {
            "tokens": datasets.List(datasets.Value("string")),
            "ner_tags": datasets.List(datasets.ClassLabel(names=NAMES)),
        }
    )
    theirs = datasets.Dataset.from_dict(
        {"tokens": [WORDS], "ner_tags": [NUMBERS]}, features=features
    )
    theirs.to_parquet(tmp_path / "theirs.parquet")
    (item,) = read(huggingface, tmp_path / "theirs.parquet", Reading(author="ada"))
    assert (item.article.id, item.article.text) == ("theirs-1", "Ana Ilves left Oslo .")
    assert said(item) == [("PER", "Ana Ilves"), ("LOC", "Oslo")]


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_lines_of_strangers_come_in_with_named_tags(tmp_path: Path) -> None:
    tags = [NAMES[number] for number in NUMBERS]
    row = {"id": 7, "tokens": WORDS, "labels": tags, "text": "Ana  Ilves left Oslo."}
    (item,) = read(huggingface_jsonl, lines(tmp_path / "theirs.jsonl", row))
    assert (item.article.id, item.article.text) == ("7", "Ana  Ilves left Oslo.")
    assert said(item) == [("PER", "Ana  Ilves"), ("LOC", "Oslo")]


def test_columns_of_other_names_are_mapped(tmp_path: Path) -> None:
    row = {"woorden": WORDS, "soort": ["O", "O", "O", "U-LOC", "O"], "tags": [9]}
    path = lines(tmp_path / "theirs.jsonl", row)
    mapped = Reading(columns={"woorden": "tokens", "soort": "tags"})
    (item,) = read(huggingface_jsonl, path, mapped)
    assert said(item) == [("LOC", "Oslo")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([1], "It is not a JSON object."),
        ({"text": "a"}, "There are no tokens, and no text with spans."),
        ({"tokens": ["a"]}, "There are no tags: no column ner_tags, tags or labels."),
        ({"tokens": ["a"], "tags": ["O", "O"]}, "2 tags do not fit 1 tokens."),
        ({"tokens": ["a"], "tags": [3]}, "The tags are numbers, and the file does not say what"),
        ({"tokens": ["a"], "tags": [None]}, "None is no tag."),
        ({"tokens": [1], "tags": ["O"]}, "There are no tokens"),
    ],
)
def test_rows_that_make_no_sense_are_reported_and_others_come_in(
    tmp_path: Path, row: object, reason: str
) -> None:
    path = lines(tmp_path / "theirs.jsonl", row, {"tokens": ["b"], "tags": ["B-X"]})
    problem, item = read(huggingface_jsonl, path)
    assert isinstance(problem, Problem)
    assert problem.line == 1
    assert problem.reason.startswith(reason)
    assert said(item) == [("X", "b")]


def test_bad_labels_are_reported_and_the_good_ones_come_in(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "text": "Ana left Oslo.",
        "spans": [
            {"id": "1", "start": 0, "end": 3, "label": "PER", "text": "Ana"},
            {"id": "2", "start": 1, "end": 4, "label": "PER", "text": "Ana"},
            {"id": "3", "start": 9, "end": 99, "label": "LOC"},
            {"id": "4", "start": "9", "end": 13, "label": "LOC"},
            {"id": "5", "start": 9, "end": 13, "label": "LOC", "entity": "nobody"},
        ],
        "relations": [
            {"label": "in", "source": "1", "target": "5"},
            {"label": "in", "source": "1", "target": "2"},
        ],
        "tokens": [],
        "ner_tags": [],
    }
    *problems, item = read(huggingface_jsonl, lines(tmp_path / "theirs.jsonl", row))
    assert sorted(problem.place for problem in problems) == [
        *("relations[1]", "spans, '5'", "spans[1]", "spans[2]", "spans[3]"),
    ]
    assert sorted(item.spans) == ["1", "5"]
    assert [(tie.source, tie.target) for tie in item.relations.values()] == [("1", "5")]


def test_reading_twice_gives_the_same_ids(tmp_path: Path) -> None:
    path = lines(tmp_path / "t.jsonl", {"tokens": ["b"], "tags": ["B-X"]})
    one, two = (read(huggingface_jsonl, path)[0] for _ in range(2))
    assert (one.article, one.layers, one.spans) == (two.article, two.layers, two.spans)


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + bytes(40) + b"PAR1", b"nothing"])
def test_a_damaged_parquet_file_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.parquet").write_bytes(content)
    with pytest.raises(UserError, match=r"bad\.parquet"):
        read(huggingface, tmp_path / "bad.parquet")


def test_a_parquet_file_without_tokens_is_reported(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "t.parquet")
    (problem,) = read(huggingface, tmp_path / "t.parquet")
    assert problem.reason == "There are no tokens, and no text with spans."


def test_an_empty_export_opens(tmp_path: Path) -> None:
    huggingface.write([], tmp_path / "none.parquet", replace(WRITING, tokens="whitespace"))
    (classes,) = huggingface._classes(pq.read_schema(tmp_path / "none.parquet")).values()
    assert classes == CLASSES
