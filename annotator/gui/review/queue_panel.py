"""The left dock of the review: what waits for a decision, by kind, across all articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.article_rows import STRIP
from annotator.gui.controls import FilterButton, Flow
from annotator.gui.icons import icon
from annotator.gui.parts import (
    ProgressLine,
    Themed,
    label,
    paint_row,
    px,
    row_height,
    type_font,
)
from annotator.gui.review.queue_model import GROUP, WAITING, Head, Index, QueueModel
from annotator.gui.review.sitting import Sitting, Waiting
from annotator.gui.review.wording import group_icon
from annotator.gui.side_panels import FoldingPanel
from annotator.gui.theme import Theme
from annotator.review.cases import Group, Standing
from annotator.review.wording import heading
from annotator.translation import number, tr

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

_HERE = "here"
_DRAWN = "drawn"
"""Cases that were drawn at random."""


class QueueRows(QStyledItemDelegate):
    """Paints the head of a group with its count, and a case with the initials of its readers."""

    def __init__(self, theme: Theme, parent: QObject, *, folded: bool) -> None:
        super().__init__(parent)
        self.theme = theme
        self.current = ""
        """Key of the case at hand."""
        self._folded = folded

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(STRIP if self._folded else px(160), row_height(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        focused = isinstance(view, QWidget) and view.hasFocus()
        state = option.state
        row: Waiting | None = index.data(WAITING)
        at_hand = row is not None and row.key == self.current
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        rect = QRect(0, option.rect.top(), option.widget.width(), option.rect.height())
        paint_row(
            painter,
            rect,
            self.theme,
            current=at_hand or (chosen and focused),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            focused=at_hand or focused,
            radius=0,
        )
        painter.save()
        if row is None:
            self._paint_head(painter, rect, index.data(GROUP), option)
        elif not self._folded:
            self._paint_case(painter, rect, row, at_hand)
        if chosen and focused and not self.theme.high_contrast:
            painter.setPen(self.theme.accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_head(
        self, painter: QPainter, rect: QRect, head: Head, option: QStyleOptionViewItem
    ) -> None:
        theme, side = self.theme, px(16)
        top = rect.top() + (rect.height() - side) // 2
        left = (STRIP - side) // 2 if self._folded else 16
        if not self._folded:
            opened = bool(option.state & QStyle.StateFlag.State_Open)
            name, small = "chevron-down" if opened else "chevron-right", px(12)
            spot = QRect(left, rect.top() + (rect.height() - small) // 2, small, small)
            icon(name, theme.muted, small).paint(painter, spot)
            left += small + 10
        icon(group_icon(head.group), theme.muted, side).paint(painter, QRect(left, top, side, side))
        if self._folded:
            return
        left += side + 8
        painter.setFont(type_font(13))
        painter.setPen(theme.ink)
        place = QRect(left, rect.top(), rect.width() - left - px(48), rect.height())
        _line(painter, place, heading(head.group))
        painter.setFont(type_font(12))
        painter.setPen(theme.muted)
        right = rect.adjusted(0, 0, -16, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(right, flags, number(len(head.rows)))

    def _paint_case(self, painter: QPainter, rect: QRect, row: Waiting, at_hand: bool) -> None:
        theme = self.theme
        initials = row.initials
        painter.setFont(type_font(12))
        painter.setPen(theme.muted)
        room = painter.fontMetrics().horizontalAdvance(initials)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(rect.adjusted(0, 0, -16, 0), flags, initials)
        painter.setFont(type_font(13, 600 if at_hand else 400))
        painter.setPen(theme.ink)
        left = rect.left() + 16 + px(12) + 10
        _line(
            painter,
            QRect(left, rect.top(), rect.width() - left - room - 28, rect.height()),
            row.words,
        )


def _line(painter: QPainter, place: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)


class QueueTree(QTreeView):
    """The tree, or its strip of marks."""

    opened = Signal(QModelIndex)
    left = Signal()

    def __init__(self, model: QueueModel, theme: Theme, *, folded: bool) -> None:
        super().__init__()
        self.rows = QueueRows(theme, self, folded=folded)
        self.setModel(model)
        self.setItemDelegate(self.rows)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemsExpandable(not folded)
        self.setExpandsOnDoubleClick(False)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._on_click)

    def _on_click(self, index: QModelIndex) -> None:
        if index.data(WAITING) is not None:
            self.opened.emit(index)
        elif self.itemsExpandable():
            self.setExpanded(index, not self.isExpanded(index))
        elif index.isValid():
            self.opened.emit(self.model().index(0, 0, index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._on_click(index)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.text().strip() and not event.modifiers():
            event.ignore()  # letters are keys of the review, not a search in the list
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click is nothing else than the first."""


