"""Plain text files: one article a file, kept to the letter unless its lines were broken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator.formats import decoding
from annotator.formats.imported import ImportedArticle, finish, load
from annotator.text.wrapping import unwrapped

NAME: Final = "plain-text"
TITLE: Final = "Plain text"
SUFFIXES: Final = (".txt", ".text")


def read(path: Path, *, encoding: str | None = None) -> tuple[ImportedArticle, ...]:
    """Return the article in a text file; its text is what the file says, letter by letter.

    Where the lines were broken at a width, paragraphs are put together (see
    :mod:`annotator.text.wrapping`), and the note says so.

    Raises UserError, UndecidedEncodingError among them.
    """
    data = load(path)
    decoded = decoding.decode(data, asked=encoding)
    text = unwrapped(decoded.text)
    article = finish(path, data, decoded, text)
    if text != decoded.text:
        told = "Its lines were broken at a width; they were put together to paragraphs."
        article = replace(article, note=f"{article.note} {told}".strip())
    return (article,)
