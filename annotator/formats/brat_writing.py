"""From the labels of one annotator to the lines of an ``.ann`` file, and brat's configuration.

What brat has no place for goes where it does no harm: all that is known of an entity into a note
on its reference, the attributes of a relation into a note on it, the fragments of a span across
lines into a note on the span, for brat wants spans split at line ends.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from annotator.annotated import Annotated
from annotator.formats import brat_lines
from annotator.formats.brat_events import (
    ATTRIBUTED_TO,
    ATTRIBUTION,
    ATTRIBUTION_LABELS,
    CLAIM,
    CUE,
    CUED_BY,
    EQUIVALENCE,
    EVENT,
    NOTES,
    ROLES,
    SPEAKER,
    TRIGGER,
)
from annotator.formats.brat_lines import in_one_line
from annotator.formats.brat_reading import OUR_LIST, without_breaks
from annotator.model import Entity, Relation, Span, reading_order, record_to_json
from annotator.scheme import Scheme

_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+")
_REFERENCE: Final = re.compile(r"[^\s:]+")
_ROLES: Final = {label: role for role, label in ATTRIBUTION_LABELS.items()}
_FIRST_ROLES: Final = ("Arg1", "Arg2")


class Names:
    """What brat calls our labels, relations and attributes: letters, digits, ``_`` and ``-``."""

    def __init__(self, scheme: Scheme) -> None:
        self._written: dict[str, str] = {}
        self._ours: dict[str, str] = {brat_lines.UNSURE: ""}
        for label in scheme.labels:
            self.written(label.name)
            for attribute in label.attributes:
                self.written(attribute.name)
        for relation in scheme.relations:
            self.written(relation.name)

    def written(self, name: str) -> str:
        """Return the name in brat for one of ours."""
        if name in self._written:
            return self._written[name]
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        plain = re.sub(r"[^A-Za-z0-9_-]", "_", plain) if not _PLAIN.fullmatch(name) else name
        wish = (plain or "_")[:100]
        free, number = wish, 2
        while free in self._ours:
            free = f"{wish}-{number}"
            number += 1
        self._ours[free] = name
        self._written[name] = free
        return free

    @property
    def changed(self) -> dict[str, str]:
        """Our names by brat's, where they differ."""
        return {key: name for key, name in self._ours.items() if name and key != name}


@dataclass(slots=True)
class Seen:
    """What occurs in the files of a folder, for its configuration; brat's names for roles."""

    labels: set[str] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    """In brat's names."""
    roles: dict[str, set[str]] = field(default_factory=dict)
    """Roles of each type of event, in brat's names."""


@dataclass(frozen=True, slots=True)
class _Attribution:
    """An event of an attribution corpus, in our records."""

    type: str
    trigger: Span | None
    """None where the trigger stands on the words of the cue."""
    sources: tuple[Span, ...]
    cues: tuple[Span, ...]
    contents: tuple[Span, ...]
    ties: frozenset[str]
    """Ids of the relations that it says."""


