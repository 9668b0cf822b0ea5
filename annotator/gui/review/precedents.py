"""What was decided before on the same words: asked of the project away from the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from annotator.gui.exchange.newest import Newest
from annotator.gui.review.ages import age_in_words
from annotator.gui.review.sitting import Sitting
from annotator.gui.review.wording import outcome
from annotator.model import name_key
from annotator.review.cases import About, Case, Standing, group_of
from annotator.review.verdicts import reason_shown

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.project import Precedent, Project

Pattern = tuple[tuple[str, ...], str]
"""Words, piece by piece, and a label."""
AHEAD: Final = 3
"""Cases after the one at hand that are asked about before anybody goes to them."""
MOST: Final = 4
"""Decisions that are shown."""
KEPT: Final = 200
"""Patterns of which the decisions are remembered."""


@dataclass(frozen=True, slots=True)
class Before:
    """A decision as the pane of the case lists it."""

    article_id: str
    start: int
    words: str
    outcome: str
    detail: str
    """Who decided, when and why, as far as it is known."""


class Precedents(QObject):
    """The decisions on the words of the case at hand, and of those that come next."""

    changed = Signal()
    """More is known about the case at hand."""

    def __init__(self, workspace: Workspace, sitting: Sitting) -> None:
        super().__init__(sitting)
        self._workspace = workspace
        self._sitting = sitting
        self._newest: Newest | None = None
        self._known: dict[Pattern, tuple[Precedent, ...]] = {}
        workspace.project_closed.connect(self._end)
        workspace.project_opened.connect(self._end)
        workspace.saving.connect(self._on_saving)

    def ask(self) -> None:
        """Ask about the case at hand and the next ones, as far as nothing is known yet."""
        found, case = self._sitting.found, self._sitting.case
        if found is None or case is None or not self._workspace.is_open:
            return
        at = found.cases.index(case) if case in found.cases else 0
        near = (one for one in found.cases[at + 1 :] if one.standing == Standing.OPEN)
        cases = [case, *islice(near, AHEAD)]
        wanted = dict.fromkeys(key for one in cases for key in patterns(one))
        missing = [key for key in wanted if key not in self._known]
        if not missing:
            return
        if self._newest is None:
            self._newest = Newest(self._workspace.project, self)
            self._newest.told.connect(self._take)
        self._newest.ask(partial(_look_up, missing))

    def before(self, case: Case) -> list[Before]:
        """Return what was decided before on the same words, else on cases of the same kind."""
        rows = [
            row
            for rows in self._sitting.articles.values()
            for row in rows
            if row.standing == Standing.DECIDED and row.label == case.label and row.key != case.key
        ]
        wanted, group = name_key(case.words), group_of(case)
        same = [row for row in rows if name_key(row.words) == wanted]
        alike = [row for row in rows if row.group == group and row not in same]
        found: dict[tuple[str, int], Before] = {}
        for one in self._of_words(case):
            found.setdefault((one.article_id, one.start), one)
        for row in (*same, *reversed(alike)):
            known = Before(row.article_id, row.start, row.words, outcome(row.decision), "")
            found.setdefault((row.article_id, row.start), known)
        return list(found.values())[:MOST]

    def _of_words(self, case: Case) -> Iterable[Before]:
        known = [one for key in patterns(case) for one in self._known.get(key, ())]
        for one in sorted(known, key=lambda one: one.time, reverse=True):
            own = case.place.start <= one.place.start < case.place.end
            if one.article_id != case.article_id or not own:
                why = reason_shown(one.reason) if one.reason else ""
                said = (one.title, one.author, age_in_words(one.time) if one.time else "", why)
                yield Before(
                    one.article_id,
                    one.place.start,
                    " … ".join(one.words),
                    outcome(one.decision),
                    ", ".join(filter(None, said)),
                )

    def _take(self, part: tuple[Pattern, tuple[Precedent, ...]]) -> None:
        pattern, rows = part
        while len(self._known) >= KEPT:
            del self._known[next(iter(self._known))]
        self._known[pattern] = rows
        case = self._sitting.case
        if rows and case is not None and pattern in patterns(case):
            self.changed.emit()

    def _on_saving(self, state: str) -> None:
        """Forget what was known before something was decided."""
        if state == "saved" and self._known:
            self._known.clear()
            self.ask()

    def _end(self) -> None:
        self._known.clear()
        if self._newest is not None:
            self._newest.end()
            self._newest = None


def patterns(case: Case) -> list[Pattern]:
    """Return what the choices of a case have in words and label; nothing for relations."""
    if case.about != About.SPAN:
        return []
    spans = [choice.spans[0] for choice in case.choices if choice.spans]
    return list(dict.fromkeys((span.text, span.label) for span in spans))


def _look_up(
    wanted: Sequence[Pattern], project: Project, _progress: Any, tell: Callable[[object], None]
) -> None:
    for words, label in wanted:
        rows = project.reviewing.decided_before(words, label, limit=2 * MOST)
        tell(((words, label), tuple(rows)))
