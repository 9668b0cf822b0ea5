"""The same thing done to many spans, in one article or in all: one edit, one undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from annotator.editing.attributes import agrees, settle
from annotator.editing.desk import Desk, NothingToDo
from annotator.editing.draft import Draft, compose
from annotator.editing.marking import change_label, checked_fragments, twin
from annotator.model import Change, Edit, Fragment, Span, new_id
from annotator.spans import covered


def mark_all(
    desks: Iterable[Desk], span: Span, fragments_by_article: Mapping[str, Sequence[Fragment]]
) -> Edit:
    """Mark every given fragment as *span* is marked: label, attributes and entity.

    Relations are not copied. What is marked with the label already stays as it is, and attributes
    that the program filled are filled anew.
    """
    desks = _own_first(desks, span.article_id)
    filled = _filled(desks, span)
    parts: list[tuple[Desk, list[Change]]] = []
    place: Fragment | None = None
    for desk in desks:
        draft = Draft(desk)
        for fragment in fragments_by_article.get(desk.annotated.article.id, ()):
            where = checked_fragments(draft, desk.label(span.label), (fragment,))
            if twin(draft, span.label, where) is None:
                draft.put(_like(span, desk, where, filled))
                place = place or where[0]
        settle(draft)
        _collect(parts, desk, draft)
    if not parts:
        raise NothingToDo("All of them are marked as {label} already.", label=span.label)
    return compose("mark", parts, detail=span.label, place=place)


def _filled(desks: Sequence[Desk], span: Span) -> frozenset[str]:
    """Return the attributes of *span* that nobody overruled."""
    for desk in desks:
        label = desk.scheme.label(span.label)
        if label is None or desk.annotated.spans.get(span.id) != span:
            continue
        draft = Draft(desk)
        return frozenset(
            a.name
            for a in label.attributes
            if a.auto and agrees(draft, span, a.auto, span.attributes.get(a.name))
        )
    return frozenset()


def _like(span: Span, desk: Desk, where: tuple[Fragment, ...], filled: frozenset[str]) -> Span:
    article = desk.annotated.article
    return Span(
        id=new_id(),
        article_id=article.id,
        layer_id=desk.layer.id,
        label=span.label,
        fragments=where,
        text=covered(article.text, where),
        attributes={key: item for key, item in span.attributes.items() if key not in filled},
        entity_id=span.entity_id,
    )


def relabel_all(desks: Iterable[Desk], spans: Iterable[Span], label: str) -> Edit:
    """Give all *spans* another label; those that would then be there twice go."""
    parts: list[tuple[Desk, list[Change]]] = []
    chosen = [span for span in spans if span.label != label]
    for desk in _own_first(desks, chosen[0].article_id if chosen else ""):
        draft = Draft(desk)
        for span in _present(desk, chosen):
            if twin(draft, label, span.fragments, span.id) is not None:
                draft.drop_span(span)
            else:
                change_label(draft, span, label)
        settle(draft)
        _collect(parts, desk, draft)
    if not parts:
        raise NothingToDo("All of them are marked as {label} already.", label=label)
    return compose("relabel", parts, detail=label, place=chosen[0].fragments[0])


def delete_all(desks: Iterable[Desk], spans: Iterable[Span]) -> Edit:
    """Take all *spans* out, with their relations."""
    parts: list[tuple[Desk, list[Change]]] = []
    chosen = list(spans)
    for desk in _own_first(desks, chosen[0].article_id if chosen else ""):
        draft = Draft(desk)
        for span in _present(desk, chosen):
            draft.drop_span(span)
        settle(draft)
        _collect(parts, desk, draft)
    if not parts:
        raise NothingToDo("There is nothing to delete.")
    return compose("delete", parts, detail=chosen[0].label, place=chosen[0].fragments[0])


def attach_all(desks: Iterable[Desk], spans: Iterable[Span], entity_id: str | None) -> Edit:
    """Let all *spans* stand for an entity that the project knows, or for none."""
    parts: list[tuple[Desk, list[Change]]] = []
    chosen = list(spans)
    for desk in _own_first(desks, chosen[0].article_id if chosen else ""):
        draft = Draft(desk)
        for span in _present(desk, chosen):
            draft.put(replace(span, entity_id=entity_id))
        settle(draft)
        _collect(parts, desk, draft)
    if not parts:
        raise NothingToDo("That is so already.")
    action = "detach" if entity_id is None else "attach"
    return compose(action, parts, detail=chosen[0].label, place=chosen[0].fragments[0])


def _own_first(desks: Iterable[Desk], article_id: str) -> list[Desk]:
    return sorted(desks, key=lambda desk: desk.annotated.article.id != article_id)


def _present(desk: Desk, spans: Sequence[Span]) -> list[Span]:
    """Return those of *spans* that are in the layer of *desk*, as they are by now."""
    found = (desk.annotated.spans.get(span.id) for span in spans)
    return [span for span in found if span is not None and span.layer_id == desk.layer.id]


def _collect(parts: list[tuple[Desk, list[Change]]], desk: Desk, draft: Draft) -> None:
    changes = draft.changes()
    if changes:
        parts.append((desk, changes))
