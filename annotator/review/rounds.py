"""Two rounds of one person in one article: the labels made first, and those of a second time.

The second round tells how stable somebody's labels are. It is for measuring only: what is reviewed,
becomes gold and is compared with other people stays the first round, so that nothing that was
decided or measured changes because somebody was asked again.

The first round stays the very layer that it was, with its ids, and so with its verdicts and what
gold has from it. Only its author's name is another: an article has one layer of each person, which
is the one that the person writes to, and that is now the second round. By that name it is somebody
else's labels to its author too, and so hidden by all that keeps a blind layer blind: from its
author as from everybody else who is at the article. It is no import: a person made it, and imports
are shown to those who label blind. The name has no comma in it, for names are listed with commas.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from annotator.annotated import Annotated
from annotator.model import Layer, LayerKind, LayerState

FIRST_ROUND: Final = "annotator:first_round"
"""Key in ``extra`` of a layer that somebody made first, and is to make again: who that is."""
SECOND_ROUND: Final = "annotator:second_round"
"""Key in ``extra`` of a layer that is made again: the id of what was made first, and the seed."""
ROUND: Final = "round"
"""Under :data:`annotator.review.assigning.ASSIGNED`: 2 where an article is marked again."""


def name_of_first(person: str) -> str:
    """Return the name that the first round of *person* goes by. It is data, and not translated."""
    return f"{person} (first round)"


def person_of(layer: Layer) -> str:
    """Return who made a layer: its author, also of a first round."""
    noted = layer.extra.get(FIRST_ROUND)
    person = noted.get("person") if isinstance(noted, Mapping) else None
    return person if isinstance(person, str) and person else layer.author


def is_first(layer: Layer) -> bool:
    """Say whether a layer is what somebody marked first, and is asked to mark again."""
    return FIRST_ROUND in layer.extra and layer.kind == LayerKind.PERSON


def first_of(annotated: Annotated, person: str) -> Layer | None:
    """Return what *person* marked first in an article; None where there is one round only."""
    own = (x for x in annotated.layers.values() if is_first(x) and person_of(x) == person)
    return min(own, key=lambda layer: layer.id, default=None)


def second_of(annotated: Annotated, person: str) -> Layer | None:
    """Return the second round of *person*; None where there is one round only.

    What has no first round beside it, in a project that was put together of parts, is no second.
    """
    layer = annotated.layer_of(person)
    if layer is None or SECOND_ROUND not in layer.extra:
        return None
    return None if first_of(annotated, person) is None else layer


def second_rounds(annotated: Annotated) -> frozenset[str]:
    """Return the ids of the layers of an article that are for measuring only."""
    people = {person_of(layer) for layer in annotated.layers.values() if is_first(layer)}
    found = (second_of(annotated, person) for person in people)
    return frozenset(layer.id for layer in found if layer is not None)


def reviewed_layer(annotated: Annotated, person: str) -> Layer | None:
    """Return the layer of *person* that is reviewed, once that person may see it.

    That is the first of two rounds, when the second is handed in.
    """
    second = second_of(annotated, person)
    if second is None:
        return annotated.layer_of(person)
    return first_of(annotated, person) if second.state in LayerState.REVIEWED else None


def name_in_figures(
    layer: Layer, seconds: Collection[str], authors: Collection[str] = ()
) -> str | None:
    """Return whose reading a layer counts as among *authors*, or all people; None for nobody's.

    *seconds* are the ids of the :func:`second_rounds` of its article. The first round is what a
    person said, so that figures between people stay what they were. Where it is named itself, it
    goes by its own name, and the second round stands for the person: so both are compared.
    """
    if layer.id in seconds:
        both = {layer.author, name_of_first(layer.author)} <= set(authors)
        return layer.author if both else None
    person = person_of(layer)
    if not authors:
        return person
    return next((name for name in (layer.author, person) if name in authors), None)
