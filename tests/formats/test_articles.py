"""Bringing articles in from files and folders."""

from __future__ import annotations

import socket
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.formats import Reading, articles, imported, markdown, plain_text
from annotator.formats.imported import ImportedArticle, iso_date

DATA = Path(__file__).parent.parent / "data" / "articles"


def one(path: Path, encoding: str | None = None) -> ImportedArticle:
    (article,) = articles.read(path, Reading(encoding=encoding))
    assert isinstance(article, ImportedArticle)
    return article


def zones(article: ImportedArticle) -> list[tuple[str, str]]:
    return [(zone.zone, article.text[zone.start : zone.end]) for zone in article.zones]


def test_a_wire_article_comes_in_with_its_zones() -> None:
    article = one(DATA / "wire.txt")
    found = zones(article)
    by_zone = {name: [words for zone, words in found if zone == name] for name, _ in found}

    assert article.title == "Holt praises decisive role of Kestrel crews in rescue of Port Alder"
    assert by_zone["headline"] == [article.title]
    assert by_zone["subhead"][0].startswith("The Norland president says")
    assert by_zone["boilerplate"] == ["All news", "Updated at:\xa0"]
    assert by_zone["caption"] == [
        "Norland divers in Port Alder Tilda Varga/Press Desk/NORA",
        "Norland divers in Port Alder",
        "© Tilda Varga/Press Desk/NORA",
    ]
    assert by_zone["dateline"] == ["GREYHAVEN, March 14./NORA/."]
    assert by_zone["lead"][0].startswith("GREYHAVEN, March 14./NORA/. Norland President")
    assert by_zone["section_heading"] == ["Final talks"]
    assert article.source == "NORA"
    assert article.language == "en"
    assert article.published is None


def test_plain_text_is_kept_letter_by_letter() -> None:
    data = (DATA / "wire.txt").read_bytes()
    article = one(DATA / "wire.txt")

    assert article.text == data.decode()
    assert article.original == data
    assert article.sha256 == sha256(data).hexdigest()


def test_markdown_comes_in_without_markup_and_with_its_headings() -> None:
    article = one(DATA / "harbour.md")

    assert article.title == "Harbour plan divides Greyhaven"
    assert article.published == "2024-05-02"
    assert article.source == "AP"
    assert article.metadata == {"author": "Ada Example"}
    assert zones(article) == [
        ("headline", "Harbour plan divides Greyhaven"),
        ("subhead", "The council votes on Monday about the bridge"),
        ("byline", "By Ada Example"),
        ("caption", "A crane in the harbour"),
        (
            "lead",
            "GREYHAVEN (AP) — The council of Greyhaven will vote on the new bridge on Monday.",
        ),
        ("dateline", "GREYHAVEN (AP) —"),
        ("body", "“It is needed,” she said."),
        ("section_heading", "The money"),
        ("body", "four million"),
        ("body", "two million"),
        ("body", "a\tb"),
        ("body", "1\t2"),
        ("body", "code here"),
    ]


