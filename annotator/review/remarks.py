"""Comments as threads, and what an annotator answers to a verdict; both are comments.

A thread begins with a comment on a span, a relation or an article and goes on in replies; whether
it is settled stands on its first comment. An answer is a comment that names its verdict. Comments
never count as disagreement. All functions return edits; none changes what it is given.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from annotator.annotated import Annotated
from annotator.editing.desk import Impossible, NothingToDo
from annotator.model import (
    Change,
    Comment,
    Edit,
    Fragment,
    Layer,
    Verdict,
    edit,
    new_id,
    now,
)
from annotator.review.gold import sources
from annotator.review.sight import hidden_layers
from annotator.review.verdicts import ANSWER, VERDICT, Answer, Decision
from annotator.scheme import Scheme

DECIDED: Final = "annotator:decided"
"""Key in ``extra`` of an answer: the time of the verdict as it was when it was answered."""
PASSAGE: Final = "annotator:passage"
"""Key in ``extra`` of a comment: the passage of the guideline that it is about."""


_LONG: Final = 160
"""Characters of a paragraph above which its sentences are passages of their own."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) (?=\w)")
WAITING: Final = (Answer.CONTESTED, Answer.ASKED)
"""Answers that wait for the reviewer."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A place of the guideline: of which label, under which heading, and its words."""

    label: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies, oldest first."""

    first: Comment
    replies: tuple[Comment, ...] = ()

    @property
    def comments(self) -> tuple[Comment, ...]:
        """All of it, oldest first."""
        return (self.first, *self.replies)

    @property
    def resolved(self) -> bool:
        """Whether it is settled."""
        return self.first.resolved


# -- reading ---------------------------------------------------------------------------------


def all_threads(annotated: Annotated, author: str = "") -> dict[str, tuple[Thread, ...]]:
    """Return the threads of an article by the record that they are about, oldest first.

    Those that *author* must not see yet are left out.
    """
    replies: dict[str, list[Comment]] = defaultdict(list)
    firsts: list[Comment] = []
    hidden = hidden_layers(annotated, author)
    for comment in sorted(annotated.comments.values(), key=_age):
        first = first_of(annotated.comments, comment)
        if first.layer_id in hidden:
            continue
        if first is comment:
            firsts.append(comment)
        else:
            replies[first.id].append(comment)
    found: dict[str, list[Thread]] = defaultdict(list)
    for first in firsts:
        found[first.record_id].append(Thread(first, tuple(replies[first.id])))
    return {key: tuple(threads) for key, threads in found.items()}


def threads(annotated: Annotated, record_id: str) -> tuple[Thread, ...]:
    """Return the threads about a span, a relation or the article, oldest first."""
    return all_threads(annotated).get(record_id, ())


def unresolved(annotated: Annotated, author: str = "") -> dict[str, int]:
    """Return how many threads about a record are open, for the records that have any.

    Those that *author* must not see yet do not count.
    """
    counted: dict[str, int] = defaultdict(int)
    hidden = hidden_layers(annotated, author)
    for comment in annotated.comments.values():
        if comment.resolved or comment.layer_id in hidden:
            continue
        if first_of(annotated.comments, comment) is comment:
            counted[comment.record_id] += 1
    return dict(counted)


def unresolved_at(annotated: Annotated, author: str = "") -> dict[str, int]:
    """Return how many open threads belong to a span, those of its links too, or to the article."""
    counted: dict[str, int] = defaultdict(int)
    for record_id, count in unresolved(annotated, author).items():
        tie = annotated.relations.get(record_id)
        counted[record_id if tie is None else tie.source] += count
    return dict(counted)


def passage_of(comment: Comment) -> Passage | None:
    """Return the passage of the guideline that a comment is about, if it names one."""
    noted = comment.extra.get(PASSAGE)
    if not isinstance(noted, Mapping):
        return None
    parts = [noted.get(key, "") for key in ("label", "heading", "text")]
    return Passage(*parts) if all(isinstance(part, str) for part in parts) else None


def passages(scheme: Scheme, label: str) -> tuple[Passage, ...]:
    """Return what the guideline says about a label, passage by passage."""
    known = scheme.label(label)
    if known is None:
        return ()
    found = [Passage(label, "", part) for part in _paragraphs(known.definition)]
    found += [Passage(label, "", part) for part in _paragraphs(known.guideline)]
    found += [Passage(label, "", example.text) for example in known.examples]
    for rule in scheme.rules:
        if label in rule.labels:
            found += [Passage(label, rule.title, part) for part in _paragraphs(rule.text)]
    return tuple(found)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text; long ones sentence by sentence, to be quoted exactly."""
    found: list[str] = []
    for part in text.split("\n\n"):
        joined = " ".join(part.split())
        found += _SENTENCE_END.split(joined) if len(joined) > _LONG else [joined]
    return [part for part in found if part]


