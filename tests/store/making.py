"""Small records for tests of the store, and a scheme they belong to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from annotator.model import (
    Article,
    Change,
    Comment,
    Edit,
    Entity,
    Fragment,
    Layer,
    Record,
    Relation,
    Span,
    edit,
    text_hash,
)
from annotator.scheme import Attribute, EntityKind, Label, RelationLabel, Scheme

SCHEME = Scheme(
    id="test",
    title="Test",
    labels=(
        Label(name="Speaker", entity="actor"),
        Label(
            name="Claim",
            attributes=(Attribute(name="form", values=("direct", "indirect")),),
        ),
        Label(name="Cue", max_fragments=1),
    ),
    relations=(
        RelationLabel(
            name="attributed_to", source="Claim", targets=("Speaker",), target_entity="actor"
        ),
        RelationLabel(name="cued_by", source="Claim", targets=("Cue",), max=1),
        RelationLabel(name="nested_in", source="Claim", targets=("Claim",), inside=True),
    ),
    entities=(EntityKind(name="actor"),),
)

TEXT = "Ada Verner said the harbour would open. Then she left."


def article(id_: str = "a1", text: str = TEXT, **more: Any) -> Article:
    more.setdefault("title", f"Title of {id_}")
    return Article(id=id_, text=text, sha256=text_hash(text), **more)


def layer(id_: str = "l1", article_id: str = "a1", author: str = "ada", **more: Any) -> Layer:
    return Layer(id=id_, article_id=article_id, author=author, **more)


def span(
    id_: str = "s1",
    *places: tuple[int, int],
    label: str = "Speaker",
    text: str = TEXT,
    article_id: str = "a1",
    layer_id: str = "l1",
    **more: Any,
) -> Span:
    fragments = tuple(Fragment(*place) for place in places or ((0, 10),))
    return Span(
        id=id_,
        article_id=article_id,
        layer_id=layer_id,
        label=label,
        fragments=fragments,
        text=tuple(text[a:b] for a, b in fragments),
        **more,
    )


def relation(id_: str, label: str, source: str, target: str | None, **more: Any) -> Relation:
    more.setdefault("article_id", "a1")
    more.setdefault("layer_id", "l1")
    return Relation(id=id_, label=label, source=source, target=target, **more)


def entity(id_: str = "e1", name: str = "Ada Verner", **more: Any) -> Entity:
    more.setdefault("kind", "actor")
    return Entity(id=id_, name=name, **more)


def comment(id_: str, record_id: str, **more: Any) -> Comment:
    return Comment(
        id=id_, article_id="a1", layer_id="l1", record_id=record_id, text="Really?", **more
    )


def add(*records: Record, action: str = "mark") -> Edit:
    """Return the edit that makes *records*."""
    return edit(action, [Change(None, record) for record in records])


def change(before: Record, after: Record | None, action: str = "change") -> Edit:
    """Return the edit that makes *after* out of *before*."""
    return edit(action, [Change(before, after)])


def lose_machine(path: Path) -> None:
    """Let a program on a machine that nobody knows anything of have the project open."""
    found = path.stat()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO leases VALUES ('t', 'elsewhere', 1, '', 'bob', '2026-01-01', ?)",
            (f"{found.st_dev}:{found.st_ino}",),
        )
