"""Words that come from the names of places; the list is data, in ``resources/places``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from annotator import resources


@dataclass(frozen=True, slots=True)
class PlaceForms:
    """Words that come from the names of places, case folded."""

    names: frozenset[str]
    """Of the countries and the large cities in the list."""
    adjectives: frozenset[str]
    """Such as ``syrian``."""
    demonyms: frozenset[str]
    """Words for the people, such as ``syrians``; some are adjectives as well."""
    origins: Mapping[str, str]
    """The name that an adjective or a demonym comes from; not those that come from several."""

    def knows(self, words: str) -> bool:
        """Tell whether *words* name a place or come from such a name."""
        return words in self.names or words in self.adjectives or words in self.demonyms


@cache
def place_forms() -> PlaceForms:
    """Return the names of places in the list with their adjectives and peoples."""
    data = tomllib.loads(resources.text("places/demonyms.toml"))
    adjectives: set[str] = set()
    demonyms: set[str] = set()
    origins: dict[str, set[str]] = {}
    for name, forms in data.items():
        adjectives.update(word.casefold() for word in forms.get("adjective", ()))
        demonyms.update(word.casefold() for word in forms.get("people", ()))
        for word in (*forms.get("adjective", ()), *forms.get("people", ())):
            origins.setdefault(word.casefold(), set()).add(name)
    return PlaceForms(
        frozenset(name.casefold() for name in data),
        frozenset(adjectives),
        frozenset(demonyms),
        {word: names.pop() for word, names in origins.items() if len(names) == 1},
    )
