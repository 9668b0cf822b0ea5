"""What a bare Debian lacks is installed where that is allowed, and named where it is not."""

import json
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from annotator.system_packages import MissingPackages, install, probe, provide_qt

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only a Linux can lack them"
)

_GOOD = {"qt": None, "window": None, "fonts": 9}
_NO_EGL = {**_GOOD, "qt": "libEGL.so.1: cannot open shared object file"}


def _program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand a recording apt-get on the path, which knows no package until it has updated."""
    log = tmp_path / "apt.log"
    script = f"""echo "$*" >> '{log}'
case "$1" in update) touch '{tmp_path}/lists';; *) test -e '{tmp_path}/lists';; esac"""
    _program(tmp_path / "bin", "apt-get", script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return log


def _python(tmp_path: Path, *answers: Mapping[str, object]) -> str:
    """Return an interpreter that reports one answer after the other, and the last for ever."""
    for number, answer in enumerate(answers):
        (tmp_path / f"answer{number}").write_text(json.dumps(answer), encoding="utf-8")
    script = f"""cd '{tmp_path}'
n=$(cat asked 2>/dev/null || echo 0); echo $((n + 1)) > asked
test -e "answer$n" || n={len(answers) - 1}
cat "answer$n" """
    return str(_program(tmp_path / "python", "python", script))


def test_as_root_the_libraries_are_installed_after_an_update(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    provide_qt(_python(tmp_path, _NO_EGL, _GOOD), window=False)
    tried, updated, installed = apt.read_text("utf-8").splitlines()
    assert updated.startswith("update")
    assert installed == tried
    assert installed.startswith("install -y --no-install-recommends libegl1 libgl1 ")
    assert "libxcb-cursor0" not in installed


def test_a_window_asks_for_the_libraries_of_x11_besides(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    no_xcb = {**_GOOD, "window": "libxcb-cursor.so.0: cannot open shared object file"}
    provide_qt(_python(tmp_path, no_xcb, _GOOD), window=True)
    assert "libxcb-cursor0" in apt.read_text("utf-8")


def test_a_system_without_any_font_gets_one(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    provide_qt(_python(tmp_path, {**_GOOD, "fonts": 0}, _GOOD), window=False)
    assert apt.read_text("utf-8").splitlines()[-1].endswith("fonts-noto-core -qq")


def test_nothing_is_installed_where_nothing_is_missing(apt: Path, tmp_path: Path) -> None:
    provide_qt(_python(tmp_path, _GOOD), window=True)
    assert not apt.exists()


def test_without_rights_the_exact_line_is_told(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    _program(tmp_path / "bin", "sudo", "exit 1")
    with pytest.raises(MissingPackages) as told:
        provide_qt(_python(tmp_path, _NO_EGL), window=False)
    assert "Qt does not start here (libEGL.so.1" in str(told.value)
    assert "\n    sudo apt-get install -y --no-install-recommends libegl1 " in str(told.value)
    assert not apt.exists()


def test_a_sudo_that_asks_nothing_is_used(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    _program(tmp_path / "bin", "sudo", 'test "$1" = -n && shift && exec "$@"')
    install(("python3.11-venv",), why="Python's module venv is missing")
    assert "python3.11-venv" in apt.read_text("utf-8")


def test_without_apt_the_packages_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPackages, match=r"package manager.* libegl1"):
        install(("libegl1",), why="libEGL.so.1 is missing")


def test_libraries_that_do_not_help_are_said_to_be_missing_still(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(MissingPackages, match=r"did not help: Qt does not start.*libEGL"):
        provide_qt(_python(tmp_path, _NO_EGL), window=False)


def test_the_real_probe_sees_that_qt_loads_here() -> None:
    found = probe(sys.executable)
    assert found["qt"] is None
    assert isinstance(found["fonts"], int)
    assert found["fonts"] > 0


def test_a_python_without_qt_is_told_from_one_that_has_it(tmp_path: Path) -> None:
    empty = _program(tmp_path / "python", "python", f'exec "{sys.executable}" -S -I "$@"')
    assert "PySide6" in str(probe(str(empty))["qt"])
