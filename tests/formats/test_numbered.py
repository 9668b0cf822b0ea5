"""Numbers in the place of ids: what is labelled alike is the same file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.formats import Reading, jsonl
from annotator.formats.numbered import Numbers
from tests.formats.articles import add_span, any_article, small


def encoded(*annotateds: Annotated) -> bytes:
    numbers, names = Numbers(), jsonl.Names()
    return b"".join(
        jsonl.encode(numbers.numbered(item), "news-default/1", names) for item in annotateds
    )


def born_elsewhere(annotated: Annotated, ids: Iterator[int]) -> Annotated:
    """Return the same labels as another project would have them: other ids, another order."""
    names: dict[str, str] = {annotated.article.id: f"x{next(ids)}"}
    records = list(annotated.records())[1:]
    for record in reversed(records):
        names[record.id] = f"x{next(ids)}"

    def renamed(record: Any) -> Any:
        fields = {
            name: names.get(getattr(record, name), getattr(record, name))
            for name in ("id", "article_id", "layer_id", "entity_id", "source", "target")
            if name in record.__dataclass_fields__
        }
        return replace(record, **fields)

    result = Annotated(renamed(annotated.article))
    for name in ("layers", "entities", "spans", "relations"):
        table = [renamed(record) for record in reversed(getattr(annotated, name).values())]
        getattr(result, name).update({record.id: record for record in table})
    return result


def two_claims() -> Annotated:
    result = small()
    add_span(result, "s0", "Location", "Oslo’s", entity_id="p1")
    return result


def test_the_same_labels_give_the_same_bytes_whatever_their_ids() -> None:
    here = two_claims()
    assert encoded(born_elsewhere(here, count(100))) == encoded(here)


def test_ids_are_numbers_in_reading_order() -> None:
    line = json.loads(encoded(two_claims()))
    layer = line["layers"][0]
    assert (line["id"], layer["id"]) == ("A1", "L1")
    assert [(span["id"], span["text"][0]) for span in layer["spans"]] == [
        *(("S1", "The quay"), ("S2", "Marta Ilves"), ("S3", "Oslo’s"), ("S4", "Oslo")),
    ]
    assert [(one["id"], one["name"]) for one in line["entities"]] == [
        *(("E1", "Marta Ilves"), ("E2", "Oslo")),
    ]
    tie = layer["relations"][0]
    assert (tie["id"], tie["source"], tie["target"]) == ("R1", "S1", "S2")
    assert [span["entity"] for span in layer["spans"]] == [None, "E1", "E2", "E2"]


def test_articles_and_entities_are_counted_through_the_file() -> None:
    lines = [json.loads(line) for line in encoded(small(), small()).splitlines()]
    assert [line["id"] for line in lines] == ["A1", "A2"]
    assert [len(line["entities"]) for line in lines] == [2, 0]
    assert lines[1]["layers"][0]["spans"][1]["entity"] == "E1"


@given(items=st.lists(any_article(), max_size=2, unique_by=lambda item: item.article.id))
def test_a_numbered_file_is_read_again_and_numbered_alike(
    items: list[Annotated], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("numbered") / "out.jsonl"
    path.write_bytes(encoded(*items))
    back = list(jsonl.read(path, Reading()))
    assert all(isinstance(item, Annotated) for item in back), back
    assert encoded(*back) == path.read_bytes()  # type: ignore[arg-type]
