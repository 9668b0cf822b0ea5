"""An article with one layer, while the labels of a file come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading
from annotator.formats.offsets import Claimed, Misplaced, Ruler, located
from annotator.model import Article, Fragment, Layer, LayerKind, Relation, Span
from annotator.spans import Fragments, covered


def layer_of(article: Article, reading: Reading) -> Layer:
    """Return the layer for labels of which the file does not say whose they are."""
    author = reading.author or "import"
    kind = LayerKind.PERSON if reading.author else LayerKind.IMPORT
    return Layer(id=author, article_id=article.id, author=author, kind=kind)


class LayerDraft:
    """Takes spans and relations into a layer of *item*, and notes what cannot be taken."""

    def __init__(self, item: Annotated, layer: Layer, reading: Reading) -> None:
        self.item = item
        self.problems: list[Problem] = []
        self.ruler = Ruler(item.article.text)
        self.unit = reading.offsets
        self._layer = layer
        self._anchoring = reading.anchoring
        item.layers[layer.id] = layer

    def report(self, place: str, reason: str) -> None:
        """Note why something at a place in the file cannot be taken over."""
        self.problems.append(Problem(0, place, reason))

    def located(self, place: str, claimed: Claimed | None) -> Fragment | None:
        """Return the stretch that is meant, or None where there is none, which is reported."""
        if claimed is None:
            self.report(place, "It is not a stretch with a start and an end.")
            return None
        found = located(self.ruler, claimed, self.unit, anchoring=self._anchoring)
        if isinstance(found, Misplaced):
            self.report(place, found.reason)
            return None
        return found

    def span(
        self,
        id_: str,
        label: str,
        fragments: Fragments,
        *,
        attributes: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> str:
        """Put a span there, in the place of one with the same id, and return its id."""
        self.item.spans[id_] = Span(
            id=id_,
            article_id=self.item.article.id,
            layer_id=self._layer.id,
            label=label,
            fragments=fragments,
            text=covered(self.item.article.text, fragments),
            attributes=attributes or {},
            extra=extra or {},
        )
        return id_

    def tie(self, source: str, label: str, target: str) -> None:
        """Tie two spans; the relation's id follows from what it says."""
        id_ = f"{source} {label} {target}"
        self.item.relations[id_] = Relation(
            id=id_,
            article_id=self.item.article.id,
            layer_id=self._layer.id,
            label=label,
            source=source,
            target=target,
        )


def stretch(said: Any, start: str, end: str, words: Any) -> Claimed | None:
    """Return the stretch that a JSON object claims under the keys *start* and *end*, if any."""
    if not isinstance(said, dict) or type(said.get(start)) is not int:
        return None
    if type(said.get(end)) is not int:
        return None
    return Claimed(said[start], said[end], words if isinstance(words, str) else None)
