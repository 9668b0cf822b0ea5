"""One comment: who wrote what and when, the passage it is about, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.gui.controls import IconButton, WordButton
from annotator.gui.details.guideline_view import paragraph
from annotator.gui.details.note_field import NoteField
from annotator.gui.parts import Avatar, Themed, label, px
from annotator.gui.review.ages import age_in_words
from annotator.gui.text_box import TextBox
from annotator.gui.theme import Theme
from annotator.model import Comment
from annotator.review.remarks import Passage, passage_of
from annotator.review.verdicts import ANSWER, RETURNED, Answer
from annotator.translation import tr

MOST = 1200
"""Characters of a comment that are shown before somebody asks for the rest."""


class CommentField(NoteField):
    """A field for a comment: Enter writes it, leaving keeps what is typed for later."""

    def keep(self) -> None:
        """Hand over what is typed, if there is something."""
        text = self.toPlainText().strip()
        if text:
            self.written.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # A note is kept when one leaves its field; half a comment is not to be sent.
        TextBox.focusOutEvent(self, event)
        self._arrange()


class Quote(Themed, QWidget):
    """A passage of the guideline, with a bar at its left."""

    removed = Signal()

    def __init__(self, theme: Theme, passage: Passage, *, removable: bool = False) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("quote.passage")
        where = tr("Guideline of {label}", label=passage.label)
        if passage.heading:
            where = f"{where}, {passage.heading}"
        self.setAccessibleName(f"{where}: {passage.text}")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(10), 0, 0, 0)
        row.setSpacing(4)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(paragraph(where, "muted", 600, 11))
        column.addWidget(paragraph(passage.text, "muted"))
        row.addLayout(column, 1)
        if removable:
            cross = small_button("close", tr("Leave the passage out"), "button.no_passage")
            cross.clicked.connect(self.removed)
            row.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(0, 0, 2, self.height(), self.theme.frame)
        finally:
            painter.end()


class SmallButton(IconButton):
    """An icon to press beside a line of text."""

    def sizeHint(self) -> QSize:
        side = max(24, px(20))
        return QSize(side, side)


def small_button(icon_name: str, name: str, object_name: str) -> SmallButton:
    """Return a small button with its names."""
    made = SmallButton(icon_name, name)
    made.setObjectName(object_name)
    return made


class CommentRow(QWidget):
    """A comment of a thread; the first one can settle it."""

    rewritten = Signal(str, str)
    removed = Signal(str)
    settled = Signal(str, bool)
    replied = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, comment: Comment, *, own: bool, first: bool) -> None:
        super().__init__()
        self.comment = comment
        self._theme = theme
        self._own, self._first = own, first
        self.setObjectName("row.comment")
        self.words = paragraph(self._shown(), size=13)
        self.words.setObjectName("text.comment")
        self.meta = label(said_by(comment), 12, tone="muted")
        self.meta.setObjectName("text.comment_meta")
        self.meta.setWordWrap(True)
        self.meta.setMinimumWidth(1)
        self.setAccessibleName(f"{comment.author}: {comment.text}")
        self._field: CommentField | None = None
        self._build()

    def _shown(self) -> str:
        text = self.comment.text
        return text if len(text) <= MOST else f"{text[:MOST].rstrip()} …"

    def _build(self) -> None:
        avatar = Avatar(self._theme, self.comment.author, 24)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        passage = passage_of(self.comment)
        if passage is not None:
            self._column.addWidget(Quote(self._theme, passage))
            self._column.addSpacing(4)
        if self.comment.text:
            self._column.addWidget(self.words)
        else:
            self.words.setParent(self)
            self.words.hide()
        if len(self.comment.text) > MOST:
            whole = WordButton(tr("Show all of it"), size=12)
            whole.setObjectName("button.whole_comment")
            whole.clicked.connect(lambda: self._show_whole(whole))
            self._column.addWidget(whole, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.meta)
        row = QHBoxLayout(self)
        row.setContentsMargins(0 if self._first else px(32), 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(avatar, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._column, 1)
        if self._first:
            row.addWidget(self._build_settle(), 0, Qt.AlignmentFlag.AlignTop)
        if self._first or self._own:
            more = small_button("more", tr("More"), "button.comment_more")
            more.clicked.connect(lambda: self._show_menu(more))
            row.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)

    def _build_settle(self) -> QWidget:
        settled = self.comment.resolved
        name = tr("Open this again") if settled else tr("Mark as resolved")
        button = small_button("undo" if settled else "check", name, "button.resolve")
        button.clicked.connect(lambda: self.settled.emit(self.comment.id, not settled))
        return button

    def _show_whole(self, button: QWidget) -> None:
        self.words.setText(self.comment.text)
        button.hide()

    def _show_menu(self, button: QWidget) -> None:
        # Not exec: what is chosen may take this row away while the menu still runs.
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def menu(self) -> QMenu:
        """Make the menu of what can be done with this comment."""
        menu = QMenu(self)
        menu.setObjectName("menu.comment")
        key = self.comment.id
        if self._first:
            menu.addAction(tr("Reply")).triggered.connect(lambda: self.replied.emit(key))
        if self._own and self.comment.text:
            menu.addAction(tr("Change the words")).triggered.connect(self.change)
        if self._own:
            menu.addAction(tr("Remove the comment")).triggered.connect(
                lambda: self.removed.emit(key)
            )
        return menu

    # -- changing the words ------------------------------------------------------------------

    @property
    def changing(self) -> bool:
        """Whether the words are being changed."""
        return self._field is not None

    def change(self, _chosen: bool = False) -> None:
        """Let the words be typed over; Enter keeps them, Esc leaves them as they are."""
        if self._field is not None:
            return
        field = CommentField(self._theme, tr("Comment"))
        field.setObjectName("field.change_comment")
        field.setPlainText(self.comment.text)
        field.written.connect(self._on_written)
        field.left.connect(self._end)
        field.set_theme(self._theme)
        self.words.hide()
        self._column.insertWidget(max(self._column.indexOf(self.words), 0), field)
        self._field = field
        field.selectAll()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_written(self, text: str) -> None:
        if text != self.comment.text:
            self.rewritten.emit(self.comment.id, text)

    def _end(self) -> None:
        if self._field is not None:
            self._field.hide()
            self._field.deleteLater()
            self._field = None
            self.words.show()
            self.left.emit()


def said_by(comment: Comment) -> str:
    """Return who wrote a comment, as what, and how long ago."""
    name, age = comment.author or tr("Somebody"), age_in_words(comment.time)
    match comment.extra.get(ANSWER):
        case Answer.UNDERSTOOD:
            return tr("{name} understood the decision, {age}", name=name, age=age)
        case Answer.CONTESTED:
            return tr("{name} contests the decision, {age}", name=name, age=age)
        case Answer.ASKED:
            return tr("{name} asks about the decision, {age}", name=name, age=age)
    if RETURNED in comment.extra:
        return tr("{name} sent this label back, {age}", name=name, age=age)
    return tr("{name}, {age}", name=name, age=age)
