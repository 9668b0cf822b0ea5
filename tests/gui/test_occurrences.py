"""All occurrences: every equal string is found, and what is ticked changes in one step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator import editing
from annotator.gui.app import Program
from annotator.gui.details.equal_words import stands_alone
from annotator.gui.details.occurrences import Occurrences
from annotator.model import Fragment, Span
from tests.gui.side import Side, come_up, press, shown_rows


@pytest.fixture
def side(sample: Program) -> Side:
    return Side(sample)


def opened(side: Side, span: Span) -> Occurrences:
    made = Occurrences(side.workspace, side.window.theme, span, side.window)
    come_up(made)
    made.read_all()
    return made


def location(side: Side, words: str) -> Span:
    return side.spans("Location", words)[0]


@pytest.fixture
def dialog(side: Side) -> Iterator[Occurrences]:
    made = opened(side, location(side, "Bergen"))
    yield made
    made.close()
    made.deleteLater()


def texts(side: Side) -> dict[str, str]:
    project = side.workspace.project
    return {key: project.annotated(key).article.text for key in project.article_ids()}


def own_locations(side: Side, words: str) -> int:
    """Count the author's labels with these words in the whole project, as it is stored."""
    side.workspace.flush()
    project = side.workspace.project
    found = 0
    for key in project.article_ids():
        annotated = project.annotated(key)
        layer = annotated.layer_of(project.author)
        own = [] if layer is None else annotated.spans_of(layer.id)
        found += sum(s.text == (words,) and s.label == "Location" for s in own)
    return found


def test_every_place_in_the_project_is_shown_under_its_article(
    side: Side, dialog: Occurrences
) -> None:
    wanted = sum(text.count("Bergen") for text in texts(side).values())
    assert len(list(dialog.equal.all_places())) == wanted
    assert f"{wanted} places" in dialog.counts.text()
    headings = [row for row in shown_rows(dialog.rows) if row.heading]
    assert len(headings) == sum("Bergen" in text for text in texts(side).values())


def test_removing_what_is_ticked_is_one_step_over_all_articles(
    side: Side, dialog: Occurrences
) -> None:
    before = own_locations(side, "Bergen")
    steps = side.workspace.steps_to_undo
    assert before > 1
    dialog.delete.click()
    assert own_locations(side, "Bergen") == 0
    assert side.workspace.steps_to_undo == steps + 1
    side.workspace.undo()
    assert own_locations(side, "Bergen") == before


def test_marking_again_marks_exactly_what_the_button_says(side: Side) -> None:
    span = location(side, "Bergen")
    before = own_locations(side, "Bergen")
    for other in [s for s in side.spans("Location", "Bergen") if s.id != span.id]:
        side.workspace.perform(editing.delete(side.workspace.desk, (other.id,)))
    left = own_locations(side, "Bergen")
    made = opened(side, span)
    assert made.mark.text() == f"Mark {before - left} as Location"
    made.mark.click()
    made.deleteLater()
    assert own_locations(side, "Bergen") == before
    new = [s for s in side.spans("Location", "Bergen") if s.id != span.id]
    assert {s.entity_id for s in new} == {span.entity_id}


def test_changing_the_label_changes_it_everywhere_that_is_ticked(
    side: Side, dialog: Occurrences
) -> None:
    before = own_locations(side, "Bergen")
    actions = {action.text(): action for action in dialog.label_menu().actions()}
    actions["Speaker"].trigger()
    assert own_locations(side, "Bergen") == 0
    side.workspace.undo()
    assert own_locations(side, "Bergen") == before


def test_space_takes_one_tick_away_and_the_counts_follow(side: Side, dialog: Occurrences) -> None:
    before = own_locations(side, "Bergen")
    place = next(p for p in dialog.equal.all_places() if p.spans)
    dialog.rows.go_to(place.key)
    dialog.rows.setFocus()
    press(dialog.rows, Qt.Key.Key_Space)
    assert dialog.delete.text() == f"Remove {before - 1} labels"
    dialog.delete.click()
    assert own_locations(side, "Bergen") == 1


def test_the_box_of_an_article_turns_all_of_its_places(dialog: Occurrences) -> None:
    dialog.rows.setCurrentIndex(dialog.model.index(0))
    dialog.rows.setFocus()
    press(dialog.rows, Qt.Key.Key_Space)
    first = next(iter(dialog.equal.places.values()))
    assert not {place.key for place in first} & dialog.model.ticked
    press(dialog.rows, Qt.Key.Key_Space)
    assert {place.key for place in first} <= dialog.model.ticked


def test_ticks_can_be_set_by_what_is_marked(dialog: Occurrences) -> None:
    dialog.ticks["unmarked"].click()
    assert all(not place.spans for place in dialog.model.chosen())
    dialog.ticks["none"].click()
    assert dialog.model.chosen() == []
    assert not dialog.mark.isEnabled()
    assert not dialog.delete.isEnabled()


def test_o_in_the_text_asks_for_them_and_a_label_in_pieces_cannot_be_looked_for(
    side: Side,
) -> None:
    claim = next(s for s in side.spans("Claim") if len(s.fragments) == 2)
    side.select(claim)
    side.view.setFocus()
    press(side.view, Qt.Key.Key_O)
    QApplication.processEvents()
    assert "one piece" in side.window.status.note.text()


@pytest.mark.parametrize(
    ("text", "words", "alone"),
    [
        ("in Oslo.", "Oslo", True),
        ("Osloer Hafen", "Oslo", False),
        ("Neu-Oslo", "Oslo", True),
        ("Zürichs See", "Zürich", False),
        ("去北京了", "北京", True),
        ("北京", "北京", True),
    ],
)
def test_words_are_found_whole_only_where_a_script_has_blanks(
    text: str, words: str, alone: bool
) -> None:
    start = text.index(words)
    assert stands_alone(text, Fragment(start, start + len(words))) == alone
