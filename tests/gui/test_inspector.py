"""The inspector shows what is selected, and every part of it changes what it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from annotator.gui.app import Program
from annotator.gui.controls import Segment
from annotator.gui.details.attribute_form import AttributeForm
from annotator.gui.details.inspector import Inspector
from annotator.gui.details.label_list import SPAN_TYPE
from annotator.gui.details.slots import SlotGroup
from annotator.gui.details.span_panel import SpanPanel
from annotator.model import Change, edit
from tests.gui.conftest import until
from tests.gui.side import Side, button, click, press


@pytest.fixture
def side(sample: Program) -> Side:
    return Side(sample)


def inspector(side: Side) -> Inspector:
    return side.dock.inspector


def form(side: Side) -> AttributeForm:
    panel = inspector(side).panel
    assert panel is not None
    return panel.form


def segment(side: Side, name: str) -> Segment:
    editor = form(side).editors[name]
    assert isinstance(editor, Segment)
    return editor


def group(side: Side, relation: str) -> SlotGroup:
    panel = inspector(side).panel
    assert panel is not None
    return panel.groups[relation]


def interrupted(side: Side) -> None:
    span = next(s for s in side.spans("Claim") if len(s.fragments) == 2)
    side.select(span)


def test_a_discontinuous_claim_shows_its_pieces_and_its_paragraph(side: Side) -> None:
    interrupted(side)
    assert inspector(side).head.where.text() == "2 fragments, ¶ 2"
    assert inspector(side).head.covered.text() == "The wall … will not move an inch"


def test_tab_goes_through_the_details_from_top_to_bottom(side: Side) -> None:
    interrupted(side)
    side.window.focus_text()
    QTest.keyClick(side.view, Qt.Key.Key_F6)
    seen: list[str] = []
    heights: list[int] = []
    while (focus := QApplication.focusWidget()) is not None and inspector(side).isAncestorOf(focus):
        seen.append(focus.objectName())
        middle = focus.mapTo(side.dock, focus.rect().center())
        heights.append(middle.y() + inspector(side).verticalScrollBar().value())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert seen[:3] == ["button.unsure", "button.more", "attribute.claim_type"]
    assert "field.note" in seen
    assert heights == sorted(heights)


def test_nothing_selected_says_what_to_do(side: Side) -> None:
    side.select()
    assert inspector(side).head.empty.isVisible()
    assert "Tab" in inspector(side).head.empty.text()


def test_what_is_built_out_of_sight_does_not_lie_over_the_rest_later(side: Side) -> None:
    shown, panels = inspector(side), inspector(side)._panels
    side.window.commands.run("place.insights")
    shown._forget_panels()
    until(lambda: not panels._ahead.isActive())
    side.window.commands.run("place.annotate")
    QApplication.processEvents()
    assert panels._guidelines
    assert not any(one.isVisible() for one in panels._guidelines.values())
    assert not any(one.isVisible() for one in panels._panels.values())


def test_clicking_a_value_gives_it_to_the_span(side: Side) -> None:
    span = side.spans("Claim")[0]
    side.select(span)
    click(segment(side, "checkworthy").button("unsure"))
    assert side.now(span).attributes["checkworthy"] == "unsure"
    assert segment(side, "checkworthy").current == "unsure"


def test_clicking_the_chosen_value_of_a_free_choice_takes_it_back(side: Side) -> None:
    span = side.spans("Claim")[0]
    side.select(span)
    click(segment(side, "checkworthy").button("unsure"))
    click(segment(side, "checkworthy").button("unsure"))
    assert "checkworthy" not in side.now(span).attributes
    assert segment(side, "checkworthy").current is None


def test_undo_is_seen_in_the_form(side: Side) -> None:
    side.select(side.spans("Claim")[0])
    before = segment(side, "hedged").current
    click(segment(side, "hedged").button("true" if before == "false" else "false"))
    side.workspace.undo()
    assert segment(side, "hedged").current == before


def test_a_digit_in_the_text_is_seen_in_the_form(side: Side) -> None:
    side.select(side.spans("Claim")[0])
    box = form(side).editors["claim_type"]
    assert isinstance(box, QComboBox)
    before = box.currentData()
    side.view.setFocus()
    press(side.view, Qt.Key.Key_1)
    assert box.currentData() != before


def test_spans_that_differ_choose_nothing_until_one_value_is_given_to_all(side: Side) -> None:
    one, other = side.spans("Claim")[:2]
    side.select(one)
    click(segment(side, "checkworthy").button("yes"))
    side.select(other)
    click(segment(side, "checkworthy").button("no"))
    side.select(one, other)
    assert segment(side, "checkworthy").current is None
    click(segment(side, "checkworthy").button("no"))
    assert side.now(one).attributes["checkworthy"] == "no"
    assert segment(side, "checkworthy").current == "no"


def test_what_the_program_filled_can_be_overruled(side: Side) -> None:
    span = side.spans("Claim")[0]
    side.select(span)
    editor = form(side).editors["form"]
    assert not editor.isVisible()
    click(form(side).auto)
    assert editor.isVisible()
    assert side.now(span).attributes["form"] in form(side).filled.text()


def test_a_slot_shows_the_words_and_who_is_meant(side: Side) -> None:
    interrupted(side)
    filling = group(side, "attributed_to").slots[0].filling
    assert filling is not None
    assert filling.text == "she"
    assert filling.second.startswith("Marta Ilves")


def test_the_cross_of_a_slot_removes_the_link_and_undo_brings_it_back(side: Side) -> None:
    interrupted(side)
    click(group(side, "cued_by").slots[0].clear_button)
    assert group(side, "cued_by").slots[0].text == "Not set"
    side.workspace.undo()
    assert group(side, "cued_by").slots[0].text == "said"


def test_delete_on_a_slot_with_the_focus_removes_the_link(side: Side) -> None:
    interrupted(side)
    slot = group(side, "cued_by").slots[0]
    slot.setFocus()
    press(slot, Qt.Key.Key_Delete)
    assert slot.filling is None


def test_enter_on_a_slot_waits_for_its_target_and_esc_ends_that(side: Side) -> None:
    interrupted(side)
    slot = group(side, "attributed_to").slots[0]
    slot.setFocus()
    press(slot, Qt.Key.Key_Return)
    assert slot.waiting
    assert slot.text == "Waiting for a speaker"
    press(side.view, Qt.Key.Key_Escape)
    assert not slot.waiting


def test_a_label_dropped_on_a_slot_fills_it(side: Side) -> None:
    interrupted(side)
    speaker = next(s for s in side.spans("Speaker") if s.text != ("she",))
    slot = group(side, "attributed_to").slots[0]
    data = QMimeData()
    data.setData(SPAN_TYPE, speaker.id.encode())
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    slot.dropEvent(event)
    filling = group(side, "attributed_to").slots[0].filling
    assert filling is not None
    assert filling.text == " ".join(speaker.text)


def test_two_speakers_stand_in_two_slots(side: Side) -> None:
    from annotator import editing

    interrupted(side)
    claim = inspector(side).spans[0]
    speaker = next(s for s in side.spans("Speaker") if s.text != ("she",))
    desk = side.workspace.desk
    added = editing.relate(desk, (claim.id,), "attributed_to", target=speaker.id, add=True)
    side.workspace.perform(added)
    assert speaker.start < claim.start
    assert [slot.text for slot in group(side, "attributed_to").slots] == [speaker.text[0], "she"]


def test_n_in_the_text_comes_to_the_note_and_enter_keeps_it_and_goes_back(side: Side) -> None:
    span = side.spans("Claim")[0]
    side.select(span)
    side.view.setFocus()
    press(side.view, Qt.Key.Key_N)
    note = inspector(side).note
    assert QApplication.focusWidget() is note
    note.insertPlainText("Is this his own claim?")
    press(note, Qt.Key.Key_Return)
    assert side.now(span).note == "Is this his own claim?"
    assert QApplication.focusWidget() is side.view


def test_esc_takes_a_note_back_that_is_being_typed(side: Side) -> None:
    span = next(s for s in side.spans("Claim") if not s.note)
    side.select(span)
    note = inspector(side).note
    note.setFocus()
    note.insertPlainText("never mind")
    press(note, Qt.Key.Key_Escape)
    assert side.now(span).note == ""
    assert note.toPlainText() == ""


def test_a_note_is_kept_with_the_label_it_was_typed_for(side: Side) -> None:
    one, other = [s for s in side.spans("Claim") if not s.note][:2]
    side.select(one)
    inspector(side).note.setFocus()
    inspector(side).note.insertPlainText("about the first")
    side.view.setFocus()
    side.select(other)
    assert side.now(one).note == "about the first"
    assert inspector(side).note.toPlainText() == ""


def test_the_note_is_kept_when_another_label_is_selected_while_typing(side: Side) -> None:
    one, other = [s for s in side.spans("Claim") if not s.note][:2]
    side.select(one)
    inspector(side).note.setFocus()
    inspector(side).note.insertPlainText("about the first")
    side.select(other)
    side.view.setFocus()
    assert side.now(one).note == "about the first"
    assert side.now(other).note == ""


def test_the_flag_marks_as_unsure(side: Side) -> None:
    span = next(s for s in side.spans("Claim") if not s.unsure)
    side.select(span)
    click(inspector(side).head.flag)
    assert side.now(span).unsure
    assert inspector(side).head.flag.isChecked()


def test_the_whole_article_takes_a_note(side: Side) -> None:
    side.window.commands.run("article.note")
    field = inspector(side).article_note
    assert QApplication.focusWidget() is field
    field.insertPlainText("The caption contradicts the text.")
    press(field, Qt.Key.Key_Return)
    assert side.workspace.desk.present_layer.note == "The caption contradicts the text."


def test_the_guideline_unfolds_with_examples_and_rules(side: Side) -> None:
    side.select(side.spans("Claim")[0])
    click(button(inspector(side), "button.guideline"))
    texts = [item.text() for item in inspector(side).findChildren(QLabel) if item.isVisible()]
    assert any("[the port would open in May]" in text for text in texts)
    assert any(text.startswith("3. Interrupted quotation") for text in texts)


def test_text_of_others_is_never_read_as_mark_up(side: Side) -> None:
    span = side.spans("Speaker")[0]
    entity_id = span.entity_id
    assert entity_id is not None
    before = side.workspace.entities[entity_id]
    after = replace(before, name="<b>Bold</b> & sons")
    side.workspace.perform(edit("entity", [Change(before, after)]))
    side.select(span)
    for item in inspector(side).findChildren(QLabel):
        assert item.textFormat() == Qt.TextFormat.PlainText or not item.text()
    panel = inspector(side).panel
    assert panel is not None
    assert panel.entity is not None
    assert panel.entity.slots[0].text == "<b>Bold</b> & sons"


def test_in_a_low_window_the_selection_shares_the_tabs(side: Side) -> None:
    side.window.resize(1280, 600)
    QApplication.processEvents()
    side.select(side.spans("Claim")[0])
    assert inspector(side).isVisible()
    assert side.dock.lists.isAncestorOf(inspector(side))
    side.window.resize(1280, 960)
    QApplication.processEvents()
    assert not side.dock.lists.isAncestorOf(inspector(side))
    assert inspector(side).isVisible()


def test_keys_in_the_inspector_follow_what_a_person_rebinds(side: Side) -> None:
    interrupted(side)
    side.window.commands.rebind("relation.attributed_to", ("K",))
    assert group(side, "attributed_to").cap.text == "K"


def test_esc_anywhere_in_the_dock_goes_back_to_the_text(side: Side) -> None:
    interrupted(side)
    box = form(side).editors["claim_type"]
    for widget in (
        box,
        inspector(side).head.flag,
        group(side, "cued_by").slots[0],
        side.dock.lists.tabs,
    ):
        widget.setFocus()
        press(widget, Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is side.view


def test_the_panels_of_all_labels_are_there_before_anybody_selects_one(side: Side) -> None:
    side.dock.inspector._panels._ahead.setInterval(0)
    labels = {item.name for item in side.workspace.scheme.active_labels}
    until(lambda: {p.label.name for p in side.dock.findChildren(SpanPanel)} == labels)
