"""The rows of the article list: ids from one query, summaries by pages when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from annotator.gui.parts import plain
from annotator.model import Article, Comment, Edit, Layer, LayerKind, LayerState, Span
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.project import ArticleQuery, Project, Summary

PAGE: Final = 64
"""Rows that are read at once."""
PAGES: Final = 48
"""Pages that are kept."""
SUMMARY: Final = int(Qt.ItemDataRole.UserRole)

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
"""The parent of all rows of a list."""


class ArticleModel(QAbstractListModel):
    """The articles that a query finds, in its order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._query: ArticleQuery | None = None
        self._ids: list[str] = []
        self._pages: OrderedDict[int, list[Summary]] = OrderedDict()
        self._touched: set[str] = set()

    def show_articles(self, project: Project | None, query: ArticleQuery | None) -> None:
        """Show what *query* finds in *project*; nothing without a project."""
        self.beginResetModel()
        self._project, self._query = project, query
        self._pages.clear()
        self._touched.clear()
        self._ids = []
        if project is not None and query is not None:
            self._ids = project.article_ids(query)
        self.endResetModel()

    @property
    def ids(self) -> list[str]:
        """Ids of all articles shown."""
        return self._ids

    def row_of(self, article_id: str) -> int | None:
        """Return the row of an article, or None when it is not shown."""
        try:
            return self._ids.index(article_id)
        except ValueError:
            return None

    def summary(self, row: int) -> Summary | None:
        """Return what is known about the article in *row*."""
        number, offset = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._read(number)
        else:
            self._pages.move_to_end(number)
        return page[offset] if offset < len(page) else None

    def _read(self, number: int) -> list[Summary]:
        if self._project is None or self._query is None:
            return []
        page = list(self._project.summaries(self._query, number * PAGE, PAGE))
        self._pages[number] = page
        while len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        return page

    # -- what changes ------------------------------------------------------------------------

    def follow(self, edit: Edit, author: str) -> None:
        """Take over an edit that is not yet saved, in the rows that are in memory."""
        for article_id in edit.articles:
            row = self.row_of(article_id)
            number, offset = divmod(row or 0, PAGE)
            page = self._pages.get(number)
            if row is None or page is None or offset >= len(page):
                continue
            self._touched.add(article_id)
            page[offset] = _after(page[offset], edit, author)
            self.dataChanged.emit(self.index(row), self.index(row))

    def forget_touched(self) -> None:
        """Read the rows again that edits have touched, now that all is saved."""
        for article_id in self._touched:
            row = self.row_of(article_id)
            if row is not None:
                self._pages.pop(row // PAGE, None)
                self.dataChanged.emit(self.index(row), self.index(row))
        self._touched.clear()

    # -- Qt ----------------------------------------------------------------------------------

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        summary = self.summary(index.row())
        if summary is None:
            return None
        if role == SUMMARY:
            return summary
        if role == Qt.ItemDataRole.DisplayRole:
            return summary.title
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = (summary.title, second_line(summary), comments_line(summary))
            return plain("\n".join(filter(None, lines)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{summary.title}, {second_line(summary)}"
        return None


def comments_line(summary: Summary) -> str:
    """Return how many comments of an article are open, in words; nothing for none."""
    if not summary.comments:
        return ""
    return tr_n(summary.comments, "{n} open comment", "{n} open comments")


def second_line(summary: Summary) -> str:
    """Return how far an article is, in words."""
    labels = tr_n(summary.labels, "{n} label", "{n} labels")
    match summary.state:
        case LayerState.RETURNED:
            return tr_n(summary.comments, "Returned with {n} comment", "Returned with {n} comments")
        case LayerState.SUBMITTED:
            return tr("Submitted, {labels}", labels=labels)
        case LayerState.IN_REVIEW:
            return tr("In review, {labels}", labels=labels)
        case LayerState.APPROVED:
            return tr("Approved, {labels}", labels=labels)
    parts = [labels] if summary.labels else []
    if summary.suggestions:
        parts.append(tr_n(summary.suggestions, "{n} suggestion", "{n} suggestions"))
    if summary.state == LayerState.NOT_STARTED and not summary.labels:
        parts.insert(0, tr("Not started"))
    return ", ".join(parts) or tr("In progress")


def _after(summary: Summary, edit: Edit, author: str) -> Summary:
    """Return *summary* with what *edit* changes in the person's own layer."""
    labels, state, title = summary.labels, summary.state, summary.title
    comments = summary.comments
    for change in edit.changes:
        record = change.record
        if record.article_id != summary.id:
            continue
        if isinstance(record, Span):
            labels += (change.after is not None) - (change.before is not None)
        elif isinstance(record, Layer):
            if record.author == author and record.kind == LayerKind.PERSON:
                state = LayerState.NOT_STARTED if change.after is None else record.state
        elif isinstance(record, Comment):
            comments += _is_open(change.after) - _is_open(change.before)
        elif isinstance(record, Article):
            title = record.title
    return replace(
        summary, labels=max(labels, 0), state=state, title=title, comments=max(comments, 0)
    )


def _is_open(record: object) -> bool:
    """Say whether *record* begins a thread that is not settled."""
    return isinstance(record, Comment) and record.reply_to is None and not record.resolved
