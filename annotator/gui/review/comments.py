"""The comments on a label, a link or an article as threads, with a field to go on.

The same widget stands in the details of Annotate and beside a case of the review: it shows one
record, follows every edit, and is told by :meth:`Comments.show_record` which.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.gui.controls import FlushButton, WordButton
from annotator.gui.details.guideline_view import paragraph
from annotator.gui.details.intents import do, title, words
from annotator.gui.parts import Themed, dress, label
from annotator.gui.review.comment_row import CommentField, CommentRow, Quote
from annotator.gui.theme import Theme
from annotator.model import Comment, Edit, Layer
from annotator.review import remarks
from annotator.review.remarks import Passage, Thread
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.workspace import Workspace

AT_ONCE = 20
"""Threads that are shown before somebody asks for the older ones."""
_MENU_WORDS = 80


class Comments(Themed, QWidget):
    """Threads about one record, oldest first, and a field for a reply or a new one."""

    left = Signal()
    """The keyboard wants to go back to where it came from."""
    counted = Signal(int)
    """How many open threads there are about what is shown."""

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("panel.comments")
        self.setAccessibleName(tr("Comments"))
        self._workspace = workspace
        self._other: Annotated | None = None
        self._shown: tuple[str, str, str] | None = None
        self._drafts: dict[str, str] = {}
        self._target: str | None = None
        self._about = ""
        self._passage: Passage | None = None
        self._all = False
        self._with_settled = False
        self._build()
        workspace.changed.connect(self._on_changed)
        workspace.article_opened.connect(self._on_article)
        workspace.project_closed.connect(self.show_nothing)

    def _build(self) -> None:
        self.heading = label(tr("Comments"), 11, 600, "muted")
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.settled = FlushButton(size=12)
        self.settled.setObjectName("button.settled_comments")
        self.settled.clicked.connect(self._turn_settled)
        self._quotes = QVBoxLayout()
        self.field = CommentField(self.theme, tr("Comment"))
        self.field.setObjectName("field.comment")
        self.field.written.connect(self._write)
        self.field.left.connect(self._leave)
        self.fresh = WordButton(tr("New thread"), size=12)
        self.fresh.setObjectName("button.new_thread")
        self.fresh.clicked.connect(self.begin_thread)
        self.guideline = FlushButton(tr("Add a passage of the guideline"), size=12)
        self.guideline.setObjectName("button.add_passage")
        self.guideline.clicked.connect(self._show_passages)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.guideline)
        row.addStretch(1)
        row.addWidget(self.fresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addLayout(self._list)
        column.addWidget(self.settled, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._quotes)
        column.addWidget(self.field)
        column.addLayout(row)

    def set_key(self, key: str) -> None:
        """Show the key that comes to the field."""
        self.field.set_key(key)

    # -- what is shown -----------------------------------------------------------------------

    def show_record(self, article_id: str, layer_id: str, record_id: str) -> None:
        """Show the threads about a span, a relation or, by its own id, the article.

        *layer_id* is the layer that a comment on the article goes to, where it exists.
        """
        wanted = (article_id, layer_id, record_id)
        if wanted != self._shown:
            self._keep_draft()
            self._shown = wanted
            self._all = self._with_settled = False
            self._passage = None
            self._about = record_id
            self._other = None
            self.field.setPlainText(self._drafts.pop(record_id, ""))
            self._choose_target()
            self.refresh()

    def show_nothing(self) -> None:
        """Forget what was shown."""
        self._keep_draft()
        self._shown, self._other, self._target, self._passage = None, None, None, None
        self.field.setPlainText("")
        self.refresh()

    @property
    def annotated(self) -> Annotated | None:
        """The article that is shown with its comments."""
        if self._shown is None or not self._workspace.is_open:
            return None
        here = self._workspace.annotated
        if here is not None and here.article.id == self._shown[0]:
            return here
        if self._other is None:
            self._workspace.flush()
            if not self._workspace.project.taken_ids("article", [self._shown[0]]):
                # It was removed while its comments were shown.
                return None
            self._other = self._workspace.project.annotated(self._shown[0])
        return self._other

    @property
    def subjects(self) -> list[str]:
        """Ids of the records whose threads are shown: the record, and the links from it."""
        annotated = self.annotated
        if annotated is None or self._shown is None:
            return []
        record_id = self._shown[2]
        return [record_id, *(tie.id for tie in annotated.relations_from(record_id))]

    @property
    def has_comments(self) -> bool:
        """Whether anybody has said something, settled or not."""
        annotated = self.annotated
        if annotated is None or not annotated.comments:
            return False
        found = self._threads(annotated)
        return any(key in found for key in self.subjects)

    def _threads(self, annotated: Annotated) -> dict[str, tuple[Thread, ...]]:
        return remarks.all_threads(annotated, self._workspace.project.author)

    def refresh(self) -> None:
        """Show the threads as they are now; words that are being changed stay."""
        if any(row.changing for row in self.rows):
            return
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        annotated = self.annotated
        found = {} if annotated is None else self._threads(annotated)
        about = self.subjects
        threads = [thread for key in about for thread in found.get(key, ())]
        settled = sum(thread.resolved for thread in threads)
        shown = [t for t in threads if self._with_settled or not t.resolved]
        self._add_threads(shown)
        text = tr_n(settled, "{n} resolved comment", "{n} resolved comments")
        self.settled.setText(tr("Hide resolved comments") if self._with_settled else text)
        self.settled.setVisible(settled > 0)
        if all(thread.first.id != self._target for thread in threads):
            self._choose_target()
        self._show_target()
        self.counted.emit(len(threads) - settled)

    def _add_threads(self, shown: list[Thread]) -> None:
        if len(shown) > AT_ONCE and not self._all:
            older = WordButton(
                tr_n(len(shown) - AT_ONCE, "{n} earlier comment", "{n} earlier comments"), size=12
            )
            older.setObjectName("button.earlier_comments")
            older.clicked.connect(self._show_all)
            self._list.addWidget(older, 0, Qt.AlignmentFlag.AlignLeft)
            dress(older, self.theme)
            shown = shown[-AT_ONCE:]
        about = self._about_main
        for thread in shown:
            if thread.first.record_id != about:
                about = thread.first.record_id
                caption = paragraph(self._link_words(about), "muted", 600, 11)
                self._list.addWidget(caption)
                dress(caption, self.theme)
            for comment in thread.comments:
                self._add_row(comment, thread)

    @property
    def _about_main(self) -> str:
        return "" if self._shown is None else self._shown[2]

    def _add_row(self, comment: Comment, thread: Thread) -> None:
        own = comment.author == self._workspace.project.author
        first = comment is thread.first
        row = CommentRow(self.theme, comment, own=own, first=first)
        row.rewritten.connect(self._rewrite)
        row.removed.connect(self._remove)
        row.settled.connect(self._resolve)
        row.replied.connect(self._reply_to)
        row.left.connect(self._on_row_left, Qt.ConnectionType.QueuedConnection)
        self._list.addWidget(row)
        dress(row, self.theme)

    @property
    def rows(self) -> list[CommentRow]:
        """The comments in sight, from top to bottom."""
        items = (self._list.itemAt(n) for n in range(self._list.count()))
        widgets = (None if item is None else item.widget() for item in items)
        return [widget for widget in widgets if isinstance(widget, CommentRow)]

    def _link_words(self, relation_id: str) -> str:
        annotated = self.annotated
        tie = None if annotated is None else annotated.relations.get(relation_id)
        if annotated is None or tie is None:
            return tr("Link")
        target = annotated.spans.get(tie.target or "")
        entity = self._workspace.entities.get(tie.target_entity or "")
        end = words(target) if target is not None else "" if entity is None else entity.name
        relation = self._workspace.scheme.relation(tie.label)
        slot = title(tie.label if relation is None else relation.prompt or relation.name)
        return tr("{slot}: {words}", slot=slot, words=end)

    # -- where the next words go -------------------------------------------------------------

    def _choose_target(self) -> None:
        """Go on with the last open thread about the record, or begin the first one."""
        annotated = self.annotated
        found = () if annotated is None else self._threads(annotated).get(self._about, ())
        unsettled = [thread.first.id for thread in found if not thread.resolved]
        self._target = unsettled[-1] if unsettled else None

    def _show_target(self) -> None:
        hint = tr("Comment") if self._target is None else tr("Reply")
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.fresh.setVisible(self._target is not None)
        self.guideline.setVisible(bool(self.passages()) and self._passage is None)
        while (item := self._quotes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._passage is not None:
            quote = Quote(self.theme, self._passage, removable=True)
            quote.removed.connect(lambda: self.quote(None))
            self._quotes.addWidget(quote)
            dress(quote, self.theme)

    def begin_thread(self) -> None:
        """Let the next words begin another thread."""
        self._target = None
        self._about = self._about_main
        self._show_target()
        self.write()

    def begin_about(self, record_id: str) -> None:
        """Let the next words begin a thread about a link of the span that is shown."""
        self._about = record_id
        self._target = None
        self._choose_target()
        self._show_target()
        self.write()

    def _reply_to(self, first_id: str) -> None:
        self._target = first_id
        self._show_target()
        self.write()

    def write(self) -> None:
        """Put the keyboard into the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- the guideline -----------------------------------------------------------------------

    def passages(self) -> tuple[Passage, ...]:
        """The passages of the guideline that can be mentioned here."""
        annotated = self.annotated
        if annotated is None:
            return ()
        record = annotated.spans.get(self._about) or annotated.relations.get(self._about)
        if record is None:
            return ()
        return remarks.passages(self._workspace.scheme, record.label)

    def quote(self, passage: Passage | None) -> None:
        """Let the next comment be about *passage*; None takes it back."""
        self._passage = passage
        self._show_target()

    def _show_passages(self) -> None:
        menu = self.passage_menu()
        menu.exec(self.guideline.mapToGlobal(QPoint(0, self.guideline.height())))
        menu.deleteLater()

    def passage_menu(self) -> QMenu:
        """Make the menu of the passages."""
        menu = QMenu(self)
        menu.setObjectName("menu.passages")
        for passage in self.passages():
            text = ": ".join(filter(None, (passage.heading, passage.text)))
            if len(text) > _MENU_WORDS:
                text = f"{text[:_MENU_WORDS].rstrip()} …"
            action = menu.addAction(text.replace("&", "&&").replace("\t", " "))
            action.triggered.connect(lambda _=False, chosen=passage: self._take(chosen))
        return menu

    def _take(self, passage: Passage) -> None:
        self.quote(passage)
        self.write()

    # -- edits -------------------------------------------------------------------------------

    def _write(self, text: str) -> None:
        annotated = self.annotated
        if annotated is None or self._shown is None:
            return
        author = self._workspace.project.author
        if self._target is None:
            make = partial(
                remarks.write,
                annotated,
                self._about,
                text,
                author,
                passage=self._passage,
                own=self._own_layer(annotated),
            )
        else:
            make = partial(
                remarks.reply, annotated, self._target, text, author, passage=self._passage
            )
        if do(self._workspace, make) is not None:
            self._passage = None
            self.field.setPlainText("")
            self._choose_target()
            self._show_target()

    def _own_layer(self, annotated: Annotated) -> Layer | None:
        assert self._shown is not None
        known = annotated.layers.get(self._shown[1])
        if known is not None or annotated is not self._workspace.annotated:
            return known
        return self._workspace.layer

    def _rewrite(self, comment_id: str, text: str) -> None:
        self._do(lambda a, author: remarks.rewrite(a, comment_id, text, author))

    def _remove(self, comment_id: str) -> None:
        if self._do(lambda a, author: remarks.remove(a, comment_id, author)):
            self._workspace.note(tr("The comment is removed. Ctrl Z brings it back."))

    def _resolve(self, first_id: str, resolved: bool) -> None:
        self._do(lambda a, _author: remarks.resolve(a, first_id, resolved))

    def _do(self, make: Callable[[Annotated, str], Edit]) -> bool:
        annotated, author = self.annotated, self._workspace.project.author
        if annotated is None:
            return False
        return do(self._workspace, lambda: make(annotated, author)) is not None

    def _leave(self) -> None:
        self._keep_draft()
        self.left.emit()

    def _keep_draft(self) -> None:
        if self._shown is None:
            return
        typed = self.field.toPlainText()
        if typed.strip():
            self._drafts[self._shown[2]] = typed
        else:
            self._drafts.pop(self._shown[2], None)

    # -- following ---------------------------------------------------------------------------

    def _on_article(self) -> None:
        """Show the threads anew where their article was read again.

        Another article says nothing about these threads; theirs is not read for its sake.
        """
        here = self._workspace.annotated
        if here is None or self._shown is None or here.article.id == self._shown[0]:
            self.refresh()

    def _on_changed(self, edit: Edit) -> None:
        if self._shown is None or self._shown[0] not in edit.articles:
            return
        self._other = None
        told = any(isinstance(change.record, Comment | Layer) for change in edit.changes)
        if told or self.has_comments:
            self.refresh()

    def _on_row_left(self) -> None:
        self.refresh()
        self.left.emit()

    def _turn_settled(self) -> None:
        self._with_settled = not self._with_settled
        self.refresh()

    def _show_all(self) -> None:
        self._all = True
        self.refresh()
