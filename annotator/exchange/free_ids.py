"""Which ids an import may give: neither those of the project nor those that it gave already."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from annotator.model import new_id
from annotator.project import Project


class FreeIds:
    """The ids that are free while an import goes on."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.empty = project.count() == 0 and not project.entities()
        """Whether there is nothing in the project that could be asked about."""
        self._given: dict[str, set[str]] = {}

    def saved(self) -> None:
        """Forget what was given: it is in the project now, which is asked from here on."""
        self.empty = False
        self._given.clear()

    def taken(self, kind: str, ids: Iterable[str]) -> set[str]:
        """Return those of *ids* that records of the project have."""
        return set() if self.empty else self._project.taken_ids(kind, ids)

    def free(self, kind: str, wish: str, taken: Collection[str]) -> str:
        """Return *wish*, or a new id where that is not free."""
        given = self._given.setdefault(kind, set())
        id_ = new_id() if wish in taken or wish in given else wish
        given.add(id_)
        return id_

    def numbered(self, wish: str, taken: Collection[str]) -> str:
        """Return a free id for an article that sorts where *wish* would."""
        given = self._given.setdefault("article", set())
        id_, number = wish, 2
        while id_ in given or id_ in taken:
            id_ = f"{wish} ({number})"
            number += 1
            taken = self.taken("article", [id_])
        given.add(id_)
        return id_


def same_id(kind: str, wish: str, taken: Collection[str]) -> str:
    """Return *wish*: what :meth:`FreeIds.free` is for a trial, which sets no ids aside."""
    return wish
