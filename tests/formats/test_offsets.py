"""Offsets in the units of files, and finding out where words really stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import UNITS
from annotator.formats.offsets import Claimed, Misplaced, Ruler, guessed_unit, located
from annotator.model import Fragment
from tests.formats.articles import characters

texts = st.text(characters, min_size=1, max_size=30)


@given(texts, st.sampled_from(UNITS), st.data())
def test_positions_go_there_and_back(text: str, unit: str, data: st.DataObject) -> None:
    ruler = Ruler(text)
    at = data.draw(st.integers(0, len(text)))
    encoded = {"codepoint": at, "utf16": len(text[:at].encode("utf-16-le")) // 2,
               "byte": len(text[:at].encode("utf-8"))}[unit]  # fmt: skip
    assert ruler.position(at, unit) == encoded
    assert ruler.codepoint(encoded, unit) == at


@given(texts, st.sampled_from(UNITS), st.integers(-3, 130))
def test_a_position_outside_or_inside_a_character_is_none(text: str, unit: str, at: int) -> None:
    ruler = Ruler(text)
    right = {ruler.position(point, unit) for point in range(len(text) + 1)}
    assert (ruler.codepoint(at, unit) is not None) == (at in right)


@given(texts, st.sampled_from(UNITS), st.data())
def test_a_right_claim_is_found_where_it_is(text: str, unit: str, data: st.DataObject) -> None:
    ruler = Ruler(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    claim = Claimed(ruler.position(start, unit), ruler.position(end, unit), text[start:end])
    assert located(ruler, claim, unit) == Fragment(start, end)


TEXT = "🚢 Ana said no. 🚢 Bo said yes."


def test_the_unit_is_the_one_in_which_the_words_are_right() -> None:
    ruler = Ruler(TEXT)
    for unit in UNITS:
        claims = [
            Claimed(ruler.position(at, unit), ruler.position(at + len(words), unit), words)
            for words in ("Ana", "Bo", "yes")
            if (at := TEXT.index(words)) >= 0
        ]
        assert guessed_unit(ruler, [*claims, Claimed(0, 3, "wrong")]) == unit


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claimed(3, 6, "Ana"), "3-6 covers 'na ', not 'Ana'. Those words stand at 2-5."),
        (Claimed(3, 7, "said"), "3-7 covers 'na s', not 'said'."),
        (Claimed(5, 5, ""), "5-5 is not a stretch of the text, which has 29 characters."),
        (Claimed(9, 4), "9-4 is not a stretch"),
        (Claimed(-1, 4), "-1-4 is not a stretch"),
        (
            Claimed(2, 99, "Ana"),
            "2-99 is not a stretch of the text, which has 29 characters. Those",
        ),
    ],
)
def test_a_wrong_claim_says_what_is_wrong(claim: Claimed, reason: str) -> None:
    found = located(Ruler(TEXT), claim)
    assert isinstance(found, Misplaced)
    assert found.reason.startswith(reason)


def test_words_that_stand_once_are_anchored_there_when_asked() -> None:
    ruler = Ruler(TEXT)
    assert located(ruler, Claimed(3, 6, "Ana"), anchoring=True) == Fragment(2, 5)
    assert isinstance(located(ruler, Claimed(3, 7, "said"), anchoring=True), Misplaced)


def test_line_breaks_shown_as_blanks_are_the_same_words() -> None:
    assert located(Ruler("one\ntwo"), Claimed(0, 7, "one two")) == Fragment(0, 7)
