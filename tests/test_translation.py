"""Texts in the person's language: found in the source, complete in German."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from annotator import translation
from tests.translations import not_literal, texts

PLACE = re.compile(r"\{\w+\}")


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    translation.use("en")


def test_every_text_is_written_out_where_it_is_used() -> None:
    own = "annotator/translation.py"
    assert [place for place in not_literal() if not place.startswith(own)] == []


def test_german_has_every_text() -> None:
    known = translation.read("de")
    assert sorted({text.one for text in texts() if text.one} - known.keys()) == []


def test_german_has_no_text_that_nobody_uses() -> None:
    used = {text.one for text in texts()}
    assert sorted(translation.read("de").keys() - used) == []


def test_german_has_two_forms_where_a_number_stands() -> None:
    known = translation.read("de")
    assert [text.one for text in texts() if text.many and len(known[text.one]) != 2] == []


def test_german_has_one_word_for_one_thing() -> None:
    """Links are Verknüpfungen, with the verb verknüpfen; claims are Aussagen."""
    other = re.compile(r"\b(Bez[uü]g|Beziehung|Relation|Behauptung)")
    forms = (form for known in translation.read("de").values() for form in known)
    assert [form for form in forms if other.search(form)] == []


def test_translations_name_the_same_values() -> None:
    known = translation.read("de")
    wrong = [
        form
        for text in texts()
        for form in known.get(text.one, ())
        if not _places(text.one) <= _places(form) <= _places(text.one + text.many)
    ]
    assert wrong == []


def _places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def test_a_language_is_spoken_from_then_on() -> None:
    translation.use("de")
    assert translation.tr("Undo") == "Rückgängig"
    assert translation.tr_n(1, "{n} label", "{n} labels") == "1 Label"
    assert translation.tr_n(1200, "{n} label", "{n} labels") == "1\u202f200 Labels"
    translation.use("en")
    assert translation.tr("Undo") == "Undo"


def test_an_unknown_language_is_answered_in_english() -> None:
    translation.use("xx")
    assert translation.tr("Undo") == "Undo"


def test_a_text_without_a_translation_is_shown_in_english() -> None:
    translation.use("de")
    assert translation.tr("Something new about {name}", name="Oslo") == "Something new about Oslo"


def test_what_editing_refuses_is_said_in_german() -> None:
    from annotator.editing import Impossible

    translation.use("de")
    error = Impossible("{label} has no attribute {name}.", label="Cue", name="form")
    assert translation.reason(error) == "Cue hat kein Merkmal form."
