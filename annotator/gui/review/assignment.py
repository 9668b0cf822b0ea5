"""Giving out work: who labels and who reviews which article, seen before it is done."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import UserError
from annotator.gui.details.intents import do
from annotator.gui.dialogs import Complaint, Form, lines, typed_lines
from annotator.gui.pane import Pane
from annotator.gui.parts import Hairline, label, px, set_type
from annotator.gui.review.key_bar import KeyBar
from annotator.gui.review.key_button import KeyButton
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Layer, LayerState, now
from annotator.review.assigning import Assignments, Plan, assign, assignment_of, planned
from annotator.translation import number, reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace


class LoadModel(RowModel):
    """A row for each person: how many articles there are to label and to review."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: dict[str, Row] = {}

    def show_load(self, found: Assignments | None) -> None:
        """Show what a plan comes to for each person; nothing for none."""
        labels, reviews = Counter[str](), Counter[str]()
        for one in () if found is None else found.given:
            labels.update(one.annotators)
            reviews.update(filter(None, (one.reviewer, one.adjudicator)))
        self._rows = {}
        for name in sorted({*labels, *reviews}):
            parts = []
            if labels[name]:
                parts.append(tr("{n} to label", n=number(labels[name])))
            if reviews[name]:
                parts.append(tr("{n} to review", n=number(reviews[name])))
            self._rows[name] = Row(text=name, right=", ".join(parts), icon="person")
        self.show_keys(list(self._rows))

    def row(self, key: str) -> Row | None:
        return self._rows.get(key)


