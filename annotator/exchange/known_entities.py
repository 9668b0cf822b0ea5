"""Who and what the entities of files are in the project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from annotator.exchange.free_ids import FreeIds
from annotator.exchange.renaming import extra_like, named
from annotator.formats.jsonl import EXTERNAL_ID
from annotator.model import Change, Entity

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class KnownEntities:
    """The entities of the project, and those that an import is going to make."""

    def __init__(
        self, here: dict[str, Entity], ids: FreeIds, differing: list[str], *, overwrite: bool
    ) -> None:
        self._here = here
        self._ids = ids
        self._differing = differing
        """Takes sentences about what was there already with other contents, and is kept."""
        self._overwrite = overwrite
        self._external: dict[str, list[str]] = {}
        """Ids of entities by what files call them, where that is something else."""
        for entity in here.values():
            self._note_name(entity)
        self._found: dict[str, str] = {}
        """Ids of the entities of the file at hand, by those in the file."""
        self._waiting: dict[str, Change] = {}
        """New entities, made when a layer that is taken over uses them."""

    def begin_file(self) -> None:
        """Begin another file: its ids are its own."""
        self._found.clear()

    def find(self, entity: Entity) -> tuple[str, Change | None]:
        """Return the id that *entity* has in the project, or is going to have.

        With it comes a change of the one that is there, if the file is to overwrite it.
        """
        known = self._found.get(entity.id)
        if known is not None:
            return known, None
        same = self._same(entity)
        if same is None:
            new = named(entity, self._ids.free("entity", entity.id, self._here.keys()))
            self._waiting[new.id] = Change(None, new)
            self._here[new.id] = new
            self._note_name(new)
            self._found[entity.id] = new.id
            return new.id, None
        self._found[entity.id] = same.id
        new = replace(entity, id=same.id, extra=extra_like(same, entity))
        if new == same:
            return same.id, None
        if self._overwrite:
            self._here[same.id] = new
            return same.id, Change(same, new)
        self._differing.append(
            f"“{same.name}” is described differently in the file; the project’s is kept."
        )
        return same.id, None

    def made(self, ids: Iterable[str]) -> list[Change]:
        """Return the changes that make those of *ids* that are not in the project yet."""
        found = (self._waiting.pop(id_, None) for id_ in sorted(ids))
        return [change for change in found if change is not None]

    def _same(self, entity: Entity) -> Entity | None:
        same = self._here.get(entity.id)
        if same is not None and _is_same(same, entity):
            return same
        others = (self._here[id_] for id_ in self._external.get(entity.id, ()))
        return next((other for other in others if _is_same(other, entity)), None)

    def _note_name(self, entity: Entity) -> None:
        name = entity.extra.get(EXTERNAL_ID)
        if name is not None:
            self._external.setdefault(str(name), []).append(entity.id)


def _is_same(one: Entity, other: Entity) -> bool:
    """Tell whether two entities with the same id are one thing: ids such as P1 are used often."""
    if one.kind != other.kind:
        return False
    names = [{name.casefold() for name in (item.name, *item.aliases)} for item in (one, other)]
    return (
        _UUID.fullmatch(other.id) is not None
        or bool(names[0] & names[1])
        or bool(one.identifiers.items() & other.identifiers.items())
    )
