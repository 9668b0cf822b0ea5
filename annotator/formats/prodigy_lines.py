"""The lines of a Prodigy file, brought together by the text that they answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from annotator.errors import UserError
from annotator.formats import Problem, json_text
from annotator.formats.gathering import text_of
from annotator.model import JsonObject

KEPT: Final = "from_annotator"
"""Key of a line for what Prodigy has no place for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line: what one person, or nobody, said of a text."""

    line: int
    data: JsonObject
    article_id: str


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    offset: int
    size: int


def answers_by_text(path: Path) -> Iterator[list[Answer] | Problem]:
    """Yield what is wrong with lines, and then the answers to each text together.

    Raises UserError where the file cannot be read.
    """
    places: dict[bytes, list[_Place]] = {}
    names: dict[bytes, str] = {}
    taken: set[str] = set()
    try:
        with path.open("rb") as file:
            for place, raw in _lines(file):
                data, problem = _task(place.line, raw)
                if problem is not None:
                    yield problem
                    continue
                key = _key(data)
                places.setdefault(key, []).append(place)
                if key not in names:
                    names[key] = _free(_name(data), taken)
            for key, found in places.items():
                yield [
                    Answer(place.line, data, names[key])
                    for place in found
                    if (data := _task(place.line, _bytes(file, place))[0])
                ]
    except OSError as error:
        raise UserError(
            f"{path} could not be read: {error.strerror or error}. Nothing was imported."
        ) from error


def _lines(file: BinaryIO) -> Iterator[tuple[_Place, bytes]]:
    """Yield place and bytes of the lines that are not empty."""
    offset = number = 0
    while raw := file.readline(json_text.LONGEST_LINE):
        number += 1
        if raw.strip():
            yield _Place(number, offset, len(raw)), raw
        offset += len(raw)


def _bytes(file: BinaryIO, place: _Place) -> bytes:
    file.seek(place.offset)
    return file.read(place.size)


def _task(line: int, raw: bytes) -> tuple[JsonObject, Problem | None]:
    """Return the task on a line, or what is wrong with it."""
    try:
        data = json_text.loads(raw)
    except ValueError as error:
        return {}, Problem(line, "", str(error))
    if not isinstance(data, dict):
        return {}, Problem(line, "", "The line is not a JSON object.")
    reason = text_of(data.get("text"))[1]
    return data, Problem(line, "text", reason) if reason else None


def _own(data: JsonObject) -> Any:
    kept = data.get(KEPT)
    return kept.get("id") if isinstance(kept, dict) else None


def _key(data: JsonObject) -> bytes:
    """Return what two answers share that are about the same article."""
    about = f"{_own(data) or ''}\n{data['text']}"
    return hashlib.sha256(about.encode("utf-8")).digest()


def _name(data: JsonObject) -> str:
    own = _own(data)
    if isinstance(own, str) and own:
        return own
    number = data.get("_input_hash")
    if type(number) is int:
        return f"prodigy{number:+d}"
    return f"prodigy-{hashlib.sha256(data['text'].encode('utf-8')).hexdigest()[:16]}"


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}~{number}", number + 1
    taken.add(free)
    return free
