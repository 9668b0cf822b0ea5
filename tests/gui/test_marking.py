"""Marking an article in the real window with keys: walking, labels, who is meant, occurrences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.gui.app import Program
from annotator.gui.article.text_view import ArticleView
from annotator.model import Article, Change, Span, Zone, edit, new_id, text_hash
from annotator.project import Project
from tests.gui.conftest import Start, in_turn
from tests.journeys import driven_child

TEXT = (
    "Syrian mayor Ada Lind said the bridge is safe and the road is open. "
    "He who asked was sent to Syria.\n"
    "\n"
    "“We will wait,” she said."
)

Pressing = Callable[..., Program]


def press(*names: str) -> None:
    """Press keys one after the other, in whatever window has the focus."""
    for name in names:
        driven_child.press(name)


def press_in_dialog() -> None:
    """Press Enter once a dialog is there; the key that opens it comes back when it is closed."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None and dialog.isActiveWindow():
        press("Return")
        return
    if dialog is not None:
        dialog.activateWindow()
    in_turn(press_in_dialog, 1)


@pytest.fixture
def reading(app: Start, tmp_path: Path) -> Pressing:
    """Return a function that opens the window with an article of these words."""

    def start(text: str, zones: tuple[Zone, ...] = ()) -> Program:
        location = str(tmp_path / "p.annotator")
        article = Article(
            id=new_id(),
            title="Bridge",
            text=text,
            sha256=text_hash(text),
            language="en",
            zones=zones,
        )
        with Project.create(location, schemes.load("news-default"), author="ada") as project:
            project.perform(edit("import", [Change(None, article)]))
        program = app(author="ada")
        program.window.projects.open(location)
        program.workspace.open_article(article.id)
        QApplication.processEvents()
        view(program).setFocus()
        return program

    return start


def view(program: Program) -> ArticleView:
    assert program.window.view is not None
    return program.window.view


def spans(program: Program) -> list[Span]:
    desk = program.workspace.desk
    return desk.annotated.spans_of(desk.layer.id)


def shown(program: Program) -> list[tuple[str, str]]:
    return [(span.label, " … ".join(span.text)) for span in spans(program)]


def selection(program: Program) -> str:
    found = view(program).selection()
    assert found is not None
    return program.workspace.desk.annotated.article.text[found.start : found.end]


def meant(program: Program) -> list[str | None]:
    entities = program.workspace.entities
    return [None if s.entity_id is None else entities[s.entity_id].name for s in spans(program)]


def test_the_first_likely_words_are_those_at_the_beginning(reading: Pressing) -> None:
    program = reading(TEXT)
    press("Space")
    assert selection(program) == "Syrian mayor Ada Lind"


def test_enter_marks_what_is_proposed_and_goes_on_to_the_end(reading: Pressing) -> None:
    program = reading("Lind said the bridge is safe and the road is open.")
    press("Space", "Return", "Return", "Return", "Return")
    assert shown(program) == [
        ("Speaker", "Lind"),
        ("Cue", "said"),
        ("Claim", "the bridge is safe"),
        ("Claim", "the road is open"),
    ]
    assert len(program.workspace.desk.annotated.relations) == 4


def test_words_whose_end_was_moved_are_still_walked_on_from(reading: Pressing) -> None:
    program = reading("Lind said the bridge is safe and the road is open.")
    press("Space", "Return", "Return", "}", "Return")
    assert shown(program)[-1] == ("Claim", "the bridge is")
    assert selection(program) == "the road is open"


def test_a_titled_person_is_not_proposed_as_a_place(reading: Pressing) -> None:
    program = reading("They saw Captain Jonas Berg in Greyhaven.")
    press("Space")
    assert selection(program) == "Greyhaven"


def test_what_the_page_says_around_the_article_is_not_proposed(reading: Pressing) -> None:
    text = "Greyhaven Times Online\nThe ferry left Sundmark."
    program = reading(text, (Zone("boilerplate", 0, 22), Zone("body", 23, len(text))))
    press("Space")
    assert selection(program) == "Sundmark"


def test_a_new_place_is_called_after_what_the_adjective_comes_from(reading: Pressing) -> None:
    program = reading(TEXT)
    press("Space", "Space", "L", "Shift+E")
    assert shown(program) == [("Location", "Syrian")]
    assert meant(program) == ["Syria"]


def test_all_occurrences_are_marked_with_two_keys_and_stand_for_the_same(
    reading: Pressing,
) -> None:
    program = reading("Oslo is cold. Bergen is wet. Oslo is far from Bergen, and Oslo is dear.")
    press("Space", "L", "Shift+E")
    in_turn(press_in_dialog)
    press("O")
    QApplication.processEvents()
    assert shown(program) == [("Location", "Oslo")] * 3
    assert meant(program) == ["Oslo"] * 3
    assert selection(program) == "Bergen"


def test_the_walk_goes_on_where_all_occurrences_have_taken_its_words(reading: Pressing) -> None:
    program = reading("Oslo and Oslo are far from Bergen.")
    press("Space", "L")
    in_turn(press_in_dialog)
    press("O")
    assert selection(program) == "Bergen"


def test_photographers_and_agencies_are_not_proposed(reading: Pressing) -> None:
    text = "The quay of Berlin Ada Lind/Pictures/Nordpress\nThe ferry left Oslo."
    program = reading(text, (Zone("caption", 0, 46), Zone("body", 47, len(text))))
    press("Space", "Return")
    assert shown(program) == [("Location", "Berlin")]
    assert selection(program) == "Oslo"


def test_one_key_says_that_a_pronoun_means_who_spoke_before(reading: Pressing) -> None:
    program = reading("Lind said it is late. “We will wait,” she said.")
    press("Space", "Return", "Shift+E", "Return", "Return", "Return", "Return", "=")
    assert ("Speaker", "she") in shown(program)
    assert [name for span, name in zip(spans(program), meant(program), strict=True) if name] == [
        "Lind",
        "Lind",
    ]


def test_an_attribute_is_turned_forward_by_its_digit_and_back_with_alt(reading: Pressing) -> None:
    program = reading("Lind said the bridge is safe.")
    press("Space", "Return", "Return", "Return", "1")
    claim = spans(program)[-1]
    assert claim.attributes["claim_type"] == "evaluative"
    press("Alt+1", "Alt+1")
    assert spans(program)[-1].attributes["claim_type"] == "intention"
