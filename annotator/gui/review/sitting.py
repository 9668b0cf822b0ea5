"""One sitting at the review: what waits in all articles, and the case at hand.

Other articles are laid over each other away from the window; the open one is looked at anew after
every edit, with its alignment kept. The order is article by article, and in an article kind by
kind: so the cursor stays in an article until nothing in it is open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.gui.exchange.newest import Newest
from annotator.gui.review.ahead import Ahead, Looked, Part
from annotator.gui.review.article_order import ArticleOrder
from annotator.gui.review.gathering import Gathered, gather
from annotator.gui.review.laying import Laying, laid_at_once
from annotator.gui.review.naming import Naming
from annotator.gui.review.ticks import Ticks
from annotator.gui.review.waiting import RARE, Order, Shelf, Waiting, waiting, with_others
from annotator.model import Fragment, Verdict
from annotator.review import wording
from annotator.review.case import exchanged
from annotator.review.cases import Case, Review, Standing, group_of

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.workspace import Workspace
    from annotator.gui.writer import Saving
    from annotator.model import Edit


class Sitting(QObject):
    """The cases of the project, and the one at hand."""

    listed = Signal(str)
    """Id of an article whose cases are new; "" for all of them."""
    moved = Signal()
    """Another case is at hand, or none."""
    counted = Signal(int)
    """How many cases are open."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._newest: Newest | None = None
        self._location = ""
        self.naming = Naming()
        self.found: Review | None = None
        """The open article under review."""
        self.case: Case | None = None
        self.articles: dict[str, tuple[Waiting, ...]] = {}
        """The cases of each article, in the order of the project."""
        self._apart = ArticleOrder()
        self._standings: Counter[Standing] = Counter()
        """How many of all these cases are in each standing."""
        self._listed_here: dict[str, Waiting] = {}
        """The rows of the open article, by key."""
        self._listed_of: Sequence[Case] = ()
        """The cases that they were made of."""
        self._rows_here: Sequence[Waiting] = ()
        """The rows in their order."""
        self.order = Order()
        """In which order the articles and their cases come, as
        :class:`annotator.project.ReviewQuery` or :class:`ArticleOrder` names it."""
        self.only: Callable[[Waiting], bool] = lambda _row: True
        """Which cases the steps go to, of those on the shelf."""
        self.shelf = Shelf.OPEN
        """What the steps walk: what is open, or what was put aside."""
        self.ticks = Ticks(self)
        """Which cases are chosen one by one."""
        self.gathering = False
        self.looking = False
        """Whether the open article is still being aligned: it can be read, and not decided on."""
        self._laying = Laying(self)
        self._laying.laid.connect(self._on_laid)
        self._wanted = ""
        """Key of the case that comes to hand as soon as the open article is aligned."""
        self._ahead = Ahead()
        self._revision: int | None = None
        """Newest edit of the open article; None where nobody knows, or it was changed since."""
        self._stale: set[str] = set()
        """Articles that an edit has changed which is not saved yet."""
        self._asked: set[str] = set()
        """Articles that were to be looked at, and were not told of yet: a later question may have
        taken the place of theirs."""
        self._touched: set[str] = set()
        """Articles that were changed since somebody was asked to read them: what is told of them
        is older than what is known."""
        self._after: Waiting | None = None
        self._deciding = False
        self._records: frozenset[str] = frozenset()
        """What an edit was about that is taken back in an article still to be opened."""
        workspace.read_before = self._read_before
        workspace.saving.connect(self._on_saving)
        workspace.project_closed.connect(self.end)
        workspace.project_opened.connect(self._on_person)
        workspace.article_opened.connect(self._on_article)
        workspace.changed.connect(self._on_changed)

    # -- gathering -----------------------------------------------------------------------------

    def begin(self) -> None:
        """Look through the project, once; later only what changes is looked at."""
        project = self._workspace.project
        if self._location == project.location:
            return
        self.end()
        self._location = project.location
        self.naming.author = project.author
        self._newest = Newest(project, self)
        self._newest.told.connect(self._take)
        self._newest.done.connect(self._on_gathered)
        self._on_article()
        self.gather()

    def gather(self) -> None:
        """Look through all articles again, away from the window."""
        if self._newest is not None:
            self.gathering = True
            self._stale.clear()
            self._ask(None)

    def order_by(self, sort: str) -> None:
        """Have the articles come in another order; what was drawn at random stays what it is."""
        self._put_in_order(Order(sort))
        self.gather()

    def _put_in_order(self, order: Order) -> None:
        if order != self.order:
            self.order = order
            self.articles = {key: self._ordered(rows) for key, rows in self.articles.items()}

    def _look_ahead(self) -> None:
        """Have the next articles aligned, away from the window."""
        if self._newest is None or self.gathering or self.found is None:
            return
        missing = self._ahead.stay_near(list(self.articles), self.found.article_id, self._touched)
        if missing and not self._newest.is_busy:
            self._ask(missing)

    def _ask(self, ids: Sequence[str] | None) -> None:
        """Have articles looked at as they are stored; None for all."""
        assert self._newest is not None
        self._asked.update(ids or ())
        if self._workspace.state == "saved":
            self._touched.clear()
        apart = self.here if self.looking else ""
        scheme, naming = self._workspace.scheme, self.naming.copy()
        self._newest.ask(partial(gather, ids, self.order.sort, apart, scheme, naming))

    def _on_saving(self, state: str) -> None:
        """Look again at what was changed elsewhere, now that it can be read."""
        if state != "saved" or self._newest is None or self.gathering:
            return
        if self._stale:
            ids, self._stale = sorted(self._stale | self._asked), set()
            self._ask(ids)
        elif not self._newest.is_busy:
            self._touched.clear()
            self._look_ahead()

    def end(self) -> None:
        """Let go of the project."""
        if self._newest is not None:
            self._newest.end()
            self._newest = None
        self._laying.end()
        self._location = self._wanted = ""
        self.found = self.case = None
        self.looking = False
        self.articles = {}
        self._apart.forget()
        self._standings.clear()
        self._ahead.clear()
        self._revision = None
        self._asked, self._stale, self._touched = set(), set(), set()
        self.ticks.clear()
        self.counted.emit(0)

    def _take(self, part: Part) -> None:
        for key, looked in part.items():
            self._asked.discard(key)
            self._apart.see(looked.found)
            if key == self.here and self.found is not None:
                self._list_here(self.found)
            elif key in self._touched and key in self.articles:
                self._stale.add(key)
            else:
                self._put(key, self._ordered(looked.rows))
                self._ahead.put(key, looked)
        self.listed.emit("")
        self.counted.emit(self.count(Standing.OPEN))
        if self.case is None:
            self._settle()

    def _on_gathered(self, every: object) -> None:
        if isinstance(every, Gathered):
            self.gathering = False
            if self.found is not None:
                self._apart.see(self.found)
            self._put_in_order(every.order)
            articles = {key: self.articles.get(key, ()) for key in every.articles}
            self.articles = self._apart.arranged(articles, self.order.sort)
            self._standings = Counter(
                row.standing for rows in self.articles.values() for row in rows
            )
        self._on_saving(self._workspace.state)
        self._look_ahead()
        self.listed.emit("")
        self.counted.emit(self.count(Standing.OPEN))
        # Not where others were looked at anew: who opened an article without a case stays there.
        if isinstance(every, Gathered) and self.case is None and not self.looking:
            self.step(1)

    # -- the open article ----------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Whether the project is being reviewed."""
        return self._newest is not None

    @property
    def reading(self) -> bool:
        """Whether articles are being read and aligned, away from the window."""
        return self._newest is not None and self._newest.is_busy

    @property
    def here(self) -> str:
        """Id of the open article; "" for none."""
        annotated = self._workspace.annotated
        return "" if annotated is None else annotated.article.id

    def _on_article(self) -> None:
        if not self.is_on:
            return
        if (left := self.found) is not None:
            rows = self.articles.get(left.article_id, ())
            self._ahead.put(left.article_id, Looked(rows, left, self._revision))
        looked, self._revision = self._ahead.pop(self.here), None
        if looked is not None:
            self._listed_here, self._listed_of = looked.listed, looked.found.cases
            if looked.found.annotated is self._workspace.annotated:
                self._revision = looked.revision
        self._look(None if looked is None else looked.found)
        self._look_ahead()
        self._take_up()

    def _read_before(self, article_id: str) -> Annotated | None:
        return self._ahead.read_before(article_id, self._workspace.project) if self.is_on else None

    def _on_laid(self, found: Review) -> None:
        if self.is_on and found.article_id == self.here:
            is_new = not self.articles.get(self.here)
            self._look(found)
            if is_new:  # nobody knew yet where it belongs
                self._apart.see(found)
                self.articles = self._apart.arranged(self.articles, self.order.sort)
                self.listed.emit("")
            self._look_ahead()
            self._take_up()

    def _take_up(self) -> None:
        """Have a case at hand in the article that was just looked at: the one that is wanted."""
        self.case = None
        if self.found is not None:
            records, self._records = self._records, frozenset()
            key, self._wanted = self._wanted, ""
            self.case = self.find(records) if records else self.found.case(key)
            if self.case is None:
                self._settle()
        self.moved.emit()

    def decide(self, edit: Edit, saving: Saving | None = None, *, stay: bool = False) -> bool:
        """Perform a decision on the case at hand, and go to the next open one."""
        following = None if stay else self.following(1)
        self._after, self._deciding = following, True
        try:
            if not self._workspace.perform(edit, saving):
                return False
        finally:
            self._after, self._deciding = None, False
        if following is not None and (self.case is None or self.case.key != following.key):
            self.go(following.article_id, following.key)
        elif self.case is None:
            self._settle()
        elif not stay and self.case.standing != Standing.OPEN:
            self.case = None  # nothing is open any more: what comes next is said in its place
            self.moved.emit()
        return True

    def _on_changed(self, edit: Edit) -> None:
        found = self.found
        if not self.is_on:
            return
        self._touched |= edit.articles
        if self.here in edit.articles:
            self._revision = None
        records = frozenset(
            change.record.record_id for change in edit.changes if isinstance(change.record, Verdict)
        )
        if found is not None and found.article_id in edit.articles:
            self._look(found, edit)
            key = None if self.case is None else self.case.key
            if self._after is not None and self._after.article_id == found.article_id:
                key = self._after.key
            case = None if self.found is None or key is None else self.found.case(key)
            if self.looking:
                self._wanted, self._records = key or "", records
            self.case = case if self._deciding else self.find(records) or case
            self.moved.emit()
        others = edit.articles - {self.here}
        if others:
            self._stale |= others
            self._records = records

    def _look(self, previous: Review | None, edit: Edit | None = None) -> None:
        annotated, scheme = self._workspace.annotated, self._workspace.scheme
        self.looking = False
        self._laying.drop()
        if annotated is None or annotated.gone:
            self.found = None
            return
        self.found = laid_at_once(annotated, scheme, self.naming, previous, edit)
        if self.found is None:
            self.looking = True
            self._laying.ask(annotated, scheme, self.naming)
            return
        self._list_here(self.found)
        self.listed.emit(self.found.article_id)
        self.counted.emit(self.count(Standing.OPEN))

    def _list_here(self, found: Review) -> None:
        """List the cases of the open article; those that are as they were keep their rows."""
        known, rows = self._listed_here, self.articles.get(found.article_id, ())
        is_listed = rows is self._rows_here or (
            len(known) == len(rows) and all(known.get(row.key) is row for row in rows)
        )
        gone, fresh = exchanged(self._listed_of, found.cases)
        self._listed_of = found.cases
        left = [known.pop(case.key) for case in gone if case.key in known]
        made = waiting(found, self.naming, fresh)
        known.update((row.key, row) for row in made)
        if is_listed and len(made) < len(rows):
            self._standings.subtract(row.standing for row in left)
            self._standings.update(row.standing for row in made)
            self.articles[found.article_id] = with_others(rows, left, made, self.order)
        else:
            self._put(found.article_id, self._ordered(known.values()))
        self._rows_here = self.articles[found.article_id]

    def _put(self, article_id: str, rows: tuple[Waiting, ...]) -> None:
        """Take the cases of an article in, and count them: those of the others are counted."""
        self._standings.subtract(row.standing for row in self.articles.get(article_id, ()))
        self._standings.update(row.standing for row in rows)
        self.articles[article_id] = rows

    def _ordered(self, rows: Iterable[Waiting]) -> tuple[Waiting, ...]:
        """Return the cases of an article in the order in which they are walked."""
        return tuple(sorted(rows, key=self.order.place))

    def rename(self) -> None:
        """Show other names from now on: somebody was made anonymous, or known."""
        self._wanted = "" if self.case is None else self.case.key
        self._listed_here, self._listed_of = {}, ()
        self._ahead.clear()
        self._look(None)
        self._take_up()
        self.gather()

    def _on_person(self) -> None:
        """See what somebody else may see, where either has articles to label."""
        project, before = self._workspace.project, self.naming.author
        if self._newest is None or project.author == before:
            return
        self.naming.author = project.author
        if any(map(project.reviewing.assigned_articles, (before, project.author))):
            self.rename()

    def why(self, row: Waiting) -> str:
        """Return why a case is in the queue."""
        case = None if row.why or self.found is None else self.found.case(row.key)
        said = row.why
        if case is not None and self.found is not None:
            said = wording.why(case, self.naming.names(self.found))
        label, number = self.order.rarest(row.labels if self.order.sort == RARE else ())
        return f"{said} {wording.why_first(label, int(number))}" if label else said

    # -- moving --------------------------------------------------------------------------------

    def count(self, standing: Standing) -> int:
        """Return how many cases are in a standing."""
        return self._standings[standing]

    def go(self, article_id: str, key: str) -> None:
        """Bring a case to hand, wherever it is."""
        if self.here != article_id:
            self._wanted = key
            self._workspace.open_article(article_id)
            if self.case is not None and self.case.key == key:
                return  # everybody was told when the article was looked at
        if self.found is None:
            self._wanted = key
            return
        self._wanted = ""
        self.case = self.found.case(key)
        self.moved.emit()

    def go_to_place(self, article_id: str, start: int) -> None:
        """Bring the case at a place to hand; where there is none by now, show the place."""
        rows = self.articles.get(article_id, ())
        row = next((row for row in rows if row.start == start), None)
        if row is not None:
            self.go(article_id, row.key)
        else:
            self._workspace.open_article(article_id, Fragment(start, start))

    def find(self, records: Collection[str]) -> Case | None:
        """Return the case of the open article that is about one of these records."""
        found = () if self.found is None else self.found.cases_with(records)
        return next(iter(found), None)

    def step(self, by: int, *, kind: bool = False) -> bool:
        """Go to the next open case, or the one before; with *kind* to another kind of conflict."""
        row = self.following(by, kind=kind)
        if row is None:
            return False
        self.go(row.article_id, row.key)
        return True

    def following(self, by: int, *, kind: bool = False) -> Waiting | None:
        """Return the open case after the one at hand, or before it; the first one after the last.

        None where there is no other.
        """
        ids = list(self.articles)
        if not ids:
            return None
        at = ids.index(self.here) if self.here in self.articles else 0
        case = self.case
        for number in range(len(ids) + 1):
            article_id = ids[(at + number * by) % len(ids)]
            rows, but = self.articles[article_id], None
            if number == 0 and case is not None:
                mark, but = self.order.place_of(case), group_of(case) if kind else None
                cut = bisect_right if by > 0 else bisect_left
                at_hand = cut(rows, mark, key=self.order.place)
                rows = rows[at_hand:] if by > 0 else rows[:at_hand]
            for row in rows if by > 0 else reversed(rows):
                if self._is_wanted(row) and row.group != but:
                    return None if case is not None and row.key == case.key else row
        return None

    def _is_wanted(self, row: Waiting) -> bool:
        return row.shelf == self.shelf and self.only(row)

    def _settle(self) -> None:
        """Have a case at hand where the open article has one."""
        if self.found is None:
            return
        rows = [row for row in self.articles.get(self.found.article_id, ()) if self._is_wanted(row)]
        if rows:
            self.case = self.found.case(rows[0].key)
            self.moved.emit()
