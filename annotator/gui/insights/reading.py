"""What the pages of figures show, read and computed away from the window.

Counts are read anew whenever a page is shown; agreement takes longer, so it is kept until somebody
asks for it again, and is called stale as soon as an edit has changed the project.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from annotator.agreement.cases import Case, Question, cases
from annotator.agreement.findings import EXACT, OVERLAP, Difference, Findings, Period, Side
from annotator.agreement.measures import USUAL, About, Measure
from annotator.agreement.panel import Gathering, Panel, readings
from annotator.exchange.progress import Step
from annotator.gui.exchange.newest import Newest
from annotator.gui.insights.words import week_of
from annotator.model import LayerKind
from annotator.project import Figures, Scope
from annotator.review.gold import AUTHOR

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.exchange.progress import Progress
    from annotator.gui.workspace import Workspace
    from annotator.model import Entity, Span
    from annotator.project import Project
    from annotator.scheme import Scheme

MEASURES: Final = (*USUAL, Measure.MUC, Measure.B3, Measure.CEAF)
"""What the page of agreement shows unless gamma is asked for."""
PART: Final = 25
"""Articles that are read at a time: while they are, a project in a file cannot be written."""
MINIMA: Final = (0.667, 0.8, 0.9)
"""What alpha may have to reach: the first two as Krippendorff (2004, section 11.4) has them."""
MOST_CASES: Final = 2000
"""Cases that are listed behind a number."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of a project, with the names that belong to them."""

    figures: Figures
    entities: dict[str, Entity]
    people: tuple[str, ...]
    """Everybody who has a layer or made an edit, whatever is counted."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree."""

    panel: Panel
    findings: Findings
    periods: tuple[Period, ...]
    untimed: int
    """Articles of which the log does not say when they were handed in."""
    golden: Findings
    """The same with gold as one of those who are compared: for pairs only."""
    beside_gold: tuple[str, ...] = ()
    """Who is compared there, gold among them; nobody where there is no gold."""
    failing: dict[tuple[About, str], list[float]] = field(default_factory=dict)
    """How likely each alpha is below each of :data:`MINIMA`, where that can be told."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in an article that a list leads to."""

    article_id: str
    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class CaseList:
    """The cases behind a number."""

    cases: list[Case] = field(default_factory=list)
    more: int = 0
    """Cases beyond those that are listed."""


def speaking_relation(scheme: Scheme) -> str:
    """Return the relation from what is said to who says it; empty where the scheme has none."""
    for tie in scheme.relations:
        if tie.target_entity is not None:
            return tie.name
    for tie in scheme.relations:
        known = [scheme.label(name) for name in tie.targets]
        if any(one is not None and one.entity is not None for one in known):
            return tie.name
    return ""


def kinds_of_places(scheme: Scheme) -> set[str]:
    """Return the kinds of entities that have coordinates."""
    return {kind.name for kind in scheme.entities if kind.coordinates}


def labels_of_places(scheme: Scheme) -> list[str]:
    """Return the labels of which spans stand for places."""
    kinds = kinds_of_places(scheme)
    return [label.name for label in scheme.labels if label.entity in kinds]


def read_counts(project: Project, scope: Scope, scheme: Scheme) -> Counted:
    """Count what *scope* takes in."""
    figures = project.figures(scope, speaking_relation(scheme), labels_of_places(scheme))
    return Counted(figures, project.entities(), tuple(project.authors()))


def _articles(project: Project, scope: Scope, progress: Progress) -> Iterator[Annotated]:
    ids = project.read_by_several(scope)
    for at in range(0, len(ids), PART):
        for number, item in enumerate(project.each_annotated(ids[at : at + PART]), start=at):
            progress(Step("reading", number, len(ids), item.article.title))
            yield item
    progress(Step("counting", len(ids), len(ids), ""))


def read_agreement(
    project: Project, scope: Scope, measures: Collection[Measure], progress: Progress
) -> Agreement:
    """Compute how far people agree, as the verb ``agreement`` does."""
    scheme, unfinished = project.scheme, not scope.handed_in
    people = Gathering(scheme, authors=scope.authors, measures=measures, unfinished=unfinished)
    golden = Gathering(
        scheme, authors=scope.authors, measures=(Measure.F1,), unfinished=unfinished, gold=True
    )
    ids, golds = [], 0
    for item in _articles(project, replace(scope, gold=True), progress):
        people.add(item)
        ids.append(item.article.id)
        if Measure.F1 in measures and any(
            layer.kind == LayerKind.GOLD for layer in item.layers.values()
        ):
            golden.add(item)
            golds += 1

    def going_on() -> None:
        progress(Step("counting", len(ids), len(ids), ""))

    panel = people.panel(going_on)
    findings = people.findings()
    periods = tuple(findings.development(_weeks(project, ids)))
    return Agreement(
        panel,
        findings,
        periods,
        panel.articles - sum(len(one.articles) for one in periods),
        golden.findings(),
        golden.annotators if golds else (),
        _failing(panel, findings, going_on),
    )


def _weeks(project: Project, ids: Sequence[str]) -> dict[str, str]:
    """Return the weeks in which articles were handed in, for the last time."""
    weeks = {
        entry.article_id: week_of(entry.time)
        for entry in project.figures(Scope(), "", ()).handed_in
    }
    return {key: week for key in ids if (week := weeks.get(key, ""))}


def _failing(
    panel: Panel, findings: Findings, going_on: Callable[[], None]
) -> dict[tuple[About, str], list[float]]:
    found = {}
    for one in panel.figures:
        if one.measure == "alpha" and one.interval is not None:
            going_on()
            shares = findings.failing(one.about, one.name, one.measure, MINIMA)
            if shares is not None:
                found[one.about, one.name] = shares
    return found


