"""A folder is replaced whole or not at all, and only if an export made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.formats.replacing import ExportError, replacing_folder


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
