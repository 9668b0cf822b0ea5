"""What was decided in bulk: how much, what is to be audited, how much of it was wrong, undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from annotator.agreement.auditing import Stratum, stratified_error_rate
from annotator.agreement.resampling import wilson
from annotator.editing.restoring import net_changes
from annotator.gui.article_model import ROOT, Index
from annotator.gui.details.intents import do
from annotator.gui.history import bulk_words, time_in_words
from annotator.gui.page_keys import PageKeys
from annotator.gui.pane import Pane
from annotator.gui.parts import key_text, label, plain, px, row_height
from annotator.gui.review.batch_preview import reasons_refused
from annotator.gui.review.control_rates import ControlRates
from annotator.gui.review.key_bar import KeyBar
from annotator.gui.review.key_button import KeyButton
from annotator.gui.review.permission import Permission
from annotator.gui.review.stability_rates import StabilityRates
from annotator.gui.theme import Theme
from annotator.model import new_id, now
from annotator.review.marking_again import MARKED_AGAIN
from annotator.review.merging import Batch, Preview, joined
from annotator.review.result import edit_with_result
from annotator.review.reverting import reverted
from annotator.review.sampling import RETEST
from annotator.review.verdicts import Signature
from annotator.translation import number, shown, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace
    from annotator.project import BatchRow


def error_rate(wrong: int, audited: int) -> str:
    """Return the share that was wrong with its 95 % interval (Wilson)."""
    interval = wilson(wrong, audited)
    if interval is None:
        return tr("not audited yet")
    share, low, high = (round(100 * x) for x in (wrong / audited, *interval))
    return tr("{share} % ({low}–{high} %)", share=share, low=low, high=high)


def rate_of(row: BatchRow) -> str:
    """Return the error rate of a batch, or of a sample that was drawn part by part.

    Of decisions that somebody made once more: how many came to the same. While something is still
    to be looked at it holds so far only: what is looked at first need not be like the rest.
    """
    rate, known = _rate_known(row)
    return tr("{rate} so far", rate=rate) if known and row.due else rate


def _rate_known(row: BatchRow) -> tuple[str, bool]:
    """Return a rate in words, and whether it is a figure."""
    audited = row.right + row.wrong
    if row.rule == MARKED_AGAIN:
        return "–", False  # how alike the rounds are stands in a table of its own
    if row.rule == RETEST:
        same = tr("the same: {share}", share=error_rate(row.right, audited))
        return (same, True) if audited else (tr("not decided again yet"), False)
    if row.alone and not (audited or row.due):
        return tr("looked at by the same person"), False
    if not row.strata:
        return error_rate(row.wrong, audited), audited > 0
    found = stratified_error_rate(Stratum(*one) for one in row.strata)
    if found.value is None or found.interval is None:
        words = tr("not all parts looked at yet") if found.number else tr("not audited yet")
        return words, False
    share, low, high = (round(100 * x) for x in (found.value, *found.interval))
    return tr("{share} % ({low}–{high} %)", share=share, low=low, high=high), True


class BatchTable(QAbstractTableModel):
    """One row a batch, newest first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.batches: list[BatchRow] = []

    def show_batches(self, batches: list[BatchRow]) -> None:
        """Show *batches* in place of others."""
        self.beginResetModel()
        self.batches = batches
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.batches)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 7

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            tr("What"),
            tr("Who"),
            tr("When"),
            tr("Cases"),
            tr("To audit"),
            tr("Wrong"),
            tr("Error rate"),
        )[section]

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(index.column())
        row = self.batches[index.row()]
        audited = row.right + row.wrong
        tells_wrong = index.column() == 5 and row.rule != RETEST
        if role == Qt.ItemDataRole.AccessibleTextRole and tells_wrong:
            return tr("{wrong} wrong of {audited} audited", wrong=row.wrong, audited=audited)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._all_of(index.row()))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        wrong = tr("{n} of {total}", n=number(row.wrong), total=number(audited))
        if row.rule == RETEST:
            wrong = tr("{n} of {total} otherwise", n=number(row.wrong), total=number(audited))
        return (
            bulk_words(row.rule) or row.rule,
            row.author,
            time_in_words(row.time),
            number(row.cases),
            number(row.due),
            wrong if audited else "–",
            rate_of(row),
        )[index.column()]

    def _all_of(self, row: int) -> str:
        """Return a line for each column, also those that there is no room for."""
        across = Qt.Orientation.Horizontal
        columns = range(self.columnCount())
        values = ((self.headerData(at, across), self.index(row, at).data()) for at in columns)
        return "\n".join(f"{head}: {value}" for head, value in values)


