"""A program that is killed loses nothing that it said was saved, and leaves nothing half done."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from annotator.project import Project
from tests.store.making import SCHEME, add, article, layer

ROOT = Path(__file__).parents[2]
PARTS, KILLS = 20, 25
"""Five hundred kills, in parts that several processes can do."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.annotator"
    return _made(path)


def _made(path: Path) -> Path:
    # By somebody else: the undo of the killed program ends at its own edits.
    with Project.create(path, SCHEME, author="importer") as made:
        made.perform(add(article(), layer(), action="import"))
    return path


def child(path: Path, seed: int, statement: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests/store/kill_child.py"), str(path), str(seed),
         str(statement)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def killed_at_a_random_moment(path: Path, seed: int) -> list[tuple[int, str]]:
    """Return revisions and ids of the edits that a killed program said were saved."""
    chance = random.Random(seed)
    with child(path, seed, 0) as working:
        assert working.stdout is not None
        lines = [working.stdout.readline() for _ in range(chance.randint(1, 30))]
        # Not at the moment of an answer, but somewhere in the work for the next ones.
        timer = threading.Timer(chance.uniform(0, 0.03), working.kill)
        timer.start()
        lines += working.stdout.readlines()
        working.wait()
        timer.join()
    assert working.returncode == -signal.SIGKILL
    acknowledged = [line.split() for line in lines if line.endswith("\n")]
    return [(int(revision), id_) for revision, id_ in acknowledged]


def look_over(path: Path, acknowledged: list[tuple[int, str]]) -> None:
    """The oracle: whole, sound, undoable to the beginning, and nothing lost."""
    with Project.open(path, author="ada") as project:
        assert project.check() == []
        stored = {saved.revision: saved.edit.id for saved in project.edits_since(0)}
        assert set(acknowledged) <= set(stored.items())
        # At most the one edit whose answer did not come out any more.
        assert len(stored) <= max([revision for revision, _ in acknowledged], default=1) + 1
        present = project.annotated("a1")
        steps = project.steps_to_undo
        assert [project.undo() is not None for _ in range(steps)] == [True] * steps
        assert project.undo() is None
        assert project.annotated("a1").spans == {}
        for _ in range(steps):
            project.redo()
        assert project.annotated("a1") == present


@pytest.mark.slow
@pytest.mark.fault(1)
def test_what_was_said_to_be_saved_survives_a_kill_at_a_random_moment(path: Path) -> None:
    for seed in range(8):
        look_over(path, killed_at_a_random_moment(path, seed))


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.fault(1)
@pytest.mark.parametrize("part", range(PARTS))
def test_five_hundred_kills_lose_nothing(tmp_path: Path, part: int) -> None:
    counted = 0
    for seed in range(part * KILLS, (part + 1) * KILLS):
        path = _made(tmp_path / f"{seed}.annotator")
        acknowledged = killed_at_a_random_moment(path, seed)
        look_over(path, acknowledged)
        counted += len(acknowledged)
        path.unlink()
    print(f"{KILLS} kills, {counted} acknowledged edits, none lost")
    assert counted > KILLS


def killed_at(path: Path, statement: int) -> tuple[list[str], int]:
    with child(path, 0, statement) as working:
        assert working.stdout is not None
        said = working.stdout.read().split("\n")[:-1]
        working.wait()
    return said, working.returncode


@pytest.mark.slow
@pytest.mark.fault(2, 3)
def test_a_kill_at_a_statement_of_an_edit_an_undo_or_a_redo_leaves_all_or_nothing(
    path: Path,
) -> None:
    check_killed_at_statements(path, 4)


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.fault(2, 3)
def test_a_kill_at_any_statement_of_an_edit_an_undo_or_a_redo_leaves_all_or_nothing(
    path: Path,
) -> None:
    check_killed_at_statements(path, 1)


def check_killed_at_statements(path: Path, each: int) -> None:
    statement = 1 - each
    whole = path.read_bytes()
    while True:
        # Starting a program takes longer than its edit.
        statement += each
        path.write_bytes(whole)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        said, code = killed_at(path, statement)
        with Project.open(path, author="ada") as project:
            assert project.check() == []
            kinds = [saved.kind for saved in project.edits_since(1)]
            done = [word.split()[0] for word in said]
            assert kinds[: len(done)] == done
            assert len(kinds) <= len(done) + 1
            made = {"k1"} if kinds and kinds[-1] != "undo" else set()
            assert set(project.annotated("a1").spans) == made
            assert set(project.entities()) == made
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert statement > 20