class LayerLines:
    """The lines of one layer; what it met is noted for the configuration in *seen*."""

    def __init__(self, item: Annotated, layer_id: str, names: Names, seen: Seen) -> None:
        self._item = item
        self._names = names
        self._seen = seen
        self._spans = item.spans_of(layer_id)
        self._ties = item.relations_of(layer_id)
        self._attributions = _attributions(self._spans, self._ties, item)
        self._done = {key for one in self._attributions for key in one.ties}
        self._counts: dict[str, int] = {}
        self._ids: dict[str, str] = {}
        """``T`` or ``R`` of spans and relations."""
        self._events: dict[str, str] = {}
        """``E`` of the spans that are triggers."""
        self._references: dict[str, str] = {}
        """Entities by the references that the file uses for them."""
        self._described: set[str] = set()

    def lines(self) -> Iterator[str]:
        """Yield the lines, without line ends."""
        for span in self._spans:
            yield self._span(span)
        triggers = [self._trigger(one) for one in self._attributions]
        yield from (line for _, line in triggers if line)
        own = [span for span in self._spans if EVENT in span.extra]
        for span in own:
            self._events[span.id] = self._next("E")
        for span in own:
            yield self._event(span)
        for one, (trigger, _) in zip(self._attributions, triggers, strict=True):
            yield self._attribution(one, trigger)
        yield from self._relations()
        for span in self._spans:
            yield from self._attributes(span)
        for span in self._spans:
            if span.entity_id is not None:
                yield from self._reference(brat_lines.REFERENCE, span, span.entity_id)[0]
        yield from self._entity_relations()
        for span in self._spans:
            yield from self._notes(span)
        for tie in self._ties:
            yield from self._remarks(tie)

    def _next(self, letter: str) -> str:
        self._counts[letter] = self._counts.get(letter, 0) + 1
        return f"{letter}{self._counts[letter]}"

    def _label(self, span: Span) -> str:
        label = _ROLES.get(span.label, span.label) if self._attributions else span.label
        self._seen.labels.add(label)
        return self._names.written(label)

    def _span(self, span: Span) -> str:
        self._ids[span.id] = self._next("T")
        return self._marked(self._ids[span.id], self._label(span), span)

    def _marked(self, key: str, label: str, span: Span) -> str:
        text = self._item.article.text
        pieces = without_breaks(text, span.fragments)
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = in_one_line(" ".join(text[start:end] for start, end in pieces))
        return f"{key}\t{label} {places}\t{words}"

    def _owner(self, span: Span) -> str:
        return self._events.get(span.id, self._ids[span.id])

    # ------------------------------------------------------------------------------ events

    def _event(self, span: Span) -> str:
        ties = [tie for tie in self._ties if tie.source == span.id and _is_argument(tie)]
        ties.sort(key=lambda tie: (tie.label, self._place(tie), tie.id))
        self._done.update(tie.id for tie in ties)
        type_ = self._label(span)
        self._seen.roles.setdefault(type_, set())
        numbered: dict[str, int] = {}
        words = [f"{type_}:{self._ids[span.id]}"]
        for tie in ties:
            assert tie.target is not None  # _is_argument() has seen to it
            role = self._role(tie.label, numbered)
            words.append(f"{role}:{self._owner(self._item.spans[tie.target])}")
            self._seen.roles[type_].add(self._names.written(tie.label))
        return f"{self._events[span.id]}\t{' '.join(words)}"

    def _role(self, label: str, numbered: dict[str, int]) -> str:
        """Return the role for *label*: brat numbers the second one of a kind, and those after."""
        numbered[label] = numbered.get(label, 0) + 1
        number = numbered[label]
        return self._names.written(label) + (str(number) if number > 1 else "")

    def _place(self, tie: Relation) -> tuple[int, int, str, str]:
        assert tie.target is not None  # only asked of relations between spans
        return reading_order(self._item.spans[tie.target])

    def _trigger(self, one: _Attribution) -> tuple[str, str]:
        """Return the id of an attribution's trigger, and its line where there is none yet."""
        if one.trigger is not None:
            return self._ids[one.trigger.id], ""
        key = self._next("T")
        return key, self._marked(key, self._names.written(one.type), one.cues[0])

    def _attribution(self, one: _Attribution, trigger: str) -> str:
        key = self._next("E")
        if one.trigger is not None:
            self._events[one.trigger.id] = key
        numbered: dict[str, int] = {}
        type_ = self._names.written(one.type)
        self._seen.roles.setdefault(type_, set()).update(ATTRIBUTION_LABELS)
        words = [f"{type_}:{trigger}"]
        for role, spans in (("Source", one.sources), ("Cue", one.cues), ("Content", one.contents)):
            words += [f"{self._role(role, numbered)}:{self._ids[span.id]}" for span in spans]
        return f"{key}\t{' '.join(words)}"

    # --------------------------------------------------------------------------- relations

    def _relations(self) -> Iterator[str]:
        for tie in self._ties:
            if tie.id in self._done or tie.target is None or EQUIVALENCE in tie.extra:
                continue
            self._ids[tie.id] = key = self._next("R")
            roles = tie.extra.get(ROLES)
            known = isinstance(roles, list) and len(roles) == 2 and roles[0] != roles[1]
            first, second = map(str, roles) if known and isinstance(roles, list) else _FIRST_ROLES
            label = self._relation_label(tie.label)
            ends = f"{first}:{self._ids[tie.source]} {second}:{self._ids[tie.target]}"
            yield f"{key}\t{label} {ends}\t"
        yield from self._equivalences()

    def _relation_label(self, label: str) -> str:
        self._seen.relations.add(label)
        return self._names.written(label)

    def _equivalences(self) -> Iterator[str]:
        """Yield a line for each set of spans that relations of one label say to be equal."""
        sets: list[tuple[str, list[str]]] = []
        for tie in self._ties:
            if EQUIVALENCE not in tie.extra or tie.target is None or tie.id in self._done:
                continue
            ends = {tie.source, tie.target}
            joined = [one for one in sets if one[0] == tie.label and ends & set(one[1])]
            sets = [one for one in sets if one not in joined]
            members = dict.fromkeys(key for one in joined for key in one[1])
            sets.append((tie.label, list(members | dict.fromkeys((tie.source, tie.target)))))
        for label, keys in sets:
            ordered = sorted(keys, key=lambda key: reading_order(self._item.spans[key]))
            ids = " ".join(self._ids[key] for key in ordered)
            yield f"*\t{self._relation_label(label)} {ids}"

    def _entity_relations(self) -> Iterator[str]:
        for tie in self._ties:
            if tie.target_entity is not None:
                span = self._item.spans[tie.source]
                label = self._relation_label(tie.label)
                lines, self._ids[tie.id] = self._reference(label, span, tie.target_entity)
                yield from lines

    # ------------------------------------------------------------ attributes, entities, notes

    def _attributes(self, span: Span) -> Iterator[str]:
        written = self._names.written
        values = [(written(key), span.attributes[key]) for key in sorted(span.attributes)]
        if span.unsure:
            values.append((brat_lines.UNSURE, True))
        for name, value in values:
            self._seen.attributes.add(name)
            words = brat_lines.value_written(value)
            blank = " " if words else ""
            yield f"{self._next('A')}\t{name} {self._owner(span)}{blank}{words}"

    def _reference(self, label: str, span: Span, key: str) -> tuple[list[str], str]:
        """Return the lines that say that *span* has to do with an entity, and the first one's id.

        The entity's own id comes first; the lists that people know follow, for programs of others.
        """
        entity = self._item.entities[key]
        name = brat_lines.escaped(entity.name)
        own = self._next("N")
        lines = [f"{own}\t{label} {self._owner(span)} {OUR_LIST}:{quote(key, safe='')}\t{name}"]
        for source, number in sorted(entity.identifiers.items()):
            plain = _REFERENCE.fullmatch(source) and re.fullmatch(r"\S+", number)
            if plain and source != OUR_LIST:
                reference = f"{self._owner(span)} {source}:{number}"
                lines.append(f"{self._next('N')}\t{label} {reference}\t{name}")
        if key not in self._described:
            self._described.add(key)
            lines.append(self._json_note(brat_lines.ENTITY, own, _described(entity)))
        return lines, own

    def _note(self, type_: str, key: str, text: str) -> str:
        return f"{self._next('#')}\t{type_} {key}\t{brat_lines.escaped(text)}"

    def _json_note(self, type_: str, key: str, value: Any) -> str:
        return self._note(type_, key, json.dumps(value, ensure_ascii=False, sort_keys=True))

    def _notes(self, span: Span) -> Iterator[str]:
        key = self._owner(span)
        for line in span.note.split("\n") if span.note else ():
            yield self._note(brat_lines.NOTE, key, line)
        if without_breaks(self._item.article.text, span.fragments) != span.fragments:
            places = [list(fragment) for fragment in span.fragments]
            yield self._json_note(brat_lines.FRAGMENTS, self._ids[span.id], places)
        yield from self._others(key, span.extra)

    def _remarks(self, tie: Relation) -> Iterator[str]:
        key = self._ids.get(tie.id)
        if key is None:
            return
        if tie.attributes:
            yield self._json_note(brat_lines.ATTRIBUTES, key, dict(tie.attributes))
        yield from self._others(key, tie.extra)

    def _others(self, key: str, extra: Mapping[str, Any]) -> Iterator[str]:
        for pair in extra.get(NOTES, ()):
            if len(pair) == 2 and re.fullmatch(r"\S+", str(pair[0])):
                yield self._note(str(pair[0]), key, str(pair[1]))


