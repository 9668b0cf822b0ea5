"""What somebody who labels articles blind must not see yet, asked of all articles at once.

The rule is that of :func:`annotator.review.sight.keeps_back`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, cast, select

from annotator.model import LayerKind, LayerState
from annotator.review.rounds import name_of_first
from annotator.review.sight import ASSIGNED, KEPT_BACK, Sight
from annotator.store import schema
from annotator.store.batches import notes


def kept_articles(author: str) -> Select[Any]:
    """Return the ids of the articles that *author* labels blind and has not handed in."""
    own = schema.layers.alias("own")
    return select(own.c.article_id).where(
        own.c.author == author,
        own.c.kind == LayerKind.PERSON,
        own.c.state.not_in(LayerState.REVIEWED),
        notes(own.c.extra, ASSIGNED),
        cast(own.c.extra, String).like('%"blind":true%'),
    )


def is_kept_back(connection: Connection, author: str) -> bool:
    """Say whether there is anything that *author* must not see yet."""
    return bool(author) and connection.execute(kept_articles(author).limit(1)).first() is not None


def is_hidden(author: str) -> ColumnElement[bool]:
    """Ask whether a layer is one that *author* must not see yet."""
    layers = schema.layers
    others = (layers.c.author != author) & layers.c.kind.in_(KEPT_BACK)
    return others & layers.c.article_id.in_(kept_articles(author))


def hidden_layers(author: str) -> Select[Any]:
    """Return the ids of the layers that *author* must not see yet."""
    return select(schema.layers.c.id).where(is_hidden(author))


def sight(connection: Connection, author: str) -> Sight:
    """Return what *author* must not see yet in the whole project."""
    kept = frozenset(connection.execute(kept_articles(author)).scalars())
    if not kept:
        return Sight(author)
    layers = schema.layers
    seen = select(layers.c.id).where(
        layers.c.article_id.in_(kept_articles(author)), ~is_hidden(author)
    )
    firsts = select(layers.c.id).where(
        layers.c.author == name_of_first(author), layers.c.article_id.in_(kept_articles(author))
    )
    shown, marked = (frozenset(connection.execute(query).scalars()) for query in (seen, firsts))
    return Sight(author, kept, shown, marked)
