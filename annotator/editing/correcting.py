"""A corrected text of an article: everybody's labels are carried over to it, or listed.

A correction is one edit: the article with its new text, every span and zone where its words stand
now, and without the spans whose words are gone and the relations that hung on them. The old text
stays in the project; :attr:`~annotator.model.Article.former_texts` names it, so that the file that
it came from is still known.

What is between two hunks of the difference keeps its words exactly. Where an end of a span lies
inside a replaced stretch, or a stretch of it was replaced with no word left, nobody can know what
the author would mark now: such a span is kept and flagged unsure.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.editing.desk import Impossible, NothingToDo
from annotator.editing.difference import Hunk, hunks
from annotator.model import (
    CHECKED,
    FORMER_TEXTS,
    ZONE_EXTRAS,
    Article,
    Change,
    Edit,
    Fragment,
    Layer,
    Relation,
    Span,
    Zone,
    edit,
    reading_order,
    text_hash,
)
from annotator.spans import covered, normalise

_JOINED: Final = re.compile(r"(?:-?\w)+")
"""What can be put to a word to make it longer."""

ACTION: Final = "correct text"
"""Name of the action of the edits that are made here."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A span whose words a correction changes or takes away."""

    author: str
    """Whose span it is."""
    before: Span
    after: Span | None
    """None where its words are gone, and the span with them."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected text, and what becomes of what was marked in the old one."""

    edit: Edit
    spans: tuple[Touched, ...]
    """Those whose words are not what they were, in reading order."""
    relations: tuple[Relation, ...]
    """Those that go with a span that goes."""
    zones: tuple[Zone, ...]
    """Those whose words are gone."""

    @property
    def touched(self) -> tuple[Touched, ...]:
        """The spans that stay, with other words."""
        return tuple(item for item in self.spans if item.after is not None)

    @property
    def lost(self) -> tuple[Touched, ...]:
        """The spans that could not be carried over."""
        return tuple(item for item in self.spans if item.after is None)


def correct_text(annotated: Annotated, text: str) -> Correction:
    """Return the correction that makes *text* the text of the article.

    NothingToDo where it is that already; Impossible where there are no words in it.
    """
    article = annotated.article
    if text == article.text:
        raise NothingToDo("The text is as it was.")
    if not any(map(str.isalnum, text)):
        raise Impossible("There are no words in this text. To remove an article, delete it.")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Impossible("The text holds half a character, which cannot be stored.")
    carrying = Carrying(article.text, text)
    after = carrying.article(article)
    changes: list[Change] = [Change(article, after)]
    spans: list[Touched] = []
    gone: list[Change] = []
    for before in sorted(annotated.spans.values(), key=reading_order):
        span = carrying.span(before)
        if span == before:
            continue
        if span is None:
            gone.append(Change(before, None))
        else:
            changes.append(Change(before, span))
        if span is None or (span.text, span.unsure) != (before.text, before.unsure):
            layer = annotated.layers.get(before.layer_id)
            spans.append(Touched("" if layer is None else layer.author, before, span))
    lost = {change.record.id for change in gone}
    ties = tuple(tie for tie in annotated.relations.values() if {tie.source, tie.target} & lost)
    layers = ((layer, carrying.layer(layer)) for layer in annotated.layers.values())
    changes += [Change(before, after) for before, after in layers if before != after]
    made = edit(
        ACTION,
        [*changes, *(Change(tie, None) for tie in ties), *gone],
        detail=article.title,
        article_id=article.id,
        place=carrying.place,
    )
    return Correction(made, tuple(spans), ties, carrying.lost_zones(article.zones))


def carried(annotated: Annotated, text: str) -> tuple[Annotated, list[Span]]:
    """Return *annotated* as it is with another version of its text, and the spans that are lost.

    For labels that were made on one version and come to the other.
    """
    carrying = Carrying(annotated.article.text, text)
    result = annotated.copy()
    result.article = carrying.article(annotated.article)
    result.layers = {key: carrying.layer(layer) for key, layer in annotated.layers.items()}
    lost: list[Span] = []
    for before in annotated.spans.values():
        after = carrying.span(before)
        if after is None:
            lost.append(before)
            del result.spans[before.id]
        else:
            result.spans[before.id] = after
    ids = {span.id for span in lost}
    for tie in annotated.relations.values():
        if {tie.source, tie.target} & ids:
            del result.relations[tie.id]
    return result, lost


