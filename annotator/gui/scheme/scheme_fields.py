"""The fields of the scheme editor that Qt does not have: keys, colours, lines of text, ticks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.gui import theme as themes
from annotator.gui.ask import Ask
from annotator.gui.controls import Flow
from annotator.gui.icons import icon
from annotator.gui.parts import Themed, key_text, label, plain, px, scale, set_type, type_font
from annotator.gui.pressed_keys import only_held, pressed_key
from annotator.gui.scheme.scheme_draft import COLOURS
from annotator.gui.text_box import TextBox
from annotator.gui.theme import Theme
from annotator.translation import tr


class FaultLine(Themed, QWidget):
    """What is wrong with a field, under it: a sign and a sentence; nothing takes no room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._grave = True
        self._sign = QLabel()
        self._text = label(size=12, tone="error")
        self._text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; nothing when all is well."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, *, grave: bool = True) -> None:
        """Show *text*, as an error or as a warning; nothing hides the line."""
        self._grave = grave
        self._text.setText(text)
        set_type(self._text, 12, 400, "error" if grave else "warning")
        self.set_theme(self.theme)
        self.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        colour = theme.error if self._grave else theme.warning
        palette = self._text.palette()
        palette.setColor(palette.ColorRole.WindowText, colour)
        self._text.setPalette(palette)
        name = "error" if self._grave else "warning"
        self._sign.setPixmap(icon(name, colour, px(16)).pixmap(px(16), px(16)))


class KeyField(QLineEdit):
    """A key, taken as it is pressed; Backspace takes it away."""

    key_changed = Signal(str)

    def __init__(self, key: str, *, combinations: bool) -> None:
        super().__init__()
        self._combinations = combinations
        self.setReadOnly(True)
        self.setMaximumWidth(px(140))
        self.setPlaceholderText(tr("Press a key"))
        self.set_key(key)

    @property
    def key(self) -> str:
        """The key, as schemes write it: ``S``, ``Shift+Q``."""
        return self._key

    def set_key(self, key: str) -> None:
        """Show *key*."""
        self._key = key.upper() if len(key) == 1 else key
        self.setText(key_text(self._key))

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and not self._passes(event):
            event.accept()
            return True
        return super().event(event)

    def _passes(self, event: QKeyEvent) -> bool:
        """Say whether a key is for the dialog: Tab, Esc, and what is held with Ctrl or Alt."""
        control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        keys = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
        held = bool(event.modifiers() & control) and not self._combinations
        return event.key() in keys or held or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if only_held(event) or self._passes(event):
            event.ignore()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._take("")
        elif wanted := self._wanted(event):
            self._take(wanted)

    def _wanted(self, event: QKeyEvent) -> str:
        if self._combinations:
            return pressed_key(event)
        text = event.text().upper()
        return text if len(text) == 1 and text.isprintable() and text.strip() else ""

    def _take(self, key: str) -> None:
        self.set_key(key)
        self.key_changed.emit(key)


class Lines(TextBox):
    """A text of several lines, as high as so many rows."""

    def __init__(self, theme: Theme, text: str, *, rows: int = 3) -> None:
        super().__init__(theme, text)
        self._rows = rows
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What stands in it, no-break spaces included."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def sizeHint(self) -> QSize:
        return QSize(px(200), QFontMetrics(type_font(13)).lineSpacing() * self._rows + 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), self.sizeHint().height())


class Ticks(QWidget):
    """Several things of which any number may hold."""

    ticked = Signal(tuple)
    """The keys of what holds now, in order."""

    def __init__(
        self, name: str, options: Sequence[tuple[str, str]], chosen: Sequence[str]
    ) -> None:
        super().__init__()
        flow = Flow(self, gap=16)
        self.boxes: dict[str, QCheckBox] = {}
        for key, text in options:
            box = QCheckBox(text.replace("&", "&&"))
            box.setObjectName(f"field.{name}.{key}")
            box.setChecked(key in chosen)
            box.toggled.connect(lambda _on: self.ticked.emit(self.chosen))
            self.boxes[key] = box
            flow.addWidget(box)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of what holds, in order."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())


WARM = frozenset({"red", "orange", "amber"})
"""Colours that stand too near to the green one under protanopia (ΔE76 11 to 13)."""


def colour_in_words(name: str) -> str:
    """Return what a colour of the palette is called."""
    return {
        "speaker": tr("Deep blue"),
        "location": tr("Green"),
        "claim": tr("Magenta"),
        "cue": tr("Grey"),
        "grey": tr("Grey"),
        "violet": tr("Violet"),
        "red": tr("Red"),
        "orange": tr("Orange"),
        "amber": tr("Amber"),
        "indigo": tr("Indigo"),
        "blue": tr("Blue"),
    }.get(name, name)


