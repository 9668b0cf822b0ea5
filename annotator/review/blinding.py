"""Blind annotation and blind review: who sees whose labels, and under which name.

Blind review shows aliases that are stable in an article and tell nothing between articles, and
shuffles the lanes: where only names are hidden, the order gives them away. Showing the names again
is an edit, and so stands in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from annotator.annotated import Annotated
from annotator.editing import NothingToDo
from annotator.editing.draft import Draft
from annotator.model import Edit, Layer, LayerKind, LayerState
from annotator.review.assigning import assignment_of, number_drawn
from annotator.review.cases import Review
from annotator.review.settlement import gold_desk
from annotator.review.verdicts import Signature

UNBLINDED: Final = "annotator:unblinded"
"""Key in ``extra`` of a gold layer: who showed the names, and when."""


def is_blind(annotated: Annotated) -> bool:
    """Say whether an article is reviewed without names: so planned, and nobody has shown them."""
    planned = any(assignment_of(layer).get("blind") for layer in annotated.layers.values())
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
        layers, key=lambda layer: (number_drawn(f"{article_id}/{layer.author}", seed), layer.id)
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


def shown_names(review: Review, *, blind: bool | None = None) -> dict[str, str]:
    """Return the names of the layers as they may be shown, by their ids."""
    if is_blind(review.annotated) if blind is None else blind:
        return aliases(review.layers, review.article_id, seed_of(review.annotated))
    return {layer.id: layer.author for layer in review.layers}


def hidden_layers(annotated: Annotated, author: str) -> frozenset[str]:
    """Return the layers of others that *author* must not see yet, by their ids.

    Of an article that is planned blind these are all other people's, until one's own is handed in.
    """
    own = annotated.layer_of(author)
    if own is None or not assignment_of(own).get("blind"):
        return frozenset()
    if own.state in (*LayerState.HANDED_IN, LayerState.RETURNED):
        return frozenset()
    return frozenset(
        layer.id
        for layer in annotated.layers.values()
        if layer.author != author and layer.kind in (LayerKind.PERSON, LayerKind.GOLD)
    )


def unblind(review: Review, signed: Signature) -> Edit:
    """Show the names in a blind review: noted with who did so."""
    if not is_blind(review.annotated):
        raise NothingToDo("The names are shown already.")
    noted = {"author": signed.author, "time": signed.time}
    draft = Draft(gold_desk(review))
    layer = review.gold.layer
    draft.put(replace(layer, extra={**layer.extra, UNBLINDED: noted}))
    return draft.edit("unblind")


def may_review(annotated: Annotated, person: str, layer_ids: Sequence[str]) -> bool:
    """Say whether *person* may review these layers: nobody reviews the own one."""
    return all(annotated.layers[key].author != person for key in layer_ids)
