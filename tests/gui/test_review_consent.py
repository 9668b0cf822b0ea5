"""Own labels are reviewed knowingly, or not at all: by whichever way one decides on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.gui.review.batch_preview import BatchPreview
from annotator.gui.review.board import Board
from annotator.gui.review.phrase_page import PhrasePage
from annotator.model import Entity
from annotator.review.assigning import ASSIGNED
from annotator.review.gold import gold_of
from tests.gui.conftest import Answers, Look, Start
from tests.gui.review_seat import Layered, Marks, Reviewer, make, sit_down

MARKS: Marks = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"))
ARTICLES: list[Layered] = [
    ("quay", "Marta Ilves said that the quay was safe.", {"rita": MARKS, "jonas": MARKS})
]
PEOPLE = [Entity(id=name, kind="person", name=name.title()) for name in ("marta", "ilse")]


def seat(app: Start, tmp_path: Path, noted: dict[str, object] | None = None) -> Reviewer:
    """Sit rita down before an article that she has labelled herself."""
    location = make(
        tmp_path / "own.annotator",
        ARTICLES,
        changed={
            "quay-rita-000": {"entity_id": "marta"},
            "quay-jonas-000": {"entity_id": "ilse"},
        },
        relations=[("attributed_to", "quay-jonas-001", "quay-jonas-000")],
        entities=PEOPLE,
        layers={"rita": {ASSIGNED: noted}} if noted else None,
    )
    return sit_down(app(), location, "quay")


def on_the_board(rita: Reviewer, _previews: list[Look]) -> None:
    """Let the card at hand stand for nobody."""
    rita.press("Ctrl+Shift+A")
    board = rita.window.pages.findChild(Board)
    assert board is not None
    board.show_tab("entities")
    rita.press(rita.window.commands.key("board.nobody"))


def among_links(rita: Reviewer, _previews: list[Look]) -> None:
    """Leave a link out."""
    rita.press("Ctrl+Shift+A")
    board = rita.window.pages.findChild(Board)
    assert board is not None
    board.show_tab("links")
    rita.press("x")


def by_phrase(rita: Reviewer, previews: list[Look]) -> None:
    """Accept all places of a phrase."""
    previews.append(_close_if_empty)
    rita.press("Ctrl+Shift+F")
    page = rita.window.pages.findChild(PhrasePage)
    assert page is not None
    page.field.setText("the quay was safe")
    page.field.returnPressed.emit()
    page.read_all()
    next(one for one in page.ticks if one.text() == "All labelled").click()
    rita.press("a")


def in_bulk(rita: Reviewer, previews: list[Look]) -> None:
    """Accept what all agree on."""
    previews.append(_close_if_empty)
    rita.press("Ctrl+Shift+L")


def back(rita: Reviewer, previews: list[Look]) -> None:
    """Send the case at hand back."""
    previews.append(_close_if_empty)
    rita.press("Ctrl+2", "r")


def _close_if_empty(dialog: BatchPreview) -> None:
    if not dialog.go.isEnabled():
        assert "the plan names somebody else" in dialog.rest.text()
        dialog.reject()


WAYS = [on_the_board, among_links, by_phrase, in_bulk]
Way = Callable[[Reviewer, list[Look]], None]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_asks_before_own_labels_are_decided_on_and_only_once(
    app: Start, tmp_path: Path, answers: Answers, previews: list[Look], way: Way
) -> None:
    rita = seat(app, tmp_path)
    way(rita, previews)
    assert "yourself. Review your own labels?" in answers.said[-1]
    assert rita.stored_article().verdicts == {}
    answers.answers = [0]
    said = len(answers.said)
    way(rita, previews)
    stored = rita.stored_article()
    assert stored.verdicts
    assert gold_of(stored).layer.extra["annotator:own_reviewed"]["author"] == "rita"
    rita.workspace.undo()
    assert rita.stored_article().verdicts == {}
    way(rita, previews)
    assert rita.stored_article().verdicts
    assert len(answers.said) == said + 1


@pytest.mark.parametrize("way", [*WAYS, back])
def test_each_way_keeps_to_a_plan_that_names_another_reviewer(
    app: Start, tmp_path: Path, answers: Answers, previews: list[Look], way: Way
) -> None:
    rita = seat(app, tmp_path, {"blind": False, "seed": 7, "reviewer": "noor"})
    before = rita.stored_article()
    way(rita, previews)
    after = rita.stored_article()
    assert (after.verdicts, after.layers) == (before.verdicts, before.layers)
    assert answers.said == []


def test_who_has_agreed_in_the_reader_is_not_asked_on_the_board_or_in_bulk(
    app: Start, tmp_path: Path, answers: Answers, previews: list[Look]
) -> None:
    rita = seat(app, tmp_path)
    answers.answers = [0]
    rita.press("s")
    assert len(answers.said) == 1
    for way in (on_the_board, in_bulk):
        way(rita, previews)
    assert len(answers.said) == 1
    QApplication.processEvents()
    assert len(rita.stored_article().verdicts) > 1


def test_own_labels_are_not_sent_back_without_asking(
    app: Start, tmp_path: Path, answers: Answers, previews: list[Look]
) -> None:
    rita = seat(app, tmp_path)
    back(rita, previews)
    assert "Review your own labels?" in answers.said[-1]
    assert {layer.state for layer in rita.stored_article().layers.values()} == {"submitted"}
