"""Tags of tokens: how ``B-Speaker I-Speaker O`` and its cousins stand for stretches of tokens.

The prefixes of all usual schemes mean the same wherever they occur, so that one reading serves for
them all: IOB1 (Ramshaw and Marcus 1995: B only between neighbours), IOB2, IO, BILOU and BMEWO
(also written BIOES, with S for a single token). Labels are written with ``%`` and the code of a
character where a tag could not hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

SCHEMES: Final = ("IOB2", "IOB1", "BILOU", "BIOES")
"""What tags can be written in."""

OUTSIDE: Final = "O"
_TAG: Final = re.compile(r"([BILUESMW])-(.+)", re.DOTALL)
_STARTS: Final = frozenset("BUSW")
_ENDS: Final = frozenset("LEUSW")
_UNFIT: Final = re.compile(r"[%\s\x00-\x1f\x7f-\x9f]|\A[_*]\Z")
_CODED: Final = re.compile(r"%([0-9A-F]{2,6});")


class Chunk(NamedTuple):
    """A label on the tokens from *first* up to, not including, *end*."""

    label: str
    first: int
    end: int


def is_tag(word: str) -> bool:
    """Tell whether a column could say *word* of the label of a token."""
    return word == OUTSIDE or _TAG.fullmatch(word) is not None


def label_of(tag: str) -> str | None:
    """Return the label that a tag names; None for one outside of all labels."""
    match = _TAG.fullmatch(tag)
    return None if match is None else decoded(match[2])


def chunks(tags: Iterable[str]) -> Iterator[Chunk]:
    """Yield the labelled stretches that *tags* stand for, in whichever scheme they are."""
    label, first, number = "", -1, -1
    for number, tag in enumerate(tags):
        match = _TAG.fullmatch(tag)
        prefix, name = (match[1], match[2]) if match else (OUTSIDE, "")
        if first >= 0 and (match is None or prefix in _STARTS or name != label):
            yield Chunk(decoded(label), first, number)
            first = -1
        if match and first < 0:
            label, first = name, number
        if first >= 0 and prefix in _ENDS:
            yield Chunk(decoded(label), first, number + 1)
            first = -1
    if first >= 0:
        yield Chunk(decoded(label), first, number + 1)


def tagged(length: int, found: Iterable[Chunk], scheme: str = "IOB2") -> list[str]:
    """Return the tags of *length* tokens with labels on them that do not overlap.

    *scheme* is one of :data:`SCHEMES`.
    """
    result = [OUTSIDE] * length
    for chunk in sorted(found, key=lambda one: one.first):
        name = encoded(chunk.label)
        size = chunk.end - chunk.first
        touches = chunk.first > 0 and result[chunk.first - 1].partition("-")[2] == name
        marks = _prefixes(size, scheme, touches=touches)
        result[chunk.first : chunk.end] = [f"{mark}-{name}" for mark in marks]
    return result


def _prefixes(size: int, scheme: str, *, touches: bool) -> str:
    """Return the prefixes of a label on *size* tokens; it *touches* one of the same name or not."""
    match scheme:
        case "IOB1":
            return ("B" if touches else "I") + "I" * (size - 1)
        case "BILOU" | "BIOES":
            last, alone = ("L", "U") if scheme == "BILOU" else ("E", "S")
            return alone if size == 1 else f"B{'I' * (size - 2)}{last}"
        case _:
            return "B" + "I" * (size - 1)


def names(labels: Sequence[str]) -> list[str]:
    """Return all tags (IOB2) that there are for *labels*, the outside first: classes to learn."""
    return [OUTSIDE, *(f"{prefix}-{encoded(label)}" for label in labels for prefix in "BI")]


def encoded(label: str) -> str:
    """Return *label* as it can stand in a column."""
    return _UNFIT.sub(lambda match: f"%{ord(match[0]):02X};", label)


def decoded(label: str) -> str:
    """Return the label that :func:`encoded` made this of; others are what they are."""
    return _CODED.sub(_character, label)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else match[0]
