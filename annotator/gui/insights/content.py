"""What is in the articles, as rows: who said what, labels and their values, places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from annotator.gui.insights.reading import Counted, kinds_of_places, speaking_relation
from annotator.gui.insights.sheet import Cell, Column
from annotator.scheme import Attribute
from annotator.translation import number, tr

if TYPE_CHECKING:
    from annotator.model import Entity
    from annotator.scheme import Label, Scheme

USUAL_TYPE: Final = "claim_type"
TOPICS: Final = 3
"""Names that are said after "most often about"."""


@dataclass(frozen=True, slots=True)
class ClaimsOf:
    """The list of what an entity says is wanted."""

    entity: Entity


@dataclass(frozen=True, slots=True)
class MentionsOf:
    """The list of where an entity is named is wanted."""

    entity: Entity


@dataclass(frozen=True, slots=True)
class SpansLabelled:
    """The list of labels is wanted, by all or by one person."""

    label: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody, and what they say."""

    entity: Entity
    claims: int
    by_type: tuple[int, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A place with coordinates, and how often it is named."""

    entity: Entity
    mentions: int


def claim_label(scheme: Scheme) -> Label | None:
    """Return the label of what is said."""
    tie = scheme.relation(speaking_relation(scheme))
    return None if tie is None else scheme.label(tie.source)


def claim_type(scheme: Scheme) -> Attribute | None:
    """Return the attribute by which claims are told apart: ``claim_type``, or the first closed."""
    known = claim_label(scheme)
    if known is None:
        return None
    every = scheme.attributes_of(known)
    named = next((one for one in every if one.name == USUAL_TYPE), None)
    return named or next((one for one in every if one.values), None)


def types_of_claims(scheme: Scheme) -> tuple[str, ...]:
    """Return the values by which claims are told apart."""
    attribute = claim_type(scheme)
    return () if attribute is None else tuple(attribute.values)


def speakers(counted: Counted, scheme: Scheme) -> list[Speaker]:
    """Return who says most first."""
    attribute, types = claim_type(scheme), types_of_claims(scheme)
    claims: Counter[str] = Counter()
    split: dict[str, Counter[Hashable]] = {}
    for entry in counted.figures.said:
        claims[entry.speaker] += entry.claims
        if attribute is not None:
            value = entry.attributes.get(attribute.name, attribute.default)
            split.setdefault(entry.speaker, Counter())[_hashable(value)] += entry.claims
    found = []
    for key, total in claims.items():
        entity = counted.entities.get(key)
        if entity is None:
            continue
        own = split.get(key, Counter())
        about = Counter(counted.figures.topics.get(key, {}))
        ordered = sorted(about, key=lambda topic: (-about[topic], topic))
        names = [counted.entities[one].name for one in ordered if one in counted.entities]
        by_type = tuple(own[one] for one in types)
        found.append(Speaker(entity, total, by_type, tuple(names[:TOPICS])))
    return sorted(found, key=lambda one: (-one.claims, one.entity.name))


def _hashable(value: object) -> Hashable:
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def speaker_rows(found: list[Speaker]) -> tuple[list[Column], list[list[Cell]]]:
    """Return the table of who said what."""
    columns = [
        Column(tr("Speaker"), width=150, stretch=True),
        Column(tr("Claims"), right=True),
        Column(tr("By type"), width=170),
        Column(tr("Most often about"), width=150, stretch=True),
    ]
    most = max((one.claims for one in found), default=1)
    rows = []
    for one in found:
        rest = one.claims - sum(one.by_type)
        parts = tuple(count / most for count in (*one.by_type, rest))
        role = str(one.entity.attributes.get("role") or one.entity.attributes.get("actor_type", ""))
        opens = ClaimsOf(one.entity)
        rows.append(
            [
                Cell(text=one.entity.name, second=role, opens=opens),
                Cell(text=number(one.claims), right=True, weight=600, opens=opens),
                Cell(parts=parts, opens=opens),
                Cell(text=", ".join(one.topics), muted=True),
            ]
        )
    return columns, rows


def type_columns(
    found: list[Speaker], types: tuple[str, ...]
) -> tuple[list[Column], list[list[Cell]]]:
    """Return the numbers behind the bars of who said what."""
    columns = [Column(tr("Speaker"), width=150, stretch=True)]
    columns += [Column(one, right=True) for one in types]
    rows = [
        [
            Cell(text=one.entity.name, opens=ClaimsOf(one.entity)),
            *(Cell(text=number(count), right=True, muted=not count) for count in one.by_type),
        ]
        for one in found
    ]
    return columns, rows


def places(counted: Counted, scheme: Scheme) -> tuple[list[Mentioned], int, int]:
    """Return the places on the map, all mentions of places, and those without coordinates."""
    kinds = kinds_of_places(scheme)
    found, every, nowhere = [], counted.figures.unplaced, counted.figures.unplaced
    for key, count in counted.figures.mentions.items():
        entity = counted.entities.get(key)
        if entity is None or entity.kind not in kinds:
            continue
        every += count
        if entity.latitude is None or entity.longitude is None:
            nowhere += count
        else:
            found.append(Mentioned(entity, count))
    return sorted(found, key=lambda one: (-one.mentions, one.entity.name)), every, nowhere


def place_rows(found: list[Mentioned]) -> tuple[list[Column], list[list[Cell]]]:
    """Return the table of places."""
    columns = [
        Column(tr("Place"), width=150, stretch=True),
        Column(tr("Mentions"), right=True),
        Column(tr("Latitude"), right=True),
        Column(tr("Longitude"), right=True),
    ]
    rows = []
    for one in found:
        opens = MentionsOf(one.entity)
        country = str(one.entity.attributes.get("country_code", ""))
        degrees = (one.entity.latitude, one.entity.longitude)
        rows.append(
            [
                Cell(text=one.entity.name, second=country, opens=opens),
                Cell(text=number(one.mentions), right=True, weight=600, opens=opens),
                *(Cell(text=f"{value:.2f}", right=True, muted=True) for value in degrees),
            ]
        )
    return columns, rows


def label_counts(counted: Counted, scheme: Scheme) -> dict[str, int]:
    """Return how many spans there are by label, the labels of the scheme first."""
    found = dict.fromkeys([label.name for label in scheme.labels], 0)
    for entry in counted.figures.labels:
        found[entry.label] = found.get(entry.label, 0) + entry.spans
    return found


def label_rows(counted: Counted, scheme: Scheme) -> tuple[list[Column], list[list[Cell]]]:
    """Return how many labels each person has made."""
    people = sorted({entry.author for entry in counted.figures.labels})
    counts = {(entry.author, entry.label): entry.spans for entry in counted.figures.labels}
    columns = [Column(tr("Label"), width=120, stretch=True), Column(tr("All"), right=True)]
    columns += [Column(name, right=True) for name in people]
    rows = []
    for name, total in label_counts(counted, scheme).items():
        known = scheme.label(name)
        row = [
            Cell(
                text=name,
                colour="grey" if known is None else known.colour,
                opens=SpansLabelled(name),
            ),
            Cell(text=number(total), right=True, weight=600, opens=SpansLabelled(name)),
        ]
        for author in people:
            count = counts.get((author, name), 0)
            opens = SpansLabelled(name, author) if count else None
            row.append(Cell(text=number(count), right=True, muted=not count, opens=opens))
        rows.append(row)
    return columns, rows


def value_rows(counted: Counted, scheme: Scheme) -> tuple[list[Column], list[list[Cell]]]:
    """Return how often each value of an attribute was given."""
    columns = [
        Column(tr("Label and attribute"), width=150, stretch=True),
        Column(tr("Value"), width=120, stretch=True),
        Column(tr("Labels"), right=True),
        Column(tr("Share"), right=True),
        Column("", width=150),
    ]
    rows: list[list[Cell]] = []
    for label in scheme.labels:
        spans = [one for one in counted.figures.values if one.label == label.name]
        for attribute in scheme.attributes_of(label):
            if attribute.kind == "text":
                continue
            counts: Counter[str] = Counter()
            for one in spans:
                given = one.attributes.get(attribute.name, attribute.default)
                for value in given if isinstance(given, list) else [given]:
                    counts[_value(value)] += one.spans
            total = sum(one.spans for one in spans)
            if set(counts) <= {_value(None)}:
                continue
            title = f"{label.name}: {attribute.name.replace('_', ' ')}"
            for at, (value, count) in enumerate(counts.most_common()):
                share = count / total if total else 0.0
                rows.append(
                    [
                        Cell(text=title if not at else "", colour=label.colour if not at else ""),
                        Cell(text=value),
                        Cell(text=number(count), right=True),
                        Cell(text=tr("{n} %", n=round(100 * share)), right=True, muted=True),
                        Cell(parts=(share,)),
                    ]
                )
    return columns, rows


def _value(value: object) -> str:
    if value is None:
        return tr("not set")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return str(value)
