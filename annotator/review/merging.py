"""Deciding on many cases at once: each rule first tells what it would do, then becomes one edit.

A :class:`Preview` says exactly what is done and what is refused, with reasons. A random share of
what a batch accepts is due for an audit: who is drawn depends on the seed and the case alone, so
that neither order nor the rest of the batch makes a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from annotator.editing import Impossible, NothingToDo
from annotator.model import Change, Edit, Fragment, Span, edit, new_id
from annotator.review.assigning import is_drawn
from annotator.review.blinding import ASKED_AGAIN, is_own, knowingly, refusal
from annotator.review.cases import About, Case, Choice, Review, Standing, readers, said_by
from annotator.review.settlement import Settlement
from annotator.review.verdicts import AUDIT, BATCH, CASE, RULE, SEED, Signature
from annotator.translation import later

SHARE: Final = 0.05
"""Of what a batch accepts, by default, how much is audited."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one action decides in bulk, over any number of articles."""

    rule: str
    """What is done, such as ``unanimous``: it names the edit."""
    signed: Signature
    id: str
    share: float = SHARE
    """Of the cases decided, how many are audited: 0 to 1."""
    seed: int = 1
    agreed: Mapping[str, Case] | None = None
    """The cases that somebody has said yes to, by their keys; None where nobody was asked yet."""

    def admits(self, case: Case) -> bool:
        """Say whether *case* may be decided: where somebody has said yes, just what was seen."""
        if self.agreed is None:
            return True
        seen = self.agreed.get(case.key)
        return seen is not None and _shown(seen) == _shown(case)

    def draws(self, key: str) -> bool:
        """Say whether the case with this *key* is to be audited."""
        return is_drawn(key, self.share, self.seed)

    def noted(self, key: str, *, audited: bool) -> dict[str, Any]:
        """Return what verdicts on the case with this *key* keep of the batch, and of its draw."""
        said: dict[str, Any] = {BATCH: self.id, RULE: self.rule, CASE: key}
        return {**said, AUDIT: "due", SEED: self.seed} if audited else said


def _shown(case: Case) -> tuple[Any, ...]:
    """Return what a preview shows of a case, and what others have decided on it."""
    verdicts = [(one.id, one.decision, one.author, one.time) for one in case.verdicts]
    return (case.label, case.words, case.place, sorted(verdicts))


def batch(rule: str, signed: Signature, *, share: float = SHARE, seed: int = 1) -> Batch:
    """Return a new batch with an id of its own."""
    return Batch(rule, signed, new_id(), share, seed)


