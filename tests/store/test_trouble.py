"""Rows of the fault matrix that need a hand of their own: bulk kills, full disks at odd moments,
missing temporary folders, clocks that jump, memory that ends, memory that is not ours."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator import model
from annotator.errors import StorageError
from annotator.project import Project
from annotator.store import backup, places, upgrade
from tests.store import faulty_disk
from tests.store.faulty_disk import FULL, Disk, mounted
from tests.store.making import SCHEME, add, article, layer, span
from tests.store.test_upgrade import SECOND

LONG = "word " * 4000
ROOT = Path(__file__).parents[2]
needs_vfs = pytest.mark.skipif(
    faulty_disk.library() is None, reason="the SQLite of this Python is part of Python itself"
)
needs_root = pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="needs another account to be"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.annotator"
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(text=LONG), layer(), action="import"))
        made.perform(add(span("s1", (0, 4), text=LONG)))
    return path


@pytest.fixture
def shared(path: Path) -> Iterator[Path]:
    """Yield the project where another account may write it."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(shutil.copy(path, name))
        copy.parent.chmod(0o777)
        copy.chmod(0o666)
        yield copy


def run(script: str, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
    )


def sound(path: Path) -> set[str]:
    with Project.open(path, author="ada") as project:
        assert [item for item in project.check() if item.severity == "error"] == []
        return set(project.annotated("a1").spans)


_BULK = """
import os, signal, sys
from annotator.project import Project
from tests.store.faulty_disk import Disk, mounted
from tests.store.making import add, span

class Dying(Disk):
    def refuses(self, kind):
        if kind == 'write' and self.at:
            self.at -= 1
            if not self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        return False

disk = Dying()
with mounted(disk), Project.open(sys.argv[1], author='ada') as project:
    made = add(*(span(f'b{n}', (n % 4000 * 5, n % 4000 * 5 + 4), text='word ' * 4000)
               for n in range(20000)))
    disk.at = int(sys.argv[2])
    project.perform(made)
    print('saved', disk.seen)
"""


@needs_vfs
@pytest.mark.fault(4)
@pytest.mark.parametrize("write", [3, 200, 800])
def test_a_bulk_action_killed_in_the_middle_of_its_writes_left_nothing(
    path: Path, write: int
) -> None:
    done = run(_BULK, path, write)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
    assert sound(path) == {"s1"}


@needs_vfs
@pytest.mark.fault(16)
def test_an_upgrade_that_finds_no_room_leaves_the_project_to_the_byte(path: Path) -> None:
    before = path.read_bytes()
    failed = 0
    for at in (1, 5, 20):
        disk = Disk(fails="write", code=FULL, forever=True)
        with mounted(disk), pytest.MonkeyPatch.context() as patch:
            # The backup before it found room; the upgrade itself does not.
            def backed_up(
                *arguments: Any, at: int = at, disk: Disk = disk, real: Any = backup.backup
            ) -> Path:
                kept: Path = real(*arguments)
                disk.at = disk.seen.get("write", 0) + at
                return kept

            patch.setattr(backup, "backup", backed_up)
            with pytest.raises(StorageError):
                upgrade.upgrade(path, SECOND)
        failed += disk.failed
        with Project.open(path, author="ada", read_only=True) as project:
            # Whoever opens it first puts back what the journal holds.
            assert project.stats().spans == 1
        assert path.read_bytes() == before
        assert [one.name for one in path.parent.glob("news.annotator*")] == ["news.annotator"]
    assert failed >= 3
    assert sound(path) == {"s1"}


