"""Comments on labels, links and articles: threads that are written, answered, settled, undone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton, QWidget

from annotator.gui.article_model import SUMMARY
from annotator.gui.controls import WordButton
from annotator.gui.details.inspector import Inspector
from annotator.gui.review.ages import age_in_words
from annotator.gui.review.comment_row import CommentRow, Quote
from annotator.gui.review.comments import Comments
from annotator.model import Comment, Span, edit
from annotator.review import remarks
from annotator.review.aligning import align
from tests.gui.hand import Hand
from tests.gui.side import click, press


def panel(hand: Hand) -> Comments:
    found: Comments = hand.dock.inspector.comments
    return found


def rows(hand: Hand) -> list[CommentRow]:
    return panel(hand).rows


def said(hand: Hand) -> list[str]:
    """The comments in sight, from top to bottom."""
    return [row.words.text() for row in rows(hand)]


def choose(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.deleteLater()
    QApplication.processEvents()


def button(widget: QWidget, name: str) -> QToolButton:
    found = widget.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def comment(hand: Hand, words: str) -> None:
    """Write a comment on what is selected, with keys alone."""
    hand.press("Shift+N")
    hand.type(words)
    hand.press("Return")


@pytest.fixture
def mayor(hand: Hand) -> Span:
    return hand.mark("The mayor", "Speaker")


def test_nothing_stands_below_the_note_while_nobody_has_commented(hand: Hand, mayor: Span) -> None:
    assert hand.dock.inspector.note.isVisible()
    assert not panel(hand).isVisible()


def test_a_key_brings_the_field_and_enter_writes_the_comment(hand: Hand, mayor: Span) -> None:
    comment(hand, "Is the article part of it?")
    assert said(hand) == ["Is the article part of it?"]
    assert hand.view.hasFocus()
    hand.save()
    stored = hand.workspace.project.annotated("quay").comments.values()
    assert [(c.record_id, c.text, c.author) for c in stored] == [
        (mayor.id, "Is the article part of it?", "ada")
    ]


def test_the_next_words_are_a_reply(hand: Hand, mayor: Span) -> None:
    comment(hand, "Why?")
    comment(hand, "Because.")
    (thread,) = remarks.threads(hand.workspace.desk.annotated, mayor.id)
    assert [c.text for c in thread.comments] == ["Why?", "Because."]
    assert panel(hand).field.placeholderText() == "Reply"


def test_another_thread_is_begun_beside_the_first(hand: Hand, mayor: Span) -> None:
    comment(hand, "Why?")
    click(panel(hand).fresh)
    hand.type("And where?")
    hand.press("Return")
    assert len(remarks.threads(hand.workspace.desk.annotated, mayor.id)) == 2


def test_escape_goes_back_to_the_text_and_keeps_what_is_typed(hand: Hand, mayor: Span) -> None:
    hand.press("Shift+N")
    hand.type("Half a thou")
    hand.press("Esc")
    assert hand.view.hasFocus()
    other = hand.mark("Bergen", "Location")
    hand.select(other)
    assert not panel(hand).isVisible()
    hand.select(mayor)
    hand.press("Shift+N")
    assert panel(hand).field.toPlainText() == "Half a thou"
    assert not hand.workspace.desk.annotated.comments


def test_a_settled_thread_folds_and_comes_back(hand: Hand, mayor: Span) -> None:
    comment(hand, "Why?")
    click(button(rows(hand)[0], "button.resolve"))
    assert said(hand) == []
    assert panel(hand).settled.text() == "1 resolved comment"
    click(panel(hand).settled)
    assert said(hand) == ["Why?"]
    click(button(rows(hand)[0], "button.resolve"))
    assert not panel(hand).settled.isVisible()
    assert remarks.unresolved(hand.workspace.desk.annotated) == {mayor.id: 1}


def test_ones_own_words_can_be_changed_where_they_stand(hand: Hand, mayor: Span) -> None:
    comment(hand, "Whyy?")
    choose(rows(hand)[0].menu(), "Change the words")
    hand.press("Ctrl+A")
    hand.type("Why?")
    hand.press("Return")
    QApplication.processEvents()
    assert said(hand) == ["Why?"]


def test_a_removed_comment_comes_back_with_undo(hand: Hand, mayor: Span) -> None:
    comment(hand, "Why?")
    choose(rows(hand)[0].menu(), "Remove the comment")
    assert hand.said == "The comment is removed. Ctrl Z brings it back."
    assert not panel(hand).isVisible()
    hand.window.focus_text()
    hand.press("Ctrl+Z")
    assert said(hand) == ["Why?"]


def test_replies_stay_when_the_first_words_are_removed(hand: Hand, mayor: Span) -> None:
    comment(hand, "Why?")
    comment(hand, "Because.")
    comment(hand, "I see.")
    choose(rows(hand)[0].menu(), "Remove the comment")
    (thread,) = remarks.threads(hand.workspace.desk.annotated, mayor.id)
    assert [c.text for c in thread.comments] == ["Because.", "I see."]


def test_the_words_of_somebody_else_cannot_be_changed(hand: Hand, mayor: Span) -> None:
    comment(hand, "Why?")
    hand.save()
    hand.workspace.work_as("noor")
    hand.window.open_article("quay")
    view = Comments(hand.workspace, hand.window.theme)
    view.show_record("quay", "", mayor.id)
    texts = [action.text() for action in view.rows[0].menu().actions()]
    assert texts == ["Reply"]
    view.deleteLater()


def test_a_passage_of_the_guideline_is_mentioned(hand: Hand, mayor: Span) -> None:
    hand.press("Shift+N")
    menu = panel(hand).passage_menu()
    passage = panel(hand).passages()[0]
    menu.actions()[0].trigger()
    menu.deleteLater()
    hand.type("See here.")
    hand.press("Return")
    (quote,) = rows(hand)[0].findChildren(Quote)
    assert passage.text in quote.accessibleName()
    assert passage.label == "Speaker"
    (stored,) = hand.workspace.desk.annotated.comments.values()
    assert remarks.passage_of(stored) == passage


def test_the_article_has_comments_of_its_own(hand: Hand) -> None:
    hand.select()
    comment(hand, "Is this one to be labelled at all?")
    assert said(hand) == ["Is this one to be labelled at all?"]
    assert remarks.unresolved(hand.workspace.desk.annotated) == {"quay": 1}


def test_a_link_is_commented_from_the_list_of_links(hand: Hand, mayor: Span) -> None:
    claim = hand.mark("divers would look", "Claim")
    hand.select(claim)
    hand.workspace.linking = None
    from annotator import editing

    made = editing.relate(hand.workspace.desk, [claim.id], "attributed_to", target=mayor.id)
    assert hand.workspace.perform(made)
    hand.dock.show_list("links")
    hand.dock.links.rows.setFocus()
    hand.press("Down")
    choose(hand.dock.links.menu(), "Write a comment on the link")
    hand.type("Or was it the harbour master?")
    hand.press("Return")
    (tie,) = hand.ties
    assert remarks.unresolved(hand.workspace.desk.annotated) == {tie.id: 1}
    captions = [label.text() for label in panel(hand).findChildren(QLabel)]
    assert "Speaker: The mayor" in captions


def test_open_comments_are_counted_in_the_margin_and_in_the_list(hand: Hand, mayor: Span) -> None:
    comment(hand, "Why?")
    click(panel(hand).fresh)
    hand.type("And where?")
    hand.press("Return")
    assert hand.view.state.commented == {mayor.id: 2}
    model = hand.window.articles.model
    row = model.row_of("quay")
    assert row is not None
    tip = model.data(model.index(row), int(Qt.ItemDataRole.ToolTipRole))
    assert "2 open comments" in tip
    hand.save()
    assert model.data(model.index(row), SUMMARY).comments == 2
    choose(rows(hand)[0].menu(), "Remove the comment")
    assert hand.view.state.commented == {mayor.id: 1}


def test_the_mark_in_the_margin_is_painted(hand: Hand, mayor: Span) -> None:
    hand.select()
    before = hand.view.viewport().grab().toImage()
    made = remarks.write(hand.workspace.desk.annotated, mayor.id, "Why?", "ada")
    hand.workspace.perform(made)
    QApplication.processEvents()
    assert hand.view.viewport().grab().toImage() != before


@pytest.mark.hostile(3)
@pytest.mark.parametrize(
    "evil",
    [
        '<img src="http://example.org/x.png"><a href="file:///etc/passwd">here</a>',
        '<a href="javascript:alert(1)">here</a>',
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://example.org/",
    ],
)
def test_hostile_words_are_shown_as_they_are(
    hand: Hand, mayor: Span, monkeypatch: pytest.MonkeyPatch, evil: str
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    comment(hand, evil)
    (row,) = rows(hand)
    assert row.words.text() == evil
    for shown in panel(hand).findChildren(QLabel):
        assert shown.textFormat() == Qt.TextFormat.PlainText
        assert not shown.openExternalLinks()
    words: QWidget = row.words
    for x in range(4, words.width(), 40):
        spot = QPoint(x, words.height() // 2)
        QTest.mouseClick(words, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert opened == []


def test_a_very_long_comment_is_cut_until_somebody_asks(hand: Hand, mayor: Span) -> None:
    made = remarks.write(hand.workspace.desk.annotated, mayor.id, "word " * 4000, "ada")
    hand.workspace.perform(made)
    QApplication.processEvents()
    (row,) = rows(hand)
    assert len(row.words.text()) < 2000
    click(button(row, "button.whole_comment"))
    assert len(row.words.text()) > 19000


def test_only_the_newest_of_many_comments_are_shown_at_first(hand: Hand, mayor: Span) -> None:
    annotated = hand.workspace.desk.annotated
    made = [remarks.write(annotated, mayor.id, f"{number}", "ada") for number in range(30)]
    hand.workspace.perform(edit("comment", [change for one in made for change in one.changes]))
    QApplication.processEvents()
    assert len(rows(hand)) == 20
    (older,) = (b for b in panel(hand).findChildren(WordButton) if "earlier" in b.text())
    assert older.text() == "10 earlier comments"
    click(older)
    assert len(rows(hand)) == 30


def test_comments_are_no_disagreement(hand: Hand, mayor: Span) -> None:
    annotated = hand.workspace.desk.annotated
    layers = [hand.workspace.layer.id]
    before = align(annotated, layers)
    comment(hand, "Why?")
    assert align(hand.workspace.desk.annotated, layers) == before


def test_a_project_that_is_read_only_keeps_what_is_typed(hand: Hand, mayor: Span) -> None:
    hand.press("Shift+N")
    hand.type("Why?")
    hand.workspace._project._store.writer = None  # type: ignore[union-attr]
    press(panel(hand).field, Qt.Key.Key_Return)
    assert panel(hand).field.toPlainText() == "Why?"


def test_the_comments_of_an_article_that_is_not_open_follow_edits(hand: Hand, mayor: Span) -> None:
    hand.save()
    hand.window.open_article("ferry")
    view = Comments(hand.workspace, hand.window.theme)
    view.show_record("quay", mayor.layer_id, mayor.id)
    view.field.setPlainText("From afar")
    view.field.keep()
    assert [row.words.text() for row in view.rows] == ["From afar"]
    hand.save()
    assert hand.workspace.project.history(1)[0].edit.article_id == "quay"
    view.deleteLater()


def test_a_circle_of_replies_from_a_file_is_one_thread(hand: Hand, mayor: Span) -> None:
    annotated = hand.workspace.desk.annotated.copy()
    for key, other in (("a", "b"), ("b", "a"), ("c", "lost")):
        annotated.comments[key] = Comment(
            id=key,
            article_id="quay",
            layer_id=mayor.layer_id,
            record_id=mayor.id,
            text=key,
            time=key,
            reply_to=other,
        )
    found = remarks.threads(annotated, mayor.id)
    assert [[c.id for c in thread.comments] for thread in found] == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("2026-01-10T12:00:30+00:00", "just now"),
        ("2026-01-10T11:59:00+00:00", "1 minute ago"),
        ("2026-01-10T10:00:00+00:00", "2 hours ago"),
        ("2026-01-08T12:00:00", "2 days ago"),
        ("2025-12-24T12:00:00+00:00", "24 December 2025"),
        ("2027-01-01T00:00:00+00:00", "just now"),
        ("", ""),
        ("Tuesday", "Tuesday"),
    ],
)
def test_ages_are_said_as_people_say_them(qapp: Any, time: str, words: str) -> None:
    present = datetime(2026, 1, 10, 12, 0, 59, tzinfo=UTC)
    assert age_in_words(time, present) == words


def test_the_inspector_gives_the_comments_room(hand: Hand, mayor: Span) -> None:
    inspector: Inspector = hand.dock.inspector
    before = inspector.natural_height
    comment(hand, "Why?")
    assert inspector.natural_height > before
