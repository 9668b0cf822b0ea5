"""GLiNER JSON: an array of pieces of text as tokens, with ``[first, last, label]`` on them.

The last token is inclusive. GLiNER cuts off what is longer than ``max_len`` (384 tokens), so that
articles are cut into pieces of whole sentences, never inside a span. Spans may overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import Group, Writing, json_text
from annotator.formats.conll import FATES as COLUMN_FATES
from annotator.formats.losses import Fate, Loss
from annotator.formats.readings import layers_of
from annotator.formats.replacing import replacing
from annotator.formats.tokens import (
    Tokens,
    laid,
    sentences,
    snapped,
    token_losses,
    tokeniser,
    tokens_of,
)
from annotator.model import JsonObject
from annotator.translation import later, tr_n

name: Final = "gliner"
title: Final = "GLiNER JSON"
purpose: Final = later("tokens and spans to train GLiNER with")
group: Final = Group.TRAINING
suffixes: Final = (".json",)
several_layers: Final = False
tokenised: Final = True

FATES: Final = {
    **COLUMN_FATES,
    **dict.fromkeys(("titles", "facts", "zones", "authors"), Fate.LEFT_OUT),
}
LONGEST: Final = 384
"""Tokens of a piece: GLiNER's ``max_len``."""


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write the pieces of *articles*, and return how many articles there were."""
    tokenise = tokeniser(writing.tokens)
    count = 0
    with replacing(target) as file:
        before = b"["
        for item in articles:
            count += 1
            for piece in _pieces(item, tokens_of(item.article, tokenise)):
                file.write(before + b"\n" + json_text.line(piece).rstrip(b"\n"))
                before = b","
        file.write(b"\n]\n" if before == b"," else b"[]\n")
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the pieces will not say as it is, and which of them GLiNER would cut."""
    tokenise = tokeniser(writing.tokens)
    cut = 0

    def watched() -> Iterator[Annotated]:
        nonlocal cut
        for item in articles:
            pieces = _pieces(item, tokens_of(item.article, tokenise))
            cut += sum(len(piece["tokenized_text"]) > LONGEST for piece in pieces)
            yield item

    stated = token_losses(watched(), writing, FATES)
    sentence = tr_n(
        cut,
        "{n} piece of text is longer than 384 tokens, and GLiNER cuts it off there",
        "{n} pieces of text are longer than 384 tokens, and GLiNER cuts them off there",
    )
    return [*([Loss("long_pieces", cut, Fate.CHANGED, sentence)] if cut else []), *stated]


def _pieces(item: Annotated, tokens: Tokens) -> Iterator[JsonObject]:
    """Yield the pieces of every reading of an article."""
    moved = snapped(item, tokens)
    words = tokens.words()
    for layer in layers_of(moved):
        spans = [] if layer is None else moved.spans_of(layer.id)
        found = sorted(laid(spans, tokens), key=lambda chunk: (chunk.first, -chunk.end))
        for part in _packed(sentences(tokens, spans, item.article.language)):
            yield {
                "tokenized_text": words[part.start : part.stop],
                "ner": [
                    [first - part.start, end - 1 - part.start, label]
                    for label, first, end in found
                    if first in part
                ],
            }


def _packed(parts: Iterable[range]) -> Iterator[range]:
    """Yield as many sentences together as a piece may have tokens."""
    piece = range(0)
    for part in parts:
        if piece and part.stop - piece.start > LONGEST:
            yield piece
            piece = range(0)
        piece = range(piece.start if piece else part.start, part.stop)
    if piece:
        yield piece
