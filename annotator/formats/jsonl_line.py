"""What one line of Annotator JSON Lines looks like: checks its shape, and makes records of it.

The JSON Schema in ``resources/schemes/annotator-jsonl-1.schema.json`` is made from these models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated as Constrained
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from annotator.annotated import Annotated
from annotator.formats.jsonl import (
    EXTERNAL_ID,
    RESERVED,
    VERSION,
    Fault,
    zone_extras,
)
from annotator.model import (
    Article,
    Comment,
    Entity,
    Fragment,
    JsonObject,
    Layer,
    Relation,
    Span,
    Verdict,
    Zone,
)

Id = Constrained[StrictStr, Field(min_length=1)]
Position = Constrained[StrictInt, Field(ge=0)]


class Part(BaseModel):
    """A JSON object whose unknown keys are kept."""

    model_config = ConfigDict(extra="allow")

    @property
    def unknown(self) -> JsonObject:
        """The keys that this version does not know, with their values."""
        return dict(self.model_extra or {})


class ZoneLine(Part):
    """A stretch of the article with a role in the page."""

    zone: StrictStr
    start: Position
    end: Position


class EntityLine(Part):
    """An actor, a place or another real thing, described on the first line that uses it."""

    id: Id
    kind: StrictStr
    name: StrictStr
    aliases: list[StrictStr] = []
    identifiers: dict[str, StrictStr] = {}
    latitude: Constrained[float, Field(ge=-90, le=90, strict=True)] | None = None
    longitude: Constrained[float, Field(ge=-180, le=180, strict=True)] | None = None
    attributes: dict[str, Any] = {}
    note: StrictStr = ""


class SpanLine(Part):
    """A label on one or more fragments, with the words that each of them covers."""

    id: Id
    label: StrictStr
    fragments: Constrained[list[tuple[Position, Position]], Field(min_length=1)]
    text: Constrained[list[StrictStr], Field(min_length=1)]
    attributes: dict[str, Any] = {}
    entity: Id | None = None
    unsure: StrictBool = False
    note: StrictStr = ""


_ONE_END: JsonObject = {
    "oneOf": [
        {"required": ["target"], "properties": {"target": {"type": "string"}}},
        {"required": ["target_entity"], "properties": {"target_entity": {"type": "string"}}},
    ]
}


class RelationLine(Part):
    """A labelled tie from a span to another span of the layer, or to an entity."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_ONE_END)

    id: Id
    label: StrictStr
    source: Id
    target: Id | None = None
    target_entity: Id | None = None
    attributes: dict[str, Any] = {}

    @model_validator(mode="after")
    def _ends_once(self) -> Self:
        if (self.target is None) == (self.target_entity is None):
            raise ValueError("A relation ends at one span (target) or at one entity")
        return self


class VerdictLine(Part):
    """A reviewer's decision on one record at one revision."""

    id: Id
    record: Id
    revision: StrictInt
    decision: StrictStr
    reason: StrictStr = ""
    author: StrictStr = ""
    time: StrictStr = ""


class CommentLine(Part):
    """A remark on a record of the layer, or on the article."""

    id: Id
    record: Id
    text: StrictStr
    author: StrictStr = ""
    time: StrictStr = ""
    reply_to: Id | None = None
    resolved: StrictBool = False


class LayerLine(Part):
    """One author's reading of the article."""

    id: Id
    author: StrictStr
    kind: Literal["person", "suggester", "import", "gold"] = "person"
    state: Literal[
        "not started", "in progress", "submitted", "in review", "returned", "approved"
    ] = "in progress"
    note: StrictStr = ""
    unsure: StrictBool = False
    spans: list[SpanLine] = []
    relations: list[RelationLine] = []
    verdicts: list[VerdictLine] = []
    comments: list[CommentLine] = []


