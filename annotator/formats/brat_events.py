"""Events of brat: what they become here, and what is remembered of them.

Events have no record of their own here. In general the trigger becomes a span, and each argument
a relation from it that is called as its role (``Theme2`` as ``Theme``). The events of attribution
corpora, whose trigger is an ``Attribution`` and whose arguments are Source, Cue and Content, become
what we call the same: Source is a Speaker, Content a Claim; each Claim is ``attributed_to`` every
Speaker and ``cued_by`` every Cue of its event, and a trigger on the words of the cue says nothing
more. What an event was is remembered in ``extra``, so that it is written as one again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from annotator.formats import brat_lines
from annotator.formats.brat_lines import Line
from annotator.formats.jsonl import EXTERNAL_ID

if TYPE_CHECKING:
    from annotator.formats.brat_reading import LayerReader, Marked

EVENT: Final = "brat:event"
"""Key in ``extra`` of a span that was an event's trigger, and of a relation that was an argument.
The value is the event's id."""
ATTRIBUTION: Final = "brat:attribution"
"""Key in ``extra`` of a relation that an attribution event became: its id and type."""
TRIGGER: Final = "brat:trigger"
"""Key in ``extra`` of a span that triggered an attribution, on other words than its cue."""
ROLES: Final = "brat:arguments"
"""Key in ``extra`` of a relation whose ends were not called ``Arg1`` and ``Arg2``."""
EQUIVALENCE: Final = "brat:equivalence"
"""Key in ``extra`` of the relations that a ``*`` line became: from each span to the next."""
NOTES: Final = "brat:notes"
"""Key in ``extra`` for notes of other types, and for those on relations: pairs of type and text."""
OWN: Final = frozenset({EVENT, ATTRIBUTION, TRIGGER, ROLES, EQUIVALENCE, NOTES, EXTERNAL_ID})
"""The keys that are written into brat's files again."""

SPEAKER, CUE, CLAIM = "Speaker", "Cue", "Claim"
ATTRIBUTED_TO, CUED_BY = "attributed_to", "cued_by"
ATTRIBUTION_LABELS: Final[Mapping[str, str]] = {"Source": SPEAKER, "Cue": CUE, "Content": CLAIM}
"""Labels of attribution corpora, and ours for the same."""


_ATTRIBUTION: Final = "Attribution"
_NUMBER: Final = re.compile(r"(?<=\D)\d+$")


@dataclass(frozen=True, slots=True)
class _Event:
    """An ``E`` line whose trigger is there."""

    line: Line
    type: str
    trigger: Marked
    arguments: tuple[tuple[str, str], ...]
    """Roles without the numbers that tell several of one kind apart, and ids."""

    def targets(self, reader: LayerReader, role: str) -> list[Marked]:
        """Return the spans in a role."""
        return [reader.marked[key] for own, key in self.arguments if own == role]


def read(reader: LayerReader, lines: Iterable[Line]) -> None:
    """Turn events into spans and relations of *reader*, which has read the spans."""
    events = _known(reader, [event for line in lines if (event := _event(reader, line))])
    attributions = [event for event in events if _is_attribution(reader, event)]
    others = [event for event in events if event not in attributions]
    if attributions:
        for span in reader.marked.values():
            span.label = ATTRIBUTION_LABELS.get(span.label, span.label)
    used: set[str] = set()
    for event in others:
        span = event.trigger
        if span.id in used:
            span = reader.copy(span, event.line.id)
        used.add(span.id)
        span.extra[EVENT] = event.line.id
        reader.events[event.line.id] = span
    for event in attributions:
        _attribute(reader, event, used)
    for event in others:
        _tie(reader, event)


def _event(reader: LayerReader, line: Line) -> _Event | None:
    words = brat_lines.arguments(line.data.split())
    if not words:
        reader.report(line, "An event is written as “type:T1 Role:T2”.")
        return None
    (type_, trigger), *rest = words
    span = reader.span(line, trigger)
    if span is None:
        return None
    found = tuple((_NUMBER.sub("", role), key) for role, key in rest)
    return _Event(line, reader.name(type_), span, found)


def _known(reader: LayerReader, events: list[_Event]) -> list[_Event]:
    """Return *events* without the arguments that are not there; those are reported."""
    known = reader.marked.keys() | {event.line.id for event in events}
    result: list[_Event] = []
    for event in events:
        for role, key in event.arguments:
            if key not in known:
                reader.report(event.line, f"{role}:{key} is not there, or could not be read.")
        found = tuple(pair for pair in event.arguments if pair[1] in known)
        result.append(replace(event, arguments=found))
    return result


def _is_attribution(reader: LayerReader, event: _Event) -> bool:
    roles = {role for role, _ in event.arguments}
    fits = all(
        key in reader.marked and reader.marked[key].label == role for role, key in event.arguments
    )
    named = event.type.startswith(_ATTRIBUTION) and roles <= ATTRIBUTION_LABELS.keys()
    return named and fits and "Content" in roles and len(roles) > 1


def _attribute(reader: LayerReader, event: _Event, used: set[str]) -> None:
    cues = event.targets(reader, "Cue")
    ends = [(ATTRIBUTED_TO, span) for span in event.targets(reader, "Source")]
    ends += [(CUED_BY, span) for span in cues]
    number = 0
    memory = {"event": event.line.id, "type": event.type}
    for claim in event.targets(reader, "Content"):
        for label, end in ends:
            number += 1
            reader.tie(f"{event.line.id}.{number}", label, claim, end, **{ATTRIBUTION: memory})
    trigger = event.trigger
    same = next((cue for cue in cues if cue.fragments == trigger.fragments), None)
    if same is None:
        trigger.extra.setdefault(TRIGGER, event.line.id)
        reader.events[event.line.id] = trigger
    else:
        reader.events[event.line.id] = same
        if trigger.id not in used:
            reader.marked[trigger.id] = same


def _tie(reader: LayerReader, event: _Event) -> None:
    source = reader.events[event.line.id]
    for number, (role, key) in enumerate(event.arguments, 1):
        target = reader.events.get(key) or reader.marked[key]
        label = reader.name(role)
        reader.tie(f"{event.line.id}.{number}", label, source, target, **{EVENT: event.line.id})
