"""The article on the screen: words with labels under them, a caret, and what people do there.

A read-only ``QTextEdit`` with a layout of its own. It turns keys and mouse into code points of the
stored text and into ids of spans; it changes nothing. The picture is drawn by
:mod:`annotator.gui.article.article_painter`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from annotator.annotated import Annotated
from annotator.gui.article import caret as caret_motion
from annotator.gui.article.article_content import ArticleContent
from annotator.gui.article.article_look import Look, Sizes
from annotator.gui.article.article_meta import meta_line, spoken_place
from annotator.gui.article.article_painter import ArticlePainter
from annotator.gui.article.article_pointer import ArticlePointer
from annotator.gui.article.article_scroll import ArticleScroll
from annotator.gui.article.text_layout import ArticleLayout
from annotator.gui.article.view_changes import stretches_of
from annotator.gui.article.view_state import Hint, ViewState
from annotator.model import Article, Edit, Fragment
from annotator.text import Structure
from annotator.translation import tr

__all__ = ["ArticleView", "Hint", "Look"]

GLOW: int = 400
"""Milliseconds for which a span glows that was scrolled to."""


class ArticleView(QTextEdit):
    """One article with its labels; all positions are code points of the stored text."""

    caret_moved = Signal()
    span_clicked = Signal(str, object)
    """Id and keyboard modifiers."""
    span_hovered = Signal(object)
    """Id of the span under the mouse, or None."""
    files_dropped = Signal(list)
    fragment_added = Signal(object)
    """A fragment that was selected with Ctrl held."""
    zoom_wanted = Signal(int)
    """Steps by which the text should become larger, from the wheel."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key_sink: Callable[[QKeyEvent], bool] | None = None
        self.state = ViewState()
        self._sizes = Sizes(look)
        self._artist = ArticlePainter(self._sizes, self.state, stamps=True)
        self._content: ArticleContent | None = None
        self._layout: ArticleLayout | None = None
        self._document: QTextDocument | None = None
        self._structure: Structure | None = None
        self._taken: tuple[int, Qt.KeyboardModifier] | None = None
        self._glow_end = QTimer(self)
        self._glow_end.setSingleShot(True)
        self._glow_end.timeout.connect(lambda: self.glow(None))
        self.scrolling = ArticleScroll(self)
        self.pointer = ArticlePointer(self)
        self._set_up()
        self._apply_look()

    def _set_up(self) -> None:
        self.setObjectName("article")
        self.setAccessibleName(tr("Article"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # Letters are commands here: no input method may compose them.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The column stays where it is from article to article, and is not set twice.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.viewport().installEventFilter(self.pointer)

    # What is shown

    @property
    def content(self) -> ArticleContent | None:
        """What is shown, or None."""
        return self._content

    @property
    def article_layout(self) -> ArticleLayout | None:
        """Where everything is, or None while no article is shown."""
        return self._layout

    @property
    def meta(self) -> str:
        """The line above the text: where the article is from, and how long it is."""
        return self._artist.meta

    @property
    def structure(self) -> Structure | None:
        """Tokens and sentences of the article shown."""
        return self._structure

    @property
    def look(self) -> Look:
        """Theme, scheme, size and density."""
        return self._sizes.look

    def show_article(
        self,
        annotated: Annotated | None,
        structure: Structure | None,
        layer_id: str,
        other_layers: Sequence[str] = (),
    ) -> None:
        """Show an article with one's own layer and others, or nothing; the caret at its start."""
        content = None
        if annotated is not None:
            content = ArticleContent(annotated, layer_id, tuple(other_layers))
        self.show_content(content, structure)

    def show_content(self, content: ArticleContent | None, structure: Structure | None) -> None:
        """Show *content*, or nothing; the caret at its start."""
        self._structure = structure
        focused = self.state.focused
        self.state = self._artist.state = ViewState(focused=focused)
        self._content = content
        self._show_document()
        self._speak()

    def refresh(self, edit: Edit | None = None) -> None:
        """Show what *edit* changed in the article at hand; without one, everything anew."""
        content, layout = self._content, self._layout
        if content is None or layout is None:
            return
        if edit is None or any(isinstance(c.record, Article) for c in edit.changes):
            self._show_anew()
            return
        self.repack(stretches_of(content, edit))

    def repack(self, stretches: Sequence[Fragment]) -> None:
        """Pack the labels anew that lie in *stretches*, and paint them; words stay in place."""
        layout = self._layout
        if layout is None or not stretches:
            return
        anchor = self.scrolling.anchor()
        moved = layout.forget(stretches)
        if moved:
            self.scrolling.return_to(anchor)
            self.viewport().update()
        else:
            for start, end in stretches:
                self._update_rows(start, end)
        self._speak()

    def set_look(self, look: Look) -> None:
        """Use another theme, scheme, size or density; the same words stay in sight."""
        anchor = self.scrolling.anchor()
        self._sizes = Sizes(look)
        self._artist.set_sizes(self._sizes)
        self._apply_look()
        if self._layout is not None:
            self.document().setDefaultFont(self._sizes.body.font)
            self._layout.set_sizes(self._sizes)
            self.scrolling.announce()
            self.scrolling.return_to(anchor)
        self.viewport().update()

    def _show_anew(self) -> None:
        assert self._content is not None
        anchor, caret, end = self.scrolling.anchor(), self.anchor(), self.caret()
        old = self._content
        self._content = old.again()
        self._show_document()
        self.set_caret(caret, scroll=False)
        self.set_caret(end, extend=True, scroll=False)
        self.scrolling.return_to(anchor)

    def _show_document(self) -> None:
        old, content = self._document, self._content
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(self._sizes.body.font)
        if content is not None:
            document.setPlainText(content.map.shown)
            document.setPageSize(QSizeF(self.viewport().width(), -1))
            self._artist.meta = meta_line(content.article)
            layout = ArticleLayout(document, content, self._sizes, self._artist.paint)
            document.setDocumentLayout(layout)
            self._layout = layout
        else:
            self._layout = None
        self.setDocument(document)
        self._document = document
        if old is not None:
            old.deleteLater()
        self.verticalScrollBar().setValue(0)
        self.scrolling.start()
        self._take_over_cursor()

    def _apply_look(self) -> None:
        theme = self._sizes.look.theme
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, theme.page)
        palette.setColor(QPalette.ColorRole.Text, theme.ink)
        palette.setColor(QPalette.ColorRole.Highlight, theme.selection)
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.ink)
        self.setPalette(palette)

    # Caret and selection

    def caret(self) -> int:
        """Return where the caret is."""
        return self._stored(self.textCursor().position())

    def anchor(self) -> int:
        """Return where the selection began; the caret where there is none."""
        return self._stored(self.textCursor().anchor())

    def selection(self) -> Fragment | None:
        """Return what is selected, as it is, or None."""
        start, end = sorted((self.anchor(), self.caret()))
        return Fragment(start, end) if start < end else None

    def set_caret(self, position: int, *, extend: bool = False, scroll: bool = True) -> None:
        """Put the caret at *position*; with *extend* everything from the anchor on is selected."""
        if self._content is None:
            return
        cursor = self.textCursor()
        mode = QTextCursor.MoveMode.KeepAnchor if extend else QTextCursor.MoveMode.MoveAnchor
        position = min(max(position, 0), self._content.map.length)
        cursor.setPosition(self._content.map.to_shown(position), mode)
        self.use_cursor(cursor, scroll=scroll)

    def select(self, fragment: Fragment) -> None:
        """Select *fragment*; the caret comes to its end."""
        if self._content is None:
            return
        to_shown = self._content.map.to_shown
        cursor = self.textCursor()
        cursor.setPosition(to_shown(fragment.start))
        end = to_shown(fragment.end, end=True)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.use_cursor(cursor)

    def use_cursor(self, cursor: QTextCursor, *, scroll: bool = True) -> None:
        """Take over caret and selection from a cursor of the document, and show them."""
        before = (self.anchor(), self.caret())
        if scroll:
            self.scrolling.prepare(cursor.position())
        value = self.verticalScrollBar().value()
        self.setTextCursor(cursor)
        if not scroll:
            self.verticalScrollBar().setValue(value)
        else:
            self.scrolling.keep_in_sight(cursor.position())
        self._take_over_cursor()
        self._update_cursor(before, (self.anchor(), self.caret()))
        self._speak()
        self.caret_moved.emit()

    def _update_cursor(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Paint anew where caret and selection were and are, given as (anchor, caret)."""
        if before[0] == before[1] and after[0] == after[1]:
            for position in (before[1], after[1]):
                self.viewport().update(self.scrolling.caret_rect(position))
        elif before[0] == after[0]:
            self._update_rows(*sorted((before[1], after[1])))
        else:
            self._update_rows(*sorted(before))
            self._update_rows(*sorted(after))

    def selectAll(self) -> None:
        """Select the whole text."""
        if self._content is not None:
            self.select(Fragment(0, self._content.map.length))

    def _take_over_cursor(self) -> None:
        state = self.state
        state.selection = self.selection()
        shown = self.textCursor().position()
        state.caret = shown if state.focused and self._content is not None else None

    def createMimeDataFromSelection(self) -> QMimeData:
        """Return the selected words as they are stored, as plain text only."""
        data = QMimeData()
        chosen = self.selection()
        if chosen is not None and self._content is not None:
            data.setText(self._content.article.text[chosen.start : chosen.end])
        return data

    # What is marked in the picture

    @property
    def pending(self) -> tuple[Fragment, ...]:
        """Fragments of a selection in the making, besides the selection itself."""
        return self.state.pending

    def set_pending(self, fragments: Iterable[Fragment]) -> None:
        """Show *fragments* like a selection."""
        self.state.pending = tuple(fragments)
        self.viewport().update()

    def set_selected(self, ids: Iterable[str]) -> None:
        """Show the spans with *ids* as selected, with their relations."""
        before, self.state.selected = self.state.selected, frozenset(ids)
        self._speak()
        for span_id in before | self.state.selected:
            self.update_span(span_id, ties=True)

    def set_dimmed(self, except_ids: frozenset[str] | None) -> None:
        """Dim everything but the spans with *except_ids* and the selected ones; None: nothing."""
        self.state.undimmed = except_ids
        self.viewport().update()

    def set_warned(self, ids: Iterable[str]) -> None:
        """Show a warning beside the spans with *ids*."""
        self.state.warned = frozenset(ids)
        self.viewport().update()

    def set_commented(self, counts: Mapping[str, int]) -> None:
        """Show how many open comments there are beside spans, and beside the headline."""
        if self.state.commented != counts:
            self.state.commented = dict(counts)
            self.viewport().update()

    def set_hits(self, fragments: Iterable[Fragment], current: Fragment | None = None) -> None:
        """Highlight what was found, one of it as the current one."""
        self.state.set_hits(tuple(sorted(fragments)), current)
        self.viewport().update()

    def show_hints(self, hints: Iterable[Hint]) -> None:
        """Show letters to type, in place of chips or below words."""
        self.state.set_hints(tuple(hints))
        self.viewport().update()

    def filter_hints(self, prefix: str) -> None:
        """Show only the hints that begin with *prefix*."""
        self.state.typed = prefix
        self.viewport().update()

    def clear_hints(self) -> None:
        """Take the hints away."""
        self.show_hints(())

    def glow(self, span_id: str | None) -> None:
        """Let a span glow for a moment."""
        self.state.glowing = span_id
        if span_id is not None:
            self._glow_end.start(GLOW)
        self.viewport().update()

    # What is where

    def spans_at(self, position: int) -> list[str]:
        """Return the ids of the spans at *position*, innermost first."""
        if self._content is None:
            return []
        return [span.id for span in self._content.spans_at(position)]

    def in_sight(self) -> Fragment:
        """Return the stretch of text that can be seen."""
        layout = self._layout
        if layout is None:
            return Fragment(0, 0)
        top = float(self.verticalScrollBar().value())
        bottom = top + self.viewport().height()
        fuzzy = Qt.HitTestAccuracy.FuzzyHit
        first = layout.hitTest(QPointF(layout.column_left, top + 1), fuzzy)
        right = layout.column_left + layout.column_width
        last = layout.hitTest(QPointF(right, bottom - 1), fuzzy)
        return Fragment(self._stored(first), max(self._stored(first), self._stored(last)))

    def words_in_sight(self) -> list[Fragment]:
        """Return the words that can be seen, in reading order."""
        if self._structure is None:
            return []
        sight = self.in_sight()
        words = self._structure.words(sight) if sight.start < sight.end else ()
        return [word for word in words if sight.start <= word.start and word.end <= sight.end]

    def reveal(self, fragment: Fragment) -> None:
        """Scroll until *fragment* can be seen."""
        if self._content is not None:
            to_shown = self._content.map.to_shown
            self.scrolling.reveal(to_shown(fragment.start), to_shown(fragment.end, end=True))

    def _stored(self, shown: int) -> int:
        return 0 if self._content is None else self._content.map.to_stored(shown)

    def update_span(self, span_id: str | None, *, ties: bool = False) -> None:
        """Paint the lines of a span anew; with *ties* also those of what it is tied to."""
        annotated = None if self._content is None else self._content.annotated
        span = None if annotated is None else annotated.spans.get(span_id or "")
        if annotated is None or span is None:
            return
        self._update_rows(span.start, span.end)
        for tie in annotated.ties(span.id) if ties else ():
            self.update_span(tie.target if tie.source == span.id else tie.source)

    def _update_rows(self, start: int, end: int) -> None:
        """Paint the rows between two positions anew, over the whole width."""
        rows = self.scrolling.rows(start, end)
        if rows is not None:
            top, bottom = rows
            self.viewport().update(QRect(0, top, self.viewport().width(), bottom - top))

    def _speak(self) -> None:
        """Tell a screen reader where the caret is: the spans there, and the paragraph."""
        content = self._content
        if content is None:
            self.setAccessibleDescription(tr("No article is open."))
            return
        caret = self.caret()
        number = content.numbering.number(caret)
        spans = content.spans_at(caret)
        words = spoken_place(content.annotated, spans, self.state.selected, number)
        self.setAccessibleDescription(words)

    # Events

    def event(self, event: QEvent) -> bool:
        """Let the key sink see a key before shortcuts do, and keep caret keys from them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._taken = None
            if self.key_sink is not None and self.key_sink(event):
                self._taken = (event.key(), event.modifiers())
                event.accept()
            elif caret_motion.motion_of(event) is not None or _is_copying(event):
                event.accept()
            else:
                event.ignore()
            return event.isAccepted()
        return super().event(event)

    def has_taken(self, event: QKeyEvent) -> bool:
        """Say whether the key sink has already dealt with this key."""
        return self._taken == (event.key(), event.modifiers())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret, copy, or leave the key to the window."""
        taken, self._taken = self.has_taken(event), None
        if taken:
            event.accept()
            return
        motion = caret_motion.motion_of(event)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif motion is not None and self._layout is not None:
            self._move(motion, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            event.ignore()
            return
        event.accept()

    def _move(self, motion: str, extend: bool) -> None:
        assert self._layout is not None
        cursor = self.textCursor()
        caret_motion.move(
            cursor,
            motion,
            extend=extend,
            layout=self._layout,
            structure=self._structure,
            page=self.viewport().height() * 0.9,
        )
        self.use_cursor(cursor)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self._set_focused(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret; the selection stays."""
        super().focusOutEvent(event)
        self._set_focused(False)

    def _set_focused(self, focused: bool) -> None:
        self.state.focused = focused
        self._take_over_cursor()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the same words in sight when the width changes."""
        anchor = self.scrolling.anchor() if self._layout is not None else None
        super().resizeEvent(event)
        if anchor is not None and event.size().width() != event.oldSize().width():
            self.scrolling.announce()
            self.scrolling.return_to(anchor)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the face of articles when that of the window changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._layout is not None:
            self.document().setDefaultFont(self._sizes.body.font)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Lay out what comes into sight before it is moved there."""
        self.scrolling.moving()
        super().scrollContentsBy(dx, dy)


def _is_copying(event: QKeyEvent) -> bool:
    standard = QKeySequence.StandardKey
    return bool(event.matches(standard.Copy) or event.matches(standard.SelectAll))
