"""PDF documents: the text of an article that was saved or sent as pages.

What a PDF does to words is undone before the text is frozen (see :mod:`annotator.formats.pdf_text`)
and told to the person. Pages that are pictures have no text; they are refused in plain words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator.errors import UserError
from annotator.formats import Group, Reading, Sample
from annotator.formats.decoding import Decoded, freeze
from annotator.formats.imported import Facts, ImportedArticle, finish, load
from annotator.formats.layout import lay_out
from annotator.formats.pdf_pages import pages
from annotator.formats.pdf_text import Mended, pieces
from annotator.translation import later, tr

name: Final = "pdf"
title: Final = "PDF"
purpose: Final = later("an article that was saved or sent as pages")
group: Final = Group.ARTICLES
suffixes: Final = (".pdf",)

_START: Final = 1024
"""Bytes in which a PDF has to say that it is one (ISO 32000-1, annex H.3.4.1)."""


def recognises(sample: Sample) -> bool:
    """Tell whether this is a PDF."""
    return b"%PDF-" in sample.head[:_START]


def read(path: Path, reading: Reading) -> Iterator[ImportedArticle]:
    """Yield the article in a PDF, with a note of what was mended.

    Raises UserError where it cannot be read, is protected, takes too long, or has no text.
    """
    data = load(path)
    if b"%PDF-" not in data[:_START]:
        raise UserError(f"{path} is no PDF. Nothing was imported.")
    document = pages(path)
    found, mended = pieces(document.lines)
    text, known = lay_out(found)
    text = freeze(text)
    if not any(map(str.isalnum, text)):
        raise UserError(
            f"{path} has pages without any text: they are pictures, as a scanner makes them. Run "
            "text recognition (OCR) on it, and import what comes out."
        )
    stated = dict(document.facts)
    facts = Facts(
        title=stated.pop("title", None),
        language=stated.pop("language", None),
        metadata=stated,
    )
    article = finish(path, data, Decoded(text, "utf-8"), text, facts=facts, known=known)
    yield replace(article, note=_note(mended))


def _note(mended: Mended) -> str:
    done = mended.told()
    if not done:
        return ""
    return tr("Mended as a PDF needs it: {done}. Please compare it with the pages.", done=done)
