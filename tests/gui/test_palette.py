"""The palette: a few letters lead to any command, person, article or word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.gui.app import Program
from annotator.gui.palette import Palette, _pieces, matches


@pytest.fixture
def palette(sample: Program) -> Iterator[Palette]:
    made = Palette(sample.window)
    made.open_over(sample.window)
    yield made
    sample.window.commands.keys_changed.emit()


def ask(palette: Palette, text: str) -> list[str]:
    palette.field.setText(text)
    palette.refresh(deep=True)
    return [entry.text for entry in palette.model.items if not entry.is_heading]


def test_typing_a_few_letters_and_enter_runs_a_command(palette: Palette, sample: Program) -> None:
    ask(palette, "insi")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert sample.window.place == "insights"


def test_ctrl_enter_runs_and_stays(palette: Palette, sample: Program) -> None:
    ask(palette, "larger")
    QTest.keyClick(palette.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sample.settings.text_size == 110
    assert palette.isVisible()
    palette.close()


def test_a_person_is_found_and_leads_to_where_they_are_named(
    palette: Palette, sample: Program
) -> None:
    assert "Marta Ilves" in ask(palette, "marta ilv")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    annotated = sample.workspace.annotated
    assert annotated is not None
    assert any(
        span.entity_id is not None
        and sample.workspace.entities[span.entity_id].name == "Marta Ilves"
        for span in annotated.spans.values()
    )


def test_words_of_the_articles_are_found(palette: Palette) -> None:
    ask(palette, "paving")
    headings = [entry.text for entry in palette.model.items if entry.is_heading]
    assert "In the articles" in headings
    palette.close()


def test_up_and_down_skip_the_headings(palette: Palette) -> None:
    ask(palette, "bergen")
    for _ in range(len(palette.model.items) + 2):
        QTest.keyClick(palette.field, Qt.Key.Key_Down)
        chosen = palette.chosen
        assert chosen is not None
        assert not chosen.is_heading
    palette.close()


def test_nothing_found_says_so(palette: Palette) -> None:
    assert ask(palette, "xyzzyqq") == []
    assert "xyzzyqq" in palette.empty.text()
    palette.close()


def test_esc_closes_the_palette(palette: Palette) -> None:
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


@given(text=st.text(max_size=40), words=st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_the_pieces_of_a_row_are_its_text(text: str, words: list[str]) -> None:
    assert "".join(piece for piece, _ in _pieces(text, words)) == text


@given(text=st.text(max_size=40), words=st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_what_matches_lies_inside_the_text(text: str, words: list[str]) -> None:
    for start, end in matches(text, [word.casefold() for word in words]) or []:
        assert 0 <= start <= end <= len(text)
