"""The menu at the words: by mouse and by keyboard, on labels, selections and bare text."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from annotator import editing
from annotator.gui.action_table import ACTIONS
from annotator.model import Entity
from tests.gui.hand import Hand

RIGHT = Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier


def right_click(hand: Hand, point: QPoint) -> QMenu:
    """Press the right button as a window system tells it; return the menu that opens."""
    port = hand.view.viewport()
    QTest.mousePress(port, RIGHT, NONE, point)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(port, QContextMenuEvent(reason, point, port.mapToGlobal(point)))
    QTest.mouseRelease(port, RIGHT, NONE, point)
    return opened()


def opened() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def shown(menu: QMenu) -> list[tuple[str, str]]:
    """Text and key of what can be chosen in a menu, as they are read."""
    found = []
    for action in menu.actions():
        if action.isSeparator() or not action.isVisible():
            continue
        text, _, key = action.text().partition("\t")
        found.append((text.replace("&&", "&"), key or action.shortcut().toString()))
    return found


def texts(menu: QMenu) -> list[str]:
    return [text for text, _ in shown(menu)]


def choose(menu: QMenu, text: str) -> None:
    """Walk down to an entry with the arrow, and take it with Enter."""
    for _ in range(len(menu.actions())):
        QTest.keyClick(menu, Qt.Key.Key_Down)
        active = cast("QAction | None", menu.activeAction())
        if active is not None and active.text().partition("\t")[0] == text:
            deeper = cast("QMenu | None", active.menu())
            QTest.keyClick(menu, Qt.Key.Key_Right if deeper is not None else Qt.Key.Key_Return)
            QApplication.processEvents()
            return
    raise AssertionError(text, texts(menu))


def close(menu: QMenu) -> None:
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert QApplication.activePopupWidget() is None


def test_a_right_click_on_a_chip_selects_its_label_and_offers_what_can_be_done(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    claim = hand.mark("the quay was safe", "Claim")
    hand.select()
    menu = right_click(hand, hand.chip(claim))
    assert hand.selected == ["the quay was safe"]
    assert menu.accessibleName() == "Selected label"
    assert shown(menu) == [
        ("Change the label to", ""),
        ("Remove the label", "Del"),
        ("Say who or where is meant", "E"),
        ("Link Claim to Speaker", "R"),
        ("Link Claim to Cue", "Shift+Q"),
        ("Link Claim to Part of", "Shift+C"),
        ("Write a note on the label", "N"),
        ("Write a comment", "Shift+N"),
        ("Unsure", "F"),
        ("Select all with this label", ""),
        ("All occurrences", "O"),
    ]
    close(menu)


def test_every_entry_that_is_an_action_shows_the_key_that_a_person_gave_it(hand: Hand) -> None:
    hand.program.window.commands.rebind("note", ("Alt+N",))
    hand.program.window.commands.rebind("unsure", ("Alt+U",))
    claim = hand.mark("the quay was safe", "Claim")
    menu = right_click(hand, hand.chip(claim))
    assert ("Write a note on the label", "Alt+N") in shown(menu)
    assert ("Unsure", "Alt+U") in shown(menu)
    close(menu)


def test_keys_stand_in_the_menu_on_every_desktop(hand: Hand) -> None:
    commands = hand.program.window.commands
    assert all(commands[spec.id].isShortcutVisibleInContextMenu() for spec in ACTIONS)


def test_a_label_is_changed_from_the_menu_with_the_keyboard_alone(hand: Hand) -> None:
    span = hand.mark("Bergen", "Speaker")
    hand.press("Shift+F10")
    menu = opened()
    choose(menu, "Change the label to")
    labels = opened()
    assert labels is not menu
    assert shown(labels) == [("Speaker", "S"), ("Location", "L"), ("Claim", "C"), ("Cue", "Q")]
    choose(labels, "Location")
    assert hand.now(span).label == "Location"
    assert QApplication.focusWidget() is hand.view


def test_the_label_that_a_span_has_is_ticked_and_removes_nothing(hand: Hand) -> None:
    span = hand.mark("Bergen", "Speaker")
    menu = right_click(hand, hand.chip(span))
    labels = menu.actions()[0].menu()
    assert isinstance(labels, QMenu)
    ticked = [(action.text()[:7], action.isEnabled()) for action in labels.actions()]
    assert ticked[0] == ("Speaker", False)
    assert [action.isChecked() for action in labels.actions()] == [True, False, False, False]
    close(menu)


@pytest.mark.parametrize("key", ["Menu", "Shift+F10"])
def test_the_menu_key_opens_the_menu_of_the_label_at_the_caret(hand: Hand, key: str) -> None:
    hand.mark("Marta Ilves", "Speaker")
    hand.select()
    hand.go("Marta Ilves", by=3)
    hand.press(key)
    menu = opened()
    assert menu.objectName() == "menu.span"
    assert hand.selected == ["Marta Ilves"]
    caret = hand.view.viewport().mapToGlobal(hand.point("Marta Ilves", by=3))
    assert abs(menu.pos().x() - caret.x()) < 12
    assert 0 <= menu.pos().y() - caret.y() < 30
    close(menu)


def test_a_desktop_that_asks_for_the_menu_of_the_keyboard_gets_one(hand: Hand) -> None:
    hand.go("Marta")
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(hand.view, QContextMenuEvent(reason, QPoint(0, 0), QPoint(0, 0)))
    hand.press("Shift+F10")
    menu = opened()
    close(menu)
    assert not [m for m in hand.view.findChildren(QMenu) if m.isVisible()]


def test_a_selection_can_be_marked_set_aside_and_copied_from_the_menu(hand: Hand) -> None:
    hand.choose("Marta Ilves")
    menu = right_click(hand, hand.point("Marta Ilves", by=4))
    assert menu.accessibleName() == "Selected words"
    assert shown(menu) == [
        ("Mark as Speaker", "S"),
        ("Mark as Location", "L"),
        ("Mark as Claim", "C"),
        ("Mark as Cue", "Q"),
        ("Add a fragment", "+"),
        ("Copy", "Ctrl+C"),
        ("Find", "Ctrl+F"),
    ]
    choose(menu, "Copy")
    assert QGuiApplication.clipboard().text() == "Marta Ilves"
    choose(right_click(hand, hand.point("Marta Ilves", by=4)), "Mark as Speaker")
    assert hand.marked == [("Speaker", "Marta Ilves")]


def test_a_click_beside_the_selection_is_about_the_place_that_was_clicked(hand: Hand) -> None:
    hand.choose("Marta Ilves")
    menu = right_click(hand, hand.point("Håkon"))
    assert menu.objectName() == "menu.text"
    assert hand.view.selection() is None
    assert texts(menu) == ["Copy", "Select the sentence", "Select the paragraph", "Find"]
    copy = menu.actions()[0]
    assert (copy.isEnabled(), copy.statusTip()) == (False, "Select words first.")
    close(menu)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Select the sentence", "The mayor, Håkon Lunde, promised that divers would look"),
        ("Select the paragraph", "“The wall,” she said"),
    ],
)
def test_sentence_and_paragraph_are_selected_from_the_menu(
    hand: Hand, text: str, words: str
) -> None:
    choose(right_click(hand, hand.point("Håkon")), text)
    assert hand.chosen.startswith(words)
    assert "\n" not in hand.chosen


def test_of_labels_on_the_same_words_the_inner_one_is_taken_and_the_outer_is_offered(
    hand: Hand,
) -> None:
    hand.mark("We start in Bergen", "Claim")
    hand.mark("Bergen", "Location")
    hand.select()
    menu = right_click(hand, hand.point("Bergen", by=2))
    assert hand.selected == ["Bergen"]
    choose(menu, "Select here")
    choose(opened(), "Claim: We start in Bergen")
    assert hand.selected == ["We start in Bergen"]


def test_a_right_click_on_one_of_several_selected_labels_keeps_them_all(hand: Hand) -> None:
    one = hand.mark("Marta Ilves", "Speaker")
    other = hand.mark("Håkon Lunde", "Speaker")
    hand.select(one, other)
    choose(right_click(hand, hand.chip(one)), "Remove the label")
    assert hand.marked == []


def test_all_with_the_same_label_are_selected(hand: Hand) -> None:
    one = hand.mark("Marta Ilves", "Speaker")
    hand.mark("Håkon Lunde", "Speaker")
    hand.mark("Bergen", "Location")
    choose(right_click(hand, hand.chip(one)), "Select all with this label")
    assert hand.selected == ["Marta Ilves", "Håkon Lunde"]
    assert hand.said == "2 labels are selected."


def test_all_that_stand_for_the_same_are_selected(hand: Hand) -> None:
    hand.mark("Håkon Lunde", "Speaker")
    lunde = hand.mark("Lunde", "Speaker", 1)
    hand.press("e")
    hand.type("Håkon")
    hand.press("Return")
    hand.select(hand.spans[0])
    hand.press("e")
    hand.type("Håkon")
    hand.press("Return")
    hand.mark("Jonas Berg", "Speaker")
    choose(right_click(hand, hand.chip(lunde)), "Select all that stand for the same")
    assert hand.selected == ["Håkon Lunde", "Lunde"]


def test_unsure_is_ticked_in_the_menu_of_a_label_that_is(hand: Hand) -> None:
    span = hand.mark("Bergen", "Location")
    choose(right_click(hand, hand.chip(span)), "Unsure")
    assert hand.now(span).unsure
    menu = right_click(hand, hand.chip(span))
    ticked = [action.text() for action in menu.actions() if action.isChecked()]
    assert [text.partition("\t")[0] for text in ticked] == ["Unsure"]
    close(menu)


def test_the_menu_takes_letters_that_mean_jumps_away(hand: Hand) -> None:
    hand.press("j")
    assert hand.view.state.hints
    menu = right_click(hand, hand.point("Håkon"))
    assert not hand.view.state.hints
    close(menu)


def test_names_stand_in_the_menu_as_they_are(hand: Hand) -> None:
    span = hand.mark("Marta Ilves", "Speaker")
    odd = Entity(id="odd", kind="actor", name="<b>Ilves</b> & Co\tX")
    assert hand.workspace.perform(editing.attach(hand.workspace.desk, (span.id,), odd))
    menu = right_click(hand, hand.chip(hand.now(span)))
    assert "Change <b>Ilves</b> & Co X" in texts(menu)
    close(menu)


def test_the_details_offer_the_same_as_the_words(hand: Hand) -> None:
    span = hand.mark("Bergen", "Location")
    at_words = right_click(hand, hand.chip(span))
    offered = shown(at_words)
    close(at_words)
    beside = hand.window.details.inspector.menu()
    assert shown(beside) == offered
    beside.deleteLater()
