"""Tokens and graphemes: the smallest pieces a person marks.

Words follow UAX #29 with what marking needs: a possessive ``'s`` is a token of its own (it stays
out of a span), ``much-needed`` is one token but ``US-led`` is three, addresses and acronyms are
one, scripts that write without blanks are cut at every character. No token cuts a grapheme.
"""

from __future__ import annotations

import functools
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from annotator.model import Fragment
from annotator.text.stretches import is_blank

_WORD: Final = (
    r"[[\p{L}\p{M}\p{N}_\u00ad\u200c\u200d]"
    r"--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]"
)
_ADDRESS: Final = r"""[[^\s\p{Cc}\p{Cf}]--[<>"“”«»]]"""
_TOKEN: Final = rf"""
    (?:https?://|www\.){_ADDRESS}*[{_ADDRESS}--[.,;:!?)\]'’]]
  | [\w.+\-]+@\w[\w\-]*(?:\.\w[\w\-]*)+
  | [@\#]{_WORD}+
  | (?:\p{{Lu}}\.){{2,}}
  | (?i:[ldjmtnsc]|qu|lorsqu|puisqu|[dns]ell|all|sull|un)['’](?=\p{{L}}{{2}})
  | (?<![^\s(])['’]\d0s(?!{_WORD})
  | \p{{L}}+[-‐‑]\d{_WORD}*
  | \d+(?:[.,:/\-]\d+)*(?:{_WORD}*(?:[-‐‑]\p{{Ll}}+)+|{_WORD}*)
  | \p{{Ll}}{_WORD}*(?:[-‐‑](?=\p{{Ll}}){_WORD}+)+
  | {_WORD}+(?:['’](?![sS](?!{_WORD})){_WORD}+)*
  | (?<={_WORD})['’][sS](?!{_WORD})
  | \.{{2,}} | -{{2,}} | `{{2}} | '{{2}}
  | \X
"""


@functools.cache
def _patterns() -> tuple[Any, Any]:
    import regex

    flags = regex.VERSION1 | regex.VERBOSE
    return regex.compile(_TOKEN, flags), regex.compile(r"\X")


class Spread(NamedTuple):
    """Where the tokens of one stretch start and end, in reading order."""

    starts: array[int]
    ends: array[int]

    def fragments(self, start: int, end: int) -> Iterator[Fragment]:
        """Yield the tokens that share a character with *start* to *end*."""
        index = bisect_left(self.ends, start + 1)
        while index < len(self.starts) and self.starts[index] < end:
            yield Fragment(self.starts[index], self.ends[index])
            index += 1


def grapheme_edges(text: str, start: int, end: int) -> array[int]:
    """Return where the graphemes (UAX #29 extended clusters) between two cuts start, and *end*."""
    if text[start:end].isascii() and "\r" not in text[start:end]:
        return array("q", range(start, end + 1))
    grapheme = _patterns()[1]
    edges = array("q", (start + found.start() for found in grapheme.finditer(text[start:end])))
    edges.append(end)
    return edges


def tokenise(text: str, start: int, end: int) -> Spread:
    """Return the tokens between *start* and *end*, which must not cut a grapheme."""
    piece = text[start:end]
    starts, ends = array("q"), array("q")
    for match in _patterns()[0].finditer(piece):
        if not all(map(is_blank, match.group())):
            starts.append(start + match.start())
            ends.append(start + match.end())
    if piece.isascii():
        return Spread(starts, ends)
    return _whole_graphemes(starts, ends, grapheme_edges(text, start, end))


def _whole_graphemes(starts: array[int], ends: array[int], edges: array[int]) -> Spread:
    """Grow tokens to whole graphemes and join those that then touch the same one."""
    grown_starts, grown_ends = array("q"), array("q")
    for start, end in zip(starts, ends, strict=True):
        at = bisect_left(edges, start)
        left = start if edges[at] == start else edges[at - 1]
        right = edges[bisect_left(edges, end)]
        if grown_ends and left < grown_ends[-1]:
            grown_ends[-1] = max(right, grown_ends[-1])
        else:
            grown_starts.append(left)
            grown_ends.append(right)
    return Spread(grown_starts, grown_ends)


_REACH: Final = 128


def is_token_edge(text: str, position: int) -> bool:
    """Tell whether no token lies across *position*, by the characters around it only."""
    if not 0 < position < len(text):
        return True
    before, after = text[position - 1], text[position]
    if before < "\x7f" and after < "\x7f":
        if before.isspace() or after.isspace():
            return True
        if before.isalnum() and after.isalnum() and text[max(0, position - 2)] < "\x7f":
            return False
    start = position
    while start > max(0, position - _REACH) and not is_blank(text[start - 1]):
        start -= 1
    end = position
    while end < min(len(text), position + _REACH) and not is_blank(text[end]):
        end += 1
    spread = tokenise(text, max(0, start - 1), end)
    index = bisect_left(spread.ends, position + 1)
    return index == len(spread.starts) or spread.starts[index] >= position


def occurrences(text: str, needle: str) -> list[Fragment]:
    """Return where *needle* stands in *text* as whole tokens, without overlaps."""
    found: list[Fragment] = []
    if not needle:
        return found
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        if is_token_edge(text, at) and is_token_edge(text, end):
            found.append(Fragment(at, end))
            at = text.find(needle, end)
        else:
            at = text.find(needle, at + 1)
    return found