class QueuePanel(FoldingPanel):
    """Filters, the tree, and how far the review is; or, folded, a strip of marks."""

    left = Signal()

    def __init__(self, workspace: Workspace, sitting: Sitting, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("panel.queue")
        self.setAccessibleName(tr("Queue"))
        self._workspace = workspace
        self._sitting = sitting
        self._standing = Standing.OPEN
        self._chosen = ""
        self._folded: set[Group] = set()
        self.model = QueueModel(sitting.why, self)
        self.tree = QueueTree(self.model, theme, folded=False)
        self.tree.setObjectName("tree.queue")
        self.tree.setAccessibleName(tr("Queue"))
        self.strip: QueueTree = QueueTree(self.model, theme, folded=True)
        self.strip.setObjectName("strip.queue")
        self.strip.setAccessibleName(tr("Queue, folded"))
        self._build()
        self._connect()

    # -- building ------------------------------------------------------------------------------

    def _build(self) -> None:
        self.choice = QComboBox()
        self.choice.setObjectName("field.conflicts")
        self.choice.setAccessibleName(tr("Which conflicts"))
        self.choice.setMinimumWidth(1)
        self.filters = {
            Standing.OPEN: FilterButton(self.theme, tr("Open")),
            Standing.DECIDED: FilterButton(self.theme, tr("Decided")),
            Standing.AGREED: FilterButton(self.theme, tr("Agreed")),
        }
        self.order = QComboBox()
        self.order.setObjectName("field.queue_order")
        self.order.setAccessibleName(tr("Which articles come first"))
        self.order.setMinimumWidth(1)
        for key, text in (
            ("imported", tr("In the order of the articles")),
            ("apart", tr("Where readers differ most first")),
            ("rare", tr("Rare labels first")),
            ("contested", tr("Contested decisions first")),
            ("decided", tr("Least decided first")),
        ):
            self.order.addItem(text, key)
        words = Flow(gap=2)
        for standing, button in self.filters.items():
            button.setObjectName(f"filter.{standing.value}")
            button.setAutoExclusive(True)
            button.clicked.connect(lambda _=False, which=standing: self.show_standing(which))
            words.addWidget(button)
        self.filters[Standing.OPEN].setChecked(True)
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 8)
        top.setSpacing(8)
        top.addWidget(self.choice)
        top.addWidget(self.order)
        top.addLayout(words)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self._build_empty())
        self._full = QWidget()
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        column.addWidget(self._build_foot())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._full)
        self._stack.addWidget(self.strip)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _build_empty(self) -> QWidget:
        page = QWidget()
        self.empty = label(tone="muted")
        self.empty.setObjectName("text.queue_empty")
        self.empty.setWordWrap(True)
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.empty)
        column.addStretch(1)
        return page

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        self.done = label(size=13, weight=500)
        self.done.setObjectName("text.decided")
        self.rest = label(size=12, tone="muted")
        self.rest.setObjectName("text.left")
        self.progress = ProgressLine(self.theme)
        self.progress.setAccessibleName(tr("Decided cases"))
        words = QHBoxLayout()
        words.addWidget(self.done, 1)
        words.addWidget(self.rest)
        column = QVBoxLayout(foot)
        column.setContentsMargins(16, 10, 16, 16)
        column.setSpacing(8)
        column.addLayout(words)
        column.addWidget(self.progress)
        return foot

    def _connect(self) -> None:
        for tree in (self.tree, self.strip):
            tree.opened.connect(self._open)
            tree.left.connect(self.left)
        self.tree.collapsed.connect(lambda index: self._fold(index, True))
        self.tree.expanded.connect(lambda index: self._fold(index, False))
        self.choice.activated.connect(self._choose)
        self.order.activated.connect(self._sort)
        self._sitting.listed.connect(self._on_listed)
        self._sitting.moved.connect(self._follow)

    # -- what is shown -------------------------------------------------------------------------

    def show_standing(self, standing: Standing) -> None:
        """Show the open cases, the decided ones, or those on which all agree."""
        self._standing = standing
        self.refresh()

    def refresh(self) -> None:
        """Show everything anew."""
        articles = self._sitting.articles
        self._fill_choice()
        rows = [row for rows in articles.values() for row in rows if self._shows(row)]
        self.model.show_rows(articles, rows)
        self._expand()
        self._count()
        self._follow()

    def _expand(self) -> None:
        for at, head in enumerate(self.model.heads):
            self.tree.setExpanded(self.model.index(at, 0), head.group not in self._folded)

    def _shows(self, row: Waiting) -> bool:
        return row.standing == self._standing and self._is_chosen(row)

    def _is_chosen(self, row: Waiting) -> bool:
        if self._chosen == _HERE:
            found = self._sitting.found
            return found is not None and row.article_id == found.article_id
        if self._chosen == _DRAWN:
            return row.drawn
        return not self._chosen or row.group == self._chosen

    def _on_listed(self, article_id: str) -> None:
        rows = self._sitting.articles.get(article_id, ())
        wanted = [row for row in rows if self._shows(row)]
        anew = not article_id or self._chosen == _HERE
        if anew or not self.model.show_article(article_id, wanted):
            self.refresh()
        else:
            self._count()

    def _count(self) -> None:
        sitting = self._sitting
        counts = {standing: sitting.count(standing) for standing in self.filters}
        for standing, button in self.filters.items():
            button.set_count(number(counts[standing]))
        opened, decided = counts[Standing.OPEN], counts[Standing.DECIDED]
        total = opened + decided
        self.done.setText(
            tr("{done} of {total} decided", done=number(decided), total=number(total))
        )
        self.rest.setText(tr("{n} left", n=number(opened)))
        self.progress.set_share(decided / total if total else 0.0)
        self._pages.setCurrentIndex(0 if self.model.heads else 1)
        if not self.model.heads:
            self.empty.setText(self._empty_words(counts))

    def _empty_words(self, counts: dict[Standing, int]) -> str:
        if self._sitting.gathering and not any(counts.values()):
            return tr("Looking for conflicts …")
        if self._chosen:
            return tr("No case of this kind. Choose “All conflicts” above.")
        if not any(counts.values()):
            return tr("Nothing to review yet. Articles come here once they are submitted.")
        decided, agreed = (number(counts[one]) for one in (Standing.DECIDED, Standing.AGREED))
        if self._standing == Standing.OPEN:
            return tr(
                "No open conflicts. {decided} decided, {agreed} agreed.",
                decided=decided,
                agreed=agreed,
            )
        return tr("No case here yet. J goes to the next open case.")

    def _fill_choice(self) -> None:
        rows = [row for rows in self._sitting.articles.values() for row in rows]
        there = {row.group for row in rows}
        wanted = [("", tr("All conflicts")), (_HERE, tr("This article"))]
        if any(row.drawn for row in rows) or self._chosen == _DRAWN:
            wanted.append((_DRAWN, tr("Drawn at random")))
        wanted += [
            (group.value, heading(group))
            for group in Group
            if group in there and group != Group.AGREED
        ]
        now = [self.choice.itemData(at) for at in range(self.choice.count())]
        if now != [key for key, _ in wanted]:
            self.choice.clear()
            for key, text in wanted:
                self.choice.addItem(text, key)
        self.choice.setCurrentIndex(max(self.choice.findData(self._chosen), 0))

    def _choose(self, at: int) -> None:
        self._chosen = self.choice.itemData(at)
        self._sitting.only = self._is_chosen
        self.refresh()

    def show_drawn(self) -> None:
        """Show what was drawn at random, and nothing else."""
        self._chosen = _DRAWN
        self._sitting.only = self._is_chosen
        self.refresh()
        self._sitting.step(1)

    def _sort(self, at: int) -> None:
        """Have the articles come in another order; what was drawn at random stays what it is."""
        self._sitting.sort = self.order.itemData(at)
        self._sitting.gather()

    def _open(self, index: QModelIndex) -> None:
        row: Waiting | None = index.data(WAITING)
        if row is not None:
            self._sitting.go(row.article_id, row.key)
            self.left.emit()

    def _fold(self, index: QModelIndex, folded: bool) -> None:
        head: Head | None = index.data(GROUP)
        if head is not None:
            (self._folded.add if folded else self._folded.discard)(head.group)

    def _follow(self) -> None:
        """Show which case is at hand."""
        case = self._sitting.case
        key = "" if case is None else case.key
        for tree in (self.tree, self.strip):
            tree.rows.current = key
            tree.viewport().update()
        if case is None:
            return
        index = self.model.index_of(case.article_id, case.key)
        if index.isValid():
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)

    # -- looks ---------------------------------------------------------------------------------

    def set_folded(self, folded: bool) -> None:
        """Show the strip of marks in place of the queue, or the queue."""
        self._stack.setCurrentWidget(self.strip if folded else self._full)
        low, high = (STRIP, STRIP) if folded else (min(px(224), 320), max(400, px(400)))
        self.setMinimumWidth(low)
        self.setMaximumWidth(high)

    def focus_first(self) -> None:
        """Put the keyboard into the tree."""
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_theme(self, theme: Theme) -> None:
        Themed.set_theme(self, theme)
        for box in (self.choice, self.order):
            box.setFont(QFont(type_font(13)))
        for tree in (self.tree, self.strip):
            tree.rows.theme = theme
            tree.doItemsLayout()
