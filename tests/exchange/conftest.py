"""A format of somebody else's that holds one reading of an article, and loses a few things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import schemes
from annotator.project import Project
from tests.formats.strangers import installed

FLAT = """
import json

from annotator.annotated import Annotated
from annotator.formats import Group, Problem
from annotator.formats.losses import Fate, announced, without
from annotator.formats.offsets import Claimed, Misplaced, Ruler, located
from annotator.formats.replacing import replacing
from annotator.model import Article, Layer, LayerKind, Span, text_hash

name = "flat"
title = "Flat lines"
purpose = "spans alone"
group = Group.TRAINING
suffixes = (".flat",)
several_layers = False
FATES = {
    "discontinuous": Fate.CHANGED,
    "notes": Fate.LEFT_OUT,
    "relations": Fate.LEFT_OUT,
    "entities": Fate.LEFT_OUT,
}


def recognises(sample):
    return "flat" in sample.keys


def read(path, reading):
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        data = json.loads(line)
        text = data["text"]
        id_ = data["flat"]
        item = Annotated(Article(id=id_, title="", text=text, sha256=text_hash(text)))
        author = reading.author or "import"
        kind = LayerKind.PERSON if reading.author else LayerKind.IMPORT
        layer = Layer(id=f"{id_}/layer", article_id=id_, author=author, kind=kind)
        item.layers[layer.id] = layer
        for count, (start, end, label, words) in enumerate(data["spans"]):
            unit = "codepoint" if reading.offsets == "auto" else reading.offsets
            place = located(Ruler(text), Claimed(start, end, words), unit,
                            anchoring=reading.anchoring)
            if isinstance(place, Misplaced):
                yield Problem(number, f"spans[{count}]", place.reason)
                continue
            span = Span(id=f"{id_}/{count}", article_id=id_, layer_id=layer.id, label=label,
                        fragments=(place,), text=(text[place.start:place.end],),
                        attributes=dict(data.get("attributes", {})))
            item.spans[span.id] = span
        yield item


def write(articles, target, writing):
    count = 0
    with replacing(target) as file:
        for item in articles:
            (layer,) = item.layers or (None,)
            kept = without(item, FATES)
            spans = [[s.start, s.end, s.label, s.text[0]] for s in kept.spans_of(layer)]
            line = {"flat": item.article.id, "text": item.article.text, "spans": spans}
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\\n")
            count += 1
    return count


def cannot_carry(articles, writing):
    return announced(articles, FATES)
"""


@pytest.fixture
def _flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the package with the format ``flat``."""
    with installed(tmp_path / "site", monkeypatch, "flatform", "flat", FLAT):
        yield


@pytest.fixture
def project(store_url: str) -> Iterator[Project]:
    """Yield an empty project of ada's, in a file and on a server."""
    with Project.create(store_url, schemes.load("news-default"), author="ada") as made:
        yield made
