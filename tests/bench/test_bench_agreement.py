"""Speed of the panel of agreement against nervaluate (MIT), which computes its F1 part alone.

The panel does more in the same time: strict and overlap F1, the counts of four scenarios, and the
intervals from 2,000 resamples of articles.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from annotator.agreement.measures import Measure
from annotator.agreement.panel import Gathering
from annotator.annotated import Annotated
from annotator.model import Article, Fragment, Layer, LayerState, Span, text_hash
from annotator.scheme import Label, Scheme
from tests.bench.ratios import compared

pytestmark = [pytest.mark.bench, pytest.mark.timeout(2400)]

Record = Callable[..., None]

LABELS = ("Claim", "Cue", "Location", "Speaker")
SCHEME = Scheme(id="bench", title="Bench", labels=tuple(Label(name=name) for name in LABELS))
PEOPLE = ("ada", "jonas", "noor", "pim")
ARTICLES = 1000
SPANS = 50


def corpus(articles: int) -> list[Annotated]:
    """Return articles that four people have read, alike in three of four places."""
    made = []
    for number in range(articles):
        rng = random.Random(number)
        text = f"{number:06} " + "words " * 400
        home = Article(id=f"a{number:06}", title="", text=text, sha256=text_hash(text))
        truth = [(at * 48 + rng.randrange(8), rng.choice(LABELS)) for at in range(SPANS)]
        item = Annotated(home)
        for author in PEOPLE:
            own = Layer(
                id=f"{home.id}-{author}",
                article_id=home.id,
                author=author,
                state=LayerState.SUBMITTED,
            )
            item.layers[own.id] = own
            for at, (start, label) in enumerate(truth):
                end = start + 18 + rng.choice((0, 0, 0, 6))
                said = label if rng.random() < 0.95 else rng.choice(LABELS)
                if rng.random() < 0.95:
                    span = Span(
                        id=f"{own.id}-{at}",
                        article_id=home.id,
                        layer_id=own.id,
                        label=said,
                        fragments=(Fragment(start, end),),
                        text=(text[start:end],),
                    )
                    item.spans[span.id] = span
        made.append(item)
    return made


def test_agreement_of_four_people(record: Record) -> None:
    import nervaluate

    items = corpus(ARTICLES)
    rows: dict[str, list[list[dict[str, Any]]]] = {author: [] for author in PEOPLE}
    for item in items:
        for layer in item.layers.values():
            rows[layer.author].append(
                [
                    # The last character counts in nervaluate.
                    {"label": span.label, "start": span.start, "end": span.end - 1}
                    for span in item.spans_of(layer.id)
                ]
            )

    def ours() -> object:
        gathering = Gathering(SCHEME, measures=(Measure.F1,))
        for item in items:
            gathering.add(item)
        return gathering.panel()

    def theirs() -> object:
        return [
            nervaluate.Evaluator(
                rows[one], rows[other], tags=list(LABELS), loader="dict"
            ).evaluate()
            for one, other in combinations(PEOPLE, 2)
        ]

    ratio, note = compared(ours, theirs, rounds=3)
    record("agreement panel, 4 people x 1,000 articles x 50 spans", ratio, 1.0, note)
