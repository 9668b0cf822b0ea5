"""The side of the place for figures: its pages, what is counted, and saving a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.exchange.pairs import Choice
from annotator.gui.icons import pixmap
from annotator.gui.insights.sheet import Index
from annotator.gui.insights.words import day_in_words
from annotator.gui.parts import (
    Hairline,
    Themed,
    label,
    paint_row,
    px,
    row_height,
    set_icon,
    set_type,
    type_font,
)
from annotator.gui.theme import Theme
from annotator.project import Scope
from annotator.translation import later, shown, tr, tr_n

PAGES: Final = (
    ("overview", later("Overview"), "grid"),
    ("progress", later("Progress"), "chart"),
    ("agreement", later("Agreement"), "people"),
    ("labels", later("Labels"), "tag"),
    ("speakers", later("Who said what"), "quote"),
    ("places", later("Places"), "place"),
    ("history", later("History"), "clock"),
)
WIDTH: Final = 208
_INSET: Final = 10
"""Where the words of a list of options begin, at any size of text."""
_DAYS: Final = (7, 30, 90, 365)
_ICON: Final = int(Qt.ItemDataRole.UserRole) + 1


class PageRows(QStyledItemDelegate):
    """Paints the pages: an icon and a name on the ground of the current one."""

    def __init__(self, rows: Pages) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(120), row_height(28) + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._rows.theme
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        current = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        paint_row(painter, area.adjusted(0, 1, 0, -1), theme, current=current, hovered=hovered)
        side = px(16)
        tone = theme.ink if current else theme.muted
        mark = pixmap(str(index.data(_ICON)), tone, side)
        painter.drawPixmap(area.left() + px(8), area.center().y() - side // 2 + 1, mark)
        painter.setFont(type_font(13, 600 if current else 400))
        painter.setPen(theme.ink)
        place = area.adjusted(px(8) + side + px(10), 0, -px(4), 0)
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)


class Pages(Themed, QListWidget):
    """The list of pages."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("list.insights")
        self.setAccessibleName(tr("Pages of figures"))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(PageRows(self))
        for key, name, icon in PAGES:
            item = QListWidgetItem(shown(name))
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setData(_ICON, icon)
            self.addItem(item)
        self.setCurrentRow(0)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _height(len(PAGES)))

    def minimumSizeHint(self) -> QSize:
        # With large text in a small window it scrolls.
        return QSize(super().minimumSizeHint().width(), _height(2))

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Base, theme.side)
        self.setPalette(palette)
        self.updateGeometry()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()


def _height(rows: int) -> int:
    """Return how high so many pages are."""
    return (row_height(28) + 4) * rows + 4


class People(QPushButton):
    """Whose work counts: all, or those who are ticked in its menu."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("choice.count_people")
        self.setAccessibleName(tr("Whose work counts"))
        set_type(self, 12)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._every = QAction(tr("All annotators"), self)
        self._every.triggered.connect(self._take_all)
        self._people: list[QAction] = []
        self.offer(())

    def offer(self, names: Sequence[str]) -> None:
        """Offer *names*; who is ticked stays so."""
        ticked = set(self.chosen)
        self._menu.clear()
        self._menu.addAction(self._every)
        self._menu.addSeparator()
        self._people = []
        for name in names:
            action = self._menu.addAction(name.replace("&", "&&"))
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name in ticked)
            action.toggled.connect(self._on_toggled)
            self._people.append(action)
        self._say()

    def choose(self, names: Sequence[str]) -> None:
        """Tick just *names*; whoever is not offered yet is from now on."""
        offered = [str(one.data()) for one in self._people]
        self.offer([*offered, *(name for name in names if name not in offered)])
        for one in self._people:
            one.blockSignals(True)
            one.setChecked(str(one.data()) in names)
            one.blockSignals(False)
        self._on_toggled()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Who is ticked; nobody stands for all."""
        return tuple(str(one.data()) for one in self._people if one.isChecked())

    def _take_all(self) -> None:
        for one in self._people:
            one.blockSignals(True)
            one.setChecked(False)
            one.blockSignals(False)
        self._on_toggled()

    def _on_toggled(self) -> None:
        self._say()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        """Return the size of the lists below."""
        return QSize(super().sizeHint().width(), row_height(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words at the left, as the lists below have them."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        words, option.text = option.text, ""
        painter = QStylePainter(self)
        try:
            painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
            painter.setPen(option.palette.buttonText().color())
            place = self.rect().adjusted(_INSET, 0, -px(28), 0)
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(place, flags | int(Qt.TextFlag.TextShowMnemonic), words)
        finally:
            painter.end()

    def _say(self) -> None:
        chosen = self.chosen
        words = tr("All annotators")
        if len(chosen) == 1:
            words = chosen[0]
        elif chosen:
            words = tr_n(len(chosen), "{n} annotator", "{n} annotators")
        self.setText(words.replace("&", "&&"))


class SideBar(Themed, QWidget):
    """Pages, filters, and the button that saves what is shown."""

    page_chosen = Signal(str)
    scope_changed = Signal()
    save_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("side.insights")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.pages = Pages(theme)
        self.pages.currentItemChanged.connect(self._on_page)
        self.people = People()
        self.people.changed.connect(self.scope_changed)
        self.state = self._choice("choice.count_states", tr("Which articles count"))
        self.state.offer([("in", tr("Submitted articles")), ("any", tr("Articles in any state"))])
        self.since = self._choice("choice.count_since", tr("Since when"))
        self.since.offer([("ever", tr("Since the beginning")), *_days()])
        self.save = QPushButton(tr("Save as table"))
        self.save.setObjectName("button.save_table")
        set_icon(self.save, "import", "ink")
        set_type(self.save, 13, 500)
        self.save.clicked.connect(self.save_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 16)
        column.setSpacing(8)
        column.addWidget(self.pages)
        column.addWidget(Hairline(theme))
        heading = label(tr("Count only"), 11, 600, "muted")
        heading.setContentsMargins(8, 4, 0, 0)
        column.addWidget(heading)
        for part in (self.people, self.state, self.since):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.save)

    def sizeHint(self) -> QSize:
        return QSize(px(WIDTH), super().sizeHint().height())

    def _choice(self, name: str, spoken: str) -> Choice:
        made = Choice()
        made.setObjectName(name)
        made.setAccessibleName(spoken)
        set_type(made, 12)
        made.activated.connect(self.scope_changed)
        return made

    def scope(self) -> Scope:
        """Return what is to be counted."""
        since = "" if self.since.key == "ever" else self.since.key
        return Scope(self.people.chosen, self.state.key == "in", since)

    def forget(self) -> None:
        """Count everything again: another project was opened."""
        self.people.offer(())
        self.state.choose("in")
        self.since.choose("ever")

    def choose(self, page: str) -> None:
        """Show which page is open, without opening it again."""
        keys = [key for key, _, _ in PAGES]
        before = self.pages.blockSignals(True)
        self.pages.setCurrentRow(keys.index(page))
        self.pages.blockSignals(before)

    def _on_page(self) -> None:
        item = self.pages.currentItem()
        if item is not None:
            self.page_chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.side)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self.updateGeometry()


def _days() -> list[tuple[str, str]]:
    now = datetime.now(UTC)
    found = []
    for days in _DAYS:
        then = now - timedelta(days=days)
        words = tr("Since {day}", day=day_in_words(then.astimezone().date()))
        found.append((then.isoformat(timespec="seconds"), words))
    return found
