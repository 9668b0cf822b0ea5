"""QDPX, the project exchange of the REFI-QDA standard 1.5: QualCoder, MAXQDA, ATLAS.ti and others.

A ZIP file with ``project.qde`` and the texts in ``sources``. Labels are codes, in the colours of
the scheme, attributes codes beneath them (``Claim: form = direct``), so that people can count them
there; users are the authors of layers, notes the descriptions of selections, entities cases with
variables, relations links. A fragment is a selection of its own, tied to the next by a link.

Positions are code points from 0, the end behind the last character, as the standard has it
(section 9.2) and QualCoder does it; its import was read, which also wants dates. Texts are read
as they are, with the line ends that positions count; in projects of others the way of counting
is taken in which most selections begin and end at words.

The document is in memory as a whole when it is read. When it is written, what grows with the
corpus (selections, links) waits in a temporary file; codes, entities and who is named where do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, Writing, archives, xml_text
from annotator.formats.decoding import decode
from annotator.formats.losses import Fate, Loss
from annotator.formats.qdpx_reading import ProjectReader
from annotator.formats.qdpx_writing import Project, guid
from annotator.formats.replacing import replacing
from annotator.formats.xml_alphabet import announced_in_xml, illegible, legible
from annotator.translation import later

name: Final = "qdpx"
title: Final = "REFI-QDA project (QDPX)"
purpose: Final = later("codes and codings for QualCoder, MAXQDA, ATLAS.ti and NVivo")
group: Final = Group.TOOLS
suffixes: Final = (".qdpx",)
several_layers: Final = True

_LEFT_OUT: Final = (
    "zones layer_facts empty_layers idle_entities relation_attributes verdicts comments extra"
)
FATES: Final[Mapping[str, Fate]] = MappingProxyType(dict.fromkeys(_LEFT_OUT.split(), Fate.LEFT_OUT))

_IN_MEMORY: Final = 16 * 1024**2
"""Bytes above which what waits for its place lies on the disk."""
_FOLDERS: Final = ("sources/", "Sources/", "")


def recognises(sample: Sample) -> bool:
    """Tell a project by the names in the archive, or by those that must be in it."""
    return sample.head.startswith(b"PK") and (
        b".qde" in sample.head or sample.suffix in suffixes or _has_document(sample.path)
    )


def _has_document(path: Path) -> bool:
    try:
        with archives.opened(path) as archive:
            return any(one.endswith(".qde") for one in archive.names)
    except UserError:
        return False


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a project, and what cannot be taken over."""
    with archives.opened(path) as archive:
        names = frozenset(archive.names)
        documents = [one for one in archive.names if one.endswith(".qde") and "/" not in one]
        if not documents:
            raise UserError(
                f"{path} has no project.qde in it, so it is no REFI-QDA project. Export it again."
            )
        root = xml_text.parse(archive.read(documents[0]), f"{path}: {documents[0]}")

        def member(wish: str) -> bytes | None:
            found = (f"{above}{wish}" for above in _FOLDERS)
            known = next((one for one in found if one in names), None)
            return None if known is None else archive.read(known)

        def decoded(data: bytes, exact: bool) -> str:
            encoding = "utf-8" if exact else decode(data, asked=reading.encoding).encoding
            return data.decode(encoding, "replace") if exact else _plain(data.decode(encoding))

        yield from ProjectReader(root, path.stem, reading, member, decoded).results()


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff")


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a project with all articles, and return their number."""
    count = 0

    def members(project: Project) -> Iterator[tuple[str, Iterable[bytes]]]:
        nonlocal count
        for item in articles:
            count += 1
            file = f"{guid('article', item.article.id)}.txt"
            project.add(legible(item), file)
            yield f"sources/{file}", [item.article.text.encode("utf-8")]
        yield "project.qde", project.render()

    with (
        SpooledTemporaryFile(_IN_MEMORY) as sources,
        SpooledTemporaryFile(_IN_MEMORY) as links,
        replacing(target) as file,
    ):
        archives.write(file, members(Project(writing.scheme, sources, links)))
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles, and how many characters XML cannot hold."""
    return announced_in_xml(articles, FATES, _illegible)


def _illegible(item: Annotated) -> int:
    """Return the number of characters that XML cannot hold, outside of the text itself."""
    bare = item.copy()
    bare.article = replace(bare.article, text="")
    bare.spans = {key: replace(span, text=()) for key, span in bare.spans.items()}
    return illegible(bare)
