"""The articles of a project as a plan wants them written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotator import formats
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.plan import Plan
from annotator.exchange.quoting import quoting_labels, with_marks
from annotator.exchange.selecting import ChoiceNeeded, Selection, readings, selected
from annotator.model import Entity
from annotator.project import Project


class Drawing:
    """A plan for a project, checked; articles go through it one by one.

    Raises UserError for authors, articles and labels that the project does not have.
    """

    def __init__(self, project: Project, plan: Plan) -> None:
        self.form = formats.writer(plan.form)
        self.scheme = project.scheme
        self.writing = formats.Writing(
            scheme=self.scheme,
            tokens=plan.tokens,
            tags=plan.tags,
            raw_cells=plan.raw_cells,
        )
        self._plan = plan
        self._several = formats.holds_several_layers(self.form)
        self._quoting = quoting_labels(self.scheme) if plan.quotes == "inside" else frozenset()
        refuse_strangers(project, plan.selection.authors)
        refuse_missing(project, plan.selection.articles or ())
        _refuse_unknown_labels(project, plan)

    @property
    def takes_everything(self) -> bool:
        """Whether nothing of the project stays behind: entities go along that nothing mentions."""
        return self._plan.selection == Selection()

    @property
    def takes_as_kept(self) -> bool:
        """Whether :meth:`prepared` changes nothing, and the format takes spans as they are kept."""
        plan = self._plan
        whole = replace(plan.selection, articles=None) == Selection()
        same = plan.names.is_empty and not (self._quoting or plan.renumber)
        return whole and same and formats.takes_packed(self.form)

    def prepared(self, item: Annotated) -> Annotated | None:
        """Return *item* as it is written; None where the selection leaves it out.

        Raises ChoiceNeeded where the format holds one reading and there are several.
        """
        ready = selected(item, self._plan.selection)
        if ready is None:
            return None
        if not self._several and len(ready.layers) > 1:
            ready = readings(ready)
            if len(ready.layers) > 1:
                authors = {layer.author for layer in ready.layers.values()}
                raise ChoiceNeeded(self.form.title, tuple(sorted(authors)))
        if self._quoting:
            ready = with_marks(ready, self._quoting)
        return self._plan.names.applied(ready)


def with_idle_entities(found: Iterable[Annotated], idle: Iterable[Entity]) -> Iterator[Annotated]:
    """Yield articles, the first with the entities *idle* that nothing refers to."""
    left = {entity.id: entity for entity in idle}
    for item in found:
        if left:
            item = item.copy()
            item.entities |= left
            left = {}
        yield item


def refuse_strangers(project: Project, authors: Iterable[str]) -> None:
    """Raise UserError for an author who has no part in the project."""
    wanted = list(authors)
    known = project.authors() if wanted else []
    for author in wanted:
        if author not in known:
            names = ", ".join(known) or "nobody"
            raise UserError(f"Nobody called {author!r} works in this project; there is {names}.")


def refuse_missing(project: Project, article_ids: Iterable[str]) -> None:
    """Raise UserError for an article that the project does not have."""
    wanted = list(article_ids)
    found = project.taken_ids("article", wanted) if wanted else set()
    for article_id in wanted:
        if article_id not in found:
            raise UserError(f"There is no article {article_id!r} in this project.")


def _refuse_unknown_labels(project: Project, plan: Plan) -> None:
    """Raise UserError for names that neither the scheme nor the labels of the project have."""
    names = plan.names
    labels = {*(plan.selection.labels or ()), *names.labels, *names.label_attributes}
    if not labels and not names.relations:
        return
    scheme, figures = project.scheme, project.stats()
    known = {label.name for label in scheme.labels} | {item.label for item in figures.labels}
    ties = {tie.name for tie in scheme.relations} | set(figures.relation_labels)
    for kind, wanted, present in (
        ("label", labels, known),
        ("relation", set(names.relations), ties),
    ):
        for name in sorted(wanted - present):
            raise UserError(
                f"There is no {kind} {name!r} in this project; there is "
                f"{', '.join(sorted(present)) or 'none'}."
            )
