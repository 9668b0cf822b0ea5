"""Reading records: whole articles, entities, spans across articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from sqlalchemy import Connection, String, func, select
from sqlalchemy import cast as as_type

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.model import (
    FORMER_TEXTS,
    Comment,
    Entity,
    Fragment,
    Layer,
    LayerKind,
    LayerState,
    Relation,
    Span,
    Verdict,
)
from annotator.packed import Packed, PackedSpan
from annotator.review.rounds import is_first, name_of_first
from annotator.scheme import Scheme, from_toml
from annotator.store import schema, search
from annotator.store.faults import decoding
from annotator.store.rows import TABLES, among, codec, columns, driver_rows, records_of
from annotator.store.sight import hidden_layers, is_kept_back
from annotator.store.span_rows import PACKED, unpacked
from annotator.store.values import LabelCount, Progress, Stats
from annotator.store.writing import articles_with, chunks

PARTS: Final = {
    "layer": "layers",
    "span": "spans",
    "relation": "relations",
    "verdict": "verdicts",
    "comment": "comments",
}
"""Records of an article, and where :class:`Annotated` keeps them."""


def pairs(rows: Iterable[Any]) -> dict[str, int]:
    """Return rows of a name and a number as a dict."""
    return dict(tuple(row) for row in rows)


def _fields(name: str) -> list[Any]:
    return [TABLES[name].c[column] for column in columns(name)]


def annotated(connection: Connection, article_id: str) -> Annotated:
    """Return an article with everything marked in it, ready to be worked on.

    Raises UserError where there is none.
    """
    found = annotated_many(connection, [article_id])
    if not found:
        raise UserError(f"There is no article {article_id!r} in this project.")
    found[0].index_places()
    return found[0]


def annotated_many(connection: Connection, article_ids: Sequence[str]) -> list[Annotated]:
    """Return articles with everything marked in them, in the order of *article_ids*.

    Raises Unreadable where a record does not hold what a record holds.
    """
    with decoding(f"A record of the article {article_ids[0]}"):
        found = _with_parts(connection, article_ids, PARTS)
        named = {item.article.id: {one.entity_id for one in item.spans.values()} for item in found}
        _give_entities(connection, found, named)
        return found


def packed_many(connection: Connection, article_ids: Sequence[str]) -> list[Packed]:
    """Return articles with everything marked in them, their spans as they lie in the project.

    In the order of *article_ids*. Raises Unreadable as :func:`annotated_many` does.
    """
    asked, these = among(connection, article_ids)
    query = f"SELECT {PACKED} FROM spans WHERE {_IN_LAYERS.format(asked)}"
    with decoding(f"A record of the article {article_ids[0]}"):
        found = _with_parts(connection, article_ids, [name for name in PARTS if name != "span"])
        by_layer: dict[str, list[PackedSpan]] = {
            layer_id: [] for item in found for layer_id in item.layers
        }
        for row in driver_rows(connection, query, these):
            home = by_layer.get(row[4])
            if home is not None:
                home.append(cast("PackedSpan", row))
        result = [
            Packed(
                item,
                {layer_id: by_layer[layer_id] for layer_id in item.layers},
                partial(unpacked, item.article.id),
            )
            for item in found
        ]
        named = {
            one.annotated.article.id: {row[8] for rows in one.rows.values() for row in rows}
            for one in result
        }
        _give_entities(connection, found, named)
        return result


_IN_LAYERS: Final = "layer_id IN (SELECT id FROM layers WHERE article_id {})"


def _with_parts(
    connection: Connection, article_ids: Sequence[str], parts: Iterable[str]
) -> list[Annotated]:
    """Return articles with some of what is marked in them, still without entities."""
    articles = articles_with(connection, schema.articles.c.id.in_(article_ids))
    found = {article.id: Annotated(article) for article in articles}
    asked, these = among(connection, article_ids)
    for name in parts:
        condition = f"article_id {asked}"
        if name in ("span", "relation"):
            condition = _IN_LAYERS.format(asked)
        how = codec(name)
        query = f"SELECT {how.select} FROM {TABLES[name].name} WHERE {condition}"
        homes = {id_: getattr(item, PARTS[name]) for id_, item in found.items()}
        for record in map(how.record, driver_rows(connection, query, these)):
            home = homes.get(record.article_id)
            # A damaged project may hold a record of a layer of another article.
            if home is not None:
                home[record.id] = record
    return [found[article_id] for article_id in article_ids if article_id in found]


def _give_entities(
    connection: Connection,
    found: Iterable[Annotated],
    named: Mapping[str, Iterable[str | None]],
) -> None:
    """Give articles the entities that their spans name, as *named* says, and their relations."""
    wanted: dict[str, list[str]] = {}
    for item in found:
        ends = (tie.target_entity for tie in item.relations.values())
        ids = {*named[item.article.id], *ends}
        wanted[item.article.id] = sorted(id_ for id_ in ids if id_ is not None)
    entities = entities_with(connection, sorted({id_ for ids in wanted.values() for id_ in ids}))
    for item in found:
        own = wanted[item.article.id]
        item.entities = {id_: entities[id_] for id_ in own if id_ in entities}


def entities_with(connection: Connection, ids: Sequence[str]) -> dict[str, Entity]:
    """Return the entities with these ids that there are."""
    table = schema.entities
    found: dict[str, Entity] = {}
    for part in chunks(ids):
        rows = connection.execute(select(*_fields("entity")).where(table.c.id.in_(part)))
        found.update((entity.id, entity) for entity in records_of("entity", rows))
    return found


def entities(connection: Connection) -> dict[str, Entity]:
    """Return all entities of the project by id."""
    rows = connection.execute(select(*_fields("entity")).order_by(schema.entities.c.id))
    return {entity.id: entity for entity in records_of("entity", rows)}


def recent_entities(
    connection: Connection, kind: str | None, limit: int, author: str = ""
) -> list[Entity]:
    """Return the entities that spans came to stand for last, newest first.

    Those for which labels stand that *author* must not see yet are left out, unless own labels
    stand for them as well: they would tell what others have marked.
    """
    table = schema.entities
    query = select(*_fields("entity")).order_by(table.c.used.desc(), table.c.id).limit(limit)
    query = query.where(table.c.used > 0)
    if kind is not None:
        query = query.where(table.c.kind == kind)
    if is_kept_back(connection, author):
        spans, layers = schema.spans, schema.layers
        standing = select(spans.c.id).where(spans.c.entity_id == table.c.id).correlate(table)
        own = select(layers.c.id).where(layers.c.author == author)
        telling = standing.where(spans.c.layer_id.in_(hidden_layers(author))).exists()
        query = query.where(~telling | standing.where(spans.c.layer_id.in_(own)).exists())
    return records_of("entity", connection.execute(query))


def entity_counts(connection: Connection, author: str = "") -> dict[str, int]:
    """Return how many spans stand for each entity; entities without any are left out.

    What *author* must not see yet does not count.
    """
    column = schema.spans.c.entity_id
    query = select(column, func.count()).where(column.is_not(None)).group_by(column)
    if is_kept_back(connection, author):
        query = query.where(schema.spans.c.layer_id.not_in(hidden_layers(author)))
    return pairs(connection.execute(query))


def idle_entities(connection: Connection) -> list[Entity]:
    """Return the entities that no span and no relation refers to, by id."""
    used = select(schema.spans.c.entity_id).where(schema.spans.c.entity_id.is_not(None))
    ends = select(schema.relations.c.target_entity)
    named = ends.where(schema.relations.c.target_entity.is_not(None))
    table = schema.entities
    query = (
        select(*_fields("entity")).where(table.c.id.not_in(used.union(named))).order_by(table.c.id)
    )
    return records_of("entity", connection.execute(query))


def titles(connection: Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """Return the titles of articles by their ids."""
    table = schema.articles
    found: dict[str, str] = {}
    for part in chunks(article_ids):
        query = select(table.c.id, table.c.title).where(table.c.id.in_(part))
        found.update((row.id, row.title) for row in connection.execute(query))
    return found


def entity_spans(connection: Connection, entity_id: str, author: str = "") -> list[Span]:
    """Return the spans that stand for an entity, article by article in reading order.

    What *author* must not see yet is left out.
    """
    wanted = schema.spans.c.entity_id == entity_id
    if is_kept_back(connection, author):
        wanted &= schema.spans.c.layer_id.not_in(hidden_layers(author))
    return spans_where(connection, wanted)


def entity_relations(connection: Connection, entity_id: str) -> list[Relation]:
    """Return the relations that end at an entity."""
    table = schema.relations
    query = select(*_fields("relation")).where(table.c.target_entity == entity_id)
    return records_of("relation", connection.execute(query.order_by(table.c.id)).all())


def spans_with_label(connection: Connection, label: str) -> list[Span]:
    """Return the spans with a label, in whatever layer."""
    counts = schema.label_counts
    holding = select(counts.c.layer_id).where(counts.c.label == label, counts.c.spans > 0)
    table = schema.spans
    return spans_where(connection, (table.c.layer_id.in_(holding)) & (table.c.label == label))


def spans_where(connection: Connection, condition: Any, most: int | None = None) -> list[Span]:
    """Return the spans for which *condition* holds, article by article in reading order."""
    table, articles = schema.spans, schema.articles
    query = (
        select(*_fields("span"))
        .join(articles, articles.c.id == table.c.article_id)
        .where(condition)
        .order_by(articles.c.number, table.c.start, table.c.stop.desc(), table.c.id)
        .limit(most)
    )
    return records_of("span", connection.execute(query).all())


def relations_with_label(connection: Connection, label: str) -> list[Relation]:
    """Return the relations with a label, in whatever layer."""
    table = schema.relations
    query = select(*_fields("relation")).where(table.c.label == label).order_by(table.c.id)
    return records_of("relation", connection.execute(query).all())


def verdicts_on(connection: Connection, author: str) -> list[Verdict]:
    """Return the verdicts on what a person marked."""
    table = schema.verdicts
    query = select(*_fields("verdict")).where(table.c.layer_id.in_(_layers_of(author)))
    return records_of("verdict", connection.execute(query.order_by(table.c.id)).all())


def verdicts_because(connection: Connection, reason: str) -> list[Verdict]:
    """Return the verdicts that give a reason."""
    table = schema.verdicts
    query = select(*_fields("verdict")).where(table.c.reason == reason).order_by(table.c.id)
    return records_of("verdict", connection.execute(query).all())


def layers_of_people(connection: Connection) -> list[Layer]:
    """Return the layers that people have, or are to make, by id; of two rounds the second."""
    table = schema.layers
    query = select(*_fields("layer")).where(table.c.kind == LayerKind.PERSON).order_by(table.c.id)
    return [
        one for one in records_of("layer", connection.execute(query).all()) if not is_first(one)
    ]


def comments_on(connection: Connection, author: str) -> list[Comment]:
    """Return the comments on what a person marked."""
    table = schema.comments
    query = select(*_fields("comment")).where(table.c.layer_id.in_(_layers_of(author)))
    return records_of("comment", connection.execute(query.order_by(table.c.id)).all())


def _layers_of(author: str) -> Any:
    layers = schema.layers
    second = layers.alias()
    handed_in = (second.c.author == author) & (second.c.kind == LayerKind.PERSON)
    handed_in &= second.c.state.in_(LayerState.REVIEWED)
    handed_in &= second.c.article_id == layers.c.article_id
    # What was marked first is told of once the second round is handed in.
    first = layers.c.author == name_of_first(author)
    first &= select(second.c.id).where(handed_in).exists()
    own = (layers.c.author == author) | first
    return select(layers.c.id).where(own, layers.c.kind == LayerKind.PERSON)


def scheme_source(connection: Connection) -> str:
    """Return the scheme of the project as TOML."""
    return str(connection.execute(select(schema.scheme.c.toml)).scalar_one())


def read_scheme(connection: Connection) -> Scheme:
    """Return the scheme of the project."""
    return from_toml(scheme_source(connection))


def project_id(connection: Connection) -> str:
    """Return the id that the project was made with."""
    return str(connection.execute(select(schema.project.c.id)).scalar_one())


def title(connection: Connection) -> str:
    """Return the name of the project."""
    return str(connection.execute(select(schema.project.c.title)).scalar_one())


def revision(connection: Connection) -> int:
    """Return the newest revision."""
    return int(connection.execute(select(schema.project.c.revision)).scalar_one())


def authors(connection: Connection) -> list[str]:
    """Return everybody who made a layer or an edit, by name."""
    query = select(schema.layers.c.author).union(select(schema.cursors.c.author))
    return sorted(author for (author,) in connection.execute(query) if author)


def original(connection: Connection, article_id: str) -> bytes | None:
    """Return the bytes that an article was read from; its text as UTF-8 where none were kept.

    Of a corrected article these are those of the text that was imported.
    """
    texts, articles = schema.texts, schema.articles
    found = connection.execute(
        select(articles.c.sha256, articles.c.extra).where(articles.c.id == article_id)
    ).first()
    if found is None:
        return None
    noted = found.extra.get(FORMER_TEXTS, [])
    versions = [*(noted if isinstance(noted, list) else []), found.sha256]
    query = select(texts.c.sha256, texts.c.original, texts.c.text)
    here = connection.execute(query.where(texts.c.sha256.in_(versions))).all()
    rows = sorted(here, key=lambda row: versions.index(row.sha256))
    kept = next((row for row in rows if row.original is not None), None)
    return str(rows[0].text).encode() if kept is None else bytes(kept.original)


def text(connection: Connection, sha256: str) -> str | None:
    """Return the text with this SHA-256, or None."""
    query = select(schema.texts.c.text).where(schema.texts.c.sha256 == sha256)
    found = connection.execute(query).scalar()
    return None if found is None else str(found)


def former_texts(connection: Connection) -> dict[str, list[str]]:
    """Return the ids of the articles that were corrected, by the SHA-256 of the texts they had."""
    table = schema.articles
    noted = as_type(table.c.extra, String).like(f'%"{FORMER_TEXTS}"%')
    query = select(table.c.id, table.c.extra).where(noted).order_by(table.c.number)
    found: dict[str, list[str]] = {}
    for id_, extra in connection.execute(query):
        versions = extra.get(FORMER_TEXTS, [])
        for sha256 in versions if isinstance(versions, list) else []:
            if isinstance(sha256, str):
                found.setdefault(sha256, []).append(id_)
    return found


def articles_with_texts(connection: Connection, hashes: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids of the articles that have texts with these SHA-256, by SHA-256."""
    table = schema.articles
    found: dict[str, list[str]] = {}
    for chunk in chunks(hashes):
        query = select(table.c.sha256, table.c.id).where(table.c.sha256.in_(chunk))
        for sha256, id_ in connection.execute(query.order_by(table.c.number)):
            found.setdefault(sha256, []).append(id_)
    return found


