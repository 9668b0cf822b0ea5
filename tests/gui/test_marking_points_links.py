"""Marking, points 7 to 10: claims and speakers, who is meant, all occurrences, repeating."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from annotator import editing
from annotator.gui.details.entity_dialog import EntityDialog
from annotator.gui.details.occurrences import Occurrences
from annotator.model import Span
from tests.gui.conftest import in_turn
from tests.gui.hand import Hand
from tests.gui.side import come_up, key_of, press, shown_rows


def in_dialog(act: Callable[[QWidget], None]) -> None:
    """Once a dialog has come up, do something in it, and close it."""

    def now() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            in_turn(now, 5)
            return
        try:
            act(dialog)
        finally:
            dialog.close()

    in_turn(now)


# -- 7. claim to speaker in two keys ---------------------------------------------------------------


@pytest.fixture
def said(hand: Hand) -> tuple[Hand, Span, Span, Span]:
    """Return a claim of Lunde's, Lunde beside it, and Marta Ilves far away."""
    marta = hand.mark("Marta Ilves", "Speaker")
    claim = hand.mark("We start in Bergen", "Claim")
    lunde = hand.mark("Lunde", "Speaker", 1)
    hand.select(claim)
    return hand, claim, lunde, marta


Said = tuple[Hand, Span, Span, Span]


def test_r_and_enter_take_the_nearest_source_outside_the_quotation(said: Said) -> None:
    hand, claim, _, _ = said
    hand.press("r", "Return")
    assert hand.tied(claim) == ["Lunde"]


def test_a_source_inside_the_quotation_comes_after_one_outside(said: Said) -> None:
    hand, claim, _, _ = said
    hand.mark("Bergen", "Speaker")
    hand.select(claim)
    hand.press("r", "Return")
    assert hand.tied(claim) == ["Lunde"]


def test_legal_targets_get_short_hints_and_the_others_dim(said: Said) -> None:
    hand, claim, lunde, marta = said
    cue = hand.mark("doubts", "Cue")
    hand.select(claim)
    hand.press("r")
    hints = {hint.span_id: hint for hint in hand.view.state.hints}
    assert set(hints) == {lunde.id, marta.id}
    assert max(len(hint.text) for hint in hints.values()) <= 2
    assert hints[lunde.id].primary
    assert cue.id not in (hand.view.state.undimmed or {cue.id})
    hand.press("Esc")
    assert hand.view.state.undimmed is None
    assert hand.tied(claim) == []


def test_typing_a_hint_fills_the_slot(said: Said) -> None:
    hand, claim, _, marta = said
    hand.press("r")
    hand.press(*hand.hint(marta))
    assert hand.tied(claim) == ["Marta Ilves"]


def test_clicking_a_target_fills_the_slot(said: Said) -> None:
    hand, claim, _, marta = said
    hand.press("r")
    hand.click(hand.chip(marta))
    assert hand.tied(claim) == ["Marta Ilves"]
    assert hand.selected == ["We start in Bergen"]


def test_clicking_the_words_of_a_target_fills_the_slot_too(said: Said) -> None:
    hand, claim, _, _ = said
    hand.press("r")
    hand.click(hand.point("Marta Ilves", by=3))
    assert hand.tied(claim) == ["Marta Ilves"]


def test_a_hint_with_shift_adds_a_second_speaker(said: Said) -> None:
    hand, claim, _, marta = said
    hand.press("r", "Return", "r")
    hand.press(*hand.hint(marta).upper())
    assert set(hand.tied(claim)) == {"Lunde", "Marta Ilves"}


def test_several_claims_are_filled_at_once_and_undone_at_once(said: Said) -> None:
    hand, claim, _, marta = said
    other = hand.mark("the quay was safe", "Claim")
    hand.select(claim, other)
    hand.press("r")
    hand.press(*hand.hint(marta))
    assert hand.tied(claim) == hand.tied(other) == ["Marta Ilves"]
    hand.press("Ctrl+Z")
    assert hand.tied(claim) == hand.tied(other) == []


def test_several_claims_are_selected_with_ctrl_and_clicks(said: Said) -> None:
    hand, claim, _, _ = said
    other = hand.mark("the quay was safe", "Claim")
    hand.click(hand.chip(claim))
    hand.click(hand.chip(other), "Ctrl")
    hand.press("r", "Return")
    assert len(hand.tied(claim)) == len(hand.tied(other)) == 1


def test_the_only_legal_target_is_not_asked_for(hand: Hand) -> None:
    claim = hand.mark("We start in Bergen", "Claim")
    hand.mark("said", "Cue", 2)
    hand.select(claim)
    hand.press("Shift+Q")
    assert hand.tied(claim, "cued_by") == ["said"]


