"""Positions of the stored text and of the widget are the same places, for any text."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from annotator.gui.article.display_map import LONGEST_BLOCK, DisplayMap

ODD = (
    "\x00",
    "\r",
    "\n",
    "\u2028",
    "\u2029",
    "\ufdd0",
    "\ufdd1",
    "\ufffc",
    "😀",
    "👩‍👩‍👧",
    "e\u0301",
    "\xa0",
)
texts = st.lists(st.one_of(st.text(max_size=8), st.sampled_from(ODD)), max_size=40).map("".join)
long_texts = st.builds(
    lambda unit, count, tail: unit * count + tail,
    st.sampled_from(["a", "word ", "😀", "👩‍👩‍👧", "e\u0301", "字"]),
    st.integers(LONGEST_BLOCK // 2, 2 * LONGEST_BLOCK),
    texts,
)


@given(texts | long_texts)
def test_every_stored_position_comes_back_from_where_it_is_shown(text: str) -> None:
    shown = DisplayMap(text)
    positions = range(0, len(text) + 1, max(1, len(text) // 300))
    for position in positions:
        assert shown.to_stored(shown.to_shown(position)) == position
        assert shown.to_stored(shown.to_shown(position, end=True)) == position


@given(texts | long_texts)
def test_the_widget_counts_as_the_map_does(text: str) -> None:
    shown = DisplayMap(text)
    document = QTextDocument()
    document.setPlainText(shown.shown)
    assert document.blockCount() == len(shown.lengths)
    assert shown.to_shown(len(text)) == document.characterCount() - 1


@given(texts | long_texts)
def test_later_positions_are_shown_later(text: str) -> None:
    shown = DisplayMap(text)
    places = [shown.to_shown(position) for position in range(len(text) + 1)]
    assert all(a < b for a, b in itertools.pairwise(places))


@given(long_texts)
def test_no_shown_paragraph_is_longer_than_qt_can_bear(text: str) -> None:
    assert max(DisplayMap(text).lengths) <= LONGEST_BLOCK


def test_an_ordinary_text_is_shown_as_it_is() -> None:
    shown = DisplayMap("Veldhaven’s quay\n\nis sinking.")
    assert shown.identical
    assert shown.shown == "Veldhaven’s quay\n\nis sinking."


def test_a_long_paragraph_is_cut_after_a_blank_where_there_is_one() -> None:
    text = "harbour " * 1200
    shown = DisplayMap(text)
    assert [piece[-1] for piece in shown.shown.split("\n")[:-1]] == [" ", " "]
    assert shown.shown.replace("\n", "") == text


@pytest.mark.parametrize("family", ["👩‍👩‍👧‍👦", "e\u0301\u0323", "🇳🇴"])
def test_a_cut_never_parts_what_is_read_as_one_character(family: str) -> None:
    text = "x" * (LONGEST_BLOCK - 1) + family + "y" * 50
    parts = DisplayMap(text).shown.split("\n")
    assert any(family in part for part in parts)


def test_lone_surrogates_can_be_shown(qtbot: QtBot) -> None:
    shown = DisplayMap("a\ud800b")
    assert shown.shown == "a\ufffdb"
    assert shown.to_shown(2) == 2


@pytest.mark.hostile(23)
def test_what_turns_letters_or_is_not_seen_has_a_mark_in_its_place() -> None:
    text = "The \u202eyauq\u202c is\u200b clo\u2060sed\ufeff, \u202dshe\u202c said."
    assert DisplayMap(text).shown == (
        "The \u25c2yauq\u202c is\u2423 clo\u2423sed\u2423, \u25b8she\u202c said."
    )


@pytest.mark.hostile(23)
@pytest.mark.parametrize(
    "text", ["\u0e44\u0e17\u0e22\u200b\u0e44\u0e17\u0e22", "\u0633\u200f\u200c\u0645"]
)
def test_what_a_script_needs_to_be_written_has_no_mark(text: str) -> None:
    assert DisplayMap(text).shown == text
