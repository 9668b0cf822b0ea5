"""Plain text files: one article a file, kept to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from annotator.formats import decoding
from annotator.formats.imported import ImportedArticle, finish, load

NAME: Final = "plain-text"
TITLE: Final = "Plain text"
SUFFIXES: Final = (".txt", ".text")


def read(path: Path, *, encoding: str | None = None) -> tuple[ImportedArticle, ...]:
    """Return the article in a text file; its text is what the file says, letter by letter.

    Raises UserError, UndecidedEncodingError among them.
    """
    data = load(path)
    decoded = decoding.decode(data, asked=encoding)
    return (finish(path, data, decoded, decoded.text),)
