"""What a reviewer has to decide, as values: cases with variants, in the groups of the queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.model import Comment, Fragment, Layer, Relation, Span, Verdict, name_key, time_of_id
from annotator.review.aligning import Alignment
from annotator.review.conflicts import ENTITY, Conflict, Kind
from annotator.review.gold import Gold
from annotator.scheme import Scheme


class About(StrEnum):
    """What a case is about."""

    SPAN = "span"
    RELATION = "relation"
    ARTICLE = "article"


class Standing(StrEnum):
    """How far a case is."""

    OPEN = "open"
    DECIDED = "decided"
    AGREED = "agreed"
    """All say the same, and nobody has decided on it."""
    WAITING = "waiting"
    """A relation that goes with what is decided on its ends."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What one reader has at a place; nothing, where the others have something."""

    layer_id: str
    author: str
    spans: tuple[Span, ...] = ()
    relation: Relation | None = None

    @property
    def records(self) -> tuple[Span | Relation, ...]:
        """What a verdict can be about."""
        return self.spans if self.relation is None else (self.relation,)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be taken: variants that say the same."""

    variants: tuple[Variant, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans as the first of them has them."""
        return self.variants[0].spans

    @property
    def relation(self) -> Relation | None:
        """The relation as the first of them has it."""
        return self.variants[0].relation

    @property
    def layer_ids(self) -> tuple[str, ...]:
        """The layers that say so."""
        return tuple(variant.layer_id for variant in self.variants)

    @property
    def authors(self) -> tuple[str, ...]:
        """Who says so."""
        return tuple(variant.author for variant in self.variants)


@dataclass(frozen=True, slots=True)
class Case:
    """One place of an article with what its readers say about it."""

    key: str
    article_id: str
    about: About
    kind: Kind
    """Why it is in the queue: its main conflict, or what happened after it was decided."""
    conflicts: tuple[Conflict, ...]
    """All that is not said alike, the main one first; one ``same`` where nothing is."""
    standing: Standing
    place: Fragment
    """The stretch around all of it."""
    words: str
    """What is covered, shortened: the row in a list."""
    label: str
    """The label of its first span or relation; empty for a case of the whole article."""
    variants: tuple[Variant, ...] = ()
    """For each reader, in the order of the review."""
    choices: tuple[Choice, ...] = ()
    """The different answers that can be taken by number; having nothing there is none."""
    verdicts: tuple[Verdict, ...] = ()
    """Those that hold for its records."""
    comments: tuple[Comment, ...] = ()
    """Remarks on its records that are not resolved; they are never a disagreement."""
    layers: tuple[Layer, ...] = ()
    """The layers that a case of the whole article is about."""
    again: str = ""
    """Who is to decide on it once more; what this person decided before is not shown."""
    held: bool = False
    """Of a link: whether somebody is to decide once more on an end of it. What was decided on the
    link would tell what was decided on its ends, and is not shown until then."""

    @property
    def records(self) -> tuple[Span | Relation | Layer, ...]:
        """Everything that a decision gives a verdict on."""
        return tuple(r for one in self.variants for r in one.records) or self.layers

    @property
    def decision(self) -> str:
        """What was decided: the verdict on the first record that has one; empty for none."""
        taken = [one.decision for one in self.verdicts]
        return taken[0] if len(set(taken)) == 1 else ("corrected" if taken else "")

    @property
    def agrees(self) -> bool:
        """Whether all readers say the same."""
        return self.conflicts[0].kind == Kind.SAME


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases are in each standing."""

    open: int
    decided: int
    agreed: int
    waiting: int
    skipped: int
    """Of those decided: skipped."""
    escalated: int
    """Of those decided: left to somebody else."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said about the records of an article, by their ids."""

    verdicts: Mapping[str, Verdict]
    """Those that hold."""
    remarks: Mapping[str, tuple[Comment, ...]]
    """Those that are not resolved, oldest first."""

    def differing(self, other: Said) -> set[str]:
        """Return the records about which something else is said in *other*."""
        found: set[str] = set()
        for mine, theirs in ((self.verdicts, other.verdicts), (self.remarks, other.remarks)):
            for key, one in mine.items():
                there = theirs.get(key)
                if there is not one and there != one:  # most are the very same: no comparing
                    found.add(key)
            found |= theirs.keys() - mine.keys()
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """An article under review: its readers laid over each other, and the cases."""

    annotated: Annotated
    scheme: Scheme
    alignment: Alignment
    gold: Gold
    cases: tuple[Case, ...]
    """In reading order, spans before relations; those of the whole article first."""
    signature: tuple[Any, ...]
    """What was aligned, so that the next review of the article need not align it again."""
    said: Said
    homes: Mapping[str, str]
    """Keys of the cases in which spans and relations are, by their ids."""

    @property
    def article_id(self) -> str:
        """The id of the article."""
        return self.annotated.article.id

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers of the readers, in the order of the variants."""
        return tuple(self.annotated.layers[key] for key in self.alignment.layer_ids)

    def case(self, key: str) -> Case | None:
        """Return the case with this key, or None."""
        return next((case for case in self.cases if case.key == key), None)

    def cases_with(self, records: Iterable[str]) -> list[Case]:
        """Return the cases that are about some of these records, in reading order."""
        ids = set(records)
        keys = {self.homes[key] for key in ids if key in self.homes}
        return [
            case
            for case in self.cases
            if case.key in keys or (case.layers and any(one.id in ids for one in case.layers))
        ]

    def standing(self, standing: Standing) -> list[Case]:
        """Return the cases in one standing, in reading order."""
        return [case for case in self.cases if case.standing == standing]

    @property
    def disagreement(self) -> tuple[float, int]:
        """How much the readers differ: the share of places and links that they do not all have
        alike, 0 to 1, and how many these are. Decisions change nothing about it.
        """
        alike = [one.agrees for one in self.alignment.spans]
        alike += [one.agrees for one in self.alignment.relations]
        apart = alike.count(False)
        return (apart / len(alike) if alike else 0.0, apart)

    @property
    def open_cases(self) -> list[Case]:
        """The cases that wait for a decision, in the order of the queue."""
        return sorted(self.standing(Standing.OPEN), key=queue_order)

    @property
    def counts(self) -> Counts:
        """How many cases there are in each standing."""
        by = {one: len(self.standing(one)) for one in Standing}
        taken = [case.decision for case in self.standing(Standing.DECIDED)]
        return Counts(
            by[Standing.OPEN],
            by[Standing.DECIDED],
            by[Standing.AGREED],
            by[Standing.WAITING],
            taken.count("skipped"),
            taken.count("escalated"),
        )


def exchanged(before: Sequence[Case], after: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Return the cases that are only in *before*, and those that are only in *after*.

    A case that is as it was is the very same after a decision, and mostly at the same place: so
    thousands are passed over quickly.
    """
    if len(before) == len(after):
        apart = [(a, b) for a, b in zip(before, after, strict=True) if a is not b]
        before, after = [a for a, _ in apart], [b for _, b in apart]
    then, now = set(map(id, before)), set(map(id, after))
    gone = [case for case in before if id(case) not in now]
    return gone, [case for case in after if id(case) not in then]


