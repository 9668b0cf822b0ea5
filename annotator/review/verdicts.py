"""Verdicts: what a reviewer decided on a record, why, and whether the record is still that one.

A verdict keeps a fingerprint of what it was about. Where the record says something else by now,
the verdict is *outdated*: contents are compared, for an edit is saved later than it is made, and
which revision a record will have is not known when it is judged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.editing.noting import HANDED_IN
from annotator.model import Comment, Layer, Record, Relation, Span, Verdict, new_id
from annotator.review.conflicts import ENTITY, Conflict, Kind
from annotator.scheme import Scheme
from annotator.translation import later, shown


class Decision:
    """What a reviewer can decide on a record."""

    ACCEPTED: Final = "accepted"
    CORRECTED: Final = "corrected"
    REJECTED: Final = "rejected"
    ESCALATED: Final = "escalated"
    SKIPPED: Final = "skipped"
    ALL: Final = (ACCEPTED, CORRECTED, REJECTED, ESCALATED, SKIPPED)
    MISSED: Final = "missed"
    """Of a label in gold that an annotator has not: told like a verdict, and never stored."""


OF: Final = "annotator:of"
"""Key in ``extra`` of a verdict: the fingerprint of the record that was judged."""
WORDS: Final = "annotator:words"
"""Key in ``extra`` of a verdict: the reason in the reviewer's own words."""
FOLLOWED: Final = "annotator:followed"
"""Key in ``extra`` of a verdict on a relation that was not judged: it went with its ends."""
BATCH: Final = "annotator:batch"
"""Key in ``extra`` of a verdict: the id of the batch that it was decided in."""
RULE: Final = "annotator:rule"
"""Key in ``extra`` of a verdict of a batch: what the batch did, such as ``unanimous``."""
CASE: Final = "annotator:case"
"""Key in ``extra`` of a verdict of a batch: the key of the case, for a case is audited as one."""
AUDIT: Final = "annotator:audit"
"""Key in ``extra`` of a verdict of a batch: ``due``, then ``right`` or ``wrong``, or
:data:`ALONE`."""
ALONE: Final = "alone"
"""Under :data:`AUDIT`: a second review by the very person who decided first, for want of another.
It tells nothing of how well two reviewers agree, and counts in no rate."""
SEED: Final = "annotator:seed"
"""Key in ``extra`` of a verdict that was drawn for an audit: the seed of the draw."""
AGAIN: Final = "annotator:again"
"""Key in ``extra`` of a verdict that is due: who decides once more, and what gold has now."""
SECOND_REVIEW: Final = "second review"
"""The rule of a batch of decisions on which somebody else decides once more."""
GOLD_IDS: Final = "annotator:came_to"
"""Key in ``extra`` of a verdict: ids of the gold spans that the case came to."""
ANSWER: Final = "annotator:answer"
"""Key in ``extra`` of a comment: what an annotator says to a verdict."""
RETURNED: Final = "annotator:returned"
"""Key in ``extra`` of a comment: it says why the label was sent back, and is no case of its own."""
VERDICT: Final = "annotator:verdict"
"""Key in ``extra`` of a comment: the id of the verdict that it answers."""


class Reason:
    """The usual reasons, by the names that verdicts keep."""

    BORDERS: Final = later("Wrong borders")
    LABEL: Final = later("Wrong label")
    GUIDELINE: Final = later("Not in the guideline")
    DUPLICATE: Final = later("Duplicate")
    SPEAKER: Final = later("Wrong speaker")
    ENTITY: Final = later("Wrong person or place")
    VALUE: Final = later("Wrong value")
    OTHER: Final = later("Other")
    ALL: Final = (BORDERS, LABEL, GUIDELINE, DUPLICATE, SPEAKER, ENTITY, VALUE, OTHER)
    MISSED: Final = later("Not marked")
    """Never given: it stands for what was missed where reasons are counted."""


def reasons(scheme: Scheme) -> tuple[str, ...]:
    """Return the reasons of a project, in the order of their digit keys 1 to 9."""
    return scheme.reasons or Reason.ALL


def reason_shown(reason: str) -> str:
    """Return a reason in the person's language; those of a scheme stay as they are written."""
    return shown(reason) if reason in (*Reason.ALL, Reason.MISSED) else reason


