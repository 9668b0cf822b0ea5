"""Colours by role: one table of tokens a theme, read from ``resources/themes``.

No widget writes a colour of its own: it asks the theme for a role or for the colours of a label.
Contrast is computed after WCAG 2.2 (relative luminance, success criterion 1.4.3).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from PySide6.QtGui import QColor, QPalette

from annotator import resources

NAMES: Final = ("light", "dark", "high-contrast-light", "high-contrast-dark")
READABLE: Final = 4.5
"""Least contrast of text on its ground (WCAG 2.2, level AA)."""


@dataclass(frozen=True, slots=True)
class LabelColours:
    """How one label looks on the page of a theme."""

    base: QColor
    """Bar, bracket, and the text of the chip."""
    tint: QColor
    """Behind the words and as the ground of the chip."""
    strong_tint: QColor
    """Behind the words of the selected span."""
    on_base: QColor
    """Text on a solid chip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of the window, by role; see ``resources/themes``."""

    name: str
    title: str
    dark: bool
    high_contrast: bool = False
    page: QColor
    window: QColor
    side: QColor
    raised: QColor
    ink: QColor
    muted: QColor
    accent: QColor
    on_accent: QColor
    accent_tint: QColor
    selected_row: QColor
    hovered_row: QColor
    selection: QColor
    hairline: QColor
    frame: QColor
    mark: QColor
    error: QColor
    warning: QColor
    warning_ground: QColor
    land: QColor
    tint: float
    strong_tint: float
    palette: dict[str, str] = field(default_factory=dict)
    _labels: dict[str, LabelColours] = field(default_factory=dict)

    def label(self, colour: str) -> LabelColours:
        """Return the colours of a label by the name of its palette colour, or ``#RRGGBB``.

        A free colour is moved towards the ink until it can be read as text on its own tint.
        An unknown name looks grey.
        """
        if colour not in self._labels:
            self._labels[colour] = self._label_colours(colour)
        return self._labels[colour]

    def _label_colours(self, colour: str) -> LabelColours:
        base = QColor(self.palette.get(colour, colour))
        if not base.isValid():
            base = QColor(self.palette["grey"])
        while contrast(base, mix(base, self.page, self.tint)) < READABLE and base != self.ink:
            darker = mix(self.ink, base, 0.1)
            base = self.ink if darker == base else darker
        return LabelColours(
            base=base,
            tint=mix(base, self.page, self.tint),
            strong_tint=mix(base, self.page, self.strong_tint),
            on_base=self.page,
        )

    def qt_palette(self) -> QPalette:
        """Return the palette for Qt's own widgets."""
        palette = QPalette()
        role = QPalette.ColorRole
        for which, colour in (
            (role.Window, self.window),
            (role.WindowText, self.ink),
            (role.Base, self.raised),
            (role.AlternateBase, self.side),
            (role.Text, self.ink),
            (role.PlaceholderText, self.muted),
            (role.Button, self.raised),
            (role.ButtonText, self.ink),
            (role.BrightText, self.error),
            (role.Highlight, self.accent),
            (role.HighlightedText, self.on_accent),
            (role.Accent, self.accent),
            (role.Link, self.accent),
            (role.LinkVisited, self.accent),
            (role.ToolTipBase, self.raised),
            (role.ToolTipText, self.ink),
            (role.Light, self.raised),
            (role.Midlight, self.hovered_row),
            (role.Mid, self.frame),
            (role.Dark, self.mark),
            (role.Shadow, self.hairline),
        ):
            palette.setColor(which, colour)
        for which in (role.WindowText, role.Text, role.ButtonText):
            faint = mix(self.ink, self.window, 0.4)
            palette.setColor(QPalette.ColorGroup.Disabled, which, faint)
        return palette


def mix(top: QColor, ground: QColor, share: float) -> QColor:
    """Return *top* laid over *ground* with the opacity *share* (0 to 1)."""

    def channel(over: int, under: int) -> int:
        return round(over * share + under * (1 - share))

    return QColor(
        channel(top.red(), ground.red()),
        channel(top.green(), ground.green()),
        channel(top.blue(), ground.blue()),
    )


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2.2, 0 (black) to 1 (white)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@cache
def load(name: str) -> Theme:
    """Return the theme called *name*, one of :data:`NAMES`."""
    data = tomllib.loads(resources.text(f"themes/{name}.toml"))
    data |= {role: QColor(f"#{value}") for role, value in data.pop("roles").items()}
    labels = {label: f"#{value}" for label, value in data.pop("labels").items()}
    return Theme(**data, palette=labels)
