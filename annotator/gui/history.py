"""Who changed what and when, newest first; Enter goes to the place."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QDate,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    Qt,
    QTime,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.article_model import ROOT, Index
from annotator.gui.dialogs import closing
from annotator.gui.parts import label, px, row_height
from annotator.gui.theme import Theme
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.project import SavedEdit

PAGE = 200


def what_in_words(saved: SavedEdit) -> str:
    """Say what an edit did, in the person's language."""
    action, detail = saved.edit.action, saved.edit.detail
    words = {
        "mark": tr("Marked {detail}", detail=detail),
        "relabel": tr("Changed a label to {detail}", detail=detail),
        "delete": tr("Removed {detail}", detail=detail),
        "reshape": tr("Moved the ends of {detail}", detail=detail),
        "attribute": tr("Set {detail}", detail=detail),
        "note": tr("Wrote a note"),
        "unsure": tr("Changed the flag “unsure”"),
        "attach": tr("Said who or where is meant: {detail}", detail=detail),
        "detach": tr("Took back who or where is meant"),
        "relate": tr("Linked: {detail}", detail=detail),
        "unrelate": tr("Removed a link: {detail}", detail=detail),
        "submit": tr("Submitted"),
        "state": tr("Changed how far the article is: {detail}", detail=detail),
        "entity": tr("Changed a person or place: {detail}", detail=detail),
        "merge": tr("Merged into {detail}", detail=detail),
        "split": tr("Split off {detail}", detail=detail),
        "delete entity": tr("Removed the person or place {detail}", detail=detail),
        "zone": tr("Changed a zone: {detail}", detail=detail),
        "details": tr("Corrected the details: {detail}", detail=detail),
        "correct": tr("Corrected the text: {detail}", detail=detail),
        "work order": tr("Began as a work order"),
        "take": tr("Took in the result of {detail}", detail=detail),
        "scheme": tr("Changed the scheme"),
        "import": tr("Brought in: {detail}", detail=detail),
        "remove": tr("Removed the article {detail}", detail=detail),
        "comment": tr("Commented: {detail}", detail=detail),
        "reply": tr("Replied: {detail}", detail=detail),
        "comment.change": tr("Changed a comment: {detail}", detail=detail),
        "comment.delete": tr("Removed a comment: {detail}", detail=detail),
        "resolve": tr("Resolved a comment: {detail}", detail=detail),
        "reopen": tr("Opened a comment again: {detail}", detail=detail),
        "answer": tr("Answered a decision: {detail}", detail=detail),
        "restore": tr("Restored the state of {detail}", detail=detail),
    }.get(action, f"{action} {detail}".strip())
    if saved.kind == "undo":
        return tr("Took back: {what}", what=words)
    if saved.kind == "redo":
        return tr("Made again: {what}", what=words)
    return words


class Edits(QAbstractTableModel):
    """Saved edits, read as far as somebody scrolls."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._article_id: str | None = None
        self._more = True
        self.edits: list[SavedEdit] = []

    def show_edits(self, article_id: str | None) -> None:
        """Show the edits of one article, or of the project."""
        self.beginResetModel()
        self._article_id = article_id
        self.edits, self._more = [], True
        self.endResetModel()
        self.fetchMore(QModelIndex())

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        before = self.edits[-1].revision if self.edits else None
        found = self._workspace.project.history(PAGE, before, self._article_id)
        self._more = len(found) == PAGE
        if found:
            at = len(self.edits)
            self.beginInsertRows(QModelIndex(), at, at + len(found) - 1)
            self.edits += found
            self.endInsertRows()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.edits)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 4

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("When"), tr("Who"), tr("What"), tr("Changes"))[section]
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        saved = self.edits[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 3:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return time_in_words(saved.edit.time)
        if index.column() == 1:
            return saved.edit.author
        if index.column() == 2:
            return what_in_words(saved)
        return str(saved.size)


def time_in_words(time: str) -> str:
    """Return a time of UTC in the person's own zone and manner."""
    try:
        then = datetime.fromisoformat(time).astimezone()
    except ValueError:
        return time
    moment = QDateTime(QDate(then.year, then.month, then.day), QTime(then.hour, then.minute))
    return QLocale().toString(moment, "d MMMM yyyy, HH:mm")


class History(QDialog):
    """The list of edits."""

    place_wanted = Signal(str, object)

    def __init__(self, workspace: Workspace, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.history")
        self.setWindowTitle(tr("History"))
        self._workspace = workspace
        self.model = Edits(workspace, self)
        self._build()
        self._refresh()
        self.resize(min(px(760), parent.width() - 40), min(px(560), parent.height() - 40))

    def _build(self) -> None:
        self.table = QTableView()
        self.table.setObjectName("table.history")
        self.table.setAccessibleName(tr("Changes, newest first"))
        self.table.setModel(self.model)
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(row_height(28))
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        long = self.fontMetrics().horizontalAdvance(time_in_words("2022-09-28T20:08:00+00:00"))
        header.resizeSection(0, long + px(24))
        header.resizeSection(1, px(120))
        header.resizeSection(3, px(80))
        self.table.activated.connect(self._go)
        self.here = QCheckBox(tr("This article only"))
        self.here.setObjectName("field.this_article")
        self.here.setEnabled(self._workspace.annotated is not None)
        self.here.toggled.connect(lambda _on: self._refresh())
        self.steps = label(size=12, tone="muted")
        row = QHBoxLayout()
        row.addWidget(self.here)
        row.addStretch(1)
        row.addWidget(self.steps)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(closing(self))

    def _refresh(self) -> None:
        annotated = self._workspace.annotated
        only = self.here.isChecked() and annotated is not None
        self.model.show_edits(annotated.article.id if only and annotated is not None else None)
        steps = self._workspace.steps_to_undo
        self.steps.setText(tr_n(steps, "{n} step to undo", "{n} steps to undo"))
        if self.model.edits:
            self.table.selectRow(0)

    def _go(self, index: QModelIndex) -> None:
        edit = self.model.edits[index.row()].edit
        known = self._workspace.project.article_ids()
        if edit.article_id is not None and edit.article_id in known:
            self.accept()
            self.place_wanted.emit(edit.article_id, edit.place)
