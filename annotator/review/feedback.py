"""What became of an annotator's labels: the decisions to look at, and what was answered.

A decision is told where the label was changed or left out; one that was contested is told again
when the reviewer has decided anew or has replied.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.model import Comment, Layer, LayerState, Relation, Span, Verdict
from annotator.review.conflicts import value_of
from annotator.review.differing import Run, runs
from annotator.review.gold import gold_of, sources
from annotator.review.remarks import DECIDED
from annotator.review.rounds import reviewed_layer
from annotator.review.verdicts import (
    ANSWER,
    FOLLOWED,
    GOLD_IDS,
    VERDICT,
    Answer,
    Decision,
    Reason,
    record_of,
    standing_verdicts,
)
from annotator.scheme import Scheme
from annotator.spans import Fragments, intersection, overlap

TOLD: Final = (Decision.CORRECTED, Decision.REJECTED, Decision.MISSED)
"""Decisions that an annotator is told of."""


class State(StrEnum):
    """How far a decision is between the annotator and the reviewer."""

    OPEN = "open"
    """To be looked at by the annotator."""
    WAITING = "waiting"
    """The reviewer is to answer."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A decision on one's own label, with what was said about it."""

    verdict: Verdict
    remarks: tuple[Comment, ...] = ()
    """Answers to it and the replies to these, oldest first."""

    @property
    def answer(self) -> Comment | None:
        """What the annotator said last, Understood, Contest or Ask."""
        answers = [one for one in self.remarks if one.extra.get(VERDICT) == self.verdict.id]
        return answers[-1] if answers else None

    @property
    def replied(self) -> Comment | None:
        """What somebody else said to the last answer."""
        answer = self.answer
        if answer is None:
            return None
        after = self.remarks[self.remarks.index(answer) + 1 :]
        replies = [one for one in after if one.author != answer.author]
        return replies[-1] if replies else None

    @property
    def decided_again(self) -> bool:
        """Whether the reviewer has decided after the last answer."""
        # Not by the clocks of two machines: an answer says which decision it was about.
        return self.answer is not None and self.answer.extra.get(DECIDED) != self.verdict.time

    @property
    def state(self) -> State:
        """How far it is."""
        answer = self.answer
        if answer is None or self.decided_again:
            return State.OPEN
        if answer.extra.get(ANSWER) == Answer.UNDERSTOOD:
            return State.DONE
        if self.replied is not None:
            return State.OPEN
        return State.DONE if answer.resolved else State.WAITING


def feedback(verdicts: Iterable[Verdict], remarks: Iterable[Comment]) -> tuple[Feedback, ...]:
    """Return the decisions that are told, newest first; *remarks* are those on the same layers."""
    said = list(remarks)
    of_answer = {
        one.id: str(one.extra[VERDICT]) for one in said if isinstance(one.extra.get(VERDICT), str)
    }
    by_verdict: dict[str, list[Comment]] = defaultdict(list)
    for one in sorted(said, key=lambda one: (one.time, one.id)):
        verdict_id = of_answer.get(one.id) or of_answer.get(one.reply_to or "")
        if verdict_id is not None:
            by_verdict[verdict_id].append(one)
    found = []
    for verdict in standing_verdicts(verdicts).values():
        own = tuple(by_verdict.get(verdict.id, ()))
        if (verdict.decision in TOLD and not verdict.extra.get(FOLLOWED)) or own:
            found.append(Feedback(verdict, own))
    return tuple(sorted(found, key=lambda one: (one.verdict.time, one.verdict.id), reverse=True))


def feedback_of(annotated: Annotated, author: str) -> tuple[Feedback, ...]:
    """Return the decisions on the labels of *author* in one article."""
    reviewed = reviewed_layer(annotated, author)
    own = set() if reviewed is None else {reviewed.id}
    return feedback(
        (one for one in annotated.verdicts.values() if one.layer_id in own),
        (one for one in annotated.comments.values() if one.layer_id in own),
    )


def by_reason(found: Iterable[Feedback]) -> list[tuple[str, int]]:
    """Return how often each reason was given for what was changed or left out, most often first.

    What was missed counts as a reason of its own.
    """
    told = (one.verdict for one in found if one.verdict.decision in TOLD)
    counted = Counter(verdict.reason for verdict in told)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def missed(annotated: Annotated, author: str) -> list[Span]:
    """Return the labels in frozen gold that *author*, who has read the article, has nowhere near.

    Nothing while gold is worked on: what is not in it yet was not missed.
    """
    gold = gold_of(annotated)
    own = reviewed_layer(annotated, author)
    if not gold.is_frozen or own is None or own.state not in LayerState.REVIEWED:
        return []
    spans = [span for span in annotated.spans.values() if span.layer_id == own.id]
    ids = {span.id for span in spans}
    by_label: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        by_label[span.label].append(span)
    return [
        span
        for span in annotated.spans_of(gold.layer.id)
        if not ids & sources(span)
        and not any(overlap(span.fragments, one.fragments) for one in by_label[span.label])
    ]


