"""The right dock: what is selected, and below it the lists of labels, entities, things to correct.

Where the window is too low for both, the selection shares the tabs with the lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QSplitter,
    QSplitterHandle,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.details.check_list import CheckList
from annotator.gui.details.entity_dialog import EntityDialog
from annotator.gui.details.entity_list import EntityList
from annotator.gui.details.entity_picker import EntityPicker
from annotator.gui.details.inspector import Inspector
from annotator.gui.details.label_list import LabelList
from annotator.gui.details.occurrences import Occurrences
from annotator.gui.details.relation_list import RelationList
from annotator.gui.pane import Pane
from annotator.gui.parts import Themed, px, scale, type_font
from annotator.gui.theme import Theme
from annotator.model import Entity, new_id
from annotator.translation import number, tr

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace

LOW = 560
"""Height of the dock under which selection and lists share the tabs, at a text size of 100 %."""
MOST_SHARE = 0.66
"""Most of the height that the selection takes by itself."""
TAB_PADDING = 7
TIGHT_PADDING = 4


class CountTabs(Themed, QTabBar):
    """Tabs whose names are followed by a muted count.

    Where they do not fit they move closer, then do without the counts; then the longest name is
    cut short.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._counts: dict[int, str] = {}
        self._padding = TAB_PADDING
        self._counting = True
        self._lack: dict[int, int] = {}
        """By how many pixels a tab is narrower than its name would have it."""
        self.setObjectName("tabs.lists")
        self.setAccessibleName(tr("Lists"))
        self.setDocumentMode(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setProperty("own_ring", True)
        self.setElideMode(Qt.TextElideMode.ElideNone)

    def set_count(self, tab: int, count: int) -> None:
        """Show how much the list of a tab holds."""
        text = number(count)
        if self._counts.get(tab) != text:
            before = len(self._counts.get(tab, ""))
            self._counts[tab] = text
            self.setAccessibleTabName(tab, f"{self.tabText(tab)}, {text}")
            if len(text) != before:
                self.fit()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.setFont(type_font(13, 600))
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
        super().resizeEvent(event)

    def fit(self) -> None:
        """Choose the widest arrangement that shows every tab."""
        tries = ((TAB_PADDING, True), (TIGHT_PADDING, True), (TIGHT_PADDING, False))
        self._lack = {}
        for padding, counting in tries:
            self._padding, self._counting = padding, counting
            shown = [tab for tab in range(self.count()) if self.isTabVisible(tab)]
            widths = {tab: self.tabSizeHint(tab).width() for tab in shown}
            lack = sum(widths.values()) - self.width()
            if lack <= 0:
                break
        else:
            longest = max(widths, key=widths.__getitem__)
            self._lack = {longest: min(lack, widths[longest] // 2)}
        self._measure()

    def _measure(self) -> None:
        # Qt measures tabs anew only when one of them changes.
        for tab in range(self.count()):
            self.setTabText(tab, self.tabText(tab))
        self.updateGeometry()

    def tabSizeHint(self, index: int) -> QSize:
        width = QFontMetrics(type_font(13, 600)).horizontalAdvance(self.tabText(index))
        count = self._count(index)
        if count:
            width += px(5) + QFontMetrics(type_font(12, 500)).horizontalAdvance(count)
        width += px(2 * self._padding) - self._lack.get(index, 0)
        return QSize(width, max(40, px(20) + 20))

    def _count(self, tab: int) -> str:
        return self._counts.get(tab, "") if self._counting else ""

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            for tab in range(self.count()):
                if self.isTabVisible(tab):
                    self._paint_tab(painter, tab, self.tabRect(tab))
        finally:
            painter.end()

    def _paint_tab(self, painter: QPainter, tab: int, rect: QRect) -> None:
        theme, chosen = self.theme, tab == self.currentIndex()
        count = self._count(tab)
        left = rect.left() + px(self._padding)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        font = type_font(13, 600 if chosen else 500)
        painter.setFont(font)
        painter.setPen(theme.ink if chosen else theme.muted)
        name = self.tabText(tab)
        if tab in self._lack:
            room = rect.width() - px(2 * self._padding)
            name = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), rect.width(), rect.height()), flags, name)
        after = left + QFontMetrics(font).horizontalAdvance(name)
        painter.setFont(type_font(12, 500))
        painter.setPen(theme.muted)
        place = QRect(after + px(5), rect.top() + 1, rect.width(), rect.height())
        painter.drawText(place, flags, count)
        if chosen:
            end = after + (px(5) + painter.fontMetrics().horizontalAdvance(count) if count else 0)
            painter.fillRect(QRect(left, rect.bottom() - 1, end - left, 2), theme.accent)
        if chosen and self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 6, -3, -6), 6, 6)


