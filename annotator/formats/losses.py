"""What a format cannot carry, counted in the very data that is to be written.

An article with labels has *features*: discontinuous spans, notes, relations … A format states the
*fate* of those that it cannot carry as they are, and two functions follow from that statement:
:func:`announced` counts what is concerned before anything is written, and :func:`without` says
what stays. What comes back from a file is, for every format, what went in ``without`` its fates;
the tests hold every format to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from annotator import spans as algebra
from annotator.annotated import Annotated
from annotator.intervals import Intervals
from annotator.model import Article, Entity, LayerKind, LayerState, Relation, Span, reading_order
from annotator.translation import later, tr_n


class Fate(StrEnum):
    """What becomes of a feature in a file."""

    CHANGED = later("changed")
    LEFT_OUT = later("left out")


Fates = Mapping[str, Fate]
"""The fate of each feature that is not carried as it is, by the name of the feature."""

NO_REMARKS: Final[Fates] = MappingProxyType(
    {"verdicts": Fate.LEFT_OUT, "comments": Fate.LEFT_OUT, "extra": Fate.LEFT_OUT}
)
"""The fates where everything but the remarks of a review and foreign keys is carried."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A feature that a file will not show as it is, and in how many places."""

    feature: str
    """A name of :data:`FEATURES`, or one of the format's own."""
    count: int
    fate: Fate
    sentence: str
    """The same in words, with the number."""


def _facts(article: Article) -> bool:
    known = (article.language, article.source, article.url, article.published)
    return any(value is not None for value in known) or bool(article.metadata)


def _discontinuous(item: Annotated) -> int:
    return sum(len(span.fragments) > 1 for span in item.spans.values())


def _entity_facts(item: Annotated) -> int:
    return sum(_described(entity) for entity in _used(item))


def _described(entity: Entity) -> bool:
    return bool(
        entity.aliases
        or entity.identifiers
        or entity.attributes
        or entity.note
        or entity.latitude is not None
        or entity.longitude is not None
    )


def _used(item: Annotated) -> list[Entity]:
    keys = {span.entity_id for span in item.spans.values()}
    keys |= {tie.target_entity for tie in item.relations.values()}
    return [entity for key, entity in item.entities.items() if key in keys]


def _idle(item: Annotated) -> int:
    return len(item.entities) - len(_used(item))


def _layer_facts(item: Annotated) -> int:
    return sum(
        layer.state != LayerState.IN_PROGRESS or bool(layer.note) or layer.unsure
        for layer in item.layers.values()
    )


def _empty_layers(item: Annotated) -> int:
    filled = {span.layer_id for span in item.spans.values()}
    return len(item.layers.keys() - filled)


def _extras(item: Annotated) -> int:
    return sum(_has_foreign(getattr(record, "extra", {})) for record in item.records())


def _has_foreign(extra: Mapping[str, Any]) -> bool:
    """Tell whether there is more than what we note ourselves, such as the id in a file."""
    return any(not key.startswith("annotator:") for key in extra)


def _overlapping(item: Annotated) -> int:
    return len(item.spans) - len(_flat(item))


_COUNTS: Final[Mapping[str, Callable[[Annotated], int]]] = {
    "titles": lambda item: int(bool(item.article.title)),
    "facts": lambda item: int(_facts(item.article)),
    "zones": lambda item: len(item.article.zones),
    "authors": lambda item: len(item.layers),
    "layer_facts": _layer_facts,
    "empty_layers": _empty_layers,
    "discontinuous": _discontinuous,
    "overlaps": _overlapping,
    "attributes": lambda item: sum(bool(span.attributes) for span in item.spans.values()),
    "entities": lambda item: sum(span.entity_id is not None for span in item.spans.values()),
    "entity_facts": _entity_facts,
    "idle_entities": _idle,
    "unsure": lambda item: sum(span.unsure for span in item.spans.values()),
    "notes": lambda item: sum(bool(span.note) for span in item.spans.values()),
    "relations": lambda item: sum(tie.target is not None for tie in item.relations.values()),
    "entity_relations": lambda item: sum(tie.target is None for tie in item.relations.values()),
    "relation_attributes": lambda item: sum(bool(x.attributes) for x in item.relations.values()),
    "verdicts": lambda item: len(item.verdicts),
    "comments": lambda item: len(item.comments),
    "extra": _extras,
}
"""How often each feature occurs in an article, in the order in which losses are told."""

