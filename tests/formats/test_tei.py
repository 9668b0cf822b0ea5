"""TEI: what is written comes back, and editions of others come in with their labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Reading, tei
from annotator.formats.tei_writing import NAMESPACE
from annotator.model import Fragment, LayerKind, Span, text_hash
from tests.formats.articles import small
from tests.formats.foreign import DATA, labels, taken, ties
from tests.formats.round_trip import (
    WRITING,
)

HAFEN = DATA / "tei" / "hafen.xml"
NAMESPACES = {"t": NAMESPACE}


def document(folder: Path, body: str, *, beside: str = "", before: str = "") -> Path:
    """Write a TEI document of others with this body."""
    path = folder / "in.xml"
    path.write_text(
        f'{before}<TEI xmlns="{NAMESPACE}"><teiHeader/>{beside}'
        f"<text><body>{body}</body></text></TEI>",
        encoding="utf-8",
    )
    return path


def one(path: Path, reading: Reading | None = None) -> tuple[Annotated, list[str]]:
    (item,), problems = taken(tei, path, reading)
    return item, problems


def written(item: Annotated, folder: Path) -> etree._Element:
    """Return the root of the document that an article becomes."""
    tei.write([item], folder / "out", WRITING)
    (path,) = (folder / "out").glob("*.xml")
    return etree.parse(str(path)).getroot()


# ------------------------------------------------------------------------------- there and back


def test_a_small_article_is_written_as_the_golden_file_says(tmp_path: Path) -> None:
    tei.write([small()], tmp_path / "out", WRITING)
    golden = (DATA / "tei" / "ferry-1.xml").read_text("utf-8")
    assert (tmp_path / "out" / "ferry-1.xml").read_text("utf-8") == golden


def test_a_claim_names_who_says_it_and_its_fragments_follow_each_other(tmp_path: Path) -> None:
    root = written(small(), tmp_path)
    first, second = root.iterfind(".//t:said", NAMESPACES)
    assert (first.text, second.text) == ("The quay", "will not move")
    assert first.get("who") == second.get("who") == "#a1"
    assert (first.get("next"), second.get("prev")) == ("#s1.2", "#s1")
    assert first.get("direct") == "true"


def test_labels_that_cross_become_pieces_that_nest(tmp_path: Path) -> None:
    item = small()
    text = "one two three four"
    item.article = replace(item.article, text=text, sha256=text_hash(text), zones=())
    item.relations.clear()
    item.spans.clear()
    for id_, words in (("s1", "one two three"), ("s2", "two three four")):
        start = text.index(words)
        place = Fragment(start, start + len(words))
        item.spans[id_] = Span(
            id=id_, article_id="ferry-1", layer_id="l1", label="Claim",
            fragments=(place,), text=(words,),
        )  # fmt: skip
    root = written(item, tmp_path)
    (paragraph,) = root.iterfind(".//t:body/t:p", NAMESPACES)
    assert "".join(paragraph.itertext()) == text
    pieces = ["".join(one.itertext()) for one in root.iterfind(".//t:said", NAMESPACES)]
    assert pieces == ["one two three", "two three", " four"]


def test_characters_that_xml_has_not_are_announced(tmp_path: Path) -> None:
    item = small()
    item.spans["s3"] = replace(item.spans["s3"], note="bell\x07")
    losses = tei.cannot_carry([item], WRITING)
    assert [(loss.feature, loss.count) for loss in losses] == [("characters", 1)]


# --------------------------------------------------------------------------- editions of others


def test_an_edition_in_german_comes_in_with_its_labels() -> None:
    item, problems = one(HAFEN, Reading(scheme=WRITING.scheme))
    assert item.article.text == (
        "Fähre bleibt im Hafen\n\n„Der Kai“, sagte Marta Ilves, „bleibt geschlossen.“"
        "\n\nIn Skagen und Hamburg wartet man."
    )
    assert labels(item) == [
        ("Claim", ("Der Kai", "bleibt geschlossen")),
        ("persName", ("Marta Ilves",)),
        ("Location", ("Skagen",)),
        ("Location", ("Hamburg",)),
        ("Geduld", ("wartet man",)),
    ]
    assert ties(item) == [("Der Kai bleibt geschlossen", "attributed_to", "Marta Ilves")]
    assert (item.article.title, item.article.language) == ("Fähre bleibt im Hafen", "de")
    assert (item.article.source, item.article.published) == ("Küstenbote", "2021-05-04")
    skagen = item.entities["skagen"]
    assert (skagen.latitude, skagen.longitude) == (57.72, 10.58)
    assert skagen.identifiers == {"geonames": "2613939"}
    hamburg = item.entities["https://www.geonames.org/2911298"]
    assert (hamburg.name, hamburg.kind) == ("Hamburg", "place")
    assert problems == [
        "line 28, span: It does not lead to words of the text.",
        "text: No part of the running text, left out: 1 note.",
    ]


def test_without_a_scheme_labels_are_called_as_the_file_calls_them() -> None:
    item, _ = one(HAFEN)
    assert {label for label, _ in labels(item)} == {"said", "persName", "placeName", "Geduld"}


def test_labels_of_nobody_belong_to_whom_the_import_names() -> None:
    (layer,) = one(HAFEN, Reading(author="noor"))[0].layers.values()
    assert (layer.author, layer.kind) == ("noor", LayerKind.PERSON)
    (layer,) = one(HAFEN)[0].layers.values()
    assert layer.kind == LayerKind.IMPORT


def test_reading_twice_gives_the_same_ids() -> None:
    assert one(HAFEN) == one(HAFEN)


def test_a_corpus_of_several_texts_is_several_articles(tmp_path: Path) -> None:
    single = f'<TEI xmlns="{NAMESPACE}"><text><body><p>Kurz.</p></body></text></TEI>'
    path = tmp_path / "alle.xml"
    path.write_text(f'<teiCorpus xmlns="{NAMESPACE}">{single}{single}</teiCorpus>', "utf-8")
    items, problems = taken(tei, path)
    assert [item.article.id for item in items] == ["alle#1", "alle#2"]
    assert problems == []


# ---------------------------------------------------------------------------------- hostile files


@pytest.mark.hostile(8)
@pytest.mark.parametrize(
    "entity",
    ['SYSTEM "file:///etc/passwd"', 'SYSTEM "http://127.0.0.1:1/x"', '"words"'],
)
def test_a_document_with_entities_is_refused(entity: str, tmp_path: Path) -> None:
    path = document(tmp_path, "<p>&x;</p>", before=f"<!DOCTYPE TEI [<!ENTITY x {entity}>]>")
    with pytest.raises(UserError, match="defines entities"):
        taken(tei, path)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p>A <said xml:id="a"/> b</p>', "line 1, said a: It has no words in it."),
        (
            '<p><said xml:id="a">A</said> b<span from="#a" to="#gone">x</span></p>',
            "line 1, span: It does not lead to words of the text.",
        ),
        (
            '<p>A <anchor xml:id="a"/>b<anchor xml:id="b"/><span from="#b" to="#a">x</span></p>',
            "line 1, span: It does not lead to words of the text.",
        ),
    ],
)
def test_what_leads_nowhere_is_told_and_the_article_comes_in(
    body: str, expected: str, tmp_path: Path
) -> None:
    item, problems = one(document(tmp_path, body))
    assert item.article.text.startswith("A")
    assert problems == [expected]


def test_pieces_that_follow_each_other_in_a_circle_end(tmp_path: Path) -> None:
    body = (
        '<p><said xml:id="a" next="#b">A</said> b <said xml:id="b" prev="#a" next="#a">c</said></p>'
    )
    item, _ = one(document(tmp_path, body))
    assert sum(len(span.fragments) for span in item.spans.values()) <= 2


def test_a_file_that_is_no_tei_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "page.xml"
    path.write_text("<html/>", "utf-8")
    with pytest.raises(UserError, match=r"page\.xml is not TEI P5"):
        taken(tei, path)


def test_a_document_without_words_is_told(tmp_path: Path) -> None:
    items, problems = taken(tei, document(tmp_path, "<p/>"))
    assert items == []
    assert problems == ["line 1: There is no text in it."]


def values(item: Annotated) -> list[Any]:
    return [span.attributes for span in item.spans.values()]


def test_attributes_of_elements_are_attributes_of_labels(tmp_path: Path) -> None:
    item, _ = one(document(tmp_path, '<p><seg type="cue" subtype="verb">sagte</seg></p>'))
    assert labels(item) == [("cue", ("sagte",))]
    assert values(item) == [{"subtype": "verb"}]
