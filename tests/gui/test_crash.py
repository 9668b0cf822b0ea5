"""The program itself is wrong: told once, plainly, written down without a word of any article."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from annotator import crashes
from annotator.crashes import Crash, Crashes
from annotator.errors import UserError
from annotator.gui.crash import CrashReports
from annotator.gui.crash_dialog import CrashDialog
from annotator.project import Project
from tests.gui.conftest import Answers, until
from tests.gui.hand import Hand

WORDS = "the mayor told the council"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is provoked here from those who watch over the tests."""
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)
    monkeypatch.setattr(sys, "unraisablehook", lambda *_: None)


@pytest.fixture
def told() -> list[Crash]:
    return []


@pytest.fixture
def refused() -> list[UserError]:
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "reports"


@pytest.fixture
def reports(
    qapp: QApplication,
    quiet: None,
    folder: Path,
    told: list[Crash],
    refused: list[UserError],
) -> Iterator[CrashReports]:
    made = CrashReports(Crashes(folder, "window"), told.append, refused.append)
    made.install()
    yield made
    made.remove()


def fail() -> None:
    raise ValueError(WORDS)


def written(folder: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(folder.glob("crash-*.txt"))]


def raised(error: type[Exception] = ValueError) -> Exception:
    try:
        raise error(WORDS)
    except error as found:
        return found


