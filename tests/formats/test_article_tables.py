"""Tables of articles: CSV, TSV, Excel workbooks and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import (
    Problem,
    Reading,
    Writing,
    csv_articles,
    jsonl_articles,
    tsv_articles,
    xlsx_articles,
)
from annotator.formats.decoding import UndecidedEncodingError
from annotator.formats.imported import ImportedArticle
from annotator.model import Article, text_hash
from tests.formats.articles import small
from tests.formats.round_trip import WRITING, marked_articles, recognised

FORMS: list[Any] = [csv_articles, tsv_articles, xlsx_articles, jsonl_articles]
TABLES = FORMS[:3]

GERMAN = (
    "Überschrift;Text;Datum;Quelle;Ressort\r\n"
    '"Fähre fährt wieder";"Die Fähre fuhr am Dienstag wieder; ""endlich"", sagte sie.\n\n'
    "Die Bürger der Stadt freuten sich, dass sie nicht mehr um "
    'die Bucht fahren müssen.";12. März 2024;Küstenblatt;Lokales\r\n'
    "Brücke bleibt zu;Die Brücke bleibt bis Mai gesperrt.;;Küstenblatt;\r\n"
)


def article(text: str = "The ferry sailed again.", **facts: Any) -> Annotated:
    values: dict[str, Any] = {"id": "a1", "title": "Ferry", "language": "en", **facts}
    return Annotated(Article(text=text, sha256=text_hash(text), **values))


def comes_back(form: Any, items: list[Annotated], folder: Path, writing: Writing = WRITING) -> Path:
    """Write articles, read them, and compare what a table holds of them; return the file."""
    target = folder / f"t{form.suffixes[0]}"
    assert form.write(iter(items), target, writing) == len(items)
    back = list(form.read(target, Reading()))
    assert [bare(item) for item in back] == [bare(item) for item in items]
    return target


def bare(item: Annotated | ImportedArticle | Problem) -> Article:
    assert isinstance(item, Annotated), str(item)
    return replace(item.article, zones=(), extra={})


def read(form: Any, path: Path, **reading: Any) -> list[Any]:
    return list(form.read(path, Reading(**reading)))


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None)
@given(item=marked_articles())
def test_the_articles_come_back_as_they_went(form: Any, item: Annotated) -> None:
    item.article = replace(
        item.article,
        title=item.article.title or "Untitled",
        language=item.article.language or "en",
        source=item.article.source or "Desk",
        metadata={
            **item.article.metadata,
            "title": "x",
            "n": [1, None],
            "lead": "=1\r\n2",
            "author": "Bo",
        },
    )
    with tempfile.TemporaryDirectory() as folder:
        comes_back(form, [item], Path(folder))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_articles_give_the_same_bytes(form: Any, tmp_path: Path) -> None:
    first = comes_back(form, [small(), article()], tmp_path).read_bytes()
    assert comes_back(form, [small(), article()], tmp_path).read_bytes() == first


@pytest.mark.parametrize("form", FORMS)
def test_labels_are_announced_as_left_out(form: Any) -> None:
    told = {loss.feature: loss.count for loss in form.cannot_carry(iter([small()]), WRITING)}
    assert told["labels"] == 3
    assert told["relations"] == 1
    assert ("zones" in told) is (form is not jsonl_articles)


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_known_by_its_content(form: Any, tmp_path: Path) -> None:
    path = comes_back(form, [small()], tmp_path)
    other = path.rename(tmp_path / "nothing-to-see.dat")
    assert recognised(other) is form


# ---------------------------------------------------------------------------------------- cells

FORMULA = '=HYPERLINK("http://127.0.0.1:1/", "x")'


@pytest.mark.hostile(14)
def test_cells_that_would_run_are_written_as_text_and_come_back(tmp_path: Path) -> None:
    items = [
        article(text="=1+1 is two", id="@1", title=FORMULA, source="-x", metadata={"=x": "+1+"})
    ]
    path = comes_back(csv_articles, items, tmp_path)
    (names, row) = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    assert not [cell for cell in (*names, *row) if cell[:1] in tuple("=+-@\t\r")]
    assert f"'{FORMULA}" in row


@pytest.mark.hostile(14)
def test_in_a_workbook_no_cell_is_a_formula(tmp_path: Path) -> None:
    for raw in (False, True):
        writing = replace(WRITING, raw_cells=raw)
        path = comes_back(
            xlsx_articles, [article(text="=1+1 is two", title=FORMULA)], tmp_path, writing
        )
        with zipfile.ZipFile(path) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"HYPERLINK" in sheet
        assert b"<f>" not in sheet


def test_raw_cells_are_left_as_they_are(tmp_path: Path) -> None:
    path = comes_back(
        tsv_articles, [article(title=FORMULA)], tmp_path, replace(WRITING, raw_cells=True)
    )
    assert '\r\na1\t"=HYPERLINK(' in path.read_bytes().decode()


def test_a_text_longer_than_a_cell_of_excel_goes_on_in_the_next(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    text = "=1 " + "Die Fähre 🚢 fährt. " * 4000
    path = comes_back(xlsx_articles, [article(text=text), article(id="a2")], tmp_path)
    sheet = load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert max(len(str(cell).encode("utf-16-le")) // 2 for cell in cells) <= 32_767
    assert "text (continued 2)" in cells


def test_signs_that_xml_cannot_hold_come_back_from_a_workbook(tmp_path: Path) -> None:
    comes_back(xlsx_articles, [article(text="a\x01b\x0bc\ufffe _x0041_ _x005F_ \x1b[0m")], tmp_path)


def test_every_line_end_but_the_line_feed_stays_in_its_cell(tmp_path: Path) -> None:
    text = "one\u2028two\u0085three\x0cfour\x1efive\n\nsix"
    for form in FORMS:
        comes_back(form, [article(text=text)], tmp_path)


# ---------------------------------------------------------------------------- what others make


@pytest.mark.parametrize(
    "data",
    [
        GERMAN.encode("utf-8"),
        GERMAN.encode("utf-8-sig"),
        ("sep=;\r\n" + GERMAN).encode("utf-8-sig"),
        GERMAN.replace(";", "\t").replace("wieder\t", "wieder;").encode("utf-16"),
    ],
)
def test_a_table_from_excel_comes_in_with_german_names(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "artikel.csv"
    path.write_bytes(data)
    form = recognised(path)
    assert form in (csv_articles, tsv_articles)
    first, second = read(form, path)
    assert first.title == "Fähre fährt wieder"
    assert first.text.startswith('Die Fähre fuhr am Dienstag wieder; "endlich"')
    assert first.text.endswith("um die Bucht fahren müssen.")
    assert (first.published, first.source, first.language) == ("2024-03-12", "Küstenblatt", "de")
    assert dict(first.metadata) == {"Ressort": "Lokales"}
    assert json.loads(first.original)["Datum"] == "12. März 2024"
    assert (second.published, dict(second.metadata)) == (None, {})


def test_the_encoding_of_a_table_is_asked_for_and_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "artikel.csv"
    filler = "A;Die F.;;;\r\n" * 20_000  # what gives it away stands far below
    path.write_bytes(("Titel;Text;a;b;c\r\n" + filler + GERMAN).encode("cp1252"))
    with pytest.raises(UndecidedEncodingError):
        read(csv_articles, path)
    assert read(csv_articles, path, encoding="cp1252")[-1].text.startswith("Die Brücke bleibt")


def test_columns_become_what_the_person_says(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Kicker,Meldung,Notiz,date\nFerry,It sailed again.,secret,morgen\n")
    (item,) = read(csv_articles, path, columns={"Meldung": "text", "Kicker": "title", "Notiz": "-"})
    assert (item.title, item.text, dict(item.metadata)) == (
        "Ferry",
        "It sailed again.",
        {"date": "morgen"},
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, "no column with the text.*Kicker, Meldung"),
        ({"Meldng": "text"}, "There is no column 'Meldng'.*Kicker, Meldung"),
        ({"Meldung": "texte"}, "cannot become 'texte'.*id, title, text"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_texts_is_refused_with_its_columns(
    form: Any, tmp_path: Path, columns: dict[str, str], reason: str
) -> None:
    path = tmp_path / f"a{form.suffixes[0]}"
    rows = [{"Kicker": "Ferry", "Meldung": "It sailed again."}]
    if form is jsonl_articles:
        path.write_text(json.dumps(rows[0]))
    elif form is xlsx_articles:
        workbook(path, [list(rows[0]), list(rows[0].values())])
    else:
        separator = "\t" if form is tsv_articles else ","
        path.write_text("\n".join(map(separator.join, (rows[0], rows[0].values()))))
    with pytest.raises(UserError, match=reason) as caught:
        read(form, path, columns=columns)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("form", FORMS)
def test_the_columns_are_offered_with_what_stands_in_them(form: Any, tmp_path: Path) -> None:
    target = tmp_path / f"a{form.suffixes[0]}"
    items = [
        article(id=str(n), text=f"=It rained {n}. " * 50, metadata={"desk": "x"}) for n in range(5)
    ]
    form.write(items, target, WRITING)
    columns = {column.name: column for column in form.table_columns(target)}
    assert {name: column.field for name, column in columns.items() if column.field} == {
        name: name for name in ("id", "title", "text", "language")
    } | ({} if form is jsonl_articles else {n: n for n in ("published", "source", "url")})
    assert columns["id"].samples == ("0", "1", "2")
    assert "=It rained 1. =It rained 1." in columns["text"].samples[1]
    assert len(columns["text"].samples[1]) <= 80


def test_what_is_said_of_the_columns_of_another_table_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,text\nFerry,It sailed again.\n")
    said = {"Meldung": "text", "Kicker": "title", "title": ""}
    (item,) = read(csv_articles, path, columns=said)
    assert (item.text, dict(item.metadata)) == ("It sailed again.", {"title": "Ferry"})


def test_a_bad_row_is_told_with_its_line_and_the_others_come_in(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"One\ntwo."\n2, - \n1,Three.\n\n4,Four.,x\n5,Five.\n6,"Six\n')
    found = read(csv_articles, path)
    assert [item.article.text for item in found if isinstance(item, Annotated)] == [
        "One\ntwo.",
        "Five.",
    ]
    told = [(item.line, item.reason) for item in found if isinstance(item, Problem)]
    assert [line for line, _ in told] == [4, 5, 7, 9]
    for (_, reason), words in zip(
        told, ("no text", "line 2", "3 cells", "do not match"), strict=True
    ):
        assert words in reason


@pytest.mark.hostile(25)
def test_a_cell_of_a_million_characters_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,text\nx," + "word " * 200_000)
    (item,) = read(csv_articles, path)
    assert len(item.text) == 10**6


def test_rows_are_read_one_by_one(tmp_path: Path) -> None:
    for form in (csv_articles, jsonl_articles):
        path = tmp_path / f"a{form.suffixes[0]}"
        form.write((article(id=str(n)) for n in range(300)), path, WRITING)
        with path.open("ab") as file:
            file.write(b'\n"')
        rows = form.read(path, Reading())
        assert next(rows).article.id == "0"


def test_a_table_of_labels_is_not_one_of_articles(tmp_path: Path) -> None:
    path = tmp_path / "spans.csv"
    path.write_text("article,label,start,end,text\na1,Claim,0,4,Rain\n")
    assert recognised(path) is not None  # by its suffix, and only by it
    assert not csv_articles.recognises(sample(path))


def sample(path: Path) -> Any:
    from annotator.formats import Sample

    return Sample(path, path.read_bytes())


@pytest.mark.parametrize(
    "line",
    [
        {"text": "Rain.", "label": [[0, 4, "Claim"]]},
        {"text": "Rain.", "spans": [{"start": 0, "end": 4, "label": "Claim"}]},
        {"text": "Rain.", "marks": [{"start": 0, "end": 4}]},
        {"messages": [{"role": "user", "content": "Rain."}]},
        {"data": {"text": "Rain."}},
        {"annotator": 1, "text": "Rain."},
        {"text": "Rain.", "quotes": []},
    ],
)
def test_json_lines_of_other_tools_are_left_to_them(tmp_path: Path, line: Any) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(line))
    assert recognised(path) is not jsonl_articles


def test_json_lines_may_have_keys_of_their_own_and_zones(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines: list[Any] = [
        {"content": "Rain. It rained.", "id": 7.0, "tags": ["wet"], "zones": [zone(0, 5)]},
        {"headline": "Sun", "content": "Sun. It shone.", "id": 8, "zones": [zone(3, 99)]},
        {"content": 3},
        "Snow.",
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    rain, problem, sun, *others = read(jsonl_articles, path)
    assert (rain.article.id, rain.article.metadata) == ("7", {"tags": ["wet"]})
    assert [(one.zone, one.start, one.end) for one in rain.article.zones] == [("lead", 0, 5)]
    assert (problem.line, problem.place) == (2, "zones")
    assert sun.article.title == "Sun"
    assert [item.line for item in others] == [3, 4]


def zone(start: int, end: int) -> dict[str, Any]:
    return {"zone": "lead", "start": start, "end": end}


def test_a_json_array_of_articles_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"title": "Sun", "text": "It shone."}, {"text": "It rained."}]))
    assert recognised(path) is jsonl_articles
    assert [item.title for item in read(jsonl_articles, path)] == ["Sun", "a"]


# ------------------------------------------------------------------------------------- workbooks


def workbook(path: Path, *sheets: list[list[Any]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_a_workbook_of_others_comes_in_from_the_sheet_with_texts(tmp_path: Path) -> None:
    from datetime import datetime

    path = tmp_path / "a.xlsx"
    day = datetime(2024, 3, 12)  # noqa: DTZ001
    rows: list[list[Any]] = [
        ["Nr.", "ID", "Text", "Datum"],
        [1, 17.0, "Die Fähre fuhr wieder.", day],
        [],
        [2],
    ]
    workbook(path, [["about"], ["this"]], rows)
    item, problem = read(xlsx_articles, path)
    assert (item.article.id, item.article.published) == ("17", "2024-03-12")
    assert item.article.metadata == {"Nr.": 1}
    assert (problem.line, problem.place) == (4, "Text")


def test_a_formula_counts_as_the_value_that_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, [["text", "n"], ["It rained.", "=1+1"]])
    (item,) = read(xlsx_articles, path)
    assert dict(item.metadata) == {}


def repacked(path: Path, changed: dict[str, bytes]) -> None:
    """Put other parts into a ZIP file."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in (parts | changed).items():
            new.writestr(name, data)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.hostile(29)
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"xl/sharedStrings.xml": BOMB}, "document type"),
        ({"xl/worksheets/sheet1.xml": BOMB.decode().encode("utf-16")}, "document type"),
        ({"xl/worksheets/sheet1.xml": b" " * 50_000_000}, "would become"),
        ({"../../evil": b"x"}, "outside the archive"),
        ({"xl/workbook.xml": b"<workbook"}, "cannot be read"),
        ({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row><c"}, "cannot be read"),
    ],
)
def test_a_workbook_made_to_harm_is_refused(
    tmp_path: Path, changed: dict[str, bytes], reason: str
) -> None:
    path = comes_back(xlsx_articles, [small()], tmp_path)
    repacked(path, changed)
    with pytest.raises(UserError, match=reason) as caught:
        read(xlsx_articles, path)
    assert str(path) in str(caught.value)


def test_a_workbook_with_a_password_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(UserError, match="password"):
        read(xlsx_articles, path)


def test_what_a_workbook_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    path = comes_back(xlsx_articles, [small()], tmp_path)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    lie = b'<dimension ref="A1:XFD1048576"/>'
    start = (
        sheet.index(b"<sheetData") if b"<sheetPr" not in sheet else sheet.index(b"</sheetPr>") + 10
    )
    repacked(path, {"xl/worksheets/sheet1.xml": sheet[:start] + lie + sheet[start:]})
    (item,) = read(xlsx_articles, path)
    assert item.article.id == "ferry-1"