def verdicts_on_missed(annotated: Annotated, author: str) -> list[Verdict]:
    """Return what was missed as verdicts, so that it is told and answered as these are."""
    own = reviewed_layer(annotated, author)
    return [
        Verdict(
            id=f"{Decision.MISSED}/{span.id}",
            article_id=span.article_id,
            layer_id="" if own is None else own.id,
            record_id=span.id,
            decision=Decision.MISSED,
            revision=0,
            reason=Reason.MISSED,
        )
        for span in missed(annotated, author)
    ]


# -- before and after ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the two sides do not say alike; None is unset."""

    name: str
    """``label``, ``entity``, ``source``, ``target`` or the name of an attribute."""
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """An annotator's label beside what stands in gold in its place."""

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    """Nothing, where it was left out."""
    facts: tuple[Fact, ...]


def outcome(annotated: Annotated, verdict: Verdict) -> Span | Relation | None:
    """Return what stands in gold in the place of a judged record; None where nothing does."""
    gold = gold_of(annotated).layer.id
    ties = [one for one in annotated.relations.values() if one.layer_id == gold]
    found: list[Span | Relation] = [*annotated.spans_of(gold), *ties]
    noted = verdict.extra.get(GOLD_IDS)
    ids = frozenset(noted) if isinstance(noted, list | tuple) else frozenset()
    taken = [one for one in found if one.id in ids or verdict.record_id in sources(one)]
    if taken:
        return min(taken, key=lambda one: one.id)
    before = annotated.spans.get(verdict.record_id)
    if before is None or verdict.decision != Decision.CORRECTED:
        return None
    near = annotated.spans_in(gold, before.start, before.end)
    shared = {one.id: intersection(one.fragments, before.fragments) for one in near}
    near = [one for one in near if shared[one.id]]
    same = [one for one in near if one.label == before.label]
    return max(same or near, key=lambda one: _size(shared[one.id]), default=None)


def _size(fragments: Fragments) -> int:
    return sum(end - start for start, end in fragments)


def compared(annotated: Annotated, verdict: Verdict, scheme: Scheme) -> Comparison | None:
    """Return a judged label beside its outcome; None where the label is not there any more."""
    before = record_of(annotated, verdict.record_id)
    if before is None or isinstance(before, Layer):
        return None
    after = outcome(annotated, verdict)
    text = annotated.article.text
    if verdict.decision == Decision.MISSED:
        there = _extent(annotated, before)
        return Comparison((), runs(text, there, there), ())
    own, other = _extent(annotated, before), _extent(annotated, after)
    shared = own if after is None else intersection(own, other)
    facts = () if after is None else tuple(_facts(annotated, before, after, scheme))
    return Comparison(runs(text, own, shared), runs(text, other, shared), facts)


def _extent(annotated: Annotated, record: Span | Relation | None) -> Fragments:
    """Return the words of a span, or those at the far end of a relation."""
    if isinstance(record, Relation):
        target = annotated.spans.get(record.target or "")
        return () if target is None else target.fragments
    return () if record is None else record.fragments


def _facts(
    annotated: Annotated, before: Span | Relation, after: Span | Relation, scheme: Scheme
) -> Iterable[Fact]:
    if before.label != after.label:
        yield Fact("label", before.label, after.label)
    if isinstance(before, Span) and isinstance(after, Span):
        for name in _names((before, after), scheme):
            values = [value_of(span, name, scheme) for span in (before, after)]
            if values[0] != values[1]:
                yield Fact(name, *values)
        if before.entity_id != after.entity_id:
            ids = (before.entity_id, after.entity_id)
            yield Fact("entity", *(_name(annotated, key) for key in ids))
    elif isinstance(before, Relation) and isinstance(after, Relation):
        for name in sorted({*before.attributes, *after.attributes}):
            pair = (before.attributes.get(name), after.attributes.get(name))
            if pair[0] != pair[1]:
                yield Fact(name, *pair)
        if before.target_entity != after.target_entity:
            ids = (before.target_entity, after.target_entity)
            yield Fact("target", *(_name(annotated, key) for key in ids))


def _names(spans: Sequence[Span], scheme: Scheme) -> list[str]:
    """Return the attributes of spans in the order of the scheme, then those it does not know."""
    found: dict[str, None] = {}
    for span in spans:
        label = scheme.label(span.label)
        if label is not None:
            found |= dict.fromkeys(one.name for one in scheme.attributes_of(label))
    for span in spans:
        found |= dict.fromkeys(sorted(span.attributes))
    return list(found)


def _name(annotated: Annotated, entity_id: str | None) -> str | None:
    entity = annotated.entities.get(entity_id or "")
    return None if entity is None else entity.name
