"""The places behind a figure of agreement: what people say differently, with their variants.

A figure is a number over places; a :class:`Question` names the figure, and :func:`cases` yields the
places of one article that keep it from being 1. The alignment is that of the figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from annotator.agreement import identity
from annotator.agreement.matching import Scenario, outcome
from annotator.agreement.measures import ALL, About
from annotator.agreement.panel import version_difference
from annotator.annotated import Annotated
from annotator.model import Fragment, Layer, Relation, Span
from annotator.review.aligning import Alignment, SpanGroup, align
from annotator.review.cases import made_with
from annotator.review.conflicts import ENTITY, Kind, value_of
from annotator.review.tying import TieGroup
from annotator.scheme import Scheme

JOINT = " … "
"""Between the words of two fragments."""
WORDS = 400
"""Code points of a variant that are shown at most."""


class Only(StrEnum):
    """What is listed in place of what differs in any way."""

    EVERY = "every"
    """What was counted, alike or not."""
    PAIRS = "pairs"
    """Where two people have the same label over each other."""
    LABEL = "label"
    """Where people have other labels over each other, or other relations between the same ones."""
    SINGLE = "single"
    """Places that are the only one of their entity."""
    SPLIT = "split"
    """Entities that one has as one and another as several."""
    TEXT = "text"
    """Articles that are left out, because their layers were made with different texts."""
    SCHEME = "scheme"
    """The same, with different schemes."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which figure's cases are asked for."""

    about: About
    name: str = ALL
    """Label, ``Label.attribute``, relation or kind of entity."""
    overlap: bool = False
    """Whether one shared character is enough for two spans to agree."""
    authors: tuple[str, ...] = ()
    """Only where these differ from each other; all people where it is empty."""
    scenario: str = ""
    outcomes: tuple[str, ...] = ()
    """With both, the spans of two people that became ``correct``, ``missing`` … in a scenario."""
    only: Only | None = None
    values: tuple[object, ...] = ()
    """Of an attribute, only where people gave these values."""
    given_spans: bool = False
    """Of a relation, only where both have marked its ends."""
    articles: frozenset[str] = frozenset()
    """Only in these; in all where it is empty."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What one person says at a place; ``label`` is empty where they have nothing there."""

    author: str
    label: str = ""
    words: str = ""
    fragments: tuple[Fragment, ...] = ()
    detail: str = ""
    """The value, entity or end that it is about."""


@dataclass(frozen=True, slots=True)
class Case:
    """One place where people do not say the same."""

    article_id: str
    title: str
    place: Fragment
    kinds: tuple[Kind, ...]
    variants: tuple[Variant, ...]


def cases(
    item: Annotated, layers: Sequence[Layer], scheme: Scheme, question: Question
) -> Iterator[Case]:
    """Yield the cases of *question* in one article, in reading order."""
    wanted = frozenset(question.authors)
    if question.articles and item.article.id not in question.articles:
        return
    if wanted and not wanted <= {layer.author for layer in layers}:
        return
    differing = version_difference(layers)
    if question.only in _VERSIONS or differing is not None:
        if differing is not None and question.only is _ONLY_OF[differing]:
            yield _of_versions(item, layers, differing)
        return
    aligned = align(item, [layer.id for layer in layers], scheme)
    asked = [n for n, layer in enumerate(layers) if not wanted or layer.author in wanted]
    look = _Look(item, layers, scheme, question, asked)
    if question.about is About.RELATIONS:
        yield from look.ties(aligned)
    elif question.only is Only.SPLIT:
        yield from look.torn(aligned)
    elif question.only is Only.SINGLE:
        yield from look.alone(aligned)
    else:
        for group in aligned.spans:
            yield from look.spans(group)


_VERSIONS: Final = (Only.TEXT, Only.SCHEME)
_ONLY_OF: Final = {Kind.TEXT_VERSION: Only.TEXT, Kind.SCHEME_VERSION: Only.SCHEME}
_SHORT: Final = 12
"""Characters of a hash that are enough to tell two texts apart."""


def _of_versions(item: Annotated, layers: Sequence[Layer], kind: Kind) -> Case:
    """Return which version each layer was made with."""
    name = _ONLY_OF[kind].value
    variants = tuple(
        Variant(layer.author, name, version[:_SHORT] if kind is Kind.TEXT_VERSION else version)
        for layer in layers
        if (version := made_with(layer, name)) is not None
    )
    article = item.article
    return Case(article.id, article.title, Fragment(0, 0), (kind,), variants)


