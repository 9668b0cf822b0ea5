"""The inbox: an annotator sees what became of the own labels and why, and answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from annotator.gui.review.inbox import Inbox
from annotator.gui.review.key_button import KeyButton
from annotator.review import remarks
from annotator.review.conflicts import Kind
from annotator.review.feedback import State
from annotator.review.gold import gold_of
from annotator.review.verdicts import ANSWER
from tests.gui.conftest import Start, until
from tests.gui.hand import Hand
from tests.gui.review_seat import TEXT, Marks, make, sit_down
from tests.gui.review_seat import Reviewer as Rita
from tests.gui.reviewing import Reviewer, submit, work_as
from tests.gui.side import click


class Desk:
    """An annotator with three labels in an article that was handed in, and a reviewer."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.mayor = hand.mark("The mayor", "Speaker")
        self.claim = hand.mark("that the quay was safe", "Claim")
        self.bergen = hand.mark("Bergen", "Location")
        submit(hand)
        self.reviewer = Reviewer(hand)

    def review(self) -> None:
        """Let the reviewer correct the claim, leave out the mayor, and accept Bergen."""
        work_as(self.hand, "noor")
        self.reviewer.shorten(self.claim, words="The last word does not belong to it.")
        self.reviewer.reject(self.mayor)
        self.reviewer.accept(self.bergen)
        work_as(self.hand, "ada")

    @property
    def inbox(self) -> Inbox:
        """The page."""
        page = self.hand.window.pages.findChild(Inbox)
        assert page is not None
        return page

    def open(self) -> Inbox:
        """Go to the inbox with its key."""
        self.hand.press("Ctrl+Shift+I")
        assert self.hand.window.place == "inbox"
        return self.inbox

    def key(self, name: str) -> None:
        """Press a key as the system does: to the window, where shortcuts see it first."""
        window = QGuiApplication.focusWindow()
        assert window is not None
        key: Qt.Key = getattr(Qt.Key, f"Key_{name[:1].upper()}{name[1:]}")
        QTest.keyClick(window, key)
        QApplication.processEvents()

    @property
    def listed(self) -> list[tuple[str, str]]:
        """Words and decision of each row."""
        model = self.inbox.model
        rows = [model.row(key) for key in model.keys]
        return [(row.text, row.second) for row in rows if row is not None]

    def go_to(self, words: str) -> None:
        """Bring the row of a label to hand."""
        texts = [text for text, _ in self.listed]
        self.inbox.rows.setCurrentIndex(self.inbox.model.index(texts.index(words)))
        QApplication.processEvents()


@pytest.fixture
def desk(hand: Hand) -> Desk:
    return Desk(hand)


