"""Articles as rows of a table: which column says what, in both directions.

A row holds an article without labels. What its columns are called decides what they mean; a column
whose name says nothing to us is kept with the article under that name. Tables that we write give
values that are words a column each, and all others one column of JSON, ``metadata``, so that they
come back as what they were.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import FIELDS as ARTICLE_FIELDS
from annotator.formats import Column, Problem, Reading, carried, json_text
from annotator.formats.cells import original
from annotator.formats.decoding import Decoded, freeze
from annotator.formats.imported import Facts, ImportedArticle, finish, iso_date
from annotator.formats.losses import Fate, Loss, announced
from annotator.model import Article, JsonObject, Zone
from annotator.translation import tr_n

METADATA: Final = "metadata"
ZONES: Final = "zones"
"""Key of a line of JSON; tables have no column for it."""
FIELDS: Final = (*ARTICLE_FIELDS, METADATA)
"""What a column can be, in the order in which they are written."""

SAMPLES: Final = 3
"""Rows that are shown of a table."""
SAMPLE: Final = 80
"""Code points that are shown of a cell."""

IGNORED: Final = "-"
"""What a person calls a column that is to stay out."""

_NAMES: Final[Mapping[str, str]] = {
    "text": "text fulltext articletext bodytext maintext body content article "
    "volltext artikeltext inhalt artikel",
    "title": "title headline titel überschrift schlagzeile",
    "published": "published date publicationdate publisheddate pubdate publishedat versioncreated "
    "datum erschienen",
    "source": "source publisher publication newspaper outlet quelle zeitung medium",
    "url": "url link uri weblink",
    "language": "language lang sprache",
    "id": "id articleid documentid docid guid",
    METADATA: "metadata",
}
_SIGNS_OF_LABELS: Final = frozenset({"start", "end", "label", "tokens", "spans", "ner_tags"})
"""Columns of tables whose rows are not articles but what is marked in them."""

TABLE_FATES: Final[Mapping[str, Fate]] = dict.fromkeys(
    (ZONES, "idle_entities", "relations", "entity_relations", "verdicts", "comments", "extra"),
    Fate.LEFT_OUT,
)
LINE_FATES: Final = {name: fate for name, fate in TABLE_FATES.items() if name != ZONES}


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def fields_of(names: Iterable[str]) -> dict[str, str]:
    """Return the column for each field that the names of columns tell."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(_key(name), name)
    found: dict[str, str] = {}
    for field, known in _NAMES.items():
        column = next((by_key[key] for key in known.split() if key in by_key), None)
        if column is not None:
            found[field] = column
    return found


def distinct(cells: Iterable[str]) -> list[str]:
    """Return the names of columns, each once; those without a name are counted."""
    names: dict[str, None] = {}
    used: Counter[str] = Counter()
    for number, cell in enumerate(cells, 1):
        wish = name = original(cell.strip()) or f"column {number}"
        while name in names:
            used[wish] += 1  # goes on from the last one: thousands may have the same name
            name = f"{wish} {used[wish] + 1}"
        names[name] = None
    return list(names)


