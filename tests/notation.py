"""A small notation in which tests write annotated articles, and read them back.

``"[Ada|Speaker#1] said [it rains|Claim#2]."`` marks words; marks may nest. What follows the label:
``#id`` (the same id twice makes one span of several fragments), ``@entity``, ``name=value`` for
attributes and ``unsure``. Relations are written ``"#2>attributed_to>#1"`` or
``"#2>attributed_to>@ada"``. A literal bracket is written ``\\[``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator import resources
from annotator.annotated import Annotated
from annotator.editing import Desk
from annotator.model import (
    Article,
    Entity,
    Fragment,
    Layer,
    Relation,
    Span,
    text_hash,
)
from annotator.scheme import Scheme, from_toml
from annotator.spans import covered, normalise
from annotator.text import Structure

LAYER = "layer-ada"
AUTHOR = "ada"


def news_scheme() -> Scheme:
    """Return the scheme that new projects start with."""
    return from_toml(resources.text("schemes/news-default.toml"))


@dataclass
class _Mark:
    label: str
    fragments: list[Fragment] = field(default_factory=list)
    entity: str | None = None
    attributes: dict[str, object] = field(default_factory=dict)
    unsure: bool = False


def annotated(
    notation: str,
    *relations: str,
    entities: Iterable[Entity] = (),
    language: str | None = "en",
    article_id: str = "article",
    layer_id: str = LAYER,
    author: str = AUTHOR,
) -> Annotated:
    """Return the article that *notation* and *relations* describe, in one layer of *author*."""
    text, marks = _parse(notation)
    known = {entity.id: entity for entity in entities}
    spans: dict[str, Span] = {}
    for key, mark in marks.items():
        where = normalise(mark.fragments)
        spans[key] = Span(
            id=key,
            article_id=article_id,
            layer_id=layer_id,
            label=mark.label,
            fragments=where,
            text=covered(text, where),
            attributes=mark.attributes,
            entity_id=mark.entity,
            unsure=mark.unsure,
        )
    article = Article(
        id=article_id,
        title="Title",
        text=text,
        sha256=text_hash(text),
        language=language,
    )
    layer = Layer(id=layer_id, article_id=article_id, author=author)
    ties = (_relation(n, line, article_id, layer_id) for n, line in enumerate(relations, start=1))
    return Annotated(
        article=article,
        layers={layer_id: layer},
        spans=spans,
        relations={tie.id: tie for tie in ties},
        entities=known,
    )


def _relation(number: int, line: str, article_id: str, layer_id: str) -> Relation:
    source, label, end = line.split(">")
    return Relation(
        id=f"r{number}",
        article_id=article_id,
        layer_id=layer_id,
        label=label,
        source=source.removeprefix("#"),
        target=end.removeprefix("#") if end.startswith("#") else None,
        target_entity=end.removeprefix("@") if end.startswith("@") else None,
    )


def _parse(notation: str) -> tuple[str, dict[str, _Mark]]:
    text: list[str] = []
    starts: list[int] = []
    marks: dict[str, _Mark] = {}
    index = 0
    while index < len(notation):
        letter = notation[index]
        if letter == "\\":
            text.append(notation[index + 1])
            index += 2
        elif letter == "[":
            starts.append(len(text))
            index += 1
        elif letter == "|" and starts:
            close = notation.index("]", index)
            key, mark = _mark(notation[index + 1 : close], len(marks))
            present = marks.setdefault(key, mark)
            present.fragments.append(Fragment(starts.pop(), len(text)))
            index = close + 1
        else:
            text.append(letter)
            index += 1
    return "".join(text), marks


def _mark(spec: str, count: int) -> tuple[str, _Mark]:
    head, *words = spec.split()
    head, _, entity = head.partition("@")
    label, _, key = head.partition("#")
    mark = _Mark(label, entity=entity or None)
    for word in words:
        name, _, value = word.partition("=")
        if name == "unsure":
            mark.unsure = True
        else:
            mark.attributes[name] = {"true": True, "false": False}.get(value, value)
    return key or f"s{count + 1}", mark


def desk(article: Annotated, scheme: Scheme | None = None) -> Desk:
    """Return the desk at which the author of *article*'s layer works."""
    layer = next(iter(article.layers.values()))
    structure = Structure(article.article.text, article.article.language)
    return Desk(article, layer, scheme or news_scheme(), structure)


def find(article: Annotated, words: str, nth: int = 1) -> Fragment:
    """Return where *words* stand in the text for the *nth* time."""
    at = -1
    for _ in range(nth):
        at = article.article.text.index(words, at + 1)
    return Fragment(at, at + len(words))


def span_of(article: Annotated, words: str, label: str | None = None) -> Span:
    """Return the one span that covers exactly *words* (its fragments joined by " … ")."""
    found = [
        span
        for span in article.spans.values()
        if " … ".join(span.text) == words and label in (None, span.label)
    ]
    assert len(found) == 1, f"{len(found)} spans cover {words!r}"
    return found[0]


def shown(article: Annotated) -> list[str]:
    """Return the spans as "Label: words", in reading order."""
    spans = [span for key in article.layers for span in article.spans_of(key)]
    return [f"{span.label}: {' … '.join(span.text)}" for span in spans]


def tied(article: Annotated) -> set[str]:
    """Return the relations as "words > relation > words"; entities are written @id."""
    found = set()
    for tie in article.relations.values():
        source = " … ".join(article.spans[tie.source].text)
        target = f"@{tie.target_entity}"
        if tie.target is not None:
            target = " … ".join(article.spans[tie.target].text)
        found.add(f"{source} > {tie.label} > {target}")
    return found
