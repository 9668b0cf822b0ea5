"""Making spans, changing where they lie and what they are called, taking them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from annotator.editing.attributes import agrees, settle
from annotator.editing.desk import Desk, Impossible, NothingToDo
from annotator.editing.draft import Draft
from annotator.editing.likely import fill as fill_likely
from annotator.editing.naming import known_entity
from annotator.model import Edit, Fragment, Span, new_id
from annotator.scheme import Label
from annotator.spans import add, covered, normalise, subtract
from annotator.text import Structure


def mark(
    desk: Desk,
    fragments: Iterable[Fragment],
    label: str,
    *,
    entity_id: str | None = None,
    fill: bool = True,
) -> Edit:
    """Put *label* on *fragments*.

    With *fill*, likely speakers, cues and nesting, and the entity of that name, come along. Raises
    NothingToDo where it is marked so already, and Impossible where the label is not in use or
    takes fewer fragments: what has no meaning in the scheme is not made, while what only breaks a
    rule between spans (crossing, missing ends) is made and found by ``rules.findings``.
    """
    draft = Draft(desk)
    spec = desk.label(label)
    where = checked_fragments(draft, spec, fragments)
    _refuse_twin(draft, label, where)
    span = Span(
        id=new_id(),
        article_id=desk.annotated.article.id,
        layer_id=desk.layer.id,
        label=label,
        fragments=where,
        text=covered(draft.text, where),
        entity_id=entity_id,
    )
    if fill and entity_id is None:
        span = replace(span, entity_id=known_entity(desk, spec, span.text, span.start))
    draft.put(span)
    if fill:
        fill_likely(draft, span)
    settle(draft)
    return draft.edit("mark", detail=label, place=where[0])


def made(edit: Edit) -> tuple[Span, ...]:
    """Return the spans that *edit* makes."""
    return tuple(
        change.after
        for change in edit.changes
        if change.before is None and isinstance(change.after, Span)
    )


def checked_fragments(
    draft: Draft, label: Label, fragments: Iterable[Fragment]
) -> tuple[Fragment, ...]:
    """Return *fragments* in normal form; refuse none at all, and more than the label takes."""
    where = normalise(fragments)
    if not where:
        raise NothingToDo("Select some words first.")
    if where[0].start < 0 or where[-1].end > len(draft.text):
        raise ValueError(f"{where} reaches out of the text of {len(draft.text)} characters.")
    if label.max_fragments is not None and len(where) > label.max_fragments:
        raise Impossible(
            "{label} takes {most} stretch of text at most, and this would be {count}.",
            label=label.name,
            most=label.max_fragments,
            count=len(where),
        )
    return where


def twin(draft: Draft, label: str, fragments: tuple[Fragment, ...], own: str = "") -> Span | None:
    """Return the span of the layer with this label on the same fragments, other than *own*."""
    for span in draft.spans_in(fragments[0].start, fragments[0].end):
        if span.label == label and span.fragments == fragments and span.id != own:
            return span
    return None


def _refuse_twin(draft: Draft, label: str, fragments: tuple[Fragment, ...], own: str = "") -> None:
    if twin(draft, label, fragments, own) is not None:
        raise NothingToDo("These words are marked as {label} already.", label=label)


def relabel(desk: Desk, span_ids: Sequence[str], label: str) -> Edit:
    """Give spans another label.

    They keep their ids, the attributes and the entity that the new label can have, and the
    relations that stay legal; empty slots are filled as for a new span.
    """
    draft = Draft(desk)
    desk.label(label)
    spans = [span for span in desk.spans(span_ids) if span.label != label]
    if not spans:
        raise NothingToDo("This is marked as {label} already.", label=label)
    for span in spans:
        change_label(draft, span, label)
        fill_likely(draft, draft.span(span.id) or span)
    settle(draft)
    return draft.edit("relabel", detail=label, place=spans[0].fragments[0])


def change_label(draft: Draft, span: Span, label: str) -> None:
    """Put *span* with another label into *draft*, and take out relations that are now illegal."""
    desk = draft.desk
    spec = desk.label(label)
    checked_fragments(draft, spec, span.fragments)
    _refuse_twin(draft, label, span.fragments, span.id)
    old = desk.scheme.label(span.label)
    same_kind = old is not None and old.entity == spec.entity
    kept = {
        name: value
        for name, value in span.attributes.items()
        if _goes_along(draft, span, old, spec, name, value)
    }
    draft.put(
        replace(
            span,
            label=label,
            attributes=kept,
            entity_id=span.entity_id if same_kind else None,
        )
    )
    for tie in draft.ties(span.id):
        source, target = draft.span(tie.source), draft.span(tie.target)
        relation = desk.scheme.relation(tie.label)
        legal = (
            relation is not None
            and source is not None
            and source.label == relation.source
            and (target is None or target.label in relation.targets)
        )
        if not legal:
            draft.drop(tie)


def _goes_along(
    draft: Draft, span: Span, old: Label | None, new: Label, name: str, value: Any
) -> bool:
    """Say whether an attribute means the same under the new label, and was not merely filled."""
    spec = draft.desk.scheme.attribute(new, name)
    if spec is None or not spec.allows(value):
        return False
    before = None if old is None else draft.desk.scheme.attribute(old, name)
    if before is None or before.auto is None:
        return True
    return before.auto == spec.auto and not agrees(draft, span, before.auto, value)


def delete(desk: Desk, span_ids: Sequence[str]) -> Edit:
    """Take spans out, with the relations that begin or end at them."""
    draft = Draft(desk)
    spans = desk.spans(span_ids)
    for span in spans:
        draft.drop_span(span)
    settle(draft)
    return draft.edit("delete", detail=spans[0].label, place=spans[0].fragments[0])


def set_fragments(desk: Desk, span_id: str, fragments: Iterable[Fragment]) -> Edit:
    """Let a span cover other words. Raises NothingToDo where nothing changes or is left."""
    draft = Draft(desk)
    (span,) = desk.spans((span_id,))
    where = checked_fragments(
        draft, desk.scheme.label(span.label) or Label(name=span.label), fragments
    )
    if where == span.fragments:
        raise NothingToDo("The label covers these words already.")
    _refuse_twin(draft, span.label, where, span.id)
    draft.put(replace(span, fragments=where, text=covered(draft.text, where)))
    settle(draft)
    return draft.edit("reshape", detail=span.label, place=where[0])


def move_end(
    desk: Desk, span_id: str, which: str = "end", by: int = 1, unit: str = "token"
) -> Edit:
    """Move the start or the end of a span by one token or character.

    *by* is +1 towards the end of the text and -1 towards its beginning. Raises NothingToDo where
    nothing of the first or last fragment would be left, and at the ends of the text.
    """
    (span,) = desk.spans((span_id,))
    position = span.start if which == "start" else span.end
    moved = next_stop(desk, position, which, by, unit)
    fragments = list(span.fragments)
    if which == "start":
        fragments[0] = Fragment(moved, fragments[0].end)
    else:
        fragments[-1] = Fragment(fragments[-1].start, moved)
    if fragments[0].start >= fragments[0].end or fragments[-1].start >= fragments[-1].end:
        raise NothingToDo("Nothing would be left of this piece.")
    return set_fragments(desk, span_id, fragments)


def next_stop(desk: Desk, position: int, which: str, by: int, unit: str) -> int:
    """Return where an end at *position* stops next; NothingToDo at the ends of the text.

    By tokens, a start stops where tokens begin and an end where they end.
    """
    structure = desk.structure
    if unit == "character":
        edge = len(desk.annotated.article.text) if by > 0 else 0
        if position == edge:
            raise NothingToDo("The text ends here.")
        return _character_stop(desk, position, which, by)
    if by > 0:
        token = _token_from(structure, position)
        if which == "start" and token is not None and token.start <= position:
            token = _token_from(structure, token.end)
    else:
        token = _token_until(structure, position)
        if which == "end" and token is not None and token.end >= position:
            token = _token_until(structure, token.start)
    if token is None:
        raise NothingToDo("The text ends here.")
    return token.start if which == "start" else token.end


def _character_stop(desk: Desk, position: int, which: str, by: int) -> int:
    """Return the next end of a character; a span neither begins nor ends with a blank."""
    structure, text = desk.structure, desk.annotated.article.text
    edge = len(text) if by > 0 else 0
    while position != edge:
        step = structure.grapheme_after if by > 0 else structure.grapheme_before
        position = step(position)
        inner = text[position : position + 1] if which == "start" else text[:position][-1:]
        if inner and not inner.isspace():
            return position
    raise NothingToDo("The text ends here.")


def _token_from(structure: Structure, position: int) -> Fragment | None:
    """Return the first token that ends after *position*."""
    token = structure.token_at(position)
    if token is None or token.end <= position:
        token = structure.next_token(position)
    return token


def _token_until(structure: Structure, position: int) -> Fragment | None:
    """Return the last token that begins before *position*."""
    if position <= 0:
        return None
    token = structure.token_at(position - 1)
    if token is None or token.start >= position:
        token = structure.previous_token(position)
    return token


def add_fragment(desk: Desk, span_id: str, fragment: Fragment) -> Edit:
    """Let a span cover *fragment* as well: it becomes discontinuous, or grows where they touch."""
    (span,) = desk.spans((span_id,))
    return set_fragments(desk, span_id, add(span.fragments, fragment))


def remove_fragment(desk: Desk, span_id: str, piece: int | Fragment) -> Edit:
    """Take a piece out of a span: one of its fragments by number, or any stretch of text."""
    (span,) = desk.spans((span_id,))
    gone = span.fragments[piece] if isinstance(piece, int) else piece
    left = subtract(span.fragments, gone)
    if not left:
        raise NothingToDo("Nothing would be left. To take the label off, delete it.")
    return set_fragments(desk, span_id, left)