def taken_ids(connection: Connection, kind: str, ids: Sequence[str]) -> set[str]:
    """Return those of *ids* that a record of the type called *kind* has."""
    found: set[str] = set()
    for chunk in chunks(ids):
        # In the driver's own form: an import asks about every id that it brings.
        asked, these = among(connection, chunk)
        rows = connection.exec_driver_sql(
            f"SELECT id FROM {TABLES[kind].name} WHERE id {asked}", these
        )
        found.update(rows.scalars())
    return found


def find_text(connection: Connection, needle: str) -> dict[str, list[Fragment]]:
    """Return where the very string *needle* stands, by article, without overlaps.

    The index narrows the articles where it can: each word of the needle has to be a word there,
    or at its end the beginning of one.
    """
    found: dict[str, list[Fragment]] = {}
    if not needle:
        return found
    for article_id, content in search.containing(connection, needle):
        places = []
        at = content.find(needle)
        while at >= 0:
            places.append(Fragment(at, at + len(needle)))
            at = content.find(needle, at + len(needle))
        if places:
            found[article_id] = places
    return found


def progress(connection: Connection, author: str) -> Progress:
    """Return how far *author* is."""
    layers = schema.layers
    own = (layers.c.author == author) & (layers.c.kind == LayerKind.PERSON)
    first = select(func.min(layers.c.id)).where(own).group_by(layers.c.article_id)
    query = select(layers.c.state, func.count()).where(layers.c.id.in_(first))
    by_state = pairs(connection.execute(query.group_by(layers.c.state)))
    total = count_of(connection, schema.articles)
    waiting = total - sum(by_state.values())
    if waiting:
        by_state["not started"] = by_state.get("not started", 0) + waiting
    return Progress(total, by_state)


