"""Who or where is meant by the words of a span, as far as words and places in the text tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from annotator.editing.desk import Desk
from annotator.editing.words import mention_words
from annotator.model import Entity, Span, name_key
from annotator.scheme import Label
from annotator.text.places import place_forms

SIGHT: Final = 20_000
"""Code points before a span in which other mentions are looked for: many screens of text."""
_SHORT: Final = 3
"""Letters of capitals that are an abbreviation rather than a name in capitals: UK, USA."""


def known_entity(desk: Desk, label: Label, text: Sequence[str], before: int = 0) -> str | None:
    """Return the id of the one entity of the label's kind that these words stand for.

    By name or alias, by the place that an adjective or a people comes from, or because the same
    words stood for it *before* that position of the article; pronouns say nothing by themselves.
    """
    if label.entity is None:
        return None
    name = " ".join(text)
    same: set[str] = set()
    for form in dict.fromkeys((name, _without_article(name), new_name(label, text))):
        found = desk.annotated.entities_named(form)
        same |= {entity.id for entity in found if entity.kind == label.entity}
    if not same and name_key(name) not in mention_words(desk.structure.language).pronouns:
        same = {
            span.entity_id
            for span in _before(desk, label, before)
            if span.entity_id is not None and name_key(" ".join(span.text)) == name_key(name)
        }
    return same.pop() if len(same) == 1 else None


def likely_entity(desk: Desk, span_id: str) -> Entity | None:
    """Return who or where a span most likely means, for a person to say yes to.

    By its words; else by a word that it shares with a name; else whoever the span with this label
    before it stands for: "he", "the minister".
    """
    (span,) = desk.spans((span_id,))
    label = desk.scheme.label(span.label)
    if label is None or label.entity is None:
        return None
    known = known_entity(desk, label, span.text, span.start)
    if known is not None:
        return desk.annotated.entities.get(known)
    said = set(name_key(" ".join(span.text)).split())
    mentioned = [
        entity
        for other in _before(desk, label, span.start)
        if (entity := desk.annotated.entities.get(other.entity_id or "")) is not None
        and entity.kind == label.entity
    ]
    for entity in (*mentioned, *desk.annotated.entities.values()):
        names = (name_key(name) for name in (entity.name, *entity.aliases))
        if entity.kind == label.entity and any(set(name.split()) <= said for name in names):
            return entity
    return mentioned[0] if mentioned else None


def new_name(label: Label, text: Sequence[str]) -> str:
    """Return how an entity is called that these words are the first to mention.

    Without *the*, a place by the name that the words come from, a name in capitals as it is
    written otherwise. What is said keeps all its words.
    """
    rules = {attribute.auto for attribute in label.attributes}
    name = " ".join(text)
    if "quotation_form" in rules:
        return name
    name = _without_article(name)
    if "place_form" not in rules:
        return name
    forms = place_forms()
    origin = forms.origins.get(name.casefold())
    if origin is not None:
        return origin
    return name.title() if name.isupper() and len(name) > _SHORT else name


def _before(desk: Desk, label: Label, position: int) -> Iterator[Span]:
    """Yield the spans with a label that begin before *position*, the nearest first."""
    near = desk.annotated.spans_in(desk.layer.id, max(0, position - SIGHT), position)
    for span in reversed(near):
        if span.label == label.name and span.start < position:
            yield span


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.lower() == "the" and rest else name
