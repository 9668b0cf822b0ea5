"""Giving out work: the plan is seen before it is done, and becomes layers that wait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.gui.review.assignment import AssignmentPage
from annotator.model import LayerState
from annotator.review.assigning import DAYS, SINCE, assignment_of
from tests.gui.hand import Hand
from tests.gui.side import press


class Desk:
    """Somebody who gives out the two articles."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    def open(self) -> AssignmentPage:
        self.hand.window.commands.run("place.assignment")
        QApplication.processEvents()
        page = self.hand.window.pages.findChild(AssignmentPage)
        assert page is not None
        return page

    @property
    def layers(self) -> list[tuple[str, str]]:
        """Article and author of the layers that were given out."""
        self.hand.save()
        every = self.hand.workspace.project.layers_of_people()
        return sorted((one.article_id, one.author) for one in every if assignment_of(one))


@pytest.fixture
def desk(hand: Hand) -> Desk:
    return Desk(hand)


def give_out(page: AssignmentPage) -> None:
    """Go to the button with Tab and press it."""
    page.go.setFocus()
    press(page.go, Qt.Key.Key_Space)


def load(page: AssignmentPage) -> dict[str, str]:
    rows = {key: page.model.row(key) for key in page.model.keys}
    return {key: row.right for key, row in rows.items() if row is not None}


def test_the_load_of_each_person_is_seen_before_anything_is_done(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor\njonas")
    page.reviewers.setPlainText("rita")
    page.share.setValue(100)
    assert load(page) == {
        "jonas": "2 to label",
        "noor": "2 to label",
        "rita": "2 to review",
    }
    assert page.counts.text() == "2 articles are given out"
    assert page.rest.text().startswith("2 of them to several people")
    assert desk.layers == []


def test_giving_out_makes_layers_that_wait_and_undo_takes_them_away(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor\njonas")
    page.share.setValue(100)
    give_out(page)
    assert desk.layers == [
        ("ferry", "jonas"),
        ("ferry", "noor"),
        ("quay", "jonas"),
        ("quay", "noor"),
    ]
    every = desk.hand.workspace.project.layers_of_people()
    assert {layer.state for layer in every} == {LayerState.NOT_STARTED}
    desk.hand.workspace.undo()
    assert desk.layers == []


def test_what_is_given_out_once_is_not_given_out_again(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor\njonas")
    give_out(page)
    assert not page.go.isEnabled()
    assert page.rows.empty.startswith("Somebody has every article already.")


def test_only_the_shared_part_goes_to_several(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor\njonas")
    page.share.setValue(50)
    give_out(page)
    assert len(desk.layers) == 3


def test_another_seed_draws_others_and_the_same_seed_the_same(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("\n".join("abcdefgh"))
    page.share.setValue(0)
    page.readers.setValue(1)
    drawn = []
    for seed in (1, 2, 3, 4, 5, 1):
        page.seed.setValue(seed)
        assert page.found is not None
        drawn.append(page.found.given)
    assert drawn[0] == drawn[-1]
    assert len(set(drawn)) > 1


def test_a_plan_that_cannot_be_kept_says_why(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor")
    page.readers.setValue(2)
    page.share.setValue(100)
    assert page.complaint.isVisible()
    assert "2 annotators an article" in page.complaint.text()
    assert not page.go.isEnabled()


def test_nobody_gets_more_than_the_limit(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor")
    page.readers.setValue(1)
    page.limit.setValue(1)
    assert load(page) == {"noor": "1 to label"}
    assert "1 is left over" in page.rest.text()


def test_the_switch_for_blindness_is_kept_with_the_layers(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor\njonas")
    page.blind.setChecked(False)
    give_out(page)
    desk.hand.save()
    every = desk.hand.workspace.project.layers_of_people()
    assert {assignment_of(layer).get("blind") for layer in every} == {False}


def test_what_people_have_already_counts_and_what_lies_too_long_is_noted(desk: Desk) -> None:
    page = desk.open()
    page.annotators.setPlainText("noor\njonas")
    page.readers.setValue(1)
    page.limit.setValue(1)
    page.days.setValue(14)
    give_out(page)
    every = desk.hand.workspace.project.layers_of_people()
    noted = [assignment_of(layer) for layer in every]
    assert {one[DAYS] for one in noted} == {14}
    assert all(one[SINCE] for one in noted)
    # Each of them has one article now, which is the most: nobody takes a third one.
    assert page._load() == {"noor": 1, "jonas": 1}
