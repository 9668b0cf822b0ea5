"""The lists of the right dock: labels, links, things to correct; in step with the article."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator import editing
from annotator.gui.app import Program
from annotator.gui.details.check_list import AT_ONCE
from annotator.gui.details.label_list import LabelModel
from annotator.gui.workspace import Workspace
from annotator.model import (
    Change,
    Edit,
    Fragment,
    Span,
    edit,
    new_id,
)
from annotator.project import Project
from tests.gui.conftest import see, until
from tests.gui.crowd import crowd
from tests.gui.side import Side, click, press, shown_rows


@pytest.fixture
def side(sample: Program) -> Side:
    made = Side(sample)
    made.dock.show_list("labels")
    return made


def mark(side: Side, words: str, label: str) -> Span:
    text = side.workspace.desk.annotated.article.text
    start = text.index(words)
    made = editing.mark(side.workspace.desk, (Fragment(start, start + len(words)),), label)
    assert side.workspace.perform(made)
    see()
    return editing.made(made)[0]


def keys(side: Side) -> list[str]:
    return side.dock.labels.model.keys


def test_the_labels_stand_in_reading_order(side: Side) -> None:
    assert keys(side) == [span.id for span in side.spans()]


def test_a_new_label_comes_in_at_its_place_without_reading_the_article_again(
    side: Side, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(side.dock.labels.model.modelReset):
        span = mark(side, "old ferry quay", "Location")
    assert keys(side) == [item.id for item in side.spans()]
    assert span.id in keys(side)


def test_undo_takes_the_row_away_again(side: Side) -> None:
    before = list(keys(side))
    mark(side, "old ferry quay", "Location")
    side.workspace.undo()
    assert keys(side) == before


def test_moving_an_end_moves_the_row(side: Side) -> None:
    span = side.spans("Claim")[3]
    moved = editing.set_fragments(side.workspace.desk, span.id, (Fragment(0, 3),))
    side.workspace.perform(moved)
    assert keys(side) == [item.id for item in side.spans()]


def test_many_changes_at_once_are_taken_over(side: Side) -> None:
    spans = side.spans()
    gone = editing.delete(side.workspace.desk, [span.id for span in spans])
    side.workspace.perform(gone)
    assert keys(side) == []
    assert side.dock.labels.rows.empty == "No labels in this article yet."
    side.workspace.undo()
    assert keys(side) == [span.id for span in spans]


def test_walking_down_selects_in_the_text_and_brings_it_to_sight(side: Side) -> None:
    rows = side.dock.labels.rows
    rows.setFocus()
    side.select(side.spans()[0])
    press(rows, Qt.Key.Key_Down)
    second = side.spans()[1]
    assert side.workspace.selected == (second.id,)
    assert side.view.caret() == second.start


def test_what_is_selected_in_the_text_is_selected_in_the_list(side: Side) -> None:
    one, other = side.spans()[2], side.spans()[5]
    side.select(one, other)
    assert side.dock.labels.rows.selected_keys() == [one.id, other.id]


def test_shift_down_selects_several_labels(side: Side) -> None:
    rows = side.dock.labels.rows
    side.select(side.spans()[0])
    rows.setFocus()
    press(rows, Qt.Key.Key_Down, shift=True)
    assert side.workspace.selected == tuple(span.id for span in side.spans()[:2])


def test_a_word_above_the_list_leaves_one_label(side: Side) -> None:
    click(side.dock.labels.filters.buttons["Cue"])
    assert keys(side) == [span.id for span in side.spans("Cue")]
    mark(side, "old ferry quay", "Location")
    assert keys(side) == [span.id for span in side.spans("Cue")]


def test_del_removes_the_labels_that_are_selected(side: Side) -> None:
    first = side.spans()[0]
    side.select(first)
    rows = side.dock.labels.rows
    rows.setFocus()
    press(rows, Qt.Key.Key_Delete)
    assert first.id not in side.workspace.desk.annotated.spans


def test_enter_and_esc_go_back_to_the_text(side: Side) -> None:
    rows = side.dock.labels.rows
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        side.select(side.spans()[0])
        rows.setFocus()
        press(rows, key)
        assert QApplication.focusWidget() is side.view


def test_flags_and_notes_are_marked_in_the_list(side: Side) -> None:
    span = next(s for s in side.spans() if not s.unsure and not s.note)
    row = side.dock.labels.model.row(span.id)
    assert row is not None
    assert row.marks == ()
    side.workspace.perform(editing.set_unsure(side.workspace.desk, (span.id,), True))
    side.workspace.perform(editing.set_note(side.workspace.desk, (span.id,), "hm"))
    row = side.dock.labels.model.row(span.id)
    assert row is not None
    assert row.marks == ("unsure", "note")


def test_the_tabs_say_how_much_there_is(side: Side) -> None:
    tabs = side.dock.lists.tabs
    names = [tabs.accessibleTabName(n) for n in range(tabs.count())]
    assert f"Labels, {len(side.spans())}" in names
    mark(side, "old ferry quay", "Location")
    names = [tabs.accessibleTabName(n) for n in range(tabs.count())]
    assert f"Labels, {len(side.spans())}" in names


def test_the_number_of_entities_is_there_before_anybody_looks_at_them(side: Side) -> None:
    tabs = side.dock.lists.tabs
    names = [tabs.accessibleTabName(n) for n in range(tabs.count())]
    assert f"Entities, {len(side.workspace.entities)}" in names


def test_a_link_is_listed_with_the_words_at_both_ends_and_enter_goes_there(side: Side) -> None:
    side.dock.show_list("links")
    QApplication.processEvents()
    rows = side.dock.links.rows
    row = next(row for row in shown_rows(rows) if row.text.startswith("The wall …"))
    assert row.second == "Speaker: she"
    claim = next(s for s in side.spans("Claim") if len(s.fragments) == 2)
    tie = side.workspace.desk.annotated.relations_from(claim.id, "attributed_to")[0]
    rows.go_to(tie.id)
    rows.setFocus()
    press(rows, Qt.Key.Key_Return)
    assert side.workspace.selected == (claim.id,)
    assert QApplication.focusWidget() is side.view


def test_del_in_the_list_of_links_removes_one(side: Side) -> None:
    side.dock.show_list("links")
    QApplication.processEvents()
    rows = side.dock.links.rows
    before = len(side.workspace.desk.annotated.relations)
    rows.setCurrentIndex(rows.rows.index(0))
    rows.setFocus()
    press(rows, Qt.Key.Key_Delete)
    assert len(side.workspace.desk.annotated.relations) == before - 1
    assert rows.rows.rowCount() == len(
        side.workspace.desk.annotated.relations_of(side.workspace.layer.id)
    )


def unlinked(side: Side) -> list[Span]:
    """Take the speakers of two claims away, so that there is something to correct."""
    claims = side.spans("Claim")[:2]
    annotated = side.workspace.desk.annotated
    ties = [t.id for c in claims for t in annotated.relations_from(c.id, "attributed_to")]
    side.workspace.perform(editing.unrelate(side.workspace.desk, ties))
    return claims


def test_f8_walks_what_is_to_be_corrected(side: Side) -> None:
    claims = unlinked(side)
    side.view.setFocus()
    seen = []
    assert side.dock.checks.errors == 2
    for _ in side.dock.checks.model.findings:
        side.window.commands.run("check")
        seen.append(side.workspace.selected)
    assert {(claim.id,) for claim in claims} <= set(seen)
    assert side.dock.checks.isVisible()


def test_enter_on_a_finding_selects_the_label_and_goes_to_the_text(side: Side) -> None:
    claims = unlinked(side)
    side.dock.show_list("check")
    side.dock.checks.settle()
    rows = side.dock.checks.rows
    missing = [item.code == "missing" for item in side.dock.checks.model.findings]
    rows.setCurrentIndex(rows.rows.index(missing.index(True)))
    rows.setFocus()
    press(rows, Qt.Key.Key_Return)
    assert side.workspace.selected == (claims[0].id,)
    assert QApplication.focusWidget() is side.view


def test_without_findings_the_list_says_how_to_submit(side: Side) -> None:
    spans = [span.id for span in side.spans()]
    side.workspace.perform(editing.delete(side.workspace.desk, spans))
    side.workspace.perform(editing.set_state(side.workspace.desk, "in progress"))
    side.dock.checks.refresh()
    assert side.dock.checks.rows.empty == "Nothing to correct. Ctrl Enter submits the article."


def claims_of_nobody(side: Side, count: int) -> Edit:
    """Mark the first word of the article as a claim, so often."""
    desk = side.workspace.desk
    word = desk.annotated.article.text[:4]
    spans = [
        Span(
            id=new_id(),
            article_id=desk.annotated.article.id,
            layer_id=desk.layer.id,
            label="Claim",
            fragments=(Fragment(0, 4),),
            text=(word,),
        )
        for _ in range(count)
    ]
    made = edit("mark", [Change(None, span) for span in spans])
    assert side.workspace.perform(made)
    return made


def test_many_labels_are_checked_a_few_at_a_time(side: Side) -> None:
    checks = side.dock.checks
    checks.settle()
    before = len(checks.model.findings)
    claims_of_nobody(side, 3 * AT_ONCE)
    checks._pause.timeout.emit()
    assert len(checks.model.findings) == before
    until(lambda: not checks._stale)
    assert len(checks.model.findings) >= before + 3 * AT_ONCE


def test_what_changes_while_labels_are_checked_is_checked_too(side: Side) -> None:
    checks = side.dock.checks
    checks.settle()
    before = len(checks.model.findings)
    made = claims_of_nobody(side, 3 * AT_ONCE)
    checks._pause.timeout.emit()
    side.workspace.perform(made.inverse)
    checks._pause.timeout.emit()
    until(lambda: not checks._stale)
    assert len(checks.model.findings) == before


def test_a_mark_among_ten_thousand_labels_moves_one_row(
    qtbot: QtBot, tmp_path: Path, side: Side
) -> None:
    """Only the list looks here: the article view has its own test."""
    article, spans, added = crowd("annotator-1", 10_000, "Location")
    with Project.create(tmp_path / "long.annotator", side.workspace.scheme) as project:
        project.perform(added)
    workspace = Workspace()
    workspace.open_project(Project.open(tmp_path / "long.annotator", author="annotator-1"))
    model = LabelModel(workspace)
    workspace.open_article(article.id)
    model.read()
    try:
        with qtbot.assertNotEmitted(model.modelReset):
            for span in spans[4000:4020]:
                gone = editing.delete(workspace.desk, (span.id,))
                workspace.perform(gone)
                model.follow(gone)
        assert model.keys == [span.id for span in (*spans[:4000], *spans[4020:])]
    finally:
        model.setParent(None)
        workspace.close()
