"""NewsML-G2: news in XML, the IPTC standard of the agencies, with NITF or XHTML inside.

Read are news items alone, in a message with several, and NITF documents by themselves. Items
without a text (pictures, packages that only point to items) are passed over in a file with texts.
Captions come from the media inside the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotator.errors import UserError
from annotator.formats import Group, Reading, Sample, wire
from annotator.formats.imported import Facts, ImportedArticle, iso_date, load
from annotator.formats.layout import Piece
from annotator.formats.wire import Parts, Source
from annotator.formats.xml_text import local, parse
from annotator.translation import later

if TYPE_CHECKING:
    from lxml.etree import _Element

name: Final = "newsml-g2"
title: Final = "NewsML-G2"
purpose: Final = later("articles of a news agency, XML of the IPTC")
group: Final = Group.ARTICLES
suffixes: Final = (".xml", ".nitf")

_NAMESPACE: Final = "http://iptc.org/std/nar/2006-10-01/"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADINGS: Final = {"hl2": "section_heading", "media-caption": "caption"}
_BLOCKS: Final = frozenset({"p", "hl2", "media-caption", "li", "dt", "dd", "tr", "pre", "fn", "q"})
_PASSED: Final = frozenset({"media-metadata", "media-producer", "media-reference", "tagline"})


def recognises(sample: Sample) -> bool:
    """Tell whether this is NewsML-G2, or NITF by itself."""
    head = sample.text
    return head.lstrip().startswith("<") and (_NAMESPACE in head or "<nitf" in head)


def read(path: Path, reading: Reading) -> Iterator[ImportedArticle]:
    """Yield the articles of a file in their order.

    Raises UserError where it is not XML, must not be opened, or no item in it has a text.
    """
    from lxml import etree

    data = load(path)
    root = parse(data, str(path))
    source = Source(path)
    items = [root] if local(root) == "nitf" else list(_all(root, "newsItem"))
    found = 0
    for item in items:
        parts = _parts(item)
        if wire.has_words(parts.body):
            found += 1
            alone = len(items) == 1
            original = data if alone else etree.tostring(item, encoding="utf-8", with_tail=False)
            yield source.article(parts, _facts(item, root, parts), original)
    if not found:
        raise UserError(f"{path} has no article with a text in it. Nothing was imported.")


def _parts(item: _Element) -> Parts:
    head = _first(item, "contentMeta")
    nitf = item if local(item) == "nitf" else _first(item, "nitf")
    parts = Parts(
        headline=_of_role(head, "headline", ""),
        subhead=_of_role(head, "headline", "sub"),
        byline=_said(head, "by"),
        dateline=_said(head, "dateline"),
        body=tuple(_body(item)),
    )
    if nitf is None:
        return parts
    lead = _first(nitf, "body.head")
    return replace(
        parts,
        headline=_said(lead, "hl1") or parts.headline or _said(_first(nitf, "head"), "title"),
        subhead=_said(_first(lead, "hedline"), "hl2") or parts.subhead,
        byline=_said(lead, "byline") or parts.byline,
        dateline=_said(lead, "dateline") or parts.dateline,
    )


def _of_role(head: _Element | None, tag: str, role: str) -> str:
    """Return the words of the first *tag* whose role has *role* in its name; "" is any but that."""
    for one in () if head is None else _all(head, tag):
        is_sub = "sub" in one.get("role", "").casefold()
        if is_sub == bool(role):
            return _words(one)
    return ""


# ------------------------------------------------------------------------------------------ text


def _body(item: _Element) -> Iterator[Piece]:
    """Yield the paragraphs of an item, in whichever form it holds them."""
    if local(item) == "nitf":
        yield from _nitf(_first(item, "body.content"))
        return
    content = _first(item, "contentSet")
    for form in () if content is None else content:
        pieces = list(_form(form))
        if wire.has_words(pieces):
            yield from pieces
            return  # Other forms are renditions of the same.


def _form(form: _Element) -> Iterator[Piece]:
    if local(form) == "inlineXML":
        nitf = _first(form, "nitf")
        if nitf is not None:
            yield from _nitf(_first(nitf, "body.content"))
        else:
            for child in form:
                yield from wire.markup_pieces(_markup(child))
    elif local(form) == "inlineData" and not form.get("encoding"):
        text = form.text or ""
        marked = "html" in form.get("contenttype", "")
        yield from wire.markup_pieces(text) if marked else wire.plain_pieces(text)


def _markup(element: _Element) -> str:
    """Return XHTML as the HTML that it means."""
    from lxml.etree import tostring

    copied = deepcopy(element)
    for one in copied.iter():
        if local(one):
            one.tag = local(one)
    return str(tostring(copied, encoding="unicode", method="html", with_tail=False))


def _nitf(content: _Element | None) -> Iterator[Piece]:
    """Yield the blocks of the text of a NITF document."""
    for child in () if content is None else content:
        tag = local(child)
        if tag == "tr":
            cells = [_words(cell) for cell in child if local(cell) in ("td", "th")]
            yield Piece("\t".join(cells), "body", close=True)
        elif tag in _BLOCKS:
            yield Piece(_words(child), _HEADINGS.get(tag), close=tag in ("li", "dt", "dd"))
        elif tag not in _PASSED:
            yield from _nitf(child)


# ----------------------------------------------------------------------------------------- facts


def _facts(item: _Element, root: _Element, parts: Parts) -> Facts:
    head, about = _first(item, "contentMeta"), _first(item, "itemMeta")
    days = (
        _said(head, "contentCreated"),
        _said(about, "firstCreated"),
        _said(about, "versionCreated"),
        _attribute(item, "story.date", "norm")[:8],
        _attribute(item, "date.issue", "norm")[:8],
    )
    creator = _first(head, "creator")
    metadata = {
        "author": _named(creator) or parts.byline,
        "located": _named(_first(head, "located")) or _said(_first(item, "dateline"), "location"),
        "guid": item.get("guid") or _attribute(item, "doc-id", "id-string"),
        "version": item.get("version", ""),
        "copyright": _named(_first(item, "copyrightHolder")) or _said(item, "copyrightNotice"),
        "slugline": _said(head, "slugline"),
        "description": _said(head, "description"),
        "subjects": "; ".join(filter(None, map(_named, _all(head, "subject")))),
    }
    language = _attribute(head, "language", "tag") or item.get(_LANGUAGE) or root.get(_LANGUAGE)
    provider = _named(_first(about, "provider")) or _named(_first(head, "infoSource"))
    return Facts(
        title=parts.headline or _said(about, "title") or None,
        language=wire.primary_language(language),
        source=provider or _attribute(item, "doc-id", "regsrc") or None,
        published=next(filter(None, map(_day, days)), None),
        metadata=wire.stated(metadata),
    )


def _day(words: str) -> str | None:
    compact = f"{words[:4]}-{words[4:6]}-{words[6:8]}" if words[:8].isdigit() else words
    return iso_date(compact)


def _named(element: _Element | None) -> str:
    """Return what a concept is called: its name, else what it is written as, else its code."""
    if element is None:
        return ""
    code = element.get("literal") or element.get("qcode", "").rpartition(":")[2]
    return _said(element, "name") or code


def _all(element: _Element | None, name: str) -> Iterator[_Element]:
    return iter(()) if element is None else (x for x in element.iter() if local(x) == name)


def _first(element: _Element | None, name: str) -> _Element | None:
    return next(_all(element, name), None)


def _said(element: _Element | None, name: str) -> str:
    found = _first(element, name)
    return "" if found is None else _words(found)


def _attribute(element: _Element | None, name: str, attribute: str) -> str:
    found = _first(element, name)
    return "" if found is None else found.get(attribute, "")


def _words(element: _Element) -> str:
    """Return the words in an element in one line, those of its line breaks as blanks."""
    return " ".join(" ".join(_texts(element)).split()) if len(element) else _line(element.text)


def _texts(element: _Element) -> Iterator[str]:
    """Yield the words in an element; what stands inside a word does not part it."""
    words = [element.text or ""]
    for child in element:
        words.append("\n" if local(child) == "br" else "".join(_texts(child)))
        words.append(child.tail or "")
    yield "".join(words)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