# Everything is loaded as root: another account cannot read what Python would import late. Then the
# folders for temporary files are covered by ones of root's own, in a world of this program alone.
_WITHOUT_TEMPORARY = """
import os, subprocess, sys
from pathlib import Path
from annotator import exchange
from annotator.errors import UserError
from annotator.exchange import Plan
from annotator.project import Project
from tests.store.making import add, span
def marked(name, number):
    return span(name, (number % 4000 * 5, number % 4000 * 5 + 4), text='word ' * 4000)
def work(project, beside, forms):
    project.perform(add(marked(forms[0], 3)))
    project.search('word'), project.stats(), project.check()
    for form in forms:
        exchange.take_out(project, beside.with_name('out.' + form), Plan(form=form))
path = Path(sys.argv[1])
with Project.open(path, author='ada') as project:
    work(project, path, ['jsonl', 'brat', 'conll'])
for place in ('/tmp', '/var/tmp'):
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'none', place], check=True)
os.chdir('/')
os.setgid(65534)
os.setuid(65534)
os.umask(0)
place = path.with_name('place')
place.mkdir()
with Project.open(path, author='ada') as project:
    work(project, place / 'p', ['brat', 'jsonl'])
    project.perform(add(*(marked(f'b{number}', number) for number in range(5000))))
    project.undo()
    project.backup(place / 'kept.annotator')
    print('done')
    target = place / 'out.conll'
    target.write_text('old')
    try:
        exchange.take_out(project, target, Plan(form='conll'))
    except UserError as error:
        print(error)
    print(target.read_text(), sorted(one.name for one in place.iterdir()))
"""


@pytest.fixture
def without_temporary(path: Path) -> Iterator[subprocess.CompletedProcess[str]]:
    """Yield what the program does for an account that has no folder for temporary files."""
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or shutil.which("unshare") is None:
        pytest.skip("no place beside the folder for temporary files")
    with tempfile.TemporaryDirectory(dir=elsewhere) as name:
        copy = Path(shutil.copy(path, name))
        copy.parent.chmod(0o777)
        copy.chmod(0o666)
        command = ["unshare", "-m", sys.executable, "-c", _WITHOUT_TEMPORARY, str(copy)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), "ANNOTATOR_HOME": f"{name}/home"},
        )
        if "unshare failed" in done.stderr or "permission denied" in done.stderr:
            pytest.skip("only root may cover the folders for temporary files")
        shutil.copy(copy, path)
        yield done


@needs_root
@pytest.mark.fault(17)
def test_without_a_folder_for_temporary_files_work_is_done_and_an_export_that_needs_one_says_so(
    path: Path, without_temporary: subprocess.CompletedProcess[str]
) -> None:
    assert without_temporary.returncode == 0, without_temporary.stderr
    done, told, left = without_temporary.stdout.splitlines()
    assert done == "done"
    assert "/place/out.conll could not be written, because no temporary file can be in /tmp" in told
    assert ".part" not in told
    assert left.startswith("old ")
    assert ".part" not in left
    assert sound(path) == {"s1", "jsonl", "brat"}


_READ_ONLY = """
import os, sys
from annotator.errors import StorageError
from annotator.project import Project
from tests.store.making import add, span
def marked(name, at):
    return add(span(name, (at, at + 4), text='word ' * 4000))
# As root first: another account cannot read what Python imports late.
with Project.open(sys.argv[1], author='ada') as project:
    project.perform(marked('w', 15))
    project.check(); project.search('word')
    project.drop_draft(project.save_draft(marked('d', 15), 'none', beside=True))
os.setgid(65534); os.setuid(65534)
with Project.open(sys.argv[1], author='ada') as p:
    p.perform(marked('one', 5))
    print('saved', flush=True); input()
    two = marked('two', 10)
    try:
        p.perform(two)
    except StorageError as error:
        p.save_draft(two, str(error))
        print(error, flush=True)
    print(sorted(p.annotated('a1').spans), len(p.drafts()), flush=True); input()
    (draft,) = p.drafts()
    p.perform(draft.edit)
    p.drop_draft(draft.id)
    p.perform(marked('three', 20))
"""


