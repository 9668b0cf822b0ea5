"""Counting what is in articles with labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from annotator.annotated import Annotated
from annotator.exchange.splitting import Features
from annotator.project import Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How much there is in some articles; labels by the names that they get."""

    articles: int = 0
    bare: int = 0
    """Articles without a span: to whoever trains on them they say that there is nothing."""
    spans: Mapping[str, int] = field(default_factory=dict)
    """By label."""
    relations: Mapping[str, int] = field(default_factory=dict)
    """By label."""
    attributes: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    """By label of the span, attribute and value; only those that are set."""
    layers: Mapping[str, int] = field(default_factory=dict)
    """Articles by the author of a layer of them."""

    @property
    def labels(self) -> int:
        """All spans."""
        return sum(self.spans.values())


class Counts:
    """A tally in the making."""

    def __init__(self) -> None:
        self._articles = self._bare = 0
        self._spans: Counter[str] = Counter()
        self._relations: Counter[str] = Counter()
        self._layers: Counter[str] = Counter()
        self._attributes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, item: Annotated) -> Tally:
        """Count an article, and return its own spans and relations."""
        spans = Counter(span.label for span in item.spans.values())
        relations = Counter(tie.label for tie in item.relations.values())
        self._articles += 1
        self._bare += not spans
        self._spans.update(spans)
        self._relations.update(relations)
        self._layers.update({layer.author for layer in item.layers.values()})
        for span in item.spans.values():
            for name, value in span.attributes.items():
                self._attributes[span.label, name][_shown(value)] += 1
        return Tally(articles=1, bare=int(not spans), spans=spans, relations=relations)

    @property
    def tally(self) -> Tally:
        """What was counted so far."""
        return Tally(
            articles=self._articles,
            bare=self._bare,
            spans=_ordered(self._spans),
            relations=_ordered(self._relations),
            attributes=_by_label(self._attributes),
            layers=dict(sorted(self._layers.items())),
        )


def tally_of_contents(found: Contents) -> Tally:
    """Return how much there is in a whole project."""
    spans: Counter[str] = Counter()
    attributes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for item in found.values:
        spans[item.label] += item.spans
        for name, value in item.attributes.items():
            attributes[item.label, name][_shown(value)] += item.spans
    return Tally(
        articles=len(found.articles),
        bare=found.bare,
        spans=_ordered(spans),
        relations=_ordered(found.relations),
        attributes=_by_label(attributes),
        layers=dict(sorted(found.authors.items())),
    )


def tally_of(found: Iterable[Features]) -> Tally:
    """Return how much there is in articles of which only the features are at hand."""
    articles = bare = 0
    spans: Counter[str] = Counter()
    relations: Counter[str] = Counter()
    for features in found:
        articles += 1
        bare += not features.spans
        spans.update(features.spans)
        relations.update(features.relations)
    return Tally(articles=articles, bare=bare, spans=_ordered(spans), relations=_ordered(relations))


def _by_label(
    counts: Mapping[tuple[str, str], Mapping[str, int]],
) -> dict[str, dict[str, Mapping[str, int]]]:
    """Return the values of attributes by label and attribute, from those by both."""
    found: dict[str, dict[str, Mapping[str, int]]] = {}
    for (label, name), values in sorted(counts.items()):
        found.setdefault(label, {})[name] = _ordered(values)
    return found


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """Return *counts* with the largest first, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _shown(value: object) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
    return value if isinstance(value, str) else repr(value)
