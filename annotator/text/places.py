"""Words that come from the names of places; the list is data, in ``resources/places``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

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


_FURTHER: Final = ("de",)
"""Languages (ISO 639-1) with a list of their own beside the English one."""


def place_forms(language: str = "en") -> PlaceForms:
    """Return the names of places in the lists with their adjectives and peoples.

    The English list holds for every language: many names of places are the same.
    """
    return _forms(language if language in _FURTHER else "en")


@cache
def _forms(language: str) -> PlaceForms:
    if language == "en":
        data = tomllib.loads(resources.text("places/demonyms.toml"))
        return _collected(data, {})
    data = tomllib.loads(resources.text(f"places/demonyms.{language}.toml"))
    own, english = _collected(data["places"], data["endings"]), _forms("en")
    return PlaceForms(
        own.names | english.names,
        own.adjectives | english.adjectives,
        own.demonyms | english.demonyms,
        {**english.origins, **own.origins},
    )


def _collected(
    places: Mapping[str, Mapping[str, list[str]]],
    endings: Mapping[str, Mapping[str, list[str]]],
) -> PlaceForms:
    adjectives: set[str] = set()
    demonyms: set[str] = set()
    origins: dict[str, set[str]] = {}
    for name, words in places.items():
        own = set(_inflected(words.get("adjective", ()), endings.get("adjective", {})))
        own.update(word.casefold() for word in words.get("unchanging", ()))
        people = set(_inflected(words.get("people", ()), endings.get("people", {})))
        adjectives |= own
        demonyms |= people
        for word in own | people:
            origins.setdefault(word, set()).add(name)
    return PlaceForms(
        frozenset(name.casefold() for name in places),
        frozenset(adjectives),
        frozenset(demonyms),
        {word: names.pop() for word, names in origins.items() if len(names) == 1},
    )


def _inflected(words: Iterable[str], endings: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield every form of *words*, case folded: with the endings for how each of them ends."""
    for word in words:
        yield word.casefold()
        for last, added in endings.items():
            if word.endswith(last):
                yield from ((word + ending).casefold() for ending in added)
