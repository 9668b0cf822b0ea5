"""The full-text index. What people type is data: no operator of a query language gets through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import regex
from sqlalchemy import Connection, Select, cast, func, literal_column, or_, select, union
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from annotator.model import Fragment
from annotator.store import schema
from annotator.store.columns import escape, unescape
from annotator.store.schema import INDEXED_CHARACTERS
from annotator.store.values import Hit

_WORD: Final = regex.compile(r"[\p{L}\p{N}\p{M}\p{Co}]+")
_UNSPACED: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]"
)
"""Scripts that are written without blanks between words: there the index holds whole phrases."""

_CONTEXT: Final = 60


def learn(connection: Connection, numbers: Sequence[int]) -> None:
    """Take the articles with these numbers into the index, as they are now."""
    if connection.dialect.name == "sqlite" and numbers:
        connection.exec_driver_sql(
            "INSERT INTO fulltext (rowid, title, text)"
            " SELECT number, title, text FROM searchable WHERE number = ?",
            [(number,) for number in numbers],
        )


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """Take the articles with these numbers out of the index, before they change."""
    if connection.dialect.name == "sqlite" and numbers:
        connection.exec_driver_sql(
            "INSERT INTO fulltext (fulltext, rowid, title, text)"
            " SELECT 'delete', number, title, text FROM searchable WHERE number = ?",
            [(number,) for number in numbers],
        )


def rebuild(connection: Connection) -> None:
    """Make the index anew from the articles."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO fulltext (fulltext) VALUES ('rebuild')")
    else:
        texts = schema.texts
        for sha256, content in connection.execute(select(texts.c.sha256, texts.c.text)).all():
            connection.exec_driver_sql(
                f"UPDATE texts SET words = {POSTGRES_WORDS} WHERE sha256 = %s",
                (indexed(content), sha256),
            )


POSTGRES_WORDS: Final = "to_tsvector('simple', %s)"
"""Takes :func:`indexed` of a text."""


def indexed(content: str) -> str:
    """Return the words of a text as a server indexes them: bare, in lower case."""
    return " ".join(words_of(_bare(content[:INDEXED_CHARACTERS]).lower()))


def words_of(query: str) -> list[str]:
    """Return the words of what somebody looks for."""
    return [match[0] for match in _WORD.finditer(query)]


def search(connection: Connection, query: str, limit: int) -> list[Hit]:
    """Return the articles that have all words of *query*, the last as a beginning, best first.

    Words in quotation marks have to stand together. Scripts without blanks, and texts where the
    index finds nothing, are searched for the very string.
    """
    wanted = unicodedata.normalize("NFC", query).strip()
    words = words_of(wanted)
    if not wanted or limit <= 0:
        return []
    phrase = len(wanted) > 1 and wanted[0] in '"“„«' and wanted[-1] in '"”“»'
    rows: Sequence[Any] = ()
    if words and _UNSPACED.search(wanted) is None:
        rows = _indexed(connection, words, phrase, limit)
    if not rows:
        needle = " ".join(words) if phrase else wanted
        rows = _containing(connection, needle, limit)
        words = [needle]
    return [_hit(unescape(i), unescape(t), unescape(x), words) for i, t, x in rows]


def match_expression(words: Sequence[str], *, phrase: bool = False) -> str:
    """Return the FTS5 expression for *words*: all of them, the last as a beginning."""
    if phrase:
        return '"' + " ".join(words) + '"'
    return " ".join(f'"{word}"' for word in words) + "*"


def _indexed(
    connection: Connection, words: Sequence[str], phrase: bool, limit: int
) -> Sequence[Any]:
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql(
            "SELECT a.id, a.title, t.text FROM"
            " (SELECT rowid FROM fulltext WHERE fulltext MATCH ? ORDER BY rank LIMIT ?) AS f"
            " JOIN articles AS a ON a.number = f.rowid JOIN texts AS t ON t.sha256 = a.sha256",
            (match_expression(words, phrase=phrase), limit),
        ).all()
    articles = schema.articles
    titled = [
        articles.c.title_key.like(f"%{_like(word.casefold())}%", escape="\\") for word in words
    ]
    beyond = [schema.texts.c.text.ilike(f"%{_like(word)}%", escape="\\") for word in words]
    long = schema.texts.c.length > INDEXED_CHARACTERS
    query = cast(_lexemes(words, phrase), TSQUERY)
    fit = literal_column("texts.words", TSVECTOR).bool_op("@@")(query)
    rank = func.ts_rank(literal_column("texts.words"), query)
    # A union, because an OR over two tables would look at every row.
    found = union(
        _with_texts(articles.c.number).where(fit),
        select(articles.c.number).where(*titled),
        _with_texts(articles.c.number).where(long, *beyond),
    )
    return connection.execute(
        _with_texts(articles.c.id, articles.c.title, schema.texts.c.text)
        .where(articles.c.number.in_(found))
        .order_by(func.coalesce(rank, 0).desc(), articles.c.number)
        .limit(limit)
    ).all()


