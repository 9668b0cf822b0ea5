"""Plain text files: one article a file, kept to the letter unless its lines were broken.

What is said of an article (``ImportedArticle.note``) is a report of this import and stands on the
screen only, so it is in the language of the person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator.formats import Group, Reading, Sample, decoding
from annotator.formats.imported import ImportedArticle, finish, load
from annotator.text.wrapping import unwrapped
from annotator.translation import later, tr

name: Final = "text"
title: Final = "Plain text"
purpose: Final = later("one article a file, kept to the letter")
group: Final = Group.ARTICLES
suffixes: Final = (".txt", ".text")


def recognises(sample: Sample) -> bool:
    """Say no: there is nothing inside to tell an article from any other text."""
    return False


def read(path: Path, reading: Reading) -> Iterator[ImportedArticle]:
    """Yield the article in a text file; its text is what the file says, letter by letter.

    Where the lines were broken at a width, paragraphs are put together (see
    :mod:`annotator.text.wrapping`), and the note says so.

    Raises UserError, UndecidedEncodingError among them.
    """
    decoding.refuse_objects(path.suffix)
    data = load(path)
    decoded = decoding.decode(data, asked=reading.encoding)
    text = unwrapped(decoded.text)
    article = finish(path, data, decoded, text)
    if text != decoded.text:
        told = tr("Its lines were broken at a width; they were put together to paragraphs.")
        article = replace(article, note=f"{article.note} {told}".strip())
    yield article
