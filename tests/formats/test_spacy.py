"""spaCy DocBin: what spaCy itself reads, and what comes back."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy as library
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, spacy
from annotator.formats.tokens import Tokeniser, snapped, tokeniser, tokens_of
from annotator.model import text_hash
from tests.formats import round_trip
from tests.formats.articles import add_span, small
from tests.formats.round_trip import (
    SCRIPTS,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    said,
    with_id,
)

WRITING = replace(round_trip.WRITING, tokens="words")
several = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def documents(path: Path) -> list[Any]:
    return list(DocBin().from_disk(path).get_docs(Vocab()))


def read(path: Path, reading: Reading = Reading()) -> list[Any]:  # noqa: B008
    return list(spacy.read(path, reading))


@several
@given(st.lists(marked_articles(), max_size=3))
def test_articles_come_back_without_what_was_announced(
    tmp_path_factory: pytest.TempPathFactory, items: list[Annotated]
) -> None:
    path = tmp_path_factory.mktemp("round") / "out.spacy"
    at_tokens = [
        snapped(with_id(item, f"a{n}"), tokens_of(item.article, tokeniser("words")))
        for n, item in enumerate(items)
    ]
    assert_comes_back(spacy, at_tokens, path, WRITING)


def test_a_span_inside_a_word_grows_for_spacy_and_comes_back_exactly(tmp_path: Path) -> None:
    item = small()
    add_span(item, "s4", "Speaker", "art")
    told = [loss.feature for loss in spacy.cannot_carry([item], WRITING)]
    assert told == ["token_edges", "flat_entities", "layer_facts"]
    spacy.write([item], tmp_path / "out.spacy", WRITING)
    (doc,) = documents(tmp_path / "out.spacy")
    assert [span.text for span in doc.spans["sc"] if span.id_ == "s4"] == ["Marta"]
    (back,) = read(tmp_path / "out.spacy")
    assert back.spans["s4"].text == ("art",)


def test_spacy_sees_entities_flat_and_the_group_whole(tmp_path: Path) -> None:
    item = small()
    add_span(item, "s4", "Speaker", "Ilves")
    spacy.write([item], tmp_path / "out.spacy", WRITING)
    (doc,) = documents(tmp_path / "out.spacy")
    assert doc.text == item.article.text
    assert [(span.text, span.label_, span.id_, span.kb_id_) for span in doc.spans["sc"]] == [
        ("The quay", "Claim", "s1", ""),
        ("will not move", "Claim", "s1", ""),
        ("Marta Ilves", "Speaker", "s2", "a1"),
        ("Ilves", "Speaker", "s4", ""),
        ("Oslo", "Location", "s3", "p1"),
    ]
    assert [(span.text, span.label_, span.kb_id_) for span in doc.ents] == [
        ("The quay", "Claim", ""),
        ("Marta Ilves", "Speaker", "a1"),
        ("will not move", "Claim", ""),
        ("Oslo", "Location", "p1"),
    ]


def test_every_reading_of_an_article_is_a_document(tmp_path: Path) -> None:
    item = small()
    item.layers["l0"] = replace(item.layers["l1"], id="l0", author="Bo")
    spacy.write([item], tmp_path / "out.spacy", WRITING)
    assert [len(doc.spans["sc"]) for doc in documents(tmp_path / "out.spacy")] == [0, 4]
    (back,) = read(tmp_path / "out.spacy")
    assert sorted(layer.author for layer in back.layers.values()) == ["Bo", "ada"]


def test_what_somebody_changed_in_spacy_holds(tmp_path: Path) -> None:
    path = tmp_path / "out.spacy"
    spacy.write([small()], path, WRITING)
    (doc,) = documents(path)
    claim, _, speaker, _ = doc.spans["sc"]
    doc.spans["sc"] = [
        Span(doc, claim.start, claim.end, "Claim", span_id="s1"),
        speaker,
        Span(doc, 0, 2, "Headline"),
    ]
    doc.ents = []
    DocBin(docs=[doc], store_user_data=True).to_disk(path)
    (back,) = [one for one in read(path) if not isinstance(one, Problem)]
    assert sorted((span.label, span.text) for span in back.spans.values()) == [
        ("Claim", ("The quay",)),
        ("Headline", ("Ferry late",)),
        ("Speaker", ("Marta Ilves",)),
    ]
    assert back.spans["s1"].attributes == {"form": "direct"}


def test_documents_of_strangers_come_in_with_groups_and_entities(tmp_path: Path) -> None:
    nlp = library.blank("en")
    doc = nlp("Ana Ilves left Oslo .")
    doc.ents = [Span(doc, 0, 2, "PERSON"), Span(doc, 3, 4, "GPE", kb_id="Q585")]
    doc.spans["other"] = [Span(doc, 0, 2, "PERSON"), Span(doc, 1, 2, "SURNAME")]
    DocBin(docs=[doc, nlp("Nothing here.")]).to_disk(tmp_path / "theirs.spacy")
    one, two = read(tmp_path / "theirs.spacy", Reading(author="ada"))
    assert (one.article.id, one.article.text) == ("theirs-1", "Ana Ilves left Oslo .")
    assert [(s.label, s.text[0]) for s in one.spans_of("theirs-1/ada")] == [
        ("PERSON", "Ana Ilves"),
        ("SURNAME", "Ilves"),
        ("GPE", "Oslo"),
    ]
    assert [s.attributes for s in one.spans.values() if s.label == "GPE"] == [{"kb_id": "Q585"}]
    assert (two.article.id, two.spans) == ("theirs-2", {})
    again = read(tmp_path / "theirs.spacy", Reading(author="ada"))
    assert again[0].spans == one.spans


@pytest.fixture(scope="module")
def nlp() -> Language:
    """Return spaCy's rules for English, which take a while to make."""
    return library.blank("en")


