"""The right dock of the review: the case as a question, and what helps to answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.details.guideline_view import GuidelineView, in_paragraphs, paragraph
from annotator.gui.details.intents import Places, words
from annotator.gui.icons import icon
from annotator.gui.pane import Pane
from annotator.gui.parts import Hairline, Themed, dress, key_text, label, px, scale
from annotator.gui.review.comments import Comments
from annotator.gui.review.decided_before import DecidedBefore
from annotator.gui.review.precedents import Precedents
from annotator.gui.review.sitting import Sitting
from annotator.gui.review.variant_card import VariantCard
from annotator.gui.review.wording import agreeing, decision_title, group_icon, lacking
from annotator.gui.theme import Theme
from annotator.model import Fragment, Layer, Span
from annotator.review.cases import About, Case, Choice, Review, Standing, group_of
from annotator.review.conflicts import Kind
from annotator.review.differing import Difference, Run, differences
from annotator.review.verdicts import WORDS, reason_shown
from annotator.review.wording import heading, question
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.scheme import Label, Scheme

SIDE_BY_SIDE = 320
"""Width from which two variants stand beside each other, at a text size of 100 %."""
SPARE = 12
"""Cards that are kept for cases to come: to make one takes longer than to show one."""


class CasePane(Pane):
    """Question, variants, what agrees, decisions before, guideline, comments."""

    chosen = Signal(int)
    """Number of a variant that is to be taken, from 1."""

    def __init__(
        self,
        workspace: Workspace,
        sitting: Sitting,
        theme: Theme,
        key_of: Callable[[str], str],
    ) -> None:
        super().__init__(theme, "panel.case", tr("Case"), ground="side")
        self._key_of = key_of
        self._workspace = workspace
        self._sitting = sitting
        self._places = Places()
        self._cards: list[VariantCard] = []
        self._spare: list[VariantCard] = []
        self._scheme: Scheme | None = None
        self._guidelines: dict[str, GuidelineView] = {}
        """The guidelines that were looked at, by label; all of one scheme."""
        self.comments = Comments(workspace, theme)
        """The threads about the case."""
        self.precedents = Precedents(workspace, sitting)
        self.before = DecidedBefore(theme)
        """What was decided before on the same words."""
        self._build()
        self.precedents.changed.connect(self._show_before)
        self.before.asked.connect(sitting.go_to_place)
        sitting.moved.connect(self.refresh)

    def _build(self) -> None:
        self._icon = QLabel()
        self.heading = label(size=15, weight=600)
        self.heading.setObjectName("text.question")
        self.heading.setWordWrap(True)
        self.heading.setMinimumWidth(1)
        self.where = paragraph("", "muted", size=13)
        self.where.setObjectName("text.case")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.heading, 1)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 14, 0, 16)
        self._column.setSpacing(12)
        top = QVBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(8)
        top.addLayout(head)
        top.addWidget(self.where)
        self._column.addLayout(top)
        self._variants = QGridLayout()
        self._variants.setContentsMargins(16, 0, 16, 0)
        self._variants.setSpacing(10)
        self._column.addLayout(self._variants)
        self._alike, self._decided = _Ticked(self.theme), _Ticked(self.theme)
        said = QVBoxLayout()
        said.setSpacing(12)
        said.addWidget(self._alike)
        said.addWidget(self._decided)
        self._column.addLayout(said)
        self._column.addWidget(self.before)
        self._rest = QVBoxLayout()
        self._rest.setSpacing(12)
        self._guideline_rule = Hairline(self.theme)
        self._guideline_rule.hide()
        self._rest.addWidget(self._guideline_rule)
        self._column.addLayout(self._rest)
        self._comments_rule = Hairline(self.theme)
        self._column.addWidget(self._comments_rule)
        threads = QVBoxLayout()
        threads.setContentsMargins(16, 0, 16, 0)
        threads.addWidget(self.comments)
        self._column.addLayout(threads)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidget(self._body)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    # -- what is shown -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the case at hand."""
        with self._laid_out_once():
            self._show_case()
        self._workspace.afterwards.show(self, self._show_rest)

    @contextmanager
    def _laid_out_once(self) -> Iterator[None]:
        """Lay all of it out after the block, and not for each widget that is shown in it."""
        self._column.setEnabled(False)
        try:
            yield
        finally:
            self._column.setEnabled(True)
            self._column.update()

    def _show_rest(self) -> None:
        """Show what helps to answer, which may come after the question."""
        found, case = self._sitting.found, self._sitting.case
        with self._laid_out_once():
            self._show_comments(found, case)
            self._show_before()
            self._show_guideline(found, case)
        self.precedents.ask()

    def _show_case(self) -> None:
        found, case = self._sitting.found, self._sitting.case
        self._icon.setVisible(case is not None)
        if found is None or case is None:
            self._put_by(self._cards)
            self._cards = []
            self._alike.show_line("")
            self._decided.show_line("")
            self._show_none()
            return
        self.heading.setText(question(case, found.scheme))
        side = px(16)
        picture = icon(group_icon(group_of(case)), self.theme.accent, side)
        self._icon.setPixmap(picture.pixmap(side, side))
        self._icon.setContentsMargins(0, px(3), 0, 0)
        self.where.setText(self._where(found, case))
        self._show_variants(found, case)
        self._show_decision(found, case)
        self._area.verticalScrollBar().setValue(0)

    def _show_none(self) -> None:
        """Say why there is no case, and what can be done."""
        if self._sitting.looking:
            self.heading.setText(tr("Comparing the readers …"))
            self.where.setText(tr("The article can be read meanwhile."))
            return
        found = self._sitting.found
        heading, said = tr("No case is open"), ""
        if found is not None and self._sitting.naming.is_kept_from(found.annotated):
            heading = tr("Hand in your own labels first")
            said = tr("You label this article without seeing what others mark in it.")
        elif found is None or not found.layers:
            heading = tr("Nothing to review here")
            said = tr("Nobody has handed this article in yet.")
        elif len(found.layers) == 1 and not found.alignment.spans:
            said = tr("One person has labelled this article. There is nothing to compare yet.")
        elif found.gold.is_frozen:
            heading = tr("This article is finished")
            version = found.gold.version
            finish = key_text(self._key_of("review.finish"))
            said = tr("Gold version {n} is frozen. {key} opens it again.", n=version, key=finish)
        elif not found.standing(Standing.OPEN):
            heading = tr("Everything here is decided")
            said = tr("{key} finishes the article.", key=key_text(self._key_of("review.finish")))
        if self._sitting.count(Standing.OPEN):
            key = key_text(self._key_of("review.next"))
            step = tr("Choose a case in the queue, or press {key} for the next one.", key=key)
            said = f"{said} {step}".strip()
        self.heading.setText(heading)
        self.where.setText(said)

    def _put_by(self, cards: Sequence[VariantCard]) -> None:
        """Hide cards, and keep some of them for other cases."""
        for card in cards:
            card.hide()
        self._spare = [*cards, *self._spare]
        self._drop(self._spare[SPARE:])
        del self._spare[SPARE:]

    def _drop(self, cards: Sequence[VariantCard]) -> None:
        for card in cards:
            card.hide()
            card.setParent(None)
            card.deleteLater()

    def _where(self, found: Review, case: Case) -> str:
        names = self._sitting.naming.names(found)
        place = self._places.paragraph(found.annotated.article, case.place.start)
        parts = [heading(group_of(case)), place] if case.about != About.ARTICLE else []
        said = ", ".join(filter(None, parts))
        people = [", ".join(names[one.layer_id] for one in c.variants) for c in case.choices]
        if len(found.layers) == 1 and case.about != About.ARTICLE:
            (name,) = names.values()
            return tr("{where}. Only {name} has labelled this article.", where=said, name=name)
        if len(people) > 1:
            last = tr("{names} and {last}", names=", ".join(people[:-1]), last=people[-1])
            return tr("{where}. {people} differ.", where=said, people=last)
        missing = lacking(case, names)
        return f"{said}. {missing}".strip()

    def _show_variants(self, found: Review, case: Case) -> None:
        naming = self._sitting.naming
        names, initials = naming.names(found), naming.initials(found)
        shown = differences(found, case)
        before, self._cards = self._cards, []
        for number, one in enumerate(shown, start=1):
            ids = one.choice.layer_ids
            people = {names[key]: initials[key] for key in ids}
            key = self._key_of(f"review.take.{number}") if len(shown) > 1 else ""
            card = self._card(before[number - 1 : number], key, people, one)
            card.show_number(number)
            card.words.show_runs(_runs(found, one), stops=_stops(case, one.choice))
            self._cards.append(card)
        self._put_by([card for card in before if card not in self._cards])
        self._arrange()
        for card in self._cards:
            card.show()
        if self._cards != before:
            for card, following in pairwise(self._cards):
                QWidget.setTabOrder(card, following)
        self._alike.show_line(agreeing(case, shown, found.scheme))

    def _card(
        self, here: Sequence[VariantCard], key: str, people: Mapping[str, str], one: Difference
    ) -> VariantCard:
        """Return a card that shows a variant: the one *here*, one that was put by, or a new one."""
        for card in (*here, *self._spare):
            # One with the keyboard goes: Enter pressed twice would decide on two cases.
            if not card.hasFocus() and card.show_variant(key, people, one):
                if card not in here:
                    self._spare.remove(card)
                return card
        made = VariantCard(self.theme, key, people, one)
        made.taken.connect(self.chosen)
        dress(made, self.theme)
        return made

    def _arrange(self) -> None:
        """Put two variants beside each other where there is room, else one above the other."""
        wide = self.width() >= SIDE_BY_SIDE * scale()
        columns = 2 if wide and len(self._cards) == 2 else 1
        while self._variants.count():
            self._variants.takeAt(0)
        for at, card in enumerate(self._cards):
            self._variants.addWidget(card, at // columns, at % columns)
        self._variants.setColumnStretch(0, 1)
        self._variants.setColumnStretch(1, columns - 1)

    def _show_decision(self, found: Review, case: Case) -> None:
        if case.standing != Standing.DECIDED and not case.verdicts:
            self._decided.show_line("")
            return
        decided = decision_title(case.decision)
        verdict = case.verdicts[0]
        reasons = dict.fromkeys(reason_shown(one.reason) for one in case.verdicts if one.reason)
        own = [str(one.extra[WORDS]) for one in case.verdicts if one.extra.get(WORDS)]
        said = tr("Decided by {name}: {decision}", name=verdict.author, decision=decided)
        why = ", ".join([*reasons, *dict.fromkeys(own)])
        self._decided.show_line(f"{said}. {why}" if why else said)

    def _show_before(self) -> None:
        case = self._sitting.case
        self.before.show_rows([] if case is None else self.precedents.before(case))

    def _show_guideline(self, found: Review | None, case: Case | None) -> None:
        item = None if found is None or case is None else found.scheme.label(case.label)
        wanted = None
        if found is not None and item is not None and (item.definition or item.guideline):
            wanted = self._guideline_of(found.scheme, item)
        for view in self._guidelines.values():
            view.setVisible(view is wanted)
        self._guideline_rule.setVisible(wanted is not None)

    def _guideline_of(self, scheme: Scheme, item: Label) -> GuidelineView:
        """Return the guideline of a label, folded; built once for as long as the scheme holds."""
        if scheme is not self._scheme:
            for view in self._guidelines.values():
                view.setParent(None)
                view.deleteLater()
            self._guidelines, self._scheme = {}, scheme
        view = self._guidelines.get(item.name) or GuidelineView(scheme, item, self.theme)
        if item.name not in self._guidelines:
            self._guidelines[item.name] = view
            dress(view, self.theme)
            self._rest.addWidget(view)
        elif view.unfolded:
            view.toggle()
        return view

    def _show_comments(self, found: Review | None, case: Case | None) -> None:
        there = found is not None and case is not None
        self.comments.setVisible(there)
        self._comments_rule.setVisible(there)
        if found is None or case is None:
            self.comments.show_nothing()
            return
        record = next((one for one in case.records if not isinstance(one, Layer)), None)
        if record is None:
            self.comments.show_record(found.article_id, found.gold.layer.id, found.article_id)
        else:
            self.comments.show_record(found.article_id, record.layer_id, record.id)

    # -- the window ----------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Put the keyboard on the first variant."""
        first = self._cards[0] if self._cards else self
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def sizeHint(self) -> QSize:
        return QSize(px(360), px(640))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(296), px(200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._drop([*self._cards, *self._spare])
        self._cards, self._spare = [], []
        if self._workspace.is_open:
            self.refresh()


class _Ticked(Themed, QWidget):
    """A muted line after a tick; nothing at all where there is no line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._mark = QLabel()
        self._text = paragraph("", "muted", size=13)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.set_theme(theme)
        self.hide()

    def show_line(self, line: str) -> None:
        """Show *line* from now on."""
        self._text.setText(in_paragraphs(line))
        self._text.setAccessibleName(line)
        self.setVisible(bool(line))

    def set_theme(self, theme: Theme) -> None:
        Themed.set_theme(self, theme)
        side = px(14)
        self._mark.setPixmap(icon("check", theme.muted, side).pixmap(side, side))
        self._mark.setContentsMargins(0, px(2), 0, 0)


def _runs(found: Review, one: Difference) -> tuple[Run, ...]:
    """Return the words of a variant; of a relation, from where to where it leads."""
    tie = one.choice.relation
    if tie is None:
        return one.runs
    nowhere = Fragment(0, 0)
    source = found.annotated.spans.get(tie.source)
    begin = "" if source is None else f"{words(source)} → "
    entity = found.annotated.entities.get(tie.target_entity or "")
    end = () if entity is None else (Run(nowhere, entity.name, False),)
    return (Run(nowhere, begin, False), *one.runs, *end)


def _stops(case: Case, choice: Choice) -> bool:
    """Whether a variant ends before others do: a stroke stands there."""
    if case.about != About.SPAN or case.kind != Kind.BOUNDARY:
        return False
    ends = [_last(one).end for one in case.choices]
    return _last(choice).end < max(ends)


def _last(choice: Choice) -> Span:
    return choice.spans[0]
