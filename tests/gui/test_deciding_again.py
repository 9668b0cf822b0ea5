"""While somebody is to decide once more, no screen shows what was decided first."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from annotator.gui.insights.place import Insights
from annotator.gui.review.board import Board
from annotator.gui.review.phrase_page import PhrasePage
from annotator.model import Entity
from annotator.review.board import Card
from annotator.review.labelling import label_all
from annotator.review.merging import batch
from annotator.review.sampling import RETEST, own_again
from annotator.review.verdicts import AUDIT, Signature
from tests.gui.conftest import Start, settle, until
from tests.gui.review_seat import TEXT, Layered, Reviewer, make, sit_down

WHO = (("Speaker", "Marta Ilves"), ("Speaker", "Håkon Lunde"))
ARTICLES: list[Layered] = [("quay", TEXT, {"noor": WHO, "jonas": WHO, "pia": WHO})]
ACCEPTED, LEFT_OUT = ("1",), ("x", "3")
"""As only jonas has it, and not at all."""


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    """Return a reviewer of a speaker whom two of three readers take for somebody else."""
    entities = [
        Entity(id=key, kind="actor", name=name)
        for key, name in (("marta", "Marta Ilves"), ("hakon", "Håkon Lunde"))
    ]
    said = {"noor": "marta", "pia": "marta", "jonas": "hakon"}
    changed: dict[str, dict[str, object]] = {
        f"quay-{author}-000": {"entity_id": entity} for author, entity in said.items()
    }
    changed |= {f"quay-{author}-001": {"entity_id": "hakon"} for author in said}
    location = make(tmp_path / "again.annotator", ARTICLES, changed=changed, entities=entities)
    return sit_down(app(), location, "quay")


def decide(rita: Reviewer, *keys: str) -> None:
    """Decide on the speaker, to whom the readers do not agree."""
    rita.go_to("Marta Ilves")
    rita.press(*keys)
    rita.save()


def again(rita: Reviewer, words: str) -> None:
    """Have rita decide once more on what she has decided on, *words* among it."""
    found = rita.sitting.found
    assert found is not None
    made = batch(RETEST, Signature("rita", "2026-11-22T10:00:00.000+00:00"), share=1.0)
    assert rita.workspace.perform(own_again(found, made, "rita").edit())
    rita.save()
    until(lambda: words in rita.open)


def ask_again(rita: Reviewer) -> None:
    """Have rita decide on it once more."""
    again(rita, "Marta Ilves")


def card(rita: Reviewer) -> tuple[str, str, Card]:
    """Return the column, the second line and the card of the speaker on the board."""
    rita.press("Ctrl+Shift+A")
    board = rita.window.pages.findChild(Board)
    assert board is not None
    for column in board.columns:
        for one in column.cluster.cards:
            if one.words == "Marta Ilves":
                column.rows.go_to(one.key)
                column.rows.setFocus()
                QApplication.processEvents()
                row = column.model.row(one.key)
                assert row is not None
                return column.name, row.second, one
    raise AssertionError("no card")


def told(rita: Reviewer) -> str:
    board = rita.window.pages.findChild(Board)
    assert board is not None
    return board.told.text()


def test_the_board_shows_what_readers_say_and_not_what_was_decided_first(rita: Reviewer) -> None:
    decide(rita, *ACCEPTED)
    assert card(rita)[0] == "Håkon Lunde"
    assert "decided again" not in told(rita)
    rita.press("Escape", "Ctrl+2")
    ask_again(rita)
    column, second, shown = card(rita)
    assert (column, shown.in_gold) == ("Marta Ilves", False)
    assert second == "to be decided again; jonas: Håkon Lunde"
    assert "1 is to be decided again: what was decided first is hidden until then." in told(rita)


def test_on_the_board_too_only_the_one_who_is_asked_decides_again(rita: Reviewer) -> None:
    decide(rita, *ACCEPTED)
    ask_again(rita)
    rita.workspace.work_as("lena")
    card(rita)
    rita.press("1")
    assert rita.said == "rita decides on this case once more, alone."
    rita.workspace.work_as("rita")
    card(rita)
    rita.press("2")
    rita.save()
    states = {one.extra.get(AUDIT) for one in rita.stored_article().verdicts.values()}
    assert "due" not in states
    assert "decided again" not in told(rita)


@pytest.mark.parametrize("first", [ACCEPTED, LEFT_OUT])
def test_phrase_review_says_why_it_hides_what_was_decided_first(
    rita: Reviewer, first: tuple[str, ...]
) -> None:
    decide(rita, *first)
    ask_again(rita)
    rita.window.commands.run("place.phrases")
    page = rita.window.pages.findChild(PhrasePage)
    assert page is not None
    page.field.setText("Marta Ilves")
    page.search()
    page.read_all()
    (place,) = page.model.places
    row = page.model.row(place.key)
    assert row is not None
    assert row.right == (
        "Speaker: jonas, noor, pia, to be decided again, the first answer is hidden"
    )
    made = batch("phrase", Signature("rita"), share=0.0)
    found = rita.sitting.found
    assert found is not None
    preview = label_all(found, made, [place.fragment], "Speaker")
    reasons = [item.reason for item in preview.refused]
    assert (preview.done, reasons) == ((), ["Somebody is to decide on it once more, alone."])


def history(rita: Reviewer) -> list[tuple[str, str]]:
    """Return what the history of the article says was done, and how much each changed."""
    rita.window.commands.run("place.insights")
    place = rita.window.findChild(Insights, "page.insights")
    assert place is not None
    place.show_page("history")
    page = place.history
    page.refresh()
    page.show_whose("article")
    until(lambda: not any(one.is_busy for one in page._questions))
    settle(rita.program)
    return [(row[2].text, row[3].text) for row in page.sheet.sheet.rows]


def changes(rita: Reviewer, row: int) -> tuple[list[str], str]:
    """Return the words of what an edit of the history changed, and what is said about it."""
    place = rita.window.findChild(Insights, "page.insights")
    assert place is not None
    place.history.sheet.clearSelection()
    place.history.sheet.selectRow(row)
    until(lambda: not any(one.is_busy for one in place.history._questions))
    shown = [cell[2].text for cell in place.history.changes.sheet.rows]
    return shown, place.history.note.text()


HIDDEN = "Decided on a case. What, is hidden until it is decided again"


@pytest.mark.parametrize("first", [ACCEPTED, LEFT_OUT])
def test_the_history_hides_what_was_decided_first_until_it_is_decided_again(
    rita: Reviewer, first: tuple[str, ...]
) -> None:
    decide(rita, *first)
    before = history(rita)
    assert before[0][0].startswith(("Decided: ", "Left out: "))
    rita.press("Ctrl+2")
    ask_again(rita)
    retest, decision, *_ = history(rita)
    assert retest[0].startswith("Had somebody decide again, unseen")
    assert decision == (HIDDEN, "–")
    for row in (1, 0):
        shown, note = changes(rita, row)
        assert "Marta Ilves" not in shown
        assert "hidden until the case" in note
    rita.press("Ctrl+2")
    decide(rita, "2")
    assert before[0] in history(rita)


# --------------------------------------------------------------------------- links that end there

SAID = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"))
CUT = (("Speaker", "Marta Ilves"), ("Claim", "quay was safe"))
LINK = "the quay was safe → Marta Ilves"


@pytest.fixture
def linked(app: Start, tmp_path: Path) -> Reviewer:
    """Return a reviewer of a claim with other borders, which one of two ties to its speaker."""
    articles: list[Layered] = [("quay", TEXT, {"noor": SAID, "jonas": CUT})]
    ties = [("attributed_to", "quay-noor-001", "quay-noor-000")]
    location = make(tmp_path / "linked.annotator", articles, relations=ties)
    return sit_down(app(), location, "quay")


def test_a_link_leaves_the_decided_ones_while_an_end_of_it_is_decided_again(
    linked: Reviewer,
) -> None:
    linked.go_to("quay was safe")
    linked.press("2")
    linked.go_to(LINK)
    linked.press("1")
    linked.save()
    assert LINK in linked.decided
    linked.go_to_decided(LINK)
    pane = [one.text() for one in linked.here.case.findChildren(QLabel)]
    assert any(text.startswith("Decided by rita") for text in pane)
    again(linked, "quay was safe")
    assert LINK not in linked.decided + linked.open
    shown = [one.text() for one in linked.here.case.findChildren(QLabel) if one.isVisible()]
    assert not any(text.startswith("Decided by rita") for text in shown)
    linked.go_to("quay was safe")
    linked.press("2")
    linked.save()
    assert LINK in linked.decided
