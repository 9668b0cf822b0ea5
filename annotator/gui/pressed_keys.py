"""Which key somebody presses, where a key is asked for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_HELD: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_unknown,
    }
)


def only_held(event: QKeyEvent) -> bool:
    """Whether this is a key that says nothing alone: Shift, Ctrl and their like."""
    return event.key() in _HELD


def pressed_key(event: QKeyEvent) -> str:
    """Return the combination in its portable form, such as ``Ctrl+Shift+K``; "" for none."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if len(text) == 1 and not text.isalnum() and text.isprintable():
        # The sign itself, wherever the layout of the keyboard has it.
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    combination = QKeyCombination(modifiers, Qt.Key(event.key()))
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)