@dataclass(frozen=True, slots=True)
class Item:
    """A case of a batch, as a preview lists it."""

    article_id: str
    key: str
    label: str
    words: str
    place: Fragment
    reason: str = ""
    """Why nothing is done, in English and marked for translation; empty where it is done."""
    audited: bool = False
    whom: str = ""
    """Who gets it, as they may be called, where it goes to somebody."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a batch does and what it refuses to do: exact, for :meth:`edit` is made of it."""

    batch: Batch
    done: tuple[Item, ...]
    refused: tuple[Item, ...]
    changes: tuple[Change, ...]
    own: tuple[str, ...] = ()
    """Ids of articles in which it is about the reviewer's own labels, who is to be asked first."""
    origins: tuple[Origin, ...] = field(default=(), compare=False, repr=False)
    """How each article was decided on."""

    def edit(self) -> Edit:
        """Return the one edit that does it, with the id of the batch, by which it is found again.

        NothingToDo where it changes nothing.
        """
        if not self.changes:
            raise NothingToDo("There is nothing to decide here.")
        articles = {item.article_id for item in self.done}
        where = next(iter(articles)) if len(articles) == 1 else None
        place = self.done[0].place if where is not None else None
        made = edit(
            self.batch.rule, self.changes, detail=str(len(self.done)), article_id=where, place=place
        )
        return replace(made, id=self.batch.id)

    @property
    def audited(self) -> int:
        """How many cases will be audited."""
        return sum(item.audited for item in self.done)

    def sample(self, number: int = 10) -> tuple[Item, ...]:
        """Return some of what is done, spread evenly over it."""
        step = max(1, len(self.done) // max(1, number))
        return self.done[::step][:number]


Rule = Callable[[Review, Batch], Preview]
"""Says what becomes of an article."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How an article was decided on, to do so again where it has changed by then."""

    article_id: str
    cases: tuple[Case, ...]
    """As they were."""
    layer_ids: tuple[str, ...] | None
    """The readers that were chosen; None for all that there are."""
    rule: Rule


def with_origin(preview: Preview, review: Review, rule: Rule) -> Preview:
    """Return *preview*, which knows that it came of *rule* in the article under *review*."""
    ids = tuple(layer.id for layer in review.layers)
    everybody = set(ids) == set(readers(review.annotated))
    origin = Origin(review.article_id, review.cases, None if everybody else ids, rule)
    return replace(preview, origins=(origin,))


def joined(previews: Iterable[Preview]) -> Preview:
    """Return the previews of several articles as one. ValueError for none."""
    every = list(previews)
    if not every:
        raise ValueError("There is nothing to join.")
    return Preview(
        every[0].batch,
        tuple(item for one in every for item in one.done),
        tuple(item for one in every for item in one.refused),
        tuple(change for one in every for change in one.changes),
        tuple(article_id for one in every for article_id in one.own),
        tuple(origin for one in every for origin in one.origins),
    )


def concluded(
    review: Review, batch: Batch, done: Sequence[Item], refused: Sequence[Item], made: Edit | None
) -> Preview:
    """Return what becomes of one article by the edit *made*; nothing where there is none.

    On own labels it has a note that the reviewer knows it: whoever does it is asked before.
    """
    own = is_own(review, batch.signed.author) and made is not None
    if made is not None and own:
        made = knowingly(made, review, batch.signed)
    changes = () if made is None else made.changes
    about = (review.article_id,) if own else ()
    return Preview(batch, tuple(done), tuple(refused), changes, about)


NOT_UNANIMOUS: Final = later("The readers differ.")
NO_MAJORITY: Final = later("No answer has enough readers.")
TOO_FEW: Final = later("Too few readers.")
DECIDED: Final = later("It is decided already.")
FROZEN: Final = later("Gold is frozen.")
NO_DUPLICATE: Final = later("More than a duplicate is in question.")
CHANGED_SINCE: Final = later("Somebody has decided on it since.")
NO_SUCH_VARIANT: Final = later("There is no such variant here.")

Deciding = Callable[[Settlement, Case, dict[str, Any]], str]
"""Decides on a case in a settlement with the extras of verdicts; returns why not, or nothing."""


def decided(
    review: Review,
    batch: Batch,
    decide: Deciding,
    *,
    cases: Iterable[Case] | None = None,
    labels: Collection[str] = (),
    again: bool = False,
    rule: Rule | None = None,
) -> Preview:
    """Return what becomes of cases of an article by a rule; by default all that are not decided.

    With *again* also those that are decided. Only cases with one of *labels*, where there are any.
    *rule* does the same to the article as it is later.
    """
    wanted = [
        case
        for case in (review.cases if cases is None else cases)
        if case.about != About.ARTICLE
        and case.standing != Standing.WAITING
        and (not labels or case.label in labels)
        and batch.admits(case)
    ]
    done: list[Item] = []
    refused: list[Item] = []
    settlement = None if review.gold.is_frozen else Settlement(review, batch.signed)
    for case in sorted(wanted, key=lambda case: case.about == About.RELATION):
        reason, audited = FROZEN, False
        if settlement is not None:
            # What is contested, outdated or to be audited is for a person to look at.
            judged = len(case.verdicts) == len(case.records)
            is_decided = judged or case.standing == Standing.DECIDED
            reason = DECIDED if is_decided and not again else ""
            reason = ASKED_AGAIN if case.again else reason
            audited = batch.draws(case.key)
            reason = reason or refusal(review, batch.signed.author, case)
            extra = batch.noted(case.key, audited=audited)
            reason = reason or decide(settlement, case, extra)
        item = Item(
            case.article_id,
            case.key,
            case.label,
            case.words,
            case.place,
            reason,
            audited and not reason,
        )
        (refused if reason else done).append(item)
    made = settlement.edit(batch.rule) if settlement is not None and done else None
    found = concluded(review, batch, done, refused, made)
    return found if rule is None else with_origin(found, review, rule)


def unanimous(review: Review, batch: Batch, *, labels: Collection[str] = ()) -> Preview:
    """Accept what all readers, two at least, say alike and nobody has decided on."""

    def decide(settlement: Settlement, case: Case, extra: dict[str, Any]) -> str:
        if len(case.variants) < 2:
            return TOO_FEW
        if not case.agrees:
            return NOT_UNANIMOUS
        return _take(settlement, case, 1, extra)

    rule = partial(unanimous, labels=labels)
    return decided(review, batch, decide, labels=labels, rule=rule)


def majority(
    review: Review, batch: Batch, *, at_least: int | None = None, labels: Collection[str] = ()
) -> Preview:
    """Accept what most readers say alike: more than half of them, or *at_least* so many.

    Where most have nothing, that is their answer: what the others have is rejected. What two
    answers have alike many readers for stays open.
    """

    def decide(settlement: Settlement, case: Case, extra: dict[str, Any]) -> str:
        readers = len(case.variants)
        if readers < 2:
            return TOO_FEW
        needed = readers // 2 + 1 if at_least is None else at_least
        votes = [(len(choice.variants), number) for number, choice in _numbered(case)]
        absent = sum(1 for variant in case.variants if not variant.records)
        if absent:
            votes.append((absent, 0))
        most = max(count for count, _ in votes)
        best = [number for count, number in votes if count == most]
        if most < needed or len(best) > 1:
            return NO_MAJORITY
        return _take(settlement, case, best[0], extra)

    rule = partial(majority, at_least=at_least, labels=labels)
    return decided(review, batch, decide, labels=labels, rule=rule)


def _numbered(case: Case) -> list[tuple[int, Choice]]:
    return list(enumerate(case.choices, start=1))


def _take(settlement: Settlement, case: Case, number: int, extra: dict[str, Any]) -> str:
    if not number:
        settlement.reject(case, extra=extra)
        return ""
    try:
        settlement.take(case, number, extra=extra)
    except Impossible as error:
        return error.template
    return ""


def all_of(review: Review, batch: Batch, layer_id: str, *, labels: Collection[str] = ()) -> Preview:
    """Take everything as one reader has it; what this one has not is rejected.

    Relations follow the order of decisions: labels first, so that their ends are in gold.
    """

    def decide(settlement: Settlement, case: Case, extra: dict[str, Any]) -> str:
        try:
            settlement.take_of(case, layer_id, extra=extra)
        except Impossible as error:
            return error.template
        return ""

    rule = partial(all_of, layer_id=layer_id, labels=labels)
    return decided(review, batch, decide, labels=labels, rule=rule)


def these(
    review: Review, batch: Batch, keys: Collection[str], *, reject: str | None = None
) -> Preview:
    """Accept the cases with *keys* where there is one answer, or reject them for a reason.

    For phrase review and selections in the queue: decide once, apply to the ticked ones.
    """

    def decide(settlement: Settlement, case: Case, extra: dict[str, Any]) -> str:
        if reject is not None:
            settlement.reject(case, reject, extra=extra)
            return ""
        return NOT_UNANIMOUS if len(case.choices) > 1 else _take(settlement, case, 1, extra)

    wanted = [case for case in review.cases if case.key in keys]
    rule = partial(these, keys=keys, reject=reject)
    return decided(review, batch, decide, cases=wanted, again=True, rule=rule)


def reject_duplicates(review: Review, batch: Batch, *, labels: Collection[str] = ()) -> Preview:
    """Take each label once that somebody has twice; the second one is rejected as a duplicate."""

    def decide(settlement: Settlement, case: Case, extra: dict[str, Any]) -> str:
        kept = {repr([said_by(s, review.scheme) for s in _once(v.spans)]) for v in case.variants}
        if len(kept) > 1:
            return NO_DUPLICATE
        first = case.variants[0]
        once = replace(first, spans=_once(first.spans))
        settlement.adopt(case, Choice((once, *case.variants[1:])), once, extra)
        return ""

    twice = [
        case
        for case in review.cases
        if any(len(_once(variant.spans)) < len(variant.spans) for variant in case.variants)
    ]
    rule = partial(reject_duplicates, labels=labels)
    return decided(review, batch, decide, cases=twice, labels=labels, rule=rule)


def _once(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple({(span.label, span.fragments): span for span in reversed(spans)}.values())[::-1]


def likewise(
    review: Review, batch: Batch, settled: Case, gold: Sequence[Span], *, like: Collection[str] = ()
) -> Preview:
    """Decide on identical cases as on one that is *settled*, whose *gold* spans are given.

    Identical are cases of the same kind in which the choices have the same words, labels and
    attributes. With *like* only those with these keys. A correction that no reader had is made at
    the same distance from the beginning, where the words are the same there.
    """
    wanted = identical_cases(settled, [review])
    if like:
        wanted = [case for case in wanted if case.key in like]

    def decide(settlement: Settlement, case: Case, extra: dict[str, Any]) -> str:
        if not gold:
            reason = next((one.reason for one in settled.verdicts if one.reason), "")
            settlement.reject(case, reason, extra=extra)
            return ""
        answer = tuple(map(_wording, gold))
        for number, choice in _numbered(case):
            if tuple(map(_wording, choice.spans)) == answer:
                return _take(settlement, case, number, extra)
        moved = [_moved(span, settled, case, review) for span in gold]
        if any(span is None for span in moved):
            return NO_SUCH_VARIANT
        reason = next((one.reason for one in settled.verdicts if one.reason), "")
        settlement.put(case, [span for span in moved if span is not None], reason, extra=extra)
        return ""

    rule = partial(likewise, settled=settled, gold=gold, like=like)
    return decided(review, batch, decide, cases=wanted, rule=rule)


def identical_cases(settled: Case, reviews: Iterable[Review]) -> list[Case]:
    """Return the open cases that ask what *settled* asked: same kind, words, labels, attributes."""
    asked = _asked(settled)
    return [
        case
        for review in reviews
        for case in review.cases
        if case.standing == Standing.OPEN and case.key != settled.key and _asked(case) == asked
    ]


def _asked(case: Case) -> tuple[Any, ...]:
    kinds = tuple(conflict for conflict in case.conflicts)
    return (case.about, kinds, frozenset(tuple(map(_wording, one.spans)) for one in case.choices))


def _wording(span: Span) -> str:
    return repr((span.label, span.text, sorted(span.attributes.items()), span.entity_id))


def _moved(span: Span, settled: Case, case: Case, review: Review) -> Span | None:
    by = case.place.start - settled.place.start
    where = tuple(Fragment(start + by, end + by) for start, end in span.fragments)
    text = review.annotated.article.text
    if tuple(text[start:end] for start, end in where) != span.text or where[0].start < 0:
        return None
    return replace(span, fragments=where)