def are_articles(names: Sequence[str]) -> bool:
    """Tell whether columns of these names hold articles: a text, and no places of labels in it."""
    keys = {_key(name) for name in names}
    return "text" in fields_of(names) and not {_key(sign) for sign in _SIGNS_OF_LABELS} & keys


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table is which field; all others are kept under their names."""

    fields: Mapping[str, str]
    ignored: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Sequence[str], reading: Reading, path: Path) -> Columns:
        """Return what the columns called *names* are, as the person says or as they are called.

        What is said of columns that are not there is passed over: it may be of another table in
        the same import. Raises UserError that lists the columns where none is the text.
        """
        for column, field in reading.columns.items():
            if field not in (*FIELDS, IGNORED, ""):
                raise UserError(
                    f"{path}: the column {column!r} cannot become {field!r}. Choose one of: "
                    f"{', '.join(FIELDS)}, or {IGNORED} to leave it out."
                )
        asked = {name: field for name, field in reading.columns.items() if name in names}
        found = fields_of(name for name in names if name not in asked)
        found |= {field: name for name, field in asked.items() if field in FIELDS}
        if "text" not in found:
            raise UserError(_no_text(path, names, reading))
        return cls(found, frozenset(name for name in asked if asked[name] == IGNORED))

    def after(self, earlier: Columns | None) -> Columns:
        """Return the same where rows have columns of their own: what *earlier* ones told stays."""
        return self if earlier is None else replace(self, fields={**self.fields, **earlier.fields})


def _no_text(path: Path, names: Sequence[str], reading: Reading) -> str:
    missing = [f"There is no column {name!r}. " for name in reading.columns if name not in names]
    return (
        f"{path} has no column with the text of the articles. {''.join(missing)}Its columns are: "
        f"{', '.join(names) or 'none'}. Say which one it is (text=COLUMN), and import it again; "
        "nothing was imported."
    )


def described(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> tuple[Column, ...]:
    """Return the columns of a table for people to choose from, with what stands in *rows*."""
    first = list(islice(rows, SAMPLES))
    fields = {column: field for field, column in fields_of(names).items() if field != METADATA}
    return tuple(
        Column(name, fields.get(name, ""), tuple(_sample(row, place) for row in first))
        for place, name in enumerate(names)
    )


def _sample(row: Sequence[Any], place: int) -> str:
    value = row[place] if place < len(row) else None
    return " ".join(("" if value is None else str(value))[:SAMPLE].split())


class Rows:
    """Makes articles of the rows of one table."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[str, int] = {}

    def article(
        self, number: int, row: Mapping[str, Any], columns: Columns, raw: bytes
    ) -> Iterator[Annotated | ImportedArticle | Problem]:
        """Yield the article in a row, and what is wrong with it.

        *number* is the line that the row is in, *raw* what stands there. Rows with an id give
        articles that go by it; the same id in two rows is a problem.
        """
        column = columns.fields["text"]
        text = row.get(column)
        if not isinstance(text, str) or not any(map(str.isalnum, text)):
            yield Problem(number, column, "There is no text, so there is no article.")
            return
        id_ = _words(row.get(columns.fields.get("id", "")))
        before = self._seen.setdefault(id_, number) if id_ else number
        if before != number:
            yield Problem(number, columns.fields["id"], f"{id_} is the id of line {before} too.")
            return
        facts = _facts(row, columns)
        decoded = Decoded(freeze(text), "utf-8")
        article = finish(self._path, raw, decoded, decoded.text, facts=facts)
        # What stands above the text in it may be another headline than the table's.
        article = replace(article, title=facts.title or article.title)
        if isinstance(row.get(ZONES), list):
            try:
                article = _with_zones(article, row[ZONES])
            except carried.Untrue as error:
                yield Problem(number, ZONES, f"They are found anew, because: {error}")
        yield _named(article, id_) if id_ else article


def _facts(row: Mapping[str, Any], columns: Columns) -> Facts:
    fields = columns.fields
    said = {field: _words(row.get(column)) for field, column in fields.items() if field != METADATA}
    taken = {*fields.values(), *columns.ignored}
    if isinstance(row.get(ZONES), list):
        taken.add(ZONES)
    metadata = {key: row[key] for key in row if key not in taken and row[key] not in ("", None)}
    metadata |= _more(fields.get(METADATA, ""), row)
    published = said.get("published", "")
    day = iso_date(published)
    if published and day is None:
        metadata[fields["published"]] = published
    return Facts(
        title=said.get("title") or None,
        language=said.get("language") or None,
        source=said.get("source") or None,
        url=said.get("url") or None,
        published=day,
        metadata=metadata,
    )


def _more(column: str, row: Mapping[str, Any]) -> JsonObject:
    """Return the facts that stand together in one column as JSON; of words they are one fact."""
    value = row.get(column)
    if isinstance(value, str):
        try:
            value = json_text.loads(value)
        except ValueError:
            value = row[column]
    if isinstance(value, dict):
        return value
    return {column: value} if value not in ("", None) else {}


