"""What somebody who labels an article blind must not see before the own labels are handed in.

This is the one place that knows it, of an article in memory and, with ``store.sight``, of a whole
project; lists, figures and the history leave out what it hides. It keeps
people from seeing too early, and protects nothing: who can open a project file can read all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.model import Article, Layer, LayerKind, LayerState, Record

ASSIGNED: Final = "annotator:assigned"
"""Key in ``extra`` of a layer: that it was assigned, who reviews it, and whether it is blind."""
KEPT_BACK: Final = (LayerKind.PERSON, LayerKind.GOLD)
"""Kinds of layers that are hidden from who labels blind; what machines and imports offer is not."""


def assignment_of(layer: Layer) -> Mapping[str, Any]:
    """Return what a plan noted on a layer; nothing where it was not assigned."""
    noted = layer.extra.get(ASSIGNED)
    return noted if isinstance(noted, Mapping) else {}


def keeps_back(own: Layer | None) -> bool:
    """Say whether the author of *own* must not see yet what others have marked in the article.

    So it is where a plan says blind, until the own labels are handed in. The store asks it in SQL
    (``store.sight``).
    """
    if own is None or own.state in LayerState.REVIEWED:
        return False
    return assignment_of(own).get("blind") is True


def hidden_layers(annotated: Annotated, author: str) -> frozenset[str]:
    """Return the layers of others that *author* must not see yet, by their ids.

    A server enforces the same (:mod:`annotator.store.row_rules`).
    """
    own = (
        layer
        for layer in annotated.layers.values()
        if layer.author == author and layer.kind == LayerKind.PERSON
    )
    # Any of them: else a second layer would open what the first keeps closed.
    if not any(map(keeps_back, own)):
        return frozenset()
    return frozenset(
        layer.id
        for layer in annotated.layers.values()
        if layer.author != author and layer.kind in KEPT_BACK
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person must not see yet in a whole project.

    For all that looks at more than one article, or at what is in the log alone.
    """

    author: str = ""
    kept: frozenset[str] = frozenset()
    """Ids of the articles that this person labels blind and has not handed in."""
    shown: frozenset[str] = frozenset()
    """Ids of the layers there that may be seen: the own ones, and those of machines and imports."""
    firsts: frozenset[str] = frozenset()
    """Ids of the layers there that this person marked first, and is marking again: of these the
    own edits are not told either (see :mod:`annotator.review.rounds`)."""

    def hides_own(self, record: Record) -> bool:
        """Say whether a record of an edit of one's own tells what one marked the first time."""
        key = record.id if isinstance(record, Layer) else getattr(record, "layer_id", None)
        return key in self.firsts

    def hides(self, record: Record) -> bool:
        """Say whether a record, as it is or was, tells what somebody else has marked there."""
        if record.article_id not in self.kept or isinstance(record, Article):
            return False
        if isinstance(record, Layer):
            return record.author != self.author and record.kind in KEPT_BACK
        return getattr(record, "layer_id", None) not in self.shown
