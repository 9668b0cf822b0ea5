"""ninjs: news in JSON, the IPTC standard that agencies and their systems exchange.

Read are versions 1.0 to 1.4 (``headline``, ``body_text``, ``body_xhtml``, ``byline``) and 2.0 to
3.0 (lists ``headlines``, ``bodies``, ``descriptions`` with roles). A file may hold one item, an
array of them, or one a line. Captions come from the pictures among the ``associations``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from annotator.formats import Group, Problem, Reading, Sample, json_array, json_text, wire
from annotator.formats.imported import Facts, ImportedArticle, iso_date
from annotator.formats.layout import Piece
from annotator.formats.wire import Parts, Source
from annotator.translation import later

name: Final = "ninjs"
title: Final = "ninjs"
purpose: Final = later("articles of a news agency, JSON of the IPTC")
group: Final = Group.ARTICLES
suffixes: Final = (".json", ".ninjs")

_BODIES: Final = frozenset({"body_text", "body_xhtml", "body_html", "bodies"})
_SIGNS: Final = frozenset(
    {"uri", "versioncreated", "headline", "headlines", "standard", "usageterms"}
)
_PICTURES: Final = frozenset({"picture", "graphic", "video", "audio", "image"})


def recognises(sample: Sample) -> bool:
    """Tell whether the first object has a body as ninjs has it, and another of its keys."""
    return bool(_BODIES & sample.keys) and bool(_SIGNS & sample.keys)


def read(path: Path, reading: Reading) -> Iterator[ImportedArticle | Problem]:
    """Yield the articles of a file; items without a text are problems.

    Raises UserError where it cannot be read at all.
    """
    source = Source(path)
    for number, item in json_array.elements(path):
        if isinstance(item, Problem):
            yield item
        elif not isinstance(item, dict):
            yield Problem(number, "", "It is no item of ninjs.")
        else:
            parts = _parts(item)
            if wire.has_words(parts.body):
                yield source.article(parts, _facts(item, parts), json_text.line(item))
            else:
                yield Problem(number, _words(item.get("uri")), "The item has no text.")


def _parts(item: Mapping[str, Any]) -> Parts:
    return Parts(
        headline=_said(item, "headline", "headlines", ("main", "headline", "")),
        subhead=_said(item, "", "headlines", ("subhead", "subheadline", "sub")),
        byline=_words(item.get("byline") or item.get("by")),
        body=_body(item),
        captions=tuple(_captions(item)),
    )


def _body(item: Mapping[str, Any]) -> tuple[Piece, ...]:
    """Return the paragraphs of an item: those of its markup where it has one, which tells more."""
    for key in ("body_xhtml", "body_html"):
        if _text(item.get(key)).strip():
            return wire.markup_pieces(_text(item[key]))
    plain = _text(item.get("body_text"))
    if plain.strip():
        return wire.plain_pieces(plain)
    best: tuple[Piece, ...] = ()
    for body in _list(item.get("bodies")):
        value = _text(body.get("value"))
        kind = f"{body.get('contenttype') or body.get('contentType') or ''}".casefold()
        pieces = wire.markup_pieces(value) if "html" in kind else wire.plain_pieces(value)
        if sum(len(piece.text) for piece in pieces) > sum(len(piece.text) for piece in best):
            best = pieces
    return best


def _said(item: Mapping[str, Any], key: str, several: str, roles: tuple[str, ...]) -> str:
    """Return what stands under *key*, else the first entry of a list that has one of *roles*."""
    if key and _words(item.get(key)):
        return _words(item[key])
    entries = _list(item.get(several))
    for role in roles:
        for entry in entries:
            if _words(entry.get("role")).casefold().rpartition(":")[2] == role:
                return _words(entry.get("value"))
    return _words(entries[0].get("value")) if key and entries else ""


def _captions(item: Mapping[str, Any]) -> Iterator[str]:
    found = item.get("associations")
    entries = list(found.values()) if isinstance(found, dict) else found
    for entry in _list(entries):
        if _words(entry.get("type")) in _PICTURES:
            caption = _said(entry, "description_text", "descriptions", ("caption", "drol:caption"))
            caption = caption or _words(entry.get("caption")) or _words(entry.get("body_text"))
            if caption:
                yield caption


def _facts(item: Mapping[str, Any], parts: Parts) -> Facts:
    # What newspapers print is the day on which it was sent first.
    dates = ("firstpublished", "contentcreated", "firstcreated", "versioncreated")
    days = (iso_date(_words(item.get(key))) for key in dates)
    sources = [_words(entry.get("name")) for entry in _list(item.get("infosources"))]
    provider = item.get("provider") or item.get("source")
    metadata = {
        "author": _authors(item) or parts.byline,
        "located": _words(item.get("located")),
        "uri": _words(item.get("uri")),
        "copyright": _words(item.get("copyrightholder")) or _words(item.get("copyrightnotice")),
        "usageterms": _words(item.get("usageterms")),
        "description": _said(item, "description_text", "descriptions", ("summary", "")),
        "slugline": _words(item.get("slugline")),
        "subjects": "; ".join(
            name
            for entry in _list(item.get("subject") or item.get("subjects"))
            if (name := _words(entry.get("name")))
        ),
    }
    return Facts(
        title=parts.headline or _words(item.get("title")) or None,
        language=wire.primary_language(_words(item.get("language"))),
        source=_words(provider) or next(filter(None, sources), None),
        url=next(filter(None, (_address(item.get(key)) for key in ("url", "uri"))), None),
        published=next(filter(None, days), None),
        metadata=wire.stated(metadata),
    )


def _authors(item: Mapping[str, Any]) -> str:
    names = (
        _words(entry.get("name"))
        for entry in [*_list(item.get("authors")), *_list(item.get("person"))]
        if _words(entry.get("rel") or entry.get("role") or "author") in ("author", "writer")
    )
    return "; ".join(filter(None, names))


def _address(value: Any) -> str:
    words = _words(value)
    return words if words.startswith(("http://", "https://")) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _words(value: Any) -> str:
    """Return a value as one line of words; of an object its name."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("value")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _list(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list; what is no list has none."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
