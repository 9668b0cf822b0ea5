"""The first minute: what a person sees and can begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.gui.app import Arguments, parse
from annotator.gui.guide import Guide
from annotator.project import Project
from annotator.settings import RecentProject, Settings
from tests.gui.conftest import Answers, Start


def test_the_very_first_start_opens_the_sample_and_the_guided_start(app: Start) -> None:
    program = app(first_run=True)
    program.open_wanted(Arguments())
    assert program.workspace.is_open
    assert program.workspace.project.author == "annotator-1"
    guide = program.window.findChild(Guide, "panel.guide")
    assert guide is not None
    assert guide.isVisible()


def test_a_guided_start_that_was_dismissed_never_comes_again(app: Start) -> None:
    program = app(first_run=True)
    program.open_wanted(Arguments())
    guide = program.window.findChild(Guide, "panel.guide")
    assert guide is not None
    QTest.mouseClick(guide.never, Qt.MouseButton.LeftButton)
    assert not guide.isVisible()
    assert "guide" in Settings.load().dismissed


def test_the_guided_start_is_reached_and_left_by_keys(app: Start) -> None:
    program = app(first_run=True)
    program.open_wanted(Arguments())
    window = program.window
    assert window.view is not None
    window.focus_text()
    guide = window.findChild(Guide, "panel.guide")
    assert guide is not None
    QTest.keyClick(window.view, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is guide.next
    QTest.keyClick(guide.next, Qt.Key.Key_Escape)
    assert not guide.isVisible()
    assert QApplication.focusWidget() is window.view


def test_the_guided_start_walks_its_steps_and_ends_by_itself(app: Start) -> None:
    program = app(first_run=True)
    program.open_wanted(Arguments())
    guide = program.window.findChild(Guide, "panel.guide")
    assert guide is not None
    titles = set()
    while guide.isVisible():
        titles.add(guide.title.text())
        QTest.mouseClick(guide.next, Qt.MouseButton.LeftButton)
    assert len(titles) == 6


def test_the_welcome_page_has_the_focus_on_the_sample_and_enter_opens_it(app: Start) -> None:
    program = app()
    card = program.window.welcome.cards["file.sample"]
    assert QApplication.focusWidget() is card
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert program.workspace.is_open
    assert program.window.place == "annotate"


def test_down_walks_the_cards_of_the_welcome_page(app: Start) -> None:
    program = app()
    cards = program.window.welcome.cards
    QTest.keyClick(cards["file.sample"], Qt.Key.Key_Down)
    assert QApplication.focusWidget() is cards["file.new"]


def test_without_recent_projects_their_column_stays_away(app: Start) -> None:
    program = app()
    assert program.window.welcome.recent == []
    assert not program.window.welcome._recent_box.isVisible()


def test_a_recent_project_opens_with_one_key(app: Start, tmp_path: Path) -> None:
    place = tmp_path / "ferries.annotator"
    Project.create(place, schemes.load("news-default"), title="Ferries", author="ada").close()
    program = app(recent=[RecentProject(str(place), "Ferries")])
    button = program.window.welcome.recent[0]
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert program.workspace.project.title == "Ferries"


def test_a_recent_project_that_is_gone_is_said_and_forgotten(
    app: Start, answers: Answers, tmp_path: Path
) -> None:
    gone = str(tmp_path / "gone.annotator")
    program = app(recent=[RecentProject(gone, "Gone")])
    QTest.keyClick(program.window.welcome.recent[0], Qt.Key.Key_Return)
    assert not program.workspace.is_open
    assert gone in answers.said[0]
    assert program.settings.recent == []


def test_closing_the_project_leads_back_to_the_welcome_page(app: Start) -> None:
    program = app()
    program.window.projects.open_sample()
    program.window.commands.run("file.close")
    assert program.window.place == "welcome"
    assert program.window.welcome.recent[0].project.title == "Harbour news"


def test_the_next_start_goes_on_with_the_last_project(app: Start) -> None:
    first = app()
    first.window.projects.open_sample()
    first.window.close()
    again = app(last_project=first.settings.last_project)
    again.open_wanted(Arguments())
    assert again.workspace.project.title == "Harbour news"


def test_a_password_in_the_address_of_a_database_is_never_shown(
    app: Start, answers: Answers
) -> None:
    program = app()
    answers.answers = ["postgresql://ada:secret@127.0.0.1:1/none"]
    program.window.commands.run("file.join")
    assert "127.0.0.1" in answers.said[-1]
    assert "secret" not in answers.said[-1].split(" could not be opened.")[0]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], Arguments()),
        (["--sample"], Arguments(sample=True)),
        (["-platform", "offscreen"], Arguments()),
        (["postgresql://server/project"], Arguments("postgresql://server/project")),
    ],
)
def test_the_command_line_of_the_window_is_understood(
    arguments: list[str], wanted: Arguments
) -> None:
    assert parse(arguments) == wanted


def test_a_project_on_the_command_line_may_be_a_relative_path() -> None:
    assert parse(["here.annotator"]).location == str(Path("here.annotator").absolute())


def test_who_works_on_a_project_still_does_after_a_restart(
    app: Start, answers: Answers, tmp_path: Path
) -> None:
    location = tmp_path / "news.annotator"
    Project.create(location, schemes.load("news-default"), author="ada").close()
    first = app(author="ada")
    first.window.projects.open(str(location))
    answers.answers.append("bob")
    first.window.projects.ask_author()
    first.window.close()

    second = app(author="ada")
    second.open_wanted(Arguments())

    assert second.workspace.project.author == "bob"


def test_the_sample_is_opened_again_as_the_one_who_marked_it(app: Start) -> None:
    first = app(first_run=True)
    first.open_wanted(Arguments())
    first.window.close()

    second = app()
    second.open_wanted(Arguments())

    assert second.workspace.project.author == "annotator-1"
