"""Batches: what was decided in bulk, how its audit stands, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.gui.history import what_in_words
from annotator.gui.review.batch_result import BatchResult
from annotator.gui.review.batches import BatchPage, error_rate
from annotator.model import Span, now
from annotator.review.cases import review
from annotator.review.conflicts import Kind
from annotator.review.gold import gold_of
from annotator.review.merging import batch, these
from annotator.review.settling import reject, take
from annotator.review.verdicts import Signature
from tests.gui.conftest import until
from tests.gui.hand import Hand
from tests.gui.reviewing import submit, work_as


class Desk:
    """Three labels that were handed in, accepted in one batch, all of them to be audited."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        words = (("The mayor", "Speaker"), ("Bergen", "Location"), ("divers would look", "Claim"))
        self.spans = [hand.mark(*one) for one in words]
        submit(hand)
        work_as(hand, "noor")

    def accept_all(self, share: float = 1.0) -> None:
        found = self.found
        made = batch("phrase", self.signed, share=share)
        keys = {case.key for case in found.cases}
        assert self.hand.workspace.perform(these(found, made, keys).edit())

    @property
    def signed(self) -> Signature:
        return Signature("noor", now())

    @property
    def found(self) -> Any:
        return review(self.hand.workspace.desk.annotated, self.hand.workspace.scheme)

    def case(self, span: Span) -> Any:
        return next(c for c in self.found.cases if span.id in {one.id for one in c.records})

    def open(self) -> BatchPage:
        self.hand.window.commands.run("place.batches")
        QApplication.processEvents()
        page = self.hand.window.pages.findChild(BatchPage)
        assert page is not None
        return page

    def row(self, page: BatchPage, at: int = 0) -> list[str]:
        return [str(page.model.data(page.model.index(at, n))) for n in range(7)]

    @property
    def gold(self) -> list[str]:
        annotated = self.hand.workspace.desk.annotated
        return [span.label for span in annotated.spans_of(gold_of(annotated).layer.id)]


@pytest.fixture
def desk(hand: Hand) -> Desk:
    return Desk(hand)


def test_without_a_batch_the_page_says_where_they_come_from(desk: Desk) -> None:
    page = desk.open()
    assert page.empty.isVisible()
    assert not page.back.isEnabled()


def test_a_batch_is_listed_with_its_counts(desk: Desk) -> None:
    desk.accept_all()
    page = desk.open()
    what, who, _when, cases, due, wrong, rate = desk.row(page)
    assert (what, who, cases, due) == ("Decided on one phrase", "noor", "3", "3")
    assert (wrong, rate) == ("–", "not audited yet")
    assert page.told.text() == "3 cases are to be audited."


def test_a_narrow_window_with_large_text_keeps_what_was_done_and_how_well(desk: Desk) -> None:
    desk.accept_all()
    page = desk.open()
    desk.hand.window.resize(800, 600)
    desk.hand.window.text_size_wanted.emit(200)
    QApplication.processEvents()
    table = page.table
    assert table.horizontalScrollBar().maximum() == 0
    shown = [at for at in range(7) if not table.isColumnHidden(at)]
    assert {0, 6} <= set(shown) < set(range(7))
    told = page.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Who: noor" in told
    assert "To audit: 3" in told


def test_the_error_rate_comes_with_its_interval(desk: Desk) -> None:
    desk.accept_all()
    first, second, third = desk.spans
    workspace = desk.hand.workspace
    workspace.perform(take(desk.found, desk.case(first), 1, desk.signed))
    workspace.perform(reject(desk.found, desk.case(second), "Duplicate", desk.signed))
    page = desk.open()
    # Which case is looked at first is nobody's draw: until all are, the rate holds so far only.
    assert desk.row(page)[4:] == ["1", "1 of 2", "50 % (9–91 %) so far"]
    workspace.perform(take(desk.found, desk.case(third), 1, desk.signed))
    assert desk.row(desk.open())[4:] == ["0", "1 of 3", "33 % (6–79 %)"]


@pytest.mark.parametrize(
    ("wrong", "audited", "said"),
    [(0, 0, "not audited yet"), (0, 10, "0 % (0–28 %)"), (3, 10, "30 % (11–60 %)")],
)
def test_rates_are_wilson_intervals(wrong: int, audited: int, said: str) -> None:
    assert error_rate(wrong, audited) == said


def test_one_key_takes_the_batch_back(desk: Desk) -> None:
    desk.accept_all()
    assert sorted(desk.gold) == ["Claim", "Location", "Speaker"]
    page = desk.open()
    desk.hand.press("r")
    assert desk.gold == []
    assert desk.hand.said == "3 are as they were before."
    assert page.model.batches == []
    desk.hand.workspace.undo()
    assert sorted(desk.gold) == ["Claim", "Location", "Speaker"]


def test_what_somebody_has_decided_on_since_stays(desk: Desk) -> None:
    desk.accept_all()
    desk.hand.workspace.perform(
        reject(desk.found, desk.case(desk.spans[0]), "Duplicate", desk.signed)
    )
    desk.open()
    desk.hand.press("r")
    assert desk.hand.said == "2 are as they were before. 1 stays: Somebody has decided on it since."


def test_the_history_of_the_article_names_the_batch_that_was_reverted_with_its_counts(
    desk: Desk,
) -> None:
    desk.accept_all()
    desk.hand.workspace.perform(
        reject(desk.found, desk.case(desk.spans[0]), "Duplicate", desk.signed)
    )
    desk.open()
    desk.hand.press("r")
    desk.hand.workspace.flush()
    project, article = desk.hand.workspace.project, desk.spans[0].article_id
    newest, *_ = project.history(article_id=article)
    assert what_in_words(newest) == "Reverted a batch “Decided on one phrase”: 2, 1 left"
    desk.hand.press("Ctrl+Shift+R")
    dialog = desk.hand.window.findChild(BatchResult)
    assert dialog is not None
    until(lambda: dialog.counts.text() == "2 done, 1 refused")
    assert dialog.why.text() == "Somebody has decided on it since (1)."


def test_the_audit_leads_to_the_case(desk: Desk) -> None:
    desk.accept_all()
    desk.open()
    desk.hand.press("a")
    assert desk.hand.window.place == "review"
    case = desk.hand.window.bench.review.sitting.case
    assert case is not None
    assert case.kind == Kind.UNAUDITED
