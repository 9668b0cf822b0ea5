"""Going through an article with keys: likely words and labels, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.gui.app import Program
from annotator.gui.article.text_view import ArticleView
from annotator.model import Fragment
from annotator.project import Project
from tests.gui.conftest import Start

STORY = """Ferry is late

The ferry from Narva was late, Marta Ilves said on Friday.

The boat to Tallinn was early, Jonas Berg said."""


@pytest.fixture
def story(app: Start, tmp_path: Path, request: pytest.FixtureRequest) -> Program:
    """Return the window with a new project of one short article."""
    path = tmp_path / "story.txt"
    path.write_text(getattr(request, "param", STORY), encoding="utf-8")
    location = tmp_path / "story.annotator"
    with Project.create(location, schemes.load("news-default"), author="ada") as project:
        from annotator import exchange

        exchange.bring_in(project, [path])
    program = app(author="ada")
    program.window.projects.open(str(location))
    QApplication.processEvents()
    return program


INTERRUPTED = """Ferry is late

“The ferry,” Marta Ilves said, “will not sail today.” The boat to Tallinn was early."""


def view_of(program: Program) -> ArticleView:
    assert program.window.view is not None
    return program.window.view


def words(program: Program) -> str:
    selection = view_of(program).selection()
    assert selection is not None
    return program.workspace.desk.annotated.article.text[selection.start : selection.end]


def test_space_at_the_beginning_goes_to_the_first_likely_words(story: Program) -> None:
    view_of(story).set_caret(0)
    QTest.keyClick(view_of(story), Qt.Key.Key_Space)
    assert words(story) == "The ferry from Narva was late"


def test_shift_space_goes_back_within_the_paragraph(story: Program) -> None:
    view_of(story).set_caret(len(STORY))
    found = []
    for _ in range(3):
        QTest.keyClick(view_of(story), Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
        found.append(words(story))
    assert found == ["said", "Jonas Berg", "Tallinn"]


@pytest.mark.parametrize("story", [INTERRUPTED], indirect=True)
def test_the_second_piece_of_a_proposal_goes_when_other_words_are_selected(story: Program) -> None:
    view = view_of(story)
    view.set_caret(INTERRUPTED.index("“The"))
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert words(story) == "The ferry"
    assert view.pending
    start = INTERRUPTED.index("Tallinn")
    view.select(Fragment(start, start + len("Tallinn")))
    QTest.keyClick(view, Qt.Key.Key_L)
    layer = story.workspace.layer.id
    (span,) = story.workspace.desk.annotated.spans_of(layer)
    assert span.text == ("Tallinn",)