def test_a_title_in_the_front_matter_is_the_headline(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: Ferry sails\n---\nThe ferry sailed again on Monday.\n")

    assert zones(one(path))[0] == ("headline", "Ferry sails")


@pytest.mark.hostile(4)
def test_a_saved_page_comes_in_without_its_menus(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("An import asked the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    article = one(DATA / "ferry.html")
    found = zones(article)

    assert article.title == "Ferry returns to Port Alder"
    assert article.source == "The Daily Ledger"
    assert article.published == "2024-03-12"
    assert article.url == "https://ledger.example/ferry"
    assert article.language == "en"
    assert [name for name, _ in found] == [
        "headline",
        "subhead",
        "byline",
        "caption",
        "lead",
        "dateline",
        "body",
        "boilerplate",
        "section_heading",
        "body",
        "body",
        "body",
    ]
    assert "sailed again on Tuesday, two years after\xa0the storm" in article.text
    for left_out in ("alert", "color:red", "Home", "cats and dogs", "All rights"):
        assert left_out not in article.text


def test_a_page_in_latin_1_is_read_as_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    words = "<p>Die Bürgermeisterin fährt über die “Brücke”, sagte sie am Montag den Gästen.</p>"
    page = (
        f"<html><head><meta charset='iso-8859-1'></head><body><h1>Brücke</h1>{words}</body></html>"
    )
    path.write_bytes(page.encode("cp1252"))

    assert "Bürgermeisterin fährt über die “Brücke”" in one(path).text


def test_a_page_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "saved.txt"
    path.write_bytes((DATA / "ferry.html").read_bytes())

    assert one(path).title == "Ferry returns to Port Alder"


def test_a_page_of_a_few_words_still_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>It was late.<p>Bo &lt;left&gt;.")

    assert one(path).text == "It was late.\n\nBo <left>."


def test_a_text_without_a_headline_is_called_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "notes of May.txt"
    path.write_text("It was late. Nobody spoke.")

    assert one(path).title == "notes of May"


def test_the_date_above_a_report_is_its_day(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "Ferry sails\n\nPublished 12 March 2024, 10:30\n\nKIEL (dpa) - It sailed again."
    )

    article = one(path)
    assert (article.published, article.source) == ("2024-03-12", "dpa")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2024-03-12T08:00:00Z", "2024-03-12"),
        ("12 March 2024", "2024-03-12"),
        ("Mar. 12, 2024", "2024-03-12"),
        ("12. März 2024", "2024-03-12"),
        ("Stand: 12.03.2024", "2024-03-12"),
        ("December 23", None),
        ("03/04/2020", None),
        ("31 February 2024", None),
    ],
)
def test_a_date_needs_its_year(words: str, day: str | None) -> None:
    assert iso_date(words) == day


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "no words"),
        ("blank.txt", b" \n\xc2\xa0\n", "no words"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n", "PNG picture"),
        ("german.txt", "Die Brücke über den Fluß".encode("latin-1"), "Choose its encoding"),
        ("empty.html", b"<html><body><script>x()</script></body></html>", "no article"),
        ("nothing.html", b"", "no words|no article|not a web page"),
        ("empty.md", b"---\ntitle:\n---\n", "no words"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_reason(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(UserError, match=reason) as caught:
        list(articles.read(path))
    assert str(path) in str(caught.value)


@pytest.mark.hostile(25)
def test_a_folder_a_missing_file_and_a_giant_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large.txt"
    large.write_text("word " * 100)
    monkeypatch.setattr(imported, "LARGEST", 100)

    for path, reason in (
        (tmp_path, "is a folder"),
        (tmp_path / "gone.txt", "does not exist"),
        (large, "such files can have"),
    ):
        with pytest.raises(UserError, match=reason):
            list(plain_text.read(path, Reading()))


def test_hidden_files_are_passed_over_and_no_file_comes_twice(tmp_path: Path) -> None:
    for name in ("b.txt", "sub/c.md", ".hidden.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("It was late.")

    found = list(articles.discover([tmp_path, tmp_path / "b.txt"]))

    assert found == [tmp_path / "b.txt", tmp_path / "sub" / "c.md"]


@pytest.mark.hostile(12)
def test_links_out_of_a_folder_are_not_followed_and_circles_end(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("Not me.")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("It was late.")
    try:
        (folder / "out").symlink_to(outside)
        (folder / "round").symlink_to(folder)
        (folder / "same.txt").symlink_to(folder / "a.txt")
    except OSError:
        pytest.skip("This system makes no links.")

    found = list(articles.discover([folder]))

    assert [item for item in found if isinstance(item, Path)] == [folder / "a.txt"]
    skipped = [item for item in found if isinstance(item, articles.Skipped)]
    assert [item.path.name for item in skipped] == ["out"]


def test_the_encoding_asked_for_reaches_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Die Brücke ist zu.".encode("cp1252"))

    article = one(path, encoding="cp1252")
    assert article.text == "Die Brücke ist zu."
    assert article.encoding == "cp1252"


def test_markdown_readers_give_zones_that_slice_to_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "# One\n\nTwo  \nthree *four*\n\n## Five\n\n> six\n>\n> seven &amp; <b>eight</b>\n"
    )
    (article,) = markdown.read(path, Reading())

    assert article.text == "One\n\nTwo\nthree four\n\nFive\n\nsix\n\nseven & eight"
    assert "".join(words for _, words in zones(article)) == article.text.replace("\n", "")


def test_the_readers_load_their_libraries_only_when_needed() -> None:
    code = (
        "import sys, annotator.formats.articles; annotator.formats.all_formats(); "
        "heavy = 'trafilatura lxml markdown_it regex docx pypdf feedparser openpyxl spacy pyarrow';"
        "print(sorted(set(heavy.split()) & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"
