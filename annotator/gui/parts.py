"""The small painted parts of the window, and how texts and colours follow the settings.

Type sizes are given in pixels of the base size 13 and grow with the text size, which is the font
of the application. A widget is dressed once: :func:`set_type` and :func:`set_icon` leave a mark
on it, and :func:`dress` goes over all marks again when theme or text size change.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSizePolicy, QWidget

from annotator.gui.icons import icon
from annotator.gui.theme import LabelColours, Theme

BASE = 13
"""Size of interface text in pixels at a text size of 100 %."""


def use_font(font: QFont) -> None:
    """Show all interface text in *font* from now on; its size in pixels is that of the text."""
    QApplication.setFont(font)
    scale.cache_clear()
    _type_font.cache_clear()


@cache
def scale() -> float:
    """Return the text size as a factor.

    Asked hundreds of times for every picture: a seventh of marking went into Qt's answers.
    """
    return max(QApplication.font().pixelSize(), 1) / BASE


def px(length: float) -> int:
    """Return a length that grows with the text size, in logical pixels."""
    return round(length * scale())


def row_height(base: int) -> int:
    """Return the height of a row that is *base* at 100 % and never cuts its text."""
    return max(base, px(20) + 8) if base <= 36 else max(base, px(36) + 12)


def type_font(size: float = BASE, weight: int = 400) -> QFont:
    """Return the interface font in a size of NOTES.md, scaled."""
    return QFont(_type_font(size, weight))


@cache
def _type_font(size: float, weight: int) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(max(round(size * scale()), 6))
    font.setWeight(QFont.Weight(weight))
    return font


def set_type(widget: QWidget, size: float = BASE, weight: int = 400, tone: str = "ink") -> None:
    """Give *widget* a type size, a weight and the colour of a role; ``dress`` renews them."""
    widget.setProperty("type_size", float(size))
    widget.setProperty("type_weight", weight)
    widget.setProperty("tone", tone)
    widget.setFont(type_font(size, weight))


def set_icon(widget: QAbstractButton, name: str, tone: str = "muted", size: int = 16) -> None:
    """Give a button an icon in the colour of a role; ``dress`` renews it."""
    widget.setProperty("icon_name", name)
    widget.setProperty("icon_tone", tone)
    widget.setProperty("icon_size", size)


def dress(root: QWidget, theme: Theme) -> None:
    """Bring *root* and everything in it to *theme* and the present text size."""
    for widget in (root, *root.findChildren(QWidget)):
        dress_one(widget, theme)


def dress_one(widget: QWidget, theme: Theme) -> None:
    """Bring one widget to *theme* and the present text size."""
    size = widget.property("type_size")
    if size is not None:
        widget.setFont(type_font(size, int(widget.property("type_weight"))))
    tone = widget.property("tone")
    if tone is not None:
        palette = theme.qt_palette()
        colour: QColor = getattr(theme, tone)
        for role in (
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
        ):
            palette.setColor(QPalette.ColorGroup.Active, role, colour)
            palette.setColor(QPalette.ColorGroup.Inactive, role, colour)
        widget.setPalette(palette)
    name = widget.property("icon_name")
    if name is not None and isinstance(widget, QAbstractButton):
        length = px(widget.property("icon_size"))
        widget.setIcon(icon(name, getattr(theme, widget.property("icon_tone")), length))
        widget.setIconSize(QSize(length, length))
    if isinstance(widget, Themed):
        widget.set_theme(theme)


class Themed:
    """Something that paints with the colours of a theme."""

    theme: Theme

    def set_theme(self, theme: Theme) -> None:
        """Use *theme* from now on."""
        self.theme = theme
        if isinstance(self, QWidget):
            self.updateGeometry()
            self.update()


def plain(text: str) -> str:
    """Return *text* for a tool tip, where Qt would otherwise read mark-up in it."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span style='white-space:pre-wrap'>{escaped}</span>"


