"""What catches the eye: nothing cut, nothing unreadable, one step back at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QMessageBox,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
)

from annotator.gui.app import Program
from annotator.gui.article.article_look import Sizes
from annotator.gui.article.article_meta import meta_line
from annotator.gui.ask import Ask
from annotator.gui.details.entity_dialog import EntityDialog
from annotator.gui.details.right_dock import CountTabs, RightDock
from annotator.gui.details.slots import Slot
from annotator.gui.insights.charts import Bars
from annotator.gui.insights.place import Insights
from annotator.gui.insights.sheet import Sheet
from annotator.gui.palette import Palette
from annotator.gui.parts import px, type_font
from annotator.gui.theme import contrast
from annotator.settings import RecentProject
from annotator.store import opening
from tests.gui.conftest import Start, see, until
from tests.gui.hand import begin, make_project
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
    see()
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


def test_a_project_that_can_only_be_read_says_so_and_takes_no_change(
    app: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_project(tmp_path / "own.annotator")
    monkeypatch.setattr(opening, "is_writable", lambda _store: False)
    hand = begin(app(fill=False), place)
    status = hand.window.status
    assert status.saved.text() == "For reading only"
    hand.choose("Marta Ilves")
    hand.press("s")
    assert hand.marked == []
    assert "Nothing was changed" in hand.said
    hand.press("Ctrl+Z")
    hand.workspace.flush()
    assert status.saved.text() == "For reading only"
    hand.window.commands.run("file.close")
    assert hand.window.place == "welcome"


def test_what_went_wrong_has_all_the_room_and_goes_away_with_its_cause(app: Start) -> None:
    program = sample(app)
    status, workspace = program.window.status, program.workspace
    calm = status.saved.width()
    reason = f"{'deep/' * 24}harbour.annotator: the disk is full. Please make room."
    workspace.note(reason)
    workspace._on_stuck(reason)
    until(lambda: status.saved.width() > 600)
    assert reason in status.saved.toolTip()
    workspace._set_state("saved")
    until(lambda: status.saved.width() == calm)
    assert status.note.text() == ""


def test_a_line_about_one_project_is_not_said_of_the_next(app: Start, tmp_path: Path) -> None:
    program = sample(app)
    program.workspace.note("3 articles came in.")
    begin(program, make_project(tmp_path / "own.annotator"))
    assert program.window.status.note.text() == ""


def test_the_field_of_the_palette_stays_where_it_is_when_nothing_is_found(app: Start) -> None:
    program = sample(app)
    program.window.commands.run("palette")
    palette = program.window.findChild(Palette)
    assert palette is not None
    before = palette.field.pos()
    palette.field.setText("zzzq")
    QApplication.processEvents()
    assert palette.empty.isVisible()
    assert palette.field.pos() == before
    palette.close()


def test_the_palette_has_no_black_rim_where_nothing_blends_windows(
    app: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    program = sample(app)
    program.window.commands.run("palette")
    palette = program.window.findChild(Palette)
    assert palette is not None
    picture = palette.grab().toImage()
    edges = [(2, palette.height() // 2), (palette.width() // 2, palette.height() - 4)]
    assert [palette.mask().contains(QPoint(x, y)) for x, y in edges] == [False, False]
    inside = palette.mask().boundingRect()
    shown = (
        picture.pixelColor(x, y)
        for x in range(inside.left(), inside.right() + 1)
        for y in range(inside.top(), inside.bottom() + 1)
        if palette.mask().contains(QPoint(x, y))
    )
    assert all(colour.alpha() == 255 for colour in shown)
    assert picture.pixelColor(inside.center()) == program.theme.raised
    palette.close()


@pytest.mark.parametrize("text_size", [100, 200])
def test_the_ring_of_a_field_of_an_entity_is_not_cut(app: Start, text_size: int) -> None:
    program = sample(app, text_size=text_size)
    entity = next(iter(program.workspace.entities.values()))
    dialog = EntityDialog(program.workspace, program.theme, entity, program.window)
    dialog.show()
    until(lambda: dialog.focusWidget() is dialog.name)
    page = dialog.findChild(QScrollArea)
    assert page is not None
    corner = dialog.name.mapTo(page.viewport(), QPoint(0, 0))
    assert min(corner.x(), corner.y()) >= 3
    assert corner.x() + dialog.name.width() + 3 <= page.viewport().width()
    dialog.close()


@pytest.mark.parametrize("text_size", [100, 200])
def test_the_history_shows_when_to_the_minute(app: Start, text_size: int) -> None:
    program = sample(app, text_size=text_size)
    program.window.commands.run("history")
    sheet = program.window.findChild(Sheet, "table.timeline")
    assert sheet is not None
    until(lambda: bool(sheet.sheet.rows))
    words = sheet.sheet.rows[0][0].text
    assert sheet.fontMetrics().horizontalAdvance(words) < sheet.columnWidth(0)


def test_figures_of_nothing_are_said_and_drawn_as_nothing(app: Start, tmp_path: Path) -> None:
    hand = begin(app(fill=False), make_project(tmp_path / "own.annotator"))
    hand.window.commands.run("place.insights")
    place = hand.window.findChild(Insights, "page.insights")
    assert place is not None
    place.show_page("labels")
    labels = hand.window.findChild(Bars, "chart.labels")
    links = hand.window.findChild(Bars, "chart.links")
    assert labels is not None
    assert links is not None
    until(lambda: bool(labels.rows))
    right = labels.grab(QRect(labels.width() // 2, 0, labels.width() // 2, labels.height()))
    picture = right.toImage()
    page = picture.pixel(picture.width() - 1, 0)
    assert {picture.pixel(x, y) for x in range(picture.width()) for y in range(4, 24)} == {page}
    words = links.grab().toImage()
    assert any(words.pixel(x, y) != page for x in range(60) for y in range(28))


def test_the_mark_of_a_list_of_choices_grows_with_the_text(app: Start) -> None:
    def marked() -> int:
        box = QComboBox()
        box.resize(200, 60)
        picture = box.grab(QRect(150, 10, 45, 40)).toImage()
        ground = picture.pixel(0, 0)
        return sum(
            picture.pixel(x, y) != ground
            for x in range(picture.width())
            for y in range(picture.height())
        )

    sample(app, text_size=100)
    small = marked()
    sample(app, text_size=200)
    assert marked() > 2.5 * small


@pytest.mark.parametrize(("language", "words"), [("en", "a speaker"), ("de", "auf Speaker")])
def test_names_inside_a_sentence_are_written_as_the_language_does(
    app: Start, language: str, words: str
) -> None:
    program = sample(app, language=language)
    claim = next(s for s in program.workspace.desk.annotated.spans.values() if s.label == "Claim")
    program.workspace.select((claim.id,))
    program.window.commands.run("relation.attributed_to")
    see()
    slots = [slot.text for slot in program.window.findChildren(Slot)]
    assert any(words in text for text in slots)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [1280, 1440])
def test_the_cards_of_the_welcome_page_say_all_they_have_to_say(
    app: Start, width: int, language: str
) -> None:
    program = app(language=language, recent=[RecentProject("/tmp/a.annotator", "Ferries")])
    program.window.resize(width, 900)
    QApplication.processEvents()
    small = QFontMetrics(type_font(12))
    for card in program.window.welcome.cards.values():
        said = small.horizontalAdvance(card.accessibleDescription())
        assert said <= card.width() - 54 - 96, card.accessibleDescription()


def test_messages_carry_a_mark_in_the_colours_of_the_theme(app: Start) -> None:
    program = sample(app, theme="dark")
    box = Ask()._box(program.window, QMessageBox.Icon.Warning, "Not done.", "The disk is full.")
    picture = box.iconPixmap().toImage()
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert colours == {program.theme.warning.name()}
    box.deleteLater()


@pytest.mark.parametrize("text_size", [100, 200])
@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_the_arrow_of_a_list_of_options_lies_beside_its_words(
    app: Start, text_size: int, direction: Qt.LayoutDirection
) -> None:
    app(fill=False, text_size=text_size)
    box = QComboBox()
    box.setLayoutDirection(direction)
    box.addItem("Articles that nobody has yet")
    box.resize(box.sizeHint())
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    complex_, edit = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    words = box.style().subControlRect(complex_, option, edit, box)
    arrow = px(13) + px(5)
    free = (
        box.width() - words.right() if direction == Qt.LayoutDirection.LeftToRight else words.left()
    )
    assert free >= arrow
    assert words.width() >= box.fontMetrics().horizontalAdvance(box.currentText())
