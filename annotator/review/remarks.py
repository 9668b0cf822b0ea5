"""What people say to each other about an article: threads of comments, verdicts and their answers.

A comment is about a span, a relation, or the whole article; others answer it, and somebody resolves
the thread. Comments are never counted as disagreement. An annotator reads what was decided on the
own labels as :class:`Feedback`, and answers it: understood, contested, or asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.editing import NothingToDo
from annotator.model import (
    Change,
    Comment,
    Edit,
    Fragment,
    Layer,
    LayerState,
    Relation,
    Span,
    Verdict,
    edit,
    new_id,
)
from annotator.review.gold import gold_of, sources
from annotator.review.verdicts import (
    ANSWER,
    FOLLOWED,
    GOLD_IDS,
    VERDICT,
    WORDS,
    Answer,
    Decision,
    Signature,
    is_outdated,
    record_of,
    standing_verdicts,
)
from annotator.spans import overlap

GUIDELINE: Final = "annotator:guideline"
"""Key in ``extra`` of a comment: the label or rule of the guideline that it is about."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers, oldest first."""

    first: Comment
    replies: tuple[Comment, ...]
    record: Span | Relation | Layer | None
    """What it is about; None for the whole article, and where that is gone."""
    place: Fragment | None
    """Where to look; None for the whole article."""

    @property
    def is_resolved(self) -> bool:
        """Whether nothing is left to say."""
        return self.first.resolved

    @property
    def last(self) -> Comment:
        """What was said last."""
        return self.replies[-1] if self.replies else self.first


def threads(annotated: Annotated, record_ids: Iterable[str] | None = None) -> list[Thread]:
    """Return the threads of an article, or those on some records (the article's id is one).

    Those not resolved come first, each part by time.
    """
    wanted = None if record_ids is None else set(record_ids)
    heads: list[Comment] = []
    replies: dict[str, list[Comment]] = {}
    for comment in sorted(annotated.comments.values(), key=lambda one: (one.time, one.id)):
        head = _head(annotated, comment)
        if head.id != comment.id:
            replies.setdefault(head.id, []).append(comment)
        elif wanted is None or comment.record_id in wanted:
            heads.append(comment)
    heads.sort(key=lambda one: one.resolved)
    return [_thread(annotated, head, replies.get(head.id, ())) for head in heads]


def _head(annotated: Annotated, comment: Comment) -> Comment:
    """Return the comment that began the thread; a circle, as a file may have, is left at once."""
    seen = {comment.id}
    while comment.reply_to in annotated.comments and comment.reply_to not in seen:
        comment = annotated.comments[comment.reply_to]
        seen.add(comment.id)
    return comment


def _thread(annotated: Annotated, head: Comment, replies: Sequence[Comment]) -> Thread:
    record = record_of(annotated, head.record_id)
    return Thread(head, tuple(replies), record, place_of(annotated, record))


def place_of(annotated: Annotated, record: Span | Relation | Layer | None) -> Fragment | None:
    """Return where a record lies in the text: of a relation, its source."""
    if isinstance(record, Relation):
        record = annotated.spans.get(record.source)
    return Fragment(record.start, record.end) if isinstance(record, Span) else None


def comment(
    annotated: Annotated,
    record_id: str,
    text: str,
    signed: Signature,
    *,
    guideline: str = "",
    extra: dict[str, Any] | None = None,
) -> Edit:
    """Say something about a record, or with the article's id about the whole article.

    *guideline* names the label or rule that it is about. NothingToDo for an empty text.
    """
    if not text.strip() and not extra:
        raise NothingToDo("Write something first.")
    record = record_of(annotated, record_id)
    noted = dict(extra or {})
    if guideline:
        noted[GUIDELINE] = guideline
    layer_id = ""
    if record is not None:
        layer_id = record.id if isinstance(record, Layer) else record.layer_id
    made = Comment(
        id=new_id(),
        article_id=annotated.article.id,
        layer_id=layer_id,
        record_id=record_id,
        text=text.strip(),
        author=signed.author,
        time=signed.time,
        extra=noted,
    )
    return _about(annotated, "comment", Change(None, made))


def reply(annotated: Annotated, thread: Thread, text: str, signed: Signature) -> Edit:
    """Answer in a thread; one that was resolved is open again."""
    if not text.strip():
        raise NothingToDo("Write something first.")
    made = replace(
        thread.first,
        id=new_id(),
        text=text.strip(),
        author=signed.author,
        time=signed.time,
        reply_to=thread.first.id,
        resolved=False,
        extra={},
    )
    changes = [Change(None, made)]
    if thread.first.resolved:
        changes.append(Change(thread.first, replace(thread.first, resolved=False)))
    return _about(annotated, "comment", *changes)


def resolve(annotated: Annotated, thread: Thread, *, resolved: bool = True) -> Edit:
    """Say that a thread is done with, or that it is not."""
    every = [one for one in (thread.first, *thread.replies) if one.resolved != resolved]
    if not every:
        raise NothingToDo("That is so already.")
    changes = [Change(one, replace(one, resolved=resolved)) for one in every]
    return _about(annotated, "resolve" if resolved else "reopen comment", *changes)


def delete_comment(annotated: Annotated, comment: Comment) -> Edit:
    """Take a comment back; with the one that began a thread, the answers go."""
    gone = [comment]
    if comment.reply_to is None:
        every = annotated.comments.values()
        gone += [one for one in every if one.id != comment.id and _head(annotated, one) is comment]
    return _about(annotated, "delete comment", *(Change(one, None) for one in reversed(gone)))


