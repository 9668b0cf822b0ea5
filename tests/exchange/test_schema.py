"""The schema that ships, against the export of a project in which there is something of everything.

The lines of single articles are held against it in ``tests/formats/test_jsonl.py``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema

from annotator import editing, resources, schemes
from annotator.cli import main
from annotator.model import Change, Comment, Layer, LayerKind, Record, Verdict, Zone, edit, new_id
from annotator.project import Project
from tests.formats.articles import small

KINDS = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)
WHEN = "2024-03-01T10:00:00Z"


def remarks(layer_id: str) -> list[Record]:
    """Return a verdict and a talk about a label of the article."""
    at: dict[str, Any] = {"article_id": "ferry-1", "layer_id": layer_id, "record_id": "s1"}
    first = Comment(id=new_id(), text="Is that all of it?", author="bo", time=WHEN, **at)
    answer = Comment(id=new_id(), text="Yes.", author="ada", time=WHEN, reply_to=first.id, **at)
    return [
        Verdict(
            id=new_id(), revision=1, decision="disagree", reason="too long", author="bo",
            time=WHEN, **at,
        ),
        first,
        replace(answer, resolved=True),
    ]  # fmt: skip


def filled(path: Path) -> None:
    """Make a project with every kind of layer and record, and a corrected text."""
    item = small()
    zones = (*item.article.zones, Zone("dateline", 12, 21))
    item.article = replace(item.article, zones=zones, source="Coast Desk", url="https://x.example")
    item.spans["s2"] = replace(item.spans["s2"], attributes={"seen": True, "tags": ["a", "b"]})
    layers = [
        Layer(id=new_id(), article_id="ferry-1", author=kind, kind=kind, unsure=True)
        for kind in KINDS
    ]
    gold = next(layer for layer in layers if layer.kind == LayerKind.GOLD)
    settled = [replace(span, id=new_id(), layer_id=gold.id) for span in item.spans.values()]
    records: list[Record] = [item.article, *item.entities.values(), *item.layers.values()]
    records += [*layers, *item.spans.values(), *settled, *item.relations.values(), *remarks("l1")]
    with Project.create(path, schemes.load("news-default"), author="ada") as project:
        project.perform(edit("import", [Change(None, record) for record in records]))
        text = project.annotated("ferry-1").article.text.replace("Oslo", "Osló")
        corrected = editing.correct_text(project.annotated("ferry-1"), text)
        project.perform(corrected.edit)


def test_an_export_with_something_of_everything_is_what_the_schema_says(tmp_path: Path) -> None:
    filled(tmp_path / "p.annotator")
    out = tmp_path / "out.jsonl"
    assert main(["export", str(tmp_path / "p.annotator"), str(out)]) == 0
    (line,) = map(json.loads, out.read_text("utf-8").splitlines())
    schema = json.loads(resources.text("schemes/annotator-jsonl-1.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator: Any = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(line)] == []
    assert "Osló" in line["text"]
    assert {layer["kind"] for layer in line["layers"]} == set(KINDS)
    assert len(line["zones"]) == 3
    own = next(layer for layer in line["layers"] if layer["author"] == "ada")
    assert (len(own["verdicts"]), len(own["comments"]), len(own["relations"])) == (1, 2, 1)
    assert main(["import", str(tmp_path / "p.annotator"), str(out)]) == 0
