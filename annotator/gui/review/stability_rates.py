"""How stable people's labels are that they made twice: a row a person, beside the batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from annotator.agreement.stability import EXACT, OVERLAP, Stability, stability
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.insights.words import between, figure, reason_in_words
from annotator.gui.review.rates import Rates
from annotator.gui.theme import Theme
from annotator.translation import number, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotator.annotated import Annotated
    from annotator.gui.exchange.newest import Tell
    from annotator.gui.workspace import Workspace
    from annotator.project import Project


class StabilityRates(Rates):
    """Nothing at all where nobody was asked to mark anything again."""

    rounds_wanted = Signal(object)
    """The names that the two rounds of somebody go by: they are to be compared in full."""

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        said = tr(
            "How alike two rounds of the same person are, where articles were marked again "
            "without a look at the first. Review and agreement between people use the first. "
            "Enter compares the two in full."
        )
        sheet = Sheet(theme, "table.stability", tr("How alike two rounds of a person are"))
        super().__init__(workspace, theme, sheet, tr("Articles that were marked again"), said)
        sheet.opened.connect(self.rounds_wanted)

    def count(self, project: Project, progress: Any, tell: Tell) -> list[Stability]:
        def articles() -> Iterator[Annotated]:
            for annotated in project.each_annotated(project.reviewing.second_rounds()):
                tell(None)
                yield annotated

        return stability(articles(), project.scheme, going_on=lambda: tell(None))

    def columns(self) -> list[Column]:
        return [
            Column(tr("Who"), width=160, stretch=True),
            Column(tr("Articles handed in"), right=True),
            Column(tr("Labels"), right=True),
            Column(tr("F1, same borders"), right=True),
            Column(tr("F1, overlapping"), right=True),
        ]

    def rows(self, found: list[Stability]) -> list[list[Cell]]:
        return [_row(one) for one in found]


def _row(one: Stability) -> list[Cell]:
    names = (one.person, one.first) if one.used else None
    exact = one.figure(EXACT)
    articles = tr("{n} of {total}", n=number(one.used), total=number(one.given))
    labels = number(exact.used) if exact is not None else "–"
    return [
        Cell(text=one.person, opens=names),
        Cell(text=articles, right=True, opens=names),
        Cell(text=labels, right=True, opens=names),
        _figure(one, EXACT, names),
        _figure(one, OVERLAP, names),
    ]


def _figure(one: Stability, measure: str, names: object) -> Cell:
    found = one.figure(measure)
    if found is None or found.value is None:
        said = tr("nothing to compare yet") if one.used else tr("not handed in yet")
        return Cell(text=said, right=True, muted=True, opens=names)
    said = figure(found.value)
    if found.interval is not None:
        value, ends = said, between(found.interval)
        said = tr("{value} ({ends})", value=value, ends=ends)
    hint = reason_in_words(found.reason) if found.reason else ""
    return Cell(text=said, right=True, opens=names, hint=hint)
