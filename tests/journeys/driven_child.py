"""The program under a journey: the real entry point, with keys that come in over a pipe.

Run as ``python -m tests.journeys.driven_child [ARGUMENTS OF THE PROGRAM]``. Each line on standard
input is a JSON list: ``["keys", "Ctrl+I", …]``, ``["type", "words"]``, ``["state"]``,
``["grab", PATH]``. The last two answer with a JSON line on standard output; keys are sent to the
window that has the focus, as a keyboard would.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from annotator.__main__ import main
from annotator.annotated import Annotated
from annotator.gui.main_window import MainWindow

SECONDS_TO_END = 30
"""Given to the program to end by itself once the test has let go of the pipe."""


class Hand(QObject):
    """Carries orders from the pipe to the thread of the window, and one at a time to the window.

    A key that opens a dialog comes back only when the dialog is closed; the orders after it are
    for the dialog, and are carried out in the dialog's own event loop.
    """

    ordered = Signal(list)
    due = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._orders: deque[tuple[str, str]] = deque()
        self._busy_at: int | None = None
        """Level of the event loop in which an order is being carried out."""
        self.ordered.connect(self.take, Qt.ConnectionType.QueuedConnection)
        self.due.connect(self.obey, Qt.ConnectionType.QueuedConnection)

    def take(self, order: list[Any]) -> None:
        match order:
            case ["keys", *names]:
                self._orders += [("key", name) for name in names]
            case ["type", str(text)]:
                self._orders += [("character", character) for character in text]
            case [str(question), *rest]:
                self._orders.append((question, *rest, "")[:2])
        self.due.emit()

    def obey(self) -> None:
        level = QThread.currentThread().loopLevel()
        if not self._orders:
            return
        if self._busy_at == level:
            QTimer.singleShot(1, self.obey)  # a dialog may be about to open
            return
        if keyboard() is None and activate_last():
            QTimer.singleShot(1, self.obey)
            return
        outer, self._busy_at = self._busy_at, level
        self.due.emit()  # for the loop of a dialog that this order may open
        try:
            carry_out(*self._orders.popleft())
        finally:
            self._busy_at = outer
            self.due.emit()


def keyboard() -> QWidget | QWindow | None:
    """Return what gets the keys: a menu or list that is open, else the window with the focus."""
    return in_popup() or QGuiApplication.focusWindow()


def in_popup() -> QWidget | None:
    """Return what has the focus in an open menu or list, else that itself."""
    popup: QWidget | None = QApplication.activePopupWidget()
    focus: QWidget | None = None if popup is None else popup.focusWidget()
    return popup if focus is None else focus


def activate_last() -> bool:
    """Give the focus to the window that is left when one closes, as window managers do."""
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()]
    window = QApplication.activeModalWidget() or next(iter(shown), None)
    if window is not None:
        window.activateWindow()
    return window is not None


def carry_out(what: str, value: str) -> None:
    match what:
        case "key":
            press(value)
        case "character":
            press_character(value)
        case "state":
            answer(state())
        case "grab":
            window = QApplication.activeModalWidget() or QApplication.activeWindow()
            answer({"saved": window is not None and window.grab().save(value)})


def answer(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def press(name: str) -> None:
    if len(name) == 1:
        press_character(name.lower())
        return
    sequence = QKeySequence.fromString(name, QKeySequence.SequenceFormat.PortableText)
    combination = cast("Any", sequence)[0]  # the stubs do not know that it can be indexed
    target = keyboard()
    assert target is not None, f"no window has the focus for {name}"
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def press_character(character: str) -> None:
    """Type a character: shortcuts see it first, then the widget that has the focus."""
    target = in_popup() or QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None, f"no window has the focus for {character!r}"
    # A real keyboard's Shift is used up by a sign such as "}"; this platform would keep it.
    shift = character.isupper()
    modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    key = Qt.Key(ord(character.upper()))
    for action in (QTest.KeyAction.Press, QTest.KeyAction.Release):
        QTest.sendKeyEvent(action, target, key, character, modifiers)


def state() -> dict[str, Any]:
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    focus = QApplication.focusWidget()
    found: dict[str, Any] = {
        "focus": "" if focus is None else focus.objectName() or type(focus).__name__,
        "windows": sorted(w.objectName() for w in QApplication.topLevelWidgets() if w.isVisible()),
    }
    if isinstance(focus, QLineEdit):
        found["typed"] = focus.text()
    if windows:
        workspace = windows[0].workspace
        found["open"] = workspace.is_open
        found["saving"] = workspace.state
        found["place"] = windows[0].place
        # Asking for a part of the window builds it, and the first page has none of them.
        found["note"] = windows[0].status.note.text() if windows[0].has_bench else ""
        guide = windows[0].findChild(QWidget, "panel.guide")
        found["guide"] = guide is not None and guide.isVisible()
        if workspace.is_open:
            found["project"] = str(workspace.project.location)
            found["author"] = workspace.project.author
        if workspace.is_open and workspace.annotated is not None:
            desk = workspace.desk
            spans = desk.annotated.spans
            view = windows[0].view
            assert view is not None
            selection = view.selection()
            found |= {
                "title": desk.annotated.article.title,
                "layer": desk.layer.state,
                "ids": [span.id for span in desk.annotated.spans_of(desk.layer.id)],
                "spans": len(desk.annotated.spans_of(desk.layer.id)),
                "relations": len(desk.annotated.relations_of(desk.layer.id)),
                "selected": [[spans[k].label, list(spans[k].text)] for k in workspace.selected],
                "label": described(desk.annotated, workspace.selected[-1:]),
                "caret": view.caret(),
                "selection": None
                if selection is None
                else desk.annotated.article.text[selection.start : selection.end],
                "selected_at": None if selection is None else list(selection),
                "hints": [[hint.text, *hint.place] for hint in view.state.hints],
                "undo": workspace.steps_to_undo,
                "redo": workspace.steps_to_redo,
            }
    return found


def described(annotated: Annotated, span_ids: Sequence[str]) -> dict[str, Any] | None:
    """Return what the details beside the article say of a label."""
    if not span_ids:
        return None
    span = annotated.spans[span_ids[0]]
    entities = annotated.entities
    links: dict[str, list[str]] = {}
    for tie in annotated.relations_from(span.id):
        end = entities[tie.target_entity].name if tie.target_entity else ""
        end = " … ".join(annotated.spans[tie.target].text) if tie.target else end
        links.setdefault(tie.label, []).append(end)
    return {
        "label": span.label,
        "text": list(span.text),
        "places": [list(fragment) for fragment in span.fragments],
        "attributes": dict(span.attributes),
        "entity": entities[span.entity_id].name if span.entity_id else None,
        "unsure": span.unsure,
        "note": span.note,
        "links": links,
    }


def listen(hand: Hand) -> None:
    for line in sys.stdin:
        hand.ordered.emit(json.loads(line))
    time.sleep(SECONDS_TO_END)
    os._exit(1)


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
