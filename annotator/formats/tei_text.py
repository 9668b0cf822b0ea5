"""The running text of a TEI document, and where each of its elements stands in it.

In files of others blanks are made equal, blocks stand in paragraphs of their own, and what was
never part of the running text (notes, running heads, the second reading of a choice) is left out.
A line of print or a page ends where a blank would stand.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from annotator.formats.xml_text import local

if TYPE_CHECKING:
    from lxml import etree

XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLANKS: Final = re.compile("([ \t\r\n]+)")
_BLOCKS: Final = _names(
    "p head ab l lg div div1 div2 div3 item list sp speaker stage opener closer salute signed "
    "dateline byline trailer row cell table figure epigraph titlePart docTitle front back body "
    "quotedBlock u argument postscript listBibl bibl"
)
_STRUCTURAL: Final = _names(
    "text front body back group div div1 div2 div3 lg list sp table row figure docTitle"
)
"""Elements that hold others and no words of their own: blanks in them are layout."""
_SKIPPED: Final = _names("note noteGrp fw del surplus figDesc")
_ALTERNATIVES: Final = _names("orig sic abbr")
"""Left out where a choice offers the better reading beside them."""
_BESIDE: Final = _names("span spanGrp interp interpGrp link linkGrp fs standOff")
"""Annotations, which may stand anywhere in a text without being part of it."""
_BREAKS: Final = _names("lb pb cb gb")
_GAP: Final = "\n\n"


@dataclass(slots=True)
class Placed:
    """An element and the stretch that it covers; both are -1 where it holds no words."""

    element: etree._Element
    start: int = -1
    end: int = -1

    @property
    def has_words(self) -> bool:
        """Whether anything of the text is in it."""
        return 0 <= self.start < self.end


class Walk:
    """Reads the text below an element; ``exact`` takes every blank as it stands."""

    def __init__(self, root: etree._Element, *, exact: bool) -> None:
        self._exact = exact
        self._parts: list[str] = []
        self._length = 0
        self._pending = ""
        self._waiting: list[Placed] = []
        self.places: list[Placed] = []
        """The elements in the order in which they begin."""
        self.by_id: dict[str, Placed] = {}
        self.left_out: Counter[str] = Counter()
        """Elements that are no part of the running text, by name."""
        self._walk(root)
        for place in self._waiting:
            place.start = self._length
        self.text = "".join(self._parts)

    def _walk(self, element: etree._Element) -> None:
        name = local(element)
        if self._is_beside(element, name):
            return
        if name in _BREAKS and not self._exact:
            self._break_line(element)
        block = name in _BLOCKS and not self._exact
        if block:
            self._break_block()
        place = self._opened(element)
        structural = name in _STRUCTURAL
        if element.text and not structural:
            self._add(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._walk(child)
            if child.tail and not structural:
                self._add(child.tail)
        place.end = self._length
        if block:
            self._break_block()

    def _is_beside(self, element: etree._Element, name: str) -> bool:
        above = element.getparent()
        if name in _SKIPPED or (name in _ALTERNATIVES and local(above) == "choice"):
            self.left_out[name] += 1
            return True
        return name in _BESIDE

    def _opened(self, element: etree._Element) -> Placed:
        place = Placed(element, start=self._length if self._exact else -1)
        if not self._exact:
            self._waiting.append(place)
        self.places.append(place)
        key = element.get(XML_ID)
        if key:
            self.by_id.setdefault(key, place)
        return place

    def _break_line(self, element: etree._Element) -> None:
        if element.get("break") == "no":
            self._pending = self._pending.replace(" ", "")
        else:
            self._pending = self._pending or " "

    def _break_block(self) -> None:
        self._pending = _GAP

    def _add(self, words: str) -> None:
        if self._exact:
            self._parts.append(words)
            self._length += len(words)
            return
        for part in _BLANKS.split(words):
            if part and part[0] in " \t\r\n":
                self._pending = self._pending or " "
            elif part:
                self._emit(part)

    def _emit(self, words: str) -> None:
        if self._length and self._pending:
            self._parts.append(self._pending)
            self._length += len(self._pending)
        self._pending = ""
        for place in self._waiting:
            place.start = self._length
        self._waiting.clear()
        self._parts.append(words)
        self._length += len(words)
