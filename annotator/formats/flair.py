"""Flair columns: token and tag, for ``ColumnCorpus`` with ``{0: "text", 1: "ner"}``.

Sentences are parted by empty lines; there is nothing between articles, for Flair would take it for
a token.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import Group, Writing
from annotator.formats.flat_columns import FATES, flat_losses, tagged_sentences
from annotator.formats.losses import Loss
from annotator.formats.replacing import replacing
from annotator.translation import later

name: Final = "flair"
title: Final = "Flair columns"
purpose: Final = later("two columns to train sequence taggers with Flair")
group: Final = Group.TRAINING
suffixes: Final = (".txt",)
several_layers: Final = False
tokenised: Final = True

__all__ = ["FATES"]


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write the sentences of *articles*, and return how many articles there were."""
    count = 0
    with replacing(target) as file:
        for reading in tagged_sentences(articles, writing):
            count += reading.is_first
            for sentence in reading.sentences:
                file.write("".join(f"{word} {tag}\n" for word, tag in sentence).encode() + b"\n")
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the file will not say as it is."""
    return flat_losses(articles, writing)
