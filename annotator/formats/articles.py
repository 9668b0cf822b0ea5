"""Bringing articles in: which files a folder holds, which reader each needs, what failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from annotator.errors import UserError
from annotator.formats import html, markdown, plain_text
from annotator.formats.imported import ImportedArticle

SUFFIXES: Final = (*plain_text.SUFFIXES, *markdown.SUFFIXES, *html.SUFFIXES)
"""Suffixes of the files that are read as articles."""

_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)

Reader = Callable[..., tuple[ImportedArticle, ...]]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, and why, in plain words."""

    path: Path
    reason: str


def read(path: Path, *, encoding: str | None = None) -> tuple[ImportedArticle, ...]:
    """Return the articles in a file, read as what it is: by its suffix, a web page by its content.

    Raises UserError that names the file; ``encoding`` is used where the file does not say.
    """
    try:
        return _reader(path)(path, encoding=encoding)
    except UserError as error:
        message = str(error)
        if str(path) in message:
            raise
        error.args = (f"{path}: {message}",)
        raise


def _reader(path: Path) -> Reader:
    suffix = path.suffix.lower()
    if suffix in markdown.SUFFIXES:
        return markdown.read
    if suffix in html.SUFFIXES or _is_page(path):
        return html.read
    return plain_text.read


def _is_page(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _PAGE.match(file.read(2048).removeprefix(b"\xef\xbb\xbf")) is not None
    except OSError:
        return False


def read_all(
    paths: Iterable[Path], *, encoding: str | None = None
) -> Iterator[ImportedArticle | Skipped]:
    """Yield the articles in files and folders; one bad file never stops the others."""
    for found in discover(paths):
        if isinstance(found, Skipped):
            yield found
            continue
        try:
            yield from read(found, encoding=encoding)
        except UserError as error:
            yield Skipped(found, str(error))


def discover(paths: Iterable[Path]) -> Iterator[Path | Skipped]:
    """Yield the files to read: those named, and in folders all that are articles by suffix.

    Folders are walked in the order of names, without hidden files. A link that leads out of its
    folder is not followed, and said so; no file comes twice.
    """
    seen: set[Path] = set()
    for path in paths:
        found = _folder(path, path.resolve(), set()) if path.is_dir() else iter((path,))
        for item in found:
            if isinstance(item, Path):
                real = item.resolve()
                if real in seen:
                    continue
                seen.add(real)
            yield item


def _folder(folder: Path, root: Path, visited: set[Path]) -> Iterator[Path | Skipped]:
    visited.add(folder.resolve())
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield Skipped(folder, f"{folder} cannot be opened: {error.strerror}.")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        real = entry.resolve()
        if entry.is_symlink() and not real.is_relative_to(root):
            yield Skipped(entry, f"{entry} is a link that leads out of the folder.")
        elif entry.is_dir():
            if real not in visited:
                yield from _folder(entry, root, visited)
        elif entry.suffix.lower() in SUFFIXES:
            yield entry
        else:
            yield Skipped(entry, f"{entry} is not plain text, Markdown or a web page.")