class Line(Part):
    """An article with its labels."""

    annotator: Literal[1]
    id: Id
    title: StrictStr
    language: StrictStr | None = None
    source: StrictStr | None = None
    url: StrictStr | None = None
    published: StrictStr | None = None
    metadata: dict[str, Any] = {}
    text: StrictStr
    sha256: Constrained[StrictStr, Field(pattern="^[0-9a-f]{64}$")]
    offsets: Literal["codepoint"]
    zones: list[ZoneLine] = []
    scheme: StrictStr | None = None
    entities: list[EntityLine] = []
    layers: list[LayerLine] = []


def json_schema() -> JsonObject:
    """Return the JSON Schema of a line."""
    schema = Line.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "annotator-jsonl-1",
        **schema,
        "title": "One line of Annotator JSON Lines, version 1",
    }


def parse(data: Any) -> tuple[Line | None, list[Fault]]:
    """Return the line that *data* describes, or what is wrong with its shape."""
    if not isinstance(data, dict) or "annotator" not in data:
        return None, [("", 'Not a line of Annotator JSON Lines: it has no "annotator": 1.')]
    version = data["annotator"]
    if isinstance(version, int) and version > VERSION:
        return None, [("annotator", f"Version {version} of the format; a newer program wrote it.")]
    try:
        line = Line.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        return None, [(_path(item["loc"]), _sentence(item["msg"])) for item in faults]
    return line, [
        (place, f"The key {key!r} is reserved.")
        for place, part in _parts(line)
        for key in sorted(RESERVED & part.unknown.keys())
    ]


def _path(location: tuple[int | str, ...]) -> str:
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in location]
    return "".join(steps).removeprefix(".")


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".") + "."


def _parts(line: Line) -> Iterator[tuple[str, Part]]:
    yield "", line
    for name in ("zones", "entities", "layers"):
        for index, part in enumerate(getattr(line, name)):
            yield f"{name}[{index}]", part
    for number, layer in enumerate(line.layers):
        for name in ("spans", "relations", "verdicts", "comments"):
            for index, part in enumerate(getattr(layer, name)):
                yield f"layers[{number}].{name}[{index}]", part


def annotated(line: Line, known: Mapping[str, Entity]) -> tuple[Annotated, list[Fault]]:
    """Return the records of a line, and what contradicts itself in it.

    *known* are the entities that earlier lines described. Ids that stand in several layers of the
    line get ids of their own, since all records of an article lie in one table.
    """
    reading = _Reading(line, known)
    reading.read()
    return reading.annotated, reading.faults


