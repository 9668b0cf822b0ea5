"""What an export would hold, told before it is made: counts, parts and losses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from annotator.annotated import Annotated
from annotator.collecting import rarely_collected
from annotator.errors import UserError
from annotator.exchange.concord import Concord
from annotator.exchange.drawing import Drawing, with_idle_entities
from annotator.exchange.likeness import sketch
from annotator.exchange.plan import Plan
from annotator.exchange.progress import Progress, Step, silent, told
from annotator.exchange.selecting import ChoiceNeeded, reason_of_absence
from annotator.exchange.splitting import Features, divided
from annotator.exchange.tallying import Counts, Tally, tally_of, tally_of_contents
from annotator.formats.losses import Loss
from annotator.project import Project

ATTEMPTS: Final = 3
"""How often a project is read again that was changed while it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What an export would hold, in one state of the project."""

    revision: int
    tally: Tally
    parts: Mapping[str, Tally] = field(default_factory=dict)
    """By the name of the part, where there is a split; without attributes and layers."""
    article_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The articles of each part, in order; under the empty name where there is no split."""
    left_out: int = 0
    """Articles of the project that the selection takes nothing of."""
    reason: str = ""
    """Why, in a sentence, where any are left out."""
    losses: tuple[Loss, ...] = ()
    near_duplicates: int = 0
    """Articles that share their part with another because the two are nearly the same."""
    concord: Concord | None = None
    """How far those agree who have handed in the same articles; None where nobody has."""


class ProjectMoves(UserError):
    """A project was changed again and again while it was read."""

    def __init__(self) -> None:
        super().__init__(
            "The project is being changed all the time, so no export of one state of it could be "
            "made. Nothing was written; try again in a moment."
        )


def survey(project: Project, plan: Plan, progress: Progress = silent) -> Survey:
    """Return what an export would hold; looks at every article once, writes nothing.

    Where everything goes into a format that carries everything, the database counts, and only the
    articles are looked at that several people have read. Raises UserError where the plan cannot be
    carried out: ChoiceNeeded where the format holds one reading and articles have several;
    Cancelled where *progress* says so.
    """
    for _ in range(ATTEMPTS):
        revision = project.revision
        drawing = Drawing(project, plan)
        with rarely_collected():
            if drawing.takes_everything and drawing.takes_as_kept and plan.split is None:
                found = _counted(project, progress, revision)
            else:
                found = _Passage(project, plan, drawing, progress).survey(revision)
        if project.revision == revision:
            return found
    raise ProjectMoves


def _counted(project: Project, progress: Progress, revision: int) -> Survey:
    """Return what an export of everything that loses nothing would hold, as of *revision*."""
    progress(Step("counting", 0, None, ""))
    contents = project.contents()
    concord, several = Concord(), contents.read_by_several
    if several:
        found = project.each_annotated(several)
        for item in told(found, progress, "counting", len(several)):
            concord.add(item)
    return Survey(
        revision=revision,
        tally=tally_of_contents(contents),
        article_ids={"": contents.articles},
        concord=concord if concord.articles else None,
    )


class _Passage:
    """One look at every article of a plan."""

    def __init__(self, project: Project, plan: Plan, drawing: Drawing, progress: Progress) -> None:
        self._project = project
        self._plan = plan
        self._progress = progress
        self._drawing = drawing
        self._counts = Counts()
        self._concord = Concord()
        self._ids: list[str] = []
        self._features: list[Features] = []
        """What a split looks at; without one, memory is not to grow with the corpus."""
        self._disputed: set[str] = set()
        self._left_out = 0

    def survey(self, revision: int) -> Survey:
        """Return what there is, as of *revision*."""
        drawing = self._drawing
        stream = self._articles()
        if drawing.takes_everything:
            stream = with_idle_entities(stream, self._project.idle_entities())
        losses = drawing.form.cannot_carry(stream, drawing.writing)
        for _ in stream:  # a format that carries everything need not look
            pass
        if self._disputed:
            raise ChoiceNeeded(drawing.form.title, tuple(sorted(self._disputed)))
        parts, near = self._parts()
        by_id = {features.id: features for features in self._features}
        return Survey(
            revision=revision,
            tally=self._counts.tally,
            parts={n: tally_of(by_id[id_] for id_ in ids) for n, ids in parts.items() if n},
            article_ids=parts,
            left_out=self._left_out,
            reason=reason_of_absence(self._plan.selection) if self._left_out else "",
            losses=tuple(losses),
            near_duplicates=near,
            concord=self._concord if self._concord.articles else None,
        )

    def _articles(self) -> Iterator[Annotated]:
        wanted = self._plan.selection.articles
        total = self._project.count() if wanted is None else len(wanted)
        found = self._project.each_annotated(wanted)
        for item in told(found, self._progress, "counting", total):
            self._concord.add(item)
            try:
                ready = self._drawing.prepared(item)
            except ChoiceNeeded as needed:
                self._disputed.update(needed.authors)
                continue
            if ready is None:
                self._left_out += 1
                continue
            tally = self._counts.add(ready)
            self._ids.append(ready.article.id)
            if self._plan.split is not None:
                article = ready.article
                self._features.append(
                    Features(
                        article.id,
                        article.sha256,
                        tally.spans,
                        tally.relations,
                        sketch(article.text),
                    )
                )
            yield ready

    def _parts(self) -> tuple[dict[str, tuple[str, ...]], int]:
        """Return the ids of the articles by part, and how many are nearly the same as others."""
        split = self._plan.split
        if split is None:
            return {"": tuple(self._ids)}, 0
        division = divided(self._features, split)
        parts = {
            name: tuple(one.id for one in self._features if division.parts[one.id] == name)
            for name in split.parts
        }
        return parts, division.near_duplicates
