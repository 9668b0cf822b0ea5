"""The list of articles: any number of them, found, filtered and walked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.gui.app import Program
from annotator.gui.article_list import ArticleList
from annotator.gui.article_model import PAGE, PAGES, SUMMARY, ArticleModel
from annotator.model import LayerState
from annotator.project import ArticleQuery, Summary
from tests.gui.conftest import settle, until


class ManyArticles:
    """A project of 100,000 articles that counts how often it is asked."""

    def __init__(self, count: int) -> None:
        self.ids = [f"a{number:06}" for number in range(count)]
        self.pages = 0

    def article_ids(self, query: ArticleQuery) -> list[str]:
        return self.ids

    def summaries(self, query: ArticleQuery, offset: int, limit: int) -> list[Summary]:
        self.pages += 1
        return [
            Summary(key, f"Article {key}", LayerState.NOT_STARTED)
            for key in self.ids[offset : offset + limit]
        ]


def names(panel: ArticleList) -> list[str]:
    return [panel.model.index(row).data() for row in range(panel.model.rowCount())]


def test_a_list_of_100_000_articles_reads_only_the_pages_that_are_seen(app: object) -> None:
    project = ManyArticles(100_000)
    model = ArticleModel()
    model.show_articles(project, ArticleQuery())  # type: ignore[arg-type]
    assert model.rowCount() == 100_000
    assert project.pages == 0
    for row in (0, 5, PAGE - 1, 99_999, 99_998):
        assert model.index(row).data(SUMMARY).id == f"a{row:06}"
    assert project.pages == 2


def test_a_list_that_was_scrolled_through_keeps_a_bounded_number_of_pages(app: object) -> None:
    project = ManyArticles(20_000)
    model = ArticleModel()
    model.show_articles(project, ArticleQuery())  # type: ignore[arg-type]
    for row in range(0, 20_000, PAGE):
        model.index(row).data()
    assert len(model._pages) == PAGES


def test_typing_a_word_leaves_the_articles_with_it(sample: Program) -> None:
    panel = sample.window.articles
    panel.field.setText("ferry")
    panel.refresh()
    assert len(names(panel)) == 1
    assert "ferry" in names(panel)[0].lower()


def test_nothing_found_offers_to_clear_the_filter(sample: Program) -> None:
    panel = sample.window.articles
    panel.field.setText("nothing like this")
    panel.refresh()
    assert panel.clear.isVisible()
    QTest.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert len(names(panel)) == 3


def test_to_do_leaves_the_articles_that_are_not_finished(sample: Program) -> None:
    panel = sample.window.articles
    QTest.mouseClick(panel.filters["to do"], Qt.MouseButton.LeftButton)
    assert [panel.model.index(row).data(SUMMARY).state for row in range(len(names(panel)))] == [
        LayerState.IN_PROGRESS
    ]


def test_the_filter_words_carry_their_counts(sample: Program) -> None:
    panel = sample.window.articles
    counts = {key: button.accessibleDescription() for key, button in panel.filters.items()}
    assert counts == {"all": "3", "to do": "1", "returned": "0"}


def test_the_menu_sorts_and_filters(sample: Program) -> None:
    panel = sample.window.articles
    menu = panel.order_menu()
    next(action for action in menu.actions() if action.text() == "By title").trigger()
    assert names(panel) == sorted(names(panel), key=str.casefold)
    menu.deleteLater()


def test_the_next_article_comes_with_its_key_and_the_last_one_says_so(sample: Program) -> None:
    window = sample.window
    seen = []
    for _ in range(3):
        annotated = window.workspace.annotated
        assert annotated is not None
        seen.append(annotated.article.id)
        window.commands.run("article.next")
    assert seen == window.articles.model.ids
    assert "last article" in window.status.note.text()


def test_enter_in_the_search_field_opens_the_first_article_found(sample: Program) -> None:
    window = sample.window
    window.commands.run("article.find")
    assert QApplication.focusWidget() is window.articles.field
    QTest.keyClicks(window.articles.field, "wells")
    QTest.keyClick(window.articles.field, Qt.Key.Key_Return)
    annotated = window.workspace.annotated
    assert annotated is not None
    assert "Wells" in annotated.article.title
    assert QApplication.focusWidget() is window.view


def test_down_from_the_field_walks_the_rows_and_enter_opens_one(sample: Program) -> None:
    window = sample.window
    window.commands.run("article.find")
    QTest.keyClick(window.articles.field, Qt.Key.Key_Down)
    QTest.keyClick(window.articles.rows, Qt.Key.Key_Down)
    row = window.articles.rows.currentIndex().row()
    QTest.keyClick(window.articles.rows, Qt.Key.Key_Return)
    annotated = window.workspace.annotated
    assert annotated is not None
    assert annotated.article.id == window.articles.model.ids[row]


def test_a_new_label_counts_in_its_row_before_it_is_saved(sample: Program) -> None:
    from annotator import editing
    from annotator.model import Fragment

    workspace = sample.workspace
    assert workspace.annotated is not None
    panel = sample.window.articles
    row = panel.model.row_of(workspace.annotated.article.id)
    assert row is not None
    before = panel.model.index(row).data(SUMMARY).labels
    workspace.perform(editing.mark(workspace.desk, [Fragment(3, 9)], "Location", fill=False))
    assert panel.model.index(row).data(SUMMARY).labels == before + 1
    settle(sample)
    assert panel.model.index(row).data(SUMMARY).labels == before + 1


def test_submitting_moves_the_progress(sample: Program) -> None:
    from annotator import editing

    workspace, panel = sample.workspace, sample.window.articles
    sample.window.open_article(panel.model.ids[2])
    workspace.perform(editing.set_state(workspace.desk, LayerState.SUBMITTED))
    settle(sample)
    assert panel.progress.accessibleDescription() == "100%"


def test_removing_an_article_shows_another_and_undo_brings_it_back(sample: Program) -> None:
    window = sample.window
    gone = window.articles.model.ids[0]
    window.open_article(gone)
    window.commands.run("article.delete")
    settle(sample)
    assert gone not in window.articles.model.ids
    window.commands.run("undo")
    settle(sample)
    assert gone in window.articles.model.ids


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_dropped_files_come_in(sample: Program, tmp_path: Path, suffix: str) -> None:
    place = tmp_path / f"note{suffix}"
    place.write_text("Pilots heard\n\nThe pilots said the wall moved.\n", encoding="utf-8")
    sample.window.import_paths([place])
    until(lambda: len(sample.window.articles.model.ids) == 4)
    titles = sample.window.workspace.project.titles(sample.window.articles.model.ids)
    assert "Pilots heard" in titles.values()


def test_a_file_that_cannot_be_read_is_reported_and_the_others_come_in(
    sample: Program, tmp_path: Path
) -> None:
    from annotator.gui.exchange.import_report import ImportReportDialog

    (tmp_path / "good.txt").write_text("A good article about Oslo.\n", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02" * 50)
    sample.window.import_paths([tmp_path])
    until(lambda: len(sample.window.articles.model.ids) == 4)
    dialog = sample.window.findChild(ImportReportDialog, "dialog.import_report")
    assert dialog is not None
    assert "bad.txt" in dialog.text.toPlainText()
    dialog.close()
