"""The inbox of an annotator: what was changed of one's labels, why, and the answer to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.article.over_scroll import OverScroll
from annotator.gui.controls import FilterButton, Flow
from annotator.gui.details.intents import colour_of, do, words
from annotator.gui.page_keys import PageKeys
from annotator.gui.pane import Pane
from annotator.gui.parts import Hairline, Themed, label, px, type_font
from annotator.gui.review.comment_row import CommentField
from annotator.gui.review.feedback_pane import FeedbackPane, decision_words
from annotator.gui.review.inbox_items import InboxItems
from annotator.gui.review.key_bar import KeyBar
from annotator.gui.review.key_button import KeyButton
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Fragment, Layer, Relation
from annotator.review import remarks
from annotator.review.feedback import Feedback, State, by_reason
from annotator.review.verdicts import Answer, Decision, reason_shown, record_of
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace

MOST_REASONS = 6


class InboxModel(RowModel):
    """The decisions in one state, newest first."""

    def __init__(self, workspace: Workspace, items: InboxItems, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._items = items
        self._shown: dict[str, Feedback] = {}

    def show_items(self, items: list[Feedback]) -> None:
        """Show *items* in place of others."""
        self._shown = {item.verdict.id: item for item in items}
        self.show_keys(list(self._shown))

    def item(self, key: str | None) -> Feedback | None:
        """Return the decision with this key."""
        return self._shown.get(key or "")

    def row(self, key: str) -> Row | None:
        item = self._shown.get(key)
        if item is None:
            return None
        annotated = self._items.annotated(item.verdict.article_id)
        record = None if annotated is None else record_of(annotated, item.verdict.record_id)
        if annotated is None or record is None:
            return Row(text=tr("A label that is gone"), second=decision_words(item), icon="trash")
        if isinstance(record, Layer):
            name = annotated.article.title or tr("Without a title")
            return Row(text=name, second=decision_words(item), icon="document")
        span = annotated.spans.get(record.source) if isinstance(record, Relation) else record
        text = "" if span is None else words(span)
        if isinstance(record, Relation):
            target = annotated.spans.get(record.target or "")
            text = f"{text} → {'' if target is None else words(target)}"
        colour = "grey" if span is None else colour_of(self._workspace.scheme, span.label)
        return Row(text=text, second=decision_words(item), colour=colour)


class ReasonBars(Themed, QWidget):
    """How often each reason was given, as bars."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("chart.reasons")
        self.setAccessibleName(tr("Reasons"))
        self.counts: list[tuple[str, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: list[tuple[str, int]]) -> None:
        """Show reasons with their numbers, the commonest first."""
        self.counts = [(reason_shown(name) if name else tr("No reason"), n) for name, n in counts]
        said = ", ".join(f"{name} {number(n)}" for name, n in self.counts)
        self.setAccessibleDescription(said)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(22) * min(len(self.counts), MOST_REASONS))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setFont(type_font(12))
            metrics = QFontMetrics(type_font(12))
            most = max((n for _, n in self.counts), default=1)
            middle = round(self.width() * 0.5)
            room = self.width() - middle - px(28)
            for at, (name, n) in enumerate(self.counts[:MOST_REASONS]):
                top = at * px(22)
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, middle - 8)
                flags = Qt.AlignmentFlag.AlignVCenter
                painter.setPen(self.theme.ink)
                painter.drawText(0, top, middle, px(22), flags, text)
                width = max(2, round(room * n / most))
                painter.fillRect(middle, top + px(7), width, px(8), self.theme.accent)
                painter.setPen(self.theme.muted)
                right = flags | Qt.AlignmentFlag.AlignRight
                painter.drawText(0, top, self.width(), px(22), right, number(n))
        finally:
            painter.end()


