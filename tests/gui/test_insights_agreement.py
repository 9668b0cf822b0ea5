"""How well people agree, in the window: every number leads to its cases."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import cli
from annotator.agreement.cases import Question, Variant
from annotator.agreement.findings import EXACT, OVERLAP, Side
from annotator.agreement.measures import About
from annotator.editing.noting import HANDED_IN
from annotator.gui.app import Program
from annotator.gui.insights.place import Insights
from annotator.gui.insights.sheet import Sheet
from annotator.gui.insights.variants import differing
from annotator.model import Change, Fragment, Layer, LayerKind, LayerState, Record, edit
from annotator.project import Project
from annotator.review.gold import AUTHOR
from tests.gui.conftest import Answers, Start, until
from tests.gui.figures_project import agreement_in, make, opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that three people have read."""
    return make(tmp_path_factory.mktemp("figures") / "figures.annotator")


@pytest.fixture
def location(made: Path, tmp_path: Path) -> Path:
    """Return a copy of that project for one test."""
    return Path(shutil.copy(made, tmp_path / "figures.annotator"))


@pytest.fixture
def program(app: Start, location: Path) -> Program:
    """Return the window with that project in it."""
    return opened(app, location)


@pytest.fixture
def place(program: Program) -> Iterator[Insights]:
    """Return the place for figures, with the agreement computed."""
    made = agreement_in(program)
    yield made
    made.reading.end()


def press(sheet: Sheet, row: int, column: int) -> None:
    """Press Enter on a cell."""
    sheet.setFocus()
    sheet.setCurrentIndex(sheet.sheet.index(row, column))
    QTest.keyClick(sheet, Qt.Key.Key_Return)


def row_of(sheet: Sheet, first: str) -> int:
    """Return the row that begins with *first*."""
    return [row[0].text for row in sheet.sheet.rows].index(first)


def listed(place: Insights) -> list[tuple[str, ...]]:
    """Return the rows of the browser once they have come."""
    until(lambda: not place.reading.is_busy("list"))
    return [tuple(cell.text for cell in row) for row in place.browser.sheet.sheet.rows]


def test_the_window_shows_the_figures_of_the_command_line(
    place: Insights, location: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["agreement", str(location), "--json"]) == 0
    told = {
        (one["about"], one["name"], one["measure"]): (one["value"], one["interval"])
        for one in json.loads(capsys.readouterr().out)["figures"]
    }
    assert place.reading.agreement is not None
    shown = {
        (one.about.value, one.name, one.measure): (
            one.value,
            None if one.interval is None else list(one.interval),
        )
        for one in place.reading.agreement.panel.figures
    }
    assert told
    assert {key: shown[key] for key in told} == told


def test_in_a_narrow_window_lesser_columns_make_room_for_the_interval(place: Insights) -> None:
    sheet = place.agreement.labels
    heads = [column.text for column in sheet.sheet.columns]
    place.window().resize(1440, 900)
    QApplication.processEvents()
    assert not any(sheet.isColumnHidden(at) for at in range(len(heads)))
    place.window().resize(800, 600)
    QApplication.processEvents()
    shown = [head for at, head in enumerate(heads) if not sheet.isColumnHidden(at)]
    assert "By characters" not in shown
    assert {"Label or link", "Used", "Overlap", "Exact", "F1 with 95 % interval"} <= set(shown)
    assert sheet.horizontalScrollBar().maximum() == 0
    assert sheet.as_table()[0] == heads


def test_the_matrix_has_exact_below_and_overlap_above(place: Insights) -> None:
    rows = place.agreement.matrix.sheet.rows
    found = place.reading.agreement
    assert found is not None
    assert rows[1][1].opens == Question(About.LABELS, authors=("ada", "jonas"))
    assert rows[0][2].opens == Question(About.LABELS, authors=("ada", "jonas"), overlap=True)
    exact = found.findings.of_pair("ada", "jonas", EXACT)
    overlap = found.findings.of_pair("ada", "jonas", OVERLAP)
    assert exact is not None
    assert overlap is not None
    assert exact < overlap
    assert rows[1][1].text == f"{exact:.2f}".removeprefix("0")


