"""What an export is going to be, found out away from the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.exchange import Plan, Progress, Survey
    from annotator.gui.exchange.export_form import Stock
    from annotator.gui.exchange.newest import Question, Tell
    from annotator.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is at the place where an export is to go."""

    replaces: bool = False
    """Whether something is there that is going to be replaced."""
    refused: str = ""
    """Why nothing can be written there, in a sentence."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A plan with what comes of it."""

    plan: Plan
    survey: Survey
    unseen: int = 0
    """Articles of which the file will tell who exports what others marked there, too early."""


def outlook(plan: Plan, target: Path, lines: int) -> Question:
    """Return the question what comes of *plan*; place and first *lines* are told on the way."""

    def answer(project: Project, progress: Progress, tell: Tell) -> Outlook:
        from annotator import exchange

        tell(_place(plan, target))
        tell(exchange.preview(project, plan, lines=lines))
        survey = exchange.survey(project, plan, progress)
        if plan.split is not None:
            tell(exchange.preview(project, plan, survey, lines))
        return Outlook(plan, survey, _unseen(project, plan))

    return answer


def _unseen(project: Project, plan: Plan) -> int:
    selection, kept = plan.selection, project.sight.kept
    if selection.authors and set(selection.authors) <= {project.author}:
        return 0
    return len(kept if selection.articles is None else kept & set(selection.articles))


def _place(plan: Plan, target: Path) -> Place:
    from annotator import formats
    from annotator.formats.replacing import refuse_unfit, refuse_unfit_folder

    folder = plan.split is not None or formats.is_folder(formats.by_name(plan.form))
    try:
        place = refuse_unfit_folder(target) if folder else refuse_unfit(target)
    except UserError as error:
        return Place(refused=str(error))
    return Place(replaces=any(place.iterdir()) if folder and place.is_dir() else place.exists())


def stock(listed: Sequence[str], opened: str) -> Question:
    """Return the question what there is to choose from."""

    def answer(project: Project, _progress: Progress, _tell: Tell) -> Stock:
        from annotator.gui.exchange.export_form import Stock

        scheme, figures = project.scheme, project.stats()
        names = [label.name for label in scheme.labels]
        names += [item.label for item in figures.labels]
        return Stock(
            authors=tuple(project.authors()),
            labels=tuple(dict.fromkeys(names)),
            total=figures.articles,
            listed=tuple(listed) if len(listed) < figures.articles else (),
            opened=opened,
            quoting=any(
                item.auto == "quotation_form"
                for label in scheme.labels
                for item in label.attributes
            ),
        )

    return answer
