"""The list at the left of the scheme editor: everything in the scheme, section by section."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QObject,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.gui.details.intents import kind_title, title
from annotator.gui.headed_list import HeadedModel, HeadedRows, Measures, paint_line
from annotator.gui.icons import icon
from annotator.gui.parts import (
    Themed,
    key_text,
    paint_bracket,
    px,
    scale,
    type_font,
)
from annotator.gui.scheme.scheme_draft import Entry, SchemeDraft
from annotator.gui.theme import Theme
from annotator.scheme import EntityKind, Guideline, Label, RelationLabel
from annotator.translation import tr

MEASURES = Measures(least_width=80, row=28, heading=20, above=8, left=16, inset=(4, 4))


@dataclass(frozen=True, slots=True)
class Row:
    """A thing in the scheme, or the heading of a section (without a token)."""

    text: str
    token: str = ""
    key: str = ""
    colour: str = ""
    off: bool = False
    wrong: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it names a section."""
        return not self.token

    @property
    def caps(self) -> tuple[str, ...]:
        """The key of a label or link, if it has one."""
        return (self.key,) if self.key else ()

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        told = [self.text, key_text(self.key)]
        told += [tr("switched off")] * self.off + [tr("to be corrected")] * self.wrong
        return ", ".join(part for part in told if part)


def section_title(section: str) -> str:
    """Return what a section is called."""
    return {
        "label": tr("Labels"),
        "relation": tr("Links"),
        "entity": tr("People, places and other things"),
        "rule": tr("Rules of the guideline"),
    }[section]


def rows(draft: SchemeDraft, wrong: set[str]) -> list[Row]:
    """Return the rows for *draft*; those of the tokens in *wrong* carry a sign."""
    found = [Row(tr("Scheme"), draft.head.token, wrong=draft.head.token in wrong)]
    for section in ("label", "relation", "entity", "rule"):
        entries = draft.section(section)
        if entries:
            found.append(Row(section_title(section)))
        found += [_row(entry, entry.token in wrong) for entry in entries]
    return found


def _row(entry: Entry, wrong: bool) -> Row:
    nameless = tr("Without a name")
    match entry.item:
        case Label() as item:
            name = item.name or nameless
            return Row(name, entry.token, item.key.upper(), item.colour, not item.enabled, wrong)
        case RelationLabel() as item:
            return Row(title(item.name) or nameless, entry.token, item.key, wrong=wrong)
        case EntityKind() as item:
            return Row(kind_title(item) or nameless, entry.token, wrong=wrong)
        case Guideline() as item:
            return Row(item.title or nameless, entry.token, wrong=wrong)
    return Row(nameless, entry.token, wrong=wrong)


class Rows(HeadedModel[Row]):
    """The rows of the list."""

    def show_items(self, items: list[Row]) -> None:
        """Show *items*; where only texts differ, the selection and the scroll position stay."""
        if [row.token for row in items] != [row.token for row in self.items]:
            super().show_items(items)
            return
        self.items = items
        if items:
            self.dataChanged.emit(self.index(0), self.index(len(items) - 1))


class RowPainter(HeadedRows):
    """Paints a row: bracket, name, key; a sign where something is to be corrected."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, MEASURES, parent)

    def is_focused(self, option: QStyleOptionViewItem) -> bool:
        return bool(option.state & QStyle.StateFlag.State_HasFocus)

    def paint_item(self, painter: QPainter, rect: QRect, item: Row, *, current: bool) -> None:
        left = rect.left() + 16
        if item.off:
            painter.setOpacity(0.55)
        if item.colour:
            colour = self.theme.label(item.colour).base
            paint_bracket(painter, left, rect.center().y() + 0.5, colour)
            left += round(12 * min(scale(), 1.5)) + 8
        right = self.paint_caps(painter, rect, rect.right() - 12, item.caps)
        if item.wrong:
            side = px(16)
            right -= side
            sign = QRect(right, rect.center().y() - side // 2, side, side)
            icon("error", self.theme.error, side).paint(painter, sign)
            right -= 6
        painter.setFont(type_font(13, 600 if current else 400))
        painter.setPen(self.theme.ink)
        paint_line(painter, QRect(left, rect.top(), right - left, rect.height()), item.text)


class SchemeList(Themed, QListView):
    """The list with its keys."""

    chosen = Signal(str)
    """Token of the row that is current now."""
    add_wanted = Signal()
    remove_wanted = Signal()
    move_wanted = Signal(int)
    """By how many rows: -1 or 1."""
    form_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName("list.scheme")
        self.setAccessibleName(tr("What is in the scheme"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setProperty("own_ring", True)
        self.model_rows = Rows(self)
        self.setModel(self.model_rows)
        self._painter = RowPainter(theme, self)
        self.setItemDelegate(self._painter)
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit(self.current))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._painter.theme = theme
        palette = theme.qt_palette()
        palette.setColor(palette.ColorRole.Base, theme.side)
        self.setPalette(palette)

    @property
    def current(self) -> str:
        """Token of the current row."""
        row = self.currentIndex().row()
        return self.model_rows.items[row].token if 0 <= row < len(self.model_rows.items) else ""

    def choose(self, token: str) -> None:
        """Make the row with *token* the current one."""
        for at, row in enumerate(self.model_rows.items):
            if row.token == token:
                self.setCurrentIndex(self.model_rows.index(at))
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        match event.key():
            case Qt.Key.Key_Insert:
                self.add_wanted.emit()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.remove_wanted.emit()
            case Qt.Key.Key_Up | Qt.Key.Key_Down if alt:
                self.move_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2:
                self.form_wanted.emit()
            case _:
                super().keyPressEvent(event)
