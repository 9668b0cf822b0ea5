"""The real window for tests, and the parts of it that a person looks at."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.gui.app import Program
from annotator.gui.article.text_view import ArticleView
from annotator.gui.details.right_dock import RightDock
from annotator.gui.main_window import MainWindow
from annotator.gui.workspace import Workspace
from tests.gui.conftest import see


@dataclass
class Seat:
    """Somebody before the window."""

    program: Program

    @property
    def window(self) -> MainWindow:
        """The window."""
        return self.program.window

    @property
    def workspace(self) -> Workspace:
        """What the window works on."""
        return self.program.workspace

    @property
    def view(self) -> ArticleView:
        """The article."""
        return self.window.view

    @property
    def dock(self) -> RightDock:
        """The right dock, as it is seen once it shows what has happened."""
        if not self.workspace.afterwards.is_over:
            see()
        return self.window.details