class QuietHandle(QSplitterHandle):
    """An edge without dots: the cursor says that it moves."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw nothing."""


class QuietSplitter(QSplitter):
    """A splitter without dots."""

    def createHandle(self) -> QSplitterHandle:
        return QuietHandle(self.orientation(), self)


class Lists(Themed, QWidget):
    """Tabs and the list of the current one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.tabs = CountTabs(theme)
        self.pages = QStackedWidget()
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = QVBoxLayout()
        self._bar.setContentsMargins(9, 0, 6, 1)
        self._bar.addWidget(self.tabs)
        column.addLayout(self._bar)
        column.addWidget(self.pages, 1)

    def add(self, page: QWidget, name: str) -> int:
        """Add a list under its name; return the number of its tab."""
        self.pages.addWidget(page)
        return self.tabs.addTab(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            edge = self.tabs.geometry().bottom() + 1
            painter.fillRect(0, edge, self.width(), 1, self.theme.hairline)
        finally:
            painter.end()


class RightDock(Pane):
    """Inspector and lists; Esc anywhere in it asks to go back to the text."""

    warned = Signal(object)
    """Ids of the records that something is to be corrected about."""

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__(theme, "panel.details", tr("Details"), ground="side")
        self._workspace = workspace
        self._actions = actions
        self._shared_by_person = False
        self._low = False
        self.inspector = Inspector(workspace, actions, theme)
        self.labels = LabelList(workspace, actions, theme)
        self.entities = EntityList(workspace, theme)
        self.links = RelationList(workspace, theme)
        self.checks = CheckList(workspace, actions, theme)
        self.picker = EntityPicker(workspace, theme, self)
        self._build()
        self._connect()
        # The window makes the dock when a project is open already.
        self.entities.refresh()

    def _build(self) -> None:
        self.lists = Lists(self.theme)
        self._selection_page = QWidget()
        holder = QVBoxLayout(self._selection_page)
        holder.setContentsMargins(0, 0, 0, 0)
        self._selection_tab = self.lists.add(self._selection_page, tr("Selection"))
        self._tabs = {
            "labels": self.lists.add(self.labels, tr("Labels")),
            "entities": self.lists.add(self.entities, tr("Entities")),
            "links": self.lists.add(self.links, tr("Links")),
            "check": self.lists.add(self.checks, tr("Check")),
        }
        self.lists.tabs.setTabVisible(self._selection_tab, False)
        self.lists.tabs.setCurrentIndex(self._tabs["labels"])
        self.splitter = QuietSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("splitter.details")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(5)
        self.splitter.addWidget(self.inspector)
        self.splitter.addWidget(self.lists)
        self.splitter.splitterMoved.connect(self._on_moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)
        self._share_later = QTimer(self, singleShot=True, interval=0)
        self._share_later.timeout.connect(self._share)

    def _connect(self) -> None:
        tabs = self.lists.tabs
        self.labels.counted.connect(lambda n: tabs.set_count(self._tabs["labels"], n))
        self.entities.counted.connect(lambda n: tabs.set_count(self._tabs["entities"], n))
        self.links.counted.connect(lambda n: tabs.set_count(self._tabs["links"], n))
        self.checks.counted.connect(lambda n: tabs.set_count(self._tabs["check"], n))
        self.checks.found.connect(self.warned)
        for part in (self.inspector, self.labels, self.entities, self.links, self.checks):
            part.left.connect(self.left)
        self.picker.done.connect(self.left)
        self.inspector.entity_wanted.connect(lambda ids: self.pick_entity(ids, ""))
        for opener in (self.inspector, self.entities):
            opener.entity_opened.connect(self.change_entity)
        self.entities.entity_added.connect(self.add_entity)
        self.entities.entity_removed.connect(self.delete_entity)
        self.inspector.resized.connect(self._share_later.start)
        self.inspector.refreshed.connect(self._share)
        self._workspace.selection_changed.connect(self._on_selection)
        self._actions.on("check", lambda: self.next_finding(1))
        self._actions.on("check.previous", lambda: self.next_finding(-1))
        self._actions.on("article.note", self.write_article_note)
        self.links.comment_wanted.connect(self.write_comment)

    # -- what others ask for -----------------------------------------------------------------

    def show_list(self, name: str) -> None:
        """Bring a list to sight: ``labels``, ``links``, ``entities``, ``check``."""
        self.lists.tabs.setCurrentIndex(self._tabs[name])

    def focus_first(self) -> None:
        """Put the keyboard on the first thing from the top; Tab goes on downwards."""
        first = self.inspector.first_focus() or self.lists.tabs
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def next_finding(self, by: int) -> None:
        """Go to the next thing to correct, or the one before."""
        if self._workspace.annotated is not None:
            self.show_list("check")
            self.checks.step(by)

    def focus_note(self) -> None:
        """Put the keyboard into the note of the selected labels."""
        self._show_inspector()
        self.inspector.write_note()

    def write_comment(self, link_id: str = "") -> None:
        """Put the keyboard into a comment on the selected label, a link of it, or the article."""
        self._show_inspector()
        self.inspector.write_comment(link_id)

    def write_article_note(self) -> None:
        """Put the keyboard into the note on the article."""
        self._show_inspector()
        self.inspector.write_article_note()

    def focus_attribute(self, name: str) -> None:
        """Put the keyboard into the editor of an attribute."""
        self._show_inspector()
        self.inspector.type_attribute(name)

    # -- entities and occurrences ------------------------------------------------------------

    def pick_entity(self, ids: Sequence[str], relation: str = "") -> None:
        """Ask what these spans stand for, or which entity *relation* leads to from them."""
        margin = 8
        if self.isVisible():
            place = self.mapToGlobal(QPoint(margin, px(44)))
            width = self.width() - 2 * margin
        else:
            window = self.window()
            width = px(320)
            place = window.mapToGlobal(QPoint((window.width() - width) // 2, px(120)))
        if not self.picker.open(ids, relation, place, width):
            self.left.emit()

    def change_entity(self, entity_id: str) -> None:
        """Show the dialog of an entity."""
        entity = self._workspace.entities.get(entity_id)
        if entity is not None:
            self._show_entity(entity)

    def add_entity(self, kind: str) -> None:
        """Show the dialog of an entity that is not there yet."""
        self._show_entity(Entity(id=new_id(), kind=kind, name=""))

    def delete_entity(self, entity_id: str) -> None:
        """Delete an entity; undo brings it back with everything that stood for it."""
        entity = self._workspace.entities.get(entity_id)
        if entity is not None:
            dialog = EntityDialog(self._workspace, self.theme, entity, self)
            dialog.delete()
            dialog.deleteLater()

    def _show_entity(self, entity: Entity) -> None:
        dialog = EntityDialog(self._workspace, self.theme, entity, self)
        dialog.exec()
        dialog.deleteLater()

    def show_occurrences(self, span_id: str) -> None:
        """Show every place with the words of a span."""
        span = self._workspace.desk.annotated.spans.get(span_id)
        if span is None:
            return
        if len(span.fragments) > 1:
            self._workspace.note(tr("Only a label in one piece can be looked for elsewhere."))
            return
        dialog = Occurrences(self._workspace, self.theme, span, self)
        dialog.exec()
        dialog.deleteLater()
        self.left.emit()

    # -- room --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(328), px(640))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(296), px(200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < LOW * (1 + (scale() - 1) / 2)
        if low != self._low:
            self._low = low
            self._move_inspector()
        self._share_later.start()

    def _move_inspector(self) -> None:
        """Put the selection among the tabs, or above them."""
        tab = self._selection_tab
        if self._low:
            layout = self._selection_page.layout()
            assert layout is not None
            layout.addWidget(self.inspector)
        else:
            self.splitter.insertWidget(0, self.inspector)
            if self.lists.tabs.currentIndex() == tab:
                self.lists.tabs.setCurrentIndex(self._tabs["labels"])
        self.inspector.show()
        self.lists.tabs.setTabVisible(tab, self._low)
        self.lists.tabs.fit()

    def _show_inspector(self) -> None:
        if self._low:
            self.lists.tabs.setCurrentIndex(self._selection_tab)

    def _on_selection(self) -> None:
        if (
            self._low
            and self._workspace.selected
            and not self.lists.isAncestorOf(self.focusWidget())
        ):
            self._show_inspector()

    def _on_moved(self, _position: int, _index: int) -> None:
        self._shared_by_person = True

    def _share(self) -> None:
        """Give the selection the room it needs, up to its share, until a person moves the edge."""
        if self._low or self._shared_by_person or self.height() < 1:
            return
        wanted = min(self.inspector.natural_height, round(self.height() * MOST_SHARE))
        sizes = [wanted, self.height() - wanted - self.splitter.handleWidth()]
        # Setting them lays all lists out again, even where they are as they were.
        if self.splitter.sizes() != sizes:
            self.splitter.setSizes(sizes)

    # -- looks and keys ----------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._share_later.start()
