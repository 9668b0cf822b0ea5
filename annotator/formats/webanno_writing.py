"""A CAS as WebAnno TSV: sentences, tokens and parts of tokens, with a cell for each feature.

A label can begin and end only where a row does. Where one begins or ends between two words, the
blanks there become a token of their own, so that nothing has to be cut; and where sentences do not
stand on lines of their own, the text of one runs up to the next, so that the text comes back as it
is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from annotator.formats import uima
from annotator.formats.offsets import Ruler
from annotator.formats.uima import Cas, FeatureStructure, Ref
from annotator.formats.webanno_cells import (
    NO_VALUE,
    NOTHING,
    Column,
    Kind,
    escaped,
    escaped_text,
    header,
)
from annotator.model import Fragment

_ASIDE: Final = frozenset({uima.TOKEN, uima.SENTENCE, uima.DIV, uima.META_DATA})
_PLACE: Final = frozenset({"sofa", "begin", "end"})
_BLANKS: Final = str.maketrans("\t\n\r", "   ")


@dataclass(slots=True)
class _Unit:
    """A token or a part of one, with the annotations on it."""

    place: Fragment
    id: str = ""
    stacks: dict[str, list[FeatureStructure]] = field(default_factory=dict)
    parts: dict[Fragment, _Unit] = field(default_factory=dict)


def rendered(cas: Cas) -> bytes:
    """Return the TSV of a CAS with one view, whose annotations cover words."""
    return _Page(cas).rendered()


class _Page:
    """Lays the annotations of a CAS out over rows."""

    def __init__(self, cas: Cas) -> None:
        self._cas = cas
        self._text = cas.views[0].text or ""
        self._ruler = Ruler(self._text)
        self._spans = [
            item
            for item in cas.structures.values()
            if item.is_annotation and item.type not in _ASIDE
        ]
        self._spans.sort(key=lambda one: (*_order(self._place(one)), one.type, one.id))
        self._tokens = self._units()
        self._units_of: dict[int, list[_Unit]] = {item.id: self._laid(item) for item in self._spans}
        self._sentences = self._grouped()
        self._numbers = self._given_numbers()

    def _place(self, item: FeatureStructure) -> Fragment:
        said = item.features
        start, end = (self._ruler.codepoint(said[name], "utf16") for name in ("begin", "end"))
        assert start is not None  # we made this CAS
        assert end is not None
        return Fragment(start, end)

    def _of_type(self, name: str) -> list[Fragment]:
        return [self._place(one) for one in self._cas.structures.values() if one.type == name]

    # ------------------------------------------------------------------------------ rows

    def _units(self) -> list[_Unit]:
        """Return the tokens, and the stretches between them that need rows of their own."""
        tokens = self._of_type(uima.TOKEN)
        edges = sorted({edge for item in self._spans for edge in _edges(self._place(item))})
        found: list[_Unit] = []
        at = 0
        for token in (*tokens, Fragment(len(self._text), len(self._text))):
            if at < token.start and (self._is_needed(at, token.start, edges)):
                found.append(_Unit(Fragment(at, token.start)))
            if token.start < token.end:
                found.append(_Unit(token))
            at = token.end
        return found

    def _is_needed(self, start: int, end: int, edges: list[int]) -> bool:
        """Tell whether a stretch without tokens has to be a row.

        It has where a label begins or ends in it, and at the beginning of the text, where only
        blanks can be told by offsets alone.
        """
        first = bisect_left(edges, 2 * start)
        if first < len(edges) and edges[first] < 2 * end:
            return True
        whole = start == 0 and end == len(self._text)
        return start == 0 and (whole or self._text[:end].strip(" ") != "")

    def _laid(self, item: FeatureStructure) -> list[_Unit]:
        """Put an annotation on its rows, and return them."""
        start, end = self._place(item)
        first = bisect_right(self._tokens, start, key=lambda unit: unit.place.end)
        last = bisect_left(self._tokens, end, key=lambda unit: unit.place.start)
        rows: list[_Unit] = []
        for token in self._tokens[first:last]:
            shared = Fragment(max(start, token.place.start), min(end, token.place.end))
            whole = shared == token.place
            rows.append(token if whole else token.parts.setdefault(shared, _Unit(shared)))
        for row in rows:
            row.stacks.setdefault(item.type, []).append(item)
        return rows

    def _grouped(self) -> list[tuple[str, list[_Unit]]]:
        """Return the text of each sentence with its tokens; ids are given on the way."""
        starts = [place.start for place in self._of_type(uima.SENTENCE)]
        groups: list[list[_Unit]] = []
        before = -1
        for token in self._tokens:
            number = bisect_right(starts, token.place.start)
            if number != before or not groups:
                groups.append([])
            groups[-1].append(token)
            before = number
        for number, group in enumerate(groups, 1):
            for index, token in enumerate(group, 1):
                token.id = f"{number}-{index}"
                for part, place in enumerate(sorted(token.parts, key=_order), 1):
                    token.parts[place].id = f"{token.id}.{part}"
        begins = [group[0].place.start for group in groups]
        ends = [self._end(group, begin) for group, begin in zip(groups, begins[1:], strict=False)]
        texts = map(self._text.__getitem__, map(slice, begins, (*ends, len(self._text))))
        return list(zip(texts, groups, strict=True))

    def _end(self, group: list[_Unit], following: int) -> int:
        """Return where the text of a sentence ends: at the break before the next, or at that."""
        break_ = self._text[following - 1] == "\n" and group[-1].place.end < following
        return following - 1 if break_ else following

    # --------------------------------------------------------------------------- numbers

    def _given_numbers(self) -> dict[int, int]:
        """Return the numbers of the annotations that need one: on several rows, stacked, led to."""
        targets = {
            slot.features["target"].id
            for slot in self._cas.structures.values()
            if not slot.is_annotation and isinstance(slot.features.get("target"), Ref)
        }
        needing = (
            item.id
            for item in self._spans
            if item.id in targets
            or len(rows := self._units_of[item.id]) > 1
            or any(len(row.stacks[item.type]) > 1 for row in rows)
        )
        return {key: number for number, key in enumerate(needing, 1)}

    # ----------------------------------------------------------------------------- cells

    def _columns(self) -> list[Column]:
        """Return the columns that are needed: layers without links first, features by name."""
        used: dict[str, set[str]] = {}
        for item in self._spans:
            used.setdefault(item.type, set()).update(item.features.keys() - _PLACE)
        layers = [list(self._columns_of(name, sorted(used[name]))) for name in sorted(used)]
        layers.sort(key=lambda one: any(column.kind is Kind.ROLES for column in one))
        return [column for layer in layers for column in layer]

    def _columns_of(self, name: str, features: list[str]) -> Iterator[Column]:
        if not features:
            yield Column(name, Kind.PLACEHOLDER)
        for feature in features:
            known = self._cas.types.feature(name, feature)
            if known is not None and known.range == uima.FS_ARRAY:
                yield Column(name, Kind.ROLES, feature, known.element)
                yield Column(name, Kind.TARGETS, feature, uima.ANNOTATION)
            else:
                yield Column(name, Kind.VALUE, feature)

    def _cell(self, column: Column, unit: _Unit) -> str:
        stack = unit.stacks.get(column.type)
        return "|".join(self._value(column, item) for item in stack) if stack else NOTHING

    def _value(self, column: Column, item: FeatureStructure) -> str:
        links = item.features.get(column.feature)
        if column.kind is Kind.TARGETS:
            return ";".join(map(self._target, links)) if links else NO_VALUE
        if column.kind is Kind.ROLES:
            said = ";".join(map(self._role, links)) if links else NOTHING
        else:
            said = NO_VALUE if links is None else escaped(uima.written(links))
        number = self._numbers.get(item.id)
        return said if number is None else f"{said}[{number}]"

    def _role(self, link: Ref) -> str:
        role: Any = self._cas.structures[link.id].features.get("role")
        return NO_VALUE if role is None else escaped(str(role))

    def _target(self, link: Ref) -> str:
        target = self._cas.structures[link.id].features["target"].id
        return f"{self._units_of[target][0].id}[{self._numbers[target]}]"

    def _row(self, unit: _Unit, declared: list[Column]) -> str:
        start, end = (self._ruler.position(at, "utf16") for at in unit.place)
        words = self._text[slice(*unit.place)].translate(_BLANKS)
        cells = [self._cell(column, unit) for column in declared]
        return "\t".join((unit.id, f"{start}-{end}", words, *cells, "")) + "\n"

    def rendered(self) -> bytes:
        """Return the file."""
        declared = self._columns()
        out = ["#FORMAT=WebAnno TSV 3.3\n", *(f"{line}\n" for line in header(declared)), "\n"]
        for text, tokens in self._sentences:
            out.append("\n")
            out += [f"#Text={escaped_text(line)}\n" for line in text.split("\n")]
            for token in tokens:
                out.append(self._row(token, declared))
                parts = sorted(token.parts, key=_order)
                out += [self._row(token.parts[part], declared) for part in parts]
        return "".join(out).encode("utf-8")


def _order(place: Fragment) -> tuple[int, int]:
    """Sort key: by beginning, longer ones first."""
    return (place.start, -place.end)


def _edges(place: Fragment) -> tuple[int, int]:
    """Return the positions of the first and of the last character, each times two."""
    return (2 * place.start, 2 * (place.end - 1))
