"""Who is still to label an article blind sees nothing of what others have marked in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator import editing
from annotator.gui.review.board import Board
from annotator.gui.review.phrase_page import PhrasePage
from annotator.model import Change, LayerState, edit
from annotator.project import Project
from annotator.review.assigning import ASSIGNED
from tests.gui.conftest import Start, until
from tests.gui.review_seat import TEXT, Layered, Reviewer, layer_of, make, sit_down

NOOR = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"))
JONAS = (("Speaker", "Marta Ilves"), ("Claim", "quay was safe"))
ARTICLES: list[Layered] = [
    ("quay", TEXT, {"noor": NOOR, "jonas": JONAS}),
    ("other", TEXT, {"noor": NOOR, "jonas": JONAS}),
]
BLIND = {ASSIGNED: {"blind": True, "seed": 1}}


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    """Return somebody who has begun to label one of two articles, as a blind plan wants it."""
    location = make(tmp_path / "blind.annotator", ARTICLES)
    with Project.open(location, author="rita") as project:
        article = project.annotated("quay").article
        layer, spans = layer_of(article, "rita", NOOR[:1], state=LayerState.IN_PROGRESS)
        marked = [Change(None, one) for one in spans]
        project.perform(edit("import", [Change(None, replace(layer, extra=BLIND)), *marked]))
    return sit_down(app(), location, "quay", into_text=False)


def shown_spans(rita: Reviewer) -> set[str]:
    """Return the ids of the labels that the article under review shows."""
    content = rita.view.content
    assert content is not None
    return {key for key, span in content.annotated.spans.items() if content.shows(span)}


def hand_in(rita: Reviewer) -> None:
    """Hand in what rita has of the open article."""
    made = editing.set_state(rita.workspace.desk, LayerState.SUBMITTED)
    assert rita.workspace.perform(made)
    rita.save()
    until(lambda: not (rita.sitting.gathering or rita.sitting.looking))


def queued(rita: Reviewer) -> list[str]:
    """Return the ids of the articles of which something is in the queue."""
    return [key for key, rows in rita.sitting.articles.items() if rows]


def test_the_review_shows_nothing_of_the_article_until_the_own_labels_are_handed_in(
    rita: Reviewer,
) -> None:
    rita.window.open_article("quay")
    QApplication.processEvents()
    assert queued(rita) == ["other"]
    assert rita.here.case.heading.text() == "Hand in your own labels first"
    assert shown_spans(rita) == set()
    rita.view.setFocus(Qt.FocusReason.OtherFocusReason)
    rita.press("Ctrl+Return")
    assert rita.gold == []
    assert rita.said == "There is nothing to review in this article yet."
    hand_in(rita)
    assert queued(rita) == ["quay", "other"]
    assert {"quay-noor-001", "quay-jonas-001"} <= shown_spans(rita)


def test_somebody_else_who_sits_down_sees_the_article(rita: Reviewer) -> None:
    rita.workspace.work_as("lea")
    until(lambda: queued(rita) == ["quay", "other"])
    rita.workspace.work_as("rita")
    until(lambda: queued(rita) == ["other"])


def test_the_board_says_why_it_is_empty(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    rita.press("Ctrl+Shift+A")
    board = rita.window.pages.findChild(Board)
    assert board is not None
    assert board.columns == []
    assert board.empty.text().startswith("Hand in your own labels first.")
    hand_in(rita)
    board.refresh()
    assert not board.empty.text().startswith("Hand in your own labels first.")


def test_phrase_review_leaves_the_article_out_and_says_so(rita: Reviewer) -> None:
    rita.window.commands.run("place.phrases")
    page = rita.window.pages.findChild(PhrasePage)
    assert page is not None
    page.field.setText("Marta Ilves")
    page.search()
    page.read_all()
    assert {place.article_id for place in page.model.places} == {"other"}
    said = "1 article is left out: hand in your own labels there first."
    assert page.counts.text().endswith(said)
