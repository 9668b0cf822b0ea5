"""What the forms of a CAS share: a folder with one file for each article, and their losses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, uima_types
from annotator.formats.file_names import FileNames
from annotator.formats.losses import NO_REMARKS
from annotator.formats.replacing import replacing_folder
from annotator.formats.uima import Cas
from annotator.formats.uima_facts import origin
from annotator.formats.uima_reading import articles as articles_of
from annotator.formats.uima_reading import first_problems
from annotator.formats.uima_writing import Layers, cas_of

FATES: Final = NO_REMARKS
"""What a CAS of ours does not hold."""

MOST_RECORDS: Final = 300_000
"""Structures or rows of one file, above which it is refused: ten times those of a long report."""


def refuse_too_many(path: Path, count: int) -> None:
    """Raise UserError where a file has more records than can be held at once."""
    if count > MOST_RECORDS:
        raise UserError(
            f"{path} has {count:,} records; up to {MOST_RECORDS:,} can be read. Nothing was "
            "imported; give each article a file of its own."
        )


def files(path: Path, suffix: str) -> list[Path]:
    """Return the files of an export: *path* itself, or those in the folder *path*, by name.

    Links are not followed. Raises UserError for a folder without such a file.
    """
    if not path.is_dir():
        return [path]
    found = [
        item
        for item in sorted(path.iterdir(), key=lambda one: one.name)
        if item.suffix.lower() == suffix and item.is_file() and not item.is_symlink()
    ]
    if not found:
        raise UserError(f"{path} has no file *{suffix} in it. Choose another folder.")
    return found


def read(
    path: Path, suffix: str, reading: Reading, parsed: Callable[[Path], tuple[Cas, list[Problem]]]
) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file or of a folder of them, and what cannot be taken over.

    *parsed* returns the CAS of a file, and which of its structures cannot be understood.
    """

    def read_one(file: Path) -> Iterator[Annotated | Problem]:
        cas, problems = parsed(file)
        yield from articles_of(cas, origin(file), reading)
        yield from first_problems(problems)

    return read_each(path, suffix, read_one)


def read_each(
    path: Path, suffix: str, read: Callable[[Path], Iterator[Annotated | Problem]]
) -> Iterator[Annotated | Problem]:
    """Yield what *read* makes of each file; of several, an unreadable one is a problem."""
    found = files(path, suffix)
    for file in found:
        try:
            for item in read(file):
                named = isinstance(item, Problem) and len(found) > 1
                if isinstance(item, Problem) and named:
                    item = Problem(
                        item.line, f"{file.name}, {item.place}".rstrip(", "), item.reason
                    )
                yield item
        except UserError as error:
            if len(found) == 1:
                raise
            yield Problem(0, file.name, str(error))


def write(
    articles: Iterable[Annotated],
    target: Path,
    layers: Layers,
    suffix: str,
    render: Callable[[Cas], bytes],
) -> int:
    """Write a file for each article, one in memory at a time, and the type system beside them."""
    names = FileNames()
    count = 0
    with replacing_folder(target) as folder:
        for annotated in articles:
            place = folder / f"{names.name(annotated.article.id)}{suffix}"
            place.write_bytes(render(cas_of(annotated, layers)))
            count += 1
        declared = uima_types.to_xml(layers.system.types.values())
        (folder / uima_types.FILE_NAME).write_bytes(declared)
    return count
