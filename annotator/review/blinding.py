"""Blind annotation and blind review: who sees whose labels, under which name; who may review.

Blind review shows aliases that are stable in an article and tell nothing between articles, and
shuffles the lanes: where only names are hidden, the order gives them away. Showing the names again
is an edit, and so stands in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotator.annotated import Annotated
from annotator.editing import NothingToDo
from annotator.editing.draft import Draft
from annotator.model import (
    Change,
    Edit,
    Layer,
    LayerKind,
    Verdict,
)
from annotator.review.assigning import number_drawn
from annotator.review.cases import Case, Review, readers
from annotator.review.rounds import SECOND_ROUND, person_of
from annotator.review.settlement import gold_desk
from annotator.review.sight import assignment_of, hidden_layers
from annotator.review.verdicts import AUDIT, RULE, SECOND_REVIEW, Decision, Signature
from annotator.translation import later

UNBLINDED: Final = "annotator:unblinded"
"""Key in ``extra`` of a gold layer: who showed the names, and when."""
OWN_REVIEWED: Final = "annotator:own_reviewed"
"""Key in ``extra`` of a gold layer: who reviews there what is the own work, and knows it."""


def is_blind(annotated: Annotated) -> bool:
    """Say whether an article is reviewed without names: so planned, and nobody has shown them.

    A second round is always marked blind, which says nothing about the review.
    """
    planned = any(
        assignment_of(layer).get("blind")
        for layer in annotated.layers.values()
        if SECOND_ROUND not in layer.extra
    )
    shown = any(
        layer.extra.get(UNBLINDED)
        for layer in annotated.layers.values()
        if layer.kind == LayerKind.GOLD
    )
    return planned and not shown


def seed_of(annotated: Annotated) -> int:
    """Return the seed of the plan of an article; 0 without a plan."""
    seeds = [assignment_of(layer).get("seed") for layer in annotated.layers.values()]
    return min((seed for seed in seeds if isinstance(seed, int)), default=0)


def lane_order(layers: Iterable[Layer], article_id: str, seed: int) -> list[Layer]:
    """Return *layers* in an order that is the same each time, and tells nothing about authors."""
    return sorted(
        layers,
        key=lambda layer: (number_drawn(f"{article_id}/{person_of(layer)}", seed), layer.id),
    )


def aliases(layers: Iterable[Layer], article_id: str, seed: int) -> dict[str, str]:
    """Return letters for the layers of an article by their ids: A, B, … in the order of lanes."""
    order = lane_order(layers, article_id, seed)
    return {layer.id: _letters(at) for at, layer in enumerate(order)}


def _letters(at: int) -> str:
    name = chr(ord("A") + at % 26)
    return name if at < 26 else _letters(at // 26 - 1) + name


def lanes(review: Review, *, blind: bool | None = None) -> list[Layer]:
    """Return the layers as their lanes stand: shuffled in a blind review, else by name."""
    if is_blind(review.annotated) if blind is None else blind:
        return lane_order(review.layers, review.article_id, seed_of(review.annotated))
    return list(review.layers)


def lanes_to_be(annotated: Annotated, *, blind: bool) -> list[str]:
    """Return the ids of the layers that will be under review, in the order of their lanes."""
    ids = readers(annotated)
    if not blind:
        return ids
    layers = [annotated.layers[key] for key in ids]
    return [one.id for one in lane_order(layers, annotated.article.id, seed_of(annotated))]


def shown_names(review: Review, *, blind: bool | None = None) -> dict[str, str]:
    """Return the names of the layers as they may be shown, by their ids."""
    if is_blind(review.annotated) if blind is None else blind:
        return aliases(review.layers, review.article_id, seed_of(review.annotated))
    return {layer.id: layer.author for layer in review.layers}


def unblind(review: Review, signed: Signature) -> Edit:
    """Show the names in a blind review: noted with who did so."""
    if not is_blind(review.annotated):
        raise NothingToDo("The names are shown already.")
    noted = {"author": signed.author, "time": signed.time}
    draft = Draft(gold_desk(review))
    layer = review.gold.layer
    draft.put(replace(layer, extra={**layer.extra, UNBLINDED: noted}))
    return draft.edit("unblind")


# ---------------------------------------------------------------------- who may review what


@dataclass(frozen=True, slots=True)
class Objection:
    """Why somebody should not decide here."""

    kind: str
    """:data:`OWN`, :data:`LEFT`, :data:`ONCE_MORE`, :data:`HELD`, :data:`SECOND` or
    :data:`BLIND`."""
    named: str = ""
    """Who decides in their place, by the plan; empty where no plan says so: then one may go on
    knowingly."""


OWN: Final = "own"
"""One's own labels are under review."""
LEFT: Final = "left"
"""One has left the case to the adjudicator oneself."""
ONCE_MORE: Final = "once more"
"""Somebody else decides on the case a second time, to be compared with the first."""
HELD: Final = "held"
"""Somebody decides a second time on an end of the link: the link waits for that."""
SECOND: Final = "second"
"""One has decided on the case oneself, and somebody else is to decide a second time."""
BLIND: Final = "blind"
"""One is to label the article oneself first, without seeing what others mark in it."""
ASKED_AGAIN: Final = later("Somebody is to decide on it once more, alone.")
_REFUSALS: Final = {
    OWN: later("You have labelled it yourself, and the plan names somebody else."),
    LEFT: later("You have left it to somebody else."),
    ONCE_MORE: ASKED_AGAIN,
    HELD: later("An end of it is to be decided once more first."),
    SECOND: later("You have decided on it yourself: somebody else looks at it a second time."),
    BLIND: later("You are to label it yourself first, without seeing what others mark in it."),
}