class AssignmentPage(Pane):
    """A plan at the left, what it comes to at the right; one button gives the work out."""

    bulk_wanted = Signal()
    """A sample is to be drawn, or work to go to somebody else."""

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__(theme, "page.assignment", tr("Give out work"))
        self._workspace = workspace
        self._layers: list[Layer] = []
        self._ids: list[str] = []
        self.found: Assignments | None = None
        self._build()

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        form = self._build_form()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(form)
        for widget in (scroll.viewport(), form):
            widget.setAutoFillBackground(False)
        right = self._build_preview()
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(scroll, 3)
        body.addWidget(Hairline(self.theme, vertical=True))
        body.addWidget(right, 2)
        heading = label(tr("Give out work"), 15, 600)
        heading.setContentsMargins(16, 14, 16, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addLayout(body, 1)
        column.addWidget(self._build_bar())

    def _build_form(self) -> QWidget:
        self.annotators = lines(self.theme, hint=tr("One name a line"), rows=4)
        self.reviewers = lines(self.theme, hint=tr("One name a line"), rows=2)
        self.adjudicators = lines(self.theme, hint=tr("One name a line"), rows=2)
        self.articles = QComboBox()
        self.articles.addItem(tr("Articles that nobody has yet"), "new")
        self.articles.addItem(tr("All articles"), "all")
        self.readers = _spin(1, 20, 2)
        self.share = _spin(0, 100, 20, " %")
        self.limit = _spin(0, 100_000, 0)
        self.limit.setSpecialValueText(tr("any number"))
        self.days = _spin(0, 3650, 0)
        self.days.setSpecialValueText(tr("never"))
        self.seed = _spin(1, 1_000_000, 1)
        self.blind = QCheckBox(tr("Nobody sees the labels or names of others before handing in"))
        self.blind.setObjectName("field.blind")
        self.blind.setChecked(True)
        set_type(self.articles)
        set_type(self.blind)
        form = Form()
        form.setRowWrapPolicy(Form.RowWrapPolicy.WrapLongRows)
        form.add(tr("Who labels"), self.annotators, "field.annotators")
        form.add(tr("Who reviews"), self.reviewers, "field.reviewers")
        form.add(tr("Who adjudicates"), self.adjudicators, "field.adjudicators")
        form.add(tr("Which articles"), self.articles, "field.articles")
        form.add(tr("People an article"), self.readers, "field.readers")
        form.add(tr("Share with so many people"), self.share, "field.share")
        form.add(tr("Most articles a person"), self.limit, "field.limit")
        form.add(tr("Counts as given up after days"), self.days, "field.days")
        form.add(tr("Seed of the draw"), self.seed, "field.seed")
        for box in (self.annotators, self.reviewers, self.adjudicators):
            box.textChanged.connect(self._work_out)
        for spin in (self.readers, self.share, self.limit, self.days, self.seed):
            spin.valueChanged.connect(lambda _value: self._work_out())
        self.articles.currentIndexChanged.connect(lambda _row: self._work_out())
        self.blind.toggled.connect(lambda _on: self._work_out())
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.blind)
        column.addStretch(1)
        return holder

    def _build_preview(self) -> QWidget:
        self.counts = label(size=13, weight=600)
        self.counts.setObjectName("text.plan")
        self.counts.setWordWrap(True)
        self.rest = label(size=12, tone="muted")
        self.rest.setObjectName("text.plan_rest")
        self.rest.setWordWrap(True)
        self.complaint = Complaint("error.plan")
        self.model = LoadModel(self)
        self.rows = Rows(self.theme, self.model, empty=tr("Name who labels."), fills_page=True)
        self.rows.setObjectName("list.load")
        self.rows.setAccessibleName(tr("Work of each person"))
        self.rows.left.connect(self.left)
        side = QWidget()
        head = QVBoxLayout()
        head.setContentsMargins(16, 8, 16, 4)
        head.setSpacing(4)
        for widget in (self.counts, self.rest, self.complaint):
            head.addWidget(widget)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
        return side

    def _build_bar(self) -> QWidget:
        self.go = KeyButton(self.theme, tr("Give out"), "", "button.assign")
        self.go.clicked.connect(self.give_out)
        self.bulk = KeyButton(
            self.theme, tr("Samples, second reviews, other hands"), "", "button.bulk"
        )
        self.bulk.clicked.connect(self.bulk_wanted)
        back = KeyButton(self.theme, tr("Back to the article"), "Esc", "button.back")
        back.clicked.connect(self.left)
        return KeyBar(self.theme, (self.go, self.bulk, back))

    # -- the plan ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read who there is and which articles."""
        self._workspace.flush()
        project = self._workspace.project
        self._layers = project.layers_of_people()
        self._ids = project.article_ids()
        if not self.annotators.toPlainText().strip():
            people = sorted({layer.author for layer in self._layers})
            self.annotators.setPlainText("\n".join(people))
        self._work_out()
        self.annotators.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def plan(self) -> Plan:
        """The plan as it is typed."""
        people = tuple(dict.fromkeys(typed_lines(self.annotators)))
        limit = self.limit.value()
        named = (*people, *typed_lines(self.reviewers), *typed_lines(self.adjudicators))
        return Plan(
            annotators=people,
            reviewers=tuple(dict.fromkeys(typed_lines(self.reviewers))),
            adjudicators=tuple(dict.fromkeys(typed_lines(self.adjudicators))),
            readers=self.readers.value(),
            shared=self.share.value() / 100,
            limits=dict.fromkeys(named, limit) if limit else {},
            blind=self.blind.isChecked(),
            days=self.days.value(),
            seed=self.seed.value(),
        )

    @property
    def article_ids(self) -> list[str]:
        """The articles that are given out."""
        if self.articles.currentData() == "all":
            return self._ids
        begun = {
            one.article_id
            for one in self._layers
            if one.state != LayerState.NOT_STARTED or assignment_of(one)
        }
        return [key for key in self._ids if key not in begun]

    def _work_out(self) -> None:
        self.found = None
        complaint = ""
        if typed_lines(self.annotators):
            try:
                self.found = planned(self.plan, self.article_ids, self._load())
            except UserError as error:
                complaint = reason(error)
        self.complaint.say(complaint)
        nobody = tr("Name who labels.")
        taken = tr("Somebody has every article already. Choose all articles to give them out.")
        said = taken if typed_lines(self.annotators) else nobody
        self.rows.set_empty("" if complaint else said)
        self.model.show_load(self.found)
        self._say()
        self.go.setEnabled(self.found is not None and bool(self.found.given))

    def _load(self) -> Counter[str]:
        """Return how many articles each person has been given that are not handed in."""
        carried = Counter[str]()
        if self.articles.currentData() == "new":
            for layer in self._layers:
                if layer.state in LayerState.UNFINISHED and assignment_of(layer):
                    carried[layer.author] += 1
        return carried

    def _say(self) -> None:
        found = self.found
        for text in (self.counts, self.rest):
            text.setVisible(found is not None and bool(found.given or found.left))
        if found is None:
            return
        given = len(found.given)
        several = sum(len(one.annotators) > 1 for one in found.given)
        self.counts.setText(tr_n(given, "{n} article is given out", "{n} articles are given out"))
        parts = [tr_n(several, "{n} of them to several people", "{n} of them to several people")]
        if found.left:
            left = len(found.left)
            parts.append(tr_n(left, "{n} is left over", "{n} are left over"))
        self.rest.setText(tr("{parts}. One undo takes it back.", parts=", ".join(parts)))

    def give_out(self) -> None:
        """Make the layers that the plan asks for; undo takes them away."""
        found = self.found
        if found is None or not found.given:
            return
        plan, layers = self.plan, self._layers
        if do(self._workspace, lambda: assign(plan, found.given, layers, time=now())) is not None:
            given = len(found.given)
            self.refresh()
            self._workspace.note(
                tr_n(given, "{n} article is given out.", "{n} articles are given out.")
            )


def _spin(least: int, most: int, value: int, suffix: str = "") -> QSpinBox:
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setSuffix(suffix)
    made.setFixedWidth(px(140))
    set_type(made)
    return made
