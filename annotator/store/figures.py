"""Figures of a project for people who look after it, counted by the database.

What many people have marked in one article counts once where the question is what an article says:
gold where there is some, else the reading that is furthest (:func:`_one_reading`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Text, case, func, select, type_coerce

from annotator.model import LayerKind, LayerState, Span
from annotator.review.rounds import name_of_first
from annotator.store import schema
from annotator.store.batches import BATCH, notes
from annotator.store.columns import from_json
from annotator.store.reading import pairs, spans_where
from annotator.store.sight import is_hidden, kept_articles
from annotator.store.values import LabelCount
from annotator.store.writing import chunks

_RANK: Final[Mapping[str, int]] = {state: at for at, state in enumerate(LayerState.ALL)}
_PEOPLE: Final = (LayerKind.PERSON, LayerKind.IMPORT)
MOST_SPEAKERS: Final = 40
"""Speakers of whom it is counted what they speak about."""
MOST_PLACES: Final = 2000
"""Places in articles that are listed behind a number."""
FAST: Final = 2.0
"""Seconds after the decision before, under which one was hardly thought over."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: whose layers, only those handed in, only articles changed since a time."""

    authors: tuple[str, ...] = ()
    """All where it is empty."""
    handed_in: bool = False
    since: str = ""
    """UTC, ISO 8601; empty for ever."""
    gold: bool = False
    """Whether gold is read beside people, where readings are compared."""
    seen_by: str = ""
    """Who looks: what this person must not see yet is not counted. Empty for everything."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many articles of a person are in a state."""

    author: str
    state: str
    articles: int


@dataclass(frozen=True, slots=True)
class HandedIn:
    """When a person handed an article in, for the last time."""

    author: str
    article_id: str
    time: str


@dataclass(frozen=True, slots=True)
class Haste:
    """How many decisions a reviewer made one by one, and how many in less than :data:`FAST`."""

    reviewer: str
    decisions: int
    fast: int


@dataclass(frozen=True, slots=True)
class ValueCount:
    """How many spans with a label have some values of attributes."""

    label: str
    attributes: Mapping[str, Any]
    spans: int


@dataclass(frozen=True, slots=True)
class Said:
    """How many claims with some values of attributes a speaker has put forward."""

    speaker: str
    attributes: Mapping[str, Any]
    claims: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the pages of figures show."""

    articles: int
    by_state: Mapping[str, int]
    """Articles by the state of the reading that is furthest."""
    shares: tuple[Share, ...]
    handed_in: tuple[HandedIn, ...]
    haste: tuple[Haste, ...]
    labels: tuple[LabelCount, ...]
    values: tuple[ValueCount, ...]
    relations: Mapping[str, int]
    said: tuple[Said, ...]
    unattributed: int
    """Claims without a speaker who is known."""
    topics: Mapping[str, Mapping[str, int]]
    """By speaker, how often entities are named inside of what they say."""
    mentions: Mapping[str, int]
    """Spans by the entity that they stand for."""
    unplaced: int
    """Spans of the labels of places that stand for no entity."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How much there is in all layers of a project, whoever's."""

    articles: tuple[str, ...]
    """Ids."""
    bare: int
    """Articles without a span."""
    values: tuple[ValueCount, ...]
    relations: Mapping[str, int]
    """By label."""
    authors: Mapping[str, int]
    """Articles by the author of a layer of them."""
    read_by_several: tuple[str, ...]
    """Articles of which two readings or more have been handed in."""


def contents(connection: Connection) -> Contents:
    """Return how much there is in all layers: nothing but numbers leaves the database."""
    articles, layers, relations = schema.articles, schema.layers, schema.relations
    counts = schema.label_counts
    marked = select(layers.c.article_id).join(counts, counts.c.layer_id == layers.c.id)
    bare = articles.c.id.not_in(marked.where(counts.c.spans > 0))
    by_author = select(layers.c.author, func.count(layers.c.article_id.distinct()))
    by_label = select(relations.c.label, func.count())
    several = (
        select(layers.c.article_id)
        .where(_in_scope(Scope(handed_in=True)))
        .group_by(layers.c.article_id)
        .having(func.count() > 1)
    )
    return Contents(
        articles=tuple(sorted(connection.execute(select(articles.c.id)).scalars())),
        bare=_number(connection, select(articles.c.id).where(bare)),
        values=_values(connection),
        relations=pairs(connection.execute(by_label.group_by(relations.c.label))),
        authors=pairs(connection.execute(by_author.group_by(layers.c.author))),
        read_by_several=tuple(sorted(connection.execute(several).scalars())),
    )


