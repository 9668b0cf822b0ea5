"""What everybody who has handed an article in says alike.

A label is agreed where every reader has it with the same name on exactly the same fragments. Of an
agreed span or relation those attributes stay that all set alike, and the entity where it is the
same for all. Readers are the layers of people, and imported ones, that have been handed in: a layer
that somebody is still at says nothing by what is missing in it. Agreement takes two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.exchange.parts import with_layers
from annotator.model import Layer, LayerKind, LayerState, Relation, Span, reading_order
from annotator.review.rounds import second_rounds

AUTHOR: Final = "agreed"
"""Author of the layers that hold what is agreed: nobody's reading, put together by us."""


def is_handed_in(layer: Layer) -> bool:
    """Tell whether the author of *layer* says that it is complete."""
    return layer.state in LayerState.HANDED_IN


def readers(item: Annotated) -> list[Layer]:
    """Return the layers whose agreement counts, in an order that storage does not change.

    What somebody marks a second time agrees with nobody else's: it is for measuring only.
    """
    seconds = second_rounds(item)
    found = [
        layer
        for layer in item.layers.values()
        if layer.kind in (LayerKind.PERSON, LayerKind.IMPORT)
        and is_handed_in(layer)
        and layer.id not in seconds
    ]
    return sorted(found, key=lambda layer: (layer.author, layer.kind, layer.id))


def agreed(item: Annotated, layers: Sequence[Layer]) -> Annotated | None:
    """Return *item* with one layer that holds what *layers* say alike; None for fewer than two."""
    if len(layers) < 2:
        return None
    result = with_layers(item, [layers[0].id])
    result.verdicts, result.comments = {}, {}
    everybody = all(layer.state == LayerState.APPROVED for layer in layers)
    layer = Layer(
        id=f"{item.article.id}/{AUTHOR}",
        article_id=item.article.id,
        author=AUTHOR,
        kind=LayerKind.SUGGESTER,
        state=LayerState.APPROVED if everybody else LayerState.SUBMITTED,
    )
    result.layers = {layer.id: layer}
    readings = [_Reading(item, one.id) for one in layers]
    common = [key for key in readings[0].spans if all(key in one.spans for one in readings)]
    same = [[one.spans[key] for one in readings] for key in common]
    result.spans = {spans[0].id: _span(spans, layer.id) for spans in same}
    names = [{spans[n].id: spans[0].id for spans in same} for n in range(len(layers))]
    tied = [one.ties(known) for one, known in zip(readings, names, strict=True)]
    result.relations = {
        tie.id: replace(tie, layer_id=layer.id, attributes=_alike([t[key] for t in tied]))
        for key, tie in tied[0].items()
        if all(key in others for others in tied)
    }
    return with_layers(result, [layer.id])


_Key = tuple[object, ...]


class _Reading:
    """The spans of one layer by what they say; the second of two equal ones is another."""

    def __init__(self, item: Annotated, layer_id: str) -> None:
        self.spans: dict[_Key, Span] = {}
        self._relations = sorted(
            (tie for tie in item.relations.values() if tie.layer_id == layer_id),
            key=lambda tie: tie.id,
        )
        met: dict[_Key, int] = defaultdict(int)
        own = (span for span in item.spans.values() if span.layer_id == layer_id)
        for span in sorted(own, key=reading_order):
            key = (span.label, span.fragments)
            self.spans[*key, met[key]] = span
            met[key] += 1

    def ties(self, names: Mapping[str, str]) -> dict[_Key, Relation]:
        """Return the relations between the spans in *names* by what they say."""
        found: dict[_Key, Relation] = {}
        for tie in self._relations:
            source = names.get(tie.source)
            target = names.get(tie.target) if tie.target is not None else None
            if source is not None and (target is not None or tie.target_entity is not None):
                found.setdefault((tie.label, source, target, tie.target_entity), tie)
        return found


def _span(spans: Sequence[Span], layer_id: str) -> Span:
    first = spans[0]
    entities = {span.entity_id for span in spans}
    return replace(
        first,
        layer_id=layer_id,
        attributes=_alike(spans),
        entity_id=first.entity_id if len(entities) == 1 else None,
        unsure=any(span.unsure for span in spans),
        note="",
        extra={},
    )


def _alike(records: Sequence[Span | Relation]) -> dict[str, Any]:
    """Return the attributes that all of *records* have with the same value."""
    first, *others = records
    return {
        name: value
        for name, value in first.attributes.items()
        if all(name in one.attributes and one.attributes[name] == value for one in others)
    }
