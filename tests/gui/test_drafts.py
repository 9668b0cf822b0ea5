"""What could not be saved the last time: it is offered, comes back or stays, and that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.project import Project
from tests.gui.conftest import Answers, Start, settle, until
from tests.gui.hand import make_project
from tests.store.making import add, layer, span

TEXT = "Marta Ilves said on Tuesday that the quay was safe."


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """Return a project with a label, in which another one is kept that could not be saved."""
    path = make_project(tmp_path / "own.annotator")
    with Project.open(path, author="ada") as project:
        project.perform(add(layer(article_id="quay"), span("s1", article_id="quay", text=TEXT)))
        kept = add(span("s2", (12, 16), article_id="quay", text=TEXT, label="Cue"))
        project.save_draft(kept, "The disk is full.")
    return path


@pytest.mark.fault(11)
@pytest.mark.parametrize("fits", [True, False])
def test_what_could_not_be_saved_comes_back_or_stays_kept_and_that_is_told(
    app: Start, answers: Answers, location: Path, fits: bool
) -> None:
    if not fits:
        with Project.open(location, author="ada") as project:
            project.perform(add(span("s2", (28, 32), article_id="quay", text=TEXT, label="Cue")))
    answers.answers = [0]
    program = app(fill=False)
    notes: list[str] = []
    program.workspace.noted.connect(notes.append)
    program.window.projects.open(str(location), "ada")
    assert "1 change could not be saved the last time" in answers.said[0]
    until(lambda: bool(notes))
    settle(program)
    assert notes[-1].startswith("1 change was brought back" if fits else "1 change was not made")
    with Project.open(location, author="ada", read_only=True) as project:
        assert project.stats().spans == 2
        assert len(project.drafts()) == (0 if fits else 1)
