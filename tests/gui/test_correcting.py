"""Correcting a typo in the article in the window: keys, the list of labels, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.gui.correcting import CorrectText
from annotator.gui.history import what_in_words
from annotator.model import Article, Change, edit, text_hash
from tests.gui.conftest import Answers, in_turn, until
from tests.gui.hand import QUAY, Hand


def key(*names: str) -> None:
    """Press keys where the focus is, letters as they are."""
    for name in names:
        focus = QApplication.focusWidget()
        assert focus is not None
        if len(name) == 1:
            QTest.keyClicks(focus, name)
        else:
            pressed = cast("Any", QKeySequence.fromString(name))[0]
            QTest.keyClick(focus, pressed.key(), pressed.keyboardModifiers())


def in_dialog(hand: Hand, act: Callable[[CorrectText], object]) -> None:
    """Open the dialog by its key, and do something in it."""

    def now() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, CorrectText):
            in_turn(now, 5)
            return
        try:
            dialog.activateWindow()
            until(lambda: QApplication.focusWidget() is dialog.box)
            act(dialog)
        finally:
            if dialog.isVisible():
                dialog.done(0)

    in_turn(now)
    hand.press("Ctrl+Shift+D")
    hand.save()


def rows(dialog: CorrectText) -> list[list[str]]:
    table = dialog.rows
    return [
        [cast("Any", table.item(row, column)).text() for column in range(4)]
        for row in range(table.rowCount())
    ]


def type_over(dialog: CorrectText, words: str, instead: str) -> None:
    """Find *words* with the arrows' own way, select them, and type over them."""
    at = dialog.box.toPlainText().index(words)
    key("Ctrl+Home", *["Right"] * at, *["Shift+Right"] * len(words))
    if instead:
        QTest.keyClicks(dialog.box, instead)
    else:
        key("Del")


def test_a_typo_is_corrected_by_keys_and_labels_move_with_their_words(hand: Hand) -> None:
    speaker = hand.mark("Marta Ilves", "Speaker")
    claim = hand.mark("will not move an inch", "Claim")
    place = hand.mark("Bergen", "Location")

    def correct(dialog: CorrectText) -> None:
        type_over(dialog, "Ilves", "Ilvess-Berg")
        until(lambda: rows(dialog) != [])
        assert rows(dialog) == [["ada", "Speaker", "Marta Ilves", "Marta Ilvess-Berg"]]
        assert dialog.summary.text() == "1 label gets other words."
        key("Ctrl+Return")

    in_dialog(hand, correct)
    assert hand.text == QUAY.replace("Ilves", "Ilvess-Berg", 1)
    assert hand.now(speaker).text == ("Marta Ilvess-Berg",)
    assert hand.now(claim).start == claim.start + 6
    assert hand.marked == hand.stored()
    assert hand.now(place).text == ("Bergen",)
    assert hand.said.startswith("Corrected. 1 label gets other words.")
    assert hand.workspace.structure.text == hand.text
    hand.come_back()
    assert QApplication.focusWidget() is hand.view

    hand.press("Ctrl+Z")
    assert hand.text == QUAY
    assert hand.now(claim) == claim
    assert hand.stored() == hand.marked
    hand.press("Ctrl+Y")
    assert hand.text == QUAY.replace("Ilves", "Ilvess-Berg", 1)
    assert hand.workspace.project.check() == []


def test_marking_goes_on_in_the_corrected_text(hand: Hand) -> None:
    in_dialog(hand, lambda dialog: key("T", "h", "e", " ", "Ctrl+Return"))
    assert hand.text.startswith("The Marta")
    hand.mark("Jonas Berg", "Speaker")
    assert hand.stored() == [("Speaker", "Jonas Berg")]
    hand.press("Ctrl+Z", "Ctrl+Z")
    assert hand.text == QUAY
    assert hand.stored() == []


