"""What does not fit together in the labels of an article: nothing of it is written or taken in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from annotator.annotated import Annotated
from annotator.model import Article, Relation, Span, text_hash


def contradictions(annotated: Annotated) -> Iterator[tuple[str, str]]:
    """Yield place and reason of everything that does not fit together in an article's labels."""
    yield from of_article(annotated.article)
    for span in annotated.spans.values():
        if not _is_in_order(annotated, span):
            yield from of_span(annotated, span)
    if annotated.relations:
        yield from of_relations(
            annotated, {span.id: span.layer_id for span in annotated.spans.values()}
        )


def of_article(article: Article) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an article itself."""
    if text_hash(article.text) != article.sha256:
        yield "sha256", "The text is not the one that the SHA-256 was taken of."
    for zone in article.zones:
        if not 0 <= zone.start <= zone.end <= len(article.text):
            yield "zones", f"{zone.zone} {zone.start}-{zone.end} lies outside the text."


def _is_in_order(annotated: Annotated, span: Span) -> bool:
    """Tell at one look that nothing is wrong with a span of one fragment, as nearly all are."""
    if len(span.fragments) != 1 or len(span.text) != 1 or span.layer_id not in annotated.layers:
        return False
    if span.entity_id is not None and span.entity_id not in annotated.entities:
        return False
    text = annotated.article.text
    start, end = span.fragments[0]
    return 0 <= start < end <= len(text) and text[start:end] == span.text[0]


def of_span(annotated: Annotated, span: Span) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a span."""
    yield from ((f"span {span.id!r}", text) for text in _wrong_with(annotated, span))


def _wrong_with(annotated: Annotated, span: Span) -> Iterator[str]:
    if span.layer_id not in annotated.layers:
        yield "Its layer is not there."
    if span.entity_id is not None and span.entity_id not in annotated.entities:
        yield f"The entity {span.entity_id!r} is described nowhere up to here."
    yield from misplaced(annotated.article.text, span)


def misplaced(text: str, span: Span) -> Iterator[str]:
    """Yield what is wrong with the fragments of *span* and the words that it is said to cover."""
    if not span.fragments:
        yield "It has no fragments."
    if len(span.fragments) != len(span.text):
        yield f"It has {len(span.fragments)} fragments, but {len(span.text)} covered texts."
        return
    last = 0
    for fragment, covered in zip(span.fragments, span.text, strict=True):
        start, end = fragment
        if not 0 <= start < end <= len(text):
            yield f"{start}-{end} is not a stretch of the text, which has {len(text)} characters."
        elif start < last:
            yield f"{start}-{end} begins before the end of the fragment before it."
        elif text[start:end] != covered:
            found = text[start:end]
            yield f"{start}-{end} covers {found!r}, not {covered!r}.{_hint(text, covered)}"
        last = max(last, end)


def _hint(text: str, covered: str) -> str:
    if covered and text.count(covered) == 1:
        start = text.index(covered)
        return f" Those words stand at {start}-{start + len(covered)}."
    return ""


def of_relations(annotated: Annotated, homes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the relations of an article; *homes* are the layers of its spans."""
    for relation in annotated.relations.values():
        place = f"relation {relation.id!r}"
        yield from ((place, text) for text in _loose_ends(annotated, relation, homes))


def _loose_ends(
    annotated: Annotated, relation: Relation, homes: Mapping[str, str]
) -> Iterator[str]:
    if relation.layer_id not in annotated.layers:
        yield "Its layer is not there."
    if (relation.target is None) == (relation.target_entity is None):
        yield "It must end at one span or one entity."
    if relation.target_entity is not None and relation.target_entity not in annotated.entities:
        yield f"The entity {relation.target_entity!r} is described nowhere up to here."
    for end in (relation.source, relation.target):
        if end is not None and homes.get(end) != relation.layer_id:
            yield f"There is no span {end!r} in its layer."
