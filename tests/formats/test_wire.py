"""News as agencies and feeds send it: RSS and Atom, ninjs, NewsML-G2."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import UserError
from annotator.formats import Problem, Reading, feed, newsml_g2, ninjs
from annotator.formats.imported import ImportedArticle
from tests.formats.round_trip import recognised

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("An import asked the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(form: Any, path: Path) -> tuple[list[ImportedArticle], list[Problem]]:
    found = list(form.read(path, Reading()))
    problems = [item for item in found if isinstance(item, Problem)]
    return [item for item in found if isinstance(item, ImportedArticle)], problems


def zones(article: ImportedArticle) -> list[tuple[str, str]]:
    return [(zone.zone, article.text[zone.start : zone.end]) for zone in article.zones]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (feed, "feed/rss.xml"),
        (feed, "feed/atom.xml"),
        (ninjs, "ninjs/one.json"),
        (ninjs, "ninjs/two.json"),
        (newsml_g2, "newsml_g2/message.xml"),
    ],
)
def test_each_is_known_by_its_content(form: Any, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.dat"
    path.write_bytes((DATA / name).read_bytes())
    assert recognised(path) is form
    assert read(form, path) != ([], [])


# ------------------------------------------------------------------------------------------ feeds


def test_an_rss_feed_gives_an_article_for_each_entry() -> None:
    (ferry, bridge), (problem,) = read(feed, DATA / "feed" / "rss.xml")

    assert (ferry.title, ferry.published, ferry.language, ferry.source, ferry.url) == (
        "Fähre fährt wieder",
        "2024-03-12",
        "de",
        "Küstenblatt",
        "https://coast.example/ferry",
    )
    assert dict(ferry.metadata) == {"author": "Ada Beispiel", "guid": "ferry-1", "tags": "Lokales"}
    assert zones(ferry) == [
        ("headline", "Fähre fährt wieder"),
        ("lead", "KIEL (dpa) - Die Fähre fuhr am Dienstag wieder & alle freuten sich."),
        ("dateline", "KIEL (dpa) -"),
        ("section_heading", "Das Geld"),
        ("caption", "Ein Kran"),
        ("body", "vier"),
        ("body", "zwei"),
    ]
    assert ferry.encoding == "iso8859-1"
    assert b"<b>F\xc3\xa4hre</b>" in ferry.original
    assert bridge.text == "Brücke bleibt zu vorerst\n\nDie Brücke bleibt bis Mai gesperrt."
    assert ferry.note.endswith("1 entry of the feed holds a summary only, not the article.")
    assert bridge.note == ""
    assert (problem.place, "Nur ein Titel" in problem.reason) == ("entry 3", True)


def test_an_atom_feed_gives_its_texts_and_authors() -> None:
    (ferry, plain), problems = read(feed, DATA / "feed" / "atom.xml")

    assert problems == []
    assert ferry.text == "Ferry & bridge\n\nThe ferry sailed.\n\nIt was late."
    assert (ferry.source, ferry.published) == ("Coast Desk", "2024-03-12")
    assert ferry.metadata["author"] == "Bo Ek"
    assert plain.text == "Plain\n\n1 < 2, she said."


def test_a_feed_that_is_broken_xml_comes_in_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    path.write_text(
        "<rss version='2.0'><channel><item><title>A & B</title>"
        "<description>It rained & rained.</description></item>"
    )
    (item,), _ = read(feed, path)
    assert item.text == "A & B\n\nIt rained & rained."


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.hostile(7)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            f"<?xml version='1.0'?>{BOMB}<rss><channel><title>&b;</title></channel></rss>",
            "entities",
        ),
        ("<rss version='2.0'><channel></channel></rss>", "no feed with entries"),
        ("http://127.0.0.1:1/feed.xml", "no feed with entries"),
        ("/etc/passwd", "no feed with entries"),
        ("", "no feed with entries"),
    ],
)
def test_a_bad_feed_is_refused_by_name_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "a.rss"
    path.write_text(text)
    with pytest.raises(UserError, match=reason) as caught:
        read(feed, path)
    assert str(path) in str(caught.value)


@pytest.mark.hostile(8)
def test_an_external_document_type_is_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    head = '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">'
    item = "<item><title>A</title><description>It rained.</description></item>"
    path.write_text(f"{head}<rss version='0.91'><channel>{item}</channel></rss>")
    assert recognised(path) is feed
    assert read(feed, path)[0][0].text == "A\n\nIt rained."


# ------------------------------------------------------------------------------------------ ninjs


def test_an_item_of_ninjs_1_comes_in_with_all_that_it_says() -> None:
    (item,), problems = read(ninjs, DATA / "ninjs" / "one.json")

    assert problems == []
    assert (item.title, item.published, item.language, item.url) == (
        "Fähre fährt wieder",
        "2024-03-11",
        "de",
        "https://agency.example/items/7",
    )
    assert dict(item.metadata) == {
        "author": "Von Ada Beispiel",
        "located": "Kiel",
        "uri": "https://agency.example/items/7",
        "usageterms": "Nur für Kunden",
        "subjects": "Verkehr; Küste",
    }
    assert zones(item) == [
        ("headline", "Fähre fährt wieder"),
        ("byline", "Von Ada Beispiel"),
        ("lead", "KIEL - Die Fähre fuhr wieder."),
        ("dateline", "KIEL -"),
        ("section_heading", "Das Geld"),
        ("body", "Vier Millionen."),
        ("caption", "Ein Kran am Hafen"),
    ]
    assert json.loads(item.original)["version"] == "2"


def test_items_of_ninjs_2_come_in_and_a_picture_is_told(tmp_path: Path) -> None:
    (ferry, plain), (problem,) = read(ninjs, DATA / "ninjs" / "two.json")

    assert ferry.text == (
        "Ferry sails\n\nAnd late\n\nBo Ek\n\nIt sailed again.\n\nIt was late.\n\nA crane"
    )
    assert (ferry.source, ferry.published) == ("Coast Desk", "2024-03-12")
    assert plain.text == "Plain\n\nOne.\n\nTwo."
    assert (problem.line, problem.place, problem.reason) == (8, "urn:x:2", "The item has no text.")


@pytest.mark.parametrize(
    "item",
    [
        {"uri": 7, "headline": ["x"], "body_text": {"a": 1}, "associations": "no"},
        {"headlines": {"a": 1}, "bodies": [3, {"value": None}], "subject": 3},
        {"uri": "u", "body_xhtml": "<script>x()</script>"},
        {"uri": "u", "body_xhtml": ""},
    ],
)
def test_values_of_the_wrong_kind_are_no_article(tmp_path: Path, item: Any) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(item))
    articles, problems = read(ninjs, path)
    assert (articles, len(problems)) == ([], 1)


# -------------------------------------------------------------------------------------- NewsML-G2


def test_a_message_gives_its_items_with_xhtml_and_nitf() -> None:
    (ferry, nitf), problems = read(newsml_g2, DATA / "newsml_g2" / "message.xml")

    assert problems == []
    assert (ferry.title, ferry.published, ferry.language, ferry.source) == (
        "Fähre fährt wieder",
        "2024-03-11",
        "de",
        "Küstendienst",
    )
    assert dict(ferry.metadata) == {
        "author": "Ada Beispiel",
        "located": "Kiel",
        "guid": "urn:newsml:coast:1",
        "version": "3",
        "subjects": "Verkehr",
    }
    assert zones(ferry) == [
        ("headline", "Fähre fährt wieder"),
        ("subhead", "Alle freuten sich"),
        ("byline", "Von Ada Beispiel"),
        ("dateline", "Kiel, 12. März"),
        ("lead", "Die Fähre fuhr wieder."),
        ("section_heading", "Das Geld"),
        ("body", "Vier"),
        ("body", "Millionen."),
    ]
    assert b"<newsItem" in ferry.original
    assert b"1999/xhtml" in ferry.original
    assert (nitf.title, nitf.published) == ("Ferry sails again", "2024-03-12")
    assert zones(nitf) == [
        ("headline", "Ferry sails again"),
        ("subhead", "And late"),
        ("byline", "By Bo Ek"),
        ("dateline", "Greyhaven, March 12"),
        ("lead", "The Coast ferry sailed."),
        ("caption", "A crane"),
        ("section_heading", "The money"),
        ("body", "Four million."),
        ("body", "a\t1"),
        ("body", "b\t2"),
    ]


def test_nitf_by_itself_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    day = '<date.issue norm="20240312T0800Z"/>'
    head = f'<docdata><doc-id id-string="n7" regsrc="NORA"/>{day}</docdata>'
    path.write_text(
        f"<?xml version='1.0'?><nitf><head><title>Ferry sails</title>{head}</head>"
        "<body><body.content><p>It sailed.</p></body.content></body></nitf>"
    )
    assert recognised(path) is newsml_g2
    (item,), _ = read(newsml_g2, path)
    assert item.text == "Ferry sails\n\nIt sailed."
    assert (item.source, item.published, item.metadata["guid"]) == ("NORA", "2024-03-12", "n7")
    assert item.original == path.read_bytes()


NEWS = "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>{}</newsItem>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{BOMB.replace('rss', 'newsItem')}{NEWS.format('&b;')}", "entities"),
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + NEWS.format("&e;"), "entities"),
        (NEWS.format("<contentSet/>"), "no article with a text"),
        (NEWS.format("<contentSet>"), "line 1, column"),
    ],
)
def test_bad_news_is_refused_by_name_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text)
    with pytest.raises(UserError, match=reason) as caught:
        read(newsml_g2, path)
    assert str(path) in str(caught.value)