def test_a_slash_fills_the_slot_with_somebody_who_has_no_words(said: Said) -> None:
    hand, claim, _, _ = said
    hand.press("r", "/")
    hand.type("The harbour board")
    hand.press("Return")
    assert hand.tied(claim) == ["The harbour board"]
    assert QApplication.focusWidget() is hand.view
    hand.press("Ctrl+Z")
    assert hand.tied(claim) == []
    assert not hand.workspace.entities


def test_r_on_a_speaker_asks_for_the_claim_that_is_theirs(said: Said) -> None:
    hand, claim, _, marta = said
    hand.mark("the quay was safe", "Claim")
    hand.select(marta)
    hand.press("r")
    hand.press(*hand.hint(claim))
    assert hand.tied(claim) == ["Marta Ilves"]


def test_r_and_enter_on_a_speaker_take_the_nearest_claim_without_one(said: Said) -> None:
    hand, claim, lunde, _ = said
    near = hand.mark("divers would look", "Claim")
    hand.select(claim)
    hand.press("r", "Return")
    hand.select(lunde)
    hand.press("r", "Return")
    assert hand.tied(near) == ["Lunde"]


def test_shift_r_takes_the_links_away(said: Said) -> None:
    hand, claim, _, _ = said
    hand.press("r", "Return", "Shift+R")
    assert hand.tied(claim) == []


# -- 8. entities -----------------------------------------------------------------------------------


def give(hand: Hand, span: Span, name: str) -> None:
    """Say that *span* stands for somebody, by keys."""
    hand.select(span)
    hand.view.setFocus()
    hand.press("e")
    hand.type(name)
    hand.press("Return")


def named(hand: Hand, span: Span) -> str:
    key = hand.now(span).entity_id
    return "" if key is None else hand.workspace.entities[key].name


def test_a_new_entity_is_made_in_the_same_place_with_its_mark_in_one_step(hand: Hand) -> None:
    span = hand.mark("Marta Ilves", "Speaker")
    before = hand.workspace.steps_to_undo
    hand.press("e", "Return")
    assert named(hand, span) == "Marta Ilves"
    assert hand.workspace.steps_to_undo == before + 1
    hand.press("Ctrl+Z")
    assert not hand.workspace.entities


def test_those_already_known_are_offered_best_first(hand: Hand) -> None:
    give(hand, hand.mark("Jonas Berg", "Speaker"), "Jonas Berg")
    give(hand, hand.mark("Håkon Lunde", "Speaker"), "Håkon Lunde")
    span = hand.mark("Lunde", "Speaker", 1)
    hand.press("e")
    picker = hand.dock.picker
    assert picker.isVisible()
    assert [row.text.split(",")[0] for row in shown_rows(picker.rows)][:1] == ["Håkon Lunde"]
    hand.press("Return")
    assert named(hand, span) == "Håkon Lunde"


def test_typing_filters_and_ranks_anew(hand: Hand) -> None:
    give(hand, hand.mark("Jonas Berg", "Speaker"), "Jonas Berg")
    give(hand, hand.mark("Håkon Lunde", "Speaker"), "Håkon Lunde")
    span = hand.mark("he", "Speaker", hand.text.count("he", 0, hand.text.index("he told")))
    hand.press("e")
    hand.type("jon")
    rows = [row.text for row in shown_rows(hand.dock.picker.rows)]
    assert rows[0].startswith("Jonas Berg")
    assert not any(row.startswith("Håkon") for row in rows)
    hand.press("Return")
    assert named(hand, span) == "Jonas Berg"


def test_digits_take_the_recent_ones(hand: Hand) -> None:
    give(hand, hand.mark("Jonas Berg", "Speaker"), "Jonas Berg")
    give(hand, hand.mark("Håkon Lunde", "Speaker"), "Håkon Lunde")
    hand.save()
    for number, name in (("1", "Håkon Lunde"), ("2", "Jonas Berg")):
        span = hand.mark("The mayor", "Speaker")
        hand.press("e", number)
        assert named(hand, span) == name
        hand.press("Ctrl+Z", "Ctrl+Z")
        hand.save()


def test_entities_are_those_of_the_project_in_every_article(hand: Hand) -> None:
    give(hand, hand.mark("Marta Ilves", "Speaker"), "Marta Ilves")
    first = hand.spans[0].entity_id
    hand.press("Alt+Down")
    span = hand.mark("Marta Ilves", "Speaker")
    hand.press("e", "Return")
    assert hand.now(span).entity_id == first
    hand.dock.show_list("entities")
    assert [row.text for row in shown_rows(hand.dock.entities.rows)].count("Marta Ilves") == 1


