"""Saved web pages: the article in them, with what the page says about it.

The page is walked in reading order, and trafilatura judges what of it is the article. What stands
between the article's own paragraphs is kept as a caption, a byline or boilerplate; what stands
around it (menus, footers, lists of other articles) is left out. Nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from annotator.errors import UserError
from annotator.formats import Group, Reading, Sample, decoding
from annotator.formats.imported import (
    LONGEST,
    TOO_LONG,
    Facts,
    ImportedArticle,
    finish,
    iso_date,
    load,
)
from annotator.formats.layout import Piece, lay_out
from annotator.translation import later

name: Final = "html"
title: Final = "Web page"
purpose: Final = later("a saved page of a newspaper")
group: Final = Group.ARTICLES
suffixes: Final = (".html", ".htm", ".xhtml")

_PAGE: Final = re.compile(
    # Atomic: where a comment could end in two ways, n of them would be tried in 2^n.
    r"\s*+(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)

_DROPPED_TAGS: Final = """
    script style noscript template svg math iframe object embed form button select textarea canvas
    audio video head input option
"""
_INLINE_TAGS: Final = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt
    ruby s samp small span strike strong sub sup time tt u var wbr
"""
_DROPPED: Final = frozenset(_DROPPED_TAGS.split())
_INLINE: Final = frozenset(_INLINE_TAGS.split())
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_AROUND: Final = frozenset({"nav", "footer", "aside"})
_SPACE: Final = re.compile(r"[ \t\n\r\f\v]+")
_NAMED: Final = re.compile(
    r"caption|credit|byline|author|subhead|standfirst|deck|dek\b", re.IGNORECASE
)
_ZONE_OF_NAME: Final = {
    "caption": "caption",
    "credit": "caption",
    "byline": "byline",
    "author": "byline",
    "subhead": "subhead",
    "standfirst": "subhead",
    "deck": "subhead",
    "dek": "subhead",
}
_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
_LINE: Final = 300
LARGEST: Final = 64 * 1024**2
"""Bytes of a page: most of those of a large one are pictures that were saved in it."""
MOST_ELEMENTS: Final = 50_000
"""Of one page; the longest lists of an encyclopedia have half of that."""
DEEPEST: Final = 250
"""Elements one inside the other; beyond 2,048 the parser itself passes them over in silence."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of the page: its words, its element, and what its names in the page tell."""

    text: str
    tag: str
    zone: str | None
    around: bool
    """It lies in a menu, a footer or a side column."""


def recognises(sample: Sample) -> bool:
    """Tell whether this is a web page."""
    return _PAGE.match(sample.text) is not None


def read(path: Path, reading: Reading) -> Iterator[ImportedArticle]:
    """Yield the article in a saved page.

    Raises UserError, UndecidedEncodingError among them; also where the page has no article, or is
    so large or so deeply nested that to read it would take minutes.
    """
    from lxml import etree, html

    data = load(path, LARGEST)
    declared = decoding.declared_in_html(data)
    decoded = decoding.decode(data, declared=declared, asked=reading.encoding)
    source = re.sub(r"\A\s*<\?xml[^>]*\?>", "", decoded.text.translate(_CONTROLS))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        page = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise UserError(f"{path} is not a web page: {error}. Nothing was imported.") from error
    _refuse_endless(page, path)
    facts = _facts(page)
    pieces = _article(list(_blocks(page)), _main_paragraphs(source), facts.title)
    text, known = lay_out(pieces)
    if not text:
        raise UserError(f"{path} has no article in it. Save the page itself, or paste its text.")
    yield finish(path, data, decoded, text, facts=facts, known=known)


def _refuse_endless(page: Any, path: Path) -> None:
    """Raise UserError for a page of more elements, or of deeper ones, than people write."""
    from lxml import etree

    count = depth = letters = 0
    for event, element in etree.iterwalk(page, events=("start", "end")):
        begins = event == "start"
        depth += 1 if begins else -1
        count += begins
        if begins and element.tag not in _DROPPED:
            letters += len(element.text or "")
        elif not begins:
            letters += len(element.tail or "")
        if letters > LONGEST:
            raise UserError(f"{path}: {TOO_LONG} Nothing was imported.")
        if depth > DEEPEST:
            raise UserError(
                f"{path} has more than {DEEPEST} elements one inside the other; no article is "
                "made so. Paste its text, or save it in another format."
            )
        if count > MOST_ELEMENTS:
            raise UserError(
                f"{path} has more than {MOST_ELEMENTS:,} elements, too many for one article. "
                "Split it, or save its text in another format."
            )


def pieces(markup: str) -> list[Piece]:
    """Return the blocks of a piece of markup in which everything belongs to the article."""
    from lxml import etree, html

    source = markup.translate(_CONTROLS).encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        page = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, ValueError):
        return []
    found = (_piece(block, main=True, headline=False) for block in _blocks(page))
    return [piece for piece in found if piece is not None]


