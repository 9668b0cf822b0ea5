"""How people did where gold is known: a table of its own, beside the error rates of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotator.agreement.resampling import wilson
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.review.rates import Rates
from annotator.gui.theme import Theme
from annotator.review.controls import ControlCount, control_counts, together
from annotator.translation import number, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotator.annotated import Annotated
    from annotator.gui.exchange.newest import Tell
    from annotator.gui.workspace import Workspace
    from annotator.project import Project


class ControlRates(Rates):
    """One row a person, and one for all; nothing at all where no controls were given out."""

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        said = tr(
            "How much of what people mark there is as gold has it. This counts in no error "
            "rate: nobody drew these labels at random."
        )
        sheet = Sheet(theme, "table.controls", tr("How people did where gold is known"))
        super().__init__(workspace, theme, sheet, tr("Articles whose gold is known"), said)

    def count(self, project: Project, progress: Any, tell: Tell) -> list[ControlCount]:
        def articles() -> Iterator[Annotated]:
            for annotated in project.each_annotated(project.reviewing.control_articles()):
                tell(None)
                yield annotated

        return control_counts(articles(), project.scheme)

    def columns(self) -> list[Column]:
        return [
            Column(tr("Who"), width=160, stretch=True),
            Column(tr("Articles handed in"), right=True),
            Column(tr("As gold"), right=True),
            Column(tr("Share"), right=True),
        ]

    def rows(self, found: list[ControlCount]) -> list[list[Cell]]:
        rows = [_row(one) for one in found]
        if len(found) > 1:
            rows.append(_row(together(found, tr("All")), weight=600))
        return rows


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
