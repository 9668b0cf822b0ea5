"""How an article is set: sizes, faces and zones; every size is a multiple of the text's."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from annotator.gui import fonts
from annotator.gui.theme import LabelColours, Theme, mix
from annotator.scheme import Scheme

BASE_PX: Final = 17
"""Size of the text at which the other sizes below hold."""
QUIET_INK: Final = 0.78
"""Share of ink in the words of captions and the like."""
COMPACT: Final = "compact"
CAPTIONS: Final = "captions"


@dataclass(frozen=True, slots=True)
class Look:
    """What a person chose: theme, labels, size of the text in pixels, density."""

    theme: Theme
    scheme: Scheme
    text_px: int = BASE_PX
    density: str = CAPTIONS
    """``captions`` (chips with names) or ``compact`` (bars only)."""
    show_all_relations: bool = False
    review: bool = False
    """Whether the left margin has room for marks of conflicts and of what was checked."""

    @property
    def compact(self) -> bool:
        """Whether there are bars only."""
        return self.density == COMPACT

    def colours(self, label: str) -> LabelColours:
        """Return the colours of the label called *label*, grey where the scheme lacks it."""
        known = self.scheme.label(label)
        return self.theme.label("grey" if known is None else known.colour)


@dataclass(frozen=True, slots=True)
class ZoneStyle:
    """How the paragraphs of one zone are set."""

    font: QFont
    colour: QColor
    height: float
    """Of a line without fall-back faces, in pixels."""
    before: float = 0.0
    """More room above, in pixels."""
    after: float = 0.0
    """Less (negative) or more room below, in pixels."""
    plain: bool = False
    """Whether it is set like the body, in the default face."""


@dataclass(slots=True)
class Sizes:
    """Pixels of everything that is drawn around the words, for one :class:`Look`."""

    look: Look
    scale: float = field(init=False)
    above: int = field(init=False)
    below: int = field(init=False)
    lane_gap: int = field(init=False)
    lane: int = field(init=False)
    folded_lane: int = field(init=False)
    bar: int = field(init=False)
    selected_bar: int = field(init=False)
    chip_height: int = field(init=False)
    chip_pad: int = field(init=False)
    tick: int = field(init=False)
    first_tick: int = field(init=False)
    paragraph_gap: int = field(init=False)
    blank: int = field(init=False)
    head: int = field(init=False)
    foot: int = field(init=False)
    column: int = field(init=False)
    chip_font: QFont = field(init=False)
    small_font: QFont = field(init=False)
    meta_font: QFont = field(init=False)
    styles: dict[str, ZoneStyle] = field(init=False)
    _widths: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scale = self.look.text_px / BASE_PX
        self.scale = scale
        self.above = self.below = max(3, round(5 * scale))
        self.lane_gap = max(2, round(3 * scale))
        self.bar = max(2, round(2 * scale))
        self.selected_bar = self.bar + max(1, round(scale))
        chip_px = max(10, ceil(10.5 * scale))
        self.chip_font = fonts.sans(chip_px, QFont.Weight.DemiBold)
        self.small_font = fonts.sans(max(10, round(11 * scale)), QFont.Weight.Medium)
        self.meta_font = fonts.sans(max(10, round(13 * scale)))
        self.chip_height = max(13, round(13 * scale))
        self.chip_pad = max(4, round(5 * scale))
        compact = self.look.compact
        self.folded_lane = round(8 * scale)
        full = self.bar + self.chip_height + round(4 * scale)
        self.lane = self.folded_lane if compact else full
        self.tick = max(2, round(3 * scale))
        self.first_tick = max(3, round(4 * scale))
        self.paragraph_gap = round(9 * scale)
        self.blank = round(7 * scale)
        self.head = round(38 * scale)
        self.foot = round(40 * scale)
        self.column = round(656 * scale)
        self.styles = _zone_styles(self.look)

    @property
    def body(self) -> ZoneStyle:
        """The style of ordinary paragraphs."""
        return self.styles["body"]

    def style(self, zone: str) -> ZoneStyle:
        """Return how the zone called *zone* is set; unknown zones look like the body."""
        return self.styles.get(zone) or self.styles["body"]

    def chip_text_width(self, text: str) -> float:
        """Return the width of *text* in the face of chips, in whole pixels; remembered."""
        width = self._widths.get(text)
        if width is None:
            width = float(round(QFontMetricsF(self.chip_font).horizontalAdvance(text)))
            self._widths[text] = width
        return width

    def margins(self, width: float) -> tuple[float, float]:
        """Return the left edge and the width of the column in a view *width* pixels wide.

        The margins (number at the left, notes at the right) give way before the column does.
        """
        left, right = (112 if self.look.review else 80) * self.scale, 40 * self.scale
        if width - left - right < self.column / 2:
            left, right = 64.0 if self.look.review else 40.0, 22 * self.scale
        room = max(width - left - right, 60.0)
        column = min(float(self.column), room)
        return float(round(left + (room - column) / 2)), float(round(column))


def _zone_styles(look: Look) -> dict[str, ZoneStyle]:
    theme, px = look.theme, look.text_px
    weight = QFont.Weight

    def style(
        font: QFont, colour: QColor, before: float = 0.0, after: float = 0.0, *, plain: bool = False
    ) -> ZoneStyle:
        height = round(QFontMetricsF(font).height())
        scale = px / BASE_PX
        return ZoneStyle(font, colour, height, round(before * scale), round(after * scale), plain)

    quiet = max(10, round(13 * px / BASE_PX))
    # Muted would be too faint on the tint of a label; where a tint is strong, words are in ink.
    soft = mix(theme.ink, theme.page, QUIET_INK)
    return {
        "body": style(fonts.serif(px), theme.ink, plain=True),
        "headline": style(fonts.serif(round(25 * px / BASE_PX), weight.DemiBold), theme.ink),
        "subhead": style(fonts.serif(round(19 * px / BASE_PX)), soft, 0, 4),
        "section_heading": style(fonts.serif(px, weight.DemiBold), theme.ink, 10, -4),
        "byline": style(fonts.sans(quiet, weight.Medium), soft, 0, -3),
        "caption": style(fonts.sans(quiet), soft, 0, -3),
        "boilerplate": style(fonts.sans(quiet), soft, 0, -5),
    }
