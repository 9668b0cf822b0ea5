"""Zones: what each paragraph of a news article is, told by its place and its look.

Every paragraph with words gets one zone; a dateline lies inside the paragraph that it opens.
Rules of thumb in the order in which a reader meets the page: furniture, headline, sub-headline,
byline, captions, then the report. They err towards ``body``; every zone can be corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.model import Fragment, Zone
from annotator.text.datelines import dateline
from annotator.text.stretches import Paragraphs, is_blank

ZONES: Final = (
    "headline",
    "subhead",
    "byline",
    "dateline",
    "lead",
    "body",
    "section_heading",
    "caption",
    "boilerplate",
)
"""Every zone there is, in the order of a page."""

_FURNITURE: Final = re.compile(
    r"""all\ news | home | menu | news | print | e-?mail | facebook | twitter | whatsapp | telegram
    | share(\ this.*|\ on.*)? | advertisement | anzeige | werbung | publicité | publicidad
    | (subscribe|sign\ up|follow\ us|click\ here|read\ (more|also|next)|see\ also|lesen\ sie
      |lire\ aussi|mehr\ zum\ thema|related(\ (articles?|stories|topics|news))?
      |(last\ )?(updated|published|posted|modified|aktualisiert|veröffentlicht)|stand:)\b.*
    | tags?:.* | topics?:.* | (\d+\ )?comments? | kommentare
    | \(?(reporting|writing|editing)\ by\b.*
    | .*\b(all\ rights\ reserved|alle\ rechte\ vorbehalten|tous\ droits\ réservés)\b.*
    | copyright\b.* | https?://\S+ | [\W_]{3,}""",
    re.IGNORECASE | re.VERBOSE,
)
_MONTHS: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "januar|februar|märz|mai|juni|juli|oktober|dezember|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez"
)
_DAY_LINE: Final = re.compile(
    rf"(?:\w+day,?\s+|\w+tag,?\s+|mittwoch,?\s+)?(?:\d{{1,2}}\.?\s+(?:{_MONTHS})\.?|"
    rf"(?:{_MONTHS})\.?\s+\d{{1,2}},?|\d{{1,2}}\.\d{{1,2}}\.|\d{{4}}-\d\d-\d\d)"
    r"(?:\s*\d{4})?(?:[\s,|–-]*\d{1,2}[:.]\d\d.{0,12})?",
    re.IGNORECASE,
)
_BYLINE: Final = re.compile(r"(?:by|von|par|por|di|door|af|av)\s+(?P<author>\S.*)", re.IGNORECASE)
_BYLINE_WORDS: Final = frozenset(
    ["and", "und", "et", "y", "de", "da", "von", "van", "der", "al", "in", "for", "für", "of", "&"]
)
_CREDIT: Final = re.compile(
    r"""(?: © | \(c\)\s | (?:file\ )?photos?(?:\ credit|\ by|graph\ by)?\s?[:/]
    | photo(?:graph)?\ by\b | fotos?\s?[:/] | bild(?:er)?\s?:
    | (?:image|picture)s?(?:\ credit)?\s?: | credit\s?: | crédit
    | ap\ photo | getty\ images ).*""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME: Final = r"[A-Z][\w.&’'-]*(?:\s[A-Z][\w.&’'-]*)*"
_SLASHED_CREDIT: Final = re.compile(rf"(?P<before>.*?)\b{_NAME}(?:/{_NAME})+")
_BRACKETED_CREDIT: Final = re.compile(
    r".*\((?:photo|foto|bild|image|picture)s?\b[^()]*\)\.?", re.IGNORECASE
)
_STOPS: Final = re.compile(r"[.!?…。！？]['\"”’»“)\]]*$")
_SENTENCE_ENDS: Final = re.compile(r"""[^\W\d_]{3,}[.!?]['"”’»)]*\s""")
_LINE: Final = 400
"""Code points up to which a paragraph can be something else than the report."""
_MANY_WORDS: Final = 20
"""Words from which a line that ends as a sentence is a paragraph of the report."""
_HEAD_WORDS: Final = 30
_HEADING_WORDS: Final = 10
_RUBRIC_WORDS: Final = 2
"""Words up to which a line right above furniture is the name of a page's section."""
_SUBHEADS: Final = 3
"""Lines between headline and report that are taken for sub-headlines."""


@dataclass(slots=True)
class _Block:
    """One paragraph on its way to a zone."""

    fragment: Fragment
    text: str
    joined: bool
    """It follows the block before without an empty line between."""
    zone: str | None = None

    @property
    def words(self) -> int:
        """How many words it has, as far as that matters for the rules."""
        return len(self.text[: 2 * _LINE].split())

    @property
    def stops(self) -> bool:
        """It ends as a sentence does."""
        return _STOPS.search(self.text[-20:]) is not None

    @property
    def is_line(self) -> bool:
        """It is short enough for a headline, a caption or a piece of furniture."""
        return len(self.text) <= _LINE

    @property
    def is_furniture(self) -> bool:
        """It belongs to the page and not to the article."""
        return self.is_line and _FURNITURE.fullmatch(self.text) is not None


def find_zones(text: str, known: Iterable[Zone] = ()) -> tuple[Zone, ...]:
    """Return the zones of *text* in reading order, a dateline after the paragraph around it.

    *known* are zones that the file itself names, such as a heading in HTML; they stay.
    """
    blocks = _blocks(text, {zone.start: zone.zone for zone in known})
    lead = _lead(text, blocks)
    _mark_furniture(blocks, lead)
    _mark_captions(blocks, len(blocks) if lead is None else lead)
    _mark_head(blocks if lead is None else blocks[:lead], alone=lead is None)
    _mark_body(text, blocks, len(blocks) if lead is None else lead)
    found: list[Zone] = []
    for block in blocks:
        zone = block.zone or "body"
        found.append(Zone(zone, *block.fragment))
        line = dateline(text, block.fragment) if zone in ("lead", "body") else None
        if line is not None:
            begin = block.fragment.start
            found.append(Zone("dateline", begin, line.end))
    return tuple(found)


def author_of(byline: str) -> str | None:
    """Return the names in a byline such as "By Ada Example", or None where it is not one."""
    match = _BYLINE.fullmatch(byline.strip())
    if match is None or _STOPS.search(byline.strip()):
        return None
    words = match["author"].replace(",", " ").split()
    named = sum(word[0].isupper() for word in words)
    odd = [word for word in words if not word[0].isupper() and word.lower() not in _BYLINE_WORDS]
    return match["author"].strip() if words[0][0].isupper() and len(odd) < named < 10 else None


def _blocks(text: str, known: dict[int, str]) -> list[_Block]:
    blocks: list[_Block] = []
    joined = False
    for start, end in Paragraphs(text):
        line = text[start:end]
        if all(map(is_blank, line)):
            joined = False
            continue
        blocks.append(_Block(Fragment(start, end), line.strip(), joined, known.get(start)))
        joined = True
    return blocks


def _lead(text: str, blocks: Sequence[_Block]) -> int | None:
    """Return the index of the first paragraph of the report, or None where there is none."""
    for index, block in enumerate(blocks):
        if block.zone in ("lead", "body"):
            return index
        if block.zone is not None or block.is_furniture:
            continue
        if dateline(text, block.fragment) is not None or _is_prose(block):
            return index
        if index == 0 and block.stops and not _opens_report(text, blocks):
            return index
    for index, block in enumerate(blocks[1:], start=1):
        if block.zone is None and block.stops and not block.is_furniture:
            return index
    return None


def _opens_report(text: str, blocks: Sequence[_Block]) -> bool:
    """Tell whether a first line with a full stop is a headline: a dateline follows it soon."""
    first = blocks[0]
    near = blocks[1:4]
    return first.words < _MANY_WORDS and any(dateline(text, b.fragment) for b in near)


def _is_prose(block: _Block) -> bool:
    if not block.stops:
        return not block.is_line
    sentences = len(_SENTENCE_ENDS.findall(block.text[: 2 * _LINE])) + 1
    return block.words >= _MANY_WORDS or (sentences > 1 and block.words > _HEADING_WORDS)


def _mark_furniture(blocks: Sequence[_Block], lead: int | None) -> None:
    for index, block in enumerate(blocks):
        if block.zone is not None or block.words > _HEAD_WORDS or not block.is_line:
            continue
        in_head = lead is not None and index < lead
        if block.is_furniture or (in_head and _DAY_LINE.fullmatch(block.text)):
            block.zone = "boilerplate"
        elif author_of(block.text) is not None:
            block.zone = "byline"
    _mark_rubric(blocks if lead is None else blocks[:lead])


def _mark_rubric(head: Sequence[_Block]) -> None:
    """Mark a line such as "World" above "Updated at:" as furniture, where a headline is left."""
    free = [index for index, block in enumerate(head) if block.zone is None and block.is_line]
    if len(free) < 2 or free[0] + 1 >= len(head):
        return
    block, below = head[free[0]], head[free[0] + 1]
    if below.joined and below.is_furniture and block.words <= _RUBRIC_WORDS and not block.stops:
        block.zone = "boilerplate"


def _mark_captions(blocks: Sequence[_Block], lead: int) -> None:
    """Mark credit lines as captions, and the lines that belong to their picture."""
    first_words = next((i for i, block in enumerate(blocks) if block.zone is None), -1)
    for index, block in enumerate(blocks):
        if block.zone is not None or index == first_words or not block.is_line:
            continue
        own_words = _caption_words(block.text)
        if own_words is None:
            continue
        block.zone = "caption"
        above = blocks[index - 1] if index else None
        pure = own_words == 0
        if above is None or not pure or not block.joined or above.zone is not None:
            continue
        if index - 1 != first_words and index - 1 != lead and above.is_line:
            above.zone = "caption"
    _fill_between_credits(blocks)


def _fill_between_credits(blocks: Sequence[_Block]) -> None:
    """Mark lines between two captions without an empty line between them."""
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        around = before.zone == after.zone == "caption" and block.joined and after.joined
        if around and block.zone is None:
            block.zone = "caption"


def _caption_words(line: str) -> int | None:
    """Return how many words of a credit line describe the picture, None where it is no credit."""
    if _CREDIT.fullmatch(line):
        return 0
    if _BRACKETED_CREDIT.fullmatch(line):
        return len(line.split())
    match = _SLASHED_CREDIT.fullmatch(line)
    if match is None or _STOPS.search(line):
        return None
    return len(match["before"].split())


def _mark_head(head: Sequence[_Block], *, alone: bool) -> None:
    """Mark headline and sub-headline in what stands before the report.

    With *alone* there is no report: a single line is then a text, not a headline.
    """
    free = [block for block in head if block.zone is None and block.is_line]
    if alone and len(free) < 2 and len(head) < 2:
        return
    titled = any(block.zone == "headline" for block in head)
    if alone and not titled:
        return
    if not titled and free:
        first, *free = free
        if first.text[0].islower() or first.text[-1] in ",;":
            return
        first.zone = "headline"
    for block in free[:_SUBHEADS]:
        block.zone = "subhead"


def _mark_body(text: str, blocks: Sequence[_Block], lead: int) -> None:
    titled = any(block.zone == "headline" for block in blocks)
    opening = lead < len(blocks) and (titled or dateline(text, blocks[lead].fragment) is not None)
    for index, block in enumerate(blocks):
        if block.zone == "body" and index == lead and opening:
            block.zone = "lead"
        if block.zone is not None or index < lead:
            continue
        if index == lead:
            block.zone = "lead" if opening else "body"
        elif _is_section_heading(blocks, index):
            block.zone = "section_heading"


def _is_section_heading(blocks: Sequence[_Block], index: int) -> bool:
    """Tell whether a short line without a stop stands alone above a longer paragraph."""
    block = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is None or following.zone not in (None, "body") or block.joined:
        return False
    question = block.text.endswith("?")
    ends = (block.stops and not question) or block.text[-1] in ',;:-–—"”»'
    begins = block.text[0].isupper() or block.text[0].isdigit()
    longer = len(following.text) >= max(60, 2 * len(block.text))
    return begins and not ends and longer and block.words <= _HEADING_WORDS
