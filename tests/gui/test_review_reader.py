"""The article under review: lanes, chips, marks beside the text, differences, names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from annotator.gui.article.line_parts import LaidLine, Piece
from annotator.gui.label_bar import KeyHint
from annotator.gui.review.ranking import Ranking
from annotator.gui.review.review_content import ReviewContent
from annotator.gui.review.signs import Signs
from annotator.gui.review.variant_card import VariantCard
from annotator.gui.review.waiting import waiting
from annotator.review.assigning import ASSIGNED
from tests.gui.conftest import Start, until
from tests.gui.review_seat import TEXT, Layered, Marks, Reviewer, make, sit_down

ARTICLES: list[Layered] = [
    (
        "quay",
        TEXT,
        {
            "noor": (
                ("Speaker", "Marta Ilves"),
                ("Claim", "the quay was safe"),
                ("Claim", "divers would look at the wall since the autumn"),
                ("Location", "Bergen"),
            ),
            "jonas": (
                ("Speaker", "Marta Ilves"),
                ("Claim", "the quay was safe"),
                ("Claim", "divers would look at the wall"),
            ),
        },
    )
]


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    """Return a reviewer with two conflicts and two agreements."""
    return sit_down(app(), make(tmp_path / "lanes.annotator", ARTICLES), "quay")


def pieces(rita: Reviewer) -> list[tuple[LaidLine, Piece]]:
    """Return what is drawn under the lines, in reading order."""
    layout = rita.view.article_layout
    assert layout is not None
    found = []
    block = rita.view.document().begin()
    while block.isValid():
        for line in layout.laid(block).lines:
            found += [(line, piece) for piece in line.pieces]
        block = block.next()
    return found


def chips(rita: Reviewer) -> list[str]:
    """Return what stands on the chips."""
    return [piece.caption for _, piece in pieces(rita) if piece.chip and not piece.rank.folded]


def test_what_all_agree_on_is_a_bar_in_a_low_lane_without_a_name(rita: Reviewer) -> None:
    line, piece = pieces(rita)[0]
    layout = rita.view.article_layout
    assert layout is not None
    assert piece.rank.folded
    assert line.lane_height(piece.lane) == layout.sizes.folded_lane
    assert layout.sizes.folded_lane < layout.sizes.lane


def test_each_reader_has_a_lane_with_the_initial_where_they_differ(rita: Reviewer) -> None:
    assert sorted(chips(rita)) == ["J Claim", "N Claim", "N Location"]
    lanes = {piece.caption: piece.lane for _, piece in pieces(rita) if piece.chip}
    assert lanes["J Claim"] != lanes["N Claim"]


def test_what_is_decided_has_one_solid_chip_of_gold(rita: Reviewer) -> None:
    rita.press("1")
    assert chips(rita) == ["Gold Claim", "N Location"]
    solid = {piece.caption: piece.rank.solid for _, piece in pieces(rita) if piece.chip}
    assert (solid["Gold Claim"], solid["N Location"]) == (True, False)


def test_what_is_in_sight_after_each_decision_is_what_is_in_sight_anew(rita: Reviewer) -> None:
    for key in ("1", "j", "2", "Ctrl+Z", "d", "Ctrl+Z", "d", "a", "k"):
        rita.press(key)
        sitting, page, content = rita.sitting, rita.here.page, rita.view.content
        assert sitting.found is not None
        assert isinstance(content, ReviewContent)
        only = page.differences_only
        wanted, _ = Ranking().follow(
            sitting.found, sitting.naming, sitting.case, differences_only=only
        )
        spans = content.annotated.spans
        shown = {one: content.rank_of(span) for one, span in spans.items() if content.shows(span)}
        assert shown == wanted
        everywhere = content.index.between(0, len(content.text))
        assert {span.id for span in everywhere} == set(wanted)
        assert rita.view.state.gutter == Signs().follow(sitting.found.cases, sitting.case)
        rows = [replace(row, why="") for row in waiting(sitting.found, sitting.naming)]
        assert list(sitting.articles["quay"]) == rows


def test_only_the_words_that_differ_are_tinted(rita: Reviewer) -> None:
    (difference,) = rita.view.state.differences
    assert rita.text[difference.start : difference.end] == "since the autumn"
    words = [card.words.accessibleName() for card in cards(rita)]
    assert sorted(words) == [
        "divers would look at the wall",
        "divers would look at the wall since the autumn",
    ]


def cards(rita: Reviewer) -> list[VariantCard]:
    """Return the variants that are shown."""
    return [card for card in rita.here.case.findChildren(VariantCard) if card.isVisible()]


def test_no_variant_looks_chosen_and_none_has_the_focus(rita: Reviewer) -> None:
    assert not any(card.hasFocus() for card in cards(rita))
    pictures = {
        card.width(): [card.grab().toImage().pixelColor(0, card.height() // 2).name()]
        for card in cards(rita)
    }
    assert len({tuple(colours) for colours in pictures.values()}) == 1


def test_variants_stand_one_above_the_other_where_the_pane_is_narrow(rita: Reviewer) -> None:
    pane = rita.here.case
    one, other = cards(rita)
    assert one.y() == other.y()
    pane.setFixedWidth(300)
    QApplication.processEvents()
    one, other = cards(rita)
    assert one.y() != other.y()
    assert one.x() == other.x()


def beside(rita: Reviewer) -> QImage:
    """Return the picture of the left margin."""
    picture: QImage = rita.view.viewport().grab().toImage()
    return picture


def bar_colours(rita: Reviewer) -> set[str]:
    """Return the colours in the margin of a checked or an unchecked stretch."""
    picture = beside(rita)
    layout = rita.view.article_layout
    assert layout is not None
    ratio = picture.devicePixelRatio()
    x = round((layout.column_left - 95 * layout.sizes.scale + 1) * ratio)
    return {QColor(picture.pixel(x, y)).name() for y in range(picture.height())}


def test_a_checked_paragraph_has_a_bar_in_the_accent_at_the_far_left(rita: Reviewer) -> None:
    theme = rita.window.theme
    before = bar_colours(rita)
    assert theme.frame.name() in before
    assert theme.accent.name() not in before
    rita.press("v")
    assert theme.accent.name() in bar_colours(rita)


def test_the_mark_of_the_conflict_stands_at_its_line_and_becomes_a_tick(rita: Reviewer) -> None:
    mark, other = rita.view.state.gutter
    assert mark == (rita.place("divers").start, "boundary", True)
    assert other[1:] == ("plus", False)
    rita.press("1")
    assert [mark[1:] for mark in rita.view.state.gutter] == [("check", False), ("plus", True)]


def test_a_click_on_a_label_brings_its_case_to_hand(rita: Reviewer) -> None:
    rita.press("1")
    gold = next(piece.span for _, piece in pieces(rita) if piece.caption == "Gold Claim")
    rita.click(rita.chip(gold))
    assert rita.case.words == "divers would look at the wall"


def blind_layers(authors: tuple[str, ...]) -> dict[str, Any]:
    """Return what a plan notes in layers whose review is blind."""
    return {author: {ASSIGNED: {"blind": True, "seed": 7}} for author in authors}


def test_a_blind_review_shows_letters_everywhere_until_somebody_shows_the_names(
    app: Start, tmp_path: Path
) -> None:
    location = make(tmp_path / "blind.annotator", ARTICLES, layers=blind_layers(("noor", "jonas")))
    rita = sit_down(app(), location, "quay")
    seen = [
        rita.here.case.where.text(),
        *(button.text() for button in rita.here.bar.buttons),
        *(card.accessibleName() for card in cards(rita)),
        *chips(rita),
    ]
    assert not any("noor" in text or "jonas" in text for text in seen)
    assert sorted(chips(rita))[:2] == ["A Claim", "B Claim"]
    rita.press("h")
    assert sorted(chips(rita)) == ["J Claim", "N Claim", "N Location"]
    rita.press("z")
    assert sorted(chips(rita))[:2] == ["A Claim", "B Claim"]


def test_earlier_decisions_on_the_same_words_stand_beside_the_case(
    app: Start, tmp_path: Path
) -> None:
    marks: dict[str, Marks] = {
        "noor": (("Location", "Bergen"),),
        "jonas": (("Speaker", "Bergen"),),
    }
    texts = ("Bergen waits.", "A ferry to Bergen.", "Bergen again.")
    articles: list[Layered] = [(f"a{n}", text, marks) for n, text in enumerate(texts)]
    rita = sit_down(app(), make(tmp_path / "before.annotator", articles), "a0")
    rita.press("x", "3", "2", "x", "2")
    before = rita.here.case.before
    rita.sitting.go("a1", rita.sitting.articles["a1"][0].key)
    rita.save()
    until(lambda: len(before.rows) == 2 and all(row.shown.detail for row in before.rows))
    assert [row.shown.outcome for row in before.rows] == ["left out", "left out"]
    assert {row.shown.article_id for row in before.rows} == {"a0", "a2"}
    assert any("Not in the guideline" in row.accessibleName() for row in before.rows)
    first = before.rows[0].shown.article_id
    before.rows[0].click()
    assert rita.case.article_id == first


ARABIC = "قالت ليلى حداد إن الميناء القديم في بيروت آمن تماما."


def test_arabic_lanes_variants_and_queue_begin_at_the_right(app: Start, tmp_path: Path) -> None:
    long, short = "الميناء القديم في بيروت آمن تماما", "الميناء القديم في بيروت آمن"
    articles: list[Layered] = [
        ("quay", ARABIC, {"نور": (("Claim", long),), "jonas": (("Claim", short),)})
    ]
    rita = sit_down(app(), make(tmp_path / "arabic.annotator", articles), "quay")
    one, other = (piece for _, piece in pieces(rita))
    assert one.right == other.right  # both begin with the same word
    assert one.left != other.left
    assert all(piece.caption_left > (piece.left + piece.right) / 2 for piece in (one, other))
    for card in cards(rita):
        assert right_edge(card.words.grab().toImage()) > 0.9
    layout = rita.view.article_layout
    assert layout is not None
    (hint,) = (one for one in rita.view.findChildren(KeyHint) if one.isVisible())
    assert hint.x() <= layout.column_left + 1
    number = next(n for n, c in enumerate(rita.case.choices, 1) if c.authors == ("نور",))
    rita.press(str(number))
    assert rita.gold == [("Claim", long)]


def right_edge(picture: QImage) -> float:
    """Return how far to the right, from 0 to 1, something is drawn on the first line."""
    ground = picture.pixel(0, 0)
    inked = [
        x
        for x in range(picture.width())
        for y in range(min(picture.height(), 20))
        if picture.pixel(x, y) != ground
    ]
    return max(inked) / picture.width()
