"""The scheme editor: what people change in it, what it says, and what one undo brings back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from annotator import resources
from annotator.gui.app import Program
from annotator.gui.main_window import MainWindow
from annotator.gui.parts import dress
from annotator.gui.scheme.scheme_editor import SchemeEditor
from annotator.gui.scheme.scheme_fields import FaultLine, Swatch
from annotator.gui.scheme.scheme_preview import SchemePreview
from annotator.project import Project
from annotator.scheme import from_toml, to_toml
from tests.gui.conftest import Answers, Start, in_turn
from tests.gui.hand import Hand

Key = Qt.Key


def open_editor(window: MainWindow) -> SchemeEditor:
    """Show the editor as the window does, without waiting for its end."""
    editor = SchemeEditor(window.workspace, window.commands, window.theme, window.ask, window)
    dress(editor, window.theme)
    editor.show()
    editor.activateWindow()
    QApplication.processEvents()
    return editor


@pytest.fixture
def editor(sample: Program) -> Iterator[SchemeEditor]:
    """Yield the editor over the sample project."""
    opened = open_editor(sample.window)
    yield opened
    opened.draft.take(opened.draft.base)
    opened.reject()
    opened.deleteLater()


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(widget, key, modifiers or Qt.KeyboardModifier.NoModifier)


def field(editor: SchemeEditor, name: str) -> QWidget:
    found = editor.findChild(QWidget, f"field.{name}")
    assert found is not None, name
    return found


def write(editor: SchemeEditor, name: str, text: str) -> None:
    """Put *text* in the place of what a field holds, key by key."""
    widget = field(editor, name)
    widget.setFocus()
    QTest.keyClick(widget, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Key.Key_Delete)
    for line, words in enumerate(text.split("\n")):
        if line:
            QTest.keyClick(widget, Key.Key_Return)
        for sign in words:
            event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
            QApplication.sendEvent(widget, event)


def fault(editor: SchemeEditor, name: str) -> str:
    line = editor.findChild(FaultLine, f"fault.{name}")
    assert line is not None
    return line.text


def go_to(editor: SchemeEditor, name: str) -> None:
    """Come to the row called *name* with the arrow keys."""
    rows = editor.list.model_rows.items
    wanted = next(row.token for row in rows if row.text == name and row.token)
    editor.list.setFocus()
    press(editor.list, Key.Key_Home)
    for _ in rows:
        if editor.list.current == wanted:
            return
        press(editor.list, Key.Key_Down)
    raise AssertionError(f"no row {name}")


def names(program: Program) -> list[str]:
    return [label.name for label in program.workspace.scheme.labels]


def bar(program: Program) -> list[str]:
    """Return what stands in the label bar of the window."""
    QApplication.processEvents()
    labels = program.window.labels
    assert all(button.isVisibleTo(labels) for button in labels.buttons.values())
    return [button.text() for button in labels.buttons.values()]


def test_the_action_opens_the_editor_and_esc_closes_it(sample: Program) -> None:
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        seen.append(dialog.objectName())
        press(dialog, Key.Key_Escape)

    in_turn(look)
    sample.window.commands.run("scheme.edit")
    assert seen == ["dialog.scheme"]


def test_a_label_is_added_with_keys_alone_and_can_be_marked_with_at_once(
    sample: Program, editor: SchemeEditor
) -> None:
    go_to(editor, "Cue")
    press(editor.list, Key.Key_Insert)
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    QTest.keyClicks(focus, "Event")
    press(focus, Key.Key_Tab)
    key = QApplication.focusWidget()
    assert key is field(editor, "key")
    press(key, Key.Key_V)
    assert editor.save.isEnabled()
    QTest.keyClick(editor, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert not editor.isVisible()
    assert names(sample) == ["Speaker", "Location", "Claim", "Cue", "Event"]
    assert bar(sample) == ["Speaker", "Location", "Claim", "Cue", "Event"]
    assert sample.window.commands.keys("label.Event") == ("V",)
    assert sample.workspace.flush()
    assert sample.workspace.project.scheme.labels[-1].name == "Event"
    assert sample.workspace.project.scheme.version == 2


def test_a_renamed_label_keeps_its_spans_links_rules_and_values(
    sample: Program, editor: SchemeEditor
) -> None:
    project = sample.workspace.project
    before = {span.id: span.attributes for span in project.spans_with_label("Claim")}
    ties = len(project.relations_with_label("attributed_to"))
    go_to(editor, "Claim")
    write(editor, "name", "Cue")
    assert fault(editor, "name") == "“Cue” is taken already. Choose another name."
    write(editor, "name", "Statement")
    assert fault(editor, "name") == ""
    editor.accept()
    assert sample.workspace.flush()
    after = {span.id: span.attributes for span in project.spans_with_label("Statement")}
    assert after == before != {}
    assert len(project.relations_with_label("attributed_to")) == ties
    scheme = project.scheme
    assert {relation.source for relation in scheme.relations} == {"Statement"}
    assert "Statement" in scheme.rules[0].labels
    assert project.check() == []
    sample.workspace.undo()
    assert sample.workspace.flush()
    assert {s.id for s in project.spans_with_label("Claim")} == set(before)
    assert bar(sample) == ["Speaker", "Location", "Claim", "Cue"]


def test_a_renamed_attribute_keeps_its_values(sample: Program, editor: SchemeEditor) -> None:
    project = sample.workspace.project
    usages = [span.attributes["usage"] for span in project.spans_with_label("Location")
              if "usage" in span.attributes]  # fmt: skip
    go_to(editor, "Location")
    head = editor.findChild(QWidget, "button.attribute.2")
    assert head is not None
    press(head, Key.Key_Space)
    write(editor, "attribute.2.name", "meaning")
    editor.accept()
    assert sample.workspace.flush()
    kept = [span.attributes["meaning"] for span in project.spans_with_label("Location")
            if "meaning" in span.attributes]  # fmt: skip
    assert kept == usages != []


def test_deleting_a_label_in_use_says_what_goes_and_one_undo_brings_all_of_it_back(
    qtbot: QtBot, sample: Program, editor: SchemeEditor, answers: Answers
) -> None:
    workspace, project = sample.workspace, sample.workspace.project
    spans = project.spans_with_label("Cue")
    articles = len({span.article_id for span in spans})
    ties = project.relations_with_label("cued_by")
    steps = workspace.steps_to_undo
    go_to(editor, "Cue")
    press(editor.list, Key.Key_Delete)
    expected = (
        f"Removes {len(spans)} labels “Cue” in {articles} articles. "
        f"Removes {len(ties)} links. Undo brings all of it back."
    )
    qtbot.waitUntil(lambda: editor.losses.text.text() == expected)
    assert editor.losses.isVisible()
    editor.accept()
    assert answers.said == [expected]
    assert editor.isVisible(), "nothing is saved before the person agrees"
    answers.answers.append(0)
    editor.accept()
    qtbot.waitUntil(lambda: "Cue" not in names(sample))
    assert workspace.flush()
    assert project.spans_with_label("Cue") == []
    assert project.relations_with_label("cued_by") == []
    assert project.check() == []
    assert bar(sample) == ["Speaker", "Location", "Claim"]
    assert workspace.steps_to_undo == steps + 1
    workspace.undo()
    assert workspace.flush()
    assert project.spans_with_label("Cue") == spans
    assert project.relations_with_label("cued_by") == ties
    assert bar(sample) == ["Speaker", "Location", "Claim", "Cue"]
    assert "label.Cue" in sample.window.commands


def test_a_large_change_of_the_scheme_is_one_step_that_a_restart_can_undo(
    qtbot: QtBot,
    sample: Program,
    editor: SchemeEditor,
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotator.gui.scheme.scheme_editor.LARGE", 5)
    workspace = sample.workspace
    location, author = workspace.project.location, workspace.project.author
    spans = workspace.project.spans_with_label("Speaker")
    go_to(editor, "Speaker")
    press(editor.list, Key.Key_Delete)
    answers.answers.append(0)
    editor.accept()
    qtbot.waitUntil(lambda: "Speaker" not in names(sample))
    assert workspace.project.spans_with_label("Speaker") == []
    workspace.close()
    workspace.open_project(Project.open(location, author=author))
    workspace.undo()
    assert workspace.flush()
    assert workspace.project.spans_with_label("Speaker") == spans
    assert names(sample) == ["Speaker", "Location", "Claim", "Cue"]


def test_a_key_that_another_label_has_is_named_and_stops_saving(editor: SchemeEditor) -> None:
    go_to(editor, "Cue")
    key = field(editor, "key")
    key.setFocus()
    press(key, Key.Key_C)
    assert fault(editor, "key") == "C is the key of “Claim” already. Choose another one."
    assert key.property("wrong")
    assert not editor.save.isEnabled()
    assert editor.fault.text() == "Cue: C is the key of “Claim” already. Choose another one."
    press(key, Key.Key_Backspace)
    assert fault(editor, "key") == ""
    assert editor.save.isEnabled()


def test_a_key_that_an_action_has_is_named_and_does_not_stop_saving(editor: SchemeEditor) -> None:
    go_to(editor, "Cue")
    key = field(editor, "key")
    key.setFocus()
    press(key, Key.Key_J)
    assert "J also stands for “Jump to a word”" in fault(editor, "key")
    assert editor.save.isEnabled()


def test_the_first_fault_is_a_link_to_its_field(editor: SchemeEditor) -> None:
    go_to(editor, "Claim")
    write(editor, "name", "")
    go_to(editor, "Cued by")
    QTest.mouseClick(editor.fault, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is field(editor, "name")
    assert fault(editor, "name") == "This needs a name."


def test_a_label_that_is_switched_off_is_not_offered_and_its_spans_stay(
    sample: Program, editor: SchemeEditor
) -> None:
    count = len(sample.workspace.project.spans_with_label("Cue"))
    go_to(editor, "Cue")
    box = field(editor, "enabled")
    box.setFocus()
    press(box, Key.Key_Space)
    editor.accept()
    assert sample.workspace.flush()
    assert bar(sample) == ["Speaker", "Location", "Claim"]
    assert "label.Cue" not in sample.window.commands
    assert len(sample.workspace.project.spans_with_label("Cue")) == count > 0


def test_a_colour_of_the_palette_is_in_the_preview_at_once(editor: SchemeEditor) -> None:
    go_to(editor, "Claim")
    swatch = editor.findChild(Swatch, "swatch.violet")
    assert swatch is not None
    QTest.mouseClick(swatch, Qt.MouseButton.LeftButton)
    preview = editor.findChild(SchemePreview, "preview.scheme")
    assert preview is not None
    assert ("Claim", "violet", "The quay is sinking") in preview.shown


def test_a_free_colour_shows_its_contrast_on_light_and_dark_and_is_made_readable(
    editor: SchemeEditor,
) -> None:
    go_to(editor, "Claim")
    write(editor, "colour.free", "#FFE000")
    assert editor.form is not None
    colour = editor.form.sheet.fields["colour"]
    light, dark = colour.chips  # type: ignore[attr-defined]
    assert light.ratio >= 4.5
    assert dark.ratio >= 4.5
    assert (light.moved, dark.moved) == (True, False)
    assert light.text.startswith("Light 4.")
    remark = editor.findChild(QWidget, "text.colour_remark")
    assert remark is not None
    assert remark.isVisible()
    assert editor.draft.scheme.labels[2].colour == "#FFE000"


def test_a_scheme_goes_out_as_a_toml_file_and_comes_back_equal(
    editor: SchemeEditor, answers: Answers, tmp_path: Path
) -> None:
    go_to(editor, "Location")
    write(editor, "guideline", "Every place.\n\nAlso “Bergen\u00a0Nord”.")
    wanted = editor.draft.scheme
    answers.answers.append(tmp_path / "mine")
    editor.export.click()
    written = tmp_path / "mine.toml"
    assert from_toml(written.read_text(encoding="utf-8")) == wanted
    assert wanted.labels[1].guideline == "Every place.\n\nAlso “Bergen\u00a0Nord”."
    editor.load_scheme("blank")
    assert [label.name for label in editor.draft.scheme.labels] == ["Label"]
    editor.load_scheme(str(written))
    assert editor.draft.scheme == wanted


def test_another_scheme_says_what_it_takes_out_and_leaves_a_sound_project(
    qtbot: QtBot, sample: Program, editor: SchemeEditor, answers: Answers
) -> None:
    workspace, project = sample.workspace, sample.workspace.project
    claims = len(project.spans_with_label("Claim"))
    people = sum(entity.kind == "actor" for entity in project.entities().values())
    before = project.entities()
    editor.load_scheme("places")
    qtbot.waitUntil(editor.losses.isVisible)
    said = editor.losses.text.text()
    assert f"Removes {claims} labels “Claim”" in said
    assert f"Removes {people} entries of the list “People and organisations”." in said
    answers.answers.append(0)
    editor.accept()
    qtbot.waitUntil(lambda: workspace.scheme.id == "places")
    assert workspace.flush()
    assert [item for item in project.check() if item.severity == "error"] == []
    workspace.undo()
    assert workspace.flush()
    assert project.entities() == before
    assert len(project.spans_with_label("Claim")) == claims


def test_a_file_that_is_no_scheme_is_refused_with_its_name(
    editor: SchemeEditor, answers: Answers, tmp_path: Path
) -> None:
    path = tmp_path / "notes.toml"
    path.write_text("labels = 3\n")
    before = editor.draft.scheme
    editor.load_scheme(str(path))
    assert "notes.toml" in answers.said[0]
    assert editor.draft.scheme == before


def test_an_attribute_is_added_with_its_values_and_default(
    sample: Program, editor: SchemeEditor
) -> None:
    go_to(editor, "Cue")
    add = editor.findChild(QWidget, "button.add_attribute")
    assert add is not None
    press(add, Key.Key_Space)
    assert fault(editor, "attribute.1.name") == "This needs a name."
    write(editor, "attribute.1.name", "tone")
    assert "Write one value a line" in fault(editor, "attribute.1.values")
    write(editor, "attribute.1.values", "neutral\nharsh")
    assert fault(editor, "attribute.1.values") == ""
    default = field(editor, "attribute.1.default")
    assert isinstance(default, QComboBox)
    default.setFocus()
    press(default, Key.Key_Down)
    editor.accept()
    assert sample.workspace.flush()
    label = sample.workspace.project.scheme.label("Cue")
    assert label is not None
    (attribute,) = label.attributes
    assert (attribute.name, attribute.values, attribute.default) == (
        "tone",
        ("neutral", "harsh"),
        "neutral",
    )


def test_rows_move_with_alt_and_the_arrows_and_the_label_bar_follows(
    sample: Program, editor: SchemeEditor
) -> None:
    go_to(editor, "Claim")
    QTest.keyClick(editor.list, Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert editor.list.model_rows.items[editor.list.currentIndex().row()].text == "Claim"
    editor.accept()
    assert bar(sample) == ["Speaker", "Claim", "Location", "Cue"]


def test_links_are_made_with_ends_and_numbers(sample: Program, editor: SchemeEditor) -> None:
    go_to(editor, "Nested in")
    press(editor.list, Key.Key_Insert)
    write(editor, "name", "stands_at")
    source = field(editor, "source")
    assert isinstance(source, QComboBox)
    source.setFocus()
    QTest.keyClicks(source, "Claim")
    targets = field(editor, "targets.label:5")
    for name, on in (("Speaker", False), ("Location", True)):
        token = next(t for t, label in editor.draft.labels() if label.name == name)
        targets = field(editor, f"targets.{token}")
        targets.setFocus()
        if targets.isChecked() != on:  # type: ignore[attr-defined]
            press(targets, Key.Key_Space)
    most = field(editor, "max")
    most.setFocus()
    press(most, Key.Key_Up)
    editor.accept()
    relation = sample.workspace.scheme.relation("stands_at")
    assert relation is not None
    assert (relation.source, relation.targets, relation.max) == ("Claim", ("Location",), 1)
    assert "relation.stands_at" in sample.window.commands


def test_leaving_with_changes_asks_and_keeps_them_when_the_answer_is_no(
    sample: Program, editor: SchemeEditor, answers: Answers
) -> None:
    go_to(editor, "Claim")
    write(editor, "name", "Statement")
    press(editor, Key.Key_Escape)
    assert answers.said == ["Leave without saving the scheme?"]
    assert editor.isVisible()
    answers.answers.append(0)
    press(editor, Key.Key_Escape)
    assert not editor.isVisible()
    assert names(sample) == ["Speaker", "Location", "Claim", "Cue"]


def test_nothing_changes_by_looking_at_every_form(editor: SchemeEditor) -> None:
    source = resources.text("schemes/news-default.toml")
    assert to_toml(editor.draft.scheme) == to_toml(from_toml(source))
    for row in list(editor.list.model_rows.items):
        if row.token:
            editor.list.choose(row.token)
            assert editor.form is not None
            for block in editor.form.attributes.blocks if editor.form.attributes else ():
                block.unfold(True)
    assert not editor.draft.changed
    assert not editor.save.isEnabled()


def test_foreign_text_stays_text(sample: Program, editor: SchemeEditor) -> None:
    go_to(editor, "Cue")
    write(editor, "name", "<b>Cue</b>&x")
    editor.accept()
    assert bar(sample)[-1] == "<b>Cue</b>&x"
    rewritten = replace(sample.workspace.scheme.labels[3], name="Cue")
    assert rewritten.definition == "The word group that signals that somebody said it."


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast-light", "high-contrast-dark"])
@pytest.mark.parametrize(("width", "height", "size"), [(800, 560, 100), (1440, 900, 200)])
def test_every_field_has_a_name_and_no_text_is_cut(
    app: Start, theme: str, width: int, height: int, size: int
) -> None:
    from tests.gui.test_window import cut

    program = app(theme=theme, text_size=size)
    program.window.resize(width, height)
    assert program.window.projects.open_sample()
    opened = open_editor(program.window)
    try:
        for text in ("Claim", "Attributed to", "Places"):
            go_to(opened, text)
            QApplication.processEvents()
            assert opened.form is not None
            assert cut(opened) == []
            kinds = (QLineEdit, QComboBox, QPlainTextEdit)
            fields = [f for f in opened.form.findChildren(QWidget) if isinstance(f, kinds)]
            nameless = [f.objectName() for f in fields if not f.accessibleName()
                        and f.objectName() != "qt_spinbox_lineedit"]  # fmt: skip
            assert nameless == []
            assert opened.width() <= program.window.width()
    finally:
        opened.reject()
        opened.deleteLater()


def test_a_colour_that_some_people_cannot_tell_from_another_label_is_remarked_on(
    editor: SchemeEditor,
) -> None:
    go_to(editor, "Claim")
    remark = editor.findChild(QLabel, "text.colour_remark")
    assert remark is not None
    assert not remark.isVisible()
    for colour, said in (
        ("orange", "Some people cannot tell green from a warm colour."),
        ("speaker", "Another label has this colour."),
    ):
        swatch = editor.findChild(Swatch, f"swatch.{colour}")
        assert swatch is not None
        swatch.setFocus()
        press(swatch, Key.Key_Space)
        assert remark.isVisible()
        assert remark.text() == said


def test_a_change_of_the_scheme_is_undone_and_redone_with_keys_in_the_text(hand: Hand) -> None:
    hand.mark("The wall", "Claim")
    hand.save()

    editor = open_editor(hand.window)
    go_to(editor, "Claim")
    write(editor, "name", "Statement")
    QTest.keyClick(editor, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    editor.deleteLater()
    assert hand.marked == [("Statement", "The wall")]
    assert bar(hand.program) == ["Speaker", "Location", "Statement", "Cue"]
    hand.view.setFocus()
    hand.press("Ctrl+Z")
    assert hand.marked == hand.stored() == [("Claim", "The wall")]
    assert bar(hand.program) == ["Speaker", "Location", "Claim", "Cue"]
    assert hand.workspace.project.scheme.label("Statement") is None
    hand.press("Ctrl+Y")
    assert hand.marked == hand.stored() == [("Statement", "The wall")]
    assert bar(hand.program) == ["Speaker", "Location", "Statement", "Cue"]
    hand.press("Ctrl+Z", "Ctrl+Z")
    assert hand.marked == hand.stored() == []
