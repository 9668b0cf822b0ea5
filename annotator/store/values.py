"""What the store answers: plain values for lists, history, search and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from annotator.model import Change, Edit, Fragment, LayerState


@dataclass(frozen=True, slots=True)
class SavedEdit:
    """An edit with its place in the log.

    ``kind`` is ``do``, ``undo`` or ``redo``; the latter two name the revision they are about as
    ``target``. In a history the edits carry no changes; ``size`` says how many there are.
    """

    revision: int
    edit: Edit
    kind: str = "do"
    target: int | None = None
    size: int = 0


TO_DO: Final = "to do"
"""As a state in a query: whatever the person has not handed in yet."""

FINISHED: Final = (LayerState.SUBMITTED, LayerState.IN_REVIEW, LayerState.APPROVED)


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """Which articles a list shows, and in which order.

    ``text`` is looked for in titles, sources, days and addresses, each word anywhere. ``state`` is
    that of the layer of ``author``, or of the person who works with the project, or :data:`TO_DO`
    for all that are not in a :data:`FINISHED` one. ``author`` alone
    keeps the articles that this author has begun; ``label`` those with a span of it, by that
    author where one is given.
    """

    text: str = ""
    state: str | None = None
    label: str | None = None
    author: str | None = None
    sort: str = "imported"
    """``imported``, ``title``, ``state``, ``published`` or ``unsure`` (most doubts first)."""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """A row of the article list, as the person who works with the project sees it."""

    id: str
    title: str
    state: str
    labels: int = 0
    """Spans in the person's layer."""
    suggestions: int = 0
    """Spans in layers of suggesters."""
    published: str | None = None
    source: str | None = None
    unsure: int = 0
    """Spans flagged in the person's layer, and one more where the article itself is."""
    comments: int = 0
    """Threads of remarks by anybody that are not resolved."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is: the number of articles, and how many are in each state."""

    total: int
    by_state: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a search found something; the snippet's hit is ``snippet[start:end]``."""

    article_id: str
    title: str
    fragment: Fragment
    snippet: str
    snippet_hit: Fragment


@dataclass(frozen=True, slots=True)
class Turn:
    """What was to be done with an edit, and when in a row of such things."""

    step: str = "do"
    """``do``, ``undo`` or ``redo``."""
    id: str = ""
    """Of an undo or redo, its own: it is taken once, however often it is tried."""
    kept: str = ""
    """When it was kept, ISO 8601; empty where that is the time of the edit."""
    number: int = 0
    """Its place among what was kept together."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A step that could not be saved, kept with the reason."""

    id: str
    edit: Edit
    """For an undo the edit that was taken back, for a redo the one that was made again."""
    reason: str
    author: str
    time: str
    turn: Turn = Turn()


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Something in a project that cannot be right.

    ``repair`` says what :meth:`Project.repair` can do: ``edit`` (an undoable edit), ``structure``
    (indexes and counts are made anew) or nothing.
    """

    code: str
    message: str
    severity: str = "error"
    """``error``, ``warning`` or ``info``."""
    article_id: str | None = None
    record_ids: tuple[str, ...] = ()
    place: Fragment | None = None
    repair: str = ""
    changes: tuple[Change, ...] = ()
    """What mends it, for repairs by an edit."""


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How many spans an author has with a label."""

    author: str
    label: str
    spans: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a project."""

    articles: int
    characters: int
    layers: int
    spans: int
    relations: int
    entities: int
    edits: int
    revision: int
    authors: tuple[str, ...]
    labels: tuple[LabelCount, ...]
    relation_labels: Mapping[str, int] = field(default_factory=dict)
    entity_kinds: Mapping[str, int] = field(default_factory=dict)
