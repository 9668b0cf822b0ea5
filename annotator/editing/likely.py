"""Likely ends of relations: whom a claim is attributed to, by where the words stand.

News sets an attribution beside what is said. A claim is tied to words in its own sentence, or in
the sentence that its quotation runs into; a quotation that has no such words goes on from the
attribution before it in the paragraph, or from the paragraph before where a whole paragraph is
quoted. Words inside another quotation or another claim never count, except that a report inside a
report finds its source within the outer one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotator.editing.draft import Draft
from annotator.model import Fragment, Relation, Span, new_id
from annotator.scheme import RelationLabel
from annotator.spans import contains, gap, hull, length, overlap
from annotator.text import Quotation, Structure

REACH: Final = 4_000
"""Code points on either side of a span that are looked at: more than a screen of text."""


def fill(draft: Draft, span: Span) -> None:
    """Fill the empty slots of *span*, and those of others near it that *span* suits."""
    scheme = draft.desk.scheme
    _fill_slots(draft, span)
    for relation in scheme.relations:
        if not _is_filled(relation) or span.label not in relation.targets:
            continue
        if relation.inside:
            _adopt_inner(draft, span, relation)
            continue
        for source in _sources_near(draft, span, relation):
            likely = None if source.id == span.id else likely_target(draft, source, relation)
            if likely is not None and likely.id == span.id:
                _tie(draft, source, relation, span)


def _is_filled(relation: RelationLabel) -> bool:
    """Say whether the program fills it: slots that have to be filled, and nesting."""
    return relation.inside or relation.min > 0 or relation.target_min > 0


def _fill_slots(draft: Draft, span: Span) -> None:
    slots = [r for r in draft.desk.scheme.relations_from(span.label) if _is_filled(r)]
    for relation in sorted(slots, key=lambda slot: -slot.target_min):
        if not draft.relations_from(span.id, relation.name):
            target = likely_target(draft, span, relation)
            if target is not None:
                _tie(draft, span, relation, target)


def _tie(draft: Draft, source: Span, relation: RelationLabel, target: Span) -> None:
    draft.put(
        Relation(
            id=new_id(),
            article_id=source.article_id,
            layer_id=source.layer_id,
            label=relation.name,
            source=source.id,
            target=target.id,
        )
    )


def _adopt_inner(draft: Draft, span: Span, relation: RelationLabel) -> None:
    """Nest the spans inside *span* in it, where it is the smallest one around them."""
    for inner in draft.spans_in(span.start, span.end):
        if inner.label != relation.source or _container(draft, inner, relation) != span:
            continue
        present = draft.relations_from(inner.id, relation.name)
        if not present:
            _tie(draft, inner, relation, span)
        outer = draft.span(present[0].target) if len(present) == 1 else None
        if outer is not None and _is_around(outer, span):
            draft.drop(present[0])
            _tie(draft, inner, relation, span)


def _sources_near(draft: Draft, span: Span, relation: RelationLabel) -> list[Span]:
    """Return the spans near *span* whose slot is empty."""
    structure = draft.desk.structure
    own = structure.paragraph_at(span.start)
    following = _next_paragraph(structure, draft.text, span.end)
    end = own.end if following is None else following.end
    near = draft.spans_in(max(own.start, span.start - REACH), min(end, span.end + REACH))
    return [
        source
        for source in near
        if source.label == relation.source and not draft.relations_from(source.id, relation.name)
    ]


def likely_target(draft: Draft, span: Span, relation: RelationLabel) -> Span | None:
    """Return the span that most likely fills the slot *relation* of *span*, or None."""
    if relation.inside:
        return _container(draft, span, relation)
    outer = _smallest_around(draft, span, (span.label,))
    if outer is not None:
        inside = _candidates(draft, span, relation, hull(outer.fragments), outer)
        return _nearest(draft, span, relation, inside)
    view = _Surroundings(draft, span)
    for zone in view.zones():
        found = _candidates(draft, span, relation, zone, None)
        if found:
            return _nearest(draft, span, relation, found)
    previous = view.paragraph_that_goes_on()
    return None if previous is None else _carried_on(draft, relation, previous)


def _container(draft: Draft, span: Span, relation: RelationLabel) -> Span | None:
    return _smallest_around(draft, span, relation.targets)


def _smallest_around(draft: Draft, span: Span, labels: tuple[str, ...]) -> Span | None:
    around = [
        other
        for other in draft.spans_in(span.start, span.end)
        if other.label in labels and other.id != span.id and _is_around(other, span)
    ]
    return min(around, key=lambda other: (length(other.fragments), other.id), default=None)


def _is_around(outer: Span, inner: Span) -> bool:
    return outer.fragments != inner.fragments and contains(outer.fragments, inner.fragments)


def _candidates(
    draft: Draft, span: Span, relation: RelationLabel, zone: Fragment, outer: Span | None
) -> list[Span]:
    """Return the spans in *zone* that may be the source's words, within *outer* if it is given."""
    return [
        other
        for other in draft.spans_in(*zone)
        if other.label in relation.targets
        and other.id != span.id
        and not overlap(other.fragments, span.fragments)
        and _speaks_from(draft, span, other, outer)
    ]


