"""Cutting articles down to some layers or some labels, with nothing left that leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final

from annotator.annotated import Annotated
from annotator.model import Layer, Span

TABLES: Final = ("spans", "relations", "verdicts", "comments")
"""The tables of what lies in a layer."""


def with_layers(item: Annotated, layers: Collection[str]) -> Annotated:
    """Return *item* with the layers of these ids, what lies in them, and the entities they use."""
    result = Annotated(item.article)
    result.layers = {key: layer for key, layer in item.layers.items() if key in layers}
    for name in TABLES:
        table = getattr(item, name)
        kept = {key: part for key, part in table.items() if part.layer_id in result.layers}
        setattr(result, name, kept)
    result.entities = {key: item.entities[key] for key in _used(result) if key in item.entities}
    return result


def relayered(item: Annotated, old: Layer, new: Layer) -> Annotated:
    """Return *item* with the layer *new* in the place of *old*, and what lies in it."""
    result = item.copy()
    result.layers = {new.id if key == old.id else key: one for key, one in item.layers.items()}
    result.layers[new.id] = new
    for name in TABLES:
        table = getattr(item, name)
        moved = {
            key: replace(part, layer_id=new.id) if part.layer_id == old.id else part
            for key, part in table.items()
        }
        setattr(result, name, moved)
    return result


def with_spans(item: Annotated, stays: Callable[[Span], bool]) -> Annotated:
    """Return *item* with those spans only; relations and remarks go with what they are about."""
    gone = {key for key, span in item.spans.items() if not stays(span)}
    if not gone:
        return item
    result = item.copy()
    before = _used(item)
    result.spans = {key: span for key, span in item.spans.items() if key not in gone}
    lost = {tie.id for tie in item.relations.values() if {tie.source, tie.target} & gone}
    result.relations = {key: tie for key, tie in item.relations.items() if key not in lost}
    drop_remarks(result, gone | lost)
    idle = before.keys() - _used(result).keys()
    result.entities = {key: one for key, one in item.entities.items() if key not in idle}
    return result


def drop_remarks(result: Annotated, gone: Collection[str]) -> None:
    """Take verdicts and comments on the records *gone* out of *result*, with the replies."""
    about = {key: remark.record_id for key, remark in result.comments.items()}
    lost = {key for key, record in about.items() if record in gone}
    while replies := {
        key for key, one in result.comments.items() if one.reply_to in lost and key not in lost
    }:
        lost |= replies
    result.comments = {key: one for key, one in result.comments.items() if key not in lost}
    result.verdicts = {
        key: one for key, one in result.verdicts.items() if one.record_id not in gone
    }


def _used(item: Annotated) -> dict[str, None]:
    """Return the ids of the entities that spans and relations refer to, in their order."""
    ids = [span.entity_id for span in item.spans.values()]
    ids += [tie.target_entity for tie in item.relations.values()]
    return {key: None for key in ids if key is not None}
