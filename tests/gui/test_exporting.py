"""Labels that go out through the window: chosen, seen beforehand, written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shlex
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QWidget

from annotator import cli, formats
from annotator.formats import Need, jsonl
from annotator.gui.exchange import export_flow
from annotator.gui.exchange.export_dialog import ExportDialog
from annotator.gui.exchange.pairs import Choice
from annotator.model import Change, Fragment, Layer, Span, edit
from annotator.project import Project
from tests.gui.conftest import Answers, Start, until
from tests.gui.hand import Hand, begin, make_project


@pytest.fixture
def marked(hand: Hand) -> Hand:
    """Return a person who has marked something in both articles."""
    hand.mark("Marta Ilves", "Speaker")
    hand.mark("the quay was safe", "Claim")
    hand.save()
    hand.window.open_article("ferry")
    hand.mark("Bergen", "Location")
    hand.save()
    hand.window.open_article("quay")
    return hand


def ask(hand: Hand) -> ExportDialog:
    """Open the dialog by key, and wait until it shows what would be exported."""
    hand.press("Ctrl+E")
    dialog = hand.window.exports.dialog
    assert dialog is not None
    settled(dialog)
    return dialog


def settled(dialog: ExportDialog) -> None:
    """Wait until the dialog knows what comes of the choices."""
    until(lambda: dialog.outlook is not None)


def tab_to(hand: Hand, widget: QWidget) -> None:
    """Go to a control of the dialog with Tab alone."""
    for _ in range(60):
        if QApplication.focusWidget() is widget:
            return
        hand.press("Tab")
    raise AssertionError(f"Tab never comes to {widget.objectName()}")


def pick(hand: Hand, choice: Choice, key: str) -> None:
    """Choose in a list with the arrows, where Tab has led."""
    tab_to(hand, choice)
    hand.press("Home")
    for _ in range(choice.count() + 1):
        if choice.key == key:
            return
        hand.press("Down")
    found = [choice.itemData(at) for at in range(choice.count())]
    raise AssertionError(f"{choice.objectName()}: {key!r} is not reached in {found}, {choice.key}")


def write_to(hand: Hand, dialog: ExportDialog, target: Path) -> None:
    """Type where the export goes, and wait until it is known what comes of it."""
    tab_to(hand, dialog.place.field)
    hand.press("Ctrl+A")
    hand.type(str(target))
    settled(dialog)


def finish(hand: Hand) -> None:
    """Press Enter, and wait until everything is written."""
    hand.press("Return")
    until(lambda: hand.window.exports.dialog is None)


def labels_in(path: Path) -> list[list[str]]:
    """Return the labels of each article of a file in our own format."""
    articles = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        sorted(span["label"] for layer in one["layers"] for span in layer["spans"])
        for one in articles
    ]


def second_reading(hand: Hand) -> None:
    """Let somebody else have marked the quay as well."""
    article = hand.workspace.desk.annotated.article
    layer = Layer(id="b", article_id=article.id, author="ben")
    at = article.text.index("Bergen")
    span = Span(
        id="b1",
        article_id=article.id,
        layer_id="b",
        label="Location",
        fragments=(Fragment(at, at + 6),),
        text=("Bergen",),
    )
    made = edit("import", [Change(None, layer), Change(None, span)])
    hand.workspace.change(lambda project: project.perform(made))
    hand.save()


# ---------------------------------------------------------------------------------------- keyboard


def test_labels_are_exported_with_keys_alone(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    write_to(marked, dialog, tmp_path / "out.jsonl")
    finish(marked)
    assert labels_in(tmp_path / "out.jsonl") == [["Location"], ["Claim", "Speaker"]]
    assert marked.said == f"2 articles written to {tmp_path / 'out.jsonl'}."
    assert (tmp_path / "out.jsonl.card.md").is_file()


def test_the_arrows_walk_the_formats_and_never_stop_at_a_heading(marked: Hand) -> None:
    dialog = ask(marked)
    assert QApplication.focusWidget() is dialog.entries
    marked.press("Home")
    seen = [dialog.entries.current]
    for _ in dialog.entries.entries.items:
        marked.press("Down")
        seen += [dialog.entries.current] if dialog.entries.current != seen[-1] else []
    writable = {form.name for form in formats.all_formats() if formats.can_write(form)}
    assert set(seen) == writable
    assert dialog.heading.text() == formats.by_name(seen[-1]).title


def test_the_first_time_everything_is_proposed_and_a_bundle_is_no_export(marked: Hand) -> None:
    dialog = ask(marked)
    assert dialog.entries.current == "jsonl"
    assert not dialog.entries.choose("bundle")


def test_esc_leaves_without_writing(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    write_to(marked, dialog, tmp_path / "out.jsonl")
    marked.press("Escape")
    until(lambda: marked.window.exports.dialog is None)
    assert list(tmp_path.glob("out*")) == []


def test_every_control_of_the_dialog_has_a_name(marked: Hand) -> None:
    dialog = ask(marked)
    stops = [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.isVisibleTo(dialog) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert [one for one in stops if not (one.accessibleName() or _said(one))] == []
    assert [one for one in stops if not (one.objectName() or _said(one))] == []
    shown = [one for one in dialog.findChildren(QLabel) if one.text()]
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in shown)


def _said(widget: QWidget) -> str:
    text: Callable[[], str] = getattr(widget, "text", lambda: "")
    return text()


# -------------------------------------------------------------------------------- seen beforehand


def test_the_first_lines_shown_are_those_written(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    dialog.entries.choose("conll")
    target = tmp_path / "out.conllup"
    write_to(marked, dialog, target)
    shown = dialog.preview.toPlainText().split("\n")
    finish(marked)
    assert shown == target.read_text(encoding="utf-8").split("\n")[: len(shown)]
    assert any(line.strip() for line in shown)


def test_what_is_lost_is_said_before_and_after_and_beside(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    dialog.entries.choose("conll2003")
    target = tmp_path / "out.conll"
    write_to(marked, dialog, target)
    said = dialog.losses.texts
    assert any("titles of 2 articles" in text for text in said)
    assert dialog.losses.isVisible()
    finish(marked)
    assert "Not carried: " in marked.said
    card = Path(f"{target}.card.md").read_text(encoding="utf-8")
    assert "the titles of 2 articles" in card


def test_where_nothing_is_lost_that_is_said(marked: Hand) -> None:
    dialog = ask(marked)
    assert dialog.lossless.text() == "This format carries everything in these 2 articles."
    assert not dialog.losses.isVisible()


def test_the_project_is_not_changed_by_an_export(marked: Hand, tmp_path: Path) -> None:
    before = marked.workspace.project.revision
    dialog = ask(marked)
    write_to(marked, dialog, tmp_path / "out.jsonl")
    finish(marked)
    marked.save()
    assert marked.workspace.project.revision == before


def test_a_file_that_would_be_replaced_is_pointed_out(marked: Hand, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("old\n", encoding="utf-8")
    dialog = ask(marked)
    write_to(marked, dialog, tmp_path / "out.jsonl")
    assert dialog.place.note.text() == "This is there already and will be replaced."
    write_to(marked, dialog, tmp_path / "new.jsonl")
    assert not dialog.place.note.isVisible()


def test_a_project_is_never_the_target(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    write_to(marked, dialog, tmp_path / "own.annotator")
    assert "is a project" in dialog.place.note.text()
    assert not dialog.act_button.isEnabled()


# ---------------------------------------------------------------------------------------- choices


def test_only_the_open_article_goes_out_where_that_is_chosen(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    pick(marked, dialog.form.articles, "opened")
    write_to(marked, dialog, tmp_path / "out.jsonl")
    assert dialog.act_button.text() == "Export 1 article…"
    finish(marked)
    assert labels_in(tmp_path / "out.jsonl") == [["Claim", "Speaker"]]


def test_only_what_the_list_shows_goes_out_where_that_is_chosen(
    marked: Hand, tmp_path: Path
) -> None:
    marked.window.articles.field.setText("ferry")
    until(lambda: marked.window.articles.model.ids == ["ferry"])
    dialog = ask(marked)
    pick(marked, dialog.form.articles, "listed")
    write_to(marked, dialog, tmp_path / "out.jsonl")
    finish(marked)
    assert labels_in(tmp_path / "out.jsonl") == [["Location"]]


def test_a_label_without_its_tick_stays_behind(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    tick = dialog.findChild(QCheckBox, "tick.Claim")
    assert tick is not None
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(8, tick.height() // 2))
    write_to(marked, dialog, tmp_path / "out.jsonl")
    finish(marked)
    assert labels_in(tmp_path / "out.jsonl") == [["Location"], ["Speaker"]]


def test_other_names_come_from_a_file(marked: Hand, answers: Answers, tmp_path: Path) -> None:
    names = tmp_path / "names.toml"
    names.write_text('[labels]\nSpeaker = "PER"\nClaim = ""\n', encoding="utf-8")
    dialog = ask(marked)
    answers.answers = [[names]]
    tab_to(marked, dialog.form.naming)
    marked.press("End")
    write_to(marked, dialog, tmp_path / "out.jsonl")
    finish(marked)
    assert labels_in(tmp_path / "out.jsonl") == [["Location"], ["PER"]]


def test_a_file_of_names_that_is_wrong_is_complained_of(
    marked: Hand, answers: Answers, tmp_path: Path
) -> None:
    names = tmp_path / "names.toml"
    names.write_text("[labels\n", encoding="utf-8")
    dialog = ask(marked)
    answers.answers = [[names]]
    tab_to(marked, dialog.form.naming)
    marked.press("End")
    until(lambda: "names.toml is not valid TOML" in dialog.form.complaint.text())
    assert not dialog.act_button.isEnabled()


def test_a_split_becomes_a_folder_with_its_parts(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    pick(marked, dialog.form.split, "custom")
    for box, share in zip(dialog.form.shares, ("50", "0", "50"), strict=True):
        tab_to(marked, box)
        marked.press("Ctrl+A")
        marked.type(share)
    write_to(marked, dialog, tmp_path / "parts")
    assert dialog.preview_name.text() == "train.jsonl, 1 article"
    finish(marked)
    written = sorted(path.name for path in (tmp_path / "parts").glob("*.jsonl"))
    assert written == ["test.jsonl", "train.jsonl"]


def test_shares_that_do_not_make_a_hundred_are_complained_of(marked: Hand) -> None:
    dialog = ask(marked)
    pick(marked, dialog.form.split, "custom")
    tab_to(marked, dialog.form.shares[0])
    marked.press("Ctrl+A")
    marked.type("70")
    marked.press("Tab")
    until(lambda: "have to make 100" in dialog.form.complaint.text())
    assert not dialog.act_button.isEnabled()


def test_tokens_are_asked_for_only_where_a_format_has_them(marked: Hand) -> None:
    dialog = ask(marked)
    assert not dialog.form.tokens.isVisible()
    dialog.entries.choose("conll2003")
    assert dialog.form.tokens.isVisible()
    until(lambda: "\nBergen -X- " in dialog.preview.toPlainText())
    pick(marked, dialog.form.tokens, "characters")
    until(lambda: "\nB -X- " in dialog.preview.toPlainText())


def test_several_readings_are_asked_about_where_a_format_holds_one(
    marked: Hand, tmp_path: Path
) -> None:
    second_reading(marked)
    marked.press("Ctrl+E")
    dialog = marked.window.exports.dialog
    assert dialog is not None
    settled(dialog)
    dialog.entries.choose("conll2003")
    until(lambda: "Choose whose labels to take" in dialog.form.complaint.text())
    assert not dialog.act_button.isEnabled()
    pick(marked, dialog.form.whose, "one ben")
    settled(dialog)
    write_to(marked, dialog, tmp_path / "out.conll")
    assert not dialog.form.complaint.isVisible()
    assert "1 article is left out." in dialog.left_out.text()
    finish(marked)
    assert "B-Location" in (tmp_path / "out.conll").read_text(encoding="utf-8")


def test_the_choices_are_there_again_the_next_time(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    dialog.entries.choose("conll")
    pick(marked, dialog.form.tokens, "whitespace")
    dialog.form.ticks["Cue"].click()
    write_to(marked, dialog, tmp_path / "first.conllup")
    finish(marked)
    again = ask(marked)
    assert again.entries.current == "conll"
    assert again.form.tokens.key == "whitespace"
    assert [name for name, tick in again.form.ticks.items() if not tick.isChecked()] == ["Cue"]
    assert again.place.folder == tmp_path


def test_the_path_follows_the_format_and_keeps_the_name_that_was_typed(
    marked: Hand, tmp_path: Path
) -> None:
    dialog = ask(marked)
    write_to(marked, dialog, tmp_path / "mine.jsonl")
    dialog.entries.choose("conll2003")
    assert dialog.place.path == tmp_path / "mine.conll"
    dialog.entries.choose("brat")
    assert dialog.place.path == tmp_path / "mine"


def test_a_place_is_chosen_with_the_button(marked: Hand, answers: Answers, tmp_path: Path) -> None:
    dialog = ask(marked)
    answers.answers = [tmp_path / "chosen.jsonl"]
    tab_to(marked, dialog.place.choose)
    marked.press("Space")
    settled(dialog)
    tab_to(marked, dialog.act_button)
    finish(marked)
    assert len(labels_in(tmp_path / "chosen.jsonl")) == 2


def test_the_copied_command_writes_the_same_bytes(marked: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "with blanks & 'quotes'"
    folder.mkdir()
    target = folder / "out.conllup"
    dialog = ask(marked)
    dialog.entries.choose("conll")
    pick(marked, dialog.form.whose, "one ada")
    pick(marked, dialog.form.articles, "opened")
    pick(marked, dialog.form.tokens, "whitespace")
    dialog.form.ticks["Claim"].click()
    write_to(marked, dialog, target)
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    line = QGuiApplication.clipboard().text()
    finish(marked)
    written = target.read_bytes()
    target.unlink()
    program, *arguments = shlex.split(line)
    assert program == "annotator"
    assert cli.main(arguments) == 0
    assert target.read_bytes() == written


def test_a_format_whose_library_is_missing_says_how_to_install_it(
    marked: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Need, "is_met", property(lambda need: need.module != "spacy"))
    dialog = ask(marked)
    (entry,) = (one for one in dialog.entries.entries.items if one.key == "spacy")
    assert entry.second == "needs spacy"
    dialog.entries.choose("spacy")
    assert dialog.install.toPlainText() == "python -m pip install 'annotator-desktop[spacy]'"
    assert dialog.install.isVisible()
    assert not dialog.form.isVisible()
    assert not dialog.act_button.isEnabled()
    dialog.entries.choose("jsonl")
    settled(dialog)
    assert dialog.form.isVisible()


# ------------------------------------------------------------------------------- whole or nothing


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Return events for "the writing has begun" and "the writing may go on"."""
    begun, released = threading.Event(), threading.Event()
    write = jsonl.write_packed

    def slow(articles: Iterable[Any], target: Path, writing: Any) -> int:
        def held() -> Iterator[Any]:
            for item in articles:
                yield item
                begun.set()
                released.wait(20)

        return write(held(), target, writing)

    monkeypatch.setattr(jsonl, "write_packed", slow)
    yield begun, released
    released.set()


