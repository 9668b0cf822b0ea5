"""Deciding on cases in the window, with keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.gui.review.batch_preview import BatchPreview
from annotator.model import Change, Entity, edit
from annotator.review.assigning import ASSIGNED
from annotator.review.cases import Standing
from annotator.review.gold import gold_of
from tests.gui.conftest import Answers, Look, Start, settle
from tests.gui.review_seat import TEXT, Layered, Marks, Reviewer, make, sit_down

NOOR: Marks = (
    ("Speaker", "Marta Ilves"),
    ("Claim", "the quay was safe"),
    ("Claim", "divers would look at the wall since the autumn"),
    ("Location", "Bergen"),
    ("Speaker", "Jonas Berg"),
)
JONAS: Marks = (
    ("Speaker", "Marta Ilves"),
    ("Claim", "the quay was safe"),
    ("Claim", "divers would look at the wall"),
    ("Speaker", "Bergen"),
)
WALL = "divers would look at the wall"
OTHER = "Bergen gets a ferry.\n\nThe quay was too small."


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    """Return a reviewer with two articles that two people labelled."""
    articles: list[Layered] = [
        ("quay", TEXT, {"noor": NOOR, "jonas": JONAS}),
        (
            "ferry",
            OTHER,
            {"noor": (("Location", "Bergen"),), "jonas": (("Location", "Bergen gets"),)},
        ),
    ]
    return sit_down(app(), make(tmp_path / "review.annotator", articles), "quay")


def test_the_first_open_case_is_at_hand_and_the_keyboard_in_the_article(rita: Reviewer) -> None:
    assert rita.case.words == WALL
    assert rita.here.case.heading.text() == "Where does the claim end?"
    assert rita.open == [
        WALL,
        "Bergen",
        "Jonas Berg",
        "Bergen gets",
    ]


def test_a_digit_takes_the_variant_and_the_next_case_is_at_hand(rita: Reviewer) -> None:
    names = [choice.authors for choice in rita.case.choices]
    rita.press(str(names.index(("jonas",)) + 1))
    assert rita.gold == [("Claim", WALL)]
    assert rita.case.words == "Bergen"
    assert rita.decided == [WALL]


def test_a_accepts_what_only_one_has(rita: Reviewer) -> None:
    rita.go_to("Jonas Berg")
    rita.press("a")
    assert ("Speaker", "Jonas Berg") in rita.gold


def test_x_and_a_digit_reject_for_a_reason_that_is_kept(rita: Reviewer) -> None:
    rita.go_to("Jonas Berg")
    rita.press("x")
    assert rita.here.bar.asking
    rita.press("3")
    assert rita.gold == []
    (verdict,) = rita.stored_article().verdicts.values()
    assert (verdict.decision, verdict.reason) == ("rejected", "Not in the guideline")


def test_escape_leaves_the_question_for_a_reason_and_nothing_is_decided(rita: Reviewer) -> None:
    rita.press("x", "Esc")
    assert not rita.here.bar.asking
    assert rita.decided == []


def test_correcting_in_place_moves_the_end_and_enter_keeps_it(rita: Reviewer) -> None:
    rita.press("e", "]", "Return")
    assert rita.gold == [("Claim", "divers would look at the wall since")]
    assert {v.decision for v in rita.stored_article().verdicts.values()} == {"corrected"}


def test_moving_an_end_begins_to_correct_and_escape_leaves_all_as_it_was(rita: Reviewer) -> None:
    rita.press("}")
    assert rita.chosen == "divers would look at the"
    rita.press("Esc")
    assert rita.gold == []
    assert rita.chosen == ""


def test_another_label_is_taken_with_two_keys(rita: Reviewer) -> None:
    rita.go_to("Jonas Berg")
    rita.press("t", "q")
    assert rita.gold == [("Cue", "Jonas Berg")]


def test_a_missing_label_is_marked_on_the_selected_words(rita: Reviewer) -> None:
    rita.choose("reporters")
    rita.press("m", "s")
    assert rita.gold == [("Speaker", "reporters")]
    assert rita.case.words == WALL


def test_words_for_a_missing_label_are_picked_by_their_letters(rita: Reviewer) -> None:
    rita.press("m")
    place = rita.place("reporters")
    hint = next(one.text.lower() for one in rita.view.state.hints if one.place == place)
    rita.press(*hint)
    rita.press("s")
    assert rita.gold == [("Speaker", "reporters")]


def test_undo_brings_the_decided_case_back_to_hand(rita: Reviewer) -> None:
    rita.press("1")
    assert rita.case.words == "Bergen"
    rita.press("z")
    assert rita.case.words == WALL
    assert rita.gold == []


def test_undo_goes_back_to_the_case_in_another_article(rita: Reviewer) -> None:
    rita.press("1", "1", "a")
    assert rita.case.words == "Bergen gets"
    assert rita.workspace.desk.annotated.article.id == "ferry"
    rita.press("1", "z", "z")
    assert rita.workspace.desk.annotated.article.id == "quay"
    assert rita.case.words == "Jonas Berg"
    assert rita.case.standing == Standing.OPEN
    assert rita.window.place == "review"


def test_what_is_decided_is_still_decided_after_a_restart(
    rita: Reviewer, app: Start, tmp_path: Path
) -> None:
    rita.press("1", "s")
    settle(rita.program)
    rita.window.close()
    again = sit_down(app(), tmp_path / "review.annotator", "quay")
    assert again.decided == [WALL, "Bergen"]


def test_v_checks_paragraph_after_paragraph(rita: Reviewer) -> None:
    rita.press("v", "v", "v", "v")
    assert "All of the article is checked" in rita.said
    found = rita.sitting.found
    assert found is not None
    assert found.gold.unchecked(rita.here.deciding.paragraphs()) == []


def test_an_article_with_open_cases_is_not_finished(rita: Reviewer) -> None:
    rita.press("Ctrl+Return")
    assert "still open" in rita.said
    found = rita.sitting.found
    assert found is not None
    assert not found.gold.is_frozen


def test_finishing_says_what_is_unchecked_and_then_freezes_gold(rita: Reviewer) -> None:
    rita.press("1", "1", "a", "z", "a")
    rita.sitting.go("quay", rita.sitting.articles["quay"][0].key)
    rita.press("Ctrl+Return")
    assert "3 paragraphs are not checked" in rita.said
    rita.press("Ctrl+Return")
    assert rita.workspace.desk.annotated.article.id == "ferry"
    layers = rita.stored_article().layers.values()
    assert {layer.state for layer in layers} == {"approved"}


def test_what_all_agree_on_is_accepted_at_once_with_its_exact_number(
    rita: Reviewer, previews: list[Look]
) -> None:
    def look(dialog: BatchPreview) -> None:
        assert dialog.counts.text() == "2 are decided"
        assert dialog.go.text() == "Accept what all agree on (2)"
        rows = [dialog.model.data(dialog.model.index(at)) for at in range(4)]
        assert rows == [
            "A sample of what is decided",
            "Marta Ilves",
            "the quay was safe",
            "What is not decided, and why",
        ]
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    previews.append(look)
    rita.press("Shift+A")
    assert rita.gold == []
    at_hand = rita.case.words
    previews.append(lambda dialog: dialog.share.setValue(0))
    rita.press("Shift+A")
    assert rita.case.words == at_hand
    assert rita.said.startswith("2 are done, 3 are as they were: The readers differ.")
    assert sorted(rita.gold) == [("Claim", "the quay was safe"), ("Speaker", "Marta Ilves")]
    rita.press("z")
    assert rita.gold == []


def test_a_case_left_to_somebody_else_is_decided_and_its_lanes_stay(rita: Reviewer) -> None:
    rita.press("Shift+S")
    (verdict, _) = rita.stored_article().verdicts.values()
    assert verdict.decision == "escalated"
    start = rita.place("divers").start
    assert len(rita.view.spans_at(start)) == 2


def test_a_comment_is_written_on_the_case_at_hand(rita: Reviewer) -> None:
    rita.press("c")
    rita.type("Is the time part of it?")
    rita.press("Return")
    (comment,) = rita.stored_article().comments.values()
    assert comment.text == "Is the time part of it?"
    assert comment.record_id in {record.id for record in rita.case.records}


def test_who_is_meant_is_found_by_typing_among_all(rita: Reviewer) -> None:
    actors = [Entity(id=f"p{n:02}", kind="actor", name=f"Person {n}") for n in range(40)]
    actors.append(Entity(id="berg", kind="actor", name="Jonas Berg-Hansen"))
    rita.workspace.perform(edit("entity", [Change(None, one) for one in actors]))
    rita.go_to("Jonas Berg")
    rita.press("i")
    rita.type("hansen")
    rita.press("Return")
    stored = rita.stored_article()
    gold = stored.spans_of(gold_of(stored).layer.id)
    assert [span.entity_id for span in gold] == ["berg"]
    assert "Jonas Berg" in rita.decided
    assert QApplication.focusWidget() is rita.view


def test_whoever_is_not_known_yet_is_made_in_the_same_step(rita: Reviewer) -> None:
    rita.go_to("Jonas Berg")
    rita.press("i", "Return")
    (entity,) = rita.workspace.entities.values()
    assert entity.name == "Jonas Berg"
    assert ("Speaker", "Jonas Berg") in rita.gold
    rita.press("z")
    assert rita.workspace.entities == {}
    assert rita.gold == []


def test_the_target_of_a_link_is_picked_by_its_letters(rita: Reviewer) -> None:
    rita.press("1")
    rita.go_to("Jonas Berg")
    rita.press("a")
    rita.press("Alt+Up")
    key = next(row.key for row in rita.sitting.articles["quay"] if row.label == "Claim")
    rita.sitting.go("quay", key)
    rita.press("l")
    hint = rita.view.state.hints[0].text.lower()
    rita.press(*hint)
    stored = rita.stored_article()
    (tie,) = stored.relations_of(gold_of(stored).layer.id)
    assert stored.spans[tie.target or ""].text == ("Jonas Berg",)


def test_a_link_that_is_corrected_is_decided(
    app: Start, tmp_path: Path, previews: list[Look]
) -> None:
    marks: Marks = (*NOOR[:2], NOOR[4])
    ties = [
        ("attributed_to", "quay-noor-001", "quay-noor-000"),
        ("attributed_to", "quay-jonas-001", "quay-jonas-002"),
    ]
    articles: list[Layered] = [("quay", TEXT, {"noor": marks, "jonas": marks})]
    rita = sit_down(app(), make(tmp_path / "tie.annotator", articles, relations=ties), "quay")
    previews.append(lambda dialog: dialog.share.setValue(0))
    rita.press("Shift+A")
    assert rita.case.label == "attributed_to"
    rita.press("l", "Return")
    stored = rita.stored_article()
    (tie,) = stored.relations_of(gold_of(stored).layer.id)
    assert stored.spans[tie.target or ""].text == ("Marta Ilves",)
    assert rita.open == []
    rita.press("z")
    assert len(rita.open) == 1


def test_a_takes_what_most_of_those_have_who_marked_it(app: Start, tmp_path: Path) -> None:
    articles: list[Layered] = [
        ("quay", TEXT, {"ada": NOOR[2:3], "bo": NOOR[2:3], "cy": JONAS[2:3], "di": ()})
    ]
    rita = sit_down(app(), make(tmp_path / "most.annotator", articles), "quay")
    offered = [button.text() for button in rita.here.bar.buttons]
    assert "Take the majority" in offered
    rita.press("a")
    assert rita.gold == [("Claim", "divers would look at the wall since the autumn")]
    assert rita.open == []


def test_a_says_which_keys_choose_where_nobody_has_a_majority(rita: Reviewer) -> None:
    rita.press("a")
    assert rita.said == "No variant has a majority. Press 1 for jonas or 2 for noor."
    assert rita.decided == []
    rita.press("h", "a")
    assert "noor" not in rita.said


def test_a_keeps_what_stands_in_gold(rita: Reviewer) -> None:
    rita.press("e", "]", "Return")
    rita.go_to_decided(WALL)
    assert "Keep gold" in [button.text() for button in rita.here.bar.buttons]
    rita.press("a")
    assert rita.gold == [("Claim", "divers would look at the wall since")]


def test_a_marks_a_comment_on_what_is_decided_as_resolved(rita: Reviewer) -> None:
    rita.press("c")
    rita.type("Is the time part of it?")
    rita.press("Return", "Esc", "1")
    assert [case for case in rita.open if case == WALL] == [WALL]
    while rita.case.words != WALL:
        rita.press("j")
    rita.press("a")
    (comment,) = rita.stored_article().comments.values()
    assert comment.resolved
    assert WALL in rita.decided


def test_names_give_way_to_letters_and_come_back(rita: Reviewer) -> None:
    rita.press("h")
    assert "noor" not in rita.here.case.where.text()
    rita.press("h")
    assert "noor" in rita.here.case.where.text()


def test_differences_only_hides_what_all_agree_on(rita: Reviewer) -> None:
    content = rita.view.content
    assert content is not None
    start = rita.place("Marta Ilves").start
    assert rita.view.spans_at(start)
    rita.press("d")
    assert not rita.view.spans_at(start)


def test_who_labelled_the_article_is_asked_once_before_reviewing_it(
    app: Start, tmp_path: Path, answers: Answers
) -> None:
    articles: list[Layered] = [
        ("quay", TEXT, {"rita": NOOR[:2], "jonas": JONAS[:1]}),
        ("ferry", OTHER, {"rita": (("Location", "Bergen"),)}),
    ]
    rita = sit_down(app(), make(tmp_path / "own.annotator", articles), "quay")
    rita.press("a")
    assert answers.said[-1].startswith("You have labelled this article yourself.")
    assert rita.decided == []
    answers.answers = [0]
    said = len(answers.said)
    rita.press("a", "a")
    assert len(answers.said) == said + 1
    assert len(rita.decided) == 2
    gold = gold_of(rita.stored_article()).layer
    assert gold.extra["annotator:own_reviewed"]["author"] == "rita"
    rita.press("z", "z")
    assert rita.decided == []
    assert gold.id not in rita.stored_article().layers


def test_where_the_plan_names_a_reviewer_nobody_reviews_the_own_labels(
    app: Start, tmp_path: Path
) -> None:
    noted = {ASSIGNED: {"blind": False, "seed": 7, "reviewer": "noor"}}
    articles: list[Layered] = [("quay", TEXT, {"rita": NOOR, "jonas": JONAS})]
    location = make(tmp_path / "plan.annotator", articles, layers={"rita": {**noted}})
    rita = sit_down(app(), location, "quay")
    for keys in ("a", "1", "x", "e", "t", "m", "v", "Ctrl+Return", "Shift+A"):
        rita.workspace.note("")
        rita.press(keys)
        assert "noor reviews it" in rita.said, keys
        assert not rita.here.bar.asking
    assert rita.stored_article().verdicts == {}


def test_what_was_left_to_the_adjudicator_is_not_decided_by_the_reviewer(
    app: Start, tmp_path: Path
) -> None:
    noted = {ASSIGNED: {"reviewer": "rita", "adjudicator": "ada"}}
    articles: list[Layered] = [("quay", TEXT, {"noor": NOOR, "jonas": JONAS})]
    location = make(tmp_path / "left.annotator", articles, layers={"noor": {**noted}})
    rita = sit_down(app(), location, "quay")
    rita.press("Shift+S")
    rita.go_to_decided(WALL)
    rita.press("1")
    assert "ada decides" in rita.said
    assert rita.gold == []
    rita.workspace.work_as("ada")
    rita.press("Ctrl+2")
    rita.go_to_decided(WALL)
    rita.press("1")
    assert rita.gold == [("Claim", WALL)]
