"""An article with very many labels of one person, for tests of what takes long."""

from __future__ import annotations

from annotator.model import (
    Article,
    Change,
    Edit,
    Fragment,
    Layer,
    Record,
    Span,
    edit,
    new_id,
    text_hash,
)


def crowd(author: str, count: int, label: str) -> tuple[Article, tuple[Span, ...], Edit]:
    """Return the article, *count* labels on its first words, and the edit that brings them in."""
    text = "word " * (count + 100)
    article = Article(id=new_id(), title="Long", text=text, sha256=text_hash(text))
    layer = Layer(id=new_id(), article_id=article.id, author=author)
    places = [Fragment(5 * at, 5 * at + 4) for at in range(count)]
    spans = tuple(
        Span(
            id=new_id(),
            article_id=article.id,
            layer_id=layer.id,
            label=label,
            fragments=(place,),
            text=("word",),
        )
        for place in places
    )
    records: list[Record] = [article, layer, *spans]
    return article, spans, edit("import", [Change(None, record) for record in records])