def test_enter_on_a_cell_of_the_matrix_lists_where_the_two_differ(place: Insights) -> None:
    press(place.agreement.matrix, 1, 1)
    rows = listed(place)
    assert place._stack.currentWidget() is place.browser
    assert len(rows) == 12
    assert all(row[2] != row[3] for row in rows)
    assert ("Quay 2", "Borders", "the ferry pays", "the ferry") in {
        (row[0], row[1].split(",")[0], row[2], row[3]) for row in rows
    }


def test_enter_on_a_case_opens_the_article_at_the_place(place: Insights, program: Program) -> None:
    press(place.agreement.matrix, 1, 1)
    listed(place)
    case = place.browser.sheet.sheet.rows[3][0].opens
    assert isinstance(case, tuple)
    press(place.browser.sheet, 3, 0)
    assert program.window.place == "annotate"
    assert program.workspace.annotated is not None
    assert program.workspace.annotated.article.id == case[0]


def test_escape_goes_back_to_the_figures(place: Insights) -> None:
    press(place.agreement.labels, row_of(place.agreement.labels, "Claim"), 0)
    listed(place)
    QTest.keyClick(place.browser.sheet, Qt.Key.Key_Escape)
    assert place._stack.currentWidget() is place.agreement


def test_overlap_of_a_label_has_no_cases_where_only_borders_differ(place: Insights) -> None:
    sheet = place.agreement.labels
    head = [column.text for column in sheet.sheet.columns]
    press(sheet, row_of(sheet, "Claim"), head.index("Overlap"))
    assert listed(place) == []
    assert place.browser.second.text() == "No cases: all agree."
    assert not place.browser.sheet.isVisible()
    QTest.keyClick(place.window().focusWidget(), Qt.Key.Key_Escape)
    assert place._stack.currentWidget() is place.agreement
    press(sheet, row_of(sheet, "Claim"), head.index("Exact"))
    assert len(listed(place)) == 24


def test_outcomes_are_shown_whole_in_a_narrow_window_with_large_text(
    app: Start, location: Path
) -> None:
    program = opened(app, location, text_size=200)
    program.window.resize(800, 600)
    place = agreement_in(program)
    QApplication.processEvents()
    page, sheet = place.agreement, place.agreement.outcomes
    assert page.horizontalScrollBar().maximum() == 0
    assert sheet.horizontalScrollBar().maximum() == 0
    heads = [column.text for column in sheet.sheet.columns]
    assert not sheet.isColumnHidden(heads.index("F1"))
    counts = dict(zip(heads, (cell.text for cell in sheet.sheet.rows[0]), strict=True))
    hint = sheet.sheet.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert f"MIS first only: {counts['MIS first only']}" in hint
    place.reading.end()


def test_a_number_of_outcomes_lists_as_many_places(place: Insights) -> None:
    page = place.agreement
    page.pair.setCurrentIndex(page.pair.findText("ada – noor"))
    page.pair.activated.emit(page.pair.currentIndex())
    strict = page.outcomes.sheet.rows[0]
    head = [column.text for column in page.outcomes.sheet.columns]
    missing = head.index("MIS first only")
    assert int(strict[missing].text) > 0
    press(page.outcomes, 0, missing)
    rows = listed(place)
    assert len(rows) == int(strict[missing].text)
    assert {row[3] for row in rows} == {"nothing"}


def test_the_values_of_an_attribute_lead_to_where_they_were_given(place: Insights) -> None:
    page = place.agreement
    assert page.attribute.key == "Claim.claim_type"
    rows = page.confusion.sheet.rows
    row, column = next(
        (r, c)
        for r, cells in enumerate(rows)
        for c, cell in enumerate(cells)
        if isinstance(cell.opens, Question) and len(set(cell.opens.values)) == 2
    )
    wanted = rows[row][column].opens
    assert isinstance(wanted, Question)
    press(page.confusion, row, column)
    found = listed(place)
    assert found
    assert all(set(wanted.values) <= set(case[2:]) for case in found)


