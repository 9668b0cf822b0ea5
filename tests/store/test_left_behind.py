"""What a program that is killed leaves beside a project, and what others put there."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator import recovery
from annotator.errors import UserError
from annotator.project import Project
from tests.store import faulty_disk
from tests.store.making import SCHEME, add, article, layer, span

ROOT = Path(__file__).parents[2]
TEXT = "word " * 4000

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL"),
    pytest.mark.skipif(
        faulty_disk.library() is None, reason="the SQLite of this Python is part of Python itself"
    ),
]

_DYING = """
import os, signal, sys
from pathlib import Path
from annotator.project import Project
from tests.failing_files import Fate, failing
from tests.store.making import add, span

class Dying(Fate):
    def refuses(self):
        self.seen += 1
        if self.seen == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        return False

path, what = Path(sys.argv[1]), sys.argv[2]
fate = Dying()
with failing(fate, path.parent):
    project = Project.open(path, author="ada")
    fate.seen = 0 if what != "open" else fate.seen
    if what == "bulk":
        text = "word " * 4000
        project.perform(add(*(span(f"b{n}", (n % 3000, n % 3000 + 4), text=text)
                              for n in range(int(sys.argv[4])))))
    elif what == "backup":
        project.backup(path.parent / "copy.annotator")
    fate.seen = 0 if what == "close" else fate.seen
    project.close()
print(fate.seen)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "news.annotator"
    path.parent.mkdir()
    return _made(path)


def _made(path: Path) -> Path:
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(text=TEXT), layer(), action="import"))
        made.perform(add(span("s1", (0, 4), text=TEXT)))
    return path


