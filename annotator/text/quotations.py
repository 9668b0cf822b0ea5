"""Quotations: which marks open, which close, and what lies between them.

Pairs are sought within one paragraph. The one exception is the way newspapers set a long
quotation: every paragraph opens with a mark and only the last one closes.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from annotator.model import Fragment
from annotator.text.stretches import is_blank

_MARK: Final = re.compile(r"``|''|[\"“”„‟«»‹›‘’‚'「」『』｢｣〝〞〟＂]")

_CLOSERS: Final[dict[str, str]] = {
    '"': '"',
    "＂": "＂",
    "“": "”",
    "‟": "”",
    "„": '“”"',
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’",
    "‚": "‘’",
    "'": "'",
    "「": "」",
    "『": "』",
    "｢": "｣",
    "〝": "〞〟",
    "``": "''",
}
_TIGHT: Final = frozenset("\"'”»›＂")
"""Marks that open in some places only: they need a blank before them and a letter after."""

_BEFORE_OPENING: Final = frozenset("([{<-–—/:\"'“„«‘‚‹")
_CLIPPED: Final = re.compile(r"(?:tis|twas|em|til|cause|n|\d0s)\b", re.IGNORECASE)
_SINGLE: Final = frozenset("'’")
_DEEPEST: Final = 12
"""Openings kept waiting for their close; a text with more of them is not quoting."""
_REACH: Final = 2000
"""Code points in which a single mark looks for a better close than itself."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation within one paragraph: with its marks (``outer``) and without (``inner``)."""

    outer: Fragment
    inner: Fragment
    depth: int
    """0 for the outermost, 1 for a quotation inside it, and so on."""
    closed: bool
    """False where the quotation goes on in the next paragraph."""


class Quotations:
    """The quotations of one paragraph, in reading order, found by place."""

    __slots__ = ("_all", "_outermost")

    def __init__(self, found: Sequence[Quotation]) -> None:
        self._all = found
        self._outermost = [i for i, quotation in enumerate(found) if quotation.depth == 0]

    def around(self, fragment: Fragment) -> list[Quotation]:
        """Return those that share a character with *fragment*, outer before inner."""
        start, end = fragment
        first = bisect_right(self._outermost, start, key=lambda i: self._all[i].outer.end)
        last = bisect_left(self._outermost, end, key=lambda i: self._all[i].outer.start)
        if first >= last:
            return []
        behind = self._outermost[last] if last < len(self._outermost) else len(self._all)
        near = self._all[self._outermost[first] : behind]
        return [found for found in near if found.outer.start < end and found.outer.end > start]


@dataclass(frozen=True, slots=True)
class _Open:
    mark: str
    position: int


def find_quotations(text: str, paragraph: Fragment, following: str = "") -> tuple[Quotation, ...]:
    """Return the quotations of *paragraph* in reading order, outer before inner.

    *following* is the beginning of the next paragraph that has words: where it opens with the
    same mark, a quotation left open here goes on to the end of this paragraph.
    """
    stack: list[_Open] = []
    pairs: list[tuple[_Open, int, int]] = []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        mark, at, end = match.group(), match.start(), match.end()
        if mark in _SINGLE and _is_apostrophe(text, paragraph, at):
            continue
        depth = _closes(text, paragraph, stack, mark, at, end)
        if depth is not None:
            pairs.append((stack[depth], at, end))
            del stack[depth:]
        elif _opens(text, paragraph, stack, mark, at, end):
            stack.append(_Open(mark, at))
            del stack[:-_DEEPEST]
    for opening in stack:
        if following.startswith(opening.mark):
            pairs.append((opening, paragraph.end, paragraph.end))
            break
    return _nested(pairs)


def _nested(pairs: list[tuple[_Open, int, int]]) -> tuple[Quotation, ...]:
    found: list[Quotation] = []
    around: list[int] = []
    for opening, at, end in sorted(pairs, key=lambda pair: (pair[0].position, -pair[2])):
        while around and around[-1] <= opening.position:
            around.pop()
        inner = Fragment(opening.position + len(opening.mark), at)
        outer = Fragment(opening.position, end)
        found.append(Quotation(outer, inner, len(around), closed=end > at))
        around.append(end)
    return tuple(found)


def _is_apostrophe(text: str, paragraph: Fragment, at: int) -> bool:
    """Tell whether a single mark stands in a word, or for letters left out before one."""
    after = text[at + 1] if at + 1 < paragraph.end else ""
    before = text[at - 1] if at > paragraph.start else ""
    if before.isalnum() and after.isalnum():
        return True
    return not before.isalnum() and _CLIPPED.match(text, at + 1, paragraph.end) is not None


def _closes(
    text: str, paragraph: Fragment, stack: list[_Open], mark: str, at: int, end: int
) -> int | None:
    """Return the index in *stack* of the opening that *mark* closes, or None."""
    for depth in range(len(stack) - 1, -1, -1):
        opening = stack[depth]
        if mark not in _CLOSERS[opening.mark] or at == opening.position + len(opening.mark):
            continue
        if mark in _TIGHT and opening.mark in _TIGHT and _looks_open(text, paragraph, at, end):
            return None
        if mark in _SINGLE and not _ends_single(text, paragraph, mark, at):
            return None
        return depth
    return None


def _opens(
    text: str, paragraph: Fragment, stack: list[_Open], mark: str, at: int, end: int
) -> bool:
    if mark not in _CLOSERS:
        return False
    if mark not in _TIGHT:
        return True
    alone = end >= paragraph.end or is_blank(text[end])
    if alone:
        blank_before = at == paragraph.start or is_blank(text[at - 1])
        return mark == '"' and blank_before and end < paragraph.end and not stack
    if _looks_open(text, paragraph, at, end):
        return True
    fresh = all(opening.mark != mark for opening in stack)
    return fresh and mark == '"' and text[end].isalnum() and not text[at - 1].isalnum()


def _looks_open(text: str, paragraph: Fragment, at: int, end: int) -> bool:
    """Tell whether a mark stands where quotations begin: after a blank, before a word."""
    before = at == paragraph.start or is_blank(text[at - 1]) or text[at - 1] in _BEFORE_OPENING
    after = end < paragraph.end and not is_blank(text[end]) and text[end] not in ".,;:!?)]}"
    return before and after


def _ends_single(text: str, paragraph: Fragment, mark: str, at: int) -> bool:
    """Tell whether a single mark ends its quotation, or only a plural possessive in it."""
    plural = text[at - 1] in "sSxz" and text[at + 1 : at + 2].isspace()
    if not plural:
        return True
    rest = text[at + 1 : min(paragraph.end, at + _REACH)]
    later = re.search(rf"(?<=[\w.,!?…]){mark}(?!\w)", rest)
    reopened = re.search(r"(?<!\w)['‘‚](?=\w)", rest)
    return later is None or (reopened is not None and reopened.start() < later.start())
