"""The article list: filter, sort and page, as fast with 100,000 articles as with ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from annotator.model import LayerKind, LayerState
from annotator.store import schema
from annotator.store.columns import escape
from annotator.store.reading import pairs
from annotator.store.sight import hidden_layers, is_hidden
from annotator.store.values import FINISHED, TO_DO, ArticleQuery, Summary

_articles: Final = schema.articles
_STATE_ORDER: Final[Mapping[str, int]] = {name: at for at, name in enumerate(LayerState.ALL)}


def article_ids(connection: Connection, query: ArticleQuery, author: str) -> list[str]:
    """Return the ids of the articles that *query* asks for, in its order."""
    statement = _selected(query, author, _articles.c.id)
    # An id is the same text in the database: a hundred thousand need no row of SQLAlchemy's each.
    cursor = connection.execute(_ordered(statement, query, author)).cursor
    assert cursor is not None
    return [id_ for (id_,) in cursor.fetchall()]


def count(connection: Connection, query: ArticleQuery, author: str) -> int:
    """Return how many articles *query* asks for."""
    statement = _selected(query, author, func.count())
    return int(connection.execute(statement).scalar_one())


def summaries(
    connection: Connection, query: ArticleQuery, author: str, offset: int, limit: int
) -> list[Summary]:
    """Return one page of the list."""
    page = _ordered(_selected(query, author, _articles.c.number), query, author)
    numbers = list(connection.execute(page.offset(offset).limit(limit)).scalars())
    return _summaries(connection, numbers, author)


def _selected(query: ArticleQuery, author: str, *wanted: Any) -> Select[Any]:
    whose = query.author or author
    statement = select(*wanted).select_from(_articles)
    for word in query.text.casefold().split():
        pattern = escape(word)
        for special in ("\\", "%", "_"):
            pattern = pattern.replace(special, "\\" + special)
        matches = _articles.c.search_key.like(f"%{pattern}%", escape="\\")
        statement = statement.where(matches)
    if query.state == LayerState.NOT_STARTED:
        return _labelled(
            statement.where(func.coalesce(_state(whose), query.state) == query.state), query, author
        )
    if query.state == TO_DO:
        statement = statement.where(_articles.c.id.not_in(_articles_of(whose, FINISHED)))
    elif query.state is not None:
        statement = statement.where(_articles.c.id.in_(_articles_of(whose, (query.state,))))
    if query.author is not None:
        statement = statement.where(_articles.c.id.in_(_articles_of(whose)))
    return _labelled(statement, query, author)


def _labelled(statement: Select[Any], query: ArticleQuery, author: str) -> Select[Any]:
    if query.label is not None:
        holding = _holding(query.label, query.author).where(~is_hidden(author))
        statement = statement.where(_articles.c.id.in_(holding))
    return statement


def _articles_of(author: str, states: Sequence[str] = ()) -> Select[Any]:
    """Return the articles of which *author* has a layer, in one of *states* where there are any."""
    layers = schema.layers
    statement = select(layers.c.article_id).where(
        layers.c.author == author, layers.c.kind == LayerKind.PERSON
    )
    if len(states) == 1:
        return statement.where(layers.c.state == states[0])
    return statement.where(layers.c.state.in_(states)) if states else statement


def _holding(label: str, author: str | None) -> Select[Any]:
    counts, layers = schema.label_counts, schema.layers
    statement = (
        select(layers.c.article_id)
        .join(counts, counts.c.layer_id == layers.c.id)
        .where(counts.c.label == label, counts.c.spans > 0)
    )
    return statement if author is None else statement.where(layers.c.author == author)


def _state(author: str) -> Any:
    """Return the state of the author's layer of an article, NULL where there is none."""
    layers = schema.layers
    return (
        select(layers.c.state)
        .where(
            layers.c.article_id == _articles.c.id,
            layers.c.author == author,
            layers.c.kind == LayerKind.PERSON,
        )
        .order_by(layers.c.id)
        .limit(1)
        .scalar_subquery()
    )


