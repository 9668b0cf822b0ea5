"""Buttons, fields and layouts of the window that Qt does not have in this shape."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from annotator.gui.icons import icon
from annotator.gui.parts import (
    KeyCap,
    Themed,
    key_cap_size,
    key_text,
    paint_bracket,
    paint_key_cap,
    paint_row,
    plain,
    px,
    row_height,
    scale,
    set_icon,
    set_type,
    type_font,
)
from annotator.gui.theme import Theme, mix


class IconButton(QToolButton):
    """A flat button of one icon, with a tool tip and an accessible name."""

    def __init__(self, icon_name: str, name: str, *, tone: str = "muted", key: str = "") -> None:
        super().__init__()
        set_icon(self, icon_name, tone)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.describe(name, key)

    def describe(self, name: str, key: str = "") -> None:
        """Say what the button does, and with which key."""
        self.setAccessibleName(name)
        self.setToolTip(plain(f"{name} ({key_text(key)})" if key else name))

    def sizeHint(self) -> QSize:
        side = max(32, px(24))
        return QSize(side, side)


class WordButton(QToolButton):
    """A word to press, such as a filter or a link in a sentence."""

    def __init__(self, text: str = "", *, tone: str = "accent", size: float = 13) -> None:
        super().__init__()
        self.setText(text.replace("&", "&&"))
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_type(self, size, 400, tone)


class FlushButton(WordButton):
    """A word to press that begins exactly where the words above it do."""

    def sizeHint(self) -> QSize:
        text = self.text().replace("&&", "&")
        return QSize(self.fontMetrics().horizontalAdvance(text), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            font = self.font()
            font.setUnderline(self.underMouse())
            painter.setFont(font)
            painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(self.rect(), side, self.text().replace("&&", "&"))
        finally:
            painter.end()


class FilterButton(Themed, QAbstractButton):
    """A filter word with its count; the chosen one stands on the accent's tint."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self.theme = theme
        self._count = ""
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def set_count(self, count: str) -> None:
        """Show how many rows this filter leaves."""
        if count == self._count:
            return
        size = self.sizeHint()
        self._count = count
        self.setAccessibleDescription(count)
        if self.sizeHint() != size:  # else nothing around it has to be laid out anew
            self.updateGeometry()
        self.update()

    def _widths(self) -> tuple[int, int]:
        weight = 600 if self.isChecked() else 400
        text = QFontMetrics(type_font(13, weight)).horizontalAdvance(self.text())
        count = QFontMetrics(type_font(12, 600)).horizontalAdvance(self._count)
        return text, count

    def sizeHint(self) -> QSize:
        text = QFontMetrics(type_font(13, 600)).horizontalAdvance(self.text())
        return QSize(text + self._widths()[1] + 16 + px(4), row_height(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, chosen = self.theme, self.isChecked()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            if chosen and theme.high_contrast:
                paint_row(painter, self.rect(), theme, current=True)
            elif chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.accent_tint)
                painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
            elif self.underMouse():
                paint_row(painter, self.rect(), theme, current=False, hovered=True)
            text, count = self._widths()
            gap = px(4) if self._count else 0
            left = max((self.width() - text - count - gap) // 2, 0)
            painter.setPen(theme.accent if chosen else theme.muted)
            painter.setFont(type_font(13, 600 if chosen else 400))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, self.text())
            painter.setFont(type_font(12, 600 if chosen else 500))
            left += text + gap
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, self._count)
        finally:
            painter.end()


