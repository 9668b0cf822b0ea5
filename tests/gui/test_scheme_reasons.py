"""The reasons to reject: changed in the scheme editor, given with X and a digit in Review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from annotator.gui.parts import dress
from annotator.gui.scheme.scheme_editor import SchemeEditor
from annotator.review.verdicts import Reason
from tests.gui.conftest import Start, until
from tests.gui.review_seat import TEXT, Reviewer, make, sit_down

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    marks = (("Location", "Bergen"), ("Speaker", "Jonas Berg"), ("Claim", "the quay was safe"))
    location = make(tmp_path / "quay.annotator", [("quay", TEXT, {"noor": marks})])
    return sit_down(app(), location, "quay")


class Editing:
    """The scheme editor at the scheme as a whole."""

    def __init__(self, rita: Reviewer) -> None:
        window = rita.window
        self.editor = SchemeEditor(
            rita.workspace, window.commands, window.theme, window.ask, window
        )
        dress(self.editor, window.theme)
        self.editor.show()
        self.editor.activateWindow()
        self.editor.list.choose("scheme")
        QApplication.processEvents()

    def field(self, at: int) -> QLineEdit:
        found = self.editor.findChild(QLineEdit, f"field.reason.{at}")
        assert found is not None
        return found

    def press(self, name: str) -> None:
        button = self.editor.findChild(QWidget, f"button.{name}")
        assert button is not None
        QTest.keyClick(button, Qt.Key.Key_Space)
        QApplication.processEvents()

    def rename(self, at: int, text: str) -> None:
        field = self.field(at)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    def save(self) -> None:
        QTest.keyClick(self.editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
        assert not self.editor.isVisible(), self.editor.faults
        self.editor.deleteLater()


@pytest.fixture
def editing(rita: Reviewer) -> Iterator[Editing]:
    opened = Editing(rita)
    yield opened
    opened.editor.draft.take(opened.editor.draft.base)
    opened.editor.reject()
    opened.editor.deleteLater()


def reasons(rita: Reviewer) -> tuple[str, ...]:
    return rita.workspace.project.scheme.reasons


def given(rita: Reviewer) -> dict[str, str]:
    """Reason of each verdict, by the words of its label."""
    stored = rita.stored_article()
    return {stored.spans[one.record_id].text[0]: one.reason for one in stored.verdicts.values()}


def test_a_new_reason_is_given_with_x_and_its_digit(rita: Reviewer) -> None:
    editing = Editing(rita)
    editing.press("add_reason")
    QTest.keyClicks(editing.field(9), "Not news")
    QTest.keyClick(editing.field(9), Qt.Key.Key_Up, ALT)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "field.reason.8"
    editing.save()
    assert reasons(rita) == (*Reason.ALL[:7], "Not news", Reason.OTHER)
    until(lambda: not rita.sitting.gathering)
    rita.view.setFocus()
    rita.go_to("Bergen")
    rita.press("x")
    assert "Not news" in [button.text() for button in rita.here.bar.buttons]
    rita.press("8")
    assert given(rita) == {"Bergen": "Not news"}


def test_a_reason_that_gets_another_name_keeps_its_decisions_and_undo_brings_both_back(
    rita: Reviewer,
) -> None:
    rita.go_to("Bergen")
    rita.press("x", "3")
    assert given(rita) == {"Bergen": Reason.GUIDELINE}
    editing = Editing(rita)
    assert editing.field(3).accessibleDescription() == "in 1 decision"
    editing.rename(3, "Against the guideline")
    editing.save()
    assert given(rita) == {"Bergen": "Against the guideline"}
    assert reasons(rita)[2] == "Against the guideline"
    rita.workspace.undo()
    rita.workspace.flush()
    assert given(rita) == {"Bergen": Reason.GUIDELINE}
    assert reasons(rita) == ()


def test_a_reason_that_is_removed_stays_in_the_decisions_that_give_it(rita: Reviewer) -> None:
    rita.go_to("Bergen")
    rita.press("x", "3")
    editing = Editing(rita)
    editing.press("reason.3.remove")
    editing.save()
    assert Reason.GUIDELINE not in reasons(rita)
    assert given(rita) == {"Bergen": Reason.GUIDELINE}


def test_a_reason_that_stands_twice_or_is_empty_stops_saving(editing: Editing) -> None:
    editing.rename(2, "Duplicate")
    assert not editing.editor.save.isEnabled()
    assert "“Duplicate” stands here twice." in editing.editor.fault.text()
    editing.rename(2, "Wrong name")
    assert editing.editor.save.isEnabled()
    editing.press("add_reason")
    assert not editing.editor.save.isEnabled()


def test_the_usual_reasons_come_back_with_one_button(rita: Reviewer) -> None:
    editing = Editing(rita)
    editing.press("reason.1.remove")
    editing.save()
    assert reasons(rita) == Reason.ALL[1:]
    editing = Editing(rita)
    editing.press("usual_reasons")
    editing.save()
    assert reasons(rita) == ()
