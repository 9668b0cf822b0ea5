"""Who labels, reviews and adjudicates what: a plan, and the samples that are reviewed.

A plan is a pure function of the people, the articles and a seed, and becomes layers that are not
started yet, with who reviews them. What is drawn at random depends on the seed and the key of a
thing alone. Queues that put the likely mistakes first are never used for error rates: those come
from the random part.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final, TypeVar

from annotator.editing import Impossible
from annotator.model import Change, Edit, Layer, LayerKind, LayerState, edit, new_id
from annotator.review.rounds import ROUND
from annotator.review.sight import ASSIGNED, assignment_of

__all__ = [
    "ASSIGNED",
    "DAYS",
    "FIRST_ITEMS",
    "SINCE",
    "Assignment",
    "Assignments",
    "Plan",
    "assign",
    "assignment_of",
    "is_drawn",
    "number_drawn",
    "planned",
    "share_reviewed",
    "stratified",
]

SINCE: Final = "since"
"""Under :data:`ASSIGNED`: when it was given out, ISO 8601 in UTC."""
DAYS: Final = "days"
"""Under :data:`ASSIGNED`: after how many days it counts as given up; not there for never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How articles are given out."""

    annotators: tuple[str, ...]
    reviewers: tuple[str, ...] = ()
    adjudicators: tuple[str, ...] = ()
    readers: int = 2
    """How many people label an article of the shared part."""
    shared: float = 1.0
    """Share of the articles that so many label, 0 to 1; the others are labelled by one."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """How many articles a person takes at most; by default any number."""
    blind: bool = True
    """Whether annotators do not see each other's labels before they have handed in their own, and
    reviewers do not see names."""
    days: int = 0
    """After how many days what is not handed in counts as given up; 0 for never."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who works on an article."""

    article_id: str
    annotators: tuple[str, ...]
    reviewer: str = ""
    adjudicator: str = ""


@dataclass(frozen=True, slots=True)
class Assignments:
    """What a plan comes to."""

    given: tuple[Assignment, ...]
    left: tuple[str, ...]
    """Articles for which nobody is left below the limit, or not so many people as needed."""
    load: Mapping[str, int]
    """How many articles each person has to label or to review."""


def number_drawn(key: str, seed: int) -> float:
    """Return a number from 0 to below 1 for a thing, always the same for a seed."""
    digest = hashlib.sha256(f"{seed}/{key}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def is_drawn(key: str, share: float, seed: int) -> bool:
    """Say whether a thing is in a random *share* (0 to 1) of all."""
    return number_drawn(key, seed) < share


def planned(
    plan: Plan, article_ids: Iterable[str], load: Mapping[str, int] | None = None
) -> Assignments:
    """Return who works on each article, the load spread evenly.

    *load* is what people have already. A reviewer is nobody who labels the article, an adjudicator
    neither. Impossible for a plan that cannot be kept by any article.
    """
    if len(set(plan.annotators)) < (plan.readers if plan.shared > 0 else 1):
        raise Impossible(
            "The plan asks for {readers} annotators an article, and names {number}.",
            readers=plan.readers,
            number=len(set(plan.annotators)),
        )
    ids = sorted(set(article_ids), key=lambda key: (number_drawn(key, plan.seed), key))
    shared = ceil(plan.shared * len(ids) - 1e-9)
    carried = Counter(load or {})
    given, left = [], []
    for at, article_id in enumerate(ids):
        one = _given(plan, article_id, plan.readers if at < shared else 1, carried)
        if one is None:
            left.append(article_id)
            continue
        given.append(one)
        carried.update(filter(None, (*one.annotators, one.reviewer, one.adjudicator)))
    return Assignments(tuple(given), tuple(left), dict(carried))


def _given(
    plan: Plan, article_id: str, readers: int, carried: Mapping[str, int]
) -> Assignment | None:
    def free(people: Iterable[str], taken: Iterable[str]) -> list[str]:
        apart = set(taken)
        able = [
            name
            for name in dict.fromkeys(people)
            if name not in apart and carried.get(name, 0) < plan.limits.get(name, 1 << 30)
        ]
        return sorted(
            able,
            key=lambda name: (
                carried.get(name, 0),
                number_drawn(f"{article_id}/{name}", plan.seed),
            ),
        )

    annotators = tuple(sorted(free(plan.annotators, ())[:readers]))
    if len(annotators) < readers:
        return None
    reviewers = free(plan.reviewers, annotators)
    reviewer = reviewers[0] if reviewers else ""
    adjudicators = free(plan.adjudicators, (*annotators, reviewer))
    if (plan.reviewers and not reviewer) or (plan.adjudicators and not adjudicators):
        return None
    return Assignment(article_id, annotators, reviewer, adjudicators[0] if adjudicators else "")


def assign(
    plan: Plan, assignments: Iterable[Assignment], layers: Iterable[Layer] = (), *, time: str = ""
) -> Edit:
    """Return the edit that makes the layers of a plan; *layers* are those that there are.

    *time* is when that is, ISO 8601 in UTC.
    """
    known = {
        (layer.article_id, layer.author): layer
        for layer in layers
        if layer.kind == LayerKind.PERSON
    }
    changes = []
    number = 0
    for one in assignments:
        number += 1
        noted: dict[str, Any] = {"blind": plan.blind, "seed": plan.seed}
        noted |= {SINCE: time, DAYS: plan.days} if plan.days else {}
        noted |= {"reviewer": one.reviewer} if one.reviewer else {}
        noted |= {"adjudicator": one.adjudicator} if one.adjudicator else {}
        for author in one.annotators:
            before = known.get((one.article_id, author))
            again = {} if before is None else _round(before)
            extra = {**({} if before is None else before.extra), ASSIGNED: {**noted, **again}}
            after = Layer(
                id=new_id() if before is None else before.id,
                article_id=one.article_id,
                author=author,
                state=LayerState.NOT_STARTED if before is None else before.state,
                note="" if before is None else before.note,
                unsure=before is not None and before.unsure,
                extra=extra,
            )
            if before != after:
                changes.append(Change(before, after))
    return edit("assign", changes, detail=str(number))


def _round(layer: Layer) -> dict[str, Any]:
    """Return that an article is marked again, where that was noted: no plan changes it."""
    noted = assignment_of(layer)
    return {ROUND: noted[ROUND], "blind": True} if ROUND in noted else {}


# ---------------------------------------------------------------------------------------- samples

Item = TypeVar("Item")


def stratified(
    items: Iterable[Item],
    share: float,
    seed: int,
    *,
    key: Callable[[Item], str],
    stratum: Callable[[Item], Hashable],
) -> list[Item]:
    """Return a random *share* of each stratum (annotator, label and source, say), one at least."""
    found: dict[Hashable, list[Item]] = {}
    for item in items:
        found.setdefault(stratum(item), []).append(item)
    chosen: list[Item] = []
    for own in found.values():
        own.sort(key=lambda item: (number_drawn(key(item), seed), key(item)))
        chosen += own[: max(1, round(share * len(own)))] if share > 0 else []
    return sorted(chosen, key=key)


FIRST_ITEMS: Final = 50
"""Items of a new annotator that are all reviewed."""


def share_reviewed(number: int, right: int, *, least: float = 0.1) -> float:
    """Return which share of an annotator's labels is reviewed, after *number* of which *right*.

    All of the first ones; then so much less as they were right, down to *least*, and all again
    where less than four of five were.
    """
    if number < FIRST_ITEMS:
        return 1.0
    accuracy = right / number
    return 1.0 if accuracy < 0.8 else max(least, min(1.0, 5 * (1 - accuracy)))