def killed(path: Path, what: str, at: int, labels: int = 2000) -> int:
    """Kill a program at its *at*-th change of the disk; return how many there were otherwise."""
    done = subprocess.run(
        [sys.executable, "-c", _DYING, str(path), what, str(at), str(labels)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    assert (done.returncode == 0) == (at == 0), done.stderr
    return int(done.stdout or 0)


def state(path: Path) -> tuple[Any, ...]:
    """Return what is in a project that has to be sound, by the check and its history."""
    with recovery.open_sound(path, author="ada") as project:
        assert project.check() == []
        return project.annotated("a1"), [item.edit.id for item in project.edits_since(0)]


def check_killed(path: Path, what: str, at_most: int | None = None) -> None:
    before = state(path)
    (path.parent / "copy.annotator").write_bytes(path.read_bytes())
    kept = state(path.parent / "copy.annotator")
    whole = path.read_bytes()
    changes = killed(path, what, 0)
    assert changes >= 2
    for at in range(1, changes + 1, 1 if at_most is None else 1 + changes // at_most):
        path.write_bytes(whole)
        killed(path, what, at)
        assert state(path) == before
        assert state(path.parent / "copy.annotator") == kept
        with Project.open(path, author="ada") as project:
            project.backup(path.parent / "copy.annotator")
        assert {item.name for item in path.parent.iterdir()} == {path.name, "copy.annotator"}


@pytest.mark.slow
@pytest.mark.fault(5)
@pytest.mark.parametrize(("what", "at_most"), [("backup", 2), ("close", 1)])
def test_a_kill_in_a_backup_or_while_closing_costs_nothing(
    path: Path, what: str, at_most: int
) -> None:
    check_killed(path, what, at_most)


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.fault(5)
@pytest.mark.parametrize("what", ["backup", "close"])
def test_a_kill_at_any_change_of_a_backup_or_of_closing_costs_nothing(
    path: Path, what: str
) -> None:
    check_killed(path, what)


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.fault(4)
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_a_bulk_action_of_a_hundred_thousand_labels_killed_in_the_middle_left_nothing(
    path: Path, share: float
) -> None:
    before = state(path)
    changes = killed(Path(shutil.copy(path, path.with_stem("whole"))), "bulk", 0, 100_000)
    killed(path, "bulk", round(changes * share), 100_000)
    assert state(path) == before


# -- journals ------------------------------------------------------------------------------------


@pytest.fixture
def torn(_torn: Path, tmp_path: Path) -> Path:
    """Return a project whose program was killed in a large write, with the journal of that."""
    return Path(shutil.copytree(_torn.parent, tmp_path / "torn")) / _torn.name


@pytest.fixture(scope="module")
def _torn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = _made(tmp_path_factory.mktemp("torn") / "news.annotator")
    # By the end of such an edit some of its pages are in the file already.
    for at in (900, 600, 300, 150):
        whole = path.read_bytes()
        killed(path, "bulk", at, 40_000)
        if journal_of(path).exists() and path.read_bytes() != whole:
            return path
        path.write_bytes(whole)
        journal_of(path).unlink(missing_ok=True)
    pytest.fail("no kill left the file half written")


def journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def told_or_right(path: Path, right: tuple[Any, ...]) -> str:
    """Return what was told; what nobody told of has to be as it was."""
    try:
        with recovery.open_sound(path, author="ada") as project:
            told = [item.message for item in project.check()]
            found = project.annotated("a1"), [item.edit.id for item in project.edits_since(0)]
    except UserError as error:
        return str(error)
    assert told or found == right
    return " ".join(told)


@pytest.mark.fault(28)
def test_the_journal_of_a_killed_program_takes_back_what_was_half_written(torn: Path) -> None:
    with recovery.open_sound(torn, author="ada") as project:
        assert set(project.annotated("a1").spans) == {"s1"}
        assert project.check() == []
    assert not journal_of(torn).exists()


@pytest.mark.fault(28)
def test_a_half_written_file_without_its_journal_is_told(torn: Path) -> None:
    journal_of(torn).unlink()
    size = torn.stat().st_size
    assert told_or_right(torn, ())
    assert torn.stat().st_size == size


def refused_whole(path: Path) -> None:
    """Hold that a journal is told and changes nothing, and that without it all is there."""
    journal = journal_of(path)
    before = path.read_bytes(), journal.read_bytes()
    for read_only in (True, False):
        with pytest.raises(UserError, match=f"{journal.name}.*not about its newest state"):
            Project.open(path, author="ada", read_only=read_only)
    assert (path.read_bytes(), journal.read_bytes()) == before
    journal.rename(path.parent / "away")


@pytest.mark.fault(28)
@pytest.mark.parametrize("edits", range(6))
def test_the_journal_of_another_project_is_told_and_changes_nothing(
    torn: Path, tmp_path: Path, edits: int
) -> None:
    """By their numbers of edits, the two projects have counted the same transactions once."""
    other = tmp_path / "other.annotator"
    with Project.create(other, SCHEME, author="ada") as made:
        made.perform(add(article(text=TEXT), layer(), action="import"))
        for number in range(edits):
            made.perform(add(span(f"o{number}", (0, 4), text=TEXT)))
    right = state(other)
    shutil.copy(journal_of(torn), journal_of(other))
    refused_whole(other)
    assert state(other) == right


@pytest.mark.fault(28)
def test_a_stale_journal_is_told_and_takes_nothing_back(torn: Path, tmp_path: Path) -> None:
    stale = tmp_path / "stale"
    shutil.copy(journal_of(torn), stale)
    state(torn)
    with Project.open(torn, author="ada") as project:
        project.perform(add(*(span(f"n{n}", (n, n + 4), text=TEXT) for n in range(500))))
    right = state(torn)
    shutil.copy(stale, journal_of(torn))
    refused_whole(torn)
    assert state(torn) == right


# -- another file in the place --------------------------------------------------------------------


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return another project that is going to take the place."""
    location = tmp_path / "other.annotator"
    Project.create(location, SCHEME, title="Another", author="bob").close()
    return location


@pytest.mark.fault(26)
def test_what_was_open_is_saved_elsewhere_after_another_file_took_its_place(
    path: Path, other: Path, tmp_path: Path
) -> None:
    with Project.open(path, author="ada") as project:
        right = project.annotated("a1")
        other.replace(path)
        copy = project.backup(tmp_path / "rescued.annotator")
    with Project.open(copy, author="ada") as rescued:
        assert rescued.annotated("a1") == right
        assert rescued.check() == []


@pytest.mark.fault(26)
def test_another_file_in_the_place_is_never_read_as_if_it_were_ours(
    path: Path, other: Path
) -> None:
    with Project.open(path, author="ada") as project:
        other.replace(path)
        # A second question at the same time needs a connection of its own.
        with (
            project._store.reading(),
            pytest.raises(UserError, match="Another file"),
            project._store.reading(),
        ):
            pass
