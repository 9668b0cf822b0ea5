"""How the program starts and ends: quickly, and without losing anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.gui.crash import CrashReports

HEAVY = ("sqlalchemy", "alembic", "trafilatura", "nltk", "lxml", "sentencex", "pydantic", "babel")

SHOWN = """
import sys
from PySide6.QtWidgets import QApplication
from annotator.gui.app import Program
from annotator.gui.ask import Ask
from annotator.settings import Settings
application = QApplication([])
program = Program(application, Settings.load(), Ask())
program.window.show_welcome()
program.window.show()
program.window.grab()
heavy = [name for name in {heavy!r} if name in sys.modules]
print("HEAVY", heavy)
"""


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "ANNOTATOR_HOME": str(home)}


def test_the_window_is_painted_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    code = SHOWN.replace("{heavy!r}", repr(HEAVY))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "HEAVY []" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_ends_by_itself_when_it_is_told_to(
    tmp_path: Path, number: signal.Signals
) -> None:
    code = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from annotator.gui import app\n"
        "before = app.Program.open_wanted\n"
        "def told(self, arguments):\n"
        "    before(self, arguments)\n"
        "    print('OPEN', self.workspace.is_open, flush=True)\n"
        "app.Program.open_wanted = told\n"
        "sys.exit(app.run(['--sample']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "OPEN True\n"
        child.send_signal(number)
        _, errors = child.communicate(timeout=30)
        assert child.returncode == 0, errors
    assert (tmp_path / "settings.json").is_file()


def test_a_crash_is_reported_without_any_words_of_an_article(tmp_path: Path) -> None:
    told: list[Path | None] = []
    reports = CrashReports(tmp_path, told.append, lambda _error: None)
    try:
        raise ValueError("the mayor told the council")
    except ValueError as error:
        path = reports.write(error)
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "builtins.ValueError" in text
    assert "test_start.py" in text
    assert "mayor" not in text


def test_a_crash_is_told_to_the_person_once(tmp_path: Path) -> None:
    told: list[Path | None] = []
    before = (sys.excepthook, threading.excepthook)
    sys.excepthook = lambda *_: None
    reports = CrashReports(tmp_path, told.append, lambda _error: None)
    reports.install()
    try:
        sys.excepthook(ValueError, ValueError(), None)
    finally:
        reports.remove()
        sys.excepthook, threading.excepthook = before
    assert len(told) == 1
    assert told[0] is not None
    assert told[0].is_file()


def test_what_the_world_refused_is_told_and_is_no_crash(tmp_path: Path) -> None:
    refused: list[UserError] = []
    before = (sys.excepthook, threading.excepthook)
    reports = CrashReports(tmp_path, lambda _path: None, refused.append)
    reports.install()
    error = UserError("The disk is gone.")
    try:
        sys.excepthook(UserError, error, None)
    finally:
        reports.remove()
        sys.excepthook, threading.excepthook = before
    assert refused == [error]
    assert list(tmp_path.glob("crash*")) == []


def test_a_folder_that_cannot_be_written_does_not_make_a_crash_worse(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert (
        CrashReports(blocked / "inside", lambda _path: None, lambda _error: None).write(
            ValueError()
        )
        is None
    )