def _speaks_from(draft: Draft, span: Span, other: Span, outer: Span | None) -> bool:
    """Say whether *other* stands at the level from which *span* is reported."""
    around = _smallest_around(draft, other, (span.label,))
    if outer is not None:
        return around is not None and around.id == outer.id
    return around is None and draft.desk.structure.quotation_at(other.start) is None


def _nearest(
    draft: Draft, span: Span, relation: RelationLabel, candidates: list[Span]
) -> Span | None:
    """Return the candidate that goes with the rest of the attribution, else the nearest one."""
    anchors = list(span.fragments)
    for tie in draft.relations_from(span.id):
        other = draft.desk.scheme.relation(tie.label)
        companion = draft.span(tie.target)
        if companion is None or other is None or other.inside or other == relation:
            continue
        for shared in _shared_targets(draft, companion, tie.label, relation):
            if shared in candidates:
                return shared
        anchors = list(companion.fragments)
    return min(candidates, key=lambda other: _distance(other, anchors), default=None)


def _shared_targets(
    draft: Draft, companion: Span, label: str, relation: RelationLabel
) -> Iterator[Span]:
    """Yield what other spans with the same companion (a cue, say) have in the slot."""
    for tie in draft.relations_to(companion.id, label):
        for sibling in draft.relations_from(tie.source, relation.name):
            target = draft.span(sibling.target)
            if target is not None:
                yield target


def _distance(other: Span, anchors: list[Fragment]) -> tuple[int, bool, int, str]:
    stretch = hull(other.fragments)
    near = min(anchors, key=lambda anchor: gap(anchor, stretch))
    after = stretch.start > near.start
    return (gap(near, stretch), after, -length(other.fragments), other.id)


def _carried_on(draft: Draft, relation: RelationLabel, paragraph: Fragment) -> Span | None:
    """Return what the last claim of *paragraph* has in the slot."""
    claims = draft.spans_in(max(paragraph.start, paragraph.end - REACH), paragraph.end)
    for claim in sorted(claims, key=lambda span: (span.end, span.id), reverse=True):
        if claim.label != relation.source or _smallest_around(draft, claim, (claim.label,)):
            continue
        for tie in draft.relations_from(claim.id, relation.name):
            return draft.span(tie.target)
    return None


