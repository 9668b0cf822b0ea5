"""The history in the window: whose, what changed, two points in time, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator import schemes
from annotator.editing import correct_text
from annotator.gui.history import what_in_words
from annotator.gui.insights import history_reading
from annotator.gui.insights.place import Insights
from annotator.gui.insights.timeline import TimelinePage
from annotator.model import Span, edit
from annotator.project import Project, SavedEdit
from annotator.review.verdicts import Answer, Reason
from tests.gui.conftest import settle, until
from tests.gui.hand import Hand


def open_history(hand: Hand, whose: str) -> TimelinePage:
    """Open the history of what is called *whose*."""
    hand.window.commands.run("place.insights")
    place = hand.window.findChild(Insights, "page.insights")
    assert place is not None
    place.show_page("history")
    page = place.history
    page.scope.choose(whose)
    page.scope.activated.emit(page.scope.currentIndex())
    wait(page)
    return page


def wait(page: TimelinePage) -> None:
    """Let all questions be answered."""
    until(lambda: not any(one.is_busy for one in page._questions))


def actions(page: TimelinePage) -> list[str]:
    """Return what stands in the column that says what was done."""
    return [row[2].text for row in page.sheet.sheet.rows]


def changed(page: TimelinePage) -> list[tuple[str, str, str]]:
    """Return what is said to have happened to what."""
    wait(page)
    return [(row[0].text, row[1].text, row[2].text) for row in page.changes.sheet.rows]


def three_steps(hand: Hand) -> tuple[Span, Span]:
    """Mark a speaker and a cue, and remove the speaker."""
    speaker = hand.mark("Marta Ilves", "Speaker")
    cue = hand.mark("said", "Cue")
    hand.select(speaker)
    hand.press("Delete")
    settle(hand.program)
    return speaker, cue


def test_the_history_of_the_article_has_its_edits_newest_first(hand: Hand) -> None:
    three_steps(hand)
    page = open_history(hand, "article")
    assert actions(page)[:3] == ["Removed Speaker", "Marked Cue", "Marked Speaker"]
    assert changed(page) == [("Removed", "Speaker", "Marta Ilves")]


def key_history(hand: Hand) -> TimelinePage:
    """Open the history with its key."""
    hand.press("Ctrl+H")
    place = hand.window.findChild(Insights, "page.insights")
    assert place is not None
    assert hand.window.place == "insights"
    wait(place.history)
    return place.history


def test_the_key_of_the_history_leads_to_that_of_what_is_at_hand_and_back(hand: Hand) -> None:
    _speaker, cue = three_steps(hand)
    page = key_history(hand)
    assert page.scope.key == "article"
    assert page.sheet.hasFocus()
    assert page.state.text().startswith("4 changes. 3 steps to undo.")
    hand.press("Escape")
    assert hand.window.place == "annotate"
    assert hand.view.hasFocus()
    hand.select(cue)
    page = key_history(hand)
    assert page.scope.key == "label"
    assert actions(page) == ["Marked Cue"]


def test_in_the_history_of_everything_the_article_of_a_change_comes_back(hand: Hand) -> None:
    speaker, cue = three_steps(hand)
    page = open_history(hand, "")
    page.sheet.selectRow(1)
    wait(page)
    assert page.restore.isEnabled()
    page.sheet.setFocus()
    hand.press("r")
    wait(page)
    settle(hand.program)
    assert {one.id for one in hand.spans} == {speaker.id, cue.id}


@pytest.mark.parametrize("whose", ["article", "label"])
def test_older_changes_come_as_somebody_scrolls_and_can_be_restored(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    monkeypatch.setattr(history_reading, "PAGE", 4)
    span = hand.mark("Marta Ilves", "Speaker")
    for _ in range(9):
        hand.press("]")
    settle(hand.program)
    page = open_history(hand, whose)
    first = 4 if page.sheet.verticalScrollBar().maximum() else 10
    assert len(actions(page)) >= first
    for _ in range(12):
        page.sheet.setFocus()
        QTest.keyClick(page.sheet, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        wait(page)
    assert actions(page)[-1] == ("Marked Speaker" if whose == "label" else "Brought in")
    rows = actions(page)
    page.sheet.clearSelection()
    page.sheet.selectRow(rows.index("Marked Speaker"))
    wait(page)
    page.restore.click()
    wait(page)
    settle(hand.program)
    assert hand.now(span).text == ("Marta Ilves",)


def test_a_state_comes_back_as_one_step_that_can_be_undone(hand: Hand) -> None:
    speaker, cue = three_steps(hand)
    page = open_history(hand, "article")
    page.sheet.selectRow(1)
    wait(page)
    page.restore.click()
    wait(page)
    settle(hand.program)
    annotated = hand.workspace.annotated
    assert annotated is not None
    assert set(annotated.spans) == {speaker.id, cue.id}
    assert annotated.spans[speaker.id].text == speaker.text
    hand.workspace.undo()
    assert set(annotated.spans) == {cue.id}


def test_a_change_without_further_words_ends_without_a_colon() -> None:
    saved = SavedEdit(1, edit("state", []))
    assert what_in_words(saved) == "Changed how far the article is"


def test_what_was_answered_is_told_in_the_language_of_the_window(hand: Hand) -> None:
    hand.window.language_wanted.emit("de")
    told = [("answer", kind) for kind in Answer.ALL] + [
        ("state", "submitted"),
        ("reject", Reason.GUIDELINE),
    ]
    edits = [edit(action, [], detail=detail) for action, detail in told]
    assert [what_in_words(SavedEdit(at, one)) for at, one in enumerate(edits)] == [
        "Auf eine Entscheidung geantwortet: verstanden",
        "Auf eine Entscheidung geantwortet: nicht einverstanden",
        "Auf eine Entscheidung geantwortet: nachgefragt",
        "Stand des Artikels geändert: Abgegeben",
        "Weggelassen: Nicht nach der Richtlinie",
    ]


def test_two_rows_are_compared_as_two_points_in_time(hand: Hand) -> None:
    three_steps(hand)
    page = open_history(hand, "article")
    page.sheet.setFocus()
    page.sheet.selectRow(0)
    QTest.keyClick(page.sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(page.sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.chosen) == 2
    assert sorted(changed(page)) == [
        ("Added", "Cue", "said"),
        ("Removed", "Speaker", "Marta Ilves"),
    ]
    assert not page.restore.isEnabled()


def test_the_history_of_a_label_has_only_what_concerns_it(hand: Hand) -> None:
    speaker = hand.mark("Marta Ilves", "Speaker")
    hand.mark("said", "Cue")
    hand.select(speaker)
    hand.press("n")
    settle(hand.program)
    hand.select(speaker)
    page = open_history(hand, "label")
    assert "Marked Cue" not in actions(page)
    assert actions(page)[-1] == "Marked Speaker"


def test_what_a_person_did_goes_back_without_what_others_did(hand: Hand) -> None:
    speaker = hand.mark("Marta Ilves", "Speaker")
    hand.mark("quay", "Location")
    settle(hand.program)
    author = hand.workspace.project.author
    hand.workspace.work_as("noor")
    hand.window.open_article(speaker.article_id)
    hand.mark("said", "Cue")
    settle(hand.program)
    page = open_history(hand, f"person\n{author}")
    assert actions(page)[:2] == ["Marked Location", "Marked Speaker"]
    page.sheet.selectRow(1)
    wait(page)
    page.restore.click()
    wait(page)
    settle(hand.program)
    spans = hand.workspace.project.annotated(speaker.article_id).spans
    assert {one.label for one in spans.values()} == {"Speaker", "Cue"}


def test_enter_on_a_change_opens_the_article_there(hand: Hand) -> None:
    three_steps(hand)
    page = open_history(hand, "article")
    page.sheet.setFocus()
    page.sheet.setCurrentIndex(page.sheet.sheet.index(1, 0))
    QTest.keyClick(page.sheet, Qt.Key.Key_Return)
    assert hand.window.place == "annotate"


def test_the_labels_that_a_correction_touched_are_named(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    settle(hand.program)
    annotated = hand.workspace.desk.annotated
    correction = correct_text(
        annotated, annotated.article.text.replace("Marta Ilves", "Marta Ilvess", 1)
    )
    hand.workspace.perform(correction.edit)
    settle(hand.program)
    page = open_history(hand, "article")
    wait(page)
    assert actions(page)[0].startswith("Corrected the text")
    assert page.note.text().startswith("The correction touched 1 label:")
    assert "“Marta Ilves”" in page.note.text()


def test_a_project_without_a_history_shows_nothing_of_the_one_before(
    hand: Hand, tmp_path: Path
) -> None:
    hand.mark("Marta Ilves", "Speaker")
    annotated = hand.workspace.desk.annotated
    text = annotated.article.text.replace("Marta Ilves", "Marta Ilvess", 1)
    hand.workspace.perform(correct_text(annotated, text).edit)
    settle(hand.program)
    page = open_history(hand, "article")
    assert changed(page)
    assert page.note.isVisible()
    empty = tmp_path / "empty.annotator"
    Project.create(empty, schemes.load("news-default"), author="lead").close()
    hand.window.projects.open(str(empty))
    page = open_history(hand, "")
    assert page.state.text().startswith("Nothing was changed yet.")
    assert changed(page) == []
    assert page.heading.text() == ""
    assert not page.note.isVisible()


def test_with_large_text_the_changes_stand_below_the_list_and_not_under_it(hand: Hand) -> None:
    three_steps(hand)
    hand.window.text_size_wanted.emit(200)
    hand.window.resize(1440, 900)
    page = open_history(hand, "article")
    settle(hand.program)
    end = page.sheet.mapToGlobal(page.sheet.rect().bottomLeft()).y()
    assert end < page.heading.mapToGlobal(page.heading.rect().topLeft()).y()
