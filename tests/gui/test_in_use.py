"""A project that somebody works in elsewhere: who that is is said, and what can be done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from annotator.project import Project
from tests.gui.conftest import Answers, Start
from tests.gui.hand import make_project
from tests.store.making import lose_machine
from tests.store.test_opening import hold


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    """Return a project that a program on another machine has open, or had."""
    path = make_project(tmp_path / "own.annotator")
    lose_machine(path)
    return path


@pytest.mark.fault(24)
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_project_that_another_program_writes_is_opened_for_reading_when_that_is_wanted(
    app: Start, answers: Answers, tmp_path: Path
) -> None:
    path = make_project(tmp_path / "own.annotator")
    program = app()
    answers.answers = [0]
    with hold(path) as child:
        program.window.projects.open(str(path))
        assert f"by bob on {os.uname().nodename}" in answers.said[-1]
        assert program.workspace.read_only
        assert program.workspace.project.count() == 2
        child.kill()
        child.communicate()


@pytest.mark.fault(25)
@pytest.mark.parametrize(("answer", "read_only"), [(0, True), (1, False)])
def test_a_project_of_a_lost_machine_is_read_or_taken_over(
    app: Start, answers: Answers, lost: Path, answer: int, read_only: bool
) -> None:
    program = app()
    answers.answers = [answer]
    program.window.projects.open(str(lost))
    assert "by bob on elsewhere since 2026-01-01" in answers.said[-1]
    assert program.workspace.read_only == read_only


@pytest.mark.fault(25)
def test_a_project_of_a_lost_machine_is_left_alone_when_neither_is_wanted(
    app: Start, answers: Answers, lost: Path
) -> None:
    before = lost.read_bytes()
    program = app()
    answers.answers = [None]
    assert not program.window.projects.open(str(lost))
    assert not program.workspace.is_open
    assert lost.read_bytes() == before
    with Project.open(lost, author="ada", read_only=True) as project:
        assert project.count() == 2