class _Surroundings:
    """Where the attribution of one claim may stand."""

    def __init__(self, draft: Draft, span: Span) -> None:
        self._text = draft.text
        self._structure = draft.desk.structure
        self._span = span
        self._paragraph = self._structure.paragraph_at(span.start)
        self._quotation = outermost_quotation(self._structure, span.start)

    def zones(self) -> Iterator[Fragment]:
        """Yield stretches, best first: beside the claim, then elsewhere in the paragraph."""
        beside = self._beside()
        yield beside
        if self._quotation is not None and not self._has_words(beside):
            paragraph = self._paragraph
            yield self._last_words(
                Fragment(max(paragraph.start, beside.start - REACH), beside.start)
            )
            yield Fragment(beside.end, max(beside.end, min(paragraph.end, beside.end + REACH)))

    def paragraph_that_goes_on(self) -> Fragment | None:
        """Return the paragraph before, where this one is nothing but quoted."""
        paragraph = self._paragraph
        if self._quotation is None or paragraph.end - paragraph.start > REACH:
            return None
        if self._has_words(paragraph):
            return None
        return _previous_paragraph(self._structure, self._text, paragraph.start)

    def _beside(self) -> Fragment:
        """The sentences of the claim, with those that its quotation begins and ends in."""
        first, last = self._span.start, self._span.end - 1
        if self._quotation is not None:
            outer = self._quotation.outer
            first, last = min(first, outer.start), max(last, outer.end - 1)
        start, end = self._sentence(first).start, self._sentence(last).end
        if self._quotation is not None and end <= self._quotation.outer.end + 1:
            end = self._past_quotation(end)
        return Fragment(start, end)

    def _past_quotation(self, end: int) -> int:
        """Return where the sentence ends that goes on after the quotation, in lower case."""
        quotation = self._quotation
        assert quotation is not None
        tail = self._text[quotation.outer.end : quotation.outer.end + 40]
        said = self._text[quotation.inner.start : quotation.inner.end].rstrip()
        goes_on = tail.lstrip()[:1].islower() or said[-1:] in ",?!-–—…"
        position = quotation.outer.end + len(tail) - len(tail.lstrip())
        if not goes_on or position >= self._paragraph.end:
            return end
        if self._structure.quotation_at(position) is not None:
            return end
        return max(end, self._sentence(position).end)

    def _sentence(self, position: int) -> Fragment:
        found = self._structure.sentence_at(position)
        return self._paragraph if found is None else found

    def _last_words(self, stretch: Fragment) -> Fragment:
        """Return the last sentence of *stretch* in which something stands outside quotations."""
        position = stretch.end
        while position > stretch.start:
            sentence = self._sentence(position - 1)
            if self._has_words(sentence):
                return Fragment(max(sentence.start, stretch.start), position)
            position = min(sentence.start, position - 1)
        return Fragment(stretch.start, stretch.start)

    def _has_words(self, stretch: Fragment) -> bool:
        """Say whether letters stand in *stretch* outside every quotation."""
        position = stretch.start
        while position < stretch.end:
            quotation = outermost_quotation(self._structure, position)
            if quotation is not None:
                position = max(position + 1, quotation.outer.end)
                continue
            if self._text[position].isalpha():
                return True
            position += 1
        return False


def outermost_quotation(structure: Structure, position: int) -> Quotation | None:
    """Return the quotation around *position* that lies in no other one."""
    found = structure.quotation_at(position)
    while found is not None and found.outer.start > 0:
        outer = structure.quotation_at(found.outer.start - 1)
        if outer is None or outer.outer.end < found.outer.end:
            break
        found = outer
    return found


def _previous_paragraph(structure: Structure, text: str, position: int) -> Fragment | None:
    """Return the paragraph with words before the one that begins at *position*."""
    number = structure.paragraph_number(position) - 1
    while number >= 0:
        paragraph = structure.paragraphs[number]
        if text[paragraph.start : paragraph.end].strip():
            return paragraph
        number -= 1
    return None


def _next_paragraph(structure: Structure, text: str, position: int) -> Fragment | None:
    """Return the paragraph with words after the one around *position*."""
    number = structure.paragraph_number(position) + 1
    while number < len(structure.paragraphs):
        paragraph = structure.paragraphs[number]
        if text[paragraph.start : paragraph.end].strip():
            return paragraph
        number += 1
    return None
