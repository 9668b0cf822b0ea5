"""The bar at the bottom of the review: what the keys decide now, as buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from annotator.gui.bar_shapes import paint_bar
from annotator.gui.controls import Flow
from annotator.gui.label_bar import KeyHint
from annotator.gui.parts import (
    Hairline,
    Themed,
    dress,
    key_cap_size,
    key_text,
    label,
    paint_key_cap,
    plain,
    px,
    type_font,
)
from annotator.gui.theme import Theme, mix
from annotator.translation import tr

_BETWEEN_DECISIONS: Final = 8
_BETWEEN_ANSWERS: Final = 4
"""Answers have no frames, and all reasons of a rejection are to stand in one row."""
_KEPT: Final = 4
"""Sets of buttons that are kept: decisions and what is asked for them take turns."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision that can be taken now."""

    key: str
    text: str
    do: Callable[[], object]
    framed: bool = False
    name: str = ""
    """Object name, for tests and scripts."""


class KeyButton(Themed, QAbstractButton):
    """A key and what it does, to be pressed with the mouse as well."""

    def __init__(self, theme: Theme, offer: Offer) -> None:
        super().__init__()
        self.theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._offer = offer
        self.clicked.connect(lambda _=False: self._offer.do())
        self._show()

    def show_offer(self, offer: Offer) -> None:
        """Offer this from now on."""
        before, self._offer = self._offer, offer
        if replace(before, do=offer.do) != offer:
            self._show()

    def _show(self) -> None:
        offer = self._offer
        self._cap = key_text(offer.key)
        self._framed = offer.framed
        self.setText(offer.text)
        self.setObjectName(offer.name or f"button.{offer.key}")
        self.setAccessibleName(offer.text)
        self.setAccessibleDescription(self._cap)
        self.setToolTip(plain(f"{offer.text} ({self._cap})" if self._cap else offer.text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(type_font(13, 500)).horizontalAdvance(self.text())
        if self._cap:
            width += key_cap_size(self._cap).width() + 8
        return QSize(width + (20 if self._framed else 12), max(32, px(20) + 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            ground = theme.hovered_row if self.underMouse() else theme.raised
            if self.isDown():
                ground = mix(theme.ink, ground, 0.06)
            if self._framed or self.underMouse():
                painter.setPen(QPen(theme.frame, 1) if self._framed else Qt.PenStyle.NoPen)
                painter.setBrush(ground)
                painter.drawRoundedRect(box, 6, 6)
            left = 8.0 if self._framed else 6.0
            if self._cap:
                cap = key_cap_size(self._cap)
                top = (self.height() - cap.height()) / 2
                paint_key_cap(
                    painter, QRectF(left, top, cap.width(), cap.height()), self._cap, theme
                )
                left += cap.width() + 8
            painter.setPen(theme.ink)
            painter.setFont(type_font(13, 500))
            place = QRectF(left, 0, self.width() - left, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text())
        finally:
            painter.end()


@dataclass(slots=True, eq=False)
class _Set:
    """What stands in the bar together."""

    loose: list[QWidget] = field(default_factory=list)
    """Everything at the left, in order."""
    buttons: list[KeyButton] = field(default_factory=list)
    hints: list[KeyHint] = field(default_factory=list)

    @property
    def widgets(self) -> list[QWidget]:
        """Everything."""
        return [*self.loose, *self.hints]


class VerdictBar(Themed, QWidget):
    """Buttons with their keys; while something is asked, the question and its answers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("bar.verdict")
        self.setAccessibleName(tr("Verdict"))
        self._set = _Set()
        self._sets: dict[tuple[object, ...], _Set] = {}
        """Sets by how many buttons there are, and the hints: what only new widgets can change."""
        self._asking = False
        self._shown: tuple[object, ...] = ()
        self._left = QWidget()
        self._flow = Flow(self._left, gap=_BETWEEN_DECISIONS)
        self._right = QWidget()
        self._right_row = QHBoxLayout(self._right)
        self._right_row.setContentsMargins(0, 0, 0, 0)
        self._right_row.setSpacing(20)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        row.addWidget(self._left, 1)
        row.addWidget(self._right)

    def show_offers(
        self,
        first: Sequence[Offer],
        others: Sequence[Offer],
        hints: Sequence[tuple[str, str]],
        *,
        question: str = "",
    ) -> None:
        """Show what can be decided: *first* in frames, then *others*, and *hints* at the right."""
        offers = (*first, *others)
        wanted = (question, *((one.key, one.text, one.name) for one in offers), *hints)
        if wanted == self._shown and not question:
            return  # the same keys do the same: nothing flickers from case to case
        self._shown = wanted
        shape = (question, len(first), len(others), *hints)
        known = self._sets.pop(shape, None)
        if known is None or known is not self._set:
            self._asking = bool(question)
            self._flow.set_gap(_BETWEEN_ANSWERS if question else _BETWEEN_DECISIONS)
            self._clear()
            self._set = known or self._made(first, others, hints, question)
            self._fill()
        self._sets[shape] = self._set
        for button, offer in zip(self.buttons, offers, strict=True):
            button.show_offer(offer)
        self._fit()
        self.update()

    def _made(
        self,
        first: Sequence[Offer],
        others: Sequence[Offer],
        hints: Sequence[tuple[str, str]],
        question: str,
    ) -> _Set:
        made = _Set()
        if question:
            title = label(question, 13, 600)
            title.setObjectName("text.prompt")
            title.setMinimumHeight(max(32, px(20) + 12))
            made.loose.append(title)
        for offer in first:
            made.buttons.append(KeyButton(self.theme, offer))
        made.loose += made.buttons
        if first and others:
            holder = QWidget()
            holder.setFixedSize(17, px(24))
            line = Hairline(self.theme, vertical=True)
            line.setParent(holder)
            line.setGeometry(8, 0, 1, px(24))
            made.loose.append(holder)
        for offer in others:
            made.buttons.append(KeyButton(self.theme, offer))
        made.loose += made.buttons[len(first) :]
        made.hints = [KeyHint(self.theme, key, text) for key, text in hints if key]
        for widget in made.widgets:
            dress(widget, self.theme)
        return made

    @property
    def buttons(self) -> list[KeyButton]:
        """The buttons that are shown."""
        return self._set.buttons

    @property
    def asking(self) -> bool:
        """Whether the keys answer a question now."""
        return self._asking

    def button(self, name: str) -> KeyButton | None:
        """Return the button with this object name."""
        return next((one for one in self.buttons if one.objectName() == name), None)

    def _fill(self) -> None:
        for widget in self._set.loose:
            self._flow.addWidget(widget)
            widget.show()
        for hint in self._set.hints:
            self._right_row.addWidget(hint)

    def _clear(self) -> None:
        """Take out what is shown, and keep it for the next time."""
        for widget in self._set.loose:
            self._flow.removeWidget(widget)
        for hint in self._set.hints:
            self._right_row.removeWidget(hint)
        for widget in self._set.widgets:
            widget.hide()
        if self._set not in self._sets.values():
            self._drop(self._set)
        while len(self._sets) >= _KEPT:
            self._drop(self._sets.pop(next(iter(self._sets))))

    def _drop(self, gone: _Set) -> None:
        for widget in gone.widgets:
            widget.hide()
            widget.deleteLater()

    def _fit(self) -> None:
        """Drop hints from the left until the buttons have their room; else take a second row."""
        room = self.width() - 32 - 16 - self._flow.sizeHint().width()
        for hint in reversed(self._set.hints):
            room -= hint.sizeHint().width() + 20
            hint.setVisible(room >= 0)
        beside = any(not hint.isHidden() for hint in self._set.hints)
        self._right.setVisible(beside)
        taken = self._right.sizeHint().width() + 16 if beside else 0
        width = max(self.width() - 32 - taken, 1)
        height = max(48, self._flow.heightForWidth(width) + 16)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        Themed.set_theme(self, theme)
        self._shown = ()
        for other in self._sets.values():
            if other is not self._set:
                self._drop(other)
        self._sets.clear()
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(400, max(48, self.minimumHeight()))

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = self.theme.accent_tint if self._asking else self.theme.window
        edge = self.theme.accent if self._asking else self.theme.hairline
        paint_bar(self, ground, edge)