def _about(annotated: Annotated, action: str, *changes: Change) -> Edit:
    said = changes[0].record
    assert isinstance(said, Comment)
    return edit(
        action,
        changes,
        detail=said.text,
        article_id=annotated.article.id,
        place=place_of(annotated, record_of(annotated, said.record_id)),
    )


# ------------------------------------------------------------------------------------ feedback

MISSED: Final = "missed"
"""As a decision in feedback: a label that is in gold, and that the annotator has not."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of one label of an annotator, and what the annotator says to it."""

    article_id: str
    record: Span | Relation | None
    """The label as it is now; None where it was missed."""
    verdict: Verdict | None
    decision: str
    """One of :class:`Decision`, or :data:`MISSED`."""
    reason: str
    words: str
    """The reviewer's own words."""
    gold: tuple[Span, ...]
    """What it came to in gold."""
    place: Fragment | None
    comments: tuple[Thread, ...]
    answer: str
    """The last answer (:class:`Answer`), empty while there is none."""
    is_outdated: bool
    """Whether the label was changed after the decision."""


def feedback(annotated: Annotated, author: str, *, accepted: bool = False) -> list[Feedback]:
    """Return what was decided on the labels of *author* in an article, in reading order.

    Also the labels in gold that *author* has not, once gold is frozen. With *accepted* also what
    was accepted; what went with something else (a relation with its end) is left out.
    """
    layers = {layer.id for layer in annotated.layers.values() if layer.author == author}
    found = []
    for verdict in standing_verdicts(annotated.verdicts.values()).values():
        record = annotated.spans.get(verdict.record_id)
        tie = record or annotated.relations.get(verdict.record_id)
        if tie is None or tie.layer_id not in layers or verdict.extra.get(FOLLOWED):
            continue
        if accepted or verdict.decision != Decision.ACCEPTED:
            found.append(_feedback(annotated, tie, verdict))
    gold = gold_of(annotated)
    if gold.is_frozen:
        found += _missed(annotated, layers, gold.layer.id)
    return sorted(found, key=lambda one: (one.place or Fragment(0, 0), one.decision))


def _feedback(annotated: Annotated, record: Span | Relation, verdict: Verdict) -> Feedback:
    noted = verdict.extra.get(GOLD_IDS)
    ids = noted if isinstance(noted, list | tuple) else ()
    own = threads(annotated, [record.id])
    answers = [
        str(one.first.extra[ANSWER])
        for one in sorted(own, key=lambda thread: thread.first.time)
        if one.first.extra.get(VERDICT) == verdict.id
    ]
    return Feedback(
        article_id=annotated.article.id,
        record=record,
        verdict=verdict,
        decision=verdict.decision,
        reason=verdict.reason,
        words=str(verdict.extra.get(WORDS, "")),
        gold=tuple(span for key in ids if (span := annotated.spans.get(key)) is not None),
        place=place_of(annotated, record),
        comments=tuple(own),
        answer=answers[-1] if answers else "",
        is_outdated=is_outdated(verdict, record),
    )


def _missed(annotated: Annotated, layers: set[str], gold_id: str) -> list[Feedback]:
    handed_in = [annotated.layers[key] for key in layers]
    mine = {
        layer.id
        for layer in handed_in
        if layer.state in LayerState.REVIEWED and layer.id != gold_id
    }
    if not mine:
        return []
    own = [span for span in annotated.spans.values() if span.layer_id in mine]
    ids = {span.id for span in own}
    return [
        Feedback(
            article_id=annotated.article.id,
            record=None,
            verdict=None,
            decision=MISSED,
            reason="",
            words="",
            gold=(span,),
            place=Fragment(span.start, span.end),
            comments=tuple(threads(annotated, [span.id])),
            answer="",
            is_outdated=False,
        )
        for span in annotated.spans_of(gold_id)
        if not ids & sources(span)
        and not any(overlap(span.fragments, one.fragments) for one in own if _alike(one, span))
    ]


def _alike(one: Span, other: Span) -> bool:
    return one.label == other.label


def answer(
    annotated: Annotated, verdict: Verdict, said: str, signed: Signature, text: str = ""
) -> Edit:
    """Answer a verdict on one's own label: one of :class:`Answer`, with words where one has any.

    A contest puts the case back into the queue; what is understood is resolved at once.
    """
    if said not in Answer.ALL:
        raise ValueError(f"{said!r} is no answer to a verdict.")
    made = comment(
        annotated,
        verdict.record_id,
        text,
        signed,
        extra={ANSWER: said, VERDICT: verdict.id},
    )
    if said != Answer.UNDERSTOOD:
        return replace(made, action=said)
    (change,) = made.changes
    assert isinstance(change.after, Comment)
    return replace(made, action=said, changes=(Change(None, replace(change.after, resolved=True)),))


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How often something was decided for a reason."""

    decision: str
    reason: str
    number: int
    contested: int
    """How many of them the annotator contests."""


def reason_counts(items: Iterable[Feedback]) -> list[ReasonCount]:
    """Return the statistics of feedback per decision and reason, the most frequent first."""
    every = list(items)
    counts = Counter((one.decision, one.reason) for one in every)
    contested = Counter(
        (one.decision, one.reason) for one in every if one.answer == Answer.CONTESTED
    )
    rows = [ReasonCount(*key, number, contested[key]) for key, number in counts.items()]
    return sorted(rows, key=lambda row: (-row.number, row.decision, row.reason))
