"""The pages of the review beside its place: each built when it is wanted first, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, cast

from PySide6.QtWidgets import QWidget

from annotator.gui.parts import dress
from annotator.review.conflicts import Kind

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow
    from annotator.model import Fragment


class Screen(Protocol):
    """A page that can be shown again."""

    def refresh(self) -> None:
        """Read the project anew, and take the keyboard."""


def _inbox(window: MainWindow) -> QWidget:
    from annotator.gui.review.inbox import Inbox

    page = Inbox(window.workspace, window.bench.feedback, window.commands, window.theme)
    page.left.connect(lambda: window.show_place(window.bench.home))
    page.place_wanted.connect(
        lambda article_id, span_id, place: open_at(window, article_id, span_id, place)
    )
    return page


def _phrases(window: MainWindow) -> QWidget:
    from annotator.gui.review.phrase_page import PhrasePage

    page = PhrasePage(window.workspace, window.commands, window.theme, window.bench.permission)
    page.left.connect(lambda: window.show_place(window.bench.home))
    page.place_wanted.connect(
        lambda article_id, span_id, place: open_at(window, article_id, span_id, place)
    )
    return page


def _batches(window: MainWindow) -> QWidget:
    from annotator.gui.review.batch_result import show_batch
    from annotator.gui.review.batches import BatchPage

    page = BatchPage(window.workspace, window.commands, window.theme, window.bench.permission)
    page.left.connect(lambda: window.show_place(window.bench.home))
    page.audit_wanted.connect(lambda article_id: _audit(window, article_id))
    page.result_wanted.connect(lambda batch_id: show_batch(window, batch_id))
    page.sample_wanted.connect(lambda: _sample(window))
    page.rounds_wanted.connect(lambda names: _compare(window, names))
    return page


def _audit(window: MainWindow, article_id: str) -> None:
    """Go to the first case of an article that is to be audited."""
    window.show_place("review")
    sitting = window.bench.review.sitting
    window.workspace.open_article(article_id)
    for case in () if sitting.found is None else sitting.found.cases:
        if case.kind == Kind.UNAUDITED or case.again:
            sitting.go(article_id, case.key)
            return


def _sample(window: MainWindow) -> None:
    """Go through what was drawn at random."""
    window.show_place("review")
    window.bench.review.queue.show_drawn()


def _compare(window: MainWindow, names: tuple[str, ...]) -> None:
    """Show how far two rounds of somebody agree."""
    from annotator.gui.insights.place import Insights

    window.show_place("insights")
    page = window.findChild(Insights, "page.insights")
    assert page is not None
    page.compare(names)


def _draw(window: MainWindow) -> None:
    from annotator.gui.window_commands import decide_in_bulk

    decide_in_bulk(window, "sample")


def _board(window: MainWindow) -> QWidget:
    from annotator.gui.review.board import Board

    page = Board(window, window.bench.permission)
    page.left.connect(lambda: window.show_place(window.bench.home))
    return page


def _assignment(window: MainWindow) -> QWidget:
    from annotator.gui.review.assignment import AssignmentPage

    page = AssignmentPage(window.workspace, window.theme)
    page.bulk_wanted.connect(lambda: _draw(window))
    page.left.connect(lambda: window.show_place(window.bench.home))
    return page


SCREENS: Final[dict[str, Callable[[MainWindow], QWidget]]] = {
    "inbox": _inbox,
    "phrases": _phrases,
    "batches": _batches,
    "board": _board,
    "assignment": _assignment,
}
"""Each page by the name of its place."""


def show_screen(window: MainWindow, name: str) -> None:
    """Show a page in the middle of the window."""
    page = window.pages.findChild(QWidget, f"page.{name}")
    if page is None:
        page = SCREENS[name](window)
        window.pages.addWidget(page)
        dress(page, window.theme)
    window.pages.setCurrentWidget(page)
    cast("Screen", page).refresh()


def open_at(
    window: MainWindow, article_id: str, span_id: str, place: Fragment | None = None
) -> None:
    """Show an article in Annotate, with a label of it selected."""
    window.show_place("annotate")
    window.open_article(article_id, place)
    annotated = window.workspace.annotated
    if annotated is not None and span_id in annotated.spans:
        window.workspace.select((span_id,))
