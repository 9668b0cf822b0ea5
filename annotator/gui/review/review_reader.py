"""The page in the middle: the article with gold on top and a lane for each reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from annotator.gui.article.article_content import Rank
from annotator.gui.article.article_look import CAPTIONS, Look
from annotator.gui.article.text_view import ArticleView
from annotator.gui.label_bar import KeyHint
from annotator.gui.parts import Themed, dress, label
from annotator.gui.review.ranking import Ranking
from annotator.gui.review.review_content import ReviewContent, spans_at_issue
from annotator.gui.review.signs import Signs
from annotator.gui.review.sitting import Sitting
from annotator.gui.theme import Theme
from annotator.model import Fragment
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.differing import differences
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow


class ReviewReader(Themed, QWidget):
    """Shows the open article of the sitting, and where its cases are."""

    picked = Signal(str)
    """Key of a case whose label was clicked."""

    def __init__(self, window: MainWindow, sitting: Sitting) -> None:
        super().__init__()
        self.theme = window.theme
        self.setObjectName("page.review")
        self.setAccessibleName(tr("Review"))
        self._window = window
        self._workspace = window.workspace
        self._sitting = sitting
        self.differences_only = False
        self.view = ArticleView(self._look())
        self.view.setObjectName("view.review")
        self.view.setAccessibleName(tr("Article under review"))
        window.commands.attach_review(self.view)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._build_empty())
        self._signs = Signs()
        self._hint: KeyHint | None = None
        self._hint_later = QTimer(self, singleShot=True, interval=0)
        self._hint_later.timeout.connect(self._place_hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.view.span_clicked.connect(self._on_click)
        self.view.verticalScrollBar().valueChanged.connect(lambda _value: self._hint_later.start())
        self.view.viewport().installEventFilter(self)
        sitting.moved.connect(self.refresh)

    def _build_empty(self) -> QWidget:
        page = QWidget()
        text = label(tr("Nothing to review yet. Articles come here once they are submitted."), 15)
        text.setProperty("tone", "muted")
        text.setObjectName("text.nothing_to_review")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(page)
        column.setContentsMargins(64, 64, 64, 64)
        column.addWidget(text)
        return page

    # -- what is shown -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the article and the case at hand as they are now."""
        found, case = self._sitting.found, self._sitting.case
        if self._sitting.looking:
            self._show_text()
            return
        if found is None or not (found.layers or self._sitting.count(Standing.OPEN)):
            self.view.show_content(None, None)
            self._pages.setCurrentIndex(1)
            return
        self._pages.setCurrentIndex(0)
        self._show_spans(found, case)
        self._show_marks(found, case)
        self._show_hint()
        if case is not None and case.about != About.ARTICLE:
            self.view.reveal(case.place)

    def _show_text(self) -> None:
        """Show the article as it is to be read, while its readers are still being aligned."""
        annotated = self._workspace.annotated
        content = self.view.content
        if annotated is None:
            return
        self._pages.setCurrentIndex(0)
        if not isinstance(content, ReviewContent) or content.annotated is not annotated:
            content = ReviewContent(annotated, {})
            self.view.show_content(content, self._workspace.structure)
        state = self.view.state
        state.gutter = state.differences = ()
        state.at_issue = frozenset()
        self.view.viewport().update()

    def _show_spans(self, found: Review, case: Case | None) -> None:
        content = self.view.content
        if (
            not isinstance(content, ReviewContent)
            or content.annotated is not found.annotated
            or content.text is not found.annotated.article.text
        ):
            ranking = Ranking()
            wanted, _ = self._follow(ranking, found, case)
            content = ReviewContent(found.annotated, wanted, ranking)
            self.view.show_content(content, self._workspace.structure)
        else:
            self.view.repack(content.take(*self._follow(content.ranking, found, case)))

    def _follow(
        self, ranking: Ranking, found: Review, case: Case | None
    ) -> tuple[Mapping[str, Rank], Iterable[str] | None]:
        only = self.differences_only
        return ranking.follow(found, self._sitting.naming, case, differences_only=only)

    def _show_marks(self, found: Review, case: Case | None) -> None:
        state = self.view.state
        state.checked = found.gold.checked
        state.gutter = self._signs.follow(found.cases, case)
        state.at_issue = frozenset() if case is None else frozenset(spans_at_issue(found, case))
        state.differences = () if case is None else _differing(found, case)
        self.view.viewport().update()

    def _on_click(self, span_id: str, _modifiers: object) -> None:
        case = self._sitting.find({span_id})
        if case is None and self._sitting.found is not None:
            span = self._sitting.found.annotated.spans.get(span_id)
            origins = span.extra.get("annotator:from", ()) if span is not None else ()
            case = self._sitting.find(set(origins))
        if case is not None:
            self.picked.emit(case.key)

    # -- names shown or hidden -----------------------------------------------------------------

    def _show_hint(self) -> None:
        found = self._sitting.found
        hidden = found is not None and self._sitting.naming.is_hidden(found.annotated)
        words = tr("names hidden") if hidden else tr("names shown")
        if self._hint is not None and self._hint.accessibleName() == words:
            self._hint_later.start()
            return
        if self._hint is not None:
            self._hint.hide()
            self._hint.deleteLater()
        self._hint = KeyHint(self.theme, self._window.commands.key("review.names"), words)
        self._hint.setAccessibleName(words)
        self._hint.setParent(self.view)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        dress(self._hint, self.theme)
        self._place_hint()

    def _place_hint(self) -> None:
        layout = self.view.article_layout
        if self._hint is None or layout is None:
            return
        self._hint.adjustSize()
        left, width = round(layout.column_left), self._hint.width()
        right = round(layout.column_left + layout.column_width) - width
        top = (layout.header - self._hint.height()) // 2 + 1
        self._hint.move(left if layout.content.right_to_left else right, top)
        taken = QFontMetricsF(layout.sizes.meta_font).horizontalAdvance(self.view.meta)
        has_room = taken + width + 16 <= layout.column_width
        self._hint.setVisible(has_room and self.view.verticalScrollBar().value() == 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the hint at its place when the width changes."""
        if event.type() == QEvent.Type.Resize:
            self._hint_later.start()
        return False

    # -- looks ---------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        Themed.set_theme(self, theme)
        if self._workspace.is_open:
            self.view.set_look(self._look())
            if self._hint is not None:
                self._hint.setAccessibleName("")
                self._show_hint()

    def _look(self) -> Look:
        window = self._window
        return Look(window.theme, self._workspace.scheme, window.article_px, CAPTIONS, review=True)


def _differing(found: Review, case: Case) -> tuple[Fragment, ...]:
    """Return the words that only some of the choices cover."""
    if case.about != About.SPAN:
        return ()
    text = found.annotated.article.text
    places = {
        _without_blanks(text, run.place)
        for one in differences(found, case)
        for run in one.runs
        if run.differs and not run.gap
    }
    return tuple(sorted(places))


def _without_blanks(text: str, place: Fragment) -> Fragment:
    words = text[place.start : place.end]
    start = place.start + len(words) - len(words.lstrip())
    return Fragment(start, max(start, place.start + len(words.rstrip())))