def text(page: QWidget, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_an_inbox_without_decisions_says_what_will_come(desk: Desk) -> None:
    page = desk.open()
    assert page.empty.isVisible()
    assert page.empty.text().startswith("No decisions on your labels yet.")
    assert not any(button.isVisible() for button in (*page.answers.values(), page.go))
    back = page.findChild(KeyButton, "button.back")
    assert back is not None
    assert back.isVisible()
    assert back.accessibleDescription() == "Esc"
    assert desk.hand.window.tools.feedback.isHidden()


def test_the_tool_bar_counts_the_decisions_and_leads_to_them(desk: Desk) -> None:
    desk.review()
    desk.hand.window.bench.feedback.read()
    button = desk.hand.window.tools.feedback
    assert button.isVisible()
    assert button.text() == "2"
    assert button.accessibleName() == "2 decisions on my labels"
    click(button)
    assert desk.hand.window.place == "inbox"


def test_what_was_changed_is_listed_with_its_reason_and_what_was_accepted_is_not(
    desk: Desk,
) -> None:
    desk.review()
    desk.open()
    assert desk.listed == [
        ("The mayor", "Left out: Not in the guideline"),
        ("that the quay was safe", "Corrected: Wrong borders"),
    ]


def test_before_and_after_stand_side_by_side_with_what_differs(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    desk.go_to("that the quay was safe")
    mine, theirs = page.pane.cards
    assert mine.accessibleName() == "Your label: that the quay was safe"
    assert theirs.accessibleName() == "Now: that the quay was"
    parts = [(part.text.strip(), part.differs) for part in mine.words._parts]
    assert parts == [("that the quay was", False), ("safe", True)]
    assert text(page, "text.reviewer_words") == "The last word does not belong to it."
    assert text(page, "text.decision") == "Corrected: Wrong borders"


def test_a_label_that_was_left_out_says_so(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    desk.go_to("The mayor")
    assert [card.accessibleName() for card in page.pane.cards] == [
        "Your label: The mayor",
        "Decided: Left out",
    ]


def test_one_key_understands_and_goes_on_to_the_next(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    desk.key("u")
    assert [words for words, _ in desk.listed] == ["that the quay was safe"]
    assert page.current is not None
    desk.key("u")
    assert desk.listed == []
    assert page.empty.text() == "Nothing to look at. 2 understood."
    assert desk.hand.window.tools.feedback.isHidden()


def test_understood_is_taken_back_with_undo(desk: Desk) -> None:
    desk.review()
    desk.open()
    desk.key("u")
    assert len(desk.listed) == 1
    desk.hand.workspace.undo()
    QApplication.processEvents()
    desk.open()
    assert len(desk.listed) == 2


def test_a_contest_needs_words(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    desk.key("c")
    assert page.field.hasFocus()
    assert page.field.placeholderText() == "Why is the decision not right?"
    desk.key("Return")
    assert page.model.item(page.rows.current_key) is not None
    assert not any(
        ANSWER in one.extra for one in desk.hand.workspace.desk.annotated.comments.values()
    )


def test_a_contested_decision_waits_and_goes_back_to_the_queue(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    desk.go_to("The mayor")
    desk.key("c")
    desk.hand.type("He is the one who speaks.")
    desk.key("Return")
    assert desk.hand.said == "Contested. It goes back to the reviewer."
    assert [words for words, _ in desk.listed] == ["that the quay was safe"]
    page.show_state(State.WAITING)
    assert [words for words, _ in desk.listed] == ["The mayor"]
    assert desk.reviewer.case(desk.mayor).kind == Kind.CONTESTED


def test_a_question_comes_back_with_the_reply(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    desk.go_to("that the quay was safe")
    desk.key("a")
    desk.hand.type("Why without its last word?")
    desk.key("Return")
    work_as(desk.hand, "noor")
    annotated = desk.hand.workspace.desk.annotated
    (thread,) = remarks.threads(annotated, desk.claim.id)
    made = remarks.reply(annotated, thread.first.id, "See the guideline.", "noor")
    desk.hand.workspace.perform(made)
    work_as(desk.hand, "ada")
    desk.open()
    page.show_state(State.OPEN)
    desk.go_to("that the quay was safe")
    assert text(page, "text.news") == "noor has replied to you."
    assert [row.words.text() for row in page.pane.comments.rows] == [
        "Why without its last word?",
        "See the guideline.",
    ]


def test_reasons_are_counted(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    assert page.reasons.counts == [("Not in the guideline", 1), ("Wrong borders", 1)]
    assert page.reasons.isVisible()


def test_enter_shows_the_label_in_the_article(desk: Desk) -> None:
    desk.review()
    desk.hand.window.open_article("ferry")
    desk.open()
    desk.go_to("The mayor")
    desk.key("Return")
    assert desk.hand.window.place == "annotate"
    assert desk.hand.workspace.desk.annotated.article.id == "quay"
    assert desk.hand.selected == ["The mayor"]


def test_escape_goes_back_to_the_article(desk: Desk) -> None:
    desk.review()
    desk.open()
    desk.key("Escape")
    assert desk.hand.window.place == "annotate"
    assert desk.hand.view.hasFocus()


def test_a_label_that_is_gone_is_still_told(desk: Desk) -> None:
    desk.review()
    desk.hand.select(desk.mayor)
    desk.hand.press("Del")
    page = desk.open()
    assert ("A label that is gone", "Left out: Not in the guideline") in desk.listed
    desk.go_to("A label that is gone")
    assert page.pane.cards == []
    desk.key("u")
    assert len(desk.listed) == 1


def test_labels_of_others_are_nothing_for_this_inbox(desk: Desk) -> None:
    desk.review()
    work_as(desk.hand, "jonas")
    desk.open()
    assert desk.listed == []


def test_everything_in_the_inbox_has_a_name(desk: Desk) -> None:
    desk.review()
    page = desk.open()
    buttons = [*page.answers.values(), page.go, *page.filters.values()]
    for widget in [*buttons, page.rows, page.reasons, page.field]:
        widget.setVisible(True)
    desk.key("c")
    assert all(widget.accessibleName() for widget in [*buttons, page.rows, page.reasons])
    assert page.field.accessibleName() == "Why is the decision not right?"


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Rita:
    """A reviewer of two people; jonas has not marked Bergen."""
    marks = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"), ("Location", "Bergen"))
    layers: dict[str, Marks] = {"noor": marks, "jonas": marks[:2]}
    return sit_down(app(), make(tmp_path / "quay.annotator", [("quay", TEXT, layers)]), "quay")


def freeze(rita: Rita, *, missed_by_all: bool = False) -> None:
    """Accept everything, check all paragraphs and finish, with the keys of the review."""
    while rita.open:
        rita.press("a")
    if missed_by_all:
        rita.choose("Håkon Lunde")
        rita.press("m", "s")
    for _ in rita.here.deciding.paragraphs():
        rita.press("v")
    rita.press("Ctrl+Return")
    assert gold_of(rita.stored_article()).is_frozen


def inbox_of(rita: Rita, name: str) -> Inbox:
    """Let an annotator sit down and open the inbox with its key."""
    rita.workspace.work_as(name)
    rita.press("Ctrl+1", "Ctrl+Shift+I")
    page = rita.window.pages.findChild(Inbox)
    assert page is not None
    until(lambda: rita.window.bench.feedback.found != () or name == "noor")
    QApplication.processEvents()
    return page


def rows(page: Inbox) -> list[tuple[str, str]]:
    found = [page.model.row(key) for key in page.model.keys]
    return [(row.text, row.second) for row in found if row is not None]


def test_what_one_has_not_marked_is_told_once_gold_is_frozen(rita: Rita) -> None:
    page = inbox_of(rita, "noor")
    rita.workspace.work_as("rita")
    rita.press("Ctrl+2")
    freeze(rita)
    page = inbox_of(rita, "jonas")
    assert rows(page) == [("Bergen", "You have not marked this")]
    assert [card.accessibleName() for card in page.pane.cards] == [
        "Your label: Not marked",
        "In gold: Bergen",
    ]
    assert page.reasons.counts == [("Not marked", 1)]
    rita.press("u")
    assert rows(page) == []
    assert page.empty.text() == "Nothing to look at. 1 understood."
    rita.press("Ctrl+Z")
    assert [words for words, _ in rows(page)] == ["Bergen"]
    assert rows(inbox_of(rita, "noor")) == []


def test_what_was_missed_is_contested_and_comes_back_to_the_reviewer(rita: Rita) -> None:
    freeze(rita)
    inbox_of(rita, "jonas")
    rita.press("c")
    rita.type("Reporters in Bergen are no place.")
    rita.press("Return")
    rita.workspace.work_as("rita")
    rita.press("Ctrl+2")
    until(lambda: not rita.sitting.gathering)
    assert rita.open == ["Bergen"]
    assert rita.case.kind == Kind.CONTESTED
    rita.press("c")
    rita.type("The guideline wants it.")
    rita.press("Return")
    page = inbox_of(rita, "jonas")
    assert [words for words, _ in rows(page)] == ["Bergen"]
    assert text(page, "text.news") == "rita has replied to you."


def test_a_contest_of_what_only_the_reviewer_has_marked_names_it_at_the_article(
    rita: Rita,
) -> None:
    freeze(rita, missed_by_all=True)
    page = inbox_of(rita, "noor")
    until(lambda: bool(page.model.keys))
    assert [words for words, _ in rows(page)] == ["Håkon Lunde"]
    rita.press("c")
    rita.type("He says nothing here.")
    rita.press("Return")
    rita.workspace.work_as("rita")
    rita.press("Ctrl+2")
    until(lambda: not rita.sitting.gathering)
    assert rita.case.kind == Kind.COMMENT
    assert [one.text for one in rita.case.comments] == [
        "Speaker: Håkon Lunde\nHe says nothing here."
    ]


@pytest.mark.parametrize("width", [1440, 1024, 800])
def test_nothing_is_cut_at_any_width(desk: Desk, width: int, tmp_path: Path) -> None:
    desk.review()
    desk.hand.window.resize(width, 700)
    page = desk.open()
    desk.go_to("that the quay was safe")
    for button in (*page.answers.values(), page.go):
        assert button.isVisible()
        right = button.mapTo(page, button.rect().topRight()).x()
        assert right <= page.width()
    for card in page.pane.cards:
        assert card.mapTo(page, card.rect().topRight()).x() <= page.width()
