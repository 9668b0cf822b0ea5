"""Annotator JSON Lines, version 1: the form of an article and its labels that loses nothing.

One article a line, UTF-8, offsets in code points, covered text beside every fragment. Equal
contents give equal bytes: keys stand in a fixed order, free mappings are sorted by key, records by
their place in the text and then by id. Keys that this version does not know are kept in the
``extra`` of their record and written back.

Ids may be any string. In a file a span's or relation's id holds within its layer, a layer's within
its line, an article's and an entity's within the file; in a project every id holds everywhere. A
record whose id had to give way keeps the one of the file under :data:`EXTERNAL_ID` in its
``extra``, and goes by that name again when it is written.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from json.encoder import encode_basestring as quoted
from pathlib import Path
from typing import Any, Final, Protocol

from annotator.annotated import Annotated
from annotator.formats import Group, Problem, Reading, Sample, Writing, json_text
from annotator.formats.contradictions import contradictions
from annotator.formats.losses import Loss
from annotator.formats.replacing import ExportError, replacing
from annotator.model import (
    ZONE_EXTRAS,
    Article,
    Comment,
    Entity,
    JsonObject,
    Layer,
    Relation,
    Span,
    Verdict,
    Zone,
)
from annotator.packed import Packed
from annotator.translation import later

name: Final = "jsonl"
title: Final = "Annotator JSON Lines"
purpose: Final = later("everything, one article a line")
group: Final = Group.LOSSLESS
suffixes: Final = (".jsonl",)
VERSION: Final = 1

EXTERNAL_ID: Final = "annotator:id"
"""Key in ``extra`` of a record that goes by another id in files than in the project."""

RESERVED: Final = frozenset({EXTERNAL_ID, ZONE_EXTRAS})


class _Kept(Protocol):
    """A record with an id and room for what files say of it."""

    @property
    def id(self) -> str: ...
    @property
    def extra(self) -> Mapping[str, Any]: ...


# ---------------------------------------------------------------------------------------- writing


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write articles with their labels to *target* and return how many there were.

    They are written in the order in which they come (by id, for a file as the format wants it),
    one at a time, so that memory does not grow with their number. Raises ExportError for labels
    that contradict their article, and where the file cannot be written; what was there before is
    then untouched.
    """
    names = Names()
    count = 0
    with replacing(target) as file:
        for annotated in articles:
            file.write(encode(annotated, writing.scheme.reference, names))
            count += 1
    return count


def write_packed(articles: Iterable[Packed], target: Path, writing: Writing) -> int:
    """Write what :func:`write` does, letter for letter, from spans that are no records yet."""
    from annotator.formats.jsonl_packed import PackedLines

    lines = PackedLines(writing.scheme.reference)
    count = 0
    with replacing(target) as file:
        for packed in articles:
            file.write(lines.line(packed))
            count += 1
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return nothing: this form carries everything."""
    return []


@dataclass(slots=True)
class Names:
    """The ids that a file uses for entities, each described where it first occurs."""

    names: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def introduce(self, entities: Iterable[Entity]) -> list[Entity]:
        """Give names to those of *entities* that have none, and return them."""
        new = [item for item in entities if item.id not in self.names]
        given = external_ids(new, self.taken)
        self.names.update(given)
        self.taken.update(given.values())
        return sorted(new, key=lambda item: given[item.id])


def encode(annotated: Annotated, scheme: str, names: Names) -> bytes:
    """Return the line of an article. Raises ExportError for labels that contradict it."""
    refuse(annotated.article, contradictions(annotated))
    return json_text.line_of(line(annotated, scheme, names, partial(_layer, annotated)))


def refuse(article: Article, wrong: Iterable[tuple[str, str]]) -> None:
    """Raise ExportError with the first place and reason of what is *wrong* with an article."""
    for place, reason in wrong:
        raise ExportError(
            f"Article {article.id!r} cannot be exported: {place}: {reason} "
            "Run “annotator check” on the project to see what is wrong and to repair it."
        )


def external_ids(records: Iterable[_Kept], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return the id that each record goes by in a file, all different and none in *taken*."""
    return external_names(((record.id, record.extra) for record in records), taken)


