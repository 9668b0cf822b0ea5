"""Export for training against the bare libraries, and how much memory it takes."""

from __future__ import annotations

import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spacy as library
from spacy.tokens import DocBin

from annotator.annotated import Annotated
from annotator.formats import Writing, huggingface, spacy
from annotator.formats.token_rows import TokenRows
from annotator.model import Article, Fragment, Layer, Span, text_hash
from annotator.schemes import load
from tests.bench.ratios import compared

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]

Record = Callable[..., None]

WRITING = Writing(scheme=load("news-default"), tokens="spacy:en")
WORDS = "harbour council said budget vote river bridge mayor report growth claim storm".split()
LABELS = ("Speaker", "Claim", "Location")


def article(number: int, words: int = 800, spans: int = 50) -> Annotated:
    """Return an article of about 5 kB with 50 labels, some of them one in another."""
    chosen = random.Random(number)
    parts = [
        f"{word}." if chosen.random() < 0.08 else word for word in chosen.choices(WORDS, k=words)
    ]
    text = " ".join([*parts, f"w{number % 977}x"])
    edges = [0]
    for part in parts:
        edges.append(edges[-1] + len(part) + 1)
    id_ = f"article-{number:06}"
    item = Annotated(
        Article(id=id_, title=parts[0], text=text, sha256=text_hash(text), language="en")
    )
    item.layers["l"] = Layer(id="l", article_id=id_, author="ada")
    for n in range(spans):
        first = n * (words // spans) + chosen.randrange(3)
        place = Fragment(edges[first], edges[first + chosen.randint(1, 12)] - 1)
        item.spans[f"{id_}/{n}"] = Span(
            id=f"{id_}/{n}",
            article_id=id_,
            layer_id="l",
            label=LABELS[n % 3],
            fragments=(place,),
            text=(text[place.start : place.end],),
            attributes={"form": "direct"} if n % 3 == 1 else {},
        )
    return item


def bare_spacy(ready: Iterable[tuple[str, list[tuple[int, int, str]]]], target: Path) -> None:
    """Write texts and labels that are ready the way that spaCy's manual shows."""
    nlp = library.blank("en")
    packed = DocBin()
    for text, labels in ready:
        doc = nlp.make_doc(text)
        spans = [doc.char_span(a, b, label, alignment_mode="expand") for a, b, label in labels]
        doc.spans["sc"] = spans
        doc.ents = library.util.filter_spans(spans)
        packed.add(doc)
    packed.to_disk(target)


def test_spacy(tmp_path: Path, record: Record) -> None:
    items = [article(number) for number in range(300)]
    ready = [
        (item.article.text, [(*span.fragments[0], span.label) for span in item.spans.values()])
        for item in items
    ]
    ratio, note = compared(
        lambda: spacy.write(items, tmp_path / "ours.spacy", WRITING),
        lambda: bare_spacy(ready, tmp_path / "bare.spacy"),
        rounds=5,
    )
    record("export 300 articles x 50 spans to spaCy DocBin", ratio, 1.5, note)


def test_parquet(tmp_path: Path, record: Record) -> None:
    items = [article(number) for number in range(300)]
    rows = list(TokenRows(WRITING).rows(items))
    schema = huggingface._schema(["O"])

    def bare() -> None:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / "bare.parquet")

    ratio, note = compared(
        lambda: huggingface.write(items, tmp_path / "ours.parquet", WRITING), bare, rounds=5
    )
    record("export 300 articles x 50 spans to Parquet", ratio, 1.5, note)
