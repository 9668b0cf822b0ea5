"""What of a result would refer to nothing, or leave behind what refers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.annotated import Annotated
from annotator.exchange.refusing import Key
from annotator.model import Change, Comment, Entity, Layer, Record, Relation, Span, type_name
from annotator.project import Project


class LooseEnds:
    """Looks at what is accepted of a result together with what is in the project."""

    def __init__(
        self,
        project: Project,
        items: Mapping[str, Annotated],
        entities: Mapping[str, Entity],
        accepted: Mapping[Key, list[Change]],
    ) -> None:
        self._project = project
        self._items = items
        self._entities = entities
        self._accepted = accepted
        """The changes of each record that is taken over; others may take some away."""

    def found(self) -> list[tuple[Key, str]]:
        """Return what cannot be taken over for the sake of something else, and why not."""
        found = []
        for key, way in self._accepted.items():
            record = way[-1].after
            reason = self._loose_end(record) if record is not None else self._held(key)
            if reason:
                found.append((key, reason))
        return found

    def _loose_end(self, record: Record) -> str:
        """Return what is missing that *record* refers to."""
        match record:
            case Span():
                if self._then("layer", record.layer_id, record.article_id) is None:
                    return "The layer it belongs to is not here."
                if record.entity_id and self._then("entity", record.entity_id) is None:
                    return "Who or where is meant is not here."
            case Relation():
                if self._then("layer", record.layer_id, record.article_id) is None:
                    return "The layer it belongs to is not here."
                for end in filter(None, (record.source, record.target)):
                    span = self._then("span", end, record.article_id)
                    if not isinstance(span, Span) or span.layer_id != record.layer_id:
                        return "The label at one of its ends is not here."
                if record.target_entity and self._then("entity", record.target_entity) is None:
                    return "Who or where it leads to is not here."
            case Comment() if self._then("layer", record.layer_id, record.article_id) is None:
                return "The layer it belongs to is not here."
        return ""

    def _held(self, key: Key) -> str:
        """Return why a span cannot go: something that stays hangs on it."""
        kind, id_ = key
        record = self._accepted[key][0].before
        if kind == "layer" and isinstance(record, Layer):
            item = self._items[record.article_id]
            tables: Iterable[dict[str, Any]] = (item.spans, item.relations)
            inside = (part for table in tables for part in table.values())
            if any(self._stays(part) for part in inside if part.layer_id == id_):
                return "There are labels in it here."
        if kind == "entity" and record is not None:
            used: list[Span | Relation] = [*self._project.entity_spans(id_)]
            if any(self._stays(part) for part in (*used, *self._project.entity_relations(id_))):
                return "It is used here."
        if kind == "span" and isinstance(record, Span):
            ties = self._items[record.article_id].ties(id_)
            if any(self._stays(tie) for tie in ties):
                return "It is linked here meanwhile."
        return ""

    def _stays(self, record: Record) -> bool:
        return self._then(type_name(record), record.id, record.article_id) is not None

    def _then(self, kind: str, id_: str, article_id: str | None = None) -> Record | None:
        """Return the record that is going to be there under *id_*."""
        way = self._accepted.get((kind, id_))
        if way is not None:
            return way[-1].after
        if article_id is None:
            return self._entities.get(id_)
        tables = {"layer": "layers", "span": "spans", "relation": "relations"}
        found: Record | None = getattr(self._items[article_id], tables[kind]).get(id_)
        return found
