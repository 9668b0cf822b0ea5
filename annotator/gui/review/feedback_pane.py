"""One decision on one's own label: what it was, what became of it, why, and what can be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.details.guideline_view import GuidelineView, paragraph
from annotator.gui.details.intents import Places, colour_of, title, value_text
from annotator.gui.parts import Avatar, Chip, Elided, Hairline, Themed, dress, label, px
from annotator.gui.review.ages import age_in_words
from annotator.gui.review.comments import Comments
from annotator.gui.review.variant_card import Words
from annotator.gui.theme import Theme
from annotator.model import Layer, Relation, Span
from annotator.review.differing import Run
from annotator.review.feedback import Comparison, Fact, Feedback, compared
from annotator.review.remarks import home_of
from annotator.review.verdicts import WORDS, Decision, reason_shown, record_of
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.workspace import Workspace

NARROW = 420
"""Width under which the two sides stand one above the other."""


def decision_words(item: Feedback) -> str:
    """Say what was decided, and why."""
    decision = item.verdict.decision
    words = {
        Decision.CORRECTED: tr("Corrected"),
        Decision.REJECTED: tr("Left out"),
        Decision.ACCEPTED: tr("Accepted"),
        Decision.ESCALATED: tr("Left to somebody else"),
        Decision.SKIPPED: tr("Not decided yet"),
        Decision.MISSED: tr("You have not marked this"),
    }.get(decision, decision)
    if decision == Decision.MISSED:
        return words
    reason = reason_shown(item.verdict.reason) if item.verdict.reason else ""
    return tr("{what}: {words}", what=words, words=reason) if reason else words


class SideCard(Themed, QFrame):
    """What one side says: a heading, the words, the values that differ."""

    def __init__(self, theme: Theme, heading: str, who: str) -> None:
        super().__init__()
        self.theme = theme
        self._heading = heading
        head = QHBoxLayout()
        head.setContentsMargins(10, 8, 10, 8)
        head.setSpacing(8)
        if who:
            head.addWidget(Avatar(theme, who))
        head.addWidget(label(heading, 13, 500), 1)
        self.words = Words(theme)
        self._said = paragraph("", "muted", size=13)
        self._said.setContentsMargins(0, 3, 0, 0)
        self._facts = QGridLayout()
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        body = QVBoxLayout()
        body.setContentsMargins(10, 8, 10, 10)
        body.addWidget(self.words)
        body.addWidget(self._said)
        body.addLayout(self._facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline(theme))
        column.addLayout(body)
        column.addStretch(1)

    def show_runs(self, runs: tuple[Run, ...], *, stops: bool, instead: str = "") -> None:
        """Show the words; *instead* where there are none."""
        self.words.setVisible(bool(runs))
        self.words.show_runs(runs, stops=stops)
        self._said.setText(instead)
        self._said.setVisible(not runs)
        spoken = "".join(run.text for run in runs) or instead
        self.setAccessibleName(f"{self._heading}: {' '.join(spoken.split())}")

    def add_fact(self, name: str, value: str) -> None:
        """Show a value that the other side does not have."""
        row = self._facts.rowCount()
        self._facts.addWidget(label(name, 12, tone="muted"), row, 0)
        shown = Elided(value, 12, 600)
        shown.setAccessibleName(f"{name}: {value}")
        self._facts.addWidget(shown, row, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self.theme.frame, 1))
            painter.setBrush(self.theme.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        finally:
            painter.end()


class FeedbackPane(Themed, QWidget):
    """Everything about one decision; nothing in it changes the label."""

    left = Signal()

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("pane.feedback")
        self._workspace = workspace
        self._places = Places()
        self._cards: list[SideCard] = []
        self._guideline: GuidelineView | None = None
        self._build()

    def _build(self) -> None:
        self.chip = Chip(self.theme)
        self.where = Elided("", 13)
        self.where.setProperty("tone", "muted")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.chip)
        row.addWidget(self.where, 1)
        self.heading = label(size=15, weight=600)
        self.heading.setObjectName("text.decision")
        self.heading.setWordWrap(True)
        self.who = label(size=12, tone="muted")
        self.who.setObjectName("text.decided_by")
        self.words = paragraph("", size=13)
        self.words.setObjectName("text.reviewer_words")
        self.news = paragraph("", "accent", 500, 13)
        self.news.setObjectName("text.news")
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(12)
        self.comments = Comments(self._workspace, self.theme)
        self.comments.left.connect(self.left)
        top = QVBoxLayout()
        top.setContentsMargins(24, 20, 24, 0)
        top.setSpacing(12)
        top.addLayout(row)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.heading)
        head.addWidget(self.who)
        top.addLayout(head)
        top.addWidget(self.news)
        top.addWidget(self.words)
        top.addLayout(self._sides)
        self._edge = Hairline(self.theme)
        below = QVBoxLayout()
        below.setContentsMargins(24, 0, 24, 24)
        below.setSpacing(12)
        below.addWidget(self._edge)
        below.addWidget(self.comments)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addLayout(top)
        self._place_of_guideline = self._column.count()
        self._column.addLayout(below)
        self._column.addStretch(1)

    # -- what is shown -----------------------------------------------------------------------

    def show_item(self, item: Feedback, annotated: Annotated | None) -> None:
        """Show a decision; *annotated* is its article, None where that is gone."""
        verdict = item.verdict
        record = None if annotated is None else record_of(annotated, verdict.record_id)
        self.heading.setText(decision_words(item))
        age = age_in_words(verdict.time) if verdict.time else ""
        self.who.setText(", ".join(filter(None, (verdict.author, age))))
        own = verdict.extra.get(WORDS)
        self.words.setText(own if isinstance(own, str) else "")
        self.words.setVisible(bool(self.words.text()))
        self.news.setText(self._news(item))
        self.news.setVisible(bool(self.news.text()))
        self._show_place(annotated, record)
        self._show_sides(item, annotated)
        self._show_guideline(record)
        if annotated is None or record is None:
            self.comments.show_nothing()
        else:
            about = home_of(annotated, verdict)
            self.comments.show_record(annotated.article.id, verdict.layer_id, about)
        for widget in (self._edge, self.comments):
            widget.setVisible(self.comments.has_comments)

    def _news(self, item: Feedback) -> str:
        if item.decided_again:
            return tr("The reviewer has decided again after your answer.")
        if item.replied is not None:
            return tr("{name} has replied to you.", name=item.replied.author)
        return ""

    def _show_place(
        self, annotated: Annotated | None, record: Span | Relation | Layer | None
    ) -> None:
        name = "" if record is None or isinstance(record, Layer) else record.label
        self.chip.setVisible(bool(name))
        if name:
            source = "" if not isinstance(record, Relation) or annotated is None else record.source
            begun = None if annotated is None else annotated.spans.get(source)
            shown = name if begun is None else begun.label
            self.chip.show_label(name, colour_of(self._workspace.scheme, shown))
        if annotated is None:
            self.where.setText(tr("The article is not in the project any more."))
            return
        span = record if isinstance(record, Span) else None
        if isinstance(record, Relation):
            span = annotated.spans.get(record.source)
        place = "" if span is None else self._places.paragraph(annotated.article, span.start)
        name = annotated.article.title or tr("Without a title")
        self.where.setText(", ".join(filter(None, (place, name))))

    def _show_sides(self, item: Feedback, annotated: Annotated | None) -> None:
        while (taken := self._sides.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._cards = []
        found = (
            None if annotated is None else compared(annotated, item.verdict, self._workspace.scheme)
        )
        if found is None:
            gone = paragraph(tr("Your label is not there any more."), "muted", size=13)
            self._sides.addWidget(gone)
            dress(gone, self.theme)
            return
        mine = SideCard(self.theme, tr("Your label"), self._workspace.project.author)
        decided_by = item.verdict.author or tr("Gold")
        theirs = SideCard(self.theme, self._after_heading(item), decided_by)
        self._fill(mine, theirs, found, item)
        for card in (mine, theirs):
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self._sides.addWidget(card, 1)
            self._cards.append(card)
            dress(card, self.theme)
        self._arrange()

    def _after_heading(self, item: Feedback) -> str:
        headings = {Decision.CORRECTED: tr("Now"), Decision.MISSED: tr("In gold")}
        return headings.get(item.verdict.decision) or tr("Decided")

    def _fill(self, mine: SideCard, theirs: SideCard, found: Comparison, item: Feedback) -> None:
        instead = {
            Decision.REJECTED: tr("Left out"),
            Decision.CORRECTED: tr("Nothing stands in its place."),
        }.get(item.verdict.decision, tr("Kept as it is"))
        mine.show_runs(
            found.before, stops=_stops(found.before, found.after), instead=tr("Not marked")
        )
        theirs.show_runs(found.after, stops=_stops(found.after, found.before), instead=instead)
        for fact in found.facts:
            name = self._fact_name(fact)
            mine.add_fact(name, _value(fact.before))
            theirs.add_fact(name, _value(fact.after))

    def _fact_name(self, fact: Fact) -> str:
        known = {
            "label": tr("Label"),
            "entity": tr("Who or where"),
            "target": tr("Leads to"),
        }
        return known.get(fact.name) or title(fact.name)

    def _show_guideline(self, record: Span | Relation | Layer | None) -> None:
        if self._guideline is not None:
            self._guideline.hide()
            self._guideline.deleteLater()
            self._guideline = None
        scheme = self._workspace.scheme
        item = scheme.label(record.label) if isinstance(record, Span) else None
        if item is not None:
            self._guideline = GuidelineView(scheme, item, self.theme, inset=24)
            self._column.insertWidget(self._place_of_guideline, self._guideline)
            dress(self._guideline, self.theme)

    @property
    def cards(self) -> list[SideCard]:
        """The two sides, one's own first; none where the label is gone."""
        return self._cards

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < px(NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(way)


def _stops(runs: tuple[Run, ...], other: tuple[Run, ...]) -> bool:
    """Say whether the other side goes on where this one ends."""
    return bool(runs and other) and runs[-1].place.end < other[-1].place.end


def _value(value: object) -> str:
    if isinstance(value, frozenset | list | tuple):
        return ", ".join(sorted(map(str, value))) or tr("not set")
    return value_text(value) or tr("not set")