def external_names(
    records: Iterable[tuple[str, Mapping[str, Any]]], taken: Iterable[str] = ()
) -> dict[str, str]:
    """Return what :func:`external_ids` does, by id and ``extra`` of each record."""
    used = set(taken)
    found = list(records)
    plain = {id_: id_ for id_, extra in found if EXTERNAL_ID not in extra}
    if len(plain) == len(found) and used.isdisjoint(plain):
        return plain
    result: dict[str, str] = {}
    for id_, extra in sorted(found, key=lambda item: (EXTERNAL_ID in item[1], item[0])):
        name = wish = str(extra.get(EXTERNAL_ID, id_))
        if name in used:
            name = wish = id_
        number = 2
        while name in used:
            name = f"{wish}~{number}"
            number += 1
        used.add(name)
        result[id_] = name
    return result


Outer = ChainMap[str, str]
"""What the article, its layers and entities are called in a file, by their ids."""


def line(
    annotated: Annotated, scheme: str, names: Names, layer_of: Callable[[Layer, Outer], str]
) -> str:
    """Return the JSON of an article; *layer_of* returns that of a layer of it."""
    article = annotated.article
    new = names.introduce(annotated.entities.values())
    layer_ids = external_ids(annotated.layers.values())
    layers = sorted(
        annotated.layers.values(), key=lambda item: (item.author, item.kind, layer_ids[item.id])
    )
    own_id = str(article.extra.get(EXTERNAL_ID, article.id))
    outer = ChainMap({article.id: own_id}, layer_ids, names.names)
    head = {
        "annotator": VERSION,
        "id": own_id,
        "title": article.title,
        "language": article.language,
        "source": article.source,
        "url": article.url,
        "published": article.published,
        "metadata": _ordered(article.metadata),
        "text": article.text,
        "sha256": article.sha256,
        "offsets": "codepoint",
        "zones": _zones(article),
        "scheme": scheme,
        "entities": [_entity(item, names.names[item.id]) for item in new],
    }
    return _with_list(
        head, "layers", [layer_of(one, outer) for one in layers], _extra(article.extra)
    )


def _with_list(head: JsonObject, name: str, items: Iterable[str], tail: JsonObject) -> str:
    """Return the JSON of *head*, a list of what is JSON already, and *tail*, as one object."""
    listed = f'{json_text.written(head)[:-1]}, "{name}": [{", ".join(items)}]'
    return f"{listed}, {json_text.written(tail)[1:]}" if tail else listed + "}"


def _zones(article: Article) -> list[JsonObject]:
    extras: list[list[Any]] = [list(item) for item in article.extra.get(ZONE_EXTRAS, ())]
    result: list[JsonObject] = []
    for zone in article.zones:
        known: JsonObject = {"zone": zone.zone, "start": zone.start, "end": zone.end}
        mine = next((item for item in extras if item[:3] == list(zone)), None)
        if mine is not None:
            extras.remove(mine)
            known |= _ordered(mine[3])
        result.append(known)
    return result


def _entity(entity: Entity, name: str) -> JsonObject:
    return {
        "id": name,
        "kind": entity.kind,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "identifiers": _ordered(entity.identifiers),
        "latitude": None if entity.latitude is None else float(entity.latitude),
        "longitude": None if entity.longitude is None else float(entity.longitude),
        "attributes": _ordered(entity.attributes),
        **({"note": entity.note} if entity.note else {}),
        **_extra(entity.extra),
    }


def _layer(annotated: Annotated, layer: Layer, outer: Outer) -> str:
    spans = [item for item in annotated.spans.values() if item.layer_id == layer.id]
    names = external_ids(spans)
    places = {item.id: place_of(item, names[item.id]) for item in spans}
    spans.sort(key=lambda item: places[item.id])
    written = [span_json(item, names, outer) for item in spans]
    return layer_json(annotated, layer, outer, WrittenSpans(names, places, written))