def _facts(page: Any) -> Facts:
    from trafilatura.metadata import extract_metadata

    found: Any = extract_metadata(page, extensive=False)
    if found is None:
        return Facts(language=page.get("lang"))
    stated = {
        "author": found.author,
        "description": found.description,
        "categories": "; ".join(found.categories or ()),
        "tags": "; ".join(found.tags or ()),
        "license": found.license,
    }
    language = page.get("lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    return Facts(
        title=found.title,
        language=language.replace("_", "-").split("-")[0].lower() or None,
        source=found.sitename or found.hostname,
        url=found.url,
        published=iso_date(found.date or ""),
        metadata={key: value for key, value in stated.items() if value},
    )


def _main_paragraphs(source: str) -> frozenset[str]:
    """Return the paragraphs that trafilatura takes for the article, blanks made equal."""
    import trafilatura

    document = trafilatura.bare_extraction(
        source, include_comments=False, include_tables=True, favor_recall=True, with_metadata=False
    )
    body = getattr(document, "body", None)
    if body is None:
        return frozenset()
    found = (
        "".join(element.itertext())
        for element in body.iter("p", "head", "item", "quote", "cell", "ab")
    )
    return frozenset(words for text in found if (words := _key(text)))


def _key(text: str) -> str:
    """Return what of *text* is compared: its letters and digits."""
    return "".join(filter(str.isalnum, text))


def _blocks(page: Any) -> Iterator[_Block]:
    """Yield the blocks of the page in reading order."""
    body = page.find("body")
    if body is not None:
        yield from _walk(body, None, around=False)


def _walk(element: Any, zone: str | None, *, around: bool) -> Iterator[_Block]:
    """Yield the blocks in *element*: runs of words that no block element interrupts."""
    tag = element.tag
    zone = _zone(element) or zone
    around = around or tag in _AROUND
    words: list[str] = [element.text or ""]

    def flush() -> Iterator[_Block]:
        joined = "".join(words)
        text = joined.strip("\n") if tag == "pre" else _SPACE.sub(" ", joined).strip(" ")
        words.clear()
        if text.strip():
            yield _Block(text, tag, zone, around)

    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            if child.tag == "br":
                yield from flush()
            elif child.tag in _INLINE and _is_inline(child):
                words.append(_inline_words(child))
            else:
                yield from flush()
                yield from _walk(child, zone, around=around)
        words.append(child.tail or "")
    yield from flush()


def _is_inline(element: Any) -> bool:
    return all(
        child.tag in _INLINE or child.tag in _DROPPED or not isinstance(child.tag, str)
        for child in element.iterdescendants()
    )


def _inline_words(element: Any) -> str:
    if element.tag in _DROPPED:
        return ""
    words = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            words.append(_inline_words(child))
        words.append(child.tail or "")
    return "".join(words)


def _zone(element: Any) -> str | None:
    """Return the zone that the name of an element or its class tells, or None."""
    if element.tag == "figcaption":
        return "caption"
    if element.get("rel") == "author" or element.get("itemprop") == "author":
        return "byline"
    match = _NAMED.search(f"{element.get('class', '')} {element.get('id', '')}")
    named = match is not None and element.tag in ("p", "div", "span", "h2", "h3", "small")
    return _ZONE_OF_NAME[match[0].lower()] if match is not None and named else None


def _article(blocks: list[_Block], main: frozenset[str], title: str | None) -> list[Piece]:
    """Return the blocks of the article, from its headline or first paragraph to its last one."""
    headline = _headline(blocks, title)
    chosen = [i for i, block in enumerate(blocks) if not block.around and _is_main(block, main)]
    if not chosen:
        chosen = [i for i, block in enumerate(blocks) if not block.around]
    if not chosen:
        return []
    first = min(headline, chosen[0]) if headline is not None else chosen[0]
    inside = set(chosen)
    pieces = []
    if headline is None and title:
        pieces.append(Piece(title, "headline"))
    for index in range(first, chosen[-1] + 1):
        block = blocks[index]
        if block.around or (index < first and index != headline):
            continue
        piece = _piece(block, main=index in inside, headline=index == headline)
        if piece is not None:
            pieces.append(piece)
    return pieces


def _headline(blocks: list[_Block], title: str | None) -> int | None:
    """Return the index of the block that is the page's own headline, or None."""
    headings = [i for i, block in enumerate(blocks) if block.tag == "h1" and not block.around]
    if title:
        wanted = _key(title)
        for index in headings:
            if _key(blocks[index].text) in wanted or wanted in _key(blocks[index].text):
                return index
    return headings[0] if headings else None


def _is_main(block: _Block, main: frozenset[str]) -> bool:
    words = _key(block.text)
    if words in main:
        return True
    return len(words) > 40 and any(words in paragraph for paragraph in main)


def _piece(block: _Block, *, main: bool, headline: bool) -> Piece | None:
    close = block.tag in ("li", "td", "th", "dt", "dd")
    if headline:
        return Piece(block.text, "headline")
    if block.zone is not None and len(block.text) <= 2 * _LINE:
        return Piece(block.text, block.zone)
    if not main:
        return Piece(block.text, "boilerplate", close) if len(block.text) <= _LINE else None
    if block.tag in _HEADINGS:
        return Piece(block.text, "section_heading")
    return Piece(block.text, None, close)
