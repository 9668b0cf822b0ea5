"""Articles that come in through the window, and what undo makes of them."""

from __future__ import annotations

import textwrap
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton

from annotator.annotated import Annotated
from annotator.formats import Writing, jsonl
from annotator.gui.stepping import LargeStep
from annotator.model import Article, Fragment, Layer, Span, text_hash
from annotator.project import SMALL
from tests.gui.conftest import Answers, until
from tests.gui.hand import Hand


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Return two articles on the disk."""
    made = []
    for name in ("Pilots", "Bridges"):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"{name} heard\n\nThe {name.lower()} moved, he said.\n", encoding="utf-8")
        made.append(path)
    return made


def title(hand: Hand) -> str:
    return hand.workspace.desk.annotated.article.title


def bring_in(hand: Hand, answers: Answers, paths: list[Path]) -> None:
    """Import by key, with these files chosen in the dialog, and wait until they are listed."""
    answers.answers = [paths]
    hand.press("Ctrl+I")
    until(lambda: not hand.window.imports.running)
    dialog = hand.window.imports.dialog
    if dialog is not None:
        until(dialog.act_button.isEnabled)
        hand.press("Return")
        until(lambda: hand.window.imports.dialog is None)
    hand.save()


def test_one_file_that_was_chosen_is_opened(
    hand: Hand, answers: Answers, files: list[Path]
) -> None:
    bring_in(hand, answers, files[:1])
    assert title(hand) == "Pilots heard"
    assert QApplication.focusWidget() is hand.view


def test_a_file_whose_lines_were_put_together_says_so(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    words = "The quay was safe and nobody had to leave the houses behind it, she said. " * 12
    path = tmp_path / "mail.txt"
    path.write_text(f"Quay is safe\n\n{textwrap.fill(words, 72)}\n", encoding="utf-8")
    bring_in(hand, answers, [path])
    assert hand.text == f"Quay is safe\n\n{words.strip()}\n"
    assert hand.said.startswith("1 article came in.")
    assert "put together to paragraphs" in hand.said


def test_one_file_that_was_dropped_is_opened(hand: Hand, files: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(files[0]))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    held, spot = Qt.KeyboardModifier.NoModifier, QPoint(500, 300)
    enter = QDragEnterEvent(spot, action, data, button, held)
    QApplication.sendEvent(hand.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(hand.window, QDropEvent(QPointF(spot), action, data, button, held))
    until(lambda: title(hand) == "Pilots heard")


def test_several_files_leave_the_article_at_hand_in_sight(
    hand: Hand, answers: Answers, files: list[Path]
) -> None:
    before = title(hand)
    bring_in(hand, answers, files)
    assert title(hand) == before
    assert hand.said == "2 articles came in."
    assert len(hand.window.articles.model.ids) == 4


def test_a_file_that_is_in_the_project_already_opens_its_article(
    hand: Hand, answers: Answers, files: list[Path]
) -> None:
    before = title(hand)
    bring_in(hand, answers, files)
    bring_in(hand, answers, files[1:])
    assert before != title(hand) == "Bridges heard"
    assert len(hand.window.articles.model.ids) == 4


def test_an_import_is_undone_and_redone_with_keys(
    hand: Hand, answers: Answers, files: list[Path]
) -> None:
    before = list(hand.window.articles.model.ids)
    bring_in(hand, answers, files)
    assert len(hand.window.articles.model.ids) == 4
    hand.press("Ctrl+Z")
    hand.save()
    assert hand.window.articles.model.ids == before
    assert hand.workspace.project.progress().total == 2
    hand.press("Ctrl+Y")
    hand.save()
    assert len(hand.window.articles.model.ids) == 4
    assert hand.workspace.project.progress().total == 4


def test_undoing_the_import_of_the_open_article_shows_another_one(
    hand: Hand, answers: Answers, files: list[Path]
) -> None:
    before = title(hand)
    bring_in(hand, answers, files[:1])
    assert title(hand) == "Pilots heard"
    hand.press("Ctrl+Z")
    hand.save()
    assert title(hand) == before
    assert len(hand.window.articles.model.ids) == 2
    hand.press("Ctrl+Y")
    hand.save()
    assert title(hand) == "Pilots heard"
    assert QApplication.focusWidget() is hand.view


def test_labels_that_came_in_with_a_file_go_and_come_back_with_keys(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    from annotator import exchange

    hand.mark("Marta Ilves", "Speaker")
    hand.save()
    target = tmp_path / "labels.jsonl"
    exchange.take_out(hand.workspace.project, target)
    hand.press("Ctrl+Z")
    assert hand.stored() == []
    bring_in(hand, answers, [target])
    assert hand.stored() == [("Speaker", "Marta Ilves")]
    assert hand.marked == [("Speaker", "Marta Ilves")]
    hand.press("Ctrl+Z")
    assert hand.stored() == []
    hand.press("Ctrl+Y")
    assert hand.stored() == [("Speaker", "Marta Ilves")]


class Held:
    """A large step that waits in the middle until it is let go."""

    def __init__(self, hand: Hand) -> None:
        self.go = threading.Event()
        self.steps: list[LargeStep] = []
        hand.workspace.stepping.connect(self._hold)

    def _hold(self, step: LargeStep) -> None:
        self.steps.append(step)
        self.go.clear()
        step.progressed.connect(self._wait, Qt.ConnectionType.DirectConnection)

    def _wait(self, made: int, _of: int) -> None:
        if made:
            assert self.go.wait(30)


@pytest.fixture
def many(hand: Hand, answers: Answers, tmp_path: Path) -> Held:
    """Import thirty articles with very many labels, and have what undoes that wait for a word."""
    articles = [a_labelled_article(number) for number in range(30)]
    assert sum(len(item.spans) for item in articles) > SMALL
    path = tmp_path / "many.jsonl"
    jsonl.write(articles, path, Writing(scheme=hand.workspace.scheme))
    bring_in(hand, answers, [path])
    assert len(hand.window.articles.model.ids) == 32
    return Held(hand)


def a_labelled_article(number: int) -> Annotated:
    """Return an article with two hundred and fifty labels."""
    text = f"{number} " + "quay " * 250
    home = Article(id=f"m{number:02}", title=f"Many {number}", text=text, sha256=text_hash(text))
    layer = Layer(id=f"l{number}", article_id=home.id, author="ada")
    item = Annotated(home, layers={layer.id: layer})
    for at in range(len(text) - 250 * 5, len(text), 5):
        key = f"s{number}-{at}"
        item.spans[key] = Span(
            id=key,
            article_id=home.id,
            layer_id=layer.id,
            label="Location",
            fragments=(Fragment(at, at + 4),),
            text=("quay",),
        )
    return item


def step_box(hand: Hand) -> QProgressDialog | None:
    """Return the box that tells how far a large undo is, while it is there."""
    boxes = hand.window.findChildren(QProgressDialog, "dialog.stepping")
    return next((box for box in boxes if box.isVisible()), None)


def test_a_large_import_is_undone_and_redone_while_the_window_stays_alive(
    hand: Hand, many: Held
) -> None:
    listed = list(hand.window.articles.model.ids)
    for key, there in (("Ctrl+Z", 2), ("Ctrl+Y", 32)):
        before = list(hand.window.articles.model.ids)
        hand.press(key)
        box = step_box(hand)
        assert box is not None
        until(lambda box=box: "of 7,560 changes" in box.labelText())  # type: ignore[misc]
        assert hand.window.articles.model.ids == before
        many.go.set()
        until(lambda there=there: len(hand.window.articles.model.ids) == there)  # type: ignore[misc]
        until(lambda: step_box(hand) is None)
    assert len(many.steps) == 2
    assert hand.window.articles.model.ids == listed
    assert hand.workspace.project.check() == []


def test_a_large_undo_of_the_open_article_shows_another_one(hand: Hand, many: Held) -> None:
    hand.window.open_article("m07")
    hand.press("Ctrl+Z")
    many.go.set()
    until(lambda: not title(hand).startswith("Many"))
    assert len(hand.window.articles.model.ids) == 2
    until(lambda: step_box(hand) is None)


def test_a_large_undo_can_be_given_up(hand: Hand, many: Held) -> None:
    steps = hand.workspace.steps_to_undo
    hand.press("Ctrl+Z")
    box = step_box(hand)
    assert box is not None
    box.findChildren(QPushButton)[0].click()
    many.go.set()
    until(lambda: hand.said == "Cancelled. Nothing was changed.")
    assert len(hand.window.articles.model.ids) == 32
    assert hand.workspace.steps_to_undo == steps
    assert hand.workspace.project.count() == 32
    assert step_box(hand) is None