class LabelButton(Themed, QAbstractButton):
    """A label with its key; filled with the label's colour while it is armed."""

    def __init__(self, theme: Theme, name: str, colour: str, key: str) -> None:
        super().__init__()
        self.theme = theme
        self.colour = colour
        self._key = key_text(key)
        self._armed = False
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(self._key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def armed(self) -> bool:
        """Whether the next selection is marked with this label."""
        return self._armed

    def arm(self, armed: bool) -> None:
        """Show that the next selection is marked with this label, or not."""
        self._armed = armed
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(type_font(13, 500)).horizontalAdvance(self.text())
        if self._key:
            width += key_cap_size(self._key).width() + 8
        return QSize(width + round(12 * min(scale(), 1.5)) + 28, max(32, px(20) + 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        colours = theme.label(self.colour)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            if not self.isEnabled():
                painter.setOpacity(0.4)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            ground = theme.hovered_row if self.underMouse() else theme.raised
            if self.isDown():
                ground = mix(theme.ink, ground, 0.06)
            painter.setPen(QPen(colours.base if self._armed else theme.frame, 1))
            painter.setBrush(colours.base if self._armed else ground)
            painter.drawRoundedRect(box, 6, 6)
            left = 10.0
            if self._key:
                cap = key_cap_size(self._key)
                top = (self.height() - cap.height()) / 2
                place = QRectF(left - 2, top, cap.width(), cap.height())
                paint_key_cap(painter, place, self._key, theme)
                left += cap.width() + 6
            ink = colours.on_base if self._armed else colours.base
            paint_bracket(painter, left, self.height() / 2, ink)
            left += round(12 * min(scale(), 1.5)) + 8
            painter.setPen(colours.on_base if self._armed else theme.ink)
            painter.setFont(type_font(13, 500))
            place = QRectF(left, 0, self.width() - left, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text())
        finally:
            painter.end()


class SegmentButton(Themed, QAbstractButton):
    """One option of a segment."""

    def __init__(self, theme: Theme, text: str, *, places: bool) -> None:
        super().__init__()
        self.theme = theme
        self._places = places
        self._count = ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(type_font(13, 600)).horizontalAdvance(self.text())
        width += self._count_width()
        if self._places:
            return QSize(width + 32, max(28, px(20) + 8))
        return QSize(width + 18, max(24, px(20) + 4))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, chosen = self.theme, self.isChecked()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            if chosen and theme.high_contrast:
                painter.setPen(QPen(theme.accent, 2))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            elif chosen:
                painter.setPen(QPen(theme.frame, 1) if self._places else Qt.PenStyle.NoPen)
                painter.setBrush(theme.raised if self._places else theme.accent_tint)
                painter.drawRoundedRect(box, 5, 5)
            elif self.underMouse() and self.isEnabled():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(mix(theme.ink, theme.hovered_row, 0.05))
                painter.drawRoundedRect(box, 5, 5)
            ink = theme.muted
            if chosen:
                ink = theme.ink if self._places else theme.accent
            painter.setPen(ink)
            weight = 500 if self._places else 400
            painter.setFont(type_font(13, 600 if chosen else weight))
            words = self.rect().adjusted(0, 0, -self._count_width(), 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
            if self._count:
                half = painter.fontMetrics().horizontalAdvance(self.text()) // 2
                left = words.center().x() + half + px(8)
                painter.setFont(type_font(11, 500))
                painter.setPen(theme.muted)
                place = self.rect().adjusted(left, 0, 0, 0)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._count)
        finally:
            painter.end()

    def set_count(self, count: str) -> None:
        """Show a number behind the word; "" for none."""
        if count == self._count:
            return
        size = self.sizeHint()
        self._count = count
        self.setAccessibleDescription(count)
        if self.sizeHint() != size:
            self.updateGeometry()
        self.update()

    def _count_width(self) -> int:
        if not self._count:
            return 0
        return QFontMetrics(type_font(11, 500)).horizontalAdvance(self._count) + px(8)


class Segment(Themed, QWidget):
    """A few options of which one holds; arrows move, as in a row of radio buttons."""

    chosen = Signal(str)
    """The key of the option that a person chose."""

    def __init__(self, theme: Theme, options: Sequence[tuple[str, str]], *, places: bool) -> None:
        super().__init__()
        self.theme = theme
        self._places = places
        self._buttons: dict[str, SegmentButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        inset = 3 if places else 1
        row.setContentsMargins(inset, inset, inset, inset)
        row.setSpacing(0)
        for key, text in options:
            button = SegmentButton(theme, text, places=places)
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._buttons[key] = button
            self._group.addButton(button)
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def choose(self, key: str | None) -> None:
        """Show that the option *key* holds, or none of them."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)

    def button(self, key: str) -> SegmentButton:
        """Return the button of the option *key*."""
        return self._buttons[key]

    @property
    def current(self) -> str | None:
        """The key of the option that holds."""
        return next((key for key, item in self._buttons.items() if item.isChecked()), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            framed = not self._places or self.theme.high_contrast
            painter.setPen(QPen(self.theme.frame, 1) if framed else Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.hovered_row if self._places else self.theme.raised)
            painter.drawRoundedRect(box, 6, 6)
        finally:
            painter.end()


class Field(Themed, QLineEdit):
    """A line to type in, with an icon before it and the key that comes here after it."""

    def __init__(self, theme: Theme, hint: str, *, icon_name: str = "", key: str = "") -> None:
        super().__init__()
        self.theme = theme
        self._icon_name = icon_name
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._cap = KeyCap(theme, key, self)
        self.textChanged.connect(self._arrange)
        set_type(self, 13)
        self.set_theme(theme)

    def set_key(self, key: str) -> None:
        """Show the key that comes to this field."""
        self._cap.set_key(key)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._icon = icon(self._icon_name, theme.muted, px(16)) if self._icon_name else QIcon()
        self._cap.theme = theme
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(px(200), max(32, px(20) + 10))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._arrange()

    def _arrange(self) -> None:
        left = px(16) + 9 if self._icon_name else 0
        cap = self._cap.sizeHint()
        shown = bool(self._cap.text) and not self.text() and self.width() > px(170)
        self._cap.setVisible(shown)
        self._cap.resize(cap)
        self._cap.move(self.width() - cap.width() - 7, (self.height() - cap.height()) // 2)
        self.setTextMargins(left, 0, cap.width() + 2 if shown else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon.isNull():
            return
        painter = QPainter(self)
        try:
            side = px(16)
            self._icon.paint(painter, QRect(10, (self.height() - side) // 2, side, side))
        finally:
            painter.end()


def beside(*parts: QWidget) -> QWidget:
    """Stand *parts* beside each other, at the left of the room there is."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return holder


class Flow(QLayout):
    """Widgets in rows, like words: what does not fit goes to the next row."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def set_gap(self, gap: int) -> None:
        """Leave *gap* between two widgets from now on."""
        self._gap = gap
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        edges = self.contentsMargins()
        room = QRect(0, 0, width - edges.left() - edges.right(), 0)
        return self._place(room, move=False) + edges.top() + edges.bottom()

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self._gap for size in shown)
        return self._with_edges(width, max((size.height() for size in shown), default=0))

    def _with_edges(self, width: int, height: int) -> QSize:
        edges = self.contentsMargins()
        return QSize(width + edges.left() + edges.right(), height + edges.top() + edges.bottom())

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return self._with_edges(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect.marginsRemoved(self.contentsMargins()), move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Lay the rows out, each centred in its height; return the height of all."""
        y, rows = rect.y(), self._rows(rect.width())
        for number, row in enumerate(rows):
            height = max(size.height() for _, size in row)
            y += self._gap // 2 if number else 0
            x = rect.x()
            for item, size in row:
                if move:
                    top = y + (height - size.height()) // 2
                    item.setGeometry(QRect(QPoint(x, top), size))
                x += size.width() + self._gap
            y += height
        return y - rect.y()

    def _rows(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        rows: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if not rows or used + size.width() > width:
                rows.append([])
                used = 0
            rows[-1].append((item, size))
            used += size.width() + self._gap
        return rows
