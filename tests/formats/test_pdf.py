"""PDF documents: words at places become the text of an article."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.formats import Reading, pdf, pdf_pages
from annotator.formats.imported import ImportedArticle
from tests.formats import pdf_files
from tests.formats.pdf_files import Placed
from tests.formats.round_trip import recognised


def lines(*texts: str, top: float = 700, left: float = 70, size: float = 11) -> list[Placed]:
    return [(left, top - 14 * number, size, text) for number, text in enumerate(texts)]


def one(path: Path, *pages: list[Placed], **facts: str) -> ImportedArticle:
    path.write_bytes(pdf_files.pdf(pages, info=facts))
    (article,) = pdf.read(path, Reading())
    return article


def zones(article: ImportedArticle) -> list[tuple[str, str]]:
    return [(zone.zone, article.text[zone.start : zone.end]) for zone in article.zones]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.pdf"


def test_ligatures_tabs_divided_words_and_broken_lines_are_mended_and_told(path: Path) -> None:
    article = one(
        path,
        [
            (70, 780, 20, "Fähre fährt wieder"),
            *lines(
                "KIEL (dpa) - Die Fähre fuhr am Dienstag wieder, sagte die Bürger-",
                "meisterin, und sie fährt. Vor- und Nachteile der neuen und der Vor-",
                "und Nachteile der alten Nord-Süd-Linie und nun der neuen Nord-",
                "Ost-Linie nannte sie nicht, und der Pro\ufb01 zahlt\t die \ufb02otte.",
                "Ende.",
            ),
            *lines("Ein neuer Absatz beginnt hier.", top=600),
        ],
        Author="Ada",
        CreationDate="D:20240312101500Z",
    )

    assert zones(article) == [
        ("headline", "Fähre fährt wieder"),
        (
            "lead",
            (
                "KIEL (dpa) - Die Fähre fuhr am Dienstag wieder, sagte die Bürgermeisterin, und "
                "sie fährt. Vor- und Nachteile der neuen und der Vor- und Nachteile der alten "
                "Nord-Süd-Linie und nun der neuen Nord-Ost-Linie nannte sie nicht, und der Profi "
                "zahlt die flotte. Ende."
            ),
        ),
        ("dateline", "KIEL (dpa) -"),
        ("body", "Ein neuer Absatz beginnt hier."),
    ]
    assert article.title == "Fähre fährt wieder"
    assert article.language == "de"
    assert dict(article.metadata) == {"author": "Ada", "created": "2024-03-12"}
    assert article.note == (
        "Mended as a PDF needs it: 4 line ends, 2 divided words, 2 ligatures. Please compare it "
        "with the pages."
    )
    assert article.original == path.read_bytes()


def test_a_word_that_is_hyphenated_elsewhere_keeps_its_hyphen(path: Path) -> None:
    article = one(
        path,
        lines("Her well-known and long-serving crew sailed; the now well-", "known ferry did too."),
    )
    assert "the now well-known ferry" in article.text


def test_paragraphs_are_told_by_indents_short_lines_and_bullets(path: Path) -> None:
    article = one(
        path,
        [
            (
                70,
                700,
                11,
                "The council of Greyhaven will vote on the new bridge on Monday, it said,",
            ),
            (70, 686, 11, "and the mayor will not. She said so."),
            (
                70,
                672,
                11,
                "Nobody was surprised by it, since she had always been against the bridge.",
            ),
            (
                84,
                658,
                11,
                "An indented paragraph of the same report begins with this line of text,",
            ),
            (
                70,
                644,
                11,
                "and goes on here as long as it can to the end of the line and further on.",
            ),
            (
                70,
                630,
                11,
                "\u2022 four million for the one and for the other of the two sides, and then",
            ),
            (80, 616, 11, "some more"),
            (70, 602, 11, "\u2022 two million"),
        ],
    )
    assert article.text == (
        "The council of Greyhaven will vote on the new bridge on Monday, it said, and the mayor "
        "will not. She said so.\n\n"
        "Nobody was surprised by it, since she had always been against the bridge.\n\n"
        "An indented paragraph of the same report begins with this line of text, and goes on here "
        "as long as it can to the end of the line and further on.\n\n"
        "\u2022 four million for the one and for the other of the two sides, and then some more\n"
        "\u2022 two million"
    )


def test_headers_footers_and_page_numbers_are_left_out_and_a_paragraph_goes_on(path: Path) -> None:
    def page(number: int, *texts: str) -> list[Placed]:
        footer = (280.0, 30.0, 9.0, f"Seite {number} von 3")
        return [(70.0, 810.0, 9.0, "Küstenblatt"), *lines(*texts), footer]

    article = one(
        path,
        page(1, "Die Fähre fuhr am Dienstag wieder über die Bucht, und viele freuten sich,"),
        page(2, "denn sie waren lange um die Bucht gefahren. So war es.", "Es blieb dabei."),
        page(3, "Das Ende war gut."),
    )
    assert article.text == (
        "Die Fähre fuhr am Dienstag wieder über die Bucht, und viele freuten sich, denn sie "
        "waren lange um die Bucht gefahren. So war es. Es blieb dabei.\n\nDas Ende war gut."
    )
    assert "6 headers and footers" in article.note


def test_pages_that_are_all_the_same_keep_their_words(path: Path) -> None:
    article = one(path, lines("It was late."), lines("It was late."))
    assert article.text == "It was late.\n\nIt was late."


def test_headings_are_told_by_their_size(path: Path) -> None:
    article = one(
        path,
        [
            (70, 780, 22, "Harbour plan divides"),
            (70, 754, 22, "Greyhaven:"),
            (70, 728, 22, "a look back"),
            *lines("The council will vote on the new bridge on Monday.", top=700),
            (70, 670, 14, "The money"),
            *lines("Four million.", top=650),
        ],
    )
    assert zones(article) == [
        ("headline", "Harbour plan divides Greyhaven: a look back"),
        ("lead", "The council will vote on the new bridge on Monday."),
        ("section_heading", "The money"),
        ("body", "Four million."),
    ]


def test_a_pdf_is_known_by_its_content(path: Path) -> None:
    other = path.with_name("a.dat")
    other.write_bytes(pdf_files.pdf([lines("It was late.")]))
    assert recognised(other) is pdf


# ---------------------------------------------------------------------------------------- refused


def refused(path: Path, data: bytes, reason: str) -> None:
    path.write_bytes(data)
    with pytest.raises(UserError, match=reason) as caught:
        list(pdf.read(path, Reading()))
    assert str(path) in str(caught.value)


def test_scanned_pages_are_refused_in_plain_words(path: Path) -> None:
    refused(path, pdf_files.pdf([[]]), "pictures.*OCR")


def test_a_protected_file_is_refused_and_one_locked_against_changes_is_read(path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    path.write_bytes(pdf_files.pdf([lines("It was late.")]))
    for password in ("secret", ""):
        writer = PdfWriter(clone_from=PdfReader(path))
        writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
        other = path.with_name(f"b{password}.pdf")
        writer.write(other)
        if password:
            refused(other, other.read_bytes(), "protected with a password")
        else:
            (article,) = pdf.read(other, Reading())
            assert article.text == "It was late."


@pytest.mark.hostile(29)
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n", "cannot be read"),
        (b"%PDF-1.7\n" + b"<<" * 100_000, "cannot be read"),
        (pdf_files.pdf([lines("It was late.")])[:300], "cannot be read|no text|pictures"),
        (b"It was late.", "is no PDF"),
        (b"", "is no PDF"),
        (pdf_files.pdf([zlib.compress(b" " * 200_000_000)]), "too large|cannot be read"),
        (pdf_files.pdf([zlib.compress(b"[" * 5_000_000)]), "too large|cannot be read|too deeply"),
    ],
)
def test_a_damaged_or_blown_up_file_ends_in_a_message(path: Path, data: bytes, reason: str) -> None:
    refused(path, data, reason)


@pytest.mark.hostile(29)
def test_a_file_that_takes_too_long_is_given_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_pages, "SECONDS", 0.0)
    refused(path, pdf_files.pdf([lines("It was late.")]), "longer than")


@pytest.mark.hostile(29)
def test_pages_that_go_in_a_circle_end_in_a_message(path: Path) -> None:
    data = pdf_files.pdf([lines("It was late.")]).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")
    refused(path, data, "cannot be read|no text|pictures|too large")
