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


@cache
def mention_words(language: str) -> MentionWords:
    """Return the words of a language (ISO 639-1), those of all where it has no list."""
    data = tomllib.loads(resources.text("words/mentions.toml"))
    return MentionWords(
        pronouns=_of(data["pronouns"], language),
        determiners=_of(data["determiners"], language),
        titles=frozenset(data["titles"]["en"]) | _of(data["titles"], language),
        nouns_are_capitalised=language in data["capitals"]["nouns"],
    )


def _of(lists: Mapping[str, list[str]], language: str) -> frozenset[str]:
    if language in lists:
        return frozenset(lists[language])
    return frozenset(word for words in lists.values() for word in words)