def _age(comment: Comment) -> str:
    # What was said in the same moment stays in the order in which it came in.
    return comment.time


def first_of(comments: Mapping[str, Comment], comment: Comment) -> Comment:
    """Return the comment that a thread begins with; files may hold circles and lost ends."""
    seen = {comment.id}
    while (before := comments.get(comment.reply_to or "")) is not None:
        if before.id in seen:
            return min((comments[key] for key in seen), key=lambda one: (one.time, one.id))
        seen.add(before.id)
        comment = before
    return comment


# -- writing ---------------------------------------------------------------------------------


def write(
    annotated: Annotated,
    record_id: str,
    text: str,
    author: str,
    *,
    passage: Passage | None = None,
    own: Layer | None = None,
) -> Edit:
    """Begin a thread about a record or, where *record_id* is its id, about the article.

    A comment on an article without any layer brings *own* along.
    """
    extra = {} if passage is None else {PASSAGE: _noted(passage)}
    layer_id, brought = _layer_for(annotated, record_id, author, own)
    comment = Comment(
        id=new_id(),
        article_id=annotated.article.id,
        layer_id=layer_id,
        record_id=record_id,
        text=_written(text),
        author=author,
        time=now(),
        extra=extra,
    )
    return _edit(annotated, "comment", comment, (*brought, Change(None, comment)))


def reply(
    annotated: Annotated,
    first_id: str,
    text: str,
    author: str,
    *,
    passage: Passage | None = None,
) -> Edit:
    """Go on with a thread; one that was settled is open again."""
    first = _present(annotated, first_id)
    comment = Comment(
        id=new_id(),
        article_id=first.article_id,
        layer_id=first.layer_id,
        record_id=first.record_id,
        text=_written(text),
        author=author,
        time=now(),
        reply_to=first.id,
        extra={} if passage is None else {PASSAGE: _noted(passage)},
    )
    changes = [Change(None, comment)]
    if first.resolved:
        changes.append(Change(first, replace(first, resolved=False)))
    return _edit(annotated, "reply", comment, changes)


def rewrite(annotated: Annotated, comment_id: str, text: str, author: str) -> Edit:
    """Change the words of one's own comment."""
    comment = _own(annotated, comment_id, author)
    changed = replace(comment, text=_written(text))
    if changed == comment:
        raise NothingToDo("That is so already.")
    return _edit(annotated, "comment.change", changed, [Change(comment, changed)])


def remove(annotated: Annotated, comment_id: str, author: str) -> Edit:
    """Take one's own comment out; replies stay, and the oldest begins the thread then."""
    comment = _own(annotated, comment_id, author)
    replies = [c for c in annotated.comments.values() if c.reply_to == comment.id]
    replies.sort(key=_age)
    changes = []
    if replies:
        first = replace(replies[0], reply_to=comment.reply_to, resolved=comment.resolved)
        changes.append(Change(replies[0], first))
        changes += [Change(item, replace(item, reply_to=first.id)) for item in replies[1:]]
    return _edit(annotated, "comment.delete", comment, [*changes, Change(comment, None)])


def resolve(annotated: Annotated, first_id: str, resolved: bool = True) -> Edit:
    """Say that a thread is settled, or open it again."""
    first = _present(annotated, first_id)
    if first.resolved == resolved:
        raise NothingToDo("That is so already.")
    changed = replace(first, resolved=resolved)
    action = "resolve" if resolved else "comment.reopen"
    return _edit(annotated, action, changed, [Change(first, changed)])


