"""Cases that go back to who marked them: those that are ticked, or the one at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.gui.review.sitting import Sitting
from annotator.gui.window_commands import decide_in_bulk
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow


class Returning(QObject):
    """Ticks the case at hand, and sends back what is ticked after a look at what that is."""

    def __init__(self, window: MainWindow, sitting: Sitting) -> None:
        super().__init__(sitting)
        self._window = window
        self._sitting = sitting
        window.commands.on("review.tick", self.tick)
        window.commands.on("review.return", self.send_back)

    def tick(self) -> None:
        """Tick the case at hand, or take its tick away."""
        case, ticks = self._sitting.case, self._sitting.ticks
        if case is None:
            self._window.workspace.note(tr("No case is open. J goes to the next one."))
            return
        ticks.turn((case.article_id, case.key))
        key = self._window.commands.key("review.return")
        self._window.workspace.note(
            tr_n(
                len(ticks.among(self._sitting.articles)),
                "{n} case is ticked. {key} sends it back.",
                "{n} cases are ticked. {key} sends them back.",
                key=key,
            )
        )

    def send_back(self) -> None:
        """Send back what is ticked; where nothing is, the case at hand."""
        case, ticks = self._sitting.case, self._sitting.ticks
        wanted = ticks.among(self._sitting.articles)
        if not wanted and case is not None:
            wanted = [(case.article_id, case.key)]
        if not wanted:
            self._window.workspace.note(tr("Tick the cases first that are to go back."))
        elif decide_in_bulk(self._window, "send ticked", wanted):
            ticks.clear()
