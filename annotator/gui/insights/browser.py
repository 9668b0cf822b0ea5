"""The places behind a number: cases of disagreement with all variants, or mentions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from annotator.agreement.cases import Case, Only, Question, Variant
from annotator.agreement.measures import ALL, About
from annotator.gui.controls import IconButton
from annotator.gui.insights.agreement_tables import attribute_in_words, value_in_words
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.insights.variants import Variants
from annotator.gui.insights.words import kind_in_words, scenario_in_words
from annotator.gui.parts import Hairline, Themed, dress, label, px
from annotator.gui.theme import Theme
from annotator.model import Fragment, Span
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.insights.reading import CaseList, Spot
    from annotator.scheme import Scheme

Place = tuple[str, Fragment]
"""An article and where to look in it."""


class Browser(Themed, QWidget):
    """A list of places; Enter opens the article there, Escape goes back."""

    place_wanted = Signal(str, object)
    back_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("page.insights.cases")
        self.setAccessibleName(tr("Cases"))
        self.back = IconButton("arrow-left", tr("Back to the figures"), key="Esc")
        self.back.setObjectName("button.back_to_figures")
        self.back.clicked.connect(self.back_wanted)
        self.title = label(size=15, weight=600)
        self.title.setObjectName("words.cases")
        self.second = label(size=12, tone="muted")
        self.second.setWordWrap(True)
        self.sheet = Sheet(theme, "table.cases", tr("Cases"), height=32)
        self.sheet.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.sheet.scroll_by_itself()
        self.sheet.opened.connect(self._open)
        self.sheet.opens_by_click = False
        self.sheet.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.variants = Variants(theme)
        self._below = QScrollArea()
        self._below.setFrameShape(QScrollArea.Shape.NoFrame)
        self._below.setWidgetResizable(True)
        self._below.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._below.setWidget(self.variants)
        self._cases: list[Case] = []
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.back)
        head.addWidget(self.title)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.second)
        column.addWidget(self.sheet, 1)
        self._line = Hairline(theme)
        column.addWidget(self._line)
        column.addWidget(self._below)
        column.addStretch(0)

    def _show_current(self) -> None:
        row = self.sheet.currentIndex().row()
        here = self._cases[row] if 0 <= row < len(self._cases) else None
        self.variants.show_variants(() if here is None else here.variants)
        self._below.setVisible(here is not None)
        self._below.setFixedHeight(min(self.variants.heightForWidth(self.width()), px(220)))

    def wait_for(self, title: str) -> None:
        """Say that the list is on its way."""
        self._cases = []
        self.title.setText(title)
        self.second.setText(tr("Looking for the places"))
        self.sheet.show_rows((), ())

    def advance(self, done: int, total: int) -> None:
        """Say how many articles were looked through."""
        self.second.setText(
            tr("{done} of {total} articles", done=number(done), total=number(total))
        )

    def say(self, words: str) -> None:
        """Say why there is no list."""
        self.second.setText(words)

    def show_cases(self, found: CaseList, question: Question, scheme: Scheme) -> None:
        """Show what people say differently, a column for each."""
        self._cases = found.cases
        people = sorted({one.author for case in found.cases for one in case.variants})
        columns = [Column(tr("Article"), width=170), Column(tr("What differs"), width=150)]
        columns += [Column(name, width=160, stretch=True) for name in people]
        rows = []
        for case in found.cases:
            opens: Place = (case.article_id, case.place)
            by_person = {one.author: one for one in case.variants}
            rows.append(
                [
                    Cell(text=case.title, opens=opens),
                    Cell(text=_kinds(case), muted=True, opens=opens),
                    *(_variant(by_person.get(name), scheme, opens) for name in people),
                ]
            )
        self._show(columns, rows)
        total = len(found.cases) + found.more
        nothing = tr("No places.") if question.only else tr("No cases: all agree.")
        words = tr_n(total, "{n} case.", "{n} cases.") if total else nothing
        if found.more:
            words += " " + tr("The first {n} are listed.", n=number(len(found.cases)))
        if total:
            words += " " + tr("Enter opens the article at the place.")
        self.second.setText(words)

    def show_spots(self, found: Sequence[Spot], scheme: Scheme) -> None:
        """Show where spans are."""
        self._cases = []
        columns = [
            Column(tr("Article"), width=220),
            Column(tr("Label"), width=130),
            Column(tr("Words"), width=240, stretch=True),
        ]
        rows = []
        for one in found:
            opens: Place = (one.article_id, Fragment(one.span.start, one.span.end))
            rows.append(
                [
                    Cell(text=one.title, opens=opens),
                    Cell(text=one.span.label, colour=_colour(scheme, one.span.label), opens=opens),
                    Cell(text=_words(one.span), opens=opens),
                ]
            )
        self._show(columns, rows)
        words = tr_n(len(found), "{n} place.", "{n} places.")
        self.second.setText(f"{words} {tr('Enter opens the article at the place.')}")

    def _show(self, columns: list[Column], rows: list[list[Cell]]) -> None:
        self.sheet.show_rows(columns, rows)
        if rows:
            self.sheet.setCurrentIndex(self.sheet.sheet.index(0, 0))
        self._show_current()
        dress(self, self.theme)
        for part in (self.sheet, self._line):
            part.setVisible(bool(rows))
        (self.sheet if rows else self.back).setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, place: Place) -> None:
        self.place_wanted.emit(*place)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.page)
        self._below.setPalette(palette)
        self.variants.setPalette(palette)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)


def _colour(scheme: Scheme, name: str) -> str:
    known = scheme.label(name)
    return "grey" if known is None else known.colour


def _words(span: Span) -> str:
    return " … ".join(span.text)


def _kinds(case: Case) -> str:
    return ", ".join(dict.fromkeys(kind_in_words(kind) for kind in case.kinds))


def _variant(own: Variant | None, scheme: Scheme, opens: Place) -> Cell:
    if own is None:
        return Cell(opens=opens)
    if not own.label:
        return Cell(text=tr("nothing"), muted=True, opens=opens)
    first = own.label.split(" + ", maxsplit=1)[0]
    known = scheme.label(first)
    return Cell(
        text=own.detail or own.words,
        second=own.words if own.detail else "",
        shows_ends=not own.detail,
        colour="" if known is None else known.colour,
        icon="link" if known is None and scheme.relation(first) is not None else "",
        hint=f"{own.label}: {own.words}",
        opens=opens,
    )


def title_of(question: Question) -> str:
    """Say whose and which cases are listed."""
    name = "" if question.name == ALL else question.name
    if question.about is About.ATTRIBUTES:
        name = attribute_in_words(question.name)
    parts = [name.replace("_", " ")] if name else []
    parts += [" – ".join(question.authors)] if question.authors else []
    if question.only is not None:
        parts.append(_only_in_words(question.only))
    elif question.outcomes:
        outcomes = ", ".join(_OUTCOMES[one] for one in question.outcomes)
        parts.append(f"{scenario_in_words(question.scenario)}: {outcomes}")
    elif question.values:
        parts.append(" / ".join(_said(value) for value in question.values))
    elif question.about is About.LABELS:
        parts.append(tr("overlap counts") if question.overlap else tr("exact borders"))
    elif question.given_spans:
        parts.append(tr("given the labels"))
    elif question.about is About.ENTITIES:
        parts.append(tr("who or where is meant"))
    return tr("Cases: {what}", what=", ".join(parts)) if parts else tr("Cases")


def _only_in_words(only: Only) -> str:
    return {
        Only.EVERY: tr("all that was counted"),
        Only.PAIRS: tr("the same label over each other"),
        Only.LABEL: tr("different ones in the same place"),
        Only.SINGLE: tr("the only label of somebody"),
        Only.SPLIT: tr("one or several are meant"),
        Only.TEXT: tr("left out, made with different texts"),
        Only.SCHEME: tr("left out, made with different schemes"),
    }[only]


def _said(value: object) -> str:
    known = value is None or isinstance(value, str | bool | frozenset)
    return value_in_words(value) if known else str(value)


_OUTCOMES = {
    "correct": "COR",
    "incorrect": "INC",
    "partial": "PAR",
    "missing": "MIS",
    "spurious": "SPU",
}
