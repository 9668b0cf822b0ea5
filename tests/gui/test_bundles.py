"""Bundles in the window: work orders go out and are opened, results are looked at and taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from annotator import exchange
from annotator.formats import bundle
from annotator.gui.bundles import TakeBundle
from annotator.gui.history import what_in_words
from annotator.model import Change, edit
from annotator.project import Project
from tests.exchange.mail import mark
from tests.gui.conftest import Answers, in_turn, until
from tests.gui.hand import Hand


def in_dialog(act: Callable[[TakeBundle], object]) -> None:
    """Once the look at a result has come up, do something in it."""

    def now() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, TakeBundle):
            in_turn(now, 5)
            return
        try:
            dialog.activateWindow()
            until(lambda: QApplication.activeWindow() is dialog)
            act(dialog)
        finally:
            if dialog.isVisible():
                dialog.done(0)

    in_turn(now)


def run(hand: Hand, action: str) -> None:
    hand.window.commands.run(action)
    until(lambda: not hand.window.bundles.running)
    hand.save()


def result(hand: Hand, folder: Path, words: str = "Håkon Lunde") -> Path:
    """Return what eve sends back from a work order that she was sent."""
    exchange.make_order(hand.workspace.project, folder / "order.zip", "eve")
    with exchange.open_order(folder / "order.zip", folder / "eve.annotator") as project:
        mark(project, "eve", "quay", words)
        exchange.make_result(project, folder / "result.zip")
    return folder / "result.zip"


def authors(hand: Hand) -> set[str]:
    layers = hand.workspace.project.annotated("quay").layers.values()
    return {layer.author for layer in layers}


def test_a_work_order_is_made_of_this_article(hand: Hand, answers: Answers, tmp_path: Path) -> None:
    hand.mark("Marta Ilves", "Speaker")
    answers.answers = ["ada", 1, tmp_path / "order.zip"]
    run(hand, "bundle.make")
    manifest = bundle.opened(tmp_path / "order.zip").manifest
    assert (manifest.kind, manifest.person) == (bundle.ORDER, "ada")
    assert list(manifest.articles) == ["quay"]
    assert manifest.before["quay"].spans == 1
    assert hand.said == f"Written to {tmp_path / 'order.zip'}"


def test_nothing_is_written_without_a_name_a_choice_or_a_file(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    for given in ([None], ["  "], ["ada", None], ["ada", 0, None]):
        answers.answers = list(given)
        run(hand, "bundle.make")
    assert list(tmp_path.glob("*.zip")) == []


def test_a_work_order_opens_as_a_project_and_its_result_comes_back(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    location = str(hand.workspace.project.location)
    exchange.make_order(hand.workspace.project, tmp_path / "order.zip", "eve")
    answers.answers = [[tmp_path / "order.zip"], tmp_path / "eve.annotator"]
    hand.window.commands.run("file.open")
    until(lambda: hand.workspace.project.author == "eve")
    until(lambda: hand.workspace.annotated is not None)
    hand.window.open_article("quay")
    hand.mark("Jonas Berg", "Speaker")
    hand.save()
    answers.answers = [0, tmp_path / "result.zip"]
    run(hand, "bundle.make")
    assert bundle.opened(tmp_path / "result.zip").manifest.kind == bundle.RESULT

    assert hand.window.projects.open(location, "ada")
    in_dialog(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Return))
    answers.answers = [[tmp_path / "result.zip"]]
    hand.window.commands.run("bundle.take")
    until(lambda: "eve" in authors(hand))
    until(lambda: not hand.window.bundles.running)
    assert "The result of eve was taken in." in hand.said
    (newest, *_) = hand.workspace.project.history()
    assert what_in_words(newest) == "Took in the result of eve"
    hand.window.focus_text()
    hand.press("Ctrl+Z")
    hand.save()
    assert authors(hand) == set()


def test_a_result_that_is_dropped_is_looked_at_first(hand: Hand, tmp_path: Path) -> None:
    path = result(hand, tmp_path)
    seen: list[str] = []

    def leave(dialog: TakeBundle) -> None:
        head = dialog.findChild(QLabel, "text.take")
        assert head is not None
        seen.extend((dialog.windowTitle(), head.text()))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    in_dialog(leave)
    hand.window.import_paths([path])
    until(lambda: seen != [])
    until(lambda: not hand.window.bundles.running)
    assert seen == ["The result of eve", "2 records are new."]
    assert authors(hand) == set()


def test_what_does_not_fit_is_listed_before_anything_is_taken_in(
    hand: Hand, tmp_path: Path
) -> None:
    project = hand.workspace._project
    assert isinstance(project, Project)
    mark(project, "eve", "quay", "Bergen", "Location")
    exchange.make_order(project, tmp_path / "order.zip", "eve")
    (span,) = project.annotated("quay").spans.values()
    with exchange.open_order(tmp_path / "order.zip", tmp_path / "eve.annotator") as copy:
        copy.perform(edit("note", [Change(span, replace(span, note="there"))]))
        exchange.make_result(copy, tmp_path / "result.zip")
    project.perform(edit("note", [Change(span, replace(span, note="here"))]))
    seen: list[str] = []

    def look(dialog: TakeBundle) -> None:
        seen.append(dialog.conflicts.toPlainText())
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    in_dialog(look)
    hand.window.import_paths([tmp_path / "result.zip"])
    until(lambda: seen != [])
    assert seen == ["Quay: Location “Bergen”. It was changed here meanwhile."]


@pytest.mark.parametrize("what", ["cut", "nothing"])
def test_a_bundle_that_is_refused_says_why(
    hand: Hand, answers: Answers, tmp_path: Path, what: str
) -> None:
    path = result(hand, tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if what == "cut" else b"PK")
    answers.answers = [[path]]
    run(hand, "bundle.take")
    assert answers.said[-1].startswith("The bundle was not made or taken in.")
    assert "not a ZIP file" in answers.said[-1]
