"""How long until the window is there, against PySide6 with nothing of ours in it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.bench.ratios import compared

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

Record = Callable[..., None]

BARE = """
import os
{imports}
application = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
window.show()
application.processEvents()
window.grab()
os._exit(0)
"""
OURS = """
import os
from PySide6.QtWidgets import QApplication
from annotator.gui.app import Program
from annotator.gui.ask import Ask
from annotator.settings import Settings
application = QApplication([])
program = Program(application, Settings.load(), Ask())
program.window.show_welcome()
program.window.show()
application.processEvents()
program.window.grab()
{end}
os._exit(0)
"""
LOADED = """
import sys
names = [name for name in sys.modules if name.startswith("annotator")]
print(*(sys.modules[name].__file__ for name in names), sep="\\n", flush=True)
"""


def qt_imports(files: Iterable[str]) -> str:
    """Return the imports of PySide6 that these modules make when they are loaded."""
    lines = {"from PySide6.QtWidgets import QApplication, QMainWindow"}
    for file in files:
        for statement in ast.parse(Path(file).read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.ImportFrom) and "PySide6" in (statement.module or ""):
                lines.add(ast.unparse(statement))
    return "\n".join(sorted(lines))


def test_window_shown_at_a_cold_start(record: Record, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "ANNOTATOR_HOME": str(tmp_path),
    }

    def started(code: str) -> str:
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    ours = OURS.format(end="")
    bare = BARE.format(imports=qt_imports(started(OURS.format(end=LOADED)).splitlines()))
    ratio, note = compared(lambda: started(ours), lambda: started(bare), rounds=9)
    record("window shown, cold start", ratio, 2.0, note)
