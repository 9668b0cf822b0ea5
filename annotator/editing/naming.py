"""Who or where is meant by the words of a span, as far as words and places in the text tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from annotator.editing.desk import Desk
from annotator.editing.words import mention_words
from annotator.model import Entity, Span, name_key
from annotator.scheme import Label
from annotator.text.places import place_forms

_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
SIGHT: Final = 20_000
"""Code points before a span in which other mentions are looked for: many screens of text."""
_ALIKE: Final = 0.5
"""Share of words in common from which two wordings are taken to mean the same."""
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
    for form in dict.fromkeys(
        (name, _without_article(name), new_name(label, text, desk.structure.language))
    ):
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

    By its words; else by words that it shares with a name; else whoever the span with this label
    before it stands for: "he", "the minister".
    """
    (span,) = desk.spans((span_id,))
    label = desk.scheme.label(span.label)
    if label is None or label.entity is None:
        return None
    known = known_entity(desk, label, span.text, span.start)
    if known is not None:
        return desk.annotated.entities.get(known)
    mentioned = [
        entity
        for other in _before(desk, label, span.start)
        if (entity := desk.annotated.entities.get(other.entity_id or "")) is not None
        and entity.kind == label.entity
    ]
    others = [e for e in desk.annotated.entities.values() if e.kind == label.entity]
    said = set(name_key(" ".join(span.text)).split())
    best = max((*mentioned, *others), key=lambda entity: _shared(said, entity), default=None)
    if best is not None and _shared(said, best) >= _ALIKE:
        return best
    return mentioned[0] if mentioned else None


def _shared(said: set[str], entity: Entity) -> float:
    """Return the share of words that the shorter of two has in common with the other, 0 to 1."""
    names = (set(name_key(name).split()) for name in (entity.name, *entity.aliases))
    return max(len(said & name) / max(1, min(len(said), len(name))) for name in names)


def new_name(label: Label, text: Sequence[str], language: str = "en") -> str:
    """Return how an entity is called that these words are the first to mention.

    Without *the*; somebody without titles and editors' brackets; a place by the name that the
    words come from, and a name in capitals as it is written otherwise. What is said keeps all its
    words.
    """
    rules = {attribute.auto for attribute in label.attributes}
    name = " ".join(text)
    if "quotation_form" in rules:
        return name
    name = _without_article(name)
    if "mention_form" in rules:
        return _without_titles(name, language)
    if "place_form" not in rules:
        return name
    forms = place_forms(language)
    origin = forms.origins.get(name.casefold())
    if origin is not None:
        return origin
    return name.title() if name.isupper() and len(name) > _SHORT else name


def _without_titles(name: str, language: str) -> str:
    """Return the name after the last title, such as "Captain"; all of it where there is none."""
    titles = mention_words(language).titles
    words = _BRACKETS.sub(" ", name).split()
    last = max((at for at, word in enumerate(words) if word.lower() in titles), default=-1)
    proper = words[last + 1 :]
    is_name = last >= 0 and bool(proper) and all(word[:1].isupper() for word in proper)
    return " ".join(proper) if is_name else name


def _before(desk: Desk, label: Label, position: int) -> Iterator[Span]:
    """Yield the spans with a label that begin before *position*, the nearest first."""
    near = desk.annotated.spans_in(desk.layer.id, max(0, position - SIGHT), position)
    for span in reversed(near):
        if span.label == label.name and span.start < position:
            yield span


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.lower() == "the" and rest else name
