"""The full-text index. What people type is data: no operator of a query language gets through."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import regex
from sqlalchemy import Connection, Select, func, or_, select, text

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
        connection.exec_driver_sql("REINDEX INDEX texts_by_words")
        connection.exec_driver_sql("REINDEX INDEX articles_by_words")


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
    return connection.execute(
        text(_POSTGRES_SEARCH),
        {
            "query": _lexemes(words, phrase),
            "limit": limit,
            "indexed": INDEXED_CHARACTERS,
            "long": f"%{_like(words[0])}%",
        },
    ).all()


_POSTGRES_SEARCH: Final = """
WITH asked AS MATERIALIZED (SELECT CAST(:query AS tsquery) AS query),
found AS (
    SELECT a.number, ts_rank(t.words, asked.query) AS rank
    FROM asked, texts AS t JOIN articles AS a ON a.sha256 = t.sha256
    WHERE t.words @@ asked.query
    UNION
    SELECT a.number, 1 FROM asked, articles AS a
    WHERE to_tsvector('simple', a.title) @@ asked.query
    UNION
    SELECT a.number, 0 FROM texts AS t JOIN articles AS a ON a.sha256 = t.sha256
    WHERE t.length > :indexed AND t.text ILIKE :long
), best AS (
    SELECT number, max(rank) AS rank FROM found GROUP BY number ORDER BY 2 DESC, 1 LIMIT :limit
)
SELECT a.id, a.title, t.text FROM best
JOIN articles AS a ON a.number = best.number JOIN texts AS t ON t.sha256 = a.sha256
ORDER BY best.rank DESC, best.number
"""


def _lexemes(words: Sequence[str], phrase: bool) -> str:
    """Return a tsquery of quoted lexemes; words are letters and digits, so nothing gets out."""
    quoted = [f"'{word.lower()}'" for word in words]
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
    for text_, wanted in ((content, words), (_bare(content), [_bare(word) for word in words])):
        together = r"[^\p{L}\p{N}]+".join(regex.escape(word) for word in wanted)
        for pattern in (rf"\b{together}", *(rf"\b{regex.escape(word)}" for word in wanted)):
            match = regex.search(pattern, text_, regex.IGNORECASE)
            if match is not None:
                return Fragment(*match.span())
        whole = text_.casefold().find(" ".join(wanted).casefold())
        if whole >= 0 and len(text_.casefold()) == len(text_):
            return Fragment(whole, whole + len(" ".join(wanted)))
    return Fragment(0, 0)


def _bare(content: str) -> str:
    """Return *content* without diacritics, character by character, so that places stay."""
    if content.isascii():
        return content
    marks: dict[str, str | int | None] = {
        c: unicodedata.normalize("NFD", c)[0] for c in set(content)
    }
    return content.translate(str.maketrans(marks))
