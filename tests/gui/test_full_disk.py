"""A real disk that fills up while somebody marks labels in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.project import Project
from tests.gui.conftest import Answers, Start, settle, until
from tests.gui.hand import Hand, begin, make_project
from tests.small_disk import SmallDisk, fill


@pytest.mark.fault(11)
def test_what_a_full_disk_refuses_stays_on_the_screen_and_is_saved_when_there_is_room(
    app: Start, small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.gui.writer import Writer

    monkeypatch.setattr(Writer, "RETRY_SECONDS", 0.05)
    location = make_project(small_disk(4 << 20) / "own.annotator")
    hand = begin(app(fill=False), location)
    hand.mark("Marta Ilves", "Speaker")
    hand.save()
    filler = fill(location.parent, leave=0)
    reasons: list[str] = []
    hand.workspace.failed.connect(reasons.append)
    hand.mark("Håkon Lunde", "Speaker")
    until(lambda: hand.workspace.state == "failed")
    assert "full" in reasons[0] or "no room" in reasons[0]
    spans = hand.workspace.desk.annotated.spans
    assert len(spans) == 2
    filler.unlink()
    until(lambda: hand.workspace.state == "saved")
    hand.window.close()
    hand.program.close()
    with Project.open(location, author="ada") as project:
        assert project.check() == []
        assert project.stats().spans == 2


@pytest.mark.fault(11)
def test_what_a_full_disk_refused_to_the_end_is_offered_as_a_draft(
    app: Start, small_disk: SmallDisk, tmp_path: Path
) -> None:
    location = make_project(small_disk(4 << 20) / "own.annotator")
    hand = begin(app(fill=False), location)
    filler = fill(location.parent, leave=0)
    hand.mark("Håkon Lunde", "Speaker")
    until(lambda: hand.workspace.state == "failed")
    hand.window.close()
    hand.program.close()
    filler.unlink()
    with Project.open(location, author="ada") as project:
        (draft,) = project.drafts()
        assert draft.edit.action == "mark"
        project.perform(draft.edit)
        assert project.check() == []
        assert project.stats().spans == 1


@pytest.mark.fault(11)
@pytest.mark.parametrize("steps", ["uu", "uur", "umu", "muu", "uumur"])
def test_undo_and_redo_that_a_full_disk_refused_come_back_as_what_they_were(
    app: Start, answers: Answers, small_disk: SmallDisk, steps: str
) -> None:
    location = make_project(small_disk(4 << 20) / "own.annotator")
    hand = begin(app(fill=False), location)
    hand.mark("Marta Ilves", "Speaker")
    hand.mark("quay", "Location")
    hand.save()
    filler = fill(location.parent, leave=0)
    for step in steps:
        if step == "m":
            hand.mark("Håkon Lunde", "Speaker")
        else:
            (hand.workspace.undo if step == "u" else hand.workspace.redo)()
    until(lambda: hand.workspace.state == "failed")
    shown = work_at(hand)
    hand.window.close()
    hand.program.close()
    filler.unlink()
    answers.answers = [0]
    again = begin(app(fill=False), location)
    until(lambda: again.workspace.project.drafts() == [])
    settle(again.program)
    assert work_at(again) == shown
    with Project.open(location, author="ada", read_only=True) as project:
        assert project.check() == []


def work_at(hand: Hand) -> tuple[list[str], int, int]:
    """Return the labels on the screen, and how many steps can be taken back and made again."""
    spans = hand.workspace.desk.annotated.spans.values()
    steps = (hand.workspace.steps_to_undo, hand.workspace.steps_to_redo)
    return sorted(f"{span.label}: {span.text[0]}" for span in spans), *steps


def test_a_narrow_window_has_room_for_what_the_disk_says(app: Start, small_disk: SmallDisk) -> None:
    location = make_project(small_disk(4 << 20) / "own.annotator")
    program = app(fill=False)
    program.window.resize(800, 600)
    hand = begin(program, location)
    bar = hand.window.status
    assert not bar.scheme.isVisible()
    fill(location.parent, leave=0)
    hand.mark("Håkon Lunde", "Speaker")
    until(bar.retry.isVisible)
    QApplication.processEvents()
    assert bar.saved.text().startswith("Not saved: ")
    assert bar.saved.width() > bar.width() / 3
    hand.window.close()
    hand.program.close()


@pytest.mark.fault(11)
@pytest.mark.parametrize("makes_room", [True, False])
def test_what_can_neither_be_saved_nor_kept_is_told_before_the_window_closes(
    app: Start,
    answers: Answers,
    small_disk: SmallDisk,
    monkeypatch: pytest.MonkeyPatch,
    makes_room: bool,
) -> None:
    """The folder for what could not be saved is often on the very disk that is full."""
    disk = small_disk(4 << 20)
    monkeypatch.setenv("ANNOTATOR_HOME", str(disk / "home"))
    location = make_project(disk / "own.annotator")
    hand = begin(app(fill=False), location)
    filler = fill(disk, leave=0)
    hand.mark("Håkon Lunde", "Speaker")
    until(lambda: hand.workspace.state == "failed")

    def choose(parent: object, text: str, choices: object, detail: str = "") -> int:
        answers.said.append(text)
        if not makes_room:
            return 1
        if len(answers.said) > 1:
            filler.unlink()
        return 0

    monkeypatch.setattr(answers, "choose", choose)
    hand.window.close()
    assert len(answers.said) == (2 if makes_room else 1)
    assert "1 change could not be saved, and cannot be kept" in answers.said[0]
    assert str(disk / "home") in answers.said[0]
    assert "no space left" in answers.said[0]
    filler.unlink(missing_ok=True)
    with Project.open(location, author="ada") as project:
        assert project.check() == []
        assert len(project.drafts()) == makes_room


@pytest.mark.fault(11)
def test_on_a_disk_that_is_full_everywhere_a_project_is_read_and_written_when_there_is_room(
    app: Start, answers: Answers, small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = small_disk(4 << 20)
    location = make_project(disk / "own.annotator")
    for name in ("ANNOTATOR_HOME", "TMPDIR", "SQLITE_TMPDIR"):
        (disk / name).mkdir()
        monkeypatch.setenv(name, str(disk / name))
    filler = fill(disk, leave=0)
    hand = begin(app(fill=False), location)
    states = [hand.workspace.read_only]
    assert hand.view.toPlainText().startswith("Marta Ilves")
    bar = hand.window.status
    assert bar.saved.text() == "For reading only: the disk is full"
    assert bar.retry.isVisible()
    notes: list[str] = []
    hand.workspace.noted.connect(notes.append)
    hand.choose("Håkon Lunde")
    hand.press("s")
    assert notes == ["This project is open for reading only. Nothing was changed."]
    bar.retry.click()
    states.append(hand.workspace.read_only)
    assert bar.retry.isVisible()
    filler.unlink()
    bar.retry.click()
    states.append(hand.workspace.read_only)
    assert states == [True, True, False]
    assert bar.saved.text() == "Saved"
    assert not bar.retry.isVisible()
    hand.mark("Håkon Lunde", "Speaker")
    hand.save()
    assert answers.said == []
    with Project.open(location, author="ada", read_only=True) as project:
        assert project.stats().spans == 1
