"""The end of a session, as the window system tells of it: what is being done is kept at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QApplication

from annotator.project import Project
from tests.gui.conftest import Start
from tests.gui.hand import Hand, begin, make_project


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


@pytest.mark.fault(6)
@pytest.mark.timeout(60)
@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_nothing_but_the_time_that_is_given_keeps_the_program_at_a_log_out(
    app: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    """Whatever waited for the file, which somebody keeps locked, would wait for ten minutes."""
    monkeypatch.setattr("annotator.store.engines.BUSY_SECONDS", 600.0)
    monkeypatch.setattr("annotator.gui.app.QUIT_SECONDS", 0.05)
    location = make_project(tmp_path / "own.annotator")
    hand = begin(app(fill=False), location)
    with closing(sqlite3.connect(location, isolation_level=None)) as other:
        other.execute(f"BEGIN {lock}")
        hand.mark("Marta Ilves", "Speaker")
        hand.program.quit()
        assert not hand.workspace.is_open
        assert not hand.window.isVisible()
    with Project.open(location, author="ada", take_over=True) as project:
        (draft,) = project.drafts()
        project.perform(draft.edit)
        assert project.stats().spans == 1


@pytest.mark.fault(6)
def test_what_cannot_be_read_at_the_end_does_not_keep_the_window_open(
    app: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.store.engines.BUSY_SECONDS", 0.05)
    location = make_project(tmp_path / "own.annotator")
    hand = begin(app(fill=False), location)
    with closing(sqlite3.connect(location, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        hand.mark("Marta Ilves", "Speaker")
        hand.window.close()
        assert not hand.workspace.is_open
    with Project.open(location, author="ada") as project:
        assert [draft.edit.action for draft in project.drafts()] == ["mark"]
