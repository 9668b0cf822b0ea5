"""Deciding in bulk: which rule, over which articles; the preview says what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSpinBox, QVBoxLayout, QWidget

from annotator.gui.dialogs import Form, line
from annotator.gui.exchange.newest import Newest
from annotator.gui.parts import label, px, set_type
from annotator.gui.review.own_articles import OwnArticles
from annotator.model import Layer, Span, now
from annotator.review import handing, labelling, merging, sampling
from annotator.review.blinding import is_blind
from annotator.review.cases import Case, Review, Standing, review
from annotator.review.gold import sources
from annotator.review.marking_again import MARKED_AGAIN, marked_again
from annotator.review.merging import Batch, Preview
from annotator.review.sight import hidden_layers
from annotator.review.verdicts import FOLLOWED, SECOND_REVIEW, Signature
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.exchange.newest import Tell
    from annotator.gui.workspace import Workspace
    from annotator.project import Project
    from annotator.scheme import Scheme

_FIELDS = {
    "unanimous": ("scope",),
    "majority": ("scope", "least"),
    "layer": ("scope", "person"),
    "duplicates": ("scope",),
    "likewise": ("scope",),
    "relabel all": ("scope", "before", "after"),
    "send back": ("scope", "person", "why"),
    "send ticked": ("why",),
    "sample": ("scope", "part", "seed"),
    "second review": ("scope", "part", "seed"),
    sampling.RETEST: ("scope", "decider", "part", "seed"),
    "controls": ("scope", "part", "seed", "taker"),
    MARKED_AGAIN: ("marker", "part", "seed"),
    "reassign": ("giver", "taker"),
}
"""The rules, and which fields each asks for."""
_RETURNING = ("send back", "send ticked")
"""The rules that decide nothing: labels go back to who marked them."""
_WHOLE = {
    "unanimous": merging.unanimous,
    "duplicates": merging.reject_duplicates,
    "second review": sampling.second_looks,
}
"""The rules that take an article as it is."""


def rule_title(rule: str) -> str:
    """Return what a rule does, as something to choose."""
    return {
        "unanimous": tr("Accept what all agree on"),
        "majority": tr("Accept what most say"),
        "layer": tr("Take all of one person"),
        "duplicates": tr("Leave out duplicates"),
        "likewise": tr("Decide identical cases as the last one"),
        "relabel all": tr("Change a label in gold"),
        "send back": tr("Send back what was not accepted"),
        "send ticked": tr("Send the ticked cases back"),
        "sample": tr("Draw labels at random for review"),
        "second review": tr("Have decisions reviewed again"),
        sampling.RETEST: tr("Have somebody decide again, unseen"),
        "controls": tr("Give out articles whose gold is known"),
        MARKED_AGAIN: tr("Have somebody mark articles again, unseen"),
        "reassign": tr("Give work to somebody else"),
    }[rule]


class BulkChoice(QWidget):
    """The fields of a bulk decision; works out what it comes to."""

    changed = Signal()
    """Something else is to be worked out."""

    def __init__(
        self,
        workspace: Workspace,
        rule: str = "unanimous",
        ticked: Collection[tuple[str, str]] = (),
    ) -> None:
        super().__init__()
        self.setObjectName("form.bulk")
        self._workspace = workspace
        self._ticked = dict.fromkeys(ticked)
        self._found: dict[str, list[Review]] = {}
        """The articles under review that were laid over each other, by scope."""
        self._asked = ""
        """The scope that is being looked through."""
        self._newest: Newest | None = None
        self._layers: list[Layer] = workspace.project.layers_of_people()
        self._own = OwnArticles(workspace, self._layers, self)
        self._look()
        self._build()
        self.choose(rule)

    def _look(self) -> None:
        annotated = self._workspace.annotated
        author = self._workspace.project.author
        if annotated is not None and not hidden_layers(annotated, author):
            self._found["here"] = [review(annotated, self._workspace.scheme)]

    def _build_fields(self) -> None:
        self.rule, self.scope = _combo(), _combo()
        for rule in _FIELDS:
            if self._ticked or rule != "send ticked":
                self.rule.addItem(rule_title(rule), rule)
        if self._here:
            self.scope.addItem(tr("This article"), "here")
        self.scope.addItem(tr("All articles under review"), "all")
        self.person, self.giver, self.taker = _combo(), _combo(), _combo()
        self.decider, self.marker = _combo(), _combo()
        self.before, self.after = _combo(), _combo()
        self.giver.addItem(tr("Whoever has given up"), "")
        people = sorted({layer.author for layer in self._layers})
        for name in people:
            self.giver.addItem(name, name)
        self.marker.addItems(people)
        self.taker.setEditable(True)
        self.taker.addItems(["", *people])
        for item in self._workspace.scheme.active_labels:
            self.before.addItem(item.name, item.name)
            self.after.addItem(item.name, item.name)
        self.after.setCurrentIndex(min(1, self.after.count() - 1))
        self.why = line()
        self.least = QSpinBox()
        self.least.setRange(0, 50)
        self.least.setSpecialValueText(tr("more than half"))
        set_type(self.least)
        self.part = QSpinBox()
        self.part.setRange(0, 100)
        self.part.setSuffix(" %")
        self.part.setValue(5)
        self.part.setSpecialValueText(tr("as much as each needs"))
        set_type(self.part)
        self.seed = QSpinBox()
        self.seed.setRange(1, 1_000_000)
        set_type(self.seed)

    def _build(self) -> None:
        self._build_fields()
        self.hint = label(size=12, tone="muted")
        self.hint.setObjectName("text.bulk_hint")
        self.hint.setWordWrap(True)
        self._form = Form()
        for name, text in (
            ("rule", tr("What to do")),
            ("scope", tr("Where")),
            ("least", tr("Readers who say it")),
            ("person", tr("Whose labels")),
            ("decider", tr("Whose decisions")),
            ("marker", tr("Who marks again")),
            ("why", tr("Why, for the annotator")),
            ("part", tr("Share")),
            ("seed", tr("Seed of the draw")),
            ("giver", tr("Whose work")),
            ("taker", tr("To whom")),
            ("before", tr("The label")),
            ("after", tr("Becomes")),
        ):
            self._form.add(text, getattr(self, name), f"field.bulk_{name}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addWidget(self.hint)
        self._connect()

    def _connect(self) -> None:
        self.rule.currentIndexChanged.connect(lambda _row: self._arrange())
        self.scope.currentIndexChanged.connect(lambda _row: self._on_scope())
        for box in (
            self.person,
            self.decider,
            self.marker,
            self.giver,
            self.before,
            self.after,
        ):
            box.currentIndexChanged.connect(lambda _row: self.changed.emit())
        self._own.come.connect(self.changed)
        self.taker.currentTextChanged.connect(lambda _text: self.changed.emit())
        self.why.textChanged.connect(lambda _text: self.changed.emit())
        for spin in (self.least, self.part, self.seed):
            spin.valueChanged.connect(lambda _value: self.changed.emit())

    # -- what is chosen ----------------------------------------------------------------------

    def choose(self, rule: str) -> None:
        """Choose a rule."""
        self.rule.setCurrentIndex(max(self.rule.findData(rule), 0))
        self._arrange()

    @property
    def title(self) -> str:
        """What the button says that does it."""
        return self.rule.currentText()

    @property
    def accepts(self) -> bool:
        """Whether a share of what is done can be audited."""
        return not {"part", "taker"} & set(self._wanted) and self._rule not in _RETURNING

    @property
    def _rule(self) -> str:
        return str(self.rule.currentData())

    @property
    def _wanted(self) -> tuple[str, ...]:
        return _FIELDS[self._rule]

    def _arrange(self) -> None:
        for name in sorted({name for every in _FIELDS.values() for name in every}):
            self._form.setRowVisible(getattr(self, name), name in self._wanted)
        self._on_scope()

    def _on_scope(self) -> None:
        scope = self._scope
        if self._rule != MARKED_AGAIN and scope not in self._found and scope != self._asked:
            self._asked = scope
            if self._newest is None:
                self._workspace.flush()
                self._newest = Newest(self._workspace.project, self)
                self._newest.done.connect(self._take)
            scheme = self._workspace.scheme
            ids = (
                None
                if scope == "all"
                else list(dict.fromkeys(article_id for article_id, _ in self._ticked))
            )
            self._newest.ask(lambda project, _, tell: _reviews(project, ids, scheme, tell))
        self._offer_people()
        self.changed.emit()

    def _take(self, found: list[Review]) -> None:
        self._found[self._asked] = found
        self._asked = ""
        self._offer_people()
        self.changed.emit()

    def _offer_people(self) -> None:
        """Offer who has labels there, and who has decided; nobody whose name is not to be known."""
        reviews = self._reviews or ()
        named = [one for one in reviews if not is_blind(one.annotated)]
        _fill(self.person, {layer.author for one in named for layer in one.layers}, "")
        verdicts = (own for one in reviews for own in one.annotated.verdicts.values())
        deciders = {one.author for one in verdicts if one.author}
        _fill(self.decider, deciders, self._workspace.project.author)

    def end(self) -> None:
        """Let go of the project."""
        self._own.end()
        if self._newest is not None:
            self._newest.end()
            self._newest = None

    # -- what it comes to --------------------------------------------------------------------

    @property
    def _scope(self) -> str:
        """Which articles are looked at: ``here``, ``all``, or those with ``ticked`` cases."""
        if self._rule != "send ticked":
            return str(self.scope.currentData())
        here = {one.article_id for one in self._here}
        return "here" if {article_id for article_id, _ in self._ticked} <= here else "ticked"

    @property
    def _here(self) -> list[Review]:
        return self._found.get("here", [])

    @property
    def _reviews(self) -> list[Review] | None:
        return self._found.get(self._scope)

    def preview(self, share: float, _reason: str) -> Preview:
        """Return what the choice comes to; nothing while the articles are being read."""
        project, rule = self._workspace.project, self._rule
        signed = Signature(project.author, now(), project.revision)
        part = self.part.value() / 100 if "part" in self._wanted else 0.0
        own_share = share if self.accepts else part
        name = "send back" if rule in _RETURNING else rule
        made = merging.batch(name, signed, share=own_share, seed=self.seed.value())
        nothing = Preview(made, (), (), ())
        self.hint.setText("")
        if rule == "reassign":
            taker = self.taker.currentText().strip()
            titles = project.titles({one.article_id for one in self._layers})
            giver = self.giver.currentData()
            found = handing.reassigned(self._layers, made, giver, taker, titles) if taker else None
            self._hint(tr("Say to whom.") if found is None else "")
            return found or nothing
        if rule == MARKED_AGAIN:
            return self._marked_again(made) or nothing
        reviews = self._reviews
        if reviews is None:
            self._hint(tr("Looking through the articles …"))
            return nothing
        self._hint("")
        if rule == "sample":
            return sampling.sampled(reviews, made, part or None)
        if rule == "controls":
            named = [name.strip() for name in self.taker.currentText().split(",") if name.strip()]
            self._hint("" if named else tr("Say to whom; several names with commas."))
            articles = (one.annotated for one in reviews)
            return sampling.controls(articles, made, named, part) if named else nothing
        previews = list(self._previews(rule, made, reviews))
        return merging.joined(previews) if previews else nothing

    def _marked_again(self, made: Batch) -> Preview | None:
        person = self.marker.currentText()
        if not person:
            self._hint(tr("Nobody has marked anything yet."))
            return None
        articles = self._own.of(person)
        self._hint(tr("Looking through the articles …") if articles is None else "")
        return None if articles is None else marked_again(articles, made, person)

    def _others_review(self) -> bool:
        project = self._workspace.project
        return project.reviewing.others_review(project.author)

    def _hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def _previews(self, rule: str, made: Batch, reviews: list[Review]) -> Iterator[Preview]:
        if rule == "likewise":
            settled = _last_decided(self._here)
            if settled is None:
                self._hint(tr("Decide on a case of the open article first."))
                return
            yield from (merging.likewise(one, made, *settled) for one in reviews)
        elif rule == "send ticked":
            yield from (self._of_ticked(one, made) for one in reviews)
        elif rule == sampling.RETEST:
            person = self.decider.currentText()
            self._hint("" if person else tr("Nobody has decided on anything there yet."))
            yield from (sampling.own_again(one, made, person) for one in reviews)
        elif rule in _WHOLE:
            if rule == SECOND_REVIEW and not self._others_review():
                self._hint(
                    tr(
                        "Nobody else reviews in this project: what is drawn waits for a second "
                        "reviewer. How steady your own decisions are is told by “Have somebody "
                        "decide again, unseen”."
                    )
                )
            yield from (_WHOLE[rule](one, made) for one in reviews)
        elif rule == "majority":
            least = self.least.value() or None
            yield from (merging.majority(one, made, at_least=least) for one in reviews)
        elif rule == "relabel all":
            before, after = self.before.currentData(), self.after.currentData()
            if before != after:
                yield from (labelling.relabelled(one, made, before, after) for one in reviews)
        else:
            named = [one for one in reviews if not is_blind(one.annotated)]
            for one in named:
                yield from self._of_person(rule, one, made)

    def _of_ticked(self, one: Review, made: Batch) -> Preview:
        chosen = [case for case in one.cases if (one.article_id, case.key) in self._ticked]
        return handing.sent_back_cases(one, made, chosen, self.why.text())

    def _of_person(self, rule: str, one: Review, made: Batch) -> Iterator[Preview]:
        person = self.person.currentText()
        if rule == "send back":
            yield handing.sent_back(one, made, person, self.why.text())
            return
        for layer in one.layers:
            if layer.author == person:
                yield merging.all_of(one, made, layer.id)


def _last_decided(here: list[Review]) -> tuple[Case, list[Span]] | None:
    """Return the case of the open article that was decided on last, and its gold."""
    for one in here:
        cases = [
            case
            for case in one.standing(Standing.DECIDED)
            if case.verdicts and not any(own.extra.get(FOLLOWED) for own in case.verdicts)
        ]
        if cases:
            last = max(cases, key=lambda case: max(own.time for own in case.verdicts))
            ids = {record.id for record in last.records}
            gold = one.annotated.spans_of(one.gold.layer.id)
            return last, [span for span in gold if sources(span) & ids]
    return None


def _reviews(project: Project, ids: list[str] | None, scheme: Scheme, tell: Tell) -> list[Review]:
    """Lay the readers of articles over each other, away from the window; None for all."""
    found = []
    for annotated in project.each_annotated(_articles(project) if ids is None else ids):
        tell(None)
        if hidden_layers(annotated, project.author):
            continue
        found.append(review(annotated, scheme))
    return found


def _articles(project: Project) -> list[str]:
    from annotator.project import ReviewQuery

    return project.reviewing.article_ids(ReviewQuery(state=None))


def _fill(box: QComboBox, names: set[str], first: str) -> None:
    """Offer *names*, of which *first* is chosen if it is there."""
    if {box.itemText(at) for at in range(box.count())} != names:
        box.clear()
        box.addItems(sorted(names))
        box.setCurrentText(first)


def _combo() -> QComboBox:
    made = QComboBox()
    made.setMinimumWidth(px(260))
    set_type(made)
    return made
