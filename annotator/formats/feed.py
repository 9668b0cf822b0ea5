"""News feeds that were saved (RSS 0.9 to 2.0, Atom): each entry is an article.

feedparser reads the many dialects and takes scripts out; what is left is cut to text by the reader
of web pages. The feed is read from the file; nothing that it names is fetched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, decoding, wire
from annotator.formats.decoding import Decoded
from annotator.formats.imported import Facts, ImportedArticle, iso_date, load
from annotator.formats.layout import Piece
from annotator.formats.wire import Parts, Source
from annotator.translation import later, tr_n

name: Final = "feed"
title: Final = "RSS or Atom feed"
purpose: Final = later("a saved news feed, an article for each entry")
group: Final = Group.ARTICLES
suffixes: Final = (".rss", ".atom", ".rdf")

_FEED: Final = re.compile(
    # Atomic: where a comment could end in two ways, n of them would be tried in 2^n.
    r"\s*+(?:(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+>)\s*+)*+<(?:rss\b|(?:\w+:)?feed\b[^>]*Atom|"
    r"rdf:RDF\b[^>]*(?:purl\.org/rss|netscape\.com/rdf))",
    re.IGNORECASE | re.DOTALL,
)
_DECLARED: Final = re.compile(rb"""\A\s*<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
_LOST: Final = (LookupError, ValueError, TypeError, AttributeError)
"""What feedparser stumbles over where an element ends in another one than it began in."""
_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))


def recognises(sample: Sample) -> bool:
    """Tell whether this is a feed."""
    return _FEED.match(sample.text) is not None


def read(path: Path, reading: Reading) -> Iterator[ImportedArticle | Problem]:
    """Yield an article for each entry, in the order of the feed; one without text is a problem.

    Raises UserError where the file is no feed, must not be opened, or has no entries.
    """
    data = load(path)
    declared = _DECLARED.match(data)
    asked = None if declared is None else declared[1].decode("ascii")
    decoded = decoding.decode(data, declared=asked, asked=reading.encoding)
    feed = _parsed(path, decoded.text)
    entries = feed.entries
    if not entries:
        raise UserError(f"{path} is no feed with entries. Nothing was imported.")
    bodies = [_body(entry) for entry in entries]
    brief = sum(not full and wire.has_words(pieces) for pieces, full in bodies)
    note = "" if not brief else _note(brief)
    source = Source(path, Decoded("", decoded.encoding))
    for number, (entry, (pieces, _)) in enumerate(zip(entries, bodies, strict=True), 1):
        headline = wire.words_of(entry.get("title", ""))
        if not wire.has_words(pieces):
            yield Problem(0, f"entry {number}", f"“{headline}” has no text in the feed.")
            continue
        article = source.article(
            Parts(headline=headline, body=pieces, led=False),
            _facts(entry, feed.feed, headline),
            _original(entry),
        )
        yield replace(article, note=f"{article.note} {note}".strip())
        note = ""


def _parsed(path: Path, text: str) -> Any:
    import feedparser

    if re.search(r"<!\s*ENTITY", text, re.IGNORECASE):
        raise UserError(
            f"{path} defines entities of its own, which can hide very large or foreign contents. "
            "It is not read; save it without them."
        )
    source = _DECLARATION.sub("", text).translate(_CONTROLS)
    # A stream: what feedparser is given as words it might take for an address.
    try:
        return feedparser.parse(
            io.BytesIO(source.encode("utf-8")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=True,
        )
    except _LOST as error:
        raise UserError(
            f"{path} has elements inside one another that no feed has there, such as an entry in "
            "a category. Nothing was imported."
        ) from error


def _body(entry: Any) -> tuple[tuple[Piece, ...], bool]:
    """Return the paragraphs of an entry, and whether they are more than its summary."""
    contents = [*entry.get("content", ()), *filter(None, [entry.get("summary_detail")])]
    found = [(_pieces(one), one) for one in contents]
    best = max(found, key=lambda item: sum(len(piece.text) for piece in item[0]), default=None)
    return ((), False) if best is None else (best[0], best[1] in entry.get("content", ()))


def _pieces(content: Any) -> tuple[Piece, ...]:
    value = str(content.get("value", ""))
    if content.get("type") == "text/plain":
        return wire.plain_pieces(value)
    return wire.markup_pieces(value)


def _facts(entry: Any, feed: Any, headline: str) -> Facts:
    published = str(entry.get("published") or entry.get("updated") or "")
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    day = iso_date(published)
    if day is None and parsed is not None:
        day = f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}"
    contents = entry.get("content", ())
    language = next((one.get("language") for one in contents if one.get("language")), None)
    source = entry.get("source", {}).get("title") or feed.get("title") or ""
    return Facts(
        title=headline or None,
        language=wire.primary_language(language or feed.get("language")),
        source=wire.words_of(source) or None,
        url=entry.get("link") or None,
        published=day,
        metadata=wire.stated(
            {
                "author": entry.get("author", ""),
                "guid": entry.get("id", ""),
                "tags": "; ".join(tag.term for tag in entry.get("tags", ()) if tag.term),
            }
        ),
    )


def _original(entry: Any) -> bytes:
    """Return the markup that an article was cut from."""
    values = [str(one.get("value", "")) for one in entry.get("content", ())]
    return "\n".join(values or [str(entry.get("summary", ""))]).encode("utf-8", "replace")


def _note(brief: int) -> str:
    return tr_n(
        brief,
        "{n} entry of the feed holds a summary only, not the article.",
        "{n} entries of the feed hold a summary only, not the article.",
    )