Place = tuple[int, int, str, str]
"""What the spans of a layer are ordered by: start, minus end, label and name of the span."""


def place_of(span: Span, name: str) -> Place:
    """Return where a span stands that files call *name*."""
    return (span.fragments[0][0], -span.fragments[-1][1], span.label, name)


@dataclass(frozen=True, slots=True)
class WrittenSpans:
    """The spans of a layer as they stand in a file."""

    names: dict[str, str]
    """What the file calls them, by id."""
    places: Mapping[str, Place]
    """By id; at least of those that relations begin at."""
    json: Sequence[str]


def layer_json(annotated: Annotated, layer: Layer, outer: Outer, spans: WrittenSpans) -> str:
    """Return the JSON of a layer, of which the *spans* are written already."""
    relations = [item for item in annotated.relations.values() if item.layer_id == layer.id]
    verdicts = [item for item in annotated.verdicts.values() if item.layer_id == layer.id]
    comments = [item for item in annotated.comments.values() if item.layer_id == layer.id]
    relation_ids = external_ids(relations)
    verdict_ids, comment_ids = external_ids(verdicts), external_ids(comments)
    names = ChainMap(spans.names, relation_ids, comment_ids, *outer.maps)

    def by_source(tie: Relation) -> tuple[Place, str]:
        return (spans.places[tie.source], relation_ids[tie.id])

    head = {
        "id": outer[layer.id],
        "author": layer.author,
        "kind": layer.kind,
        "state": layer.state,
        **({"note": layer.note} if layer.note else {}),
        **({"unsure": True} if layer.unsure else {}),
    }
    tail = {
        "relations": [
            _relation(item, relation_ids, spans.names, outer)
            for item in sorted(relations, key=by_source)
        ],
        "verdicts": [
            _verdict(item, verdict_ids, names)
            for item in sorted(verdicts, key=lambda one: (one.time, verdict_ids[one.id]))
        ],
        "comments": [
            _comment(item, comment_ids, names)
            for item in sorted(comments, key=lambda one: (one.time, comment_ids[one.id]))
        ],
        **_extra(layer.extra),
    }
    return _with_list(head, "spans", spans.json, tail)


def span_json(span: Span, ids: Mapping[str, str], outer: Mapping[str, str]) -> str:
    """Return the JSON of a span, put together by hand: there are a hundred for every line."""
    entity = "null" if span.entity_id is None else quoted(outer[span.entity_id])
    if len(span.fragments) == 1:
        (place,) = span.fragments
        fragments, words = f"[{place[0]}, {place[1]}]", quoted(span.text[0])
    else:
        fragments = ", ".join([f"[{start}, {end}]" for start, end in span.fragments])
        words = ", ".join(map(quoted, span.text))
    text = (
        f'{{"id": {quoted(ids[span.id])}, "label": {quoted(span.label)},'
        f' "fragments": [{fragments}], "text": [{words}],'
        f' "attributes": {attributes_json(span.attributes)}, "entity": {entity},'
        f' "unsure": {"true" if span.unsure else "false"}, "note": {quoted(span.note)}'
    )
    extra = _extra(span.extra) if span.extra else {}
    return f"{text}, {json_text.written(extra)[1:]}" if extra else text + "}"


def attributes_json(values: Mapping[str, Any]) -> str:
    if not values:
        return "{}"
    parts = []
    for name, value in sorted(values.items()) if len(values) > 1 else values.items():
        if type(value) is str:
            parts.append(f"{quoted(name)}: {quoted(value)}")
        elif value is True or value is False:
            parts.append(f"{quoted(name)}: {'true' if value else 'false'}")
        else:
            return json_text.written(_ordered(values))
    return "{" + ", ".join(parts) + "}"


