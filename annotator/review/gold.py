"""The gold layer of an article: what was decided, its versions, and which text was checked.

Gold is the adjudicator's layer. It is in progress until it is frozen as version 1; reopened, it
becomes version 2 when it is frozen again. A gold span keeps the ids of the labels that it was made
of, so that a later decision about these replaces it. Stretches of text that a reviewer has checked
for missing labels are kept with it: what nobody marked cannot carry a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.model import Fragment, Layer, LayerKind, LayerState, Relation, Span, new_id
from annotator.spans import Fragments, add, normalise, subtract

AUTHOR: Final = "gold"
"""Author of gold layers."""
GOLD: Final = "annotator:gold"
"""Key in ``extra`` of a gold layer: its version, and the versions that were frozen."""
CHECKED: Final = "annotator:checked"
"""Key in ``extra`` of a gold layer: the stretches checked for missing labels."""
FROM: Final = "annotator:from"
"""Key in ``extra`` of a gold record: ids of the records that it was taken from."""


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold layer of an article, and how far it is."""

    layer: Layer
    """As it stands, or as the first decision will make it."""
    version: int
    """The version that is being worked on, or was frozen last."""
    frozen_versions: tuple[int, ...]
    checked: Fragments
    """Stretches of text that were checked for missing labels, in normal form."""

    @property
    def is_frozen(self) -> bool:
        """Whether nothing in it changes until it is reopened."""
        return self.layer.state == LayerState.APPROVED

    def is_checked(self, stretch: Fragment) -> bool:
        """Say whether the whole of *stretch* was checked for missing labels."""
        return any(a <= stretch.start and stretch.end <= b for a, b in self.checked)

    def unchecked(self, stretches: Iterable[Fragment]) -> list[Fragment]:
        """Return those of *stretches* (the paragraphs, say) that were not checked, or not all."""
        return [stretch for stretch in stretches if not self.is_checked(stretch)]


def gold_of(annotated: Annotated) -> Gold:
    """Return the gold of an article; where there is none yet, the one that will be made."""
    own = [layer for layer in annotated.layers.values() if layer.kind == LayerKind.GOLD]
    layer = min(own, key=lambda one: (one.author != AUTHOR, one.id), default=None)
    if layer is None:
        layer = Layer(
            id=new_id(), article_id=annotated.article.id, author=AUTHOR, kind=LayerKind.GOLD
        )
    noted = layer.extra.get(GOLD)
    noted = noted if isinstance(noted, Mapping) else {}
    frozen = noted.get("frozen", ())
    version = noted.get("version", 1)
    return Gold(
        layer,
        version if isinstance(version, int) else 1,
        tuple(one for one in frozen if isinstance(one, int)) if isinstance(frozen, list) else (),
        _stretches(layer.extra.get(CHECKED)),
    )


def _stretches(noted: Any) -> Fragments:
    """Return the stretches noted in a layer; what is none, in a file from elsewhere, is left."""
    pairs = noted if isinstance(noted, list | tuple) else ()
    return normalise(
        Fragment(*pair)
        for pair in pairs
        if isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(end, int) for end in pair)
    )


def frozen(gold: Gold) -> Layer:
    """Return the layer frozen as its version."""
    versions = sorted({*gold.frozen_versions, gold.version})
    return _noted(replace(gold.layer, state=LayerState.APPROVED), gold.version, versions)


def reopened(gold: Gold) -> Layer:
    """Return the layer to be worked on as its next version."""
    version = max((gold.version, *gold.frozen_versions)) + 1
    opened = replace(gold.layer, state=LayerState.IN_PROGRESS)
    return _noted(opened, version, gold.frozen_versions)


def _noted(layer: Layer, version: int, versions: Sequence[int]) -> Layer:
    noted = {"version": version, "frozen": list(versions)}
    return replace(layer, extra={**layer.extra, GOLD: noted})


def in_review(layer: Layer) -> Layer:
    """Return a reader's *layer* once something in it was decided."""
    waits = layer.state == LayerState.SUBMITTED
    return replace(layer, state=LayerState.IN_REVIEW) if waits else layer


def checked(gold: Gold, stretch: Fragment, is_checked: bool = True) -> Layer:
    """Return the layer with *stretch* checked for missing labels, or no longer checked."""
    stretches = (add if is_checked else subtract)(gold.checked, stretch)
    extra = {key: value for key, value in gold.layer.extra.items() if key != CHECKED}
    if stretches:
        extra[CHECKED] = [list(one) for one in stretches]
    return replace(gold.layer, extra=extra)


def sources(record: Span | Relation) -> frozenset[str]:
    """Return the ids of the records that a gold record was taken from; none for one made in it."""
    noted = record.extra.get(FROM)
    return frozenset(noted) if isinstance(noted, list | tuple) else frozenset()


def gold_version(layer: Layer) -> int:
    """Return the version that a gold layer notes; 1 where it notes none."""
    noted = layer.extra.get(GOLD)
    version = noted.get("version") if isinstance(noted, Mapping) else None
    return version if isinstance(version, int) else 1
