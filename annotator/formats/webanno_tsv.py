"""WebAnno TSV 3.3: one token a line with its labels beside it, for WebAnno, INCEpTION and R.

One article is one file; the layers lie beside as ``TypeSystem.xml``, for INCEpTION reads a file
only into layers that it has. Offsets are UTF-16 units and are compared with the words of the
tokens. Labels are mapped as those of a CAS are (see :mod:`annotator.formats.uima_writing`), except
that the format has no place for what is no label on words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, Writing, uima_files, uima_types
from annotator.formats.imported import load
from annotator.formats.losses import Fate, Loss, announced
from annotator.formats.uima_facts import origin
from annotator.formats.uima_reading import articles as articles_of
from annotator.formats.uima_reading import first_problems
from annotator.formats.uima_writing import Layers
from annotator.formats.webanno_reading import FIRST_LINE, parsed
from annotator.formats.webanno_writing import rendered
from annotator.translation import later

name: Final = "webanno-tsv"
title: Final = "WebAnno TSV 3"
purpose: Final = later("a token a line with its labels, for INCEpTION and WebAnno")
group: Final = Group.TOOLS
suffixes: Final = (".tsv",)
folder: Final = True
FATES: Final = MappingProxyType(
    dict.fromkeys(
        (
            *("titles", "facts", "zones", "authors", "layer_facts", "empty_layers"),
            *("entity_facts", "idle_entities", "entity_relations", "relation_attributes"),
            *uima_files.FATES,
        ),
        Fate.LEFT_OUT,
    )
)


def recognises(sample: Sample) -> bool:
    """Tell WebAnno TSV 3 by its first line."""
    return FIRST_LINE.match(sample.text) is not None


def companions(path: Path) -> Iterator[Path]:
    """Yield the type system that lies beside a file."""
    return uima_types.companions(path)


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file or of a folder of them, and what cannot be taken over."""
    yield from uima_files.read_each(path, suffixes[0], lambda file: _read_file(file, reading))


def _read_file(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    try:
        text = load(path).decode(reading.encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError) as error:
        raise UserError(
            f"{path} is not in UTF-8, as WebAnno TSV must be: {error}. Save it in UTF-8."
        ) from error
    if FIRST_LINE.match(text) is None:
        raise UserError(f"{path} is not WebAnno TSV 3: its first line does not say so.")
    uima_files.refuse_too_many(path, text.count("\n"))
    types = uima_types.read_beside(path)
    cas, problems = parsed(text, types, reading.offsets, anchoring=reading.anchoring)
    yield from articles_of(cas, origin(path), reading, unit="utf16")
    yield from first_problems(problems)


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a file for each article into the folder *target*, and the layers beside them."""
    layers = Layers(writing.scheme, arrays=False)
    return uima_files.write(articles, target, layers, suffixes[0], rendered)


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is not in the files: all that is no label on words."""
    return announced(articles, FATES)