def _described(entity: Entity) -> dict[str, Any]:
    said = record_to_json(entity)
    kept = {key: value for key, value in said.items() if value not in (None, "", [], {})}
    return {key: value for key, value in kept.items() if key not in ("id", "extra")}


def _is_argument(tie: Relation) -> bool:
    plain = not tie.attributes and NOTES not in tie.extra and not tie.label[-1:].isdigit()
    return EVENT in tie.extra and tie.target is not None and plain


# ------------------------------------------------------------------------------- attributions


def _attributions(
    spans: list[Span], ties: list[Relation], item: Annotated
) -> tuple[_Attribution, ...]:
    """Return the events that a layer from an attribution corpus is made of; none for others.

    Relations that were added since make events of their own: the claims of one cue that have the
    same speakers.
    """
    if not any(ATTRIBUTION in tie.extra for tie in ties):
        return ()
    if any(span.label in ("Source", "Content") for span in spans):
        return ()
    groups: dict[tuple[str, ...], list[Relation]] = {}
    for tie in ties:
        if tie.target is None or tie.label not in (ATTRIBUTED_TO, CUED_BY) or tie.attributes:
            continue
        groups.setdefault(_event_key(tie, item), []).append(tie)
    made = (_made(key, found, spans, item) for key, found in groups.items())
    return tuple(one for one in made if one is not None)


