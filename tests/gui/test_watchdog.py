"""What the watchdog of these tests finds, and what it does not mind."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import in_turn, until
from tests.watchdog import FRAME, Allowance, Watch, WatchedApplication, allowances


@pytest.fixture
def watch(qapp: WatchedApplication) -> Iterator[Watch]:
    """Return a watch of this test alone, which allows nothing."""
    before, own = qapp.watch, Watch(())
    qapp.watch = own
    yield own
    qapp.watch = before
    own.close()


def work(frames: float) -> None:
    """Keep this thread's processor busy for so many frames."""
    end = time.thread_time() + frames * FRAME
    while time.thread_time() < end:
        sum(range(100))


def button_that(qtbot: QtBot, does: Callable[[], object]) -> QPushButton:
    button = QPushButton("Do it")
    qtbot.addWidget(button)
    button.clicked.connect(does)
    button.show()
    QApplication.processEvents()
    return button


def test_a_click_that_works_too_long_is_found(watch: Watch, qtbot: QtBot) -> None:
    button = button_that(qtbot, lambda: work(20))
    watch.stalls.clear()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (stall,) = watch.stalls
    assert stall.what.startswith("MouseButtonRelease of QPushButton")
    assert stall.seconds > stall.allowed
    assert stall.stacks


def test_waiting_and_short_work_are_no_stall(watch: Watch, qtbot: QtBot) -> None:
    button = button_that(qtbot, lambda: time.sleep(3 * FRAME))
    watch.stalls.clear()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not watch.stalls


def test_looking_for_garbage_is_no_stall(watch: Watch, qtbot: QtBot) -> None:
    there = [[[number]] for number in range(400_000)]
    took: list[float] = []

    def look() -> None:
        begun = time.thread_time()
        gc.collect()
        took.append(time.thread_time() - begun)

    button = button_that(qtbot, look)
    watch.stalls.clear()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert there
    assert took[0] > FRAME
    assert not watch.stalls


def test_what_happens_in_a_dialog_counts_by_itself(watch: Watch, qtbot: QtBot) -> None:
    def ask() -> None:
        dialog = QDialog()
        for _ in range(8):
            QTimer.singleShot(0, dialog, lambda: work(0.4))
        QTimer.singleShot(0, dialog, lambda: work(20))
        QTimer.singleShot(0, dialog, dialog.accept)
        dialog.exec()
        dialog.deleteLater()

    button = button_that(qtbot, ask)
    watch.stalls.clear()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(watch.stalls) == 1


def test_what_a_test_does_in_a_turn_of_its_own_counts_one_by_one(
    watch: Watch, qtbot: QtBot
) -> None:
    button = button_that(qtbot, lambda: work(0.4))
    slow = button_that(qtbot, lambda: work(20))
    watch.stalls.clear()

    def act() -> None:
        work(20)  # what the test itself does, such as to look at pictures
        for one in [*[button] * 8, slow]:
            QTest.mouseClick(one, Qt.MouseButton.LeftButton)

    done: list[bool] = []
    in_turn(act)
    in_turn(lambda: done.append(True))
    until(lambda: bool(done))
    (stall,) = watch.stalls
    assert stall.what.startswith("MouseButtonRelease of QPushButton")


def test_what_is_allowed_is_no_stall(qapp: WatchedApplication, qtbot: QtBot) -> None:
    button = button_that(qtbot, lambda: work(20))
    before, qapp.watch = qapp.watch, Watch((Allowance.of("QPushButton", 10_000, "a test"),))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    own, qapp.watch = qapp.watch, before
    assert own is not None
    own.close()
    assert not own.stalls


def test_what_the_list_does_not_name_may_take_one_frame(
    qapp: WatchedApplication, qtbot: QtBot
) -> None:
    button = button_that(qtbot, lambda: work(20))
    before, qapp.watch = qapp.watch, Watch(allowances())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    own, qapp.watch = qapp.watch, before
    assert own is not None
    own.close()
    (stall,) = own.stalls
    assert stall.allowed == pytest.approx(FRAME * stall.slowness)


def test_every_allowance_names_something_and_says_why() -> None:
    for one in allowances():
        assert one.why.endswith(".")
        assert not one.what.search("MouseButtonRelease of QPushButton in gui/elsewhere.py:1 run")
