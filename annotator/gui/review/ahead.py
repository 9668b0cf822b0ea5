"""Articles that are read and aligned before anybody opens them, and those that were just left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.review.waiting import Waiting
    from annotator.project import Project
    from annotator.review.cases import Review

AHEAD: Final = 20
"""Articles after the open one that are kept ready."""
BEHIND: Final = 2
"""Articles before the open one that are kept ready."""
AT_ONCE: Final = AHEAD // 2
"""Articles after the open one that are read in one go."""


@dataclass(frozen=True, slots=True)
class Looked:
    """An article as it was found: its review, and its cases as the queue shows them."""

    rows: tuple[Waiting, ...]
    found: Review
    revision: int | None
    """Newest edit of the article when it was read; None where nobody knows, or it was changed."""

    @property
    def listed(self) -> dict[str, Waiting]:
        """The rows of its cases, by key."""
        keys = {case.key for case in self.found.cases}
        return {row.key: row for row in self.rows if row.key in keys}


Part = dict[str, Looked]
"""What was found in articles, by their ids."""


class Ahead:
    """What is known of the articles near the open one."""

    def __init__(self) -> None:
        self._looked: Part = {}

    def put(self, article_id: str, looked: Looked) -> None:
        """Keep what was found in an article, where there is room."""
        if article_id in self._looked or len(self._looked) < AHEAD + BEHIND:
            self._looked[article_id] = looked

    def pop(self, article_id: str) -> Looked | None:
        """Take out what was found in an article that is opened."""
        return self._looked.pop(article_id, None)

    def clear(self) -> None:
        """Forget everything."""
        self._looked.clear()

    def stay_near(self, ids: Sequence[str], here: str, but: Collection[str]) -> list[str]:
        """Forget what is far from *here*; return what is to be read, save those that may not be.

        *ids* are all articles in their order. What was left changed is read again.
        """
        at = ids.index(here) if here in ids else -1
        behind = ids[max(0, at - BEHIND) : max(0, at)]
        near = [*ids[at + 1 : at + 1 + AHEAD], *behind]
        self._looked = {key: self._looked[key] for key in near if key in self._looked}
        wanted: Iterable[str] = (*near[:AT_ONCE], *behind)
        return [key for key in dict.fromkeys(wanted) if key not in but and not self._knows(key)]

    def read_before(self, article_id: str, project: Project) -> Annotated | None:
        """Return an article that was read beforehand, where it is as it is stored by now."""
        looked = self._looked.get(article_id)
        if looked is None or looked.revision is None:
            return None
        if looked.revision != project.newest_revision(article_id):
            return None
        return looked.found.annotated

    def _knows(self, article_id: str) -> bool:
        looked = self._looked.get(article_id)
        return looked is not None and looked.revision is not None
