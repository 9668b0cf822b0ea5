"""Questions of review over a whole project: which articles wait, what was decided before, batches.

None of them lays layers over each other: that is done article by article, where somebody looks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, String, case, cast, func, select

from annotator.model import Fragment, LayerKind, LayerState, Verdict
from annotator.store import reading, schema
from annotator.store.batches import (
    AUDIT,
    BATCH,
    BatchRow,
    batched,
    is_asked_again,
    notes,
    standing_batches,
)
from annotator.store.columns import string_json
from annotator.store.sight import kept_articles
from annotator.store.store import Store

_ANSWER: Final = "annotator:answer"
_ASSIGNED: Final = "annotator:assigned"
_CONTROL: Final = "control"
_SECOND: Final = "annotator:second_round"

_MANY: Final = 1 << 62
"""More labels than there are: what has none comes last."""

OPEN: Final = "open"
DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class ReviewQuery:
    """Which articles a reviewer looks through, and in which order."""

    state: str | None = OPEN
    """``open`` (gold is not frozen, or a verdict is contested), ``done``, or None for all."""
    readers: int = 1
    """How many people at least have handed the article in."""
    unfinished: bool = False
    """Whether layers count that somebody is still at."""
    without: str | None = None
    """A reviewer who must not see articles of which a layer is the own one."""
    sort: str = "imported"
    """``imported``, ``title``, ``readers`` (most first), ``contested`` (most first), ``decided``
    (least first) or ``rare`` (those with the rarest label of the project first)."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """An article as the queue of a project lists it."""

    article_id: str
    title: str
    readers: tuple[str, ...]
    """Who has handed it in, by name."""
    labels: int
    """Spans in their layers."""
    gold: str | None
    """State of the gold layer; None while there is none."""
    gold_labels: int
    verdicts: int
    contested: int
    """Contests that have no answer yet."""
    comments: int
    """Remarks that are not resolved, contests among them."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """What was decided before on the same words with the same label."""

    article_id: str
    title: str
    place: Fragment
    words: tuple[str, ...]
    decision: str
    reason: str
    author: str
    time: str


class Reviewing:
    """The questions of review to one project."""

    def __init__(self, store: Store, author: str = "") -> None:
        self._store = store
        self._author = author
        """Who asks: what this person must not see yet is no precedent."""

    def article_ids(self, query: ReviewQuery | None = None) -> list[str]:
        """Return the ids of the articles that *query* asks for, in its order."""
        with self._store.reading() as connection:
            return _article_ids(connection, query or ReviewQuery())

    def rows(
        self, query: ReviewQuery | None = None, offset: int = 0, limit: int = 100
    ) -> list[ReviewRow]:
        """Return one page of the articles that *query* asks for."""
        with self._store.reading() as connection:
            ids = _article_ids(connection, query or ReviewQuery(), offset, limit)
            return _rows(connection, ids, (query or ReviewQuery()).unfinished)

    def count(self, query: ReviewQuery | None = None) -> int:
        """Return how many articles *query* asks for."""
        with self._store.reading() as connection:
            asked = _selected(query or ReviewQuery(), schema.articles.c.id).subquery()
            return int(connection.execute(select(func.count()).select_from(asked)).scalar_one())

    def decided_before(
        self, words: tuple[str, ...], label: str, limit: int = 20
    ) -> list[Precedent]:
        """Return the verdicts on spans that cover exactly *words*, newest first."""
        with self._store.reading() as connection:
            return _precedents(connection, words, label, limit, self._author)

    def reasons_given(self) -> dict[str, int]:
        """Return how many verdicts give each reason."""
        table = schema.verdicts
        query = select(table.c.reason, func.count()).group_by(table.c.reason)
        with self._store.reading() as connection:
            return {reason: int(n) for reason, n in connection.execute(query) if reason}

    def verdicts_because(self, reason: str) -> list[Verdict]:
        """Return the verdicts that give a reason."""
        with self._store.reading() as connection:
            return reading.verdicts_because(connection, reason)

    def batches(self) -> list[BatchRow]:
        """Return what was done in bulk and still stands, newest first."""
        with self._store.reading() as connection:
            return standing_batches(connection)

    def batch_revision(self, batch_id: str) -> int | None:
        """Return as which revision a batch was saved: its id is that of the edit."""
        query = select(schema.edits.c.revision).where(schema.edits.c.id == batch_id)
        with self._store.reading() as connection:
            return connection.execute(query).scalar()

    def batch_articles(self, batch_id: str) -> list[str]:
        """Return the ids of the articles in which a batch has decided on something."""
        with self._store.reading() as connection:
            return sorted(
                {
                    article_id
                    for article_id, extra, *_ in batched(connection)
                    if extra.get(BATCH) == batch_id
                }
            )

    def audit_articles(self) -> list[str]:
        """Return the ids of the articles in which something is due for an audit."""
        with self._store.reading() as connection:
            return sorted(
                {
                    article_id
                    for article_id, extra, *_ in batched(connection)
                    if extra.get(AUDIT) == "due"
                }
            )

    def control_articles(self) -> list[str]:
        """Return the ids of the articles that somebody has been given because gold is known."""
        extra = schema.layers.c.extra
        query = select(schema.layers.c.article_id).where(notes(extra, _ASSIGNED))
        query = query.where(notes(extra, _CONTROL)).distinct()
        with self._store.reading() as connection:
            return sorted(connection.execute(query).scalars())

    def second_rounds(self) -> list[str]:
        """Return the ids of the articles that somebody marks, or has marked, a second time."""
        layers = schema.layers
        query = select(layers.c.article_id).where(notes(layers.c.extra, _SECOND)).distinct()
        with self._store.reading() as connection:
            return sorted(connection.execute(query).scalars())

    def asked_again(self) -> frozenset[str]:
        """Return the ids of the records on which somebody is to decide once more, unseen."""
        table = schema.verdicts
        query = select(table.c.record_id).where(is_asked_again(table.c.extra))
        with self._store.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def label_numbers(self) -> dict[str, int]:
        """Return how often each label stands in what people have handed in, relations too."""
        layers, counts, ties = schema.layers, schema.label_counts, schema.relations
        read = _read(unfinished=False)
        spans = select(counts.c.label, func.sum(counts.c.spans)).join(
            layers, layers.c.id == counts.c.layer_id
        )
        links = select(ties.c.label, func.count()).join(layers, layers.c.id == ties.c.layer_id)
        with self._store.reading() as connection:
            found: Counter[str] = Counter()
            for query, label in ((spans, counts.c.label), (links, ties.c.label)):
                for name, number in connection.execute(query.where(read).group_by(label)):
                    found[name] += int(number)
            return dict(found)

    def others_review(self, person: str) -> bool:
        """Say whether anybody but *person* has decided on anything, or is to by a plan."""
        verdicts, extra = schema.verdicts, cast(schema.layers.c.extra, String)
        decided = select(verdicts.c.id).where(verdicts.c.author != person)
        planned = [
            select(schema.layers.c.id).where(
                extra.contains(f'"{part}":"', autoescape=True),
                ~extra.contains(f'"{part}":{string_json(person)}', autoescape=True),
            )
            for part in ("reviewer", "adjudicator")
        ]
        with self._store.reading() as connection:
            return any(
                connection.execute(one.limit(1)).first() is not None for one in (decided, *planned)
            )

    def settled_articles(self, author: str) -> list[str]:
        """Return the ids of the articles whose gold is frozen and which *author* has handed in.

        There something may have been missed.
        """
        articles, layers = schema.articles, schema.layers
        read = select(layers.c.article_id).where(layers.c.author == author, _read(unfinished=False))
        query = (
            select(articles.c.id)
            .where(articles.c.id.in_(_frozen()), articles.c.id.in_(read))
            .order_by(articles.c.number)
        )
        with self._store.reading() as connection:
            return list(connection.execute(query).scalars())

    def assigned_articles(self, author: str) -> list[str]:
        """Return the ids of the articles that were assigned to *author*, in their order."""
        layers, articles = schema.layers, schema.articles
        query = (
            select(articles.c.id)
            .join(layers, layers.c.article_id == articles.c.id)
            .where(layers.c.author == author, notes(layers.c.extra, _ASSIGNED))
            .order_by(articles.c.number)
        )
        with self._store.reading() as connection:
            return list(dict.fromkeys(connection.execute(query).scalars()))


def _read(unfinished: bool) -> ColumnElement[bool]:
    """Ask whether a layer is one that is reviewed."""
    layers = schema.layers
    people = layers.c.kind.in_((LayerKind.PERSON, LayerKind.IMPORT))
    return people if unfinished else people & layers.c.state.in_(LayerState.REVIEWED)


def _readers(unfinished: bool) -> Any:
    layers, articles = schema.layers, schema.articles
    return (
        select(func.count(layers.c.author.distinct()))
        .where(layers.c.article_id == articles.c.id, _read(unfinished))
        .correlate(articles)
        .scalar_subquery()
    )


def _contests() -> Any:
    comments, articles = schema.comments, schema.articles
    return (
        select(func.count())
        .where(
            comments.c.article_id == articles.c.id,
            comments.c.resolved == 0,
            notes(comments.c.extra, _ANSWER),
            cast(comments.c.extra, String).like('%"contested"%'),
        )
        .correlate(articles)
        .scalar_subquery()
    )


def _frozen() -> Select[Any]:
    layers = schema.layers
    return select(layers.c.article_id).where(
        layers.c.kind == LayerKind.GOLD, layers.c.state == LayerState.APPROVED
    )


def _selected(query: ReviewQuery, *wanted: Any) -> Select[Any]:
    articles, layers = schema.articles, schema.layers
    having = (
        select(layers.c.article_id)
        .where(_read(query.unfinished))
        .group_by(layers.c.article_id)
        .having(func.count(layers.c.author.distinct()) >= max(1, query.readers))
    )
    statement = select(*wanted).select_from(articles).where(articles.c.id.in_(having))
    if query.without is not None:
        own = select(layers.c.article_id).where(
            layers.c.author == query.without, _read(unfinished=True)
        )
        statement = statement.where(articles.c.id.not_in(own))
    frozen = articles.c.id.in_(_frozen())
    if query.state == OPEN:
        return statement.where(~frozen | (_contests() > 0))
    if query.state == DONE:
        return statement.where(frozen & (_contests() == 0))
    return statement


def _article_ids(
    connection: Connection, query: ReviewQuery, offset: int = 0, limit: int | None = None
) -> list[str]:
    articles = schema.articles
    number = articles.c.number
    keys: list[Any]
    match query.sort:
        case "title":
            keys = [articles.c.title_key, number]
        case "readers":
            keys = [-_readers(query.unfinished), number]
        case "contested":
            keys = [-_contests(), number]
        case "decided":
            keys = [_decided(), number]
        case "rare":
            keys = [_rarest(query.unfinished), number]
        case _:
            keys = [number]
    statement = _selected(query, articles.c.id).order_by(*keys).offset(offset)
    if limit is not None:
        statement = statement.limit(limit)
    return list(connection.execute(statement).scalars())


def _rarest(unfinished: bool) -> Any:
    """Return how often the rarest label of an article stands in the whole project."""
    layers, counts, articles = schema.layers, schema.label_counts, schema.articles
    whole = (
        select(counts.c.label, func.sum(counts.c.spans).label("number"))
        .join(layers, layers.c.id == counts.c.layer_id)
        .where(_read(unfinished))
        .group_by(counts.c.label)
        .subquery()
    )
    return (
        select(func.coalesce(func.min(whole.c.number), _MANY))
        .select_from(layers)
        .join(counts, counts.c.layer_id == layers.c.id)
        .join(whole, whole.c.label == counts.c.label)
        .where(layers.c.article_id == articles.c.id, counts.c.spans > 0, _read(unfinished))
        .correlate(articles)
        .scalar_subquery()
    )


def _decided() -> Any:
    verdicts, articles = schema.verdicts, schema.articles
    return (
        select(func.count())
        .where(verdicts.c.article_id == articles.c.id)
        .correlate(articles)
        .scalar_subquery()
    )


def _rows(connection: Connection, ids: list[str], unfinished: bool) -> list[ReviewRow]:
    if not ids:
        return []
    articles, layers, counts = schema.articles, schema.layers, schema.label_counts
    verdicts, comments = schema.verdicts, schema.comments
    titles = connection.execute(
        select(articles.c.id, articles.c.title).where(articles.c.id.in_(ids))
    )
    title_of = {row.id: row.title for row in titles}
    spans = func.coalesce(func.sum(counts.c.spans), 0)
    read = case((_read(unfinished) & ~notes(layers.c.extra, _SECOND), 1), else_=0)
    made = connection.execute(
        select(layers.c.article_id, layers.c.author, layers.c.kind, layers.c.state, read, spans)
        .outerjoin(counts, counts.c.layer_id == layers.c.id)
        .where(layers.c.article_id.in_(ids))
        .group_by(layers.c.id)
        .order_by(layers.c.author, layers.c.id)
    )
    readers: dict[str, dict[str, None]] = {}
    labels: Counter[str] = Counter()
    gold: dict[str, tuple[str, int]] = {}
    for article_id, author, kind, state, is_read, number in made:
        if kind == LayerKind.GOLD:
            gold.setdefault(article_id, (state, int(number)))
        elif is_read:
            readers.setdefault(article_id, {})[author] = None
            labels[article_id] += int(number)
    decided = _numbers(connection, verdicts, verdicts.c.article_id.in_(ids))
    said = _numbers(connection, comments, comments.c.article_id.in_(ids), comments.c.resolved == 0)
    contested = _numbers(
        connection,
        comments,
        comments.c.article_id.in_(ids),
        comments.c.resolved == 0,
        notes(comments.c.extra, _ANSWER),
        cast(comments.c.extra, String).like('%"contested"%'),
    )
    return [
        ReviewRow(
            article_id=key,
            title=title_of[key],
            readers=tuple(readers.get(key, ())),
            labels=labels[key],
            gold=gold[key][0] if key in gold else None,
            gold_labels=gold[key][1] if key in gold else 0,
            verdicts=decided.get(key, 0),
            contested=contested.get(key, 0),
            comments=said.get(key, 0),
        )
        for key in ids
    ]


def _numbers(connection: Connection, table: Any, *conditions: Any) -> dict[str, int]:
    query = select(table.c.article_id, func.count()).where(*conditions).group_by(table.c.article_id)
    return {article_id: int(number) for article_id, number in connection.execute(query)}


def _precedents(
    connection: Connection, words: tuple[str, ...], label: str, limit: int, author: str
) -> list[Precedent]:
    verdicts, spans, articles = schema.verdicts, schema.spans, schema.articles
    query = (
        select(
            verdicts.c.article_id,
            articles.c.title,
            spans.c.start,
            spans.c.stop,
            spans.c.text,
            verdicts.c.decision,
            verdicts.c.reason,
            verdicts.c.author,
            verdicts.c.time,
        )
        .join(spans, spans.c.id == verdicts.c.record_id)
        .join(articles, articles.c.id == verdicts.c.article_id)
        .where(spans.c.text == words, spans.c.label == label, ~is_asked_again(verdicts.c.extra))
        .where(verdicts.c.article_id.not_in(kept_articles(author)))
        .order_by(verdicts.c.time.desc(), verdicts.c.id.desc())
        .limit(limit)
    )
    return [
        Precedent(
            row.article_id,
            row.title,
            Fragment(row.start, row.stop),
            row.text,
            row.decision,
            row.reason,
            row.author,
            row.time,
        )
        for row in connection.execute(query)
    ]