FEATURES: Final = tuple(_COUNTS)


def announced(articles: Iterable[Annotated], fates: Fates) -> list[Loss]:
    """Return the losses of *articles* in a format with *fates*; one pass, one article at a time.

    Raises KeyError for a fate of a feature that there is not.
    """
    counts: Counter[str] = Counter()
    places = {name: place for place, name in enumerate(FEATURES)}
    concerned = [(name, _COUNTS[name]) for name in sorted(fates, key=places.__getitem__)]
    for item in articles:
        for name, count in concerned:
            counts[name] += count(item)
    return [
        Loss(name, counts[name], fates[name], _sentence(name, counts[name], fates[name]))
        for name, _ in concerned
        if counts[name]
    ]


_SENTENCES: Final[Mapping[str, Callable[[int], str]]] = {
    "titles": lambda n: tr_n(n, "the title of {n} article", "the titles of {n} articles"),
    "facts": lambda n: tr_n(
        n,
        "language, source, date and the like of {n} article",
        "language, source, date and the like of {n} articles",
    ),
    "zones": lambda n: tr_n(n, "{n} zone (headline, caption …)", "{n} zones (headline, caption …)"),
    "authors": lambda n: tr_n(n, "who made {n} layer", "who made {n} layers"),
    "layer_facts": lambda n: tr_n(n, "status or note of {n} layer", "status or note of {n} layers"),
    "empty_layers": lambda n: tr_n(n, "{n} layer without labels", "{n} layers without labels"),
    "discontinuous": lambda n: tr_n(
        n, "{n} span in several fragments", "{n} spans in several fragments"
    ),
    "overlaps": lambda n: tr_n(
        n, "{n} span that overlaps a longer one", "{n} spans that overlap longer ones"
    ),
    "attributes": lambda n: tr_n(n, "the attributes of {n} span", "the attributes of {n} spans"),
    "entities": lambda n: tr_n(n, "the entity of {n} span", "the entities of {n} spans"),
    "entity_facts": lambda n: tr_n(
        n,
        "aliases, identifiers and the like of {n} entity",
        "aliases, identifiers and the like of {n} entities",
    ),
    "idle_entities": lambda n: tr_n(
        n, "{n} entity that nothing refers to", "{n} entities that nothing refers to"
    ),
    "unsure": lambda n: tr_n(n, "{n} flag “unsure”", "{n} flags “unsure”"),
    "notes": lambda n: tr_n(n, "{n} note", "{n} notes"),
    "relations": lambda n: tr_n(n, "{n} relation between spans", "{n} relations between spans"),
    "entity_relations": lambda n: tr_n(n, "{n} relation to an entity", "{n} relations to entities"),
    "relation_attributes": lambda n: tr_n(
        n, "the attributes of {n} relation", "the attributes of {n} relations"
    ),
    "verdicts": lambda n: tr_n(n, "{n} verdict of a reviewer", "{n} verdicts of reviewers"),
    "comments": lambda n: tr_n(n, "{n} comment", "{n} comments"),
    "extra": lambda n: tr_n(
        n,
        "what another program had added to {n} record",
        "what another program had added to {n} records",
    ),
}


def _sentence(name: str, n: int, fate: Fate) -> str:
    if fate is Fate.CHANGED and name == "discontinuous":
        return tr_n(
            n,
            "{n} span in several fragments becomes a span for each",
            "{n} spans in several fragments become a span for each",
        )
    return _SENTENCES[name](n)


# ------------------------------------------------------------------------------------ what stays


def without(item: Annotated, fates: Fates) -> Annotated:
    """Return *item* as it comes back from a format with *fates*; *item* itself stays.

    Spans in fragments that are ``CHANGED`` become one span a fragment, the first with the id and
    the relations; overlapping ones that are ``LEFT_OUT`` give way to the longest. Whatever ended
    at a span that goes, goes too.
    """
    result = item.copy()
    _strip_article(result, fates)
    _strip_spans(result, fates)
    _strip_relations(result, fates)
    if "verdicts" in fates:
        result.verdicts.clear()
    if "comments" in fates:
        result.comments.clear()
    _strip_layers(result, fates)
    _strip_entities(result, fates)
    if "extra" in fates:
        _strip_extra(result)
    return result


def _strip_article(result: Annotated, fates: Fates) -> None:
    article = result.article
    if "titles" in fates:
        article = replace(article, title="")
    if "facts" in fates:
        article = replace(
            article, language=None, source=None, url=None, published=None, metadata={}
        )
    if "zones" in fates:
        article = replace(article, zones=())
    result.article = article


