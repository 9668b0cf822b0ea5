"""Annotator JSON Lines: what is written comes back, and what is wrong is named by its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import resources
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, jsonl, jsonl_line
from annotator.formats.replacing import ExportError
from annotator.model import Fragment
from tests.formats.articles import TEXT, any_article, small
from tests.formats.round_trip import WRITING

SCHEMA = "schemes/annotator-jsonl-1.schema.json"


@pytest.fixture(scope="session")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(resources.text(SCHEMA)))


def encoded(*annotateds: Annotated) -> bytes:
    names = jsonl.Names()
    return b"".join(jsonl.encode(item, "news-default/1", names) for item in annotateds)


def read(data: bytes, folder: Path) -> list[Annotated | Problem]:
    path = folder / "in.jsonl"
    path.write_bytes(data)
    return list(jsonl.read(path, Reading()))


def as_line(annotated: Annotated) -> Any:
    return json.loads(encoded(annotated))


def problems(line: Any, folder: Path) -> list[str]:
    found = read(json.dumps(line).encode() + b"\n", folder)
    assert all(isinstance(item, Problem) for item in found), found
    return [str(item) for item in found]


@given(items=st.lists(any_article(), max_size=3, unique_by=lambda item: item.article.id))
def test_any_articles_come_back_equal_and_give_the_same_bytes_again(
    items: list[Annotated], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    jsonl.write(items, folder / "out.jsonl", WRITING)
    back = list(jsonl.read(folder / "out.jsonl", Reading()))
    assert back == items
    assert encoded(*items) == (folder / "out.jsonl").read_bytes()


@given(item=any_article())
def test_the_schema_accepts_every_line_that_is_written(
    item: Annotated, validator: jsonschema.Draft202012Validator
) -> None:
    assert [error.message for error in validator.iter_errors(as_line(item))] == []


def test_keys_stand_in_the_documented_order() -> None:
    line = as_line(small())
    assert list(line) == [
        *("annotator", "id", "title", "language", "source", "url", "published", "metadata"),
        *("text", "sha256", "offsets", "zones", "scheme", "entities", "layers"),
    ]
    assert list(line["entities"][0]) == [
        *("id", "kind", "name", "aliases", "identifiers", "latitude", "longitude", "attributes"),
    ]
    layer = line["layers"][0]
    assert list(layer) == [
        *("id", "author", "kind", "state", "spans", "relations", "verdicts", "comments"),
    ]
    assert list(layer["spans"][0]) == [
        *("id", "label", "fragments", "text", "attributes", "entity", "unsure", "note"),
    ]
    assert list(layer["relations"][0]) == ["id", "label", "source", "target", "attributes"]


def test_a_claim_in_two_pieces_is_written_with_both_and_their_words() -> None:
    claim = as_line(small())["layers"][0]["spans"][0]
    assert claim["text"] == ["The quay", "will not move"]
    assert [TEXT[start:end] for start, end in claim["fragments"]] == claim["text"]


def objects_of(line: Any) -> Iterator[dict[str, Any]]:
    """Yield each object of a line whose unknown keys are to be kept."""
    yield line
    yield from line["zones"]
    yield from line["entities"]
    for layer in line["layers"]:
        yield layer
        for name in ("spans", "relations", "verdicts", "comments"):
            yield from layer[name]


def test_unknown_keys_are_kept_at_every_level(tmp_path: Path) -> None:
    line = as_line(small())
    layer = line["layers"][0]
    layer["verdicts"] = [
        {"id": "v", "record": "s1", "revision": 3, "decision": "accepted"}
        | {"reason": "", "author": "eve", "time": ""}
    ]
    layer["comments"] = [
        {"id": "c", "record": "ferry-1", "text": "Good.", "author": "eve", "time": ""}
        | {"reply_to": None, "resolved": False}
    ]
    count = 0
    for count, item in enumerate(objects_of(line), 1):
        item["external_id"] = {"from elsewhere": [count, None]}
    assert count == 12
    data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    (back,) = read(data, tmp_path)
    assert isinstance(back, Annotated)
    assert encoded(back) == data


def test_equal_ids_in_two_layers_are_kept(tmp_path: Path) -> None:
    line = as_line(small())
    line["layers"].append(json.loads(json.dumps(line["layers"][0])) | {"author": "bob", "id": "l2"})
    data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    (back,) = read(data, tmp_path)
    assert isinstance(back, Annotated)
    assert len(back.spans) == 6
    assert {back.relations[key].source for key in back.relations} == {"s1", "s1@l2"}
    assert encoded(back) == data


def test_an_entity_is_described_on_the_first_line_only() -> None:
    second = replace_id(small(), "ferry-2")
    first_line, second_line = map(json.loads, encoded(small(), second).splitlines())
    assert [item["id"] for item in first_line["entities"]] == ["a1", "p1"]
    assert second_line["entities"] == []


def replace_id(item: Annotated, id_: str) -> Annotated:
    article = replace(item.article, id=id_)
    layers = {key: replace(one, article_id=id_) for key, one in item.layers.items()}
    return replace(item, article=article, layers=layers)


def test_line_ends_of_other_alphabets_do_not_cut_a_line() -> None:
    item = small()
    text = item.article.text
    odd = replace(item.article, source="a\u2028b\u0085c", text=text)
    assert len(encoded(replace(item, article=odd)).decode().splitlines()) == 1


def broken(*path: str | int, value: Any) -> Any:
    line = as_line(small())
    place = line
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return line


SPAN = ("layers", 0, "spans", 0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (broken("offsets", value="utf-16"), "line 1, offsets:"),
        (broken("annotator", value=2), "a newer program wrote it"),
        (broken("sha256", value="0" * 64), "not the one that the SHA-256 was taken of"),
        (broken(*SPAN, "fragments", 0, value=[13, 22]), "covers 'The quay,', not 'The quay'"),
        (broken(*SPAN, "fragments", 0, value=[13, 22]), "Those words stand at 13-21."),
        (broken(*SPAN, "fragments", 0, value=[13, 900]), "13-900 is not a stretch"),
        (broken(*SPAN, "fragments", 0, value=[13]), "layers[0].spans[0].fragments[0][1]"),
        (broken(*SPAN, "fragments", value=[]), "layers[0].spans[0].fragments"),
        (broken(*SPAN, "text", value=["The quay"]), "2 fragments, but 1 covered texts"),
        (broken(*SPAN, "entity", value="nobody"), "'nobody' is described nowhere"),
        (broken(*SPAN, "annotator:id", value="x"), "'annotator:id' is reserved"),
        (broken("layers", 0, "relations", 0, "target", value="s9"), "no span 's9' in its layer"),
        (broken("layers", 0, "relations", 0, "target_entity", value="a1"), "ends at one span"),
        (broken("layers", 0, "state", value="gone"), "layers[0].state"),
        (broken("layers", 0, "spans", 1, "id", value="s1"), "'s1' is there twice"),
        (broken("zones", 0, "end", value=9000), "lies outside the text"),
        (broken("entities", 1, "latitude", value=91.5), "entities[1].latitude"),
        (broken("entities", 1, "id", value="a1"), "described differently"),
        (broken("title", value=7), "line 1, title"),
    ],
)
def test_a_wrong_line_is_left_out_and_its_place_named(
    line: Any, reason: str, tmp_path: Path
) -> None:
    assert reason in "\n".join(problems(line, tmp_path))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"not json", "Not JSON"),
        (b'{"id": "a"}', "Not a line of Annotator JSON Lines"),
        (b"[1, 2]", "Not a line of Annotator JSON Lines"),
        (b'{"annotator": 1, "annotator": 1}', "'annotator' stands twice"),
        (b'{"annotator": NaN}', "NaN is not a JSON number"),
        (b'{"annotator": 1e999}', "too large a number"),
        (b'{"annotator": "\\ud800"}', "lone surrogate"),
        (b'{"annotator": "\xff"}', "Not UTF-8"),
        (b"[" * 200_000, "Not usable JSON"),
    ],
)
def test_a_line_that_is_no_usable_json_is_a_problem(
    raw: bytes, reason: str, tmp_path: Path
) -> None:
    (problem,) = read(raw + b"\n", tmp_path)
    assert isinstance(problem, Problem)
    assert reason in problem.reason


def test_one_bad_line_does_not_stop_the_others(tmp_path: Path) -> None:
    good = encoded(small())
    found = read(b"\xef\xbb\xbf" + good + b"{}\n\n" + good, tmp_path)
    assert [type(item) for item in found] == [Annotated, Problem, Problem]
    assert str(found[2]) == "line 4, id: Article 'ferry-1' stands on line 1 already."


def test_a_file_that_is_not_there_is_the_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        list(jsonl.read(tmp_path / "none.jsonl", Reading()))


@pytest.mark.parametrize(
    "line",
    [
        broken("offsets", value="utf-16"),
        broken("sha256", value="abc"),
        broken(*SPAN, "fragments", value=[]),
        broken(*SPAN, "fragments", 0, value=[1, "2"]),
        broken("layers", 0, "kind", value="robot"),
        broken("layers", 0, "relations", 0, "target_entity", value="a1"),
        broken("layers", 0, "relations", 0, "target", value=None),
        broken("text", value=None),
    ],
)
def test_the_schema_refuses_what_is_wrong(
    line: Any, validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid(line)


def test_the_shipped_schema_says_what_the_reader_checks() -> None:
    assert json.loads(resources.text(SCHEMA)) == jsonl_line.json_schema()


@pytest.mark.hostile(30)
@pytest.mark.parametrize("name", ["folder", "none/out.jsonl", "work.annotator", "disguised.jsonl"])
def test_an_export_never_lands_on_what_must_stay(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for project in ("work.annotator", "disguised.jsonl"):
        (tmp_path / project).write_bytes(b"SQLite format 3\0...")
    before = sorted((path, path.is_file() and path.read_bytes()) for path in tmp_path.iterdir())
    with pytest.raises(ExportError):
        jsonl.write([small()], tmp_path / name, WRITING)
    after = sorted((path, path.is_file() and path.read_bytes()) for path in tmp_path.iterdir())
    assert after == before


@pytest.mark.hostile(30)
def test_an_export_onto_a_device_is_refused() -> None:
    with pytest.raises(ExportError, match="not an ordinary file"):
        jsonl.write([small()], Path("/dev/null"), WRITING)


def test_an_export_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("precious")
    wrong = small()
    wrong.spans["s2"] = replace(wrong.spans["s2"], fragments=(Fragment(0, 3),))
    with pytest.raises(ExportError, match="Article 'ferry-1' cannot be exported: span 's2'"):
        jsonl.write([replace_id(small(), "a"), wrong], target, WRITING)
    assert target.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [target]


def test_an_export_through_a_symbolic_link_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    jsonl.write([small()], tmp_path / "link.jsonl", WRITING)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").read_bytes() == encoded(small())
