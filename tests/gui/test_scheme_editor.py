"""The scheme editor: one undoable edit, which says before what it takes away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import scheme as schemes
from annotator import schemes as shipped
from annotator.gui.app import Program
from annotator.gui.scheme_editor import SchemeEditor
from annotator.gui.scheme_forms import (
    KindForm,
    LabelForm,
    RelationForm,
    examples_of,
    examples_text,
)
from annotator.scheme import Example
from tests.gui.conftest import Answers
from tests.gui.side import Side, come_up


@pytest.fixture
def side(sample: Program) -> Side:
    return Side(sample)


@pytest.fixture
def editor(side: Side, answers: Answers) -> Iterator[SchemeEditor]:
    made = SchemeEditor(side.workspace, side.window.theme, answers, side.window)
    come_up(made)
    yield made
    made.close()
    made.deleteLater()


def label_form(editor: SchemeEditor, number: int) -> LabelForm:
    editor.go_to(f"label.{number}")
    assert isinstance(editor.form, LabelForm)
    return editor.form


def stored(side: Side) -> tuple[int, int]:
    """Count the labels and links of everybody, as they are stored."""
    side.workspace.flush()
    stats = side.workspace.project.stats()
    return stats.spans, stats.relations


def number_of(side: Side, name: str) -> int:
    return [item.name for item in side.workspace.scheme.labels].index(name)


def test_looking_at_every_part_and_saving_changes_nothing(side: Side, editor: SchemeEditor) -> None:
    before, steps = side.workspace.scheme, side.workspace.steps_to_undo
    for key in editor.model.keys:
        editor.go_to(key)
    editor.save()
    assert side.workspace.scheme == before
    assert side.workspace.steps_to_undo == steps


@pytest.mark.parametrize("name", shipped.names())
def test_a_form_that_tells_its_value_unasked_keeps_the_part_as_it_is(
    side: Side, editor: SchemeEditor, name: str
) -> None:
    editor.load(name)
    before = editor.draft.scheme
    for key in [key for key in editor.model.keys if "." in key]:
        editor.go_to(key)
        assert editor.form is not None
        editor.form.tell()
    after = editor.draft.scheme
    assert [item.name for item in after.labels] == [item.name for item in before.labels]
    assert [item.attributes for item in after.labels] == [i.attributes for i in before.labels]
    assert [(i.source, i.targets, i.unless, i.min, i.max) for i in after.relations] == [
        (i.source, i.targets, i.unless, i.min, i.max) for i in before.relations
    ]
    assert [(i.name, i.attributes, i.nil_reasons) for i in after.entities] == [
        (i.name, i.attributes, i.nil_reasons) for i in before.entities
    ]


def test_deleting_a_label_says_what_goes_and_undo_brings_all_of_it_back(
    side: Side, editor: SchemeEditor
) -> None:
    spans, links = stored(side)
    claims = len(side.workspace.project.spans_with_label("Claim"))
    editor.go_to(f"label.{number_of(side, 'Claim')}")
    editor.remove()
    text = editor.foresight.text()
    assert f"{claims} × Claim in 3 articles" in text
    assert f"{links} links" in text
    assert text.endswith("can be undone.")
    editor.save()
    assert stored(side) == (spans - claims, 0)
    assert side.workspace.scheme.label("Claim") is None
    side.workspace.undo()
    assert stored(side) == (spans, links)
    assert side.workspace.scheme.label("Claim") is not None


def test_a_renamed_label_takes_its_labels_links_and_rules_along(
    side: Side, editor: SchemeEditor
) -> None:
    before = stored(side)
    claims = len(side.workspace.project.spans_with_label("Claim"))
    form = label_form(editor, number_of(side, "Claim"))
    form.name.selectAll()
    QTest.keyClicks(form.name, "Statement")
    editor.foresee()
    assert editor.foresight.text() == ""
    editor.save()
    assert stored(side) == before
    assert len(side.workspace.project.spans_with_label("Statement")) == claims
    relation = side.workspace.scheme.relation("attributed_to")
    assert relation is not None
    assert relation.source == "Statement"
    assert all("Claim" not in rule.labels for rule in side.workspace.scheme.rules)


def test_a_new_label_can_be_used_at_once(side: Side, editor: SchemeEditor) -> None:
    editor.add_label()
    form = editor.form
    assert isinstance(form, LabelForm)
    assert form.key.text() not in {item.key for item in side.workspace.scheme.labels}
    form.name.selectAll()
    QTest.keyClicks(form.name, "Event")
    editor.save()
    assert side.workspace.scheme.label("Event") is not None
    assert "label.Event" in side.window.commands
    assert side.window.labels.buttons["Event"].text() == "Event"


def test_two_labels_with_one_key_are_refused_with_the_reason(editor: SchemeEditor) -> None:
    form = label_form(editor, 0)
    form.key.selectAll()
    QTest.keyClicks(form.key, "l")
    assert "share the key" in editor.complaint.text()
    assert not editor.save_button.isEnabled()
    form.key.selectAll()
    QTest.keyClicks(form.key, "s")
    assert editor.save_button.isEnabled()
    assert not editor.complaint.isVisible()


def test_a_label_that_is_switched_off_keeps_its_labels(side: Side, editor: SchemeEditor) -> None:
    before = stored(side)
    label_form(editor, number_of(side, "Cue")).enabled.click()
    editor.save()
    assert stored(side) == before
    assert "Cue" not in {item.name for item in side.workspace.scheme.active_labels}
    assert "Cue" not in side.window.labels.buttons


def test_a_colour_says_how_well_it_can_be_read(editor: SchemeEditor) -> None:
    form = label_form(editor, 0)
    form.colour.setEditText("#ffff00")
    assert ": 1" in form.contrast.text()
    assert editor.draft.scheme.labels[0].colour == "#ffff00"
    form.colour.setEditText("red")
    assert "hard to tell apart" in form.contrast.text()


def test_an_attribute_can_be_added_given_values_and_removed(
    side: Side, editor: SchemeEditor
) -> None:
    number = number_of(side, "Cue")
    attributes = label_form(editor, number).attributes
    attributes.add()
    attributes.name.selectAll()
    QTest.keyClicks(attributes.name, "tone")
    attributes.kind.setCurrentIndex(attributes.kind.findData("choice"))
    attributes.kind.activated.emit(attributes.kind.currentIndex())
    QTest.keyClicks(attributes.values, "neutral, harsh")
    made = editor.draft.scheme.labels[number].attributes
    assert [(item.name, item.values) for item in made] == [("tone", ("neutral", "harsh"))]
    attributes.remove()
    assert editor.draft.scheme.labels[number].attributes == ()


def test_an_attribute_that_goes_says_how_many_values_go_with_it(
    side: Side, editor: SchemeEditor
) -> None:
    number = number_of(side, "Claim")
    attributes = label_form(editor, number).attributes
    names = [item.name for item in attributes.attributes]
    attributes.rows.setCurrentIndex(attributes.model.index(names.index("claim_type")))
    attributes.remove()
    editor.foresee()
    with_value = [
        span
        for span in side.workspace.project.spans_with_label("Claim")
        if "claim_type" in span.attributes
    ]
    assert f"values of {len(with_value)} labels" in editor.foresight.text()


def test_a_relation_can_lead_to_another_label(side: Side, editor: SchemeEditor) -> None:
    editor.go_to("relation.1")
    form = editor.form
    assert isinstance(form, RelationForm)
    form.targets["Location"].click()
    editor.save()
    relation = side.workspace.scheme.relations[1]
    assert set(relation.targets) == {"Cue", "Location"}


def test_a_kind_of_entity_in_use_keeps_its_name_and_stays(side: Side, editor: SchemeEditor) -> None:
    editor.go_to("kind.0")
    form = editor.form
    assert isinstance(form, KindForm)
    assert not form.name.isEnabled()
    editor.remove()
    assert "it keeps its name" in editor.complaint.text()
    assert len(editor.draft.scheme.entities) == len(side.workspace.scheme.entities)


def test_parts_can_be_put_in_another_order(side: Side, editor: SchemeEditor) -> None:
    editor.go_to("label.0")
    editor.move_by(1)
    editor.save()
    assert [item.name for item in side.workspace.scheme.labels][:2] == ["Location", "Speaker"]


def test_another_scheme_that_ships_can_be_taken(side: Side, editor: SchemeEditor) -> None:
    editor.load("places")
    assert "Removes" in editor.foresight.text()
    editor.save()
    assert [item.name for item in side.workspace.scheme.labels] == ["Location"]
    spans, links = stored(side)
    assert links == 0
    assert spans == len(side.workspace.project.spans_with_label("Location"))


def test_a_scheme_is_saved_to_a_file_and_taken_from_it(
    side: Side, editor: SchemeEditor, answers: Answers, tmp_path: Path
) -> None:
    target = tmp_path / "mine.toml"
    answers.answers = [target]
    editor.save_file()
    assert schemes.from_toml(target.read_text(encoding="utf-8")) == side.workspace.scheme
    target.write_text("labels = 3", encoding="utf-8")
    answers.answers = [[target]]
    editor.load_menu().actions()[-1].trigger()
    QApplication.processEvents()
    assert "mine.toml" in editor.complaint.text()
    assert editor.draft.scheme == side.workspace.scheme


one_line = st.text(
    st.characters(codec="utf-8", exclude_characters="|", exclude_categories=["C", "Z"]), min_size=1
)


@given(st.lists(st.builds(Example, text=one_line, right=st.booleans(), why=one_line | st.just(""))))
def test_examples_are_read_as_they_are_written(examples: list[Example]) -> None:
    lines = examples_text(examples).split("\n") if examples else []
    assert examples_of(lines) == tuple(examples)
