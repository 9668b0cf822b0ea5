"""The list at the left of the scheme editor: everything in the scheme, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from annotator.gui.article_model import Index
from annotator.gui.details.intents import kind_title, title
from annotator.gui.icons import icon
from annotator.gui.parts import (
    Themed,
    key_cap_size,
    key_text,
    paint_bracket,
    paint_key_cap,
    paint_row,
    px,
    row_height,
    scale,
    type_font,
)
from annotator.gui.scheme.scheme_draft import Entry, SchemeDraft
from annotator.gui.theme import Theme
from annotator.scheme import EntityKind, Guideline, Label, RelationLabel
from annotator.translation import tr

ROW = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Row:
    """A thing in the scheme, or the heading of a section (without a token)."""

    text: str
    token: str = ""
    key: str = ""
    colour: str = ""
    off: bool = False
    wrong: bool = False


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


class Rows(QAbstractListModel):
    """The rows of the list."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show_rows(self, rows: list[Row]) -> None:
        """Show *rows*; where only texts differ, the selection and the scroll position stay."""
        same = [row.token for row in rows] == [row.token for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows = rows
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = [row.text, key_text(row.key)]
            told += [tr("switched off")] * row.off + [tr("to be corrected")] * row.wrong
            return ", ".join(part for part in told if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not self.rows[index.row()].token:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowPainter(QStyledItemDelegate):
    """Paints a row: bracket, name, key; a sign where something is to be corrected."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        heading = not index.data(ROW).token
        return QSize(px(80), px(16) + 20 if heading else row_height(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        theme = self.theme
        rect: QRect = option.rect
        painter.save()
        if not row.token:
            painter.setFont(type_font(11, 600))
            painter.setPen(theme.muted)
            place = rect.adjusted(16, 8, -8, 0)
            elide = Qt.TextElideMode.ElideRight
            text = painter.fontMetrics().elidedText(row.text, elide, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_row(painter, option, rect, row)
        painter.restore()

    def _paint_row(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Row
    ) -> None:
        theme = self.theme
        state = option.state
        current = bool(state & QStyle.StateFlag.State_Selected)
        paint_row(
            painter,
            rect.adjusted(4, 0, -4, 0),
            theme,
            current=current,
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            focused=bool(state & QStyle.StateFlag.State_HasFocus),
        )
        left, right = rect.left() + 16, rect.right() - 12
        if row.off:
            painter.setOpacity(0.55)
        if row.colour:
            colour = theme.label(row.colour).base
            paint_bracket(painter, left, rect.center().y() + 0.5, colour)
            left += round(12 * min(scale(), 1.5)) + 8
        if row.key:
            cap = key_cap_size(key_text(row.key))
            right -= cap.width()
            top = rect.center().y() - cap.height() / 2 + 0.5
            place = QRectF(right, top, cap.width(), cap.height())
            paint_key_cap(painter, place, key_text(row.key), theme)
            right -= 6
        if row.wrong:
            side = px(16)
            right -= side
            sign = QRect(right, rect.center().y() - side // 2, side, side)
            icon("error", theme.error, side).paint(painter, sign)
            right -= 6
        painter.setFont(type_font(13, 600 if current else 400))
        painter.setPen(theme.ink)
        room = QRect(left, rect.top(), right - left, rect.height())
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(row.text, elide, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)


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
        return self.model_rows.rows[row].token if 0 <= row < len(self.model_rows.rows) else ""

    def choose(self, token: str) -> None:
        """Make the row with *token* the current one."""
        for at, row in enumerate(self.model_rows.rows):
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