def _event_key(tie: Relation, item: Annotated) -> tuple[str, ...]:
    memory = tie.extra.get(ATTRIBUTION)
    if isinstance(memory, dict) and {"event", "type"} <= memory.keys():
        return ("", str(memory["event"]), str(memory["type"]))
    own = [one for one in item.relations_from(tie.source) if ATTRIBUTION not in one.extra]
    ends = sorted(f"{one.label} {one.target}" for one in own if one.target is not None)
    return ("new", *ends)


def _made(
    key: tuple[str, ...], ties: list[Relation], spans: list[Span], item: Annotated
) -> _Attribution | None:
    """Return the event that *ties* say, or None where none says exactly that."""
    contents = _ends(item, (tie.source for tie in ties))
    sources = _ends(item, (tie.target for tie in ties if tie.label == ATTRIBUTED_TO))
    cues = _ends(item, (tie.target for tie in ties if tie.label == CUED_BY))
    labels = ((contents, CLAIM), (sources, SPEAKER), (cues, CUE))
    if any(span.label != label for found, label in labels for span in found):
        return None
    if len(ties) != len(contents) * (len(sources) + len(cues)):
        return None
    event, type_ = key[1:3] if not key[0] else ("", "Attribution")
    trigger = next((x for x in spans if event and x.extra.get(TRIGGER) == event), None)
    if trigger is not None and trigger.label != type_:
        trigger = None
    if trigger is None and not cues:
        return None
    return _Attribution(type_, trigger, sources, cues, contents, frozenset(x.id for x in ties))


def _ends(item: Annotated, keys: Iterable[str | None]) -> tuple[Span, ...]:
    found = {key: item.spans[key] for key in keys if key is not None}
    return tuple(sorted(found.values(), key=reading_order))
