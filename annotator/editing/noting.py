"""What a person says about spans and about the article: values, notes, doubts, the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from annotator.editing.attributes import settle
from annotator.editing.desk import Desk, Impossible, NothingToDo
from annotator.editing.draft import Draft
from annotator.model import Edit, Entity, Layer, LayerState, Span
from annotator.scheme import NIL_REASON

HANDED_IN: Final = "annotator:handed_in"
"""Key in ``extra`` of a layer: the text and the scheme that it was handed in with."""


def set_attribute(desk: Desk, span_ids: Sequence[str], name: str, value: Any) -> Edit:
    """Give spans a value of an attribute; None takes it away.

    Spans whose label does not have the attribute stay as they are. A value that holds anyway, as
    the default, is not stored, except where it overrules what the program fills.
    """
    draft = Draft(desk)
    spans = desk.spans(span_ids)
    able = [span for span in spans if _can_have(desk, span, name, value)]
    if not able:
        raise NothingToDo("{label} has no attribute {name}.", label=spans[0].label, name=name)
    for span in able:
        draft.put(replace(span, attributes=_with(desk, span, name, value)))
    settle(draft)
    return draft.edit("attribute", detail=name, place=able[0].fragments[0])


def _can_have(desk: Desk, span: Span, name: str, value: Any) -> bool:
    label = desk.scheme.label(span.label)
    attribute = None if label is None else desk.scheme.attribute(label, name)
    if attribute is None:
        return value is None and name in span.attributes
    if value is not None and not attribute.allows(value):
        raise Impossible(
            "{value} is no value of {name}. Possible are: {values}.",
            value=value,
            name=name,
            values=", ".join(attribute.values) or attribute.kind,
        )
    return True


def _with(desk: Desk, span: Span, name: str, value: Any) -> dict[str, Any]:
    label = desk.scheme.label(span.label)
    attribute = None if label is None else desk.scheme.attribute(label, name)
    holds_anyway = attribute is not None and attribute.auto is None and value == attribute.default
    found = {key: item for key, item in span.attributes.items() if key != name}
    if value is not None and not holds_anyway:
        found[name] = value
    return found


def set_note(desk: Desk, span_ids: Sequence[str], text: str) -> Edit:
    """Write a note on spans; an empty one takes it away."""
    draft = Draft(desk)
    spans = desk.spans(span_ids)
    for span in spans:
        draft.put(replace(span, note=text))
    return draft.edit("note", detail=text, place=spans[0].fragments[0])


def set_unsure(desk: Desk, span_ids: Sequence[str], unsure: bool) -> Edit:
    """Flag spans as unsure, or take the flag away."""
    draft = Draft(desk)
    spans = desk.spans(span_ids)
    for span in spans:
        draft.put(replace(span, unsure=unsure))
    return draft.edit("unsure", detail=spans[0].label, place=spans[0].fragments[0])


def set_article_note(desk: Desk, text: str) -> Edit:
    """Write this layer's note on the whole article."""
    return _layer_edit(desk, "note", replace(desk.present_layer, note=text), text)


def set_article_unsure(desk: Desk, unsure: bool) -> Edit:
    """Flag this layer's reading of the whole article as unsure, or take the flag away."""
    return _layer_edit(desk, "unsure", replace(desk.present_layer, unsure=unsure), "")


def set_state(desk: Desk, state: str) -> Edit:
    """Say how far the work on the article is; ``submitted`` hands it in.

    A layer that is handed in notes the text and the scheme that it was made with: review compares
    layers only where these are the same.
    """
    if state not in LayerState.ALL:
        raise ValueError(f"{state!r} is no state of a layer.")
    if desk.present_layer.state == state and desk.layer.id in desk.annotated.layers:
        raise NothingToDo("The article is {state} already.", state=state)
    layer = replace(desk.present_layer, state=state)
    if state != LayerState.SUBMITTED:
        return _layer_edit(desk, "state", layer, state)
    made_with = {"text": desk.annotated.article.sha256, "scheme": desk.scheme.reference}
    layer = replace(layer, extra={**layer.extra, HANDED_IN: made_with})
    return _layer_edit(desk, "submit", layer, state)


def _layer_edit(desk: Desk, action: str, layer: Layer, detail: str) -> Edit:
    draft = Draft(desk)
    draft.put(layer)
    return draft.edit(action, detail=detail)


def attach(desk: Desk, span_ids: Sequence[str], entity: Entity | None) -> Edit:
    """Say which real actor, place or group spans stand for; None takes that back.

    An entity that the project does not know yet is made in the same edit. Impossible where the
    label stands for another kind of thing.
    """
    draft = Draft(desk)
    spans = desk.spans(span_ids)
    for span in spans:
        label = desk.scheme.label(span.label)
        kind = None if label is None else label.entity
        if entity is not None and kind != entity.kind:
            raise Impossible(
                "{label} does not stand for {name}: that is of the kind {kind}.",
                label=span.label,
                name=entity.name,
                kind=entity.kind,
            )
        draft.put(_attached(span, entity))
    if entity is not None:
        add_entity(draft, entity)
    settle(draft)
    action = "detach" if entity is None else "attach"
    detail = "" if entity is None else entity.name
    return draft.edit(action, detail=detail, place=spans[0].fragments[0])


def _attached(span: Span, entity: Entity | None) -> Span:
    if entity is None:
        return replace(span, entity_id=None)
    kept = {name: value for name, value in span.attributes.items() if name != NIL_REASON}
    return replace(span, entity_id=entity.id, attributes=kept)


def add_entity(draft: Draft, entity: Entity) -> None:
    """Put *entity* into *draft* where the article does not know one with its id."""
    if entity.id not in draft.desk.annotated.entities:
        draft.put(entity)
