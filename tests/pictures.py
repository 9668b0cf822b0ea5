"""Make the pictures of the README again: ``python -m tests.pictures``.

The real program shows its sample, is driven by keys, and is grabbed at twice its size.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / ".github" / "pictures"
SIZE = (1440, 900)


def main() -> int:
    """Write the pictures; return the exit code."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = "1.5"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["ANNOTATOR_HOME"] = home
        _take()
    return 0


def _take() -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from annotator.gui.app import Program
    from annotator.gui.ask import Ask
    from annotator.settings import Settings

    application = QApplication(["annotator"])
    settings = Settings.load()
    settings.first_run, settings.theme, settings.author = False, "light", "noor"
    settings.dismissed = ["guide"]
    program = Program(application, settings, Ask())
    window, workspace = program.window, program.workspace
    window.resize(*SIZE)
    window.show()
    window.projects.open_sample()

    def until(condition: Callable[[], bool]) -> None:
        for _ in range(1000):
            application.processEvents()
            if condition():
                return
            QTest.qWait(5)
        raise AssertionError("what was waited for did not happen")

    until(lambda: workspace.annotated is not None)
    window.resize(*SIZE)
    annotated = workspace.desk.annotated
    claim = next(
        span
        for span in annotated.spans.values()
        if span.label == "Claim" and len(span.fragments) > 1 and span.layer_id == workspace.layer.id
    )
    workspace.select((claim.id,))
    if window.view is not None:
        window.view.set_caret(claim.end)
    QTest.qWait(400)
    _save(window.grab().toImage(), "annotate")
    program.set_theme("dark")
    window.commands.run("relation.attributed_to")
    until(lambda: workspace.linking is not None)
    QTest.qWait(400)
    _save(window.grab().toImage(), "linking")
    workspace.linking = None
    program.set_theme("light")
    window.commands.run("place.review")
    QTest.qWait(1500)
    window.commands.run("review.next")
    QTest.qWait(600)
    _save(window.grab().toImage(), "review")
    window.close()
    program.close()


def _save(picture: object, name: str) -> None:
    from PySide6.QtGui import QImage

    assert isinstance(picture, QImage)
    few = picture.convertToFormat(QImage.Format.Format_RGB888)
    target = FOLDER / f"{name}.png"
    few.save(str(target), quality=0)
    print(f"{target.name}: {few.width()} x {few.height()}, {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
