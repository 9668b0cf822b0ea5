"""The program under a journey: the real entry point, with keys that come in over a pipe.

Run as ``python -m tests.journeys.driven_child [ARGUMENTS OF THE PROGRAM]``. Each line on standard
input is a JSON list: ``["keys", "Ctrl+I", …]``, ``["type", "words"]``, ``["state"]``,
``["grab", PATH]``, ``["acknowledged"]``. The last three answer with a JSON line on standard
output; keys are sent to the window that has the focus, as a keyboard would.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.__main__ import main


class Hand(QObject):
    """Carries orders from the pipe to the thread of the window."""

    ordered = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.ordered.connect(self.obey, Qt.ConnectionType.QueuedConnection)

    def obey(self, order: list[Any]) -> None:
        match order:
            case ["keys", *names]:
                for name in names:
                    press(name)
            case ["type", str(text)]:
                for character in text:
                    press_character(character)
            case ["state"]:
                answer(state())
            case ["grab", str(path)]:
                window = QApplication.activeModalWidget() or QApplication.activeWindow()
                answer({"saved": window is not None and window.grab().save(path)})


def answer(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def press(name: str) -> None:
    if len(name) == 1:
        press_character(name.lower())
        return
    combination = QKeySequence.fromString(name, QKeySequence.SequenceFormat.PortableText)[0]
    window = QGuiApplication.focusWindow()
    assert window is not None, f"no window has the focus for {name}"
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())


def press_character(character: str) -> None:
    window = QGuiApplication.focusWindow()
    assert window is not None, f"no window has the focus for {character!r}"
    shift = character.isupper() or character in '{}+?"!@#$%^&*()_:<>|~'
    modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window, character, modifiers)


def state() -> dict[str, Any]:
    windows = [w for w in QApplication.topLevelWidgets() if w.objectName() == "window.main"]
    focus = QApplication.focusWidget()
    found: dict[str, Any] = {
        "focus": "" if focus is None else focus.objectName() or type(focus).__name__,
        "windows": [w.objectName() for w in QApplication.topLevelWidgets() if w.isVisible()],
    }
    if windows:
        workspace = windows[0].workspace
        found["open"] = workspace.is_open
        found["saving"] = workspace.state
        if workspace.is_open and workspace.annotated is not None:
            desk = workspace.desk
            spans = desk.annotated.spans
            view = windows[0].view
            selection = view.selection()
            found |= {
                "title": desk.annotated.article.title,
                "layer": desk.layer.state,
                "spans": len(desk.annotated.spans_of(desk.layer.id)),
                "relations": len(desk.annotated.relations_of(desk.layer.id)),
                "selected": [[spans[k].label, list(spans[k].text)] for k in workspace.selected],
                "caret": view.caret(),
                "selection": None
                if selection is None
                else desk.annotated.article.text[selection.start : selection.end],
                "undo": workspace.steps_to_undo,
            }
    return found


def listen(hand: Hand) -> None:
    for line in sys.stdin:
        hand.ordered.emit(json.loads(line))


def hook() -> None:
    """Wait for the application to exist, then listen to the pipe beside it."""
    while (application := QCoreApplication.instance()) is None:
        time.sleep(0.01)
    hand = Hand()
    hand.moveToThread(application.thread())
    listen(hand)


if __name__ == "__main__":
    threading.Thread(target=hook, daemon=True).start()
    sys.exit(main(sys.argv[1:]))
