"""JSON Lines of articles without labels, as archives, crawlers and scripts keep them.

A line is an object; its keys are told as the columns of a table are (see
:mod:`annotator.formats.article_rows`). A file that is one JSON array of such objects is read too.
Read and written one article at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import (
    Column,
    Group,
    Problem,
    Reading,
    Sample,
    Writing,
    json_array,
    json_text,
)
from annotator.formats.article_rows import (
    LINE_FATES,
    ZONES,
    Columns,
    Rows,
    are_articles,
    described,
    losses,
    row_of,
)
from annotator.formats.imported import ImportedArticle
from annotator.formats.losses import Loss
from annotator.formats.replacing import replacing
from annotator.translation import later

name: Final = "articles-jsonl"
title: Final = "JSON Lines of articles"
purpose: Final = later("articles without labels, for scripts")
group: Final = Group.ARTICLES
suffixes: Final = (".jsonl", ".ndjson", ".json")

FATES: Final = LINE_FATES

_FIRST: Final = 1_000
"""Lines whose keys are the columns that people choose from."""

_PLACES: Final = frozenset({"start", "end", "begin", "start_offset", "offset", "label"})


def recognises(sample: Sample) -> bool:
    """Tell whether the first object has a text and no labels."""
    line = sample.json
    if not isinstance(line, dict) or not are_articles(list(line)):
        return False
    lists = (value for key, value in line.items() if key != ZONES and isinstance(value, list))
    return not any(_are_labels(values) for values in lists)


def _are_labels(values: list[object]) -> bool:
    """Tell whether a list is one of labels: objects with places, or places with a name."""
    for value in values:
        if isinstance(value, dict) and _PLACES & value.keys():
            return True
        if isinstance(value, list) and {int, str} <= set(map(type, value)):
            return True
    return False


def read(path: Path, reading: Reading) -> Iterator[Annotated | ImportedArticle | Problem]:
    """Yield the articles of a file; those that have ids go by them.

    Raises UserError where the first line has no text.
    """
    rows = Rows(path)
    columns: Columns | None = None
    seen: dict[str, None] = {}
    for number, value in json_array.elements(path):
        if isinstance(value, Problem):
            yield value
        elif not isinstance(value, dict):
            yield Problem(number, "", "It is no object with the text of an article.")
        else:
            if columns is None or not value.keys() <= seen.keys():
                seen |= dict.fromkeys(value)
                columns = Columns.of(list(seen), reading, path).after(columns)
            yield from rows.article(number, value, columns, json_text.line(value))


def table_columns(path: Path) -> tuple[Column, ...]:
    """Return the keys of the first lines. Raises UserError where the file cannot be read."""
    first = [value for _, value in islice(json_array.elements(path), _FIRST)]
    lines = [value for value in first if isinstance(value, dict)]
    names = list(dict.fromkeys(key for line in lines for key in line if key != ZONES))
    return described(names, ([line.get(name) for name in names] for line in lines))


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a line for each article, and return their number."""
    count = 0
    with replacing(target) as file:
        for item in articles:
            file.write(json_text.line(row_of(item.article)))
            count += 1
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles: every label."""
    return losses(articles, FATES)
