"""Whom a reviewer sees, and what readers are called: their names, or letters that say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from annotator.annotated import Annotated
from annotator.review.blinding import is_blind, lanes_to_be, shown_names
from annotator.review.cases import Review, review
from annotator.review.sight import hidden_layers
from annotator.scheme import Scheme
from annotator.translation import tr


@dataclass
class Naming:
    """Whether names are shown, and what stands in their place.

    A review that is planned blind hides them in any case, and shuffles the lanes.
    """

    hidden: bool = False
    author: str = ""
    """Who reviews."""

    def is_kept_from(self, annotated: Annotated) -> bool:
        """Whether the reviewer is still to label an article blind, and so sees nothing of it."""
        return bool(hidden_layers(annotated, self.author))

    def is_hidden(self, annotated: Annotated) -> bool:
        """Whether names are hidden in an article."""
        return self.hidden or is_blind(annotated)

    def look(self, annotated: Annotated, scheme: Scheme, previous: Review | None = None) -> Review:
        """Return an article under review, its readers in the order of their lanes."""
        return review(annotated, scheme, previous=previous, layer_ids=self.lanes(annotated))

    def lanes(self, annotated: Annotated) -> list[str]:
        """Return the ids of the layers under review in the order of their lanes."""
        if self.is_kept_from(annotated):
            return []
        return lanes_to_be(annotated, blind=self.is_hidden(annotated))

    def names(self, found: Review) -> dict[str, str]:
        """Return what the author of each layer is called in this article."""
        hidden = self.is_hidden(found.annotated)
        names = shown_names(found, blind=hidden)
        if not hidden:
            return names
        return {key: tr("Reader {letter}", letter=letter) for key, letter in names.items()}

    def initials(self, found: Review) -> dict[str, str]:
        """Return what stands on the chips of each layer: as few letters as tell all apart."""
        if self.is_hidden(found.annotated):
            return shown_names(found, blind=True)
        return short_names(shown_names(found, blind=False))

    def copy(self) -> Naming:
        """Return the same, for another thread."""
        return replace(self)


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return initials that tell *names* apart: N and J, or A1 and A2 where both begin with A."""
    found = {key: name.strip()[:1].upper() for key, name in names.items()}
    letters = list(found.values())
    result = {}
    for key, name in names.items():
        tail = name.strip()[1:][-1:]
        result[key] = found[key] + (tail.upper() if letters.count(found[key]) > 1 else "")
    return result
