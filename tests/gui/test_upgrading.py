"""A project of an older version in the real window: what will happen is said, a word does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator import recovery, samples
from annotator.gui.app import Program
from annotator.project import Project
from annotator.store import schema
from annotator.store import upgrade as upgrading
from tests.gui.conftest import Answers, Start, until
from tests.gui.test_recovering import choose, go_back
from tests.store.test_upgrade import LOSING, SECOND


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "news.annotator"
    samples.create(path, title="Harbour news").close()
    return path


@pytest.fixture
def newer(old: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let this program be one version ahead of the project that was made."""
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(upgrading, "Target", lambda: SECOND)
    return monkeypatch


def upgrade(program: Program, answers: Answers, old: Path) -> None:
    """Open an older project, and have it upgraded."""
    answers.answers = [0]
    program.window.projects.open(str(old))
    until(lambda: program.workspace.is_open and not program.window.upgrading.running)


@pytest.mark.fault(34)
@pytest.mark.usefixtures("newer")
def test_an_older_project_is_upgraded_and_opened_when_that_is_wanted(
    app: Start, answers: Answers, old: Path
) -> None:
    program = app()
    noted: list[str] = []
    program.workspace.noted.connect(noted.append)
    upgrade(program, answers, old)
    assert "news.annotator was made by an older Annotator" in answers.said[-1]
    assert "A backup is made and checked first" in answers.said[-1]
    assert not program.workspace.read_only
    assert program.workspace.project.count() == 3
    (kept,) = recovery.backups_of(old)
    assert any(str(kept) in line for line in noted)


@pytest.mark.fault(34)
@pytest.mark.usefixtures("newer")
def test_an_older_project_is_left_alone_when_the_upgrade_is_not_wanted(
    app: Start, answers: Answers, old: Path
) -> None:
    before = old.read_bytes()
    program = app()
    answers.answers = [None]
    program.window.projects.open(str(old))
    assert not program.window.upgrading.running
    assert not program.workspace.is_open
    assert old.read_bytes() == before


@pytest.mark.fault(34)
def test_an_upgrade_that_fails_says_why_and_leaves_the_project(
    app: Start, answers: Answers, old: Path, newer: pytest.MonkeyPatch
) -> None:
    newer.setattr(upgrading, "Target", lambda: LOSING)
    before = old.read_bytes()
    program = app()
    answers.answers = [0]
    program.window.projects.open(str(old))
    until(lambda: not program.window.upgrading.running)
    assert "news.annotator could not be upgraded. It is as it was." in answers.said[-1]
    assert "would lose rows of" in answers.said[-1]
    assert not program.workspace.is_open
    assert old.read_bytes() == before


@pytest.mark.fault(34)
@pytest.mark.usefixtures("newer")
def test_one_goes_back_to_the_backup_that_was_made_before_an_upgrade(
    app: Start, answers: Answers, old: Path
) -> None:
    program = app()
    upgrade(program, answers, old)
    choose(go_back)
    answers.answers = [None]
    program.window.commands.run("file.restore")
    until(lambda: len(answers.said) == 2 and not program.window.recovering.running)
    assert "was made by an older Annotator" in answers.said[-1]
    with pytest.MonkeyPatch.context() as older:
        older.setattr(schema, "SCHEMA_VERSION", 1)
        with Project.open(old, author="ada") as project:
            assert project.count() == 3


def test_a_kept_change_that_cannot_be_read_is_told_when_the_project_opens(
    app: Start, old: Path
) -> None:
    from tests.store.making import add, span

    with Project.open(old, author="ada") as project:
        (path,) = [project.save_draft(add(span("s1")), "the disk was full", beside=True)]
        folder = recovery.readable_copy(old).parents[2] / "drafts" / project.id
    (folder / f"{path}.json").write_text("{")
    program = app()
    noted: list[str] = []
    program.workspace.noted.connect(noted.append)
    program.window.projects.open(str(old))
    assert program.workspace.is_open
    assert any("cannot be read any more" in line for line in noted)