def _strip_spans(result: Annotated, fates: Fates) -> None:
    spans = list(result.spans.values())
    if "overlaps" in fates:
        spans = _flat(result)
    split = fates.get("discontinuous")
    if split is Fate.LEFT_OUT:
        spans = [span for span in spans if len(span.fragments) == 1]
    elif split is Fate.CHANGED:
        spans = [piece for span in spans for piece in pieces(span)]
    result.spans.clear()
    for span in spans:
        if "attributes" in fates:
            span = replace(span, attributes={})
        if "entities" in fates:
            span = replace(span, entity_id=None)
        if "unsure" in fates:
            span = replace(span, unsure=False)
        if "notes" in fates:
            span = replace(span, note="")
        result.spans[span.id] = span


def pieces(span: Span) -> Iterator[Span]:
    """Yield a span for each fragment of *span*, the first with its id."""
    for number, (fragment, words) in enumerate(zip(span.fragments, span.text, strict=True)):
        id_ = f"{span.id}~{number + 1}" if number else span.id
        yield replace(span, id=id_, fragments=(fragment,), text=(words,))


def flat(spans: Iterable[Span]) -> list[Span]:
    """Return those of *spans* that are left where no two may overlap: longer ones first.

    Of equally long ones the one that comes first in reading order stays. In reading order.
    """
    result: list[Span] = []
    together: list[Span] = []
    reach = 0
    for span in sorted(spans, key=reading_order):
        if span.start >= reach:
            result += _longest(together)
            together = []
        together.append(span)
        reach = max(reach, span.end)
    return [*result, *_longest(together)]


def _longest(together: list[Span]) -> list[Span]:
    """Return what :func:`flat` leaves of spans that reach into each other."""
    if len(together) < 2:
        return together
    kept: dict[str, Span] = {}
    places = Intervals()
    for span in sorted(
        together, key=lambda one: (-algebra.length(one.fragments), reading_order(one))
    ):
        near = (kept[key] for key in places.overlapping(span.start, span.end))
        if not any(algebra.overlap(span.fragments, other.fragments) for other in near):
            kept[span.id] = span
            places.add(span.id, span.start, span.end)
    return sorted(kept.values(), key=reading_order)


def _flat(item: Annotated) -> list[Span]:
    return [span for layer_id in item.layers for span in flat(item.spans_of(layer_id))]


def _strip_relations(result: Annotated, fates: Fates) -> None:
    for tie in list(result.relations.values()):
        if _goes(tie, result, fates):
            del result.relations[tie.id]
        elif "relation_attributes" in fates:
            result.relations[tie.id] = replace(tie, attributes={})


def _goes(tie: Relation, result: Annotated, fates: Fates) -> bool:
    if ("relations" if tie.target is not None else "entity_relations") in fates:
        return True
    return any(end is not None and end not in result.spans for end in (tie.source, tie.target))


def _strip_layers(result: Annotated, fates: Fates) -> None:
    filled = {span.layer_id for span in result.spans.values()}
    for layer in list(result.layers.values()):
        if "empty_layers" in fates and layer.id not in filled:
            del result.layers[layer.id]
            continue
        if "authors" in fates:
            layer = replace(layer, author="", kind=LayerKind.IMPORT)
        if "layer_facts" in fates:
            layer = replace(layer, state=LayerState.IN_PROGRESS, note="", unsure=False)
        result.layers[layer.id] = layer


def _strip_entities(result: Annotated, fates: Fates) -> None:
    used = {entity.id for entity in _used(result)}
    for entity in list(result.entities.values()):
        lost = {"entities", "entity_relations"} & fates.keys()
        if entity.id not in used and ("idle_entities" in fates or lost):
            del result.entities[entity.id]
        elif "entity_facts" in fates:
            result.entities[entity.id] = Entity(
                id=entity.id, kind=entity.kind, name=entity.name, extra=entity.extra
            )


def _strip_extra(result: Annotated) -> None:
    result.article = replace(result.article, extra={})
    for table in (result.layers, result.entities, result.spans, result.relations):
        _bare(table)
    for remarks in (result.verdicts, result.comments):
        _bare(remarks)


def _bare(table: dict[str, Any]) -> None:
    for key, record in table.items():
        table[key] = replace(record, extra={})
