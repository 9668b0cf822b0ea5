"""What only reports a key follows after the paint, and nothing that comes between is the worse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from tests.gui.conftest import Start, see
from tests.gui.hand import Hand, begin, make_project
from tests.gui.review_seat import TEXT, Marks, make, sit_down
from tests.gui.side import shown_rows


class Paints(QObject):
    """Notes what the list shows whenever the article is painted."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self.rows: list[int] = []
        self._hand = hand
        hand.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.rows.append(len(self._hand.window.details.labels.model.keys))
        return False


@pytest.fixture
def hand(app: Start, tmp_path: Path) -> Hand:
    return begin(app(), make_project(tmp_path / "news.annotator"))


def run(hand: Hand, action: str) -> None:
    """Do what a key does, and leave no time for anything else."""
    hand.window.commands.run(action)


def test_the_text_is_painted_before_the_lists_follow(hand: Hand) -> None:
    hand.choose("Marta Ilves")
    paints = Paints(hand)
    hand.press("s")
    assert paints.rows[0] == 0
    assert [row.text for row in shown_rows(hand.dock.labels.rows)] == ["Marta Ilves"]


def test_what_is_taken_back_before_it_was_shown_is_not_shown(hand: Hand, qtbot: QtBot) -> None:
    kept = hand.mark("Bergen", "Location")
    hand.choose("Marta Ilves")
    model = hand.dock.labels.model
    with qtbot.assertNotEmitted(model.modelReset):
        for action in ("label.Speaker", "undo", "redo", "undo"):
            run(hand, action)
        see()
    assert model.keys == [kept.id]


def test_a_note_written_at_once_is_about_the_label_just_made(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    hand.choose("Marta Ilves")
    run(hand, "label.Speaker")
    run(hand, "note")
    hand.type("the engineer")
    hand.press("Return")
    assert {span.text[0]: span.note for span in hand.spans} == {
        "Marta Ilves": "the engineer",
        "Bergen": "",
    }


def test_a_list_with_the_keyboard_never_lags_behind_it(hand: Hand) -> None:
    for words in ("Marta Ilves", "Jonas Berg"):
        hand.mark(words, "Speaker")
    hand.dock.labels.rows.setFocus()
    hand.workspace.undo()
    assert [row.text for row in shown_rows(hand.window.details.labels.rows)] == ["Marta Ilves"]


def test_a_list_shows_what_is_new_before_the_keyboard_comes_to_it(hand: Hand) -> None:
    hand.choose("Marta Ilves")
    run(hand, "label.Speaker")
    hand.window.details.labels.rows.setFocus()
    assert [row.text for row in shown_rows(hand.window.details.labels.rows)] == ["Marta Ilves"]


def test_a_project_that_closes_at_once_leaves_nothing_to_be_shown(hand: Hand) -> None:
    hand.choose("Marta Ilves")
    run(hand, "label.Speaker")
    hand.workspace.close()
    see()
    assert hand.window.details.labels.model.keys == []


def test_a_comment_begun_at_once_is_about_the_next_case(app: Start, tmp_path: Path) -> None:
    people: dict[str, Marks] = {
        "noor": [("Speaker", "Marta Ilves"), ("Speaker", "Jonas Berg")],
        "jonas": [("Speaker", "Marta"), ("Speaker", "Jonas")],
    }
    rita = sit_down(app(), make(tmp_path / "review.annotator", [("quay", TEXT, people)]), "quay")
    first = rita.case
    run(rita, "review.take.1")
    run(rita, "review.comment")
    rita.type("Is that all of the name?")
    rita.press("Return")
    assert rita.case is not first
    (comment,) = rita.workspace.desk.annotated.comments.values()
    assert comment.record_id in {record.id for record in rita.case.records}
