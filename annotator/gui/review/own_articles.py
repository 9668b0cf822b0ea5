"""The articles of one person, read away from the window for as long as a dialog is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.gui.exchange.newest import Newest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.annotated import Annotated
    from annotator.gui.exchange.newest import Tell
    from annotator.gui.workspace import Workspace
    from annotator.model import Layer
    from annotator.project import Project


class OwnArticles(QObject):
    """Reads the articles of whoever is asked about, and keeps them."""

    come = Signal()
    """What was asked for last is there."""

    def __init__(self, workspace: Workspace, layers: Sequence[Layer], parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._layers = layers
        self._asked = ""
        self._found: dict[str, list[Annotated]] = {}
        self._newest: Newest | None = None

    def of(self, person: str) -> list[Annotated] | None:
        """Return the articles that *person* has; None while they are being read."""
        if person not in self._found and person != self._asked:
            self._asked = person
            if self._newest is None:
                self._workspace.flush()
                self._newest = Newest(self._workspace.project, self)
                self._newest.done.connect(self._take)
            ids = sorted({one.article_id for one in self._layers if one.author == person})
            self._newest.ask(lambda project, _progress, tell: _read(project, ids, tell))
        return self._found.get(person)

    def _take(self, found: list[Annotated]) -> None:
        self._found[self._asked] = found
        self._asked = ""
        self.come.emit()

    def end(self) -> None:
        """Let go of the project."""
        if self._newest is not None:
            self._newest.end()
            self._newest = None


def _read(project: Project, ids: list[str], tell: Tell) -> list[Annotated]:
    found = []
    for annotated in project.each_annotated(ids):
        tell(None)
        found.append(annotated)
    return found