def figures(
    connection: Connection, scope: Scope, speaking: str, labels_of_places: Sequence[str]
) -> Figures:
    """Return the figures of what *scope* takes in.

    *speaking* is the relation that leads from what is said to who says it, *labels_of_places* are
    the labels of which spans stand for places.
    """
    said = _said(connection, scope, speaking)
    by_speaker: dict[str, int] = {}
    for entry in said:
        by_speaker[entry.speaker] = by_speaker.get(entry.speaker, 0) + entry.claims
    first = sorted(by_speaker, key=lambda key: (-by_speaker[key], key))[:MOST_SPEAKERS]
    return Figures(
        articles=_number(connection, _articles(scope)),
        by_state=_states(connection, scope),
        shares=_shares(connection, scope),
        handed_in=_handed_in(connection, scope),
        haste=_haste(connection, scope),
        labels=_labels(connection, scope),
        values=_values(connection, scope),
        relations=_relations(connection, scope),
        said=said,
        unattributed=_unattributed(connection, scope, speaking),
        topics=_topics(connection, scope, speaking, first),
        mentions=_mentions(connection, scope),
        unplaced=_unplaced(connection, scope, labels_of_places),
    )


def _number(connection: Connection, ids: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(ids.subquery())).scalar_one())


def changed_since(since: str) -> Select[Any]:
    """Return the ids of the articles that an edit has changed since a time."""
    about, edits = schema.edit_articles, schema.edits
    joined = select(about.c.article_id).join(edits, edits.c.revision == about.c.revision)
    return joined.where(edits.c.time >= since).distinct()


def _articles(scope: Scope) -> Select[Any]:
    wanted = select(schema.articles.c.id)
    if scope.since:
        wanted = wanted.where(schema.articles.c.id.in_(changed_since(scope.since)))
    return wanted


def _in_scope(scope: Scope, kinds: Sequence[str] = _PEOPLE) -> ColumnElement[bool]:
    layers = schema.layers
    holds: ColumnElement[bool] = layers.c.kind.in_(kinds)
    if scope.authors:
        named = layers.c.author.in_([*scope.authors, *map(name_of_first, scope.authors)])
        holds &= named | (layers.c.kind == LayerKind.GOLD) if scope.gold else named
    if scope.handed_in:
        holds &= layers.c.state.in_(LayerState.HANDED_IN)
    if scope.since:
        holds &= layers.c.article_id.in_(changed_since(scope.since))
    if scope.seen_by:
        holds &= ~is_hidden(scope.seen_by)
    return holds


def _rank() -> ColumnElement[int]:
    return case(dict(_RANK), value=schema.layers.c.state, else_=0)


def _one_reading(scope: Scope) -> Select[Any]:
    """Return the layer of each article that says what is in it."""
    layers = schema.layers
    gold = case((layers.c.kind == LayerKind.GOLD, 1), else_=0)
    place = func.row_number().over(
        partition_by=layers.c.article_id, order_by=(gold.desc(), _rank().desc(), layers.c.id)
    )
    kinds = _PEOPLE if scope.authors else (*_PEOPLE, LayerKind.GOLD)
    numbered = select(layers.c.id, place.label("place")).where(_in_scope(scope, kinds)).subquery()
    return select(numbered.c.id).where(numbered.c.place == 1)


def _states(connection: Connection, scope: Scope) -> dict[str, int]:
    layers = schema.layers
    kinds = _PEOPLE if scope.authors else (*_PEOPLE, LayerKind.GOLD)
    own = select(layers.c.article_id, func.max(_rank()).label("rank"))
    own = own.where(_in_scope(scope, kinds)).group_by(layers.c.article_id)
    furthest = own.subquery()
    query = select(furthest.c.rank, func.count()).group_by(furthest.c.rank)
    return {LayerState.ALL[int(rank)]: int(n) for rank, n in connection.execute(query)}


def _shares(connection: Connection, scope: Scope) -> tuple[Share, ...]:
    layers = schema.layers
    query = select(layers.c.author, layers.c.state, func.count(layers.c.article_id.distinct()))
    query = query.where(_in_scope(scope)).group_by(layers.c.author, layers.c.state)
    rows = connection.execute(query.order_by(layers.c.author, layers.c.state)).all()
    return tuple(Share(author, state, int(n)) for author, state, n in rows)


