"""The list of formats at the left of the export dialog: by group, each with what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem, QWidget

from annotator.gui.headed_list import ITEM, HeadedModel, HeadedRows, Measures, paint_line
from annotator.gui.parts import Themed, plain, px, scale, type_font
from annotator.gui.theme import Theme
from annotator.translation import shown, tr

if TYPE_CHECKING:
    from annotator.formats import Format
    from annotator.gui.article_model import Index

MEASURES = Measures(row=44, heading=20, above=8, left=16, inset=(4, 4))


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with a line below its name, or the heading of a group."""

    text: str
    key: str = ""
    second: str = ""
    faint: bool = False
    """Whether it cannot be used now."""
    wrong: bool = False
    """Whether its second line says what is wrong."""

    @property
    def is_heading(self) -> bool:
        """Whether it only names the rows below it."""
        return not self.key

    @property
    def caps(self) -> Sequence[str]:
        """No keys."""
        return ()

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join(filter(None, (self.text, self.second)))


def format_entries(forms: Sequence[Format]) -> list[Entry]:
    """Return the rows of the formats that can be written, under the names of their groups."""
    from annotator import formats

    found: list[Entry] = []
    for group in formats.Group:
        rows = [
            _entry(form, formats.need_of(form))
            for form in forms
            if form.group == group and formats.can_write(form)
        ]
        found += [Entry(shown(group.value)), *rows] if rows else []
    return found


def _entry(form: Format, need: Any) -> Entry:
    if need is None or need.is_met:
        return Entry(form.title, form.name, shown(form.purpose))
    return Entry(form.title, form.name, tr("needs {library}", library=need.module), faint=True)


class EntryRows(HeadedRows):
    """Paints a row of two lines."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, MEASURES, parent)

    def is_focused(self, option: QStyleOptionViewItem) -> bool:
        return True

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            self._paint_ring(painter, option.rect)

    def _paint_ring(self, painter: QPainter, rect: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen = painter.pen()
        pen.setColor(self.theme.accent)
        pen.setWidth(2)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(5, 1, -5, -1), 6, 6)
        painter.restore()

    def paint_item(self, painter: QPainter, rect: QRect, item: Entry, *, current: bool) -> None:
        theme = self.theme
        room = QRect(rect.left() + 16, rect.top(), rect.width() - 28, px(20))
        room.translate(0, (rect.height() - px(36)) // 2)
        painter.setFont(type_font(13, 600 if current else 400))
        painter.setPen(theme.muted if item.faint else theme.ink)
        paint_line(painter, room, item.text)
        room.translate(0, px(18))
        painter.setFont(type_font(12))
        painter.setPen(theme.error if item.wrong else theme.muted)
        paint_line(painter, room, item.second)


class EntryList(Themed, QListView):
    """Rows of two lines under headings; arrows move, what is current is chosen."""

    chosen = Signal(str)
    """Key of the row that is current now."""

    def __init__(self, theme: Theme, object_name: str, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setProperty("own_ring", True)
        self.entries: HeadedModel[Entry] = HeadedModel(self)
        self.setModel(self.entries)
        self._rows = EntryRows(theme, self)
        self.setItemDelegate(self._rows)
        self.selectionModel().currentChanged.connect(self._on_current)

    def _on_current(self) -> None:
        if self.current:
            self.chosen.emit(self.current)

    def show_entries(self, entries: list[Entry]) -> None:
        """Show other rows; none of them is current."""
        self.entries.show_items(entries)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._rows.theme = theme
        ground = theme.qt_palette()
        ground.setColor(ground.ColorRole.Base, theme.side)
        self.setPalette(ground)

    @property
    def current(self) -> str:
        """Key of the current row, or nothing."""
        entry: Entry | None = self.currentIndex().data(ITEM)
        return "" if entry is None else entry.key

    def choose(self, key: str) -> bool:
        """Make the row with *key* the current one; say whether there is one."""
        for at, entry in enumerate(self.entries.items):
            if entry.key == key and not entry.is_heading:
                self.setCurrentIndex(self.entries.index(at))
                return True
        return False

    def viewportEvent(self, event: Any) -> bool:
        if event.type() == event.Type.ToolTip:
            entry: Entry | None = self.indexAt(event.pos()).data(ITEM)
            self.viewport().setToolTip(plain(entry.spoken if entry is not None else ""))
        return super().viewportEvent(event)


def list_width(whole: QWidget) -> int:
    """Return the width of such a list in a dialog: as drawn, but never more than a third of it."""
    return min(round(264 * scale()), whole.width() // 3)
