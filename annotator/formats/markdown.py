"""Markdown files: the words without the markup, headings as zones (CommonMark, and tables)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotator.formats import Group, Reading, Sample, decoding
from annotator.formats.imported import Facts, ImportedArticle, finish, iso_date, load
from annotator.formats.layout import Piece, lay_out
from annotator.translation import later

if TYPE_CHECKING:
    from markdown_it.token import Token

name: Final = "markdown"
title: Final = "Markdown"
purpose: Final = later("an article with headings and emphasis")
group: Final = Group.ARTICLES
suffixes: Final = (".md", ".markdown", ".mdown")

_FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY: Final = re.compile(r"""^([\w-]+)[ \t]*:[ \t]*(["']?)(.*?)\2[ \t]*$""", re.MULTILINE)
_SHORT: Final = 40
"""Words up to which an emphasised paragraph under the headline is a sub-headline."""


def recognises(sample: Sample) -> bool:
    """Say no: any text is Markdown, so that the name has to tell."""
    return False


def read(path: Path, reading: Reading) -> Iterator[ImportedArticle]:
    """Yield the article in a Markdown file as the text that a reader of the page would see.

    Raises UserError, UndecidedEncodingError among them.
    """
    from markdown_it import MarkdownIt

    data = load(path)
    decoded = decoding.decode(data, asked=reading.encoding)
    facts, source = _front_matter(decoded.text)
    parsed = MarkdownIt("commonmark").enable("table").parse(source)
    pieces = list(_pieces(parsed))
    if facts.title and not any(piece.zone == "headline" for piece in pieces):
        pieces.insert(0, Piece(facts.title, "headline"))
    text, known = lay_out(pieces)
    yield finish(path, data, decoded, text, facts=facts, known=known)


def _front_matter(text: str) -> tuple[Facts, str]:
    """Return what the ``key: value`` lines before the text say, and the text after them."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Facts(), text
    entries = {key.lower(): value for key, _, value in _ENTRY.findall(match[1]) if value}
    day = next((entries.pop(key) for key in ("date", "published") if key in entries), "")
    published = iso_date(day)
    if day and published is None:
        entries["date"] = day
    facts = Facts(
        title=entries.pop("title", None),
        language=entries.pop("language", entries.pop("lang", None)),
        source=entries.pop("source", None),
        url=entries.pop("url", None),
        published=published,
        metadata=entries,
    )
    return facts, text[match.end() :]


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    """Yield the blocks in reading order; rows of a table and items of a list stand together."""
    titled = subhead_possible = False
    depth = 0
    row: list[str] = []
    for index, token in enumerate(tokens):
        around = tokens[index - 1].type if index else ""
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type in ("fence", "code_block"):
            yield Piece(token.content.rstrip("\n"), "body")
        elif token.type == "tr_close":
            yield Piece("\t".join(row), "body", close=True)
            row = []
        elif token.type == "inline" and around in ("th_open", "td_open"):
            row.append(_words(token))
        elif token.type == "inline" and around == "heading_open":
            zone = "section_heading" if titled else "headline"
            titled = True
            subhead_possible = zone == "headline"
            yield Piece(_words(token), zone)
        elif token.type == "inline":
            yield Piece(_words(token), _zone(token, subhead_possible), close=depth > 0)
            subhead_possible = False


def _zone(token: Token, subhead_possible: bool) -> str | None:
    """Return the zone that the markup of a paragraph tells, or None."""
    children = token.children or []
    if all(child.type in ("image", "softbreak") for child in children):
        return "caption"
    whole = len(children) > 2 and children[0].type in ("em_open", "strong_open")
    closing = whole and children[-1].type == children[0].type.replace("open", "close")
    if closing and subhead_possible and len(token.content.split()) <= _SHORT:
        return "subhead"
    return None


def _words(token: Token) -> str:
    """Return what a reader sees of an inline token."""
    words: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type == "softbreak":
            words.append(" ")
        elif child.type == "hardbreak":
            words.append("\n")
        elif child.type == "image":
            words.append(child.content)
    return "".join(words)
