"""Real disks that fill up or become read-only, and limits on the size of files."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from annotator import exchange
from annotator.errors import NoRoom, StorageError
from annotator.project import Project
from annotator.store import upgrade as upgrading
from tests.small_disk import SmallDisk, fill, read_only
from tests.store.making import SCHEME, add, article, layer, span
from tests.store.test_upgrade import SECOND

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20
TEXT = "word " * 4000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "news.annotator"
    with Project.create(path, SCHEME, author="ada") as project:
        project.perform(add(article(text=TEXT), layer(), action="import"))
        project.perform(add(span("s1", (0, 4), text=TEXT)))
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sound(path: Path) -> set[str]:
    with Project.open(path, author="ada") as project:
        assert project.check() == []
        return set(project.annotated("a1").spans)


@pytest.mark.fault(11)
def test_labels_are_refused_on_a_full_disk_and_saved_when_there_is_room(
    made: Path, small_disk: SmallDisk
) -> None:
    path = Path(shutil.copy(made, small_disk(2 * MEGABYTE)))
    marks = add(*(span(f"m{n}", (n, n + 4), text=TEXT) for n in range(400)))
    with Project.open(path, author="ada") as project:
        filler = fill(path.parent, leave=40_000)
        with pytest.raises(StorageError, match=r"the disk is full|has no room"):
            project.perform(marks)
        filler.unlink()
        project.perform(marks)
    assert len(sound(path)) == 401


@pytest.mark.fault(11)
@pytest.mark.parametrize("leave", [0, 5_000, 9_000])
def test_a_project_on_a_full_disk_is_read_and_says_why_it_cannot_be_changed(
    made: Path, small_disk: SmallDisk, leave: int
) -> None:
    path = Path(shutil.copy(made, small_disk(2 * MEGABYTE)))
    filler, mark = fill(path.parent, leave=leave), add(span("s2", (5, 9), text=TEXT))
    with Project.open(path, author="ada") as project:
        assert project.read_only
        assert project.lacks_room
        assert set(project.annotated("a1").spans) == {"s1"}
        with pytest.raises(NoRoom, match="the disk is full"):
            project.perform(mark)
    filler.unlink()
    with Project.open(path, author="ada") as project:
        assert not project.lacks_room
        project.perform(mark)
    assert sound(path) == {"s1", "s2"}


@pytest.mark.fault(13)
def test_a_backup_onto_a_full_disk_leaves_project_and_earlier_backups(
    made: Path, tmp_path: Path, small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(made, tmp_path))
    monkeypatch.setenv("ANNOTATOR_HOME", str(small_disk(2 * MEGABYTE)))
    with Project.open(path, author="ada") as project:
        kept = project.backup()
        before = digest(kept)
        fill(tmp_path / "disk", leave=30_000)
        with pytest.raises(StorageError, match=r"full|room|no space"):
            project.backup()
        assert project.backups() == [kept]
        assert digest(kept) == before
        assert sorted(item.name for item in kept.parent.iterdir()) == sorted(
            [kept.name, "origin.txt"]
        )
        project.perform(add(span("s2", (5, 9), text=TEXT)))
    assert sound(path) == {"s1", "s2"}


@pytest.mark.fault(16)
@pytest.mark.parametrize("leave", [0, 30_000])
def test_an_upgrade_on_a_full_disk_leaves_the_project_to_the_byte(
    made: Path, small_disk: SmallDisk, leave: int
) -> None:
    path = Path(shutil.copy(made, small_disk(2 * MEGABYTE)))
    before = digest(path)
    filler = fill(path.parent, leave=leave)
    with pytest.raises(StorageError, match=r"full|room"):
        upgrading.upgrade(path, SECOND)
    assert digest(path) == before
    assert sorted(item.name for item in path.parent.iterdir()) == ["filler", path.name]
    filler.unlink()
    assert upgrading.upgrade(path, SECOND).after == 2


@pytest.mark.fault(18)
def test_a_project_on_a_read_only_medium_is_read_exported_and_left_alone(
    made: Path, tmp_path: Path, small_disk: SmallDisk
) -> None:
    path = Path(shutil.copy(made, small_disk(2 * MEGABYTE)))
    before = digest(path)
    read_only(path.parent)
    with Project.open(path, author="ada") as project:
        assert project.read_only
        assert set(project.annotated("a1").spans) == {"s1"}
        exchange.take_out(project, tmp_path / "out.jsonl")
        with pytest.raises(StorageError, match="reading only"):
            project.perform(add(span("s2", (5, 9), text=TEXT)))
    assert (tmp_path / "out.jsonl").stat().st_size > 1000
    assert digest(path) == before


_LIMITED = """
import resource, sys
from annotator.errors import StorageError
from annotator.project import Project
from tests.store.making import add, span
text = "word " * 4000
with Project.open(sys.argv[1], author="ada") as project:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    for number in range(10_000):
        made = [span(f"{number}-{n}", (n, n + 4), text=text) for n in range(200)]
        try:
            project.perform(add(*made))
        except StorageError as error:
            print(error)
            break
        print(f"saved {number}")
"""


@pytest.mark.skipif(os.name == "nt", reason="needs the limits of processes")
@pytest.mark.fault(12)
def test_a_limit_on_the_size_of_files_is_told_as_a_disk_without_room(
    made: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(made, tmp_path))
    limit = path.stat().st_size + 100_000
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path), str(limit)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    *saved, told = done.stdout.splitlines()
    assert "has no room" in told or "full" in told
    assert len(sound(path)) == 1 + 200 * len(saved)