_LEAVING: Final = (5, 1, 2, 3, 4)
"""The columns that go where there is no room for all, in this order: a row tells them anyway."""


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column > 2 else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class BatchPage(Pane):
    """The table of batches, with what can be done about the one at hand."""

    audit_wanted = Signal(str)
    """Id of an article in which something is to be audited."""
    result_wanted = Signal(str)
    """Id of a batch of which is to be seen what it did and what it refused."""
    rounds_wanted = Signal(object)
    """The names that two rounds of somebody go by: how far these agree is to be seen."""
    sample_wanted = Signal()
    """What was drawn at random is to be looked at."""

    def __init__(
        self, workspace: Workspace, commands: Actions, theme: Theme, permission: Permission
    ) -> None:
        super().__init__(theme, "page.batches", tr("Batches and audit"))
        self._permission = permission
        self._commands = commands
        self._keys = PageKeys(commands, self, "batches")
        self._workspace = workspace
        self.model = BatchTable(self)
        self.controls = ControlRates(workspace, theme)
        self.stability = StabilityRates(workspace, theme)
        self.stability.rounds_wanted.connect(self.rounds_wanted)
        self._build()
        workspace.changed.connect(self._on_changed)

    def _build(self) -> None:
        self.table = QTableView()
        self.table.setObjectName("table.batches")
        self.table.setAccessibleName(tr("What was decided in bulk, newest first"))
        self.table.setModel(self.model)
        self.table.setShowGrid(False)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.activated.connect(lambda _index: self.show_result())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._enable())
        self.empty = label(
            tr(
                "Nothing was decided in bulk yet. {key} begins a batch; those of phrase review "
                "come here too.",
                key=key_text(self._keys.key("new")),
            ),
            15,
            tone="muted",
        )
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(48, 48, 48, 48)
        self._pages = QStackedWidget()
        holder = QWidget()
        inset = QVBoxLayout(holder)
        inset.setContentsMargins(8, 0, 8, 0)
        inset.addWidget(self.table)
        self._pages.addWidget(holder)
        self._pages.addWidget(self.empty)
        heading = label(tr("Batches and audit"), 15, 600)
        heading.setContentsMargins(16, 14, 16, 8)
        self.told = label(size=12, tone="muted")
        self.told.setObjectName("text.audit_state")
        self.told.setContentsMargins(16, 0, 16, 8)
        self.told.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addWidget(self.told)
        column.addWidget(self._pages, 1)
        column.addWidget(self.controls)
        column.addWidget(self.stability)
        column.addWidget(self._build_bar())

    def _build_bar(self) -> QWidget:
        button, on = self._keys.button, self._keys.on
        self.back = button(self.theme, tr("Revert the batch"), "revert", "button.revert_batch")
        on("revert", self.revert)
        self.told_of = button(self.theme, tr("What became of it"), "result", "button.result")
        on("result", self.show_result)
        self.look = button(self.theme, tr("Audit what is due"), "audit", "button.audit")
        on("audit", self.audit)
        self.make = button(self.theme, tr("Decide in bulk"), "new", "button.new_batch")
        on("new", lambda: self._commands.run("bulk"))
        leave = KeyButton(self.theme, tr("Back to the article"), "Esc", "button.back")
        leave.clicked.connect(self.left)
        return KeyBar(self.theme, (self.make, self.told_of, self.back, self.look, leave))

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the project anew."""
        self._read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        self._workspace.flush()
        self.controls.refresh()
        self.stability.refresh()
        row = max(self.table.currentIndex().row(), 0)
        batches = self._workspace.project.reviewing.batches()
        self.model.show_batches(batches)
        self._size_columns()
        self._pages.setCurrentIndex(0 if batches else 1)
        if batches:
            self.table.selectRow(min(row, len(batches) - 1))
        due = sum(one.due for one in batches)
        # The samples and second decisions are of other things: each has a rate of its own.
        audits = [one for one in batches if not one.strata and one.rule != RETEST]
        audited = sum(one.right + one.wrong for one in audits)
        wrong = sum(one.wrong for one in audits)
        said = tr_n(due, "{n} case is to be audited.", "{n} cases are to be audited.")
        if audited:
            rate = error_rate(wrong, audited)
            said += " " + tr("Of all that was audited, wrong: {rate}", rate=rate)
        self.told.setText(said)
        self.told.setVisible(bool(batches))
        self._enable()

    def _on_changed(self, _edit: object) -> None:
        if self.isVisible():
            self._read()

    @property
    def current(self) -> BatchRow | None:
        """The batch at hand."""
        row = self.table.currentIndex().row()
        return self.model.batches[row] if 0 <= row < len(self.model.batches) else None

    def _enable(self) -> None:
        row = self.current
        self.back.setEnabled(row is not None)
        self.told_of.setEnabled(row is not None)
        self.look.setEnabled(row is not None and row.due > 0)

    # -- doing -------------------------------------------------------------------------------

    def show_result(self) -> None:
        """Show what became of the batch at hand, case by case."""
        if self.current is not None:
            self.result_wanted.emit(self.current.id)

    def revert(self) -> None:
        """Take back what the batch at hand changed and nobody has changed since."""
        row = self.current
        if row is None:
            return
        preview = self._reverting(row)
        if preview is None or not self._permission.allows(preview):
            return
        if preview.refused and not preview.done:
            self._workspace.note(reasons_refused(preview))
            return
        n, stays = len(preview.done), len(preview.refused)
        detail = f"{row.rule} ({n}, {stays})"
        if do(self._workspace, lambda: replace(edit_with_result(preview), detail=detail)) is None:
            return
        told = tr_n(n, "{n} is as it was before.", "{n} are as they were before.")
        if stays:
            left = tr_n(stays, "{n} stays: {reason}", "{n} stay: {reason}",
                        reason=shown(preview.refused[0].reason))  # fmt: skip
            told = f"{told} {left}"
        self._workspace.note(told)
        self._workspace.offered.emit("bulk.result")

    def _reverting(self, row: BatchRow) -> Preview | None:
        project = self._workspace.project
        revision = project.reviewing.batch_revision(row.id)
        if revision is None:
            self._workspace.note(tr("The log of this batch is not in the project any more."))
            return None
        changes = net_changes([project.saved_edit(revision).edit], lambda _record: True)
        signed = Signature(project.author, now(), project.revision)
        # A batch that is reverted in part can be reverted again, when the rest can be.
        made = Batch("revert", signed, f"{row.id}/{new_id()}", share=0)
        ids = {one.record.article_id for one in changes}
        every = project.each_annotated([key for key in project.article_ids() if key in ids])
        found = [reverted(annotated, changes, made) for annotated in every]
        return joined(found) if found else None

    def audit(self) -> None:
        """Go to a case that is to be audited, in the review."""
        row = self.current
        if row is None or not row.due:
            return
        if row.strata:
            self.sample_wanted.emit()
            return
        reviewing = self._workspace.project.reviewing
        due = set(reviewing.audit_articles())
        for article_id in reviewing.batch_articles(row.id):
            if article_id in due:
                self.audit_wanted.emit(article_id)
                return

    # -- looks and keys ----------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        palette = theme.qt_palette()
        palette.setColor(palette.ColorRole.Base, theme.page)
        self.table.setPalette(palette)
        self._size_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_columns()

    def _size_columns(self) -> None:
        """Give each column the room for its heading and its longest value, the first the rest.

        Where that is too little to say what was done, the columns that matter least go.
        """
        self.table.verticalHeader().setDefaultSectionSize(max(row_height(28), px(28)))
        header = self.table.horizontalHeader()
        room = self.table.viewport().width()
        columns = range(1, self.model.columnCount())
        wanted = {column: min(self._width_of(column), px(260)) for column in columns}
        least = min(self._width_of(0), px(260))
        for column in _LEAVING:
            # The last to go is what is to be audited: of all batches it is said above.
            if column == _LEAVING[-1]:
                least = min(least, px(180))
            if sum(wanted.values()) + least > room:
                del wanted[column]
        for column in columns:
            self.table.setColumnHidden(column, column not in wanted)
            header.resizeSection(column, wanted.get(column, 0))
        header.resizeSection(0, max(room - sum(wanted.values()), min(least, px(96))))

    def _width_of(self, column: int) -> int:
        said = [str(self.model.headerData(column, Qt.Orientation.Horizontal))]
        rows = range(min(self.model.rowCount(), 200))
        said += [str(self.model.data(self.model.index(row, column))) for row in rows]
        metrics = self.table.fontMetrics()
        return max(metrics.horizontalAdvance(text) for text in said) + px(28)