def _ordered(statement: Select[Any], query: ArticleQuery, author: str) -> Select[Any]:
    number = _articles.c.number
    keys: list[ColumnElement[Any]]
    match query.sort:
        case "title":
            keys = [_articles.c.title_key, number]
        case "published":
            # Without a day they stand last, whichever way the others go.
            day = _articles.c.published
            last = day.is_(None)
            keys = [day, number]
            return statement.order_by(last, *(k.desc() if query.descending else k for k in keys))
        case "state":
            state = func.coalesce(_state(query.author or author), LayerState.NOT_STARTED)
            keys = [case(dict(_STATE_ORDER), value=state, else_=len(_STATE_ORDER)), number]
        case "unsure":
            keys = [-_doubts(author), number]
        case _:
            keys = [number]
    return statement.order_by(*(key.desc() if query.descending else key for key in keys))


def _doubts(author: str) -> ColumnElement[int]:
    """How many labels and readings of an article that *author* may see are flagged as unsure."""
    layers, counts = schema.layers, schema.label_counts
    flagged = select(func.coalesce(func.sum(counts.c.unsure), 0)).join(
        layers, layers.c.id == counts.c.layer_id
    )
    whole = select(func.coalesce(func.sum(layers.c.unsure), 0))
    here = (layers.c.article_id == _articles.c.id) & ~is_hidden(author)
    parts = (part.where(here) for part in (flagged, whole))
    first, second = (part.correlate(_articles).scalar_subquery() for part in parts)
    return first + second


def _summaries(connection: Connection, numbers: list[int], author: str) -> list[Summary]:
    if not numbers:
        return []
    layers, counts, comments = schema.layers, schema.label_counts, schema.comments
    rows = connection.execute(
        select(
            _articles.c.number,
            _articles.c.id,
            _articles.c.title,
            _articles.c.published,
            _articles.c.source,
        ).where(_articles.c.number.in_(numbers))
    ).all()
    by_number = {row.number: row for row in rows}
    ids = [row.id for row in rows]
    spans = func.coalesce(func.sum(counts.c.spans), 0)
    unsure = func.coalesce(func.sum(counts.c.unsure), 0)
    made = connection.execute(
        select(layers.c.article_id, layers.c.author, layers.c.kind, layers.c.state,
               layers.c.unsure, spans, unsure)
        .outerjoin(counts, counts.c.layer_id == layers.c.id)
        .where(layers.c.article_id.in_(ids))
        .group_by(layers.c.id)
        .order_by(layers.c.id)
    ).all()  # fmt: skip
    remarks = connection.execute(
        select(comments.c.article_id, func.count())
        .where(
            comments.c.article_id.in_(ids),
            comments.c.resolved == 0,
            comments.c.reply_to.is_(None),
            comments.c.layer_id.not_in(hidden_layers(author)),
        )
        .group_by(comments.c.article_id)
    )
    open_comments = pairs(remarks)
    own: dict[str, tuple[str, int, int]] = {}
    suggested: dict[str, int] = {}
    for article_id, whose, kind, state, flagged, labels, doubts in made:
        if kind == LayerKind.SUGGESTER:
            suggested[article_id] = suggested.get(article_id, 0) + int(labels)
        elif kind == LayerKind.PERSON and whose == author and article_id not in own:
            own[article_id] = (state, int(labels), int(doubts) + int(flagged))
    result = []
    for number in numbers:
        row = by_number[number]
        state, labels, doubts = own.get(row.id, (LayerState.NOT_STARTED, 0, 0))
        result.append(
            Summary(
                id=row.id,
                title=row.title,
                state=state,
                labels=labels,
                suggestions=suggested.get(row.id, 0),
                published=row.published,
                source=row.source,
                unsure=doubts,
                comments=open_comments.get(row.id, 0),
            )
        )
    return result
