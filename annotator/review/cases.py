"""The cases of an article: what its readers do not say alike, and what became of it.

A case is one place (or one relation) with what each reader says there. Its key is made of ids, so
that neither storage nor the order of readers changes it. Where one reader alone has handed the
article in, each label is a case of its own: is it right?
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.editing.noting import HANDED_IN
from annotator.model import Comment, Fragment, Layer, LayerKind, LayerState, Relation, Span
from annotator.review.aligning import Alignment, SpanGroup, align
from annotator.review.case import (
    IDENTITY,
    About,
    Case,
    Choice,
    Counts,
    Group,
    Review,
    Said,
    Standing,
    Variant,
    group_of,
    grouped_cases,
    queue_order,
    same_words,
)
from annotator.review.conflicts import ENTITY, Conflict, Kind, value_of
from annotator.review.gold import gold_of
from annotator.review.remarks import first_of
from annotator.review.rounds import second_rounds
from annotator.review.tying import TieGroup
from annotator.review.verdicts import (
    AUDIT,
    RETURNED,
    Decision,
    asked_again,
    is_contest,
    is_outdated,
    standing_verdicts,
)
from annotator.scheme import Scheme

__all__ = [
    "About",
    "Case",
    "Choice",
    "Counts",
    "Group",
    "Review",
    "Standing",
    "Variant",
    "group_of",
    "grouped_cases",
    "queue_order",
    "readers",
    "review",
    "said_by",
    "same_words",
    "shortened",
    "signature_of",
    "still_holds",
]


def readers(annotated: Annotated, *, unfinished: bool = False) -> list[str]:
    """Return the ids of the layers that are reviewed, by their authors' names.

    These are what people made or imported, and have handed in; one a person. What was returned to
    its author stays. With *unfinished*, also those that somebody is still at. What somebody marks
    a second time is for measuring only.
    """
    kinds = (LayerKind.PERSON, LayerKind.IMPORT)
    seconds = second_rounds(annotated)
    found: dict[str, Layer] = {}
    for layer in sorted(annotated.layers.values(), key=lambda one: (one.kind != kinds[0], one.id)):
        if layer.id in seconds or layer.kind not in kinds:
            continue
        if unfinished or layer.state in LayerState.REVIEWED:
            found.setdefault(layer.author, layer)
    return [found[author].id for author in sorted(found)]


def review(
    annotated: Annotated,
    scheme: Scheme,
    *,
    layer_ids: Sequence[str] | None = None,
    previous: Review | None = None,
    signature: tuple[Any, ...] | None = None,
) -> Review:
    """Return *annotated* under review: by default the layers of :func:`readers`.

    With the *previous* review of the same article, what is unchanged is not aligned again: after a
    decision only standings are new. The result goes with the article as it is now. Whoever has
    its *signature* (:func:`signature_of`) already saves the work of finding it again.
    """
    ids = tuple(readers(annotated) if layer_ids is None else layer_ids)
    if signature is None:
        signature = signature_of(annotated, ids, scheme)
    said, gold = _said(annotated), gold_of(annotated)
    if previous is not None and previous.signature == signature:
        alignment, homes = previous.alignment, previous.homes
        cases = _Finding(annotated, scheme, alignment, said).cases_after(previous)
    else:
        alignment = align(annotated, ids, scheme)
        cases = _Finding(annotated, scheme, alignment, said).cases()
        homes = {one.id: case.key for case in cases if not case.layers for one in case.records}
    return Review(annotated, scheme, alignment, gold, tuple(cases), signature, said, homes)


def _said(annotated: Annotated) -> Said:
    remarks: dict[str, tuple[Comment, ...]] = {}
    for comment in sorted(annotated.comments.values(), key=lambda one: (one.time, one.id)):
        # A reply is settled with the thread that it is in.
        if RETURNED not in comment.extra and not first_of(annotated.comments, comment).resolved:
            remarks[comment.record_id] = (*remarks.get(comment.record_id, ()), comment)
    return Said(standing_verdicts(annotated.verdicts.values()), remarks)


def signature_of(annotated: Annotated, layer_ids: Sequence[str], scheme: Scheme) -> tuple[Any, ...]:
    """Return what the alignment of layers depends on: the same means that it need not be redone."""
    ids = tuple(layer_ids)
    wanted = set(ids)
    spans = {key: span for key, span in annotated.spans.items() if span.layer_id in wanted}
    ties = {key: tie for key, tie in annotated.relations.items() if tie.layer_id in wanted}
    used = {span.entity_id for span in spans.values()}
    entities = {key: annotated.entities.get(key) for key in used if key is not None}
    return (ids, scheme.reference, spans, ties, entities)


def still_holds(
    previous: Review, annotated: Annotated, layer_ids: Sequence[str], scheme: Scheme
) -> bool:
    """Say whether a review of the very same article, not changed since, is right as it is.

    The scheme, the entities and the readers' order may be others by now.
    """
    ids, reference, _, _, entities = previous.signature
    if previous.annotated is not annotated or (ids, reference) != (
        tuple(layer_ids),
        scheme.reference,
    ):
        return False
    return all(annotated.entities.get(key) == known for key, known in entities.items())


def _is_of_article(case: Case) -> bool:
    return case.about is About.ARTICLE


class _Finding:
    """Makes the cases of an alignment."""

    def __init__(
        self,
        annotated: Annotated,
        scheme: Scheme,
        alignment: Alignment,
        said: Said,
    ) -> None:
        self._annotated = annotated
        self._scheme = scheme
        self._alignment = alignment
        self._layers = [annotated.layers[key] for key in alignment.layer_ids]
        self._said, self._remarks = said, said.remarks
        every = said.verdicts
        self._asked = {key: who for key, own in every.items() if (who := asked_again(own))}
        self._verdicts = {key: own for key, own in every.items() if key not in self._asked}

    def cases(self) -> list[Case]:
        found = self._of_article()
        found.extend(self._of_spans(group) for group in self._alignment.spans)
        found.extend(self._of_relation(group) for group in self._alignment.relations)
        # Stable: spans come before the relations that begin at the same place.
        return sorted(found, key=lambda case: (not _is_of_article(case), case.place.start))

    def cases_after(self, previous: Review) -> list[Case]:
        """Return the cases where only what was said is new; the others are the very same."""
        changed = self._said.differing(previous.said)
        keys = {previous.homes[key] for key in changed if key in previous.homes}
        before = previous.said.verdicts
        asked = {
            key
            for key in changed
            if key in self._asked or (key in before and asked_again(before[key]))
        }
        if asked:
            keys |= {case.key for case in previous.cases if _ends_in(case, asked)}
        own = sum(1 for _ in takewhile(_is_of_article, previous.cases))
        return self._of_article() + [
            self._again(case) if case.key in keys else case for case in previous.cases[own:]
        ]

    def _again(self, case: Case) -> Case:
        bare = replace(case, kind=case.conflicts[0].kind, standing=Standing.OPEN)
        return self._judged(bare, waits=case.about == About.RELATION and self._follows(case))

    def _follows(self, case: Case) -> bool:
        """Say whether a relation goes with what is decided on its ends."""
        ids = {record.id for record in case.records}
        return any(
            group.follows
            for group in self._alignment.relations
            if any(tie is not None and tie.id in ids for tie in group.variants)
        )

    def _key(self, about: About, smallest: str) -> str:
        return f"{self._annotated.article.id}/{about}/{smallest}"

    def _of_spans(self, group: SpanGroup) -> Case:
        variants = tuple(
            Variant(layer.id, layer.author, spans)
            for layer, spans in zip(self._layers, group.variants, strict=True)
        )
        first = next(spans[0] for spans in group.variants if spans)
        conflicts = _ordered(group.conflicts)
        who = any(conflict.name == ENTITY or conflict.kind in IDENTITY for conflict in conflicts)

        def said(variant: Variant) -> tuple[Any, ...]:
            return tuple(said_by(span, self._scheme, who=who) for span in variant.spans)

        words = shortened(" … ".join(first.text))
        choices = _choices(variants, None if group.agrees else said)
        found = self._found(About.SPAN, conflicts, group.place, words, first.label)
        return self._judged(replace(found, variants=variants, choices=choices), waits=False)

    def _of_relation(self, group: TieGroup) -> Case:
        variants = tuple(
            Variant(layer.id, layer.author, relation=tie)
            for layer, tie in zip(self._layers, group.variants, strict=True)
        )
        first = next(tie for tie in group.variants if tie is not None)
        source = self._annotated.spans[first.source]
        target = self._annotated.spans.get(first.target or "")
        place_of = self._alignment.place_of

        def said(variant: Variant) -> tuple[Any, ...]:
            tie = variant.relation
            if tie is None:
                return ()
            ends = (place_of[tie.source], place_of.get(tie.target or ""), tie.target_entity)
            return (tie.label, ends, sorted(tie.attributes.items(), key=repr))

        ends = [" … ".join(source.text)]
        if target is not None:
            ends.append(" … ".join(target.text))
        elif (entity := self._annotated.entities.get(first.target_entity or "")) is not None:
            ends.append(entity.name)
        place = Fragment(source.start, source.end)
        words = " → ".join(shortened(words, 40) for words in ends)
        conflicts = _ordered(group.conflicts)
        choices = _choices(variants, None if group.agrees else said)
        found = self._found(About.RELATION, conflicts, place, words, first.label)
        return self._judged(replace(found, variants=variants, choices=choices), waits=group.follows)

    def _found(
        self,
        about: About,
        conflicts: tuple[Conflict, ...],
        place: Fragment,
        words: str,
        label: str,
    ) -> Case:
        """Return a case on which nothing is known but what differs where."""
        kind, article_id = conflicts[0].kind, self._annotated.article.id
        return Case("", article_id, about, kind, conflicts, Standing.OPEN, place, words, label)

    def _judged(self, found: Case, *, waits: bool) -> Case:
        """Return a case with its key, and with what was said and decided about it."""
        records = [record for one in found.variants for record in one.records]
        held = not _ends(records).isdisjoint(self._asked)
        # Of what is held, it is as if nobody had ever decided on it.
        judged = {} if held else self._verdicts
        verdicts = [own for r in records if (own := judged.get(r.id)) is not None]
        comments = [comment for record in records for comment in self._remarks.get(record.id, ())]
        complete = not held and self._is_complete(found.choices)
        again = next((who for one in records if (who := self._asked.get(one.id))), "")
        kind = None if held else self._later(records, comments, complete=complete)
        standing = Standing.OPEN
        if kind is None and again:
            # As if nobody had ever decided on it: nothing tells the first look from the second.
            kind = Kind.UNREVIEWED if found.agrees else found.kind
        elif kind is None:
            kind = found.kind
            if complete:
                standing = Standing.DECIDED
            elif held or (waits and not verdicts):
                standing = Standing.AGREED if found.agrees else Standing.WAITING
            elif found.agrees and len(self._layers) > 1 and not verdicts:
                standing = Standing.AGREED
            elif len(self._layers) == 1:
                kind = Kind.UNREVIEWED
            if kind == Kind.SAME and standing == Standing.OPEN:
                kind = Kind.OUTDATED
            if comments and standing != Standing.OPEN:
                kind, standing = Kind.COMMENT, Standing.OPEN
        return replace(
            found,
            key=self._key(found.about, min(record.id for record in records)),
            kind=kind,
            standing=standing,
            verdicts=tuple(verdicts),
            comments=tuple(comments),
            again=again,
            held=held,
        )

    def _is_complete(self, choices: Sequence[Choice]) -> bool:
        """Say whether everything was judged, or says the same as what was accepted.

        So what somebody hands in later does not come back where it is in gold already.
        """
        for choice in choices:
            ids = [record.id for variant in choice.variants for record in variant.records]
            verdicts = [own for key in ids if (own := self._verdicts.get(key)) is not None]
            accepted = any(own.decision == Decision.ACCEPTED for own in verdicts)
            if len(verdicts) < len(ids) and not accepted:
                return False
        return True

    def _later(
        self,
        records: Sequence[Span | Relation],
        comments: Sequence[Comment],
        *,
        complete: bool,
    ) -> Kind | None:
        """Return what happened to a case after it was decided, or None."""
        if any(is_contest(comment) for comment in comments):
            return Kind.CONTESTED
        known = [(r, own) for r in records if (own := self._verdicts.get(r.id)) is not None]
        if any(is_outdated(own, record) for record, own in known):
            return Kind.OUTDATED
        if complete and any(own.extra.get(AUDIT) == "due" for _, own in known):
            return Kind.UNAUDITED
        return None

    # What is about the whole article

    def _of_article(self) -> list[Case]:
        found = []
        for kind, name in ((Kind.TEXT_VERSION, "text"), (Kind.SCHEME_VERSION, "scheme")):
            versions = {layer.id: made_with(layer, name) for layer in self._layers}
            if len({version for version in versions.values() if version is not None}) > 1:
                found.append(self._article_case(kind, self._layers))
        if self._remarks.get(self._annotated.article.id) and self._layers:
            found.append(self._article_case(Kind.COMMENT, ()))
        return found

    def _article_case(self, kind: Kind, layers: Sequence[Layer]) -> Case:
        article = self._annotated.article
        verdicts = [own for one in layers if (own := self._verdicts.get(one.id)) is not None]
        decided = bool(layers) and len(verdicts) == len(layers)
        current = not any(
            is_outdated(own, self._annotated.layers[own.record_id]) for own in verdicts
        )
        found = self._found(
            About.ARTICLE, (Conflict(kind),), Fragment(0, 0), shortened(article.title), ""
        )
        return replace(
            found,
            key=f"{article.id}/{About.ARTICLE}/{kind.value}",
            standing=Standing.DECIDED if decided and current else Standing.OPEN,
            verdicts=tuple(verdicts),
            comments=tuple(self._remarks.get(article.id, ())) if not layers else (),
            layers=tuple(layers),
        )


def _ends_in(case: Case, ids: Collection[str]) -> bool:
    """Say whether a case is about links, one of which begins or ends at one of the spans *ids*."""
    return case.about is About.RELATION and not _ends(case.records).isdisjoint(ids)


def _ends(records: Iterable[Span | Relation | Layer]) -> set[str]:
    """Return the ids of the spans at which the links among *records* begin and end."""
    ties = [one for one in records if isinstance(one, Relation)]
    return {end for one in ties for end in (one.source, one.target) if end is not None}


def made_with(layer: Layer, name: str) -> str | None:
    """Return the version of the ``text`` or ``scheme`` with which a layer was handed in."""
    noted = layer.extra.get(HANDED_IN)
    version = noted.get(name) if isinstance(noted, Mapping) else None
    return version if isinstance(version, str) else None


_RANK: Final = {
    kind: rank
    for rank, kind in enumerate(
        (
            Kind.DUPLICATE,
            Kind.SPLIT,
            Kind.NESTING,
            Kind.FRAGMENTS,
            Kind.BOUNDARY_AND_LABEL,
            Kind.LABEL,
            Kind.BOUNDARY,
            Kind.RELATION_TYPE,
            Kind.DIRECTION,
            Kind.ENDPOINT,
            Kind.SINGLE,
            Kind.MISSING,
            Kind.DANGLING,
            *IDENTITY,
            Kind.VALUE,
            Kind.SUBSET,
            Kind.UNSET,
        )
    )
}
"""Which of several conflicts at a place is the main one: that which a decision turns on."""


def _ordered(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    def rank(conflict: Conflict) -> tuple[int, str]:
        # Who a span stands for weighs as much unset as set otherwise.
        kind = Kind.ENTITY_SPLIT if conflict.name == ENTITY else conflict.kind
        return (_RANK.get(kind, len(_RANK)), conflict.name)

    return tuple(sorted(conflicts, key=rank))


def said_by(span: Span, scheme: Scheme, *, who: bool = True) -> tuple[Any, ...]:
    """Return what *span* says as a value: with *who*, also for whom it stands."""
    label = scheme.label(span.label)
    values: dict[str, Any] = {
        one.name: one.default
        for one in (() if label is None else scheme.attributes_of(label))
        if one.default is not None
    }
    values |= {name: value_of(span, name, None) for name in span.attributes}
    said = tuple(sorted((item for item in values.items() if item[1] is not None), key=_name))
    return (span.label, span.fragments, said, span.entity_id if who else None)


def _name(item: tuple[str, Any]) -> str:
    return item[0]


def _choices(variants: Sequence[Variant], said: Any) -> tuple[Choice, ...]:
    """Return what can be taken; without *said* all that there is says the same."""
    found: list[tuple[Any, list[Variant]]] = []
    for variant in variants:
        if not variant.records:
            continue
        own = None if said is None else said(variant)
        same = next((known for key, known in found if key == own), None)
        if same is None:
            found.append((own, [variant]))
        else:
            same.append(variant)
    return tuple(Choice(tuple(known)) for _, known in found)


def shortened(words: str, most: int = 80) -> str:
    """Return *words* in one line of at most *most* characters."""
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
