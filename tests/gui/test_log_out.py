"""The end of a session, as the window system tells of it: what is being done is kept at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QApplication

from annotator.project import Project
from tests.gui.hand import Hand


def end_session(hand: Hand) -> None:
    """Do as Qt does before it closes the windows.

    The signal itself carries a session of the window system, which cannot be made here.
    """
    application = QApplication.instance()
    assert application is not None
    assert application.receivers(SIGNAL("commitDataRequest(QSessionManager&)")) >= 1
    hand.program._on_log_out(object())


@pytest.mark.fault(6)
def test_a_note_that_is_being_typed_is_saved_before_the_session_ends(hand: Hand) -> None:
    span = hand.mark("Marta Ilves", "Speaker")
    hand.press("n")
    field = hand.window.focusWidget()
    assert field is not None
    assert field.objectName() == "field.note"
    hand.type("ask the mayor")
    location = hand.workspace.project.location
    end_session(hand)
    hand.workspace.flush()
    with Project.open(location, author="ada", read_only=True) as project:
        assert project.annotated(span.article_id).spans[span.id].note == "ask the mayor"
