"""The real window for tests, with answers at hand in the place of dialogs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QFont, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from annotator import translation
from annotator.gui.actions import Actions
from annotator.gui.app import Program
from annotator.gui.ask import Ask
from annotator.gui.main_window import MainWindow
from annotator.gui.parts import use_font
from annotator.gui.review.batch_preview import BatchPreview
from annotator.settings import Settings
from tests.watchdog import Watch, WatchedApplication, allowances, load_everything


class Answers(Ask):
    """Keeps what was said, and answers from a list."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.answers: list[Any] = []

    def _next(self, otherwise: Any) -> Any:
        return self.answers.pop(0) if self.answers else otherwise

    def tell(self, parent: QWidget | None, text: str, detail: str = "") -> None:
        self.said.append(f"{text} {detail}")

    def warn(self, parent: QWidget | None, text: str, detail: str = "") -> None:
        self.said.append(f"{text} {detail}")

    def offer(self, parent: QWidget | None, text: str, more: str, detail: str = "") -> bool:
        self.said.append(f"{text} {detail}")
        return bool(self._next(False))

    def choose(
        self, parent: QWidget | None, text: str, choices: Sequence[str], detail: str = ""
    ) -> int | None:
        self.said.append(text)
        found: int | None = self._next(None)
        return found

    def line(self, parent: QWidget | None, title: str, prompt: str, text: str = "") -> str | None:
        self.said.append(prompt)
        found: str | None = self._next(None)
        return found

    def open_files(
        self, parent: QWidget | None, title: str, kinds: str, folder: str = ""
    ) -> list[Path]:
        found: list[Path] = self._next([])
        return found

    def open_folder(self, parent: QWidget | None, title: str, folder: str = "") -> Path | None:
        found: Path | None = self._next(None)
        return found

    def save_file(
        self, parent: QWidget | None, title: str, kinds: str, name: str = ""
    ) -> Path | None:
        found: Path | None = self._next(None)
        return found


Start = Callable[..., Program]
Look = Callable[[BatchPreview], None]
"""Looks at the preview of a bulk decision."""


def until(condition: Callable[[], bool]) -> None:
    """Let the window go on until *condition* holds; fail where it never does."""
    for _ in range(1000):
        QApplication.processEvents()
        if condition():
            return
        QTest.qWait(5)
    raise AssertionError("what was waited for did not happen")


def _aside() -> AbstractContextManager[None]:
    watch: Watch | None = getattr(QApplication.instance(), "watch", None)
    return nullcontext() if watch is None else watch.aside()


def in_turn(act: Callable[[], object], milliseconds: int = 0) -> None:
    """Have the test do *act* once the window has its turn, as in a dialog that opens by then.

    What it sets off is not one event of the window, and counts one by one.
    """

    def now() -> None:
        with _aside():
            act()

    QTimer.singleShot(milliseconds, now)


def see() -> None:
    """Let every window show what it has to show yet: no eye is faster."""
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    until(lambda: all(window.workspace.afterwards.is_over for window in windows))


def settle(program: Program) -> None:
    """Let everything be saved, and the window know."""
    program.workspace.flush()
    until(lambda: program.workspace.state == "saved")
    see()


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """Return the application that notes what takes too long."""
    return WatchedApplication


@pytest.fixture(scope="session")
def _watch(qapp: QApplication) -> Iterator[Watch]:
    load_everything()
    # Modules and what pytest keeps are no part of what the program has to look through for garbage.
    gc.collect()
    gc.freeze()
    watch = Watch(allowances())
    yield watch
    watch.close()


@pytest.fixture(autouse=True)
def _nothing_stalls(
    request: pytest.FixtureRequest,
    qapp: WatchedApplication,
    _watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Fail a test in which the window could not answer for longer than a frame.

    To watch takes a third more time: every fourth test is watched, and with ``--watch`` each.
    """
    name = request.node.nodeid.encode()
    if crc32(name) % 4 and not request.config.getoption("--watch"):
        yield
        return
    do = Actions._do

    def watched(actions: Actions, action_id: str) -> None:
        with _watch.doing(f"the action {action_id}"):
            do(actions, action_id)

    monkeypatch.setattr(Actions, "_do", watched)
    _watch.stalls.clear()
    qapp.watch = _watch
    yield
    qapp.watch = None
    if _watch.stalls and request.node.get_closest_marker("slow_allowed") is None:
        pytest.fail("\n".join(map(str, _watch.stalls)), pytrace=False)


@pytest.fixture
def answers() -> Answers:
    """Return the person of this test: what was said to them, and what they answer."""
    return Answers()


@pytest.fixture
def app(qapp: QApplication, answers: Answers) -> Iterator[Start]:
    """Return a function that shows the window; keyword arguments are settings."""
    programs: list[Program] = []
    locale = QLocale()
    font, palette = QFont(qapp.font()), QPalette(qapp.palette())

    def start(**values: Any) -> Program:
        settings = Settings.load()
        settings.first_run = False
        settings.theme = "light"
        for name, value in values.items():
            setattr(settings, name, value)
        program = Program(qapp, settings, answers)
        programs.append(program)
        program.window.show_welcome()
        program.window.show()
        program.window.activateWindow()
        qapp.processEvents()
        return program

    yield start
    for program in programs:
        program.window.close()
        program.close()
        program.window.deleteLater()
        program.deleteLater()
    qapp.processEvents()
    qapp.setStyle(QStyleFactory.create("Fusion"))
    use_font(font)
    qapp.setPalette(palette)
    for program in programs:
        for translator in program._translators:
            qapp.removeTranslator(translator)
    translation.use("en")
    QLocale.setDefault(locale)


@pytest.fixture
def previews(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Look]]:
    """Let functions of the test look at the next previews; what they leave open, Enter decides."""
    looks: list[Look] = []

    def run(dialog: BatchPreview) -> int:
        dialog.show()
        with _aside():
            QApplication.processEvents()
            looks.pop(0)(dialog)
            if dialog.isVisible():
                QTest.keyClick(dialog.go, Qt.Key.Key_Return)
        return dialog.result()

    monkeypatch.setattr(BatchPreview, "exec", run)
    yield looks
    assert not looks


@pytest.fixture
def sample(app: Start) -> Program:
    """Return the window with the sample project in it."""
    program = app()
    assert program.window.projects.open_sample()
    QApplication.processEvents()
    return program


@pytest.fixture
def hand(app: Start, tmp_path: Path) -> Any:
    """Return a person at the window with two articles of their own, nothing marked yet."""
    from tests.gui.hand import begin, make_project

    return begin(app(fill=False), make_project(tmp_path / "own.annotator"))