def _relation(
    relation: Relation, ids: Mapping[str, str], spans: Mapping[str, str], outer: Mapping[str, str]
) -> JsonObject:
    if relation.target is not None:
        end = {"target": spans[relation.target]}
    else:
        assert relation.target_entity is not None  # contradictions() has seen to it
        end = {"target_entity": outer[relation.target_entity]}
    return {
        "id": ids[relation.id],
        "label": relation.label,
        "source": spans[relation.source],
        **end,
        "attributes": _ordered(relation.attributes),
        **_extra(relation.extra),
    }


def _verdict(verdict: Verdict, ids: Mapping[str, str], names: Mapping[str, str]) -> JsonObject:
    return {
        "id": ids[verdict.id],
        "record": names.get(verdict.record_id, verdict.record_id),
        "revision": verdict.revision,
        "decision": verdict.decision,
        "reason": verdict.reason,
        "author": verdict.author,
        "time": verdict.time,
        **_extra(verdict.extra),
    }


def _comment(comment: Comment, ids: Mapping[str, str], names: Mapping[str, str]) -> JsonObject:
    reply = comment.reply_to
    return {
        "id": ids[comment.id],
        "record": names.get(comment.record_id, comment.record_id),
        "text": comment.text,
        "author": comment.author,
        "time": comment.time,
        "reply_to": None if reply is None else ids.get(reply, reply),
        "resolved": comment.resolved,
        **_extra(comment.extra),
    }


def _extra(extra: Mapping[str, Any]) -> JsonObject:
    return _ordered({key: value for key, value in extra.items() if key not in RESERVED})


def _ordered(mapping: Mapping[str, Any]) -> JsonObject:
    """Return *mapping* by key, at every depth: equal contents shall give equal bytes."""
    return {key: _ordered_value(mapping[key]) for key in sorted(mapping)}


def _ordered_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _ordered(value)
    if isinstance(value, (list, tuple)):
        return [_ordered_value(item) for item in value]
    return value


# ---------------------------------------------------------------------------------------- reading


def recognises(sample: Sample) -> bool:
    """Tell whether the first line is an article of ours.

    Others have a key "annotator" too: Label Studio's short form says so who did it.
    """
    version = sample.json.get("annotator") if isinstance(sample.json, dict) else None
    return type(version) is int and "annotation_id" not in sample.keys


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file with their labels, and what is wrong where a line fails.

    A line with a problem is left out as a whole: whoever wrote it meant all of it. Raises UserError
    if the file cannot be opened.
    """
    entities: dict[str, Entity] = {}
    seen: dict[str, int] = {}
    for number, value in json_text.lines(path):
        if isinstance(value, Problem):
            yield value
        else:
            yield from _read_line(number, value, entities, seen)


def _read_line(
    number: int, data: Any, entities: dict[str, Entity], seen: dict[str, int]
) -> Iterator[Annotated | Problem]:
    annotated, faults = _records(data, entities)
    if annotated is not None and annotated.article.id in seen:
        id_ = annotated.article.id
        faults = [("id", f"Article {id_!r} stands on line {seen[id_]} already.")]
    elif annotated is not None:
        faults = [*faults, *contradictions(annotated)]
    if annotated is not None and not faults:
        seen[annotated.article.id] = number
        entities.update(annotated.entities)
        yield annotated
    yield from (Problem(number, place, reason) for place, reason in faults)


def _records(data: Any, known: Mapping[str, Entity]) -> tuple[Annotated | None, list[Fault]]:
    """Return the records of a line, and what is wrong with its shape."""
    from annotator.formats import jsonl_plain

    plain = jsonl_plain.annotated(data, known)
    if plain is not None:
        return plain, []
    from annotator.formats import jsonl_line

    line, faults = jsonl_line.parse(data)
    if line is None or faults:
        return None, faults
    return jsonl_line.annotated(line, known)


Fault = tuple[str, str]
"""Place inside a line, and the reason why it cannot be taken over."""


def zone_extras(zones: Sequence[tuple[Zone, Mapping[str, Any]]]) -> JsonObject:
    """Return what an article's ``extra`` keeps of the unknown keys of its zones."""
    kept = [[*zone, dict(extra)] for zone, extra in zones if extra]
    return {ZONE_EXTRAS: kept} if kept else {}
