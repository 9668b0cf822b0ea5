"""SIGKILL while somebody is labelling in the window: what was called saved is there afterwards."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from annotator import exchange, schemes
from annotator.cli import main
from annotator.project import Project
from annotator.settings import Settings
from tests.journeys.driven import Program
from tests.journeys.test_marking_journey import ARTICLE

AUTHOR = "reader"
STEPS = (
    ("Space", "Return"),
    ("Space", "L"),
    ("Space", "C", "1"),
    ("Space", "Space", "S", "Shift+E"),
    ("Space", "Q", "F"),
)
"""What somebody does again and again; none of it takes a label away."""


@pytest.fixture(scope="module")
def _new_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kill") / "dams.annotator"
    with Project.create(path, schemes.load("news-default"), author=AUTHOR) as project:
        exchange.bring_in(project, [ARTICLE])
    return path


@pytest.fixture
def project(_new_project: Path, tmp_path: Path) -> Path:
    """Return a project of its own with the article in it."""
    return Path(shutil.copy(_new_project, tmp_path / "dams.annotator"))


def label_until_killed(project: Path, home: Path, seed: int) -> set[str]:
    """Label for a while, kill the program in the middle, return the labels it called saved."""
    settings = Settings.load(home / "settings.json")
    settings.author = AUTHOR
    settings.save()
    chance = random.Random(seed)
    saved: set[str] = set()
    program = Program(home, [str(project)])
    try:
        program.until(open=True, focus="view.article", spans=0)
        for turn in range(chance.randint(1, 8)):
            for _ in range(chance.randint(1, 4)):
                program.keys(*chance.choice(STEPS))
            if turn == 0 or chance.random() < 0.3:
                program.until(saving="saved")
            state = program.state()
            if state["saving"] == "saved":
                saved |= set(state["ids"])
        for _ in range(chance.randint(0, 3)):
            program.keys(*chance.choice(STEPS))
    finally:
        program.kill()
    return saved


def check_what_is_left(project: Path, saved: set[str]) -> None:
    assert saved
    assert main(["check", str(project)]) == 0
    with Project.open(project, author=AUTHOR) as opened:
        (annotated,) = opened.each_annotated()
    assert saved <= annotated.spans.keys()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.fault(1)
def test_a_kill_at_any_moment_loses_nothing_that_was_called_saved(
    seed: int, project: Path, tmp_path: Path
) -> None:
    saved = label_until_killed(project, tmp_path / "home", seed)
    check_what_is_left(project, saved)


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(10, 210))
@pytest.mark.fault(1)
def test_two_hundred_kills_lose_nothing_that_was_called_saved(
    seed: int, project: Path, tmp_path: Path
) -> None:
    saved = label_until_killed(project, tmp_path / "home", seed)
    check_what_is_left(project, saved)
