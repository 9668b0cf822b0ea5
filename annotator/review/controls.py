"""Controls: articles whose gold is known, given out again to see how well somebody does.

What is found there stands apart: it counts in no error rate, for nobody drew these labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from annotator.annotated import Annotated
from annotator.model import Layer, LayerState, Relation, Span
from annotator.review.aligning import align
from annotator.review.assigning import assignment_of
from annotator.review.cases import readers, review
from annotator.review.gold import Gold, gold_of, sources
from annotator.review.merging import batch, unanimous
from annotator.review.verdicts import Signature
from annotator.scheme import Scheme

CONTROL: Final = "control"
"""Under :data:`annotator.review.assigning.ASSIGNED`: the gold of the article is known."""


@dataclass(frozen=True, slots=True)
class ControlCount:
    """How the controls of somebody came out."""

    author: str
    given: int
    """Articles that were given out as controls."""
    used: int
    """Of these: handed in, and with finished gold that takes nothing from the control itself."""
    right: int
    """Places and links in the used ones that are exactly as they are known."""
    number: int
    """All places and links there: those that are known, and those that only the control has."""

    def plus(self, other: ControlCount) -> ControlCount:
        """Return the counts of both together, in this one's name."""
        return ControlCount(
            self.author,
            self.given + other.given,
            self.used + other.used,
            self.right + other.right,
            self.number + other.number,
        )


def is_control(layer: Layer) -> bool:
    """Say whether a layer was given out because the gold of its article is known."""
    return bool(assignment_of(layer).get(CONTROL))


def control_counts(articles: Iterable[Annotated], scheme: Scheme) -> list[ControlCount]:
    """Return how the controls in *articles* came out for each person who has any, by name."""
    found: dict[str, ControlCount] = {}
    for annotated in articles:
        for layer in annotated.layers.values():
            if is_control(layer):
                known = found.get(layer.author, ControlCount(layer.author, 0, 0, 0, 0))
                found[layer.author] = known.plus(_counted(annotated, layer, scheme))
    return [found[author] for author in sorted(found)]


def _counted(annotated: Annotated, layer: Layer, scheme: Scheme) -> ControlCount:
    gold = gold_of(annotated)
    if layer.state not in LayerState.REVIEWED or not _is_known(annotated, layer, gold):
        return ControlCount(layer.author, 1, 0, 0, 0)
    laid = align(_known(annotated, gold, scheme), (layer.id, gold.layer.id), scheme)
    # A link that lacks an end would count a missing place twice.
    places = [one.agrees for one in laid.spans]
    links = [one.agrees for one in laid.relations if one.agrees or not one.follows]
    return ControlCount(layer.author, 1, 1, sum(places) + sum(links), len(places) + len(links))


def _known(annotated: Annotated, gold: Gold, scheme: Scheme) -> Annotated:
    """Return an article with all that is known of it in gold.

    That is what was decided, and what all its readers said alike, so that nobody had to decide.
    """
    found = annotated.copy()
    found.layers[gold.layer.id] = replace(gold.layer, state=LayerState.IN_PROGRESS)
    ids = [key for key in readers(found) if not is_control(found.layers[key])]
    made = batch("unanimous", Signature(""), share=0.0)
    agreed = unanimous(review(found, scheme, layer_ids=ids), made)
    if agreed.changes:
        found.apply(agreed.edit())
    return found


def _is_known(annotated: Annotated, layer: Layer, gold: Gold) -> bool:
    """Say whether gold is finished, and says nothing that it has from *layer*."""
    own = {one.id for one in _records(annotated, layer)}
    return gold.is_frozen and not any(own & sources(one) for one in _records(annotated, gold.layer))


def _records(annotated: Annotated, layer: Layer) -> list[Span | Relation]:
    return [*annotated.spans_of(layer.id), *annotated.relations_of(layer.id)]


def together(counts: Iterable[ControlCount], name: str = "") -> ControlCount:
    """Return the counts of all people together."""
    found = ControlCount(name, 0, 0, 0, 0)
    for one in counts:
        found = found.plus(one)
    return found
