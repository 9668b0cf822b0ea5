"""The adjudication board: clusters that are split and merged by keys and drag, links one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from annotator import editing
from annotator.gui.review.board import Board
from annotator.gui.review.board_columns import CARD_TYPE, Column, DropPlace
from annotator.model import Entity, Span, Zone
from annotator.review.cases import Standing
from annotator.review.gold import gold_of
from tests.gui.conftest import Answers
from tests.gui.hand import Hand
from tests.gui.reviewing import submit, work_as
from tests.gui.side import click

MARTA, HAKON = "marta", "hakon"


class Desk:
    """Two people who marked the same speakers, and do not let them stand for the same."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        kind = hand.workspace.scheme.label("Speaker")
        assert kind is not None
        self.kind = kind.entity or ""
        people = {
            key: Entity(id=key, kind=self.kind, name=name)
            for key, name in ((MARTA, "Marta Ilves"), (HAKON, "Håkon Lunde"))
        }
        said = {
            "ada": {"Marta Ilves": MARTA, "she": MARTA, "Lunde": HAKON},
            "jonas": {"Marta Ilves": MARTA, "she": HAKON, "Lunde": HAKON},
        }
        for author, clusters in said.items():
            work_as(hand, author)
            hand.window.open_article("quay")
            spans: dict[str, Span] = {}
            for words, entity in clusters.items():
                spans[words] = hand.mark(words, "Speaker")
                desk = hand.workspace.desk
                made = editing.attach(desk, [spans[words].id], people[entity])
                assert hand.workspace.perform(made)
            claim = hand.mark("will not move an inch", "Claim")
            target = spans["she" if author == "ada" else "Marta Ilves"]
            tie = editing.relate(hand.workspace.desk, [claim.id], "attributed_to", target=target.id)
            assert hand.workspace.perform(tie)
            submit(hand)
        work_as(hand, "noor")

    def open(self) -> Board:
        """Go to the board with its key."""
        self.hand.press("Ctrl+Shift+A")
        return self.board

    @property
    def board(self) -> Board:
        found = self.hand.window.pages.findChild(Board)
        assert found is not None
        return found

    @property
    def columns(self) -> dict[str, list[str]]:
        """The words in each column, by its heading."""
        return {
            column.name: [card.words for card in column.cluster.cards]
            for column in self.board.columns
        }

    def column(self, name: str) -> Column:
        return next(column for column in self.board.columns if column.name == name)

    def go_to(self, words: str) -> None:
        """Put the keyboard on a card."""
        for column in self.board.columns:
            for card in column.cluster.cards:
                if card.words == words:
                    column.rows.go_to(card.key)
                    column.rows.setFocus()
                    QApplication.processEvents()
                    return
        raise AssertionError(words)

    @property
    def gold(self) -> dict[str, str | None]:
        """What the words in gold stand for."""
        annotated = self.hand.workspace.desk.annotated
        spans = annotated.spans_of(gold_of(annotated).layer.id)
        return {span.text[0]: span.entity_id for span in spans}


@pytest.fixture
def desk(hand: Hand) -> Desk:
    return Desk(hand)


def number_of(desk: Desk, name: str) -> str:
    return str(desk.board.columns.index(desk.column(name)) + 1)