class Swatch(Themed, QAbstractButton):
    """One colour to choose."""

    def __init__(self, theme: Theme, colour: str) -> None:
        super().__init__()
        self.theme = theme
        self.colour = colour
        self.setCheckable(True)
        self.setObjectName(f"swatch.{colour}")
        self.setAccessibleName(colour_in_words(colour))
        self.setToolTip(plain(colour_in_words(colour)))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(28), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self.theme.label(self.colour)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            box = QRectF(self.rect()).adjusted(3, 3, -3, -3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.base)
            painter.drawRoundedRect(box, 4, 4)
            if self.isChecked():
                painter.setPen(QPen(self.theme.ink, 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
                side = px(14)
                at = self.rect().center()
                tick = icon("check", colours.on_base, side)
                tick.paint(painter, at.x() - side // 2 + 1, at.y() - side // 2 + 1, side, side)
        finally:
            painter.end()


class ContrastChip(Themed, QWidget):
    """A label's chip as it looks in one theme, with its contrast there."""

    def __init__(self, theme: Theme, shown: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._shown = shown
        self._name = self._colour = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The contrast in words, such as "Light 5.0 : 1"."""
        named = tr("Dark") if self._shown.dark else tr("Light")
        return f"{named} {self.ratio:.1f} : 1"

    @property
    def ratio(self) -> float:
        """Contrast of the name on its chip, after WCAG 2.2."""
        colours = self._shown.label(self._colour)
        return themes.contrast(colours.base, colours.tint)

    @property
    def moved(self) -> bool:
        """Whether the colour is shown stronger than it was chosen, because it is too faint."""
        wanted = QColor(self._shown.palette.get(self._colour, self._colour))
        return wanted.isValid() and wanted != self._shown.label(self._colour).base

    def show_label(self, name: str, colour: str) -> None:
        """Show the label *name* in *colour*."""
        self._name, self._colour = name, colour
        self.setAccessibleName(self.text)
        self.updateGeometry()
        self.update()

    def _widths(self) -> tuple[int, int]:
        chip = QFontMetrics(type_font(11, 600)).horizontalAdvance(self._name)
        text = QFontMetrics(type_font(12)).horizontalAdvance(self.text)
        return min(chip, px(140)) + px(12), text

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 28, px(20) + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown, colours = self._shown, self._shown.label(self._colour)
        chip, _ = self._widths()
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self.theme.frame, 1))
            painter.setBrush(shown.page)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            box = QRectF(8, (self.height() - px(20)) / 2, chip, px(20))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.tint)
            painter.drawRoundedRect(box, 4, 4)
            painter.setFont(type_font(11, 600))
            painter.setPen(colours.base)
            elide = Qt.TextElideMode.ElideRight
            name = painter.fontMetrics().elidedText(self._name, elide, chip - px(8))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
            painter.setFont(type_font(12))
            painter.setPen(shown.muted)
            place = self.rect().adjusted(chip + 18, 0, 0, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text)
        finally:
            painter.end()


class ColourField(QWidget):
    """A colour of the palette or a free one, with how well it can be read on light and dark."""

    colour_changed = Signal(str)

    def __init__(
        self, theme: Theme, ask: Ask, colour: str, name: str, beside: frozenset[str]
    ) -> None:
        super().__init__()
        self._ask = ask
        self._beside = beside
        self._colour = colour
        self._name = name
        self.swatches = {key: Swatch(theme, key) for key in COLOURS}
        swatches = Flow(gap=4)
        for key, swatch in self.swatches.items():
            swatch.clicked.connect(lambda _=False, key=key: self._choose(key))
            swatches.addWidget(swatch)
        self.free = QLineEdit()
        self.free.setObjectName("field.colour.free")
        self.free.setAccessibleName(tr("Colour of your own, as #RRGGBB"))
        self.free.setPlaceholderText("#RRGGBB")
        self.free.setFixedWidth(px(100))
        self.free.textEdited.connect(self._type)
        own = QPushButton(tr("Own colour"))
        own.setObjectName("button.own_colour")
        own.setAutoDefault(False)
        own.clicked.connect(self._ask_colour)
        self.fault = FaultLine(theme)
        self.chips = [ContrastChip(theme, themes.load(key)) for key in ("light", "dark")]
        self.remark = label(size=12, tone="muted")
        self.remark.setObjectName("text.colour_remark")
        self.remark.setWordWrap(True)
        free = Flow(gap=8)
        for widget in (self.free, own):
            free.addWidget(widget)
        chips = Flow(gap=8)
        for chip in self.chips:
            chips.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(swatches)
        column.addLayout(free)
        column.addWidget(self.fault)
        column.addLayout(chips)
        column.addWidget(self.remark)
        self._show()

    def rename(self, name: str) -> None:
        """Show the label under another name."""
        self._name = name
        self._show()

    def _choose(self, colour: str) -> None:
        self._colour = colour
        self.fault.say("")
        self._show()
        self.colour_changed.emit(colour)

    def _type(self, text: str) -> None:
        wanted = text.strip() if text.strip().startswith("#") else f"#{text.strip()}"
        if len(wanted) == 7 and QColor(wanted).isValid():
            self._choose(wanted.upper())
        else:
            self.fault.say(tr("Write a colour as # and six digits, such as #7B3FC4."))

    def _ask_colour(self) -> None:
        start = themes.load("light").label(self._colour).base.name()
        chosen = self._ask.colour(self, tr("Colour of the label"), start)
        if chosen is not None:
            self._choose(chosen.upper())

    def _show(self) -> None:
        for key, swatch in self.swatches.items():
            swatch.setChecked(key == self._colour or (key, self._colour) == ("cue", "grey"))
        free = self._colour if self._colour.startswith("#") else ""
        if self.free.text().upper().lstrip("#") != free.lstrip("#"):
            self.free.setText(free)
        for chip in self.chips:
            chip.show_label(self._name or tr("Label"), self._colour)
        remarks = []
        if any(chip.moved for chip in self.chips):
            remarks.append(
                tr("Too faint to be read there: it is shown stronger where it has to be.")
            )
        if self._colour in self._beside:
            remarks.append(tr("Another label has this colour."))
        colours = {*self._beside, self._colour}
        if "location" in colours and colours & WARM and self._colour in {"location", *WARM}:
            remarks.append(tr("Some people cannot tell green from a warm colour."))
        self.remark.setText(" ".join(remarks))
        self.remark.setVisible(bool(remarks))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(160 * scale()), super().minimumSizeHint().height())
