"""How the program starts and ends: quickly, and without losing anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

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
