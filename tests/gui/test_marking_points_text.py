"""Marking, points 1 to 6: selections, labels, the caret, the ends and pieces of a span."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.hand import Hand

# -- 1. a selection is cleaned -------------------------------------------------------------------


def test_a_selection_grows_to_whole_tokens_before_it_becomes_a_span(hand: Hand) -> None:
    hand.go("arta Ilv")
    hand.press(*["Shift+Right"] * 8, "s")
    assert hand.marked == [("Speaker", "Marta Ilves")]


def test_a_selection_from_right_to_left_is_the_same(hand: Hand) -> None:
    hand.go(" said on")
    hand.press(*["Shift+Left"] * 11, "s")
    assert hand.marked == [("Speaker", "Marta Ilves")]
    assert hand.one.fragments[0].start == 0


def test_blanks_at_the_ends_are_left_out(hand: Hand) -> None:
    hand.choose(" the quay ")
    hand.press("s")
    assert hand.marked == [("Speaker", "the quay")]


def test_nothing_but_blanks_becomes_no_span(hand: Hand) -> None:
    hand.choose("\n\n")
    hand.press("s")
    assert hand.marked == []
    assert "blanks" in hand.said


def test_punctuation_and_a_lone_quotation_mark_are_left_out(hand: Hand) -> None:
    hand.choose("“The wall,")
    hand.press("c")
    assert hand.marked == [("Claim", "The wall")]


def test_punctuation_stays_when_the_setting_says_so(hand: Hand) -> None:
    hand.window.settings.trim = False
    hand.choose("“The wall,")
    hand.press("c")
    assert hand.marked == [("Claim", "“The wall,")]


def test_alt_s_switches_snapping_off_and_on(hand: Hand) -> None:
    hand.press("Alt+S")
    hand.choose("arta Ilv")
    hand.press("s")
    assert hand.marked == [("Speaker", "arta Ilv")]
    hand.press("Ctrl+Z", "Alt+S")
    hand.choose("arta Ilv")
    hand.press("s")
    assert hand.marked == [("Speaker", "Marta Ilves")]


def test_a_double_click_marks_a_token_and_a_third_the_sentence(hand: Hand) -> None:
    hand.click(hand.point("Lunde"), times=2)
    assert hand.chosen == "Lunde"
    hand.press("s")
    hand.click(hand.point("doubts"), times=3)
    assert hand.chosen == "Jonas Berg doubts it"
    hand.press("c")
    assert hand.marked == [("Speaker", "Lunde"), ("Claim", "Jonas Berg doubts it")]


# -- 2. expand and shrink ------------------------------------------------------------------------


def test_w_expands_by_structure_and_shift_w_goes_back(hand: Hand) -> None:
    hand.go("not move", by=1)
    seen: list[str] = []
    while not seen or "Lunde said" not in seen[-1]:
        hand.press("w")
        if not seen or seen[-1] != hand.chosen:
            seen.append(hand.chosen)
    assert seen[:2] == ["not", "will not move an inch"]
    sentence = "“The wall,” she said, “will not move an inch.”"
    assert any(words.startswith(sentence) for words in seen)
    assert seen[-1] == hand.text.split("\n\n")[1]
    back = []
    for _ in range(len(seen) - 1):
        hand.press("Shift+W")
        back.append(hand.chosen)
    assert back == list(reversed(seen[:-1]))


def test_quotation_marks_come_with_the_second_step_out_of_a_quotation(hand: Hand) -> None:
    hand.go("Bergen,", by=2)
    seen = []
    for _ in range(4):
        hand.press("w")
        seen.append(hand.chosen)
    assert seen == [
        "Bergen",
        "We start in Bergen",
        "“We start in Bergen,”",
        "“We start in Bergen,” Lunde said",
    ]


# -- 3. select then key, key then select ---------------------------------------------------------


def test_an_armed_label_marks_every_selection_of_the_mouse_until_esc(hand: Hand) -> None:
    hand.press("s")
    hand.click(hand.point("Lunde"), times=2)
    assert hand.marked == [("Speaker", "Lunde")]
    hand.drag(hand.point("Jonas", by=0), hand.point("Berg ", by=4))
    assert hand.marked == [("Speaker", "Lunde"), ("Speaker", "Jonas Berg")]
    hand.press("Esc")
    hand.click(hand.point("divers"), times=2)
    assert len(hand.marked) == 2


def test_an_armed_label_marks_a_selection_of_the_keyboard_with_enter(hand: Hand) -> None:
    hand.press("l")
    hand.choose("Bergen")
    hand.press("Return")
    hand.choose("Bergen", 1)
    hand.press("Return")
    assert hand.marked == [("Location", "Bergen")] * 2


def test_what_is_armed_stands_in_the_label_bar_and_at_the_cursor(hand: Hand) -> None:
    usual = hand.view.viewport().cursor()
    button = hand.window.labels.buttons["Claim"]
    shown = []
    hand.press("c")
    shown.append(button.armed)
    assert hand.view.viewport().cursor().shape() == Qt.CursorShape.BitmapCursor
    hand.press("Esc")
    shown.append(button.armed)
    assert shown == [True, False]
    assert hand.view.viewport().cursor().shape() == usual.shape()


def test_a_third_click_with_an_armed_label_marks_the_sentence_alone(hand: Hand) -> None:
    hand.press("c")
    hand.click(hand.point("doubts"), times=3)
    assert hand.marked == [("Claim", "Jonas Berg doubts it")]
    hand.press("Ctrl+Z")
    assert hand.marked == []


def test_the_key_of_an_armed_label_disarms_it(hand: Hand) -> None:
    hand.press("c", "c")
    hand.drag(hand.point("Jonas", by=0), hand.point("Berg ", by=4))
    assert hand.marked == []


def test_another_key_changes_the_label_in_place_and_keeps_what_it_can(hand: Hand) -> None:
    claim = hand.mark("We start in Bergen", "Claim")
    speaker = hand.mark("Lunde", "Speaker", 1)
    hand.select(claim)
    hand.press("r", "Return", "f")
    assert hand.tied(claim) == ["Lunde"]
    hand.select(speaker)
    hand.press("e")
    hand.type("Lunde")
    hand.press("Return")
    assert hand.now(speaker).entity_id is not None
    hand.select(claim)
    hand.press("s")
    assert hand.one.id == claim.id
    assert hand.one.label == "Speaker"
    assert hand.one.unsure
    assert hand.window.isActiveWindow()
    hand.press("Ctrl+Z")
    assert hand.tied(claim) == ["Lunde"]


def test_relabelling_keeps_the_attributes_and_links_that_the_new_label_has(hand: Hand) -> None:
    hand.press("Esc")
    claim = hand.mark("the quay was safe", "Claim")
    cue = hand.mark("said", "Cue")
    hand.select(claim)
    hand.press("Shift+Q")
    assert hand.tied(claim, "cued_by") == ["said"]
    hand.select(cue)
    hand.press("s")
    assert hand.now(cue).label == "Speaker"
    assert hand.tied(claim, "cued_by") == []


def test_the_same_key_again_removes_the_span(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    hand.press("s")
    assert hand.marked == []
    assert hand.stored() == []


# -- 4. a real caret -----------------------------------------------------------------------------


def test_the_caret_goes_by_character_token_and_sentence(hand: Hand) -> None:
    hand.go("“The wall")
    hand.press("Right")
    assert hand.view.caret() == hand.place("The wall").start
    hand.press("Ctrl+Right")
    assert hand.view.caret() == hand.place("wall,").start
    hand.press("Alt+Right")
    assert hand.view.caret() == hand.place("The mayor").start
    hand.press("Alt+Left")
    assert hand.view.caret() == hand.place("“The wall").start


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("Shift+Right", "T"),
        ("Ctrl+Shift+Right", "The "),
        ("Alt+Shift+Right", "The mayor, Håkon Lunde, promised that divers would look. "),
    ],
)
def test_shift_extends_whatever_the_caret_goes_by(hand: Hand, key: str, words: str) -> None:
    hand.go("The mayor")
    hand.press(key)
    assert hand.chosen == words


def word_hint(hand: Hand, words: str, nth: int = 0) -> str:
    place = hand.place(words, nth)
    return next(h.text for h in hand.view.state.hints if h.place == place)


def test_a_hint_jumps_to_a_word_and_with_shift_selects_to_there(hand: Hand) -> None:
    hand.press("j")
    hand.press(*word_hint(hand, "divers"))
    assert hand.view.selection() == hand.place("divers")
    hand.press("j")
    hand.press(*word_hint(hand, "look").upper())
    assert hand.chosen == "divers would look"
    hand.press("c")
    assert hand.marked == [("Claim", "divers would look")]


def test_hints_are_short(hand: Hand) -> None:
    hand.press("j")
    assert max(len(hint.text) for hint in hand.view.state.hints) <= 2


def test_esc_takes_the_hints_away_and_leaves_the_caret(hand: Hand) -> None:
    hand.go("divers")
    hand.press("j", "Esc")
    assert not hand.view.state.hints
    assert hand.view.caret() == hand.place("divers").start


def test_enter_finds_the_span_at_the_caret_and_goes_round_those_that_overlap(hand: Hand) -> None:
    hand.mark("We start in Bergen", "Claim")
    hand.mark("Bergen", "Location")
    hand.press("Esc")
    hand.go("Bergen", by=2)
    hand.press("Return")
    assert hand.selected == ["Bergen"]
    hand.press("Return")
    assert hand.selected == ["We start in Bergen"]
    hand.press("Return")
    assert hand.selected == ["Bergen"]


def test_tab_walks_the_spans_and_shift_tab_back(hand: Hand) -> None:
    for words, label in (("Marta Ilves", "Speaker"), ("said", "Cue"), ("Bergen", "Location")):
        hand.mark(words, label)
    hand.press("Esc", "Ctrl+Home", "Tab")
    seen = [hand.selected]
    for key in ("Tab", "Tab", "Tab", "Shift+Tab"):
        hand.press(key)
        seen.append(hand.selected)
    assert seen == [["Marta Ilves"], ["said"], ["Bergen"], ["Marta Ilves"], ["Bergen"]]


@pytest.mark.parametrize(
    "way",
    [("Ctrl+F",), ("Ctrl+P",), ("Ctrl+K",), ("e",), ("n",), ("Ctrl+Shift+N",), ("F6",)],
    ids=" ".join,
)
def test_esc_comes_back_to_the_text_where_one_was(hand: Hand, way: tuple[str, ...]) -> None:
    hand.mark("Håkon Lunde", "Speaker")
    caret = hand.view.caret()
    hand.press(*way)
    assert QApplication.activePopupWidget() or QApplication.focusWidget() is not hand.view
    hand.press("Esc")
    assert QApplication.focusWidget() is hand.view
    assert hand.view.caret() == caret
    assert hand.selected == ["Håkon Lunde"]


def test_esc_in_the_search_comes_back_to_the_selection(hand: Hand) -> None:
    hand.choose("divers")
    chosen = hand.view.selection()
    hand.press("Ctrl+F", "Esc")
    assert hand.view.selection() == chosen


# -- 5. boundary keys ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("[",), "start in Bergen"),
        (("[", "[", "{"), "start in Bergen"),
        (("]",), "in Bergen,"),
        (("]", "}"), "in Bergen"),
        (("{",), "Bergen"),
        (("}",), "in"),
        (("Alt+[",), "t in Bergen"),
        (("Alt+{",), "n Bergen"),
        (("Alt+}",), "in Berge"),
        (("Alt+]", "Alt+]"), "in Bergen,”"),
    ],
    ids=str,
)
def test_a_bracket_moves_an_end_of_the_span(hand: Hand, keys: tuple[str, ...], words: str) -> None:
    span = hand.mark("in Bergen", "Claim")
    hand.press(*keys)
    assert hand.one.id == span.id
    start, end = hand.one.start, hand.one.end
    assert hand.text[start:end] == words


def test_a_span_never_shrinks_to_nothing(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    hand.press("{", "}", *["Alt+}"] * 9)
    assert hand.marked == [("Location", "B")]


# -- 6. discontinuous spans ----------------------------------------------------------------------


def test_an_interrupted_quotation_is_two_steps(hand: Hand) -> None:
    hand.mark("The wall", "Claim")
    hand.choose("will not move an inch.")
    hand.press("+")
    assert hand.marked == [("Claim", "The wall … will not move an inch")]
    assert hand.workspace.steps_to_undo == 2


def test_ctrl_while_selecting_adds_the_fragment(hand: Hand) -> None:
    span = hand.mark("The wall", "Claim")
    hand.drag(hand.point("will not", by=0), hand.point("inch", by=3), "Ctrl")
    assert hand.now(span).text == ("The wall", "will not move an inch")


def test_pieces_are_set_aside_before_there_is_a_span(hand: Hand) -> None:
    hand.choose("The wall")
    hand.press("+")
    hand.choose("will not move an inch")
    hand.press("c")
    assert hand.marked == [("Claim", "The wall … will not move an inch")]
    assert hand.workspace.steps_to_undo == 1


def test_minus_removes_the_fragment_at_the_caret(hand: Hand) -> None:
    span = hand.mark("The wall", "Claim")
    hand.choose("will not move an inch")
    hand.press("+")
    hand.go("wall", by=1)
    hand.press("-")
    assert hand.now(span).text == ("will not move an inch",)
    hand.press("Ctrl+Z")
    assert hand.now(span).text == ("The wall", "will not move an inch")


def test_the_ends_of_a_span_in_pieces_are_its_outer_ones(hand: Hand) -> None:
    span = hand.mark("wall", "Claim")
    hand.choose("will not move")
    hand.press("+", "[", "]")
    assert hand.now(span).text == ("The wall", "will not move an")


def test_keys_do_not_reach_the_text_while_one_types_elsewhere(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    hand.press("Ctrl+F")
    hand.type("scr")
    assert hand.window.article_page.search.field.text() == "scr"
    assert hand.marked == [("Speaker", "Marta Ilves")]
    QTest.keyClick(hand.window.article_page.search.field, Qt.Key.Key_Escape)
