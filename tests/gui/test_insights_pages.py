"""The pages of figures in the window: overview, progress, labels, who said what, places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from annotator.gui.app import Program
from annotator.gui.insights.charts import Bars
from annotator.gui.insights.count_pages import ProgressPage
from annotator.gui.insights.pace import pace
from annotator.gui.insights.pages import Page
from annotator.gui.insights.place import Insights
from annotator.gui.insights.sheet import Sheet
from annotator.gui.insights.side_bar import PAGES
from annotator.gui.insights.world_map import WorldMap, land
from annotator.model import Change, Verdict, edit
from annotator.project import Project
from tests.gui.conftest import Start, until
from tests.gui.figures_project import figures_in, make, opened


@pytest.fixture
def program(app: Start, tmp_path: Path) -> Program:
    """Return the window with a project that two people have read."""
    location = make(tmp_path / "figures.annotator", articles=3, people=("ada", "noor"))
    return opened(app, location)


@pytest.fixture
def place(program: Program) -> Iterator[Insights]:
    """Return the place for figures."""
    made = figures_in(program)
    until(lambda: made.reading.counted is not None)
    until(lambda: made.reading.agreement is not None)
    yield made
    made.reading.end()


def sheet(place: Insights, name: str) -> Sheet:
    """Return a table that is shown."""
    found = place.findChild(Sheet, name)
    assert found is not None
    return found


def open_page(place: Insights, name: str) -> Page:
    """Open a page with the list at the side."""
    keys = [key for key, _, _ in PAGES]
    place.side.pages.setCurrentRow(keys.index(name))
    until(lambda: not place.reading.is_busy("counts"))
    page = place.pages[name]
    assert isinstance(page, Page)
    return page


def listed(place: Insights) -> list[tuple[str, ...]]:
    """Return the rows behind a number once they have come."""
    until(lambda: not place.reading.is_busy("list"))
    return [tuple(cell.text for cell in row) for row in place.browser.sheet.sheet.rows]


def test_the_arrow_key_goes_from_page_to_page(place: Insights) -> None:
    pages = place.side.pages
    pages.setFocus()
    shown = [place.page]
    for _ in PAGES[1:]:
        QTest.keyClick(pages, Qt.Key.Key_Down)
        shown.append(place.page)
    assert shown == [key for key, _, _ in PAGES]


def test_claims_count_once_however_many_have_read_the_article(place: Insights) -> None:
    open_page(place, "speakers")
    rows = sheet(place, "table.speakers").sheet.rows
    assert {row[0].text: row[1].text for row in rows} == {
        "Ilse Maarten": "3",
        "Pennant Line": "3",
        "Tomas Reyk": "3",
    }
    assert rows[0][0].second == "mayor"


def test_a_speaker_is_said_to_speak_about_what_is_named_in_the_claims(place: Insights) -> None:
    open_page(place, "speakers")
    rows = sheet(place, "table.speakers").sheet.rows
    assert {row[0].text: row[3].text for row in rows}["Tomas Reyk"] == "Lisbon"


def test_enter_on_a_speaker_lists_the_claims(place: Insights) -> None:
    open_page(place, "speakers")
    table = sheet(place, "table.speakers")
    table.setFocus()
    table.setCurrentIndex(table.sheet.index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert [row[2] for row in listed(place)] == ["the old harbour would close"] * 3
    assert place.browser.title.text() == "What Ilse Maarten says"


def test_a_click_on_a_circle_of_the_map_lists_the_mentions(place: Insights) -> None:
    page = open_page(place, "places")
    chart = page.findChild(WorldMap)
    assert chart is not None
    assert {one.entity.name: one.mentions for one in chart.places} == {"Bergen": 3, "Lisbon": 3}
    bergen = next(one for one in chart.places if one.entity.name == "Bergen")
    where = chart.spot(bergen).toPoint()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(where))
    assert [row[2] for row in listed(place)] == ["Bergen"] * 3


def test_the_arrow_and_enter_open_the_next_place_of_the_map(place: Insights) -> None:
    page = open_page(place, "places")
    chart = page.findChild(WorldMap)
    assert chart is not None
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription() == "Lisbon: 3 mentions"
    QTest.keyClick(chart, Qt.Key.Key_Return)
    assert [row[2] for row in listed(place)] == ["Lisbon"] * 3


def test_the_map_has_land_where_there_is_land(place: Insights) -> None:
    outline = land()
    spots = {(10.0, 50.0): True, (-60.0, -10.0): True, (-30.0, 40.0): False, (179.5, 68.5): True}
    found = {spot: outline.contains(QPoint(round(spot[0]), round(-spot[1]))) for spot in spots}
    assert found == spots


def test_labels_are_counted_by_person(place: Insights) -> None:
    page = open_page(place, "labels")
    bars = page.findChild(Bars, "chart.labels")
    assert bars is not None
    counts = {name: count for name, count, _ in bars.rows}
    assert counts["Speaker"] == 18
    rows = sheet(place, "table.labels").sheet.rows
    speaker = next(row for row in rows if row[0].text == "Speaker")
    assert [cell.text for cell in speaker[1:]] == ["18", "9", "9"]


def test_a_count_of_one_person_lists_that_persons_labels(place: Insights) -> None:
    open_page(place, "labels")
    table = sheet(place, "table.labels")
    row = [cells[0].text for cells in table.sheet.rows].index("Speaker")
    table.setCurrentIndex(table.sheet.index(row, 3))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert len(listed(place)) == 9
    assert place.browser.title.text() == "Speaker, noor"


def test_progress_gives_a_hint_where_decisions_came_very_fast(app: Start, tmp_path: Path) -> None:
    window = app(fill=False).window
    location = make(tmp_path / "figures.annotator", articles=1, people=("ada", "noor"))
    with Project.open(location, author="rita") as project:
        (home,) = project.article_ids()
        found = project.annotated(home)
        decided = [
            Verdict(
                id=f"verdict-{at}",
                article_id=home,
                layer_id=span.layer_id,
                record_id=span.id,
                revision=1,
                decision="accepted",
                author="rita",
                time=f"2026-03-02T10:00:0{at}.000+00:00",
            )
            for at, span in enumerate(list(found.spans.values())[:3])
        ]
        made = [Change(None, one) for one in decided]
        project.perform(edit("review", made, article_id=home))
    assert window.projects.open(str(location), "ada")
    window.commands.run("place.insights")
    place = window.findChild(Insights, "page.insights")
    assert place is not None
    until(lambda: place.reading.counted is not None)
    page = open_page(place, "progress")
    assert isinstance(page, ProgressPage)
    said = page.people_block.note.text()
    assert said.startswith("2 of 3 decisions of rita came less than 2 seconds after the one before")
    assert "not wrong" in said
    place.reading.end()


def test_progress_names_people_and_states(place: Insights) -> None:
    open_page(place, "progress")
    rows = sheet(place, "table.people").sheet.rows
    assert [(row[0].text, row[2].text) for row in rows] == [("ada", "3"), ("noor", "3")]


def test_the_pace_tells_the_last_day_with_its_interval() -> None:
    days = [date(2026, 3, day) for day in range(1, 11)]
    found = pace(days, 10, date(2026, 3, 10))
    assert found is not None
    assert found.a_day == 1
    assert found.finished == date(2026, 3, 20)
    assert found.latest is not None
    assert found.earliest < found.finished < found.latest


@pytest.mark.parametrize("days", [[], [date(2026, 3, 1)] * 4, [date(2026, 3, 10)] * 9])
def test_too_few_days_foretell_nothing(days: list[date]) -> None:
    assert pace(days, 10, date(2026, 3, 10)) is None


def test_every_part_that_takes_the_focus_has_a_name(place: Insights) -> None:
    nameless = [
        widget.objectName() or type(widget).__name__
        for widget in place.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.window() is place.window()  # not the pop-up of a list of choices
        and not widget.objectName().startswith("qt_")
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_another_person_sees_everything_counted_again(place: Insights, program: Program) -> None:
    place.side.state.choose("any")
    place.side.scope_changed.emit()
    before = place.reading.scope
    program.workspace.work_as("noor")
    assert (before.handed_in, place.reading.scope.handed_in) == (False, True)
    assert place.side.state.key == "in"
    program.window.commands.run("place.insights")
    until(lambda: place.reading.counted is not None)
    until(lambda: place.reading.agreement is not None)
