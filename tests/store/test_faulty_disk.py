"""Disks that fail, fill up, tear writes, lose power or grant every lock: nothing is half done."""

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import StorageError
from annotator.project import Project
from tests.store import faulty_disk
from tests.store.faulty_disk import (
    FULL,
    IOERR_FSYNC,
    IOERR_WRITE,
    Disk,
    after_power_loss,
    mounted,
)
from tests.store.making import SCHEME, add, article, layer, span

pytestmark = pytest.mark.skipif(
    faulty_disk.library() is None, reason="the SQLite of this Python is part of Python itself"
)

Spans = set[str]
Step = Callable[[Project], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.annotator"
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(), layer(), action="import"))
        made.perform(add(span("s1")))
        made.perform(add(span("s2", (11, 15))))
    return path


def spans_of(path: Path) -> Spans:
    """Return the labels of a project that must be sound."""
    with Project.open(path, author="ada") as project:
        assert [item for item in project.check() if item.severity == "error"] == []
        return set(project.annotated("a1").spans)


MANY = add(*(span(f"m{number}", (number, number + 1)) for number in range(38)))
STEPS: dict[str, tuple[Step, Spans]] = {
    "mark": (lambda project: project.perform(add(span("s3", (1, 2)))), {"s1", "s2", "s3"}),
    "undo": (lambda project: project.undo(), {"s1"}),
    "bulk": (lambda project: project.perform(MANY), {"s1", "s2", *(f"m{n}" for n in range(38))}),
}
BEFORE = {"s1", "s2"}


def each_failure(path: Path, step: Step, **options: Any) -> Iterator[tuple[bool, Spans]]:
    """Do *step* with its first operation of a kind failing, then its second, until none fails.

    Yields whether it was said to be saved, and the labels that are there afterwards.
    """
    whole = path.read_bytes()
    disk = Disk(**options, failed=1)
    at = 0
    while disk.failed:
        at += 1
        path.write_bytes(whole)
        disk = Disk(**options)
        said = False
        with mounted(disk), Project.open(path, author="ada") as project:
            disk.at = disk.seen.get(disk.fails, 0) + at
            with contextlib.suppress(StorageError):
                step(project)
                said = True
            disk.at = 0
        yield said, spans_of(path)


FAILURES: dict[str, dict[str, Any]] = {
    "one sync fails": {"fails": "sync", "code": IOERR_FSYNC},
    "syncs fail": {"fails": "sync", "code": IOERR_FSYNC, "forever": True},
    "one write fails": {"fails": "write", "code": IOERR_WRITE},
    "writes fail": {"fails": "write", "code": IOERR_WRITE, "forever": True},
    "short write": {"fails": "write", "code": IOERR_WRITE, "short": True},
    "full": {"fails": "write", "code": FULL, "short": True, "forever": True},
}


def hold(path: Path, name: str, failure: str) -> None:
    """Check that a step is whole or absent at whatever operation the disk fails."""
    step, after = STEPS[name]
    tried = 0
    for said, found in each_failure(path, step, **FAILURES[failure]):
        tried += 1
        assert found == (after if said else BEFORE)
    assert tried > 3


@pytest.mark.fault(8, 9, 10, 12)
@pytest.mark.parametrize("failure", ["one sync fails", "short write"])
def test_whatever_the_disk_refuses_an_edit_is_whole_or_absent(path: Path, failure: str) -> None:
    hold(path, "mark", failure)


@pytest.mark.faults
@pytest.mark.fault(8, 9, 10, 12)
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("failure", FAILURES)
def test_every_step_is_whole_or_absent_whatever_the_disk_refuses(
    path: Path, name: str, failure: str
) -> None:
    hold(path, name, failure)


