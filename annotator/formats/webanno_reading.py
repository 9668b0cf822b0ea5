"""WebAnno TSV as a CAS: the text from its sentences, annotations from the cells of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from annotator.formats import UNITS, Problem, uima
from annotator.formats.offsets import Claimed, Misplaced, Ruler, located
from annotator.formats.uima import Cas, FeatureStructure, Ref, TypeSystem, View
from annotator.formats.webanno_cells import (
    NO_VALUE,
    NOTHING,
    Column,
    Kind,
    chained,
    columns,
    numbered,
    plain,
    plain_text,
    range_of,
    split,
)

FIRST_LINE: Final = re.compile(r"#FORMAT=WebAnno TSV 3(\.\d+)?\s*")
_UNIT: Final = re.compile(r"(\d+-\d+)(?:\.\d+)?")
_OFFSETS: Final = re.compile(r"(\d{1,12})-(\d{1,12})")
_SOFA: Final = 1


@dataclass(slots=True)
class Row:
    """A token or a part of one, with its cells."""

    line: int
    id: str
    start: int
    end: int
    words: str
    cells: list[str]

    @property
    def is_token(self) -> bool:
        """Whether it is a whole token."""
        return "." not in self.id


@dataclass(slots=True)
class Sentence:
    """The text of a sentence, and the rows below it."""

    text: str
    rows: list[Row] = field(default_factory=list)


def parsed(
    text: str, types: TypeSystem, unit: str = "auto", *, anchoring: bool = False
) -> tuple[Cas, list[Problem]]:
    """Return the CAS that a TSV file says, with offsets in UTF-16, and what is wrong in it."""
    lines = _Lines(text)
    sentences = lines.sentences
    unit = _found_unit(sentences) if unit == "auto" else unit
    body = _body(sentences, unit)
    cells = _Cells(lines.columns, types, body, unit, anchoring=anchoring)
    for sentence in sentences:
        for row in sentence.rows:
            cells.add_row(row)
    cells.finish()
    return cells.cas, [*lines.problems, *cells.problems]


class _Lines:
    """The lines of a file: header, sentences, rows."""

    def __init__(self, text: str) -> None:
        self.columns: list[Column] = []
        self.sentences: list[Sentence] = []
        self.problems: list[Problem] = []
        self._open = False
        """Whether the sentence at hand is still in its header."""
        for number, line in enumerate(text.split("\n"), 1):
            try:
                self._take(number, line.removesuffix("\r"))
            except ValueError as error:
                self.problems.append(Problem(number, "", f"{error}."))

    def _take(self, number: int, line: str) -> None:
        in_body = bool(self.sentences)
        if not line:
            self._open = False
        elif line.startswith(("#T_SP=", "#T_RL=", "#T_CH=")) and not in_body:
            self.columns.extend(columns(line))
        elif line.startswith("#Text="):
            words = plain_text(line.removeprefix("#Text="))
            if self._open:
                words = f"{self.sentences.pop().text}\n{words}"
            self.sentences.append(Sentence(words))
            self._open = True
        elif not line.startswith("#") or "\t" in line:
            self._open = False
            self._take_row(number, line)

    def _take_row(self, number: int, line: str) -> None:
        id_, offsets, words, *cells = [*line.split("\t"), "", ""]
        place = _OFFSETS.fullmatch(offsets)
        if _UNIT.fullmatch(id_) is None or place is None or not self.sentences:
            raise ValueError(f"it is neither a sentence nor a token: {line[:60]!r}")
        short = len(self.columns) - len(cells) + 2
        if short > 0:
            raise ValueError(f"{short} of the {len(self.columns)} columns are missing")
        row = Row(number, id_, int(place[1]), int(place[2]), words, cells)
        self.sentences[-1].rows.append(row)


def _length(text: str, unit: str) -> int:
    return Ruler(text).position(len(text), unit)


def _body(sentences: list[Sentence], unit: str) -> str:
    """Return the text of sentences: a line each, blanks where offsets leave a gap.

    A sentence begins where its first token does. Where that is one earlier than the break of the
    line before, there is no break.
    """
    parts: list[str] = []
    size = 0
    for sentence in sentences:
        begin = _beginning(sentence, unit)
        if begin is not None and begin == size - 1:
            parts[-1] = parts[-1].removesuffix("\n")
            size -= 1
        if begin is not None and begin > size:
            parts.append(" " * min(begin - size, _WIDEST_GAP))
            size = begin
        parts.append(f"{sentence.text}\n")
        size += _length(sentence.text, unit) + 1
    return "".join(parts).removesuffix("\n")


_WIDEST_GAP: Final = 100_000


def _beginning(sentence: Sentence, unit: str) -> int | None:
    """Return where a sentence begins: at its first token, or at the blanks before it."""
    if not sentence.rows:
        return None
    first = sentence.rows[0]
    before = sentence.text.find(first.words) if first.words.strip() else 0
    blank = before > 0 and sentence.text[:before].isspace()
    return first.start - (_length(sentence.text[:before], unit) if blank else 0)


def _found_unit(sentences: list[Sentence]) -> str:
    """Return the unit in which most tokens are where the text has them; UTF-16 of equals."""
    if all(sentence.text.isascii() for sentence in sentences):
        return "utf16"

    def right(unit: str) -> int:
        ruler = Ruler(_body(sentences, unit))
        tokens = (row for sentence in sentences for row in sentence.rows if row.is_token)
        claims = (Claimed(row.start, row.end, row.words) for row in tokens)
        return sum(not isinstance(located(ruler, item, unit), Misplaced) for item in claims)

    return max(("utf16", *UNITS), key=right)


@dataclass(slots=True)
class _Unit:
    """A row with its place in UTF-16 units, and the annotations on it by their types."""

    id: str
    line: int
    start: int
    end: int
    stacks: dict[str, list[FeatureStructure]] = field(default_factory=dict)


class _Cells:
    """Turns cells into structures; references are resolved when all rows are known."""

    def __init__(
        self, declared: list[Column], types: TypeSystem, text: str, unit: str, *, anchoring: bool
    ) -> None:
        self.cas = Cas(types, [View(_SOFA, uima.INITIAL_VIEW, text)])
        self.problems: list[Problem] = []
        self._columns = declared
        self._ruler = Ruler(text)
        self._unit = unit
        self._anchoring = anchoring
        self._units: dict[str, _Unit] = {}
        self._tokens: dict[str, FeatureStructure] = {}
        self._numbered: dict[int, FeatureStructure] = {}
        self._chains: dict[tuple[int, int], FeatureStructure] = {}
        self._later: list[tuple[int, Callable[[], None]]] = []
        self._wrong: set[int] = set()
        """Annotations on a row which is not where it says, and relations without ends."""

    def _add(self, type_: str, line: int, unit: _Unit | None = None) -> FeatureStructure:
        item = FeatureStructure(_SOFA + 1 + len(self.cas.structures), type_, {}, line)
        if unit is not None:
            item.features |= {"sofa": Ref(_SOFA), "begin": unit.start, "end": unit.end}
        self.cas.structures[item.id] = item
        return item

    def add_row(self, row: Row) -> None:
        """Take over a row; the labels on one that is not where it says are left out."""
        place = self._place(row)
        unit = _Unit(row.id, row.line, *(place or (0, 0)))
        self._units[row.id] = unit
        if row.is_token and place is not None:
            self._tokens[row.id] = self._add(uima.TOKEN, row.line, unit)
        for column, cell in zip(self._columns, row.cells, strict=False):
            if cell != NOTHING:
                self._take_cell(column, unit, cell)
        if place is None:
            self._wrong.update(item.id for stack in unit.stacks.values() for item in stack)

    def _take_cell(self, column: Column, unit: _Unit, cell: str) -> None:
        for index, value in enumerate(split(cell, "|")):
            try:
                self._take(column, unit, index, value)
            except ValueError as error:
                self._say(unit.line, str(error))

    def _place(self, row: Row) -> tuple[int, int] | None:
        at = self._ruler.codepoint(row.start, self._unit)
        if row.start == row.end and at is not None and not row.words:
            here = self._ruler.position(at, "utf16")
            return (here, here)
        claims = (Claimed(row.start, row.end, words) for words in (row.words, plain(row.words)))
        found = [
            located(self._ruler, item, self._unit, anchoring=self._anchoring) for item in claims
        ]
        for place in found:
            if not isinstance(place, Misplaced):
                start, end = (self._ruler.position(one, "utf16") for one in place)
                return (start, end)
        assert isinstance(found[0], Misplaced)
        self._say(row.line, f"{found[0].reason} Labels on {row.id} are left out".rstrip("."))
        return None

    def _say(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, "", f"{reason}."))

    # ------------------------------------------------------------------------------------- cells

    def _take(self, column: Column, unit: _Unit, index: int, cell: str) -> None:
        if column.kind in (Kind.STEP, Kind.CHAIN):
            self._take_chain(column, unit, index, cell)
            return
        value, number = (cell, "") if column.kind is Kind.TARGETS else numbered(cell)
        stack = unit.stacks.setdefault(column.type, [])
        own = number if column.kind is not Kind.SOURCE else ""
        item = stack[index] if index < len(stack) else self._annotation(column, unit, own)
        if index >= len(stack):
            if item in stack:
                raise ValueError(f"the number [{own}] stands for two labels")
            stack.append(item)
        if own and self._numbered.setdefault(int(own), item) is not item:
            raise ValueError(f"the number [{own}] stands for two labels")
        match column.kind:
            case Kind.VALUE if value != NO_VALUE:
                range_ = range_of(self.cas.types, column)
                item.features[column.feature] = uima.primitive(plain(value), range_)
            case Kind.ROLES if value != NOTHING and column.feature not in item.features:
                links = [self._link(column, unit, role) for role in split(value, ";")]
                item.features[column.feature] = tuple(Ref(link.id) for link in links)
            case Kind.TARGETS if value != NO_VALUE:
                self._later.append((unit.line, lambda: self._lead(column, item, value)))
            case Kind.SOURCE:
                self._later.append(
                    (unit.line, lambda: self._tie(column, unit, item, value, number))
                )

    def _annotation(self, column: Column, unit: _Unit, number: str) -> FeatureStructure:
        known = self._numbered.get(int(number)) if number else None
        if known is None or known.type != column.type:
            return self._add(column.type, unit.line, unit)
        self._reach(known, unit)
        return known

    def _reach(self, item: FeatureStructure, unit: _Unit) -> None:
        item.features["end"] = max(item.features["end"], unit.end)

    def _link(self, column: Column, unit: _Unit, role: str) -> FeatureStructure:
        link = self._add(column.other, unit.line)
        if role != NO_VALUE:
            link.features["role"] = plain(role)
        return link

    def _take_chain(self, column: Column, unit: _Unit, index: int, cell: str) -> None:
        stack = unit.stacks.setdefault(column.type, [])
        if column.kind is Kind.CHAIN:
            value = numbered(cell)[0]
            if value != NO_VALUE:
                self._later.append(
                    (unit.line, lambda: self._name_link(column, stack, index, value))
                )
            return
        step = chained(cell)
        if step is None:
            raise ValueError(f"{cell!r} names no step of a chain, such as *->1-2")
        value, chain, link = step
        item = self._chains.get((chain, link))
        if item is None:
            item = self._chains[chain, link] = self._add(column.type, unit.line, unit)
        self._reach(item, unit)
        stack.append(item)
        if value != NO_VALUE:
            item.features[column.feature] = plain(value)

    # -------------------------------------------------------------------------------- references

    def finish(self) -> None:
        """Resolve what could not be resolved row by row."""
        for line, action in self._later:
            try:
                action()
            except ValueError as error:
                self._say(line, str(error))
        for chain, link in sorted(self._chains):
            following = self._chains.get((chain, link + 1))
            if following is not None:
                self._chains[chain, link].features["next"] = Ref(following.id)
        for chain in sorted({chain for chain, _ in self._chains}):
            first = min(key for key in self._chains if key[0] == chain)
            item = self._chains[first]
            name = f"{item.type.removesuffix('Link')}Chain"
            self._add(name, item.line).features["first"] = Ref(item.id)
        for key in self._wrong:
            del self.cas.structures[key]

    def _name_link(
        self, column: Column, stack: list[FeatureStructure], index: int, value: str
    ) -> None:
        if index >= len(stack):
            raise ValueError(f"{value!r} belongs to no chain")
        stack[index].features[column.feature] = plain(value)

    def _lead(self, column: Column, item: FeatureStructure, cell: str) -> None:
        """Let the links of a feature lead to their targets."""
        links = item.features.get(column.feature, ())
        targets = split(cell, ";")
        if len(links) != len(targets):
            raise ValueError(f"{len(links)} roles, but {len(targets)} targets: {cell!r}")
        for link, target in zip(links, targets, strict=True):
            if target not in (NO_VALUE, NOTHING):
                unit_id, number = numbered(target)
                found = self._resolved(unit_id, number, column.other)
                self.cas.structures[link.id].features["target"] = Ref(found.id)

    def _tie(
        self, column: Column, unit: _Unit, item: FeatureStructure, source: str, numbers: str
    ) -> None:
        """Let a relation begin and end where its cell says."""
        first, _, second = numbers.partition("_")
        base = uima.TOKEN if item.type == uima.DEPENDENCY else column.other
        self._wrong.add(item.id)
        governor = self._resolved(source, first, base)
        dependent = self._resolved(unit.id, second, base)
        item.features |= {"Governor": Ref(governor.id), "Dependent": Ref(dependent.id)}
        self._wrong.discard(item.id)

    def _resolved(self, unit_id: str, number: str, type_: str) -> FeatureStructure:
        """Return the annotation that a reference means: by its number, or the one on a unit."""
        if number and int(number):
            if int(number) not in self._numbered:
                raise ValueError(f"there is no label with the number [{number}]")
            return self._numbered[int(number)]
        unit = self._units.get(unit_id)
        found = None if unit is None else next(self._on(unit, type_), None)
        if found is None:
            raise ValueError(f"there is no {type_.rpartition('.')[2]} on {unit_id!r}")
        return found

    def _on(self, unit: _Unit, type_: str) -> Iterator[FeatureStructure]:
        if type_ == uima.ANNOTATION:
            for stack in unit.stacks.values():
                yield from stack
        yield from unit.stacks.get(type_, ())
        if unit.id in self._tokens:
            yield self._tokens[unit.id]
