"""The tree of the queue: groups of conflicts, and in them the cases of all articles."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.gui.parts import plain
from annotator.gui.review.ages import age_in_words
from annotator.gui.review.queue_columns import Sorting
from annotator.gui.review.waiting import Waiting
from annotator.review.cases import Group
from annotator.review.wording import heading
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.review.sitting import Sitting

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
WAITING: Final = int(Qt.ItemDataRole.UserRole)
"""Role under which a row gives its :class:`Waiting`."""
GROUP: Final = WAITING + 1
"""Role under which the head of a group gives its :class:`Head`."""
TICKED: Final = WAITING + 2
"""Role under which the head of a group tells how many of its rows are ticked."""


@dataclass(slots=True)
class Head:
    """A group of the tree with its rows, article by article."""

    group: Group
    rows: list[Waiting] = field(default_factory=list)
    loaded: int = 0
    """How many of them the trees know of: they lay all of those out after each decision."""


AT_ONCE: Final = 100
"""Rows of a group of which the trees are told together; the next when these come into sight."""


class QueueModel(QAbstractItemModel):
    """Groups in their order; the rows of a group in that of the articles, or of a column."""

    def __init__(
        self,
        sitting: Sitting,
        is_ticked: Callable[[Waiting], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sitting = sitting
        self._is_ticked = is_ticked
        self.heads: list[Head] = []
        self._order: dict[str, int] = {}
        self.sorting: Sorting | None = None
        """By which column the rows are sorted; None for the order of the articles."""
        self.ticked: Counter[Group] = Counter()
        """How many of the rows of each group are ticked: a folded group shows none of them."""
        self.longest = ""
        """The initials that need most room."""

    # -- what is shown -------------------------------------------------------------------------

    def show_rows(self, order: Iterable[str], rows: Iterable[Waiting]) -> None:
        """Show *rows* in place of others; *order* are the ids of the articles."""
        self.beginResetModel()
        self._order = {key: at for at, key in enumerate(order)}
        found: dict[Group, list[Waiting]] = {}
        for row in rows:
            found.setdefault(row.group, []).append(row)
        initials = {row.initials for every in found.values() for row in every}
        self.longest = max(sorted(initials), key=len, default="")
        self.heads = [
            Head(group, sorted(found[group], key=self._place), min(len(found[group]), AT_ONCE))
            for group in Group
            if group in found
        ]
        self.endResetModel()

    def sort_by(self, sorting: Sorting | None) -> None:
        """Sort the rows of every group by a column; None for the order of the articles."""
        self.beginResetModel()
        self.sorting = sorting
        for head in self.heads:
            head.rows.sort(key=self._place)
        self.endResetModel()

    def show_article(self, article_id: str, rows: Iterable[Waiting]) -> bool:
        """Show what an article has by now; False where that needs groups that are not there."""
        wanted: dict[Group, dict[str, Waiting]] = {}
        for row in rows:
            wanted.setdefault(row.group, {})[row.key] = row
        if article_id not in self._order or not set(wanted) <= {head.group for head in self.heads}:
            return False
        for at in reversed(range(len(self.heads))):
            self._show_group(at, article_id, wanted.get(self.heads[at].group, {}))
            if not self.heads[at].rows:
                self.beginRemoveRows(ROOT, at, at)
                del self.heads[at]
                self.endRemoveRows()
        return True

    def _show_group(self, at: int, article_id: str, wanted: Mapping[str, Waiting]) -> None:
        head, parent = self.heads[at], self.index(at, 0)
        for row in reversed(range(len(head.rows))):
            if head.rows[row].article_id != article_id:
                continue
            new = wanted.get(head.rows[row].key)
            if new is head.rows[row]:
                continue
            gone = new is None or self._place(new) != self._place(head.rows[row])
            if gone and row >= head.loaded:
                del head.rows[row]
            elif gone:
                self.beginRemoveRows(parent, row, row)
                del head.rows[row]
                head.loaded -= 1
                self.endRemoveRows()
            elif new is not None and new != head.rows[row]:
                head.rows[row] = new
                if row < head.loaded:
                    place = self.index(row, 0, parent)
                    self.dataChanged.emit(place, place)
        known = {one.key for one in head.rows if one.article_id == article_id}
        for new in wanted.values():
            if new.key not in known:
                self._insert(parent, head, new)
        if head.loaded < AT_ONCE // 2:
            self.load(at, AT_ONCE)
        self.dataChanged.emit(parent, parent)

    def _insert(self, parent: QModelIndex, head: Head, new: Waiting) -> None:
        row = bisect_left(head.rows, self._place(new), key=self._place)
        if row < head.loaded or head.loaded == len(head.rows):
            self.beginInsertRows(parent, row, row)
            head.rows.insert(row, new)
            head.loaded += 1
            self.endInsertRows()
        else:
            head.rows.insert(row, new)

    def load(self, at: int, count: int) -> None:
        """Tell the trees of so many rows of a group at least, as far as there are so many."""
        head = self.heads[at]
        count = min(count, len(head.rows))
        if count > head.loaded:
            self.beginInsertRows(self.index(at, 0), head.loaded, count - 1)
            head.loaded = count
            self.endInsertRows()

    def has_more(self, at: int) -> bool:
        """Whether a group has rows of which the trees do not know yet."""
        return self.heads[at].loaded < len(self.heads[at].rows)

    def _place(self, row: Waiting) -> tuple[Any, ...]:
        rank = self._sitting.order.rank(row)
        place = (rank, self._order.get(row.article_id, len(self._order)), row.start, row.key)
        return place if self.sorting is None else (self.sorting.key(row), *place)

    def index_of(self, article_id: str, key: str) -> QModelIndex:
        """Return where a case stands; an invalid index where it is not shown.

        The trees know of it from now on.
        """
        for at, head in enumerate(self.heads):
            for number_, row in enumerate(head.rows):
                if row.key == key and row.article_id == article_id:
                    if number_ >= head.loaded:
                        self.load(at, number_ + AT_ONCE)
                    return self.createIndex(number_, 0, at + 1)
        return QModelIndex()

    # -- Qt ------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        # Not hasIndex, nor rowCount: a tree asks for thousands of rows when it lays them out.
        if column != 0 or row < 0:
            return QModelIndex()
        if not parent.isValid():
            known = row < len(self.heads)
            return self.createIndex(row, column, 0) if known else QModelIndex()
        at = parent.row()
        known = at < len(self.heads) and row < self.heads[at].loaded
        return self.createIndex(row, column, at + 1) if known else QModelIndex()

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        if not child.isValid() or child.internalId() == 0:
            return QModelIndex()
        return self.createIndex(int(child.internalId()) - 1, 0, 0)

    def rowCount(self, parent: Index = ROOT) -> int:
        if not parent.isValid():
            return len(self.heads)
        if parent.internalId() == 0 and parent.row() < len(self.heads):
            return self.heads[parent.row()].loaded
        return 0

    def columnCount(self, parent: Index = ROOT) -> int:
        return 1

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        if index.internalId() == 0:
            return self._head_data(self.heads[index.row()], role)
        row = self.heads[int(index.internalId()) - 1].rows[index.row()]
        if role == WAITING:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = self._is_ticked(row)
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            why = tr("Why is this here? {why}", why=self._sitting.why(row))
            return plain(f"“{row.words}”\n{facts_of(row)}\n{why}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = [row.words, facts_of(row), self._sitting.why(row)]
            return ", ".join([*parts, tr("ticked")] if self._is_ticked(row) else parts)
        return None

    def _head_data(self, head: Head, role: int) -> Any:
        if role == GROUP:
            return head
        if role == Qt.ItemDataRole.DisplayRole:
            return heading(head.group)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"{heading(head.group)}, {number(len(head.rows))}"
            ticked = self.ticked[head.group]
            return f"{said}, {tr_n(ticked, '{n} ticked', '{n} ticked')}" if ticked else said
        if role == TICKED:
            return self.ticked[head.group]
        return None


def facts_of(row: Waiting) -> str:
    """Return what is known of a case in one line: label, who, how old, how sure a model was."""
    parts = [row.label, ", ".join(row.people)]
    if row.since:
        parts.append(age_in_words(row.since))
    if row.score is not None:
        parts.append(tr("certainty {n} %", n=round(100 * row.score)))
    return " · ".join(filter(None, parts))
