"""Articles that come in parts: headline, byline and text apart, as wire services send them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator.formats import html
from annotator.formats.decoding import Decoded, freeze
from annotator.formats.imported import Facts, ImportedArticle, finish
from annotator.formats.layout import Piece, lay_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of one article, in the order in which they are laid out."""

    headline: str = ""
    subhead: str = ""
    byline: str = ""
    dateline: str = ""
    body: tuple[Piece, ...] = ()
    captions: tuple[str, ...] = ()
    led: bool = True
    """Whether the first paragraph of the text is its lead; else that is found out."""

    def pieces(self) -> list[Piece]:
        """Return the blocks of the article; a headline that the text repeats stands there once."""
        head = (
            Piece(self.headline, "headline"),
            Piece(self.subhead, "subhead"),
            Piece(self.byline, "byline"),
            Piece(self.dateline, "dateline"),
        )
        said = {_plain(piece.text) for piece in head if piece.text}
        body = [
            piece
            for number, piece in enumerate(self.body)
            if number > 2 or _plain(piece.text) not in said
        ]
        first = next((n for n, piece in enumerate(body) if piece.zone is None), None)
        if self.led and first is not None and self.headline:
            body[first] = replace(body[first], zone="lead")
        known = {_plain(piece.text) for piece in body}
        captions = [Piece(text, "caption") for text in self.captions if _plain(text) not in known]
        return [*head, *body, *captions]


@dataclass(frozen=True, slots=True)
class Source:
    """The file that articles come from, and the encoding that it was in."""

    path: Path
    decoded: Decoded = field(default=Decoded("", "utf-8"))

    def article(self, parts: Parts, facts: Facts, original: bytes) -> ImportedArticle:
        """Return the article made of *parts*. Raises UserError where there are no words in it."""
        text, known = lay_out(parts.pieces())
        return finish(self.path, original, self.decoded, text, facts=facts, known=known)


def has_words(pieces: Iterable[Piece]) -> bool:
    """Tell whether there is a word in *pieces*."""
    return any(char.isalnum() for piece in pieces for char in piece.text)


def plain_pieces(text: str) -> tuple[Piece, ...]:
    """Return the paragraphs of a text without markup: its lines."""
    return tuple(Piece(line) for line in freeze(text).split("\n") if line.strip())


def markup_pieces(markup: str) -> tuple[Piece, ...]:
    """Return the paragraphs of a piece of HTML."""
    return tuple(html.pieces(markup))


def words_of(markup: str) -> str:
    """Return what a piece of HTML says, in one line."""
    return " ".join(" ".join(piece.text for piece in html.pieces(markup)).split())


def primary_language(code: object) -> str | None:
    """Return the language of a code such as ``de-DE``, without the country."""
    return str(code or "").replace("_", "-").partition("-")[0].strip().lower() or None


def stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of *facts* that say something."""
    return {key: value for key, value in facts.items() if value not in ("", None, [], {})}


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
