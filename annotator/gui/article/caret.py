"""Where a key moves the caret to: by character, token, sentence, line, page, paragraph."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from annotator.gui.article.text_layout import ArticleLayout
from annotator.text import Structure

_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_NONE = Qt.KeyboardModifier.NoModifier
_KEPT = _CTRL | _ALT | Qt.KeyboardModifier.MetaModifier

MOTIONS: Final = {
    (Qt.Key.Key_Left, _NONE): "character left",
    (Qt.Key.Key_Right, _NONE): "character right",
    (Qt.Key.Key_Left, _CTRL): "token left",
    (Qt.Key.Key_Right, _CTRL): "token right",
    (Qt.Key.Key_Left, _ALT): "sentence left",
    (Qt.Key.Key_Right, _ALT): "sentence right",
    (Qt.Key.Key_Up, _NONE): "line up",
    (Qt.Key.Key_Down, _NONE): "line down",
    (Qt.Key.Key_Up, _CTRL): "paragraph up",
    (Qt.Key.Key_Down, _CTRL): "paragraph down",
    (Qt.Key.Key_PageUp, _NONE): "page up",
    (Qt.Key.Key_PageDown, _NONE): "page down",
    (Qt.Key.Key_Home, _NONE): "line start",
    (Qt.Key.Key_End, _NONE): "line end",
    (Qt.Key.Key_Home, _CTRL): "text start",
    (Qt.Key.Key_End, _CTRL): "text end",
}
"""Keys that move the caret, with the name of the motion; Shift extends the selection."""

_BY_QT: Final = {
    "line up": QTextCursor.MoveOperation.Up,
    "line down": QTextCursor.MoveOperation.Down,
    "line start": QTextCursor.MoveOperation.StartOfLine,
    "line end": QTextCursor.MoveOperation.EndOfLine,
    "text start": QTextCursor.MoveOperation.Start,
    "text end": QTextCursor.MoveOperation.End,
    "character left": QTextCursor.MoveOperation.PreviousCharacter,
    "character right": QTextCursor.MoveOperation.NextCharacter,
}


def motion_of(event: QKeyEvent) -> str | None:
    """Return the name of the motion that a key asks for, or None."""
    return MOTIONS.get((Qt.Key(event.key()), event.modifiers() & _KEPT))


def move(
    cursor: QTextCursor,
    motion: str,
    *,
    extend: bool,
    layout: ArticleLayout,
    structure: Structure | None,
    page: float,
) -> None:
    """Move *cursor* by *motion*; *page* is the height of the view in pixels."""
    mode = QTextCursor.MoveMode.KeepAnchor if extend else QTextCursor.MoveMode.MoveAnchor
    if cursor.hasSelection() and not extend and motion.startswith("character"):
        left = motion == "character left"
        cursor.setPosition(cursor.selectionStart() if left else cursor.selectionEnd())
    elif motion in _BY_QT:
        _by_qt(cursor, motion, mode, layout)
    elif motion.startswith("page"):
        down = 1 if motion == "page down" else -1
        place = layout.place(cursor.position())
        point = QPointF(place.left(), place.center().y() + down * page)
        point.setY(min(max(point.y(), layout.header), layout.full_height - 1))
        cursor.setPosition(layout.hitTest(point, Qt.HitTestAccuracy.FuzzyHit), mode)
    else:
        stored = layout.content.map.to_stored(cursor.position())
        target = _by_structure(layout.content.article.text, stored, motion, structure)
        cursor.setPosition(layout.content.map.to_shown(target), mode)


def _by_qt(
    cursor: QTextCursor, motion: str, mode: QTextCursor.MoveMode, layout: ArticleLayout
) -> None:
    to_stored = layout.content.map.to_stored
    stored = to_stored(cursor.position())
    moved = cursor.movePosition(_BY_QT[motion], mode)
    # Where a long paragraph is cut, two displayed positions are one stored position.
    if moved and motion.startswith("character") and to_stored(cursor.position()) == stored:
        cursor.movePosition(_BY_QT[motion], mode)


def _by_structure(text: str, at: int, motion: str, structure: Structure | None) -> int:
    back = motion.endswith(("left", "up"))
    end = 0 if back else len(text)
    unit = motion.split(maxsplit=1)[0]
    if unit == "paragraph":
        return _paragraph(text, at, back)
    if structure is None:
        return end
    if unit == "token":
        near = structure.previous_token(at) if back else structure.next_token(at)
    else:
        near = structure.previous_sentence(at) if back else structure.next_sentence(at)
    return end if near is None else near.start


def _paragraph(text: str, at: int, back: bool) -> int:
    if back:
        own = text.rfind("\n", 0, max(0, at - 1)) + 1
        while own > 0 and text[own] == "\n":
            own = text.rfind("\n", 0, own - 1) + 1
        return own
    feed = text.find("\n", at)
    while 0 <= feed < len(text) - 1 and text[feed + 1] == "\n":
        feed += 1
    return len(text) if feed < 0 else feed + 1