class _Reading:
    """Turns one line into records; keeps account of ids given and of faults found."""

    def __init__(self, line: Line, known: Mapping[str, Entity]) -> None:
        zones = [(Zone(z.zone, z.start, z.end), z.unknown) for z in line.zones]
        article = Article(
            id=line.id,
            title=line.title,
            text=line.text,
            sha256=line.sha256,
            language=line.language,
            source=line.source,
            url=line.url,
            published=line.published,
            zones=tuple(zone for zone, _ in zones),
            metadata=line.metadata,
            extra=line.unknown | zone_extras(zones),
        )
        self.line = line
        self.known = known
        self.annotated = Annotated(article)
        self.faults: list[Fault] = []

    def read(self) -> None:
        """Fill ``annotated`` and ``faults``."""
        for index, item in enumerate(self.line.entities):
            self._read_entity(f"entities[{index}]", item)
        for index, layer in enumerate(self.line.layers):
            if layer.id in self.annotated.layers:
                self.faults.append((f"layers[{index}].id", f"{layer.id!r} stands there twice."))
            else:
                self._read_layer(f"layers[{index}]", layer)

    def _read_entity(self, place: str, item: EntityLine) -> None:
        entity = Entity(
            id=item.id,
            kind=item.kind,
            name=item.name,
            aliases=tuple(item.aliases),
            identifiers=item.identifiers,
            latitude=item.latitude,
            longitude=item.longitude,
            attributes=item.attributes,
            note=item.note,
            extra=item.unknown,
        )
        earlier = self.annotated.entities.get(item.id, self.known.get(item.id))
        if earlier not in (None, entity):
            self.faults.append((place, f"The entity {item.id!r} was described differently before."))
        self.annotated.entities[entity.id] = entity

    def _read_layer(self, place: str, item: LayerLine) -> None:
        article_id = self.annotated.article.id
        self.annotated.layers[item.id] = Layer(
            id=item.id,
            article_id=article_id,
            author=item.author,
            kind=item.kind,
            state=item.state,
            note=item.note,
            unsure=item.unsure,
            extra=item.unknown,
        )
        spans = self._ids(place, "spans", item, self.annotated.spans)
        relations = self._ids(place, "relations", item, self.annotated.relations)
        verdicts = self._ids(place, "verdicts", item, self.annotated.verdicts)
        comments = self._ids(place, "comments", item, self.annotated.comments)
        for span in item.spans:
            self._read_span(item.id, span, spans)
        for relation in item.relations:
            self._read_relation(item.id, relation, relations, spans)
        records = {**comments, **relations, **spans}
        for verdict in item.verdicts:
            self.annotated.verdicts[verdicts[verdict.id]] = Verdict(
                id=verdicts[verdict.id],
                article_id=article_id,
                layer_id=item.id,
                record_id=records.get(verdict.record, verdict.record),
                revision=verdict.revision,
                decision=verdict.decision,
                reason=verdict.reason,
                author=verdict.author,
                time=verdict.time,
                extra=_kept(verdict, verdicts),
            )
        for comment in item.comments:
            reply = comment.reply_to
            self.annotated.comments[comments[comment.id]] = Comment(
                id=comments[comment.id],
                article_id=article_id,
                layer_id=item.id,
                record_id=records.get(comment.record, comment.record),
                text=comment.text,
                author=comment.author,
                time=comment.time,
                reply_to=None if reply is None else comments.get(reply, reply),
                resolved=comment.resolved,
                extra=_kept(comment, comments),
            )

    def _ids(
        self, place: str, name: str, layer: LayerLine, table: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return the ids that the records of a layer get, and note those that stand there twice."""
        result: dict[str, str] = {}
        given: set[str] = set()
        for index, item in enumerate(getattr(layer, name)):
            if item.id in result:
                self.faults.append((f"{place}.{name}[{index}].id", f"{item.id!r} is there twice."))
            free = item.id
            while free in table or free in given:
                free += f"@{layer.id}"
            given.add(free)
            result[item.id] = free
        return result

    def _read_span(self, layer_id: str, item: SpanLine, ids: Mapping[str, str]) -> None:
        entity = item.entity
        if entity is not None and entity in self.known:
            self.annotated.entities.setdefault(entity, self.known[entity])
        self.annotated.spans[ids[item.id]] = Span(
            id=ids[item.id],
            article_id=self.annotated.article.id,
            layer_id=layer_id,
            label=item.label,
            fragments=tuple(Fragment(*pair) for pair in item.fragments),
            text=tuple(item.text),
            attributes=item.attributes,
            entity_id=entity,
            unsure=item.unsure,
            note=item.note,
            extra=_kept(item, ids),
        )

    def _read_relation(
        self, layer_id: str, item: RelationLine, ids: Mapping[str, str], spans: Mapping[str, str]
    ) -> None:
        entity = item.target_entity
        if entity is not None and entity in self.known:
            self.annotated.entities.setdefault(entity, self.known[entity])
        target = item.target
        self.annotated.relations[ids[item.id]] = Relation(
            id=ids[item.id],
            article_id=self.annotated.article.id,
            layer_id=layer_id,
            label=item.label,
            source=spans.get(item.source, item.source),
            target=None if target is None else spans.get(target, target),
            target_entity=entity,
            attributes=item.attributes,
            extra=_kept(item, ids),
        )


def _kept(
    item: SpanLine | RelationLine | VerdictLine | CommentLine, ids: Mapping[str, str]
) -> JsonObject:
    """Return what ``extra`` keeps of *item*: unknown keys, and its id where it had to change."""
    return item.unknown if ids[item.id] == item.id else item.unknown | {EXTERNAL_ID: item.id}
