"""The window as a whole: layout, theme, sizes, keyboard, status, language."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QWidget,
)

from annotator.gui.app import Program
from annotator.gui.parts import Elided
from annotator.settings import Settings
from tests.gui.conftest import Answers, Start, settle, until

SIZES = [(800, 560), (1024, 700), (1280, 800), (1440, 900)]


def visible(root: QWidget) -> Iterator[QWidget]:
    for child in root.findChildren(QWidget):
        if child.isVisible() and not child.visibleRegion().isEmpty():
            yield child


def cut(root: QWidget) -> list[str]:
    """Return the texts that have less room than they need."""
    found = []
    for widget in visible(root):
        if isinstance(widget, Elided) or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if isinstance(widget, QLabel) and (widget.wordWrap() or not widget.text()):
            continue
        if widget.objectName() == "button.search" and widget.width() == widget.height():
            continue  # an icon alone where there is no room
        wanted = widget.minimumSizeHint() if isinstance(widget, QLabel) else widget.sizeHint()
        if widget.width() < wanted.width() - 1 or widget.height() < wanted.height() - 1:
            found.append(f"{widget.objectName() or type(widget).__name__}: {widget.text()!r}")
    return found


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("text_size", [100, 200])
def test_no_text_of_the_bars_is_cut(app: Start, width: int, height: int, text_size: int) -> None:
    program = app(text_size=text_size)
    window = program.window
    window.resize(width, height)
    window.projects.open_sample()
    QApplication.processEvents()
    for part in (window.tools, window.labels, window.status, window.articles):
        assert cut(part) == []


@pytest.mark.parametrize("text_size", [100, 200])
def test_no_text_of_the_welcome_page_is_cut(app: Start, text_size: int) -> None:
    program = app(text_size=text_size)
    program.window.resize(1024, 700)
    QApplication.processEvents()
    assert cut(program.window.welcome) == []


def test_a_narrow_window_folds_the_list_to_a_strip(sample: Program) -> None:
    sample.window.resize(1024, 700)
    QApplication.processEvents()
    assert sample.window.articles.strip.isVisible()
    assert sample.window.articles.width() == 48
    sample.window.resize(1440, 900)
    QApplication.processEvents()
    assert sample.window.articles.rows.isVisible()


def test_a_folded_list_opens_over_the_page_with_its_key_and_closes_with_esc(
    sample: Program,
) -> None:
    window = sample.window
    window.resize(1024, 700)
    QApplication.processEvents()
    window.commands.run("article.find")
    assert window.articles.rows.isVisible()
    QTest.keyClick(window.articles.field, Qt.Key.Key_Escape)
    assert not window.articles.rows.isVisible()
    assert QApplication.focusWidget() is window.view


def test_a_very_narrow_window_hides_the_details_until_their_key(sample: Program) -> None:
    window = sample.window
    window.resize(900, 700)
    QApplication.processEvents()
    assert not window.details.isVisible()
    window.commands.run("view.right")
    assert window.details.isVisible()
    window.commands.run("view.right")
    assert not window.details.isVisible()


def test_a_dock_that_a_person_folds_stays_folded_after_a_restart(app: Start) -> None:
    first = app()
    first.window.projects.open_sample()
    first.window.commands.run("view.left")
    assert first.window.articles.strip.isVisible()
    first.window.close()
    kept = Settings.load()
    again = app(window=kept.window)
    again.window.projects.open_sample()
    QApplication.processEvents()
    assert again.window.articles.strip.isVisible()


def test_the_sides_are_exchanged_and_stay_so_after_a_restart(app: Start) -> None:
    first = app()
    first.window.resize(1440, 900)
    first.window.projects.open_sample()
    QApplication.processEvents()
    assert first.window.articles.mapToGlobal(QPoint()).x() < 10
    first.window.commands.run("view.exchange")
    QApplication.processEvents()
    assert first.window.details.mapToGlobal(QPoint()).x() < 10
    first.window.close()
    again = app(window=Settings.load().window)
    again.window.resize(1440, 900)
    again.window.projects.open_sample()
    QApplication.processEvents()
    articles, details = again.window.articles, again.window.details
    assert details.mapToGlobal(QPoint()).x() < articles.mapToGlobal(QPoint()).x()


def test_the_size_of_the_window_is_remembered(app: Start) -> None:
    first = app()
    first.window.resize(800, 640)
    first.window.close()
    kept = Settings.load()
    assert base64.b64decode(kept.window["geometry"])
    again = app(window=kept.window)
    assert (again.window.width(), again.window.height()) == (800, 640)


def test_f6_goes_through_the_parts_of_the_window(sample: Program) -> None:
    window = sample.window
    window.focus_text()
    seen = []
    for _ in range(4):
        window.commands.run("pane.next")
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus)
    assert seen[-1] is window.view
    assert window.articles.isAncestorOf(seen[2])
    assert window.details.isAncestorOf(seen[0])


def test_the_focus_ring_stands_around_the_control_with_the_focus(app: Start) -> None:
    program = app()
    program.window.welcome.cards["file.open"].setFocus()
    QApplication.processEvents()
    ring = program._ring._ring
    assert ring is not None
    assert ring.widget() is program.window.welcome.cards["file.open"]


@pytest.mark.parametrize("name", ["dark", "high-contrast-light", "high-contrast-dark"])
def test_a_theme_reaches_every_part(sample: Program, name: str) -> None:
    sample.set_theme(name)
    window = sample.window
    assert window.theme.name == name
    for part in (window.tools, window.labels, window.status, window.articles.rows.rows):
        assert part.theme.name == name
    assert window.view is not None
    assert window.view.look.theme.name == name
    assert QApplication.palette().window().color() == window.theme.window


def test_larger_text_makes_everything_larger_and_is_kept(sample: Program) -> None:
    view = sample.window.view
    assert view is not None
    before = view.look.text_px
    sample.window.commands.run("view.larger")
    assert view.look.text_px > before
    assert sample.window.status.zoom.text() == "110 %"
    sample.window.commands.run("view.normal")
    assert view.look.text_px == before


def test_the_pages_of_the_review_are_shown_as_parts_of_it(sample: Program) -> None:
    chosen = []
    for place in ("inbox", "board", "phrases", "batches", "assignment", "review", "inbox"):
        sample.window.commands.run(f"place.{place}")
        QApplication.processEvents()
        chosen.append(sample.window.tools.places.current)
    assert chosen == ["annotate", "review", "review", "review", "review", "review", "review"]
    sample.window.commands.run("place.annotate")
    assert sample.window.tools.places.current == "annotate"


def test_german_is_spoken_at_once_and_the_project_stays_open(sample: Program) -> None:
    before = sample.workspace.project
    sample.window.language_wanted.emit("de")
    QApplication.processEvents()
    window = sample.window
    assert window.commands["undo"].text() == "Rückgängig"
    assert window.menuBar().actions()[0].text() == "&Datei"
    assert sample.workspace.project is before
    assert window.view is not None
    assert window.view.content is not None
    assert window.isVisible()


def test_dates_and_the_dialogs_of_qt_are_german_too(sample: Program) -> None:
    sample.window.language_wanted.emit("de")
    assert QLocale().language() == QLocale.Language.German
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_saved_stands_there_only_after_the_commit(sample: Program) -> None:
    from annotator import editing

    workspace, status = sample.workspace, sample.window.status
    workspace.perform(editing.set_article_note(workspace.desk, "Please look at the lead."))
    workspace._show_saving()
    assert status.saved.text() == "Saving"
    settle(sample)
    assert status.saved.text() == "Saved"
    assert status.steps.text() == "1 step to undo"


def test_what_is_not_saved_is_said_with_the_reason_and_a_button(sample: Program) -> None:
    status, workspace = sample.window.status, sample.workspace
    workspace._on_stuck("The disk is full.")
    assert status.saved.text() == "Not saved: The disk is full."
    assert status.retry.isVisible()
    assert status.copy.isVisible()
    workspace._set_state("saved")
    assert not status.retry.isVisible()


def test_working_as_another_person_shows_their_name(sample: Program, answers: Answers) -> None:
    answers.answers = ["annotator-2"]
    QTest.mouseClick(sample.window.status.author, Qt.MouseButton.LeftButton)
    assert sample.workspace.project.author == "annotator-2"
    assert "annotator-2" in sample.window.status.author.text()


def test_a_backup_is_a_project_of_its_own(
    sample: Program, answers: Answers, tmp_path: Path
) -> None:
    from annotator.project import Project

    target = tmp_path / "copy.annotator"
    answers.answers = [target]
    sample.window.commands.run("file.backup")
    until(target.exists)
    sample.workspace.flush()
    with Project.open(target, author="ada") as copy:
        assert copy.progress().total == 3


def test_the_article_is_saved_as_a_picture(
    sample: Program, answers: Answers, tmp_path: Path
) -> None:
    target = tmp_path / "article.png"
    answers.answers = [target]
    sample.window.commands.run("file.render")
    assert target.read_bytes().startswith(b"\x89PNG")


def test_every_visible_control_has_a_name_for_screen_readers(sample: Program) -> None:
    window = sample.window
    nameless = [
        widget
        for part in (window.tools, window.labels, window.status, window.articles)
        for widget in visible(part)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", lambda: "")())
    ]
    assert nameless == []


def test_foreign_text_is_never_read_as_markup(sample: Program) -> None:
    sample.window.status.say("<b>bold</b>")
    labels = [item for item in sample.window.findChildren(QLabel) if item.text()]
    assert labels
    assert all(item.textFormat() == Qt.TextFormat.PlainText for item in labels)


def test_the_insights_show_the_counts_of_the_project(sample: Program) -> None:
    from annotator.gui.insights.charts import Bars
    from annotator.gui.insights.place import Insights

    sample.window.commands.run("place.insights")
    page = sample.window.findChild(Insights, "page.insights")
    assert page is not None
    page.side.state.setCurrentIndex(1)
    page.side.state.activated.emit(1)
    page.show_page("labels")
    bars = page.findChild(Bars, "chart.labels")
    assert bars is not None
    stats = sample.workspace.project.stats()
    until(lambda: sum(count for _, count, _ in bars.rows) == stats.spans)
    shown = {name: count for name, count, _ in bars.rows}
    stats = sample.workspace.project.stats()
    assert sum(shown.values()) == stats.spans
    assert not sample.window.labels.isVisible()
    sample.window.commands.run("place.annotate")
    assert sample.window.labels.isVisible()
