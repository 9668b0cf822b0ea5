"""The lines of brat's ``.ann`` files, one by one, without what they mean together.

    T1   Claim 10 20;25 30   the words covered     a span, its fragments with ``;`` between them
    E1   Report:T3 Event:T1  Event2:T2             an event: its trigger, then role and target
    R1   attributed_to Arg1:T1 Arg2:T2             a relation
    *    Equiv T1 T2 T3                            spans that are equal in some way
    A1   Mention T1 Name                           an attribute; without a value it is simply there
    M1   Negation E1                               the same in old files
    N1   Reference T1 geonames:170063   Aleppo     what a span stands for, in some list
    #1   AnnotatorNotes T1              text       a note

Lines end at a line feed only: covered words may hold other characters that some call line ends.
Written words must not hold those, since brat itself would take them for the end of a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

NOTE: Final = "AnnotatorNotes"
"""Type of the notes that people write in brat."""
ENTITY: Final = "AnnotatorEntity"
"""Type of our notes on an ``N`` line: all that is known of the entity, as JSON."""
FRAGMENTS: Final = "AnnotatorFragments"
"""Type of our notes with the fragments of a span that crosses line ends, which brat splits."""
ATTRIBUTES: Final = "AnnotatorAttributes"
"""Type of our notes with the attributes of a relation, as JSON; brat has none of those."""
UNSURE: Final = "Unsure"
"""Attribute of ours for spans that are marked as unsure."""
REFERENCE: Final = "Reference"
"""Type of ``N`` lines; ours with another one are relations to an entity without words."""

_LINE: Final = re.compile(r"(\*|#[A-Za-z]*\d*|[TREAMN]\d+[^\t ]*)\t([^\t]*)(?:\t(.*))?", re.DOTALL)
_SPAN: Final = re.compile(r"(\S+) (-?\d{1,15} -?\d{1,15}(?: ?; ?-?\d{1,15} -?\d{1,15})*) *")
_FIRST: Final = re.compile(
    r"T\d+\S*\t\S+ \d+ \d+(?:;\d+ \d+)*(?:\t.*)?|E\d+\S*\t\S+:T\d+.*|R\d+\S*\t\S+ \S+:\S+ \S+:.*"
    r"|[AM]\d+\S*\t\S+ [TER]\d+.*|N\d+\S*\t\S+ .*:.*|#\d*\t\S+ [A-Z]\d+.*|\*\t\S+ T\d+ .*"
)
_BREAKS: Final = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4})|\\(n|t)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of labels: its id, what stands behind it, and the words in the last column."""

    number: int
    id: str
    data: str
    tail: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line, or the record of it, cannot be taken over."""

    number: int
    id: str
    reason: str


def parse(text: str, longest: int) -> Iterator[Line | Fault]:
    """Yield the lines of a file, and what is wrong with those that are none.

    *longest* is the number of characters that a line can have: a span covers a text at most once.
    """
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.removesuffix("\r")
        if not line.strip():
            continue
        if len(line) > longest:
            size = f"{len(line):,}"
            yield Fault(number, "", f"The line has {size} characters, too many for a label.")
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            yield Fault(number, "", f"{_short(line)} is not a line of brat: id, tab, label.")
        else:
            yield Line(number, *match.groups())


def looks_like_brat(text: str) -> bool:
    """Tell whether the first lines are labels, as those of a text hardly are."""
    lines = text.split("\n")
    whole = lines[:-1] if len(lines) > 1 else lines
    first = [line.removesuffix("\r") for line in whole if line.strip()][:5]
    return bool(first) and all(_FIRST.fullmatch(line) for line in first)


def span(line: Line) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    """Return label and places of a ``T`` line, or None where it is not written as one."""
    match = _SPAN.fullmatch(line.data)
    if match is None:
        return None
    pairs = (pair.split() for pair in match[2].split(";"))
    return match[1], tuple((int(start), int(end)) for start, end in pairs)


def arguments(words: list[str]) -> list[tuple[str, str]] | None:
    """Return role and target of each ``Role:T1``, or None where one is not written so."""
    pairs = [word.partition(":") for word in words]
    if not all(role and target for role, _, target in pairs):
        return None
    return [(role, target) for role, _, target in pairs]


def in_one_line(words: str) -> str:
    """Return *words* with a blank in the place of each line end, as brat shows covered words."""
    return _BREAKS.sub(" ", words)


def escaped(text: str) -> str:
    """Return *text* so that it fits in a column; :func:`unescaped` is the way back."""
    plain = not _BREAKS.search(text) and "\t" not in text
    if plain and unescaped(text) == text:
        return text
    text = text.replace("\\", _code("\\")).replace("\n", "\\n").replace("\t", "\\t")
    return _BREAKS.sub(lambda match: _code(match[0]), text)


def unescaped(text: str) -> str:
    """Return the text that :func:`escaped` wrote."""

    def char(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else {"n": "\n", "t": "\t"}[match[2]]

    return _ESCAPE.sub(char, text)


def _code(char: str) -> str:
    return f"\\u{ord(char):04x}"


def value_written(value: Any) -> str:
    """Return the value of an attribute for an ``A`` line; empty for True, which needs none."""
    if value is True:
        return ""
    if isinstance(value, str) and value and not _is_json(value):
        return escaped(value)
    return escaped(json.dumps(value, ensure_ascii=False, sort_keys=True))


def value_read(words: str) -> Any:
    """Return the value that :func:`value_written` wrote."""
    if not words:
        return True
    text = unescaped(words)
    return json.loads(text) if _is_json(text) else text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _short(words: str, longest: int = 40) -> str:
    return repr(words if len(words) <= longest else words[: longest - 1] + "…")
