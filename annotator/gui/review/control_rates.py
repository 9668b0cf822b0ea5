"""How people did where gold is known: a table of its own, beside the error rates of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.agreement.resampling import wilson
from annotator.gui.exchange.newest import Newest
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.parts import Themed, dress, label, row_height
from annotator.gui.theme import Theme
from annotator.review.controls import ControlCount, control_counts, together
from annotator.translation import number, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotator.annotated import Annotated
    from annotator.gui.exchange.newest import Tell
    from annotator.gui.workspace import Workspace
    from annotator.project import Project


_AT_ONCE: Final = 8
"""Rows that are shown without scrolling: the batches need room too."""


class ControlRates(Themed, QWidget):
    """One row a person, and one for all; nothing at all where no controls were given out."""

    shown = Signal()
    """What the project has to say is on the screen."""

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._workspace = workspace
        self._newest: Newest | None = None
        heading = label(tr("Articles whose gold is known"), 13, 600)
        said = label(
            tr(
                "How much of what people mark there is as gold has it. This counts in no error "
                "rate: nobody drew these labels at random."
            ),
            size=12,
            tone="muted",
        )
        said.setWordWrap(True)
        self.sheet = Sheet(theme, "table.controls", tr("How people did where gold is known"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        for part in (heading, said, self.sheet):
            column.addWidget(part)
        self.hide()
        workspace.project_closed.connect(self.end)

    def refresh(self) -> None:
        """Count anew, away from the window."""
        if self._newest is None:
            self._newest = Newest(self._workspace.project, self)
            self._newest.done.connect(self._take)
        self._newest.ask(_count)

    def end(self) -> None:
        """Let go of the project."""
        if self._newest is not None:
            self._newest.end()
            self._newest = None
        self.hide()

    def _take(self, found: list[ControlCount]) -> None:
        rows = [_row(one) for one in found]
        if len(found) > 1:
            rows.append(_row(together(found, tr("All")), weight=600))
        if len(rows) > _AT_ONCE:
            self.sheet.scroll_by_itself()
            self.sheet.setMaximumHeight(row_height(28) * (_AT_ONCE + 1))
        self.sheet.show_rows(_columns(), rows)
        self.setVisible(bool(rows))
        dress(self, self.theme)
        self.shown.emit()


def _count(project: Project, _progress: Any, tell: Tell) -> list[ControlCount]:
    def articles() -> Iterator[Annotated]:
        for annotated in project.each_annotated(project.reviewing.control_articles()):
            tell(None)
            yield annotated

    return control_counts(articles(), project.scheme)


def _columns() -> list[Column]:
    return [
        Column(tr("Who"), width=160, stretch=True),
        Column(tr("Articles handed in"), right=True),
        Column(tr("As gold"), right=True),
        Column(tr("Share"), right=True),
    ]


def _row(one: ControlCount, weight: int = 400) -> list[Cell]:
    articles = tr("{n} of {total}", n=number(one.used), total=number(one.given))
    labels = tr("{n} of {total}", n=number(one.right), total=number(one.number))
    return [
        Cell(text=one.author, weight=weight),
        Cell(text=articles, right=True),
        Cell(text=labels if one.number else "–", right=True),
        Cell(text=_share(one), right=True, muted=not one.number),
    ]


def _share(one: ControlCount) -> str:
    interval = wilson(one.right, one.number)
    if interval is None:
        return tr("nothing to compare yet") if one.used else tr("not handed in yet")
    share, low, high = (round(100 * x) for x in (one.right / one.number, *interval))
    return tr("{share} % ({low}–{high} %)", share=share, low=low, high=high)
