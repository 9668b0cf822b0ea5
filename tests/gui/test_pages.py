"""Search, details, history and preferences, by keys and clicks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from annotator.gui.app import Program
from annotator.gui.article_details import ArticleDetails
from annotator.gui.find_bar import FindBar, find_places
from annotator.gui.new_project import NewProject
from annotator.gui.palette import Palette
from annotator.gui.preferences import Preferences
from annotator.settings import Settings
from tests.gui.conftest import Answers, until


@pytest.fixture
def find(sample: Program) -> FindBar:
    sample.window.commands.run("find")
    return sample.window.article_page.search


def test_ctrl_f_brings_the_field_and_typing_finds(find: FindBar, sample: Program) -> None:
    assert QApplication.focusWidget() is find.field
    QTest.keyClicks(find.field, "QUAY")
    find.search()
    annotated = sample.workspace.annotated
    assert annotated is not None
    words = [annotated.article.text[hit.start : hit.end].lower() for hit in find.hits]
    assert words
    assert set(words) == {"quay"}
    assert find.count.text() == f"1 of {len(words)}"


def test_enter_goes_on_and_around(find: FindBar, sample: Program) -> None:
    find.field.setText("quay")
    find.search()
    view = sample.window.view
    assert view is not None
    for hit in (*find.hits, find.hits[0]):
        QTest.keyClick(find.field, Qt.Key.Key_Return)
        assert view.selection() == hit
    QTest.keyClick(find.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert view.selection() == find.hits[-1]


def test_enter_right_after_typing_selects_what_is_found(find: FindBar, sample: Program) -> None:
    QTest.keyClicks(find.field, "quay wall")
    QTest.keyClick(find.field, Qt.Key.Key_Return)
    assert sample.window.view is not None
    assert sample.window.view.selection() == find.hits[0]


def test_in_labels_leaves_only_what_is_marked(find: FindBar) -> None:
    find.field.setText("the")
    find.search()
    everywhere = len(find.hits)
    QTest.mouseClick(find.where.button("labels"), Qt.MouseButton.LeftButton)
    assert 0 < len(find.hits) < everywhere


def test_enter_searches_the_project_in_the_palette(find: FindBar, sample: Program) -> None:
    find.field.setText("ferry")
    QTest.mouseClick(find.where.button("project"), Qt.MouseButton.LeftButton)
    QTest.keyClick(find.field, Qt.Key.Key_Return)
    palette = sample.window.findChild(Palette, "dialog.palette")
    assert palette is not None
    assert "In the articles" in [entry.text for entry in palette.model.items]
    palette.close()


def test_esc_closes_the_search_and_comes_back_to_the_text(find: FindBar, sample: Program) -> None:
    QTest.keyClick(find.field, Qt.Key.Key_Escape)
    assert not find.isVisible()
    assert QApplication.focusWidget() is sample.window.view


@given(text=st.text(max_size=60), needle=st.text(min_size=1, max_size=3))
def test_places_are_code_points_of_the_text_and_never_overlap(text: str, needle: str) -> None:
    end = 0
    for place in find_places(text, needle):
        assert end <= place.start < place.end <= len(text)
        assert text[place.start : place.end].lower() == needle.lower()
        end = place.end


@given(before=st.text(max_size=20), needle=st.text(alphabet="abcXYZ😀é", min_size=1, max_size=4))
def test_what_stands_in_a_text_is_found(before: str, needle: str) -> None:
    assert find_places(f"{before}|{needle}|", needle)


def test_a_title_is_corrected_and_can_be_undone(sample: Program) -> None:
    dialog = ArticleDetails(sample.workspace, sample.theme, sample.window)
    field = dialog._fields["title"]
    assert sample.workspace.annotated is not None
    before = sample.workspace.annotated.article.title
    field.setText("Another title")
    field.editingFinished.emit()
    assert sample.workspace.annotated.article.title == "Another title"
    sample.window.commands.run("undo")
    assert sample.workspace.annotated.article.title == before
    dialog.deleteLater()


def test_a_day_that_is_none_is_refused_in_plain_words(sample: Program) -> None:
    dialog = ArticleDetails(sample.workspace, sample.theme, sample.window)
    field = dialog._fields["published"]
    field.setText("5 March")
    field.editingFinished.emit()
    assert "5 March is no date" in dialog._wrong.text()
    assert sample.workspace.annotated is not None
    assert sample.workspace.annotated.article.published == "2024-03-05"
    dialog.deleteLater()


def test_the_zone_of_a_paragraph_is_corrected(sample: Program) -> None:
    dialog = ArticleDetails(sample.workspace, sample.theme, sample.window)
    box = dialog.zones.cellWidget(0, 1)
    assert isinstance(box, QComboBox)
    assert box.currentData() == "headline"
    box.setCurrentIndex(box.findData("caption"))
    box.activated.emit(box.currentIndex())
    assert sample.workspace.annotated is not None
    first = sample.workspace.annotated.article.zones[0]
    assert first.zone == "caption"
    dialog.deleteLater()


def test_preferences_hold_at_once_and_are_kept(sample: Program) -> None:
    dialog = Preferences(sample.window)
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.theme.activated.emit(dialog.theme.currentIndex())
    dialog.snap.click()
    dialog.author.setText("Ada")
    dialog.author.editingFinished.emit()
    assert sample.window.theme.name == "dark"
    kept = Settings.load()
    assert (kept.theme, kept.snap, kept.author) == ("dark", False, "Ada")
    dialog.deleteLater()


def test_a_new_project_begins_with_the_articles_of_a_folder(
    sample: Program, answers: Answers, tmp_path: object
) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text("Oslo said it would pay.\n", encoding="utf-8")
    dialog = NewProject(answers, str(tmp_path), [folder], sample.window)
    dialog.name.setText("Pilots / round 1")
    assert dialog.location.name == "Pilots - round 1.annotator"
    assert sample.window.projects.make(
        dialog.location, dialog.title, dialog.scheme_name, dialog.articles
    )
    until(lambda: sample.workspace.annotated is not None)
    assert sample.workspace.project.title == "Pilots / round 1"
    assert sample.workspace.annotated is not None
    assert "Oslo" in sample.workspace.annotated.article.text
    dialog.deleteLater()


def test_what_is_typed_first_takes_the_place_of_the_proposed_name(
    sample: Program, answers: Answers, tmp_path: object
) -> None:
    dialog = NewProject(answers, str(tmp_path), [], sample.window)
    dialog.show()
    assert dialog.title == "My articles"
    QTest.keyClicks(dialog.name, "Pilots")
    assert dialog.title == "Pilots"
    dialog.deleteLater()


def test_a_name_that_is_taken_cannot_be_used(
    sample: Program, answers: Answers, tmp_path: object
) -> None:
    from pathlib import Path

    (Path(str(tmp_path)) / "Taken.annotator").write_text("", encoding="utf-8")
    dialog = NewProject(answers, str(tmp_path), [], sample.window)
    dialog.name.setText("Taken")
    assert not dialog._make.isEnabled()
    assert "Taken.annotator" in dialog._wrong.text()
    dialog.deleteLater()
