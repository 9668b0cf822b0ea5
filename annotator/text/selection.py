"""From what somebody selected to what they mean: cleaning, growing and shrinking a selection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from annotator.model import Fragment
from annotator.text.phrases import MARKS, TRIMMED

if TYPE_CHECKING:
    from annotator.text.structure import Structure

_CLAUSE_ENDS: Final = frozenset([",", ";", ":", "-", "--", "–", "—", "(", ")", *TRIMMED, *MARKS])
_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


def clean(
    structure: Structure, start: int, end: int, *, snap: bool, trim: bool, unquote: bool
) -> Fragment | None:
    """Return the fragment that a selection from *start* to *end* means, or None for only blanks.

    Ends are put in order and blanks left out. With *snap* the fragment grows to whole tokens,
    without it to whole graphemes. With *trim*, stops, commas and quotation marks without their
    partner are left out at the ends; with *unquote* also a pair of marks around the whole. A
    selection of nothing but such signs stays, since a colon can be a cue.
    """
    size = len(structure.text)
    start, end = sorted((min(max(start, 0), size), min(max(end, 0), size)))
    kept = _inked(structure, start, end, snap=snap)
    if kept is None:
        return None
    trimmed: Fragment | None = kept
    while trim and trimmed is not None:
        shorter = _trim_once(structure, trimmed)
        if shorter == trimmed:
            break
        trimmed = shorter
    if unquote and trimmed is not None:
        inner = _unquoted(structure, trimmed)
        if inner is not None:
            return clean(structure, *inner, snap=snap, trim=trim, unquote=False) or trimmed
    return kept if trimmed is None else trimmed


def _inked(structure: Structure, start: int, end: int, *, snap: bool) -> Fragment | None:
    """Return the selection without blanks at its ends, grown to whole tokens or graphemes."""
    ends = _ends(structure, start, end)
    if ends is None:
        return None
    first, last = ends
    if snap:
        return Fragment(first.start, last.end)
    found = Fragment(max(start, first.start), min(end, last.end))
    return structure.whole_graphemes(found)


def _ends(structure: Structure, start: int, end: int) -> tuple[Fragment, Fragment] | None:
    """Return the first and the last token there; None where there are only blanks."""
    if start >= end:
        return None
    first = _first_token(structure, start, end)
    last = _last_token(structure, start, end)
    return None if first is None or last is None else (first, last)


def _first_token(structure: Structure, start: int, end: int) -> Fragment | None:
    token = structure.next_token(start - 1)
    holding = structure.token_at(start)
    if holding is not None and holding.end > start:
        token = holding
    return token if token is not None and token.start < end else None


def _last_token(structure: Structure, start: int, end: int) -> Fragment | None:
    token = structure.previous_token(end)
    return token if token is not None and token.end > start else None


def _trim_once(structure: Structure, fragment: Fragment) -> Fragment | None:
    """Leave out one sign at one end; None where nothing would be left."""
    start, end = fragment
    last = _last_token(structure, start, end)
    if last is not None and _is_loose(structure, last, fragment):
        return _between(structure, start, last.start)
    first = _first_token(structure, start, end)
    if first is not None and _is_loose(structure, first, fragment):
        return _between(structure, first.end, end)
    return fragment


def _between(structure: Structure, start: int, end: int) -> Fragment | None:
    ends = _ends(structure, start, end)
    if ends is None:
        return None
    first, last = ends
    return Fragment(max(start, first.start), min(end, last.end))


def _is_loose(structure: Structure, token: Fragment, fragment: Fragment) -> bool:
    """Tell whether a token at an end is a stop, or a quotation mark without its partner."""
    sign = structure.text[token.start : token.end]
    if all(character in TRIMMED for character in sign):
        return True
    if sign not in MARKS:
        return False
    for quotation in structure.quotations(token):
        if token.start in (quotation.outer.start, quotation.inner.end):
            return not (
                fragment.start <= quotation.outer.start and quotation.outer.end <= fragment.end
            )
    return True


def _unquoted(structure: Structure, fragment: Fragment) -> Fragment | None:
    """Return what lies between marks around the whole *fragment*, or None."""
    for quotation in structure.quotations(fragment):
        if quotation.outer == fragment and quotation.closed:
            return quotation.inner
    return None


def spoken(structure: Structure, sentence: Fragment, position: int) -> Fragment:
    """Return the part of a sentence on the same side of the outer quotation marks as *position*."""
    start, end = sentence
    for quotation in structure.quotations(sentence):
        inner = quotation.inner
        if quotation.depth == 0 and inner.start <= position <= inner.end:
            start, end = max(start, inner.start), min(end, inner.end)
    found = clean(structure, start, end, snap=True, trim=True, unquote=False)
    return sentence if found is None else found


def expand(structure: Structure, fragment: Fragment) -> Fragment:
    """Return the smallest stretch of the structure that is larger than *fragment* and holds it.

    Token, name, words in brackets, clause, likely phrase, sentence within a quotation,
    quotation without and with its marks, sentence, paragraph, everything.
    """
    start, end = fragment
    larger = [
        found
        for found in _around(structure, fragment)
        if found.start <= start and end <= found.end and found != fragment
    ]
    return min(larger, key=lambda found: (found.end - found.start, found.start), default=fragment)


def shrink(structure: Structure, fragment: Fragment, within: int | None) -> Fragment:
    """Return the largest stretch in *fragment* that :func:`expand` passes from a caret.

    The caret is at *within*, by default where *fragment* starts.
    """
    position = fragment.start if within is None else min(max(within, *fragment[:1]), fragment.end)
    chosen = fragment
    grown = Fragment(position, position)
    while True:
        step = expand(structure, grown)
        inside = fragment.start <= step.start and step.end <= fragment.end
        if step in (grown, fragment) or not inside:
            return chosen
        chosen = grown = step


def _around(structure: Structure, fragment: Fragment) -> Iterator[Fragment]:
    """Yield the stretches of the structure near *fragment*, trimmed as they would be marked."""
    position = fragment.start
    token = structure.token_at(position)
    if token is not None:
        yield token
    paragraph = structure.paragraph_at(position)
    sentence = structure.sentence_at(position)
    if sentence is not None:
        yield from _within_sentence(structure, sentence, fragment)
        yield sentence if sentence.end < fragment.end else _trimmed(structure, sentence)
    for quotation in structure.quotations(Fragment(position, position + 1)):
        yield _trimmed(structure, quotation.inner)
        yield quotation.outer
    whole = _inked(structure, *paragraph, snap=True)
    if whole is not None:
        yield whole
    everything = _inked(structure, 0, len(structure.text), snap=True) or fragment
    yield Fragment(min(everything.start, fragment.start), max(everything.end, fragment.end))


def _within_sentence(
    structure: Structure, sentence: Fragment, fragment: Fragment
) -> Iterator[Fragment]:
    for phrase in structure.phrases(sentence):
        yield from phrase.fragments
    yield spoken(structure, sentence, fragment.start)
    piece = structure.text[sentence.start : sentence.end]
    for match in _BRACKETS.finditer(piece):
        inner = match.span(1) if match.group(1) is not None else match.span(2)
        yield Fragment(sentence.start + inner[0], sentence.start + inner[1])
    clause = _clause(structure, sentence, fragment)
    if clause is not None:
        yield clause


def _clause(structure: Structure, sentence: Fragment, fragment: Fragment) -> Fragment | None:
    """Return the words around *fragment* up to the next punctuation on both sides."""
    start, end = sentence
    for token in structure.tokens(sentence):
        if structure.text[token.start : token.end] in _CLAUSE_ENDS:
            if token.end <= fragment.start:
                start = token.end
            elif token.start >= fragment.end:
                end = token.start
                break
    return _inked(structure, start, end, snap=True)


def _trimmed(structure: Structure, fragment: Fragment) -> Fragment:
    found = clean(structure, *fragment, snap=True, trim=True, unquote=False)
    return fragment if found is None else found
