"""How long until the window is there, against PySide6 with nothing of ours in it.

Both sides are started as people start the program: through the way in, with byte code that an
earlier start has left. It lies in a folder of the bench, so that neither what this machine has
compiled before nor a wish to write none makes a difference. What counts is the time of the
processor; the time on the clock stands beside it.
"""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from annotator.settings import Settings

resource = pytest.importorskip("resource", reason="the time of a child is not told on Windows")

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

Record = Callable[..., None]

ROUNDS = 11
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
from annotator.__main__ import main

def painted():
    application = QApplication.instance()
    application.processEvents()
    (window,) = [w for w in application.topLevelWidgets() if w.isVisible() and w.isWindow()]
    window.grab()
    {end}
    os._exit(0)

QApplication.exec = lambda *_: painted()
main([])
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
    # Not the very first start, which opens the sample.
    Settings(path=tmp_path / "settings.json").save()
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "ANNOTATOR_HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONPYCACHEPREFIX": str(tmp_path / "byte-code"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def started(code: str) -> str:
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def times(code: str) -> tuple[float, float]:
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        started(code)
        ended, after = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return worked, ended - begun

    ours = OURS.format(end="")
    bare = BARE.format(
        imports=qt_imports(filter(None, started(OURS.format(end=LOADED)).splitlines()))
    )
    started(bare)
    pairs = [(times(ours), times(bare)) for _ in range(ROUNDS)]
    mine, theirs, clock = (
        statistics.median(found)
        for found in (
            [own[0] for own, _ in pairs],
            [other[0] for _, other in pairs],
            [own[1] for own, _ in pairs],
        )
    )
    note = f"{mine * 1000:.0f} ms / {theirs * 1000:.0f} ms; {clock * 1000:.0f} ms on the clock"
    record("window shown, cold start", mine / theirs, 2.0, note)
