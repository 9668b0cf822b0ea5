"""Which files of brat belong together, what they are called, and whose labels they hold.

brat itself keeps a text and its labels side by side (``wire.txt``, ``wire.ann``) and an
``annotation.conf`` in the folder or above. Two layouts hold the labels of several people:

* Ours: a folder for each annotator, so that brat opens it as it is. The first line of the folder's
  ``annotation.conf`` is a comment for us, which says who the annotator is, and what labels are
  called that brat could not take as they are.
* That of attribution corpora such as PolNeAR: ``wire_ada.ann`` and ``wire_ben.ann`` beside one
  ``wire.txt``, or beside the folder ``text`` that has it. The part after the last ``_`` is the
  annotator.

Only files in these places are looked at, and no link that leads out of them is followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from annotator.errors import UserError
from annotator.model import LayerKind

ANNOTATION_CONF: Final = "annotation.conf"
VISUAL_CONF: Final = "visual.conf"
CONFIGURATIONS: Final = (
    ANNOTATION_CONF,
    VISUAL_CONF,
    "tools.conf",
    "kb_shortcuts.conf",
    "acl.conf",
)

_HEADER: Final = "# Annotator: "
_LONGEST_HEADER: Final = 1024 * 1024
_TEXT_FOLDERS: Final = ("text", "texts", "txt")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_LONGEST_NAME: Final = 180
"""Bytes of a file name without its suffix; file systems allow 255 with it."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line of our ``annotation.conf`` says about the folder."""

    author: str
    kind: str = LayerKind.PERSON
    names: Mapping[str, str] = field(default_factory=dict)
    """Our names of labels, relations and attributes, by those that brat knows them by."""

    def line(self) -> str:
        """Return it as the comment that it is to brat."""
        said = {"author": self.author, "kind": self.kind, "names": dict(self.names)}
        return _HEADER + json.dumps(said, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Part:
    """The labels of one annotator on a text."""

    path: Path
    layer_id: str
    author: str = ""
    """Empty where nothing says whose labels they are."""
    header: Header | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A text with the files of labels that belong to it."""

    text: Path
    article_id: str
    parts: tuple[Part, ...]
    refused: tuple[Path, ...] = ()
    """Links that lead out of the folder, and were not followed."""


def group_of(path: Path) -> Group:
    """Return the text that the labels at *path* are about, and all labels on it.

    Raises UserError where there is no text for them.
    """
    beside = path.with_suffix(".txt")
    if beside.is_file():
        return _beside(path, _inside(beside, path.parent))
    for text in _texts_of(path.parent, path.stem):
        return Group(text, name_read(path.stem), (_anonymous(path),))
    base, _, annotator = path.stem.rpartition("_")
    if base and annotator:
        named = path.with_name(f"{base}.txt")
        found = (_inside(named, path.parent),) if named.is_file() else ()
        for text in (*found, *_texts_of(path.parent, base)):
            return _by_suffix(path.parent, base, text)
    raise UserError(
        f"{path} has labels, but its text is missing: there is no {beside.name} beside it or in a "
        "folder “text” beside its folder. Put it there and import again."
    )


def _beside(path: Path, text: Path) -> Group:
    header = header_of(path.parent)
    if header is None:
        return Group(text, name_read(path.stem), (_anonymous(path),))
    parts: list[Part] = []
    refused: list[Path] = []
    content = text.read_bytes()
    for folder in sorted(path.parent.parent.iterdir()):
        other = folder / path.name
        theirs = other.with_suffix(".txt")
        if not (folder.is_dir() and other.is_file() and theirs.is_file()):
            continue
        if not (_is_inside(other, path.parent.parent) and _is_inside(theirs, path.parent.parent)):
            refused.append(other)
            continue
        their = header_of(folder)
        if their is not None and theirs.read_bytes() == content:
            parts.append(Part(other, name_read(folder.name), their.author, their))
    return Group(text, name_read(path.stem), tuple(parts), tuple(refused))


def _by_suffix(folder: Path, base: str, text: Path) -> Group:
    parts: list[Part] = []
    refused: list[Path] = []
    for other in sorted(folder.iterdir()):
        start, _, annotator = other.stem.rpartition("_")
        if start != base or not annotator or other.suffix != ".ann":
            continue
        if other.with_suffix(".txt").is_file():
            continue
        if _is_inside(other, folder):
            parts.append(Part(other, annotator, annotator))
        else:
            refused.append(other)
    return Group(text, name_read(base), tuple(parts), tuple(refused))


def _anonymous(path: Path) -> Part:
    return Part(path, path.resolve().parent.name or "import")


def _texts_of(folder: Path, stem: str) -> Iterator[Path]:
    above = folder.resolve().parent
    for name in _TEXT_FOLDERS:
        text = above / name / f"{stem}.txt"
        if text.is_file():
            yield _inside(text, above)


def _inside(path: Path, root: Path) -> Path:
    """Return *path*. Raises UserError where it is a link that leads out of *root*."""
    if not _is_inside(path, root):
        raise UserError(
            f"{path} is a link that leads out of its folder, and was not followed. Put the text "
            "itself there and import again."
        )
    return path


def _is_inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def header_of(folder: Path) -> Header | None:
    """Return what our first line in the folder's configuration says; None in a folder of others."""
    path = folder / ANNOTATION_CONF
    try:
        if not path.is_file() or not _is_inside(path, folder):
            return None
        with path.open("rb") as file:
            first = file.readline(_LONGEST_HEADER).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if not first.startswith(_HEADER):
        return None
    try:
        said = json.loads(first.removeprefix(_HEADER))
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    names = said.get("names")
    kinds = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)
    kind = said.get("kind")
    return Header(
        str(said.get("author", "")),
        kind if kind in kinds else LayerKind.IMPORT,
        {str(key): str(value) for key, value in names.items()} if isinstance(names, dict) else {},
    )


