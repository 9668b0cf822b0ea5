"""How long somebody waits who reviews an article that five people have read.

What counts is the time of the process, in hundreds of milliseconds: what else a shared machine does
is no part of it. The article has the bad case: labels that overlap each other everywhere.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.annotated import Annotated
from annotator.model import (
    Article,
    Change,
    Fragment,
    Layer,
    LayerState,
    Record,
    Relation,
    Span,
    edit,
    text_hash,
)
from annotator.project import Project
from annotator.review import merging, settling
from annotator.review.aligning import align
from annotator.review.cases import Standing, review
from annotator.review.verdicts import Signature
from tests.gui.conftest import Start, until
from tests.gui.review_seat import sit_down
from tests.notation import news_scheme

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]

Recorder = Callable[..., None]

LABELS = ("Claim", "Speaker", "Cue", "Location")
SIGNED = Signature("rita", "2026-11-22T10:00:00.000+00:00", 1)


def article(layers: int, count: int, letters: int) -> Annotated:
    """Return an article with *layers* of about *count* spans that mostly agree, and relations."""
    chance = random.Random(letters)
    text = "abcdefghi " * (letters // 10)
    item = Annotated(Article(id="a", title="", text=text, sha256=""))
    places = [(chance.randrange(letters - 60), chance.choice(LABELS)) for _ in range(count)]
    for number in range(layers):
        layer = f"L{number}"
        item.layers[layer] = Layer(
            id=layer, article_id="a", author=layer, state=LayerState.SUBMITTED
        )
        for at, (start, label) in enumerate(places):
            drawn = chance.random()
            if drawn < 0.1:
                continue
            end = start + 10 + at * 7 % 40 + (chance.randint(1, 8) if drawn < 0.3 else 0)
            key = f"{layer}-{at:05}"
            item.spans[key] = Span(
                id=key,
                article_id="a",
                layer_id=layer,
                label=label if drawn < 0.9 else chance.choice(LABELS),
                fragments=(Fragment(start, end),),
                text=(text[start:end],),
            )
        for at in range(count // 3):
            ends = (f"{layer}-{at:05}", f"{layer}-{(at * 3 + chance.randint(1, 2)) % count:05}")
            if all(end in item.spans for end in ends):
                key = f"{layer}-r{at}"
                item.relations[key] = Relation(
                    id=key,
                    article_id="a",
                    layer_id=layer,
                    label="by",
                    source=ends[0],
                    target=ends[1],
                )
    return item


def hundreds(action: Callable[[], object], rounds: int = 9) -> tuple[float, str]:
    """Return how long *action* takes at best, in hundreds of milliseconds, and in words."""
    action()
    times = []
    for _ in range(rounds):
        gc.collect()
        begin = time.process_time()
        action()
        times.append(time.process_time() - begin)
    return min(times) * 10, f"{min(times) * 1000:.0f} ms"


@pytest.mark.parametrize("letters", [20_000, 100_000])
def test_five_layers_of_500_spans_are_aligned_within_100_ms(letters: int, record: Recorder) -> None:
    item, scheme = article(5, 500, letters), news_scheme()
    ids = sorted(item.layers)
    took, note = hundreds(lambda: align(item, ids, scheme))
    record(f"align 5 x 500 spans in {letters // 1000} kB, of 100 ms", took, 1.0, note)
    assert took < 1.0


@pytest.mark.parametrize(("count", "letters"), [(500, 20_000), (2_000, 1_000_000)])
def test_the_next_case_is_there_within_100_ms(count: int, letters: int, record: Recorder) -> None:
    item, scheme = article(5, count, letters), news_scheme()
    begun = review(item, scheme)
    case = begun.open_cases[0]

    def step() -> None:
        decision = settling.take(begun, case, 1, SIGNED)
        item.apply(decision)
        assert review(item, scheme, previous=begun).counts.open < begun.counts.open
        item.apply(decision.inverse)

    took, note = hundreds(step)
    record(f"decide and find the next of 5 x {count}, of 100 ms", took, 1.0, note)
    assert took < 1.0


def test_a_bulk_decision_on_5_x_2000_spans_is_previewed_within_a_second(record: Recorder) -> None:
    item, scheme = article(5, 2_000, 1_000_000), news_scheme()
    begun = review(item, scheme)
    batch = merging.batch("majority", SIGNED)
    took, note = hundreds(lambda: merging.majority(begun, batch), rounds=3)
    record("preview a majority of 5 x 2000, of 1000 ms", took / 10, 1.0, note)
    assert took < 10.0


def large(location: Path, *names: str) -> Path:
    """Make a project with articles of 1 MB that five people have read."""
    item = article(5, 2_000, 1_000_000)
    found = replace(item.article, sha256=text_hash(item.article.text), language="en")
    with Project.create(location, schemes.load("news-default"), author="lead") as project:
        for name in names:
            records: list[Record] = [replace(found, id=name)]
            records.extend(
                replace(layer, id=f"{name}-{layer.id}", article_id=name)
                for layer in item.layers.values()
            )
            records.extend(
                replace(
                    span,
                    id=f"{name}-{span.id}",
                    article_id=name,
                    layer_id=f"{name}-{span.layer_id}",
                )
                for span in item.spans.values()
            )
            project.perform(edit("import", [Change(None, one) for one in records]))
    return location


def test_the_next_article_is_on_the_screen_within_100_ms(
    record: Recorder,
    tmp_path: Path,
    app: Start,
) -> None:
    rita = sit_down(app(), large(tmp_path / "two.annotator", "a", "b"), "a")
    times = []
    for name in "bababa":
        until(lambda: not rita.sitting.reading)
        key = next(row.key for row in rita.sitting.articles[name] if row.standing == Standing.OPEN)
        begin = time.thread_time()
        rita.sitting.go(name, key)
        QApplication.processEvents()
        times.append(time.thread_time() - begin)
        assert rita.case.key == key
    took, note = min(times) * 10, f"{min(times) * 1000:.0f} ms"
    record("the next article on the screen, 5 x 2000 in 1 MB, of 100 ms", took, 1.0, note)
    assert took < 1.0


def test_the_next_case_is_on_the_screen_within_100_ms(
    record: Recorder,
    tmp_path: Path,
    app: Start,
) -> None:
    rita = sit_down(app(), large(tmp_path / "large.annotator", "a"), "a")
    rita.save()
    # The time of this thread: what is saved and looked up meanwhile is done by others.
    times = []
    for _ in range(9):
        begin = time.thread_time()
        rita.press("1")
        times.append(time.thread_time() - begin)
        assert rita.case.standing == Standing.OPEN
    took, note = min(times) * 10, f"{min(times) * 1000:.0f} ms"
    record("key to the next case on the screen, 5 x 2000 in 1 MB, of 100 ms", took, 1.0, note)
    assert took < 1.0
