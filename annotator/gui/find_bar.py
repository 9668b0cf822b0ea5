"""Finding words in the article, in the labels, or in the whole project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.gui.actions import Actions
from annotator.gui.bar_shapes import paint_bar
from annotator.gui.controls import Field, Flow, IconButton, Segment
from annotator.gui.parts import Themed, label, px
from annotator.gui.theme import Theme
from annotator.model import Fragment
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.article.text_view import ArticleView
    from annotator.gui.workspace import Workspace

PAUSE_MILLISECONDS = 80


class FindBar(Themed, QWidget):
    """A field above the article; Enter goes to the next place, Shift+Enter to the one before."""

    hits_changed = Signal(object)
    """A tuple of Fragments, for the key that repeats a marking."""
    project_search_wanted = Signal(str)

    def __init__(
        self, workspace: Workspace, actions: Actions, view: ArticleView, theme: Theme
    ) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("bar.find")
        self.setAccessibleName(tr("Find"))
        self._workspace = workspace
        self._actions = actions
        self._view = view
        self._hits: tuple[Fragment, ...] = ()
        self._current: int | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.search)
        self._build()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        workspace.article_opened.connect(self._on_article)
        self.hide()

    def _build(self) -> None:
        self.field = Field(self.theme, tr("Find in the article"), icon_name="search")
        self.field.setObjectName("field.find")
        self.field.setMinimumWidth(px(240))
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.field.installEventFilter(self)
        self.where = Segment(
            self.theme,
            (
                ("text", tr("In the text")),
                ("labels", tr("In labels")),
                ("project", tr("In the project")),
            ),
            places=False,
        )
        self.where.setObjectName("switch.find")
        self.where.setAccessibleName(tr("Where to look"))
        self.where.choose("text")
        self.where.chosen.connect(lambda _key: self.search())
        self.count = label(size=12, tone="muted")
        self.count.setObjectName("text.find_count")
        previous = IconButton(
            "chevron-up", tr("Previous place"), key=self._actions.key("find.previous")
        )
        previous.setObjectName("button.find_previous")
        previous.clicked.connect(lambda: self.step(-1))
        following = IconButton("chevron-down", tr("Next place"), key=self._actions.key("find.next"))
        following.setObjectName("button.find_next")
        following.clicked.connect(lambda: self.step(1))
        close = IconButton("close", tr("Close the search"), key="Esc")
        close.setObjectName("button.find_close")
        close.clicked.connect(self.leave)
        row = Flow(self)
        row.setContentsMargins(16, 8, 16, 8)
        for widget in (self.field, self.where, previous, following, close, self.count):
            row.addWidget(widget)

    @property
    def hits(self) -> tuple[Fragment, ...]:
        """The places found, in reading order."""
        return self._hits

    def open(self) -> None:
        """Show the bar; what is selected in the text is looked for."""
        selection = self._view.selection()
        annotated = self._workspace.annotated
        if selection is not None and annotated is not None:
            words = annotated.article.text[selection.start : selection.end]
            if "\n" not in words and len(words) < 200:
                self.field.setText(words)
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self.search()

    def leave(self) -> None:
        """Close the bar; the text is where it was, at the place found last."""
        self._pause.stop()
        self.hide()
        self._take((), None)
        self.hits_changed.emit(())
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def search(self) -> None:
        """Find all places of what is typed."""
        self._pause.stop()
        needle = self.field.text()
        if self.where.current == "project":
            self._take((), None)
            self.count.setText(tr("Enter searches all articles."))
            return
        hits = self._places(needle) if needle.strip() else ()
        caret = self._view.caret()
        current = next((n for n, hit in enumerate(hits) if hit.end >= caret), 0) if hits else None
        self._take(hits, current)
        self.hits_changed.emit(hits)

    def _places(self, needle: str) -> tuple[Fragment, ...]:
        annotated = self._workspace.annotated
        if annotated is None:
            return ()
        found = find_places(annotated.article.text, needle)
        if self.where.current != "labels":
            return found
        spans = annotated.spans_of(self._workspace.layer.id)
        covered = [part for span in spans for part in span.fragments]
        return tuple(
            hit
            for hit in found
            if any(part.start < hit.end and hit.start < part.end for part in covered)
        )

    def _take(self, hits: tuple[Fragment, ...], current: int | None) -> None:
        self._hits, self._current = hits, current
        place = None if current is None else hits[current]
        self._view.set_hits(hits, place)
        if place is not None:
            self._view.reveal(place)
        if hits:
            number = 0 if current is None else current + 1
            self.count.setText(tr("{number} of {total}", number=number, total=len(hits)))
        else:
            self.count.setText(tr("Nothing found") if self.field.text().strip() else "")

    def step(self, by: int) -> None:
        """Go to the next place found, or the one before; around the end to the other.

        The place that is shown comes first, as long as it is not selected.
        """
        if not self.isVisible() and not self._hits:
            self.open()
            return
        if self._pause.isActive():
            self.search()
        if not self._hits:
            return
        current = self._current or 0
        if self._view.selection() == self._hits[current] or by < 0:
            current = (current + by) % len(self._hits)
        self._take(self._hits, current)
        self._view.select(self._hits[current])

    def _on_article(self) -> None:
        if self.isVisible():
            self.search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on, with Shift back; Esc closes."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.where.current == "project":
                self.project_search_wanted.emit(self.field.text())
            else:
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.step(-1 if back else 1)
            return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self.theme.side, self.theme.hairline, below=True)


def find_places(text: str, needle: str) -> tuple[Fragment, ...]:
    """Return where *needle* stands in *text*, without regard to case, in code points.

    Letters whose case folding is longer than one letter are compared as they are, so that the
    places keep their offsets.
    """
    folded = _fold(text)
    wanted = _fold(needle)
    found: list[Fragment] = []
    start = folded.find(wanted)
    while start >= 0 and wanted:
        found.append(Fragment(start, start + len(wanted)))
        start = folded.find(wanted, start + len(wanted))
    return tuple(found)


def _fold(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
