"""What catches the eye: nothing cut, nothing unreadable, one step back at a time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.gui.app import Program
from annotator.gui.article.article_look import Sizes
from annotator.gui.article.article_meta import meta_line
from annotator.gui.details.entity_dialog import EntityDialog
from annotator.gui.details.right_dock import CountTabs, RightDock
from annotator.gui.theme import contrast
from tests.gui.conftest import Start, until
from tests.gui.views import look


def sample(app: Start, width: int = 1440, height: int = 900, **settings: object) -> Program:
    program = app(**settings)
    program.window.resize(width, height)
    program.window.projects.open_sample()
    until(lambda: program.workspace.annotated is not None)
    QApplication.processEvents()
    return program


def dock(program: Program) -> RightDock:
    found = program.window.findChild(RightDock)
    assert found is not None
    return found


def press(program: Program, key: Qt.Key) -> None:
    """Press a key as the system does: to the window, where shortcuts see it first."""
    handle = program.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key)
    QApplication.processEvents()


def test_esc_while_linking_ends_the_linking_and_keeps_the_label_selected(app: Start) -> None:
    program = sample(app)
    workspace = program.workspace
    claim = next(s for s in workspace.desk.annotated.spans.values() if s.label == "Claim")
    workspace.select((claim.id,))
    program.window.activateWindow()
    view = program.window.view
    assert view is not None
    view.setFocus()
    press(program, Qt.Key.Key_R)
    until(lambda: workspace.linking is not None)
    press(program, Qt.Key.Key_Escape)
    assert workspace.linking is None
    assert list(workspace.selected) == [claim.id]
    press(program, Qt.Key.Key_Escape)
    assert not workspace.selected


def test_with_nothing_selected_the_inspector_shows_all_it_has(app: Start) -> None:
    program = sample(app)
    inspector = dock(program).inspector
    until(lambda: inspector.viewport().height() >= inspector.natural_height)
    until(lambda: inspector.verticalScrollBar().maximum() == 0)
    assert program.workspace.selected == ()
    assert inspector.head.empty.isVisible()
    assert inspector.article_note.visibleRegion().boundingRect() == inspector.article_note.rect()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [1024, 1440])
def test_every_list_has_its_tab_in_sight(app: Start, width: int, language: str) -> None:
    tabs = dock(sample(app, width, language=language)).lists.tabs
    until(lambda: tabs.tabRect(tabs.count() - 1).right() <= tabs.width())
    assert tabs.tabRect(1).left() >= 0


def test_tabs_do_without_counts_before_one_goes_out_of_sight(app: Start) -> None:
    tabs: CountTabs = dock(sample(app)).lists.tabs
    names = sum(
        tabs.fontMetrics().horizontalAdvance(tabs.tabText(tab))
        for tab in range(tabs.count())
        if tabs.isTabVisible(tab)
    )
    tabs.setFixedWidth(names + 40)
    QApplication.processEvents()
    assert tabs.tabRect(tabs.count() - 1).right() <= tabs.width()


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast-light", "high-contrast-dark"])
def test_the_words_of_the_selected_row_can_be_read(app: Start, theme: str) -> None:
    program = sample(app, theme=theme)
    labels = dock(program).labels
    annotated = program.workspace.desk.annotated
    program.workspace.select((next(iter(annotated.spans)),))
    QApplication.processEvents()
    index = labels.rows.currentIndex()
    place = labels.rows.visualRect(index)
    picture = labels.rows.viewport().grab(place).toImage()
    ground = picture.pixelColor(picture.width() // 2, picture.height() - 6)
    assert contrast(program.theme.ink, ground) >= 7


def test_days_stand_in_the_language_of_the_window(app: Start) -> None:
    program = sample(app, language="de")
    assert "März 2024" in meta_line(program.workspace.desk.annotated.article)


@pytest.mark.parametrize("text_size", [100, 200])
@pytest.mark.parametrize("width", [500, 680, 800, 1100])
def test_marks_beside_the_column_are_not_cut(
    qapp: QApplication, width: int, text_size: int
) -> None:
    sizes = Sizes(look(text_px=17 * text_size // 100))
    left, column = sizes.margins(width)
    assert width - left - column >= 18 * sizes.scale + 2


def test_the_keyboard_begins_in_the_first_field_of_an_entity(app: Start) -> None:
    program = sample(app)
    entity = next(iter(program.workspace.entities.values()))
    dialog = EntityDialog(program.workspace, program.theme, entity, program.window)
    dialog.show()
    until(lambda: dialog.focusWidget() is not None)
    assert dialog.focusWidget() is dialog.name
    dialog.close()