def companions_of(path: Path) -> Iterator[Path]:
    """Yield the files that are read with the labels at *path*, and brat's configuration."""
    try:
        group = group_of(path)
    except (UserError, OSError):
        return
    yield group.text
    folders = {path.parent: None, path.parent.parent: None}
    for part in group.parts:
        folders[part.path.parent] = None
        if part.path != path:
            yield part.path
            if part.header is not None:
                yield part.path.with_suffix(".txt")
    for folder in folders:
        yield from (folder / name for name in CONFIGURATIONS if (folder / name).is_file())


def groups_in(folder: Path) -> Iterator[Group | UserError]:
    """Yield the texts with labels in a folder and the folders in it, or why one has no text."""
    seen: set[Path] = set()
    for path in sorted(folder.rglob("*.ann"), key=lambda found: (found.name, found)):
        if path in seen or not path.is_file() or not _is_inside(path, folder):
            continue
        try:
            group = group_of(path)
        except UserError as error:
            yield error
            continue
        seen.update(part.path for part in group.parts)
        yield group


# ------------------------------------------------------------------------------------------ names


def name_written(id_: str) -> str:
    """Return *id_* as a file name that every system takes; :func:`name_read` is the way back.

    Very long ones are cut off, and end in a number that stands for the rest.
    """
    name = "".join(char if char.isalnum() or char in "-_ ." else _escaped(char) for char in id_)
    if name.startswith((".", " ")) or _RESERVED.match(name):
        name = _escaped(name[0]) + name[1:]
    if name.endswith((".", " ")):
        name = name[:-1] + _escaped(name[-1])
    if len(name.encode()) > _LONGEST_NAME:
        digest = sha256(id_.encode()).hexdigest()[:12]
        cut = name.encode()[: _LONGEST_NAME - 13].decode("utf-8", "ignore")
        name = f"{re.sub('%[0-9A-F]?$', '', cut)}~{digest}"
    return name or "_"


def _escaped(char: str) -> str:
    quoted = quote(char, safe="")
    return quoted if quoted != char else f"%{ord(char):02X}"


def name_read(name: str) -> str:
    """Return the id that a file name stands for; names of others stand for themselves."""
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return name


class FileNames:
    """File names that differ on every system, those without regard to case among them."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, id_: str) -> str:
        """Return a free name for *id_*."""
        plain = name_written(id_)
        name, number = plain, 2
        if name.casefold() in self._taken and name[0] != "%":
            name = _escaped(name[0]) + name[1:]
        while name.casefold() in self._taken:
            name = f"{plain}~{number}"
            number += 1
        self._taken.add(name.casefold())
        return name
