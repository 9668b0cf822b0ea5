from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QFocusFrame, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.gui.focus_ring import FocusRing


class Page(QWidget):
    """A window with two fields."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.first)
        column.addWidget(self.second)


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    made = Page()
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def ring(qapp: QApplication) -> Iterator[FocusRing]:
    made = FocusRing(qapp)
    yield made
    made.deleteLater()


def ringed(page: Page) -> set[QWidget]:
    return {frame.widget() for frame in page.findChildren(QFocusFrame) if frame.isVisible()}


def test_the_ring_goes_with_the_focus(page: Page, ring: FocusRing) -> None:
    page.second.setFocus()
    assert ringed(page) == {page.second}
    page.first.setFocus()
    assert ringed(page) == {page.first}


def test_the_ring_comes_back_after_its_window_took_it_along(
    page: Page, ring: FocusRing, qtbot: QtBot
) -> None:
    page.second.setFocus()
    # As a window does with what it holds, in an order of its own.
    for frame in page.findChildren(QFocusFrame):
        frame.deleteLater()
    qtbot.waitUntil(lambda: not page.findChildren(QFocusFrame))
    page.first.setFocus()
    assert ringed(page) == {page.first}
