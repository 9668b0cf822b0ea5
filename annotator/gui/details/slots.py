"""Slots: the places in the inspector where a span is tied to a speaker, a cue, an entity."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.gui.controls import IconButton
from annotator.gui.details.label_list import SPAN_TYPE
from annotator.gui.icons import icon
from annotator.gui.parts import (
    KeyCap,
    Themed,
    dress,
    key_cap_size,
    key_text,
    label,
    paint_bracket,
    paint_key_cap,
    px,
    scale,
    type_font,
)
from annotator.gui.theme import Theme, mix
from annotator.translation import inside, tr


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a slot."""

    key: str
    """Id of the relation, or of the entity."""
    text: str
    second: str = ""
    colour: str | None = None
    """Colour of the bracket; None for an entity, which has no words here."""
    icon: str = "person"
    """What stands before an entity."""


class Slot(Themed, QWidget):
    """One place to be filled: set, not set, or waiting for its target."""

    asked = Signal()
    """Enter or a click: this slot wants to be filled."""
    cleared = Signal()
    """Del, or the cross."""
    dropped = Signal(str)
    """Id of a span that was dropped here."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self._name = name
        self._filling: Filling | None = None
        self._waiting = False
        self._over = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("own_ring", True)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clear_button = IconButton("close", tr("Remove {slot}", slot=name))
        self.clear_button.setParent(self)
        self.clear_button.setObjectName("button.clear_slot")
        self.clear_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.clear_button.clicked.connect(self.cleared)
        self.show_filling(None)

    @property
    def filling(self) -> Filling | None:
        """What fills it."""
        return self._filling

    @property
    def waiting(self) -> bool:
        """Whether the next target that is chosen comes here."""
        return self._waiting

    def show_filling(self, filling: Filling | None, *, several: bool = False) -> None:
        """Show what fills the slot; *several* spans may be filled differently."""
        self._filling = filling
        self._several = several
        self.clear_button.setVisible(filling is not None and not self._waiting)
        self._describe()
        self.updateGeometry()
        self.update()

    def wait(self, waiting: bool) -> None:
        """Show that the slot waits for its target, or not."""
        self._waiting = waiting
        self.clear_button.setVisible(self._filling is not None and not waiting)
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleName(f"{self._name}: {self.text}")

    @property
    def text(self) -> str:
        """What stands in it."""
        if self._waiting:
            return tr("Waiting for a {slot}", slot=inside(self._name))
        if self._filling is not None:
            return self._filling.text
        return tr("Different ones") if self._several else tr("Not set")

    def sizeHint(self) -> QSize:
        two = self._filling is not None and bool(self._filling.second) and not self._waiting
        if self._waiting:
            return QSize(px(160), max(44, px(20) + 24))
        return QSize(px(160), max(44, px(36) + 8) if two else max(32, px(20) + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = min(self.clear_button.sizeHint().width(), self.height() - 4)
        top = (self.height() - side) // 2
        self.clear_button.setGeometry(self.width() - side - 3, top, side, side)

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            self._paint_frame(painter)
            if self._waiting:
                self._paint_waiting(painter)
            elif self._filling is not None:
                self._paint_filling(painter, self._filling)
            else:
                painter.setFont(type_font(13))
                painter.setPen(self.theme.muted)
                place = QRectF(self.rect()).adjusted(12, 0, -12, 0)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text)
        finally:
            painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        theme = self.theme
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        pen = QPen(theme.frame, 1)
        ground: QColor | None = theme.raised
        if self._waiting or self._over:
            pen = QPen(theme.accent, 2)
            ground = theme.page if theme.high_contrast else theme.accent_tint
            box.adjust(0.5, 0.5, -0.5, -0.5)
        elif self._filling is None:
            pen.setStyle(Qt.PenStyle.DashLine)
            ground = theme.hovered_row if self.underMouse() else None
        elif self.underMouse():
            ground = mix(theme.ink, theme.raised, 0.02)
        painter.setPen(pen)
        painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus() and not self._waiting:
            painter.setPen(QPen(theme.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_waiting(self, painter: QPainter) -> None:
        side = px(16)
        middle = self.height() / 2
        picture = icon("link", self.theme.accent, side)
        picture.paint(painter, QRect(12, round(middle - side / 2), side, side))
        cap_text = key_text("Esc")
        cap = key_cap_size(cap_text)
        place = QRectF(self.width() - cap.width() - 10, middle - cap.height() / 2, *cap.toTuple())
        paint_key_cap(painter, place, cap_text, self.theme)
        self._paint_line(painter, 12 + side + 8, place.left() - 8, middle, 13, self.text, "accent")

    def _paint_filling(self, painter: QPainter, filling: Filling) -> None:
        right = self.clear_button.x() - 4
        two = bool(filling.second)
        first = self.height() / 2 - px(9) if two else self.height() / 2
        left = 12.0
        if filling.colour is not None:
            paint_bracket(painter, left, first, self.theme.label(filling.colour).base)
            left += round(12 * min(scale(), 1.5)) + 8
        else:
            side = px(16)
            picture = icon(filling.icon, self.theme.muted, side)
            picture.paint(painter, QRect(10, round(first - side / 2), side, side))
            left += side + 6
        self._paint_line(painter, left, right, first, 13, filling.text, "ink")
        if two:
            second = self.height() / 2 + px(9)
            self._paint_line(painter, left, right, second, 12, filling.second, "muted")

    def _paint_line(
        self,
        painter: QPainter,
        left: float,
        right: float,
        middle: float,
        size: float,
        text: str,
        tone: str,
    ) -> None:
        font = type_font(size, 500 if tone == "accent" else 400)
        painter.setFont(font)
        painter.setPen(getattr(self.theme, tone))
        room = max(int(right - left), 0)
        line = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
        place = QRectF(left, middle - px(11), room, px(22))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)

    # -- events ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.asked.emit()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if self._filling is not None:
                self.cleared.emit()
            case _:
                super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.asked.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(SPAN_TYPE):
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        data = event.mimeData().data(SPAN_TYPE)
        self.dropped.emit(bytes(data.data()).decode())
        event.acceptProposedAction()


class SlotGroup(Themed, QWidget):
    """A heading with its key, and a slot for each target."""

    asked = Signal()
    cleared = Signal(list)
    """Keys of the fillings to be removed."""
    dropped = Signal(str)

    def __init__(self, theme: Theme, name: str, key: str, *, secondary: bool = False) -> None:
        super().__init__()
        self.theme = theme
        self.name = name
        self._secondary = secondary
        self.slots: list[Slot] = []
        self.heading = label(name, 11, 600, "muted")
        self.cap = KeyCap(theme, key, self)
        self._short = label(tr("Not set"), 12, tone="muted")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.heading)
        top.addStretch(1)
        top.addWidget(self._short)
        top.addWidget(self.cap)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 2, 16, 2)
        self._column.setSpacing(4)
        self._column.addLayout(top)
        self.show_fillings([[]])

    def set_key(self, key: str) -> None:
        """Show the key that fills the slot."""
        self.cap.set_key(key)

    def show_fillings(self, per_span: list[list[Filling]], *, waiting: bool = False) -> None:
        """Show what fills the slot of each of several spans; where they differ, only that."""
        first = [(item.text, item.second) for item in per_span[0]]
        same = all([(item.text, item.second) for item in one] == first for one in per_span)
        shown = per_span[0] if same else []
        self._per_span = per_span
        wanted = max(len(shown), 1)
        while len(self.slots) > wanted:
            slot = self.slots.pop()
            self._column.removeWidget(slot)
            slot.hide()
            slot.deleteLater()
        while len(self.slots) < wanted:
            self._add_slot()
        for number, slot in enumerate(self.slots):
            slot.wait(waiting and number == 0)
            filling = shown[number] if shown else None
            slot.show_filling(filling, several=not same)
        short = self._secondary and not shown and same and not waiting
        self.slots[0].setVisible(not short)
        self._short.setVisible(short)

    def _add_slot(self) -> None:
        slot = Slot(self.theme, self.name)
        number = len(self.slots)
        slot.setObjectName(f"slot.{self.name}.{number + 1}" if number else f"slot.{self.name}")
        slot.asked.connect(self.asked)
        slot.dropped.connect(self.dropped)
        slot.cleared.connect(lambda: self._clear(slot))
        dress(slot, self.theme)
        self.slots.append(slot)
        self._column.addWidget(slot)

    def _clear(self, slot: Slot) -> None:
        number = self.slots.index(slot)
        self.cleared.emit([one[number].key for one in self._per_span if len(one) > number])