def _handed_in(connection: Connection, scope: Scope) -> tuple[HandedIn, ...]:
    edits = schema.edits
    last = func.max(edits.c.time)
    query = (
        select(edits.c.author, edits.c.article_id, last)
        .where(edits.c.action == "submit", edits.c.kind != "undo", edits.c.article_id.is_not(None))
        .group_by(edits.c.author, edits.c.article_id)
        .order_by(last, edits.c.author, edits.c.article_id)
    )
    if scope.authors:
        query = query.where(edits.c.author.in_(scope.authors))
    if scope.since:
        query = query.where(edits.c.time >= scope.since)
    if scope.seen_by:
        query = query.where(edits.c.article_id.not_in(kept_articles(scope.seen_by)))
    return tuple(HandedIn(*row) for row in connection.execute(query))


def _haste(connection: Connection, scope: Scope) -> tuple[Haste, ...]:
    verdicts = schema.verdicts
    # One decision may be about several records: their verdicts have the same time.
    query = (
        select(verdicts.c.author, verdicts.c.time)
        .where(~notes(verdicts.c.extra, BATCH))
        .distinct()
        .order_by(verdicts.c.author, verdicts.c.time)
    )
    if scope.authors:
        query = query.where(verdicts.c.author.in_(scope.authors))
    if scope.since:
        query = query.where(verdicts.c.time >= scope.since)
    times: dict[str, list[datetime]] = {}
    for author, time in connection.execute(query):
        if (moment := _moment(time)) is not None:
            times.setdefault(author, []).append(moment)
    least = timedelta(seconds=FAST)
    return tuple(
        Haste(author, len(own), sum(later - one < least for one, later in pairwise(sorted(own))))
        for author, own in times.items()
    )


def _moment(time: str) -> datetime | None:
    """Return a time, of which nobody knows what it is where a file brought it, in UTC."""
    try:
        found = datetime.fromisoformat(time)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _labels(connection: Connection, scope: Scope) -> tuple[LabelCount, ...]:
    layers, counts = schema.layers, schema.label_counts
    query = (
        select(layers.c.author, counts.c.label, func.sum(counts.c.spans))
        .join(layers, layers.c.id == counts.c.layer_id)
        .where(_in_scope(scope))
        .group_by(layers.c.author, counts.c.label)
        .order_by(layers.c.author, counts.c.label)
    )
    rows = connection.execute(query).all()
    return tuple(LabelCount(author, label, int(n)) for author, label, n in rows if n)


def _layers_in(scope: Scope) -> Select[Any]:
    return select(schema.layers.c.id).where(_in_scope(scope))


def _values(connection: Connection, scope: Scope | None = None) -> tuple[ValueCount, ...]:
    """Return what the spans say in the layers of *scope*, or in all.

    SQLite sorts what it groups: counted all at once, the spans of a large project take as much
    memory again as its cache may.
    """
    spans, layers = schema.spans, schema.layers
    of_layers = select(layers.c.id).where(_in_scope(scope)) if scope else select(layers.c.id)
    query = select(spans.c.label, type_coerce(spans.c.attributes, Text), func.count())
    query = query.group_by(spans.c.label, spans.c.attributes)
    found: Counter[tuple[str, str]] = Counter()
    for some in chunks(sorted(connection.execute(of_layers).scalars())):
        for label, own, count in connection.execute(query.where(spans.c.layer_id.in_(some))):
            found[label, own] += count
    return tuple(ValueCount(label, _object(own), n) for (label, own), n in sorted(found.items()))


def _object(value: Any) -> Mapping[str, Any]:
    found = from_json(value) if isinstance(value, str) else value
    return found if isinstance(found, Mapping) else {}


def _relations(connection: Connection, scope: Scope) -> dict[str, int]:
    ties = schema.relations
    query = select(ties.c.label, func.count()).where(ties.c.layer_id.in_(_layers_in(scope)))
    rows = connection.execute(query.group_by(ties.c.label).order_by(ties.c.label))
    return {label: int(n) for label, n in rows}


def _spoken(scope: Scope, speaking: str) -> tuple[Select[Any], Any, ColumnElement[Any]]:
    """Return claims tied to who says them, the table of claims, and the column of the speaker."""
    ties, claims = schema.relations, schema.spans.alias("claims")
    words = schema.spans.alias("words")
    speaker = func.coalesce(ties.c.target_entity, words.c.entity_id)
    made = (
        select(speaker.label("speaker"), claims.c.id, claims.c.attributes)
        .select_from(ties)
        .join(claims, claims.c.id == ties.c.source)
        .outerjoin(words, words.c.id == ties.c.target)
        .where(
            ties.c.label == speaking,
            ties.c.layer_id.in_(_one_reading(scope)),
            speaker.is_not(None),
        )
    )
    return made, claims, speaker


