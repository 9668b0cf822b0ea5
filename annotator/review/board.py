"""The adjudication board: who or where each label stands for, as clusters, and who moves where.

A card is a case about labels that can stand for a person or place. In gold it lies in the cluster
of its gold span; where nothing is decided yet, where most readers have it. Moving cards settles
their cases: one edit, however many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from annotator.editing import NothingToDo
from annotator.model import Edit, Entity, Fragment, Span
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.gold import sources
from annotator.review.settlement import Settlement
from annotator.review.verdicts import Decision, Reason, Signature, reasons
from annotator.text import Structure


@dataclass(frozen=True, slots=True)
class Card:
    """A label to be put into a cluster."""

    case: Case
    words: str
    label: str
    place: Fragment
    kind: str
    """Kind of entity that it can stand for."""
    entity_id: str | None
    """What it stands for in gold, or by most readers."""
    by_layer: tuple[tuple[str, str | None], ...]
    """What it stands for by each reader who has it."""
    in_gold: bool
    """Whether somebody has decided on it; not where that is to be done once more, unseen."""

    @property
    def key(self) -> str:
        """The key of its case."""
        return self.case.key

    @property
    def differs(self) -> bool:
        """Whether readers do not let it stand for the same."""
        return len({entity for _, entity in self.by_layer}) > 1


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cards that stand for the same; for nobody where the entity is None."""

    kind: str
    entity_id: str | None
    cards: tuple[Card, ...]


def cards(review: Review) -> list[Card]:
    """Return the cards of an article in reading order; what was left out has none."""
    in_gold: dict[str, Span] = {}
    for span in review.annotated.spans_of(review.gold.layer.id):
        for source in sources(span):
            in_gold.setdefault(source, span)
    found = []
    for case in review.cases:
        if case.about != About.SPAN or _is_left_out(case):
            continue
        gold = next((in_gold[r.id] for r in case.records if r.id in in_gold), None)
        gold = None if case.again else gold  # as it was before anybody decided
        first = gold or next(span for one in case.variants for span in one.spans)
        label = review.scheme.label(first.label)
        if label is None or label.entity is None:
            continue
        said = tuple((one.layer_id, one.spans[0].entity_id) for one in case.variants if one.spans)
        entity_id = gold.entity_id if gold is not None else _commonest(e for _, e in said)
        words = " … ".join(" ".join(piece.split()) for piece in first.text)
        place = first.fragments[0]
        found.append(
            Card(case, words, first.label, place, label.entity, entity_id, said, gold is not None)
        )
    return found


def _is_left_out(case: Case) -> bool:
    return case.standing == Standing.DECIDED and case.decision == Decision.REJECTED


def _commonest(entities: Iterable[str | None]) -> str | None:
    counts = Counter(entities)
    return min(counts, key=lambda one: (-counts[one], one is None, one or ""), default=None)


def clusters(found: Sequence[Card], layer_id: str | None = None) -> list[Cluster]:
    """Return the clusters of gold or, with *layer_id*, those of one reader; nobody comes last.

    A kind of which nothing is linked anywhere has no cluster: there is nothing to compare.
    """
    linked = {
        card.kind
        for card in found
        if card.entity_id is not None or any(entity for _, entity in card.by_layer)
    }
    by: dict[tuple[str, str | None], list[Card]] = {}
    for card in found:
        if card.kind not in linked:
            continue
        if layer_id is None:
            entity_id = card.entity_id
        else:
            said = dict(card.by_layer)
            if layer_id not in said:
                continue
            entity_id = said[layer_id]
        by.setdefault((card.kind, entity_id), []).append(card)
    ordered = sorted(by.items(), key=lambda item: (item[0][0], item[0][1] is None))
    return [Cluster(kind, entity_id, tuple(own)) for (kind, entity_id), own in ordered]


def move(
    review: Review,
    moved: Sequence[Card],
    entity: Entity | None,
    signed: Signature,
    structure: Structure | None = None,
) -> Edit:
    """Let cards stand for *entity* in gold, or for nobody; a new entity is made along with it.

    Impossible where gold is frozen, NothingToDo where all of them lie there already.
    """
    settlement = Settlement(review, signed, structure=structure)
    wanted = None if entity is None else entity.id
    able = [card for card in moved if entity is None or card.kind == entity.kind]
    able = [card for card in able if card.entity_id != wanted or not card.in_gold]
    if not able:
        raise NothingToDo("That is so already.")
    if entity is not None and entity.id not in review.annotated.entities:
        settlement.draft.put(entity)
    why = Reason.ENTITY if Reason.ENTITY in reasons(review.scheme) else ""
    for card in able:
        there = [] if card.case.again else settlement.gold_spans(card.case)
        spans = there or list(card.case.choices[0].spans)
        settlement.put(card.case, [replace(one, entity_id=wanted) for one in spans], why)
    name = "" if entity is None else entity.name
    return settlement.edit("attach", detail=name, place=able[0].place)