def drop(data: QMimeData, place: DropPlace) -> None:
    """Let go of what is dragged over a place."""
    place.dropEvent(
        QDropEvent(
            QPointF(20, 60),
            Qt.DropAction.MoveAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    QApplication.processEvents()


def test_cards_lie_in_the_clusters_of_most_readers(desk: Desk) -> None:
    desk.open()
    assert desk.columns["Håkon Lunde"][-1] == "Lunde"
    assert desk.columns["Marta Ilves"][0] == "Marta Ilves"
    assert "Readers differ on 1" in desk.board.told.text()


def test_a_card_on_which_readers_differ_says_who_says_what(desk: Desk) -> None:
    desk.open()
    desk.go_to("she")
    column = next(c for c in desk.board.columns if c.rows.hasFocus())
    row = column.model.row(column.rows.current_key or "")
    assert row is not None
    said = {"Håkon Lunde": "ada: Marta Ilves", "Marta Ilves": "jonas: Håkon Lunde"}
    assert row.second == said[column.name]


def test_the_clusters_of_one_reader_are_shown_to_compare(desk: Desk) -> None:
    board = desk.open()
    jonas = next(
        layer.id
        for layer in desk.hand.workspace.desk.annotated.layers.values()
        if layer.author == "jonas"
    )
    board.show_lane(jonas)
    assert desk.columns == {"Håkon Lunde": ["she", "Lunde"], "Marta Ilves": ["Marta Ilves"]}
    assert not board.new.isEnabled()


def test_a_number_moves_the_card_to_that_column(desk: Desk) -> None:
    desk.open()
    desk.go_to("she")
    here = next(c.name for c in desk.board.columns if c.rows.hasFocus())
    other = "Marta Ilves" if here == "Håkon Lunde" else "Håkon Lunde"
    desk.hand.press(number_of(desk, other))
    assert "she" in desk.columns[other]
    assert desk.gold["she"] == (MARTA if other == "Marta Ilves" else HAKON)


def test_several_ticked_cards_move_in_one_step_with_one_undo(desk: Desk) -> None:
    desk.open()
    for words in ("she", "Lunde"):
        desk.go_to(words)
        desk.hand.press("Space")
    desk.hand.press(number_of(desk, "Marta Ilves"))
    assert (desk.gold["she"], desk.gold["Lunde"]) == (MARTA, MARTA)
    desk.hand.workspace.undo()
    assert desk.gold == {}


def test_a_card_is_split_off_into_somebody_new(desk: Desk, answers: Answers) -> None:
    desk.open()
    desk.go_to("Lunde")
    answers.answers.append("The other Lunde")
    desk.hand.press("n")
    assert desk.columns["The other Lunde"] == ["Lunde"]
    names = {entity.name for entity in desk.hand.workspace.entities.values()}
    assert "The other Lunde" in names


def test_two_columns_are_joined_with_a_key(desk: Desk) -> None:
    board = desk.open()
    first = board.columns[0]
    first.rows.setCurrentIndex(first.model.index(0))
    first.rows.setFocus()
    desk.hand.press("g")
    assert list(desk.columns) == [first.name]
    assert len(desk.columns[first.name]) == 3


def test_a_card_stands_for_nobody_with_nought(desk: Desk) -> None:
    desk.open()
    desk.go_to("Lunde")
    desk.hand.press("0")
    assert desk.columns["Nobody"] == ["Lunde"]
    assert desk.gold["Lunde"] is None


def test_cards_are_dropped_on_another_column(desk: Desk) -> None:
    desk.open()
    column = desk.column("Marta Ilves")
    card = next(c for c in desk.column("Håkon Lunde").cluster.cards if c.words == "Lunde")
    data = QMimeData()
    data.setData(CARD_TYPE, card.key.encode())
    drop(data, column)
    assert "Lunde" in desk.columns["Marta Ilves"]


def test_a_heading_that_is_dropped_on_a_column_merges_the_two(desk: Desk) -> None:
    desk.open()
    dragged = desk.column("Håkon Lunde").all_cards()
    drop(dragged, desk.column("Marta Ilves"))
    assert sorted(desk.columns["Marta Ilves"]) == ["Lunde", "Marta Ilves", "she"]
    assert "Håkon Lunde" not in desk.columns
    desk.hand.workspace.undo()
    QApplication.processEvents()
    assert "Lunde" in desk.columns["Håkon Lunde"]


def test_a_card_that_is_dropped_beside_the_columns_becomes_one_of_its_own(
    desk: Desk, answers: Answers
) -> None:
    board = desk.open()
    card = next(c for c in desk.column("Håkon Lunde").cluster.cards if c.words == "Lunde")
    data = QMimeData()
    data.setData(CARD_TYPE, card.key.encode())
    answers.answers = ["Ola Lunde"]
    drop(data, board.place_for_new)
    assert desk.columns["Ola Lunde"] == ["Lunde"]


def test_what_is_dragged_are_the_ticked_cards(desk: Desk) -> None:
    desk.open()
    column = desk.column("Håkon Lunde")
    keys = list(column.model.keys)
    data = column.model.mimeData([column.model.index(len(keys) - 1)])
    assert bytes(data.data(CARD_TYPE).data()).decode() == keys[-1]


def test_arrows_walk_over_the_columns(desk: Desk) -> None:
    board = desk.open()
    board.columns[0].rows.setFocus()
    desk.hand.press("Right")
    assert board.columns[1].rows.hasFocus()
    desk.hand.press("Left")
    assert board.columns[0].rows.hasFocus()


def test_links_are_listed_as_triples_with_what_differs(desk: Desk) -> None:
    board = desk.open()
    board.show_tab("links")
    rows = [board.links.model.row(key) for key in board.links.model.keys]
    said = [(row.text, row.right, row.key) for row in rows if row is not None]
    assert said == [
        ("will not move an inch", "open", ""),
        ("Speaker → she", "ada", "1"),
        ("Speaker → Marta Ilves", "jonas", "2"),
    ]
    assert rows[1] is not None
    assert rows[1].strong is not None
    start, end = rows[1].strong
    assert rows[1].text[start:end] == "she"


def test_one_key_takes_a_link(desk: Desk) -> None:
    board = desk.open()
    desk.go_to("she")
    desk.hand.press(number_of(desk, "Marta Ilves"))
    board.show_tab("links")
    desk.hand.press("2")
    annotated = desk.hand.workspace.desk.annotated
    ties = annotated.relations_of(gold_of(annotated).layer.id)
    said = desk.hand.said
    assert ties or said
    board.links.leave_out()
    assert annotated.relations_of(gold_of(annotated).layer.id) == []


def test_a_board_without_labels_says_so(desk: Desk) -> None:
    desk.hand.window.open_article("ferry")
    board = desk.open()
    assert board.empty.isVisible()
    assert board.empty.text().startswith("Nothing here stands for a person or place")
    board.show_tab("links")
    assert board.links.rows.empty == "Nobody has handed in a link in this article."


def test_escape_leads_out_of_a_board_without_labels_too(desk: Desk) -> None:
    desk.hand.window.open_article("ferry")
    desk.open()
    desk.hand.press("Esc")
    assert desk.hand.window.place == "annotate"


def test_the_bar_offers_what_the_keys_do_with_a_link(desk: Desk) -> None:
    board = desk.open()
    assert not any(button.isVisible() for button in board.links.buttons)
    board.show_tab("links")
    assert [button.text() for button in board.links.buttons] == ["Take this one", "Leave out"]
    assert all(button.isVisible() and button.isEnabled() for button in board.links.buttons)
    assert not board.new.isVisible()
    board.links.rows.setCurrentIndex(board.links.model.index(1))
    case, _ = next(iter(board.links.model._rows.values()))
    assert case.standing == Standing.OPEN
    click(board.links.buttons[1])
    after = {one.key: one for one in board.links.model.cases}
    assert after[case.key].standing == Standing.DECIDED


def test_a_card_in_the_headline_says_that_it_stands_there(desk: Desk) -> None:
    board = desk.open()
    article = desk.hand.workspace.desk.annotated.article
    column = desk.column("Marta Ilves")
    zoned = replace(article, zones=(Zone("headline", 0, len(article.text)),))
    column.model.show_cards(column.cluster.cards, zoned, {}, {}, set())
    row = column.model.row(column.model.keys[0])
    assert row is not None
    assert row.right == "Headline"
    assert board.isVisible()


def test_escape_goes_back(desk: Desk) -> None:
    desk.open()
    desk.hand.press("Esc")
    assert desk.hand.window.place == "annotate"