class Inbox(Pane):
    """Decisions at the left, the one at hand at the right, and what can be answered below it."""

    place_wanted = Signal(str, str, object)
    """Ids of an article and of a record in it, and where that stands."""

    def __init__(
        self, workspace: Workspace, items: InboxItems, commands: Actions, theme: Theme
    ) -> None:
        super().__init__(theme, "page.inbox", tr("Decisions on my labels"))
        self._keys = PageKeys(commands, self, "inbox")
        self._workspace = workspace
        self._items = items
        self._state = State.OPEN
        self._kind = ""
        self._build()
        self._keys.on("next", partial(self.step, 1))
        self._keys.on("previous", partial(self.step, -1))
        items.changed.connect(self._on_items)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.side = self._build_side()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(Hairline(self.theme, vertical=True))
        row.addWidget(self._build_main(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self._build_bar())

    def _build_side(self) -> QWidget:
        side = QWidget()
        heading = label(tr("Decisions on my labels"), 15, 600)
        heading.setContentsMargins(5, 0, 0, 0)
        heading.setWordWrap(True)
        self.filters: dict[State, FilterButton] = {}
        filters = QWidget()
        flow = Flow(filters, gap=2)
        names = {
            State.OPEN: tr("To look at"),
            State.WAITING: tr("Waiting"),
            State.DONE: tr("Done"),
        }
        for state, name in names.items():
            button = FilterButton(self.theme, name)
            button.setObjectName(f"filter.{state}")
            button.clicked.connect(partial(self.show_state, state))
            self.filters[state] = button
            flow.addWidget(button)
        self.model = InboxModel(self._workspace, self._items, self)
        self.rows = Rows(self.theme, self.model, lines=2)
        self.rows.setObjectName("list.inbox")
        self.rows.setAccessibleName(tr("Decisions"))
        self.rows.left.connect(self.left)
        self.rows.chosen.connect(lambda _key: self.open_place())
        self.rows.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        self._edge = Hairline(self.theme)
        self.reasons_heading = label(tr("Why labels were changed"), 11, 600, "muted")
        self.reasons = ReasonBars(self.theme)
        top = QVBoxLayout()
        top.setContentsMargins(11, 14, 11, 4)
        top.setSpacing(8)
        top.addWidget(heading)
        top.addWidget(filters)
        self.why = QWidget()
        bottom = QVBoxLayout(self.why)
        bottom.setContentsMargins(16, 10, 16, 10)
        bottom.setSpacing(4)
        bottom.addWidget(self.reasons_heading)
        bottom.addWidget(self.reasons)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.rows, 1)
        column.addWidget(self._edge)
        column.addWidget(self.why)
        return side

    def _build_main(self) -> QWidget:
        self.pane = FeedbackPane(self._workspace, self.theme)
        self.pane.left.connect(self._focus_rows)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        around = QHBoxLayout(holder)
        around.setContentsMargins(0, 0, 0, 0)
        self.pane.setMaximumWidth(px(820))
        around.addWidget(self.pane, 1)
        self._scroll.setWidget(holder)
        for widget in (self._scroll.viewport(), holder):
            widget.setAutoFillBackground(False)
        OverScroll(self._scroll)
        self.empty = label(size=15, tone="muted")
        self.empty.setObjectName("text.inbox_empty")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(48, 48, 48, 48)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._scroll)
        self._pages.addWidget(self.empty)
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        self.field = CommentField(self.theme, "")
        self.field.setObjectName("field.answer")
        self.field.written.connect(self._send)
        self.field.left.connect(self._leave_field)
        self._answering = QWidget()
        field_row = QVBoxLayout(self._answering)
        field_row.setContentsMargins(16, 8, 16, 12)
        field_row.addWidget(self.field)
        self._answering.hide()
        column.addWidget(self._answering)
        return main

    def _build_bar(self) -> QWidget:
        self.answers: dict[str, KeyButton] = {}
        for kind, text in (
            (Answer.UNDERSTOOD, tr("Understood")),
            (Answer.CONTESTED, tr("Contest")),
            (Answer.ASKED, tr("Ask")),
        ):
            button = self._keys.button(self.theme, text, kind, f"button.{kind}")
            self._keys.on(kind, partial(self.answer, kind))
            self.answers[kind] = button
        self.go = KeyButton(self.theme, tr("Show in the article"), "Return", "button.go_to_place")
        self.go.clicked.connect(self.open_place)
        back = KeyButton(self.theme, tr("Back to the article"), "Esc", "button.back")
        back.clicked.connect(self.left)
        return KeyBar(self.theme, (*self.answers.values(), self.go, back))

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the project anew."""
        self._items.read()
        self._focus_rows()

    def show_state(self, state: State, _on: bool = False) -> None:
        """Show the decisions in one state."""
        self._state = state
        self._on_items()
        self._focus_rows()

    def _on_items(self) -> None:
        key, at = self.rows.current_key, self.rows.currentIndex().row()
        by_state = {state: [i for i in self._items.found if i.state == state] for state in State}
        for state, button in self.filters.items():
            button.setChecked(state == self._state)
            button.set_count(number(len(by_state[state])))
        self.model.show_items(by_state[self._state])
        keys = self.model.keys
        if keys:
            # What was at hand has gone on: the next one comes to its place.
            row = keys.index(key) if key in keys else min(max(at, 0), len(keys) - 1)
            self.rows.setCurrentIndex(self.model.index(row))
        counts = by_reason(self._items.found)
        self.reasons.show_counts(counts)
        for widget in (self.why, self._edge):
            widget.setVisible(bool(counts))
        self.empty.setText(self._nothing(by_state))
        self._show_current()

    def _nothing(self, by_state: dict[State, list[Feedback]]) -> str:
        waiting, done = len(by_state[State.WAITING]), len(by_state[State.DONE])
        if not self._items.found:
            return tr(
                "No decisions on your labels yet. They come here when a reviewer changes one, or "
                "finds one that you have not marked."
            )
        if self._state != State.OPEN:
            return tr("Nothing here.")
        parts = [tr_n(done, "{n} understood", "{n} understood")] if done else []
        if waiting:
            parts.append(tr_n(waiting, "{n} waits for the reviewer", "{n} wait for the reviewer"))
        return tr("Nothing to look at. {rest}.", rest=", ".join(parts))

    @property
    def current(self) -> Feedback | None:
        """The decision at hand."""
        return self.model.item(self.rows.current_key)

    def _show_current(self) -> None:
        item = self.current
        self._pages.setCurrentIndex(0 if item is not None else 1)
        for button in (*self.answers.values(), self.go):
            button.setVisible(item is not None)
        if item is None:
            self._close_field()
            return
        self.pane.show_item(item, self._items.annotated(item.verdict.article_id))
        understood = item.state == State.DONE and not item.decided_again
        self.answers[Answer.UNDERSTOOD].setEnabled(not understood)

    def step(self, by: int) -> None:
        """Go to the next decision, or the one before."""
        row = self.rows.currentIndex().row() + by
        if 0 <= row < len(self.model.keys):
            self.rows.setCurrentIndex(self.model.index(row))
        self._focus_rows()

    def _focus_rows(self) -> None:
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- answering ---------------------------------------------------------------------------

    def answer(self, kind: str) -> None:
        """Say that a decision is understood, or ask for the words of another answer."""
        item = self.current
        if item is None or not self.answers[kind].isEnabled():
            return
        if kind == Answer.UNDERSTOOD:
            self._perform(item, kind, "")
            return
        contest = kind == Answer.CONTESTED
        hint = tr("Why is the decision not right?") if contest else tr("What is not clear?")
        self._kind = kind
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self._answering.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _send(self, text: str) -> None:
        item = self.current
        if item is not None and self._kind and self._perform(item, self._kind, text):
            self.field.setPlainText("")

    def _perform(self, item: Feedback, kind: str, text: str) -> bool:
        annotated = self._items.annotated(item.verdict.article_id)
        if annotated is None:
            self._workspace.note(tr("The article is not in the project any more."))
            return False
        author = self._workspace.project.author
        make = partial(remarks.answer, annotated, item.verdict, kind, text, author)
        if do(self._workspace, make) is None:
            return False
        told = {
            Answer.UNDERSTOOD: tr("Understood. Ctrl Z takes it back."),
            Answer.CONTESTED: tr("Contested. It goes back to the reviewer."),
            Answer.ASKED: tr("Asked. The answer comes here."),
        }
        self._workspace.note(told[kind])
        return True

    def _leave_field(self) -> None:
        self._close_field()
        self._focus_rows()

    def _close_field(self) -> None:
        self._kind = ""
        self._answering.hide()

    # -- the place ---------------------------------------------------------------------------

    def open_place(self) -> None:
        """Show the label where it stands in the article."""
        item = self.current
        annotated = None if item is None else self._items.annotated(item.verdict.article_id)
        if item is None or annotated is None:
            return
        record = record_of(annotated, item.verdict.record_id)
        span = annotated.spans.get(record.source) if isinstance(record, Relation) else record
        missed = item.verdict.decision == Decision.MISSED
        place: Fragment | None = None
        if span is not None and not isinstance(span, Layer):
            place = span.fragments[0]
        span_id = "" if span is None or missed else span.id
        self.place_wanted.emit(annotated.article.id, span_id, place)

    # -- looks -------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.side.setFixedWidth(min(px(360), max(px(240), self.width() // 3)))
        self.pane.setMaximumWidth(px(820))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        try:
            painter.fillRect(self.side.geometry(), self.theme.side)
        finally:
            painter.end()