def test_what_does_not_vary_is_undefined_and_says_why(place: Insights) -> None:
    sheet = place.agreement.attributes
    row = sheet.sheet.rows[row_of(sheet, "Claim: polarity")]
    assert row[3].text == "undefined"
    assert "nothing varies" in row[3].hint
    assert "nothing varies" in place.agreement.attribute_block.note.text()


def test_an_edit_makes_agreement_stale_until_it_is_computed_again(
    place: Insights, program: Program
) -> None:
    found = place.reading.agreement
    program.workspace.open_article("a000")
    annotated = program.workspace.annotated
    assert annotated is not None
    span = next(one for one in annotated.spans.values() if one.layer_id.endswith("ada"))
    changed = replace(span, note="x")
    program.workspace.perform(edit("note", [Change(span, changed)], article_id="a000"))
    assert place.agreement.work.words.text().startswith("Stale")
    assert place.reading.agreement is found
    place.agreement.work.button.click()
    until(lambda: place.reading.agreement is not found)
    assert not place.agreement.work.words.text().startswith("Stale")


def test_an_edit_during_the_computation_makes_its_result_stale(
    place: Insights, program: Program
) -> None:
    found = place.reading.agreement
    place.reading.compute()
    program.workspace.open_article("a001")
    annotated = program.workspace.annotated
    assert annotated is not None
    span = next(one for one in annotated.spans.values() if one.layer_id.endswith("ada"))
    noted = replace(span, note="later")
    program.workspace.perform(edit("note", [Change(span, noted)], article_id="a001"))
    until(lambda: place.reading.agreement is not found)
    assert place.reading.is_stale
    assert place.agreement.work.words.text().startswith("Stale")


def test_two_labels_are_compared_within_the_same_draws(place: Insights) -> None:
    page = place.agreement
    page.comparison.left.choose("label\nLocation")
    page.comparison.right.choose("label\nClaim")
    page.comparison.right.activated.emit(page.comparison.right.currentIndex())
    until(lambda: place.reading.is_busy("difference") is False)
    said = page.comparison.words.text()
    assert said.startswith("Exact: +.")
    assert "0 lies outside" in said


def test_gamma_is_computed_when_it_is_asked_for(place: Insights) -> None:
    page = place.agreement
    assert page.gamma.isHidden()
    page.gamma_work.button.click()
    until(lambda: place.reading.gamma is not None)
    assert [row[0].text.partition(":")[0] for row in page.gamma.sheet.rows[:2]] == [
        "Gamma",
        "Gamma of pieces",
    ]
    assert page.gamma.isVisibleTo(page)


def test_the_weeks_of_handing_in_are_shown_and_lead_to_their_cases(place: Insights) -> None:
    rows = place.agreement.periods.sheet.rows
    assert sum(int(row[1].text) for row in rows) == 12
    press(place.agreement.periods, 0, 3)
    assert listed(place)


def test_only_the_annotators_who_are_ticked_are_counted(place: Insights) -> None:
    for action in place.side.people.menu().actions():
        if action.data() in ("ada", "noor"):
            action.setChecked(True)
    until(
        lambda: (
            place.reading.agreement is not None
            and place.reading.agreement.panel.annotators == ("ada", "noor")
        )
    )
    assert place.side.people.text() == "2 annotators"


def test_fewer_than_ten_articles_have_no_interval_and_it_is_said(
    app: Start, tmp_path: Path
) -> None:
    location = make(tmp_path / "few.annotator", articles=7)
    program = opened(app, location)
    place = agreement_in(program)
    note = place.agreement.label_block.note.text()
    assert note.startswith("7 articles were labelled twice. Intervals are shown from 10.")


