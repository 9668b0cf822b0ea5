"""Taking a batch back: what it changed becomes what it was before, where nothing happened since.

A batch is one saved edit, and its id is that of the edit. What it changed is taken back case by
case: where anything of a case was decided on, audited or edited since, all of the case stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.annotated import Annotated
from annotator.model import Change, Comment, Fragment, Layer, Record, Relation, Span, Verdict
from annotator.review.blinding import own_work, refused
from annotator.review.cases import readers
from annotator.review.gold import gold_of, sources
from annotator.review.merging import CHANGED_SINCE, FROZEN, Batch, Item, Preview
from annotator.review.rounds import FIRST_ROUND, SECOND_ROUND, person_of
from annotator.review.verdicts import CASE, RETURNED, record_of


@dataclass(slots=True)
class _Part:
    """What belongs together: the changes of one case."""

    changes: list[Change] = field(default_factory=list)
    reason: str = ""
    """Why it stays; empty where it is taken back."""

    @property
    def verdicts(self) -> list[Verdict]:
        """What was decided, as the batch left it."""
        return [one.record for one in self.changes if isinstance(one.record, Verdict)]

    @property
    def is_told(self) -> bool:
        """Whether it is counted: not where a link went with its ends."""
        verdicts = self.verdicts
        return not verdicts or any(CASE in one.extra for one in verdicts)


def reverted(annotated: Annotated, changes: Iterable[Change], batch: Batch) -> Preview:
    """Return how what an edit changed in one article is taken back, as far as it still stands.

    *changes* are those of the edit; *batch* names the edit that takes them back.
    """
    own = [one for one in changes if one.record.article_id == annotated.article.id]
    parts = _parts(own)
    gold = gold_of(annotated)
    frozen = gold.is_frozen
    decides = any(isinstance(one.record, Verdict | Span | Relation) for one in own)
    person = batch.signed.author
    why = own_work(annotated, gold.layer, person, readers(annotated)) if decides else None
    for part in parts:
        part.reason = refused(why)
        if part.reason:
            continue
        if any(_current(annotated, one.record) != one.after for one in part.changes):
            part.reason = CHANGED_SINCE
        elif frozen and any(isinstance(one.record, Span | Relation) for one in part.changes):
            part.reason = FROZEN
    _keep_whole(annotated, parts)
    back = {id(one) for part in parts if not part.reason for one in part.changes}
    items = [(part, _item(annotated, part)) for part in parts if part.is_told]
    asked = why is not None and bool(back)
    return Preview(
        batch,
        tuple(item for part, item in items if not part.reason),
        tuple(item for part, item in items if part.reason),
        tuple(one.inverse for one in reversed(own) if id(one) in back),
        (annotated.article.id,) if asked else (),
    )


def _parts(changes: list[Change]) -> list[_Part]:
    """Put together what is about the same labels; how far a layer is stays, beside decisions."""
    decides = any(isinstance(one.record, Verdict | Span | Relation) for one in changes)
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    wanted = [one for one in changes if not (decides and isinstance(one.record, Layer))]
    for change in wanted:
        for other in _ties_of(change):
            leader[find(other)] = find(change.record.id)
    found: dict[str, _Part] = {}
    for change in wanted:
        found.setdefault(find(change.record.id), _Part()).changes.append(change)
    return list(found.values())


def _ties_of(change: Change) -> set[str]:
    """Return the ids of what has to go or stay along with a record."""
    found: set[str] = set()
    for record in (change.before, change.after):
        match record:
            case Verdict():
                found |= {record.record_id, str(record.extra.get(CASE, record.record_id))}
            case Span() | Relation():
                found |= sources(record)
            case Comment() if RETURNED in record.extra:
                found.add(record.layer_id)
            case Comment():
                found.add(record.record_id)
            case Layer() if SECOND_ROUND in record.extra or FIRST_ROUND in record.extra:
                # Without the one the other would be a second layer of its person.
                found.add(f"round/{record.article_id}/{person_of(record)}")
    return found


def _current(annotated: Annotated, record: Record) -> Record | None:
    match record:
        case Span():
            return annotated.spans.get(record.id)
        case Relation():
            return annotated.relations.get(record.id)
        case Verdict():
            return annotated.verdicts.get(record.id)
        case Comment():
            return annotated.comments.get(record.id)
        case Layer():
            return annotated.layers.get(record.id)
    return None


def _keep_whole(annotated: Annotated, parts: list[_Part]) -> None:
    """Let stay whatever would leave a link without its ends."""
    while True:
        back = [one for part in parts if not part.reason for one in part.changes]
        spans, ties = set(annotated.spans), dict(annotated.relations)
        for change in back:
            record, then = change.record, change.before
            if isinstance(record, Span):
                (spans.discard if then is None else spans.add)(record.id)
            elif isinstance(record, Relation):
                ties.pop(record.id, None)
                if isinstance(then, Relation):
                    ties[record.id] = then
        lost = {key for key, tie in ties.items() if not {tie.source, tie.target} - {None} <= spans}
        ends = {end for key in lost for end in (ties[key].source, ties[key].target)}
        stuck = [
            part
            for part in parts
            if not part.reason
            and any(one.record.id in lost or one.record.id in ends for one in part.changes)
        ]
        if not stuck:
            return
        for part in stuck:
            part.reason = CHANGED_SINCE


def _item(annotated: Annotated, part: _Part) -> Item:
    """Return what a part is about, as a preview lists it."""
    records: list[Record | None] = [one.record for one in part.changes]
    records += [record_of(annotated, one.record_id) for one in part.verdicts]
    span = next((one for one in records if isinstance(one, Span)), None)
    article_id = annotated.article.id
    if span is None:
        tie = next((one for one in records if isinstance(one, Relation)), None)
        span = None if tie is None else annotated.spans.get(tie.source)
    if span is None:
        layer = next((one for one in records if isinstance(one, Layer)), None)
        who = "" if layer is None else layer.author
        title = annotated.article.title
        return Item(article_id, article_id, who, title, Fragment(0, 0), part.reason)
    key = next((str(one.extra[CASE]) for one in part.verdicts if CASE in one.extra), span.id)
    place = Fragment(span.start, span.end)
    return Item(article_id, key, span.label, " … ".join(span.text), place, part.reason)
