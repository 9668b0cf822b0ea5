"""From the lines of one annotator to spans, relations and entities.

Every reference is looked up, every place is proven. What cannot be taken over is reported with
its line, and so is everything that refers to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final
from urllib.parse import unquote

from annotator.formats import Problem, Reading, brat_events, brat_lines, json_text
from annotator.formats.brat_events import EQUIVALENCE, NOTES, ROLES
from annotator.formats.brat_files import Part
from annotator.formats.brat_lines import Fault, Line
from annotator.formats.jsonl import EXTERNAL_ID
from annotator.formats.offsets import Claimed, Misplaced, Ruler, located
from annotator.model import (
    Entity,
    Fragment,
    Layer,
    LayerKind,
    Relation,
    Span,
    record_from_json,
)
from annotator.spans import covered, normalise

OUR_LIST: Final = "annotator"
"""Name of the list that our own ids of entities are from, in ``N`` lines."""
_BIONLP: Final = re.compile(
    r"(\S+) (?:Annotation:(\S+) Referent:(\S+)|Referent:(\S+) Annotation:(\S+))"
)
_IN_LINE: Final = re.compile(r"[^\n\r]+")


@dataclass(slots=True)
class Marked:
    """A span as far as it is known."""

    id: str
    label: str
    fragments: tuple[Fragment, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    others: list[list[str]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    entity: str | None = None
    unsure: bool = False


@dataclass(slots=True)
class Tied:
    """A relation as far as it is known."""

    id: str
    label: str
    source: Marked
    target: Marked | None
    entity: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    others: list[list[str]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """How the offsets of a file are to be understood."""

    ruler: Ruler
    unit: str = "codepoint"
    shift: int = 0
    """What the file counts before the text begins: 1 where it counts a byte order mark."""
    anchoring: bool = False


def claims(lines: Iterable[Line | Fault], shift: int = 0) -> Iterator[Claimed]:
    """Yield where the spans of a file are said to be, to find out what the offsets count."""
    for line in lines:
        found = brat_lines.span(line) if isinstance(line, Line) and line.id[0] == "T" else None
        if found is not None:
            words = line.tail if isinstance(line, Line) and len(found[1]) == 1 else None
            for start, end in found[1]:
                yield Claimed(start - shift, end - shift, words)


class LayerReader:
    """Reads the lines of one annotator; the results are in its attributes."""

    def __init__(self, part: Part, article_id: str, place: Place, reading: Reading) -> None:
        header = part.header
        if header is not None:
            author, kind = header.author, header.kind
        else:
            author = part.author or reading.author or "import"
            named = part.author or reading.author
            kind = LayerKind.PERSON if named else LayerKind.IMPORT
        self.layer = Layer(id=part.layer_id, article_id=article_id, author=author, kind=kind)
        self.spans: list[Span] = []
        self.relations: list[Relation] = []
        self.entities: dict[str, Entity] = {}
        self.problems: list[Problem] = []
        self._place = place
        self._scheme = reading.scheme
        self._file = part.path.name
        self._ours = header is not None
        self._names = header.names if header is not None else {}
        self._suffix = f"@{part.layer_id}" if part.author or header is not None else ""
        self._lines: dict[str, list[Line]] = {}
        self.marked: dict[str, Marked] = {}
        """Spans by the ids of ``T`` lines, and then by those of ``E`` lines as well."""
        self.events: dict[str, Marked] = {}
        self._ties: dict[str, Tied] = {}
        self._references: dict[str, str] = {}
        """Entities by their references, such as ``geonames:170063``."""
        self._referring: dict[str, str] = {}
        """Entities by the ids of ``N`` lines."""

    def read(self, lines: Iterable[Line | Fault]) -> None:
        """Read all *lines*: spans first, what refers to them afterwards."""
        seen: set[str] = set()
        for line in lines:
            if isinstance(line, Fault):
                self.report(line, line.reason)
            elif line.id in seen and line.id not in ("*", "#"):
                self.report(line, "Its id stands on an earlier line already.")
            else:
                seen.add(line.id)
                self._lines.setdefault(line.id[0], []).append(line)
        for line in self._lines.get("T", ()):
            self._read_span(line)
        brat_events.read(self, self._lines.get("E", ()))
        for line in self._lines.get("R", ()):
            self._read_relation(line)
        for number, line in enumerate(self._lines.get("*", ()), 1):
            self._read_equivalence(line, number)
        for line in (*self._lines.get("A", ()), *self._lines.get("M", ())):
            self._read_attribute(line)
        for line in self._lines.get("N", ()):
            self._read_reference(line)
        for line in self._lines.get("#", ()):
            self._read_note(line)
        self._finish()

    def name(self, written: str) -> str:
        """Return what we call what is written as *written*."""
        return self._names.get(written, written)

    def report(self, line: Line | Fault, reason: str) -> None:
        """Note why something in a line cannot be taken over."""
        where = f"{self._file}, {line.id}" if line.id else self._file
        self.problems.append(Problem(line.number, where, reason))

    # ------------------------------------------------------------------------------- spans

    def _read_span(self, line: Line) -> None:
        found = brat_lines.span(line)
        if found is None:
            self.report(line, "Its place is not written as “start end”.")
            return
        label, pairs = found
        placed = self._located(pairs, line.tail)
        if isinstance(placed, str):
            self.report(line, placed)
            return
        self.marked[line.id] = Marked(line.id, self.name(label), placed)

    def _located(
        self, pairs: tuple[tuple[int, int], ...], tail: str | None
    ) -> tuple[Fragment, ...] | str:
        """Return the fragments that *pairs* mean, or why they mean none."""
        place = self._place
        shifted = [(start - place.shift, end - place.shift) for start, end in pairs]
        words = self._words(shifted, tail)
        found: list[Fragment] = []
        for (start, end), said in zip(shifted, words, strict=True):
            claimed = Claimed(start, end, said)
            one = located(place.ruler, claimed, place.unit, anchoring=place.anchoring)
            if isinstance(one, Misplaced):
                return one.reason
            found.append(one)
        ordered = sorted(found)
        if any(a.end > b.start for a, b in pairwise(ordered)):
            return "Its fragments overlap."
        return normalise(ordered)

    def _words(self, pairs: list[tuple[int, int]], tail: str | None) -> list[str | None]:
        """Return what each of *pairs* is said to cover, as far as that can be told.

        Fragments are told apart by one blank between them; old files have none.
        """
        if not tail:
            return [None] * len(pairs)
        sizes: list[int] = []
        for start, end in pairs:
            first = self._place.ruler.codepoint(start, self._place.unit)
            last = self._place.ruler.codepoint(end, self._place.unit)
            if first is None or last is None or last <= first:
                return [tail, *[None] * (len(pairs) - 1)][: len(pairs)]
            sizes.append(last - first)
        gap = 0 if len(tail.rstrip()) == sum(sizes) and len(pairs) > 1 else 1
        result: list[str | None] = []
        at = 0
        for size in sizes:
            result.append(tail[at : at + size])
            at += size + gap
        beyond = tail[at - gap :]
        if beyond.strip():
            result[-1] = f"{tail[at - gap - sizes[-1] : at - gap]}{beyond}"
        return result

    def span(self, line: Line, key: str, role: str = "") -> Marked | None:
        """Return the span of a ``T`` or ``E`` line, and report that there is none."""
        found = self.events.get(key) or self.marked.get(key)
        if found is None:
            what = f"{role}:{key}" if role else key
            self.report(line, f"{what} is not there, or could not be read.")
        return found

    # --------------------------------------------------------------------------- relations

    def tie(self, id_: str, label: str, source: Marked, target: Marked, **extra: Any) -> None:
        """Note a relation."""
        self._ties[id_] = Tied(id_, label, source, target, extra=extra)

    def copy(self, span: Marked, id_: str) -> Marked:
        """Return a new span on the same words: an event that shares its trigger has its own."""
        return Marked(id_, span.label, span.fragments)

    def _read_relation(self, line: Line) -> None:
        words = line.data.split()
        ends = brat_lines.arguments(words[1:])
        if ends is None or len(ends) != 2:
            self.report(line, "A relation is written as “label Arg1:T1 Arg2:T2”.")
            return
        source, target = (self.span(line, key, role) for role, key in ends)
        if source is None or target is None:
            return
        roles = [role for role, _ in ends]
        extra: dict[str, Any] = {} if roles == ["Arg1", "Arg2"] else {ROLES: roles}
        self.tie(line.id, self.name(words[0]), source, target, **extra)

    def _read_equivalence(self, line: Line, number: int) -> None:
        label, *keys = line.data.split() or [""]
        spans = [found for key in keys if (found := self.span(line, key)) is not None]
        if len(spans) < 2:
            self.report(line, "It takes two spans at least to be equal.")
        for step, (one, other) in enumerate(pairwise(spans), 1):
            self.tie(f"*{number}.{step}", self.name(label), one, other, **{EQUIVALENCE: True})

    # ------------------------------------------------------------ attributes, entities, notes

    def _read_attribute(self, line: Line) -> None:
        name, _, rest = line.data.partition(" ")
        key, _, words = rest.partition(" ")
        if not name or not key:
            self.report(line, "An attribute is written as “name T1 value”.")
            return
        tie = self._ties.get(key)
        owner = tie if tie is not None else self.span(line, key)
        if owner is None:
            return
        own = self.name(name)
        if self._ours and name == brat_lines.UNSURE and isinstance(owner, Marked):
            owner.unsure = True
            return
        value = brat_lines.value_read(words) if self._ours else self._value(owner, own, words)
        if owner.attributes.setdefault(own, value) != value:
            kept = owner.attributes[own]
            self.report(line, f"{key} has {own} {kept!r} already, not {value!r}.")

    def _value(self, owner: Marked | Tied, name: str, words: str) -> Any:
        """Return the value of an attribute in a file of others: truth where the scheme says so."""
        label = None if self._scheme is None else self._scheme.label(owner.label)
        known = None if label is None else label.attribute(name)
        if not words:
            return True
        if known is not None and known.kind == "boolean" and words in ("true", "false"):
            return words == "true"
        return words

    def _read_reference(self, line: Line) -> None:
        data = _BIONLP.sub(lambda m: f"{m[1]} {m[2] or m[5]} {m[3] or m[4]}", line.data)
        label, _, rest = data.partition(" ")
        key, _, reference = rest.partition(" ")
        source, _, number = reference.partition(":")
        if self._ours and source != OUR_LIST:
            return
        if not (key and source and number):
            self.report(line, "A reference is written as “Reference T1 list:id”.")
            return
        span = self.span(line, key)
        if span is None:
            return
        entity = self._entity(line, span, source, number)
        self._referring[line.id] = entity
        if label == brat_lines.REFERENCE or not self._ours:
            span.entity = entity
        else:
            self._ties[line.id] = Tied(line.id, self.name(label), span, None, entity)

    def _entity(self, line: Line, span: Marked, source: str, number: str) -> str:
        """Return the entity that a reference means; a second one to the same span adds to it."""
        reference = f"{source}:{number}"
        known = self._references.get(reference)
        if known is None and span.entity is not None and not self._ours:
            entity = self.entities[span.entity]
            if source in entity.identifiers:
                kept = f"{source}:{entity.identifiers[source]}"
                self.report(line, f"{span.id} stands for {kept} already, not for {reference}.")
                return entity.id
            identifiers = {**entity.identifiers, source: number}
            self.entities[entity.id] = replace(entity, identifiers=identifiers)
            known = entity.id
        elif known is None:
            known = unquote(number) if self._ours else reference
            label = None if self._scheme is None else self._scheme.label(span.label)
            self.entities[known] = Entity(
                id=known,
                kind=(label.entity if label is not None else None) or "entity",
                name=(line.tail or "").strip() or number,
                identifiers={} if self._ours else {source: number},
            )
        self._references[reference] = known
        return known

    def _read_note(self, line: Line) -> None:
        words = line.data.split()
        if len(words) != 2:
            self.report(line, "A note is written as “type T1”, tab, text.")
            return
        type_, key = words
        text = line.tail or ""
        if self._ours and type_ in (brat_lines.ENTITY, brat_lines.FRAGMENTS, brat_lines.ATTRIBUTES):
            self._read_our_note(line, type_, key, text)
            return
        text = brat_lines.unescaped(text) if self._ours else text
        tie = self._ties.get(key)
        if tie is not None:
            tie.others.append([type_, text])
        elif (span := self.span(line, key)) is not None:
            if type_ == brat_lines.NOTE:
                span.notes.append(text)
            else:
                span.others.append([type_, text])

    def _read_our_note(self, line: Line, type_: str, key: str, text: str) -> None:
        """Read one of the notes in which our files keep what brat has no place for."""
        try:
            said = json_text.loads(brat_lines.unescaped(text))
            if type_ == brat_lines.ENTITY and key in self._referring:
                id_ = self._referring[key]
                self.entities[id_] = _entity_said(id_, said)
            elif type_ == brat_lines.ATTRIBUTES and key in self._ties:
                self._ties[key].attributes.update(said)
            elif type_ == brat_lines.FRAGMENTS and key in self.marked:
                whole = tuple(Fragment(int(start), int(end)) for start, end in said)
                self._join(self.marked[key], whole)
            else:
                self.report(line, f"{key} is not there, or could not be read.")
        except (TypeError, ValueError, KeyError, AttributeError):
            self.report(line, "The note is not one that Annotator wrote.")

    def _join(self, span: Marked, whole: tuple[Fragment, ...]) -> None:
        """Give back fragments that were split at line ends, unless the span was moved since."""
        text = self._place.ruler.text
        inside = all(0 <= start < end <= len(text) for start, end in whole)
        if inside and normalise(whole) == whole and without_breaks(text, whole) == span.fragments:
            span.fragments = whole

    # ----------------------------------------------------------------------------- the end

    def _finish(self) -> None:
        text = self._place.ruler.text
        common = {"article_id": self.layer.article_id, "layer_id": self.layer.id}
        marked = {span.id: span for span in (*self.marked.values(), *self.events.values())}
        for span in marked.values():
            self.spans.append(
                Span(
                    id=span.id + self._suffix,
                    label=span.label,
                    fragments=span.fragments,
                    text=covered(text, span.fragments),
                    attributes=span.attributes,
                    entity_id=span.entity,
                    unsure=span.unsure,
                    note="\n".join(span.notes),
                    extra=self._extra(span),
                    **common,
                )
            )
        for tie in self._ties.values():
            target = None if tie.target is None else tie.target.id + self._suffix
            self.relations.append(
                Relation(
                    id=tie.id + self._suffix,
                    label=tie.label,
                    source=tie.source.id + self._suffix,
                    target=target,
                    target_entity=tie.entity,
                    attributes=tie.attributes,
                    extra=self._extra(tie),
                    **common,
                )
            )

    def _extra(self, record: Marked | Tied) -> dict[str, Any]:
        extra = dict(record.extra)
        if record.others:
            extra[NOTES] = record.others
        if self._suffix:
            extra[EXTERNAL_ID] = record.id
        return extra


def without_breaks(text: str, fragments: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Return *fragments* split at line ends, as brat wants them.

    What covers nothing but line ends stays as it is, for there is nothing else to point at.
    """
    given = tuple(fragments)
    pieces = tuple(
        Fragment(start + match.start(), start + match.end())
        for start, end in given
        for match in _IN_LINE.finditer(text[start:end])
    )
    return pieces or given


def _entity_said(id_: str, said: Mapping[str, Any]) -> Entity:
    """Return the entity that a note of ours describes."""
    entity = record_from_json("entity", {**said, "id": id_})
    assert isinstance(entity, Entity)
    return entity
