"""Records under the ids that they have in a project, with what files call them beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from annotator.formats.jsonl import EXTERNAL_ID, external_ids
from annotator.model import FORMER_TEXTS, Article, Comment, Entity, Layer, Relation, Span, Verdict

Part = Span | Relation | Verdict | Comment
"""What lies in a layer."""

_OWN: Final = (EXTERNAL_ID, FORMER_TEXTS)
"""Keys in ``extra`` that are the project's, whatever a file has there."""

Kept = TypeVar("Kept", bound=Article | Layer | Part | Entity)


def name_of(record: Article | Layer | Part | Entity) -> str:
    """Return what files call *record*."""
    return str(record.extra.get(EXTERNAL_ID, record.id))


def by_name(records: Iterable[Kept]) -> dict[str, Kept]:
    found = list(records)
    names = external_ids(found)
    return {names[record.id]: record for record in found}


def named(record: Kept, id_: str) -> Kept:
    """Return *record* under the id *id_*, remembering what files call it."""
    return with_name(replace(record, id=id_), record)


def with_name(moved: Kept, original: Article | Layer | Part | Entity) -> Kept:
    name = name_of(original)
    extra = {key: value for key, value in original.extra.items() if key != EXTERNAL_ID}
    if name != moved.id:
        extra[EXTERNAL_ID] = name
    return replace(moved, extra=extra)


@dataclass(frozen=True, slots=True)
class Translation:
    """Records of one layer of a file as they are in the project."""

    article_id: str
    layer_id: str
    ids: Mapping[str, Mapping[str, str]]
    """By kind of record: two kinds may use the same id."""
    entities: Mapping[str, str]
    others: Mapping[str, str]
    """Ids of article, layer and entities, which remarks may be about."""

    def of(self, kind: str, part: Part) -> Part:
        """Return *part* with the project's ids."""
        names: dict[str, Any] = {
            "id": self.ids[kind][part.id],
            "article_id": self.article_id,
            "layer_id": self.layer_id,
        }
        match part:
            case Span():
                entity = part.entity_id
                names["entity_id"] = None if entity is None else self.entities[entity]
            case Relation():
                names["source"] = self.ids["span"][part.source]
                target = part.target
                names["target"] = None if target is None else self.ids["span"][target]
                entity = part.target_entity
                names["target_entity"] = None if entity is None else self.entities[entity]
            case Verdict():
                names["record_id"] = self._record(part.record_id)
            case Comment():
                names["record_id"] = self._record(part.record_id)
                reply = part.reply_to
                names["reply_to"] = None if reply is None else self.ids["comment"].get(reply, reply)
        if EXTERNAL_ID not in part.extra and all(
            getattr(part, name) == value for name, value in names.items()
        ):
            return part
        moved: Part = replace(part, **names)
        return with_name(moved, part)

    def _record(self, id_: str) -> str:
        for kind in ("span", "relation", "comment"):
            if id_ in self.ids[kind]:
                return self.ids[kind][id_]
        return self.others.get(id_, id_)


def extra_like(present: Article | Entity, incoming: Article | Entity) -> dict[str, Any]:
    """Return the extra of *incoming* for a record that keeps its name and its history here."""
    extra = {key: value for key, value in incoming.extra.items() if key not in _OWN}
    return extra | {key: present.extra[key] for key in _OWN if key in present.extra}
