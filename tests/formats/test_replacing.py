"""Files and folders are replaced whole or not at all, and only if an export made them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotator.formats.replacing import ExportError, replacing, replacing_folder

ROOT = Path(__file__).parents[2]


def contents(folder: Path) -> dict[str, str]:
    return {item.name: item.read_text() for item in folder.iterdir() if item.name[0] != "."}


def export(target: Path, **files: str) -> None:
    with replacing_folder(target) as folder:
        for name, text in files.items():
            (folder / name).write_text(text)


def fail(target: Path) -> None:
    with replacing_folder(target) as folder:
        (folder / "a").write_text("2")
        raise OSError(28, "No space left on device")


def test_a_folder_takes_the_place_of_the_export_before_it(tmp_path: Path) -> None:
    export(tmp_path / "out", a="1", b="2")
    export(tmp_path / "out", a="3")
    assert contents(tmp_path / "out") == {"a": "3"}
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


def test_what_fails_leaves_the_old_folder_and_nothing_else(tmp_path: Path) -> None:
    export(tmp_path / "out", a="1")
    with pytest.raises(ExportError, match="could not be written"):
        fail(tmp_path / "out")
    assert contents(tmp_path / "out") == {"a": "1"}
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


@pytest.mark.hostile(30)
def test_a_folder_of_a_persons_own_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years")
    with pytest.raises(ExportError, match="no export made"):
        export(tmp_path / "mine", a="1")
    assert contents(tmp_path / "mine") == {"thesis.txt": "years"}


@pytest.mark.hostile(30)
def test_a_file_is_no_folder_and_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match="is a file"):
        export(tmp_path / "file", a="1")
    (tmp_path / "empty").mkdir()
    export(tmp_path / "empty", a="1")
    assert contents(tmp_path / "empty") == {"a": "1"}


_WRITES = """
import sys
from pathlib import Path
from annotator.formats import replacing
with getattr(replacing, sys.argv[1])(Path(sys.argv[2])):
    print("begun", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_at_work(way: str, target: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Have another program in the middle of writing to *target*, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", _WRITES, way, str(target)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"begun"
        yield process
        process.kill()


def write(way: str, target: Path) -> None:
    if way == "replacing":
        with replacing(target) as file:
            file.write(b"new")
    else:
        export(target, a="new")


def names(folder: Path) -> set[str]:
    return {item.name for item in folder.iterdir()}


@pytest.mark.parametrize("way", ["replacing", "replacing_folder"])
@pytest.mark.parametrize("name", ["out", "[o]*?." + "long" * 40])
def test_what_a_killed_program_left_is_removed_and_what_is_being_written_is_not(
    tmp_path: Path, way: str, name: str
) -> None:
    target = tmp_path / name
    with another_at_work(way, target):
        (begun,) = names(tmp_path)
        write(way, target)
        assert names(tmp_path) == {begun, name}
    write(way, target)
    assert names(tmp_path) == {name}


def test_what_another_machine_writes_and_what_is_no_draft_stays(tmp_path: Path) -> None:
    others = {".out.abcdef-1-1-0123456789.part", ".out.part", ".out.mine.part", ".out.1-2-3.part"}
    others |= {".out.0a1b2c-99999999-5-01234567.part", ".other.x-1-1-01234567.part"}
    for name in others:
        (tmp_path / name).write_bytes(b"x")
    write("replacing", tmp_path / "out")
    assert names(tmp_path) == {*others, "out"}
