"""Which articles, whose labels and which labels an export takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.agreeing import agreed, is_handed_in, readers
from annotator.exchange.parts import with_layers, with_spans
from annotator.model import Layer, LayerKind, LayerState
from annotator.review.rounds import person_of, second_rounds
from annotator.translation import later


class Choice(StrEnum):
    """Which of the readings of an article are taken."""

    EVERYTHING = later("everything")
    """Every layer as it is."""
    ONE = later("one person")
    """The layer of the one author that :attr:`Selection.authors` names."""
    GOLD = later("gold")
    """The adjudicated layer; articles without one are left out."""
    AGREED = later("agreed")
    """What all who have handed the article in say alike (see :mod:`.agreeing`)."""
    GOLD_ELSE_AGREED = later("gold else agreed")


class ChoiceNeeded(UserError):
    """An article has several readings, the format holds one: somebody has to choose whose."""

    def __init__(self, title: str, authors: tuple[str, ...]) -> None:
        self.authors = authors
        """Whose labels there are in the articles concerned, by name."""
        names = ", ".join(authors)
        super().__init__(
            f"{title} holds one reading of an article, and some articles have several: {names}. "
            f"Choose whose labels to take: one of them, gold, agreed, or gold else agreed."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What of a project an export takes; by default all of it."""

    choice: Choice = Choice.EVERYTHING
    authors: tuple[str, ...] = ()
    """With ``EVERYTHING`` only the layers of these, where there are any; with ``ONE`` the one."""
    approved: bool = False
    """Whether only layers that a reviewer has approved count; articles without one are left out."""
    labels: tuple[str, ...] | None = None
    """Only spans with these labels, by their names in the project; None takes all. Relations go
    where an end of them goes."""
    articles: tuple[str, ...] | None = None
    """Ids of the only articles to take; None takes all."""


_PREFERRED: Final = (LayerKind.PERSON, LayerKind.IMPORT, LayerKind.SUGGESTER, LayerKind.GOLD)


def selected(item: Annotated, selection: Selection) -> Annotated | None:
    """Return what *selection* takes of *item*; None where the whole article is left out.

    Which articles there are is not looked at: whoever reads them asks for the right ones.
    """
    if selection.approved:
        wanted = [key for key, layer in item.layers.items() if is_approved(layer)]
        if not wanted:
            return None
        item = with_layers(item, wanted)
    chosen = _chosen(item, selection)
    if chosen is None or selection.labels is None:
        return chosen
    return with_spans(chosen, lambda span: span.label in (selection.labels or ()))


def is_approved(layer: Layer) -> bool:
    """Tell whether a reviewer stands behind *layer*: by approval, or as its adjudicator."""
    adjudicated = layer.kind == LayerKind.GOLD and is_handed_in(layer)
    return adjudicated or layer.state == LayerState.APPROVED


def _chosen(item: Annotated, selection: Selection) -> Annotated | None:
    match selection.choice:
        case Choice.ONE:
            return _one(item, selection.authors)
        case Choice.GOLD:
            return _gold(item)
        case Choice.AGREED:
            return agreed(item, readers(item))
        case Choice.GOLD_ELSE_AGREED:
            return _gold(item) or agreed(item, readers(item))
    if not selection.authors:
        return item
    layers = item.layers.items()
    wanted = set(selection.authors)
    return with_layers(item, [key for key, one in layers if {one.author, person_of(one)} & wanted])


def _one(item: Annotated, authors: tuple[str, ...]) -> Annotated | None:
    wanted, seconds = set(authors), second_rounds(item)
    own = [one for one in item.layers.values() if {one.author, person_of(one)} & wanted]
    if not own:
        return None
    first = min(own, key=lambda one: (one.id in seconds, _PREFERRED.index(one.kind), one.id))
    return with_layers(item, [first.id])


def _gold(item: Annotated) -> Annotated | None:
    """Return the adjudicated reading; one that is still being adjudicated is none yet."""
    gold = [layer for layer in item.layers.values() if layer.kind == LayerKind.GOLD]
    done = sorted(layer.id for layer in gold if is_handed_in(layer))
    return with_layers(item, done[:1]) if done else None


def readings(item: Annotated) -> Annotated:
    """Return *item* without empty layers, where another has labels.

    For formats that hold one reading: an opened article is not a second opinion, and neither is
    what somebody marked a second time.
    """
    seconds = second_rounds(item)
    if seconds:
        item = with_layers(item, [key for key in item.layers if key not in seconds])
    filled = {span.layer_id for span in item.spans.values()}
    return with_layers(item, filled) if filled and len(item.layers) > len(filled) else item


def reason_of_absence(selection: Selection) -> str:
    """Say in a sentence what the articles lack that *selection* leaves out."""
    if selection.choice is Choice.ONE:
        lack = f"there is no layer of {', '.join(selection.authors)}"
    elif selection.choice is Choice.GOLD:
        lack = "there is no adjudicated layer that is handed in"
    elif selection.choice is Choice.AGREED:
        lack = "fewer than two people have handed them in"
    elif selection.choice is Choice.GOLD_ELSE_AGREED:
        lack = "there is no adjudicated layer, and fewer than two people have handed them in"
    else:
        return "No layer of them is approved."
    approved = ", counting approved layers only" if selection.approved else ""
    return f"{lack[0].upper()}{lack[1:]}{approved}."
