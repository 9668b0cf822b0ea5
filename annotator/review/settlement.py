"""A settlement: decisions on the cases of one article while they are being put together.

Decisions put gold records and verdicts into a draft; at the end it becomes one Edit. What is
decided on a case takes the place of what was decided on it before. Relations whose ends are both in
gold come along by themselves where nobody says otherwise, and go where an end of them is rejected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from annotator.editing import Desk, Impossible
from annotator.editing.draft import Draft
from annotator.model import (
    Comment,
    Edit,
    Fragment,
    Layer,
    Relation,
    Span,
    Verdict,
    new_id,
)
from annotator.review.cases import About, Case, Choice, Review, Variant, said_by
from annotator.review.gold import FROM, in_review, sources
from annotator.review.verdicts import (
    AGAIN,
    ALONE,
    AUDIT,
    BATCH,
    CASE,
    FOLLOWED,
    GOLD_IDS,
    RULE,
    SECOND_REVIEW,
    SEED,
    WORDS,
    Decision,
    Signature,
    asked_again,
    is_contest,
    judged,
    likely_reason,
    said_in_gold,
)
from annotator.text import Structure

Noted = Mapping[str, Any]
"""What verdicts keep beside the decision, by the keys of :mod:`annotator.review.verdicts`."""
NOTHING: Final[Noted] = MappingProxyType({})


class Settlement:
    """Decisions on cases of one article that will be one edit.

    Raises Impossible where gold is frozen.
    """

    def __init__(
        self, review: Review, signed: Signature, *, structure: Structure | None = None
    ) -> None:
        refuse_frozen(review)
        self.review = review
        self.signed = signed
        self._stored = review.said.verdicts
        """What was decided before: an audit compares with it, not with a step of this decision."""
        self._case_verdicts = dict(self._stored)
        self.draft = Draft(gold_desk(review, structure))
        self._spans: dict[str, list[Span]] = {}
        self._ties: dict[str, Relation] = {}
        self._preferred: set[str] = set()
        """Relations that were taken by name: of several that count as one, these are put."""
        self._contests: dict[str, list[Comment]] = {}
        for comment in review.annotated.comments.values():
            if is_contest(comment):
                self._contests.setdefault(comment.record_id, []).append(comment)
        layer = review.gold.layer.id
        for span in review.annotated.spans_of(layer):
            self._note(span)
        for tie in review.annotated.relations_of(layer):
            for source in sources(tie):
                self._ties[source] = tie

    def _note(self, span: Span) -> None:
        for source in sources(span):
            self._spans.setdefault(source, []).append(span)

    # What is decided

    def take(self, case: Case, number: int = 1, extra: Noted = NOTHING) -> None:
        """Put the choice with this *number* (from 1) into gold."""
        if not 1 <= number <= max(1, len(case.choices)):
            raise Impossible("There is no variant {number} here.", number=number)
        if not case.choices:
            self._judge_all(case, Decision.ACCEPTED, extra=extra)
            return
        choice = case.choices[number - 1]
        self.adopt(case, choice, choice.variants[0], extra)

    def take_of(self, case: Case, layer_id: str, extra: Noted = NOTHING) -> None:
        """Put into gold what one layer has; where it has nothing, reject what the others have."""
        for choice in case.choices:
            for variant in choice.variants:
                if variant.layer_id == layer_id:
                    self.adopt(case, choice, variant, extra)
                    return
        self.reject(case, extra=extra)

    def reject(self, case: Case, reason: str = "", words: str = "", extra: Noted = NOTHING) -> None:
        """Leave out of gold what a case has."""
        self._leave_out(case)
        self._judge_all(case, Decision.REJECTED, reason, words, extra)

    def put_off(self, case: Case, decision: str, words: str = "", extra: Noted = NOTHING) -> None:
        """Skip a case or leave it to somebody else: it counts as decided, and is not in gold."""
        self._leave_out(case)
        self._judge_all(case, decision, "", words, extra)

    def forget(self, case: Case) -> None:
        """Take a decision back, and what it put into gold."""
        self._leave_out(case)
        for record in case.records:
            self._drop_verdict(record.id)

    def adopt(self, case: Case, choice: Choice, variant: Variant, extra: Noted) -> None:
        """Put a *variant* into gold for which all variants of *choice* count as right."""
        if case.about == About.SPAN:
            self._put_spans(case, choice, variant)
        else:
            self._refuse_lost_ends(case, choice)
            self._drop_ties(case)
            self._preferred.update(record.id for record in variant.records)
        reason = likely_reason(case.conflicts[0], self.review.scheme)
        layers = choice.layer_ids
        gold = self._gold_ids(case)
        for own in case.variants:
            left = Counter(map(self._said, variant.spans))
            for at, record in enumerate(own.records):
                same = own.layer_id in layers
                if isinstance(record, Span):
                    # The second of two equal labels is one too many where gold has one.
                    said = self._said(record)
                    same = (same and at < len(variant.spans)) or left[said] > 0
                    left[said] -= 1
                decision = Decision.ACCEPTED
                if not same:
                    decision = Decision.REJECTED if at else Decision.CORRECTED
                self._judge(record, decision, "" if same else reason, "", {**extra, **gold})

    def _said(self, span: Span) -> str:
        return repr(said_by(span, self.review.scheme))

    def _gold_ids(self, case: Case) -> dict[str, list[str]]:
        """Return what verdicts note of a case: the gold spans that it came to."""
        return {GOLD_IDS: [span.id for span in self.gold_spans(case)]}

    def put(
        self, case: Case, spans: Sequence[Span], reason: str = "", extra: Noted = NOTHING
    ) -> None:
        """Put *spans* into gold that no reader has so, in the place of what a case has."""
        article, layer = case.article_id, self.review.gold.layer.id
        made = tuple(replace(one, article_id=article, layer_id=layer) for one in spans)
        variant = Variant(layer, "", made)
        self._put_spans(case, Choice((variant,)), variant, case.variants)
        self.correct(case, reason, "", extra)

    def _put_spans(
        self, case: Case, choice: Choice, variant: Variant, origin: Sequence[Variant] = ()
    ) -> None:
        present = self.gold_spans(case)
        put = []
        for at, span in enumerate(variant.spans):
            same = origin or choice.variants
            origins = [one.spans[at].id for one in same if at < len(one.spans)]
            if not origins:
                origins = [record.id for record in case.records][:1]
            made = Span(
                id=present[at].id if at < len(present) else new_id(),
                article_id=span.article_id,
                layer_id=self.review.gold.layer.id,
                label=span.label,
                fragments=span.fragments,
                text=span.text,
                attributes=span.attributes,
                entity_id=span.entity_id,
                extra={FROM: sorted(origins)},
            )
            self.draft.put(made)
            put.append(made)
        for span in present[len(variant.spans) :]:
            self.draft.drop_span(span)
        self._renew(case, put)

    def _leave_out(self, case: Case) -> None:
        if case.about == About.RELATION:
            self._drop_ties(case)
            return
        for span in self.gold_spans(case):
            self.draft.drop_span(span)
        self._renew(case, ())

    def _renew(self, case: Case, spans: Iterable[Span]) -> None:
        """Note what gold has of a case from now on."""
        for record in case.records:
            self._spans.pop(record.id, None)
        for span in spans:
            self._note(span)

    def gold_spans(self, case: Case) -> list[Span]:
        """Return the gold spans that were taken from a case, in reading order."""
        found = {
            span.id: span for record in case.records for span in self._spans.get(record.id, ())
        }
        return sorted(found.values(), key=lambda span: (span.start, -span.end, span.id))

    # Verdicts

    def _judge_all(
        self,
        case: Case,
        decision: str,
        reason: str = "",
        words: str = "",
        extra: Noted = NOTHING,
    ) -> None:
        for record in case.records:
            self._judge(record, decision, reason, words, extra)

    def _judge(
        self,
        record: Span | Relation | Layer,
        decision: str,
        reason: str,
        words: str,
        extra: Noted,
        gold: Sequence[Sequence[str]] | None = None,
    ) -> None:
        noted = dict(extra)
        if words:
            noted[WORDS] = words
        before = self._case_verdicts.get(record.id)
        stored = self._stored.get(record.id)
        if stored is not None and BATCH not in extra:
            noted |= _audited(stored, decision, self.signed, gold)
        verdict = judged(record, decision, self.signed, before=before, reason=reason, extra=noted)
        self.draft.put(verdict)
        self._case_verdicts[record.id] = verdict
        for comment in self._contests.get(record.id, ()):
            self.draft.put(replace(comment, resolved=True))

    def _drop_verdict(self, record_id: str) -> None:
        verdict = self._case_verdicts.pop(record_id, None)
        if verdict is not None:
            self.draft.drop(verdict)

    def correct(self, case: Case, reason: str, words: str, extra: Noted = NOTHING) -> None:
        """Judge the records of a case by what gold has of it by now, which somebody has edited."""
        gold = [self.draft.span(span.id) or span for span in self.gold_spans(case)]
        said = [self._said(span) for span in gold]
        reason = reason or likely_reason(case.conflicts[0], self.review.scheme)
        for record in case.records:
            same = isinstance(record, Span) and self._said(record) in said
            decision = Decision.ACCEPTED if same else Decision.CORRECTED
            noted = {**extra, **self._gold_ids(case)}
            why = "" if same else reason
            self._judge(record, decision, why, words, noted, said_in_gold(gold))

    def take_over(self, case: Case, changed: Edit) -> None:
        """Put into the draft what somebody has edited in gold as a part of a decision.

        A relation that is made so belongs to the case, as if it had been taken from it.
        """
        origins = sorted(record.id for record in case.records)
        for one in changed.changes:
            if one.after is None:
                assert one.before is not None
                self.draft.drop(one.before)
                continue
            record = one.after
            if case.about == About.RELATION and isinstance(record, Relation):
                record = replace(record, extra={**record.extra, FROM: origins})
                self._ties.update((key, record) for key in origins)
            self.draft.put(record)

    # Relations, which go with their ends

    def _drop_ties(self, case: Case) -> None:
        for record in case.records:
            tie = self._ties.pop(record.id, None)
            if tie is not None:
                self.draft.drop(tie)

    def _refuse_lost_ends(self, case: Case, choice: Choice) -> None:
        ties = [one.relation for one in choice.variants if one.relation is not None]
        if all(self._has_lost_end(tie) for tie in ties):
            raise Impossible(
                "An end of this relation was rejected. Decide on that label first, then on the "
                "relation."
            )

    def _has_lost_end(self, tie: Relation) -> bool:
        ends = [tie.source] if tie.target is None else [tie.source, tie.target]
        return any(self._is_rejected(end) for end in ends)

    def _is_rejected(self, span_id: str) -> bool:
        """Say whether a place was decided on, and nothing of it is in gold."""
        place = self.review.alignment.place_of.get(span_id)
        if place is None:
            return True
        ids = [span.id for own in self.review.alignment.spans[place].variants for span in own]
        if any(self._spans.get(key) for key in ids):
            return False
        verdicts = [self._case_verdicts.get(key) for key in ids]
        return all(one is not None and one.decision == Decision.REJECTED for one in verdicts)

    def gold_of(self, span_id: str) -> Span | None:
        """Return the gold span for a span of a reader; None where nothing of it is in gold."""
        return self._in_gold(span_id)[0]

    def _in_gold(self, span_id: str) -> tuple[Span | None, bool]:
        """Return the gold span for a span of a reader, and whether it was taken from that one."""
        own = self._spans.get(span_id)
        if own:
            return own[0], True
        place = self.review.alignment.place_of.get(span_id)
        if place is None:
            return None, False
        group = self.review.alignment.spans[place]
        for spans in zip(*(_padded(own, group.variants) for own in group.variants), strict=True):
            for span in spans:
                taken = None if span is None else self._spans.get(span.id)
                if taken:
                    return taken[0], False
        return None, False

    def _tie_up(self) -> None:
        for case in self.review.cases:
            if case.about is About.RELATION:
                self._tie(case)

    def _tie(self, case: Case) -> None:
        ties = [one.relation for one in case.variants if one.relation is not None]
        present = next((self._ties[tie.id] for tie in ties if tie.id in self._ties), None)
        if present is not None and not self._is_whole(present):
            self._drop_ties(case)
            present = None
        verdicts = [own for tie in ties if (own := self._case_verdicts.get(tie.id)) is not None]
        follows = all(own.extra.get(FOLLOWED) for own in verdicts)
        if all(self._has_lost_end(tie) for tie in ties):
            if follows or any(own.decision != Decision.REJECTED for own in verdicts):
                self._follow(ties, Decision.REJECTED)
            return
        if not follows:
            wanted = [
                tie
                for tie in ties
                if (own := self._case_verdicts.get(tie.id)) is not None
                and own.decision == Decision.ACCEPTED
            ]
            if wanted and present is None:
                self._put_tie(wanted)
            return
        if not (case.agrees or _waits(case)):
            for own in verdicts:
                self._drop_verdict(own.record_id)
        elif present is not None or self._put_tie(ties):
            self._follow(ties, Decision.ACCEPTED)

    def _is_whole(self, tie: Relation) -> bool:
        ends = [tie.source] if tie.target is None else [tie.source, tie.target]
        return all(self.draft.span(end) is not None for end in ends)

    def _follow(self, ties: Sequence[Relation], decision: str) -> None:
        for tie in ties:
            own = self._case_verdicts.get(tie.id)
            if own is None or own.decision != decision:
                self._judge(tie, decision, "", "", {FOLLOWED: True})

    def _put_tie(self, ties: Sequence[Relation]) -> bool:
        """Put the first of *ties* into gold of which both ends are there; say whether one was."""
        ranked = []
        for at, tie in enumerate(ties):
            source, exact = self._in_gold(tie.source)
            target, also = (None, True) if tie.target is None else self._in_gold(tie.target)
            if source is not None and (target is not None or tie.target is None):
                rank = (-exact - also, tie.id not in self._preferred, at)
                ranked.append((rank, tie, source, target))
        if not ranked:
            return False
        _, tie, source, target = min(ranked, key=lambda one: one[0])
        made = Relation(
            id=new_id(),
            article_id=tie.article_id,
            layer_id=self.review.gold.layer.id,
            label=tie.label,
            source=source.id,
            target=None if target is None else target.id,
            target_entity=tie.target_entity,
            attributes=tie.attributes,
            extra={FROM: sorted(one.id for one in ties)},
        )
        self.draft.put(made)
        self._ties.update((one.id, made) for one in ties)
        return True

    # The end

    def edit(self, action: str, *, detail: str = "", place: Fragment | None = None) -> Edit:
        """Return all that was decided as one edit; NothingToDo where nothing differs."""
        self._tie_up()
        for layer in self.review.layers:
            self.draft.put(in_review(layer))
        return self.draft.edit(action, detail=detail, place=place)

    def verdicts(self, records: Iterable[Span | Relation]) -> list[Verdict]:
        """Return the verdicts on *records* as they will be."""
        found = (self._case_verdicts.get(record.id) for record in records)
        return [one for one in found if one is not None]


def _audited(
    before: Verdict, decision: str, signed: Signature, gold: Sequence[Sequence[str]] | None
) -> dict[str, Any]:
    """Return what a decision says of the batch of the one *before*: that it was right or wrong.

    Who was to decide once more has to come to the same *gold* too, where it is a correction. What
    somebody else decides in their place tells nothing of them.
    """
    state, again = before.extra.get(AUDIT), asked_again(before)
    if state is None or again not in ("", signed.author):
        return {}
    if (
        state == "due"
        and before.extra.get(RULE) == SECOND_REVIEW
        and before.author == signed.author
    ):
        state = ALONE
    elif state == "due":
        same = before.decision == decision
        if again and gold is not None:
            same = same and before.extra[AGAIN].get("gold") == gold
        state = "right" if same else "wrong"
    kept = {key: before.extra[key] for key in (BATCH, RULE, CASE, SEED) if key in before.extra}
    return {**kept, AUDIT: state}


def _padded(own: Sequence[Span], variants: Sequence[Sequence[Span]]) -> list[Span | None]:
    most = max(len(spans) for spans in variants)
    return [*own, *([None] * (most - len(own)))]


def _waits(case: Case) -> bool:
    return all(one.kind.value in ("same", "dangling") for one in case.conflicts)


def refuse_frozen(review: Review) -> None:
    """Raise Impossible where gold is frozen: what is settled stays settled."""
    if review.gold.is_frozen:
        raise Impossible(
            "Gold version {version} of this article is frozen. Reopen it to change anything.",
            version=review.gold.version,
        )


def gold_desk(review: Review, structure: Structure | None = None) -> Desk:
    """Return the desk at which gold is edited with the functions of :mod:`annotator.editing`.

    These make gold spans and relations just as an annotator does; refuse a frozen gold first.
    """
    article = review.annotated.article
    return Desk(
        review.annotated,
        review.gold.layer,
        review.scheme,
        structure or Structure(article.text, article.language),
    )
