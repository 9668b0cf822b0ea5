"""Actions and keys: one table, changed in the window."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from annotator import translation
from annotator.gui.action_table import ACTIONS, MENUS
from annotator.gui.app import Program
from annotator.gui.key_sheet import KeySheet
from annotator.gui.page_actions import PAGES
from annotator.gui.review.key_button import KeyButton
from annotator.settings import Settings
from annotator.translation import LANGUAGES
from tests.gui.hand import Hand


def sheet_of(program: Program) -> KeySheet:
    sheet = KeySheet(program.window.commands, program.theme, program.window)
    sheet.open()
    sheet.windowHandle().requestActivate()
    for _ in range(200):
        if QApplication.activeWindow() is sheet:
            break
        QTest.qWait(5)
    assert QApplication.activeWindow() is sheet
    return sheet


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_of_a_menu_is_its_own_and_no_key_of_an_action(language: str) -> None:
    known = translation.read(language) if language != "en" else {}
    names = [known.get(text, (text,))[0] for _, text in MENUS]
    letters = [f"Alt+{name[name.index('&') + 1].upper()}" for name in names]
    keys = [key for spec in ACTIONS for key in spec.keys]
    assert len(set(letters)) == len(letters)
    assert set(letters) & set(keys) == set()


def choose(sheet: KeySheet, action_id: str) -> None:
    rows = [line.action_id for line in sheet.model.items]
    sheet.list.setCurrentIndex(sheet.model.index(rows.index(action_id)))


def test_no_two_actions_have_the_same_key(sample: Program) -> None:
    commands = sample.window.commands
    for place in ("text", "review", *(page for page, _ in PAGES)):
        keys = Counter(
            QKeySequence(key).toString()
            for spec in commands.specs
            for key in commands.keys(spec.id)
            if spec.where in (place, "window") or (spec.where, place) == ("annotate", "text")
        )
        assert [key for key, count in keys.items() if count > 1] == []


def test_every_action_that_is_shown_is_carried_out_by_somebody(sample: Program) -> None:
    commands = sample.window.commands
    shown = [
        action.objectName()
        for menu in sample.window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if action.isVisible() and not action.isSeparator() and action.menu() is None
    ]
    assert len(shown) > 60
    assert all(commands.has_doer(name.removeprefix("action.")) for name in shown)


def test_every_action_has_a_name_for_tests_and_scripts(sample: Program) -> None:
    commands = sample.window.commands
    assert all(commands[spec.id].objectName() == f"action.{spec.id}" for spec in commands.specs)


def test_a_key_changed_in_the_sheet_works_at_once_and_after_a_restart(sample: Program) -> None:
    sheet = sheet_of(sample)
    choose(sheet, "history")
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    QTest.keyClick(sheet.list, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert sample.window.commands.keys("history") == ("Ctrl+G",)
    assert sample.window.commands["history"].shortcut() == QKeySequence("Ctrl+G")
    assert Settings.load().keys == {"history": ["Ctrl+G"]}
    sheet.deleteLater()


def test_a_key_that_is_taken_is_said_and_nothing_changes(sample: Program) -> None:
    sheet = sheet_of(sample)
    choose(sheet, "history")
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    QTest.keyClick(sheet.list, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert "Search or run a command" in sheet.message.text()
    assert sample.window.commands.keys("history") == ("Ctrl+H",)
    sheet.deleteLater()


def test_a_key_taken_anyway_leaves_the_other_action_without_it(sample: Program) -> None:
    sheet = sheet_of(sample)
    choose(sheet, "history")
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    QTest.keyClick(sheet.list, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(sheet.take, Qt.MouseButton.LeftButton)
    assert sample.window.commands.keys("history") == ("Ctrl+K",)
    assert sample.window.commands.keys("palette") == ()
    sheet.deleteLater()


def test_a_key_of_a_page_is_changed_before_the_page_was_ever_opened(hand: Hand) -> None:
    sheet = sheet_of(hand.program)
    choose(sheet, "batches.revert")
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    QTest.keyClick(sheet.list, Qt.Key.Key_A)
    assert "Audit what is due" in sheet.message.text()
    QTest.mouseClick(sheet.cancel, Qt.MouseButton.LeftButton)
    choose(sheet, "batches.revert")
    QTest.keyClick(sheet.list, Qt.Key.Key_Return)
    QTest.keyClick(sheet.list, Qt.Key.Key_X)
    # On another page X stands for something else, and so it does in the text.
    assert hand.window.commands.keys("batches.revert") == ("X",)
    sheet.deleteLater()
    hand.window.commands.run("place.batches")
    button = hand.window.findChild(KeyButton, "button.revert_batch")
    assert button is not None
    assert button.accessibleDescription() == "X"
    hand.window.commands.rebind("batches.revert", None)
    assert button.accessibleDescription() == "R"


def test_all_keys_can_be_as_they_were(sample: Program) -> None:
    sample.window.commands.rebind("history", ("Ctrl+G",))
    sheet = sheet_of(sample)
    QTest.mouseClick(sheet.reset_all, Qt.MouseButton.LeftButton)
    assert sample.window.commands.keys("history") == ("Ctrl+H",)
    assert Settings.load().keys == {}
    sheet.deleteLater()


def test_the_sheet_finds_an_action_by_its_key(sample: Program) -> None:
    sheet = sheet_of(sample)
    sheet.field.setText("ctrl p")
    found = {line.action_id for line in sheet.model.items if line.action_id}
    assert "article.find" in found
    assert "history" not in found
    sheet.deleteLater()


def test_an_action_that_makes_no_sense_now_says_why(app: object, sample: Program) -> None:
    commands = sample.window.commands
    commands.enable("history", False, "Open <b>a project</b> first.")
    assert not commands["history"].isEnabled()
    assert "<b>" not in commands["history"].toolTip()


def test_the_labels_of_the_scheme_are_actions_with_their_keys(sample: Program) -> None:
    commands = sample.window.commands
    for label in sample.workspace.scheme.active_labels:
        assert commands.keys(f"label.{label.name}") == (label.key.upper(),)
    for relation in sample.workspace.scheme.relations:
        assert f"relation.{relation.name}" in commands