def test_one_reader_has_nothing_to_compare(app: Start, tmp_path: Path) -> None:
    location = make(tmp_path / "one.annotator", articles=2, people=("ada",))
    program = opened(app, location)
    place = agreement_in(program)
    assert place.agreement.nothing.isVisibleTo(place.agreement)
    assert place.agreement.nothing.text().startswith("No two people have handed in the same")
    assert place.agreement.work.words.text() == ""
    assert place.agreement.matrix_block.isHidden()


def test_names_that_a_spreadsheet_would_run_are_saved_as_text(
    app: Start, answers: Answers, tmp_path: Path
) -> None:
    location = make(tmp_path / "formula.annotator", articles=2, people=("=1+1", "ada"))
    program = opened(app, location)
    place = agreement_in(program)
    target = tmp_path / "figures.tsv"
    answers.answers = [target]
    place.side.save.click()
    cells = [cell for line in target.read_text("utf-8").splitlines() for cell in line.split("\t")]
    assert "'=1+1" in cells
    assert "=1+1" not in cells
    assert "Claim" in cells


def test_a_click_on_a_case_shows_its_variants_and_a_double_click_opens_it(
    place: Insights, program: Program
) -> None:
    press(place.agreement.matrix, 1, 1)
    listed(place)
    table = place.browser.sheet
    where = table.visualRect(table.sheet.index(2, 2)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert program.window.place == "insights"
    case = place.browser._cases[2]
    said = place.browser.variants.accessibleDescription()
    assert said == "; ".join(f"{one.author}: {one.words}" for one in case.variants)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert program.window.place == "annotate"


def variant(author: str, *pieces: tuple[int, int]) -> Variant:
    """Return a variant over the text ``0123456789…``, a character a digit."""
    fragments = tuple(Fragment(*piece) for piece in pieces)
    text = "0123456789" * 3
    words = " … ".join(text[one.start : one.end] for one in fragments)
    return Variant(author, "Claim" if pieces else "", words, fragments)


def test_only_what_not_all_have_is_marked_in_a_variant() -> None:
    long, short, nothing = variant("a", (2, 9)), variant("b", (4, 7)), variant("c")
    assert differing(long, [short, nothing]) == [(0, 2), (5, 7)]
    assert differing(short, [long, nothing]) == []
    pieces = variant("d", (2, 4), (6, 9))
    assert differing(long, [pieces]) == [(2, 4)]
    assert differing(pieces, [short]) == [(0, 2), (6, 8)]


def test_a_computation_is_cancelled_and_can_be_asked_for_again(place: Insights) -> None:
    page = place.agreement
    page.gamma_work.button.click()
    assert page.gamma_work.button.text() == "Cancel"
    page.gamma_work.button.click()
    assert page.gamma_work.button.text() == "Compute gamma"
    until(lambda: not place.reading.is_busy("gamma"))
    assert place.reading.gamma is None
    page.gamma_work.button.click()
    until(lambda: place.reading.gamma is not None)


def test_a_screen_reader_hears_what_a_cell_of_the_matrix_is_about(place: Insights) -> None:
    model = place.agreement.matrix.sheet
    said = model.data(model.index(1, 1), int(Qt.ItemDataRole.AccessibleTextRole))
    assert said == f"jonas, ada, {model.rows[1][1].text}, jonas and ada: the same borders"


def test_the_overview_has_the_matrix_and_goes_to_its_cases(place: Insights) -> None:
    place.show_page("overview")
    assert place.overview.matrix.sheet.rows == place.agreement.matrix.sheet.rows
    press(place.overview.matrix, 0, 2)
    assert place.browser.title.text() == "Cases: ada – jonas, overlap counts"


def freeze(location: Path, *articles: str) -> None:
    """Make what ada says the gold of some articles."""
    with Project.open(location, author="ada") as project:
        for item in list(project.each_annotated(articles)):
            home = item.article.id
            layer = Layer(
                id=f"{home}-gold",
                article_id=home,
                author=AUTHOR,
                kind=LayerKind.GOLD,
                state=LayerState.APPROVED,
            )
            own = [
                replace(span, id=f"{span.id}-gold", layer_id=layer.id, attributes={})
                for span in item.spans_of(f"{home}-ada")
            ]
            records: list[Record] = [layer, *own]
            changes = [Change(None, one) for one in records]
            project.perform(edit("gold", changes, article_id=home))


def test_gold_can_stand_in_the_matrix_and_leaves_the_other_figures_alone(
    place: Insights, location: Path
) -> None:
    page = place.agreement
    assert page.whose.isHidden() or not page.whose.isVisibleTo(page)
    before = page.labels.sheet.rows
    freeze(location, "a000", "a001")
    place.reading.compute()
    until(lambda: bool(place.reading.agreement and place.reading.agreement.beside_gold))
    assert page.labels.sheet.rows == before
    page.whose.setCurrentIndex(page.whose.findData("gold"))
    page.whose.activated.emit(page.whose.currentIndex())
    assert [column.text for column in page.matrix.sheet.columns][-1] == "Gold"
    last = page.matrix.sheet.rows[-1]
    assert (last[1].text, last[2].text != "1.00") == ("1.00", True)
    press(page.matrix, 3, 2)
    assert {row[0] for row in listed(place)} <= {"Quay 1", "Quay 2"}
    assert listed(place)


def test_articles_made_with_another_scheme_are_left_out_and_it_is_said(
    place: Insights, location: Path
) -> None:
    page = place.agreement
    assert page.left_out.isHidden()
    with Project.open(location, author="ada") as project:
        (item,) = project.each_annotated(["a000"])
        for author in ("ada", "jonas"):
            layer = item.layers[f"a000-{author}"]
            noted = replace(layer, extra={HANDED_IN: {"scheme": f"of {author}"}})
            project.perform(edit("note", [Change(layer, noted)], article_id="a000"))
    place.reading.compute()
    until(lambda: page.left_out.isVisibleTo(page))
    assert [cell.text for cell in page.left_out.sheet.rows[0]] == [
        "Made with different versions of the scheme",
        "1",
    ]
    press(page.left_out, 0, 1)
    assert listed(place) == [("Quay 1", "Scheme version", "of ada", "of jonas")]


def test_every_number_on_the_page_opens_what_is_behind_it(place: Insights) -> None:
    page = place.agreement
    page.gamma_work.button.click()
    until(lambda: place.reading.gamma is not None)
    closed = [
        (sheet.objectName(), cell.text)
        for sheet in page.sheets()
        for row in sheet.sheet.rows
        for cell in row
        if any(letter.isdigit() for letter in cell.text) and cell.opens is None and cell.text != "0"
    ]
    # A day is no figure; its articles and figures stand beside it.
    assert [one for one in closed if one[0] != "table.development"] == []


def test_the_probability_that_alpha_fails_follows_the_minimum(place: Insights) -> None:
    page = place.agreement
    row = row_of(page.attributes, "Claim: claim type")
    few = page.attributes.sheet.rows[row][4].text
    page.minimum.setCurrentIndex(page.minimum.findData("0.9"))
    page.minimum.activated.emit(page.minimum.currentIndex())
    assert page.attributes.sheet.columns[4].text == "Below .9"
    many = page.attributes.sheet.rows[row][4].text
    assert int(few.split()[0]) < int(many.split()[0]) <= 100


def test_two_weeks_are_compared_over_the_same_draws(place: Insights) -> None:
    found = place.reading.agreement
    assert found is not None
    early, late = (frozenset(f"a{n:03}" for n in part) for part in (range(6), range(6, 12)))
    for measure in (EXACT, OVERLAP):
        same = found.findings.difference(Side(articles=early), Side(articles=early), measure)
        assert same.value == 0
        apart = found.findings.difference(Side(articles=early), Side(articles=late), measure)
        alone = found.findings.development(dict.fromkeys(early, "early"))
        value = alone[0].exact if measure == EXACT else alone[0].overlap
        assert apart.first == value