def count_of(connection: Connection, table: Any) -> int:
    """Return the number of rows of a table."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def stats(connection: Connection) -> Stats:
    """Return figures of the whole project."""
    articles, texts, layers = schema.articles, schema.texts, schema.layers
    counts, relations, kinds = schema.label_counts, schema.relations, schema.entities
    characters = connection.execute(
        select(func.coalesce(func.sum(texts.c.length), 0)).join(
            articles, articles.c.sha256 == texts.c.sha256
        )
    ).scalar_one()
    labels = connection.execute(
        select(layers.c.author, counts.c.label, func.sum(counts.c.spans))
        .join(layers, layers.c.id == counts.c.layer_id)
        .group_by(layers.c.author, counts.c.label)
        .order_by(layers.c.author, counts.c.label)
    ).all()
    return Stats(
        articles=count_of(connection, articles),
        characters=int(characters),
        layers=count_of(connection, layers),
        spans=count_of(connection, schema.spans),
        relations=count_of(connection, relations),
        entities=count_of(connection, kinds),
        edits=count_of(connection, schema.edits),
        revision=revision(connection),
        authors=tuple(authors(connection)),
        labels=tuple(LabelCount(a, label, int(n)) for a, label, n in labels if n),
        relation_labels=_grouped(connection, relations.c.label),
        entity_kinds=_grouped(connection, kinds.c.kind),
    )


def _grouped(connection: Connection, column: Any) -> dict[str, int]:
    query = select(column, func.count()).group_by(column).order_by(column)
    return pairs(connection.execute(query))
