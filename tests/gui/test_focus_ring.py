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
def page(qtbot: QtBot, qapp: QApplication) -> Page:
    made = Page()
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def ringed(page: Page) -> list[QWidget]:
    return [frame.widget() for frame in page.findChildren(QFocusFrame) if frame.isVisible()]


def test_the_ring_goes_with_the_focus(page: Page, qapp: QApplication) -> None:
    ring = FocusRing(qapp)
    page.second.setFocus()
    assert ringed(page) == [page.second]
    page.first.setFocus()
    assert ringed(page) == [page.first]
    ring.deleteLater()
    page.deleteLater()


def test_the_ring_comes_back_after_its_window_took_it_along(
    page: Page, qapp: QApplication, qtbot: QtBot
) -> None:
    ring = FocusRing(qapp)
    page.second.setFocus()
    (frame,) = page.findChildren(QFocusFrame)
    # As a window does with what it holds, in an order of its own.
    with qtbot.waitSignal(frame.destroyed):
        frame.deleteLater()
    page.first.setFocus()
    assert ringed(page) == [page.first]
    ring.deleteLater()
    page.deleteLater()
