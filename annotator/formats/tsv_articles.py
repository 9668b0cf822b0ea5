"""TSV of articles: a row for each (see :mod:`annotator.formats.delimited`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import Group, Sample, Writing
from annotator.formats.delimited import (
    FATES,
    cannot_carry,
    is_table,
    read,
    table_columns,
    write_rows,
)
from annotator.translation import later

name: Final = "articles-tsv"
title: Final = "TSV of articles"
purpose: Final = later("articles without labels, cells between tabs")
group: Final = Group.ARTICLES
suffixes: Final = (".tsv", ".tab")

__all__ = ["FATES", "cannot_carry", "read", "table_columns"]


def recognises(sample: Sample) -> bool:
    """Tell whether the first line names columns of articles."""
    return is_table(sample, "\t")


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a row for each article, and return their number."""
    return write_rows(articles, target, writing, separator="\t", mark=False)
