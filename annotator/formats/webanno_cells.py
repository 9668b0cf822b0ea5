"""The alphabet of WebAnno TSV: escapes, stacks, slots and numbers in brackets; columns by header.

After the user guide of INCEpTION, “WebAnno TSV 3.3 File format”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from annotator.formats import uima

NOTHING: Final = "_"
"""A cell without an annotation."""
NO_VALUE: Final = "*"
"""An annotation without a value."""

_TEXT_ESCAPES: Final = {"\t": "t", "\n": "n", "\f": "f", "\r": "r", "\b": "b", "\\": "\\"}
_TEXT_PLAIN: Final = {letter: char for char, letter in _TEXT_ESCAPES.items()}
_TEXT_SPECIAL: Final = re.compile(r"[\x00-\x0a\x0c-\x1f\\]")
_TEXT_ESCAPED: Final = re.compile(r"\\([tnfrb\\\x00-\x1f])")
_VALUE_SPECIAL: Final = re.compile(r"->|[\\\[\]|_;\t\n\r*]")
_VALUE_ESCAPED: Final = re.compile(r"\\(->|[\\\[\]|_;tnr*])")
_VALUE_ESCAPES: Final = {"\t": "t", "\n": "n", "\r": "r"}
_VALUE_PLAIN: Final = {letter: char for char, letter in _VALUE_ESCAPES.items()}
_PARTS: Final = {mark: re.compile(rf"(?:\\.|[^\\{mark}])+|", re.DOTALL) for mark in "|;"}
_NUMBERED: Final = re.compile(r"((?:\\.|[^\\\[])*)\[(\d+(?:_\d+)?)\]", re.DOTALL)
_CHAINED: Final = re.compile(r"((?:\\.|[^\\])*?)->(\d+)-(\d+)", re.DOTALL)


def escaped_text(text: str) -> str:
    """Return a line of a sentence as it stands after ``#Text=``."""
    return _TEXT_SPECIAL.sub(lambda m: "\\" + _TEXT_ESCAPES.get(m[0], m[0]), text)


def plain_text(text: str) -> str:
    """Return what :func:`escaped_text` was given."""
    return _TEXT_ESCAPED.sub(lambda m: _TEXT_PLAIN.get(m[1], m[1]), text)


def escaped(value: str) -> str:
    """Return a value as it stands in a cell."""
    return _VALUE_SPECIAL.sub(lambda m: "\\" + _VALUE_ESCAPES.get(m[0], m[0]), value)


def plain(value: str) -> str:
    """Return what :func:`escaped` was given."""
    return _VALUE_ESCAPED.sub(lambda m: _VALUE_PLAIN.get(m[1], m[1]), value)


def split(cell: str, mark: str) -> list[str]:
    """Return the parts of a cell between *mark* (``|`` or ``;``) where it is not escaped."""
    parts: list[str] = []
    at = 0
    while True:
        match = _PARTS[mark].match(cell, at)
        assert match is not None  # it matches nothing as well
        parts.append(match[0])
        at = match.end() + 1
        if at > len(cell):
            return parts


def numbered(value: str) -> tuple[str, str]:
    """Return a value without the number in brackets at its end, and that number or nothing."""
    match = _NUMBERED.fullmatch(value)
    return (value, "") if match is None else (match[1], match[2])


def chained(value: str) -> tuple[str, int, int] | None:
    """Return a value of a chain's step with the numbers of chain and link; None for others."""
    match = _CHAINED.fullmatch(value)
    return None if match is None else (match[1], int(match[2]), int(match[3]))


class Kind(Enum):
    """What the cells of a column say."""

    PLACEHOLDER = "there is an annotation"
    VALUE = "the value of a feature"
    ROLES = "the roles of links"
    TARGETS = "where links lead"
    SOURCE = "where a relation begins"
    CHAIN = "the chain that a link of it belongs to"
    STEP = "the step to the next link of a chain"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the body: for a feature of a type."""

    type: str
    kind: Kind
    feature: str = ""
    other: str = ""
    """Type of the links or of the targets."""


def columns(line: str) -> Iterator[Column]:
    """Yield the columns that a line of the header declares. Raises ValueError where it is none."""
    layer, _, declared = line.partition("=")
    name, *fields = [part for part in declared.split("|") if part]
    if not fields:
        yield Column(name, Kind.PLACEHOLDER)
    roles: Column | None = None
    for field in fields:
        if layer == "#T_RL" and field.startswith("BT_"):
            yield Column(name, Kind.SOURCE, "Governor", field.removeprefix("BT_"))
        elif layer == "#T_CH":
            kind = Kind.STEP if field == "referenceRelation" else Kind.CHAIN
            yield Column(name, kind, field)
        elif layer == "#T_SP" and field.startswith("ROLE_"):
            roles = _roles(name, field)
            yield roles
            continue
        elif roles is not None:
            yield Column(name, Kind.TARGETS, roles.feature, field)
        else:
            yield Column(name, Kind.VALUE, field)
        roles = None


def _roles(name: str, field: str) -> Column:
    """Read ``ROLE_webanno.custom.Claim:saidBy_webanno.custom.ClaimSaidByLink``."""
    host, _, rest = field.removeprefix("ROLE_").partition(":")
    feature, _, link = rest.partition("_")
    if not host or not feature or not link:
        raise ValueError(f"{field!r} does not name a feature and the type of its links")
    return Column(name, Kind.ROLES, feature, link)


def header(declared: list[Column]) -> Iterator[str]:
    """Yield the lines of the header for columns, those of a type beside each other."""
    for name in dict.fromkeys(column.type for column in declared):
        fields = [_declaration(column) for column in declared if column.type == name]
        yield f"#T_SP={name}|{'|'.join(fields)}"


def _declaration(column: Column) -> str:
    if column.kind is Kind.ROLES:
        return f"ROLE_{column.type}:{column.feature}_{column.other}"
    return column.other if column.kind is Kind.TARGETS else column.feature


def range_of(types: uima.TypeSystem, column: Column) -> str:
    """Return the range of a column's feature, text where it is not known."""
    known = types.feature(column.type, column.feature)
    return uima.STRING if known is None else known.range