def _words(value: Any) -> str:
    """Return a value of one of our fields as words; numbers that are whole without ``.0``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()


def _with_zones(item: ImportedArticle, zones: Any) -> ImportedArticle:
    """Return *item* with the zones that its row states. Raises Untrue where they cannot be."""
    bare = Article(id="", title="", text=item.text, sha256=item.sha256)
    return replace(item, zones=carried.with_facts(bare, {ZONES: zones}).zones)


_SHARED: Final = ("sha256", "zones", "metadata", *(name for name in ARTICLE_FIELDS if name != "id"))


def _named(item: ImportedArticle, id_: str) -> Annotated:
    return Annotated(Article(id=id_, **{name: getattr(item, name) for name in _SHARED}))


# ---------------------------------------------------------------------------------------- writing


def row_of(article: Article) -> JsonObject:
    """Return an article as a line of JSON has it."""
    facts = {key: getattr(article, key) for key in ("published", "source", "url", "language")}
    row: JsonObject = {"id": article.id, "title": article.title, "text": article.text}
    row |= {key: value for key, value in facts.items() if value is not None}
    if article.metadata:
        row[METADATA] = carried.ordered(article.metadata)
    if article.zones:
        row[ZONES] = [_zone(zone) for zone in article.zones]
    return row


def _zone(zone: Zone) -> JsonObject:
    return {"zone": zone.zone, "start": zone.start, "end": zone.end}


def cells_of(article: Article) -> dict[str, str]:
    """Return an article as a row of a table has it: words by the name of the column."""
    row = row_of(article)
    metadata = row.pop(METADATA, {})
    row.pop(ZONES, None)
    own = {key: value for key, value in metadata.items() if _has_column(key, value)}
    rest = {key: value for key, value in metadata.items() if key not in own}
    if rest:
        own[METADATA] = json.dumps(rest, ensure_ascii=False, allow_nan=False)
    return {**own, **row}


def _has_column(key: str, value: Any) -> bool:
    """Tell whether a fact can have a column of its own, and come back from it as it was."""
    plain = isinstance(value, str) and value != "" and value == freeze(value)
    readable = key == key.strip() and key.isprintable() and key != "" and key[0].isalnum()
    known = {*FIELDS, ZONES, *(name for names in _NAMES.values() for name in names.split())}
    return plain and readable and _key(key) not in known


class Spool:
    """Rows that wait on the disk until it is known which columns they need."""

    def __init__(self, articles: Iterable[Annotated], file: BinaryIO) -> None:
        self._file = file
        self.count = 0
        there: set[str] = set()
        for item in articles:
            cells = cells_of(item.article)
            there |= cells.keys()
            file.write(json_text.line(cells))
            self.count += 1
        own = sorted(there - set(FIELDS))
        last = [METADATA] if METADATA in there else []
        self.names = (*(name for name in FIELDS if name != METADATA), *own, *last)
        """The names of the columns, in order."""

    def rows(self) -> Iterator[dict[str, str]]:
        """Yield the rows, one in memory at a time; a cell that is empty is not in it."""
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)


@contextmanager
def spooled(articles: Iterable[Annotated]) -> Iterator[Spool]:
    """Yield the rows of *articles* as tables have them."""
    with tempfile.TemporaryFile() as file:
        yield Spool(articles, file)


def losses(articles: Iterable[Annotated], fates: Mapping[str, Fate]) -> list[Loss]:
    """Return what a table of *articles* leaves out: every label, and what *fates* say."""
    labels = 0

    def counting() -> Iterator[Annotated]:
        nonlocal labels
        for item in articles:
            labels += len(item.spans)
            yield item

    found = announced(counting(), fates)
    if labels:
        sentence = tr_n(labels, "{n} label", "{n} labels")
        found.insert(0, Loss("labels", labels, Fate.LEFT_OUT, sentence))
    return found