@dataclass(frozen=True, slots=True)
class _Look:
    item: Annotated
    layers: Sequence[Layer]
    scheme: Scheme
    question: Question
    asked: Sequence[int]

    def spans(self, group: SpanGroup) -> Iterator[Case]:
        match self.question.about, self.question.only:
            case _, Only.EVERY:
                found = self._is_counted(group)
            case About.ATTRIBUTES, _:
                found = self._differs_in_value(group)
            case About.ENTITIES, _:
                found = self._differs_in_entity(group)
            case _, Only.PAIRS:
                labels = Counter(self._labels(group))
                found = any(count > 1 for label, count in labels.items() if self._is_named(label))
            case _, Only.LABEL:
                said = self._labels(group)
                found = len(set(said)) > 1 and any(map(self._is_named, said))
            case _:
                found = self._has_outcome(group) if self.question.outcomes else self._differs(group)
        if found:
            variants = tuple(self._variant(number, group.variants[number]) for number in self.asked)
            kinds = tuple(one.kind for one in group.conflicts)
            yield self._case(group.place, kinds, variants)

    def _is_named(self, name: str) -> bool:
        return self.question.name in (ALL, name)

    def _labels(self, group: SpanGroup) -> list[str]:
        """Return the labels of those who have something there."""
        firsts = [group.firsts[number] for number in self.asked]
        return [span.label for span in firsts if span is not None]

    def _is_counted(self, group: SpanGroup) -> bool:
        spans = [span for number in self.asked for span in group.variants[number]]
        match self.question.about:
            case About.ATTRIBUTES:
                label = self.question.name.rpartition(".")[0]
                return Counter(self._labels(group))[label] > 1
            case About.ENTITIES:
                return self._is_of_kind([span.entity_id for span in spans])
            case _:
                return any(self._is_named(span.label) for span in spans)

    def _differs(self, group: SpanGroup) -> bool:
        name = self.question.name
        for one, other in combinations(self.asked, 2):
            first, second = group.variants[one], group.variants[other]
            if name != ALL and all(span.label != name for span in (*first, *second)):
                continue
            if len(first) != len(second) or _said(first, self.question) != _said(
                second, self.question
            ):
                return True
        return False

    def _has_outcome(self, group: SpanGroup) -> bool:
        scenario = Scenario(self.question.scenario)
        for pair in combinations(self.asked, 2):
            first, second = (group.variants[number] for number in pair)
            for at in range(max(len(first), len(second))):
                one = first[at] if at < len(first) else None
                other = second[at] if at < len(second) else None
                if outcome(one, other, scenario) in self.question.outcomes:
                    return True
        return False

    def _differs_in_value(self, group: SpanGroup) -> bool:
        label, _, name = self.question.name.rpartition(".")
        given = [
            value_of(span, name, self.scheme)
            for number in self.asked
            if (span := group.firsts[number]) is not None and span.label == label
        ]
        if self.question.values:
            wanted = self.question.values
            return (
                len(given) > 1
                and all(value in given for value in wanted)
                and (len(set(wanted)) > 1 or given.count(wanted[0]) > 1)
            )
        return len(set(given)) > 1

    def _differs_in_entity(self, group: SpanGroup) -> bool:
        stands = [
            span.entity_id for number in self.asked if (span := group.firsts[number]) is not None
        ]
        if not any(one.name == ENTITY for one in group.conflicts) and len(self.asked) > 1:
            return len(stands) > 1 and (None in stands) and any(stands)
        return len(set(stands)) > 1 and self._is_of_kind(stands)

    def _is_of_kind(self, stands: Collection[str | None]) -> bool:
        named = [one for one in stands if one is not None]
        known = [self.item.entities.get(one) for one in named]
        name = self.question.name
        if name == ALL:
            return bool(named)
        return any(one is not None and one.kind == name for one in known)

    def _variant(self, number: int, own: Sequence[Span]) -> Variant:
        author = self.layers[number].author
        if not own:
            return Variant(author)
        first = own[0]
        fragments = tuple(piece for span in own for piece in span.fragments)
        detail = ""
        if self.question.about is About.ATTRIBUTES:
            value = value_of(first, self.question.name.rpartition(".")[2], self.scheme)
            detail = _plain(value)
        elif self.question.about is About.ENTITIES:
            entity = self.item.entities.get(first.entity_id or "")
            detail = "–" if entity is None else entity.name
        labels = " + ".join(dict.fromkeys(span.label for span in own))
        return Variant(author, labels, _words(own), fragments, detail)

    def _stands(self, aligned: Alignment) -> list[identity.Stands]:
        return [
            identity.stands_for([group.variants[n] for group in aligned.spans], self.item.entities)
            for n in self.asked
        ]

    def alone(self, aligned: Alignment) -> Iterator[Case]:
        """Yield the places that are, for anybody, the only one of their entity."""
        every = self._stands(aligned)
        places = {place for own in every for place, _ in identity.alone(own, self.question.name)}
        for place in sorted(places):
            group = aligned.spans[place]
            variants = tuple(self._variant(n, group.variants[n]) for n in self.asked)
            kinds = tuple(one.kind for one in group.conflicts)
            yield self._case(group.place, kinds, variants)

    def torn(self, aligned: Alignment) -> Iterator[Case]:
        """Yield the entities that one has as one and another as several."""
        found = sorted(identity.torn(self._stands(aligned), self.question.name), key=_first_place)
        for own in found:
            one, other = (self.asked[n] for n in (own.layer, own.other_layer))
            spans = [aligned.spans[place].variants[one][at] for place, at in own.places]
            variants = (
                self._whole(one, spans, (own.entity,)),
                self._whole(
                    other,
                    [
                        span
                        for place in dict.fromkeys(place for place, _ in own.places)
                        for span in aligned.spans[place].variants[other]
                    ],
                    own.others,
                ),
            )
            first = spans[0]
            yield self._case(
                Fragment(first.start, first.end),
                (Kind.ENTITY_SPLIT,),
                tuple(sorted(variants, key=lambda variant: variant.author)),
            )

    def _whole(self, number: int, spans: Sequence[Span], entities: Sequence[str]) -> Variant:
        """Return how somebody takes several places: for one entity, or for several."""
        labels = " + ".join(dict.fromkeys(span.label for span in spans))
        fragments = tuple(piece for span in spans for piece in span.fragments)
        names = [known.name for one in entities if (known := self.item.entities.get(one))]
        author = self.layers[number].author
        return Variant(author, labels, _words(spans), fragments, " + ".join(names))

    def _case(self, place: Fragment, kinds: tuple[Kind, ...], own: tuple[Variant, ...]) -> Case:
        article = self.item.article
        return Case(article.id, article.title, place, kinds, own)

    def ties(self, aligned: Alignment) -> Iterator[Case]:
        place_of = {
            span.id: number
            for number, group in enumerate(aligned.spans)
            for own in group.variants
            for span in own
        }
        for group in aligned.relations:
            if self._differs_in_tie(group, place_of):
                yield self._tie_case(group)

    def _differs_in_tie(self, group: TieGroup, place_of: dict[str, int]) -> bool:
        own = [group.variants[number] for number in self.asked]
        name = self.question.name
        if name != ALL and all(tie is None or tie.label != name for tie in own):
            return False
        if self.question.only is Only.EVERY:
            return any(tie is not None for tie in own)
        if self.question.only is Only.LABEL:
            return len({tie.label for tie in own if tie is not None}) > 1
        if self.question.given_spans and any(one.kind is Kind.DANGLING for one in group.conflicts):
            return False
        said = {
            None
            if tie is None
            else (
                tie.label,
                place_of[tie.source],
                tie.target_entity if tie.target is None else place_of[tie.target],
            )
            for tie in own
        }
        return len(said) > 1

    def _tie_case(self, group: TieGroup) -> Case:
        variants = tuple(
            self._tie_variant(self.layers[number].author, group.variants[number])
            for number in self.asked
        )
        first = next(tie for tie in group.variants if tie is not None)
        source = self.item.spans[first.source]
        kinds = tuple(one.kind for one in group.conflicts)
        return self._case(Fragment(source.start, source.end), kinds, variants)

    def _tie_variant(self, author: str, tie: Relation | None) -> Variant:
        if tie is None:
            return Variant(author)
        source = self.item.spans[tie.source]
        if tie.target is not None:
            end = _words([self.item.spans[tie.target]])
        else:
            entity = self.item.entities.get(tie.target_entity or "")
            end = "" if entity is None else entity.name
        return Variant(author, tie.label, _words([source]), source.fragments, end)


def _first_place(own: identity.Torn) -> tuple[identity.Place, int, int]:
    return own.places[0], own.layer, own.other_layer


def _said(own: Sequence[Span], question: Question) -> Sequence[object]:
    if question.overlap:
        return sorted(span.label for span in own)
    return sorted((span.label, span.fragments) for span in own)


def _words(own: Sequence[Span]) -> str:
    words = JOINT.join(piece for span in own for piece in span.text)
    return words if len(words) <= WORDS else f"{words[: WORDS - 1]}…"


def _plain(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    return "–" if value is None else str(value)
