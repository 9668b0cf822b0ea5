"""Formats with one tag a token, or pieces for one trainer: what is left of an article."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, conll2003, flair, gliner
from annotator.formats.losses import flat
from annotator.formats.tokens import laid, snapped, tokeniser, tokens_of
from annotator.model import text_hash
from tests.formats.articles import add_span, small
from tests.formats.round_trip import WRITING, marked_articles, one_layer

HERE = Path(__file__).parent / "data"


def nested() -> Annotated:
    item = small()
    add_span(item, "s4", "Speaker", "Ilves")
    return item


@pytest.mark.parametrize(
    ("form", "golden"),
    [
        (conll2003, "conll2003/ferry.conll"),
        (flair, "flair/ferry.txt"),
        (gliner, "gliner/ferry.json"),
    ],
)
def test_a_file_looks_as_it_should(tmp_path: Path, form: ModuleType, golden: str) -> None:
    assert form.write([nested()], tmp_path / "out", WRITING) == 1
    assert (tmp_path / "out").read_text("utf-8") == (HERE / golden).read_text("utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(item=marked_articles())
def test_the_longest_labels_come_back_from_conll_2003_token_by_token(
    tmp_path_factory: pytest.TempPathFactory, item: Annotated
) -> None:
    path = tmp_path_factory.mktemp("flat") / "out.conll"
    item = one_layer(item)
    tokens = tokens_of(item.article, tokeniser("words"))
    conll2003.write([item], path, WRITING)
    (back,) = conll2003.read(path, Reading())
    assert not isinstance(back, Problem)
    found = tokeniser("whitespace")(back.article.text, None)
    spans = [one for layer in item.layers for one in snapped(item, tokens).spans_of(layer)]
    expected = sorted(laid(flat(spans), tokens), key=lambda chunk: chunk.first)
    assert len(found) == len(tokens)
    (layer,) = back.layers
    assert laid(back.spans_of(layer), found) == expected


def test_what_one_tag_a_token_cannot_say_is_announced() -> None:
    item = nested()
    add_span(item, "s5", "Location", "Osl")
    told = {loss.feature: loss.count for loss in conll2003.cannot_carry([item], WRITING)}
    assert told == {
        "token_edges": 1,
        "blanks": 1,
        "titles": 1,
        "facts": 1,
        "zones": 2,
        "authors": 1,
        "layer_facts": 1,
        "discontinuous": 1,
        "overlaps": 2,
        "attributes": 1,
        "entities": 2,
        "entity_facts": 1,
        "unsure": 1,
        "notes": 1,
        "relations": 1,
    }


def test_a_token_that_looks_like_the_start_of_a_document_is_none(tmp_path: Path) -> None:
    text = "A -DOCSTART- stood there ."
    item = Annotated(replace(small().article, text=text, sha256=text_hash(text)))
    conll2003.write([item], tmp_path / "out", replace(WRITING, tokens="whitespace"))
    lines = (tmp_path / "out").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("-DOCSTART-")] == ["-DOCSTART- -X- _ O"]


def test_gliner_gets_pieces_of_whole_sentences_that_it_does_not_cut(tmp_path: Path) -> None:
    text = " ".join(f"Sentence number {n} is told by Ana Ilves here." for n in range(100))
    item = Annotated(replace(small().article, text=text, sha256=text_hash(text)))
    item.layers["l1"] = small().layers["l1"]
    add_span(item, "s1", "Speaker", "Ana Ilves")
    gliner.write([item], tmp_path / "out", WRITING)
    pieces = json.loads((tmp_path / "out").read_text("utf-8"))
    assert [word for piece in pieces for word in piece["tokenized_text"]] == (
        tokeniser("words")(text, "en").words()
    )
    assert max(len(piece["tokenized_text"]) for piece in pieces) <= 384
    assert all(piece["tokenized_text"][-1] == "." for piece in pieces)
    first, last, label = pieces[0]["ner"][0]
    assert pieces[0]["tokenized_text"][first : last + 1] == ["Ana", "Ilves"]
    assert label == "Speaker"


def test_a_span_that_is_too_long_for_gliner_is_announced() -> None:
    text = "One. " * 300
    item = Annotated(replace(small().article, text=text, sha256=text_hash(text)))
    item.layers["l1"] = small().layers["l1"]
    add_span(item, "s1", "Claim", text.strip())
    assert "long_pieces" in {loss.feature for loss in gliner.cannot_carry([item], WRITING)}


def test_no_articles_make_an_empty_array_for_gliner(tmp_path: Path) -> None:
    gliner.write([], tmp_path / "out", WRITING)
    assert json.loads((tmp_path / "out").read_text("utf-8")) == []
