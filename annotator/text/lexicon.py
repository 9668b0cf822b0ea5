"""The words of a language by which a sentence shows who says what; data in ``resources``."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, fields
from typing import Final

from annotator import resources

_KNOWN: Final = frozenset({"en", "de"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists of one language, in lower case; ``resources/languages`` says what each is for."""

    reporting: frozenset[str] = frozenset()
    auxiliary: frozenset[str] = frozenset()
    adverbs: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    complementisers: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    leading: frozenset[str] = frozenset()
    linking: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    joiners: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    hearing: frozenset[str] = frozenset()
    undertaking: frozenset[str] = frozenset()
    hearers: frozenset[str] = frozenset()
    finite: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    subordinators: frozenset[str] = frozenset()
    relative: frozenset[str] = frozenset()
    expletive: frozenset[str] = frozenset()
    first_person: frozenset[str] = frozenset()
    wishing: frozenset[str] = frozenset()
    calendar: frozenset[str] = frozenset()


@functools.cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of *language* (ISO 639-1), an empty one where we have none."""
    if language not in _KNOWN:
        return Lexicon()
    data = tomllib.loads(resources.text(f"languages/{language}.toml"))
    return Lexicon(**{spec.name: frozenset(data[spec.name].split()) for spec in fields(Lexicon)})
