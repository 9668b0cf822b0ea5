"""W3C Web Annotations (recommendation of 2017) in JSON-LD: a collection for each article.

An export is a folder with two files for each article: the text (``wire-1.txt``) and the
annotations (``wire-1.jsonld``), whose targets name the text by its relative address.

A label is an annotation with a ``tagging`` body, its attributes are ``classifying`` bodies, its
entity an ``identifying`` one, a note a ``commenting`` one, the flag "unsure" an ``assessing`` one.
Selectors in one list select the same words by the recommendation (section 4.2), so a fragment is a
target of its own, with a position, which counts code points (section 4.2.5), and a quotation with
the words around it. A relation is an annotation whose target is the annotation of its source and
whose ``linking`` body is that of its target, or an entity. What has no place there (facts of the
article, layers, entities in full) is JSON under one term of our own, which JSON-LD 1.1 carries.

Reading takes collections, pages, lists and single annotations of others, with targets as they
come: a position is taken in whichever unit it covers the quoted words, a quotation alone where it
stands once with the words around it, two targets that are annotations as a relation. A text is
only ever looked for beside the file, never fetched. A file is in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, Writing, json_text, uima_files
from annotator.formats.decoding import decode
from annotator.formats.file_names import FileNames
from annotator.formats.imported import load
from annotator.formats.losses import NO_REMARKS, Loss, announced
from annotator.formats.replacing import replacing_folder
from annotator.formats.w3c_reading import Collected, annotations_of, kept_of, sources_of
from annotator.formats.w3c_writing import collection
from annotator.translation import later

name: Final = "w3c"
title: Final = "W3C Web Annotation (JSON-LD)"
purpose: Final = later("labels as linked data, for Recogito, Hypothesis and other web programs")
group: Final = Group.TOOLS
suffixes: Final = (".jsonld",)
folder: Final = True
several_layers: Final = True

FATES: Final = NO_REMARKS
_TYPES: Final = frozenset({"Annotation", "AnnotationPage", "AnnotationCollection"})


def recognises(sample: Sample) -> bool:
    """Tell annotations by their type, as long as they are about something."""
    value = sample.json
    if not isinstance(value, dict):
        return False
    types = value.get("type", value.get("@type"))
    kinds = types if isinstance(types, list) else [types]
    return any(kind in kinds for kind in _TYPES) and bool(
        {"target", "items", "first", "@context"} & value.keys()
    )


def companions(path: Path) -> Iterator[Path]:
    """Yield the texts beside a file that its annotations are about."""
    try:
        value = json_text.load(path)
    except UserError:
        return
    for source in sources_of(annotations_of(value)):
        found = _beside(path, source)
        if found is not None:
            yield found


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles that the annotations of a file or folder are about."""
    yield from uima_files.read_each(path, suffixes[0], lambda file: _read_file(file, reading))


def _read_file(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    value = json_text.load(path)
    annotations = annotations_of(value)
    sources = sources_of(annotations)
    if isinstance(value, dict) and not sources:
        sources = [f"{path.stem}.txt"]
    for source in sources:
        place = _beside(path, source)
        if place is None:
            yield Problem(
                0,
                source,
                f"This text is not beside {path.name}, and none is fetched. Put it there as plain "
                f"text, called {path.stem}.txt if it is the only one, and import again.",
            )
            continue
        text = _text(place, reading, exact=kept_of(value) is not None)
        mine = source if len(sources) > 1 else None
        yield from Collected(value, annotations, text, place.stem, reading, mine).results()


def _text(path: Path, reading: Reading, *, exact: bool) -> str:
    """Return the text with its line ends as they are, which positions count."""
    data = load(path)
    if not data.strip():
        return ""
    encoding = "utf-8" if exact else decode(data, asked=reading.encoding).encoding
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start + 1} is not UTF-8.") from error
    return text if exact else text.removeprefix("\ufeff")


def _beside(path: Path, source: str) -> Path | None:
    """Return the file for a source: by the last part of its address, or by the name of *path*."""
    from urllib.parse import unquote, urlsplit

    try:
        address = urlsplit(source).path
    except ValueError:
        address = ""
    name = unquote(address).rpartition("/")[2].rpartition("\\")[2].replace("\0", "")
    wishes = [name, f"{name}.txt", f"{path.stem}.txt"] if name not in ("", ".", "..") else []
    root = path.resolve().parent
    for wish in wishes or [f"{path.stem}.txt"]:
        found = path.parent / wish
        if found == path or found.suffix != ".txt" or not _is_file(found):
            continue
        if found.resolve().parent == root:
            return found
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is longer than names can be
        return False


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a text and its annotations for each article into a new folder."""
    names = FileNames()
    count = 0
    with replacing_folder(target) as place:
        for item in articles:
            stem = names.name(item.article.id)
            (place / f"{stem}.txt").write_bytes(item.article.text.encode("utf-8"))
            value: dict[str, Any] = collection(item, f"{stem}.txt")
            (place / f"{stem}{suffixes[0]}").write_bytes(json_text.document(value))
            count += 1
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles."""
    return announced(articles, FATES)
