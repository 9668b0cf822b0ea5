"""Why PySide6 is held below 6.12: its void methods let go of None once too often."""

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]

# CPython 3.11 counts references to None, starts with some thousands of them, and aborts the
# process at zero; since 3.12 None is immortal and the mistake does not show.
_CALLS = """
import sys
from PySide6.QtGui import QPainterPath
path = QPainterPath()
before = sys.getrefcount(None)
for _ in range(200_000):
    path.moveTo(1.0, 2.0)
print(before - sys.getrefcount(None))
"""


def _pyside_pin() -> Requirement:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (pin,) = (
        requirement
        for requirement in map(Requirement, project["dependencies"])
        if requirement.name == "PySide6-Essentials"
    )
    return pin


def test_methods_of_qt_that_return_nothing_do_not_use_up_none() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CALLS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert abs(int(done.stdout)) < 1000


@pytest.mark.parametrize("broken", ["6.12.0", "6.12.1"])
def test_the_pin_excludes_the_release_that_aborts(broken: str) -> None:
    assert Version(broken) not in _pyside_pin().specifier


def test_the_installed_qt_is_one_that_the_pin_allows() -> None:
    assert Version(version("PySide6-Essentials")) in _pyside_pin().specifier
