"""Every format has a file in ``data`` that people can read: what it writes, or what it is to read.

Here stand those of formats whose own tests compare no file, and the list of all of them.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator import formats
from annotator.annotated import Annotated
from annotator.formats import Reading, json_text
from annotator.formats.imported import ImportedArticle
from tests.formats.articles import small
from tests.formats.round_trip import WRITING, recognised

HERE = Path(__file__).with_name("data")

WRITTEN = {
    "jsonl": "jsonl/ferry-1.jsonl",
    "attribution": "attribution/quay-written.json",
    "chat": "chat/written.jsonl",
    "spacy": "spacy/ferry-1.json",
    "huggingface": "huggingface/data.jsonl",
    "huggingface-jsonl": "huggingface/data.jsonl",
    "gliner": "gliner/ferry.json",
    "flair": "flair/ferry.txt",
    "conll2003": "conll2003/ferry.conll",
    "conll": "conll/ferry.conllup",
    "label-studio": "label_studio/written.json",
    "brat": "brat/plain-written/import/wire-7.ann",
    "doccano": "doccano/written.jsonl",
    "prodigy": "prodigy/written.jsonl",
    "uima-json": "uima-json/ferry-1.json",
    "uima-xmi": "uima-xmi/ferry-1.xmi",
    "webanno-tsv": "webanno-tsv/ferry-1.tsv",
    "qdpx": "qdpx/ferry-1.qde",
    "tei": "tei/ferry-1.xml",
    "w3c": "w3c/ferry-1.jsonld",
    "claimreview": "claimreview/ferry-1.jsonld",
    "spans-csv": "spans_csv/spans.csv",
    "geojson": "geojson/ferry-1.geojson",
    "articles-xlsx": "articles/ferry-1.xlsx.json",
    "articles-csv": "articles/ferry-1.csv",
    "articles-tsv": "articles/ferry-1.tsv",
    "articles-jsonl": "articles/ferry-1.jsonl",
}
"""What each format makes of a small article; of those that are no text, what is inside."""

READ = {
    "bundle": "bundle/annotator-bundle.json",
    "german-news-quotations": "german-news-quotations/kai.json",
    "ninjs": "ninjs/one.json",
    "newsml-g2": "newsml_g2/message.xml",
    "feed": "feed/rss.xml",
    "pdf": "pdf/ferry.pdf",
    "docx": "docx/document.xml",
    "html": "../../data/articles/ferry.html",
    "markdown": "../../data/articles/harbour.md",
    "text": "../../data/articles/wire.txt",
}
"""A file in each format that is read only."""


def test_every_format_has_a_file_that_people_can_read() -> None:
    every = formats.all_formats()
    assert WRITTEN.keys() == {form.name for form in every if formats.can_write(form)}
    assert READ.keys() == {form.name for form in every if not formats.can_write(form)}
    for path in (WRITTEN | READ).values():
        data = (HERE / path).read_bytes()
        assert 0 < len(data) < 32_000, path
        assert not set(data) & {*range(9), *range(14, 32)}, path


# ----------------------------------------------------------------------------------------- written


@pytest.mark.parametrize("name", ["jsonl", "articles-csv", "articles-tsv", "articles-jsonl"])
def test_a_small_article_is_written_as_the_golden_file_says(name: str, tmp_path: Path) -> None:
    formats.writer(name).write([small()], tmp_path / "out", WRITING)
    assert (tmp_path / "out").read_bytes() == (HERE / WRITTEN[name]).read_bytes()


def test_a_workbook_has_the_cells_that_the_golden_file_says(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    formats.writer("articles-xlsx").write([small()], tmp_path / "out.xlsx", WRITING)
    book = load_workbook(tmp_path / "out.xlsx")
    cells = {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }
    assert cells == golden("articles-xlsx")


def test_a_docbin_has_the_documents_that_the_golden_file_says(tmp_path: Path) -> None:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    formats.writer("spacy").write([small()], tmp_path / "out.spacy", WRITING)
    read = DocBin(store_user_data=True).from_disk(tmp_path / "out.spacy").get_docs(Vocab())
    found = json_text.document([in_words(doc) for doc in read])
    assert found == (HERE / WRITTEN["spacy"]).read_bytes()


def golden(name: str) -> Any:
    return json.loads((HERE / WRITTEN[name]).read_text("utf-8"))


def in_words(doc: Any) -> dict[str, Any]:
    """Return what a document of spaCy says, as JSON."""
    return {
        "tokens": [token.text_with_ws for token in doc],
        "ents": [[ent.start, ent.end, ent.label_, ent.kb_id_] for ent in doc.ents],
        "spans": {
            name: [[span.start, span.end, span.label_, span.kb_id_, span.id_] for span in group]
            for name, group in doc.spans.items()
        },
        "user_data": dict(doc.user_data),
    }


# -------------------------------------------------------------------------------------------- read


def only(name: str, path: Path) -> Annotated | ImportedArticle:
    """Return the one article of a file, which is known by what is in it."""
    form = formats.reader(name)
    assert recognised(path) is form
    found: Annotated | ImportedArticle | formats.Problem
    (found,) = form.read(path, Reading())
    assert not isinstance(found, formats.Problem)
    return found


def test_the_pages_of_a_pdf_come_in() -> None:
    found = only("pdf", HERE / READ["pdf"])
    assert isinstance(found, ImportedArticle)
    assert found.title == "Ferry late"
    assert found.text == (
        "Ferry late\n\nThe quay, said Marta Ilves of the port of Oslo, will not move before the "
        "winter."
    )


def test_the_paragraphs_of_a_word_document_come_in(tmp_path: Path) -> None:
    path = tmp_path / "ferry.docx"
    with zipfile.ZipFile(path, "w") as file:
        for part in sorted((HERE / "docx").iterdir()):
            file.writestr(_PLACES[part.name], part.read_bytes())
    found = only("docx", path)
    assert isinstance(found, ImportedArticle)
    assert found.text == "Ferry late\n\nThe quay will not move, said Marta Ilves."


_PLACES = {
    "content-types.xml": "[Content_Types].xml",
    "document.xml": "word/document.xml",
    "rels.xml": "_rels/.rels",
}


def test_a_work_order_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "order.zip"
    with zipfile.ZipFile(path, "w") as file:
        for part in sorted((HERE / "bundle").iterdir()):
            file.writestr(part.name, part.read_bytes())
    found = only("bundle", path)
    assert isinstance(found, Annotated)
    assert found.article.title == "Quay"
    (layer,) = found.layers.values()
    assert (layer.author, [(span.label, span.text) for span in found.spans.values()]) == (
        "bo",
        [("Label", ("Bergen",))],
    )
