"""Attributes that the program fills: one rule each, by what the words and relations show.

A filled value is stored like any other, so that a person may overrule it. When a later edit changes
what a rule looks at, the value follows if it still is what the rule gave before; where it is not,
somebody overruled it, and it stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from annotator.editing.draft import Draft
from annotator.editing.words import MentionWords, mention_words
from annotator.model import Span, name_key
from annotator.text.places import PlaceForms, place_forms

_WORD: Final = re.compile(r"[^\W_]+(?:[-.’'][^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"[’'][sS]?$")
_NEIGHBOURHOOD: Final = 50_000
"""Code points on either side in which a word is looked for inside sentences."""

Rule = Callable[[Draft, Span], str | None]


def settle(draft: Draft, more: Iterable[Span] = ()) -> None:
    """Bring the filled attributes of everything that *draft* touches, and of *more*, up to date."""
    before = Draft(draft.desk)
    for span in _touched(draft, more):
        label = draft.desk.scheme.label(span.label)
        attributes = dict(span.attributes)
        for attribute in () if label is None else label.attributes:
            if attribute.auto and _follows(before, span, attribute.name, RULES[attribute.auto]):
                value = RULES[attribute.auto](draft, span)
                attributes = _with(attributes, attribute.name, value)
        if attributes != span.attributes:
            draft.put(replace(span, attributes=attributes))


def _follows(before: Draft, span: Span, name: str, rule: Rule) -> bool:
    """Say whether nobody has decided on an attribute: neither in this edit nor against the rule."""
    old = before.span(span.id)
    if old is None or old.label != span.label:
        return name not in span.attributes
    value = old.attributes.get(name)
    return bool(span.attributes.get(name) == value and value == rule(before, old))


def _with(attributes: Mapping[str, object], name: str, value: str | None) -> dict[str, object]:
    found = {key: item for key, item in attributes.items() if key != name}
    if value is not None:
        found[name] = value
    return found


def _touched(draft: Draft, more: Iterable[Span]) -> list[Span]:
    keys = dict.fromkeys(span.id for span in more)
    for before, after in draft.changed_spans():
        if after is not None:
            keys[after.id] = None
            if before is not None:
                keys.update((tie.source, None) for tie in draft.relations_to(after.id))
    for ties in draft.changed_ties():
        keys.update((tie.source, None) for tie in ties if tie is not None)
    return [span for key in keys if (span := draft.span(key)) is not None]


def agrees(draft: Draft, span: Span, auto: str, value: object) -> bool:
    """Say whether the rule called *auto* gives *value* for *span*."""
    return RULES[auto](draft, span) == value


def quotation_form(draft: Draft, span: Span) -> str | None:
    """Direct, indirect or mixed: whether all, none or some letters stand in quotation marks."""
    share = draft.desk.structure.quoted_share(span.fragments)
    return {"all": "direct", "none": "indirect", "part": "mixed"}[share]


def source_status(draft: Draft, span: Span) -> str | None:
    """Explicit, continued or implied: where the words of the source and the cue stand.

    None while no source is known: unnamed sources and the newsroom are for a person to tell.
    """
    ends: list[Span] = []
    implied = said = False
    for tie in draft.relations_from(span.id):
        relation = draft.desk.scheme.relation(tie.label)
        if relation is None or relation.inside:
            continue
        target = draft.span(tie.target)
        if target is not None:
            ends.append(target)
            said = said or relation.target_entity is not None
        implied = implied or (tie.target_entity is not None)
    if implied and not said:
        return "implied"
    if not ends:
        return None
    sentence = draft.desk.structure.sentence_at(span.start)
    start = span.start if sentence is None else sentence.start
    return "continued" if all(end.end <= start for end in ends) else "explicit"


def place_form(draft: Draft, span: Span) -> str | None:
    """Name, adjectival or demonym, by the lists of countries and cities of the language."""
    forms = place_forms(draft.desk.structure.language)
    words = " ".join(span.text).casefold()
    if words in forms.adjectives:
        return "adjectival"
    return "demonym" if words in forms.demonyms else "name"


def mention_form(draft: Draft, span: Span) -> str | None:
    """Named, nominal or pronoun: whether the words hold a proper name of the source."""
    text = " ".join(span.text)
    words = mention_words(draft.desk.structure.language)
    if name_key(text) in words.pronouns:
        return "pronoun"
    entity = draft.entity(span.entity_id)
    if entity is not None and name_key(text) == name_key(entity.name):
        return "named"
    if text.upper() == text.lower():
        return None
    return "named" if _holds_name(draft, span, words) else "nominal"


def _holds_name(draft: Draft, span: Span, words: MentionWords) -> bool:
    capitals: list[re.Match[str]] = []
    first: re.Match[str] | None = None
    forms = place_forms(draft.desk.structure.language)
    for start, end in span.fragments:
        found = list(_WORD.finditer(draft.text, start, end))
        first = first or next(iter(found), None)
        capitals += [m for m in found if _is_name_like(m, end, words, forms)]
    if words.nouns_are_capitalised:
        nominal = first is not None and first.group().lower() in words.determiners
        return len(capitals) > 1 or (bool(capitals) and not nominal)
    return any(_is_name_here(draft, match) for match in capitals)


def _is_name_like(match: re.Match[str], end: int, words: MentionWords, forms: PlaceForms) -> bool:
    """Say whether a word is capitalised, and neither title, demonym nor possessor of the rest."""
    word = match.group()
    bare = _POSSESSIVE.sub("", word)
    key = bare.casefold()
    if not bare[:1].isupper() or key in words.titles or key in words.determiners:
        return False
    if key in words.pronouns or key in forms.adjectives or key in forms.demonyms:
        return False
    return bare == word or match.end() == end


def _is_name_here(draft: Draft, match: re.Match[str]) -> bool:
    """Say whether a capital tells a name: not where it only begins a sentence.

    There the article decides: a word that it also writes in lower case is none, one that it
    capitalises inside a sentence is one. The name of a country or a large city always is.
    """
    word = match.group()
    if word.casefold() in place_forms(draft.desk.structure.language).names:
        return True
    sentence = draft.desk.structure.sentence_at(match.start())
    start = match.start() if sentence is None else sentence.start
    begins = not any(letter.isalnum() for letter in draft.text[start : match.start()])
    if not begins or sum(letter.isupper() for letter in word) > 1:
        return True
    lowest = max(0, match.start() - _NEIGHBOURHOOD)
    near = draft.text[lowest : match.end() + _NEIGHBOURHOOD]
    if re.search(rf"\b{re.escape(word.lower())}\b", near):
        return False
    return re.search(rf"[^\W_,;][,;]? {re.escape(word)}\b", near) is not None


RULES: Final[Mapping[str, Rule]] = {
    "mention_form": mention_form,
    "quotation_form": quotation_form,
    "source_status": source_status,
    "place_form": place_form,
}
"""The rules by the names that schemes call them by."""