def answer(annotated: Annotated, verdict: Verdict, kind: str, text: str, author: str) -> Edit:
    """Answer a verdict; "understood" is settled at once, the others wait for the reviewer.

    A later answer to the same verdict settles the earlier ones.
    """
    if kind not in Answer.ALL:
        raise ValueError(f"{kind!r} is no answer to a verdict.")
    if kind in WAITING and not text.strip():
        raise Impossible("Say in a few words why, so that the reviewer can answer.")
    record_id, about = _home(annotated, verdict)
    comment = Comment(
        id=new_id(),
        article_id=verdict.article_id,
        layer_id=verdict.layer_id,
        record_id=record_id,
        text=f"{about}{text.strip()}" if text.strip() else "",
        author=author,
        time=now(),
        resolved=kind == Answer.UNDERSTOOD,
        extra={ANSWER: kind, VERDICT: verdict.id, DECIDED: verdict.time},
    )
    settled = [
        Change(earlier, replace(earlier, resolved=True))
        for earlier in annotated.comments.values()
        if earlier.extra.get(VERDICT) == verdict.id and not earlier.resolved
    ]
    return _edit(annotated, "answer", comment, [*settled, Change(None, comment)], detail=kind)


def home_of(annotated: Annotated, verdict: Verdict) -> str:
    """Return the id of the record at which a verdict is talked about."""
    return _home(annotated, verdict)[0]


def _home(annotated: Annotated, verdict: Verdict) -> tuple[str, str]:
    """Return where a verdict is talked about, and which words tell there what it is about.

    What was missed is somebody else's label, and the reviewer meets it there; where nobody but the
    reviewer has it, the article is left, in which it has to be named.
    """
    if verdict.decision != Decision.MISSED:
        return verdict.record_id, ""
    span = annotated.spans.get(verdict.record_id)
    taken = sorted(key for key in (() if span is None else sources(span)) if key in annotated.spans)
    if taken:
        return taken[0], ""
    words = "" if span is None else f"{span.label}: {' … '.join(span.text)}\n"
    return annotated.article.id, words


def _written(text: str) -> str:
    if not text.strip():
        raise NothingToDo("There is nothing written yet.")
    return text.strip()


def _noted(passage: Passage) -> dict[str, str]:
    return {"label": passage.label, "heading": passage.heading, "text": passage.text}


def _present(annotated: Annotated, comment_id: str) -> Comment:
    comment = annotated.comments.get(comment_id)
    if comment is None:
        raise Impossible("That comment is not here any more.")
    return comment


def _own(annotated: Annotated, comment_id: str, author: str) -> Comment:
    comment = _present(annotated, comment_id)
    if comment.author != author:
        raise Impossible("Only {author} can change this comment.", author=comment.author)
    return comment


def _layer_for(
    annotated: Annotated, record_id: str, author: str, own: Layer | None
) -> tuple[str, tuple[Change, ...]]:
    """Return the layer that a comment on a record belongs to, and the change that makes it."""
    record = annotated.spans.get(record_id) or annotated.relations.get(record_id)
    if record is not None:
        return record.layer_id, ()
    if record_id != annotated.article.id:
        raise Impossible("That label is not here any more. Please select again.")
    layer = annotated.layer_of(author)
    if layer is None and annotated.layers:
        layer = annotated.layers[min(annotated.layers)]
    if layer is not None:
        return layer.id, ()
    if own is None:
        raise Impossible("Nobody has begun with this article yet.")
    return own.id, (Change(None, own),)


def _edit(
    annotated: Annotated,
    action: str,
    comment: Comment,
    changes: list[Change] | tuple[Change, ...],
    *,
    detail: str = "",
) -> Edit:
    return edit(
        action,
        changes,
        detail=detail or comment.text,
        article_id=comment.article_id,
        place=_place(annotated, comment.record_id),
    )


def _place(annotated: Annotated, record_id: str) -> Fragment | None:
    span = annotated.spans.get(record_id)
    if span is None and (tie := annotated.relations.get(record_id)) is not None:
        span = annotated.spans.get(tie.source)
    return None if span is None else span.fragments[0]
