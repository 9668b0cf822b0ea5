"""spaCy trains on what we write: a few steps are enough to see that it learns our labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy as library
from spacy.tokens import DocBin
from spacy.training import Example
from thinc.api import fix_random_seed

from annotator.annotated import Annotated
from annotator.formats import spacy
from annotator.model import Article, Fragment, Layer, Span, text_hash
from tests.formats.round_trip import WRITING

NAMES = ("Ana Ilves", "Bo Ek", "Cy Moe", "Dag Lie")
PLACES = ("Oslo", "Bergen", "Tartu", "Riga")


def article(number: int) -> Annotated:
    """Return an article with two labels, and a third around one of them."""
    name, place = NAMES[number % 4], PLACES[number // 4 % 4]
    text = f"{name} said the quay in {place} will move."
    result = Annotated(Article(id=f"a{number}", title="", text=text, sha256=text_hash(text)))
    result.layers["l"] = Layer(id="l", article_id=f"a{number}", author="ada")
    for label, words in (
        ("Speaker", name),
        ("Claim", f"the quay in {place} will move"),
        ("Location", place),
    ):
        start = text.index(words)
        result.spans[f"{number}/{label}"] = Span(
            id=f"{number}/{label}",
            article_id=f"a{number}",
            layer_id="l",
            label=label,
            fragments=(Fragment(start, start + len(words)),),
            text=(words,),
        )
    return result


@pytest.mark.slow
@pytest.mark.parametrize(
    ("component", "labels"),
    [("ner", ("Claim", "Speaker")), ("spancat", ("Claim", "Location", "Speaker"))],
)
def test_a_blank_pipeline_learns_our_labels(
    tmp_path: Path, component: str, labels: tuple[str, ...]
) -> None:
    spacy.write(map(article, range(16)), tmp_path / "train.spacy", WRITING)
    fix_random_seed(1)
    nlp = library.blank("en")
    config = (
        {"suggester": {"@misc": "spacy.ngram_suggester.v1", "sizes": [1, 2, 6]}}
        if component == "spancat"
        else {}
    )
    part: Any = nlp.add_pipe(component, config=config)
    gold = list(DocBin().from_disk(tmp_path / "train.spacy").get_docs(nlp.vocab))
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in gold]
    optimizer = nlp.initialize(lambda: examples)
    assert tuple(sorted(part.labels)) == labels
    losses = []
    for _ in range(15):
        found: dict[str, float] = {}
        nlp.update(examples, sgd=optimizer, losses=found)
        losses.append(found[component])
    assert losses[-1] < losses[0] / 2
    doc = nlp(gold[0].text)
    marked = doc.ents if component == "ner" else doc.spans["sc"]
    assert ("Speaker", "Ana Ilves") in {(span.label_, span.text) for span in marked}
