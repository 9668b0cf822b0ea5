"""What only reports a change is shown after the paint, one part of the window in each event.

A key changes the article, and what the hand waits for is painted at once: the text, the case.
Lists, details, counts and hints follow in events of their own, so that no event takes longer than
a frame, and the next key comes before what is still to be shown. A part that is wanted again
before its turn is shown once, as things are then. What has the keyboard never lags behind it: such
a part is shown at once, and one that the keyboard comes to is shown before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

Show = Callable[[], object]

_PAINTED: Final = QEvent.Type(QEvent.registerEventType())
_TURN: Final = QEvent.Type(QEvent.registerEventType())
_AFTER_PAINT: Final = Qt.EventPriority.LowEventPriority.value - 1
"""Qt posts the request to paint with low priority; what comes below it comes after the paint."""
_LEVELS: Final = 6
"""Layouts in each other that may follow the innermost one."""


class Afterwards(QObject):
    """Holds what is still to be shown, in the order in which it was wanted first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: dict[Show, QWidget] = {}
        self._is_posted = False
        application = QCoreApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    @property
    def is_over(self) -> bool:
        """Whether everything is shown as it is."""
        return not self._waiting

    def show(self, part: QWidget, show: Show) -> None:
        """Have *show* bring *part* up to date soon; at once where the keyboard is in it."""
        if _holds(part, QApplication.focusWidget()):
            self._waiting.pop(show, None)
            show()
        else:
            self._waiting[show] = part
            self._post()

    def now(self, part: QWidget) -> None:
        """Show what waits in *part*, because it is about to be read or used."""
        while (
            show := next((s for s, of in self._waiting.items() if of is part), None)
        ) is not None:
            self._do(show)  # which may want another turn

    def drop(self) -> None:
        """Forget what waits: the parts are shown anew as a whole."""
        self._waiting.clear()

    def event(self, event: QEvent) -> bool:
        """Show one part, and leave the window to others before the next.

        Keys are looked for between rounds of events: what is painted and the part that comes next
        each have a round of their own.
        """
        if event.type() == _PAINTED:
            QCoreApplication.postEvent(self, QEvent(_TURN))
        elif event.type() == _TURN:
            self._is_posted = False
            first = next(iter(self._waiting), None)
            if first is not None:
                self._do(first)
                lay_out()
        else:
            return super().event(event)
        return True

    def _post(self) -> None:
        if self._waiting and not self._is_posted:
            self._is_posted = True
            QCoreApplication.postEvent(self, QEvent(_PAINTED), _AFTER_PAINT)

    def _do(self, show: Show) -> None:
        part = self._waiting.pop(show, None)
        self._post()
        if part is not None and isValid(part):
            show()

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        for part in [part for part in self._waiting.values() if _holds(part, now)]:
            self.now(part)


def lay_out() -> None:
    """Lay out what has changed now, up to the window, so that it is not painted at every level."""
    for _ in range(_LEVELS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


def _holds(part: QWidget, focus: QWidget | None) -> bool:
    # The window may be gone, and its parts with it, before what waits in them has its turn.
    return focus is not None and isValid(part) and (part is focus or part.isAncestorOf(focus))