def _lexemes(words: Sequence[str], phrase: bool) -> str:
    """Return a tsquery of quoted lexemes; words are letters and digits, so nothing gets out."""
    quoted = [f"'{_bare(word).lower()}'" for word in words]
    return " <-> ".join(quoted) if phrase else " & ".join(quoted) + ":*"


def _like(needle: str) -> str:
    """Return *needle* with what LIKE would read as a wildcard escaped by a backslash."""
    return escape(needle).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _containing(connection: Connection, needle: str, limit: int) -> Sequence[Any]:
    texts, articles = schema.texts, schema.articles
    pattern = f"%{_like(needle)}%"
    # LIKE of SQLite folds ASCII, as much as ILIKE does everywhere.
    like = "like" if connection.dialect.name == "sqlite" else "ilike"
    conditions = (
        getattr(column, like)(pattern, escape="\\") for column in (texts.c.text, articles.c.title)
    )
    return connection.execute(
        _with_texts(articles.c.id, articles.c.title, texts.c.text)
        .where(or_(*conditions))
        .order_by(articles.c.number)
        .limit(limit)
    ).all()


def _with_texts(*wanted: Any) -> Select[Any]:
    texts, articles = schema.texts, schema.articles
    return select(*wanted).join_from(articles, texts, texts.c.sha256 == articles.c.sha256)


def containing(connection: Connection, needle: str) -> Iterator[tuple[str, str]]:
    """Yield id and text of the articles that may hold the very string *needle*."""
    words = words_of(needle)
    sqlite = connection.dialect.name == "sqlite"
    if sqlite and words and _UNSPACED.search(needle) is None:
        rows: Iterable[Any] = connection.exec_driver_sql(
            "SELECT a.id, t.text FROM fulltext AS f JOIN articles AS a ON a.number = f.rowid"
            " JOIN texts AS t ON t.sha256 = a.sha256 WHERE fulltext MATCH ? ORDER BY a.number",
            ("{text} : " + match_expression(words, phrase=True) + "*",),
        )
    else:
        texts, articles = schema.texts, schema.articles
        place = func.instr if sqlite else func.strpos
        rows = connection.execute(
            _with_texts(articles.c.id, texts.c.text)
            .where(place(texts.c.text, escape(needle)) > 0)
            .order_by(articles.c.number)
        )
    for article_id, content in rows:
        yield article_id, unescape(content)


def _hit(article_id: str, title: str, content: str, words: Sequence[str]) -> Hit:
    fragment = locate(content, words)
    begin = max(0, fragment.start - _CONTEXT)
    end = min(len(content), fragment.end + _CONTEXT)
    snippet = content[begin:end]
    place = Fragment(fragment.start - begin, fragment.end - begin)
    return Hit(article_id, title, fragment, snippet, place)


def locate(content: str, words: Sequence[str]) -> Fragment:
    """Return the best place for *words* in *content*: all together, else the first of them.

    An empty fragment at the beginning stands for a hit in the title.
    """
    plain = _locate_plain(content, words)
    if plain is not None:
        return plain
    for pattern in _patterns(tuple(words)):
        match = pattern.search(content)
        if match is not None:
            return Fragment(*match.span())
    if content.isascii():
        return Fragment(0, 0)
    bare = _bare(content)
    for pattern in _patterns(tuple(_bare(word) for word in words)):
        match = pattern.search(bare)
        if match is not None:
            return Fragment(*match.span())
    return Fragment(0, 0)


def _locate_plain(content: str, words: Sequence[str]) -> Fragment | None:
    """Return where *words* stand with blanks between them, without a pattern: most often so."""
    lower = content.lower()
    wanted = " ".join(words).lower()
    at = lower.find(wanted) if len(lower) == len(content) else -1
    if at < 0 or (at > 0 and lower[at - 1].isalnum()):
        return None
    return Fragment(at, at + len(wanted))


@lru_cache(maxsize=64)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    together = r"[\W_]+".join(re.escape(word) for word in words)
    each = (rf"\b{re.escape(word)}" for word in words)
    # The last one is for scripts without blanks and for parts of words.
    return tuple(re.compile(p, re.IGNORECASE) for p in (rf"\b{together}", *each, together))


def _bare(content: str) -> str:
    """Return *content* without diacritics, character by character, so that places stay."""
    if content.isascii():
        return content
    marks: dict[str, str | int | None] = {
        c: unicodedata.normalize("NFD", c)[0] for c in set(content)
    }
    return content.translate(str.maketrans(marks))
