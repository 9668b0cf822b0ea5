"""The German news quotation attribution dataset comes in with everything that it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, german_news_quotations
from tests.formats.round_trip import assert_is_recognised

GOLDEN = Path(__file__).parent / "data" / "german-news-quotations" / "kai.json"
TEXT = "„Der Kai“, sagte Ana Ilves dem Hafenamt, „wird nicht verlegt“, hieß es."


def part(*words: str) -> dict[str, Any]:
    """Return one role of an annotation as the dataset has it."""
    spans = []
    for one in words:
        start = TEXT.index(one)
        spans.append({"begin": 0, "end": 1, "charBegin": start, "charEnd": start + len(one)})
    return {"spans": spans, "text": " ".join(words), "tokenIds": []}


def annotation(**changes: Any) -> dict[str, Any]:
    """Return an annotation with all roles."""
    return {
        "addressee": part("dem Hafenamt"),
        "cue": part("sagte"),
        "frame": part("sagte Ana Ilves dem Hafenamt"),
        "hasNested": False,
        "id": 0,
        "isNested": False,
        "medium": "Speech",
        "quote": part("Der Kai", "wird nicht verlegt"),
        "speaker": part("Ana Ilves"),
        "type": "Direct",
        **changes,
    }


def read(annotations: Any, folder: Path, **changes: Any) -> tuple[Annotated, list[str]]:
    """Return the article with *annotations*, and what is reported about it."""
    path = folder / "kai.json"
    data = {
        "annotations": annotations,
        "documentName": "123 - Kai bleibt: Amt (2006-05-01)",
        "originalText": TEXT,
        "sentences": [],
        "tokens": [],
        **changes,
    }
    path.write_text(json.dumps(data), "utf-8")
    found = list(german_news_quotations.read(path, Reading()))
    (item,) = (one for one in found if isinstance(one, Annotated))
    return item, [str(one) for one in found if isinstance(one, Problem)]


def ties(item: Annotated) -> set[tuple[str, str, str]]:
    """Return the words of each relation, fragments with a stroke between them."""
    words = {key: " / ".join(span.text) for key, span in item.spans.items()}
    return {
        (words[one.source], one.label, words[one.target or ""]) for one in item.relations.values()
    }


def test_a_quotation_comes_with_speaker_cue_frame_and_addressee(tmp_path: Path) -> None:
    item, problems = read([annotation()], tmp_path)
    assert problems == []
    quote = "Der Kai / wird nicht verlegt"
    assert ties(item) == {
        (quote, "attributed_to", "Ana Ilves"),
        (quote, "cued_by", "sagte"),
        (quote, "framed_by", "sagte Ana Ilves dem Hafenamt"),
        (quote, "addressed_to", "dem Hafenamt"),
    }
    assert dict(item.spans["Q0"].attributes) == {
        "form": "direct",
        "type": "Direct",
        "medium": "Speech",
    }


def test_the_name_of_the_document_tells_title_and_day(tmp_path: Path) -> None:
    item, _ = read([], tmp_path)
    article = item.article
    assert (article.title, article.published) == ("Kai bleibt: Amt", "2006-05-01")
    assert article.language == "de"


def test_a_speaker_of_two_quotations_is_one_span(tmp_path: Path) -> None:
    inner = annotation(id=1, quote=part("Kai"), isNested=True)
    item, problems = read([annotation(hasNested=True), inner], tmp_path)
    assert problems == []
    assert [span.label for span in item.spans.values()].count("Speaker") == 1
    assert ("Kai", "nested_in", "Der Kai / wird nicht verlegt") in ties(item)


def test_roles_that_are_not_there_are_no_problem(tmp_path: Path) -> None:
    nothing = {"spans": [], "text": "", "tokenIds": []}
    one = annotation(addressee=[], frame=nothing, cue=nothing, speaker=nothing)
    item, problems = read([one], tmp_path)
    assert problems == []
    assert list(item.spans) == ["Q0"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"quote": {"spans": [{"charBegin": 3, "charEnd": 3}], "text": ""}}, "quote.spans[0]"),
        ({"quote": {"spans": [{"charBegin": 0, "charEnd": 9999}], "text": "x"}}, "quote.spans[0]"),
        ({"quote": part("Der Kai", "wird nicht verlegt") | {"text": "Etwas anderes"}}, "quote"),
        ({"quote": 3}, "quote"),
        ({"speaker": {"spans": [{"charBegin": "1"}], "text": "x"}}, "speaker.spans[0]"),
        ({"speaker": part("Ana Ilves") | {"text": "Berg"}}, "speaker.spans[0]"),
    ],
)
def test_what_is_not_where_it_is_said_to_be_is_reported(
    change: dict[str, Any], place: str, tmp_path: Path
) -> None:
    item, problems = read([annotation(**change), annotation(id=1)], tmp_path)
    assert problems[0].startswith(f"annotations[0].{place}:")
    assert "Q1" in item.spans


def test_annotations_of_another_shape_are_reported(tmp_path: Path) -> None:
    for strange in (None, 3, ["x"]):
        _, problems = read(strange, tmp_path)
        assert len(problems) == 1


def test_the_dataset_is_recognised_by_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "kai.json"
    path.write_bytes(GOLDEN.read_bytes())
    assert_is_recognised(german_news_quotations, path)


def test_the_golden_file_comes_in() -> None:
    found = list(german_news_quotations.read(GOLDEN, Reading(author="ada")))
    (item,) = found
    assert isinstance(item, Annotated)
    assert [layer.author for layer in item.layers.values()] == ["ada"]
    assert ties(item) == {
        ("das Schiff / komme morgen", "attributed_to", "Der Hafen"),
        ("das Schiff / komme morgen", "cued_by", "teilte / mit"),
    }