@needs_root
@pytest.mark.fault(19)
@pytest.mark.parametrize(
    ("what", "mode", "told"),
    [
        ("file", 0o444, "can only be read by now"),
        ("folder", 0o555, "can only be read, not written"),
    ],
)
def test_what_becomes_read_only_in_between_is_told_kept_and_saved_when_it_is_writable_again(
    shared: Path, what: str, mode: int, told: str
) -> None:
    place = shared if what == "file" else shared.parent
    before = place.stat().st_mode
    home = shared.parent.with_name(f"{shared.parent.name}-home")
    home.mkdir()
    home.chmod(0o777)
    with subprocess.Popen(
        [sys.executable, "-c", _READ_ONLY, str(shared)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ANNOTATOR_HOME": str(home)},
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "saved\n"
        for path in home.rglob("*"):
            path.chmod(0o777)
        place.chmod(mode)
        child.stdin.write("\n")
        child.stdin.flush()
        said = child.stdout.readline()
        assert shared.name in said
        assert told in said
        assert child.stdout.readline() == "['one', 's1', 'w'] 1\n"
        place.chmod(before)
        child.communicate("\n", timeout=60)
    shutil.rmtree(home)
    assert child.returncode == 0
    assert sound(shared) == {"s1", "w", "one", "two", "three"}


@pytest.mark.fault(47)
def test_a_clock_that_jumps_back_changes_no_order(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(["2031-01-01T00:00:00.000+00:00", "1999-01-01T00:00:00.000+00:00"])
    monkeypatch.setattr("annotator.project.now", lambda: next(times))
    with Project.open(path, author="ada") as project:
        project.perform(add(span("late", (5, 9), text=LONG)))
        project.perform(add(span("early", (10, 14), text=LONG)))
        monkeypatch.setattr("annotator.project.now", model.now)
        first, second = project.history(2)
        assert (first.edit.time[:4], second.edit.time[:4]) == ("1999", "2031")
        assert first.revision > second.revision
        project.undo()
        assert set(project.annotated("a1").spans) == {"s1", "late"}
        assert project.edits_since(second.revision)[0].edit.time[:4] == "1999"


_DYING = """
import ctypes, resource, sys
from annotator.project import Project
from tests.store.making import add, span
with Project.open(sys.argv[1], author='ada') as project:
    project.perform(add(span('kept', (5, 9), text='word ' * 4000)))
    print('saved', flush=True)
    if sys.argv[2] == 'memory':
        size = 1 << 20
        with open('/proc/self/statm') as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + 8 * size, now + 8 * size))
        project.perform(add(*(span(f'm{n}', (0, 4), text='word ' * 4000) for n in range(400000))))
    else:
        ctypes.string_at(0)
"""


@pytest.mark.fault(48)
@pytest.mark.skipif(sys.platform != "linux", reason="needs the limits of Linux")
@pytest.mark.parametrize("how", ["memory", "segfault"])
def test_what_was_saved_is_there_after_memory_ended_or_was_not_ours(path: Path, how: str) -> None:
    done = run(_DYING, path, how)
    assert done.returncode != 0
    assert done.stdout == "saved\n"
    assert sound(path) == {"s1", "kept"}


@pytest.mark.fault(21)
@pytest.mark.parametrize(
    ("mounts", "told"),
    [
        ("server:/home /data nfs4 rw 0 0\n", "nfs4"),
        ("//server/share /data cifs rw 0 0\n", "cifs"),
        ("me@host:/x /data fuse.sshfs rw 0 0\n", "fuse.sshfs"),
        ("/dev/sda1 /data ext4 rw 0 0\n", ""),
        ("server:/home /data nfs4 rw 0 0\n/dev/sda1 /data/news ext4 rw 0 0\n", ""),
        ("server:/home /data\\040set nfs4 rw 0 0\n", ""),
    ],
)
def test_a_folder_on_a_network_is_told_by_its_kind(tmp_path: Path, mounts: str, told: str) -> None:
    listed = tmp_path / "mounts"
    listed.write_text(f"/dev/root / ext4 rw 0 0\n{mounts}")
    assert places.network_of(Path("/data/news/p.annotator"), listed) == told


@pytest.mark.fault(21)
@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Press", "Nextcloud", "iCloud Drive"])
def test_a_folder_that_is_sent_to_a_cloud_is_told_by_its_name(tmp_path: Path, name: str) -> None:
    assert places.network_of(tmp_path / name / "p.annotator", tmp_path / "none") == name
    assert places.network_of(tmp_path / "news" / "p.annotator", tmp_path / "none") == ""
