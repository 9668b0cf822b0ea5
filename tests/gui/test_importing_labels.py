"""Files with labels that come in through the window: shown first, mapped, whole or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from annotator import formats
from annotator.errors import UserError
from annotator.formats import Column, Group, Problem, Reading, doccano
from annotator.formats.decoding import Decoded
from annotator.formats.imported import Facts
from annotator.formats.imported import finish as imported
from annotator.gui.exchange.import_dialog import ImportDialog
from annotator.gui.exchange.import_report import ImportReportDialog
from annotator.project import Project
from tests.gui.conftest import Answers, until
from tests.gui.hand import Hand
from tests.gui.test_exporting import pick, tab_to

TEXTS = ("Pilots heard Grace Ode.", "Bridges moved, Ivo Sand said in Oslo.")


def corpus(folder: Path) -> Path:
    """Write two articles with labels of another scheme, in doccano's form."""
    lines = [
        {"id": 1, "text": TEXTS[0], "label": [[13, 22, "PER"]]},
        {"id": 2, "text": TEXTS[1], "label": [[15, 23, "PER"], [32, 36, "Location"]]},
    ]
    path = folder / "corpus.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def ask(hand: Hand, answers: Answers, paths: list[Path]) -> ImportDialog:
    """Choose files by key, and wait until the dialog shows what is in them."""
    answers.answers = [paths]
    hand.press("Ctrl+I")
    until(lambda: hand.window.imports.dialog is not None)
    dialog = hand.window.imports.dialog
    assert dialog is not None
    known(dialog)
    return dialog


def known(dialog: ImportDialog) -> None:
    """Wait until the dialog knows what comes of the choices, and shows an article."""
    until(lambda: dialog.prospect is not None)
    until(lambda: not dialog.glances.is_busy)


def finish(hand: Hand) -> None:
    """Press Enter, and wait until everything is in."""
    hand.press("Return")
    until(lambda: hand.window.imports.dialog is None)
    report = hand.window.findChild(ImportReportDialog, "dialog.import_report")
    if report is not None:
        report.close()
    hand.save()


def inside(hand: Hand) -> list[tuple[str, str, str]]:
    """Return author, label and words of all spans of the articles that came in."""
    found = []
    for one in hand.workspace.project.each_annotated():
        if one.article.text in TEXTS:
            for span in one.spans.values():
                author = one.layers[span.layer_id].author
                found.append((author, span.label, " … ".join(span.text)))
    return sorted(found)


def titles(hand: Hand) -> int:
    return hand.workspace.project.count()


# ------------------------------------------------------------------------------------ what is shown


