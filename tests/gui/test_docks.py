"""Docks under the mouse: dragged to the other side, and opened over the page where they fold."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.gui.app import Program
from annotator.gui.main_window import MainWindow
from annotator.settings import Settings
from tests.gui.conftest import Start, until


def sides(window: MainWindow) -> str:
    """Say which panel stands on the left."""
    articles, details = (p.mapToGlobal(QPoint()).x() for p in (window.articles, window.details))
    return "articles" if articles < details else "details"


def hold(window: MainWindow, name: str) -> QWidget:
    """Press the mouse on the upper edge of a dock; return what is held."""
    dock = window.findChild(QWidget, name)
    assert dock is not None
    edge = QPoint(dock.width() // 2, 3)
    held = dock.childAt(edge)
    assert held is not None
    QTest.mousePress(held, Qt.MouseButton.LeftButton, pos=held.mapFrom(dock, edge))
    return held


def drag(window: MainWindow, held: QWidget, x: int, *, drop: bool = True) -> None:
    """Drag what is held to a distance from the left edge of the window, and let it go there."""
    spot = held.mapFromGlobal(window.mapToGlobal(QPoint(x, 300)))
    QTest.mouseMove(held, spot)
    QApplication.processEvents()
    if drop:
        QTest.mouseRelease(held, Qt.MouseButton.LeftButton, pos=spot)
        QApplication.processEvents()


@pytest.fixture
def wide(sample: Program) -> MainWindow:
    """Return a window with both docks beside the page."""
    sample.window.resize(1440, 900)
    QApplication.processEvents()
    return sample.window


def test_a_dock_dragged_to_the_other_side_stays_there_after_a_restart(app: Start) -> None:
    first = app().window
    first.projects.open_sample()
    first.resize(1440, 900)
    QApplication.processEvents()
    assert sides(first) == "articles"
    drag(first, hold(first, "dock.articles"), 1300)
    assert sides(first) == "details"
    first.close()
    again = app(window=Settings.load().window).window
    again.projects.open_sample()
    again.resize(1440, 900)
    QApplication.processEvents()
    assert sides(again) == "details"


def test_the_details_are_dragged_too(wide: MainWindow) -> None:
    drag(wide, hold(wide, "dock.details"), 100)
    assert sides(wide) == "details"


def test_a_dock_let_go_on_its_own_side_stays(wide: MainWindow) -> None:
    drag(wide, hold(wide, "dock.articles"), 500)
    assert sides(wide) == "articles"


def test_the_place_where_a_dock_lands_is_shown_while_it_is_dragged(wide: MainWindow) -> None:
    place = wide.findChild(QWidget, "place.drop")
    assert place is not None
    held = hold(wide, "dock.articles")
    drag(wide, held, 1300, drop=False)
    assert place.isVisible()
    assert place.geometry().right() == wide.width() - 1
    drag(wide, held, 300, drop=False)
    assert not place.isVisible()


def test_escape_leaves_a_dragged_dock_where_it_was(wide: MainWindow) -> None:
    held = hold(wide, "dock.articles")
    drag(wide, held, 1300, drop=False)
    QTest.keyClick(wide.windowHandle(), Qt.Key.Key_Escape)
    QTest.mouseRelease(held, Qt.MouseButton.LeftButton, pos=QPoint(1300, 300))
    QApplication.processEvents()
    assert sides(wide) == "articles"
    place = wide.findChild(QWidget, "place.drop")
    assert place is not None
    assert not place.isVisible()


def test_sides_exchanged_in_a_narrow_window_stay_so_after_a_restart(app: Start) -> None:
    first = app().window
    first.projects.open_sample()
    first.resize(1024, 700)
    QApplication.processEvents()
    first.commands.run("view.exchange")
    first.close()
    again = app(window=Settings.load().window).window
    again.projects.open_sample()
    again.resize(1440, 900)
    QApplication.processEvents()
    assert sides(again) == "details"


def test_a_folded_list_on_the_right_opens_inside_the_window(wide: MainWindow) -> None:
    wide.commands.run("view.exchange")
    wide.resize(1024, 700)
    QApplication.processEvents()
    wide.commands.run("article.find")
    left = wide.articles.mapTo(wide, QPoint()).x()
    assert left + wide.articles.width() == wide.width()


def rest(widget: QWidget, x: int) -> None:
    """Let the mouse rest *x* pixels from the left edge of a widget, half-way down."""
    QCursor.setPos(widget.mapToGlobal(QPoint(x, widget.height() // 2)))
    QApplication.processEvents()


def test_a_folded_list_opens_under_the_mouse_and_closes_when_it_leaves(wide: MainWindow) -> None:
    rest(wide, 500)
    wide.resize(1024, 700)
    QApplication.processEvents()
    rest(wide.articles.strip, 20)
    until(wide.articles.rows.isVisible)
    assert QApplication.focusWidget() is wide.view
    rest(wide.articles, 200)
    rest(wide, 700)
    until(wide.articles.strip.isVisible)


def test_a_list_opened_under_the_mouse_stays_while_somebody_types_in_it(wide: MainWindow) -> None:
    rest(wide, 500)
    wide.resize(1024, 700)
    QApplication.processEvents()
    rest(wide.articles.strip, 20)
    until(wide.articles.rows.isVisible)
    QTest.mouseClick(wide.articles.field, Qt.MouseButton.LeftButton)
    rest(wide, 700)
    wide.panels._hover._close.timeout.emit()
    assert wide.articles.rows.isVisible()


def test_an_article_chosen_in_the_list_over_the_page_closes_it_for_good(wide: MainWindow) -> None:
    rest(wide, 500)
    wide.resize(1024, 700)
    QApplication.processEvents()
    strip = wide.articles.strip
    rest(strip, 20)
    until(wide.articles.rows.isVisible)
    rest(wide.articles, 21)
    rows = wide.articles.rows
    at = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QApplication.processEvents()
    assert strip.isVisible()
    rest(strip, 22)
    assert not wide.panels._hover._open.isActive()
    rest(wide, 700)
    rest(strip, 22)
    assert wide.panels._hover._open.isActive()