def entity_dialog(hand: Hand, name: str) -> EntityDialog:
    entity = next(e for e in hand.workspace.entities.values() if e.name == name)
    made = EntityDialog(hand.workspace, hand.window.theme, entity, hand.window)
    come_up(made)
    return made


def test_a_changed_name_is_undone_by_ctrl_z(hand: Hand) -> None:
    give(hand, hand.mark("Marta Ilves", "Speaker"), "Marta Ilves")
    dialog = entity_dialog(hand, "Marta Ilves")
    dialog.name.setFocus()
    dialog.name.selectAll()
    hand.type("Marta Ilves-Tamm")
    hand.press("Return")
    dialog.deleteLater()
    hand.window.focus_text()
    assert named(hand, hand.spans[0]) == "Marta Ilves-Tamm"
    hand.press("Ctrl+Z")
    assert named(hand, hand.spans[0]) == "Marta Ilves"


def test_an_alias_is_found_by_the_picker(hand: Hand) -> None:
    give(hand, hand.mark("Håkon Lunde", "Speaker"), "Håkon Lunde")
    lunde = next(iter(hand.workspace.entities.values()))
    from dataclasses import replace

    hand.workspace.perform(editing.update_entity(lunde, replace(lunde, aliases=("the mayor",))))
    span = hand.mark("The mayor", "Speaker")
    hand.press("e", "Return")
    assert named(hand, span) == "Håkon Lunde"


def test_merging_two_is_one_step_and_undone_in_the_open_article(hand: Hand) -> None:
    first = hand.mark("Håkon Lunde", "Speaker")
    give(hand, first, "Håkon Lunde")
    second = hand.mark("The mayor", "Speaker")
    give(hand, second, "Mayor of Bergen")
    hand.save()
    dialog = entity_dialog(hand, "Håkon Lunde")
    dialog.show_merge()
    assert dialog.merging is not None
    other = key_of(dialog.merging.rows, "Mayor of Bergen")
    dialog.merging.rows.go_to(other)
    dialog.merging.rows.setFocus()
    press(dialog.merging.rows, Qt.Key.Key_Space)
    dialog.merging.confirm.click()
    dialog.deleteLater()
    assert named(hand, first) == named(hand, second) == "Håkon Lunde"
    hand.window.focus_text()
    hand.press("Ctrl+Z")
    assert (named(hand, first), named(hand, second)) == ("Håkon Lunde", "Mayor of Bergen")
    hand.press("Ctrl+Shift+Z")
    assert named(hand, second) == "Håkon Lunde"


def test_splitting_moves_the_ticked_labels_and_is_undone(hand: Hand) -> None:
    first = hand.mark("Håkon Lunde", "Speaker")
    give(hand, first, "Lunde")
    second = hand.mark("Jonas Berg", "Speaker")
    give(hand, second, "Lunde")
    assert hand.now(first).entity_id == hand.now(second).entity_id
    hand.save()
    dialog = entity_dialog(hand, "Lunde")
    dialog.show_split()
    assert dialog.splitting is not None
    dialog.splitting.field.setText("Berg")
    dialog.splitting.rows.go_to(second.id)
    dialog.splitting.rows.setFocus()
    press(dialog.splitting.rows, Qt.Key.Key_Space)
    dialog.splitting.confirm.click()
    dialog.deleteLater()
    assert (named(hand, first), named(hand, second)) == ("Lunde", "Berg")
    hand.window.focus_text()
    hand.press("Ctrl+Z")
    assert named(hand, second) == "Lunde"


# -- 9. all occurrences ----------------------------------------------------------------------------


def test_all_equal_words_here_and_in_the_project_are_marked_with_one_undo(hand: Hand) -> None:
    span = hand.mark("Bergen", "Location")
    hand.press("1")
    assert hand.now(span).attributes["usage"] == "associative"
    hand.press("e", "Return")
    steps = hand.workspace.steps_to_undo

    def mark_them(dialog: QWidget) -> None:
        assert isinstance(dialog, Occurrences)
        dialog.read_all()
        dialog.mark.click()

    in_dialog(mark_them)
    hand.press("o")
    assert hand.marked == [("Location", "Bergen")] * 2
    assert hand.stored("ferry") == [("Location", "Bergen")] * 2
    assert hand.workspace.steps_to_undo == steps + 1
    for other in hand.spans:
        assert other.attributes["usage"] == "associative"
        assert other.entity_id == hand.now(span).entity_id
    hand.press("Ctrl+Z")
    assert hand.marked == [("Location", "Bergen")]
    assert hand.stored("ferry") == []