def test_the_caret_begins_where_it_was_in_the_article(hand: Hand) -> None:
    hand.go("Håkon")

    def correct(dialog: CorrectText) -> None:
        key("#", "Tab", "Tab", "Tab")
        until(lambda: dialog.summary.text() == "All labels keep their words.")
        dialog.save.setFocus(Qt.FocusReason.TabFocusReason)
        key("Space")

    in_dialog(hand, correct)
    assert "The mayor, #Håkon" in hand.text


def test_a_label_whose_words_are_gone_is_listed_before_it_goes(hand: Hand) -> None:
    claim = hand.mark("will not move an inch", "Claim")

    def correct(dialog: CorrectText) -> None:
        type_over(dialog, " “will not move an inch.”", "")
        until(lambda: rows(dialog) != [])
        assert rows(dialog) == [["ada", "Claim", "will not move an inch", "gone"]]
        assert "1 label cannot be carried over" in dialog.summary.text()
        key("Ctrl+Return")

    in_dialog(hand, correct)
    assert claim.id not in hand.workspace.desk.annotated.spans
    hand.press("Ctrl+Z")
    assert hand.now(claim) == claim


def test_escape_does_not_throw_away_what_was_typed_without_a_question(
    hand: Hand, answers: Answers
) -> None:
    def stay_and_leave(dialog: CorrectText) -> None:
        key("#", "Escape")
        assert answers.said[-1] == "The corrected text is not saved yet."
        assert dialog.isVisible()
        answers.answers = [1]
        key("Escape")
        assert not dialog.isVisible()

    in_dialog(hand, stay_and_leave)
    assert hand.text == QUAY
    in_dialog(hand, lambda dialog: key("Escape"))
    assert len(answers.said) == 2


def test_an_empty_text_is_not_saved(hand: Hand) -> None:
    def correct(dialog: CorrectText) -> None:
        key("Ctrl+A", "Del", "Ctrl+Return")
        assert dialog.isVisible()
        assert "no words" in dialog.wrong.text()
        until(lambda: not dialog.save.isEnabled())

    in_dialog(hand, correct)
    assert hand.text == QUAY


@pytest.mark.parametrize(
    "strange",
    [
        "a\u00a0b\u2007c\u2028d\u2029e\u0000f\rg\ufffch\ufdd0i\u3000j\tk",
        "👩\u200d🚒 עברית e\u0301 \u202eabc\u202c",
        "long " * 3000,
        "x" * 9000,
    ],
)
def test_characters_that_no_field_can_hold_stay_as_they_are(hand: Hand, strange: str) -> None:
    text = f"Sad {strange} said Ada."
    article = Article(id="odd", title="Odd", text=text, sha256=text_hash(text), language="en")
    assert hand.workspace.perform(edit("import", [Change(None, article)]))
    hand.save()
    hand.window.open_article("odd")
    QApplication.processEvents()

    def correct(dialog: CorrectText) -> None:
        assert dialog.text == text
        key("Right", "Right", "i", "Ctrl+End", "Left", "Backspace", "y")
        key("Ctrl+Return")

    in_dialog(hand, correct)
    assert hand.text == f"Saaid {strange} said Ady.".replace("Saaid", "Said")
    hand.press("Ctrl+Z")
    assert hand.text == text


def test_the_history_says_that_the_text_was_corrected(hand: Hand) -> None:
    in_dialog(hand, lambda dialog: key("#", "Ctrl+Return"))
    (newest, *_) = hand.workspace.project.history()
    assert what_in_words(newest) == "Corrected the text: Quay"


def test_a_text_that_somebody_else_corrected_meanwhile_is_not_overwritten(hand: Hand) -> None:
    def correct(dialog: CorrectText) -> None:
        from annotator import editing

        key("#")
        other = editing.correct_text(hand.workspace.desk.annotated, "Other " + QUAY)
        hand.workspace.perform(other.edit)
        key("Ctrl+Return")
        assert "Somebody else" in dialog.wrong.text()

    in_dialog(hand, correct)
    assert hand.text == "Other " + QUAY
