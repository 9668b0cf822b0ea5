"""The queue of the review: groups, filters, counts, and what it says where it is empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from annotator.gui.label_bar import KeyHint
from annotator.gui.review.queue_columns import Column, Sorting
from annotator.gui.review.queue_model import WAITING
from annotator.gui.review.waiting import Shelf, Waiting
from annotator.model import new_id
from annotator.review.cases import Group, Standing
from tests.gui.conftest import Answers, Start, until
from tests.gui.review_seat import TEXT, Layered, Reviewer, make, sit_down

ARTICLES: list[Layered] = [
    (
        "quay",
        TEXT,
        {
            "noor": (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe")),
            "jonas": (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe.")),
            "pia": (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"), ("Cue", "said")),
        },
    ),
    (
        "ferry",
        "Bergen gets a ferry.",
        {"noor": (("Location", "Bergen"),), "jonas": (("Location", "Bergen gets"),)},
    ),
]


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    """Return a reviewer with cases in two articles."""
    return sit_down(app(), make(tmp_path / "queue.annotator", ARTICLES), "quay")


def shown(rita: Reviewer) -> list[tuple[str, list[str]]]:
    """Return the groups of the tree with the words of their rows."""
    model = rita.here.queue.model
    groups = [model.index(at, 0) for at in range(model.rowCount())]
    return [
        (group.data(), [model.index(at, 0, group).data() for at in range(model.rowCount(group))])
        for group in groups
    ]


def row_of(rita: Reviewer, words: str) -> QModelIndex:
    """Return the row with these words."""
    model = rita.here.queue.model
    for at in range(model.rowCount()):
        group = model.index(at, 0)
        for row in range(model.rowCount(group)):
            if model.index(row, 0, group).data() == words:
                return model.index(row, 0, group)
    raise AssertionError(words)


def test_cases_of_all_articles_stand_by_kind_in_the_order_of_the_articles(rita: Reviewer) -> None:
    assert shown(rita) == [
        ("Boundary", ["the quay was safe.", "Bergen gets"]),
        ("Only one has it", ["said"]),
    ]


def test_a_row_tells_by_initials_who_has_something(rita: Reviewer) -> None:
    assert row_of(rita, "said").data(WAITING).initials == "P"
    assert row_of(rita, "Bergen gets").data(WAITING).initials == "J N"


def test_the_tool_tip_says_why_a_case_is_here(rita: Reviewer) -> None:
    tip = row_of(rita, "said").data(Qt.ItemDataRole.ToolTipRole)
    assert "Why is this here?" in tip
    assert "pia has it" in tip


def test_the_counter_in_the_tool_bar_counts_the_open_cases(rita: Reviewer) -> None:
    button = rita.window.tools.places.button("review")
    assert button.accessibleDescription() == "3"
    rita.press("1")
    assert button.accessibleDescription() == "2"


def test_the_foot_says_how_far_the_review_is(rita: Reviewer) -> None:
    queue = rita.here.queue
    assert (queue.done.text(), queue.rest.text()) == ("0 of 3 decided", "3 left")
    rita.press("1")
    assert (queue.done.text(), queue.rest.text()) == ("1 of 3 decided", "2 left")


def test_decided_cases_move_to_their_own_filter_and_agreed_ones_have_one(rita: Reviewer) -> None:
    rita.press("1")
    queue = rita.here.queue
    click(rita, "decided")
    assert shown(rita) == [("Boundary", ["the quay was safe."])]
    click(rita, "agreed")
    assert shown(rita) == [("Agreed", ["Marta Ilves"])]
    click(rita, "open")
    assert queue.model.rowCount() == 2


def click(rita: Reviewer, name: str) -> None:
    """Click on a filter word."""
    buttons = rita.here.queue.filters.values()
    button = next(one for one in buttons if one.objectName() == f"filter.{name}")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def test_one_kind_can_be_chosen_and_the_steps_keep_to_it(rita: Reviewer) -> None:
    choice = rita.here.queue.choice
    assert [choice.itemText(at) for at in range(choice.count())] == [
        "All conflicts",
        "This article",
        "Boundary",
        "Only one has it",
    ]
    choice.setFocus()
    rita.press("Down", "Down")
    assert shown(rita) == [("Boundary", ["the quay was safe.", "Bergen gets"])]
    rita.view.setFocus()
    rita.press("j")
    assert rita.case.words == "Bergen gets"


def test_shift_j_goes_to_the_next_kind_of_conflict(rita: Reviewer) -> None:
    rita.press("Shift+J")
    assert rita.case.words == "said"


def test_k_goes_back_and_the_steps_go_round(rita: Reviewer) -> None:
    rita.press("k")
    assert rita.case.words == "Bergen gets"
    rita.press("j")
    assert rita.case.words == "the quay was safe."


def test_enter_on_a_row_opens_its_case_and_the_keyboard_is_in_the_article(rita: Reviewer) -> None:
    tree = rita.here.queue.tree
    tree.setFocus()
    tree.setCurrentIndex(row_of(rita, "Bergen gets"))
    rita.press("Return")
    assert rita.case.words == "Bergen gets"
    assert rita.workspace.desk.annotated.article.id == "ferry"
    assert QApplication.focusWidget() is rita.view


def test_the_keys_of_the_review_work_from_the_queue_too(rita: Reviewer) -> None:
    rita.here.queue.tree.setFocus()
    rita.press("1")
    assert rita.decided == ["the quay was safe."]


def test_an_empty_queue_says_how_many_were_decided(rita: Reviewer) -> None:
    rita.press("1", "a", "1")
    assert rita.here.queue.empty.text() == "No open conflicts. 3 decided, 1 agreed."


def test_with_nothing_handed_in_the_page_says_what_comes_here(app: Start, tmp_path: Path) -> None:
    location = make(tmp_path / "none.annotator", [("quay", TEXT, {})])
    rita = sit_down(app(), location, "quay", into_text=False)
    assert rita.here.queue.empty.text().startswith("Nothing to review yet.")
    text = rita.here.page.findChild(QLabel, "text.nothing_to_review")
    assert text is not None
    assert text.isVisible()


def said_of(rita: Reviewer) -> tuple[str, str]:
    """Return heading and line of the pane of the case."""
    return (rita.here.case.heading.text(), rita.here.case.where.text())


def test_where_one_person_alone_has_labelled_that_is_said(app: Start, tmp_path: Path) -> None:
    articles: list[Layered] = [
        ("quay", TEXT, {"noor": (("Speaker", "Marta Ilves"),)}),
        ("ferry", TEXT, {"noor": ()}),
        ("new", TEXT, {}),
    ]
    rita = sit_down(app(), make(tmp_path / "one.annotator", articles), "quay")
    assert said_of(rita)[1] == "Not reviewed yet, ¶ 1. Only noor has labelled this article."
    rita.press("a")
    assert said_of(rita) == ("Everything here is decided", "Ctrl Enter finishes the article.")
    rita.window.open_article("ferry")
    said = "One person has labelled this article. There is nothing to compare yet."
    assert said_of(rita) == ("No case is open", said)
    rita.window.open_article("new")
    assert said_of(rita)[0] == "Nothing to review here"


def test_a_finished_article_says_how_it_is_opened_again(rita: Reviewer) -> None:
    rita.press("1", "a", "z", "a", "1")
    rita.window.open_article("quay")
    rita.press("Ctrl+Return", "Ctrl+Return")
    rita.window.open_article("quay")
    assert said_of(rita)[0] == "This article is finished"
    assert "Gold version 1 is frozen" in said_of(rita)[1]


def choose_in_menu(rita: Reviewer, *path: str) -> None:
    """Choose an entry of the menu of filters, by its titles."""
    menu = rita.here.queue.menu()
    for title in path:
        action = next(one for one in menu.actions() if one.text() == title)
        below = action.menu()
        if isinstance(below, QMenu):
            menu = below
        else:
            action.trigger()
    QApplication.processEvents()


def test_what_is_skipped_or_passed_on_is_a_state_of_its_own_and_can_be_walked(
    rita: Reviewer,
) -> None:
    queue = rita.here.queue
    assert not queue.filters[Shelf.SKIPPED].isVisible()
    rita.press("s", "Shift+S")
    assert (queue.done.text(), queue.rest.text()) == ("0 of 3 decided", "1 left")
    assert queue.filters[Shelf.SKIPPED].accessibleDescription() == "1"
    assert queue.filters[Shelf.ESCALATED].accessibleDescription() == "1"
    click(rita, "escalated")
    assert shown(rita) == [("Only one has it", ["said"])]
    click(rita, "skipped")
    assert shown(rita) == [("Boundary", ["the quay was safe."])]
    rita.view.setFocus()
    rita.press("j", "1")
    assert queue.filters[Shelf.DECIDED].accessibleDescription() == "1"
    click(rita, "open")
    assert not queue.filters[Shelf.SKIPPED].isVisible()


def test_the_queue_is_narrowed_to_a_label_or_to_somebody_and_the_steps_keep_to_it(
    rita: Reviewer,
) -> None:
    choose_in_menu(rita, "Label", "Cue")
    assert shown(rita) == [("Only one has it", ["said"])]
    assert rita.here.queue.filters[Shelf.OPEN].accessibleDescription() == "1"
    assert rita.here.queue.narrowed.text() == "Only Cue. Show all"
    rita.press("j")
    assert rita.case.words == "said"
    QTest.mouseClick(rita.here.queue.narrowed, Qt.MouseButton.LeftButton)
    assert rita.here.queue.filters[Shelf.OPEN].accessibleDescription() == "3"
    choose_in_menu(rita, "Annotator", "pia")
    assert shown(rita) == [("Boundary", ["the quay was safe."]), ("Only one has it", ["said"])]


def test_a_queue_is_saved_under_a_name_and_there_after_a_restart(
    rita: Reviewer, app: Start, tmp_path: Path, answers: Answers
) -> None:
    choose_in_menu(rita, "Label", "Claim")
    answers.answers = ["Claims"]
    choose_in_menu(rita, "Save this queue …")
    rita.window.close()
    again = sit_down(app(), tmp_path / "queue.annotator", "quay")
    choice = again.here.queue.choice
    assert choice.itemText(choice.count() - 1) == "Claims"
    choice.setFocus()
    again.press("End")
    assert shown(again) == [("Boundary", ["the quay was safe."])]
    choose_in_menu(again, "Forget “Claims”")
    assert choice.findText("Claims") < 0


def test_a_saved_queue_keeps_what_comes_first_too(
    rita: Reviewer, app: Start, tmp_path: Path, answers: Answers
) -> None:
    choose_in_menu(rita, "Sort by", "Text")
    choose_in_menu(rita, "Sort by", "Text, A to Z")
    rita.here.queue.order.setFocus()
    rita.press("Down")
    until(lambda: not rita.sitting.gathering)
    answers.answers = ["Hard ones"]
    choose_in_menu(rita, "Save this queue …")
    choice = rita.here.queue.choice
    assert choice.currentText() == "Hard ones"
    choose_in_menu(rita, "Sort by", "In the order of the articles")
    assert choice.currentText() == "All conflicts"
    rita.window.close()
    again = sit_down(app(), tmp_path / "queue.annotator", "quay")
    queue = again.here.queue
    assert dict(shown(again))["Boundary"] == ["the quay was safe.", "Bergen gets"]
    queue.choice.setFocus()
    again.press("End")
    until(lambda: not again.sitting.gathering)
    assert queue.choice.currentText() == "Hard ones"
    assert queue.head.sorting == Sorting(Column.WORDS, down=True)
    assert queue.order.currentText() == "Where readers differ most first"
    assert list(again.sitting.articles) == ["ferry", "quay"]
    assert queue.kept == queue.saved["Hard ones"]


@pytest.mark.parametrize("more", [{}, {"sort": "no such column", "order": "no such order"}])
def test_a_queue_that_was_saved_without_an_order_comes_as_it_did(
    app: Start, tmp_path: Path, more: dict[str, str]
) -> None:
    location = make(tmp_path / "queue.annotator", ARTICLES)
    queues = {str(location): {"Claims": {"label": "Claim", **more}}}
    rita = sit_down(app(queues=queues), location, "quay")
    rita.here.queue.choice.setFocus()
    rita.press("End")
    assert shown(rita) == [("Boundary", ["the quay was safe."])]
    assert rita.here.queue.head.sorting is None
    assert list(rita.sitting.articles) == ["quay", "ferry"]


def test_a_row_says_how_old_it_is_and_how_sure_a_model_was(app: Start, tmp_path: Path) -> None:
    scored: dict[str, dict[str, object]] = {
        "quay-pia-002": {"id": new_id(), "extra": {"score": 0.82}}
    }
    location = make(tmp_path / "score.annotator", ARTICLES, changed=scored)
    rita = sit_down(app(), location, "quay")
    tip = row_of(rita, "said").data(Qt.ItemDataRole.ToolTipRole)
    assert "Cue · pia · just now · certainty 82 %" in tip


def id_of_minute(minute: int) -> str:
    """Return an id that was made so many minutes after another."""
    digits = f"{1_760_000_000_000 + 60_000 * minute:012x}"
    return f"{digits[:8]}-{digits[8:]}-7000-8000-000000000000"


@pytest.fixture
def scored(app: Start, tmp_path: Path) -> Reviewer:
    """Return a reviewer with cases of which a model has scored three, made minutes apart."""
    changed: dict[str, dict[str, object]] = {
        "quay-pia-001": {"id": id_of_minute(1), "extra": {"score": 0.82}},
        "quay-pia-002": {"id": id_of_minute(0), "extra": {"score": 0.4}},
        "ferry-noor-000": {"id": id_of_minute(2), "extra": {"score": 0.31}},
    }
    location = make(tmp_path / "scored.annotator", [*ARTICLES, THIRD], changed=changed)
    return sit_down(app(), location, "quay")


THIRD: Layered = (
    "third",
    "Oslo has a quay.",
    {"noor": (("Location", "Oslo"),), "jonas": (("Location", "Oslo has"),)},
)


def boundaries(rita: Reviewer) -> list[str]:
    """Return the rows of the group of boundaries."""
    return dict(shown(rita))["Boundary"]


def press_head(rita: Reviewer, name: str) -> None:
    """Press the head of a column with the mouse."""
    QTest.mouseClick(rita.here.queue.head.buttons[Column(name)], Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def widen(rita: Reviewer) -> None:
    """Give the queue the room of all its columns."""
    rita.here.queue.setMinimumWidth(390)
    until(rita.here.queue.head.buttons[Column.AGE].isVisible)


def test_a_press_on_the_head_of_a_column_sorts_each_group_and_another_turns_it_round(
    scored: Reviewer,
) -> None:
    widen(scored)
    head = scored.here.queue.head
    assert boundaries(scored) == ["the quay was safe.", "Bergen gets", "Oslo has"]
    press_head(scored, "age")
    assert boundaries(scored) == ["the quay was safe.", "Bergen gets", "Oslo has"]
    assert head.buttons[Column.AGE].accessibleDescription() == "oldest first"
    press_head(scored, "age")
    assert boundaries(scored) == ["Bergen gets", "the quay was safe.", "Oslo has"]
    assert head.buttons[Column.AGE].accessibleDescription() == "newest first"
    press_head(scored, "score")
    assert boundaries(scored) == ["Bergen gets", "the quay was safe.", "Oslo has"]
    assert head.buttons[Column.SCORE].accessibleDescription() == "least sure first"
    assert head.buttons[Column.AGE].accessibleDescription() == ""
    press_head(scored, "score")
    assert boundaries(scored) == ["the quay was safe.", "Bergen gets", "Oslo has"]
    press_head(scored, "score")
    assert head.sorting is None


@pytest.mark.parametrize(
    ("column", "up"),
    [
        ("words", ["Bergen gets", "Oslo has", "the quay was safe."]),
        ("who", ["Bergen gets", "Oslo has", "the quay was safe."]),
        ("label", ["the quay was safe.", "Bergen gets", "Oslo has"]),
    ],
)
def test_every_other_column_sorts_too_by_its_key_or_in_the_menu(
    scored: Reviewer, column: str, up: list[str]
) -> None:
    head = scored.here.queue.head
    button = head.buttons[Column(column)]
    if button.isVisible():
        button.setFocus()
        scored.press("Space")
    else:
        choose_in_menu(scored, "Sort by", button.text())
    assert boundaries(scored) == up
    assert head.sorting == Sorting(Column(column))
    assert button.isVisible()  # the column that sorts is there also where it is narrow
    choose_in_menu(scored, "Sort by", f"{button.text()}, A to Z")
    assert head.sorting == Sorting(Column(column), down=True)
    choose_in_menu(scored, "Sort by", "In the order of the articles")
    assert boundaries(scored) == ["the quay was safe.", "Bergen gets", "Oslo has"]


def test_a_sorted_queue_stays_sorted_while_one_decides(scored: Reviewer) -> None:
    choose_in_menu(scored, "Sort by", "Text")
    scored.press("1")
    assert boundaries(scored) == ["Bergen gets", "Oslo has"]
    scored.press("Ctrl+Z")
    assert boundaries(scored) == ["Bergen gets", "Oslo has", "the quay was safe."]


def order_by(reviewer: Reviewer, order: str) -> None:
    """Choose with the arrow what comes first."""
    field = reviewer.here.queue.order
    field.setFocus()
    for _ in range(field.findData(order)):
        reviewer.press("Down")
    until(lambda: not reviewer.sitting.gathering)


def walked(reviewer: Reviewer, steps: int) -> list[str]:
    """Return the words of the cases that the key for the next one comes through."""
    found = []
    for _ in range(steps):
        found.append(reviewer.case.words)
        reviewer.press("j")
    return found


def test_what_a_model_was_least_sure_of_comes_first_in_and_between_the_articles(
    scored: Reviewer,
) -> None:
    order_by(scored, "doubtful")
    assert list(scored.sitting.articles) == ["ferry", "quay", "third"]
    scored.view.setFocus()
    scored.go_to("Bergen gets")
    assert walked(scored, 4) == ["Bergen gets", "said", "the quay was safe.", "Oslo has"]


RARE: list[Layered] = [
    (
        "first",
        TEXT,
        {
            "noor": (
                ("Speaker", "Marta Ilves"),
                ("Claim", "the quay was safe"),
                ("Speaker", "Jonas Berg"),
            ),
            "jonas": (("Speaker", "Håkon Lunde"), ("Claim", "The quay should be closed")),
        },
    ),
    (
        "second",
        TEXT,
        {
            "noor": (("Speaker", "Marta Ilves"), ("Cue", "promised")),
            "jonas": (("Claim", "the quay was safe"),),
        },
    ),
]


def test_rare_labels_come_first_between_and_in_the_articles_and_in_the_queue(
    app: Start, tmp_path: Path
) -> None:
    rita = sit_down(app(), make(tmp_path / "rare.annotator", RARE), "first")
    order_by(rita, "rare")
    assert list(rita.sitting.articles) == ["second", "first"]
    rita.view.setFocus()
    rita.go_to("promised")
    assert walked(rita, 8) == [
        *("promised", "the quay was safe", "Marta Ilves"),
        *("the quay was safe", "The quay should be closed"),
        *("Marta Ilves", "Håkon Lunde", "Jonas Berg"),
    ]
    model = rita.here.queue.model
    (head,) = model.heads
    assert [(row.label, row.article_id) for row in head.rows[:4]] == [
        ("Cue", "second"),
        ("Claim", "second"),
        ("Claim", "first"),
        ("Claim", "first"),
    ]
    said = [rita.sitting.why(row) for row in head.rows[:2]]
    assert said[0].endswith("Rare labels come first: the project has 1 label Cue.")
    assert said[1].endswith("Rare labels come first: the project has 3 labels Claim.")
    rita.go_to("promised")
    rita.press("1")
    assert rita.case.words == "the quay was safe"
    rita.press("Ctrl+Z")
    assert [row.words for row in rita.here.queue.model.heads[0].rows[:2]] == [
        "promised",
        "the quay was safe",
    ]


APART: list[Layered] = [
    # The numbers of labels differ by two, one place of five does: what is alike is most of it.
    (
        "counted",
        TEXT,
        {
            "noor": (("Speaker", "Marta Ilves"), ("Cue", "said"), ("Location", "Bergen")),
            "jonas": (
                ("Speaker", "Marta Ilves"),
                ("Cue", "said"),
                ("Location", "Bergen"),
                ("Cue", "doubts"),
                ("Cue", "told"),
            ),
        },
    ),
    # As many labels, and no place alike.
    *ARTICLES[1:],
    ("alike", TEXT, {"noor": (("Cue", "said"),), "jonas": (("Cue", "said"),)}),
    THIRD,
]


@pytest.mark.parametrize("backwards", [False, True])
def test_where_readers_differ_most_is_told_by_their_labels_and_not_by_how_many_there_are(
    app: Start, tmp_path: Path, backwards: bool
) -> None:
    stored: list[Layered] = [
        (name, text, dict(reversed(marked.items())) if backwards else marked)
        for name, text, marked in APART
    ]
    rita = sit_down(app(), make(tmp_path / "apart.annotator", stored), "alike")
    order = rita.here.queue.order
    order.setFocus()
    rita.press("Down")
    assert order.currentText() == "Where readers differ most first"
    until(lambda: not rita.sitting.gathering)
    assert list(rita.sitting.articles) == ["ferry", "third", "counted", "alike"]
    rita.view.setFocus()
    rita.go_to("Bergen gets")
    rita.press("j")
    assert rita.case.words == "Oslo has"


def test_where_names_are_hidden_times_are_too(scored: Reviewer) -> None:
    tip = row_of(scored, "said").data(Qt.ItemDataRole.ToolTipRole)
    assert "Cue · pia · 9 October 2025" in tip
    scored.press("h")
    until(lambda: not (scored.sitting.gathering or scored.sitting.looking))
    for words in ("said", "Bergen gets"):
        assert row_of(scored, words).data(WAITING).since == ""


TIMES = st.sampled_from(["", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"])


@given(
    st.lists(st.tuples(st.none() | st.floats(0, 1), TIMES), max_size=8),
    st.sampled_from([Column.AGE, Column.SCORE]),
    st.booleans(),
)
def test_what_is_not_known_of_a_case_comes_last_either_way(
    facts: list[tuple[float | None, str]], column: Column, down: bool
) -> None:
    rows = [
        Waiting("", "", Group.LABEL, 0, "", "", "", (), Standing.OPEN, "", since, score)
        for score, since in facts
    ]
    ordered = sorted(rows, key=Sorting(column, down).key)
    values = [row.since if column == Column.AGE else row.score for row in ordered]
    known = [value for value in values if value not in (None, "")]
    assert values[: len(known)] == known
    assert known == sorted(known, reverse=down)


def test_a_group_of_hundreds_is_told_bit_by_bit_and_end_leads_to_its_last_row(
    app: Start, tmp_path: Path
) -> None:
    names = [f"c{number:03}" for number in range(230)]
    text = " ".join(f"{name} was said." for name in names)
    shorter = [("Claim", name) for name in names]
    longer = [("Claim", f"{name} was") for name in names]
    place = make(tmp_path / "many.annotator", [("quay", text, {"ada": shorter, "bo": longer})])
    rita = sit_down(app(), place, "quay")
    model, tree = rita.here.queue.model, rita.here.queue.tree
    (head,) = model.heads
    assert len(head.rows) == 230
    assert model.rowCount(model.index(0, 0)) == 100
    tree.setFocus()
    for _ in range(3):
        rita.press("End")
    assert tree.currentIndex().data() == "c229"
    assert model.rowCount(model.index(0, 0)) == 230
    rita.press("Home", "Down", "Return")
    assert rita.case.words == "c000"
    rita.press("1")
    assert rita.case.words == "c001"
    assert (len(head.rows), model.rowCount(model.index(0, 0))) == (229, 229)
    assert tree.currentIndex().data() == "c001"


def hints(rita: Reviewer) -> list[str]:
    """Return what is said beside the buttons of the bar of the keys that do more."""
    found = [one for one in rita.here.bar.findChildren(KeyHint) if not one.isHidden()]
    return [said.text() for one in found for said in one.findChildren(QLabel) if said.text()]


def test_only_keys_that_do_something_are_hinted_at(app: Start, tmp_path: Path) -> None:
    articles: list[Layered] = [
        ("quay", TEXT, {"noor": (("Speaker", "Marta Ilves"),), "pia": ()}),
        ("new", TEXT, {}),
    ]
    rita = sit_down(app(), make(tmp_path / "few.annotator", articles), "new", into_text=False)
    rita.window.resize(1600, 900)
    rita.window.open_article("new")
    assert hints(rita) == ["back", "next"]
    rita.press("j")
    assert hints(rita) == ["mark missing", "checked, nothing missing"]
    rita.press("v", "v", "v")
    assert hints(rita) == ["mark missing"]
    rita.press("a")
    assert hints(rita) == ["finish the article", "mark missing"]
    rita.press("Ctrl+Return")
    assert hints(rita) == ["open gold again"]
    rita.window.open_article("new")
    assert hints(rita) == []


def test_an_article_without_a_case_stays_open_while_others_are_looked_at_anew(
    app: Start, tmp_path: Path
) -> None:
    rita = sit_down(
        app(), make(tmp_path / "stays.annotator", [*ARTICLES, ("new", TEXT, {})]), "quay"
    )
    rita.press("1")
    rita.window.open_article("new")
    rita.workspace.flush()
    until(lambda: rita.workspace.state == "saved" and not rita.sitting.reading)
    QApplication.processEvents()
    assert rita.sitting.here == "new"