def read_cases(project: Project, scope: Scope, question: Question, progress: Progress) -> CaseList:
    """Find the cases behind a number."""
    scheme = project.scheme
    found: list[Case] = []
    more = 0
    gold = AUTHOR in question.authors
    for item in _articles(project, replace(scope, gold=gold), progress):
        layers, _ = readings(item, scope.authors, unfinished=not scope.handed_in, gold=gold)
        if len(layers) < 2:
            continue
        for case in cases(item, layers, scheme, question):
            if len(found) < MOST_CASES:
                found.append(case)
            else:
                more += 1
    return CaseList(found, more)


def spots(project: Project, spans: Sequence[Span]) -> list[Spot]:
    """Return where spans are, with the titles of their articles."""
    titles = project.titles({span.article_id for span in spans})
    return [Spot(one.article_id, titles.get(one.article_id, ""), one) for one in spans]


class Reading(QObject):
    """The figures of the open project, as far as they were asked for."""

    counted_anew = Signal()
    agreed_anew = Signal()
    """Agreement has come, or went stale."""
    gamma_anew = Signal()
    progressed = Signal(str, int, int)
    """``agreement`` or ``gamma``, how many articles are done, of how many."""
    failed = Signal(str)

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._scope = Scope(handed_in=True)
        self.counted: Counted | None = None
        self.agreement: Agreement | None = None
        self.gamma: Panel | None = None
        self.is_stale = False
        self._is_touched = False
        """Whether an edit was made since a computation was asked for."""
        self._questions: dict[str, Newest] = {}
        self._takes_difference: Callable[[list[Difference]], None] = lambda _found: None
        workspace.changed.connect(self._on_changed)
        workspace.project_opened.connect(self.reset)
        workspace.project_closed.connect(self.end)

    @property
    def scope(self) -> Scope:
        """What is counted: never what who looks must not see yet."""
        return replace(self._scope, seen_by=self._workspace.project.author)

    @scope.setter
    def scope(self, scope: Scope) -> None:
        self._scope = scope

    def _ask(self, name: str, question: Any, take: Any) -> None:
        if name not in self._questions:
            self._workspace.flush()
            made = Newest(self._workspace.project, self)
            made.done.connect(take)
            made.failed.connect(lambda reason: self._on_failed(name, reason))
            made.progressed.connect(
                lambda done, total, _what: self.progressed.emit(name, done, total)
            )
            self._questions[name] = made
        self._questions[name].ask(question)

    def is_busy(self, name: str) -> bool:
        """Whether ``counts``, ``agreement``, ``gamma`` or ``cases`` are on their way."""
        return name in self._questions and self._questions[name].is_busy

    def cancel(self, name: str) -> None:
        """Want no answer any more."""
        if name in self._questions:
            self._questions[name].drop()

    def end(self) -> None:
        """Let go of the project."""
        questions, self._questions = self._questions, {}
        for one in questions.values():
            one.end()
        self.counted = self.agreement = self.gamma = None
        self.is_stale = False
        self.agreed_anew.emit()
        self.gamma_anew.emit()

    def reset(self) -> None:
        """Forget what was found in another project, or as somebody else."""
        self.end()
        self._scope = Scope(handed_in=True)

    def count(self) -> None:
        """Read the counts anew."""
        scope, scheme = self.scope, self._workspace.scheme
        self._ask(
            "counts",
            lambda project, _progress, _tell: read_counts(project, scope, scheme),
            self._take_counts,
        )

    def compute(self) -> None:
        """Compute agreement anew."""
        scope = self.scope
        self._workspace.flush()
        self.is_stale = self._is_touched = False
        self._ask(
            "agreement",
            lambda project, progress, _tell: read_agreement(project, scope, MEASURES, progress),
            self._take_agreement,
        )

    def compute_gamma(self) -> None:
        """Compute gamma, which takes its time."""
        scope = self.scope
        self._ask(
            "gamma",
            lambda project, progress, _tell: read_agreement(
                project, scope, (Measure.GAMMA, Measure.ALPHA_U), progress
            ),
            self._take_gamma,
        )

    def find(self, question: Any, take: Any) -> None:
        """Have a list made that stands behind a number; the newest question counts."""
        self.cancel("list")
        if "list" in self._questions:
            self._questions.pop("list").end()
        self._ask("list", question, take)

    def compare(self, first: Side, second: Side, take: Callable[[list[Difference]], None]) -> None:
        """Have exact and overlap F1 of two labels or annotators compared."""
        agreement = self.agreement
        if agreement is None:
            return
        self._takes_difference = take
        self._ask(
            "difference",
            lambda _project, _progress, _tell: [
                agreement.findings.difference(first, second, measure)
                for measure in (EXACT, OVERLAP)
            ],
            self._take_difference,
        )

    def _take_difference(self, found: list[Difference]) -> None:
        self._takes_difference(found)

    def _take_counts(self, found: Counted) -> None:
        self.counted = found
        self.counted_anew.emit()

    def _take_agreement(self, found: Agreement) -> None:
        self.agreement = found
        self.is_stale = self._is_touched
        self.agreed_anew.emit()

    def _take_gamma(self, found: Agreement) -> None:
        self.gamma = found.panel
        self.gamma_anew.emit()

    def _on_failed(self, _name: str, reason: str) -> None:
        if reason:
            self.failed.emit(reason)

    def _on_changed(self, _edit: object) -> None:
        self._is_touched = True
        if self.agreement is not None and not self.is_stale and not self.is_busy("agreement"):
            self.is_stale = True
            self.agreed_anew.emit()
