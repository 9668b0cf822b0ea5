"""Cases that a reviewer ticks go back to who marked them, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from annotator.gui.history import what_in_words
from annotator.gui.insights.history_reading import About, read_edits
from annotator.gui.review.batch_preview import BatchPreview
from annotator.gui.review.comments import Comments
from annotator.gui.review.queue_model import WAITING
from annotator.model import LayerState
from annotator.review.assigning import ASSIGNED
from annotator.review.settling import OPEN_ITEMS
from tests.gui.conftest import Look, Start, see, until
from tests.gui.review_seat import Layered, Reviewer, make, sit_down

ARTICLES: list[Layered] = [
    (
        "quay",
        "Marta Ilves doubts that the quay was safe.",
        {
            "noor": (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe")),
            "jonas": (("Speaker", "Ilves"), ("Claim", "quay was safe")),
        },
    ),
    ("ferry", "Bergen gets a ferry.", {"noor": (("Location", "Bergen"),), "jonas": ()}),
]


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    return sit_down(app(), make(tmp_path / "back.annotator", ARTICLES), "quay")


def listed(dialog: BatchPreview) -> list[tuple[str, str]]:
    """The words of each row, and what stands at the right."""
    rows = [dialog.model.row(key) for key in dialog.model.keys]
    return [(row.text, row.right) for row in rows if row is not None]


def returned(rita: Reviewer) -> dict[str, list[str]]:
    """The records that were sent back, by the ids of the layers that were returned."""
    rita.workspace.flush()
    layers = [
        layer for name in ("quay", "ferry") for layer in rita.stored_article(name).layers.values()
    ]
    return {
        layer.id: list(layer.extra[OPEN_ITEMS])
        for layer in layers
        if layer.state == LayerState.RETURNED
    }


def click(rita: Reviewer, words: str, x: int) -> None:
    """Click in the row of the queue with these words."""
    tree = rita.here.queue.tree
    heads = [tree.model().index(at, 0) for at in range(tree.model().rowCount())]
    for head in heads:
        for at in range(tree.model().rowCount(head)):
            index = tree.model().index(at, 0, head)
            if index.data(WAITING).words == words:
                spot = QPoint(x, tree.visualRect(index).center().y())
                QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
                QApplication.processEvents()
                return
    raise AssertionError(words)


def test_ticked_cases_of_several_articles_go_back_and_no_others(
    rita: Reviewer, previews: list[Look]
) -> None:
    rita.go_to("Ilves")
    rita.press("b")
    assert rita.said == "1 case is ticked. R sends it back."
    rita.go_to("Bergen")
    rita.press("b")
    seen: list[tuple[str, str]] = []

    def look(dialog: BatchPreview) -> None:
        until(lambda: dialog.counts.text() == "3 are concerned")
        assert not dialog.share.isVisible()
        assert dialog.go.text() == "Send the ticked cases back (3)"
        seen.extend(listed(dialog))

    previews.append(look)
    rita.press("r")
    assert seen[0] == ("A sample", "")
    assert sorted(seen[1:]) == [
        ("Bergen", "to noor"),
        ("Ilves", "to jonas"),
        ("Ilves", "to noor"),
    ]
    assert rita.said == "3 are done. Ctrl Z takes all of it back."
    assert returned(rita) == {
        "quay-noor": ["quay-noor-000"],
        "quay-jonas": ["quay-jonas-000"],
        "ferry-noor": ["ferry-noor-000"],
    }
    assert not rita.sitting.ticks
    saved = rita.workspace.project.history(1)[0]
    assert (saved.edit.action, saved.edit.detail) == ("send back", "3")
    (row,) = rita.workspace.project.reviewing.batches()
    assert row.rule == "send back"


def test_one_undo_takes_it_all_back(rita: Reviewer, previews: list[Look]) -> None:
    rita.press("b", "j", "b")
    previews.append(lambda _dialog: None)
    rita.press("r")
    assert len(returned(rita)) == 2
    rita.press("z")
    assert returned(rita) == {}


def test_nothing_goes_back_where_the_preview_is_left(rita: Reviewer, previews: list[Look]) -> None:
    rita.press("b")
    previews.append(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    rita.press("r")
    assert returned(rita) == {}
    assert rita.sitting.ticks


def test_with_nothing_ticked_the_case_at_hand_goes_back(
    rita: Reviewer, previews: list[Look]
) -> None:
    rita.go_to("quay was safe")
    previews.append(lambda _dialog: None)
    rita.press("r")
    assert returned(rita) == {"quay-noor": ["quay-noor-001"], "quay-jonas": ["quay-jonas-001"]}


def test_what_was_returned_already_is_refused_by_name(rita: Reviewer, previews: list[Look]) -> None:
    rita.go_to("Ilves")
    previews.append(lambda _dialog: None)
    rita.press("r")
    rita.go_to("quay was safe")
    rita.press("b")
    rita.go_to("Bergen")
    rita.press("b")
    seen: list[tuple[str, str]] = []

    def look(dialog: BatchPreview) -> None:
        until(lambda: dialog.counts.text() == "1 is concerned")
        seen.extend(listed(dialog))

    previews.append(look)
    rita.press("r")
    assert seen == [
        ("A sample", ""),
        ("Bergen", "to noor"),
        ("What is left as it is, and why", ""),
        ("quay was safe", "jonas: It was returned already."),
        ("quay was safe", "noor: It was returned already."),
    ]
    assert rita.said.startswith("1 is done, 2 are as they were: It was returned already.")
    assert returned(rita)["quay-noor"] == ["quay-noor-000"]
    assert rita.here.queue.back.text() == "Send 1 ticked case back …"


def test_space_and_a_click_on_the_box_tick_in_the_queue(
    rita: Reviewer, previews: list[Look]
) -> None:
    queue = rita.here.queue
    at_hand = rita.case.words
    click(rita, "quay was safe", 22)
    assert rita.case.words == at_hand
    button = queue.findChild(QToolButton, "button.send_back_ticked")
    assert button is not None
    assert button.text() == "Send 1 ticked case back …"
    queue.tree.setFocus()
    rita.press("Space")
    assert button.text() == "Send 2 ticked cases back …"
    rita.press("Space")
    assert button.text() == "Send 1 ticked case back …"
    click(rita, "quay was safe", 120)
    assert rita.case.words == "quay was safe"
    assert button.text() == "Send 1 ticked case back …"
    previews.append(lambda _dialog: None)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert returned(rita) == {"quay-noor": ["quay-noor-001"], "quay-jonas": ["quay-jonas-001"]}
    assert not button.isVisible()


def head_of(rita: Reviewer, name: str) -> QModelIndex:
    """Return the head of a group in the queue."""
    model = rita.here.queue.model
    return next(
        index for at in range(model.rowCount()) if (index := model.index(at, 0)).data() == name
    )


def test_a_folded_group_says_how_many_of_its_cases_are_ticked(rita: Reviewer) -> None:
    tree = rita.here.queue.tree
    head = head_of(rita, "Boundary")

    def seen() -> QImage:
        rita.view.setFocus()
        QApplication.processEvents()
        return tree.viewport().grab(tree.visualRect(head)).toImage()

    unfolded = seen()
    rita.press("b")
    assert seen() == unfolded  # the ticks themselves are in sight
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(head).center())
    assert not tree.isExpanded(head)
    with_one = seen()
    assert head.data(Qt.ItemDataRole.AccessibleTextRole) == "Boundary, 2, 1 ticked"
    rita.press("b")
    assert head.data(Qt.ItemDataRole.AccessibleTextRole) == "Boundary, 2"
    assert seen() != with_one


def test_all_that_is_shown_is_ticked_at_once_and_unticked(rita: Reviewer) -> None:
    queue, ticks = rita.here.queue, rita.sitting.ticks
    for name, wanted in (("Tick all that is shown", 3), ("Untick all", 0)):
        menu = queue.menu()
        next(one for one in menu.actions() if one.text() == name).trigger()
        menu.deleteLater()
        assert len(ticks.among(rita.sitting.articles)) == wanted


def test_a_ticked_case_is_said_to_be_ticked(rita: Reviewer) -> None:
    tree = rita.here.queue.tree
    assert "ticked" not in tree.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    rita.press("b")
    assert tree.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole).endswith(", ticked")


def test_a_blind_review_sends_back_without_a_name(
    app: Start, tmp_path: Path, previews: list[Look]
) -> None:
    noted = {ASSIGNED: {"blind": True, "seed": 7}}
    location = make(tmp_path / "blind.annotator", ARTICLES, layers={"noor": noted, "jonas": noted})
    rita = sit_down(app(), location, "quay")
    seen: list[tuple[str, str]] = []
    previews.append(lambda dialog: seen.extend(listed(dialog)))
    rita.press("r")
    assert {right for _, right in seen[1:]} == {"to A", "to B"}


def test_a_label_that_was_sent_back_says_by_whom_and_why(
    rita: Reviewer, previews: list[Look]
) -> None:
    rita.go_to("Ilves")

    def look(dialog: BatchPreview) -> None:
        assert dialog.choice is not None
        dialog.choice.why.setFocus()
        QTest.keyClicks(dialog.choice.why, "Titles belong to the name.")

    open_before = sorted(rita.open)
    previews.append(look)
    rita.press("r")
    assert sorted(rita.open) == open_before
    rita.workspace.work_as("jonas")
    rita.press("Ctrl+1")
    rita.workspace.select(("quay-jonas-000",))
    see()
    comments = rita.window.details.findChild(Comments)
    assert comments is not None
    (row,) = comments.rows
    assert row.words.text() == "Titles belong to the name."
    assert row.meta.text().startswith("rita sent this label back, ")
    edits = read_edits(rita.workspace.project, About("quay", "quay-jonas-000"), None, lambda: None)
    assert what_in_words(edits.edits[0]) == "Sent labels back: 2"
