"""Sentences of tokens with one tag each, for trainers that know no overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from annotator.annotated import Annotated
from annotator.formats import Writing, tags
from annotator.formats.columns import DOCUMENT
from annotator.formats.conll import FATES as COLUMN_FATES
from annotator.formats.losses import Fate, Loss, flat
from annotator.formats.readings import layers_of
from annotator.formats.tokens import (
    laid,
    sentences,
    snapped,
    token_losses,
    tokeniser,
    tokens_of,
)
from annotator.translation import tr_n

FATES: Final = {
    **COLUMN_FATES,
    **dict.fromkeys(("titles", "facts", "zones", "authors", "overlaps"), Fate.LEFT_OUT),
}


class Tagged(NamedTuple):
    """One reading of an article: tokens and their tags, by sentences."""

    is_first: bool
    """Whether it is the first reading of its article."""
    sentences: list[list[tuple[str, str]]]


def tagged_sentences(articles: Iterable[Annotated], writing: Writing) -> Iterator[Tagged]:
    """Yield the readings of *articles*; of spans that overlap the longest is left."""
    tokenise = tokeniser(writing.tokens)
    for item in articles:
        tokens = tokens_of(item.article, tokenise)
        moved = snapped(item, tokens)
        words = [_printed(word) for word in tokens.words()]
        for number, layer in enumerate(layers_of(item)):
            spans = [] if layer is None else flat(moved.spans_of(layer.id))
            marks = tags.tagged(len(tokens), laid(spans, tokens), writing.tags)
            parts = sentences(tokens, spans, item.article.language)
            yield Tagged(not number, [[(words[at], marks[at]) for at in part] for part in parts])


def _printed(word: str) -> str:
    """Return *word* as it can stand in a column that blanks end."""
    found = "".join(char for char in word if not char.isspace() and char >= " ")
    return found.strip("-") if found == DOCUMENT else found or "_"


def flat_losses(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what single tags will not say as it is."""
    count = 0

    def counted() -> Iterator[Annotated]:
        nonlocal count
        for item in articles:
            count += 1
            yield item

    stated = token_losses(counted(), writing, FATES)
    sentence = tr_n(
        count,
        "name and blanks of {n} article: its text can only be put together from tokens",
        "names and blanks of {n} articles: their texts can only be put together from tokens",
    )
    return [*([Loss("blanks", count, Fate.CHANGED, sentence)] if count else []), *stated]