class Carrying:
    """The way of labels from one text to another version of it."""

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        self.hunks = hunks(old, new)
        self._ends = [hunk.old_end for hunk in self.hunks]
        self._starts = [hunk.old_start for hunk in self.hunks]

    @property
    def place(self) -> Fragment | None:
        """Where the first difference begins: a place that is there in both texts."""
        if not self.hunks:
            return None
        start = max(0, min(self.hunks[0].old_start, len(self.old) - 1, len(self.new) - 1))
        return Fragment(start, start + 1)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the new text."""
        return text_hash(self.new)

    def article(self, article: Article) -> Article:
        """Return *article* with the new text, its zones where they are now.

        A title that is the headline follows the headline.
        """
        extra = dict(article.extra)
        former = (*article.former_texts, article.sha256)
        extra[FORMER_TEXTS] = [key for key in dict.fromkeys(former) if key != self.sha256]
        if ZONE_EXTRAS in extra:
            extra[ZONE_EXTRAS] = self._zone_extras(extra[ZONE_EXTRAS])
        zones = tuple(moved for zone in article.zones if (moved := self.zone(zone)) is not None)
        title = article.title
        headlines = (zone for zone in article.zones if zone.zone == "headline")
        if (headline := next(headlines, None)) is not None:
            moved = self.zone(headline)
            if moved is not None and _line(self.old, headline) == title:
                title = _line(self.new, moved)
        return replace(
            article, text=self.new, sha256=self.sha256, zones=zones, extra=extra, title=title
        )

    def layer(self, layer: Layer) -> Layer:
        """Return *layer* with the stretches that were checked for missing labels where they are."""
        noted = layer.extra.get(CHECKED)
        if not isinstance(noted, list):
            return layer
        pairs = (pair for pair in noted if isinstance(pair, list) and len(pair) == 2)
        stretches = (self.zone(Zone("", *pair)) for pair in pairs if all(map(_is_number, pair)))
        kept = [[one.start, one.end] for one in stretches if one is not None]
        return replace(layer, extra={**layer.extra, CHECKED: kept})

    def _zone_extras(self, noted: Any) -> list[list[Any]]:
        kept: list[list[Any]] = []
        for name, start, end, extra in noted:
            moved = self.zone(Zone(name, start, end))
            if moved is not None:
                kept.append([*moved, extra])
        return kept

    # -- spans -------------------------------------------------------------------------------

    def span(self, span: Span) -> Span | None:
        """Return *span* where its words stand now; None where they are gone."""
        if not self._is_near(span):
            return span
        found: list[Fragment] = []
        doubtful = False
        for fragment in span.fragments:
            moved, in_doubt = self._fragment(fragment)
            doubtful |= in_doubt or moved is None
            if moved is not None:
                found.append(moved)
        if not found:
            return None
        fragments = normalise(found)
        text = covered(self.new, fragments)
        return replace(span, fragments=fragments, text=text, unsure=span.unsure or doubtful)

    def _is_near(self, span: Span) -> bool:
        """Tell whether anything changes before the end of *span*, or at it."""
        return bool(self.hunks) and span.end >= self.hunks[0].old_start

    def _fragment(self, fragment: Fragment) -> tuple[Fragment | None, bool]:
        """Return where *fragment* is now, or None, and whether that is in doubt."""
        start, end = fragment
        around = self._around(start)
        if around is not None and end <= around.old_end and (start, end) != around[:2]:
            return self._inside(fragment, around)
        first, doubt_at_start = self._start(start, end)
        last, doubt_at_end = self._end(start, end)
        if last <= first:
            return None, True
        words_gone = around is not None and (start, end) == around[:2]
        moved = self._trimmed(fragment, Fragment(first, last))
        return moved, doubt_at_start or doubt_at_end or words_gone

    def _around(self, position: int) -> Hunk | None:
        """Return the hunk in whose old stretch the character at *position* lies."""
        at = bisect_right(self._starts, position) - 1
        # Of two hunks at one place the first is an insertion: the last one is the one meant.
        if at >= 0 and position < self.hunks[at].old_end:
            return self.hunks[at]
        return None

    def _inside(self, fragment: Fragment, hunk: Hunk) -> tuple[Fragment | None, bool]:
        """Return where the words of a fragment stand in the stretch that replaced more than it."""
        words = self.old[fragment.start : fragment.end]
        if words and self.new.count(words, hunk.new_start, hunk.new_end) == 1:
            start = self.new.index(words, hunk.new_start, hunk.new_end)
            return Fragment(start, start + len(words)), True
        return None, True

    def _start(self, start: int, end: int) -> tuple[int, bool]:
        """Return where a fragment begins now, and whether that is in doubt."""
        around = self._around(start)
        if around is not None:
            if around.old_start == start:
                return around.new_start, False
            most = 2 * (around.old_end - start) > around.old_end - around.old_start
            return (around.new_start if most else around.new_end), bool(self._length(around))
        before = self._before(start)
        if before is None:
            return start, False
        now = start - before.old_end + before.new_end
        if before.old_end == start and before.old_start == start and self._is_edge(start):
            return now - self._grown(before, now, behind=True), False
        return now, False

    def _end(self, start: int, end: int) -> tuple[int, bool]:
        """Return where a fragment ends now, and whether that is in doubt."""
        around = self._around(end - 1)
        if around is not None:
            if around.old_end == end:
                return around.new_end, False
            most = 2 * (end - around.old_start) > around.old_end - around.old_start
            return (around.new_end if most else around.new_start), bool(self._length(around))
        before = self._before(end - 1)
        now = end if before is None else end - before.old_end + before.new_end
        at = bisect_left(self._starts, end)
        inserted = self.hunks[at] if at < len(self.hunks) else None
        if inserted is not None and inserted[:2] == (end, end) and self._is_edge(end):
            return now + self._grown(inserted, now, behind=False), False
        return now, False

    def _before(self, position: int) -> Hunk | None:
        """Return the last hunk that ends at *position* or before it."""
        at = bisect_right(self._ends, position) - 1
        return self.hunks[at] if at >= 0 else None

    def _length(self, hunk: Hunk) -> int:
        return hunk.new_end - hunk.new_start

    def _is_edge(self, position: int) -> bool:
        """Tell whether a word of the old text began or ended at *position*."""
        return not (
            0 < position < len(self.old)
            and self.old[position - 1].isalnum()
            and self.old[position].isalnum()
        )

    def _grown(self, hunk: Hunk, edge: int, *, behind: bool) -> int:
        """Return how much of inserted letters belongs to the word at the *edge* of a fragment.

        ``Ilve`` that became ``Ilves`` has grown by a letter; a word that was put before or after
        it is no part of it.
        """
        inserted = self.new[hunk.new_start : hunk.new_end]
        if behind:
            inserted = inserted[::-1]
        own = self.new[edge : edge + 1] if behind else self.new[edge - 1 : edge]
        if not own.isalnum():
            return 0
        grown = _JOINED.match(inserted)
        return 0 if grown is None else grown.end()

    def _trimmed(self, before: Fragment, now: Fragment) -> Fragment | None:
        """Return *now* without blanks at its ends that were not at the ends before."""
        start, end = now
        if not self.old[before.start : before.start + 1].isspace():
            start += len(self.new[start:end]) - len(self.new[start:end].lstrip())
        if not self.old[before.end - 1 : before.end].isspace():
            end = start + len(self.new[start:end].rstrip())
        return Fragment(start, end) if start < end else None

    # -- zones -------------------------------------------------------------------------------

    def zone(self, zone: Zone) -> Zone | None:
        """Return *zone* where it is now, with what was put to the lines at its ends."""
        name, start, end = zone
        if not self.hunks or end < self.hunks[0].old_start or start >= end:
            return zone
        first, _ = self._start(start, end)
        last, _ = self._end(start, end)
        for hunk in self.hunks[bisect_left(self._ends, start) : bisect_right(self._starts, end)]:
            inserted = self.new[hunk.new_start : hunk.new_end]
            if hunk[:2] == (start, start) and self.old[max(start - 1, 0) : start] in ("", "\n"):
                first = hunk.new_start + inserted.rfind("\n") + 1
            if hunk[:2] == (end, end) and self.old[end : end + 1] in ("", "\n"):
                feed = inserted.find("\n")
                last = hunk.new_end if feed < 0 else hunk.new_start + feed
        return Zone(name, first, last) if first < last else None

    def lost_zones(self, zones: Iterable[Zone]) -> tuple[Zone, ...]:
        """Return those of *zones* whose words are gone."""
        return tuple(zone for zone in zones if self.zone(zone) is None)


def _line(text: str, zone: Zone) -> str:
    return " ".join(text[zone.start : zone.end].split())


def touched_by(edit: Edit, authors: Mapping[str, str]) -> tuple[Touched, ...]:
    """Return the spans whose words a saved correction changed, with *authors* by layer."""
    found: list[Touched] = []
    for change in edit.changes:
        before, after = change.before, change.after
        if isinstance(before, Span):
            span = after if isinstance(after, Span) else None
            if span is None or (span.text, span.unsure) != (before.text, before.unsure):
                found.append(Touched(authors.get(before.layer_id, ""), before, span))
    return tuple(sorted(found, key=lambda item: reading_order(item.before)))


def _is_number(value: object) -> bool:
    return isinstance(value, int)
