"""How long until the window is there, against PySide6 with nothing of ours in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.ratios import compared

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

Record = Callable[..., None]

BARE = """
import os
from PySide6 import QtCore, QtGui, QtWidgets
application = QtWidgets.QApplication([])
window = QtWidgets.QMainWindow()
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
os._exit(0)
"""


def test_window_shown_at_a_cold_start(record: Record, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "ANNOTATOR_HOME": str(tmp_path),
    }

    def started(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)

    ratio, note = compared(lambda: started(OURS), lambda: started(BARE), rounds=9)
    record("window shown, cold start", ratio, 2.0, note)
