"""Lists of words that the filled attributes go by; they are data, in ``resources``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from annotator import resources


@dataclass(frozen=True, slots=True)
class MentionWords:
    """How one language mentions people without their names, in lower case."""

    pronouns: frozenset[str]
    determiners: frozenset[str]
    titles: frozenset[str]
    nouns_are_capitalised: bool


@dataclass(frozen=True, slots=True)
class PlaceForms:
    """Words that come from the names of places, in lower case."""

    adjectives: frozenset[str]
    """Such as ``syrian``."""
    demonyms: frozenset[str]
    """Words for the people, such as ``syrians``; some are adjectives as well."""


@cache
def mention_words(language: str | None) -> MentionWords:
    """Return the words of a language (``en``, ``en-GB``), those of all where it is not known."""
    data = tomllib.loads(resources.text("words/mentions.toml"))
    code = (language or "").lower().replace("_", "-").split("-")[0]
    return MentionWords(
        pronouns=_of(data["pronouns"], code),
        determiners=_of(data["determiners"], code),
        titles=frozenset(data["titles"]["en"]) | _of(data["titles"], code),
        nouns_are_capitalised=code in data["capitals"]["nouns"],
    )


def _of(lists: Mapping[str, list[str]], code: str) -> frozenset[str]:
    if code in lists:
        return frozenset(lists[code])
    return frozenset(word for words in lists.values() for word in words)


@cache
def place_forms() -> PlaceForms:
    """Return the adjectives and the names of people that places have."""
    data = tomllib.loads(resources.text("places/demonyms.toml"))
    adjectives, demonyms = set(), set()
    for forms in data.values():
        adjectives.update(word.casefold() for word in forms.get("adjective", ()))
        demonyms.update(word.casefold() for word in forms.get("people", ()))
    return PlaceForms(frozenset(adjectives), frozenset(demonyms))
