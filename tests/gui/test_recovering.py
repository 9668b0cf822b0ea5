"""Backups by themselves, going back to one, and damaged projects, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from annotator import samples
from annotator.gui.app import Program
from annotator.gui.recovering import ChooseBackup
from annotator.project import Project
from tests.gui.conftest import Answers, Start, in_turn, until
from tests.gui.hand import Hand


def location(hand: Hand) -> Path:
    return Path(str(hand.workspace.project.location))


def back_up(hand: Hand) -> list[Path]:
    hand.save()
    hand.window.recovering.back_up()
    until(lambda: not hand.window.recovering.running)
    return hand.workspace.project.backups()


def choose(act: Callable[[ChooseBackup], object]) -> None:
    """Once the list of backups has come up, do something in it."""

    def now() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ChooseBackup):
            in_turn(now, 5)
            return
        try:
            act(dialog)
        finally:
            if dialog.isVisible():
                dialog.done(0)

    in_turn(now)


def go_back(dialog: ChooseBackup) -> None:
    button = dialog.findChild(QPushButton, "button.restore")
    assert button is not None
    button.click()


def break_pages(path: Path) -> None:
    """Damage everything behind the pages that tell which tables there are."""
    raw = bytearray(path.read_bytes())
    third = len(raw) // 3
    raw[-third:] = b"\xff" * third
    path.write_bytes(raw)


def test_a_backup_is_made_by_itself_where_something_was_saved(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    (kept,) = back_up(hand)
    assert back_up(hand) == [kept]
    with Project.open(kept, author="ada", read_only=True) as copy:
        assert copy.stats().spans == 1
    hand.mark("Håkon Lunde", "Speaker")
    assert back_up(hand)[1:] == [kept]


def test_making_a_backup_leaves_selection_and_undo_alone(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    hand.save()
    chosen, steps = hand.workspace.selected, hand.workspace.steps_to_undo
    annotated = hand.workspace.annotated
    assert len(back_up(hand)) == 1
    assert hand.workspace.selected == chosen
    assert hand.workspace.steps_to_undo == steps
    assert hand.workspace.annotated is annotated


def test_one_goes_back_to_a_backup_after_seeing_what_would_be_gone(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    back_up(hand)
    hand.mark("Håkon Lunde", "Speaker")
    hand.save()
    seen: list[str] = []

    def look_and_go(dialog: ChooseBackup) -> None:
        seen.extend((dialog.gone.text(), dialog.later.toPlainText()))
        go_back(dialog)

    choose(look_and_go)
    place = location(hand)
    hand.window.commands.run("file.restore")
    until(lambda: not hand.window.recovering.running and len(seen) == 2)
    assert seen[0] == "1 change would be gone:"
    assert "Håkon Lunde" in seen[1] or "Speaker" in seen[1]
    assert location(hand) == place
    assert hand.workspace.project.stats().spans == 1
    (aside,) = list(place.parent.glob("*before*"))
    with Project.open(aside, author="ada", read_only=True) as before:
        assert before.stats().spans == 2


def test_cancelling_leaves_everything_as_it_is(hand: Hand) -> None:
    hand.mark("Marta Ilves", "Speaker")
    back_up(hand)
    hand.mark("Håkon Lunde", "Speaker")
    hand.save()
    shown: list[ChooseBackup] = []

    def leave(dialog: ChooseBackup) -> None:
        shown.append(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    choose(leave)
    hand.window.commands.run("file.restore")
    until(lambda: bool(shown) and not hand.window.recovering.running)
    assert hand.workspace.project.stats().spans == 2


def test_without_a_backup_it_is_said_how_one_comes_about(hand: Hand, answers: Answers) -> None:
    hand.window.commands.run("file.restore")
    until(lambda: not hand.window.recovering.running)
    assert "no backup" in answers.said[-1]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a sample project with a backup, damaged afterwards."""
    path = tmp_path / "news.annotator"
    with samples.create(path, title="Harbour news") as project:
        project.backup()
    break_pages(path)
    return path


