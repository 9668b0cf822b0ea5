"""The ring around what has the keyboard focus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from annotator.gui.focus_ring import FocusRing, Ring


class Column(QVBoxLayout):
    """A column that counts how often it lays out what is in it."""

    times = 0

    def setGeometry(self, rect: QRect) -> None:
        self.times += 1
        super().setGeometry(rect)


class Page(QWidget):
    """A window with two fields, and something that has a ring of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = QLineEdit(), QLineEdit()
        self.text = QLineEdit()
        self.text.setProperty("own_ring", True)
        self.column = Column(self)
        for field in (self.first, self.second, self.text):
            self.column.addWidget(field)


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
    rings = page.findChildren(Ring)
    return {ring.widget() for ring in rings if ring.isVisible() and not ring.resting}


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
    for frame in page.findChildren(Ring):
        frame.deleteLater()
    qtbot.waitUntil(lambda: not page.findChildren(Ring))
    page.first.setFocus()
    assert ringed(page) == {page.first}


def test_what_has_a_ring_of_its_own_gets_no_other(page: Page, ring: FocusRing) -> None:
    page.second.setFocus()
    with_ring = page.grab().toImage()
    page.text.setFocus()
    assert ringed(page) == set()
    page.text.clearFocus()
    page.second.setFocus()
    assert ringed(page) == {page.second}
    page.second.clearFocus()
    assert page.grab().toImage() != with_ring


def test_the_window_is_not_laid_out_anew_where_the_focus_goes(page: Page, ring: FocusRing) -> None:
    def go_round() -> int:
        for field in (page.second, page.text, page.first):
            field.setFocus()
            QApplication.processEvents()
        return page.column.times

    go_round()
    before = go_round()
    assert go_round() == before


def test_an_area_that_scrolls_has_one_ring_of_its_own(page: Page, ring: FocusRing) -> None:
    area, inside = QScrollArea(), Page()
    area.setWidget(inside)
    page.column.addWidget(area)
    QApplication.processEvents()
    for field in 2 * (inside.first, page.first, inside.second, page.second):
        field.setFocus()
        assert ringed(page) == {field}
    assert len(page.findChildren(Ring)) == 2
