"""Web annotations: what is written comes back, and those of other programs come in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.annotated import Annotated
from annotator.formats import Reading, w3c
from tests.formats.articles import small
from tests.formats.foreign import DATA, labels, taken, ties
from tests.formats.round_trip import (
    WRITING,
)

TEXT = "🚢 Der Kai bleibt, sagte Eva Lund. Der Kai bleibt."


def selector(kind: str, **values: object) -> dict[str, object]:
    return {"type": f"Text{kind}Selector", **values}


def annotation(*selectors: object, **more: object) -> dict[str, object]:
    """Return an annotation of another program on words of the text."""
    target = {"source": "https://zeitung.example/kai", "selector": list(selectors)}
    body = [{"type": "TextualBody", "purpose": "tagging", "value": "Ort"}]
    return {"id": "urn:x:1", "type": "Annotation", "body": body, "target": target, **more}


def read(
    folder: Path, *annotations: object, reading: Reading | None = None
) -> tuple[Annotated, list[str]]:
    path = folder / "kai.jsonld"
    path.write_text(json.dumps(list(annotations)), "utf-8")
    (folder / "kai.txt").write_text(TEXT, "utf-8")
    (item,), problems = taken(w3c, path, reading)
    return item, problems


# ------------------------------------------------------------------------------- there and back


def test_a_small_article_is_written_as_the_golden_files_say(tmp_path: Path) -> None:
    w3c.write([small()], tmp_path / "out", WRITING)
    for name in ("ferry-1.jsonld", "ferry-1.txt"):
        assert (tmp_path / "out" / name).read_bytes() == (DATA / "w3c" / name).read_bytes()


def test_the_text_beside_a_file_belongs_to_it(tmp_path: Path) -> None:
    w3c.write([small()], tmp_path / "out", WRITING)
    path = tmp_path / "out" / "ferry-1.jsonld"
    assert list(w3c.companions(path)) == [tmp_path / "out" / "ferry-1.txt"]


def test_positions_count_code_points_and_quotations_have_words_around(tmp_path: Path) -> None:
    w3c.write([small()], tmp_path / "out", WRITING)
    value: Any = json.loads((tmp_path / "out" / "ferry-1.jsonld").read_text("utf-8"))
    claim, *_ = value["first"]["items"]
    assert [target["source"] for target in claim["target"]] == ["ferry-1.txt"] * 2
    position, quote = claim["target"][1]["selector"]
    text = small().article.text
    assert text[position["start"] : position["end"]] == quote["exact"] == "will not move"
    assert text.endswith(quote["suffix"])


# -------------------------------------------------------------------------------- other programs


def test_a_position_is_taken_in_the_unit_that_covers_the_quotation(tmp_path: Path) -> None:
    quote = selector("Quote", exact="Eva Lund")
    for start in (TEXT.index("Eva"), TEXT.index("Eva") + 1):
        position = selector("Position", start=start, end=start + 8)
        item, problems = read(tmp_path, annotation(position, quote))
        assert labels(item) == [("Ort", ("Eva Lund",))]
        assert problems == []


def test_a_quotation_alone_stands_where_the_words_around_it_agree(tmp_path: Path) -> None:
    quote = selector("Quote", exact="Der Kai", prefix="Lund. ", suffix=" bleibt")
    item, problems = read(tmp_path, annotation(quote))
    (span,) = item.spans.values()
    assert span.start == TEXT.rindex("Der Kai")
    assert problems == []


@pytest.mark.parametrize(
    ("selectors", "reason"),
    [
        ([selector("Quote", exact="Der Kai")], "'Der Kai' stands more than once in the text."),
        ([selector("Quote", exact="Die Mole")], "'Die Mole' stands nowhere in the text."),
        (
            [selector("Position", start=5, end=2)],
            f"5-2 is not a stretch of the text, which has {len(TEXT)} characters.",
        ),
        (
            [selector("Position", start=-1, end=10**12)],
            f"-1-1000000000000 is not a stretch of the text, which has {len(TEXT)} characters.",
        ),
        (
            [selector("Position", start=2, end=5), selector("Quote", exact="Eva")],
            "2-5 covers 'Der', not 'Eva'. Those words stand at 24-27.",
        ),
        ([{"type": "CssSelector", "value": "p"}], "It has neither a position nor a quotation."),
    ],
)
def test_what_is_not_where_it_says_is_told(
    selectors: list[object], reason: str, tmp_path: Path
) -> None:
    item, problems = read(tmp_path, annotation(*selectors))
    assert problems == [f"annotation urn:x:1: {reason}"]
    assert not item.spans


def test_words_that_stand_once_are_found_where_that_is_asked_for(tmp_path: Path) -> None:
    wrong = (selector("Position", start=2, end=5), selector("Quote", exact="Eva"))
    item, problems = read(tmp_path, annotation(*wrong), reading=Reading(anchoring=True))
    assert (labels(item), problems) == ([("Ort", ("Eva",))], [])


def test_relations_of_recogito_tie_two_annotations(tmp_path: Path) -> None:
    said_, who = (selector("Quote", exact=words) for words in ("🚢 Der Kai bleibt", "Eva Lund"))
    relation = {
        "id": "urn:x:3",
        "type": "Annotation",
        "motivation": "linking",
        "body": [{"type": "TextualBody", "purpose": "tagging", "value": "sagt"}],
        "target": [{"id": "urn:x:1"}, {"id": "urn:x:2"}],
    }
    ends = (annotation(said_), annotation(who, id="urn:x:2"))
    item, problems = read(tmp_path, *ends, relation)
    assert ties(item) == [("🚢 Der Kai bleibt", "sagt", "Eva Lund")]
    assert problems == []
    item, problems = read(tmp_path, ends[0], {**relation, "target": [{"id": "urn:x:1"}]})
    assert not item.relations
    assert problems == ["annotation urn:x:3: It does not tie two labels that are here."]


def test_creators_have_a_layer_each_and_places_become_entities(tmp_path: Path) -> None:
    quote = selector("Quote", exact="Eva Lund")
    body = [
        {"type": "TextualBody", "purpose": "commenting", "value": "Wirklich?"},
        {"type": "SpecificResource", "purpose": "identifying", "source": "https://x.example/eva"},
    ]
    item, _ = read(
        tmp_path,
        annotation(quote, creator={"id": "https://x.example/noor", "name": "Noor"}),
        annotation(quote, id="urn:x:2", body=body, motivation="identifying"),
    )
    assert sorted(layer.author for layer in item.layers.values()) == ["Noor", "import"]
    second = item.spans["urn:x:2"]
    assert (second.note, second.entity_id) == ("Wirklich?", "https://x.example/eva")


# ---------------------------------------------------------------------------------- hostile files


@pytest.mark.hostile(12)
@pytest.mark.parametrize("source", ["../secret.txt", "/etc/hostname.txt", "file:///etc/passwd"])
def test_a_text_outside_the_folder_is_not_read(source: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret Kai", "utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "kai.jsonld"
    target = {"source": source, "selector": selector("Quote", exact="Kai")}
    path.write_text(json.dumps(annotation() | {"target": target}), "utf-8")
    items, problems = taken(w3c, path)
    assert items == []
    assert len(problems) == 1
    assert "This text is not beside kai.jsonld, and none is fetched." in problems[0]


@pytest.mark.hostile(12)
def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret Kai", "utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "kai.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "kai.jsonld").write_text(json.dumps(annotation()), "utf-8")
    assert taken(w3c, folder / "kai.jsonld")[0] == []


def test_annotations_that_are_no_objects_leave_the_others(tmp_path: Path) -> None:
    item, _ = read(tmp_path, 5, None, ["x"], annotation(selector("Quote", exact="Eva")))
    assert labels(item) == [("Ort", ("Eva",))]
