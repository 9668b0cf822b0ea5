"""Which faces are used, from what the system has: no font file is part of the project."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

SERIF: Final = ("Noto Serif", "Source Serif 4", "Charter", "Georgia", "DejaVu Serif")
"""Faces for the text of articles, best first."""
SANS: Final = ("Inter", "Noto Sans", "DejaVu Sans")
"""Faces for the interface where the system names none of its own, best first."""


def serif(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the face of articles at a size in pixels."""
    return _font(SERIF, QFont.StyleHint.Serif, pixels, weight)


def sans(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the face of chips, numbers and captions at a size in pixels."""
    return _font(SANS, QFont.StyleHint.SansSerif, pixels, weight)


def _font(
    families: tuple[str, ...], hint: QFont.StyleHint, pixels: float, weight: QFont.Weight
) -> QFont:
    font = QFont()
    font.setFamily(_installed(families))
    font.setStyleHint(hint)
    font.setPixelSize(max(1, round(pixels)))
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@cache
def _installed(families: tuple[str, ...]) -> str:
    return next((name for name in families if QFontDatabase.hasFamily(name)), families[-1])