def test_esc_while_writing_leaves_the_old_file_and_the_dialog(
    marked: Hand, tmp_path: Path, gate: tuple[threading.Event, threading.Event]
) -> None:
    begun, released = gate
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "labels.jsonl"
    target.write_text("old\n", encoding="utf-8")
    dialog = ask(marked)
    write_to(marked, dialog, target)
    marked.press("Return")
    until(begun.is_set)
    marked.press("Escape")
    released.set()
    until(lambda: not dialog.is_working)
    assert dialog.isVisible()
    assert dialog.form.complaint.text() == "! The export was cancelled. Nothing was written."
    assert [path.name for path in folder.iterdir()] == ["labels.jsonl"]
    assert target.read_text(encoding="utf-8") == "old\n"


def test_closing_the_window_while_writing_waits_for_the_whole_file(
    marked: Hand, tmp_path: Path, gate: tuple[threading.Event, threading.Event]
) -> None:
    begun, released = gate
    dialog = ask(marked)
    write_to(marked, dialog, tmp_path / "out.jsonl")
    marked.press("Return")
    until(begun.is_set)
    released.set()
    marked.window.close()
    assert len(labels_in(tmp_path / "out.jsonl")) == 2


def test_a_full_disk_leaves_the_old_file_and_is_said(
    marked: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "labels.jsonl"
    target.write_text("old\n", encoding="utf-8")
    dialog = ask(marked)
    write_to(marked, dialog, target)
    real = os.fsync

    def full(handle: int) -> None:
        if str(folder) in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    marked.press("Return")
    until(lambda: "No space left on device" in dialog.form.complaint.text())
    assert [path.name for path in folder.iterdir()] == ["labels.jsonl"]
    assert target.read_text(encoding="utf-8") == "old\n"


def test_another_format_ends_the_look_at_the_one_before(
    marked: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ask(marked)
    for name in ("brat", "conll", "conll2003", "doccano", "jsonl", "conll2003"):
        dialog.entries.choose(name)
        QApplication.processEvents()
    settled(dialog)
    outlook = dialog.outlook
    assert outlook is not None
    assert outlook.plan.form == "conll2003"
    assert dialog.preview.toPlainText().startswith("-DOCSTART-")


@pytest.mark.parametrize(("width", "size"), [(800, 100), (800, 200), (1440, 200)])
def test_the_dialog_fits_a_small_window_and_large_text(
    app: Start, tmp_path: Path, width: int, size: int
) -> None:
    program = app(fill=False, text_size=size)
    program.window.resize(width, 600)
    hand = begin(program, make_project(tmp_path / "own.annotator"))
    dialog = ask(hand)
    assert dialog.width() <= width
    assert dialog.height() <= 600
    until(lambda: dialog.act_button.width() >= dialog.act_button.sizeHint().width())
    for widget in (dialog.act_button, dialog.cancel_button, dialog.copy):
        assert dialog.rect().contains(widget.mapTo(dialog, widget.rect().bottomRight()))
        assert widget.width() >= widget.sizeHint().width()


def test_what_the_dialog_shows_is_found_out_away_from_the_window(
    marked: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()
    real = Project.each_annotated

    def noticed(project: Project, wanted: Any = None) -> Any:
        seen.add(threading.current_thread().name)
        return real(project, wanted)

    monkeypatch.setattr(Project, "each_annotated", noticed)
    ask(marked)
    assert seen == {"job"}


def test_a_line_to_type_in_is_marked_where_it_is_wrong(marked: Hand, tmp_path: Path) -> None:
    dialog = ask(marked)
    field: QLineEdit = dialog.place.field
    write_to(marked, dialog, tmp_path / "missing" / "out.jsonl")
    assert "the folder does not exist" in dialog.place.note.text()
    assert field.property("wrong")


def test_the_formats_are_loaded_away_from_the_window_while_the_person_reads(
    app: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every, where = formats.all_formats(), []

    def loaded() -> tuple[formats.Format, ...]:
        where.append(threading.current_thread())
        return every

    monkeypatch.setattr(export_flow, "AHEAD_MILLISECONDS", 0)
    monkeypatch.setattr(formats, "all_formats", loaded)
    hand = begin(app(fill=False), make_project(tmp_path / "own.annotator"))
    until(lambda: bool(where))
    assert where[0] is not threading.main_thread()
    hand.window.exports.wait()