@pytest.fixture(scope="module")
def tokenise() -> Tokeniser:
    """Return the tokeniser that has the same rules."""
    return tokeniser("spacy:en")


@given(st.lists(st.sampled_from((*SCRIPTS, " ", "\n \n", "  a")), max_size=5).map("".join))
def test_documents_have_the_tokens_that_spacy_itself_would_make(
    nlp: Language, tokenise: Tokeniser, text: str
) -> None:
    own = nlp.make_doc(text)
    words, spaces, _ = spacy.spelled(tokenise(text, None))
    assert Doc(nlp.vocab, words=words, spaces=spaces).text == text
    assert words == [token.text for token in own]
    assert spaces == [bool(token.whitespace_) for token in own]


@pytest.mark.parametrize("count", [0, 1, 20, 300])
def test_a_file_is_what_spacy_itself_would_write(tmp_path: Path, count: int) -> None:
    items = [with_id(small(), f"a{n}") for n in range(count)]
    spacy.write(items, tmp_path / "out.spacy", WRITING)
    theirs = DocBin(attrs=["ENT_IOB", "ENT_TYPE", "ENT_KB_ID"], store_user_data=True)
    for doc in documents(tmp_path / "out.spacy"):
        theirs.add(doc)
    ours = (tmp_path / "out.spacy").read_bytes()
    assert len(theirs) == count
    assert not count or zlib.decompress(ours) == zlib.decompress(theirs.to_bytes())


def test_documents_have_spacys_tokens_unless_others_are_asked_for(tmp_path: Path) -> None:
    item = with_id(small(), "a1")
    text = "Ada doesn't work for the U.N. today."
    item.article = replace(item.article, text=text, sha256=text_hash(text), zones=())
    item.spans.clear()
    item.relations.clear()
    found = {}
    for tokens in ("", "spacy:en", "whitespace"):
        spacy.write([item], tmp_path / "out.spacy", replace(WRITING, tokens=tokens))
        (doc,) = documents(tmp_path / "out.spacy")
        found[tokens] = [token.text for token in doc]
    assert found[""] == found["spacy:en"] == [t.text for t in library.blank("en")(text)]
    assert found["whitespace"] == text.split()


def test_equal_articles_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        spacy.write([small()], tmp_path / name, WRITING)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_it_is_recognised_by_content(tmp_path: Path) -> None:
    spacy.write([small()], tmp_path / "out.spacy", WRITING)
    assert_is_recognised(spacy, tmp_path / "out.spacy")


@pytest.mark.parametrize(
    "content",
    [b"not packed", zlib.compress(b"\x81\xa3abc\x01"), zlib.compress(b"\xff" * 9), b"\x78\x9c"],
)
def test_a_file_that_is_none_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.spacy").write_bytes(content)
    with pytest.raises(UserError, match=r"bad\.spacy"):
        read(tmp_path / "bad.spacy")


@pytest.mark.hostile(29)
def test_a_file_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spacy, "LARGEST", 10**6)
    (tmp_path / "bomb.spacy").write_bytes(zlib.compress(bytes(10**7)))
    with pytest.raises(UserError, match="unpacks to more than"):
        read(tmp_path / "bomb.spacy")


def test_spans_outside_of_the_document_are_reported(tmp_path: Path) -> None:
    nlp = library.blank("en")
    long, short = nlp("one two three four five"), nlp("one two")
    long.spans["sc"] = [Span(long, 0, 1, "A"), Span(long, 3, 5, "B")]
    packed = DocBin(docs=[short, long])
    packed.span_groups[0] = packed.span_groups[1]
    packed.to_disk(tmp_path / "bad.spacy")
    problem, item, _ = read(tmp_path / "bad.spacy")
    assert str(problem) == "line 1: spans['sc'][1]: It lies outside the document."
    assert [span.label for span in item.spans.values()] == ["A"]


def test_what_comes_back_says_the_same_in_every_tokenisation(tmp_path: Path) -> None:
    for name in ("words", "whitespace", "characters", "spacy"):
        spacy.write([small()], tmp_path / "out.spacy", replace(WRITING, tokens=name))
        (back,) = read(tmp_path / "out.spacy")
        assert said(back)["layers"][0][1] == said(small())["layers"][0][1]