def test_relations_are_not_copied_to_the_occurrences(hand: Hand) -> None:
    claim = hand.mark("the quay was safe", "Claim")
    bergen = hand.mark("Bergen", "Speaker")
    hand.select(claim)
    hand.press("r", "Return")

    def mark_them(dialog: QWidget) -> None:
        assert isinstance(dialog, Occurrences)
        dialog.read_all()
        dialog.mark.click()

    hand.select(bergen)
    in_dialog(mark_them)
    hand.press("o")
    assert len([s for s in hand.spans if s.label == "Speaker"]) == 2
    assert [tie.target for tie in hand.ties] == [bergen.id]


def test_only_what_is_ticked_changes(hand: Hand) -> None:
    hand.mark("Bergen", "Location")

    def tick_here(dialog: QWidget) -> None:
        assert isinstance(dialog, Occurrences)
        dialog.read_all()
        dialog.ticks["here"].click()
        dialog.mark.click()

    in_dialog(tick_here)
    hand.press("o")
    assert len(hand.marked) == 2
    assert hand.stored("ferry") == []


@pytest.mark.parametrize("what", ["change", "delete"])
def test_all_occurrences_change_or_go_in_one_step(hand: Hand, what: str) -> None:
    hand.mark("Bergen", "Location")

    def mark_them(dialog: QWidget) -> None:
        assert isinstance(dialog, Occurrences)
        dialog.read_all()
        dialog.mark.click()

    def change_them(dialog: QWidget) -> None:
        assert isinstance(dialog, Occurrences)
        dialog.read_all()
        if what == "change":
            menu = dialog.label_menu()
            next(a for a in menu.actions() if a.text() == "Speaker").trigger()
        else:
            dialog.delete.click()

    in_dialog(mark_them)
    hand.press("o")
    hand.view.setFocus()
    in_dialog(change_them)
    hand.press("o")
    wanted = [("Speaker", "Bergen")] * 2 if what == "change" else []
    assert hand.marked == hand.stored("ferry") == wanted
    hand.press("Ctrl+Z")
    assert hand.marked == hand.stored("ferry") == [("Location", "Bergen")] * 2


def test_esc_in_the_occurrences_changes_nothing_and_comes_back(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    in_dialog(lambda dialog: press(dialog, Qt.Key.Key_Escape))
    hand.press("o")
    hand.come_back()
    assert QApplication.focusWidget() is hand.view
    assert hand.marked == [("Location", "Bergen")]


def test_every_place_has_a_tick_box_that_space_turns(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    seen: list[tuple[str, bool | None]] = []

    def look(dialog: QWidget) -> None:
        assert isinstance(dialog, Occurrences)
        dialog.read_all()
        press(dialog.rows, Qt.Key.Key_Down)
        press(dialog.rows, Qt.Key.Key_Space)
        seen.extend((row.text, row.checked) for row in shown_rows(dialog.rows) if not row.heading)

    in_dialog(look)
    hand.press("o")
    assert len(seen) == 4
    assert [checked for _, checked in seen].count(False) == 1


# -- 10. repeat ------------------------------------------------------------------------------------


def find(hand: Hand, words: str) -> None:
    hand.press("Ctrl+F")
    hand.type(words)
    hand.window.article_page.search.search()


def test_a_dot_repeats_on_the_next_hit_of_the_search(hand: Hand) -> None:
    hand.mark("Håkon Lunde", "Speaker")
    hand.press("Esc", "Ctrl+Home")
    find(hand, "quay")
    hand.view.setFocus()
    hand.press(".", ".")
    assert hand.marked == [
        ("Speaker", "quay"),
        ("Speaker", "Håkon Lunde"),
        ("Speaker", "quay"),
    ]


def test_a_comma_skips_a_hit(hand: Hand) -> None:
    hand.mark("Håkon Lunde", "Speaker")
    hand.press("Esc", "Ctrl+Home")
    find(hand, "quay")
    hand.view.setFocus()
    hand.press(",", ",", ".")
    assert [s.start for s in hand.spans if s.text == ("quay",)] == [hand.place("quay", 1).start]


def test_without_a_search_the_same_words_are_repeated(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    hand.press(".")
    assert hand.marked == [("Location", "Bergen")] * 2
    hand.press(".")
    assert "hits" in hand.said


def test_repeating_takes_the_entity_along(hand: Hand) -> None:
    span = hand.mark("Bergen", "Location")
    hand.press("e", "Return", ".")
    assert {s.entity_id for s in hand.spans} == {hand.now(span).entity_id}


def test_repeating_takes_the_attributes_along(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    hand.press("1", ".")
    assert [s.attributes["usage"] for s in hand.spans] == ["associative"] * 2


def test_repeating_a_changed_label_uses_the_changed_one(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    hand.press("s", ".")
    assert hand.marked == [("Speaker", "Bergen")] * 2


def test_repeating_before_anything_was_marked_says_what_to_do(hand: Hand) -> None:
    hand.press(".")
    assert "Mark something first" in hand.said