def may_review(annotated: Annotated, person: str, layer_ids: Sequence[str]) -> bool:
    """Say whether *person* may review these layers: nobody reviews the own one."""
    return all(person_of(annotated.layers[key]) != person for key in layer_ids)


def objection(review: Review, person: str, case: Case | None = None) -> Objection | None:
    """Return what speaks against a decision of *person* on an article, or on a *case* of it.

    Reviewing one's own labels is for those whom the plan names as reviewer or adjudicator, and for
    those who have said that they do so (:func:`knowingly`). What was left to an adjudicator whom
    the plan names is not decided by the one who left it.
    """
    if hidden_layers(review.annotated, person):
        return Objection(BLIND, person)
    if case is not None and case.again not in ("", person):
        return Objection(ONCE_MORE, case.again)
    if case is not None and case.held:
        return Objection(HELD, person)
    if case is not None and any(_second_look_at(one, person) for one in case.verdicts):
        return Objection(SECOND, person)
    ids = review.alignment.layer_ids
    why = own_work(review.annotated, review.gold.layer, person, ids)
    if why is not None or case is None or case.decision != Decision.ESCALATED:
        return why
    adjudicator = _plan_of(review.annotated).get("adjudicator", "")
    own = any(one.author == person for one in case.verdicts)
    return Objection(LEFT, adjudicator) if own and adjudicator not in ("", person) else None


def _second_look_at(verdict: Verdict, person: str) -> bool:
    """Say whether somebody else is to look a second time at what *person* decided."""
    noted = verdict.extra
    due = noted.get(RULE) == SECOND_REVIEW and noted.get(AUDIT) == "due"
    return due and verdict.author == person


def own_work(
    annotated: Annotated, gold: Layer, person: str, layer_ids: Sequence[str]
) -> Objection | None:
    """Return what speaks against *person* where one of the layers under review is the own one."""
    if may_review(annotated, person, layer_ids):
        return None
    plan = _plan_of(annotated)
    reviewer, adjudicator = plan.get("reviewer", ""), plan.get("adjudicator", "")
    if reviewer and person not in (reviewer, adjudicator):
        return Objection(OWN, reviewer)
    noted = gold.extra.get(OWN_REVIEWED)
    said = isinstance(noted, Mapping) and noted.get("author") == person
    return None if said or person in (reviewer, adjudicator) else Objection(OWN)


def unseen(review: Review) -> frozenset[str]:
    """Return the ids of the records on which somebody decides once more, without a look at gold.

    The links that begin or end there are among them.
    """
    waits = (case for case in review.cases if case.again or case.held)
    return frozenset(one.id for case in waits for one in case.records)


def refusal(review: Review, person: str, case: Case | None = None) -> str:
    """Return why a plan keeps *person* from deciding, marked for translation; else nothing."""
    return refused(objection(review, person, case))


def refused(why: Objection | None) -> str:
    """Return an objection of a plan in words, marked for translation; of others, nothing."""
    return "" if why is None or not why.named else _REFUSALS[why.kind]


def is_own(review: Review, person: str) -> bool:
    """Say whether *person* decides on own labels here, and has not said before to know it."""
    why = objection(review, person)
    return why is not None and not why.named


def _plan_of(annotated: Annotated) -> dict[str, str]:
    """Return who reviews and who adjudicates an article by its plan, as far as one says so."""
    found: dict[str, str] = {}
    for layer in annotated.layers.values():
        for part in ("reviewer", "adjudicator"):
            name = assignment_of(layer).get(part)
            if isinstance(name, str) and name:
                found[part] = name
    return found


def knowingly(decision: Edit, review: Review, signed: Signature) -> Edit:
    """Return a *decision* on own labels with a note in gold that the reviewer knows it."""
    noted = {"author": signed.author, "time": signed.time}
    gold = review.gold.layer
    own = next((one for one in decision.changes if one.record.id == gold.id), None)
    before = review.annotated.layers.get(gold.id) if own is None else own.before
    after = gold if own is None or not isinstance(own.after, Layer) else own.after
    change = Change(before, replace(after, extra={**after.extra, OWN_REVIEWED: noted}))
    others = (one for one in decision.changes if one is not own)
    return replace(decision, changes=(change, *others))