_REASON_OF: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.BOUNDARY: Reason.BORDERS,
        Kind.BOUNDARY_AND_LABEL: Reason.LABEL,
        Kind.LABEL: Reason.LABEL,
        Kind.SPLIT: Reason.BORDERS,
        Kind.FRAGMENTS: Reason.BORDERS,
        Kind.NESTING: Reason.BORDERS,
        Kind.DUPLICATE: Reason.DUPLICATE,
        Kind.VALUE: Reason.VALUE,
        Kind.UNSET: Reason.VALUE,
        Kind.SUBSET: Reason.VALUE,
        Kind.RELATION_TYPE: Reason.LABEL,
        Kind.DIRECTION: Reason.SPEAKER,
        Kind.ENDPOINT: Reason.SPEAKER,
        Kind.ENTITY_SPLIT: Reason.ENTITY,
        Kind.ENTITY_MERGED: Reason.ENTITY,
        Kind.OTHER_ENTITY: Reason.ENTITY,
        Kind.IDENTIFIER: Reason.ENTITY,
    }
)


def likely_reason(conflict: Conflict, scheme: Scheme) -> str:
    """Return why a label that lost a conflict was not right, as far as the conflict tells."""
    reason = Reason.ENTITY if conflict.name == ENTITY else _REASON_OF.get(conflict.kind, "")
    return reason if reason in reasons(scheme) else ""


@dataclass(frozen=True, slots=True)
class Signature:
    """In whose name, when, and on what state of the project something is decided."""

    author: str
    time: str = ""
    """ISO 8601 in UTC."""
    revision: int = 0
    """The newest revision of the project that the reviewer saw."""


def fingerprint(record: Record) -> str:
    """Return what stands for the contents of a record: the same for the same contents.

    Notes and doubts are not contents: they say nothing about the article. Nor is where in the text
    a span stands, but for its words and the gaps between them: a correction of the text elsewhere
    moves every span behind it.
    """
    said: list[Any]
    match record:
        case Span():
            words = [list(record.text), [start - record.start for start, _ in record.fragments]]
            said = [record.label, words, dict(record.attributes), record.entity_id]
        case Relation():
            ends = [record.source, record.target, record.target_entity]
            said = [record.label, ends, dict(record.attributes)]
        case Layer():
            said = [record.extra.get(HANDED_IN)]
        case _:
            said = [record.id]
    text = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def judged(
    record: Span | Relation | Layer,
    decision: str,
    signed: Signature,
    *,
    before: Verdict | None = None,
    reason: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Verdict:
    """Return the verdict on *record*; it takes the place of the one *before*."""
    return Verdict(
        id=new_id() if before is None else before.id,
        article_id=record.article_id,
        layer_id=record.id if isinstance(record, Layer) else record.layer_id,
        record_id=record.id,
        revision=signed.revision,
        decision=decision,
        reason=reason,
        author=signed.author,
        time=signed.time,
        extra={OF: fingerprint(record), **(extra or {})},
    )


def is_outdated(verdict: Verdict, record: Record) -> bool:
    """Say whether *record* says something else than what *verdict* was about.

    A verdict of another program, which has no fingerprint, counts as still about it.
    """
    known = verdict.extra.get(OF)
    return known is not None and known != fingerprint(record)


def standing_verdicts(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """Return the verdict that holds for each record, by the record's id: the newest."""
    found: dict[str, Verdict] = {}
    for verdict in sorted(verdicts, key=lambda one: (one.time, one.revision, one.id)):
        found[verdict.record_id] = verdict
    return found


def asked_again(verdict: Verdict) -> str:
    """Return who is to decide on a record once more without seeing this verdict, if anybody."""
    noted = verdict.extra.get(AGAIN)
    if verdict.extra.get(AUDIT) != "due" or not isinstance(noted, Mapping):
        return ""
    return str(noted.get("person", ""))


def said_in_gold(spans: Iterable[Span]) -> list[list[str]]:
    """Return labels and words of gold spans, to be compared with what they are later."""
    return sorted([span.label, *span.text] for span in spans)


class Answer:
    """What an annotator says to a verdict."""

    UNDERSTOOD: Final = "understood"
    CONTESTED: Final = "contested"
    ASKED: Final = "asked"
    ALL: Final = (UNDERSTOOD, CONTESTED, ASKED)


def is_contest(comment: Comment) -> bool:
    """Say whether a comment contests a verdict and has had no answer yet."""
    return comment.extra.get(ANSWER) == Answer.CONTESTED and not comment.resolved


def record_of(annotated: Annotated, record_id: str) -> Span | Relation | Layer | None:
    """Return the record that a verdict or comment is about; None where it is gone."""
    return (
        annotated.spans.get(record_id)
        or annotated.relations.get(record_id)
        or annotated.layers.get(record_id)
    )