def opened(program: Program) -> Path:
    return Path(str(program.workspace.project.location))


@pytest.mark.fault(30)
def test_a_damaged_project_goes_back_to_its_backup(
    app: Start, answers: Answers, broken: Path
) -> None:
    program = app()
    choose(go_back)
    answers.answers = [0]
    program.window.projects.open(str(broken))
    until(lambda: program.workspace.is_open and not program.window.recovering.running)
    assert "damaged" in answers.said[-1]
    assert program.workspace.project.count() == 3
    assert opened(program) == broken


@pytest.mark.fault(30)
def test_what_can_be_read_of_a_damaged_project_is_saved(
    app: Start, answers: Answers, broken: Path, tmp_path: Path
) -> None:
    program = app()
    before = broken.read_bytes()
    target = tmp_path / "saved.annotator"
    answers.answers = [1, target]
    program.window.projects.open(str(broken))
    until(lambda: not program.window.recovering.running)
    assert broken.read_bytes() == before
    assert opened(program) == target
    assert not program.workspace.read_only
    assert "could not be read" in answers.said[-1]
    assert program.workspace.project.count() == 3


def test_a_project_that_is_gone_can_come_back(app: Start, answers: Answers, broken: Path) -> None:
    broken.unlink()
    program = app()
    choose(go_back)
    answers.answers = [0]
    program.window.projects.open(str(broken))
    until(lambda: program.workspace.is_open and not program.window.recovering.running)
    assert program.workspace.project.count() == 3


def test_damage_met_in_the_middle_ends_writing_and_is_told(hand: Hand, answers: Answers) -> None:
    hand.mark("Marta Ilves", "Speaker")
    hand.save()
    place = location(hand)
    answers.answers = [2]
    hand.window.projects.damaged.emit(str(place), "A page of it cannot be read.")
    assert "A page of it cannot be read." in answers.said[-1]
    until(lambda: hand.workspace.is_open and not hand.window.recovering.running)
    assert hand.workspace.read_only
    assert hand.workspace.project.stats().spans == 1


@pytest.mark.fault(30)
@pytest.mark.parametrize("answer", [None, 2])
def test_a_damaged_project_shows_all_that_can_be_read_and_is_not_touched(
    app: Start, answers: Answers, broken: Path, answer: int | None
) -> None:
    before = broken.read_bytes()
    program = app()
    noted: list[str] = []
    program.workspace.noted.connect(noted.append)
    answers.answers = [answer]
    program.window.projects.open(str(broken))
    until(lambda: program.workspace.is_open and not program.window.recovering.running)
    assert program.workspace.read_only
    assert program.workspace.project.count() == 3
    program.window.open_article(program.workspace.project.article_ids()[0])
    assert program.workspace.annotated is not None
    assert any("damaged" in line for line in noted)
    assert broken.read_bytes() == before
    assert program.settings.last_project != str(program.workspace.project.location)


@pytest.mark.fault(30)
def test_from_what_can_be_read_one_goes_back_to_a_backup_of_the_project_itself(
    app: Start, answers: Answers, broken: Path
) -> None:
    program = app()
    program.window.projects.open(str(broken))
    until(lambda: program.workspace.is_open and not program.window.recovering.running)
    choose(go_back)
    program.window.commands.run("file.restore")
    until(lambda: program.workspace.is_open and opened(program) == broken)
    assert not program.workspace.read_only
    assert program.workspace.project.count() == 3


@pytest.mark.fault(21)
def test_a_project_in_a_folder_that_goes_to_a_cloud_is_opened_with_a_word_of_warning(
    app: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    samples.create(folder / "news.annotator", title="Harbour news").close()
    program = app()
    noted: list[str] = []
    program.workspace.noted.connect(noted.append)
    program.window.projects.open(str(folder / "news.annotator"))
    assert any("Dropbox" in line for line in noted)
    assert not program.workspace.read_only