def hooked(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def test_a_report_names_places_and_no_words_of_an_article(
    reports: CrashReports, told: list[Crash], folder: Path
) -> None:
    hooked(raised())
    (text,) = written(folder)
    assert "builtins.ValueError" in text
    assert "test_crash.py" in text
    assert "mayor" not in text
    assert [crash.words for crash in told] == [f"ValueError: {WORDS}"]


def test_an_error_in_a_slot_of_the_window_is_told_in_the_windows_turn(
    reports: CrashReports, told: list[Crash]
) -> None:
    QTimer.singleShot(0, fail)
    until(lambda: bool(told))
    assert told[0].report is not None
    assert told[0].report.is_file()


def test_an_error_in_a_thread_is_told_by_the_window(reports: CrashReports) -> None:
    where: list[threading.Thread] = []
    reports.tell = lambda _crash: where.append(threading.current_thread())
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    until(lambda: bool(where))
    assert where == [threading.main_thread()]


def test_the_same_error_again_has_no_second_report(
    reports: CrashReports, told: list[Crash], folder: Path
) -> None:
    error = raised()
    hooked(error)
    hooked(error)
    assert [crash.again for crash in told] == [False, True]
    assert len(written(folder)) == 1


def test_what_the_world_refused_is_told_and_is_no_crash(
    reports: CrashReports, refused: list[UserError], folder: Path
) -> None:
    error = UserError("The disk is gone.")
    hooked(error)
    assert refused == [error]
    assert written(folder) == []


def test_a_folder_that_cannot_be_written_does_not_make_a_crash_worse(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    found = Crashes(blocked / "inside", "window")
    found.begin()
    assert found.met(raised()).report is None
    found.end()


def test_only_the_newest_reports_are_kept(folder: Path) -> None:
    found = Crashes(folder, "window")
    kinds = [type(f"Kind{number}", (Exception,), {}) for number in range(crashes.KEPT + 5)]
    for kind in kinds:
        found.met(raised(kind))
    texts = written(folder)
    assert len(texts) == crashes.KEPT
    assert any(f"Kind{crashes.KEPT + 4}\n" in text for text in texts)


# -- what ends the program at once ---------------------------------------------------------------

DYING = """
import ctypes, os, resource, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from annotator.crashes import Crashes
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
words = "the mayor told the council"
if sys.argv[1] == "window":
    from annotator.gui import app
    app.Program.open_wanted = lambda self, arguments: QTimer.singleShot(0, os.abort)
    app.run([])
crashes = Crashes(Path(os.environ["ANNOTATOR_HOME"]), "window")
crashes.begin()
if sys.argv[1] == "nothing":
    raise SystemExit(crashes.end())
if sys.argv[1] == "segfault":
    ctypes.string_at(0)
os.kill(os.getpid(), 9)
"""


def died(home: Path, how: str) -> None:
    surroundings = {"QT_QPA_PLATFORM": "offscreen", "ANNOTATOR_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", DYING, how],
        env={**os.environ, **surroundings, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode < 0) == (how != "nothing"), done.stderr


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs the limits of Linux")


@pytest.mark.fault(48)
@on_linux
@pytest.mark.parametrize("how", ["window", "segfault"])
def test_the_start_after_a_native_crash_tells_of_it_and_has_a_report(
    hand: Hand, answers: Answers, tmp_path: Path, how: str
) -> None:
    home = tmp_path / "crashed"
    died(home, how)
    found = Crashes(home, "window").earlier()
    (text,) = [path.read_text("utf-8") for path in found]
    assert "Fatal Python error" in text
    assert WORDS not in text
    hand.program.tell_earlier(found)
    assert "Everything that was called saved is there." in answers.said[-1]
    assert str(found[0]) in answers.said[-1]
    assert Crashes(home, "window").earlier() == []


@on_linux
def test_a_program_that_was_killed_from_outside_has_no_report(tmp_path: Path) -> None:
    died(tmp_path, "kill")
    assert len(list(tmp_path.glob("ended-*"))) == 1
    assert Crashes(tmp_path, "window").earlier() == []
    assert list(tmp_path.glob("ended-*")) == []


@on_linux
def test_a_program_that_ended_in_order_leaves_nothing_to_tell(tmp_path: Path) -> None:
    died(tmp_path, "nothing")
    assert list(tmp_path.iterdir()) == []


# -- in the window -------------------------------------------------------------------------------


def test_what_is_safe_is_told_with_the_place_of_the_report(
    hand: Hand, answers: Answers, folder: Path
) -> None:
    hand.mark("Marta Ilves", "Speaker")
    hand.save()
    crash = Crashes(folder, "window").met(raised())
    hand.program.tell_crash(crash)
    assert "Everything you did is saved." in answers.said[-1]
    assert str(crash.report) in answers.said[-1]
    assert WORDS not in answers.said[-1]


def test_an_error_in_a_save_is_told_and_the_edit_is_saved_all_the_same(
    hand: Hand, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.gui.writer import Writer

    monkeypatch.setattr(Writer, "RETRY_SECONDS", 0.05)
    failed: list[object] = []
    real = Project.perform

    def perform(self: Project, edit: object) -> object:
        if not failed:
            failed.append(edit)
            raise KeyError(WORDS)
        return real(self, edit)  # type: ignore[arg-type]

    monkeypatch.setattr(Project, "perform", perform)
    states: list[str] = []
    hand.workspace.saving.connect(states.append)
    hand.mark("Marta Ilves", "Speaker")
    until(lambda: bool(states) and states[-1] == "saved")
    assert "failed" in states
    assert hand.workspace.project.stats().spans == 1


def test_an_error_in_longer_work_ends_it_and_what_comes_after_is_saved(
    hand: Hand, quiet: None
) -> None:
    reasons: list[str] = []

    def work(_project: Project) -> None:
        raise KeyError(WORDS)

    hand.workspace.change(work).failed.connect(reasons.append)
    until(lambda: bool(reasons))
    assert WORDS not in reasons[0]
    hand.mark("Marta Ilves", "Speaker")
    hand.save()
    assert hand.workspace.project.stats().spans == 1


@pytest.fixture
def dialog(hand: Hand, folder: Path) -> Iterator[CrashDialog]:
    crash = Crashes(folder, "window").met(raised())
    assert crash.report is not None
    made = CrashDialog(crash.report, crash.words, hand.program.theme, hand.window)
    made.show()
    yield made
    made.done(0)
    made.deleteLater()


def press(dialog: CrashDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    button.click()


def test_a_person_adds_to_the_report_what_they_want_to_be_in_it(
    dialog: CrashDialog, folder: Path
) -> None:
    assert WORDS not in dialog.text.toPlainText()
    QTest.keyClicks(dialog.note, "I pressed S twice")
    press(dialog, "button.add")
    (text,) = written(folder)
    assert text.endswith("Added by the person:\nI pressed S twice\n")
    assert WORDS not in text


def test_what_the_error_says_is_added_on_request_only(dialog: CrashDialog, folder: Path) -> None:
    dialog.quoting.click()
    press(dialog, "button.add")
    assert WORDS in written(folder)[0]


def test_closing_the_report_adds_nothing(dialog: CrashDialog, folder: Path) -> None:
    before = written(folder)
    QTest.keyClicks(dialog.note, "never mind")
    dialog.quoting.click()
    press(dialog, "button.close")
    assert written(folder) == before
