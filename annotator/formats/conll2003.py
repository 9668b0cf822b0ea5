"""CoNLL-2003 (Tjong Kim Sang and De Meulder 2003): four columns, one tag for each token.

Part of speech and phrase, which nobody marked here, are ``-X-`` and ``_``. Most trainers for named
entities take it as it is; it knows no overlaps and no blanks.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import Group, Sample, Writing
from annotator.formats.columns import DOCUMENT
from annotator.formats.conll import read
from annotator.formats.flat_columns import FATES, flat_losses, tagged_sentences
from annotator.formats.losses import Loss
from annotator.formats.replacing import replacing
from annotator.translation import later

name: Final = "conll2003"
title: Final = "CoNLL-2003"
purpose: Final = later("four columns, one tag a token, for most trainers of named entities")
group: Final = Group.TRAINING
suffixes: Final = (".conll",)
several_layers: Final = False
tokenised: Final = True

__all__ = ["FATES", "read"]


def recognises(sample: Sample) -> bool:
    """Tell it by the four columns of its first line."""
    first = sample.text.lstrip().partition("\n")[0].split()
    return len(first) == 4 and first[0] == DOCUMENT


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a document for every layer of *articles*, and return how many articles there were."""
    count = 0
    with replacing(target) as file:
        for reading in tagged_sentences(articles, writing):
            count += reading.is_first
            file.write(f"{DOCUMENT} -X- _ O\n\n".encode())
            for sentence in reading.sentences:
                lines = (f"{word} -X- _ {tag}\n" for word, tag in sentence)
                file.write(f"{''.join(lines)}\n".encode())
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the file will not say as it is."""
    return flat_losses(articles, writing)
