"""A table of figures beside the batches, counted away from the window, and hidden while empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.gui.exchange.newest import Newest
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.parts import Themed, dress, label, row_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.gui.exchange.newest import Tell
    from annotator.gui.theme import Theme
    from annotator.gui.workspace import Workspace
    from annotator.project import Project


_AT_ONCE: Final = 8
"""Rows that are shown without scrolling: the batches need room too."""


class Rates(Themed, QWidget):
    """A heading, a sentence and a table; nothing at all where the table would have no rows."""

    shown = Signal()
    """What the project has to say is on the screen."""

    def __init__(
        self, workspace: Workspace, theme: Theme, sheet: Sheet, heading: str, said: str
    ) -> None:
        super().__init__()
        self.theme = theme
        self.sheet = sheet
        self._workspace = workspace
        self._newest: Newest | None = None
        sentence = label(said, size=12, tone="muted")
        sentence.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        for part in (label(heading, 13, 600), sentence, sheet):
            column.addWidget(part)
        self.hide()
        workspace.project_closed.connect(self.end)

    def count(self, project: Project, progress: Any, tell: Tell) -> Any:
        """Return what the project has to say; called away from the window."""
        raise NotImplementedError

    def rows(self, found: Any) -> Sequence[Sequence[Cell]]:
        """Return the rows of what was counted."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column]:
        """Return what the columns are called."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Count anew, away from the window."""
        if self._newest is None:
            self._newest = Newest(self._workspace.project, self)
            self._newest.done.connect(self._take)
        self._newest.ask(self.count)

    def end(self) -> None:
        """Let go of the project."""
        if self._newest is not None:
            self._newest.end()
            self._newest = None
        self.hide()

    def _take(self, found: object) -> None:
        rows = self.rows(found)
        if len(rows) > _AT_ONCE:
            self.sheet.scroll_by_itself()
            self.sheet.setMaximumHeight(row_height(28) * (_AT_ONCE + 1))
        self.sheet.show_rows(self.columns(), rows)
        self.setVisible(bool(rows))
        dress(self, self.theme)
        self.shown.emit()
