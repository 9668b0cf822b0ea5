"""Which files there are to read, and reading one as what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import UserError
from annotator.formats import Problem, Reader, Reading, plain_text, recognise

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.formats.imported import ImportedArticle


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, and why, in plain words."""

    path: Path
    reason: str


def read(
    path: Path, reading: Reading | None = None, form: Reader | None = None
) -> Iterator[Annotated | ImportedArticle | Problem]:
    """Yield what is in a file, read in *form*, else as what it is by its content, else as text.

    Raises UserError that names the file.
    """
    try:
        chosen = form or recognise(path) or plain_text
        yield from chosen.read(path, reading or Reading())
    except UserError as error:
        message = str(error)
        if str(path) not in message:
            error.args = (f"{path}: {message}",)
        raise


def discover(paths: Iterable[Path]) -> Iterator[Path | Skipped]:
    """Yield the files to read: those named, and all that lie in the folders named.

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
        else:
            yield entry