def _said(connection: Connection, scope: Scope, speaking: str) -> tuple[Said, ...]:
    spoken = _spoken(scope, speaking)[0].distinct().subquery()
    query = select(spoken.c.speaker, spoken.c.attributes, func.count())
    rows = connection.execute(query.group_by(spoken.c.speaker, spoken.c.attributes)).all()
    return tuple(Said(speaker, _object(own), int(n)) for speaker, own, n in rows)


def _unattributed(connection: Connection, scope: Scope, speaking: str) -> int:
    ties, claims = schema.relations, schema.spans
    labels = select(claims.c.label).join(ties, ties.c.source == claims.c.id)
    labels = labels.where(ties.c.label == speaking).distinct()
    spoken = _spoken(scope, speaking)[0].subquery()
    query = select(func.count()).where(
        claims.c.layer_id.in_(_one_reading(scope)),
        claims.c.label.in_(labels),
        claims.c.id.not_in(select(spoken.c.id)),
    )
    return int(connection.execute(query).scalar_one())


def _topics(
    connection: Connection, scope: Scope, speaking: str, speakers: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return by speaker how often entities are named inside of what the speaker says."""
    named = schema.spans.alias("named")
    made, claims, speaker = _spoken(scope, speaking)
    query = (
        made.with_only_columns(speaker, named.c.entity_id, func.count())
        .join(named, named.c.layer_id == claims.c.layer_id)
        .where(
            speaker.in_(speakers),
            named.c.start >= claims.c.start,
            named.c.stop <= claims.c.stop,
            named.c.id != claims.c.id,
            named.c.entity_id.is_not(None),
            named.c.entity_id != speaker,
        )
        .group_by(speaker, named.c.entity_id)
    )
    found: dict[str, dict[str, int]] = {}
    for who, what, n in connection.execute(query):
        found.setdefault(who, {})[what] = int(n)
    return found


def _mentions(connection: Connection, scope: Scope) -> dict[str, int]:
    spans = schema.spans
    query = (
        select(spans.c.entity_id, func.count())
        .where(spans.c.entity_id.is_not(None), spans.c.layer_id.in_(_one_reading(scope)))
        .group_by(spans.c.entity_id)
    )
    return {entity: int(n) for entity, n in connection.execute(query)}


def _unplaced(connection: Connection, scope: Scope, labels: Sequence[str]) -> int:
    spans = schema.spans
    query = select(func.count()).where(
        spans.c.label.in_(labels),
        spans.c.entity_id.is_(None),
        spans.c.layer_id.in_(_one_reading(scope)),
    )
    return int(connection.execute(query).scalar_one())


def read_by_several(scope: Scope) -> Select[Any]:
    """Return the ids of the articles that two people or more have read, or one and gold."""
    layers = schema.layers
    kinds = (*_PEOPLE, LayerKind.GOLD) if scope.gold else _PEOPLE
    query = select(layers.c.article_id).where(_in_scope(scope, kinds)).group_by(layers.c.article_id)
    if scope.seen_by:
        # Whoever reads such an article reads all of it.
        query = query.where(layers.c.article_id.not_in(kept_articles(scope.seen_by)))
    return query.having(func.count(layers.c.author.distinct()) > 1)


def claims_of(connection: Connection, scope: Scope, speaking: str, speaker: str) -> list[Span]:
    """Return what a speaker says, article by article in reading order."""
    spoken = _spoken(scope, speaking)[0].subquery()
    ids = select(spoken.c.id).where(spoken.c.speaker == speaker)
    return spans_where(connection, schema.spans.c.id.in_(ids), MOST_PLACES)


def mentions_of(connection: Connection, scope: Scope, entity: str) -> list[Span]:
    """Return the spans that stand for an entity, article by article in reading order."""
    spans = schema.spans
    here = spans.c.layer_id.in_(_one_reading(scope))
    return spans_where(connection, (spans.c.entity_id == entity) & here, MOST_PLACES)


def spans_labelled(
    connection: Connection, scope: Scope, label: str, author: str = ""
) -> list[Span]:
    """Return the spans with a label, by everybody or by one, in reading order."""
    narrow = replace(scope, authors=(author,)) if author else scope
    spans = schema.spans
    here = spans.c.layer_id.in_(_layers_in(narrow))
    return spans_where(connection, here & (spans.c.label == label), MOST_PLACES)