@pytest.mark.fault(9)
@pytest.mark.parametrize("kind", ["write", "sync"])
def test_what_failed_once_is_saved_when_it_is_tried_again(path: Path, kind: str) -> None:
    made = add(span("s3", (1, 2)))
    disk = Disk()
    with mounted(disk), Project.open(path, author="ada") as project:
        disk.fails, disk.at = kind, disk.seen.get(kind, 0) + 2
        with pytest.raises(StorageError):
            project.perform(made)
        project.perform(made)
        assert disk.failed == 1
    assert spans_of(path) == {*BEFORE, "s3"}


def lose_power(path: Path, folder: Path, seed: int, cuts: int) -> None:
    """Work, and look at what may be left when the power goes at *cuts* of the operations."""
    chance = random.Random(seed)
    disk = Disk()
    acknowledged: list[int] = []
    with mounted(disk), Project.open(path, author="ada") as project:
        before = {str(path): path.read_bytes()}
        disk.ops.clear()
        states = [set(BEFORE)]
        for number in range(6):
            project.perform(add(span(f"p{number}", (number, number + 2))))
            states.append({*states[-1], f"p{number}"})
            acknowledged.append(len(disk.ops))
        project.undo()
        states.append(states[-2])
        acknowledged.append(len(disk.ops))
        ops = list(disk.ops)
    for cut in chance.sample(range(1, len(ops) + 1), cuts):
        place = folder / f"cut {cut}"
        place.mkdir()
        for name, data in after_power_loss(before, ops, cut, chance).items():
            (place / Path(name).name).write_bytes(data)
        newest = sum(at <= cut for at in acknowledged)
        # At most the edit that was under way is there beyond those that were acknowledged.
        assert spans_of(place / path.name) in states[newest : newest + 2]


@pytest.mark.fault(7)
def test_what_was_said_to_be_saved_survives_a_loss_of_power(path: Path, tmp_path: Path) -> None:
    lose_power(path, tmp_path, seed=1, cuts=12)


@pytest.mark.faults
@pytest.mark.fault(7)
@pytest.mark.parametrize("seed", range(10))
def test_what_was_said_to_be_saved_survives_many_losses_of_power(
    path: Path, tmp_path: Path, seed: int
) -> None:
    lose_power(path, tmp_path, seed, cuts=50)


@pytest.mark.fault(8)
def test_what_the_disk_did_not_confirm_is_told_and_safe_once_it_was_tried_again(
    path: Path, tmp_path: Path
) -> None:
    """The system forgets what it could not sync, and confirms the next sync all the same."""
    whole, made = path.read_bytes(), add(span("s3", (1, 2)))
    for at in (1, 2, 3):
        path.write_bytes(whole)
        disk = Disk(fails="sync", code=IOERR_FSYNC)
        with mounted(disk), Project.open(path, author="ada") as project:
            before = {str(path): path.read_bytes()}
            disk.ops.clear()
            disk.at = disk.seen.get("sync", 0) + at
            with pytest.raises(StorageError, match="the disk did not confirm"):
                project.perform(made)
            project.perform(made)
            ops = list(disk.ops)
        for seed in range(4):
            place = tmp_path / f"{at} {seed}"
            place.mkdir()
            left = after_power_loss(before, ops, len(ops), random.Random(seed))
            for name, data in left.items():
                (place / Path(name).name).write_bytes(data)
            assert spans_of(place / path.name) == {*BEFORE, "s3"}


@pytest.mark.fault(22)
def test_a_second_program_is_refused_where_locks_are_granted_to_everybody(path: Path) -> None:
    with mounted(Disk(locks=False)), Project.open(path, author="ada"):
        script = (
            "import sys; from annotator.project import Project, ProjectInUse\n"
            "from tests.store.faulty_disk import Disk, mounted\n"
            "with mounted(Disk(locks=False)):\n"
            "    try: Project.open(sys.argv[1], author='bob')\n"
            "    except ProjectInUse as error: print(error)\n"
        )
        said = subprocess.run(
                [sys.executable, "-c", script, str(path)],
                capture_output=True, text=True, check=True,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            )  # fmt: skip
    assert "is open for writing by ada" in said.stdout
