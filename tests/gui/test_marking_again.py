"""Somebody is asked in the window to mark articles again, and the two rounds are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.gui.article.text_view import ArticleView
from annotator.gui.history import what_in_words
from annotator.gui.insights.place import Insights
from annotator.gui.review.batch_preview import BatchPreview
from annotator.gui.review.batches import BatchPage, rate_of
from annotator.model import Change, LayerState, edit, new_id
from annotator.review.marking_again import MARKED_AGAIN
from annotator.review.rounds import first_of, second_of
from tests.gui.conftest import Look, Start, see, until
from tests.gui.review_seat import TEXT, Layered, Marks, Reviewer, make, sit_down

MARKS: Marks = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"), ("Location", "Bergen"))
ARTICLES: list[Layered] = [
    ("quay", TEXT, {"noor": MARKS, "jonas": MARKS[:2]}),
    ("other", TEXT, {"noor": MARKS}),
]
FIRST = "noor (first round)"


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    return sit_down(app(), make(tmp_path / "quay.annotator", ARTICLES), "quay")


def asking(seen: list[str]) -> Callable[[BatchPreview], None]:
    """Choose in the dialog that noor marks all articles again, and note what it says."""

    def look(dialog: BatchPreview) -> None:
        choice = dialog.choice
        assert choice is not None
        choice.choose(MARKED_AGAIN)
        choice.marker.setCurrentText("noor")
        choice.part.setValue(100)
        until(lambda: choice.hint.text() == "")
        seen.extend((dialog.counts.text(), dialog.rest.text(), dialog.go.text()))

    return look


def ask(rita: Reviewer, previews: list[Look]) -> list[str]:
    """Ask with the keys; return what the dialog said."""
    seen: list[str] = []
    previews.append(asking(seen))
    rita.press("Ctrl+Shift+L")
    rita.workspace.flush()
    see()
    return seen


def work_as(rita: Reviewer, name: str) -> None:
    rita.save()
    rita.workspace.work_as(name)
    see()


def marked(rita: Reviewer) -> list[str]:
    """Return the ids of the labels that Annotate shows in the open article."""
    view: ArticleView = rita.window.bench.page.view
    assert view.content is not None
    spans = view.content.annotated.spans.values()
    return sorted(one.id for one in spans if view.content.shows(one))


def mark_again(rita: Reviewer, article: str, labels: int) -> None:
    """Mark again in an article so many of the labels that noor marked first, and hand it in."""
    stored = rita.stored_article(article)
    first, second = first_of(stored, "noor"), second_of(stored, "noor")
    assert first is not None
    assert second is not None
    again = [
        replace(one, id=new_id(), layer_id=second.id) for one in stored.spans_of(first.id)[:labels]
    ]
    done = Change(second, replace(second, state=LayerState.SUBMITTED))
    assert rita.workspace.perform(edit("submit", [*(Change(None, one) for one in again), done]))
    rita.save()


def batches(rita: Reviewer) -> BatchPage:
    rita.window.commands.run("place.batches")
    see()
    page = rita.window.pages.findChild(BatchPage)
    assert page is not None
    return page


def rates(page: BatchPage) -> list[list[str]]:
    model = page.stability.sheet.model()
    rows = [[model.index(row, at).data() for at in range(5)] for row in range(model.rowCount())]
    return rows if page.stability.isVisible() else []


def test_the_dialog_says_what_it_comes_to_and_one_undo_takes_it_back(
    rita: Reviewer, previews: list[Look]
) -> None:
    before = rita.stored_article()
    counts, rest, go = ask(rita, previews)
    assert counts == "2 are concerned"
    assert rest == "One undo takes all of it back."
    assert go == "Have somebody mark articles again, unseen (2)"
    assert rita.said == "2 are done. Ctrl Z takes all of it back."
    newest, *_ = rita.workspace.project.history()
    assert what_in_words(newest) == "Had somebody mark articles again, unseen: 2"
    counts, rest, _ = ask(rita, previews)
    assert counts == "0 are concerned"
    assert "2 are refused: There is a second round already" in rest
    rita.workspace.undo()
    assert rita.stored_article() == before


def test_who_marks_again_sees_nothing_of_the_first_time_until_it_is_handed_in(
    rita: Reviewer, previews: list[Look]
) -> None:
    ask(rita, previews)
    work_as(rita, "noor")
    rita.press("Ctrl+1")
    rita.window.open_article("other")
    rita.window.open_article("quay")
    see()
    assert rita.said.startswith("You are asked to mark this article a second time.")
    assert marked(rita) == []
    rita.press("Ctrl+2")
    until(lambda: not (rita.sitting.gathering or rita.sitting.looking))
    assert rita.here.case.heading.text() == "Hand in your own labels first"
    mark_again(rita, "quay", 2)
    until(lambda: not (rita.sitting.gathering or rita.sitting.looking))
    names = set(rita.sitting.naming.names(rita.sitting.found).values())  # type: ignore[arg-type]
    assert names == {FIRST, "jonas"}


def told(rita: Reviewer) -> list[str]:
    """Return what the history of the open article says was done."""
    rita.window.commands.run("place.insights")
    place = rita.window.findChild(Insights)
    assert place is not None
    place.show_page("history")
    place.history.show_whose("article")
    until(lambda: not any(one.is_busy for one in place.history._questions))
    return [row[2].text for row in place.history.sheet.sheet.rows]


def test_the_history_does_not_tell_what_one_did_oneself_the_first_time(
    rita: Reviewer, previews: list[Look]
) -> None:
    work_as(rita, "noor")
    rita.window.open_article("quay")
    span = rita.workspace.desk.annotated.spans["quay-noor-000"]
    again = replace(span, id=new_id(), label="Location")
    assert rita.workspace.perform(
        edit("mark", [Change(None, again)], detail="Location", article_id="quay")
    )
    work_as(rita, "rita")
    ask(rita, previews)
    work_as(rita, "noor")
    assert "Marked Location" not in told(rita)
    mark_again(rita, "quay", 1)
    assert "Marked Location" in told(rita)


def test_who_has_the_article_open_goes_on_in_the_second_round_and_back_with_undo(
    rita: Reviewer, previews: list[Look]
) -> None:
    work_as(rita, "noor")
    rita.press("Ctrl+1")
    rita.window.open_article("quay")
    see()
    before = marked(rita)
    assert len(before) == len(MARKS)
    rita.workspace.select((before[0],))
    ask(rita, previews)
    assert (marked(rita), rita.workspace.selected) == ([], ())
    assert rita.workspace.layer.state == LayerState.NOT_STARTED
    rita.press("Ctrl+Z")
    rita.workspace.flush()
    see()
    assert marked(rita) == before
    assert rita.workspace.layer.id == "quay-noor"


def test_the_rounds_stand_beside_the_batches_and_lead_to_their_comparison_and_its_cases(
    rita: Reviewer, previews: list[Look]
) -> None:
    assert rates(batches(rita)) == []
    rita.press("Ctrl+2")
    ask(rita, previews)
    page = batches(rita)
    until(lambda: bool(rates(page)))
    (batch,) = page.model.batches
    assert (batch.rule, batch.cases, rate_of(batch)) == (MARKED_AGAIN, 2, "–")
    waiting = "not handed in yet"
    assert rates(page) == [["noor", "0 of 2", "–", waiting, waiting]]
    mark_again(rita, "quay", 2)
    until(lambda: rates(page)[0][1] == "1 of 2")
    assert rates(page) == [["noor", "1 of 2", "5", ".80", ".80"]]
    sheet = page.stability.sheet
    sheet.setFocus()
    sheet.setCurrentIndex(sheet.model().index(0, 3))
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    QApplication.processEvents()
    place = rita.window.findChild(Insights)
    assert place is not None
    until(lambda: place.reading.agreement is not None)
    assert rita.window.place == "insights"
    assert place.page == "agreement"
    assert place.reading.agreement is not None
    assert place.reading.agreement.panel.annotators == ("noor", FIRST)
    assert place.side.people.chosen == ("noor", FIRST)
    matrix = place.agreement.matrix
    row, column = next(
        (row, column)
        for row, cells in enumerate(matrix.sheet.rows)
        for column, cell in enumerate(cells)
        if cell.opens is not None
    )
    matrix.setFocus()
    matrix.setCurrentIndex(matrix.sheet.index(row, column))
    QTest.keyClick(matrix, Qt.Key.Key_Return)
    until(lambda: not place.reading.is_busy("list"))
    cases = [[cell.text for cell in row] for row in place.browser.sheet.sheet.rows]
    assert len(cases) == 1
    assert any("Bergen" in text for text in cases[0])
    place.reading.end()
