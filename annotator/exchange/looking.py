"""What an import would bring in, told before anything is taken over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from annotator import formats
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.growth import Stranger, Strangers
from annotator.exchange.options import Options
from annotator.exchange.progress import Cancelled, Progress, Step, silent
from annotator.exchange.sources import Item, Source, each_source, items, sources
from annotator.formats import UNITS, Group, Problem
from annotator.formats.articles import Skipped
from annotator.formats.decoding import UndecidedEncodingError, declared_in_html, decode
from annotator.formats.imported import ImportedArticle, load
from annotator.project import Project
from annotator.scheme import Scheme

FIRST: Final = 3
"""Articles that a look shows."""

_PROBLEMS: Final = 20
"""Problems of a file that are told; the others are counted."""

_ASKED: Final = 64 * 1024**2
"""Bytes of a file of which somebody is asked in which encoding it is."""

_TRIED: Final = 20
"""Articles of a file in which the units of offsets are tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file that would be read."""

    path: Path
    form: str
    """Name of its format; empty where none recognises it."""
    articles: int = 0
    spans: int = 0
    relations: int = 0
    authors: tuple[str, ...] = ()
    """Whose labels it has."""
    problems: tuple[Problem, ...] = ()
    """The first of them."""
    problem_count: int = 0
    refused: str = ""
    """Why it cannot be read at all, in a sentence; empty where it can."""
    encodings: tuple[str, ...] = ()
    """Where it is refused because nothing says in which encoding it is: proposals, best first."""
    unit: str = ""
    """What its offsets count, where only one unit fits best and it makes a difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an import would bring in."""

    files: tuple[Found, ...]
    first: tuple[Annotated | ImportedArticle, ...]
    """The first articles as they would come in, for a preview."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Spans by label, as the map names them; the most frequent first."""
    relations: Mapping[str, int] = field(default_factory=dict)
    strangers: tuple[Stranger, ...] = ()
    """What the scheme of the project does not know, with how often it occurs."""
    whole: bool = True
    """False where only the beginning was looked at."""


def look(
    project: Project,
    paths: Iterable[Path],
    options: Options | None = None,
    *,
    limit: int | None = None,
    progress: Progress = silent,
) -> Look:
    """Return what importing *paths* would bring in; with *limit* look at so many articles only.

    Raises Cancelled where *progress* says so, and UserError for options that cannot be.
    """
    options = options or Options()
    return _Looking(project.scheme, options, limit, progress).at(sources(paths, options, progress))


def leaves_questions(paths: Iterable[Path], progress: Progress = silent) -> bool:
    """Tell whether somebody has to say how to read files: for articles alone nobody has to.

    Files that are in no format at all are no question: nothing can be said about them.
    """
    for source in each_source(paths, Options(), progress):
        if isinstance(source, Skipped):
            continue
        if source.form.group is not Group.ARTICLES or formats.is_table(source.form):
            return True
        if not _is_decided(source.path):
            return True
    return False


def _is_decided(path: Path) -> bool:
    """Tell whether a file says in which encoding it is; one that cannot be read has no say."""
    try:
        data = load(path, _ASKED)
        decode(data, declared_in_html(data))
    except UndecidedEncodingError:
        return False
    except UserError:
        return True
    return True


class _Looking:
    """One look at some files."""

    def __init__(
        self, scheme: Scheme, options: Options, limit: int | None, progress: Progress
    ) -> None:
        self._scheme = scheme
        self._options = options
        self._left = limit
        self._progress = progress
        self._first: list[Annotated | ImportedArticle] = []
        self._labels: Counter[str] = Counter()
        self._relations: Counter[str] = Counter()
        self._strangers = Strangers(scheme)

    def at(self, found: list[Source | Skipped]) -> Look:
        """Return what is in *found*."""
        files: list[Found] = []
        for number, source in enumerate(found):
            if self._left == 0:
                break
            step = Step("reading", number, len(found), source.path.name)
            self._progress(step)
            if isinstance(source, Skipped):
                files.append(Found(path=source.path, form="", refused=source.reason))
            else:
                files.append(self._file(source, step))
        return Look(
            files=tuple(files),
            first=tuple(self._first),
            labels=dict(self._labels.most_common()),
            relations=dict(self._relations.most_common()),
            strangers=self._strangers.found,
            whole=self._left is None or self._left > 0,
        )

    def _file(self, source: Source, step: Step) -> Found:
        articles = spans = relations = 0
        authors: set[str] = set()
        problems: list[Problem] = []
        count = 0
        refused = ""
        encodings: tuple[str, ...] = ()
        try:
            for item in self._limited(source):
                self._progress(step)
                if isinstance(item, Problem):
                    count += 1
                    problems += [item] if len(problems) < _PROBLEMS else []
                    continue
                articles += 1
                self._first += [item] if len(self._first) < FIRST else []
                if isinstance(item, Annotated):
                    spans += len(item.spans)
                    relations += len(item.relations)
                    authors.update(layer.author for layer in item.layers.values())
                    self._count(item)
        except Cancelled:
            raise
        except UndecidedEncodingError as error:
            refused, encodings = str(error), error.candidates
        except UserError as error:
            refused = str(error)
        return Found(
            path=source.path,
            form=source.form.name,
            articles=articles,
            spans=spans,
            relations=relations,
            authors=tuple(sorted(authors)),
            problems=tuple(problems),
            problem_count=count,
            refused=refused,
            encodings=encodings,
            unit=self._unit(source) if spans + count and not refused else "",
        )

    def _limited(self, source: Source) -> Iterator[Item]:
        for item in items(source, self._options, self._scheme):
            yield item
            if self._left is not None and not isinstance(item, Problem):
                self._left -= 1
                if not self._left:
                    return

    def _count(self, item: Annotated) -> None:
        self._labels.update(span.label for span in item.spans.values())
        self._relations.update(tie.label for tie in item.relations.values())
        self._strangers.notice(item)

    def _unit(self, source: Source) -> str:
        """Return the unit of offsets with which a file makes the fewest problems, if only one."""
        problems = {unit: self._problems(source, unit) for unit in UNITS}
        best = min(problems, key=lambda unit: problems[unit])
        alone = sum(count == problems[best] for count in problems.values()) == 1
        return best if alone else ""

    def _problems(self, source: Source, unit: str) -> int:
        options = replace(self._options, offsets=unit, anchoring=False)
        first = islice(items(source, options, self._scheme), _TRIED)
        return sum(isinstance(item, Problem) for item in first)