def test_a_file_with_labels_is_shown_before_it_comes_in(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    dialog = ask(hand, answers, [corpus(tmp_path)])
    assert dialog.heading.text() == "2 articles with 3 labels"
    assert [entry.text for entry in dialog.entries.entries.items][1] == "corpus.jsonl"
    preview = dialog.preview.toPlainText()
    assert TEXTS[0] in preview
    assert "PER  Grace Ode" in preview
    assert titles(hand) == 2


def test_a_folder_with_labels_and_articles_is_shown_by_format(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    corpus(folder)
    (folder / "plain.txt").write_text("A plain one about Oslo.\n", encoding="utf-8")
    answers.answers = [folder]
    hand.window.commands.run("file.import_folder")
    until(lambda: hand.window.imports.dialog is not None)
    dialog = hand.window.imports.dialog
    assert dialog is not None
    known(dialog)
    headings = [one.text for one in dialog.entries.entries.items if one.is_heading]
    assert len(headings) == 2
    assert dialog.act_button.text() == "Import 3 articles"


def test_every_control_of_the_dialog_has_a_name(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    dialog = ask(hand, answers, [corpus(tmp_path)])
    stops = [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.isVisibleTo(dialog) and widget.focusPolicy().value & 1
    ]
    assert stops
    assert [one for one in stops if not (one.accessibleName() or _said(one))] == []
    shown = [one for one in dialog.findChildren(QLabel) if one.text()]
    assert all(one.textFormat().name == "PlainText" for one in shown)


def _said(widget: QWidget) -> str:
    return str(getattr(widget, "text", lambda: "")())


# ------------------------------------------------------------------------------------------ choices


def test_an_import_with_keys_alone_is_one_step_of_undo(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    scheme = hand.workspace.scheme
    ask(hand, answers, [corpus(tmp_path)])
    finish(hand)
    assert inside(hand) == [
        ("import", "Location", "Oslo"),
        ("import", "PER", "Grace Ode"),
        ("import", "PER", "Ivo Sand"),
    ]
    assert hand.workspace.scheme.label("PER") is not None
    hand.press("Ctrl+Z")
    hand.save()
    assert titles(hand) == 2
    assert hand.workspace.project.scheme.label("PER") is None
    assert hand.workspace.scheme.labels == scheme.labels
    hand.press("Ctrl+Y")
    hand.save()
    assert len(inside(hand)) == 3


def test_an_unknown_label_becomes_one_of_the_scheme(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    dialog = ask(hand, answers, [corpus(tmp_path)])
    (choice,) = dialog.strangers.choices.values()
    pick(hand, choice, "to Speaker")
    until(lambda: "Speaker  Grace Ode" in dialog.preview.toPlainText())
    finish(hand)
    assert [(label, words) for _, label, words in inside(hand)] == [
        ("Location", "Oslo"),
        ("Speaker", "Grace Ode"),
        ("Speaker", "Ivo Sand"),
    ]
    assert hand.workspace.scheme.label("PER") is None


def test_an_unknown_label_stays_out_where_that_is_chosen(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    dialog = ask(hand, answers, [corpus(tmp_path)])
    pick(hand, dialog.strangers.all, "leave")
    finish(hand)
    assert inside(hand) == [("import", "Location", "Oslo")]
    assert hand.workspace.scheme.label("PER") is None


def test_the_labels_become_those_of_whom_one_names(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    dialog = ask(hand, answers, [corpus(tmp_path)])
    line = dialog.form.layer.lineEdit()
    assert line is not None
    tab_to(hand, dialog.form.layer)
    hand.press("Ctrl+A")
    hand.type("grace")
    hand.press("Tab")
    known(dialog)
    tab_to(hand, dialog.act_button)
    finish(hand)
    assert {author for author, _, _ in inside(hand)} == {"grace"}


def test_a_label_that_is_elsewhere_is_told_of_and_found_by_its_words(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    path = tmp_path / "task.jsonl"
    span = {"start": 3, "end": 12, "label": "Speaker", "text": "Grace Ode"}
    line = {"text": TEXTS[0], "spans": [span], "answer": "accept", "_input_hash": 1}
    path.write_text(f"{json.dumps(line)}\n", encoding="utf-8")
    dialog = ask(hand, answers, [path])
    assert any(text.startswith("task.jsonl, line 1") for text in dialog.problems.texts)
    tab_to(hand, dialog.form.anchoring.box)
    hand.press("Space")
    known(dialog)
    assert dialog.problems.texts == []
    finish(hand)
    assert [(label, words) for _, label, words in inside(hand)] == [("Speaker", "Grace Ode")]


def test_text_in_an_unknown_encoding_is_asked_about(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("Håkon sa nei.\n\nDet var alt, sa Håkon Lunde på tirsdag.\n".encode("cp1252"))
    dialog = ask(hand, answers, [path])
    assert not dialog.act_button.isEnabled()
    assert any("encoding" in text for text in dialog.problems.texts)
    pick(hand, dialog.form.encoding, "windows-1252")
    until(dialog.act_button.isEnabled)
    finish(hand)
    assert "sa Håkon Lunde på tirsdag" in hand.text


def test_the_columns_of_a_table_are_said_in_the_dialog(
    hand: Hand, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "articles.pipes"
    path.write_text("body|head\nThe wall moved in Oslo.|Wall\n", encoding="utf-8")
    every = formats.all_formats()
    monkeypatch.setattr(formats, "all_formats", lambda: (_pipes(), *every))
    dialog = ask(hand, answers, [path])
    assert "head" in dialog.columns.choices
    pick(hand, dialog.columns.choices["body"], "text")
    known(dialog)
    pick(hand, dialog.columns.choices["head"], "title")
    known(dialog)
    assert "Wall" in dialog.preview.toPlainText()
    finish(hand)
    assert hand.workspace.desk.annotated.article.title == "Wall"


def test_a_table_is_shown_with_its_columns_as_they_are_understood(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    path = tmp_path / "articles.csv"
    path.write_text('headline,body\nWall moves,"The wall moved in Oslo."\n', encoding="utf-8")
    dialog = ask(hand, answers, [path])
    assert {name: choice.key for name, choice in dialog.columns.choices.items()} == {
        "headline": "title",
        "body": "text",
    }
    finish(hand)
    assert hand.workspace.desk.annotated.article.title == "Wall moves"


def test_a_column_that_is_called_like_a_field_becomes_a_fact_where_that_is_said(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    path = tmp_path / "articles.csv"
    path.write_text(
        'headline,source,body\nWall moves,box 7,"The wall moved in Oslo."\n', encoding="utf-8"
    )
    dialog = ask(hand, answers, [path])
    pick(hand, dialog.columns.choices["source"], "")
    known(dialog)
    finish(hand)
    article = hand.workspace.desk.annotated.article
    assert (article.title, article.source) == ("Wall moves", None)
    assert article.metadata["source"] == "box 7"


def _pipes() -> Any:
    """Return a format of tables whose columns stand between pipes."""

    def rows(path: Path) -> tuple[list[str], list[list[str]]]:
        head, *others = [x.split("|") for x in path.read_text(encoding="utf-8").splitlines()]
        return head, others

    def columns(path: Path) -> list[Column]:
        head, others = rows(path)
        return [Column(name, "", tuple(row[n] for row in others)) for n, name in enumerate(head)]

    def read(path: Path, reading: Reading) -> Iterator[Any]:
        head, others = rows(path)
        for number, row in enumerate(others, start=2):
            named = {
                reading.columns.get(name, ""): cell for name, cell in zip(head, row, strict=True)
            }
            if "text" not in named:
                yield Problem(number, "", "no column holds the text")
                continue
            text = named["text"]
            facts = Facts(title=named.get("title", "Untitled"))
            yield imported(path, text.encode(), Decoded(text, "utf-8"), text, facts=facts)

    return SimpleNamespace(
        name="pipes",
        title="Pipes",
        purpose="tables",
        group=Group.TABLES,
        suffixes=(".pipes",),
        recognises=lambda sample: sample.suffix == ".pipes",
        read=read,
        table_columns=columns,
    )


# ------------------------------------------------------------------------------- whole or nothing


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Return events for "the first article is read" and "the reading may go on", for the import."""
    begun, released = threading.Event(), threading.Event()
    read = doccano.read

    def slow(path: Path, reading: Reading) -> Iterator[Any]:
        for item in read(path, reading):
            yield item
            if threading.current_thread().name == "writer":
                begun.set()
                released.wait(20)

    monkeypatch.setattr(doccano, "read", slow)
    yield begun, released
    released.set()


def test_esc_in_the_middle_of_an_import_leaves_the_project_as_it_was(
    hand: Hand,
    answers: Answers,
    tmp_path: Path,
    gate: tuple[threading.Event, threading.Event],
) -> None:
    begun, released = gate
    before = hand.workspace.project.revision
    dialog = ask(hand, answers, [corpus(tmp_path)])
    hand.press("Return")
    until(begun.is_set)
    hand.press("Escape")
    released.set()
    until(lambda: not dialog.is_working)
    assert dialog.isVisible()
    assert dialog.complaint.text() == "! The import was cancelled. Nothing was changed."
    hand.press("Escape")
    until(lambda: hand.window.imports.dialog is None)
    hand.save()
    assert hand.workspace.project.revision == before
    assert titles(hand) == 2
    hand.come_back()
    assert QApplication.focusWidget() is hand.view


def test_a_project_that_cannot_be_written_is_said_and_the_dialog_stays(
    hand: Hand, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ask(hand, answers, [corpus(tmp_path)])

    def refuse(*_: object) -> Any:
        raise UserError("The disk is full. Nothing was saved.")

    with monkeypatch.context() as full:
        full.setattr(Project, "large_edit", refuse)
        hand.press("Return")
        until(lambda: "The disk is full" in dialog.complaint.text())
    assert titles(hand) == 2
    finish(hand)
    assert titles(hand) == 4


def test_the_report_is_copied_with_a_key(hand: Hand, answers: Answers, tmp_path: Path) -> None:
    ask(hand, answers, [corpus(tmp_path)])
    hand.press("Return")
    until(lambda: hand.window.findChild(ImportReportDialog) is not None)
    report = hand.window.findChild(ImportReportDialog)
    assert report is not None
    hand.press("Shift+Tab", "Space")
    copied = QGuiApplication.clipboard().text()
    assert "2 articles came in, 3 labels." in copied
    assert "Added to the scheme:\nPER (2)" in copied
    hand.press("Escape")


def test_the_same_file_again_brings_nothing_new(
    hand: Hand, answers: Answers, tmp_path: Path
) -> None:
    path = corpus(tmp_path)
    ask(hand, answers, [path])
    finish(hand)
    ask(hand, answers, [path])
    finish(hand)
    assert titles(hand) == 4
    assert len(inside(hand)) == 3
    assert hand.said == "0 articles came in, 2 were there already."
