"""Who and where is meant: picked, listed, changed, merged, split, deleted; all of it undoable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import editing
from annotator.gui.app import Program
from annotator.gui.details.entity_dialog import EntityDialog, degrees, identifiers, pair
from annotator.gui.details.entity_picker import EntityPicker
from annotator.model import Entity, Fragment, Span
from tests.gui.conftest import Start
from tests.gui.hand import begin, make_project
from tests.gui.side import Side, come_up, key_of, press, shown_rows


@pytest.fixture
def side(sample: Program) -> Side:
    return Side(sample)


def entity(side: Side, name: str) -> Entity:
    return next(item for item in side.workspace.entities.values() if item.name == name)


def attached(side: Side, span: Span) -> str:
    key = side.now(span).entity_id
    return "" if key is None else side.workspace.entities[key].name


def free_speaker(side: Side) -> Span:
    """Mark words that stand for nobody yet."""
    text = side.workspace.desk.annotated.article.text
    start = text.index("old ferry quay")
    fragment = Fragment(start, start + len("old ferry quay"))
    made = editing.mark(side.workspace.desk, (fragment,), "Speaker")
    side.workspace.perform(made)
    return editing.made(made)[0]


@pytest.fixture
def picker(side: Side) -> Iterator[tuple[Side, Span, EntityPicker]]:
    span = free_speaker(side)
    side.select(span)
    side.view.setFocus()
    press(side.view, Qt.Key.Key_E)
    assert side.dock.picker.isVisible()
    yield side, span, side.dock.picker
    side.dock.picker.close()


Picking = tuple[Side, Span, EntityPicker]


def test_typing_narrows_down_and_enter_takes_the_first(picker: Picking) -> None:
    side, span, popup = picker
    QTest.keyClicks(popup.field, "marta")
    press(popup.field, Qt.Key.Key_Return)
    assert attached(side, span) == "Marta Ilves"
    assert not popup.isVisible()
    assert QApplication.focusWidget() is side.view


def test_a_digit_takes_one_of_those_used_last(picker: Picking) -> None:
    side, span, popup = picker
    wanted = next(row for row in shown_rows(popup.rows) if row.key == "2")
    press(popup.field, Qt.Key.Key_2)
    assert wanted.text.startswith(attached(side, span))
    assert attached(side, span)


def test_a_digit_after_letters_is_typed(picker: Picking) -> None:
    _side, _span, popup = picker
    QTest.keyClicks(popup.field, "quay 2")
    assert popup.field.text() == "quay 2"


def test_the_last_row_makes_a_new_one_of_what_is_typed(picker: Picking) -> None:
    side, span, popup = picker
    QTest.keyClicks(popup.field, "Quay Watch of Bergen")
    assert shown_rows(popup.rows)[-1].text == "New: Quay Watch of Bergen"
    press(popup.field, Qt.Key.Key_Return, shift=True)
    assert attached(side, span) == "Quay Watch of Bergen"
    side.workspace.undo()
    assert attached(side, span) == ""
    assert "Quay Watch of Bergen" not in {e.name for e in side.workspace.entities.values()}


def test_down_moves_to_the_next_one(picker: Picking) -> None:
    side, span, popup = picker
    QTest.keyClicks(popup.field, "ber")
    second = shown_rows(popup.rows)[1].text
    press(popup.field, Qt.Key.Key_Down)
    press(popup.field, Qt.Key.Key_Return)
    assert second.startswith(attached(side, span))


def test_esc_changes_nothing_and_goes_back_to_the_text(picker: Picking) -> None:
    side, span, popup = picker
    QTest.keyClicks(popup.field, "marta")
    press(popup.field, Qt.Key.Key_Escape)
    assert attached(side, span) == ""
    assert QApplication.focusWidget() is side.view


def test_a_name_that_nobody_has_is_offered_as_new_first(side: Side) -> None:
    popup = side.dock.picker
    label = side.workspace.scheme.label("Speaker")
    assert label is not None
    popup._words = "Zoë Quist"
    popup._label = label
    ranked = editing.rank_entities("Zoë Quist", label, side.workspace.entities.values())
    assert not popup._is_known(ranked)


def test_a_place_can_stay_open_for_a_reason(side: Side) -> None:
    span = next(s for s in side.spans("Location") if s.entity_id)
    side.workspace.perform(editing.attach(side.workspace.desk, (span.id,), None))
    side.dock.pick_entity((span.id,))
    rows = side.dock.picker.rows
    rows.go_to(key_of(rows, "Stays open: fictional"))
    press(side.dock.picker.field, Qt.Key.Key_Return)
    assert side.now(span).attributes["nil_reason"] == "fictional"


def test_what_is_attached_can_be_taken_back(side: Side) -> None:
    span = next(s for s in side.spans("Speaker") if s.entity_id)
    side.dock.pick_entity((span.id,))
    rows = side.dock.picker.rows
    rows.go_to(key_of(rows, "Nobody and nothing: take it back"))
    press(side.dock.picker.field, Qt.Key.Key_Return)
    assert attached(side, span) == ""


def test_who_is_meant_already_stands_first(side: Side) -> None:
    span = next(s for s in side.spans("Speaker", "engineer") if s.entity_id)
    side.dock.pick_entity((span.id,))
    assert shown_rows(side.dock.picker.rows)[0].text.startswith(attached(side, span))
    press(side.dock.picker.field, Qt.Key.Key_Escape)


def test_a_source_without_words_fills_the_slot_with_an_entity(side: Side) -> None:
    claim = side.spans("Claim")[0]
    side.select(claim)
    side.dock.pick_entity((claim.id,), "attributed_to")
    QTest.keyClicks(side.dock.picker.field, "marta")
    press(side.dock.picker.field, Qt.Key.Key_Return)
    (tie,) = side.workspace.desk.annotated.relations_from(claim.id, "attributed_to")
    assert tie.target_entity == entity(side, "Marta Ilves").id


def test_a_label_without_entities_says_so(side: Side) -> None:
    cue = side.spans("Cue")[0]
    side.dock.pick_entity((cue.id,))
    assert not side.dock.picker.isVisible()


# -- the list ------------------------------------------------------------------------------------


@pytest.fixture
def listed(side: Side) -> Side:
    side.dock.show_list("entities")
    QApplication.processEvents()
    return side


def names(side: Side) -> list[str]:
    return [row.text for row in shown_rows(side.dock.entities.rows)]


def test_the_list_narrows_down_while_one_types(listed: Side) -> None:
    QTest.keyClicks(listed.dock.entities.field, "marta")
    assert [name.partition(",")[0] for name in names(listed)] == ["Marta Ilves"]


def test_the_list_counts_labels_and_follows_every_edit(listed: Side) -> None:
    marta = entity(listed, "Marta Ilves")
    model = listed.dock.entities.model
    before = model.counts[marta.id]
    span = next(s for s in listed.spans("Speaker") if s.entity_id == marta.id)
    listed.workspace.perform(editing.attach(listed.workspace.desk, (span.id,), None))
    assert model.counts[marta.id] == before - 1
    listed.workspace.undo()
    assert model.counts[marta.id] == before
    listed.workspace.flush()
    assert model.counts == listed.workspace.project.entity_counts()


def test_enter_shows_the_labels_and_enter_again_goes_there(listed: Side) -> None:
    page = listed.dock.entities
    other = listed.workspace.project.article_ids()[1]
    wanted = next(
        span
        for span in listed.workspace.project.annotated(other).spans.values()
        if span.entity_id
        and span.layer_id
        == listed.workspace.project.annotated(other).layer_of(listed.workspace.project.author).id  # type: ignore[union-attr]
    )
    assert wanted.entity_id is not None
    page.rows.go_to(wanted.entity_id)
    page.rows.setFocus()
    press(page.rows, Qt.Key.Key_Return)
    assert page.pages.currentIndex() == 1
    page.mentions.go_to(wanted.id)
    press(page.mentions, Qt.Key.Key_Return)
    assert listed.workspace.desk.annotated.article.id == other
    assert listed.workspace.selected == (wanted.id,)


def test_del_deletes_an_entity_and_undo_brings_it_back_with_its_labels(listed: Side) -> None:
    marta = entity(listed, "Marta Ilves")
    before = listed.workspace.project.entity_spans(marta.id)
    page = listed.dock.entities
    page.rows.go_to(marta.id)
    page.rows.setFocus()
    press(page.rows, Qt.Key.Key_Delete)
    assert marta.id not in listed.workspace.entities
    listed.workspace.flush()
    assert listed.workspace.project.entity_spans(marta.id) == []
    listed.workspace.undo()
    listed.workspace.flush()
    assert listed.workspace.project.entity_spans(marta.id) == before
    assert any(name.startswith("Marta Ilves") for name in names(listed))


# -- the dialog ----------------------------------------------------------------------------------


def dialog(side: Side, item: Entity) -> EntityDialog:
    return EntityDialog(side.workspace, side.window.theme, item, side.window)


def test_name_aliases_and_identifiers_are_kept_and_undone_in_one_step(side: Side) -> None:
    before = entity(side, "Marta Ilves")
    made = dialog(side, before)
    made.name.setText("Marta K. Ilves")
    made.aliases.setPlainText("the city engineer\n\nIlves\n")
    made.identifiers.setPlainText("wikidata: Q42\nviaf 123")
    made.save()
    made.deleteLater()
    after = side.workspace.entities[before.id]
    assert (after.name, after.aliases) == ("Marta K. Ilves", ("the city engineer", "Ilves"))
    assert after.identifiers == {"wikidata": "Q42", "viaf": "123"}
    side.workspace.undo()
    assert side.workspace.entities[before.id] == before


def test_saving_what_was_not_touched_changes_nothing(side: Side) -> None:
    steps = side.workspace.steps_to_undo
    for item in list(side.workspace.entities.values()):
        made = dialog(side, item)
        made.save()
        made.deleteLater()
    assert side.workspace.steps_to_undo == steps


@pytest.mark.parametrize(
    ("north", "east", "complaint"),
    [
        ("95", "5", "Degrees north lie between"),
        ("60", "181", "Degrees east lie between"),
        ("north", "5", "Degrees north lie between"),
        ("nan", "5", "Degrees north lie between"),
        ("60.39", "", "A place needs both"),
    ],
)
def test_wrong_coordinates_are_refused_beside_the_field(
    side: Side, north: str, east: str, complaint: str
) -> None:
    place = next(e for e in side.workspace.entities.values() if e.latitude is not None)
    made = dialog(side, place)
    made.latitude.setText(north)
    made.longitude.setText(east)
    made.save()
    assert complaint in made._wrong_place.text()
    assert side.workspace.entities[place.id] == place
    made.close()
    made.deleteLater()


def test_a_pasted_pair_of_coordinates_fills_both_fields(side: Side) -> None:
    place = next(e for e in side.workspace.entities.values() if e.latitude is not None)
    made = dialog(side, place)
    made.latitude.setText("60.3913, 5.3221")
    made.save()
    made.deleteLater()
    after = side.workspace.entities[place.id]
    assert (after.latitude, after.longitude) == (60.3913, 5.3221)


def test_merging_moves_the_labels_and_keeps_the_name_as_another_one(side: Side) -> None:
    keep, other = entity(side, "Marta Ilves"), entity(side, "Jonas Berg")
    mentions = len(side.workspace.project.entity_spans(keep.id))
    more = len(side.workspace.project.entity_spans(other.id))
    assert more
    made = dialog(side, keep)
    come_up(made)
    made.show_merge()
    assert made.merging is not None
    made.merging.rows.go_to(other.id)
    made.merging.rows.setFocus()
    press(made.merging.rows, Qt.Key.Key_Space)
    made.merging.confirm.click()
    made.deleteLater()
    side.workspace.flush()
    assert other.id not in side.workspace.entities
    assert "Jonas Berg" in side.workspace.entities[keep.id].aliases
    assert len(side.workspace.project.entity_spans(keep.id)) == mentions + more
    side.workspace.undo()
    side.workspace.flush()
    assert len(side.workspace.project.entity_spans(other.id)) == more
    assert side.workspace.entities[keep.id] == keep


def test_splitting_gives_the_ticked_labels_to_a_new_one(side: Side) -> None:
    marta = entity(side, "Marta Ilves")
    spans = side.workspace.project.entity_spans(marta.id)
    made = dialog(side, marta)
    come_up(made)
    made.show_split()
    assert made.splitting is not None
    made.splitting.field.setText("Another engineer")
    made.splitting.rows.go_to(spans[0].id)
    made.splitting.rows.setFocus()
    press(made.splitting.rows, Qt.Key.Key_Space)
    made.splitting.confirm.click()
    made.deleteLater()
    side.workspace.flush()
    new = entity(side, "Another engineer")
    assert [s.id for s in side.workspace.project.entity_spans(new.id)] == [spans[0].id]
    assert new.kind == marta.kind


def test_a_new_entity_needs_a_name(side: Side) -> None:
    made = dialog(side, Entity(id="new", kind="actor", name=""))
    made.save()
    assert "new" not in side.workspace.entities
    assert made._wrong_name.text()
    made.name.setText("Harbour Watch")
    made.save()
    made.deleteLater()
    assert entity(side, "Harbour Watch").id == "new"


@given(st.floats(-90, 90))
def test_a_latitude_is_read_as_it_is_written(value: float) -> None:
    assert degrees(str(value), 90) == value
    assert degrees(f"{value:.4f}".replace(".", ","), 90) == pytest.approx(value, abs=1e-4)


def test_pairs_are_told_from_single_numbers() -> None:
    assert pair("60.39, 5.32") == ("60.39", "5.32")
    assert pair("60.39 5.32") == ("60.39", "5.32")
    assert pair("60.39,5.32") == ("60.39", "5.32")
    assert pair("60,39") is None
    assert pair("60.39") is None


def test_identifiers_may_hold_blanks_and_colons() -> None:
    assert identifiers(["geonames 3161732", "url: https://example.org/a b"]) == {
        "geonames": "3161732",
        "url": "https://example.org/a b",
    }


def test_the_dialog_of_an_entity_begins_with_its_name(side: Side) -> None:
    shown = dialog(side, entity(side, "Marta Ilves"))
    shown.show()
    shown.activateWindow()
    QApplication.processEvents()
    assert QApplication.focusWidget() is shown.name
    shown.reject()


@pytest.mark.parametrize("way", ["merge", "delete", "rename"])
def test_what_an_entity_fills_follows_in_articles_that_are_not_open(
    app: Start, tmp_path: Path, way: str
) -> None:
    hand = begin(app(fill=False), make_project(tmp_path / "own.annotator"))
    lunde, mayor = hand.mark("The mayor", "Speaker"), hand.mark("Håkon Lunde", "Speaker")
    names = {span.id: f"who {number}" for number, span in enumerate((lunde, mayor))}
    names[lunde.id] = "The mayor"
    for span in (lunde, mayor):
        who = Entity(id=f"of {span.id}", kind="actor", name=names[span.id])
        hand.workspace.perform(editing.attach(hand.workspace.desk, [span.id], who))
    hand.save()
    assert hand.now(lunde).attributes["mention_form"] == "named"
    hand.window.open_article("ferry")
    known = hand.workspace.entities
    one, other = known[f"of {lunde.id}"], known[f"of {mayor.id}"]
    made = EntityDialog(hand.workspace, hand.window.theme, other if way == "merge" else one)
    if way == "merge":
        made._merge([one])
    elif way == "delete":
        made.delete()
    else:
        made.name.setText("Håkon Lunde")
        made.save()
    made.deleteLater()
    hand.save()
    stored = hand.workspace.project.annotated("quay")
    assert stored.spans[lunde.id].attributes["mention_form"] == "nominal"
    hand.press("Ctrl+Z")
    hand.save()
    stored = hand.workspace.project.annotated("quay")
    assert stored.spans[lunde.id].attributes["mention_form"] == "named"
    assert stored.spans[lunde.id].entity_id == one.id
