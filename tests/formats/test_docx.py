"""Word documents."""

from __future__ import annotations

import io
import socket
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import UserError
from annotator.formats import Reading, docx
from annotator.formats.imported import ImportedArticle
from tests.formats.round_trip import recognised
from tests.formats.test_article_tables import BOMB, repacked

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(path: Path, *, title: str = "", extra: str = "") -> Any:
    """Make a document as Word does; *extra* is XML that is put at its end."""
    from docx import Document
    from docx.oxml import parse_xml

    made = Document()
    made.add_paragraph("Fähre fährt wieder", style="Title")
    made.add_paragraph("Die Bürger freuen sich", style="Subtitle")
    made.add_paragraph(
        "KIEL (dpa) - Die „Freya“ fuhr\tam Dienstag wieder über die Bucht, sagte sie."
    )
    made.add_heading("Das Geld", 2)
    made.add_paragraph("vier Millionen", style="List Bullet")
    made.add_paragraph("Ein Kran am Hafen", style="Caption")
    table = made.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"Zelle\n{number}"
    made.core_properties.author = "Ada Beispiel"
    made.core_properties.title = title
    made.core_properties.created = datetime(2024, 3, 12, tzinfo=UTC)
    made.core_properties.language = "de-DE"
    if extra:
        made.element.body.insert(len(made.element.body) - 1, parse_xml(extra))
    made.save(str(path))
    return made


def one(path: Path) -> ImportedArticle:
    (article,) = docx.read(path, Reading())
    return article


def zones(article: ImportedArticle) -> list[tuple[str, str]]:
    return [(zone.zone, article.text[zone.start : zone.end]) for zone in article.zones]


def test_a_word_document_comes_in_with_its_headings_and_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document(path)
    article = one(path)

    assert article.title == "Fähre fährt wieder"
    assert (article.language, article.source) == ("de", "dpa")
    assert dict(article.metadata) == {"author": "Ada Beispiel", "created": "2024-03-12"}
    assert article.original == path.read_bytes()
    assert article.note == ""
    assert zones(article) == [
        ("headline", "Fähre fährt wieder"),
        ("subhead", "Die Bürger freuen sich"),
        ("lead", "KIEL (dpa) - Die „Freya“ fuhr\tam Dienstag wieder über die Bucht, sagte sie."),
        ("dateline", "KIEL (dpa) -"),
        ("section_heading", "Das Geld"),
        ("body", "vier Millionen"),
        ("caption", "Ein Kran am Hafen"),
        ("body", "Zelle 0\tZelle 1"),
        ("body", "Zelle 2\tZelle 3"),
    ]
    assert "Zelle 1\nZelle 2" in article.text


def test_tracked_changes_and_hidden_words_come_in_as_the_page_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document(
        path,
        extra=f"""<w:p {W}><w:r><w:t xml:space="preserve">Sie sagte </w:t></w:r>
        <w:del w:id="1" w:author="x"><w:r><w:delText>nie</w:delText></w:r></w:del>
        <w:ins w:id="2" w:author="x"><w:r><w:t>immer</w:t></w:r></w:ins>
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r>
        <w:sdt><w:sdtContent><w:r><w:t xml:space="preserve"> ja</w:t></w:r></w:sdtContent></w:sdt>
        <w:r><w:footnoteReference w:id="2"/><w:t>.</w:t></w:r></w:p>""",
    )
    article = one(path)

    assert article.text.endswith("Sie sagte immer ja.")
    assert (
        article.note == "Words that are marked as deleted were left out. Footnotes were left out."
    )


def test_a_document_with_headings_only_has_the_first_as_its_headline(tmp_path: Path) -> None:
    from docx import Document

    path = tmp_path / "a.docx"
    made = Document()
    made.add_heading("Ferry sails", 1)
    made.add_paragraph("It sailed again.")
    made.add_heading("The money", 2)
    made.add_paragraph("Four million.")
    made.save(str(path))

    found = [name for name, _ in zones(one(path))]
    assert found == ["headline", "lead", "section_heading", "body"]


def test_a_word_document_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.dat"
    document(path)
    assert recognised(path) is docx


@pytest.mark.hostile(8)
def test_nothing_that_a_document_points_to_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("An import asked the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    path = tmp_path / "a.docx"
    document(path)
    with zipfile.ZipFile(path) as archive:
        links = archive.read("word/_rels/document.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    outside = (
        f'<Relationship Id="r90" Type="{kind}/attachedTemplate" TargetMode="External" '
        f'Target="http://127.0.0.1:1/x.dotm"/><Relationship Id="r91" Type="{kind}/image" '
        'TargetMode="External" Target="file:///etc/passwd"/></Relationships>'
    )
    links = links.replace("</Relationships>", outside)
    macros = {"word/vbaProject.bin": b"macro", "word/_rels/document.xml.rels": links.encode()}
    repacked(path, macros)

    assert one(path).title == "Fähre fährt wieder"


@pytest.mark.hostile(7)
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"word/document.xml": BOMB}, "document type"),
        ({"docProps/core.xml": BOMB}, "document type"),
        ({"word/document.xml": b" " * 50_000_000}, "would become"),
        ({"../x": b"x"}, "outside the archive"),
        ({"word/document.xml": b"<w:document"}, "no Word document"),
        ({"word/document.xml": b"<x/>"}, "no Word document"),
        ({"word/styles.xml": b"<x/>"}, "no Word document"),
        ({"[Content_Types].xml": b"<x/>"}, "no Word document"),
    ],
)
def test_a_document_made_to_harm_is_refused(
    tmp_path: Path, changed: dict[str, bytes], reason: str
) -> None:
    path = tmp_path / "a.docx"
    document(path)
    repacked(path, changed)
    with pytest.raises(UserError, match=reason) as caught:
        one(path)
    assert str(path) in str(caught.value)


def test_a_deeply_nested_document_ends_in_a_message(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document(path)
    deep = b"<w:sdt>" * 5_000 + b"<w:p/>" + b"</w:sdt>" * 5_000
    body = f"<w:document {W}><w:body>".encode() + deep + b"</w:body></w:document>"
    repacked(path, {"word/document.xml": body})
    with pytest.raises(UserError, match="no Word document"):
        one(path)


def test_a_document_without_words_is_refused(tmp_path: Path) -> None:
    from docx import Document

    path = tmp_path / "a.docx"
    stream = io.BytesIO()
    Document().save(stream)
    path.write_bytes(stream.getvalue())
    with pytest.raises(UserError, match="no words"):
        one(path)
