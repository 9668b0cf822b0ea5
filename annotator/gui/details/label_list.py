"""The labels of the open article in reading order; selecting here and in the text is the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from annotator import editing
from annotator.gui.details.filter_row import FilterRow
from annotator.gui.details.intents import Places, colour_of, do, words
from annotator.gui.parts import Themed
from annotator.gui.rows import Index, Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, Span, reading_order
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace

SPAN_TYPE = "application/x-annotator-span"
"""Type under which the id of a span is dragged."""
_FEW = 64
"""Changes up to which rows are moved one by one; more of them are read again."""

_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

Place = tuple[int, int, str, str]


class LabelModel(RowModel):
    """Ids of the spans of the author's layer, in reading order."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._places = Places()
        self._order: list[Place] = []
        self.label: str | None = None
        """The only label that is shown; None for all."""

    def read(self) -> None:
        """Read the open article anew."""
        annotated = self._workspace.annotated
        spans = [] if annotated is None else annotated.spans_of(self._workspace.layer.id)
        self._order = [reading_order(span) for span in spans if self._is_shown(span)]
        self.show_keys([place[3] for place in self._order])

    def follow(self, edit: Edit) -> bool:
        """Take over what *edit* changed; return whether rows came or went."""
        pairs = [
            (change.before, change.after)
            for change in edit.changes
            if isinstance(change.record, Span) and self.is_mine(change.record)
        ]
        if len(pairs) > _FEW:
            self.read()
            return True
        moved = False
        for before, after in pairs:
            old = reading_order(before) if isinstance(before, Span) else None
            new = reading_order(after) if isinstance(after, Span) else None
            if old == new and old is not None:
                self._renew(old)
                continue
            if old is not None:
                self._take(old)
            if new is not None and isinstance(after, Span) and self._is_shown(after):
                self._put(new)
            moved = True
        return moved

    def row_of(self, key: str) -> int | None:
        annotated = self._workspace.annotated
        span = None if annotated is None else annotated.spans.get(key)
        return None if span is None else self._find(reading_order(span))

    def row(self, key: str) -> Row | None:
        annotated = self._workspace.annotated
        span = None if annotated is None else annotated.spans.get(key)
        if annotated is None or span is None:
            return None
        marks = (("unsure",) if span.unsure else ()) + (("note",) if span.note else ())
        return Row(
            text=words(span),
            right=self._places.paragraph(annotated.article, span.start),
            colour=colour_of(self._workspace.scheme, span.label),
            marks=marks,
        )

    def mimeTypes(self) -> list[str]:
        return [SPAN_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        if indexes:
            key = self.keys[indexes[0].row()]
            data.setData(SPAN_TYPE, key.encode())
        return data

    def flags(self, index: Index) -> Qt.ItemFlag:
        # Qt asks before each row is painted: no row here is a heading, and none can be ticked.
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def is_mine(self, span: Span) -> bool:
        """Say whether a span is in the open article, and the author's own."""
        annotated = self._workspace.annotated
        return (
            annotated is not None
            and span.article_id == annotated.article.id
            and span.layer_id == self._workspace.layer.id
        )

    def _is_shown(self, span: Span) -> bool:
        return self.label is None or span.label == self.label

    def _find(self, place: Place) -> int | None:
        row = bisect_left(self._order, place)
        found = row < len(self._order) and self._order[row] == place
        return row if found else None

    def _renew(self, place: Place) -> None:
        row = self._find(place)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _take(self, place: Place) -> None:
        row = self._find(place)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._order[row], self.keys[row]
            self.endRemoveRows()

    def _put(self, place: Place) -> None:
        row = bisect_left(self._order, place)
        self.beginInsertRows(QModelIndex(), row, row)
        self._order.insert(row, place)
        self.keys.insert(row, place[3])
        self.endInsertRows()


class LabelList(Themed, QWidget):
    """Words to filter by, and the labels."""

    counted = Signal(int)
    """How many labels the article has."""
    left = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("page.labels")
        self.setAccessibleName(tr("Labels in the article"))
        self._workspace = workspace
        self._actions = actions
        self.model = LabelModel(workspace)
        self.rows = Rows(theme, self.model, empty=tr("No labels in this article yet."))
        self.rows.setObjectName("list.labels")
        self.rows.setAccessibleName(tr("Labels in the article"))
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.rows.setDragEnabled(True)
        self.filters = FilterRow(theme, "label")
        self.filters.chosen.connect(self.filter)
        self._counts: dict[str, int] = {}
        self._edits: list[Edit] = []
        """What was changed and is not shown yet."""
        self._following = False
        self._build()
        self._connect()

    def _build(self) -> None:
        around = QHBoxLayout()
        around.setContentsMargins(11, 6, 6, 4)
        around.addWidget(self.filters)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(around)
        column.addWidget(self.rows, 1)

    def _connect(self) -> None:
        self.rows.left.connect(self.left)
        self.rows.chosen.connect(lambda _key: self.left.emit())
        self.rows.removed.connect(self._remove)
        self.rows.selectionModel().selectionChanged.connect(self._on_selected)
        self._workspace.article_opened.connect(self._on_article)
        self._workspace.project_closed.connect(self.refresh)
        self._workspace.scheme_changed.connect(self._on_scheme)
        self._workspace.changed.connect(self._on_changed)
        self._workspace.selection_changed.connect(self._later)

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the open article anew."""
        self._edits = []
        self._following = True
        self.model.read()
        self._following = False
        self._count()
        self._show_filters()
        self._follow_selection()

    def filter(self, label: str | None) -> None:
        """Show the spans with this label only; None for all."""
        self.model.label = label
        self.refresh()

    def _on_scheme(self) -> None:
        names = {item.name for item in self._workspace.scheme.labels}
        if self.model.label not in names:
            self.model.label = None
        self.refresh()

    def _on_article(self) -> None:
        self._edits = []
        self._workspace.afterwards.show(self, self.refresh)

    def _later(self) -> None:
        if not self._following:
            self._workspace.afterwards.show(self, self._follow)

    def _on_changed(self, edit: Edit) -> None:
        self._edits.append(edit)
        self._workspace.afterwards.show(self, self._follow)

    def _follow(self) -> None:
        """Show what was changed since, and what is selected now."""
        edits, self._edits = self._edits, []
        self._following = True
        moved = [edit for edit in edits if self.model.follow(edit)]
        self._following = False
        if moved:
            self._recount(moved)
            self._show_filters()
        self._follow_selection()

    def _count(self) -> None:
        annotated = self._workspace.annotated
        counts: dict[str, int] = {}
        if annotated is not None:
            layer = self._workspace.layer.id
            for span in annotated.spans.values():
                if span.layer_id == layer:
                    counts[span.label] = counts.get(span.label, 0) + 1
        self._counts = counts
        self.counted.emit(sum(counts.values()))

    def _recount(self, edits: Sequence[Edit]) -> None:
        for change in chain.from_iterable(edit.changes for edit in edits):
            for record, by in ((change.before, -1), (change.after, 1)):
                if isinstance(record, Span) and self.model.is_mine(record):
                    self._counts[record.label] = self._counts.get(record.label, 0) + by
        self.counted.emit(sum(self._counts.values()))

    def _show_filters(self) -> None:
        """Show a word for each label in use; nothing to filter where there is only one."""
        is_open = self._workspace.annotated is not None
        scheme = self._workspace.scheme if is_open else None
        known = [] if scheme is None else [item.name for item in scheme.labels]
        used = [name for name in known if self._counts.get(name)]
        some = len(used) > 1 or self.model.label is not None
        titles = {name: name for name in used} if some else {}
        self.filters.show_counts(titles, self._counts, self.model.label)

    # -- selecting ---------------------------------------------------------------------------

    def _on_selected(self, _on: QItemSelection, _off: QItemSelection) -> None:
        if self._following:
            return
        keys = tuple(self.rows.selected_keys())
        if not keys or keys == self._workspace.selected:
            return
        self._following = True
        self._workspace.select(keys)
        self._following = False
        span = self._workspace.desk.annotated.spans.get(self.rows.current_key or keys[0])
        if span is not None:
            self._workspace.placed.emit(span.fragments[0])

    def _follow_selection(self) -> None:
        """Show the spans that are selected in the text as the selected rows."""
        if self._following:
            return
        chosen = [
            row for key in self._workspace.selected if (row := self.model.row_of(key)) is not None
        ]
        selection = QItemSelection()
        for row in chosen:
            selection.select(self.model.index(row), self.model.index(row))
        model = self.rows.selectionModel()
        self._following = True
        with QSignalBlocker(model):
            if chosen:
                current = self.model.index(chosen[0])
                model.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
                self.rows.scrollTo(current)
            model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._following = False
        self.rows.viewport().update()

    def _remove(self, keys: list[str]) -> None:
        do(self._workspace, lambda: editing.delete(self._workspace.desk, keys))
