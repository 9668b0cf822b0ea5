"""Export for training against the bare libraries, and how much memory it takes."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterable
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
WORDS = ("harbour", "council", "said", "budget", "vote", "river", "bridge", "mayor", "storm")
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
        place = Fragment(edges[first], edges[min(first + chosen.randint(1, 20), words)] - 1)
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
        spans: list[Any] = [doc.char_span(a, b, c, alignment_mode="expand") for a, b, c in labels]
        doc.spans["sc"] = spans
        doc.ents = library.util.filter_spans(spans)
        packed.add(doc)
    packed.to_disk(target)


def test_spacy(tmp_path: Path, record: Record) -> None:
    items = [article(number) for number in range(300)]
    ready = ready_labels(items)
    ratio, note = compared(
        lambda: spacy.write(items, tmp_path / "ours.spacy", WRITING),
        lambda: bare_spacy(ready, tmp_path / "bare.spacy"),
        rounds=5,
    )
    record("export 300 articles x 50 spans to spaCy DocBin", ratio, 1.5, note)


def bare_parquet(
    ready: Iterable[tuple[str, list[tuple[int, int, str]]]],
    rows: list[dict[str, Any]],
    target: Path,
) -> None:
    """Write texts and labels with spaCy's tokens and pyarrow; the other columns are ready."""
    nlp = library.blank("en")
    numbers = {label: 2 * n + 1 for n, label in enumerate(LABELS)}
    made = []
    for (text, labels), row in zip(ready, rows, strict=True):
        doc = nlp.make_doc(text)
        tags = [0] * len(doc)
        spans: list[Any] = [doc.char_span(a, b, c, alignment_mode="expand") for a, b, c in labels]
        for span in library.util.filter_spans(spans):
            begin = numbers[span.label_]
            tags[span.start : span.end] = [begin, *[begin + 1] * (len(span) - 1)]
        made.append({**row, "tokens": [token.text for token in doc], "ner_tags": tags})
    pq.write_table(pa.Table.from_pylist(made, schema=huggingface.schema(["O"])), target)


def ready_labels(items: Iterable[Annotated]) -> list[tuple[str, list[tuple[int, int, str]]]]:
    return [
        (item.article.text, [(*span.fragments[0], span.label) for span in item.spans.values()])
        for item in items
    ]


def test_parquet(tmp_path: Path, record: Record) -> None:
    items = [article(number) for number in range(300)]
    ready = ready_labels(items)
    rows = list(TokenRows(WRITING).rows(items))
    ratio, note = compared(
        lambda: huggingface.write(items, tmp_path / "ours.parquet", WRITING),
        lambda: bare_parquet(ready, rows, tmp_path / "bare.parquet"),
        rounds=5,
    )
    record("export 300 articles x 50 spans to Parquet, with their tokens", ratio, 1.5, note)


def test_parquet_of_rows_that_are_ready(tmp_path: Path, record: Record) -> None:
    rows = list(TokenRows(WRITING).rows(article(number) for number in range(300)))
    schema = huggingface.schema(["O"])
    size = huggingface.TOGETHER
    batches = [rows[at : at + size] for at in range(0, len(rows), size)]

    def ours() -> None:
        with (tmp_path / "ours.parquet").open("wb") as file:
            huggingface.write_rows(batches, file, ["O"])

    def bare() -> None:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / "bare.parquet")

    ratio, note = compared(ours, bare, rounds=9)
    record("the same from rows that are ready", ratio, 1.5, note)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak of one process")
@pytest.mark.parametrize("form", ["spacy", "huggingface"])
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path, record: Record, form: str) -> None:
    few, many = (_peak(form, count, tmp_path / str(count)) for count in (1_000, 4_000))
    record(
        f"peak memory of 4,000 articles against 1,000, {form}",
        many / few,
        1.2,
        f"{many} / {few} MB",
    )


def _peak(form: str, count: int, target: Path) -> int:
    """Return the most memory, in MB, that a process of its own takes to export *count* articles."""
    code = (
        "import re, sys; from pathlib import Path;"
        "from tests.bench.test_bench_training import WRITING, article;"
        f"from annotator.formats import {form} as form;"
        f"form.write(map(article, range({count})), Path(sys.argv[1]), WRITING);"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) // 1024
