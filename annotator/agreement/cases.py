"""The places behind a figure of agreement: what people say differently, with their variants.

A figure is a number over places; a :class:`Question` names the figure, and :func:`cases` yields the
places of one article that keep it from being 1. The alignment is that of the figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from annotator.agreement.matching import Scenario, outcome
from annotator.agreement.measures import ALL, About
from annotator.annotated import Annotated
from annotator.model import Fragment, Layer, Relation, Span
from annotator.review.aligning import Alignment, SpanGroup, align
from annotator.review.conflicts import ENTITY, Kind, value_of
from annotator.review.tying import TieGroup
from annotator.scheme import Scheme

JOINT = " … "
"""Between the words of two fragments."""
WORDS = 400
"""Code points of a variant that are shown at most."""


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
    outcome: str = ""
    """With both, the spans of two people that became ``correct``, ``missing`` … in a scenario."""
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
    aligned = align(item, [layer.id for layer in layers], scheme)
    asked = [n for n, layer in enumerate(layers) if not wanted or layer.author in wanted]
    look = _Look(item, layers, scheme, question, asked)
    if question.about is About.RELATIONS:
        yield from look.ties(aligned)
    else:
        for group in aligned.spans:
            yield from look.spans(group)


@dataclass(frozen=True, slots=True)
class _Look:
    item: Annotated
    layers: Sequence[Layer]
    scheme: Scheme
    question: Question
    asked: Sequence[int]

    def spans(self, group: SpanGroup) -> Iterator[Case]:
        match self.question.about:
            case About.ATTRIBUTES:
                found = self._differs_in_value(group)
            case About.ENTITIES:
                found = self._differs_in_entity(group)
            case _:
                found = self._has_outcome(group) if self.question.outcome else self._differs(group)
        if found:
            variants = tuple(self._variant(number, group.variants[number]) for number in self.asked)
            kinds = tuple(one.kind for one in group.conflicts)
            article = self.item.article
            yield Case(article.id, article.title, group.place, kinds, variants)

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
                if outcome(one, other, scenario) == self.question.outcome:
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
        known = [self.item.entities.get(one) for one in stands if one is not None]
        name = self.question.name
        return name == ALL or any(one is not None and one.kind == name for one in known)

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
        article = self.item.article
        kinds = tuple(one.kind for one in group.conflicts)
        place = Fragment(source.start, source.end)
        return Case(article.id, article.title, place, kinds, variants)

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
