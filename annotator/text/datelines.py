"""Datelines: ``MOSCOW, December 23. /TASS/.``, ``Berlin (dpa) -``, ``KYIV, Ukraine —``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from annotator.model import Fragment

_SLASHED: Final = re.compile(
    r"(?P<place>[^\W\d_][^\n()/:]{1,60}?)[.,]?\s*/\s?(?P<agency>[A-Z][\w .&-]{1,20}?)\s?/\.?"
    r"(?:\s*[-–—]+)?"
)
_BRACKETED: Final = re.compile(
    r"(?P<place>[^\W\d_][^\n():]{1,70}?),?\s*\((?P<agency>[A-Za-z][^()\n]{1,30})\)\s*(?:[-–—:]+|\.)"
)
_DASHED: Final = re.compile(
    r"(?P<place>[^\W\d_][^\n():]{2,60}?)(?:\s+(?:--?|[–—])(?=\s)|\s?[–—](?=[^\W\d_]))"
)
_AGENCY_NAMES: Final = """
    aa afp agi ani ansa ap apa ats belga bloomberg bta cna cnn cp cta dapd ddp dpa dts efe epd ians
    interfax irna itar-tass keystone-sda kna kuna kyodo lusa mena mti ntb pa pap petra pti reuters
    ria ritzau sana sda sid sputnik stt tanjug tass tt ukrinform upi wafa xinhua yonhap
"""
_SHOUTED_WORDS: Final = """
    analysis asean breaking correction exclusive factbox live nasa nato opec opinion unesco unicef
    update watch
"""
_SMALL_WORDS: Final = "of the de del la le les al am an der den im upon on sur"
_AGENCIES: Final = frozenset(_AGENCY_NAMES.split())
_NOT_PLACES: Final = frozenset(_SHOUTED_WORDS.split())
_SMALL: Final = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Dateline:
    """The words before a report that say where (and when, and by which agency) it was written."""

    place: str
    agency: str | None
    end: int
    """Where the dateline ends in the text, the dash or stop after it included."""


def dateline(text: str, paragraph: Fragment) -> Dateline | None:
    """Return the dateline with which *paragraph* begins, or None."""
    head = text[paragraph.start : min(paragraph.end, paragraph.start + 140)]
    lead = len(head) - len(head.lstrip())
    for pattern in (_SLASHED, _BRACKETED, _DASHED):
        match = pattern.match(head, lead)
        if match is not None:
            place = match["place"]
            agency = match.groupdict().get("agency")
            if _is_place(place, agency):
                return Dateline(place.strip(), agency, paragraph.start + match.end())
    return None


def dateline_end(text: str, stretch: Fragment) -> int | None:
    """Return where the words after a dateline begin, or None where there is no dateline."""
    found = dateline(text, stretch)
    if found is None:
        return None
    end = found.end
    while end < stretch.end and text[end].isspace():
        end += 1
    return end if end < stretch.end else None


def _is_place(words: str, agency: str | None) -> bool:
    """Tell whether *words*, a place and perhaps a date, can stand in front of a report."""
    place = words.partition(",")[0].strip()
    parts = [part for part in re.split(r"[\s/]+", place) if part]
    if not parts or len(parts) > 5 or place.lower() in _NOT_PLACES:
        return False
    shouted = place.isupper() and sum(map(str.isalpha, place)) >= 4
    if agency is None:
        return shouted and not any(map(str.isdigit, place))
    known = any(name in _AGENCIES for name in re.split(r"[/,\s]+", agency.lower()))
    named = all(part[0].isupper() or part.lower() in _SMALL for part in parts)
    return (shouted or known) and named and parts[0].lower() not in ("the", "der", "die", "das")
