"""What relations look like in the article: nothing covered, everything named."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.gui.views import Shown, show

CLOSE = "[It should be closed|Claim#c], [he|Speaker#s] [said|Cue#q]."
"""The chip of the cue stands under the chip of the speaker, who is on the way to it."""


def chip(shown: Shown, span_id: str) -> QImage:
    """Return the picture of the chip of a span, without its edge."""
    (piece,) = shown.pieces(span_id)
    corner = shown.chip_point(span_id) - QPoint(0, 6)
    height = shown.layout.sizes.chip_height - 2
    place = QRect(corner, QPoint(corner.x() + round(piece.caption_width) - 6, corner.y() + height))
    return shown.picture().copy(place)


def test_a_relation_to_a_chip_under_another_one_covers_neither(qtbot: QtBot) -> None:
    shown = show(qtbot, CLOSE, "#c>attributed_to>#s", "#c>cued_by>#q")
    before = chip(shown, "s"), chip(shown, "q")
    shown.view.state.related = "c"
    assert (chip(shown, "s"), chip(shown, "q")) == before


def test_a_relation_that_comes_from_the_right_covers_no_chip_on_its_way(qtbot: QtBot) -> None:
    notation = "“No,” [he|Speaker#s] [said|Cue#q]. “[It is closed|Claim#c].”"
    shown = show(qtbot, notation, "#c>attributed_to>#s", "#c>cued_by>#q")
    before = chip(shown, "s"), chip(shown, "q")
    shown.view.state.related = "c"
    assert (chip(shown, "s"), chip(shown, "q")) == before


def test_a_relation_whose_line_is_short_is_named_behind_its_end(qtbot: QtBot) -> None:
    shown = show(qtbot, CLOSE, "#c>attributed_to>#s", "#c>cued_by>#q")
    shown.view.set_selected(["c"])
    named = shown.picture()
    tie = shown.article.relations_from("c", "cued_by")[0]
    shown.article.relations[tie.id] = replace(tie, label="contradicted_by")
    shown.view.viewport().update()
    assert shown.picture() != named


def near_the_margin(qtbot: QtBot) -> Shown:
    """Show a claim at the end of a line: the cue on the next line has a name's room, no more."""
    for words in range(8, 40):
        filler = "so on " * words
        notation = f"{filler}[it|Claim#c].\n\n[announced to all the reporters on Tuesday|Cue#q]"
        shown = show(qtbot, notation, "#c>cued_by>#q")
        (claim,) = shown.pieces("c")
        end = claim.caption_left + claim.caption_width
        if shown.layout.column_width - 120 < end < shown.layout.column_width - 60:
            return shown
    raise AssertionError("no line ends where it should")


def test_where_the_other_words_have_no_room_the_relation_is_named_all_the_same(
    qtbot: QtBot,
) -> None:
    shown = near_the_margin(qtbot)
    shown.view.set_selected(["c"])
    named = shown.picture()
    tie = shown.article.relations_from("c", "cued_by")[0]
    shown.article.relations[tie.id] = replace(tie, label="named")
    shown.view.viewport().update()
    assert shown.picture() != named


def test_with_all_links_shown_no_line_runs_along_the_chips_of_others(qtbot: QtBot) -> None:
    notation = (
        "“[I walked along it this morning|Claim#a] and [the stones ring hollow|Claim#b],” "
        "[he|Speaker#s] [said|Cue#q]."
    )
    ties = [f"#{claim}>{tie}" for claim in "ab" for tie in ("attributed_to>#s", "cued_by>#q")]
    shown = show(qtbot, notation, *ties)
    before = [chip(shown, span_id) for span_id in "absq"]
    view = shown.view
    view.set_look(replace(view.look, show_all_relations=True))
    assert [chip(shown, span_id) for span_id in "absq"] == before
    tie = shown.article.relations_from("a", "attributed_to")[0]
    named = shown.picture()
    shown.article.relations[tie.id] = replace(tie, label="contradicted_by")
    view.viewport().update()
    assert shown.picture() != named
