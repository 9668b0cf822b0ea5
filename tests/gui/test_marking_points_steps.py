"""Marking, points 11, 12 and 14 to 17: attributes, undo, links in sight, checks, search, notes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.gui.details.relation_list import RelationList
from annotator.gui.palette import Palette
from annotator.scheme import from_toml, to_toml
from tests.gui.conftest import Start
from tests.gui.hand import Hand, begin, make_project
from tests.gui.side import shown_rows

# -- 11. attributes on digits ----------------------------------------------------------------------


def test_a_digit_gives_the_next_value_only_while_the_text_has_the_focus(hand: Hand) -> None:
    span = hand.mark("Bergen", "Location")
    hand.press("1")
    assert hand.now(span).attributes["usage"] == "associative"
    hand.press("Ctrl+F")
    hand.type("1")
    assert hand.now(span).attributes["usage"] == "associative"
    assert hand.window.article_page.search.field.text() == "1"


def test_a_required_attribute_is_asked_for_in_passing(app: Start, tmp_path: Path) -> None:
    scheme = to_toml(schemes.load("news-default"))
    old = 'name = "checkworthy"\n'
    assert scheme.count(old) == 1
    asked = from_toml(scheme.replace(old, f"{old}required = true\n"))
    hand = begin(app(fill=False), make_project(tmp_path / "asked.annotator", asked))
    hand.mark("We start in Bergen", "Claim")
    assert "checkworthy is needed" in hand.said
    assert QApplication.activeModalWidget() is None
    number = hand.said.rpartition("press ")[2].rstrip(".")
    hand.press(number)
    assert hand.one.attributes["checkworthy"] == "yes"


# -- 12. undo --------------------------------------------------------------------------------------


def test_undo_goes_to_the_article_and_the_place_that_it_changes(hand: Hand) -> None:
    hand.mark("told", "Cue")
    hand.press("Alt+Down")
    assert hand.workspace.desk.annotated.article.id == "ferry"
    hand.press("Ctrl+Z")
    assert hand.workspace.desk.annotated.article.id == "quay"
    assert hand.marked == []
    assert hand.view.caret() == hand.place("told").start


def test_undo_and_redo_go_on_after_a_restart(app: Start, tmp_path: Path) -> None:
    location = make_project(tmp_path / "kept.annotator")
    hand = begin(app(fill=False), location)
    hand.mark("Marta Ilves", "Speaker")
    hand.mark("Bergen", "Location")
    hand.save()
    hand.window.close()
    hand.program.close()
    again = begin(app(fill=False), location)
    assert len(again.marked) == 2
    again.press("Ctrl+Z", "Ctrl+Z")
    assert again.marked == []
    again.press("Ctrl+Y", "Ctrl+Y")
    assert again.marked == again.stored() == [("Speaker", "Marta Ilves"), ("Location", "Bergen")]


# -- 14. relations stay readable -------------------------------------------------------------------


def test_alt_r_shows_all_links_and_hides_them_again(hand: Hand) -> None:
    shown = [hand.view.look.show_all_relations]
    for _ in range(2):
        hand.press("Alt+R")
        shown.append(hand.view.look.show_all_relations)
    assert shown == [False, True, False]


def test_links_are_listed_with_the_words_at_both_ends(hand: Hand) -> None:
    claim = hand.mark("We start in Bergen", "Claim")
    hand.mark("Lunde", "Speaker", 1)
    hand.select(claim)
    hand.press("r", "Return")
    hand.dock.show_list("links")
    links = hand.dock.links
    assert isinstance(links, RelationList)
    (row,) = shown_rows(links.rows)
    assert "We start in Bergen" in row.text
    assert "Lunde" in row.second


# -- 15. check before submit -----------------------------------------------------------------------


def test_a_claim_without_a_speaker_stops_submitting_and_is_walked_to(hand: Hand) -> None:
    hand.mark("We start in Bergen", "Claim")
    hand.mark("Jonas Berg doubts it", "Claim")
    hand.press("Esc", "Esc", "Ctrl+Home", "Ctrl+Return")
    assert hand.workspace.layer.state == "in progress"
    assert hand.selected == ["We start in Bergen"]
    seen = set()
    for _ in range(hand.dock.checks.model.rowCount()):
        hand.press("F8")
        seen.update(hand.selected)
    assert seen == {"We start in Bergen", "Jonas Berg doubts it"}
    hand.press("Shift+F8")
    assert hand.selected


def test_a_finished_article_is_submitted(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    hand.press("e", "Return", "Ctrl+Return")
    assert hand.workspace.layer.state == "submitted"
    hand.press("Ctrl+Z")
    assert hand.workspace.layer.state == "in progress"


def test_what_is_left_in_the_check_list_is_said_when_an_article_is_submitted(hand: Hand) -> None:
    hand.mark("Bergen", "Location")
    hand.press("Ctrl+Return")
    assert hand.workspace.layer.state == "submitted"
    assert hand.said == "Submitted, with 1 thing in the check list. Ctrl Enter takes it up again."


# -- 16. search and keys ---------------------------------------------------------------------------


def test_the_search_in_labels_finds_only_what_is_marked(hand: Hand) -> None:
    hand.mark("Bergen", "Location", 1)
    hand.press("Ctrl+F")
    find = hand.window.article_page.search
    find.where.button("labels").click()
    find.field.setText("Bergen")
    find.search()
    assert find.hits == (hand.place("Bergen", 1),)


def test_the_palette_finds_words_of_another_article(hand: Hand) -> None:
    hand.press("Ctrl+K")
    palette = hand.window.findChild(Palette, "dialog.palette")
    assert palette is not None
    palette.field.setText("small")
    palette.refresh(deep=True)
    assert any("small" in entry.text for entry in palette.model.items)
    palette.close()


def test_a_changed_key_works_and_is_shown_on_the_label(hand: Hand) -> None:
    hand.window.commands.rebind("label.Speaker", ("B",))
    assert hand.window.labels.buttons["Speaker"].accessibleDescription() == "B"
    hand.choose("Marta Ilves")
    hand.press("b")
    assert hand.marked == [("Speaker", "Marta Ilves")]
    hand.choose("Jonas Berg")
    hand.press("s")
    assert len(hand.marked) == 1


# -- 17. notes and flags ---------------------------------------------------------------------------


def test_f_and_n_flag_and_note_a_span(hand: Hand) -> None:
    span = hand.mark("Bergen", "Location")
    hand.press("f", "n")
    hand.type("Which one")
    hand.press("Return")
    assert hand.now(span).unsure
    assert hand.now(span).note == "Which one"
    assert QApplication.focusWidget() is hand.view
    (row,) = shown_rows(hand.dock.labels.rows)
    assert row.marks == ("unsure", "note")
    hand.press("f")
    assert not hand.now(span).unsure


def test_the_article_takes_a_note_by_key(hand: Hand) -> None:
    hand.press("Ctrl+Shift+N")
    hand.type("The end is missing")
    hand.press("Return")
    assert hand.workspace.layer.note == "The end is missing"
    assert QApplication.focusWidget() is hand.view


def test_f_with_nothing_selected_flags_the_article(hand: Hand) -> None:
    hand.press("f")
    assert hand.workspace.layer.unsure
    hand.press("f")
    assert not hand.workspace.layer.unsure