def label(text: str = "", size: float = BASE, weight: int = 400, tone: str = "ink") -> QLabel:
    """Return a label that shows its text as it is, never as mark-up."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    set_type(made, size, weight, tone)
    return made


def key_text(key: str) -> str:
    """Return a key as a key cap shows it: ``Ctrl+Shift+K`` is ``Ctrl Shift K``."""
    from annotator.translation import tr

    names = {
        "Return": tr("Enter"),
        "Enter": tr("Enter"),
        "Del": tr("Delete"),
        "Delete": tr("Delete"),
        "Backspace": tr("Backspace"),
        "Space": tr("Space"),
        "Shift": tr("Shift"),
        "Ctrl": tr("Ctrl"),
        "Left": "←",
        "Right": "→",
        "Up": "↑",
        "Down": "↓",
        "PgUp": tr("PgUp"),
        "PgDown": tr("PgDn"),
    }
    return " ".join(names.get(part, part) for part in key_parts(key))


def key_parts(key: str) -> list[str]:
    """Return the keys of a combination: modifiers first, the plus key itself kept whole."""
    if key.endswith("+"):
        return [part for part in key[:-1].split("+") if part] + ["+"]
    return [part for part in key.split("+") if part]


# -- painting --------------------------------------------------------------------------------


def round_pen(colour: QColor, width: float) -> QPen:
    """Return a pen with round ends, as icons are drawn."""
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def paint_box(painter: QPainter, theme: Theme, left: float, middle: float, on: bool) -> None:
    """Draw a tick box whose left edge is at *left*: 16 x 16, grown with the text."""
    side = px(16)
    unit = side / 16
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    box = QRectF(left + 0.75, middle - side / 2 + 0.75, side - 1.5, side - 1.5)
    painter.setPen(QPen(theme.accent if on else theme.mark, 1.5))
    painter.setBrush(theme.accent if on else theme.raised)
    painter.drawRoundedRect(box, 4, 4)
    if on:
        painter.setPen(round_pen(theme.on_accent, 2 * unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        centre = box.center()
        points = (QPointF(-3.5, 0.5), QPointF(-0.8, 3.2), QPointF(4, -3))
        painter.drawPolyline([centre + point * unit for point in points])
    painter.restore()


def paint_bracket(painter: QPainter, left: float, middle: float, colour: QColor) -> None:
    """Draw the mark of a label: a bracket 12 x 8 whose left edge is at *left*."""
    unit = min(scale(), 1.5)
    width, height = 12 * unit, 6 * unit
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    pen = QPen(colour, 2 * unit)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath(QPointF(left + unit, middle - height / 2))
    path.lineTo(left + unit, middle + height / 2 - unit)
    path.lineTo(left + width - unit, middle + height / 2 - unit)
    path.lineTo(left + width - unit, middle - height / 2)
    painter.drawPath(path)
    painter.restore()


def paint_row(
    painter: QPainter,
    rect: QRect,
    theme: Theme,
    *,
    current: bool,
    hovered: bool = False,
    focused: bool = True,
    radius: int = 6,
) -> None:
    """Draw the ground of a row: current, hovered, or none; a frame where contrast is high."""
    if not current and not hovered:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    if theme.high_contrast:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if current:
            painter.setPen(QPen(theme.accent, 2 if focused else 1))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        else:
            painter.setPen(QPen(theme.ink, 1))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
    else:
        chosen = theme.selected_row if current and focused else theme.hovered_row
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(chosen)
        painter.drawRoundedRect(QRectF(rect), radius, radius)
    painter.restore()


def paint_key_cap(painter: QPainter, rect: QRectF, text: str, theme: Theme) -> None:
    """Draw a key: raised ground, frame, a heavier lower edge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setFont(type_font(11, 500))
    box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.frame)
    painter.drawRoundedRect(rect, 4, 4)
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -1.2), 3.5, 3.5)
    painter.setPen(theme.ink if theme.high_contrast else theme.muted)
    painter.drawText(rect.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def key_cap_size(text: str) -> QSize:
    """Return the size of the cap of a key."""
    metrics = QFontMetrics(type_font(11, 500))
    height = max(px(20), metrics.height() + 4)
    return QSize(max(height, metrics.horizontalAdvance(text) + px(12)), height)


# -- widgets ---------------------------------------------------------------------------------


class KeyCap(Themed, QWidget):
    """A key, painted as a key; nothing to press."""

    def __init__(self, theme: Theme, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_key(key)

    def set_key(self, key: str) -> None:
        """Show *key*, a combination such as ``Ctrl+K``; nothing is shown for none."""
        self._text = key_text(key)
        self.setAccessibleName(self._text)
        self.setVisible(bool(key) and not self.isWindow())
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        """What stands on the cap."""
        return self._text

    def sizeHint(self) -> QSize:
        return key_cap_size(self._text)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            paint_key_cap(painter, QRectF(self.rect()), self._text, self.theme)
        finally:
            painter.end()


class Chip(Themed, QWidget):
    """The name of a label on its colour: solid for the selected span, else on its tint."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._text = ""
        self._colour = "grey"
        self._solid = True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_label(self, name: str, colour: str, *, solid: bool = True) -> None:
        """Show the label *name* in the colour called *colour*."""
        self._text, self._colour, self._solid = name, colour, solid
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(type_font(11, 600))
        width = min(metrics.horizontalAdvance(self._text) + px(12), px(160))
        return QSize(width, max(px(20), metrics.height() + 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours: LabelColours = self.theme.label(self._colour)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.base if self._solid else colours.tint)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
            painter.setFont(type_font(11, 600))
            painter.setPen(colours.on_base if self._solid else colours.base)
            room = self.width() - px(8)
            text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        finally:
            painter.end()


class Avatar(Themed, QWidget):
    """A person, by the first letter of the name."""

    def __init__(self, theme: Theme, name: str, size: int = 20) -> None:
        super().__init__()
        self.theme = theme
        self._size = size
        self._name = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_name(name)

    def show_name(self, name: str, initials: str = "") -> None:
        """Stand for the person called *name*; *initials* in place of the first letter."""
        self._name, self._initials = name, initials
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self.theme.frame, 1))
            painter.setBrush(self.theme.hovered_row)
            painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
            initial = self._initials or self._name[:1].upper()
            painter.setFont(type_font(11 if len(initial) == 1 else 9, 600))
            painter.setPen(self.theme.ink)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, initial)
        finally:
            painter.end()


class ProgressLine(Themed, QWidget):
    """How much of something is done, as a thin line that does not move by itself."""

    def __init__(self, theme: Theme, height: int = 4) -> None:
        super().__init__()
        self.theme = theme
        self._share = 0.0
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float) -> None:
        """Show that *share* (0 to 1) is done."""
        self._share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(f"{self._share:.0%}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            half = self.height() / 2
            painter.setBrush(self.theme.hairline)
            painter.drawRoundedRect(QRectF(self.rect()), half, half)
            done = QRectF(self.rect())
            done.setWidth(done.width() * self._share)
            painter.setBrush(self.theme.accent)
            if self._share > 0:
                painter.drawRoundedRect(done, half, half)
        finally:
            painter.end()


class Hairline(Themed, QWidget):
    """An edge between two parts of a window: a line across, or down where it is vertical."""

    def __init__(self, theme: Theme, *, vertical: bool = False) -> None:
        super().__init__()
        self.theme = theme
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), self.theme.hairline)
        finally:
            painter.end()


class Elided(QLabel):
    """A line of foreign text that is shortened to the room there is."""

    def __init__(self, text: str = "", size: float = BASE, weight: int = 400) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        set_type(self, size, weight)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setFont(self.font())
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            line = " ".join(self.text().split())
            text = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.width())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(self.rect(), flags, text)
        finally:
            painter.end()
