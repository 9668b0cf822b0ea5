"""The left dock of the review: what waits for a decision, by kind, across all articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from annotator.gui.controls import FilterButton, Flow, IconButton, WordButton
from annotator.gui.list_foot import ListFoot
from annotator.gui.parts import Themed, label, type_font
from annotator.gui.review.queue_columns import Sorting
from annotator.gui.review.queue_filter import KeptQueue, QueueFilter
from annotator.gui.review.queue_head import QueueHead
from annotator.gui.review.queue_model import GROUP, WAITING, Head, QueueModel
from annotator.gui.review.queue_rows import QueueTree
from annotator.gui.review.sitting import Sitting
from annotator.gui.review.ticks import place_of
from annotator.gui.review.waiting import APART, DOUBTFUL, RARE, Shelf, Waiting
from annotator.gui.side_panels import FoldingPanel
from annotator.gui.theme import Theme
from annotator.review.cases import Group
from annotator.review.wording import heading
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.ask import Ask
    from annotator.gui.workspace import Workspace
    from annotator.settings import Settings

_HERE = "here"
_DRAWN = "drawn"
"""Cases that were drawn at random."""
_SAVED = "saved:"
Tally = tuple[Counter[Shelf], Counter[Shelf]]
"""How many cases of an article lie where: all of them, and those that fit the filter."""
_PUT_ASIDE = (Shelf.SKIPPED, Shelf.ESCALATED)


class QueuePanel(FoldingPanel):
    """Filters, the tree, and how far the review is; or, folded, a strip of marks."""

    left = Signal()
    return_wanted = Signal()
    """What is ticked is to go back to who marked it."""

    def __init__(
        self, workspace: Workspace, sitting: Sitting, theme: Theme, settings: Settings, ask: Ask
    ) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("panel.queue")
        self.setAccessibleName(tr("Queue"))
        self._workspace = workspace
        self._sitting = sitting
        self._settings = settings
        self._ask = ask
        self.filter = QueueFilter()
        """Which cases are shown."""
        self._folded: set[Group] = set()
        self._listed: dict[str, None] = {}
        """Articles that were listed and are not shown yet, as :attr:`Sitting.listed` names them."""
        self._tallies: dict[str, Tally] = {}
        self._every: Counter[Shelf] = Counter()
        self._shown: Counter[Shelf] = Counter()
        ticks = sitting.ticks
        self.model = QueueModel(sitting, lambda row: place_of(row) in ticks, self)
        self.tree = QueueTree(self.model, theme, folded=False)
        self.tree.setObjectName("tree.queue")
        self.tree.setAccessibleName(tr("Queue"))
        self.head = QueueHead(theme)
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
        self.more = IconButton("filter", tr("Filter and save the queue"))
        self.more.setObjectName("button.queue_filter")
        self.more.clicked.connect(self._show_menu)
        choosing = QHBoxLayout()
        choosing.setSpacing(4)
        choosing.addWidget(self.choice, 1)
        choosing.addWidget(self.more)
        self.narrowed = WordButton("", size=12)
        self.narrowed.setObjectName("button.show_all_cases")
        self.narrowed.clicked.connect(
            lambda: self._narrow(replace(self.filter, label="", person=""))
        )
        self.narrowed.hide()
        self.back = WordButton("", size=12)
        self.back.setObjectName("button.send_back_ticked")
        self.back.clicked.connect(self.return_wanted)
        self.back.hide()
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 8)
        top.setSpacing(8)
        top.addLayout(choosing)
        top.addWidget(self._build_order())
        top.addLayout(self._build_shelves())
        for button in (self.narrowed, self.back):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._build_table())
        self._pages.addWidget(self._build_empty())
        self._stack_up(top, self._pages, self._build_foot())

    def _build_order(self) -> QComboBox:
        self.order = QComboBox()
        self.order.setObjectName("field.queue_order")
        self.order.setAccessibleName(tr("Which articles come first"))
        self.order.setMinimumWidth(1)
        for key, text in (
            ("imported", tr("In the order of the articles")),
            (APART, tr("Where readers differ most first")),
            (RARE, tr("Rare labels first")),
            (DOUBTFUL, tr("Where a model was least sure first")),
            ("contested", tr("Contested decisions first")),
            ("decided", tr("Least decided first")),
        ):
            self.order.addItem(text, key)
        return self.order

    def _build_shelves(self) -> Flow:
        self.filters = {
            Shelf.OPEN: FilterButton(self.theme, tr("Open")),
            Shelf.DECIDED: FilterButton(self.theme, tr("Decided")),
            Shelf.AGREED: FilterButton(self.theme, tr("Agreed")),
            Shelf.SKIPPED: FilterButton(self.theme, tr("Skipped")),
            Shelf.ESCALATED: FilterButton(self.theme, tr("Passed on")),
        }
        words = Flow(gap=2)
        for shelf, button in self.filters.items():
            button.setObjectName(f"filter.{shelf.value}")
            button.setAutoExclusive(True)
            button.clicked.connect(lambda _=False, which=shelf: self.show_shelf(which))
            words.addWidget(button)
        self.filters[Shelf.OPEN].setChecked(True)
        return words

    def _build_table(self) -> QWidget:
        table = QWidget()
        column = QVBoxLayout(table)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.tree, 1)
        return table

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
        foot = ListFoot(self.theme)
        self.done, self.rest, self.progress = foot.done, foot.rest, foot.progress
        self.done.setObjectName("text.decided")
        self.rest.setObjectName("text.left")
        self.progress.setAccessibleName(tr("Decided cases"))
        return foot

    def _connect(self) -> None:
        for tree in (self.tree, self.strip):
            tree.opened.connect(self._open)
            tree.left.connect(self.left)
        self.tree.collapsed.connect(lambda index: self._fold(index, True))
        self.tree.expanded.connect(lambda index: self._fold(index, False))
        self.tree.ticked.connect(
            lambda index: self._sitting.ticks.turn(place_of(index.data(WAITING)))
        )
        self._sitting.ticks.changed.connect(self._show_ticks)
        self.choice.activated.connect(self._choose)
        self.order.activated.connect(lambda at: self.order_by(self.order.itemData(at)))
        self.head.sorted_by.connect(self.sort_by)
        self._workspace.project_closed.connect(self._forget)
        self._sitting.listed.connect(self._on_listed)
        self._sitting.moved.connect(self._later)

    # -- what is shown -------------------------------------------------------------------------

    def show_shelf(self, shelf: Shelf) -> None:
        """Show the cases that lie there; what was put aside, the steps walk then."""
        self._narrow(replace(self.filter, shelf=shelf))

    def _narrow(self, wanted: QueueFilter) -> None:
        self.filter = wanted
        self.filters[wanted.shelf].setChecked(True)
        self._sitting.only = self._fits
        self._sitting.shelf = wanted.shelf if wanted.shelf in _PUT_ASIDE else Shelf.OPEN
        said = ", ".join(filter(None, (wanted.label, wanted.person)))
        self.narrowed.setText(tr("Only {what}. Show all", what=said))
        self.narrowed.setVisible(bool(said))
        self.refresh()

    def _forget(self) -> None:
        self._narrow(QueueFilter())

    def refresh(self) -> None:
        """Show everything anew."""
        self._listed = {}
        articles = self._sitting.articles
        self._fill_choice()
        self._tallies.clear()
        self._every, self._shown = Counter(), Counter()
        for article_id in articles:
            self._tally(article_id)
        self.model.show_rows(articles, [row for row in self._rows() if self._shows(row)])
        self.head.show_sorting(self.model.sorting, self.model.longest)
        self._expand()
        self._count()
        self._follow()

    def sort_by(self, sorting: Sorting | None) -> None:
        """Sort the rows of every group by a column; None for the order of the articles."""
        self.model.sort_by(sorting)
        self.head.show_sorting(sorting, self.model.longest)
        self._fill_choice()
        self._expand()
        self._follow()

    def order_by(self, order: str) -> None:
        """Have the articles come in another order."""
        self.order.setCurrentIndex(max(self.order.findData(order), 0))
        if self._sitting.order.sort != self.order.currentData():
            self._sitting.order_by(self.order.currentData())
        self._fill_choice()

    def _rows(self) -> Iterable[Waiting]:
        return (row for rows in self._sitting.articles.values() for row in rows)

    def _expand(self) -> None:
        for at, head in enumerate(self.model.heads):
            self.tree.setExpanded(self.model.index(at, 0), head.group not in self._folded)

    def _shows(self, row: Waiting) -> bool:
        return row.shelf == self.filter.shelf and (not self.filter.is_narrow or self._fits(row))

    def _fits(self, row: Waiting) -> bool:
        return self.filter.fits(row, self._sitting.here)

    def _later(self) -> None:
        self._workspace.afterwards.show(self, self._catch_up)
        self._workspace.afterwards.show(self, self._follow)

    def _on_listed(self, article_id: str) -> None:
        self._listed[article_id] = None
        self._later()

    def _catch_up(self) -> None:
        """Show what was listed since."""
        listed, self._listed = self._listed, {}
        for article_id in [""] if "" in listed else listed:
            self._show_listed(article_id)

    def _show_listed(self, article_id: str) -> None:
        rows = self._sitting.articles.get(article_id, ())
        wanted = [row for row in rows if self._shows(row)]
        anew = not article_id or self.filter.here
        if anew or not self.model.show_article(article_id, wanted):
            self.refresh()
        else:
            self._tally(article_id)
            self._count()

    def _tally(self, article_id: str) -> None:
        """Count the cases of an article anew; those of the others are counted already."""
        rows = self._sitting.articles.get(article_id, ())
        known = self._tallies.get(article_id)
        if known is not None:
            self._every -= known[0]
            self._shown -= known[1]
        every = Counter(row.shelf for row in rows)
        narrow = self.filter.is_narrow
        shown = Counter(row.shelf for row in rows if self._fits(row)) if narrow else every
        self._tallies[article_id] = (every, shown)
        self._every += every
        self._shown += shown

    def _show_ticks(self) -> None:
        """Say how many cases are ticked, and show the boxes while any is."""
        ticks = self._sitting.ticks
        if not ticks and self.back.isHidden():
            return
        ticked = ticks.rows(self._sitting.articles)
        self.model.ticked = Counter(row.group for row in ticked if self._shows(row))
        count = len(ticked)
        said = tr_n(count, "Send {n} ticked case back …", "Send {n} ticked cases back …")
        self.back.setText(said)
        self.back.setAccessibleName(said)
        self.back.setVisible(count > 0)
        self.tree.rows.ticking = count > 0
        for tree in (self.tree, self.strip):
            tree.viewport().update()

    def _count(self) -> None:
        self._show_ticks()
        every, shown = self._every, self._shown
        for shelf, button in self.filters.items():
            button.set_count(number(shown[shelf]))
            there = shown[shelf] > 0 or shelf == self.filter.shelf
            button.setVisible(there or shelf not in _PUT_ASIDE)
        opened, decided = every[Shelf.OPEN], every[Shelf.DECIDED]
        total = opened + decided + sum(every[shelf] for shelf in _PUT_ASIDE)
        self.done.setText(
            tr("{done} of {total} decided", done=number(decided), total=number(total))
        )
        self.rest.setText(tr("{n} left", n=number(opened)))
        self.progress.set_share(decided / total if total else 0.0)
        self._pages.setCurrentIndex(0 if self.model.heads else 1)
        if not self.model.heads:
            self.empty.setText(self._empty_words(every))

    def _empty_words(self, counts: Counter[Shelf]) -> str:
        if self._sitting.gathering and not counts.total():
            return tr("Looking for conflicts …")
        if not counts.total():
            return tr("Nothing to review yet. Articles come here once they are submitted.")
        if self.filter.is_narrow:
            return tr("No case of this kind. Choose “All conflicts” above.")
        decided, agreed = (number(counts[one]) for one in (Shelf.DECIDED, Shelf.AGREED))
        if self.filter.shelf == Shelf.OPEN:
            return tr(
                "No open conflicts. {decided} decided, {agreed} agreed.",
                decided=decided,
                agreed=agreed,
            )
        return tr("No case here yet. J goes to the next open case.")

    # -- filters ---------------------------------------------------------------------------------

    @property
    def kept(self) -> KeptQueue:
        """What would be kept if the queue were saved as it is."""
        return KeptQueue(self.filter, self.model.sorting, self._sitting.order.sort)

    @property
    def saved(self) -> dict[str, KeptQueue]:
        """The queues of this project that were saved, by their names."""
        if not self._workspace.is_open:
            return {}
        kept = self._settings.queues.get(self._workspace.project.location, {})
        return {name: KeptQueue.from_json(data) for name, data in kept.items()}

    def _fill_choice(self) -> None:
        now = self.filter
        there = {row.group for row in self._rows()}
        wanted = [("", tr("All conflicts")), (_HERE, tr("This article"))]
        if now.drawn or any(row.drawn for row in self._rows()):
            wanted.append((_DRAWN, tr("Drawn at random")))
        wanted += [
            (group.value, heading(group))
            for group in Group
            if group in there and group != Group.AGREED
        ]
        saved = self.saved
        wanted += [(f"{_SAVED}{name}", name) for name in saved]
        there_now = [self.choice.itemData(at) for at in range(self.choice.count())]
        if there_now != [key for key, _ in wanted]:
            self.choice.clear()
            for key, text in wanted:
                self.choice.addItem(text, key)
        kept = self.kept
        named = next((name for name, one in saved.items() if one == kept), None)
        plain = (_HERE if now.here else "") or (_DRAWN if now.drawn else "") or now.group
        key = f"{_SAVED}{named}" if named else plain
        self.choice.setCurrentIndex(max(self.choice.findData(key), 0))

    def _choose(self, at: int) -> None:
        key: str = self.choice.itemData(at)
        if key.startswith(_SAVED):
            kept = self.saved[key.removeprefix(_SAVED)]
            self.sort_by(kept.sorting)
            self.order_by(kept.order)
            self._narrow(kept.filter)
        elif key == _HERE:
            self._narrow(replace(self.filter, group="", here=True, drawn=False))
        elif key == _DRAWN:
            self._narrow(replace(self.filter, group="", here=False, drawn=True))
        elif key:
            self._narrow(replace(self.filter, group=key, here=False, drawn=False))
        else:
            self._narrow(QueueFilter(shelf=self.filter.shelf))

    def show_drawn(self) -> None:
        """Show what was drawn at random, and nothing else."""
        self._narrow(QueueFilter(drawn=True))
        self._sitting.step(1)

    def _show_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def menu(self) -> QMenu:
        """Make the menu of further filters, and of queues that are kept."""
        menu = QMenu(self)
        menu.setObjectName("menu.queue")
        labels = sorted({row.label for row in self._rows() if row.label})
        people = sorted({name for row in self._rows() for name in row.people})
        now = self.filter
        for title, every, names, chosen, part in (
            (tr("Label"), tr("All labels"), labels, now.label, "label"),
            (tr("Annotator"), tr("All annotators"), people, now.person, "person"),
        ):
            below = menu.addMenu(title)
            for name, text in (("", every), *((name, name) for name in names)):
                action = below.addAction(text.replace("&", "&&"))
                action.setCheckable(True)
                action.setChecked(name == chosen)
                wanted = replace(now, label=name) if part == "label" else replace(now, person=name)
                action.triggered.connect(lambda _=False, to=wanted: self._narrow(to))
        self.head.fill(menu.addMenu(tr("Sort by")))
        menu.addSeparator()
        ticks = self._sitting.ticks
        shown = [place_of(row) for head in self.model.heads for row in head.rows]
        tick_all = menu.addAction(tr("Tick all that is shown"))
        tick_all.setEnabled(bool(shown))
        tick_all.triggered.connect(lambda: ticks.add(shown))
        tick_none = menu.addAction(tr("Untick all"))
        tick_none.setEnabled(bool(ticks))
        tick_none.triggered.connect(ticks.clear)
        menu.addSeparator()
        menu.addAction(tr("Save this queue …")).triggered.connect(self._save)
        as_it_is = self.kept
        for name, kept in self.saved.items():
            if kept == as_it_is:
                forget = menu.addAction(tr("Forget “{name}”", name=name).replace("&", "&&"))
                forget.triggered.connect(lambda _=False, gone=name: self._keep(gone, None))
        return menu

    def _save(self) -> None:
        asked = tr("Under which name? It stands in the list of conflicts then.")
        name = self._ask.line(self, tr("Save this queue"), asked)
        if name is not None and name.strip():
            self._keep(name.strip(), self.kept)

    def _keep(self, name: str, kept: KeptQueue | None) -> None:
        own = self._settings.queues.setdefault(self._workspace.project.location, {})
        if kept is None:
            own.pop(name, None)
        else:
            own[name] = kept.to_json()
        try:
            self._settings.save()
        except OSError as error:
            self._workspace.note(tr("The settings could not be saved: {reason}", reason=error))
        self._fill_choice()

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
