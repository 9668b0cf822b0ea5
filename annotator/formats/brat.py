"""brat standoff: a text and a file of labels beside it, as brat and many corpora have it.

An export is a folder for each annotator with the texts, the labels and the configuration that
brat needs, so that it opens each as a collection. The layouts that are read, and which file is
whose, are told in :mod:`annotator.formats.brat_files`; what events become, in
:mod:`annotator.formats.brat_events`.

brat counts code points, after taking each kind of line end for one line feed. Texts are written
as they are; in a text with carriage returns, and in files of others, whichever way of counting
agrees with the words that the labels are said to cover is the right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import (
    Group,
    Problem,
    Reading,
    Sample,
    Writing,
    brat_conf,
    brat_files,
    brat_lines,
)
from annotator.formats.brat_events import OWN
from annotator.formats.brat_files import FileNames, Header
from annotator.formats.brat_lines import Fault, Line
from annotator.formats.brat_reading import LayerReader, Place, claims
from annotator.formats.brat_writing import LayerLines, Names, Seen
from annotator.formats.decoding import decode, freeze
from annotator.formats.imported import load
from annotator.formats.losses import Fate, Loss, announced
from annotator.formats.offsets import Claimed, Ruler, guessed_unit, located
from annotator.formats.replacing import replacing_folder
from annotator.model import Article, Fragment, Layer, text_hash
from annotator.translation import later, tr_n

name: Final = "brat"
title: Final = "brat standoff"
purpose: Final = later("texts with labels beside them, for brat and attribution corpora")
group: Final = Group.TOOLS
suffixes: Final = (".ann",)
folder: Final = True
several_layers: Final = True

_LEFT_OUT: Final = "titles facts zones layer_facts idle_entities verdicts comments extra"
FATES: Final[Mapping[str, Fate]] = MappingProxyType(dict.fromkeys(_LEFT_OUT.split(), Fate.LEFT_OUT))
"""Titles become file names; what brat itself had said of a label is written again."""

_BYTE_ORDER_MARK: Final = "\ufeff"
_SPARE: Final = 1024 * 1024
"""Characters that a line of labels may have beyond those of the text."""


def recognises(sample: Sample) -> bool:
    """Tell whether the first lines are labels; an empty file is one of labels by its suffix."""
    if not sample.head.strip():
        return sample.suffix in suffixes
    return brat_lines.looks_like_brat(sample.text)


def companions(path: Path) -> Iterator[Path]:
    """Yield the text, the labels of other annotators on it, and brat's configuration."""
    return brat_files.companions_of(path)


# ---------------------------------------------------------------------------------------- reading


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the article that the labels at *path* are about, with the labels of all annotators.

    Of a folder, all articles in it. Raises UserError where the text is missing or no text.
    """
    if not path.is_dir():
        yield from _read(brat_files.group_of(path), reading)
        return
    for found in brat_files.groups_in(path):
        if isinstance(found, UserError):
            yield Problem(0, "", str(found))
            continue
        yield from _read(found, reading)


def _read(found: brat_files.Group, reading: Reading) -> Iterator[Annotated | Problem]:
    for link in found.refused:
        yield Problem(0, link.name, "It is a link that leads out of the folder; it was left out.")
    candidates = _texts(load(found.text), reading.encoding)
    longest = 2 * len(candidates[0].text) + _SPARE
    lines: list[list[Line | Fault]] = []
    for part in found.parts:
        data = load(part.path)
        words = _raw(data, reading.encoding).removeprefix(_BYTE_ORDER_MARK)
        lines.append(list(brat_lines.parse(words, longest)))
    place = _understood(candidates, [line for part in lines for line in part], reading)
    text = place.ruler.text
    article = Article(
        id=found.article_id,
        title=found.article_id,
        text=text,
        sha256=text_hash(text),
        language=reading.language,
    )
    result = Annotated(article)
    for part, own in zip(found.parts, lines, strict=True):
        if not own and part.header is None and not part.author:
            continue  # brat has an empty file for each text; it says that nobody marked anything
        reader = LayerReader(part, article.id, place, reading)
        reader.read(own)
        yield from reader.problems
        result.layers[reader.layer.id] = reader.layer
        result.spans.update((span.id, span) for span in reader.spans)
        result.relations.update((tie.id, tie) for tie in reader.relations)
        for entity in reader.entities.values():
            result.entities.setdefault(entity.id, entity)
    yield result


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as the offsets may count it, and what they count before it."""

    text: str
    shift: int = 0


