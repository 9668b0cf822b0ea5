"""From the lines on pages to paragraphs: what a PDF does to words is undone before they are frozen.

A PDF knows no words and no paragraphs, only letters at places. Undone are ligatures, tabs between
words, words that were divided at the end of a line, and lines that belong to one paragraph; what
stands at the same edge of several pages (headers, footers, numbers of pages) is left out. The
person is told what was done, for none of it can be done without a mistake now and then.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from annotator.formats.layout import Piece
from annotator.formats.pdf_pages import Line
from annotator.translation import tr_n

LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_LIGATURE: Final = re.compile("[ﬀ-ﬆ]")
_BLANKS: Final = re.compile(r"[ \t\v\f]+")
_HYPHENS: Final = "-\u00ad\u2010"
_DIVIDED: Final = re.compile(rf"(\w+)[{_HYPHENS}]$")
_HANGING: Final = re.compile(r"(?:und|oder|bis|sowie|and|or|to|et|ou)\b")
"""What follows a word whose second half is spared: “Vor- und Nachteile”."""
_STOPS: Final = re.compile(r"[.!?:…]['\"”’»“)\]]*$")
_BULLET: Final = re.compile(r"(?:[•‣▪■●–—*]|\(?\d{1,2}[.)])\s")
_EDGE: Final = 2
"""Lines at the upper and the lower edge of a page that can be its header or footer."""
_SAME_PLACE: Final = 3.0
"""Points by which a header may lie elsewhere on another page."""


@dataclass(slots=True)
class Mended:
    """What was done to a text."""

    ligatures: int = 0
    divided: int = 0
    lines: int = 0
    edges: int = 0

    def told(self) -> str:
        """Return it in sentences for the person."""
        done = [
            sentence
            for count, sentence in (
                (self.lines, tr_n(self.lines, "{n} line end", "{n} line ends")),
                (self.divided, tr_n(self.divided, "{n} divided word", "{n} divided words")),
                (self.ligatures, tr_n(self.ligatures, "{n} ligature", "{n} ligatures")),
                (
                    self.edges,
                    tr_n(self.edges, "{n} header or footer", "{n} headers and footers"),
                ),
            )
            if count
        ]
        return ", ".join(done)


@dataclass(slots=True)
class _Paragraph:
    size: float
    lines: list[Line] = field(default_factory=list)


def pieces(pages: Sequence[Sequence[Line]]) -> tuple[list[Piece], Mended]:
    """Return the paragraphs of a document, headings among them, and what was done to them."""
    mended = Mended()
    body = _without_edges(pages, mended)
    if not any(body):  # every page is the same: then these are no headers
        body, mended = list(map(list, pages)), Mended()
    lines = [line for page in body for line in page]
    if not lines:
        return [], mended
    size = _usual_size(lines)
    words = Counter(re.findall(r"\w+(?:-\w+)*", " ".join(line.text for line in lines)))
    found = [(paragraph, _text(paragraph, words, mended)) for paragraph in _paragraphs(body, size)]
    largest = max((one.size for one, _ in found[:_HEAD]), default=0.0)
    result: list[Piece] = []
    for number, (paragraph, text) in enumerate(found):
        zone = None
        if paragraph.size > 1.15 * size and len(text) <= _HEADING:
            headline = number < _HEAD and paragraph.size == largest
            zone = "headline" if headline else "section_heading"
        result.append(Piece(text, zone, close=_BULLET.match(text) is not None))
    return result, mended


_HEAD: Final = 8
"""Paragraphs among which the headline is."""
_HEADING: Final = 300
"""Code points of a heading."""


def _usual_size(lines: Iterable[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size))


# ------------------------------------------------------------------------------ headers, footers


def _without_edges(pages: Sequence[Sequence[Line]], mended: Mended) -> list[list[Line]]:
    """Return the lines of each page without those that stand at its edge on other pages too."""
    edges = [_edges(page) for page in pages]
    seen: Counter[tuple[str, int]] = Counter()
    for edge in edges:
        seen.update({key for line in edge for key in _keys(line)})
    needed = max(2, len(pages) // 2)
    result = []
    for page, edge in zip(pages, edges, strict=True):
        out = {id(line) for line in edge if any(seen[key] >= needed for key in _keys(line))}
        kept = [line for line in page if id(line) not in out]
        margin = min((line.x for line in kept if not line.text.strip().isdigit()), default=0.0)
        # Numbers of lines or paragraphs, left of everything.
        kept = [line for line in kept if line.x >= margin or not line.text.strip().isdigit()]
        mended.edges += len(page) - len(kept)
        result.append(kept)
    return result


def _edges(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: line.y)
    if len(by_height) <= 2 * _EDGE:
        return by_height
    return by_height[:_EDGE] + by_height[-_EDGE:]


def _keys(line: Line) -> tuple[tuple[str, int], ...]:
    """Return what a line says, its numbers aside, with the height at which it stands."""
    words = re.sub(r"\d+", "#", " ".join(line.text.split()))
    place = int(line.y // _SAME_PLACE)
    return ((words, place), (words, place + 1))


# ------------------------------------------------------------------------------------ paragraphs


def _paragraphs(pages: Iterable[Sequence[Line]], size: float) -> Iterator[_Paragraph]:
    """Yield the lines that belong together."""
    flat = [(line, number) for number, page in enumerate(pages) for line in page]
    gaps = [
        one.y - other.y
        for (one, page), (other, other_page) in pairwise(flat)
        if page == other_page and 0 < one.y - other.y < 4 * size
    ]
    leading = median(gaps) if gaps else 1.2 * size
    usual = median(len(line.text) for line, _ in flat if abs(line.size - size) < 1)
    current = _Paragraph(flat[0][0].size, [flat[0][0]])
    for (before, page), (line, other_page) in pairwise(flat):
        follows = page == other_page and before.y > line.y
        if _begins(current, before, line, leading if follows else None, usual, size):
            yield current
            current = _Paragraph(line.size)
        current.lines.append(line)
    yield current


def _begins(
    current: _Paragraph, before: Line, line: Line, leading: float | None, usual: float, size: float
) -> bool:
    """Tell whether *line* begins a paragraph; *leading* is None at the top of a page or column."""
    if abs(line.size - current.size) > 0.1 * current.size or _BULLET.match(line.text):
        return True
    stops = _STOPS.search(before.text.rstrip()) is not None
    if leading is None:
        return stops
    if line.size > 1.15 * size:  # a heading in several lines, each as long as it likes
        return before.y - line.y > 1.8 * line.size
    if before.y - line.y > 1.35 * leading:
        return True
    first = current.lines[0]
    indented = 0.7 * line.size < line.x - before.x < 5 * line.size
    if indented and stops and _BULLET.match(first.text) is None:
        return True
    # A line that ends long before the margin, though the next word would have fit, is a last one.
    room = usual * size / line.size - len(before.text) if line.size else 0.0
    short = room - len(line.text.split(maxsplit=1)[0]) > 0.4 * (room + len(before.text))
    return short or (stops and room > 0.3 * usual)


def _text(paragraph: _Paragraph, words: Counter[str], mended: Mended) -> str:
    result = ""
    for line in paragraph.lines:
        mended.ligatures += len(_LIGATURE.findall(line.text))
        text = _BLANKS.sub(" ", line.text.translate(LIGATURES)).strip()
        if not result:
            result = text
            continue
        mended.lines += 1
        joined = _rejoined(result, text, words)
        mended.divided += joined is not None
        result = f"{result} {text}" if joined is None else joined
    return result


def _rejoined(before: str, after: str, words: Counter[str]) -> str | None:
    """Return two lines as one where a word was divided between them, else None."""
    divided = _DIVIDED.search(before)
    if divided is None or not after[:1].isalnum() or _HANGING.match(after):
        return None
    end = re.match(r"\w+", after)
    assert end is not None
    first, second = divided[1].translate(LIGATURES), end[0]
    whole = words[f"{first}{second}"] >= words[f"{first}-{second}"]
    if before[-1] == "\u00ad" or (second[0].islower() and first[-1].isalpha() and whole):
        return before[:-1] + after
    return before + after