def most_apart_first(disagreement: tuple[float, int]) -> tuple[float, int]:
    """Sort key of articles by the disagreement of their readers; of equal shares the more cases."""
    share, number = disagreement
    return (-share, -number)


def score_of(case: Case) -> float | None:
    """Return how sure a model was, 0 to 1, of the least certain label; None where none was."""
    noted = [record.extra.get("score") for variant in case.variants for record in variant.records]
    known = [float(one) for one in noted if isinstance(one, int | float) and 0 <= one <= 1]
    return min(known, default=None)


def made_at(case: Case) -> str:
    """Return since when a case is there: the newest of its records and remarks, ISO 8601.

    Empty where the ids come from elsewhere and tell no time.
    """
    times = [time_of_id(record.id) for record in case.records]
    return max((*times, *(comment.time for comment in case.comments)), default="")


class Group(StrEnum):
    """The groups of the queue, in the order in which they are settled."""

    TEXT_VERSION = Kind.TEXT_VERSION.value
    SCHEME_VERSION = Kind.SCHEME_VERSION.value
    BOUNDARY = Kind.BOUNDARY.value
    LABEL = Kind.LABEL.value
    BOUNDARY_AND_LABEL = Kind.BOUNDARY_AND_LABEL.value
    MISSING = Kind.MISSING.value
    SINGLE = Kind.SINGLE.value
    SPLIT = Kind.SPLIT.value
    FRAGMENTS = Kind.FRAGMENTS.value
    NESTING = Kind.NESTING.value
    DUPLICATE = Kind.DUPLICATE.value
    ATTRIBUTE = "attribute"
    RELATION = "relation"
    IDENTITY = "identity"
    COMMENT = Kind.COMMENT.value
    OUTDATED = Kind.OUTDATED.value
    UNAUDITED = Kind.UNAUDITED.value
    CONTESTED = Kind.CONTESTED.value
    UNREVIEWED = Kind.UNREVIEWED.value
    AGREED = "agreed"


IDENTITY: Final = (Kind.ENTITY_SPLIT, Kind.ENTITY_MERGED, Kind.OTHER_ENTITY, Kind.IDENTIFIER)
_ATTRIBUTE: Final = (Kind.VALUE, Kind.UNSET, Kind.SUBSET)
META: Final = (
    Kind.TEXT_VERSION,
    Kind.SCHEME_VERSION,
    Kind.COMMENT,
    Kind.OUTDATED,
    Kind.UNAUDITED,
    Kind.CONTESTED,
    Kind.UNREVIEWED,
)
_GROUPS: Final = {group: rank for rank, group in enumerate(Group)}


def group_of(case: Case) -> Group:
    """Return the group of the queue in which *case* stands."""
    if case.kind in META:
        return Group(case.kind.value)
    if case.kind == Kind.SAME:
        return Group.AGREED
    if case.about == About.RELATION:
        return Group.RELATION
    if case.kind in IDENTITY or case.conflicts[0].name == ENTITY:
        return Group.IDENTITY
    return Group.ATTRIBUTE if case.kind in _ATTRIBUTE else Group(case.kind.value)


def queue_order(case: Case) -> tuple[int, Fragment, str]:
    """Sort key of the queue: group by group, each in reading order."""
    return (_GROUPS[group_of(case)], case.place, case.key)


def grouped_cases(cases: Iterable[Case]) -> list[tuple[Group, list[Case]]]:
    """Return *cases* as the queue shows them: groups in their order, each in reading order."""
    found: dict[Group, list[Case]] = {}
    for case in sorted(cases, key=queue_order):
        found.setdefault(group_of(case), []).append(case)
    return list(found.items())


def same_words(case: Case, cases: Iterable[Case]) -> list[Case]:
    """Return the decided ones among *cases* about the same words with the same label."""
    wanted = (name_key(case.words), case.label)
    return [
        other
        for other in cases
        if other.standing == Standing.DECIDED
        and other.key != case.key
        and (name_key(other.words), other.label) == wanted
    ]