def _texts(data: bytes, encoding: str | None) -> list[_Text]:
    """Return the ways in which the labels may have seen the text, the likeliest first."""
    raw = _raw(data, encoding)
    text = raw.removeprefix(_BYTE_ORDER_MARK)
    found = [_Text(text)]
    if "\r" in text:
        found.append(_Text(freeze(text)))
    if text != raw:
        found += [replace(one, shift=1) for one in found]
    return found


def _raw(data: bytes, encoding: str | None) -> str:
    """Return the text in *data* with all its line ends as they are."""
    return data.decode(decode(data, asked=encoding).encoding) if data.strip() else ""


def _understood(candidates: list[_Text], lines: list[Line | Fault], reading: Reading) -> Place:
    """Return how the offsets agree best with the words that they are said to cover."""

    def place(one: _Text) -> tuple[int, Place]:
        ruler = Ruler(one.text)
        said = list(claims(lines, one.shift))
        unit = guessed_unit(ruler, said) if reading.offsets == "auto" else reading.offsets
        right = _right(ruler, said, unit) if len(candidates) > 1 else 0
        return right, Place(ruler, unit, one.shift, reading.anchoring)

    return max(map(place, candidates), key=lambda pair: pair[0])[1]


def _right(ruler: Ruler, said: Iterable[Claimed], unit: str) -> int:
    return sum(isinstance(located(ruler, claimed, unit), Fragment) for claimed in said)


# ---------------------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class _Folder:
    """The folder of one annotator while it is being written."""

    path: Path
    author: str
    kind: str
    names: Names
    seen: Seen


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a folder of texts and labels for each annotator, and return how many articles.

    Articles that nobody has looked at lie in *target* itself. Raises ExportError.
    """
    count = 0
    names = FileNames()
    folders: dict[tuple[str, str, int], _Folder] = {}
    folder_names = FileNames()
    with replacing_folder(target) as place:
        for item in articles:
            count += 1
            file = names.name(item.article.id)
            met: dict[tuple[str, str], int] = {}
            for layer in sorted(item.layers.values(), key=_layer_order):
                met[layer.author, layer.kind] = number = met.get((layer.author, layer.kind), 0) + 1
                key = (layer.author, layer.kind, number)
                if key not in folders:
                    wish = layer.author or layer.kind
                    path = place / folder_names.name(wish)
                    path.mkdir()
                    folders[key] = _Folder(
                        path, layer.author, layer.kind, Names(writing.scheme), Seen()
                    )
                own = folders[key]
                _write_text(own.path / f"{file}.txt", item.article.text)
                lines = LayerLines(item, layer.id, own.names, own.seen).lines()
                _write_text(own.path / f"{file}.ann", "".join(f"{line}\n" for line in lines))
            if not item.layers:
                _write_text(place / f"{file}.txt", item.article.text)
                _write_text(place / f"{file}.ann", "")
        for own in folders.values():
            _write_configuration(own, writing)
    return count


def _layer_order(layer: Layer) -> tuple[str, str, str]:
    return (layer.author, layer.kind, layer.id)


def _write_configuration(own: _Folder, writing: Writing) -> None:
    scheme, names = writing.scheme, own.names
    body = brat_conf.annotation_conf(scheme, names, own.seen)
    header = Header(own.author, own.kind, names.changed).line()
    _write_text(own.path / brat_files.ANNOTATION_CONF, f"{header}\n\n{body}")
    _write_text(own.path / brat_files.VISUAL_CONF, brat_conf.visual_conf(scheme, names))


def _write_text(path: Path, text: str) -> None:
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    path.write_bytes((mark + text).encode("utf-8"))


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the files will not say; one pass, one article at a time."""
    returns = 0

    def watched() -> Iterator[Annotated]:
        nonlocal returns
        for item in articles:
            returns += "\r" in item.article.text
            yield _without_own(item)

    losses = announced(watched(), FATES)
    if returns:
        sentence = tr_n(
            returns,
            "{n} text with carriage returns, which brat itself counts differently",
            "{n} texts with carriage returns, which brat itself counts differently",
        )
        losses.append(Loss("carriage_returns", returns, Fate.CHANGED, sentence))
    return losses


def _without_own(item: Annotated) -> Annotated:
    """Return *item* without what its files will say again, so that it is not counted as lost."""
    tables: tuple[dict[str, Any], ...] = (item.layers, item.entities, item.spans, item.relations)
    if not any(OWN & record.extra.keys() for table in tables for record in table.values()):
        return item
    result = item.copy()
    for table in (result.layers, result.entities, result.spans, result.relations):
        _strip(table)
    return result


def _strip(table: dict[str, Any]) -> None:
    for key, record in table.items():
        extra = {name: value for name, value in record.extra.items() if name not in OWN}
        table[key] = replace(record, extra=extra)
