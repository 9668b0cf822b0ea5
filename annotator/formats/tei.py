"""TEI P5: an article a file, its labels as elements in the running text.

**What is written.** The Guidelines offer both standoff markup (section SASO) and elements in the
text. Programs that show TEI know ``said`` and ``placeName`` in the text, and few of them follow
``string-range`` pointers, so labels are elements there: ``said`` with ``who`` and ``direct`` for
claims and quotations, ``placeName`` with ``ref`` for places, ``rs`` with ``ref`` for those who
speak (a referring string may be a pronoun, which ``persName`` may not), ``persName``, ``orgName``
and ``seg`` for others. Labels that cross, and fragments, are cut into pieces that ``next`` and
``prev`` join (section NHVE, reconstitution of virtual elements). Every element
says by ``resp`` whose label it is, by ``ana`` which one in the taxonomy of the header, and by the
feature structure there which attributes it has; ``cert="low"`` is the flag "unsure". Relations,
entities, zones (between anchors) and notes stand in ``standOff``.

The text is exact: paragraphs are lines with the line breaks behind them, and ``xml:space`` says
that blanks count. There is no offset that could be wrong.

**What is read.** Our own files without loss, told by ``application`` in the header; any other TEI
with ``said``, ``q``, ``quote``, names of persons, places and organisations, ``rs``, ``name`` and
``seg`` with a type, and with ``span`` beside the text. How blanks are read there is told in
:mod:`annotator.formats.tei_text`. A file is in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, Writing, uima_files, xml_text
from annotator.formats.file_names import FileNames
from annotator.formats.losses import NO_REMARKS, Loss
from annotator.formats.replacing import replacing_folder
from annotator.formats.tei_reading import Meaning
from annotator.formats.tei_writing import NAMESPACE, Document
from annotator.formats.xml_alphabet import announced_in_xml, legible
from annotator.translation import later

name: Final = "tei"
title: Final = "TEI P5"
purpose: Final = later("articles for digital editions, with said, placeName and the like")
group: Final = Group.TOOLS
suffixes: Final = (".xml", ".tei")
folder: Final = True
several_layers: Final = True

FATES: Final = NO_REMARKS


def recognises(sample: Sample) -> bool:
    """Tell TEI by its namespace and its first element."""
    return NAMESPACE in sample.text and ("<TEI" in sample.text or "<teiCorpus" in sample.text)


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file or of a folder of them, and what cannot be taken over."""
    yield from uima_files.read_each(path, suffixes[0], lambda file: _read_file(file, reading))


def _read_file(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    root = xml_text.parse(path)
    documents = [item for item in root.iter("{*}TEI") if xml_text.local(item) == "TEI"]
    if xml_text.local(root) not in ("TEI", "teiCorpus") or not documents:
        raise UserError(
            f"{path} is not TEI P5: it begins with <{xml_text.local(root)}>. Nothing was imported."
        )
    for number, item in enumerate(documents, 1):
        article_id = path.stem if len(documents) == 1 else f"{path.stem}#{number}"
        yield from Meaning(item, article_id, reading).results()


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a file for each article into a new folder, and return their number."""
    names = FileNames()
    count = 0
    with replacing_folder(target) as place:
        for item in articles:
            file = place / f"{names.name(item.article.id)}{suffixes[0]}"
            file.write_bytes(Document(legible(item), writing.scheme).render())
            count += 1
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is not in the files: verdicts, comments, and characters that XML has not."""
    return announced_in_xml(articles, FATES)
